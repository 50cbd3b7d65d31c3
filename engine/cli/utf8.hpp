// Code points of UTF-8 text that is shown to people. Not a validator: a bad byte is one code point of its own.
#pragma once

#include <cstddef>
#include <string_view>

namespace switchboard::cli {

/// Removes and returns the first code point of `text`, which must not be empty; U+FFFD for a byte that begins none.
[[nodiscard]] inline char32_t take_code_point(std::string_view& text) {
  const auto first = static_cast<unsigned char>(text.front());
  std::size_t length = 1;
  char32_t c = first;
  if (first >= 0xf0) {
    length = 4, c = first & 0x07u;
  } else if (first >= 0xe0) {
    length = 3, c = first & 0x0fu;
  } else if (first >= 0xc0) {
    length = 2, c = first & 0x1fu;
  } else if (first >= 0x80) {
    text.remove_prefix(1);
    return U'\ufffd';
  }
  if (text.size() < length) {
    text.remove_prefix(1);
    return U'\ufffd';
  }
  for (std::size_t i = 1; i < length; ++i) c = (c << 6u) | (static_cast<unsigned char>(text[i]) & 0x3fu);
  text.remove_prefix(length);
  return c;
}

}  // namespace switchboard::cli
