// Functions that make one value of many: sum, mean, min, all, ... DMN 1.5, 10.3.4.4. Each takes one list or the items themselves.
#include <algorithm>

#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

/// The numbers of a list; nullopt with a reason when something else is in it.
std::optional<std::vector<Decimal>> numbers(Run& run, const Value& list, std::string_view function) {
  std::vector<Decimal> out;
  for (const Value& v : *list.list()) {
    if (v.number() == nullptr) {
      run.fail("{}(): {} is not a number", function, to_string(v.type()));
      return std::nullopt;
    }
    out.push_back(*v.number());
  }
  return out;
}

std::optional<Decimal> total(const std::vector<Decimal>& items) {
  std::optional<Decimal> out(Decimal(0));
  for (const Decimal& d : items) out = out ? add(*out, d) : out;
  return out;
}

std::optional<Decimal> average(const std::vector<Decimal>& items) {
  const auto all = total(items);
  return all ? divide(*all, Decimal(static_cast<std::int64_t>(items.size()))) : std::nullopt;
}

Value extreme(Run& run, const Value& list, std::string_view function, bool least) {
  const List& l = *list.list();
  if (l.empty()) return Value();
  const Value* best = &l.front();
  for (const Value& v : l) {
    const auto o = order(v, *best);
    if (!o) return run.fail("{}(): {} and {} cannot be compared", function, to_string(v.type()), to_string(best->type()));
    if (least ? *o < 0 : *o > 0) best = &v;
  }
  return *best;
}

Value min(Run& run, Args a) { return extreme(run, a[0], "min", true); }
Value max(Run& run, Args a) { return extreme(run, a[0], "max", false); }

Value sum(Run& run, Args a) {
  const List& l = *a[0].list();
  if (l.empty()) return Value();
  if (l.front().days_time_duration() != nullptr || l.front().years_months_duration() != nullptr) {
    Value out = l.front();
    for (std::size_t i = 1; i < l.size(); ++i) out = calculate(run, Op::add, out, l[i]);
    return out;
  }
  const auto items = numbers(run, a[0], "sum");
  return items ? finite(run, total(*items), "sum") : Value();
}

Value mean(Run& run, Args a) {
  const auto items = numbers(run, a[0], "mean");
  if (!items || items->empty()) return Value();
  return finite(run, average(*items), "mean");
}

Value product(Run& run, Args a) {
  const auto items = numbers(run, a[0], "product");
  if (!items || items->empty()) return Value();
  std::optional<Decimal> out(Decimal(1));
  for (const Decimal& d : *items) out = out ? multiply(*out, d) : out;
  return finite(run, out, "product");
}

Value median(Run& run, Args a) {
  auto items = numbers(run, a[0], "median");
  if (!items || items->empty()) return Value();
  std::sort(items->begin(), items->end());
  const std::size_t middle = items->size() / 2;
  if (items->size() % 2 == 1) return Value((*items)[middle]);
  return finite(run, average({(*items)[middle - 1], (*items)[middle]}), "median");
}

/// Sample standard deviation.
Value stddev(Run& run, Args a) {
  const auto items = numbers(run, a[0], "stddev");
  if (!items) return Value();
  if (items->size() < 2) return run.fail("stddev() needs at least two numbers");
  const auto center = average(*items);
  std::optional<Decimal> squares(Decimal(0));
  for (const Decimal& d : *items) {
    const auto away = center ? subtract(d, *center) : std::nullopt;
    const auto square = away ? multiply(*away, *away) : std::nullopt;
    squares = squares && square ? add(*squares, *square) : std::nullopt;
  }
  const auto variance = squares ? divide(*squares, Decimal(static_cast<std::int64_t>(items->size() - 1))) : std::nullopt;
  return finite(run, variance ? variance->sqrt() : std::nullopt, "stddev");
}

/// All most frequent numbers, ascending.
Value mode(Run& run, Args a) {
  auto items = numbers(run, a[0], "mode");
  if (!items) return Value();
  std::sort(items->begin(), items->end());
  List out;
  std::ptrdiff_t best = 0;
  for (auto i = items->begin(); i != items->end();) {
    const auto end = std::upper_bound(i, items->end(), *i);
    if (end - i > best) out.clear();
    best = std::max(best, end - i);
    if (end - i == best) out.emplace_back(*i);
    i = end;
  }
  return run.made(std::move(out));
}

/// Conjunction or disjunction in three-valued logic; anything but booleans and nulls is an error.
Value fold_logic(Run& run, const Value& list, std::string_view function, bool decisive) {
  bool unknown = false;
  bool decided = false;
  for (const Value& v : *list.list()) {
    if (!v.is_null() && v.boolean() == nullptr) return run.fail("{}(): {} is not a boolean", function, to_string(v.type()));
    unknown = unknown || v.is_null();
    decided = decided || (!v.is_null() && *v.boolean() == decisive);
  }
  if (decided) return Value(decisive);
  return unknown ? Value() : Value(!decisive);
}

Value all(Run& run, Args a) { return fold_logic(run, a[0], "all", false); }
Value any(Run& run, Args a) { return fold_logic(run, a[0], "any", true); }

Type element_of(std::span<const Type> arguments) {
  if (arguments.empty()) return Type();
  return arguments[0].kind() == Type::Kind::list ? arguments[0].element() : arguments[0];
}

/// `f(list)` and `f(item, item, ...)`.
Builtin over_items(std::string_view name, Value (*evaluate)(Run&, Args), Type result, Type (*infer)(std::span<const Type>)) {
  return {name, {{{{"list", mask::list}}, false, evaluate, result, infer}, {{{"items", mask::list}}, true, evaluate, result, infer}}};
}

}  // namespace

void add_aggregate_builtins(std::vector<Builtin>& out) {
  const Type number(Type::Kind::number);
  const Type boolean(Type::Kind::boolean);
  out.push_back(over_items("min", min, Type(), element_of));
  out.push_back(over_items("max", max, Type(), element_of));
  out.push_back(over_items("sum", sum, Type(), element_of));
  out.push_back(over_items("mean", mean, number, nullptr));
  out.push_back(over_items("product", product, number, nullptr));
  out.push_back(over_items("median", median, number, nullptr));
  out.push_back(over_items("stddev", stddev, number, nullptr));
  out.push_back(over_items("mode", mode, Type::list_of(number), nullptr));
  out.push_back(over_items("all", all, boolean, nullptr));
  out.push_back(over_items("any", any, boolean, nullptr));
}

}  // namespace switchboard::feel
