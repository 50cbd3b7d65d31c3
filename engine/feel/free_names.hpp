// Words of a FEEL text that may be names, found without parsing: for scopes whose names are not declared anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::feel {

/// Names outside strings and comments that are neither keywords nor called (`f(`) nor members (`a.b`), each once, in order of appearance. A superset
/// of the names that the text takes from outside: those bound inside it (`for x in ...`) and keys of contexts are among them. Any text will do.
[[nodiscard]] std::vector<std::string> free_names(std::string_view text);

}  // namespace switchboard::feel
