// Groups of processes by chance that talk to each other, and what is done to their cases by chance.
#pragma once

#include <cstdint>
#include <optional>

#include "differential/world_player.hpp"
#include "property/block.hpp"

namespace switchboard::differential {

using testing::Chance;

/// zj > hz > hz-1, hz-2; zj > nb: as in the core scripts.
inline constexpr const char* company =
    "switchboard: 1\norganisations: company\nunits: {zj: {}, hz: {parent: zj}, hz-1: {parent: hz}, hz-2: {parent: hz}, nb: {parent: zj}}\n";

/// Processes that talk to each other (write_group). Nothing when the check refuses one of them, which `trouble` then tells.
[[nodiscard]] std::optional<Stage> make_group(std::uint64_t seed, std::string& trouble);

/// A process of the property tests, alone.
[[nodiscard]] std::optional<Stage> make_single(std::uint64_t seed, std::string& trouble);

/// Whether a process that is called may be in none of the texts. An engine deploys its caller all the same (it may come later), and the call is
/// refused.
enum class Called { all_there, may_be_missing };

/// Compiles `texts`, in that order; nothing when there is an error, which `trouble` then tells.
[[nodiscard]] std::optional<Stage> make_stage(std::vector<std::pair<std::string, std::string>> texts,
                                              std::vector<std::pair<std::string, std::string>> resources, std::string zone, Called called,
                                              std::string& trouble);

/// Something that may be done next, now and then something that is refused. `is_beside`: now is at a due instant or a microsecond from it.
[[nodiscard]] Action choose(const Stage& stage, const testing::World& world, bool is_beside, Chance& chance);

}  // namespace switchboard::differential
