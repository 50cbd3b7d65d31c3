// Flow collections: [a, b] and {a: b} (YAML 1.2.2, 7.4).
#include "base/limits.hpp"
#include "notation/yaml_scanner.hpp"

namespace switchboard::notation::yaml {

bool Scanner::flow() {
  const std::size_t base = levels_.size();
  do {
    if (!flow_gap()) return false;
    if (done())
      return refuse("SB0101", levels_.back().offset, "the bracket is never closed",
                    levels_.back().map ? "end the map with }" : "end the list with ]");
    if (!flow_item()) return false;
  } while (levels_.size() > base);
  return true;
}

// White space, comments and line breaks between two tokens.
bool Scanner::flow_gap() {
  while (!done()) {
    if (peek() == ' ') {
      ++pos_;
    } else if (peek() == '\t') {
      return refuse("SB0104", pos_, "a tab stands between two parts of a list or map", "use spaces");
    } else if (peek() == '\n') {
      next_line();
      property_here_ = false;
      if (at_marker(pos_)) return refuse("SB0101", pos_, "a document marker inside brackets", "close the brackets before this line");
    } else if (peek() == '#') {
      if (!at_comment()) return refuse("SB0101", pos_, "a comment needs a space before `#`", "put a space before it, or quote the text");
      skip_to_line_end();
    } else {
      break;
    }
  }
  if (done() || column(pos_) > parent_) return true;
  if (peek() == ']' || peek() == '}')
    return refuse("SB0101", pos_, "a closing bracket is not indented deeper than its key", "indent it by one space at least");
  const std::size_t at = levels_.empty() ? pos_ : levels_.back().offset;
  return refuse("SB0101", at, "the bracket is not closed before a line that is not indented deeper than its key",
                "close it, or indent the lines inside");
}

// An expression that is not quoted ends at its first bracket, or behind a quoted text at its beginning.
bool Scanner::missing_comma() {
  std::size_t before = pos_;
  while (before > line_ && text_[before - 1] == ' ') --before;
  const bool behind_end = before > line_ && std::string_view("]}\"'").find(text_[before - 1]) != std::string_view::npos;
  const char c = peek();
  const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  const bool is_expression =
      levels_.back().map && (c == '[' || c == '{' ? !behind_end || (c == '[' && text_[before - 1] == ']')
                                                  : behind_end && !letter && static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\'');
  if (levels_.back().map && !levels_.back().keyed && (c == '[' || c == '{'))
    return refuse("SB0101", pos_, "this key has no colon", "write `key: value`");
  if (is_expression)
    return refuse("SB0101", pos_, "the value of the key ends before this: YAML reads brackets and quotation marks as its own",
                  "quote the expression, all of it: '...'");
  return refuse("SB0101", pos_, "a comma is missing before this", "separate the entries with commas");
}

bool Scanner::flow_item() {
  const char c = peek();
  if (c == ']' || c == '}') return flow_close();
  if (c == ',') {
    FlowLevel& level = levels_.back();
    if (level.state == Flow::opened || level.state == Flow::after_comma)
      return refuse("SB0101", pos_, "a comma with nothing before it", "delete the comma");
    level.state = Flow::after_comma;
    level.keyed = false;
    property_here_ = false;
    ++pos_;
    return true;
  }
  if (!levels_.empty() && levels_.back().state == Flow::after_value) {
    if (c == ':') return refuse("SB0104", pos_, "a colon behind a value that cannot be a key", "write a simple key on one line");
    if (c == '%' && pos_ == line_)
      return refuse("SB0104", pos_, "a text that goes on in a line that begins with `%`", "quote the text, or put it on one line");
    return missing_comma();
  }
  if (c == '&' || c == '!') return properties();
  if (c == '[' || c == '{') {
    if (levels_.size() + blocks_.size() >= limits::yaml_depth)
      return refuse("SB0103", pos_, "more than " + std::to_string(limits::yaml_depth) + " levels of nesting", "flatten the document");
    if (!levels_.empty()) levels_.back().state = Flow::after_value;
    levels_.push_back({c == '{', Flow::opened, pos_, false});
    property_here_ = false;
    ++pos_;
    return true;
  }
  return flow_leaf();
}

bool Scanner::flow_close() {
  const FlowLevel level = levels_.back();
  if (level.map != (peek() == '}'))
    return refuse("SB0101", pos_, std::string("`") + peek() + "` closes a bracket that was opened as `" + (level.map ? "{" : "[") + "`",
                  "use the matching bracket");
  if (property_here_) return refuse("SB0104", pos_, "an anchor or tag without a value", "delete it");
  levels_.pop_back();
  ++pos_;
  if (in_flow()) {
    std::size_t ahead = 0;
    while (peek(ahead) == ' ') ++ahead;
    if (peek(ahead) == ':') return refuse("SB0104", pos_ + ahead, "a list or map as a key is not part of the process language", "write a simple key");
  }
  return true;
}

bool Scanner::flow_leaf() {
  FlowLevel& level = levels_.back();
  Leaf leaf;
  leaf.offset = leaf.content_offset = pos_;
  leaf.in_flow = true;
  const std::size_t line_before = line_;
  const bool is_quoted = peek() == '"' || peek() == '\'';
  if (is_quoted) {
    if (!quoted(leaf, parent_)) return false;
  } else if (peek() == '*') {
    if (!alias(leaf)) return false;
  } else if (peek() == '?' && blank_at(1)) {
    return refuse("SB0104", pos_, "a complex key (`? `) is not part of the process language", "write `key: value`");
  } else if (!plain(leaf, level.state != Flow::after_colon)) {
    return false;
  }
  std::size_t ahead = 0;
  while (peek(ahead) == ' ') ++ahead;
  const bool colon = colon_ends_key(ahead) || (is_quoted && peek(ahead) == ':');
  if (colon) {
    if (line_ != line_before)
      return refuse("SB0104", leaf.offset, "a key over several lines is not part of the process language", "write the key on one line");
    if (level.state == Flow::after_colon) return refuse("SB0101", pos_ + ahead, "a second `: ` in one entry", "quote the text: '...'");
    if (property_here_)
      return refuse("SB0104", leaf.offset, "an anchor or tag on a key is not part of the process language", "put it behind the colon");
    if (pos_ - leaf.offset > 1024) return refuse("SB0103", leaf.offset, "a key longer than 1024 bytes", "shorten the key");
    pos_ += ahead + 1;
    leaf.key = true;
    level.state = Flow::after_colon;
    level.keyed = true;
  } else {
    level.state = Flow::after_value;
  }
  property_here_ = false;
  return keep(std::move(leaf));
}

}  // namespace switchboard::notation::yaml
