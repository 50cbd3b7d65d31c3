#include "cli/utf8.hpp"

#include <algorithm>

namespace switchboard::cli {

namespace {

constexpr char32_t replacement = U'\ufffd';
constexpr std::string_view replacement_text = "\xef\xbf\xbd";

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead < 0xc2) return 0;
  if (lead < 0xe0) return 2;
  if (lead < 0xf0) return 3;
  return lead < 0xf5 ? 4 : 0;
}

bool needs_nothing(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

/// Length of a colour (`ESC [ digits m`) at the beginning of `text`; 0 when there is none.
std::size_t colour_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789", 2);
  const bool colour = end <= 4 && text[end] == 'm';  // npos is more than 4
  return colour ? end + 1 : 0;
}

/// Appends the first code point of `rest` as it may be shown.
void append_shown(std::string& out, std::string_view& rest, LineEnds ends) {
  const std::string_view before = rest;
  const char32_t c = take_code_point(rest);
  const std::string_view bytes = before.substr(0, before.size() - rest.size());
  if (c == '\n' && ends == LineEnds::keep)
    out += '\n';
  else if (c == '\t' || c == '\n' || c == '\r')
    out += ' ';
  else
    out += is_control(c) || (c == replacement && bytes.size() == 1) ? replacement_text : bytes;
}

}  // namespace

char32_t take_code_point(std::string_view& text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const std::size_t length = sequence_length(byte(0));
  char32_t c = length < 2 ? byte(0) : byte(0) & (0x7fu >> length);
  bool good = length > 0 && length <= text.size();
  for (std::size_t i = 1; good && i < length; ++i) {
    good = (byte(i) & 0xc0u) == 0x80u;
    c = (c << 6u) | (byte(i) & 0x3fu);
  }
  const bool overlong = (length == 3 && c < 0x800) || (length == 4 && c < 0x10000);
  good = good && !overlong && c <= 0x10ffff && (c < 0xd800 || c > 0xdfff);
  text.remove_prefix(good ? length : 1);
  return good ? c : replacement;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t before = text.size();
    if (take_code_point(text) == replacement && before - text.size() == 1) return false;
  }
  return true;
}

std::string one_line_of(std::string_view text) { return for_terminal(text, Colours::drop, LineEnds::drop); }

std::string for_terminal(std::string_view text, Colours colours, LineEnds ends) {
  if (needs_nothing(text)) return std::string(text);
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t colour = colours == Colours::keep ? colour_length(text) : 0;
    if (colour == 0) {
      append_shown(out, text, ends);
      continue;
    }
    out += text.substr(0, colour);
    text.remove_prefix(colour);
  }
  return out;
}

}  // namespace switchboard::cli
