// Dates and times. DMN 1.5, 10.3.4.1 (conversions), 10.3.4.8 (temporal functions), 10.3.4.7 (now, today).
#include <array>
#include <cstdlib>

#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;

const Date& date_of(const Value& v) { return v.date() != nullptr ? *v.date() : v.date_time()->date; }

std::optional<std::int64_t> whole_number(const Value& v) { return v.number()->is_integer() ? v.number()->to_int64() : std::nullopt; }

Value date_from(Run& run, Args a) {
  if (a[0].string() == nullptr) return Value(date_of(a[0]));
  const auto d = parse_date(*a[0].string());
  return d ? Value(*d) : run.fail("date(): {} is not a date", to_feel(a[0]));
}

Value date_from_parts(Run& run, Args a) {
  const auto y = whole_number(a[0]);
  const auto m = whole_number(a[1]);
  const auto d = whole_number(a[2]);
  const bool ok =
      y && m && d && *y >= -max_year && *y <= max_year && *m >= 1 && *m <= 12 && *d >= 1 && *d <= days_in_month(*y, static_cast<unsigned>(*m));
  if (!ok) return run.fail("date(): no such date");
  return Value(Date{static_cast<std::int32_t>(*y), static_cast<std::uint8_t>(*m), static_cast<std::uint8_t>(*d)});
}

Value time_from(Run& run, Args a) {
  if (a[0].time() != nullptr) return a[0];
  if (a[0].date_time() != nullptr) return Value(a[0].date_time()->time);
  const auto t = parse_time(*a[0].string());
  return t ? Value(*t) : run.fail("time(): {} is not a time", to_feel(a[0]));
}

Value time_from_parts(Run& run, Args a) {
  const auto h = whole_number(a[0]);
  const auto m = whole_number(a[1]);
  const Decimal& s = *a[2].number();
  const auto full = s.rounded(0, Decimal::Rounding::floor);
  const auto seconds = full ? full->to_int64() : std::nullopt;
  if (!h || !m || !seconds || *h < 0 || *h > 23 || *m < 0 || *m > 59 || *seconds < 0 || *seconds > 59) return run.fail("time(): no such time");
  const auto ns = multiply(*subtract(s, *full), Decimal(1'000'000'000))->rounded(0, Decimal::Rounding::down)->to_int64();
  ZoneInfo zone;
  if (const auto* offset = a[3].days_time_duration()) {
    if (std::abs(offset->seconds) > max_offset_seconds || offset->nanoseconds != 0) return run.fail("time(): no such offset");
    zone = ZoneInfo{ZoneInfo::Kind::offset, static_cast<std::int32_t>(offset->seconds), {}};
  }
  return Value(Time{static_cast<std::uint8_t>(*h), static_cast<std::uint8_t>(*m), static_cast<std::uint8_t>(*seconds),
                    static_cast<std::uint32_t>(ns.value_or(0)), zone});
}

Value date_time_from(Run& run, Args a) {
  if (a[0].date_time() != nullptr) return a[0];
  if (const auto t = parse_date_time(*a[0].string())) return Value(*t);
  if (const auto d = parse_date(*a[0].string())) return Value(DateTime{*d, Time{}});
  return run.fail("date and time(): {} is not a date and time", to_feel(a[0]));
}

Value date_time_from_parts(Run&, Args a) { return Value(DateTime{date_of(a[0]), *a[1].time()}); }

/// Whole months from one day to another; times of day do not count.
Value months_between(Run&, Args a) {
  const Date& from = date_of(a[0]);
  const Date& to = date_of(a[1]);
  std::int64_t months = (static_cast<std::int64_t>(to.year) - from.year) * 12 + to.month - from.month;
  if (months > 0 && to.day < from.day) --months;
  if (months < 0 && to.day > from.day) ++months;
  return Value(YearsMonthsDuration{months});
}

Value day_of_year(Run&, Args a) {
  const Date& d = date_of(a[0]);
  return Value(to_days(d) - to_days(Date{d.year, 1, 1}) + 1);
}

Value day_of_week(Run&, Args a) {
  static constexpr std::array names{"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  return Value(names[weekday(date_of(a[0])) - 1]);
}

Value month_of_year(Run&, Args a) {
  static constexpr std::array names{"January", "February", "March",     "April",   "May",      "June",
                                    "July",    "August",   "September", "October", "November", "December"};
  return Value(names[date_of(a[0]).month - 1u]);
}

/// ISO 8601: the week is that of its Thursday.
Value week_of_year(Run& run, Args a) {
  const Date& d = date_of(a[0]);
  const auto thursday = from_days(to_days(d) - static_cast<std::int64_t>(weekday(d)) + 4);
  if (!thursday) return run.fail("week of year(): out of range");
  return Value((to_days(*thursday) - to_days(Date{thursday->year, 1, 1})) / 7 + 1);
}

Value now(Run& run, Args) {
  const auto& frame = run.frame();
  if (!frame.now) return run.fail("now() is not known here");
  const auto t = to_date_time(*frame.now, frame.zone);
  return t ? Value(*t) : run.fail("unknown time zone {}", frame.zone);
}

Value today(Run& run, Args) {
  const Value t = now(run, {});
  return t.date_time() != nullptr ? Value(t.date_time()->date) : t;
}

}  // namespace

void add_temporal_builtins(std::vector<Builtin>& out) {
  const Type date(Type::Kind::date);
  const Type time(Type::Kind::time);
  const Type date_time(Type::Kind::date_time);
  const Type number(Type::Kind::number);
  const Type string(Type::Kind::string);
  const TypeMask day = mask::date | mask::date_time;
  const Parameter the_date{"date", day};
  out.push_back({"date",
                 {{{{"from", mask::string | day}}, false, date_from, date},
                  {{{"year", mask::number}, {"month", mask::number}, {"day", mask::number}}, false, date_from_parts, date}}});
  out.push_back({"time",
                 {{{{"from", mask::string | mask::time | mask::date_time}}, false, time_from, time},
                  {{{"hour", mask::number}, {"minute", mask::number}, {"second", mask::number}, {"offset", mask::days | mask::null, true}},
                   false,
                   time_from_parts,
                   time}}});
  out.push_back({"date and time",
                 {{{{"from", mask::string | mask::date_time}}, false, date_time_from, date_time},
                  {{the_date, {"time", mask::time}}, false, date_time_from_parts, date_time}}});
  out.push_back({"years and months duration", {{{{"from", day}, {"to", day}}, false, months_between, Type(Type::Kind::years_months_duration)}}});
  out.push_back({"day of year", {{{the_date}, false, day_of_year, number}}});
  out.push_back({"day of week", {{{the_date}, false, day_of_week, string}}});
  out.push_back({"month of year", {{{the_date}, false, month_of_year, string}}});
  out.push_back({"week of year", {{{the_date}, false, week_of_year, number}}});
  out.push_back({"now", {{{}, false, now, date_time}}, true});
  out.push_back({"today", {{{}, false, today, date}}, true});
}

}  // namespace switchboard::feel
