// FEEL's dates, times and durations as plain values. DMN 1.5, 10.3.2.3.4 to 10.3.2.3.8; lexical forms of XML Schema and ISO 8601.
// No clock is read here; the zone database (date library) is, in the .cpp.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "switchboard/base/time.hpp"

namespace switchboard {

/// A proleptic Gregorian calendar date. `year` from -999'999'999 to 999'999'999.
struct Date {
  std::int32_t year = 1970;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  friend constexpr auto operator<=>(const Date&, const Date&) = default;
};

/// How a time says where it is: local (no word of it), a fixed offset, or an IANA zone.
struct ZoneInfo {
  enum class Kind : std::uint8_t { local, offset, zone };
  Kind kind = Kind::local;
  std::int32_t offset_seconds = 0;  ///< for `offset`
  std::string zone;                 ///< for `zone`, e.g. "Asia/Shanghai"
  friend bool operator==(const ZoneInfo&, const ZoneInfo&) = default;
};

/// A time of day with optional offset or zone.
struct Time {
  std::uint8_t hour = 0;
  std::uint8_t minute = 0;
  std::uint8_t second = 0;
  std::uint32_t nanosecond = 0;
  ZoneInfo zone;
  friend bool operator==(const Time&, const Time&) = default;
};

struct DateTime {
  Date date;
  Time time;
  friend bool operator==(const DateTime&, const DateTime&) = default;
};

/// FEEL "days and time duration": whole nanoseconds carried as seconds + nanoseconds of one sign.
struct DaysTimeDuration {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;  ///< same sign as seconds, |n| < 1e9
  friend constexpr auto operator<=>(const DaysTimeDuration&, const DaysTimeDuration&) = default;
};

/// FEEL "years and months duration": whole months.
struct YearsMonthsDuration {
  std::int64_t months = 0;
  friend constexpr auto operator<=>(const YearsMonthsDuration&, const YearsMonthsDuration&) = default;
};

// Parsing takes the whole text or yields nullopt; printing gives the canonical ISO 8601 form.
std::optional<Date> parse_date(std::string_view text);
std::optional<Time> parse_time(std::string_view text);
std::optional<DateTime> parse_date_time(std::string_view text);  ///< a date alone is not accepted here
std::optional<DaysTimeDuration> parse_days_time_duration(std::string_view text);
std::optional<YearsMonthsDuration> parse_years_months_duration(std::string_view text);
std::string to_string(const Date& d);
std::string to_string(const Time& t);
std::string to_string(const DateTime& t);
std::string to_string(const DaysTimeDuration& d);
std::string to_string(const YearsMonthsDuration& d);

// Calendar arithmetic on plain numbers; every result out of the year range is nullopt.
inline constexpr std::int64_t max_year = 999'999'999;
inline constexpr std::int32_t max_offset_seconds = 18 * 3600;  ///< the largest UTC offset that is accepted

[[nodiscard]] bool is_leap_year(std::int64_t year);
[[nodiscard]] std::uint8_t days_in_month(std::int64_t year, unsigned month);  ///< month 1 to 12
[[nodiscard]] std::int64_t to_days(const Date& d);                            ///< days since 1970-01-01
[[nodiscard]] std::optional<Date> from_days(std::int64_t days);
[[nodiscard]] unsigned weekday(const Date& d);                                     ///< ISO 8601: Monday 1 to Sunday 7
[[nodiscard]] std::optional<Date> add_months(const Date& d, std::int64_t months);  ///< the day clipped to the month's end
[[nodiscard]] bool is_known_zone(std::string_view name);                           ///< an IANA name of the system's zone database
[[nodiscard]] std::int64_t seconds_of_day(const Time& t);
[[nodiscard]] std::int64_t local_seconds(const DateTime& t);  ///< seconds since 1970-01-01T00:00:00 of the local clock, zone ignored
/// Seconds east of UTC at that local time: the fixed offset or what the zone says. nullopt for a local time or an unknown zone.
[[nodiscard]] std::optional<std::int32_t> utc_offset(const DateTime& t);
[[nodiscard]] std::optional<DateTime> from_local_seconds(std::int64_t seconds, std::uint32_t nanosecond, ZoneInfo zone);
[[nodiscard]] std::optional<DateTime> from_utc_seconds(std::int64_t seconds, std::uint32_t nanosecond, const ZoneInfo& zone);

/// The instant a date and time denotes. A local one is read in `local_zone` (IANA name). In a DST gap the time is moved forward by the
/// gap's length; in an overlap the earlier instant is taken. nullopt when the zone is unknown or the instant is out of range.
std::optional<Instant> to_instant(const DateTime& t, std::string_view local_zone = "UTC");
/// The date and time at `at` in `zone` (IANA name), carrying the offset in force there. nullopt when the zone is unknown.
std::optional<DateTime> to_date_time(Instant at, std::string_view zone);
/// Parses an ISO 8601 instant for a door (`--now`, JSON): date and time with `Z`, offset, @zone, or local in `local_zone`; a date alone is midnight.
std::optional<Instant> parse_instant(std::string_view text, std::string_view local_zone = "UTC");
/// ISO 8601 with the offset in force in `zone`, seconds always, fractions only when not zero: `2026-03-12T24:00`-style ends are printed as next day
/// 00:00.
std::string to_string(Instant at, std::string_view zone = "UTC");

}  // namespace switchboard
