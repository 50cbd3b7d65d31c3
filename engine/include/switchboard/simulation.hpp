// What-if: a scenario (arrivals, durations, resources) played against the very definitions that run in production. Discrete-event simulation over the
// pure core; no database is touched. docs/simulation.md explains scenarios and results.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "switchboard/base/error.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard {

struct SimulationOptions {
  std::string processes;              ///< folder with processes, calendars and tables, which must be there; empty: none
  std::optional<std::uint64_t> seed;  ///< overrides the scenario's, like all below
  std::optional<std::uint32_t> replications;
  std::optional<std::uint64_t> cases;
  std::string until;  ///< duration, e.g. "30 d"; empty: the scenario's
  std::string warm_up;
  unsigned threads = 0;                  ///< 0: one per processor. Results do not depend on it
  std::function<void(double)> progress;  ///< share done, 0 to 1; called from one thread at a time. What it throws ends the run (SB1023)
};

/// Runs one scenario file. The result is a context: `scenario`, `seed`, `overall` and `replications` (each `{cases, events, clocks, resources,
/// activities, cycle_time, wall_seconds, ...}`, times in seconds, `half_width` of 95 % confidence intervals). The same seed gives the same result
/// (but for wall_seconds) on every machine. Errors: SB10xx with file:line:column for a scenario that says something wrong; rejected (SB1020) when a
/// case does what the engine refuses; the rule of `check` for a process that has errors. Of several mistakes the first is the error, and it carries
/// all as `findings`. Nothing throws.
[[nodiscard]] Result<Value> simulate(const std::string& scenario_file, const SimulationOptions& options);

/// The same for scenario text; `file` names it in messages.
[[nodiscard]] Result<Value> simulate_text(const std::string& scenario, const std::string& file, const SimulationOptions& options);

/// A result as a table for the terminal.
[[nodiscard]] std::string simulation_summary(const Value& result);

}  // namespace switchboard
