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

std::string without_tabs(std::string_view text) {
  std::string out(text);
  std::replace(out.begin(), out.end(), '\t', ' ');
  return out;
}

std::string draw(std::string_view line, std::size_t offset, std::size_t length) {
  std::string before = without_tabs(line.substr(0, offset));
  std::string_view cut = before;
  while (display_width(cut) > widest / 2) static_cast<void>(take_code_point(cut));
  const bool shortened = cut.size() < before.size();
  std::string rest = without_tabs(line.substr(offset));
  while (display_width(rest) > widest - std::min(display_width(cut), widest)) {  // whole code points only
    do {
      rest.pop_back();
    } while (!rest.empty() && (static_cast<unsigned char>(rest.back()) & 0xc0u) == 0x80u);
    if (!rest.empty() && static_cast<unsigned char>(rest.back()) >= 0xc0u) rest.pop_back();
  }
  const std::string lead = (shortened ? "..." : "") + std::string(cut);
  const std::size_t marks = std::max<std::size_t>(1, display_width(line.substr(offset, length)));
  return "    " + lead + rest + "\n    " + std::string(display_width(lead), ' ') + "^" + std::string(std::min(marks, widest / 2) - 1, '~') + "\n";
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
