// Words of a FEEL text that may be names, found without parsing: for scopes whose names are not declared anywhere.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace switchboard::model {

/// Identifiers outside strings and comments that are neither keywords nor called (`f(`) nor members (`a.b`), each once, in order of appearance.
/// A superset: names bound inside the text (`for x in ...`) and keys of contexts are among them.
[[nodiscard]] std::vector<std::string> free_identifiers(std::string_view text);

}  // namespace switchboard::model
