#include "feel/possible.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "feel/free_names.hpp"
#include "feel/parser.hpp"
#include "feel/samples.hpp"

namespace switchboard::feel {
namespace {

constexpr std::size_t most_trials = 50'000;

/// A name of the condition, and the constants that it is compared with.
struct Variable {
  const StaticScope::Name* name;
  List constants;
  bool ordered = false;  ///< it is asked for more than equality
};

class Trial {
 public:
  Trial(std::string_view text, const StaticScope& scope) : text_(text), scope_(scope) {}

  // Depth is bounded by limits::expression_depth: the parser made the tree.
  bool condition(const Syntax& s) {
    switch (s.kind) {
      case SyntaxKind::conjunction:
      case SyntaxKind::disjunction: return std::all_of(s.items.begin(), s.items.end(), [this](const SyntaxPtr& item) { return condition(*item); });
      case SyntaxKind::call:
        return s.items.size() == 2 && s.items[0]->kind == SyntaxKind::name && s.items[0]->text == "not" && condition(*s.items[1]);
      case SyntaxKind::compare: return comparison(s);
      case SyntaxKind::between:
        return variable(*s.items[0]) != nullptr && compared(*s.items[0], *s.items[1], true) && compared(*s.items[0], *s.items[2], true);
      case SyntaxKind::in:
        return variable(*s.items[0]) != nullptr &&
               std::all_of(s.items.begin() + 1, s.items.end(), [&](const SyntaxPtr& test) { return tested(*s.items[0], *test); });
      case SyntaxKind::name: {
        const Variable* v = variable(s);
        return v != nullptr && v->name->type.kind() == Type::Kind::boolean;
      }
      case SyntaxKind::literal: return s.value.boolean() != nullptr;
      case SyntaxKind::list:
      case SyntaxKind::context:
      case SyntaxKind::range:
      case SyntaxKind::unary_range:
      case SyntaxKind::negate:
      case SyntaxKind::arithmetic:
      case SyntaxKind::test:
      case SyntaxKind::instance_of:
      case SyntaxKind::path:
      case SyntaxKind::filter:
      case SyntaxKind::named_call:
      case SyntaxKind::if_:
      case SyntaxKind::for_:
      case SyntaxKind::some:
      case SyntaxKind::every:
      case SyntaxKind::function:
      case SyntaxKind::tests:
      case SyntaxKind::not_tests:
      case SyntaxKind::any_test: break;
    }
    return false;
  }

  Possible run(const Program& program, const std::function<Domain(std::string_view)>& domain_of) {
    std::size_t trials = 1;
    std::vector<List> samples;
    for (const Variable& v : variables_) {
      if (v.ordered && v.name->type.kind() == Type::Kind::string) return Possible::unknown;
      samples.push_back(samples_of(v, domain_of(v.name->name)));
      trials *= samples.back().size();
      if (trials > most_trials) return Possible::unknown;
    }
    std::uint32_t slots = 0;
    for (const auto& name : scope_.names) slots = std::max(slots, name.slot + 1);
    std::vector<Value> values(slots);
    Frame frame;
    for (std::size_t trial = 0; trial < trials; ++trial) {
      std::size_t rest = trial;
      for (std::size_t i = 0; i < variables_.size(); ++i) {
        values[variables_[i].name->slot] = samples[i][rest % samples[i].size()];
        rest /= samples[i].size();
      }
      frame.slots = values;
      if (program.is_true(frame)) return Possible::yes;
    }
    return Possible::never;
  }

  [[nodiscard]] bool has_variables() const { return !variables_.empty(); }

 private:
  /// Nothing: not a name, or one of a type that is more than a single value.
  Variable* variable(const Syntax& s) {
    if (s.kind != SyntaxKind::name) return nullptr;
    for (Variable& v : variables_)
      if (v.name->name == s.text) return &v;
    for (const auto& name : scope_.names) {
      if (name.name != s.text) continue;
      switch (name.type.kind()) {
        case Type::Kind::any:
        case Type::Kind::list:
        case Type::Kind::context:
        case Type::Kind::range:
        case Type::Kind::function: return nullptr;
        case Type::Kind::null:
        case Type::Kind::boolean:
        case Type::Kind::number:
        case Type::Kind::string:
        case Type::Kind::date:
        case Type::Kind::time:
        case Type::Kind::date_time:
        case Type::Kind::days_time_duration:
        case Type::Kind::years_months_duration: break;
      }
      variables_.push_back({&name, {}, false});
      return &variables_.back();
    }
    return nullptr;
  }

  std::optional<Value> constant(const Syntax& s) {
    if (s.kind == SyntaxKind::literal) return s.value;
    if (s.kind != SyntaxKind::call && s.kind != SyntaxKind::negate && s.kind != SyntaxKind::arithmetic && s.kind != SyntaxKind::list)
      return std::nullopt;
    const auto compiled = compile(text_.substr(s.offset, s.length), {});
    const auto* program = std::get_if<Program>(&compiled);
    return program == nullptr ? std::nullopt : program->constant();
  }

  bool compared(const Syntax& name, const Syntax& with, bool ordered) {
    const auto value = constant(with);
    Variable* v = variable(name);
    if (!value || v == nullptr) return false;
    v->ordered = v->ordered || ordered;
    if (const List* all = value->list())
      v->constants.insert(v->constants.end(), all->begin(), all->end());
    else
      v->constants.push_back(*value);
    return true;
  }

  bool comparison(const Syntax& s) {
    const bool ordered = s.op != Op::equal && s.op != Op::not_equal;
    const bool turned = s.items[0]->kind != SyntaxKind::name;
    return compared(*s.items[turned ? 1 : 0], *s.items[turned ? 0 : 1], ordered);
  }

  bool tested(const Syntax& name, const Syntax& test) {
    if (test.kind == SyntaxKind::range) return compared(name, *test.items[0], true) && compared(name, *test.items[1], true);
    if (test.kind == SyntaxKind::test || test.kind == SyntaxKind::unary_range)
      return compared(name, *test.items[0], test.op != Op::equal && test.op != Op::none);
    return compared(name, test, false);
  }

  List samples_of(const Variable& v, const Domain& domain) const {
    List all = domain.values;
    if (all.empty() && v.name->type.kind() == Type::Kind::boolean) {
      all = {Value(true), Value(false)};
    } else if (all.empty()) {
      all = v.constants;
      for (const auto* bound : {&domain.min, &domain.max})
        if (*bound) all.push_back(**bound);
      for (std::size_t i = 0, named = all.size(); i < named; ++i) add_neighbours(Value(all[i]), all);
      add_midpoints(all);
      all.push_back(some(v.name->type.kind()));
      if (v.name->type.kind() != Type::Kind::string) std::erase_if(all, [&](const Value& sample) { return outside(sample, domain); });
    }
    all.emplace_back();  // null: the data may not have a value yet
    return all;
  }

  /// A sample value of this type for a variable that is compared with no constant.
  static Value some(Type::Kind kind) {
    switch (kind) {
      case Type::Kind::string: return "(any other)";
      case Type::Kind::number: return 0;
      case Type::Kind::date: return Date{};
      case Type::Kind::time: return Time{};
      case Type::Kind::date_time: return DateTime{};
      case Type::Kind::days_time_duration: return DaysTimeDuration{};
      case Type::Kind::years_months_duration: return YearsMonthsDuration{};
      case Type::Kind::any:
      case Type::Kind::null:
      case Type::Kind::boolean:
      case Type::Kind::list:
      case Type::Kind::context:
      case Type::Kind::range:
      case Type::Kind::function: break;
    }
    return {};
  }

  static bool outside(const Value& sample, const Domain& domain) {
    const Frame nothing;
    Run run(nothing, 0, false);
    return (domain.min && compare(run, Op::less, sample, *domain.min) == Truth::yes) ||
           (domain.max && compare(run, Op::greater, sample, *domain.max) == Truth::yes);
  }

  std::string_view text_;
  const StaticScope& scope_;
  std::vector<Variable> variables_;
};

}  // namespace

Possible can_be_true(std::string_view condition, const StaticScope& scope, const std::function<Domain(std::string_view)>& domain_of) {
  Parser parser(condition, scope);
  const SyntaxPtr tree = parser.expression();
  if (tree == nullptr) return Possible::unknown;
  Trial trial(condition, scope);
  if (!trial.condition(*tree) || !trial.has_variables()) return Possible::unknown;
  const auto compiled = compile(condition, scope);
  const auto* program = std::get_if<Program>(&compiled);
  return program == nullptr ? Possible::unknown : trial.run(*program, domain_of);
}

namespace {

/// What a part of a condition can be: a set of these.
struct Outcomes {
  bool is_true = false;
  bool is_false = false;
  bool is_null = false;  ///< or no boolean
};
constexpr Outcomes anything{true, true, true};

class Given {
 public:
  Given(std::string_view text, const std::string& name, const Type& type, const Value& value) : text_(text), name_(name), value_(value) {
    scope_.names.push_back({name, type, 0});
  }

  // Depth is bounded by limits::expression_depth: the parser made the tree.
  Outcomes outcomes(const Syntax& s) const {
    if (s.kind == SyntaxKind::conjunction || s.kind == SyntaxKind::disjunction) return joined(s);
    if (s.kind == SyntaxKind::call && s.items.size() == 2 && s.items[0]->kind == SyntaxKind::name && s.items[0]->text == "not") {
      const Outcomes of = outcomes(*s.items[1]);
      return {of.is_false, of.is_true, of.is_null};
    }
    return alone(text_.substr(s.offset, s.length));
  }

 private:
  /// `or` is `and` with true and false exchanged (DMN 1.5, table 50).
  Outcomes joined(const Syntax& s) const {
    const bool is_and = s.kind == SyntaxKind::conjunction;
    Outcomes all{is_and, !is_and, false};
    for (const SyntaxPtr& item : s.items) {
      Outcomes one = outcomes(*item);
      if (!is_and) {
        std::swap(one.is_true, one.is_false);
        std::swap(all.is_true, all.is_false);
      }
      const bool is_null = (all.is_null && (one.is_true || one.is_null)) || (one.is_null && (all.is_true || all.is_null));
      all = {all.is_true && one.is_true, all.is_false || one.is_false, is_null};
      if (!is_and) std::swap(all.is_true, all.is_false);
    }
    return all;
  }

  Outcomes alone(std::string_view part) const {
    const auto asked = free_names(part);
    if (std::any_of(asked.begin(), asked.end(), [&](const std::string& word) { return word != name_; })) return anything;
    const auto compiled = compile(part, scope_);
    const auto* program = std::get_if<Program>(&compiled);
    if (program == nullptr || !program->used_functions().empty()) return anything;
    Frame frame;
    frame.slots = std::span(&value_, 1);
    const Value result = program->evaluate(frame).value;
    const bool* truth = result.boolean();
    return truth == nullptr ? Outcomes{false, false, true} : Outcomes{*truth, !*truth, false};
  }

  std::string_view text_;
  const std::string& name_;
  const Value& value_;
  StaticScope scope_;
};

}  // namespace

std::optional<bool> truth_given(std::string_view condition, const std::string& name, const Type& type, const Value& value) {
  const StaticScope nothing;
  Parser parser(condition, nothing);
  const SyntaxPtr tree = parser.expression();
  if (tree == nullptr) return std::nullopt;
  const Outcomes all = Given(condition, name, type, value).outcomes(*tree);
  if (!all.is_true) return false;
  return all.is_false || all.is_null ? std::nullopt : std::optional(true);
}

}  // namespace switchboard::feel
