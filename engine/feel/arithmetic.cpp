// + - * / ** and the unary minus. DMN 1.5, tables 55 to 59.
#include <limits>

#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

constexpr std::int64_t giga = 1'000'000'000;

DaysTimeDuration to_duration(std::int64_t seconds, std::int64_t nanoseconds) {
  seconds += nanoseconds / giga;
  nanoseconds %= giga;
  if (seconds > 0 && nanoseconds < 0) {
    --seconds;
    nanoseconds += giga;
  } else if (seconds < 0 && nanoseconds > 0) {
    ++seconds;
    nanoseconds -= giga;
  }
  return DaysTimeDuration{seconds, static_cast<std::int32_t>(nanoseconds)};
}

/// Far below what could overflow when added to a date or to one another.
bool is_sane(std::int64_t seconds) { return seconds > -(std::int64_t{1} << 61) && seconds < (std::int64_t{1} << 61); }

Value undefined(Run& run, Op op, const Value& a, const Value& b) {
  return run.fail("{} {} {} is not defined", to_string(a.type()), to_string(op), to_string(b.type()));
}

Value number_or_reason(Run& run, const std::optional<Decimal>& d, Op op) {
  if (d) return Value(*d);
  return run.fail("{} has no finite result", to_string(op));
}

Value shift(Run& run, const DateTime& t, const DaysTimeDuration& by) {
  if (!is_sane(by.seconds)) return run.fail("the date and time is out of range");
  const Moment m = moment_of(t);
  std::int64_t seconds = m.seconds + by.seconds;
  std::int64_t ns = static_cast<std::int64_t>(m.nanosecond) + by.nanoseconds;
  if (ns < 0) {
    ns += giga;
    --seconds;
  } else if (ns >= giga) {
    ns -= giga;
    ++seconds;
  }
  const auto out = from_utc_seconds(seconds, static_cast<std::uint32_t>(ns), t.time.zone);
  return out ? Value(*out) : run.fail("the date and time is out of range");
}

Value shift(Run& run, const Date& d, const DaysTimeDuration& by) {
  const Value v = shift(run, DateTime{d, Time{}}, by);
  return v.is_null() ? v : Value(v.date_time()->date);
}

Value shift(const Time& t, const DaysTimeDuration& by) {
  constexpr std::int64_t day = 86'400;
  std::int64_t seconds = seconds_of_day(t) + by.seconds % day;
  std::int64_t ns = static_cast<std::int64_t>(t.nanosecond) + by.nanoseconds;
  if (ns < 0) {
    ns += giga;
    --seconds;
  } else if (ns >= giga) {
    ns -= giga;
    ++seconds;
  }
  seconds = ((seconds % day) + day) % day;
  return Value(Time{static_cast<std::uint8_t>(seconds / 3600), static_cast<std::uint8_t>(seconds / 60 % 60), static_cast<std::uint8_t>(seconds % 60),
                    static_cast<std::uint32_t>(ns), t.zone});
}

/// temporal + sign * duration, or nothing when the types do not fit.
std::optional<Value> shifted(Run& run, const Value& v, const Value& duration, int sign) {
  if (const auto* d = duration.days_time_duration()) {
    const DaysTimeDuration by{sign * d->seconds, static_cast<std::int32_t>(sign * d->nanoseconds)};
    if (v.date_time() != nullptr) return shift(run, *v.date_time(), by);
    if (v.date() != nullptr) return shift(run, *v.date(), by);
    if (v.time() != nullptr) return shift(*v.time(), by);
  }
  if (const auto* d = duration.years_months_duration()) {
    const Date* date = v.date_time() != nullptr ? &v.date_time()->date : v.date();
    if (date == nullptr) return std::nullopt;
    const auto moved = add_months(*date, sign * d->months);
    if (!moved) return run.fail("the date is out of range");
    return v.date_time() != nullptr ? Value(DateTime{*moved, v.date_time()->time}) : Value(*moved);
  }
  return std::nullopt;
}

Value add_durations(Run& run, const DaysTimeDuration& a, const DaysTimeDuration& b, int sign) {
  if (!is_sane(a.seconds) || !is_sane(b.seconds)) return run.fail("the duration is out of range");
  return Value(to_duration(a.seconds + sign * b.seconds, std::int64_t{a.nanoseconds} + std::int64_t{sign} * b.nanoseconds));
}

Value add_durations(Run& run, const YearsMonthsDuration& a, const YearsMonthsDuration& b, int sign) {
  std::int64_t months = 0;
  const bool overflow = sign > 0 ? __builtin_add_overflow(a.months, b.months, &months) : __builtin_sub_overflow(a.months, b.months, &months);
  return overflow ? run.fail("the duration is out of range") : Value(YearsMonthsDuration{months});
}

/// Sum or difference of two durations of one kind, or nothing.
std::optional<Value> sum_of_durations(Run& run, const Value& a, const Value& b, int sign) {
  if (a.days_time_duration() != nullptr && b.days_time_duration() != nullptr) {
    return add_durations(run, *a.days_time_duration(), *b.days_time_duration(), sign);
  }
  if (a.years_months_duration() != nullptr && b.years_months_duration() != nullptr) {
    return add_durations(run, *a.years_months_duration(), *b.years_months_duration(), sign);
  }
  return std::nullopt;
}

Value add_values(Run& run, const Value& a, const Value& b) {
  if (a.number() != nullptr && b.number() != nullptr) return number_or_reason(run, add(*a.number(), *b.number()), Op::add);
  if (a.string() != nullptr && b.string() != nullptr) return run.made_string(*a.string() + *b.string());
  if (auto v = sum_of_durations(run, a, b, 1)) return std::move(*v);
  if (auto v = shifted(run, a, b, 1)) return std::move(*v);
  if (auto v = shifted(run, b, a, 1)) return std::move(*v);
  return undefined(run, Op::add, a, b);
}

/// Dates count as midnight UTC beside a date and time.
std::optional<Moment> subtrahend(const Value& v) {
  if (v.date() != nullptr) return moment_of(midnight(*v.date()));
  if (v.date_time() != nullptr) return moment_of(*v.date_time());
  return std::nullopt;
}

std::optional<Value> difference(Run& run, const Value& a, const Value& b) {
  std::optional<Moment> x = subtrahend(a);
  std::optional<Moment> y = subtrahend(b);
  if (a.time() != nullptr && b.time() != nullptr) {
    x = moment_of(*a.time());
    y = moment_of(*b.time());
  }
  if (!x || !y) return std::nullopt;
  if (x->zoned != y->zoned) return run.fail("a local and a zoned time have no difference");
  return Value(to_duration(x->seconds - y->seconds, static_cast<std::int64_t>(x->nanosecond) - y->nanosecond));
}

Value subtract_values(Run& run, const Value& a, const Value& b) {
  if (a.number() != nullptr && b.number() != nullptr) return number_or_reason(run, subtract(*a.number(), *b.number()), Op::subtract);
  if (auto v = sum_of_durations(run, a, b, -1)) return std::move(*v);
  if (auto v = difference(run, a, b)) return std::move(*v);
  if (auto v = shifted(run, a, b, -1)) return std::move(*v);
  return undefined(run, Op::subtract, a, b);
}

Decimal nanoseconds_of(const DaysTimeDuration& d) {
  const auto scaled = multiply(Decimal(d.seconds), Decimal(giga));
  return add(*scaled, Decimal(d.nanoseconds)).value_or(Decimal());
}

Value from_nanoseconds(Run& run, const std::optional<Decimal>& ns) {
  const auto whole = ns ? ns->rounded(0, Decimal::Rounding::down) : std::nullopt;
  const auto seconds = whole ? divide(*whole, Decimal(giga)) : std::nullopt;
  const auto full = seconds ? seconds->rounded(0, Decimal::Rounding::down) : std::nullopt;
  const auto n = full ? full->to_int64() : std::nullopt;
  if (!n || !is_sane(*n)) return run.fail("the duration is out of range");
  const auto rest = subtract(*whole, *multiply(*full, Decimal(giga)));
  return Value(DaysTimeDuration{*n, static_cast<std::int32_t>(rest->to_int64().value_or(0))});
}

Value from_months(Run& run, const std::optional<Decimal>& months) {
  const auto whole = months ? months->rounded(0, Decimal::Rounding::down) : std::nullopt;
  const auto n = whole ? whole->to_int64() : std::nullopt;
  return n ? Value(YearsMonthsDuration{*n}) : run.fail("the duration is out of range");
}

Value multiply_values(Run& run, const Value& a, const Value& b) {
  if (a.number() != nullptr && b.number() != nullptr) return number_or_reason(run, multiply(*a.number(), *b.number()), Op::multiply);
  const Decimal* n = a.number() != nullptr ? a.number() : b.number();
  const Value& duration = a.number() != nullptr ? b : a;
  if (n != nullptr && duration.days_time_duration() != nullptr)
    return from_nanoseconds(run, multiply(nanoseconds_of(*duration.days_time_duration()), *n));
  if (n != nullptr && duration.years_months_duration() != nullptr) {
    return from_months(run, multiply(Decimal(duration.years_months_duration()->months), *n));
  }
  return undefined(run, Op::multiply, a, b);
}

Value divide_values(Run& run, const Value& a, const Value& b) {
  if (const Decimal* n = b.number()) {
    if (n->is_zero() && (a.number() != nullptr || a.days_time_duration() != nullptr || a.years_months_duration() != nullptr))
      return run.fail("division by zero");
    if (a.number() != nullptr) return number_or_reason(run, divide(*a.number(), *n), Op::divide);
    if (a.days_time_duration() != nullptr) return from_nanoseconds(run, divide(nanoseconds_of(*a.days_time_duration()), *n));
    if (a.years_months_duration() != nullptr) return from_months(run, divide(Decimal(a.years_months_duration()->months), *n));
  }
  if (a.days_time_duration() != nullptr && b.days_time_duration() != nullptr) {
    return number_or_reason(run, divide(nanoseconds_of(*a.days_time_duration()), nanoseconds_of(*b.days_time_duration())), Op::divide);
  }
  if (a.years_months_duration() != nullptr && b.years_months_duration() != nullptr) {
    return number_or_reason(run, divide(Decimal(a.years_months_duration()->months), Decimal(b.years_months_duration()->months)), Op::divide);
  }
  return undefined(run, Op::divide, a, b);
}

}  // namespace

Value calculate(Run& run, Op op, const Value& a, const Value& b) {
  switch (op) {
    case Op::add: return add_values(run, a, b);
    case Op::subtract: return subtract_values(run, a, b);
    case Op::multiply: return multiply_values(run, a, b);
    case Op::divide: return divide_values(run, a, b);
    case Op::power:
      if (a.number() != nullptr && b.number() != nullptr) {
        if (!run.step(100)) return Value();  // powers go through 80 digits
        return number_or_reason(run, power(*a.number(), *b.number()), Op::power);
      }
      return undefined(run, op, a, b);
    case Op::none:
    case Op::equal:
    case Op::not_equal:
    case Op::less:
    case Op::less_equal:
    case Op::greater:
    case Op::greater_equal: break;
  }
  return Value();
}

Value negate(Run& run, const Value& v) {
  if (const auto* n = v.number()) return Value(n->negated());
  if (const auto* d = v.days_time_duration(); d != nullptr && is_sane(d->seconds)) return Value(DaysTimeDuration{-d->seconds, -d->nanoseconds});
  if (const auto* d = v.years_months_duration(); d != nullptr && d->months != INT64_MIN) return Value(YearsMonthsDuration{-d->months});
  return run.fail("- {} is not defined", to_string(v.type()));
}

}  // namespace switchboard::feel
