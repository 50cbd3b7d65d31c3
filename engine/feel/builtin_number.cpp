// Numeric functions. DMN 1.5, 10.3.4.5 (table 75).
#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;
using Rounding = Decimal::Rounding;

/// A scale: a whole number of places, its fraction cut, from -6111 to 6176.
std::optional<std::int32_t> scale_of(const Decimal& d) {
  const auto whole = d.rounded(0, Rounding::down);
  const auto n = whole ? whole->to_int64() : std::nullopt;
  if (!n || *n < -6111 || *n > 6176) return std::nullopt;
  return static_cast<std::int32_t>(*n);
}

template <Rounding mode>
Value round_to(Run& run, Args a) {
  const auto scale = a[1].is_null() ? std::optional<std::int32_t>(0) : scale_of(*a[1].number());
  if (!scale) return run.fail("the scale must be from -6111 to 6176");
  return finite(run, a[0].number()->rounded(*scale, mode), "rounding");
}

Value abs_value(Run& run, Args a) {
  if (const auto* n = a[0].number()) return Value(n->abs());
  const bool negative =
      a[0].days_time_duration() != nullptr ? *a[0].days_time_duration() < DaysTimeDuration{} : *a[0].years_months_duration() < YearsMonthsDuration{};
  return negative ? negate(run, a[0]) : a[0];
}

Value modulo(Run& run, Args a) {
  if (a[1].number()->is_zero()) return run.fail("modulo(): division by zero");
  return finite(run, floor_modulo(*a[0].number(), *a[1].number()), "modulo");
}

Value sqrt_value(Run& run, Args a) {
  if (!run.step(100)) return Value();
  return a[0].number()->is_negative() ? run.fail("sqrt() of a negative number") : finite(run, a[0].number()->sqrt(), "sqrt");
}
Value log_value(Run& run, Args a) {
  if (!run.step(200)) return Value();
  return *a[0].number() > Decimal(0) ? finite(run, a[0].number()->log(), "log") : run.fail("log() of a number that is not positive");
}
Value exp_value(Run& run, Args a) {
  if (!run.step(200)) return Value();
  return finite(run, a[0].number()->exp(), "exp");
}

Value odd(Run&, Args a) { return Value(floor_modulo(*a[0].number(), Decimal(2)) == Decimal(1)); }
Value even(Run&, Args a) { return Value(floor_modulo(*a[0].number(), Decimal(2)) == Decimal(0)); }

Type same_as_argument(std::span<const Type> arguments) { return arguments.empty() ? Type() : arguments[0]; }

}  // namespace

void add_number_builtins(std::vector<Builtin>& out) {
  const Type number(Type::Kind::number);
  const Type boolean(Type::Kind::boolean);
  const Parameter n{"n", mask::number};
  const Parameter scale{"scale", mask::number};
  const Parameter scale_or_zero{"scale", mask::number, true};
  out.push_back({"decimal", {{{n, scale}, false, round_to<Rounding::half_even>, number}}});
  out.push_back({"floor", {{{n, scale_or_zero}, false, round_to<Rounding::floor>, number}}});
  out.push_back({"ceiling", {{{n, scale_or_zero}, false, round_to<Rounding::ceiling>, number}}});
  out.push_back({"round up", {{{n, scale}, false, round_to<Rounding::up>, number}}});
  out.push_back({"round down", {{{n, scale}, false, round_to<Rounding::down>, number}}});
  out.push_back({"round half up", {{{n, scale}, false, round_to<Rounding::half_up>, number}}});
  out.push_back({"round half down", {{{n, scale}, false, round_to<Rounding::half_down>, number}}});
  out.push_back({"abs", {{{{"n", mask::number | mask::days | mask::months}}, false, abs_value, Type(), same_as_argument}}});
  out.push_back({"modulo", {{{{"dividend", mask::number}, {"divisor", mask::number}}, false, modulo, number}}});
  out.push_back({"sqrt", {{{{"number", mask::number}}, false, sqrt_value, number}}});
  out.push_back({"log", {{{{"number", mask::number}}, false, log_value, number}}});
  out.push_back({"exp", {{{{"number", mask::number}}, false, exp_value, number}}});
  out.push_back({"odd", {{{{"number", mask::number}}, false, odd, boolean}}});
  out.push_back({"even", {{{{"number", mask::number}}, false, even, boolean}}});
}

}  // namespace switchboard::feel
