// Bytes of what a store keeps beside snapshots: clock ledgers, errands, the events of one change. Each carries a check sum: a damaged row is refused,
// never wrongly continued.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/core.hpp"

namespace switchboard::store {

[[nodiscard]] std::string encode_ledger(const sla::Ledger& ledger);
[[nodiscard]] std::optional<sla::Ledger> decode_ledger(std::string_view bytes);

/// One of the five effects that are errands.
[[nodiscard]] std::string encode_errand(const core::Effect& effect);
[[nodiscard]] std::optional<core::Effect> decode_errand(std::string_view bytes);

[[nodiscard]] std::string encode_events(std::span<const core::Event> events);
[[nodiscard]] std::optional<std::vector<core::Event>> decode_events(std::string_view bytes);

[[nodiscard]] std::string encode_value(const Value& value);
[[nodiscard]] std::optional<Value> decode_value(std::string_view bytes);

/// What each event is and about which element or clock, as JSON: [["element-entered","restore"],...]. For people who read with SQL.
[[nodiscard]] std::string describe_events(const model::ExecutableProcess& process, std::span<const core::Event> events);

/// Over the columns of a row that must not change by themselves, each with its size, so that nothing moves from one to the next unseen.
[[nodiscard]] std::int64_t seal(std::initializer_list<std::string_view> columns);

}  // namespace switchboard::store
