// Compiled processes of a project for a world in memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "testing/world.hpp"
#include "workspace/project.hpp"

namespace switchboard::cli {

/// Process `id` and all it calls, directly or not, as far as they compile; when one of them chooses what it calls by data, all given processes.
[[nodiscard]] inline testing::DefinitionsPtr definitions_of(workspace::Project& project, std::string_view id) {
  auto definitions = std::make_shared<testing::Definitions>();
  bool by_data = false;
  const auto add = [&](const std::string& name) {
    const model::Process* process = project.process(name);
    by_data = by_data || (process != nullptr && workspace::calls_by_data(*process));
    if (model::ExecutablePtr compiled = project.compiled(name).process) definitions->processes.emplace(name, std::move(compiled));
  };
  for (const std::string& name : project.with_called(id)) add(name);
  if (by_data)
    for (const model::Process* given : project.given_processes()) add(given->id);
  return definitions;
}

}  // namespace switchboard::cli
