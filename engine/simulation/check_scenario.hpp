// What `check` says about a scenario: room workspace keeps its text, this room reads it.
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "simulation/model.hpp"
#include "workspace/project.hpp"

namespace switchboard::simulation {

/// Findings of reading the scenario and of holding it against the processes and calendars of the project. A given file with mistakes of its own is
/// there: what the scenario says of it cannot be looked at, and is no finding. Fits workspace::ScenarioCheck.
[[nodiscard]] model::Diagnostics check_scenario(workspace::Project& project, std::string_view text, const std::string& file);

/// The scenario against all processes of the project that compile. `broken`: see bind_scenario.
[[nodiscard]] BindResult bind_in(workspace::Project& project, const Scenario& scenario, const std::set<std::string>& broken);

}  // namespace switchboard::simulation
