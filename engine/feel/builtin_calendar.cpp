// Working days and hours on business calendars. Not of DMN; the rules of counting are those of calendar/calendar.hpp.
#include <cmath>
#include <cstdlib>

#include "feel/builtin.hpp"
#include "feel/operators.hpp"

namespace switchboard::feel {
namespace {

using Args = std::span<const Value>;
using calendar::BusinessCalendar;
using calendar::WorkingDuration;

constexpr std::int64_t most_days = 4'000'000;  ///< more than the years 1 to 9999 have
constexpr Duration one_microsecond{1};

/// The calendar that the last argument names, or the one that is meant where none is named.
const BusinessCalendar* calendar_of(Run& run, const Value& named) {
  const Calendars* known = run.frame().calendars;
  const std::string* id = named.string();
  const BusinessCalendar* found = known == nullptr ? nullptr : known->find(id == nullptr ? std::string_view() : std::string_view(*id));
  if (found == nullptr && id == nullptr) run.fail("no calendar is known here: name one as the last argument");
  if (found == nullptr && id != nullptr) run.fail("the calendar {} is not known here", to_feel(named));
  return found;
}

std::optional<Instant> instant_of(const Value& v, const BusinessCalendar& calendar) {
  const std::string& zone = calendar.spec().zone;
  if (v.date() != nullptr) return to_instant(DateTime{*v.date(), Time{}}, zone);
  return to_instant(*v.date_time(), zone);
}

/// The day that the calendar's clock shows; nothing outside the years 1 to 9999.
std::optional<Date> day_of(const Value& v, const BusinessCalendar& calendar) {
  std::optional<Date> day;
  if (v.date() != nullptr) {
    day = *v.date();
  } else if (const auto at = instant_of(v, calendar)) {
    day = calendar.local_date(*at);
  }
  if (day && (day->year < 1 || day->year > 9999)) return std::nullopt;
  return day;
}

Value out_of_range(Run& run, std::string_view function) { return run.fail("{}(): outside the years 1 to 9999", function); }

Value date_time_of(Run& run, Instant at, const BusinessCalendar& calendar, std::string_view function) {
  const auto t = to_date_time(at, calendar.spec().zone);
  return t && t->date.year >= 1 && t->date.year <= 9999 ? Value(*t) : out_of_range(run, function);
}

Value is_working_day(Run& run, Args a) {
  const BusinessCalendar* calendar = calendar_of(run, a[1]);
  if (calendar == nullptr) return {};
  const auto day = day_of(a[0], *calendar);
  return day ? Value(calendar->is_working_day(*day)) : out_of_range(run, "is working day");
}

Value add_working_days(Run& run, Args a) {
  const BusinessCalendar* calendar = calendar_of(run, a[2]);
  if (calendar == nullptr) return {};
  const auto days = a[1].number()->is_integer() ? a[1].number()->to_int64() : std::nullopt;
  if (!days) return run.fail("add working days(): {} is no whole number of days", to_feel(a[1]));
  const auto day = day_of(a[0], *calendar);
  if (!day || std::llabs(*days) > most_days) return out_of_range(run, "add working days");
  if (*days == 0) return Value(*day);
  const Instant morning = calendar->at_local_time(*day, 0).at;
  WorkingDuration counted;
  counted.working_days = std::llabs(*days);
  // A working day ends at 24:00 and begins an instant after the 24:00 before it.
  const Instant reached =
      *days > 0 ? calendar->deadline(morning, counted).at - one_microsecond : calendar->latest_start(morning, counted).at + one_microsecond;
  const Date found = calendar->local_date(reached);
  if (found.year <= 1 || found.year >= 9999) return out_of_range(run, "add working days");
  return Value(found);
}

std::int64_t working_days_after(const BusinessCalendar& calendar, const Date& from, const Date& to) {
  if (to_days(to) <= to_days(from)) return 0;
  return std::llround(calendar.elapsed(calendar.at_local_time(from, 0).at, calendar.at_local_time(to, 24 * 60).at).working_days);
}

Value working_days(Run& run, Args a) {
  const BusinessCalendar* calendar = calendar_of(run, a[2]);
  if (calendar == nullptr) return {};
  const auto from = day_of(a[0], *calendar);
  const auto to = day_of(a[1], *calendar);
  if (!from || !to) return out_of_range(run, "working days");
  return Value(working_days_after(*calendar, *from, *to) - working_days_after(*calendar, *to, *from));
}

/// Hours as a number, or a duration of days and time; may be negative.
std::optional<Duration> open_time_of(const Value& v) {
  if (const auto* d = v.days_time_duration()) {
    if (std::llabs(d->seconds) > most_days * 86'400) return std::nullopt;
    return Duration::seconds(d->seconds) + Duration::micros(d->nanoseconds / 1000);
  }
  const auto micros = multiply(*v.number(), Decimal(std::int64_t{3'600'000'000}));
  const auto whole = micros ? micros->rounded(0, Decimal::Rounding::half_even) : std::nullopt;
  const auto n = whole ? whole->to_int64() : std::nullopt;
  if (!n || std::llabs(*n) > most_days * 86'400'000'000) return std::nullopt;
  return Duration::micros(*n);
}

Value add_working_hours(Run& run, Args a) {
  const BusinessCalendar* calendar = calendar_of(run, a[2]);
  if (calendar == nullptr) return {};
  const auto from = instant_of(a[0], *calendar);
  const auto amount = open_time_of(a[1]);
  if (!from || !amount) return out_of_range(run, "add working hours");
  WorkingDuration counted;
  counted.working = Duration::micros(std::llabs(amount->us));
  const Instant reached = amount->us < 0 ? calendar->latest_start(*from, counted).at : amount->us > 0 ? calendar->deadline(*from, counted).at : *from;
  return date_time_of(run, reached, *calendar, "add working hours");
}

Value working_hours(Run& run, Args a) {
  const BusinessCalendar* calendar = calendar_of(run, a[2]);
  if (calendar == nullptr) return {};
  const auto from = instant_of(a[0], *calendar);
  const auto to = instant_of(a[1], *calendar);
  if (!from || !to) return out_of_range(run, "working hours");
  const std::int64_t us = *from <= *to ? calendar->elapsed(*from, *to).working.us : -calendar->elapsed(*to, *from).working.us;
  return Value(DaysTimeDuration{us / 1'000'000, static_cast<std::int32_t>(us % 1'000'000 * 1000)});
}

Value is_open_at(Run& run, Args a) {
  const BusinessCalendar* calendar = calendar_of(run, a[1]);
  if (calendar == nullptr) return {};
  const auto at = instant_of(a[0], *calendar);
  return at ? Value(calendar->is_open(*at)) : out_of_range(run, "is open");
}

Value next_opening(Run& run, Args a) {
  const BusinessCalendar* calendar = calendar_of(run, a[1]);
  if (calendar == nullptr) return {};
  const auto at = instant_of(a[0], *calendar);
  return at ? date_time_of(run, calendar->next_opening(*at).at, *calendar, "next opening") : out_of_range(run, "next opening");
}

Value next_closing(Run& run, Args a) {
  const BusinessCalendar* calendar = calendar_of(run, a[1]);
  if (calendar == nullptr) return {};
  const auto at = instant_of(a[0], *calendar);
  if (!at) return out_of_range(run, "next closing");
  const Instant closing = calendar->next_closing(*at).at;
  if (closing == Instant::max()) return run.fail("next closing(): the calendar {} never closes", calendar->spec().id);
  return date_time_of(run, closing, *calendar, "next closing");
}

/// `3 bd` and the like, or a duration of FEEL; nothing with the reason noted.
std::optional<WorkingDuration> duration_of(Run& run, const Value& v, std::string_view function) {
  WorkingDuration out;
  if (const std::string* text = v.string()) {
    auto parsed = calendar::parse_duration(*text);
    if (!parsed) run.fail("{}(): {}", function, parsed.error().message);
    return parsed ? std::optional(parsed.value()) : std::nullopt;
  }
  const auto* months = v.years_months_duration();
  if (months != nullptr) out.months = months->months;
  if (const auto* time = v.days_time_duration()) {
    const auto wall = open_time_of(v);
    if (!wall) return out_of_range(run, function), std::nullopt;
    out.wall = *wall;
    if (time->nanoseconds < 0) out.wall = Duration::micros(-1);
  }
  if (out.months >= 0 && out.wall.us >= 0) return out;
  run.fail("{}(): a duration may not be negative here", function);
  return std::nullopt;
}

Value counted_from(Run& run, Args a, bool back) {
  const std::string_view function = back ? "latest start" : "deadline";
  const BusinessCalendar* calendar = calendar_of(run, a[2]);
  if (calendar == nullptr) return {};
  const auto at = instant_of(a[0], *calendar);
  if (!at) return out_of_range(run, function);
  const auto duration = duration_of(run, a[1], function);
  if (!duration) return {};
  return date_time_of(run, (back ? calendar->latest_start(*at, *duration) : calendar->deadline(*at, *duration)).at, *calendar, function);
}

Value deadline(Run& run, Args a) { return counted_from(run, a, false); }
Value latest_start(Run& run, Args a) { return counted_from(run, a, true); }

}  // namespace

const BusinessCalendar* Calendars::find(std::string_view id) const {
  if (id.empty()) return standard.get();
  const auto found = named.find(id);
  return found == named.end() ? nullptr : found->second.get();
}

void add_calendar_builtins(std::vector<Builtin>& out) {
  const Type date(Type::Kind::date);
  const Type date_time(Type::Kind::date_time);
  const Type number(Type::Kind::number);
  const Type boolean(Type::Kind::boolean);
  const Type duration(Type::Kind::days_time_duration);
  const TypeMask day = mask::date | mask::date_time;
  const Parameter from{"from", day};
  const Parameter to{"to", day};
  const Parameter at{"at", day};
  const Parameter calendar{"calendar", mask::string | mask::null, true};
  const Parameter span{"duration", mask::string | mask::days | mask::months};
  const auto add = [&](std::string_view name, std::vector<Parameter> parameters, Value (*evaluate)(Run&, Args), const Type& result) {
    parameters.push_back(calendar);
    out.push_back({name, {{std::move(parameters), false, evaluate, result}}, true, true});
  };
  add("is working day", {{"date", day}}, is_working_day, boolean);
  add("add working days", {{"date", day}, {"days", mask::number}}, add_working_days, date);
  add("working days", {from, to}, working_days, number);
  add("add working hours", {from, {"hours", mask::number | mask::days}}, add_working_hours, date_time);
  add("working hours", {from, to}, working_hours, duration);
  add("is open", {at}, is_open_at, boolean);
  add("next opening", {at}, next_opening, date_time);
  add("next closing", {at}, next_closing, date_time);
  add("deadline", {from, span}, deadline, date_time);
  add("latest start", {to, span}, latest_start, date_time);
}

}  // namespace switchboard::feel
