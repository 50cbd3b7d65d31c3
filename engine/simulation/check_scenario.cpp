#include "simulation/check_scenario.hpp"

#include <fmt/format.h>

#include <iterator>
#include <map>

namespace switchboard::simulation {

BindResult bind_in(workspace::Project& project, const Scenario& scenario, const std::set<std::string>& broken) {
  std::map<std::string, model::ExecutablePtr, std::less<>> processes;
  for (const std::string& id : project.process_ids())
    if (const model::ExecutablePtr process = project.compiled(id).process) processes.emplace(id, process);
  return bind_scenario(scenario, processes, project.library(), broken);
}

model::Diagnostics check_scenario(workspace::Project& project, std::string_view text, const std::string& file) {
  LoadedScenario loaded = load_scenario(text, file);
  if (!loaded.value) return std::move(loaded.diagnostics);
  std::set<std::string> broken;
  for (const auto& [thing, in] : project.broken())
    if (in->layer == workspace::Layer::given) broken.insert(fmt::format("{} {}", to_string(thing.first), thing.second));
  for (const model::Process* process : project.given_processes())
    if (!project.compiled(process->id).process) broken.insert("process " + process->id);
  model::Diagnostics found = bind_in(project, *loaded.value, broken).diagnostics;
  loaded.diagnostics.insert(loaded.diagnostics.end(), std::make_move_iterator(found.begin()), std::make_move_iterator(found.end()));
  return std::move(loaded.diagnostics);
}

}  // namespace switchboard::simulation
