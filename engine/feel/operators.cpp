#include "feel/operators.hpp"

#include <algorithm>

#include "feel/function.hpp"

namespace switchboard::feel {

Moment moment_of(const DateTime& t) {
  const auto offset = utc_offset(t);
  return Moment{offset.has_value(), local_seconds(t) - offset.value_or(0), t.time.nanosecond};
}

/// A zone's offset depends on the date, which a time does not have: the first day of 1970 stands for it.
Moment moment_of(const Time& t) { return moment_of(DateTime{Date{1970, 1, 1}, t}); }

DateTime midnight(const Date& d) { return DateTime{d, Time{0, 0, 0, 0, ZoneInfo{ZoneInfo::Kind::offset, 0, {}}}}; }

namespace {

std::optional<std::strong_ordering> order_moments(const Moment& a, const Moment& b) {
  if (a.zoned != b.zoned) return std::nullopt;
  if (a.seconds != b.seconds) return a.seconds <=> b.seconds;
  return a.nanosecond <=> b.nanosecond;
}

bool holds(Op op, std::strong_ordering o) {
  switch (op) {
    case Op::equal: return o == 0;
    case Op::not_equal: return o != 0;
    case Op::less: return o < 0;
    case Op::less_equal: return o <= 0;
    case Op::greater: return o > 0;
    case Op::greater_equal: return o >= 0;
    case Op::none:
    case Op::add:
    case Op::subtract:
    case Op::multiply:
    case Op::divide:
    case Op::power: break;
  }
  return false;
}

Truth to_truth(bool b) { return b ? Truth::yes : Truth::no; }

Truth equal_lists(Run& run, const List& a, const List& b) {
  if (a.size() != b.size()) return Truth::no;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (equal(run, a[i], b[i]) != Truth::yes) return Truth::no;
  }
  return Truth::yes;
}

Truth equal_contexts(Run& run, const Context& a, const Context& b) {
  if (a.size() != b.size()) return Truth::no;
  for (const auto& [name, value] : a.entries()) {
    const Value* other = b.find(name);
    if (other == nullptr || equal(run, value, *other) != Truth::yes) return Truth::no;
  }
  return Truth::yes;
}

Truth equal_ranges(Run& run, const Range& a, const Range& b) {
  if (a.low_end != b.low_end || a.high_end != b.high_end || a.unary != b.unary) return Truth::no;
  return to_truth(equal(run, a.low, b.low) == Truth::yes && equal(run, a.high, b.high) == Truth::yes);
}

}  // namespace

std::optional<std::strong_ordering> order(const Value& a, const Value& b) {
  if (a.type() != b.type()) return std::nullopt;
  switch (a.type()) {
    case Value::Type::number: return *a.number() <=> *b.number();
    case Value::Type::string: return a.string()->compare(*b.string()) <=> 0;  // bytes of UTF-8 order as code points do
    case Value::Type::date: return *a.date() <=> *b.date();
    case Value::Type::time: return order_moments(moment_of(*a.time()), moment_of(*b.time()));
    case Value::Type::date_time: return order_moments(moment_of(*a.date_time()), moment_of(*b.date_time()));
    case Value::Type::days_time_duration: return *a.days_time_duration() <=> *b.days_time_duration();
    case Value::Type::years_months_duration: return *a.years_months_duration() <=> *b.years_months_duration();
    case Value::Type::null:
    case Value::Type::boolean:
    case Value::Type::list:
    case Value::Type::context:
    case Value::Type::range:
    case Value::Type::function: break;
  }
  return std::nullopt;
}

Truth equal(Run& run, const Value& a, const Value& b) {
  if (a.is_null() || b.is_null()) return to_truth(a.is_null() && b.is_null());
  if (a.type() != b.type()) return Truth::unknown;
  switch (a.type()) {
    case Value::Type::boolean: return to_truth(*a.boolean() == *b.boolean());
    case Value::Type::string: return run.step(a.string()->size() / 64) ? to_truth(*a.string() == *b.string()) : Truth::unknown;
    case Value::Type::list: return run.step(a.list()->size()) ? equal_lists(run, *a.list(), *b.list()) : Truth::unknown;
    case Value::Type::context: return run.step(a.context()->size()) ? equal_contexts(run, *a.context(), *b.context()) : Truth::unknown;
    case Value::Type::range: return equal_ranges(run, *a.range(), *b.range());
    case Value::Type::function: return to_truth(a.function_object() == b.function_object());
    case Value::Type::null:
    case Value::Type::number:
    case Value::Type::date:
    case Value::Type::time:
    case Value::Type::date_time:
    case Value::Type::days_time_duration:
    case Value::Type::years_months_duration: break;
  }
  const auto o = order(a, b);
  return o ? to_truth(*o == 0) : Truth::unknown;
}

bool identical(const Value& a, const Value& b) {
  // A zone given as +00:00 and as Z is one and the same; a zone name and an offset are not.
  return a == b;
}

namespace {

void no_order(Run& run, Op op, const Value& a, const Value& b) {
  if (a.type() == b.type() && (a.time() != nullptr || a.date_time() != nullptr)) {
    run.fail("a local {0} cannot be compared with a zoned {0}", to_string(a.type()));
  } else {
    run.fail("{} {} {} has no answer", to_string(a.type()), to_string(op), to_string(b.type()));
  }
}

}  // namespace

Truth compare(Run& run, Op op, const Value& a, const Value& b) {
  if (op == Op::equal || op == Op::not_equal) {
    const Truth t = equal(run, a, b);
    if (t == Truth::unknown) no_order(run, op, a, b);
    return op == Op::equal ? t : negate(t);
  }
  if (a.string() != nullptr && !run.step(a.string()->size() / 64)) return Truth::unknown;
  const auto o = order(a, b);
  if (o) return to_truth(holds(op, *o));
  no_order(run, op, a, b);
  return Truth::unknown;
}

Truth in_range(Run& run, const Value& v, const Range& r) {
  const auto side = [&](const Value& end, Op op) {
    if (r.unary && end.is_null()) return Truth::yes;
    const auto o = order(v, end);
    if (!o) {
      run.fail("{} cannot lie in a range of {}", to_string(v.type()), to_string(end.type()));
      return Truth::unknown;
    }
    return to_truth(holds(op, *o));
  };
  const Truth low = side(r.low, r.low_end == Range::End::closed ? Op::greater_equal : Op::greater);
  if (low == Truth::no) return low;
  const Truth high = side(r.high, r.high_end == Range::End::closed ? Op::less_equal : Op::less);
  if (high == Truth::no) return high;
  return low == Truth::yes ? high : low;
}

Truth matches_test(Run& run, const Value& v, const Value& test) {
  if (const Range* r = test.range()) {
    if (v.range() != nullptr) return equal(run, v, test);
    return in_range(run, v, *r);
  }
  if (const List* l = test.list()) {
    if (v.list() != nullptr && equal(run, v, test) == Truth::yes) return Truth::yes;
    Truth out = Truth::no;
    for (const auto& item : *l) {
      if (!run.step()) return Truth::unknown;
      const Range* r = item.range();
      const Truth t = r != nullptr && v.range() == nullptr ? in_range(run, v, *r) : equal(run, v, item);
      if (t == Truth::yes) return t;
    }
    return out;
  }
  return equal(run, v, test);
}

}  // namespace switchboard::feel
