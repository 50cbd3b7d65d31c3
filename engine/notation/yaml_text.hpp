// The text of a file before YAML: encoding, line breaks, characters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "notation/yaml_scan.hpp"

namespace switchboard::notation::yaml {

/// Without a byte order mark, with line feeds for every line break of YAML (LF, CR LF, CR), also behind the last line.
[[nodiscard]] std::string with_line_feeds(std::string_view text);

/// The first byte that is no UTF-8, or the first character that YAML 1.2.2 (5.1) forbids. SB0102.
[[nodiscard]] std::optional<Refusal> check_characters(std::string_view text);

}  // namespace switchboard::notation::yaml
