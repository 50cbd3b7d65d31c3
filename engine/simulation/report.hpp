// Replications -> one result value, and a summary for people.
#pragma once

#include <vector>

#include "simulation/model.hpp"
#include "simulation/results.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::simulation {

[[nodiscard]] Value report(const BoundScenario& scenario, std::uint64_t seed, const std::vector<ReplicationResult>& all, double wall_seconds);

}  // namespace switchboard::simulation
