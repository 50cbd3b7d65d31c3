// Keys as text at the door: "i-17" is an instance, "i-17.5" a work or an incident in it, which earlier versions wrote "i-17/5"; "o-5" is the incident
// of a record of the outbox, "m-5" a message that is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "core/keys.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::runtime {

[[nodiscard]] std::string instance_id(core::InstanceKey key);
[[nodiscard]] std::string part_id(core::InstanceKey key, std::uint64_t part);

/// SB0540 when `id` is not of the form.
[[nodiscard]] Result<core::InstanceKey> parse_instance_id(std::string_view id);
/// Reads both forms. `what` ("work", "incident") is for the message.
[[nodiscard]] Result<std::pair<core::InstanceKey, std::uint64_t>> parse_part_id(std::string_view id, std::string_view what);

[[nodiscard]] std::string record_id(std::uint64_t record);
/// The record of the outbox whose incident this is; nothing when it is of another form.
[[nodiscard]] std::optional<std::uint64_t> parse_record_id(std::string_view id);

[[nodiscard]] std::string kept_id(std::uint64_t message);
/// The message that is kept under this id ("m-5"); nothing when it is of another form.
[[nodiscard]] std::optional<std::uint64_t> parse_kept_id(std::string_view id);

/// Whether both name the same work or incident, in either form.
[[nodiscard]] bool is_same_part(std::string_view a, std::string_view b);

}  // namespace switchboard::runtime
