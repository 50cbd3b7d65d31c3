// Places in texts that YAML folds or in which it reads escapes.
#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include "notation/load.hpp"
#include "notation/yaml.hpp"

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

/// The quoted scalar on whose first line the place lies, counted in characters of its value.
const yaml::Node* quoted_at(const yaml::Node& node, model::Position at) {
  const bool quoted = node.style == yaml::Style::double_quoted || node.style == yaml::Style::single_quoted;
  if (node.is_scalar())
    return quoted && node.content_at.line == at.line && node.content_at.column <= at.column &&
                   at.column - node.content_at.column <= characters(node.text)
               ? &node
               : nullptr;
  for (const yaml::Node& item : node.items)
    if (const auto* found = quoted_at(item, at)) return found;
  for (const yaml::Entry& e : node.entries)
    if (const auto* found = quoted_at(e.value, at)) return found;
  return nullptr;
}

std::size_t escape_length(std::string_view rest) {
  switch (rest.size() < 2 ? ' ' : rest[1]) {
    case 'x': return 4;
    case 'u': return 6;
    case 'U': return 10;
    default: return 2;
  }
}

/// Walks over the source of a quoted scalar to the `count`-th character of its value.
model::Position walked(std::string_view text, std::size_t begin, const yaml::Node& scalar, std::size_t count) {
  model::Position place = scalar.content_at;
  for (std::uint32_t column = 1; column < place.column && begin < text.size(); ++column)
    for (++begin; begin < text.size() && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U;) ++begin;
  const auto pass = [&](std::size_t bytes) {
    const std::size_t end = std::min(begin + bytes, text.size());
    place.column += static_cast<std::uint32_t>(characters(text.substr(begin, end - begin)));
    begin = end;
  };
  const bool escapes = scalar.style == yaml::Style::double_quoted;
  for (; count > 0 && begin < text.size(); --count) {
    const std::size_t ink = text.find_first_not_of(" \t\r", begin);
    if (ink != std::string_view::npos && text[ink] == '\n') {  // folded: one space
      const std::size_t next = std::min(text.find_first_not_of(" \t", ink + 1), text.size());
      ++place.line;
      place.column = static_cast<std::uint32_t>(next - ink);
      begin = next;
    } else if (escapes && text[begin] == '\\') {
      pass(escape_length(text.substr(begin)));
    } else if (!escapes && text.substr(begin, 2) == "''") {
      pass(2);
    } else {
      std::size_t bytes = 1;
      while (begin + bytes < text.size() && (static_cast<unsigned char>(text[begin + bytes]) & 0xC0U) == 0x80U) ++bytes;
      pass(bytes);
    }
  }
  return place;
}

/// The places of one text. It is read once, and only when one of its quoted scalars matters.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}
  model::Position of(model::Position at);

 private:
  const yaml::Node* quoted(model::Position at) {
    if (!document_) document_ = yaml::read(text_, "");
    return document_->root ? quoted_at(*document_->root, at) : nullptr;
  }

  std::string_view text_;
  std::optional<yaml::Document> document_;
};

model::Position Places::of(model::Position at) {
  std::size_t begin = 0;
  for (std::uint32_t n = 1; n < at.line; ++n)
    if (!line_of(text_, begin)) return at;
  const std::size_t first = begin;
  auto line = line_of(text_, begin);
  if (!line) return at;
  const bool beyond = at.column > characters(*line) + 1;
  const bool escaped = line->find('\\') != std::string_view::npos || line->find("''") != std::string_view::npos;
  if (escaped || (beyond && line->find_first_of("\"'") != std::string_view::npos)) {
    if (const yaml::Node* scalar = quoted(at)) return walked(text_, first, *scalar, at.column - scalar->content_at.column);
  }
  if (!beyond) return at;
  model::Position place = at;
  while (line) {
    // Trailing spaces go, the line break counts as one space.
    const std::size_t last = line->find_last_not_of(" \t");
    const std::size_t length = characters(line->substr(0, last == std::string_view::npos ? 0 : last + 1));
    if (place.column <= length + 1) return place;
    const auto next = line_of(text_, begin);
    if (!next) break;
    const std::size_t indentation = next->find_first_not_of(" \t");
    if (indentation == std::string_view::npos) break;  // a blank line ends what is folded
    place.column = static_cast<std::uint32_t>(place.column - (length + 1) + indentation);
    ++place.line;
    line = next;
  }
  return at;
}

}  // namespace

void unfold_places(model::Diagnostics& found, const std::function<const std::string*(const std::string& file)>& text_of) {
  std::map<std::string, Places> files;
  for (model::Diagnostic& d : found) {
    const std::string* text = d.at.line != 0 ? text_of(d.file) : nullptr;
    if (text != nullptr) d.at = files.try_emplace(d.file, *text).first->second.of(d.at);
  }
}

}  // namespace switchboard::notation
