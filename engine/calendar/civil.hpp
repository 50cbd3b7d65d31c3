// Internal to room calendar: civil dates as day numbers. A day number counts local days since 1970-01-01; 1970-01-01 was a Thursday.
#pragma once

#include <chrono>
#include <cstdint>

#include "switchboard/value/temporal.hpp"

namespace switchboard::calendar {

inline constexpr std::int64_t kMinute = 60'000'000;  ///< in microseconds, the unit of every int64 time in this room
inline constexpr std::int64_t kDay = 1440 * kMinute;
inline constexpr std::int64_t kMinDay = -719'162;   ///< 0001-01-01
inline constexpr std::int64_t kMaxDay = 2'932'896;  ///< 9999-12-31
inline constexpr std::int64_t kMinInstant = kMinDay * kDay;
inline constexpr std::int64_t kMaxInstant = (kMaxDay + 1) * kDay - 1;

constexpr std::int64_t floor_div(std::int64_t a, std::int64_t b) {
  const std::int64_t q = a / b;
  return q - static_cast<std::int64_t>(a % b < 0);
}

/// Monday 0 .. Sunday 6.
constexpr int weekday_of(std::int64_t day) { return static_cast<int>(day + 3 - floor_div(day + 3, 7) * 7); }

/// Years 1 to 9999 and a real day of a real month.
inline bool is_calendar_date(const Date& d) {
  const std::chrono::year_month_day ymd{std::chrono::year{d.year}, std::chrono::month{d.month}, std::chrono::day{d.day}};
  return d.year >= 1 && d.year <= 9999 && ymd.ok();
}

/// Only for a date of which is_calendar_date holds.
inline std::int64_t day_number(const Date& d) {
  const std::chrono::year_month_day ymd{std::chrono::year{d.year}, std::chrono::month{d.month}, std::chrono::day{d.day}};
  return std::chrono::sys_days{ymd}.time_since_epoch().count();
}

}  // namespace switchboard::calendar
