#include "feel/utf8.hpp"

namespace switchboard::feel {

CodePoint code_point_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {};
  if (const auto first = static_cast<unsigned char>(text[at]); first < 0x80) return {first, 1};
  const CodePoint c = decode_utf8(text, at);
  return c.length == 0 ? CodePoint{0xfffd, 1} : c;
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&out](char32_t byte) { out += static_cast<char>(static_cast<unsigned char>(byte)); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | c >> 6);
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | c >> 12);
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | c >> 18);
    put(0x80 | (c >> 12 & 0x3f));
    put(0x80 | (c >> 6 & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

std::size_t code_points(std::string_view text) {
  std::size_t n = 0;
  for (std::size_t at = 0; at < text.size(); ++n) at += code_point_at(text, at).length;
  return n;
}

std::size_t offset_of(std::string_view text, std::size_t n) {
  std::size_t at = 0;
  for (; n != 0 && at < text.size(); --n) at += code_point_at(text, at).length;
  return at;
}

bool is_space(char32_t c) {
  if (c < 0x80) return c == ' ' || (c >= 0x09 && c <= 0x0d);
  return c == 0x85 || c == 0xa0 || c == 0x1680 || c == 0x180e || (c >= 0x2000 && c <= 0x200b) || c == 0x2028 || c == 0x2029 || c == 0x202f ||
         c == 0x205f || c == 0x3000 || c == 0xfeff;
}

bool is_name_start(char32_t c) {
  if (c < 0x80) return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '?';
  return (c >= 0xc0 && c <= 0xd6) || (c >= 0xd8 && c <= 0xf6) || (c >= 0xf8 && c <= 0x2ff) || (c >= 0x370 && c <= 0x37d) ||
         (c >= 0x37f && c <= 0x1fff) || (c >= 0x200c && c <= 0x200d) || (c >= 0x2070 && c <= 0x218f) || (c >= 0x2c00 && c <= 0x2fef) ||
         (c >= 0x3001 && c <= 0xd7ff) || (c >= 0xf900 && c <= 0xfdcf) || (c >= 0xfdf0 && c <= 0xfffd && c != 0xfeff && c != 0xfffd) ||
         (c >= 0x10000 && c <= 0xeffff);
}

bool is_name_part(char32_t c) {
  if (c < 0x80) return is_name_start(c) || (c >= '0' && c <= '9');
  return is_name_start(c) || c == 0xb7 || (c >= 0x300 && c <= 0x36f) || (c >= 0x203f && c <= 0x2040);
}

bool is_name_symbol(char32_t c) { return c == '.' || c == '/' || c == '-' || c == 0x2019 || c == '\'' || c == '+' || c == '*'; }

}  // namespace switchboard::feel
