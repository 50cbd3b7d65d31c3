// What one replication measured. Times in seconds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/statistics.hpp"

namespace switchboard::simulation {

struct ClockResult {
  std::uint64_t kept = 0, broken = 0, cancelled = 0;
  Tally elapsed;              ///< from start to stop, pauses left out
  double budget_seconds = 0;  ///< of a mean clock, the last one seen
  bool mean = false;
  std::vector<double> where;  ///< seconds by category: work, customer, then per pool: wait, closed
};
struct ActivityResult {
  Tally wait, service;
};
struct ResourceResult {
  Tally wait;
  double utilisation = 0, mean_queue = 0, mean_busy = 0;
  double arrival_rate = 0;  ///< per second, inside the window
};
struct ReplicationResult {
  std::string error;        ///< not empty: the run failed; nothing else is meaningful
  std::uint64_t cases = 0;  ///< finished and counted
  std::uint64_t started = 0;
  std::uint64_t open_at_end = 0;
  std::uint64_t incidents = 0;
  std::string first_incident;
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
