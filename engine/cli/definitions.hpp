// Compiled processes of a project for a world in memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "testing/world.hpp"
#include "workspace/project.hpp"

namespace switchboard::cli {

/// Process `id` and all it calls, directly or not, as far as they compile.
[[nodiscard]] inline testing::DefinitionsPtr definitions_of(workspace::Project& project, std::string_view id) {
  auto definitions = std::make_shared<testing::Definitions>();
  for (const std::string& name : project.with_called(id))
    if (model::ExecutablePtr process = project.compiled(name).process) definitions->processes.emplace(name, std::move(process));
  return definitions;
}

}  // namespace switchboard::cli
