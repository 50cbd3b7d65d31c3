// The JSON Schema (2020-12) of a kind of file, made from the table that the loader uses (grammar.hpp). Editors complete and check with it.
#pragma once

#include <string>

#include "notation/grammar.hpp"

namespace switchboard::notation {

/// Indented text with a final line feed; the same bytes on every run. Empty for scenarios.
/// The schema says what has the right form; names, durations and FEEL are the loader's and the compiler's business.
[[nodiscard]] std::string json_schema(FileKind kind);

}  // namespace switchboard::notation
