#include "calendar/stepper.hpp"

#include <cstdlib>
#include <ctime>
#include <map>

#include "switchboard/base/assert.hpp"

namespace switchboard::calendar::testing {
namespace {

constexpr std::int64_t kMinutesADay = 1440;

std::int64_t floor_of(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

// gmtime and timegm: a third hand's civil calendar.
std::tm civil(std::int64_t day) {
  const std::time_t t = day * 86'400;
  std::tm out{};
  gmtime_r(&t, &out);
  return out;
}

std::int64_t day_number(int year, int month, int day) {
  std::tm t{};
  t.tm_year = year - 1900;
  t.tm_mon = month - 1;
  t.tm_mday = day;
  return timegm(&t) / 86'400;
}

int days_in_month(int year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::int16_t offset_at(std::int64_t minute) {
  const std::time_t t = minute * 60;
  std::tm out{};
  localtime_r(&t, &out);
  SB_ASSERT(out.tm_gmtoff % 60 == 0);
  return static_cast<std::int16_t>(out.tm_gmtoff / 60);
}

}  // namespace

SteppedZone::SteppedZone(const std::string& name) {
  const char* had = std::getenv("TZ");
  const std::string before = had == nullptr ? "" : had;
  setenv("TZ", name.c_str(), 1);
  tzset();
  for (std::int64_t day = kFirstDay; day <= kLastDay; ++day) {
    UtcDay d;
    d.offset = offset_at(day * kMinutesADay);
    if (d.offset != offset_at((day + 1) * kMinutesADay)) {
      for (std::int64_t m = 0; m < kMinutesADay; ++m) d.offsets.push_back(offset_at(day * kMinutesADay + m));
    }
    days_.push_back(std::move(d));
  }
  if (had == nullptr) {
    unsetenv("TZ");
  } else {
    setenv("TZ", before.c_str(), 1);
  }
  tzset();
  for (std::size_t i = 1; i < days_.size(); ++i) {
    if (!days_[i].offsets.empty() || !days_[i - 1].offsets.empty()) fill_latest(i);
  }
}

// On the day of a change and the next, by walking over both days' minutes.
void SteppedZone::fill_latest(std::size_t day) {
  const std::int64_t begin = (kFirstDay + static_cast<std::int64_t>(day)) * kMinutesADay;
  std::int64_t latest = shown(begin - kMinutesADay);
  for (std::int64_t m = begin - kMinutesADay; m < begin + kMinutesADay; ++m) {
    latest = std::max(latest, shown(m));
    if (m >= begin) days_[day].latest.push_back(latest);
  }
}

const SteppedZone::UtcDay& SteppedZone::day_of(std::int64_t minute) const {
  const std::int64_t day = floor_of(minute, kMinutesADay) - kFirstDay;
  SB_ASSERT(day >= 0 && day < static_cast<std::int64_t>(days_.size()));
  return days_[static_cast<std::size_t>(day)];
}

std::int64_t SteppedZone::shown(std::int64_t minute) const {
  const UtcDay& d = day_of(minute);
  if (d.offsets.empty()) return minute + d.offset;
  return minute + d.offsets[static_cast<std::size_t>(minute - floor_of(minute, kMinutesADay) * kMinutesADay)];
}

std::int64_t SteppedZone::latest_shown(std::int64_t minute) const {
  const UtcDay& d = day_of(minute);
  if (d.latest.empty()) return minute + d.offset;
  return d.latest[static_cast<std::size_t>(minute - floor_of(minute, kMinutesADay) * kMinutesADay)];
}

bool SteppedZone::changes_near(std::int64_t minute) const { return !day_of(minute).latest.empty() || !day_of(minute + kMinutesADay).latest.empty(); }

Stepper::Stepper(const CalendarSpec& spec, const SteppedZone& zone) : spec_(spec), zone_(zone), first_(SteppedZone::kFirstDay + 3) {
  std::map<std::int64_t, const CalendarSpec::Day*> off;
  std::map<std::int64_t, const CalendarSpec::Day*> working;
  for (const auto& d : spec_.off) off[day_number(d.date.year, d.date.month, d.date.day)] = &d;
  for (const auto& d : spec_.working) working[day_number(d.date.year, d.date.month, d.date.day)] = &d;
  static const std::vector<Hours> closed;
  std::int64_t minute = first_ * kMinutesADay - 2 * kMinutesADay;
  for (std::int64_t number = first_; number < SteppedZone::kLastDay - 3; ++number) {
    LocalDay d;
    if (!zone_.changes_near(number * kMinutesADay - kMinutesADay) && !zone_.changes_near(number * kMinutesADay + kMinutesADay)) {
      minute = 2 * number * kMinutesADay - zone_.shown(number * kMinutesADay);
    }
    while (zone_.latest_shown(minute) < number * kMinutesADay) ++minute;
    d.start = minute;
    const int weekday = (civil(number).tm_wday + 6) % 7;
    d.openings = &spec_.week[static_cast<std::size_t>(weekday)];
    d.working = !d.openings->empty();
    if (off.contains(number)) {
      d.openings = &closed;
      d.working = false;
    }
    if (const auto found = working.find(number); found != working.end()) {
      d.openings = found->second->hours.empty() ? &spec_.working_day_hours : &found->second->hours;
      d.working = true;
    }
    days_.push_back(d);
  }
  for (std::size_t i = 0; i + 1 < days_.size(); ++i) {
    LocalDay& d = days_[i];
    if (d.start == days_[i + 1].start) d = {d.start, false, &closed, 0};  // skipped by its zone
    if (zone_.changes_near(d.start) || zone_.changes_near(d.start - kMinutesADay)) {
      for (std::int64_t m = d.start; m < days_[i + 1].start; ++m) d.open_minutes += is_open(m) ? 1 : 0;
    } else {
      for (const Hours& h : *d.openings) d.open_minutes += h.to - h.from;
    }
  }
}

const Stepper::LocalDay& Stepper::day(std::int64_t number) const {
  SB_ASSERT(number >= first_ && number < first_ + static_cast<std::int64_t>(days_.size()) - 1);
  return days_[static_cast<std::size_t>(number - first_)];
}

bool Stepper::published(std::int64_t number) const {
  if (spec_.first_year == 0) return true;
  const int year = civil(number).tm_year + 1900;
  return year >= spec_.first_year && year <= spec_.last_year;
}

std::int64_t Stepper::local_day(std::int64_t at) const { return floor_of(zone_.latest_shown(at), kMinutesADay); }

bool Stepper::is_open(std::int64_t at) const {
  const std::int64_t local = zone_.latest_shown(at);
  const std::int64_t number = floor_of(local, kMinutesADay);
  const std::int64_t minute = local - number * kMinutesADay;
  for (const Hours& h : *day(number).openings) {
    if (h.from <= minute && minute < h.to) return true;
  }
  return false;
}

void Stepper::step_working_days(Answer& a, std::int64_t n) const {
  std::int64_t number = local_day(a.minute);
  while (n > 0) {
    ++number;
    a.provisional |= !published(number);
    if (day(number).working) --n;
  }
  a.minute = day(number + 1).start;
}

void Stepper::step_working_days_back(Answer& a, std::int64_t n) const {
  std::int64_t number = local_day(a.minute);
  while (n > 0) {
    --number;
    a.provisional |= !published(number);
    if (day(number).working) --n;
  }
  a.minute = day(number).start;
}

void Stepper::step_working_minutes(Answer& a, std::int64_t n) const {
  std::int64_t number = local_day(a.minute);
  for (;;) {
    a.provisional |= !published(number);
    const bool whole = a.minute == day(number).start;
    if (whole && day(number).open_minutes < n) {
      n -= day(number).open_minutes;
      a.minute = day(number + 1).start;
    } else {
      for (; a.minute < day(number + 1).start; ++a.minute) {
        if (is_open(a.minute) && --n == 0) {
          ++a.minute;
          return;
        }
      }
    }
    ++number;
  }
}

void Stepper::step_working_minutes_back(Answer& a, std::int64_t n) const {
  std::int64_t number = local_day(a.minute);
  a.provisional |= !published(number);
  for (;;) {
    const bool whole = a.minute == day(number).start;
    if (whole) {
      --number;
      a.provisional |= !published(number);
      if (day(number).open_minutes < n) {
        n -= day(number).open_minutes;
        a.minute = day(number).start;
        continue;
      }
    }
    for (; a.minute > day(number).start; --a.minute) {
      if (is_open(a.minute - 1) && --n == 0) {
        --a.minute;
        return;
      }
    }
  }
}

std::int64_t Stepper::dates_away(std::int64_t at, std::int64_t months, std::int64_t days, bool back) const {
  const std::int64_t local = zone_.shown(at);
  std::int64_t number = floor_of(local, kMinutesADay);
  const std::int64_t time = local - number * kMinutesADay;
  if (back) number -= days;
  std::tm t = civil(number);
  int year = t.tm_year + 1900;
  int month = t.tm_mon + 1;
  for (std::int64_t i = 0; i < months; ++i) {
    month += back ? -1 : 1;
    if (month == 13) {
      month = 1;
      ++year;
    }
    if (month == 0) {
      month = 12;
      --year;
    }
  }
  number = day_number(year, month, std::min(t.tm_mday, days_in_month(year, month)));
  if (!back) number += days;
  const std::int64_t wanted = number * kMinutesADay + time;
  // Every minute around it, in search of one at which the clock shows the wanted time: the first, or counting back the last.
  std::int64_t found = INT64_MIN;
  std::int64_t jump = INT64_MIN;
  const std::int64_t guess = 2 * wanted - zone_.shown(wanted);
  for (std::int64_t m = guess - 2000; m <= guess + 2000; ++m) {
    if (zone_.shown(m) == wanted && (found == INT64_MIN || back)) found = m;
    if (zone_.shown(m - 1) < wanted && zone_.shown(m) > wanted) jump = m;
  }
  if (found != INT64_MIN) return found;
  return back ? jump : jump + (wanted - zone_.shown(jump - 1) - 1);
}

Stepper::Answer Stepper::deadline(std::int64_t from, const Parts& d) const {
  Answer a{from, false};
  if (d.months > 0 || d.days > 0) a.minute = dates_away(a.minute, d.months, d.days, false);
  if (d.working_days > 0) step_working_days(a, d.working_days);
  a.minute += d.wall_minutes;
  if (d.working_minutes > 0) step_working_minutes(a, d.working_minutes);
  return a;
}

Stepper::Answer Stepper::latest_start(std::int64_t to, const Parts& d) const {
  Answer a{to, false};
  if (d.working_minutes > 0) step_working_minutes_back(a, d.working_minutes);
  a.minute -= d.wall_minutes;
  if (d.working_days > 0) step_working_days_back(a, d.working_days);
  if (d.months > 0 || d.days > 0) a.minute = dates_away(a.minute, d.months, d.days, true);
  return a;
}

double Stepper::working_days(std::int64_t from, std::int64_t to) const {
  double sum = 0;
  const std::int64_t last = local_day(to);
  for (std::int64_t number = local_day(from) + 1; number <= last; ++number) {
    if (!day(number).working) continue;
    const std::int64_t start = day(number).start;
    const std::int64_t end = day(number + 1).start;
    sum += to >= end ? 1.0 : static_cast<double>(to - start) / static_cast<double>(end - start);
  }
  return sum;
}

std::int64_t Stepper::working_minutes(std::int64_t from, std::int64_t to) const {
  std::int64_t sum = 0;
  std::int64_t at = from;
  while (at < to) {
    const std::int64_t number = local_day(at);
    const std::int64_t end = day(number + 1).start;
    if (at == day(number).start && end <= to) {
      sum += day(number).open_minutes;
      at = end;
      continue;
    }
    for (; at < end && at < to; ++at) sum += is_open(at) ? 1 : 0;
  }
  return sum;
}

Stepper::Answer Stepper::next_opening(std::int64_t at) const {
  Answer a{at, false};
  for (std::int64_t number = local_day(at);; ++number) {
    a.provisional |= !published(number);
    if (day(number).open_minutes > 0) {
      for (; a.minute < day(number + 1).start; ++a.minute) {
        if (is_open(a.minute)) return a;
      }
    }
    a.minute = day(number + 1).start;
  }
}

Stepper::Answer Stepper::next_closing(std::int64_t at) const {
  Answer a{at, !published(local_day(at))};
  while (is_open(a.minute)) {
    a.provisional |= !published(local_day(a.minute));
    ++a.minute;
  }
  return a;
}

}  // namespace switchboard::calendar::testing
