#include "notation/yaml_scan.hpp"

#include <algorithm>

#include "base/limits.hpp"
#include "base/odd_signs.hpp"
#include "feel/remedy.hpp"
#include "notation/yaml_scanner.hpp"

namespace switchboard::notation::yaml {

namespace {

constexpr std::string_view only_spaces = "indent with spaces";
constexpr std::size_t longest_key = 1024;  // YAML 1.2.2, 7.4.2: an implicit key is at most 1024 characters

bool name_character(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_'; }

bool known_tag(std::string_view tag) {
  for (const std::string_view known : {"!!str", "!!int", "!!float", "!!bool", "!!null", "!!map", "!!seq"})
    if (tag == known) return true;
  return false;
}

}  // namespace

Scan scan(std::string_view text) { return Scanner(text).run(); }

std::string missing_blank(std::string_view entry) {
  while (entry.starts_with(' ') || entry.starts_with("- ")) entry.remove_prefix(1);
  std::size_t colon = 0;
  while (colon < entry.size() && (name_character(entry[colon]) || static_cast<unsigned char>(entry[colon]) >= 0x80)) ++colon;
  const std::string_view value = entry.substr(std::min(colon + 1, entry.size()));
  if (colon == 0 || value.empty() || entry[colon] != ':' || value.front() == ' ' || value.starts_with("//")) return {};
  const auto odd = odd_sign_in(value);
  const bool blank = odd && odd->offset == 0 && (odd->kind == OddKind::blank || odd->kind == OddKind::invisible);
  if (blank && odd->kind == OddKind::blank) return remedy_for(*odd);
  return "a blank is missing behind the colon: `" + std::string(entry.substr(0, colon)) + ": " + without_odd_signs(value.substr(0, 40)) + "`";
}

bool Scanner::refuse(std::string_view rule, std::size_t offset, std::string message, std::string hint) {
  // On a line with signs of a Chinese keyboard, one of them is most likely the mistake.
  if (rule == "SB0101" && message.find("full-width") == std::string::npos) {
    const std::size_t at = std::min(offset, text_.size());
    const std::size_t begin = at == 0 ? 0 : text_.rfind('\n', at - 1) + 1;  // npos + 1 is 0
    const std::string_view line = text_.substr(begin, text_.find('\n', at) - begin);
    const std::string wide = feel::wide_sign_in(line);
    if (!wide.empty()) hint += "; " + wide;
    const bool is_about_colon = message.find("no colon") != std::string::npos || message.find("second `: `") != std::string::npos ||
                                message.find("inside a key") != std::string::npos;
    if (const std::string blank = missing_blank(line); !blank.empty() && is_about_colon) hint = blank;
    if (const auto odd = odd_sign_in(text_.substr(at, 3));
        odd && odd->offset == 0 && (odd->kind == OddKind::blank || odd->kind == OddKind::invisible) && hint != only_spaces)
      hint = remedy_for(*odd);
  }
  scan_.refusal = Refusal{std::string(rule), std::min(offset, text_.size()), std::move(message), std::move(hint)};
  return false;
}

Scan Scanner::run() {
  while (!done())
    if (!line()) break;
  return std::move(scan_);
}

void Scanner::skip_spaces() {
  while (!done() && text_[pos_] == ' ') ++pos_;
}

void Scanner::skip_to_line_end() {
  while (!done() && text_[pos_] != '\n') ++pos_;
}

void Scanner::next_line() {
  if (!done()) ++pos_;
  line_ = pos_;
}

bool Scanner::at_comment() const { return peek() == '#' && (pos_ == line_ || text_[pos_ - 1] == ' ' || text_[pos_ - 1] == '\t'); }

bool Scanner::at_marker(std::size_t offset) const {
  const std::string_view rest = text_.substr(offset);
  if (rest.substr(0, 3) != "---" && rest.substr(0, 3) != "...") return false;
  return rest.size() == 3 || rest[3] == ' ' || rest[3] == '\n' || rest[3] == '\t';
}

bool Scanner::colon_ends_key(std::size_t ahead) const {
  if (peek(ahead) != ':') return false;
  if (blank_at(ahead + 1)) return true;
  const char next = peek(ahead + 1);
  return in_flow() && (next == ',' || next == '[' || next == ']' || next == '{' || next == '}');
}

bool Scanner::line() {
  line_ = pos_;
  property_here_ = false;
  line_start_ = true;
  if (at_marker(pos_)) {
    if (!marker()) return false;
  } else if (peek() == '%') {
    return refuse("SB0104", pos_, "a YAML directive (`%`) is not part of the process language", "delete the line; every file is YAML 1.2");
  }
  skip_spaces();
  if (!done() && peek() == '\t') {
    const std::size_t tab = pos_;
    while (!done() && (peek() == ' ' || peek() == '\t')) ++pos_;
    if (!done() && peek() != '\n' && peek() != '#')
      return refuse(begins_block() ? "SB0101" : "SB0104", tab, "a tab is used for indentation", "indent with spaces");
  }
  if (const auto odd = odd_sign_in(text_.substr(pos_, 3));
      odd && odd->offset == 0 && (odd->kind == OddKind::blank || odd->kind == OddKind::invisible))
    return refuse("SB0101", pos_, "the blank " + name_of(*odd) + " is used for indentation", std::string(only_spaces));
  if (!nodes_of_line()) return false;
  if (!done()) next_line();
  return true;
}

// Whether the line is a list item or a key: such a line must be indented with spaces (YAML 1.2.2, 6.1). Before others a tab is only white space.
bool Scanner::begins_block() const {
  const std::string_view rest = text_.substr(pos_, std::min(text_.find('\n', pos_), text_.size()) - pos_);
  return (peek() == '-' && blank_at(1)) || rest.find(": ") != std::string_view::npos || rest.ends_with(':');
}

bool Scanner::marker() {
  if (peek() == '.')
    return refuse("SB0104", pos_, "a document end marker (`...`) is not part of the process language", "one file is one document: delete the line");
  if (document_open_ || !scan_.leaves.empty() || !blocks_.empty() || !open_)
    return refuse("SB0104", pos_, "a second document begins here (`---`)", "one file is one document: put the second into a file of its own");
  document_open_ = true;
  pos_ += 3;
  if (!done() && peek() != '\n' && peek() != ' ') return refuse("SB0104", pos_, "a tab follows `---`", "use a space or a new line");
  line_start_ = false;  // `--- key: value` is not allowed (YAML 1.2.2, 9.1.5 [208] with 8.1.3)
  return true;
}

bool Scanner::nodes_of_line() {
  while (true) {
    skip_spaces();
    if (done() || peek() == '\n') break;
    if (at_comment()) {
      skip_to_line_end();
      break;
    }
    if (peek() == '\t') return refuse("SB0104", pos_, "a tab stands between two parts of a line", "use spaces");
    const std::size_t start = pos_;
    scan_.has_content = true;
    if (peek() == '-' && blank_at(1)) {
      if (!dash()) return false;
      continue;
    }
    if (peek() == '?' && blank_at(1))
      return refuse("SB0104", pos_, "a complex key (`? `) is not part of the process language", "write `key: value` on one line");
    if (peek() == '&' || peek() == '!') {
      if (!properties()) return false;
      continue;
    }
    if (!value_or_key(start)) return false;
    if (open_) continue;  // it was a key: its value may follow
    return after_value();
  }
  if (property_here_ && property_first_)
    return refuse("SB0104", pos_, "an anchor or tag stands alone on its line", "put it behind the `key:` or `-` whose value it marks");
  return true;
}

bool Scanner::dash() {
  if (!line_start_)
    return refuse("SB0101", pos_, "a list item (`- `) cannot begin behind a key on the same line",
                  "begin the list on the next line, or write it as [a, b]");
  if (property_here_) return refuse("SB0104", pos_, "an anchor or tag stands before a `- `", "put it behind the key that holds the list");
  if (peek(1) == '\t') return refuse("SB0104", pos_ + 1, "a tab follows `-`", "use a space");
  if (!enter_block(column(pos_), true, pos_)) return false;
  parent_ = column(pos_);
  open_ = true;
  ++pos_;
  return true;
}

bool Scanner::enter_block(int at_column, bool sequence, std::size_t at) {
  while (!blocks_.empty() && blocks_.back().column > at_column) {
    blocks_.pop_back();
    open_ = false;  // a key left without a value has none
  }
  if (sequence) {
    if (!blocks_.empty() && blocks_.back().column == at_column && blocks_.back().sequence) return true;
    const bool under_key = !blocks_.empty() && blocks_.back().column == at_column && open_;  // `key:` with its `- ` in the same column
    if (!under_key && !open_) return refuse("SB0101", at, "this list item belongs to nothing above", "indent it like the items of its list");
  } else {
    if (!blocks_.empty() && blocks_.back().column == at_column && blocks_.back().sequence) {
      blocks_.pop_back();  // the list stood in the column of its key: back to the map
      open_ = false;
    }
    if (!blocks_.empty() && blocks_.back().column == at_column && !blocks_.back().sequence) return true;
    if (!open_) return refuse("SB0101", at, "this key belongs to nothing above: its indentation fits no open map", "indent it like its sister keys");
  }
  if (blocks_.size() >= limits::yaml_depth)
    return refuse("SB0103", at, "more than " + std::to_string(limits::yaml_depth) + " levels of nesting", "flatten the document");
  blocks_.push_back({at_column, sequence});
  return true;
}

bool Scanner::properties() {
  if (property_here_) return refuse("SB0104", pos_, "more than one anchor or tag before a value", "keep one of them");
  property_first_ = text_.substr(line_, pos_ - line_).find_first_not_of(' ') == std::string_view::npos;
  return property();
}

bool Scanner::property() {
  const std::size_t start = pos_;
  if (peek() == '&') {
    ++pos_;
    while (!done() && name_character(text_[pos_])) ++pos_;
    if (pos_ == start + 1)
      return refuse("SB0104", start, "an anchor (`&`) needs a name of letters, digits, `-` and `_`", "quote the text if `&` is meant literally");
  } else {
    while (!done() && !blank_at(0) && (!in_flow() || (peek() != ',' && peek() != ']' && peek() != '}'))) ++pos_;
    const std::string_view tag = text_.substr(start, pos_ - start);
    if (!known_tag(tag))
      return refuse("SB0104", start, "the tag `" + std::string(tag) + "` is not part of the process language",
                    "delete the tag; quote a text that begins with `!`");
  }
  if (!blank_at(0)) return refuse("SB0104", pos_, "an anchor or tag must be followed by a space", "quote the text if it is meant literally");
  if (peek() == '\t') return refuse("SB0104", pos_, "a tab follows an anchor or tag", "use a space");
  property_here_ = true;
  return true;
}

bool Scanner::alias(Leaf& leaf) {
  leaf.alias = true;
  ++pos_;
  const std::size_t start = pos_;
  while (!done() && name_character(text_[pos_])) ++pos_;
  leaf.text = std::string(text_.substr(start, pos_ - start));
  if (leaf.text.empty())
    return refuse("SB0104", leaf.offset, "an alias (`*`) needs a name of letters, digits, `-` and `_`", "quote the text if `*` is meant literally");
  if (property_here_) return refuse("SB0101", leaf.offset, "an alias cannot have an anchor or tag", "delete the anchor or tag");
  std::size_t ahead = 0;
  while (peek(ahead) == ' ') ++ahead;
  if (colon_ends_key(ahead)) return refuse("SB0104", leaf.offset, "an alias as a key is not part of the process language", "write the key out");
  return true;
}

bool Scanner::value_or_key(std::size_t start) {
  const int at_column = column(start);
  if (peek() == '[' || peek() == '{') {
    if (!open_) return refuse("SB0101", start, "this value belongs to nothing above", "check the indentation and the colon of the key");
    open_ = false;
    return flow();
  }
  Leaf leaf;
  leaf.offset = leaf.content_offset = start;
  const bool may_be_key = line_start_;
  const std::size_t line_before = line_;
  switch (peek()) {
    case '"':
    case '\'':
      if (!quoted(leaf, parent_)) return false;
      break;
    case '|':
    case '>':
      if (!block_scalar(leaf)) return false;
      break;
    case '*':
      if (!alias(leaf)) return false;
      break;
    default:
      if (!plain(leaf, may_be_key)) return false;
  }
  if (line_ == line_before && !leaf.alias && leaf.style != Style::literal && leaf.style != Style::folded) {
    std::size_t ahead = 0;
    while (peek(ahead) == ' ') ++ahead;
    if (colon_ends_key(ahead)) {
      if (!may_be_key) return second_colon(pos_ + ahead, leaf.text);
      pos_ += ahead;
      leaf.key = true;
      return keep(std::move(leaf)) && enter_key(start);
    }
  }
  constexpr std::string_view wide_colon = "\xEF\xBC\x9A";
  if (const std::size_t colon = leaf.text.find(wide_colon); !open_ && leaf.style == Style::plain && colon != std::string::npos)
    return refuse("SB0101", start + colon, "the colon here is a full-width one (U+FF1A), which ends no key",
                  "write `key: value` with an ASCII colon and a space");
  if (!open_)
    return refuse("SB0101", start, "this line has no colon, and the text belongs to nothing above", "write `key: value`, or check the indentation");
  if (at_column <= parent_)
    return refuse("SB0101", start, "the value is not indented deeper than its key, and it has no colon to be a key itself",
                  "indent it, or write `key: value`");
  open_ = false;
  return keep(std::move(leaf));
}

// Behind a text that is a value already: `name: Pole: 2`, `{a: b c: d}`, `name {en: Pole}`.
bool Scanner::second_colon(std::size_t at, std::string_view text) {
  constexpr std::string_view quoted_text = "quote a text that holds `: `: '...'";
  const std::size_t word = text.find_last_of(' ');
  const std::string key(word == std::string_view::npos ? text : text.substr(word + 1));
  std::string hint(quoted_text);
  if (in_flow() && levels_.back().map && word != std::string_view::npos && !key.empty())
    hint = "is a comma missing before `" + key.substr(0, 40) + ":`? " + hint;
  else if (word == std::string_view::npos)
    hint += "; where `" + key.substr(0, 40) + "` is a key, it stands on the next line, indented, or in {...}";
  return refuse("SB0101", at, "a second `: ` in one line", std::move(hint));
}

bool Scanner::keep(Leaf leaf) {
  // A bound before the slow part; the exact count is the builder's.
  if (scan_.leaves.size() >= 2 * limits::yaml_nodes)
    return refuse("SB0103", leaf.offset, "more than " + std::to_string(limits::yaml_nodes) + " values in one file", "split the file");
  scan_.leaves.push_back(std::move(leaf));
  return true;
}

bool Scanner::enter_key(std::size_t start) {
  if (property_here_)
    return refuse("SB0104", start, "an anchor or tag on a key is not part of the process language", "put it behind the colon, before the value");
  if (pos_ - start > longest_key) return refuse("SB0103", start, "a key longer than 1024 bytes", "shorten the key");
  // `order {type: x}` and `order:{type: x}`: the key would be `order {type`.
  const std::string_view key = text_.substr(start, pos_ - start);
  const std::size_t bracket = key.find_first_of("{[");
  const auto count = [&](char c) { return std::count(key.begin(), key.end(), c); };
  const bool is_plain = key.front() != '"' && key.front() != '\'';
  if (is_plain && bracket != std::string_view::npos && (count('{') != count('}') || count('[') != count(']')))
    return refuse("SB0101", start + bracket, "this bracket stands inside a key", "is a colon missing before it? else quote the key");
  if (!enter_block(column(start), false, start)) return false;
  parent_ = column(start);
  open_ = true;
  line_start_ = false;
  ++pos_;  // the colon
  if (peek() == '\t') return refuse("SB0104", pos_, "a tab follows a colon", "use a space");
  return true;
}

bool Scanner::after_value() {
  // A block scalar has already stepped to the beginning of the next line.
  if (pos_ == line_) {
    if (pos_ > 0) --pos_;  // line() steps over it
    return true;
  }
  while (!done() && (peek() == ' ' || peek() == '\t')) ++pos_;
  if (done() || peek() == '\n') return true;
  if (peek() == '#') {
    if (!at_comment()) return refuse("SB0101", pos_, "a comment needs a space before `#`", "put a space before it, or quote the text");
    skip_to_line_end();
    return true;
  }
  if (peek() == ':')
    return refuse("SB0104", pos_, "a list, a map or a text over several lines as a key is not part of the process language",
                  "write a simple key on one line");
  return refuse("SB0101", pos_, "something follows a complete value on the same line", "delete it, or quote the whole text");
}

}  // namespace switchboard::notation::yaml
