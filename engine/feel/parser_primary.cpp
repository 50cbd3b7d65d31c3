// Literals, lists, ranges, contexts, names and the expressions that begin with a keyword.
#include <fmt/format.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "feel/builtin.hpp"
#include "feel/literal.hpp"
#include "feel/names.hpp"
#include "feel/parser.hpp"
#include "feel/type_text.hpp"
#include "feel/utf8.hpp"

namespace switchboard::feel {
namespace {

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

SyntaxPtr Parser::primary() {
  space();
  if (failed_) return nullptr;
  if (at_ >= text_.size()) return fail("expected an expression", "", "expression");
  const char c = text_[at_];
  const char next = at_ + 1 < text_.size() ? text_[at_ + 1] : '\0';
  if (is_digit(c) || (c == '.' && is_digit(next))) return number();
  switch (c) {
    case '"': return string_literal();
    case '@': return at_literal();
    case '[': return list_or_range();
    case ']': return open_range();
    case '(': return parenthesis();
    case '{': return context();
    case '<':
    case '>':
    case '=': return unary_range();
    case '!':
      if (next == '=') return unary_range();
      return word();
    default: return word();
  }
}

SyntaxPtr Parser::number() {
  const std::size_t start = at_;
  const auto digits = [this] {
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
  };
  digits();
  if (at_ + 1 < text_.size() && text_[at_] == '.' && is_digit(text_[at_ + 1])) {
    ++at_;
    digits();
  }
  if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
    std::size_t probe = at_ + 1;
    if (probe < text_.size() && (text_[probe] == '+' || text_[probe] == '-')) ++probe;
    if (probe < text_.size() && is_digit(text_[probe])) {
      at_ = probe;
      digits();
    }
  }
  const auto value = Decimal::parse(text_.substr(start, at_ - start));
  if (!value) return fail_at(start, at_ - start, "SB0214", "the number is out of range", "numbers have 34 digits and go up to 10^6144");
  auto node = make(SyntaxKind::literal, start);
  node->value = Value(*value);
  return finish(std::move(node));
}

SyntaxPtr Parser::string_literal() {
  const std::size_t start = at_;
  auto text = string_text();
  if (!text) return nullptr;
  auto node = make(SyntaxKind::literal, start);
  node->value = Value(std::move(*text));
  return finish(std::move(node));
}

std::optional<std::string> Parser::string_text() {
  const std::size_t start = at_++;
  std::string out;
  while (at_ < text_.size()) {
    const char c = text_[at_++];
    if (c == '"') return out;
    if (c != '\\') {
      out += c;
    } else if (!escape(out)) {
      return std::nullopt;
    }
  }
  fail_at(start, 1, "SB0201", "the string is never closed", "close it with \"");
  return std::nullopt;
}

/// An escape that FEEL does not know stands for itself, so that regular expressions read well: "\d".
bool Parser::escape(std::string& out) {
  if (at_ >= text_.size()) return true;
  const char c = text_[at_++];
  switch (c) {
    case 'n': out += '\n'; return true;
    case 'r': out += '\r'; return true;
    case 't': out += '\t'; return true;
    case '"': out += '"'; return true;
    case '\'': out += '\''; return true;
    case '\\': out += '\\'; return true;
    case 'u': return hex_escape(4, out);
    case 'U': return hex_escape(6, out);
    default:
      out += '\\';
      out += c;
      return true;
  }
}

bool Parser::hex_escape(std::size_t digits, std::string& out) {
  const auto read = [this](std::size_t at, std::size_t count) -> std::optional<char32_t> {
    char32_t v = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const int d = at + i < text_.size() ? hex_digit(text_[at + i]) : -1;
      if (d < 0) return std::nullopt;
      v = v * 16 + static_cast<char32_t>(d);
    }
    return v;
  };
  auto value = read(at_, digits);
  if (value && *value >= 0xd800 && *value < 0xdc00 && text_.substr(at_ + digits, 2) == "\\u") {  // a surrogate pair
    const auto low = read(at_ + digits + 2, 4);
    if (low && *low >= 0xdc00 && *low < 0xe000) {
      value = 0x10000 + ((*value - 0xd800) << 10) + (*low - 0xdc00);
      at_ += 6;
    }
  }
  if (!value || *value > 0x10ffff || (*value >= 0xd800 && *value < 0xe000)) {
    fail_at(at_ - 2, digits + 2, "SB0214", "not a Unicode escape",
            fmt::format("write \\{} and {} hexadecimal digits of a character", digits == 4 ? 'u' : 'U', digits));
    return false;
  }
  at_ += digits;
  append_utf8(out, *value);
  return true;
}

SyntaxPtr Parser::at_literal() {
  const std::size_t start = at_++;
  space();
  if (!peek("\"")) return fail("expected a string after `@`", "", "@");
  auto text = string_text();
  if (!text) return nullptr;
  auto node = make(SyntaxKind::literal, start);
  node->value = parse_at_literal(*text);
  if (node->value.is_null()) node->text = std::move(*text);  // null, and a problem of meaning
  return finish(std::move(node));
}

SyntaxPtr Parser::list_or_range() {
  const std::size_t start = at_++;
  const Nesting nesting(*this);
  if (!nesting.ok()) return nullptr;
  auto node = make(SyntaxKind::list, start);
  if (take("]")) return finish(std::move(node));
  do {
    // `]` may begin a range, but hardly after the last comma.
    if (peek("]") && text_.find("..", at_) == std::string_view::npos) return fail("expected an item after `,`", "leave the last `,` out");
    auto item = any_expression();
    if (item == nullptr) return nullptr;
    if (node->items.empty() && peek("..")) return range_tail(std::move(item), true, start);
    node->items.push_back(std::move(item));
  } while (take(","));
  if (!expect("]", "at the end of the list")) return nullptr;
  return finish(std::move(node));
}

SyntaxPtr Parser::open_range() {
  const std::size_t start = at_++;
  const Nesting nesting(*this);
  if (!nesting.ok()) return nullptr;
  auto low = any_expression();
  if (low == nullptr) return nullptr;
  return range_tail(std::move(low), false, start);
}

SyntaxPtr Parser::range_tail(SyntaxPtr low, bool low_closed, std::size_t start) {
  if (!expect("..", "in the range")) return nullptr;
  auto node = make(SyntaxKind::range, start);
  node->low_closed = low_closed;
  const bool outer = no_filter_;
  no_filter_ = true;
  auto high = additive();
  no_filter_ = outer;
  if (high == nullptr) return nullptr;
  node->high_closed = take("]");
  if (!node->high_closed && !take(")") && !take("[")) return fail("expected `]`, `)` or `[` at the end of the range", "", "]");
  node->items.push_back(std::move(low));
  node->items.push_back(std::move(high));
  return finish(std::move(node));
}

SyntaxPtr Parser::parenthesis() {
  const std::size_t start = at_++;
  auto inner = any_expression();
  if (inner == nullptr) return nullptr;
  if (peek("..")) {
    const Nesting nesting(*this);
    return nesting.ok() ? range_tail(std::move(inner), false, start) : nullptr;
  }
  if (!expect(")", "after the expression in parentheses")) return nullptr;
  inner->in_parentheses = true;
  return inner;
}

/// `< 10` as a value is the range of everything below 10, `= 10` that of 10 alone (rule 7).
SyntaxPtr Parser::unary_range() {
  const std::size_t start = at_;
  // `+=`, `->`: signs of other languages, and nothing that FEEL could reckon with.
  if (start > 0 && std::string_view("+-*/").find(text_[start - 1]) != std::string_view::npos && (peek("=") || peek(">"))) {
    const std::string sign = fmt::format("{}{}", text_[start - 1], text_[start]);
    return fail_at(start - 1, 2, "SB0201", fmt::format("FEEL has no `{}`", sign),
                   sign == "->" ? "write `.` for a field of a value" : "FEEL changes no data: `set` of a scriptTask and `out` do");
  }
  const auto op = comparison_operator();
  auto node = make(SyntaxKind::unary_range, start);
  node->op = op.value_or(Op::none);
  const Nesting nesting(*this);
  if (!nesting.ok()) return nullptr;
  auto end = additive();
  if (end == nullptr) return nullptr;
  node->items.push_back(std::move(end));
  return finish(std::move(node));
}

SyntaxPtr Parser::context() {
  const std::size_t start = at_++;
  const Nesting nesting(*this);
  if (!nesting.ok()) return nullptr;
  auto node = make(SyntaxKind::context, start);
  const std::size_t outer = locals_.size();
  if (!take("}")) {
    do {
      SyntaxEntry entry;
      if (!context_key(entry) || !expect(":", "after the name in the context")) return nullptr;
      // A function may call itself by the name it gets.
      const bool function = peek_word("function");
      if (function) introduce(entry.name);
      entry.value = any_expression();
      if (entry.value == nullptr) return nullptr;
      if (!function) introduce(entry.name);
      if (word_at(entry.name, 0).size() != entry.name.size()) fields_.push_back(entry.name);
      node->entries.push_back(std::move(entry));
    } while (take(","));
    if (!expect("}", "at the end of the context")) return nullptr;
  }
  locals_.resize(outer);
  return finish(std::move(node));
}

bool Parser::context_key(SyntaxEntry& entry) {
  space();
  entry.offset = static_cast<std::uint32_t>(at_);
  if (peek("\"")) {
    auto text = string_text();
    if (text) entry.name = std::move(*text);
    return text.has_value();
  }
  entry.name = read_new_name(text_, at_);
  if (!entry.name.empty()) return true;
  fail("expected a name or a string as key", "", "key");
  return false;
}

SyntaxPtr Parser::word() {
  if (peek_word("if")) return if_then_else();
  if (peek_word("for")) return for_return();
  if (peek_word("some")) return quantified(SyntaxKind::some);
  if (peek_word("every")) return quantified(SyntaxKind::every);
  if (peek_word("function")) return function();
  return name();
}

Parser::Match Parser::longest_user_name() {
  Match best;
  const auto consider = [&](const std::string& candidate) {
    std::size_t end = at_;
    if (match_name(text_, end, candidate) && end > best.end) best = Match{candidate, end};
  };
  if (const auto bucket = scope_names_.find(std::string(word_at(text_, at_))); bucket != scope_names_.end()) {
    for (const auto& candidate : bucket->second) consider(candidate);
  }
  for (const auto& candidate : locals_) consider(candidate);
  return best;
}

Parser::Match Parser::longest_builtin_name() {
  Match best;
  for (const auto& candidate : builtin_names_beginning(word_at(text_, at_))) {
    std::size_t end = at_;
    if (match_name(text_, end, candidate) && end > best.end) best = Match{std::string(candidate), end};
  }
  return best;
}

/// The longest name in scope. A built-in of several words only counts when it is called, or when nothing else fits: `date and time` may
/// also be two names of the user around `and`.
SyntaxPtr Parser::name() {
  const std::size_t start = at_;
  const std::string_view first = word_at(text_, at_);
  if (first.empty()) return fail("expected an expression", "", "expression");
  auto node = make(SyntaxKind::name, start);
  Match user = longest_user_name();
  if (user.end <= at_ + first.size() && (first == "true" || first == "false" || first == "null")) {
    at_ += first.size();
    node->kind = SyntaxKind::literal;
    if (first != "null") node->value = Value(first == "true");
    return finish(std::move(node));
  }
  Match builtin = longest_builtin_name();
  if (builtin.end > user.end && user.end != 0) {
    std::size_t after = builtin.end;
    skip_space(text_, after);
    if (text_.substr(after, 1) != "(") builtin = Match{};
  }
  Match best = builtin.end > user.end ? std::move(builtin) : std::move(user);
  if (best.end == 0 && is_keyword(first)) return fail("expected an expression", "", "expression");
  if (best.end == 0) best = Match{std::string(first), at_ + first.size()};
  node->text = std::move(best.name);
  at_ = best.end;
  return finish(std::move(node));
}

/// After a dot: the longest known name of a field, else one word.
std::string Parser::property_name() {
  static const std::vector<std::string> properties{"time offset", "start included", "end included"};
  Match best;
  const auto consider = [&](const std::string& candidate) {
    std::size_t end = at_;
    if (match_name(text_, end, candidate) && end > best.end) best = Match{candidate, end};
  };
  std::for_each(properties.begin(), properties.end(), consider);
  std::for_each(fields_.begin(), fields_.end(), consider);
  if (best.end == 0) {
    const std::string_view word = word_at(text_, at_);
    best = Match{std::string(word), at_ + word.size()};
  }
  at_ = best.end;
  return best.name;
}

SyntaxPtr Parser::if_then_else() {
  auto node = make(SyntaxKind::if_, at_);
  const auto part = [&](std::string_view keyword) {
    if (!expect_word(keyword, "in the `if` expression (`if ... then ... else ...`)")) return false;
    auto value = any_expression();
    if (value == nullptr) return false;
    node->items.push_back(std::move(value));
    return true;
  };
  if (!part("if") || !part("then") || !part("else")) return nullptr;
  return finish(std::move(node));
}

SyntaxPtr Parser::for_return() {
  auto node = make(SyntaxKind::for_, at_);
  const std::size_t outer = locals_.size();
  if (!take_word("for") || !iterators(*node) || !expect_word("return", "after the iterators of `for`")) return nullptr;
  introduce("partial");
  auto body = any_expression();
  locals_.resize(outer);
  if (body == nullptr) return nullptr;
  node->items.push_back(std::move(body));
  return finish(std::move(node));
}

SyntaxPtr Parser::quantified(SyntaxKind kind) {
  auto node = make(kind, at_);
  const std::size_t outer = locals_.size();
  if (!take_word(kind == SyntaxKind::some ? "some" : "every") || !iterators(*node)) return nullptr;
  if (!expect_word("satisfies", "after the iterators")) return nullptr;
  auto condition = any_expression();
  locals_.resize(outer);
  if (condition == nullptr) return nullptr;
  node->items.push_back(std::move(condition));
  return finish(std::move(node));
}

bool Parser::iterators(Syntax& node) {
  do {
    space();
    SyntaxEntry entry;
    entry.offset = static_cast<std::uint32_t>(at_);
    entry.name = read_new_name(text_, at_);
    if (entry.name.empty()) {
      fail("expected the name of the iterator", "");
      return false;
    }
    if (!expect_word("in", "after the iterator's name")) return false;
    entry.value = any_expression();
    if (entry.value == nullptr) return false;
    if (take("..")) {
      entry.to = any_expression();
      if (entry.to == nullptr) return false;
    }
    introduce(entry.name);
    node.entries.push_back(std::move(entry));
  } while (take(","));
  return true;
}

SyntaxPtr Parser::function() {
  const std::size_t start = at_;
  auto node = make(SyntaxKind::function, start);
  const std::size_t outer = locals_.size();
  if (!take_word("function") || !expect("(", "after `function`") || !parameters(*node)) return nullptr;
  if (peek_word("external")) {
    return fail_at(at_, 8, "SB0216", "external functions (Java, PMML) are not supported",
                   "write the function in FEEL, or offer it as a function of the host");
  }
  auto body = any_expression();
  locals_.resize(outer);
  if (body == nullptr) return nullptr;
  node->items.push_back(std::move(body));
  return finish(std::move(node));
}

bool Parser::parameters(Syntax& node) {
  if (take(")")) return true;
  do {
    space();
    SyntaxEntry entry;
    entry.offset = static_cast<std::uint32_t>(at_);
    entry.name = read_new_name(text_, at_);
    if (entry.name.empty()) {
      fail("expected the name of a parameter", "");
      return false;
    }
    if (take(":")) {
      std::string unknown;
      const std::size_t type_at = at_;
      const auto type = read_type(text_, at_, scope_.types, &unknown);
      if (!type || !unknown.empty()) {
        if (unknown.empty()) {
          std::size_t named = type_at;
          skip_space(text_, named);
          unknown = read_new_name(text_, named);
        }
        if (unknown.empty()) {
          fail("expected a type", "");
        } else {
          fail_at(type_at, at_ - type_at, "SB0209", fmt::format("unknown type `{}`", unknown), "");
        }
        return false;
      }
      entry.type = *type;
      entry.typed = true;
    }
    introduce(entry.name);
    node.entries.push_back(std::move(entry));
  } while (take(","));
  return expect(")", "after the parameters");
}

}  // namespace switchboard::feel
