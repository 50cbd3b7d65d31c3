// Findings of `check`: collected from loader, compiler and verifier, and shown.
#pragma once

#include <string>

#include "cli/catalogue.hpp"
#include "model/diagnostic.hpp"

namespace switchboard::cli {

/// Everything found in the given files, sorted.
[[nodiscard]] model::Diagnostics check_all(Catalogue& all);
/// Findings that keep process `id` from being run: of its loading, compiling and checking, and of the processes it calls. Empty when it is fine.
[[nodiscard]] model::Diagnostics obstacles(Catalogue& all, std::string_view id);

/// [{rule, severity, file, line, column, element, message, hint}]
[[nodiscard]] Value to_value(const model::Diagnostics& found);
/// One paragraph each: the finding, the source line, a caret. Coloured when `stream` (1 or 2) is a terminal.
[[nodiscard]] std::string text_of(const model::Diagnostics& found, const Catalogue& all, int stream);

/// Tested processes that are in none of the files (SB0713).
[[nodiscard]] model::Diagnostics missing_tested(const Catalogue& all);
/// The process of that id. SB0712.
[[nodiscard]] Result<const model::Process*> process_called(const Catalogue& all, const std::string& id);
/// The process that a given file describes, by itself or as an overlay. SB0712 when it is none, or the first error found in it.
[[nodiscard]] Result<const model::Process*> process_in(const Catalogue& all, const std::string& path);
/// Ids and names of a process: {process, name, version, calendar, data, nodes, clocks, feedback}.
[[nodiscard]] Value summary(const model::Process& process, const std::string& language);

/// Processes that `process` calls, with the place of each call.
[[nodiscard]] std::vector<model::Ref> calls_of(const model::Process& process);

}  // namespace switchboard::cli
