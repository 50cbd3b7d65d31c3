// Projects of the command line, and their findings as it shows them.
#pragma once

#include <string>
#include <vector>

#include "cli/options.hpp"
#include "model/diagnostic.hpp"
#include "switchboard/value/value.hpp"
#include "workspace/workspace.hpp"

namespace switchboard::cli {

/// `paths` (files or folders) as given, what stands beside them in the files of the names they use, and the processes folder behind them. Mistakes in
/// files are findings, not errors, and so are files that cannot be read (SB0703, SB0704); without its folder of processes nothing can be said
/// (SB0703).
[[nodiscard]] Result<workspace::Workspace> read_project(const std::vector<std::string>& paths, const Options& options);
/// The process of a given file, or of that id. SB0712.
[[nodiscard]] Result<const model::Process*> process_named(workspace::Project& project, const std::string& what, bool is_file);
/// Everything found in the given files, scenarios too; sorted.
[[nodiscard]] model::Diagnostics check_all(workspace::Project& project);
/// Shows the errors among `found` on stderr; the refusal that says so.
[[nodiscard]] Error refusal_for(model::Diagnostics found, const workspace::Project& project, std::string id, std::string message);

/// [{rule, severity, file, line, column, element, message, hint}]
[[nodiscard]] Value to_value(const model::Diagnostics& found);
/// One paragraph each: the finding, the source line, a caret. Coloured when `stream` (1 or 2) is a terminal.
[[nodiscard]] std::string text_of(const model::Diagnostics& found, const workspace::Project& project, int stream);
/// Ids and names of a process: {process, name, version, calendar, data, nodes, clocks, feedback}.
[[nodiscard]] Value summary(const model::Process& process, const std::string& language);

}  // namespace switchboard::cli
