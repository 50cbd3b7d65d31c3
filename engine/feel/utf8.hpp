// UTF-8 by code points, and the character classes of FEEL's grammar. Private to room feel.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "switchboard/base/text.hpp"

namespace switchboard::feel {

/// The code point at byte `at`; its length is 0 at the end of the text alone. A malformed byte is one code point U+FFFD of one byte, so every walk
/// ends.
[[nodiscard]] CodePoint code_point_at(std::string_view text, std::size_t at);
void append_utf8(std::string& out, char32_t c);
[[nodiscard]] std::size_t code_points(std::string_view text);
/// Byte offset of code point `n` (0-based); text.size() when there are not so many.
[[nodiscard]] std::size_t offset_of(std::string_view text, std::size_t n);

[[nodiscard]] bool is_space(char32_t c);        ///< DMN 1.5, 10.3.1.2, rules 61 and 62
[[nodiscard]] bool is_name_start(char32_t c);   ///< rule 27
[[nodiscard]] bool is_name_part(char32_t c);    ///< rule 28
[[nodiscard]] bool is_name_symbol(char32_t c);  ///< rule 30: . / - ' + *

}  // namespace switchboard::feel
