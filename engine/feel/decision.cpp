// Evaluating decision tables. DMN 1.5, 8.2.10 (hit policies), 8.2.11 (defaults).
#include "feel/decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <boost/container/small_vector.hpp>
#include <numeric>
#include <set>

#include "feel/builtin.hpp"
#include "feel/decision_impl.hpp"
#include "feel/program.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::feel {
namespace {

template <class T, std::size_t n>
using Few = boost::container::small_vector<T, n>;
using Hits = Few<std::uint32_t, 8>;

/// One evaluation: which rules hit, and what comes of it.
class TableRun {
 public:
  TableRun(const Decision::Impl& impl, std::span<const Value> arguments, const Frame& frame)
      : impl_(impl), frame_(frame), tests_(frame_, impl.test_locals, false), slots_(impl.slots) {
    for (std::size_t i = 0; i < std::min(arguments.size(), impl.table.parameters.size()); ++i)
      slots_[i] = coerce(arguments[i], impl.table.parameters[i].second);
    frame_.slots = slots_.all();
  }

  Evaluation run(std::span<const Value> arguments) {
    if (arguments.size() > impl_.table.parameters.size()) {
      return {Value(), fmt::format("{} takes {} arguments, not {}", impl_.table.id, impl_.table.parameters.size(), arguments.size())};
    }
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (slots_[i].is_null() && !arguments[i].is_null()) {
        const auto& p = impl_.table.parameters[i];
        return {Value(),
                fmt::format("{}: argument `{}` is {}, not {}", impl_.table.id, p.first, to_string(arguments[i].type()), p.second.to_string())};
      }
    }
    Evaluation out;
    if (read_inputs()) out.value = decide();
    if (too_large_) out.value = fail(fmt::format("what the rules give together has more than {} bytes [SB0232]", limits::value_bytes));
    if (out.value.is_null()) out.error = error_;
    return out;
  }

  [[nodiscard]] std::optional<std::uint32_t> decided() const { return decided_; }

 private:
  Value fail(std::string why) {
    if (error_.empty()) error_ = impl_.table.id.empty() ? std::move(why) : impl_.table.id + ": " + why;
    return Value();
  }

  Value evaluate(const Program& p) {
    if (const Value* there = p.impl().root->peek(tests_)) return *there;  // a name or a constant, as nearly all are
    Evaluation e = p.evaluate(frame_);
    if (!e.error.empty()) fail(std::move(e.error));
    return std::move(e.value);
  }

  bool read_inputs() {
    for (std::size_t i = 0; i < impl_.inputs.size(); ++i) {
      Value& there = slots_[impl_.input_slots[i]];
      const auto& input = impl_.table.inputs[i];
      if (impl_.input_slots[i] >= impl_.table.parameters.size()) {
        there = evaluate(impl_.inputs[i]);
        if (!there.is_null() && !input.type.admits(there)) {
          const Value::Type was = there.type();
          there = coerce(there, input.type);
          if (there.is_null()) {
            fail(fmt::format("input `{}` is {}, not {}", input.expression, to_string(was), input.type.to_string()));
            return false;
          }
        }
      }
      if (impl_.allowed[i] && !there.is_null() && impl_.allowed[i].impl().root->test(tests_) != Truth::yes) {
        fail(fmt::format("input `{}` has the value {}, which is not allowed", input.expression, to_feel(there)));
        return false;
      }
    }
    return true;
  }

  /// Whether a rule that the index has not ruled out yet is satisfied.
  bool hits(const Decision::Impl::Rule& rule) {
    return std::all_of(rule.in.begin(), rule.in.end(), [this](const Decision::Impl::Test& test) {
      return (test.in_words && (words_ >> test.column & 1) != 0) || test.cell.impl().root->test(tests_) == Truth::yes;
    });
  }

  /// One bit for every rule: set unless a text among the inputs is known, from an index, not to satisfy the rule.
  Few<std::uint64_t, 8> rules_left() {
    Few<std::uint64_t, 8> left((impl_.rules.size() + 63) / 64, ~std::uint64_t{0});
    for (const WordIndex& index : impl_.indexes) {
      if (const std::string* word = slots_[impl_.input_slots[index.column()]].string()) {
        words_ |= std::uint64_t{1} << index.column();
        index.narrow(*word, {left.data(), left.size()});
      }
    }
    return left;
  }

  Value context_of(std::vector<Value> values) const {
    if (values.size() == 1) return std::move(values.front());
    Context c;
    c.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) c.append_new(impl_.table.outputs[i].name, std::move(values[i]));
    return Value(std::move(c));
  }

  Value result_of(const Decision::Impl::Rule& rule) { return rule.out.size() == 1 ? output(rule, 0) : context_of(outputs(rule)); }
  Value output(const Decision::Impl::Rule& rule, std::size_t i) { return coerce(evaluate(rule.out[i]), impl_.table.outputs[i].type); }

  std::vector<Value> outputs(const Decision::Impl::Rule& rule) {
    std::vector<Value> out;
    for (std::size_t i = 0; i < rule.out.size(); ++i) out.push_back(output(rule, i));
    return out;
  }

  bool has_defaults() const {
    return std::any_of(impl_.defaults.begin(), impl_.defaults.end(), [](const Program& p) { return bool(p); });
  }

  Value defaults() {
    std::vector<Value> values;
    for (const Program& p : impl_.defaults) values.push_back(p ? evaluate(p) : Value());
    return context_of(std::move(values));
  }

  Value decide() {
    const bool first_is_enough = impl_.table.hit == HitPolicy::first;
    const auto left = rules_left();
    Hits hit;
    for (std::uint32_t word = 0; word < left.size(); ++word) {
      for (std::uint64_t rest = left[word]; rest != 0; rest &= rest - 1) {
        const std::uint32_t r = word * 64 + static_cast<std::uint32_t>(std::countr_zero(rest));
        if (r >= impl_.rules.size()) break;
        if (hits(impl_.rules[r])) hit.push_back(r);
        if (first_is_enough && !hit.empty()) break;
      }
      if (first_is_enough && !hit.empty()) break;
    }
    if (tests_.stopped()) return fail(fmt::format("the tests took more than {} steps [SB0230]", limits::evaluation_steps));
    if (hit.empty()) return nothing_hit();
    decided_ = hit.front();
    switch (impl_.table.hit) {
      case HitPolicy::unique:
        if (hit.size() > 1) return fail(fmt::format("rules {} and {} both hit, but only one may [SB0810]", hit[0] + 1, hit[1] + 1));
        return result_of(impl_.rules[hit[0]]);
      case HitPolicy::first: return result_of(impl_.rules[hit[0]]);
      case HitPolicy::any: return any_of(hit);
      case HitPolicy::priority: return first_by_priority(hit);
      case HitPolicy::rule_order: return Value(values_of(outputs_of(hit)));
      case HitPolicy::output_order: return Value(values_of(by_priority(hit)));
      case HitPolicy::collect: return aggregate(values_of(outputs_of(hit)));
    }
    SB_UNREACHABLE("hit policy");
  }

  /// When no rule hits, the default outputs are the result, also when they are null. Without any the result is null, with a reason.
  Value nothing_hit() {
    if (has_defaults()) {
      error_.clear();  // why an input could not be evaluated does not matter any more: the default is the answer to "no rule hits"
      Value v = defaults();
      const bool list = impl_.table.hit == HitPolicy::rule_order || impl_.table.hit == HitPolicy::output_order ||
                        (impl_.table.hit == HitPolicy::collect && impl_.table.aggregation == Aggregation::none);
      return list && v.list() == nullptr && !v.is_null() ? Value(List{v}) : v;
    }
    if (impl_.table.hit == HitPolicy::collect && impl_.table.aggregation == Aggregation::count) return Value(0);
    if (impl_.table.hit == HitPolicy::collect && impl_.table.aggregation == Aggregation::none) return Value(List{});
    return fail("no rule hits");
  }

  using Rows = std::vector<std::vector<Value>>;
  Rows outputs_of(const Hits& hit) {
    Rows rows;
    std::uint64_t bytes = 0;
    for (const auto r : hit) {
      rows.push_back(outputs(impl_.rules[r]));
      for (const Value& v : rows.back()) too_large_ = too_large_ || !tests_.grows(bytes, v);
      if (too_large_) break;
    }
    return rows;
  }
  List values_of(const Rows& rows) const {
    List out;
    for (const auto& row : rows) out.push_back(context_of(row));
    return out;
  }

  Value any_of(const Hits& hit) {
    const List values = values_of(outputs_of(hit));
    for (std::size_t i = 1; i < values.size(); ++i) {
      if (!(values[i] == values[0])) return fail(fmt::format("rules {} and {} hit with different outputs [SB0811]", hit[0] + 1, hit[i] + 1));
    }
    return values.front();
  }

  /// Rank of every output of a row in its list of allowed values; what is not listed comes last.
  std::vector<std::size_t> rank(const std::vector<Value>& row) const {
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < row.size(); ++i) {
      const List& order = impl_.priorities[i];
      if (order.empty()) continue;
      out.push_back(static_cast<std::size_t>(std::find(order.begin(), order.end(), row[i]) - order.begin()));
    }
    return out;
  }

  Value first_by_priority(const Hits& hit) {
    const Rows rows = outputs_of(hit);
    const auto best = std::min_element(rows.begin(), rows.end(), [this](const auto& a, const auto& b) { return rank(a) < rank(b); });
    decided_ = hit[static_cast<std::size_t>(best - rows.begin())];
    return context_of(*best);
  }

  Rows by_priority(const Hits& hit) {
    Rows rows = outputs_of(hit);
    std::stable_sort(rows.begin(), rows.end(), [this](const auto& a, const auto& b) { return rank(a) < rank(b); });
    return rows;
  }

  Value aggregate(List values) {
    std::string_view function;
    switch (impl_.table.aggregation) {
      case Aggregation::none: return Value(std::move(values));
      case Aggregation::count: return Value(static_cast<std::int64_t>(values.size()));
      case Aggregation::sum: function = "sum"; break;
      case Aggregation::min: function = "min"; break;
      case Aggregation::max: function = "max"; break;
    }
    Run run(frame_, 0, true);
    const Value argument(std::move(values));
    Value out = call_builtin(run, *find_builtin(function), std::span(&argument, 1));
    return out.is_null() ? fail(run.error()) : out;
  }

  const Decision::Impl& impl_;
  Frame frame_;
  bool too_large_ = false;  ///< what the rules that hit give together
  Run tests_;               ///< one budget for the tests of all rules
  std::optional<std::uint32_t> decided_;
  std::uint64_t words_ = 0;  ///< columns that an index has narrowed
  FewValues<6> slots_;
  std::string error_;
};

}  // namespace

Evaluation Decision::evaluate(std::span<const Value> arguments, const Frame& frame, std::optional<std::uint32_t>* decided) const {
  SB_ASSERT(impl_ != nullptr);
  TableRun run(*impl_, arguments, frame);
  Evaluation out = run.run(arguments);
  if (decided != nullptr) *decided = run.decided();
  return out;
}

HostSignature Decision::signature() const {
  SB_ASSERT(impl_ != nullptr);
  const DecisionTable& t = impl_->table;
  HostSignature out{t.id, t.parameters, t.required_parameters, Type(), 0};
  Type row;
  if (t.outputs.size() == 1) {
    row = t.outputs[0].type;
  } else {
    Type::Fields fields;
    for (const auto& o : t.outputs) fields.emplace_back(o.name, o.type);
    row = Type::context_of(std::move(fields));
  }
  const bool list =
      t.hit == HitPolicy::rule_order || t.hit == HitPolicy::output_order || (t.hit == HitPolicy::collect && t.aggregation == Aggregation::none);
  out.result = list ? Type::list_of(row) : t.aggregation == Aggregation::count ? Type(Type::Kind::number) : row;
  return out;
}

std::vector<std::string> Decision::used_calendars() const {
  SB_ASSERT(impl_ != nullptr);
  std::set<std::string> used;
  const auto note = [&](const Program& p) {
    if (p)
      for (const CalendarUse& use : p.used_calendars()) used.insert(use.id);
  };
  for (const Program& p : impl_->inputs) note(p);
  for (const Program& p : impl_->allowed) note(p);
  for (const Program& p : impl_->defaults) note(p);
  for (const Impl::Rule& rule : impl_->rules) {
    for (const Impl::Test& test : rule.in) note(test.cell);
    for (const Program& p : rule.out) note(p);
  }
  return {used.begin(), used.end()};
}

const DecisionTable& Decision::table() const {
  SB_ASSERT(impl_ != nullptr);
  return impl_->table;
}

}  // namespace switchboard::feel
