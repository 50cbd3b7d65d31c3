// Request ids of the engine's own commands. They are kept in databases: never change one.
#pragma once

#include <fmt/format.h>

#include <string>

#include "core/instance.hpp"
#include "store/store.hpp"

namespace switchboard::runtime {

[[nodiscard]] inline std::string request_of(const store::ErrandKey& key) {
  return fmt::format("errand:i-{}/{}/{}", key.instance.value, key.sequence, key.index);
}
/// Of the start of the called case; its answer names that case.
[[nodiscard]] inline std::string request_of_call(core::Parent caller) {
  return fmt::format("call:i-{}/{}", caller.instance.value, caller.call.value);
}
/// Of the start of a called case that was refused.
[[nodiscard]] inline std::string request_of_refusal(core::Parent caller) { return request_of_call(caller) + "/refused"; }
/// Of the row of a register that a task reads or writes.
[[nodiscard]] inline std::string request_of_row(core::Parent caller) { return fmt::format("row:i-{}/{}", caller.instance.value, caller.call.value); }
/// What a timer start event of deployment `number` has done; never pruned (the stores know its first word).
[[nodiscard]] inline std::string request_of_schedule(const std::string& process, std::uint64_t number, const std::string& start_event) {
  return fmt::format("schedule:{}/{}/{}", process, number, start_event);
}
/// One of those who hear a signal, behind the request id of its sender and `#`.
[[nodiscard]] inline std::string request_part(core::InstanceKey instance, core::SubscriptionKey subscription) {
  return fmt::format("i-{}/{}", instance.value, subscription.value);
}
[[nodiscard]] inline std::string request_of_return(core::InstanceKey from) { return fmt::format("return:i-{}", from.value); }

}  // namespace switchboard::runtime
