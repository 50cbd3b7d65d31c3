// Bytes of what a store keeps beside snapshots: clock ledgers, errands, the events of one change. Each carries a check sum: a damaged row is refused,
// never wrongly continued.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/core.hpp"

namespace switchboard::store {

// Everything that decodes gives SB0610 for bytes that nobody wrote and SB0616 for those of a newer version of Switchboard.

[[nodiscard]] std::string encode_ledger(const sla::Ledger& ledger);
[[nodiscard]] Result<sla::Ledger> decode_ledger(std::string_view bytes);

/// One of the five effects that are errands.
[[nodiscard]] std::string encode_errand(const core::Effect& effect);
[[nodiscard]] Result<core::Effect> decode_errand(std::string_view bytes);

[[nodiscard]] std::string encode_events(std::span<const core::Event> events);
[[nodiscard]] Result<std::vector<core::Event>> decode_events(std::string_view bytes);

/// A value that stands for itself: an answer, the body of an outbox record, what a schedule has done.
struct StoredValue {
  Value value;
  std::uint8_t form = 0;  ///< that it was written in: lists of fields grow at their end
};
/// No check sum of its own: the row around it is sealed.
[[nodiscard]] std::string encode_value(const Value& value);
[[nodiscard]] Result<StoredValue> decode_value(std::string_view what, std::string_view bytes);

/// What each event is and about which element or clock, as JSON: [["element-entered","restore"],...]. For people who read with SQL.
[[nodiscard]] std::string describe_events(const model::ExecutableProcess& process, std::span<const core::Event> events);

/// Over the columns of a row that must not change by themselves, each with its size, so that nothing moves from one to the next unseen.
[[nodiscard]] std::int64_t seal(std::initializer_list<std::string_view> columns);

}  // namespace switchboard::store
