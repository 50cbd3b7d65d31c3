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
[[nodiscard]] inline std::string request_of_return(core::InstanceKey from) { return fmt::format("return:i-{}", from.value); }

}  // namespace switchboard::runtime
