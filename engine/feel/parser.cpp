#include "feel/parser.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/limits.hpp"
#include "feel/builtin.hpp"
#include "feel/names.hpp"
#include "feel/type_text.hpp"
#include "feel/utf8.hpp"

namespace switchboard::feel {

std::string_view to_string(Op op) {
  switch (op) {
    case Op::none: return "";
    case Op::add: return "+";
    case Op::subtract: return "-";
    case Op::multiply: return "*";
    case Op::divide: return "/";
    case Op::power: return "**";
    case Op::equal: return "=";
    case Op::not_equal: return "!=";
    case Op::less: return "<";
    case Op::less_equal: return "<=";
    case Op::greater: return ">";
    case Op::greater_equal: return ">=";
  }
  return "";
}

namespace {

/// Chains of one operator (`a + b + c`) may be longer than real nesting.
constexpr std::uint32_t max_tree_depth = 5 * limits::expression_depth;

bool has_several_parts(const std::string& name) { return word_at(name, 0).size() != name.size(); }

void collect_fields(const Type& type, std::size_t depth, std::vector<std::string>& out) {
  if (depth > 16) return;
  for (const auto& [name, field] : type.fields()) {
    if (has_several_parts(name)) out.push_back(name);
    collect_fields(field, depth + 1, out);
  }
  if (type.kind() == Type::Kind::list || type.kind() == Type::Kind::range) collect_fields(type.element(), depth + 1, out);
  if (type.kind() == Type::Kind::function) collect_fields(type.result(), depth + 1, out);
}

}  // namespace

Nesting::Nesting(Parser& parser) : parser_(parser), filter_(parser.no_filter_) {
  parser_.no_filter_ = false;
  if (++parser_.nesting_ > limits::expression_depth) {
    parser_.fail_at(parser_.at_, 1, "SB0211", fmt::format("the expression is nested more than {} levels deep", limits::expression_depth),
                    "move a part of it into a name of its own");
  }
}

Nesting::~Nesting() {
  --parser_.nesting_;
  parser_.no_filter_ = filter_;
}

Parser::Parser(std::string_view text, const StaticScope& scope) : text_(text), scope_(scope) {
  const auto add = [this](const std::string& name) { scope_names_[std::string(word_at(name, 0))].push_back(name); };
  for (const auto& n : scope.names) {
    add(n.name);
    collect_fields(n.type, 0, fields_);
  }
  for (const auto& f : scope.functions) {
    add(f.name);
    collect_fields(f.result, 0, fields_);
  }
  for (const auto& t : scope.types) collect_fields(t.second, 0, fields_);
}

SyntaxPtr Parser::expression() {
  if (text_.size() > limits::expression_bytes) {
    return fail_at(0, 1, "SB0211", fmt::format("the expression has {} bytes, more than {}", text_.size(), limits::expression_bytes), "split it");
  }
  // Other engines begin an expression by `=`. As FEEL it would be a range of one value.
  if (peek("=") && !peek("==")) return fail_at(at_, 1, "SB0201", "FEEL has no `=` before an expression", "leave the `=` out");
  auto out = any_expression();
  if (out != nullptr && !at_end()) return fail("expected an operator or the end of the expression", "", "operator");
  return failed_ ? nullptr : std::move(out);
}

SyntaxPtr Parser::unary_tests() {
  if (text_.size() > limits::expression_bytes) return expression();
  introduce("?");
  space();
  const std::size_t start = at_;
  if (text_.substr(at_) == "-" || (peek("-") && [this] {
        std::size_t rest = at_ + 1;
        skip_space(text_, rest);
        return rest == text_.size();
      }())) {
    at_ = text_.size();
    return finish(make(SyntaxKind::any_test, start));
  }
  auto node = make(SyntaxKind::tests, start);
  if (take_word("not") && take("(")) {
    node->kind = SyntaxKind::not_tests;
    if (!positive_tests(node->items) || !expect(")", "after not(")) return nullptr;
    if (at_end()) return finish(std::move(node));
  }
  // Plain tests, or an expression that only begins with not(...).
  if (failed_) return nullptr;
  at_ = start;
  node = make(SyntaxKind::tests, start);
  if (!positive_tests(node->items)) return nullptr;
  if (!at_end()) return fail("expected `,` or the end of the tests", "");
  return finish(std::move(node));
}

bool Parser::positive_tests(std::vector<SyntaxPtr>& out) {
  do {
    auto test = positive_test();
    if (test == nullptr) return false;
    out.push_back(std::move(test));
  } while (take(","));
  return true;
}

SyntaxPtr Parser::positive_test() {
  space();
  const std::size_t start = at_;
  const auto op = comparison_operator();
  if (!op) return any_expression();
  at_ = start;
  return positive_operand();
}

SyntaxPtr Parser::any_expression() {
  const Nesting nesting(*this);
  if (!nesting.ok()) return nullptr;
  return disjunction();
}

SyntaxPtr Parser::disjunction() {
  space();
  const std::size_t start = at_;
  auto left = conjunction();
  if (left == nullptr || !peek_word("or")) return left;
  auto node = make(SyntaxKind::disjunction, start);
  node->items.push_back(std::move(left));
  while (take_word("or")) {
    auto next = conjunction();
    if (next == nullptr) return nullptr;
    node->items.push_back(std::move(next));
  }
  return finish(std::move(node));
}

SyntaxPtr Parser::conjunction() {
  space();
  const std::size_t start = at_;
  auto left = comparison();
  if (left == nullptr || !peek_word("and")) return left;
  auto node = make(SyntaxKind::conjunction, start);
  node->items.push_back(std::move(left));
  while (take_word("and")) {
    auto next = comparison();
    if (next == nullptr) return nullptr;
    node->items.push_back(std::move(next));
  }
  return finish(std::move(node));
}

/// Signs of other languages that would be read as a comparison with a range: `a == 3` as `a = (=3)`. FEEL wants those ranges in parentheses.
bool Parser::foreign_comparison() {
  struct Sign {
    std::string_view written;
    std::string_view meant;
  };
  constexpr std::array<Sign, 7> signs{{{"===", "="}, {"!==", "!="}, {"==", "="}, {"<>", "!="}, {"=>", ">="}, {"=<", "<="}, {"=!", "!="}}};
  const auto* found = std::find_if(signs.begin(), signs.end(), [&](const Sign& s) { return peek(s.written); });
  if (failed_ || found == signs.end()) return false;
  fail_at(at_, found->written.size(), "SB0201", fmt::format("FEEL has no `{}`", found->written), fmt::format("write `{}`", found->meant));
  return true;
}

std::optional<Op> Parser::comparison_operator() {
  if (foreign_comparison()) return std::nullopt;
  if (take("<=")) return Op::less_equal;
  if (take(">=")) return Op::greater_equal;
  if (take("!=")) return Op::not_equal;
  if (take("<")) return Op::less;
  if (take(">")) return Op::greater;
  if (take("=")) return Op::equal;
  return std::nullopt;
}

SyntaxPtr Parser::comparison() {
  space();
  const std::size_t start = at_;
  auto left = additive();
  while (left != nullptr) {
    if (const auto op = comparison_operator()) {
      auto right = additive();
      if (right == nullptr) return nullptr;
      left = binary(SyntaxKind::compare, *op, std::move(left), std::move(right), start);
    } else if (take_word("between")) {
      left = between(std::move(left), start);
    } else if (take_word("in")) {
      left = in_tests(std::move(left), start);
    } else {
      break;
    }
  }
  return left;
}

SyntaxPtr Parser::between(SyntaxPtr value, std::size_t start) {
  auto node = make(SyntaxKind::between, start);
  auto low = additive();
  if (low == nullptr || !expect_word("and", "between the two ends of `between`")) return nullptr;
  auto high = additive();
  if (high == nullptr) return nullptr;
  node->items.push_back(std::move(value));
  node->items.push_back(std::move(low));
  node->items.push_back(std::move(high));
  return finish(std::move(node));
}

/// `in` takes one test or several in parentheses; `(` may also begin a range or a plain expression. Nothing is parsed twice (nested tests would
/// double the work at every level): what was read is handed on to additive() as its first operand.
SyntaxPtr Parser::in_tests(SyntaxPtr value, std::size_t start) {
  const std::size_t outside = locals_.size();
  introduce("?");  // the value, in its tests
  auto tests = in_tests_of(std::move(value), start);
  locals_.resize(outside);
  return tests;
}

SyntaxPtr Parser::in_tests_of(SyntaxPtr value, std::size_t start) {
  auto node = make(SyntaxKind::in, start);
  node->items.push_back(std::move(value));
  space();
  const std::size_t operand = at_;
  if (take("(")) {
    const Nesting nesting(*this);
    if (!nesting.ok()) return nullptr;
    auto first = positive_test();
    if (first == nullptr) return nullptr;
    if (first->kind != SyntaxKind::test && peek("..")) {
      ready_ = range_tail(std::move(first), false, operand);
    } else if (first->kind != SyntaxKind::test && take(")")) {
      first->in_parentheses = true;
      ready_ = std::move(first);
    } else {
      node->items.push_back(std::move(first));
      if (take(",") && !positive_tests(node->items)) return nullptr;
      if (!expect(")", "after the tests")) return nullptr;
      return finish(std::move(node));
    }
    if (ready_ == nullptr) return nullptr;
  }
  auto test = ready_ != nullptr ? additive() : positive_operand();
  if (test == nullptr) return nullptr;
  node->items.push_back(std::move(test));
  return finish(std::move(node));
}

/// One test without `and`, `or` and comparisons: those go on after `in`.
SyntaxPtr Parser::positive_operand() {
  space();
  const std::size_t start = at_;
  const auto op = comparison_operator();
  if (!op) return additive();
  auto node = make(SyntaxKind::test, start);
  node->op = *op;
  auto end = additive();
  if (end == nullptr) return nullptr;
  node->items.push_back(std::move(end));
  return finish(std::move(node));
}

SyntaxPtr Parser::additive() {
  space();
  const std::size_t start = at_;
  auto left = multiplicative();
  while (left != nullptr) {
    const Op op = take("+") ? Op::add : take("-") ? Op::subtract : Op::none;
    if (op == Op::none) break;
    auto right = multiplicative();
    if (right == nullptr) return nullptr;
    left = binary(SyntaxKind::arithmetic, op, std::move(left), std::move(right), start);
  }
  return left;
}

SyntaxPtr Parser::multiplicative() {
  space();
  const std::size_t start = at_;
  auto left = exponent();
  while (left != nullptr) {
    if (peek("**")) break;
    const Op op = take("*") ? Op::multiply : take("/") ? Op::divide : Op::none;
    if (op == Op::none) break;
    auto right = exponent();
    if (right == nullptr) return nullptr;
    left = binary(SyntaxKind::arithmetic, op, std::move(left), std::move(right), start);
  }
  return left;
}

SyntaxPtr Parser::exponent() {
  space();
  const std::size_t start = at_;
  auto left = unary();
  while (left != nullptr && take("**")) {  // left associative (DMN 1.5, 10.3.1.2, rule 4 and the note on precedence)
    auto right = unary();
    if (right == nullptr) return nullptr;
    left = binary(SyntaxKind::arithmetic, Op::power, std::move(left), std::move(right), start);
  }
  return left;
}

SyntaxPtr Parser::unary() {
  space();
  const std::size_t start = at_;
  if (ready_ != nullptr || !take("-")) return instance_of();
  const Nesting nesting(*this);
  if (!nesting.ok()) return nullptr;
  auto operand = unary();
  if (operand == nullptr) return nullptr;
  auto node = make(SyntaxKind::negate, start);
  node->items.push_back(std::move(operand));
  return finish(std::move(node));
}

SyntaxPtr Parser::instance_of() {
  space();
  const std::size_t start = at_;
  auto value = postfix();
  while (value != nullptr && take_word("instance")) {
    if (!expect_word("of", "after `instance`")) return nullptr;
    space();
    const std::size_t type_at = at_;
    std::string unknown;
    auto type = read_type(text_, at_, scope_.types, &unknown);
    auto node = make(SyntaxKind::instance_of, start);
    if (type) {
      node->type = std::move(*type);
      node->text = std::move(unknown);
    } else {  // an unknown name may be a type that is not declared: a problem of meaning, not of syntax
      at_ = std::max(at_, type_at);
      space();
      node->text = read_new_name(text_, at_);
      if (node->text.empty())
        return fail("expected a type", "types are number, string, boolean, date, list<...>, context<...>, function<...> -> ...");
    }
    node->items.push_back(std::move(value));
    value = finish(std::move(node));
  }
  return value;
}

SyntaxPtr Parser::postfix() {
  space();
  const std::size_t start = ready_ != nullptr ? ready_->offset : at_;
  auto value = ready_ != nullptr ? std::move(ready_) : primary();
  while (value != nullptr) {
    if (peek(".") && !peek("..")) {
      value = path(std::move(value), start);
    } else if (!no_filter_ && peek("[")) {
      value = filter(std::move(value), start);
    } else if (peek("(")) {
      value = call(std::move(value), start);
    } else {
      break;
    }
  }
  return value;
}

SyntaxPtr Parser::path(SyntaxPtr base, std::size_t start) {
  if (!take(".")) return nullptr;
  space();
  auto node = make(SyntaxKind::path, start);
  node->text = property_name();
  if (node->text.empty()) return fail("expected a name after `.`", "", "name");
  node->items.push_back(std::move(base));
  return finish(std::move(node));
}

SyntaxPtr Parser::filter(SyntaxPtr base, std::size_t start) {
  if (!take("[")) return nullptr;
  auto node = make(SyntaxKind::filter, start);
  const std::size_t outer = locals_.size();
  locals_.insert(locals_.end(), fields_.begin(), fields_.end());
  locals_.emplace_back("item");
  auto condition = any_expression();
  locals_.resize(outer);
  if (condition == nullptr || !expect("]", "at the end of the filter")) return nullptr;
  node->items.push_back(std::move(base));
  node->items.push_back(std::move(condition));
  return finish(std::move(node));
}

SyntaxPtr Parser::call(SyntaxPtr callee, std::size_t start) {
  if (!take("(")) return nullptr;
  auto node = make(SyntaxKind::call, start);
  node->items.push_back(std::move(callee));
  if (take(")")) return finish(std::move(node));
  const Nesting nesting(*this);
  if (!nesting.ok()) return nullptr;
  if (named_arguments(*node)) return failed_ ? nullptr : finish(std::move(node));
  do {
    auto argument = any_expression();
    if (argument == nullptr) return nullptr;
    node->items.push_back(std::move(argument));
  } while (take(","));
  if (!expect(")", "after the arguments")) return nullptr;
  return finish(std::move(node));
}

/// True when the call has named arguments (then everything up to `)` was read, or a problem noted).
bool Parser::named_arguments(Syntax& call) {
  space();
  std::size_t probe = at_;
  if (read_new_name(text_, probe).empty()) return false;
  skip_space(text_, probe);
  if (text_.substr(probe, 1) != ":") return false;
  call.kind = SyntaxKind::named_call;
  do {
    space();
    SyntaxEntry entry;
    entry.offset = static_cast<std::uint32_t>(at_);
    entry.name = read_new_name(text_, at_);
    if (entry.name.empty()) {
      fail("expected the name of an argument", "when one argument is named, all are");
      return true;
    }
    if (!expect(":", "after the argument's name")) return true;
    entry.value = any_expression();
    if (entry.value == nullptr) return true;
    call.entries.push_back(std::move(entry));
  } while (take(","));
  static_cast<void>(expect(")", "after the arguments"));
  return true;
}

// --- text ---

void Parser::space() {
  skip_space(text_, at_);
  if (text_.substr(at_, 2) == "/*") fail("the comment is never closed", "close it with */");
}

bool Parser::at_end() {
  space();
  return at_ >= text_.size();
}

bool Parser::peek(std::string_view symbol) {
  space();
  return text_.substr(at_, symbol.size()) == symbol;
}

bool Parser::take(std::string_view symbol) {
  if (failed_ || !peek(symbol)) return false;
  at_ += symbol.size();
  return true;
}

bool Parser::peek_word(std::string_view keyword) {
  space();
  return !failed_ && word_at(text_, at_) == keyword;
}

bool Parser::take_word(std::string_view keyword) {
  if (!peek_word(keyword)) return false;
  at_ += keyword.size();
  return true;
}

bool Parser::expect(std::string_view symbol, std::string_view where) {
  if (take(symbol)) return true;
  fail(fmt::format("expected `{}` {}", symbol, where), "", symbol);
  return false;
}

bool Parser::expect_word(std::string_view keyword, std::string_view where) {
  if (take_word(keyword)) return true;
  fail(fmt::format("expected `{}` {}", keyword, where), "", keyword);
  return false;
}

// --- trees ---

SyntaxPtr Parser::make(SyntaxKind kind, std::size_t start) {
  auto node = std::make_unique<Syntax>();
  node->kind = kind;
  node->offset = static_cast<std::uint32_t>(start);
  return node;
}

SyntaxPtr Parser::finish(SyntaxPtr node) {
  node->length = static_cast<std::uint32_t>(std::max<std::size_t>(at_, node->offset) - node->offset);
  std::uint32_t inner = 0;
  for (const auto& item : node->items) inner = std::max(inner, item->depth);
  for (const auto& entry : node->entries) {
    if (entry.value != nullptr) inner = std::max(inner, entry.value->depth);
    if (entry.to != nullptr) inner = std::max(inner, entry.to->depth);
  }
  node->depth = inner + 1;
  if (node->depth > max_tree_depth) {
    return fail_at(node->offset, 1, "SB0211", fmt::format("the expression chains more than {} operations", max_tree_depth),
                   "split it, or use a list function");
  }
  return failed_ ? nullptr : std::move(node);
}

SyntaxPtr Parser::binary(SyntaxKind kind, Op op, SyntaxPtr left, SyntaxPtr right, std::size_t start) {
  auto node = make(kind, start);
  node->op = op;
  node->items.push_back(std::move(left));
  node->items.push_back(std::move(right));
  return finish(std::move(node));
}

std::string Parser::found() const {
  if (at_ >= text_.size()) return "the end";
  const std::string_view word = word_at(text_, at_);
  if (!word.empty()) return fmt::format("`{}`", word);
  return fmt::format("`{}`", text_.substr(at_, code_point_at(text_, at_).length));
}

SyntaxPtr Parser::fail(std::string message, std::string hint, std::string_view expected) {
  if (failed_) return nullptr;
  const std::size_t length = std::max<std::size_t>(word_at(text_, at_).size(), 1);
  fail_at(at_, length, "SB0201", fmt::format("{}, found {}", message, found()), std::move(hint));
  problem_.expected = expected;
  return nullptr;
}

SyntaxPtr Parser::fail_at(std::size_t offset, std::size_t length, std::string id, std::string message, std::string hint) {
  if (failed_) return nullptr;
  failed_ = true;
  problem_ = Problem{std::move(id), std::move(message), std::move(hint), static_cast<std::uint32_t>(std::min(offset, text_.size())),
                     static_cast<std::uint32_t>(length)};
  return nullptr;
}

void Parser::introduce(const std::string& name) { locals_.push_back(name); }

}  // namespace switchboard::feel
