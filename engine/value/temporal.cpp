#include "switchboard/value/temporal.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <stdexcept>
#include <vector>

#include "base/word_table.hpp"
#include "value/zone_rule.hpp"

namespace switchboard {
namespace {

constexpr std::int64_t day_seconds = 86'400;

/// The zones by name: a search through the database compares names a dozen times.
class Zones {
 public:
  static const Zones& all() {
    static const Zones made;
    return made;
  }
  [[nodiscard]] const date::time_zone* find(std::string_view name) const {
    const std::uint32_t found = places_.find(name, [this](std::uint32_t i) { return std::string_view(zones_[i].name()); });
    return found == WordTable::npos ? nullptr : &zones_[found];
  }

 private:
  Zones()
      : zones_(date::get_tzdb().zones),
        places_(static_cast<std::uint32_t>(zones_.size()), [this](std::uint32_t i) { return std::string_view(zones_[i].name()); }) {}
  const std::vector<date::time_zone>& zones_;
  WordTable places_;
};

const date::time_zone* find_zone(std::string_view name) {
  if (name.empty()) return nullptr;
  try {
    if (const date::time_zone* known = Zones::all().find(name)) return known;
    return date::locate_zone(name);  // another name of a zone
  } catch (const std::runtime_error&) {
    return nullptr;  // the date library's way to say "unknown"
  }
}

/// The zone files list every change up to 2037 only; what holds from 2037 on says the rule that their last years follow (zone_rule.hpp).
constexpr std::int64_t ruled_from = 2'114'380'800;  // 2037-01-01

/// Without such a rule a later time is looked up in an equivalent year: the latest before 2037 that begins on the same weekday and has as many days,
/// where "the last Sunday of March" falls on the same day. Years before 1600 all have local mean time.
std::int64_t near_seconds(std::int64_t local) {
  constexpr std::int64_t first = -11'676'096'000;  // 1600-01-01
  constexpr std::int64_t last = ruled_from;
  if (local < first) return first;
  if (local < last) return local;
  const auto date = from_days(local / day_seconds);
  if (!date) return last - 1;
  const unsigned begins = weekday(Date{date->year, 1, 1});
  std::int32_t year = 2036;
  while (is_leap_year(year) != is_leap_year(date->year) || weekday(Date{year, 1, 1}) != begins) --year;
  return to_days(Date{year, date->month, date->day}) * day_seconds + local % day_seconds;
}

std::int32_t offset_of_local(const date::time_zone& zone, std::int64_t local_seconds) {
  if (const auto rule = local_seconds < ruled_from ? std::nullopt : ZoneRule::of(zone)) return rule->offset_of_local(local_seconds);
  const date::local_seconds local{std::chrono::seconds(near_seconds(local_seconds))};
  return static_cast<std::int32_t>(zone.get_info(local).first.offset.count());
}

std::int32_t offset_of_sys(const date::time_zone& zone, std::int64_t sys_seconds) {
  if (const auto rule = sys_seconds < ruled_from ? std::nullopt : ZoneRule::of(zone)) return rule->offset_at(sys_seconds);
  const date::sys_seconds at{std::chrono::seconds(near_seconds(sys_seconds))};
  return static_cast<std::int32_t>(zone.get_info(at).offset.count());
}

bool is_utc(std::string_view zone) { return zone == "UTC" || zone == "Etc/UTC" || zone == "Z"; }

}  // namespace

bool is_leap_year(std::int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

std::uint8_t days_in_month(std::int64_t year, unsigned month) {
  static constexpr std::array<std::uint8_t, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? std::uint8_t{29} : days[month - 1];
}

// Days from civil: the era arithmetic of the proleptic Gregorian calendar, years starting in March.
std::int64_t to_days(const Date& d) {
  const std::int64_t y = static_cast<std::int64_t>(d.year) - (d.month <= 2 ? 1 : 0);
  const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
  const std::int64_t year_of_era = y - era * 400;
  const std::int64_t month = d.month > 2 ? d.month - 3 : d.month + 9;
  const std::int64_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
  const std::int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

std::optional<Date> from_days(std::int64_t days) {
  constexpr std::int64_t bound = 366'000'000'000;
  if (days < -bound || days > bound) return std::nullopt;
  const std::int64_t z = days + 719'468;
  const std::int64_t era = (z >= 0 ? z : z - 146'096) / 146'097;
  const std::int64_t day_of_era = z - era * 146'097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_index = (5 * day_of_year + 2) / 153;
  const std::int64_t month = month_index < 10 ? month_index + 3 : month_index - 9;
  const std::int64_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
  if (year < -max_year || year > max_year) return std::nullopt;
  return Date{static_cast<std::int32_t>(year), static_cast<std::uint8_t>(month),
              static_cast<std::uint8_t>(day_of_year - (153 * month_index + 2) / 5 + 1)};
}

unsigned weekday(const Date& d) {
  const std::int64_t shifted = (to_days(d) + 3) % 7;  // 1970-01-01 was a Thursday
  return static_cast<unsigned>(shifted < 0 ? shifted + 7 : shifted) + 1;
}

std::optional<Date> add_months(const Date& d, std::int64_t months) {
  constexpr std::int64_t bound = 30'000'000'000;
  if (months < -bound || months > bound) return std::nullopt;
  const std::int64_t total = static_cast<std::int64_t>(d.year) * 12 + (d.month - 1) + months;
  const std::int64_t year = total >= 0 ? total / 12 : -((-total + 11) / 12);
  if (year < -max_year || year > max_year) return std::nullopt;
  const auto month = static_cast<unsigned>(total - year * 12) + 1;
  return Date{static_cast<std::int32_t>(year), static_cast<std::uint8_t>(month), std::min(d.day, days_in_month(year, month))};
}

bool is_known_zone(std::string_view name) { return find_zone(name) != nullptr; }

std::int64_t seconds_of_day(const Time& t) { return t.hour * 3600 + t.minute * 60 + t.second; }

std::int64_t local_seconds(const DateTime& t) { return to_days(t.date) * day_seconds + seconds_of_day(t.time); }

std::optional<std::int32_t> utc_offset(const DateTime& t) {
  switch (t.time.zone.kind) {
    case ZoneInfo::Kind::local: return std::nullopt;
    case ZoneInfo::Kind::offset: return t.time.zone.offset_seconds;
    case ZoneInfo::Kind::zone: break;
  }
  const auto* zone = find_zone(t.time.zone.zone);
  if (zone == nullptr) return std::nullopt;
  return offset_of_local(*zone, local_seconds(t));
}

std::optional<DateTime> from_local_seconds(std::int64_t seconds, std::uint32_t nanosecond, ZoneInfo zone) {
  std::int64_t days = seconds / day_seconds;
  std::int64_t rest = seconds % day_seconds;
  if (rest < 0) {
    rest += day_seconds;
    --days;
  }
  const auto date = from_days(days);
  if (!date) return std::nullopt;
  return DateTime{*date, Time{static_cast<std::uint8_t>(rest / 3600), static_cast<std::uint8_t>(rest / 60 % 60), static_cast<std::uint8_t>(rest % 60),
                              nanosecond, std::move(zone)}};
}

std::optional<DateTime> from_utc_seconds(std::int64_t seconds, std::uint32_t nanosecond, const ZoneInfo& zone) {
  switch (zone.kind) {
    case ZoneInfo::Kind::local: return from_local_seconds(seconds, nanosecond, zone);
    case ZoneInfo::Kind::offset: return from_local_seconds(seconds + zone.offset_seconds, nanosecond, zone);
    case ZoneInfo::Kind::zone: break;
  }
  const auto* found = find_zone(zone.zone);
  if (found == nullptr) return std::nullopt;
  return from_local_seconds(seconds + offset_of_sys(*found, seconds), nanosecond, zone);
}

std::optional<Instant> to_instant(const DateTime& t, std::string_view local_zone) {
  std::optional<std::int32_t> offset;
  if (t.time.zone.kind == ZoneInfo::Kind::local && is_utc(local_zone)) {
    offset = 0;
  } else if (t.time.zone.kind == ZoneInfo::Kind::local) {
    const auto* zone = find_zone(local_zone);
    if (zone == nullptr) return std::nullopt;
    offset = offset_of_local(*zone, local_seconds(t));
  } else {
    offset = utc_offset(t);
  }
  if (!offset) return std::nullopt;
  const std::int64_t seconds = local_seconds(t) - *offset;
  std::int64_t us = 0;
  if (__builtin_mul_overflow(seconds, std::int64_t{1'000'000}, &us)) return std::nullopt;
  if (__builtin_add_overflow(us, std::int64_t{t.time.nanosecond / 1000}, &us)) return std::nullopt;
  return Instant{us};
}

std::optional<DateTime> to_date_time(Instant at, std::string_view zone) {
  std::int64_t seconds = at.us / 1'000'000;
  std::int64_t micros = at.us % 1'000'000;
  if (micros < 0) {
    micros += 1'000'000;
    --seconds;
  }
  std::int32_t offset = 0;
  if (!is_utc(zone)) {
    const auto* found = find_zone(zone);
    if (found == nullptr) return std::nullopt;
    offset = offset_of_sys(*found, seconds);
  }
  return from_local_seconds(seconds + offset, static_cast<std::uint32_t>(micros * 1000), ZoneInfo{ZoneInfo::Kind::offset, offset, {}});
}

std::optional<Instant> parse_instant(std::string_view text, std::string_view local_zone) {
  if (const auto t = parse_date_time(text)) return to_instant(*t, local_zone);
  // People leave the seconds out (`2026-03-02T09:00`), which FEEL does not allow.
  const std::size_t separator = text.find('T');
  if (const std::size_t minutes = separator + 6; separator < text.size() && minutes <= text.size() && !text.substr(minutes).starts_with(':')) {
    if (const auto t = parse_date_time(std::string(text.substr(0, minutes)) + ":00" + std::string(text.substr(minutes))))
      return to_instant(*t, local_zone);
  }
  if (const auto d = parse_date(text)) return to_instant(DateTime{*d, Time{}}, local_zone);
  return std::nullopt;
}

}  // namespace switchboard
