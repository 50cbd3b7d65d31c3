// What happened in a world, as lines for people: work, events, clocks, feedback, calls.
#pragma once

#include <cstddef>
#include <string>

#include "testing/world.hpp"

namespace switchboard::cli {

/// One line for every entry of the diary from number `from` on that means something to a process designer, in `language`.
[[nodiscard]] std::string timeline(const testing::World& world, testing::InstanceKey root, std::size_t from, const std::string& language);
/// The same as JSON: [{at, case, process, event, details}].
[[nodiscard]] Value timeline_value(const testing::World& world, std::size_t from);

/// Where the case stands: position, open work.
[[nodiscard]] std::string standing(const testing::World& world, testing::InstanceKey root);
/// A table of the clocks of the whole family of cases.
[[nodiscard]] std::string clock_table(const testing::World& world, testing::InstanceKey root, const std::string& language);
/// Clocks as JSON: [{process, clock, state, breached, started, due, original_due, percent}].
[[nodiscard]] Value clock_values(const testing::World& world, testing::InstanceKey root);
/// Data of the root case.
[[nodiscard]] std::string data_table(const testing::World& world, testing::InstanceKey root, const std::string& language);

}  // namespace switchboard::cli
