// Groups of processes by chance that talk to each other, as text.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "property/block.hpp"

namespace switchboard::differential {

using testing::Chance;

/// Two to four processes, id and YAML, those that are called before those that call: messages, signals, calls and starts between them, timers, jobs,
/// clocks that listen. All of them are such as `check` takes.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> write_group(std::uint64_t seed);

}  // namespace switchboard::differential
