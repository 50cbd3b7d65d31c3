// What every argument must be, looked at in one place before a verb runs.
#pragma once

#include "switchboard/base/error.hpp"

namespace CLI {
class App;
}

namespace switchboard::cli {

/// Looks at all that was given to the program and to the verbs chosen in it. SB0723: not UTF-8, a control character where a line is meant, too long,
/// or an option with an empty value, which is an unset variable of the shell.
[[nodiscard]] Result<void> check_arguments(const CLI::App& app);

}  // namespace switchboard::cli
