// The line of a text that a finding is about, with a caret under the place.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace switchboard::cli {

/// Two lines: the source line `line` (1-based) of `text` and a caret under code point `column` (1-based), indented by four blanks. Long lines are cut
/// around the place. Empty when the text has no such line.
[[nodiscard]] std::string caret(std::string_view text, std::uint32_t line, std::uint32_t column);
/// The same for a byte offset of `text`; `length` bytes are underlined.
[[nodiscard]] std::string caret_at(std::string_view text, std::size_t offset, std::size_t length);

}  // namespace switchboard::cli
