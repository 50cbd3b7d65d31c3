// Places in texts that YAML folds.
#include <algorithm>

#include "notation/load.hpp"

namespace switchboard::notation {

namespace {

std::size_t characters(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// The line at `begin`, without its line break; `begin` moves behind it. nullopt at the end.
std::optional<std::string_view> line_of(std::string_view text, std::size_t& begin) {
  if (begin >= text.size()) return std::nullopt;
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  std::string_view line = text.substr(begin, end - begin);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  begin = end + 1;
  return line;
}

}  // namespace

model::Position unfolded(std::string_view text, model::Position at) {
  std::size_t begin = 0;
  for (std::uint32_t n = 1; n < at.line; ++n)
    if (!line_of(text, begin)) return at;
  auto line = line_of(text, begin);
  if (!line || at.column <= characters(*line) + 1) return at;
  model::Position place = at;
  while (line) {
    // Trailing spaces go, the line break counts as one space.
    const std::size_t last = line->find_last_not_of(" \t");
    const std::size_t length = characters(line->substr(0, last == std::string_view::npos ? 0 : last + 1));
    if (place.column <= length + 1) return place;
    const auto next = line_of(text, begin);
    if (!next) break;
    const std::size_t indentation = next->find_first_not_of(" \t");
    if (indentation == std::string_view::npos) break;  // a blank line ends what is folded
    place.column = static_cast<std::uint32_t>(place.column - (length + 1) + indentation);
    ++place.line;
    line = next;
  }
  return at;
}

void unfold_places(model::Diagnostics& found, const std::map<std::string, std::string, std::less<>>& texts) {
  for (model::Diagnostic& d : found)
    if (const auto text = texts.find(d.file); text != texts.end() && d.at.line != 0) d.at = unfolded(text->second, d.at);
}

}  // namespace switchboard::notation
