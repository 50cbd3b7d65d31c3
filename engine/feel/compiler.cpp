#include "feel/compiler.hpp"

#include <algorithm>

#include "feel/names.hpp"
#include "feel/type_text.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::feel {
namespace {

using Kind = Type::Kind;

bool is_duration(const Type& t) { return t.kind() == Kind::days_time_duration || t.kind() == Kind::years_months_duration; }
bool is_temporal(const Type& t) { return t.kind() == Kind::date || t.kind() == Kind::time || t.kind() == Kind::date_time; }
bool is_ordered(const Type& t) { return t.kind() == Kind::number || t.kind() == Kind::string || is_temporal(t) || is_duration(t); }

/// The type of a sum; nullopt when these types cannot be added.
std::optional<Type> sum_type(const Type& a, const Type& b) {
  if (a.kind() == b.kind() && (a.kind() == Kind::number || a.kind() == Kind::string || is_duration(a))) return a;
  if (is_temporal(a) && is_duration(b) && !(a.kind() == Kind::time && b.kind() == Kind::years_months_duration)) return a;
  return std::nullopt;
}

std::optional<Type> difference_type(const Type& a, const Type& b) {
  if (a.kind() == b.kind() && (a.kind() == Kind::number || is_duration(a))) return a;
  const bool days = (a.kind() == Kind::date || a.kind() == Kind::date_time) && (b.kind() == Kind::date || b.kind() == Kind::date_time);
  if (days || (a.kind() == Kind::time && b.kind() == Kind::time)) return Type(Kind::days_time_duration);
  return sum_type(a, b) && is_temporal(a) ? std::optional(a) : std::nullopt;
}

std::optional<Type> product_type(const Type& a, const Type& b) {
  if (a.kind() == Kind::number && (b.kind() == Kind::number || is_duration(b))) return b;
  if (b.kind() == Kind::number && is_duration(a)) return a;
  return std::nullopt;
}

std::optional<Type> quotient_type(const Type& a, const Type& b) {
  if (b.kind() == Kind::number && (a.kind() == Kind::number || is_duration(a))) return a;
  if (is_duration(a) && a.kind() == b.kind()) return Type(Kind::number);
  return std::nullopt;
}

std::optional<Type> arithmetic_type(Op op, const Type& a, const Type& b) {
  switch (op) {
    case Op::add: {
      const auto t = sum_type(a, b);
      return t ? t : (is_duration(a) && is_temporal(b) ? sum_type(b, a) : std::nullopt);
    }
    case Op::subtract: return difference_type(a, b);
    case Op::multiply: return product_type(a, b);
    case Op::divide: return quotient_type(a, b);
    case Op::power: return a.kind() == Kind::number && b.kind() == Kind::number ? std::optional(a) : std::nullopt;
    case Op::none:
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal: break;
  }
  return std::nullopt;
}

/// The type of a result when only one operand's type is known: a power is a number, a sum with a string is a string, of others nothing is known.
Type half_known_type(Op op, const Type& a, const Type& b) {
  if (op == Op::power) return Type(Kind::number);
  if (op == Op::add && (a.kind() == Kind::string || b.kind() == Kind::string)) return Type(Kind::string);
  return Type();
}

bool uses_input(const Syntax& s) {
  if (s.kind == SyntaxKind::name && s.text == "?") return true;
  const auto entry_uses = [](const SyntaxEntry& e) { return (e.value != nullptr && uses_input(*e.value)) || (e.to != nullptr && uses_input(*e.to)); };
  return std::any_of(s.items.begin(), s.items.end(), [](const SyntaxPtr& i) { return uses_input(*i); }) ||
         std::any_of(s.entries.begin(), s.entries.end(), entry_uses);
}

}  // namespace

bool may_fit(const Type& type, TypeMask accepts) {
  if (is_open(type)) return true;
  if ((mask_of(type) & accepts) != 0) return true;
  if (type.kind() == Kind::list) return is_open(type.element()) || (mask_of(type.element()) & accepts) != 0;
  if ((accepts & mask::list) != 0) return true;
  return type.kind() == Kind::date && (accepts & mask::date_time) != 0;
}

bool may_fit(const Type& type, const Type& wanted) {
  if (is_open(type) || type.conforms_to(wanted)) return true;
  if (type.kind() == Kind::list && wanted.kind() != Kind::list) return may_fit(type.element(), wanted);
  if (wanted.kind() == Kind::list) return type.kind() != Kind::list && may_fit(type, wanted.element());
  return type.kind() == Kind::date && wanted.kind() == Kind::date_time;
}

Compiler::Compiler(const StaticScope& scope, const CompileOptions& options) : scope_(scope), options_(options) {
  for (const auto& n : scope.names) bindings_.push_back({Binding::Kind::slot, canonical_name(n.name), n.type, n.slot, 0});
}

Compiled Compiler::expression(std::string_view text, const Syntax& tree) {
  Lowered root = lower(tree);
  if (options_.type_check && !may_fit(root.type, options_.expected)) {
    problem(tree, "SB0208", fmt::format("the expression gives {}, but {} is wanted", root.type.to_string(), options_.expected.to_string()), "",
            {root.type.to_string(), options_.expected.to_string()});
  }
  return finish(text, tree, std::move(root));
}

Compiled Compiler::unary_tests(std::string_view text, const Syntax& tree, std::uint32_t input_slot, const Type& input_type) {
  bindings_.push_back({Binding::Kind::slot, "?", input_type, input_slot, 0});
  Lowered root = tests(tree);
  return finish(text, tree, std::move(root));
}

Compiled Compiler::finish(std::string_view text, const Syntax&, Lowered root) {
  if (!problems_.empty()) return std::move(problems_);
  auto impl = std::make_shared<Program::Impl>();
  impl->text = std::string(text);
  impl->root = std::move(root.node);
  impl->locals = levels_[0].locals;
  impl->type = std::move(root.type);
  impl->used_slots.assign(used_slots_.begin(), used_slots_.end());
  impl->used_functions.assign(used_functions_.begin(), used_functions_.end());
  impl->uses_clock = uses_clock_;
  std::stable_sort(used_calendars_.begin(), used_calendars_.end(), [](const CalendarUse& a, const CalendarUse& b) { return a.offset < b.offset; });
  impl->used_calendars = std::move(used_calendars_);
  impl->only_slot = impl->root->slot();
  impl->only_constant = impl->root->content();
  return Program(std::move(impl));
}

Compiler::Lowered Compiler::lower(const Syntax& s) {
  const std::size_t before = problems_.size();
  return fold(lower_kind(s), s, before);
}

Compiler::Lowered Compiler::lower_kind(const Syntax& s) {
  switch (s.kind) {
    case SyntaxKind::literal: return literal(s);
    case SyntaxKind::name: return name(s);
    case SyntaxKind::list: return list(s);
    case SyntaxKind::context: return context(s);
    case SyntaxKind::range: return range(s);
    case SyntaxKind::unary_range: return unary_range(s);
    case SyntaxKind::negate: return negation(s);
    case SyntaxKind::arithmetic: return arithmetic(s);
    case SyntaxKind::compare: return comparison(s);
    case SyntaxKind::conjunction:
    case SyntaxKind::disjunction: return logic(s);
    case SyntaxKind::between: return between(s);
    case SyntaxKind::in: return in(s);
    case SyntaxKind::instance_of: return instance_of(s);
    case SyntaxKind::path: return path(s);
    case SyntaxKind::filter: return filter(s);
    case SyntaxKind::call:
    case SyntaxKind::named_call: return call(s);
    case SyntaxKind::if_: return conditional(s);
    case SyntaxKind::for_: return loop(s);
    case SyntaxKind::some:
    case SyntaxKind::every: return quantified(s);
    case SyntaxKind::function: return function(s, {});
    case SyntaxKind::test:
    case SyntaxKind::tests:
    case SyntaxKind::not_tests:
    case SyntaxKind::any_test: return tests(s);
  }
  return {};
}

/// Evaluates what depends on nothing. A calculation that fails here would fail every time.
Compiler::Lowered Compiler::fold(Lowered made, const Syntax& s, std::size_t problems_before) {
  constexpr std::size_t folding_steps = 2'000;
  if (problems_.size() != problems_before || !made.node->constant() || s.kind == SyntaxKind::literal) return made;
  const Frame nothing;
  Run run(nothing, 0, true, folding_steps);
  Value v = made.node->value(run);
  if (run.stopped()) return made;
  if (run.error().empty()) {
    made.node = std::make_unique<ConstantNode>(std::move(v));
    return made;
  }
  const bool calculation = s.kind == SyntaxKind::arithmetic || s.kind == SyntaxKind::call || s.kind == SyntaxKind::named_call;
  if (calculation && v.is_null() && options_.type_check) problem(s, "SB0214", "this is always null: " + run.error(), "");
  return made;
}

void Compiler::problem(const Syntax& s, std::string id, std::string message, std::string hint, std::vector<std::string> types) {
  if (problems_.size() < 100) problems_.push_back({std::move(id), std::move(message), std::move(hint), s.offset, s.length, {}, std::move(types)});
}

void Compiler::require(const Lowered& v, Type::Kind kind, const Syntax& s, std::string_view what) {
  if (!options_.type_check || is_open(v.type) || v.type.kind() == kind) return;
  problem(s, "SB0207", fmt::format("{} must be {}, not {}", what, name_of(kind), v.type.to_string()), "", {v.type.to_string()});
}

Compiler::Lowered Compiler::literal(const Syntax& s) {
  if (!s.text.empty()) {
    if (options_.type_check) {
      problem(s, "SB0214", fmt::format("@\"{}\" is no date, time or duration", s.text),
              "write @\"2026-03-12\", @\"2026-03-12T08:30:00+08:00\", @\"08:30:00\", @\"PT45M\" or @\"P1Y\"");
    }
    return {std::make_unique<FailNode>(fmt::format("@\"{}\" is no date, time or duration", s.text)), Type()};
  }
  static constexpr auto kind_of = [](Value::Type t) { return static_cast<Kind>(static_cast<unsigned>(t) + 1); };
  return {std::make_unique<ConstantNode>(s.value), Type(kind_of(s.value.type()))};
}

// --- names ---

std::uint32_t Compiler::new_local(const std::string& name, Type type) {
  Level& level = levels_.back();
  bindings_.push_back({Binding::Kind::local, name, std::move(type), level.locals, static_cast<std::uint32_t>(levels_.size() - 1)});
  return level.locals++;
}

NodePtr Compiler::variable(std::size_t binding, std::size_t level) {
  const Binding& b = bindings_[binding];
  if (b.level == level) {
    if (b.kind == Binding::Kind::slot) {
      used_slots_.insert(b.index);
      return std::make_unique<SlotNode>(b.index);
    }
    return std::make_unique<LocalNode>(b.index);
  }
  // A function takes what it uses from outside with it.
  const auto known = levels_[level].captured.find(binding);
  if (known != levels_[level].captured.end()) return std::make_unique<LocalNode>(known->second);
  NodePtr from = variable(binding, level - 1);
  const std::uint32_t local = levels_[level].locals++;
  levels_[level].captured.emplace(binding, local);
  levels_[level].captures.push_back({std::move(from), local});
  return std::make_unique<LocalNode>(local);
}

Compiler::Lowered Compiler::name(const Syntax& s) { return resolve(canonical_name(s.text), s, bindings_.size()); }

/// What `name` means: the innermost binding of that name among the first `below` bindings, or a name of the scope.
Compiler::Lowered Compiler::resolve(const std::string& name, const Syntax& s, std::size_t below) {
  for (std::size_t i = below; i-- > 0;) {
    const Binding& b = bindings_[i];
    if (b.kind != Binding::Kind::fields) {
      if (b.name == name) {
        Type type = b.type;
        return {variable(i, levels_.size() - 1), std::move(type), b.kind == Binding::Kind::slot};
      }
      continue;
    }
    const Type item = b.type;
    if (item.kind() != Kind::context && !is_open(item)) continue;
    const auto field = std::find_if(item.fields().begin(), item.fields().end(), [&](const auto& f) { return f.first == name; });
    if (field != item.fields().end()) {
      Type type = field->second;
      return {std::make_unique<PathNode>(variable(i - 1, levels_.size() - 1), name), std::move(type)};
    }
    // Which entries an item has is known only at run time, so the name may also mean something outside the filter.
    const std::size_t problems = problems_.size();
    Lowered outside = resolve(name, s, i);
    if (!item.has_details()) problems_.resize(problems);
    return {std::make_unique<ItemNameNode>(variable(i - 1, levels_.size() - 1), name, std::move(outside.node)), Type()};
  }
  for (const auto& f : scope_.functions) {
    if (canonical_name(f.name) != name) continue;
    used_functions_.insert(f.id);
    auto function = std::make_shared<const HostFunction>(f);
    Type type = function->type();
    return {std::make_unique<ConstantNode>(Value(std::shared_ptr<const FunctionObject>(std::move(function)))), std::move(type)};
  }
  if (const Builtin* builtin = find_builtin(name)) {
    uses_clock_ = uses_clock_ || builtin->clock;
    if (builtin->calendars) used_calendars_.push_back({{}, s.offset});
    auto function = std::make_shared<const BuiltinFunction>(*builtin);
    Type type = function->type();
    return {std::make_unique<ConstantNode>(Value(std::shared_ptr<const FunctionObject>(std::move(function)))), std::move(type)};
  }
  return unknown_name(name, s);
}

std::vector<std::string> Compiler::known_names() const {
  std::vector<std::string> out = builtin_names();
  for (const auto& b : bindings_) {
    if (b.kind != Binding::Kind::fields) out.push_back(b.name);
  }
  for (const auto& f : scope_.functions) out.push_back(f.name);
  return out;
}

Compiler::Lowered Compiler::unknown_name(const std::string& name, const Syntax& s) {
  if (!options_.unknown_names_are_null) {
    const std::string nearest = nearest_name(name, known_names());
    problem(s, "SB0202", fmt::format("unknown name `{}`", name), nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
  }
  return {std::make_unique<FailNode>(fmt::format("unknown name `{}`", name)), Type()};
}

// --- collections ---

Compiler::Lowered Compiler::list(const Syntax& s) {
  std::vector<NodePtr> nodes;
  std::optional<Type> element;
  for (const auto& item : s.items) {
    Lowered v = lower(*item);
    if (!element) {
      element = v.type;
    } else if (!(*element == v.type)) {
      element = Type();
    }
    nodes.push_back(std::move(v.node));
  }
  return {std::make_unique<ListNode>(std::move(nodes)), element ? Type::list_of(*element) : Type(Kind::list)};
}

Compiler::Lowered Compiler::context(const Syntax& s) {
  const std::size_t outer = bindings_.size();
  std::vector<ContextNode::Entry> entries;
  Type::Fields fields;
  for (const auto& entry : s.entries) {
    const bool twice = std::any_of(entries.begin(), entries.end(), [&](const auto& e) { return e.name == entry.name; });
    if (twice) {
      problem(s, "SB0218", fmt::format("the context has the name `{}` twice", entry.name), "keep one of them");
      continue;
    }
    Lowered v = entry.value->kind == SyntaxKind::function ? function(*entry.value, entry.name) : lower(*entry.value);
    const std::uint32_t local = new_local(canonical_name(entry.name), v.type);
    fields.emplace_back(entry.name, v.type);
    entries.push_back({entry.name, std::move(v.node), local});
  }
  bindings_.resize(outer);
  return {std::make_unique<ContextNode>(std::move(entries)), Type::context_of(std::move(fields))};
}

Compiler::Lowered Compiler::range(const Syntax& s) {
  Lowered low = lower(*s.items[0]);
  Lowered high = lower(*s.items[1]);
  if (options_.type_check && !is_open(low.type) && !is_open(high.type) && low.type.kind() != high.type.kind()) {
    problem(s, "SB0212", fmt::format("{} and {} cannot be the ends of a range", low.type.to_string(), high.type.to_string()), "",
            {low.type.to_string(), high.type.to_string()});
  }
  const auto end = [](bool closed) { return closed ? Range::End::closed : Range::End::open; };
  Type type = Type::range_of(is_open(low.type) ? high.type : low.type);
  return {std::make_unique<RangeNode>(std::move(low.node), std::move(high.node), end(s.low_closed), end(s.high_closed)), std::move(type)};
}

Compiler::Lowered Compiler::unary_range(const Syntax& s) {
  Lowered end = lower(*s.items[0]);
  Type type = Type::range_of(end.type);
  return {std::make_unique<UnaryRangeNode>(s.op, std::move(end.node)), std::move(type)};
}

// --- operators ---

Compiler::Lowered Compiler::negation(const Syntax& s) {
  Lowered v = lower(*s.items[0]);
  const bool fits = is_open(v.type) || v.type.kind() == Kind::number || is_duration(v.type);
  if (!fits && options_.type_check) problem(s, "SB0204", fmt::format("- {} is not defined", v.type.to_string()), "", {v.type.to_string()});
  return {std::make_unique<NegateNode>(std::move(v.node)), fits ? v.type : Type()};
}

Compiler::Lowered Compiler::arithmetic(const Syntax& s) {
  Lowered left = lower(*s.items[0]);
  Lowered right = lower(*s.items[1]);
  Type type;
  if (is_open(left.type) || is_open(right.type)) {
    type = half_known_type(s.op, left.type, right.type);
  } else if (auto known = arithmetic_type(s.op, left.type, right.type)) {
    type = *known;
  } else if (options_.type_check) {
    const auto has = [&](auto... kinds) { return ((left.type.kind() == kinds || right.type.kind() == kinds) || ...); };
    const bool text = s.op == Op::add && has(Kind::string) && !has(Kind::date, Kind::time, Kind::date_time);
    problem(s, "SB0204", fmt::format("{} {} {} is not defined", left.type.to_string(), to_string(s.op), right.type.to_string()),
            text ? "turn the other side into text with string(...)" : "", {left.type.to_string(), right.type.to_string()});
  }
  check_operands(s, left, right);
  return {std::make_unique<ArithmeticNode>(s.op, std::move(left.node), std::move(right.node)), std::move(type)};
}

Compiler::Lowered Compiler::comparison(const Syntax& s) {
  Lowered left = lower(*s.items[0]);
  Lowered right = lower(*s.items[1]);
  const bool equality = s.op == Op::equal || s.op == Op::not_equal;
  if (options_.type_check && !is_open(left.type) && !is_open(right.type)) {
    const bool comparable = left.type.kind() == right.type.kind() && (equality || is_ordered(left.type));
    if (!comparable)
      problem(s, "SB0212", fmt::format("{} cannot be compared with {} by `{}`", left.type.to_string(), right.type.to_string(), to_string(s.op)), "",
              {left.type.to_string(), right.type.to_string()});
  }
  check_operands(s, left, right);
  const auto is_null = [](const Node& node) { return node.content() != nullptr && node.content()->is_null(); };
  if (equality && is_null(*right.node)) return {std::make_unique<NullTestNode>(s.op, std::move(left.node)), Type(Kind::boolean)};
  if (equality && is_null(*left.node)) return {std::make_unique<NullTestNode>(s.op, std::move(right.node)), Type(Kind::boolean)};
  return {std::make_unique<CompareNode>(s.op, std::move(left.node), std::move(right.node)), Type(Kind::boolean)};
}

Compiler::Lowered Compiler::logic(const Syntax& s) {
  const bool conjunction = s.kind == SyntaxKind::conjunction;
  std::vector<NodePtr> operands;
  for (const auto& item : s.items) {
    Lowered v = lower(*item);
    require(v, Kind::boolean, *item, conjunction ? "an operand of `and`" : "an operand of `or`");
    operands.push_back(std::move(v.node));
  }
  return {std::make_unique<LogicNode>(conjunction ? Truth::no : Truth::yes, std::move(operands)), Type(Kind::boolean)};
}

Compiler::Lowered Compiler::between(const Syntax& s) {
  Lowered v = lower(*s.items[0]);
  Lowered low = lower(*s.items[1]);
  Lowered high = lower(*s.items[2]);
  for (const Lowered* end : {&low, &high}) {
    refuse_local(v, *end->node, s);
    if (options_.type_check && !is_open(v.type) && !is_open(end->type) && v.type.kind() != end->type.kind()) {
      problem(s, "SB0212", fmt::format("{} cannot lie between {}", v.type.to_string(), end->type.to_string()), "",
              {v.type.to_string(), end->type.to_string()});
      break;
    }
  }
  return {std::make_unique<BetweenNode>(std::move(v.node), std::move(low.node), std::move(high.node)), Type(Kind::boolean)};
}

// --- tests ---

TestPart Compiler::test_part(const Syntax& s, const Lowered& tested) {
  TestPart part;
  const Type& value = tested.type;
  const auto check = [&](const Type& t, const NodePtr& node) {
    refuse_local(tested, *node, s);
    const bool scalar = is_ordered(t) || t.kind() == Kind::boolean;
    const bool scalar_value = is_ordered(value) || value.kind() == Kind::boolean;
    if (options_.type_check && scalar && scalar_value && t.kind() != value.kind()) {
      problem(s, "SB0212", fmt::format("a test for {} cannot hold for {}", t.to_string(), value.to_string()), "", {t.to_string(), value.to_string()});
    }
  };
  if (s.kind == SyntaxKind::test) {
    part.op = s.op;
    Lowered end = lower(*s.items[0]);
    check(end.type, end.node);
    part.value = std::move(end.node);
    return part;
  }
  if (s.kind == SyntaxKind::range && value.kind() != Kind::range) {
    Lowered low = lower(*s.items[0]);
    Lowered high = lower(*s.items[1]);
    check(low.type, low.node);
    check(high.type, high.node);
    part.low = std::move(low.node);
    part.high = std::move(high.node);
    part.low_closed = s.low_closed;
    part.high_closed = s.high_closed;
    return part;
  }
  Lowered v = lower(s);
  part.condition = uses_input(s) && (v.type.kind() == Kind::boolean || v.type.kind() == Kind::any);
  if (!part.condition && v.type.kind() == Kind::list) check(v.type.element(), v.node);
  if (!part.condition && v.type.kind() == Kind::range) check(v.type.element(), v.node);
  if (!part.condition && v.type.kind() != Kind::boolean) check(v.type, v.node);
  part.value = std::move(v.node);
  return part;
}

Compiler::Lowered Compiler::in(const Syntax& s) {
  Lowered v = lower(*s.items[0]);
  const std::size_t outer = bindings_.size();
  std::optional<std::uint32_t> tested;
  if (std::any_of(s.items.begin() + 1, s.items.end(), [](const SyntaxPtr& test) { return uses_input(*test); })) tested = new_local("?", v.type);
  std::vector<TestPart> parts;
  for (std::size_t i = 1; i < s.items.size(); ++i) parts.push_back(test_part(*s.items[i], v));
  bindings_.resize(outer);
  return {std::make_unique<InNode>(std::move(v.node), std::move(parts), false, tested), Type(Kind::boolean)};
}

Compiler::Lowered Compiler::tests(const Syntax& s) {
  if (s.kind == SyntaxKind::any_test) return {std::make_unique<ConstantNode>(Value(true)), Type(Kind::boolean)};
  Syntax input;
  input.kind = SyntaxKind::name;
  input.text = "?";
  Lowered v = name(input);
  std::vector<TestPart> parts;
  for (const auto& item : s.items) {
    parts.push_back(test_part(*item, v));
    // A boolean that is written there, or that a boolean input is to have, is compared; null is not true (DMN 1.5, 7.3.2).
    TestPart& part = parts.back();
    part.decides = v.type.kind() != Kind::boolean && part.op == Op::none && part.value != nullptr && !part.value->constant();
  }
  return {std::make_unique<InNode>(std::move(v.node), std::move(parts), s.kind == SyntaxKind::not_tests), Type(Kind::boolean)};
}

Compiler::Lowered Compiler::instance_of(const Syntax& s) {
  Lowered v = lower(*s.items[0]);
  if (!s.text.empty()) {
    std::vector<std::string> names;
    for (const auto& t : scope_.types) names.push_back(t.first);
    const std::string nearest = nearest_name(s.text, names);
    if (!options_.unknown_names_are_null)
      problem(s, "SB0209", fmt::format("unknown type `{}`", s.text), nearest.empty() ? "" : fmt::format("did you mean `{}`?", nearest));
    return {std::make_unique<FailNode>(fmt::format("unknown type `{}`", s.text)), Type(Kind::boolean)};
  }
  return {std::make_unique<InstanceOfNode>(std::move(v.node), s.type), Type(Kind::boolean)};
}

}  // namespace switchboard::feel
