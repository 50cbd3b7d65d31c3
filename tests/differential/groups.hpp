// Groups of processes by chance that talk to each other, and what is done to their cases by chance.
#pragma once

#include <cstdint>
#include <optional>

#include "differential/world_player.hpp"
#include "property/block.hpp"

namespace switchboard::differential {

using testing::Chance;

/// Two to four processes: messages, signals, calls and starts between them, timers, clocks that listen. Nothing when
/// the check refuses one of them, which `trouble` then tells.
[[nodiscard]] std::optional<Stage> make_group(std::uint64_t seed, std::string& trouble);

/// A process of the property tests, alone.
[[nodiscard]] std::optional<Stage> make_single(std::uint64_t seed, std::string& trouble);

/// Compiles `texts`, in that order; nothing when there is an error, which `trouble` then tells.
[[nodiscard]] std::optional<Stage> make_stage(std::vector<std::pair<std::string, std::string>> texts,
                                              std::vector<std::pair<std::string, std::string>> resources, std::string zone, std::string& trouble);

/// Something that may be done next, now and then something that is refused.
[[nodiscard]] Action choose(const Stage& stage, const testing::World& world, Chance& chance);

}  // namespace switchboard::differential
