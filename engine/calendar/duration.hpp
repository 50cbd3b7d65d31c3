// Durations as the process language writes them: wall-clock, calendar and working units side by side.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "switchboard/base/error.hpp"
#include "switchboard/base/time.hpp"

namespace switchboard::calendar {

/// `1 bd 4 bh`, `45 min`, `6 mo`, `PT45M`. Every part is >= 0. Parts apply in this order: years and months, days (dates, at the same
/// local time), working days, wall time, working time. `1 bd` is never 24 `bh` (docs/language.md, Durations).
struct WorkingDuration {
  std::int64_t months = 0;        ///< y and mo
  std::int64_t days = 0;          ///< d, w: calendar days
  std::int64_t working_days = 0;  ///< bd
  Duration wall{};                ///< h, min, s, ms
  Duration working{};             ///< bh, bmin, bs: working time
  friend bool operator==(const WorkingDuration&, const WorkingDuration&) = default;

  [[nodiscard]] bool is_zero() const { return *this == WorkingDuration{}; }
  /// Only wall time: no calendar is needed to add it.
  [[nodiscard]] bool is_pure_wall() const { return months == 0 && days == 0 && working_days == 0 && working.us == 0; }
};

/// Parses the language's form (`n unit` parts in any order, units y mo w d h min s ms bd bh bmin bs; spaces optional; each unit at most once;
/// decimals, up to 9 of them and whole microseconds in effect, on h min s bh bmin bs only) or ISO 8601 (`P1Y2M3W4DT5H6M7.5S`; there decimals on
/// the H, M and S parts). No part is negative. Errors, each with what was expected and an example:
///   SB0301 not a duration (empty, a sign, no number, no unit, an unknown unit, wrong order in ISO 8601)
///   SB0302 a unit written twice        SB0303 decimals where none are allowed, or finer than a microsecond
///   SB0304 longer than 9999 years (kind `limit`), or a text of more than 200 characters
[[nodiscard]] Result<WorkingDuration> parse_duration(std::string_view text);

/// What to write for a text that people take for a duration and that is none: `P3BD`, `three days`, `半天`, a cron line, days with a time of day;
/// empty when nothing is known. The hint of SB0301.
[[nodiscard]] std::string foreign_duration(std::string_view text);

/// The language's form, largest unit first; `0 s` for nothing. Reads back as the same duration. Parts must be >= 0.
[[nodiscard]] std::string to_string(const WorkingDuration& d);

}  // namespace switchboard::calendar
