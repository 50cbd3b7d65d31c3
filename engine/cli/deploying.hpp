// Files and ids that are to be deployed: everything they need is found and checked before anything is stored.
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/session.hpp"

namespace switchboard::cli {

/// The file of a process, as against an id.
[[nodiscard]] bool is_file(const std::string& word);

/// What is stored, in this order.
struct Deployment {
  std::vector<std::string> resources;                  ///< files of calendars, decision tables and registers
  std::vector<std::string> processes;                  ///< files, the called ones first
  std::vector<std::string> ids;                        ///< of the processes folder
  CalendarChange change = CalendarChange::as_changed;  ///< how open cases follow the calendars among them
};

/// `words`: files, and ids of the processes folder. Files use each other and what stands beside them, as in `check`. SB0542 with all findings on
/// stderr when a file has errors, SB0703 and SB0704 when one cannot be read.
[[nodiscard]] Result<Deployment> read_deployment(const Options& options, const std::vector<std::string>& words);
/// Says what cannot be seen in the files: who still has an older text of a stored table, whom a stored calendar reaches at once, and what was used
/// because somebody had given it to the database before, in place of what the folder has.
[[nodiscard]] Result<void> note_uses(const Session& session, const Deployment& wanted, const std::vector<DeploymentInfo>& done);
/// The deployments of its processes, in order.
[[nodiscard]] Result<std::vector<DeploymentInfo>> deploy_all(const Session& session, const Deployment& wanted);

}  // namespace switchboard::cli
