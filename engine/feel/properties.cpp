// The properties of dates, times, durations and ranges, and the fields of contexts. DMN 1.5, table 65.
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

/// What a property lookup says: a value (perhaps null), or that there is no such name.
using Found = std::optional<Value>;

Found date_property(const Date& d, std::string_view name) {
  if (name == "year") return Value(d.year);
  if (name == "month") return Value(int{d.month});
  if (name == "day") return Value(int{d.day});
  if (name == "weekday") return Value(static_cast<int>(weekday(d)));
  return std::nullopt;
}

Found time_property(const Time& t, const Date& on, std::string_view name) {
  if (name == "hour") return Value(int{t.hour});
  if (name == "minute") return Value(int{t.minute});
  if (name == "second") return Value(int{t.second});
  if (name == "time offset") {
    const auto offset = utc_offset(DateTime{on, t});
    return offset ? Value(DaysTimeDuration{*offset, 0}) : Value();
  }
  if (name == "timezone") return t.zone.kind == ZoneInfo::Kind::zone ? Value(t.zone.zone) : Value();
  return std::nullopt;
}

Found days_property(const DaysTimeDuration& d, std::string_view name) {
  if (name == "days") return Value(d.seconds / 86'400);
  if (name == "hours") return Value(d.seconds / 3600 % 24);
  if (name == "minutes") return Value(d.seconds / 60 % 60);
  if (name == "seconds") {
    const auto fraction = divide(Decimal(d.nanoseconds), Decimal(1'000'000'000));
    return Value(*add(Decimal(d.seconds % 60), *fraction));
  }
  return std::nullopt;
}

Found months_property(const YearsMonthsDuration& d, std::string_view name) {
  if (name == "years") return Value(d.months / 12);
  if (name == "months") return Value(d.months % 12);
  return std::nullopt;
}

Found range_property(const Range& r, std::string_view name) {
  if (name == "start") return r.low;
  if (name == "end") return r.high;
  if (name == "start included") return Value(r.low_end == Range::End::closed);
  if (name == "end included") return Value(r.high_end == Range::End::closed);
  return std::nullopt;
}

Found scalar_property(const Value& v, std::string_view name) {
  switch (v.type()) {
    case Value::Type::date: return date_property(*v.date(), name);
    case Value::Type::time: return time_property(*v.time(), Date{}, name);
    case Value::Type::date_time: {
      auto found = date_property(v.date_time()->date, name);
      return found ? found : time_property(v.date_time()->time, v.date_time()->date, name);
    }
    case Value::Type::days_time_duration: return days_property(*v.days_time_duration(), name);
    case Value::Type::years_months_duration: return months_property(*v.years_months_duration(), name);
    case Value::Type::range: return range_property(*v.range(), name);
    case Value::Type::null:
    case Value::Type::boolean:
    case Value::Type::number:
    case Value::Type::string:
    case Value::Type::list:
    case Value::Type::context:
    case Value::Type::function: break;
  }
  return std::nullopt;
}

}  // namespace

Value property(Run& run, const Value& v, std::string_view name) {
  if (const Context* c = v.context()) {
    const Value* found = c->find(name);
    return found != nullptr ? *found : run.fail("the context has no entry `{}`", name);
  }
  if (const List* l = v.list()) {
    List out;
    out.reserve(l->size());
    std::uint64_t bytes = 0;
    for (const auto& item : *l) {
      if (!run.step()) return Value();
      out.push_back(property(run, item, name));
      if (!run.grows(bytes, out.back())) return Value();
    }
    return run.made(std::move(out));
  }
  auto found = scalar_property(v, name);
  return found ? std::move(*found) : run.fail("{} has no property `{}`", to_string(v.type()), name);
}

}  // namespace switchboard::feel
