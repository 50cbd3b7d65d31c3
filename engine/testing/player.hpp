// Walking through a process without a script: what can be done now, valid made-up data for it, and a walk by chance to the end.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "testing/dice.hpp"
#include "testing/world.hpp"

namespace switchboard::testing {

/// One thing somebody or something can do to a family of cases now.
struct Move {
  enum class Kind : std::uint8_t { complete, fail, message, signal, begin, resolve, wait_for_due };
  Kind kind = Kind::complete;
  OpenWork work;               ///< complete, fail
  std::string name;            ///< message, signal; path of an activity that begins
  std::string correlation;     ///< message
  bool is_heard_only = false;  ///< message: no token waits for it, only clocks and feedback
  std::pair<InstanceKey, core::IncidentKey> incident;
  std::pair<InstanceKey, core::ElementKey> place;  ///< begin: the ad-hoc sub-process
  std::string error;                               ///< fail: BPMN error that a boundary event catches; empty: a technical failure
  std::string label;                               ///< "complete dispatch", "message report-withdrawn", "wait for timer late (2026-03-02 10:00:00)"
  bool is_early =
      false;  ///< message: nobody waits for it yet, and it is kept; sent to the case number in `correlation`. Walks by chance never do that.
};
/// In a stable order: work, failures, messages, signals, activities that can begin once more, incidents, waiting.
[[nodiscard]] std::vector<Move> moves(const World& world, InstanceKey root);

/// Data a case of `process` can start with.
[[nodiscard]] Value made_up_data(const model::ExecutableProcess& process, Instant now, Dice& dice);
/// A result for an open work, or a payload for the event of a message or signal: what its form, its `out` or the following conditions ask for.
[[nodiscard]] Value made_up_result(const World& world, const OpenWork& work, Dice& dice);
[[nodiscard]] Value made_up_payload(const World& world, InstanceKey root, const Move& move, Dice& dice);

/// Does `move`, with `data` where it takes some.
[[nodiscard]] Result<void> perform(World& world, const Move& move, const Value& data);

/// How a walk by chance ended.
struct Walk {
  bool ended = false;  ///< the root case is over
  std::size_t steps = 0;
  std::size_t refused = 0;  ///< commands with made-up data that the process refused
  std::string stopped;      ///< why it did not end; empty when it did
};
/// Plays `root` to its end with chance for all outcomes, at most `most_steps` moves.
[[nodiscard]] Walk play_out(World& world, InstanceKey root, Dice& dice, std::size_t most_steps);

}  // namespace switchboard::testing
