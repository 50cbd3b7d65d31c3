#include "feel/regex_parser.hpp"

#include <fmt/format.h>

#include "feel/utf8.hpp"

namespace switchboard::feel {
namespace {

constexpr std::size_t max_groups = 100;
constexpr std::size_t max_code = 20'000;
constexpr std::uint32_t unbounded = 0xffff'ffffu;

CharSet one(char32_t c) {
  CharSet out;
  out.add(c, c);
  return out;
}

CharSet complement_of(CharSet set) {
  set.complement();
  return set;
}

CharSet space_set() {
  CharSet out;
  out.add(0x9, 0xa);
  out.add(0xd, 0xd);
  out.add(0x20, 0x20);
  return out;
}

/// XML names: \i and \c of XML Schema.
CharSet name_set(bool start) {
  CharSet out;
  const auto add = [&out](std::initializer_list<std::pair<char32_t, char32_t>> ranges) {
    for (const auto& [first, last] : ranges) out.add(first, last);
  };
  add({{':', ':'}, {'A', 'Z'}, {'_', '_'}, {'a', 'z'}, {0xc0, 0xd6}, {0xd8, 0xf6}, {0xf8, 0x2ff}, {0x370, 0x37d}, {0x37f, 0x1fff}, {0x200c, 0x200d}});
  add({{0x2070, 0x218f}, {0x2c00, 0x2fef}, {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff}});
  if (!start) add({{'-', '-'}, {'.', '.'}, {'0', '9'}, {0xb7, 0xb7}, {0x300, 0x36f}, {0x203f, 0x2040}});
  return out;
}

CharSet word_set() {
  CharSet out;
  for (const auto* category : {"P", "Z", "C"}) out.add(*category_set(category));
  out.complement();
  return out;
}

/// \d, \s, \w, \i, \c and their complements.
std::optional<CharSet> multi_escape(char32_t c) {
  switch (c) {
    case 'd': return category_set("Nd");
    case 'D': return complement_of(*category_set("Nd"));
    case 's': return space_set();
    case 'S': return complement_of(space_set());
    case 'w': return word_set();
    case 'W': return complement_of(word_set());
    case 'i': return name_set(true);
    case 'I': return complement_of(name_set(true));
    case 'c': return name_set(false);
    case 'C': return complement_of(name_set(false));
    default: return std::nullopt;
  }
}

/// The character of a single-character escape; 0 when there is none.
char32_t single_escape(char32_t c) {
  switch (c) {
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return std::u32string_view(U"\\|.-^?*+{}()[]$").find(c) != std::u32string_view::npos ? c : 0;
  }
}

bool is_decimal_digit(char32_t c) { return c >= '0' && c <= '9'; }

}  // namespace

std::variant<Regex, std::string> RegexParser::run() {
  if (!read_flags()) return error_;
  for (std::size_t i = 0; i < source_.size();) {
    const CodePoint c = code_point_at(source_, i);
    text_ += c.value;
    i += c.length;
  }
  if (free_spacing_ && !literal_) drop_space();
  PiecePtr whole;
  if (literal_) {
    whole = std::make_unique<Piece>();
    for (const char32_t c : text_) whole->items.push_back(char_piece(c));
  } else {
    whole = choice();
    if (whole != nullptr && !end()) fail("unexpected `)`");
  }
  if (!error_.empty()) return error_;
  add(Regex::Op::save, 0, 0);
  emit(*whole);
  add(Regex::Op::save, 1, 0);
  add(Regex::Op::match, 0, 0);
  if (!error_.empty()) return error_;
  for (const auto& set : out_.sets_) set.freeze();
  out_.group_count_ = closed_groups_.size();
  return std::move(out_);
}

bool RegexParser::read_flags() {
  for (const char f : flags_) {
    switch (f) {
      case 's': dot_all_ = true; break;
      case 'm': multiline_ = true; break;
      case 'i': out_.ignore_case_ = true; break;
      case 'x': free_spacing_ = true; break;
      case 'q': literal_ = true; break;
      default: error_ = fmt::format("unknown flag `{}` (flags are s, m, i, x, q)", f); return false;
    }
  }
  return true;
}

/// Flag x: white space goes, except in character classes (even between `\` and what it escapes: XPath 3.1, 5.6.2).
void RegexParser::drop_space() {
  std::u32string kept;
  int classes = 0;
  bool escaped = false;
  for (const char32_t c : text_) {
    const bool space = c == 0x9 || c == 0xa || c == 0xd || c == 0x20;
    if (space && classes == 0) continue;
    if (!escaped && c == '[') ++classes;
    if (!escaped && c == ']') --classes;
    escaped = !escaped && c == '\\';
    kept += c;
  }
  text_ = std::move(kept);
}

bool RegexParser::take(char32_t c) {
  if (end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

RegexParser::PiecePtr RegexParser::fail(std::string message) {
  if (error_.empty()) error_ = std::move(message);
  return nullptr;
}

RegexParser::PiecePtr RegexParser::choice() {
  if (++depth_ > max_groups) return fail("the pattern is nested too deeply");
  auto first = sequence();
  if (first == nullptr || peek() != '|') {
    --depth_;
    return first;
  }
  auto out = std::make_unique<Piece>();
  out->kind = Piece::Kind::choice;
  out->items.push_back(std::move(first));
  while (take('|')) {
    auto next = sequence();
    if (next == nullptr) return nullptr;
    out->items.push_back(std::move(next));
  }
  --depth_;
  return out;
}

RegexParser::PiecePtr RegexParser::sequence() {
  auto out = std::make_unique<Piece>();
  while (!end() && peek() != '|' && peek() != ')') {
    auto piece = atom();
    if (piece == nullptr) return nullptr;
    piece = quantified(std::move(piece));
    if (piece == nullptr) return nullptr;
    out->items.push_back(std::move(piece));
  }
  return out;
}

RegexParser::PiecePtr RegexParser::atom() {
  const char32_t c = text_[at_++];
  switch (c) {
    case '(': return group();
    case '[': {
      auto set = char_class();
      return set ? set_piece(std::move(*set)) : nullptr;
    }
    case '\\': return escape();
    case '.': {
      CharSet set;
      if (!dot_all_) {
        set.add('\n', '\n');
        set.add('\r', '\r');
      }
      set.complement();
      return set_piece(std::move(set));
    }
    case '^':
    case '$': {
      auto out = std::make_unique<Piece>();
      out->kind = c == '^' ? Piece::Kind::anchor_start : Piece::Kind::anchor_end;
      return out;
    }
    case '?':
    case '*':
    case '+': return fail(fmt::format("`{}` has nothing to repeat", static_cast<char>(c)));
    case '{':
    case '}':
    case ']': return fail(fmt::format("`{}` must be written as \\{}", static_cast<char>(c), static_cast<char>(c)));
    default: return char_piece(c);
  }
}

RegexParser::PiecePtr RegexParser::group() {
  auto out = std::make_unique<Piece>();
  out->kind = Piece::Kind::capture;
  if (take('?')) {
    if (!take(':')) return fail("`(?` is only known as `(?:`");
    out->kind = Piece::Kind::group;
  } else {
    out->index = static_cast<std::uint32_t>(closed_groups_.size());
    closed_groups_.push_back(false);
  }
  auto inner = choice();
  if (inner == nullptr) return nullptr;
  if (!take(')')) return fail("`(` is never closed");
  if (out->kind == Piece::Kind::capture) closed_groups_[out->index] = true;
  out->items.push_back(std::move(inner));
  return out;
}

RegexParser::PiecePtr RegexParser::escape() {
  if (end()) return fail("the pattern ends in `\\`");
  if (peek() >= '1' && peek() <= '9') return back_reference();
  bool single = false;
  char32_t value = 0;
  auto set = class_escape(single, value);
  if (!set) return nullptr;
  return single ? char_piece(value) : set_piece(std::move(*set));
}

/// The longest number that is a group closed before.
RegexParser::PiecePtr RegexParser::back_reference() {
  std::size_t group = text_[at_++] - '0';
  while (is_decimal_digit(peek()) && group * 10 + (peek() - '0') < closed_groups_.size()) group = group * 10 + (text_[at_++] - '0');
  if (group >= closed_groups_.size() || !closed_groups_[group]) return fail(fmt::format("there is no group {} before \\{}", group, group));
  out_.back_references_ = true;
  auto out = std::make_unique<Piece>();
  out->kind = Piece::Kind::back_reference;
  out->index = static_cast<std::uint32_t>(group);
  return out;
}

/// After `\`: one character (then `single`) or a class of them.
std::optional<CharSet> RegexParser::class_escape(bool& single, char32_t& value) {
  if (end()) {
    fail("the pattern ends in `\\`");
    return std::nullopt;
  }
  const char32_t c = text_[at_++];
  if (c == 'p' || c == 'P') return property(c == 'P');
  if (auto set = multi_escape(c)) return set;
  value = single_escape(c);
  if (value == 0) {
    std::string shown;
    append_utf8(shown, c);
    fail(fmt::format("unknown escape \\{}", shown));
    return std::nullopt;
  }
  single = true;
  return one(value);
}

std::optional<CharSet> RegexParser::property(bool negative) {
  std::string name;
  bool closed = take('{');
  while (closed && !end() && peek() != '}') append_utf8(name, text_[at_++]);
  closed = closed && take('}');
  auto set = name.starts_with("Is") ? block_set(name) : category_set(name);
  if (!closed || !set) {
    fail(fmt::format("unknown class \\p{{{}}}", name));
    return std::nullopt;
  }
  if (negative) set->complement();
  return set;
}

/// One member of a character class: a character, a range of them, or an escape that stands for many. `plain` gets what has case variants.
bool RegexParser::class_member(CharSet& plain, CharSet& classes) {
  char32_t first = text_[at_++];
  bool single = first != '\\';
  if (first == '[' || first == ']') {
    fail("`[` and `]` in a character class must be written as \\[ and \\]");
    return false;
  }
  if (!single) {
    const auto set = class_escape(single, first);
    if (!set) return false;
    if (!single) {
      classes.add(*set);
      return true;
    }
  }
  char32_t last = first;
  const bool range = peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] != ']' && text_[at_ + 1] != '[';
  if (range && !range_end(first, last)) return false;
  plain.add(first, last);
  return true;
}

/// The end of `a-z`, from the `-` on.
bool RegexParser::range_end(char32_t first, char32_t& last) {
  ++at_;
  last = text_[at_++];
  bool single = last != '\\';
  if (!single && (!class_escape(single, last) || !single)) {
    fail("a range of characters needs two characters");
    return false;
  }
  if (last < first) {
    fail("a range of characters goes backwards");
    return false;
  }
  return true;
}

std::optional<CharSet> RegexParser::char_class() {
  if (++depth_ > max_groups) {
    fail("the pattern is nested too deeply");
    return std::nullopt;
  }
  const bool negative = take('^');
  CharSet plain;
  CharSet classes;
  std::optional<CharSet> without;
  for (bool empty = true; !end() && (empty || peek() != ']'); empty = false) {
    if (!empty && peek() == '-' && at_ + 1 < text_.size() && text_[at_ + 1] == '[') {
      at_ += 2;
      without = char_class();
      if (!without) return std::nullopt;
      break;
    }
    if (!class_member(plain, classes)) return std::nullopt;
  }
  if (!take(']')) {
    fail("`[` is never closed");
    return std::nullopt;
  }
  --depth_;
  if (out_.ignore_case_) plain.add_case_variants();
  plain.add(classes);
  if (negative) plain.complement();
  if (without) plain.remove(*without);
  return plain;
}

RegexParser::PiecePtr RegexParser::set_piece(CharSet set) {
  auto out = std::make_unique<Piece>();
  out->kind = Piece::Kind::set;
  out->index = static_cast<std::uint32_t>(out_.sets_.size());
  out_.sets_.push_back(std::move(set));
  return out;
}

RegexParser::PiecePtr RegexParser::char_piece(char32_t c) {
  CharSet set = one(c);
  if (out_.ignore_case_) {
    for (const char32_t variant : case_variants(c)) set.add(variant, variant);
  }
  return set_piece(std::move(set));
}

RegexParser::PiecePtr RegexParser::quantified(PiecePtr piece) {
  std::uint32_t least = 0;
  std::uint32_t most = unbounded;
  if (take('?')) {
    most = 1;
  } else if (take('+')) {
    least = 1;
  } else if (take('{')) {
    if (!counted(least, most)) return fail("a quantity is written {n}, {n,} or {n,m} with n <= m <= 1000");
  } else if (!take('*')) {
    return piece;
  }
  auto out = std::make_unique<Piece>();
  out->kind = Piece::Kind::repeat;
  out->least = least;
  out->most = most;
  out->lazy = take('?');
  out->items.push_back(std::move(piece));
  if (peek() == '*' || peek() == '+' || peek() == '?' || peek() == '{') return fail("two quantifiers in a row");
  return out;
}

bool RegexParser::counted(std::uint32_t& least, std::uint32_t& most) {
  const auto number = [this](std::uint32_t& out) {
    if (!is_decimal_digit(peek())) return false;
    out = 0;
    while (is_decimal_digit(peek()) && out <= 1000) out = out * 10 + (text_[at_++] - '0');
    return out <= 1000;
  };
  if (!number(least)) return false;
  most = least;
  if (take(',')) {
    most = unbounded;
    if (is_decimal_digit(peek()) && (!number(most) || most < least)) return false;
  }
  return take('}');
}

// --- instructions ---

std::uint32_t RegexParser::add(Regex::Op op, std::uint32_t x, std::uint32_t y) {
  if (out_.code_.size() >= max_code) fail("the pattern is too large");
  if (error_.empty()) out_.code_.push_back({op, x, y});
  return static_cast<std::uint32_t>(out_.code_.size() - 1);
}

void RegexParser::emit(const Piece& piece) {
  if (!error_.empty()) return;
  const auto here = [this] { return static_cast<std::uint32_t>(out_.code_.size()); };
  switch (piece.kind) {
    case Piece::Kind::set: add(Regex::Op::set, piece.index, 0); return;
    case Piece::Kind::sequence:
    case Piece::Kind::group:
      for (const auto& item : piece.items) emit(*item);
      return;
    case Piece::Kind::capture:
      add(Regex::Op::save, piece.index * 2, 0);
      emit(*piece.items.front());
      add(Regex::Op::save, piece.index * 2 + 1, 0);
      return;
    case Piece::Kind::choice: {
      std::vector<std::uint32_t> jumps;
      for (std::size_t i = 0; i + 1 < piece.items.size() && error_.empty(); ++i) {
        const std::uint32_t split = add(Regex::Op::split, here() + 1, 0);
        emit(*piece.items[i]);
        jumps.push_back(add(Regex::Op::jump, 0, 0));
        if (error_.empty()) out_.code_[split].y = here();
      }
      emit(*piece.items.back());
      if (!error_.empty()) return;
      for (const auto jump : jumps) out_.code_[jump].x = here();
      return;
    }
    case Piece::Kind::repeat: emit_repeat(piece); return;
    case Piece::Kind::anchor_start: add(multiline_ ? Regex::Op::line_start : Regex::Op::text_start, 0, 0); return;
    case Piece::Kind::anchor_end: add(multiline_ ? Regex::Op::line_end : Regex::Op::text_end, 0, 0); return;
    case Piece::Kind::back_reference: add(Regex::Op::back_reference, piece.index, 0); return;
  }
}

void RegexParser::emit_repeat(const Piece& piece) {
  const Piece& body = *piece.items.front();
  for (std::uint32_t i = 0; i < piece.least && error_.empty(); ++i) emit(body);
  if (piece.most == unbounded) {
    emit_star(body, piece.lazy);
    return;
  }
  std::vector<std::uint32_t> splits;
  for (std::uint32_t i = piece.least; i < piece.most && error_.empty(); ++i) {
    const auto next = static_cast<std::uint32_t>(out_.code_.size() + 1);
    splits.push_back(add(Regex::Op::split, next, 0));
    emit(body);
  }
  if (!error_.empty()) return;
  for (const auto split : splits) {
    auto& s = out_.code_[split];
    s.y = static_cast<std::uint32_t>(out_.code_.size());
    if (piece.lazy) std::swap(s.x, s.y);
  }
}

/// split out | mark body progress jump: an iteration that took nothing is not repeated.
void RegexParser::emit_star(const Piece& body, bool lazy) {
  const auto mark = static_cast<std::uint32_t>(out_.mark_count_++);
  const auto start = static_cast<std::uint32_t>(out_.code_.size());
  add(Regex::Op::split, start + 1, 0);
  add(Regex::Op::mark, mark, 0);
  emit(body);
  add(Regex::Op::progress, mark, 0);
  add(Regex::Op::jump, start, 0);
  if (!error_.empty()) return;
  auto& s = out_.code_[start];
  s.y = static_cast<std::uint32_t>(out_.code_.size());
  if (lazy) std::swap(s.x, s.y);
}

}  // namespace switchboard::feel
