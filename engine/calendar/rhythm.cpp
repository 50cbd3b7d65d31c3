#include "calendar/rhythm.hpp"

#include <algorithm>
#include <utility>

#include "calendar/civil.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::calendar {
namespace {

constexpr std::int64_t most_periods = 400'000'000'000'000;  // more microseconds than this makes no period sooner than the year 9999
constexpr std::int64_t most_counted = 100'000;              // named days
constexpr std::int64_t most_spans = 1'600;                  // looked at for the next one: four years of days, and every month of a century

std::int64_t times(std::int64_t n, std::int64_t part) {
  constexpr std::int64_t most = kMaxInstant - kMinInstant;
  return part > 0 && n > most / part ? most : n * part;
}

WorkingDuration multiple(std::int64_t n, const WorkingDuration& d) {
  return {times(n, d.months), times(n, d.days), times(n, d.working_days), {times(n, d.wall.us)}, {times(n, d.working.us)}};
}

/// A day of the supported years.
Date date(std::int64_t day) { return from_days(day).value_or(Date{}); }

/// First day of month number `month`, counted from January of the year 0.
std::int64_t first_of_month(std::int64_t month) {
  const std::int64_t year = floor_div(month, 12);
  return to_days({static_cast<std::int32_t>(year), static_cast<std::uint8_t>(month - year * 12 + 1), 1});
}

std::int64_t months_of(NamedDays::Span span) {
  switch (span) {
    case NamedDays::Span::day: return 0;
    case NamedDays::Span::month: return 1;
    case NamedDays::Span::quarter: return 3;
    case NamedDays::Span::year: break;
  }
  return 12;
}

bool is_named(const BusinessCalendar& calendar, const NamedDays& days, std::int64_t day) {
  switch (days.among) {
    case NamedDays::Among::all: return true;
    case NamedDays::Among::working: return calendar.is_working_day(date(day));
    case NamedDays::Among::weekdays: break;
  }
  return (days.weekdays >> weekday_of(day) & 1U) != 0;
}

/// The named one of the days `first` to `last`.
std::optional<std::int64_t> pick(const BusinessCalendar& calendar, const NamedDays& days, std::int64_t first, std::int64_t last) {
  if (days.among == NamedDays::Among::all) return days.number > 0 ? std::min(last, first + days.number - 1) : std::max(first, last + days.number + 1);
  const bool back = days.number < 0;
  std::int32_t left = back ? -days.number : days.number;
  for (std::int64_t i = 0; i <= last - first; ++i) {
    const std::int64_t day = back ? last - i : first + i;
    if (is_named(calendar, days, day) && --left == 0) return day;
  }
  return std::nullopt;
}

}  // namespace

Rhythm::Rhythm(CalendarPtr calendar, Instant start, const WorkingDuration& period) : calendar_(std::move(calendar)), start_(start), period_(period) {}

Rhythm::Rhythm(CalendarPtr calendar, const NamedDays& days) : calendar_(std::move(calendar)), days_(days) { SB_ASSERT(calendar_ != nullptr); }

Derived Rhythm::occurrence(std::int64_t n) const {
  const WorkingDuration d = multiple(n, period_);
  if (calendar_ == nullptr || period_.is_pure_wall()) return {start_ + d.wall, false};
  return calendar_->deadline(start_, d);
}

/// How many occurrences are not after `at`.
std::int64_t Rhythm::through(Instant at) const {
  if (at <= start_) return 0;
  if (period_.is_pure_wall()) return (at - start_).us / std::max<std::int64_t>(1, period_.wall.us);
  std::int64_t low = 0;   // occurrence(low) is not after `at`, the start counting as the one of number 0
  std::int64_t high = 1;  // this one is, in the end
  while (high < most_periods && occurrence(high).at <= at) {
    low = high;
    high *= 2;
  }
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (occurrence(middle).at <= at ? low : high) = middle;
  }
  return low;
}

/// The number of the day, month, quarter or year that `at` lies in.
std::int64_t Rhythm::span_of(Instant at) const {
  const Date today = calendar_->local_date(at);
  if (days_->span == NamedDays::Span::day) return to_days(today);
  return floor_div(today.year * std::int64_t{12} + today.month - 1, months_of(days_->span));
}

std::optional<Derived> Rhythm::named_in(std::int64_t span) const {
  std::int64_t day = span;
  std::int64_t first = day;
  std::int64_t last = day;
  if (const std::int64_t months = months_of(days_->span); months > 0) {
    const std::int64_t begin = span * months + (days_->month > 0 ? days_->month - 1 : 0);
    first = first_of_month(begin);
    last = first_of_month(begin + (days_->month > 0 ? 1 : months)) - 1;
    if (first < kMinDay || last > kMaxDay) return std::nullopt;
    const auto found = pick(*calendar_, *days_, first, last);
    if (!found) return std::nullopt;
    day = *found;
  } else if (day < kMinDay || day > kMaxDay || !is_named(*calendar_, *days_, day)) {
    return std::nullopt;
  }
  Derived out = calendar_->at_local_time(date(day), days_->minute);
  out.provisional = days_->among == NamedDays::Among::working && out.provisional;
  return out;
}

std::optional<Derived> Rhythm::after(Instant at) const {
  if (days_) {
    // The span before is looked at too: its 24:00 is an instant of the next one.
    const std::int64_t now = span_of(at);
    for (std::int64_t i = -1; i < most_spans; ++i)
      if (const auto found = named_in(now + i); found && found->at > at) return found;
    return std::nullopt;
  }
  if (period_.is_zero()) return std::nullopt;
  const Derived next = occurrence(through(at) + 1);
  if (next.at <= at || next.at == Instant::max()) return std::nullopt;
  return next;
}

std::int64_t Rhythm::between(Instant from, Instant to) const {
  if (to <= from) return 0;
  if (!days_) return through(to) - through(from);
  std::int64_t count = 0;
  for (auto next = after(from); next && next->at <= to && count < most_counted; next = after(next->at)) ++count;
  return count;
}

}  // namespace switchboard::calendar
