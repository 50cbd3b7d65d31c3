// The core schema (YAML 1.2.2, 10.3.2).
#pragma once

#include <string>
#include <string_view>

#include "notation/yaml.hpp"

namespace switchboard::notation::yaml {

[[nodiscard]] bool is_null_text(std::string_view text);

/// Gives `node` (text and style set) its kind. `tag` is yaml-cpp's: "?" plain, "!" quoted, or a full tag. Returns what is wrong, empty when nothing
/// is.
[[nodiscard]] std::string resolve(Node& node, std::string_view tag);

}  // namespace switchboard::notation::yaml
