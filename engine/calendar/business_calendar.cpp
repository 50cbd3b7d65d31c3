#include "calendar/business_calendar.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "calendar/civil.hpp"

namespace switchboard::calendar {
namespace {

constexpr std::int64_t kMostSteps = 4'000'000;  // more than the supported years have; keeps every product far from overflow
constexpr std::int64_t kMostOpenTime = kMostSteps * kDay;

std::int64_t supported(Instant at) { return std::clamp(at.us, kMinInstant, kMaxInstant); }

std::int64_t saturating_sum(std::int64_t at, std::int64_t span) { return std::clamp(Duration::saturating_add(at, span), kMinInstant, kMaxInstant); }

// Negative parts count as nothing (see the header), too large ones as longer than all supported years.
std::int64_t amount(std::int64_t n, std::int64_t most) { return std::clamp(n, std::int64_t{0}, most); }

bool needs_dates(const WorkingDuration& d) { return d.months > 0 || d.days > 0; }

std::int64_t first_day_of(std::int32_t year) { return day_number({year, 1, 1}); }

}  // namespace

PlannedCalendar::PlannedCalendar(CalendarSpec spec, ZoneTable zone, DayTable days)
    : spec_(std::move(spec)), zone_(std::move(zone)), days_(std::move(days)) {
  constexpr std::int64_t always = std::numeric_limits<std::int64_t>::max();
  first_known_ = spec_.first_year == 0 ? -always : first_day_of(spec_.first_year);
  last_known_ = spec_.last_year == 0 ? always : first_day_of(spec_.last_year) + 364 + (std::chrono::year{spec_.last_year}.is_leap() ? 1 : 0);
}

Derived PlannedCalendar::deadline(Instant from, const WorkingDuration& d) const {
  const Duration wall{std::max(d.wall.us, std::int64_t{0})};
  if (d.is_pure_wall()) return {from + wall, false};
  Walk walk{supported(from), false};
  if (needs_dates(d)) walk.at = moved_date(walk.at, d.months, d.days, false);
  if (d.working_days > 0) add_working_days(walk, amount(d.working_days, kMostSteps));
  walk.at = saturating_sum(walk.at, wall.us);
  if (d.working.us > 0) add_working_time(walk, amount(d.working.us, kMostOpenTime));
  return {{walk.at}, walk.provisional};
}

// The steps of deadline(), each undone, last first.
Derived PlannedCalendar::latest_start(Instant to, const WorkingDuration& d) const {
  const Duration wall{std::max(d.wall.us, std::int64_t{0})};
  if (d.is_pure_wall()) return {to - wall, false};
  Walk walk{supported(to), false};
  if (d.working.us > 0) subtract_working_time(walk, amount(d.working.us, kMostOpenTime));
  walk.at = saturating_sum(walk.at, -wall.us);
  if (d.working_days > 0) subtract_working_days(walk, amount(d.working_days, kMostSteps));
  if (needs_dates(d)) walk.at = moved_date(walk.at, d.months, d.days, true);
  return {{walk.at}, walk.provisional};
}

// `months` and `days` away, at the same local time; the day of month is clipped to the month's end. Back, days are undone before months.
std::int64_t PlannedCalendar::moved_date(std::int64_t at, std::int64_t months, std::int64_t days, bool back) const {
  const std::int64_t local = zone_.local(at);
  std::int64_t day = floor_div(local, kDay);
  const std::int64_t time = local - day * kDay;
  const std::int64_t sign = back ? -1 : 1;
  const auto move_days = [&] { day = std::clamp(day + sign * amount(days, kMostSteps), kMinDay - 1, kMaxDay + 1); };
  const auto move_months = [&] {
    if (months <= 0) return;
    const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{day}}};
    const std::int64_t month = int{ymd.year()} * std::int64_t{12} + unsigned{ymd.month()} - 1 + sign * amount(months, 120'000);
    const auto year = std::chrono::year{static_cast<int>(floor_div(month, 12))};
    const auto last = std::chrono::year_month_day_last{
        year, std::chrono::month_day_last{std::chrono::month{static_cast<unsigned>(month - floor_div(month, 12) * 12 + 1)}}};
    const std::chrono::day clipped = std::min(ymd.day(), last.day());
    day = std::clamp<std::int64_t>(std::chrono::sys_days{last.year() / last.month() / clipped}.time_since_epoch().count(), kMinDay - 1, kMaxDay + 1);
  };
  if (back) {
    move_days();
    move_months();
    return std::clamp(zone_.back(day * kDay + time), kMinInstant, kMaxInstant);
  }
  move_months();
  move_days();
  return std::clamp(zone_.forward(day * kDay + time), kMinInstant, kMaxInstant);
}

// The end of the n-th working day after the day of walk.at; n >= 1.
void PlannedCalendar::add_working_days(Walk& walk, std::int64_t n) const {
  const DayTable::Place start = days_.at(zone_.day_of(walk.at));
  const std::int64_t day = std::min(days_.working_day(days_.working_days_through(start) + n - 1), kMaxDay);
  walk.provisional |= unpublished(start.day + 1, day);
  walk.at = std::min(zone_.frame(day).end(), kMaxInstant);
}

// The start of the n-th working day before the day of walk.at; n >= 1.
void PlannedCalendar::subtract_working_days(Walk& walk, std::int64_t n) const {
  const DayTable::Place end = days_.at(zone_.day_of(walk.at));
  const std::int64_t day = std::max(days_.working_day(days_.working_days_before(end) - n), kMinDay);
  walk.provisional |= unpublished(day, end.day - 1);
  walk.at = std::max(zone_.frame(day).start(), kMinInstant);
}

// The instant at which `micros` > 0 of open time have passed: at a closing rather than at the next opening.
void PlannedCalendar::add_working_time(Walk& walk, std::int64_t micros) const {
  const DayTable::Place start = days_.at(zone_.day_of(walk.at));
  const std::int64_t target = days_.open_before(start) + open_until(start, walk.at) + micros;
  const std::int64_t day = std::min(days_.open_day(target - 1), kMaxDay);
  walk.provisional |= unpublished(start.day, day);
  const DayTable::Place end = days_.at(day);
  const ZoneTable::DayFrame frame = zone_.frame(day);
  std::int64_t rest = target - days_.open_before(end);
  for (const Hours& h : end.plan->openings) {
    const std::int64_t begin = frame.at(h.from);
    const std::int64_t length = frame.at(h.to) - begin;
    if (rest <= length) {
      walk.at = std::min(begin + rest, kMaxInstant);
      return;
    }
    rest -= length;
  }
  walk.at = kMaxInstant;  // only beyond the supported years
}

// The latest instant after which `micros` > 0 of open time pass until walk.at: at an opening rather than at the closing before it.
void PlannedCalendar::subtract_working_time(Walk& walk, std::int64_t micros) const {
  const DayTable::Place end = days_.at(zone_.day_of(walk.at));
  const std::int64_t target = days_.open_before(end) + open_until(end, walk.at) - micros;
  const std::int64_t day = std::max(days_.open_day(target), kMinDay);
  walk.provisional |= unpublished(day, end.day);
  const DayTable::Place start = days_.at(day);
  const ZoneTable::DayFrame frame = zone_.frame(day);
  std::int64_t rest = target - days_.open_before(start);
  for (const Hours& h : start.plan->openings) {
    const std::int64_t begin = frame.at(h.from);
    const std::int64_t length = frame.at(h.to) - begin;
    if (rest < length) {
      walk.at = std::max(begin + rest, kMinInstant);
      return;
    }
    rest -= length;
  }
  walk.at = kMinInstant;
}

Elapsed PlannedCalendar::elapsed(Instant from, Instant to) const {
  Elapsed out;
  if (to <= from) return out;
  out.wall = to - from;
  const std::int64_t begin = supported(from);
  const std::int64_t end = supported(to);
  const DayTable::Place first = days_.at(zone_.day_of(begin));
  const DayTable::Place last = days_.at(zone_.day_of(end));
  const std::int64_t last_start = zone_.frame(last.day).start();
  out.working = {days_.open_before(last) + open_until(last, end) - days_.open_before(first) - open_until(first, begin)};
  if (last.day > first.day) {
    out.working_days = static_cast<double>(days_.working_days_before(last) - days_.working_days_through(first));
    if (last.plan->working && end > last_start) {
      out.working_days += static_cast<double>(end - last_start) / static_cast<double>(zone_.frame(last.day).end() - last_start);
    }
  }
  // At its very start a day has not been looked at yet: the end of 31 December is no matter of the next year.
  out.provisional = unpublished(first.day, end == last_start && last.day > first.day ? last.day - 1 : last.day);
  return out;
}

Derived PlannedCalendar::at_working_days(Instant from, double working_days) const {
  if (!(working_days > 0)) return {from, false};
  const double wanted = std::min(working_days, static_cast<double>(kMostSteps));
  const double whole = std::floor(wanted);
  Walk walk{supported(from), false};
  if (whole == wanted) {
    add_working_days(walk, static_cast<std::int64_t>(whole));
    return {{walk.at}, walk.provisional};
  }
  const DayTable::Place start = days_.at(zone_.day_of(walk.at));
  const std::int64_t day = std::min(days_.working_day(days_.working_days_through(start) + static_cast<std::int64_t>(whole)), kMaxDay);
  const ZoneTable::DayFrame frame = zone_.frame(day);
  const std::int64_t part = std::llround((wanted - whole) * static_cast<double>(frame.end() - frame.start()));
  return {{std::min(frame.start() + part, kMaxInstant)}, unpublished(start.day + 1, day)};
}

bool PlannedCalendar::is_working_day(const Date& day) const {
  if (!is_calendar_date(day)) return false;
  return days_.at(day_number(day)).plan->working;
}

// Open time of the day up to `at`, which lies in it.
std::int64_t PlannedCalendar::open_until(const DayTable::Place& place, std::int64_t at) const {
  if (place.plan->openings.empty()) return 0;
  const ZoneTable::DayFrame frame = zone_.frame(place.day);
  std::int64_t open = 0;
  for (const Hours& h : place.plan->openings) {
    const std::int64_t begin = frame.at(h.from);
    if (at <= begin) break;
    open += std::min(at, frame.at(h.to)) - begin;
  }
  return open;
}

std::optional<PlannedCalendar::Opening> PlannedCalendar::opening_after(const DayTable::Place& place, std::int64_t at) const {
  const ZoneTable::DayFrame frame = zone_.frame(place.day);
  for (const Hours& h : place.plan->openings) {
    const Opening opening{frame.at(h.from), frame.at(h.to), h.to == 1440};
    if (opening.begin < opening.end && at < opening.end) return opening;  // hours that fell into a gap have no length
  }
  return std::nullopt;
}

Instant PlannedCalendar::start_of_day(Instant at) const { return {zone_.frame(zone_.day_of(supported(at))).start()}; }

Date PlannedCalendar::local_date(Instant at) const {
  const std::int64_t day = std::clamp(floor_div(zone_.local(supported(at)), kDay), kMinDay, kMaxDay);
  return from_days(day).value_or(Date{});
}

Derived PlannedCalendar::at_local_time(const Date& day, std::int32_t minute) const {
  const std::int64_t number = day_number(day);
  const std::int64_t at = minute >= 1440 ? zone_.frame(number).end() : zone_.forward(number * kDay + minute * kMinute);
  return {{std::clamp(at, kMinInstant, kMaxInstant)}, unpublished(number, number)};
}

bool PlannedCalendar::is_open(Instant at) const {
  const std::int64_t now = supported(at);
  const auto opening = opening_after(days_.at(zone_.day_of(now)), now);
  return opening.has_value() && opening->begin <= now;
}

Derived PlannedCalendar::next_opening(Instant at) const {
  const std::int64_t now = supported(at);
  const DayTable::Place today = days_.at(zone_.day_of(now));
  if (const auto opening = opening_after(today, now)) {
    return {opening->begin <= now ? at : Instant{opening->begin}, unpublished(today.day, today.day)};
  }
  const std::int64_t day = std::min(days_.open_day(days_.open_through(today)), kMaxDay);
  const auto opening = opening_after(days_.at(day), zone_.frame(day).start());
  return {{opening ? std::min(opening->begin, kMaxInstant) : kMaxInstant}, unpublished(today.day, day)};
}

Derived PlannedCalendar::next_closing(Instant at) const {
  const std::int64_t now = supported(at);
  const DayTable::Place today = days_.at(zone_.day_of(now));
  const auto opening = opening_after(today, now);
  if (!opening || opening->begin > now) return {at, unpublished(today.day, today.day)};
  if (!opening->reaches_midnight) return {{opening->end}, unpublished(today.day, today.day)};
  // Open over midnight, perhaps for days: up to the first day that is closed for a while.
  const auto interrupted = days_.interrupted_day_after(today);
  if (!interrupted || *interrupted > kMaxDay) return {Instant::max(), unpublished(today.day, kMaxDay)};
  const std::int64_t start = zone_.frame(*interrupted).start();
  const auto early = opening_after(days_.at(*interrupted), start);
  if (early && early->begin == start) return {{early->end}, unpublished(today.day, *interrupted)};
  return {{start}, unpublished(today.day, *interrupted - 1)};
}

}  // namespace switchboard::calendar
