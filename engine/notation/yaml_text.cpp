#include "notation/yaml_text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdio>

#include "switchboard/base/text.hpp"

namespace switchboard::notation::yaml {

namespace {

bool printable(std::uint32_t c) {
  if (c == '\t' || c == '\n' || c == '\r' || c == 0x85) return true;
  if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return false;
  return c != 0xFEFF && c != 0xFFFE && c != 0xFFFF;
}

std::string code_name(std::uint32_t c) {
  char buffer[16];
  std::snprintf(buffer, sizeof buffer, "U+%04X", static_cast<unsigned>(c));
  return buffer;
}

}  // namespace

std::string with_line_feeds(std::string_view text) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\r') {
      out += text[i];
      continue;
    }
    out += '\n';
    if (i + 1 < text.size() && text[i + 1] == '\n') ++i;
  }
  if (!out.empty() && out.back() != '\n') out += '\n';
  return out;
}

std::optional<Refusal> check_characters(std::string_view text) {
  const std::string_view head = text.substr(0, 2);
  if (head == "\xFF\xFE" || head == "\xFE\xFF") return Refusal{"SB0102", 0, "the file is UTF-16", "save it as UTF-8"};
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead >= 0x20 && lead < 0x7F) {
      ++at;
      continue;
    }
    const CodePoint d = decode_utf8(text, at);
    if (d.length == 0) return Refusal{"SB0102", at, "a byte that is not UTF-8", "save the file as UTF-8"};
    if (!printable(d.value)) return Refusal{"SB0102", at, "the character " + code_name(d.value) + " is not allowed in a file", "delete it"};
    at += d.length;
  }
  return std::nullopt;
}

Places::Places(std::string_view text) : text_(text) {
  lines_.push_back(0);
  std::size_t characters = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i % 256 == 0) blocks_.push_back(characters);
    if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80) ++characters;
    if (text[i] == '\n') lines_.push_back(i + 1);
  }
  if (text.size() % 256 == 0) blocks_.push_back(characters);
}

Position Places::at(std::size_t offset) const {
  offset = std::min(offset, text_.size());
  const auto characters_before = [this](std::size_t end) {
    std::size_t n = blocks_[end / 256];
    for (std::size_t i = end / 256 * 256; i < end; ++i)
      if ((static_cast<unsigned char>(text_[i]) & 0xC0) != 0x80) ++n;
    return n;
  };
  const auto after = std::upper_bound(lines_.begin(), lines_.end(), offset);
  const std::size_t line = static_cast<std::size_t>(after - lines_.begin());
  const std::size_t column = characters_before(offset) - characters_before(lines_[line - 1]) + 1;
  return {static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(column)};
}

}  // namespace switchboard::notation::yaml
