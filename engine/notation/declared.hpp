// What a file says it is called, however broken the rest of it is.
#pragma once

#include <string>
#include <string_view>

namespace switchboard::notation {

/// The id that a file declares behind its kind; `stem` when none is to be found.
[[nodiscard]] std::string declared_id(std::string_view text, std::string_view stem);

}  // namespace switchboard::notation
