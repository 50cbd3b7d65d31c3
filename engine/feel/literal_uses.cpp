#include "feel/literal_uses.hpp"

#include <algorithm>

#include "feel/parser.hpp"

namespace switchboard::feel {
namespace {

class Finder {
 public:
  std::vector<LiteralUse> found;

  // Depth is bounded by limits::expression_depth: the parser made the tree.
  void visit(const Syntax& s) {
    switch (s.kind) {
      case SyntaxKind::compare: compare(s); break;
      case SyntaxKind::in: in(s); break;
      case SyntaxKind::call: call(s); break;
      case SyntaxKind::for_:
      case SyntaxKind::some:
      case SyntaxKind::every:
      case SyntaxKind::function: return bound(s);
      case SyntaxKind::filter: return filter(s);
      case SyntaxKind::literal:
      case SyntaxKind::name:
      case SyntaxKind::list:
      case SyntaxKind::context:
      case SyntaxKind::range:
      case SyntaxKind::unary_range:
      case SyntaxKind::negate:
      case SyntaxKind::arithmetic:
      case SyntaxKind::conjunction:
      case SyntaxKind::disjunction:
      case SyntaxKind::between:
      case SyntaxKind::test:
      case SyntaxKind::instance_of:
      case SyntaxKind::path:
      case SyntaxKind::named_call:
      case SyntaxKind::if_:
      case SyntaxKind::tests:
      case SyntaxKind::not_tests:
      case SyntaxKind::any_test: break;
    }
    inside(s);
  }

  void outcome(const Syntax& s) {
    if (s.kind == SyntaxKind::if_ && s.items.size() == 3) {
      outcome(*s.items[1]);
      return outcome(*s.items[2]);
    }
    if (is_literal(s)) add(LiteralUse::Kind::outcome, {}, 0, s);
  }

 private:
  static bool is_literal(const Syntax& s) { return s.kind == SyntaxKind::literal && !s.value.is_null(); }

  void add(LiteralUse::Kind kind, const std::string& name, std::size_t position, const Syntax& literal) {
    if (std::find(locals_.begin(), locals_.end(), name) != locals_.end()) return;
    found.push_back({kind, name, position, literal.value, literal.offset});
  }

  void inside(const Syntax& s) {
    for (const SyntaxPtr& item : s.items) visit(*item);
    for (const SyntaxEntry& e : s.entries) {
      if (e.value != nullptr) visit(*e.value);
      if (e.to != nullptr) visit(*e.to);
    }
  }

  void compare(const Syntax& s) {
    if (s.items.size() != 2 || (s.op != Op::equal && s.op != Op::not_equal)) return;
    for (const std::size_t i : {std::size_t{0}, std::size_t{1}})
      if (s.items[i]->kind == SyntaxKind::name && is_literal(*s.items[1 - i])) add(LiteralUse::Kind::compared, s.items[i]->text, 0, *s.items[1 - i]);
  }

  void each_literal(const Syntax& s, const std::string& name) {
    if (is_literal(s)) return add(LiteralUse::Kind::compared, name, 0, s);
    if (s.kind == SyntaxKind::test && s.op != Op::equal && s.op != Op::none) return;
    if (s.kind != SyntaxKind::list && s.kind != SyntaxKind::tests && s.kind != SyntaxKind::test) return;
    for (const SyntaxPtr& item : s.items) each_literal(*item, name);
  }

  void in(const Syntax& s) {
    if (s.items.empty() || s.items[0]->kind != SyntaxKind::name) return;
    for (std::size_t i = 1; i < s.items.size(); ++i) each_literal(*s.items[i], s.items[0]->text);
  }

  void call(const Syntax& s) {
    if (s.items.empty() || s.items[0]->kind != SyntaxKind::name) return;
    const std::string& function = s.items[0]->text;
    for (std::size_t i = 1; i < s.items.size(); ++i)
      if (is_literal(*s.items[i])) add(LiteralUse::Kind::argument, function, i - 1, *s.items[i]);
    if (function == "list contains" && s.items.size() == 3 && s.items[2]->kind == SyntaxKind::name) each_literal(*s.items[1], s.items[2]->text);
  }

  /// Iterators and parameters are names of their own from here on.
  void bound(const Syntax& s) {
    const std::size_t before = locals_.size();
    for (const SyntaxEntry& e : s.entries) {
      if (e.value != nullptr) visit(*e.value);
      if (e.to != nullptr) visit(*e.to);
      locals_.push_back(e.name);
    }
    for (const SyntaxPtr& item : s.items) visit(*item);
    locals_.resize(before);
  }

  /// In `list[condition]` a name may be a field of the items: nothing is known.
  void filter(const Syntax& s) {
    if (!s.items.empty()) visit(*s.items[0]);
  }

  std::vector<std::string> locals_;
};

}  // namespace

std::vector<LiteralUse> literal_uses(std::string_view text, const StaticScope& scope) {
  Parser parser(text, scope);
  const SyntaxPtr tree = parser.expression();
  if (tree == nullptr) return {};
  Finder finder;
  finder.visit(*tree);
  finder.outcome(*tree);
  std::stable_sort(finder.found.begin(), finder.found.end(), [](const LiteralUse& a, const LiteralUse& b) { return a.offset < b.offset; });
  return std::move(finder.found);
}

bool allows(const DecisionTable::Input& input, const Value& value) {
  if (input.allowed.empty()) return true;
  const auto compiled = compile_unary_tests(input.allowed, {}, 0, input.type);
  const auto* test = std::get_if<Program>(&compiled);
  if (test == nullptr) return true;
  const Value slots[] = {value};
  Frame frame;
  frame.slots = slots;
  return test->is_true(frame);
}

std::vector<std::string> allowed_texts(const DecisionTable::Input& input) {
  std::vector<std::string> out;
  StaticScope scope;
  scope.names.push_back({"input", input.type, 0});
  for (const LiteralUse& l : literal_uses("input in (" + input.allowed + ")", scope))
    if (l.kind == LiteralUse::Kind::compared && l.value.string() != nullptr) out.push_back(*l.value.string());
  return out;
}

}  // namespace switchboard::feel
