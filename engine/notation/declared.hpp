// What a file says it is called, however broken the rest of it is.
#pragma once

#include <string>
#include <string_view>

namespace switchboard::notation {

/// "process repair", "calendar cn": the kind and id that a file declares; the results of overlays are processes. The id is `stem` when it is not to
/// be found.
[[nodiscard]] std::string declared_name(std::string_view text, std::string_view stem);

}  // namespace switchboard::notation
