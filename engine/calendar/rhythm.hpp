// When something that repeats happens: n periods after a start, or on named days at a time of day. Pure functions of (calendar, instant).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "calendar/calendar.hpp"

namespace switchboard::calendar {

/// Named days at a time of day, as `every: {at: ...}` writes them: `08:00`, `working day 08:00`, `mon-fri 08:00`, `15th 09:00`,
/// `1st working day 08:00`, `last friday of quarter 17:00`, `31 december 23:00`.
struct NamedDays {
  enum class Span : std::uint8_t { day, month, quarter, year };  ///< in which at most one day is named
  enum class Among : std::uint8_t { all, working, weekdays };
  Span span = Span::day;
  std::int32_t month = 0;     ///< 1 to 12: of a `year` this month alone; 0: all of the span
  Among among = Among::all;   ///< which days of the span are counted
  std::uint8_t weekdays = 0;  ///< bit 0 is Monday
  std::int32_t number = 0;    ///< the n-th of them; -1 the last, -2 the one before it; 0 (in a span of a day): each
  std::int32_t minute = 0;    ///< of the day, 0 to 1440; 1440 is the end of the day
  friend bool operator==(const NamedDays&, const NamedDays&) = default;
};

/// [DAY] HH:MM (24:00 is the end of the day) with DAY one of
///   `day`, `working day`, weekdays (`mon`, `mon-fri`, `mon, wed, fri`); nothing stands for `day`
///   [ORDINAL] `day` | `working day` | WEEKDAY [`of` `month` | `quarter` | `year` | MONTH]; ORDINAL: `1st`, `2nd` ..., `last`, `2nd last` ...
///   `15th` [`of` ...], `15 march`
/// A day of the month beyond its end is its last day, as for `mo`; a fifth Friday that a month does not have is left out.
/// SB0305 with what was expected otherwise.
[[nodiscard]] Result<NamedDays> parse_named_days(std::string_view text);

/// The occurrences of something that repeats: strictly ascending instants.
class Rhythm {
 public:
  /// The n-th occurrence is `start` + n x `period` on `calendar` (which may be null for wall time alone), n >= 1; not each counted from the one
  /// before, so that a day of the month or a time of day that did not exist once comes back.
  Rhythm(CalendarPtr calendar, Instant start, const WorkingDuration& period);
  /// The named days on `calendar`, not null. Times in a gap of the zone are moved forward by the gap; of two the earlier is taken.
  Rhythm(CalendarPtr calendar, const NamedDays& days);

  /// The first occurrence after `at`; nothing when there is none (a period of nothing, the end of the year 9999, days that no year has).
  [[nodiscard]] std::optional<Derived> after(Instant at) const;
  /// How many occurrences lie in (from, to]. Of named days at most 100,000 are counted.
  [[nodiscard]] std::int64_t between(Instant from, Instant to) const;

 private:
  [[nodiscard]] Derived occurrence(std::int64_t n) const;
  [[nodiscard]] std::int64_t through(Instant at) const;
  [[nodiscard]] std::optional<Derived> named_in(std::int64_t span) const;
  [[nodiscard]] std::int64_t span_of(Instant at) const;

  CalendarPtr calendar_;
  Instant start_;
  WorkingDuration period_;
  std::optional<NamedDays> days_;
};

}  // namespace switchboard::calendar
