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

/// The process of `id`, or the only given one when `id` is empty. SB0712 none or several, or the first error found in the given files.
[[nodiscard]] Result<const model::Process*> process_of(const Catalogue& all, const std::string& id);
/// Ids and names of a process: {process, name, version, calendar, data, nodes, clocks, feedback}.
[[nodiscard]] Value summary(const model::Process& process, const std::string& language);

/// Processes that `process` calls, with the place of each call.
[[nodiscard]] std::vector<model::Ref> calls_of(const model::Process& process);

}  // namespace switchboard::cli
