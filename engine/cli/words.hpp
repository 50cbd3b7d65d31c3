// Words of the command line: arguments that only look like options.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::cli {

/// "a, b, c".
[[nodiscard]] std::string join(const std::vector<std::string>& words);

/// The arguments after the program's name, last first as CLI11 wants them. A FEEL text or number that begins with a minus sign (`-5`, `-x + 1`) gets
/// a blank before it, so that it is not taken for an option; FEEL ignores the blank.
[[nodiscard]] std::vector<std::string> literal_arguments(int argc, const char* const* argv);
/// Without the blank that literal_arguments puts before a minus sign.
[[nodiscard]] std::string as_given(const std::string& argument);

}  // namespace switchboard::cli
