// Expressions of other languages as FEEL, where they have an exact counterpart. Private to room exchange.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace switchboard::exchange {

/// FEEL that means the same as `text`; nothing when there is no exact counterpart. Read are FEEL itself, and of UEL (`${...}`, `#{...}`), Java,
/// JavaScript and XPath what compares, computes and combines: `&&`, `!`, `==`, `a.contains(b)`, `getDataObject('a')`, ... `language` is the URI or
/// word of the file, empty when it says none. At most limits::expression_bytes and limits::expression_depth.
[[nodiscard]] std::optional<std::string> to_feel(std::string_view text, std::string_view language);

/// Whether `language` means FEEL.
[[nodiscard]] bool is_feel(std::string_view language);

/// Whether `text` is FEEL by its syntax, whatever its names are.
[[nodiscard]] bool parses_as_feel(std::string_view text);

}  // namespace switchboard::exchange
