#include <filesystem>
#include <optional>

#include "simulation/check_scenario.hpp"
#include "switchboard/check.hpp"
#include "workspace/workspace.hpp"

namespace switchboard {

Result<std::vector<Finding>> check_files(const std::vector<std::string>& paths, const std::string& processes) {
  SB_TRY(auto files, workspace::open_files(paths, processes.empty() ? std::nullopt : std::optional<std::filesystem::path>(processes)));
  return files.project().check(simulation::check_scenario);
}

}  // namespace switchboard
