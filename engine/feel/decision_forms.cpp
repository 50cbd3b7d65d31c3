#include "feel/decision_forms.hpp"

#include <algorithm>

#include "feel/parser.hpp"

namespace switchboard::feel {
namespace {

constexpr std::size_t max_constants = 2'000;

bool is_input(const Syntax& s) { return s.kind == SyntaxKind::name && s.text == "?"; }

bool mentions_input(const Syntax& s) {
  const auto in_entry = [](const SyntaxEntry& e) { return (e.value != nullptr && mentions_input(*e.value)) || (e.to && mentions_input(*e.to)); };
  return is_input(s) || std::any_of(s.items.begin(), s.items.end(), [](const SyntaxPtr& item) { return mentions_input(*item); }) ||
         std::any_of(s.entries.begin(), s.entries.end(), in_entry);
}

bool is_scalar(const Value& v) {
  switch (v.type()) {
    case Value::Type::list:
    case Value::Type::context:
    case Value::Type::range:
    case Value::Type::function: return false;
    case Value::Type::null:
    case Value::Type::boolean:
    case Value::Type::number:
    case Value::Type::string:
    case Value::Type::date:
    case Value::Type::time:
    case Value::Type::date_time:
    case Value::Type::days_time_duration:
    case Value::Type::years_months_duration: return true;
  }
  return true;
}

bool has_parts(Type::Kind kind) {
  return kind == Type::Kind::list || kind == Type::Kind::context || kind == Type::Kind::range || kind == Type::Kind::function;
}

// Depth is bounded by limits::expression_depth: the parser made the tree. Every function returns whether the form is nothing but comparing.
class FormReader {
 public:
  FormReader(std::string_view text, const StaticScope& scope, Type::Kind kind, CellConstants& out)
      : text_(text), scope_(scope), kind_(kind), out_(out) {}

  CellForm run() {
    Parser parser(text_, scope_);
    const SyntaxPtr tree = parser.unary_tests();
    if (tree == nullptr) return {};
    const bool compares = test(*tree);
    return {compares, affixes_};
  }

 private:
  template <class Read>
  bool all_of(const Syntax& s, std::size_t from, const Read& read) {
    bool all = true;  // the constants of the others are wanted too
    for (std::size_t i = from; i < s.items.size(); ++i) all = read(*s.items[i]) && all;
    return all;
  }

  bool test(const Syntax& s) {
    if (s.kind == SyntaxKind::any_test) return true;
    if (s.kind == SyntaxKind::tests || s.kind == SyntaxKind::not_tests) return all_of(s, 0, [this](const Syntax& item) { return test(item); });
    if (s.kind == SyntaxKind::test) return mentions_input(s) ? other(s) : constant(*s.items[0], s.op != Op::equal && s.op != Op::not_equal);
    if (s.kind == SyntaxKind::unary_range || s.kind == SyntaxKind::range)
      return mentions_input(s) ? other(s) : all_of(s, 0, [this](const Syntax& end) { return constant(end, true); });
    return mentions_input(s) ? condition(s) : constant(s, false);
  }

  bool condition(const Syntax& s) {
    if (s.kind == SyntaxKind::conjunction || s.kind == SyntaxKind::disjunction)
      return all_of(s, 0, [this](const Syntax& item) { return condition(item); });
    if (s.kind == SyntaxKind::compare) return comparison(s);
    if (s.kind == SyntaxKind::between)
      return is_input(*s.items[0]) && !mentions_input(*s.items[1]) && !mentions_input(*s.items[2])
                 ? all_of(s, 1, [this](const Syntax& end) { return constant(end, true); })
                 : other(s);
    if (s.kind == SyntaxKind::in) return is_input(*s.items[0]) ? all_of(s, 1, [this](const Syntax& item) { return test(item); }) : other(s);
    if (s.kind == SyntaxKind::call) return call(s);
    if (s.kind == SyntaxKind::name) return is_input(s) && kind_ == Type::Kind::boolean;
    if (s.kind == SyntaxKind::literal) return s.value.boolean() != nullptr;
    return other(s);
  }

  bool comparison(const Syntax& s) {
    const bool ordered = s.op != Op::equal && s.op != Op::not_equal;
    for (const std::size_t input : {0U, 1U})
      if (is_input(*s.items[input]) && !mentions_input(*s.items[1 - input])) return constant(*s.items[1 - input], ordered);
    return other(s);
  }

  bool call(const Syntax& s) {
    const std::string& name = s.items[0]->text;
    if (s.items[0]->kind != SyntaxKind::name) return other(s);
    if (name == "not" && s.items.size() == 2) return condition(*s.items[1]);
    if (s.items.size() != 3) return other(s);
    if (name == "list contains" && is_input(*s.items[2]) && !mentions_input(*s.items[1])) return constant(*s.items[1], false);
    const bool begins = name == "starts with";
    if ((!begins && name != "ends with") || !is_input(*s.items[1]) || kind_ != Type::Kind::string) return other(s);
    const auto value = constant_of(*s.items[2]);
    if (!value || value->string() == nullptr) return other(s);
    affixes_ = true;
    (begins ? out_.prefixes : out_.suffixes).push_back(*value->string());
    return true;
  }

  /// A test that is more than comparing: only the constants in it are taken.
  bool other(const Syntax& s) {
    if (s.kind == SyntaxKind::literal && is_scalar(s.value)) {
      add(s.value);
    } else if (s.kind == SyntaxKind::call || s.kind == SyntaxKind::negate || s.kind == SyntaxKind::arithmetic) {
      if (const auto value = constant_of(s); value && is_scalar(*value)) add(*value);
    }
    for (const auto& item : s.items) static_cast<void>(other(*item));
    for (const auto& entry : s.entries) {
      if (entry.value != nullptr) static_cast<void>(other(*entry.value));
    }
    return false;
  }

  bool constant(const Syntax& s, bool ordered) {
    const auto value = constant_of(s);
    return value ? compared(*value, ordered) : other(s);
  }

  bool compared(const Value& v, bool ordered) {
    if (v.is_null()) return true;
    if (has_parts(kind_)) {  // a list may match a list or have a member in it: more than comparing
      if (is_scalar(v) || kind_ == Type::Kind::list) add(v);
      return false;
    }
    if (const Range* r = v.range()) {
      const bool low = compared(r->low, true);
      return compared(r->high, true) && low;
    }
    if (const List* items = v.list()) {
      bool all = true;
      for (const Value& item : *items) all = compared(item, ordered) && all;
      if (kind_ == Type::Kind::any) add(v);
      return all;
    }
    if (!is_scalar(v)) return false;
    out_.ordered_texts = out_.ordered_texts || (ordered && v.string() != nullptr);
    add(v);
    return true;
  }

  void add(const Value& v) {
    if (!v.is_null() && out_.values.size() <= max_constants) out_.values.push_back(v);
  }

  std::optional<Value> constant_of(const Syntax& s) {
    if (s.kind == SyntaxKind::literal && s.text.empty()) return s.value;
    const auto compiled = compile(text_.substr(s.offset, s.length), scope_);
    const auto* program = std::get_if<Program>(&compiled);
    return program != nullptr ? program->constant() : std::nullopt;
  }

  std::string_view text_;
  const StaticScope& scope_;
  Type::Kind kind_;
  CellConstants& out_;
  bool affixes_ = false;
};

}  // namespace

CellForm read_cell(std::string_view text, const StaticScope& scope, Type::Kind kind, CellConstants& out) {
  return FormReader(text, scope, kind, out).run();
}

}  // namespace switchboard::feel
