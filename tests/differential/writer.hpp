// Groups of processes by chance that talk to each other, as text.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "property/block.hpp"

namespace switchboard::differential {

using testing::Chance;

/// Whom a process may call, or start by a message or signal: those behind it, so that every run ends, or anybody, itself too.
enum class Reach { behind, anybody };

/// Two to four processes, id and YAML, those that are called before those that call: messages, signals, calls and starts between them, timers, jobs,
/// clocks that listen. All of them are such as `check` takes; of those that reach anybody it refuses one
/// now and then.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> write_group(std::uint64_t seed, Reach reach = Reach::behind);

}  // namespace switchboard::differential
