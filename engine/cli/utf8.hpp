// Code points of UTF-8 text that is shown to people, and what a terminal may be shown of text that others wrote.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "switchboard/base/text.hpp"

namespace switchboard::cli {

/// Removes and returns the first code point of `text`, which must not be empty; U+FFFD, and one byte removed, where it is not UTF-8.
[[nodiscard]] char32_t take_code_point(std::string_view& text);
/// C0, DEL and C1: what moves a cursor, ends a line or begins an escape sequence.
[[nodiscard]] constexpr bool is_control(char32_t c) { return c < 0x20 || (c >= 0x7f && c < 0xa0); }
/// `text` as one line: white space of any kind is a blank, other control characters and bytes that are not UTF-8 are U+FFFD.
[[nodiscard]] std::string one_line_of(std::string_view text);
enum class Colours { keep, drop };
enum class LineEnds { keep, drop };
/// The same, but for the colours that `paint` (output.hpp) gives and for line ends, where they are to be kept.
[[nodiscard]] std::string for_terminal(std::string_view text, Colours colours, LineEnds ends);

}  // namespace switchboard::cli
