// Scalars: quoted (YAML 1.2.2, 7.3.1 and 7.3.2), plain (7.3.3), block (8.1).
#include <cstdint>

#include "base/limits.hpp"
#include "notation/yaml_scanner.hpp"

namespace switchboard::notation::yaml {

namespace {

void append_code_point(std::string& out, std::uint32_t c) {
  const auto byte = [&out](std::uint32_t b) { out += static_cast<char>(static_cast<unsigned char>(b)); };
  if (c < 0x80) return byte(c);
  if (c < 0x800) {
    byte(0xC0 | (c >> 6));
  } else {
    if (c < 0x10000) {
      byte(0xE0 | (c >> 12));
    } else {
      byte(0xF0 | (c >> 18));
      byte(0x80 | ((c >> 12) & 0x3F));
    }
    byte(0x80 | ((c >> 6) & 0x3F));
  }
  byte(0x80 | (c & 0x3F));
}

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

bool Scanner::quoted(Leaf& leaf, int parent) {
  const std::size_t start = pos_;
  const char quote = text_[pos_++];
  leaf.style = quote == '"' ? Style::double_quoted : Style::single_quoted;
  leaf.content_offset = pos_;
  std::size_t kept = 0;  // how much of leaf.text a line break must not trim
  while (true) {
    if (done()) return refuse("SB0101", start, "the quotation mark is never closed", std::string("end the text with ") + quote);
    const char c = text_[pos_];
    if (c == '\n') {
      if (!line_fold(leaf.text, parent, start, kept)) return false;
    } else if (c == '\\' && quote == '"') {
      if (!escape(leaf.text, kept)) return false;
    } else if (c == quote) {
      ++pos_;
      if (quote == '\'' && !done() && text_[pos_] == '\'') {
        leaf.text += '\'';
        ++pos_;
        continue;
      }
      return true;
    } else {
      leaf.text += c;
      ++pos_;
    }
  }
}

bool Scanner::line_fold(std::string& out, int parent, std::size_t start, std::size_t& kept) {
  while (out.size() > kept && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
  std::size_t breaks = 0;
  while (!done() && text_[pos_] == '\n') {
    next_line();
    ++breaks;
    if (at_marker(pos_)) return refuse("SB0101", pos_, "a document marker inside a quoted text", "close the quotation mark before this line");
    skip_spaces();
    const std::size_t spaces = pos_;
    while (!done() && (text_[pos_] == ' ' || text_[pos_] == '\t')) ++pos_;
    if (!done() && text_[pos_] != '\n' && column(spaces) <= parent)
      return refuse("SB0101", start, "the quotation mark is not closed before a line that is not indented deeper than its key",
                    "close it, or indent the lines of the text with spaces");
  }
  if (breaks == 1)
    out += ' ';
  else
    out.append(breaks - 1, '\n');
  kept = out.size();
  return true;
}

bool Scanner::escape(std::string& out, std::size_t& kept) {
  const char c = peek(1);
  const std::size_t at = pos_;
  pos_ += 2;
  switch (c) {
    case 'a': out += '\a'; break;
    case 'b': out += '\b'; break;
    case 't':
    case '\t': out += '\t'; break;
    case 'n': out += '\n'; break;
    case 'v': out += '\v'; break;
    case 'f': out += '\f'; break;
    case 'r': out += '\r'; break;
    case 'e': out += '\x1b'; break;
    case ' ': out += ' '; break;
    case '"': out += '"'; break;
    case '/': out += '/'; break;
    case '\\': out += '\\'; break;
    case 'N': append_code_point(out, 0x85); break;
    case '_': append_code_point(out, 0xA0); break;
    case 'L': append_code_point(out, 0x2028); break;
    case 'P': append_code_point(out, 0x2029); break;
    case 'x':
      if (!hex_escape(out, 2)) return false;
      break;
    case 'u':
      if (!hex_escape(out, 4)) return false;
      break;
    case 'U':
      if (!hex_escape(out, 8)) return false;
      break;
    case '\n': return refuse("SB0104", at, "an escaped line break is not part of the process language", "use a block text (`|` or `>`)");
    case '0': return refuse("SB0102", at, "a NUL character in a text", "delete it");
    default: return refuse("SB0101", at, std::string("unknown escape `\\") + c + "`", "write `\\\\` for a backslash, or use single quotes");
  }
  kept = out.size();
  return true;
}

bool Scanner::hex_escape(std::string& out, std::size_t digits) {
  const std::size_t at = pos_ - 2;
  std::uint32_t code = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const int digit = hex_value(peek());
    if (digit < 0 || done())
      return refuse("SB0101", at, "an escape needs " + std::to_string(digits) + " hexadecimal digits", "write the character itself");
    code = code * 16 + static_cast<std::uint32_t>(digit);
    ++pos_;
  }
  if (code == 0) return refuse("SB0102", at, "a NUL character in a text", "delete it");
  if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
    return refuse("SB0102", at, "an escape that is no character of Unicode", "write the character itself");
  append_code_point(out, code);
  return true;
}

bool Scanner::plain_start() {
  const char c = peek();
  if (c == '-' || c == '?' || c == ':') {
    const char next = peek(1);
    const bool fine = !blank_at(1) && !(in_flow() && (next == ',' || next == '[' || next == ']' || next == '{' || next == '}'));
    if (fine && !(in_flow() && c == '?')) return true;
    if (c == ':') return refuse("SB0104", pos_, "a key is missing before the colon", "write `key: value`");
    return refuse(fine ? "SB0104" : "SB0101", pos_, std::string("an unquoted text cannot begin with `") + c + "` here", "quote it: '...'");
  }
  if (std::string_view(",[]{}#&*!|>'\"%@`").find(c) != std::string_view::npos)
    return refuse("SB0101", pos_, std::string("an unquoted text cannot begin with `") + c + "`", "quote it: '...'");
  return true;
}

void Scanner::plain_piece(std::string& out) {
  const std::size_t start = pos_;
  while (!done() && peek() != '\n') {
    if (colon_ends_key(0)) break;
    if (peek() == '#' && pos_ > start && (text_[pos_ - 1] == ' ' || text_[pos_ - 1] == '\t')) break;
    if (in_flow() && (peek() == ',' || peek() == '[' || peek() == ']' || peek() == '{' || peek() == '}')) break;
    ++pos_;
  }
  std::size_t end = pos_;
  while (end > start && (text_[end - 1] == ' ' || text_[end - 1] == '\t')) --end;
  out += text_.substr(start, end - start);
}

bool Scanner::plain(Leaf& leaf, bool may_be_key) {
  if (!plain_start()) return false;
  plain_piece(leaf.text);
  leaf.end = pos_;
  if (!done() && peek() == '#') return true;
  if (colon_ends_key(0)) {
    if (!may_be_key) return second_colon(pos_, leaf.text);
    pos_ = leaf.offset + leaf.text.size();
    return true;
  }
  if (in_flow() && peek() != '\n') return true;
  return plain_continues(leaf, may_be_key);
}

bool Scanner::plain_continues(Leaf& leaf, bool may_be_key) {
  std::size_t tab = text_.size();  // in front of the line that goes on, if there is one
  // In a map in brackets a key may go on over lines (YAML 1.2.2, 7.4.2); elsewhere it may not.
  const bool left_out = in_flow() && levels_.back().map && levels_.back().state != Flow::after_colon;
  const auto stray_colon = [&](std::string_view message) {
    if (tab < text_.size()) return refuse(left_out ? "SB0104" : "SB0101", tab, "a tab is used for indentation", "indent with spaces");
    if (may_be_key && !in_flow())
      return refuse(left_out ? "SB0104" : "SB0101", leaf.offset, "this line has no colon",
                    "write `key:` or `key: value`; quote a text over several lines that holds `: `");
    return refuse(left_out ? "SB0104" : "SB0101", pos_, std::string(message), "quote the text, or check the indentation of the key");
  };
  while (!done() && peek() == '\n') {
    // Look ahead for the next line that holds something.
    std::size_t next = pos_;
    std::size_t begin = pos_;
    std::size_t breaks = 0;
    while (next < text_.size() && text_[next] == '\n') {
      ++breaks;
      begin = ++next;
      while (next < text_.size() && text_[next] == ' ') ++next;
      const std::size_t spaces = next;
      while (next < text_.size() && (text_[next] == ' ' || text_[next] == '\t')) ++next;
      if (next < text_.size() && text_[next] != '\n' && text_[next] != '#' && static_cast<int>(spaces - begin) > parent_ && spaces != next)
        return refuse("SB0104", spaces, "a tab is used for indentation", "indent with spaces");
      tab = spaces != next ? spaces : text_.size();
    }
    if (next >= text_.size() || text_[next] == '#' || at_marker(begin)) return true;
    if (static_cast<int>(next - begin) <= parent_) return true;
    if (in_flow() && std::string_view(",[]{}\"'&*!|>%@`").find(text_[next]) != std::string_view::npos) return true;
    pos_ = next;
    line_ = begin;
    if (peek() == '-' && blank_at(1))
      return refuse("SB0104", pos_, "a `- ` line goes on with the text above it", "give the key above no value of its own, or quote the text");
    if (colon_ends_key(0)) return stray_colon("a colon stands in front of its line");
    if (breaks == 1)
      leaf.text += ' ';
    else
      leaf.text.append(breaks - 1, '\n');
    plain_piece(leaf.text);
    leaf.end = pos_;
    if (colon_ends_key(0)) return stray_colon("a `: ` in a line that goes on with the text above it");
    if (!done() && peek() == '#') return true;
    if (in_flow() && peek() != '\n') return true;
  }
  return true;
}

bool Scanner::block_header(char& chomp) {
  ++pos_;
  chomp = ' ';
  if (peek() == '+' || peek() == '-') chomp = text_[pos_++];
  if (peek() >= '0' && peek() <= '9')
    return refuse("SB0104", pos_, "an indentation indicator of a block text is not part of the process language",
                  "use a double-quoted text for leading spaces");
  const std::size_t end = pos_;
  skip_spaces();
  if (peek() == '#' && pos_ > end) skip_to_line_end();
  if (!done() && peek() != '\n')
    return refuse("SB0101", pos_, "only `+` or `-` may follow `|` or `>`",
                  "begin the text on the next line; quote a text that begins with `|` or `>`");
  return true;
}

// The indentation of a block text is that of its first line that is not blank; 0 when there is none.
bool Scanner::block_indentation(std::size_t from, std::size_t& indentation) {
  std::size_t widest = 0;
  std::size_t widest_at = from;
  indentation = 0;
  for (std::size_t at = from; at < text_.size();) {
    std::size_t next = at;
    while (next < text_.size() && text_[next] == ' ') ++next;
    const std::size_t spaces = next - at;
    if (next < text_.size() && text_[next] == '\n') {
      if (spaces > widest) {
        widest = spaces;
        widest_at = at;
      }
      at = next + 1;
      continue;
    }
    if (next >= text_.size()) {
      if (spaces > widest) widest = spaces;
      break;
    }
    if (static_cast<int>(spaces) <= parent_) {
      if (text_[next] == '\t') return refuse("SB0101", next, "a tab is used for indentation", "indent with spaces");
      if (text_[next] == '#' && spaces > 0 && widest > spaces)
        return refuse("SB0101", at, "a comment stands inside an empty block text", "delete the blank lines before it");
      break;
    }
    if (widest > spaces)
      return refuse("SB0101", widest_at, "a blank line at the head of a block text is indented deeper than the text", "empty the line");
    indentation = spaces;
    return true;
  }
  return true;
}

bool Scanner::block_scalar(Leaf& leaf) {
  leaf.style = peek() == '|' ? Style::literal : Style::folded;
  if (!open_) return refuse("SB0101", pos_, "this text belongs to nothing above", "check the indentation and the colon of the key");
  if (parent_ < 0) return refuse("SB0104", pos_, "a document that is one block text is not part of the process language", "write a map");
  char chomp = ' ';
  if (!block_header(chomp)) return false;
  next_line();
  std::size_t indentation = 0;
  if (!block_indentation(pos_, indentation)) return false;
  std::size_t blank = 0;  // line breaks not yet known to be inside
  bool first = true;
  while (!done()) {
    std::size_t next = pos_;
    while (next < text_.size() && text_[next] == ' ' && (indentation == 0 || next - pos_ < indentation)) ++next;
    const bool line_is_blank = next >= text_.size() || text_[next] == '\n';
    if (line_is_blank) {
      ++blank;
    } else {
      if (indentation == 0 || next - pos_ < indentation) break;
      leaf.text.append(blank, '\n');
      blank = 0;
      if (first) leaf.content_offset = next;
      first = false;
      const std::size_t end = std::min(text_.find('\n', next), text_.size());
      leaf.text += text_.substr(next, end - next);
      blank = 1;
      next = end;
    }
    pos_ = next;
    if (done()) break;
    next_line();
  }
  if (chomp == '+')
    leaf.text.append(blank, '\n');
  else if (chomp == ' ' && !first)
    leaf.text += '\n';
  if (done()) line_ = text_.size();
  pos_ = line_;
  return true;
}

}  // namespace switchboard::notation::yaml
