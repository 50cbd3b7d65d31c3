#include "cli/caret.hpp"

#include <algorithm>
#include <vector>

#include "cli/table.hpp"
#include "cli/utf8.hpp"

namespace switchboard::cli {

namespace {

constexpr std::size_t widest = 140;  // cells of a source line that are shown

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line; ++i) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

// Byte offset of code point `index` (0-based).
std::size_t offset_of(std::string_view text, std::size_t index) {
  std::string_view rest = text;
  while (index > 0 && !rest.empty()) {
    static_cast<void>(take_code_point(rest));
    --index;
  }
  return text.size() - rest.size();
}

// A line may have megabytes: of the text before and behind the mark no more is looked at than is shown.
std::string_view beginning_of(std::string_view text, std::size_t width) {
  std::string_view rest = text;
  for (std::size_t used = 0; !rest.empty();) {
    std::string_view next = rest;
    static_cast<void>(take_code_point(next));
    used += display_width(rest.substr(0, rest.size() - next.size()));
    if (used > width) break;
    rest = next;
  }
  return text.substr(0, text.size() - rest.size());
}

std::string_view end_of(std::string_view text, std::size_t width) {
  constexpr std::size_t longest = 3;  // continuation bytes of a code point
  std::size_t begin = text.size();
  for (std::size_t used = 0; begin > 0;) {
    std::size_t one = begin - 1;
    while (one > 0 && begin - one <= longest && (static_cast<unsigned char>(text[one]) & 0xc0u) == 0x80u) --one;
    used += display_width(text.substr(one, begin - one));
    if (used > width) break;
    begin = one;
  }
  return text.substr(begin);
}

std::string draw(std::string_view line, std::size_t offset, std::size_t length) {
  const std::string_view end = end_of(line.substr(0, offset), widest / 2);
  const std::string lead = (end.size() < offset ? "..." : "") + one_line_of(end);
  const std::string rest = one_line_of(beginning_of(line.substr(offset), widest - std::min(display_width(lead), widest)));
  const std::size_t marks = std::max<std::size_t>(1, display_width(beginning_of(line.substr(offset, length), widest / 2)));
  return "    " + lead + rest + "\n    " + std::string(display_width(lead), ' ') + "^" + std::string(marks - 1, '~') + "\n";
}

}  // namespace

std::string caret(std::string_view text, std::uint32_t line, std::uint32_t column) {
  if (line == 0 || column == 0) return {};
  const std::string_view source = line_of(text, line);
  if (source.empty()) return {};
  return draw(source, offset_of(source, column - 1), 1);
}

std::string caret_at(std::string_view text, std::size_t offset, std::size_t length) {
  offset = std::min(offset, text.size());
  const std::size_t begin = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;  // npos + 1 == 0
  const std::string_view line = text.substr(begin, std::min(text.find('\n', offset), text.size()) - begin);
  return draw(line, offset - begin, std::min(length, line.size() - (offset - begin)));
}

}  // namespace switchboard::cli
