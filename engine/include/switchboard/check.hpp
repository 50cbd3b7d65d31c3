// Everything that can be found out about files before anything runs: what `switchboard check` says, for programs and editors.
#pragma once

#include <string>
#include <vector>

#include "switchboard/base/error.hpp"
#include "switchboard/base/finding.hpp"

namespace switchboard {

/// All findings about `paths` (files or folders: processes, overlays, calendars, decision tables, tests, scenarios), sorted by file and place; empty
/// when there is nothing to say. What the files refer to is found beside them, in the file of its name, and in the folder `processes` (empty: none);
/// what is given hides what has the same name there. A file that cannot be read is a finding. Error: SB0703 when the folder `processes` is not there.
/// Thread-safe; reads files, stores nothing.
[[nodiscard]] Result<std::vector<Finding>> check_files(const std::vector<std::string>& paths, const std::string& processes);

}  // namespace switchboard
