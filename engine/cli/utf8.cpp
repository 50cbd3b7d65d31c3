#include "cli/utf8.hpp"

#include <algorithm>

namespace switchboard::cli {

namespace {

constexpr char32_t replacement = U'\ufffd';
constexpr std::string_view replacement_text = "\xef\xbf\xbd";

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
  const CodePoint c = decode_utf8(text, 0);
  text.remove_prefix(c.length == 0 ? 1 : c.length);
  return c.length == 0 ? replacement : c.value;
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
