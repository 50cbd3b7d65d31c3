// What one replication measured. Times in seconds.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/statistics.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::simulation {

/// Where the time of a case goes. After these, two for each pool: waiting for it, and its closed hours.
struct Place {
  static constexpr std::uint32_t work = 0;
  static constexpr std::uint32_t customer = 1;
  static constexpr std::uint32_t events = 2;  ///< waiting for a timer, a message, another case
  static constexpr std::uint32_t wait(std::uint32_t pool) { return 3 + 2 * pool; }
  static constexpr std::uint32_t closed(std::uint32_t pool) { return 4 + 2 * pool; }
  static constexpr std::uint32_t count(std::size_t pools) { return 3 + 2 * static_cast<std::uint32_t>(pools); }
};

struct ClockResult {
  std::uint64_t kept = 0, broken = 0, cancelled = 0;
  std::uint64_t open_late = 0;  ///< of `broken`: still running at the end of the run, its due instant passed
  std::uint64_t undecided = 0;  ///< still running at the end of the run, its due instant still to come: neither kept nor broken
  BatchMeans kept_share;        ///< of 1 for each promise kept and 0 for each broken
  Tally elapsed;                ///< from start to stop, pauses left out
  double budget_seconds = 0;    ///< of a mean clock, the last one seen
  bool mean = false;
  std::vector<double> where;  ///< seconds by Place
};
struct ActivityResult {
  Tally wait, service;
};
struct ResourceResult {
  Tally wait;  ///< of the work offered inside the window; what still waits at its end, as long as it has waited
  double utilisation = 0, overtime = 0, load = 0;
  // Little's law holds between these by what they are: queue = waited / window, arrivals = offered / window, wait = waited / offered.
  double window_seconds = 0, waited_seconds = 0;
  std::uint64_t offered = 0;
  std::uint32_t queue_at_end = 0;                ///< of the window
  std::uint32_t early_most = 0, late_least = 0;  ///< see Pool

  [[nodiscard]] double mean_queue() const { return waited_seconds / window_seconds; }
  [[nodiscard]] double arrival_rate() const { return static_cast<double>(offered) / window_seconds; }
  [[nodiscard]] std::optional<double> mean_wait() const {
    if (offered == 0) return std::nullopt;
    return waited_seconds / static_cast<double>(offered);
  }
};
struct ReplicationResult {
  std::optional<Error> error;  ///< the run failed; nothing else is meaningful
  std::uint64_t cases = 0;     ///< finished and counted
  std::uint64_t started = 0;
  std::uint64_t open_at_end = 0;
  std::uint64_t stuck = 0;  ///< of these: they wait for something that never comes
  std::string first_stuck;
  std::uint64_t incidents = 0;
  std::string first_incident;
  std::uint64_t refused = 0;  ///< what one case wanted of another: messages, signals, starts by timers
  std::string first_refused;
  std::uint64_t feedback = 0, escalations = 0;
  std::uint64_t events = 0, commands = 0;
  Tally cycle_time;
  std::vector<ClockResult> clocks;         ///< by BoundScenario::clock_names
  std::vector<ActivityResult> activities;  ///< by BoundScenario::activity_names
  std::vector<ResourceResult> resources;   ///< by BoundScenario::pools
  double simulated_seconds = 0;
  double wall_seconds = 0;
};

}  // namespace switchboard::simulation
