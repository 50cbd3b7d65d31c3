// Internal to room calendar: what every local day is like, week and exceptions together, as the queries need it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "calendar/calendar.hpp"
#include "calendar/day_tally.hpp"
#include "calendar/zone_table.hpp"

namespace switchboard::calendar {

/// One kind of day. `openings` are sorted and do not touch each other.
struct DayPlan {
  bool working = false;
  std::vector<Hours> openings;
  friend bool operator==(const DayPlan&, const DayPlan&) = default;
};

/// A listed day, or one that its zone makes unlike its weekday (23 or 25 hours, or skipped altogether).
struct PlannedDay {
  std::int32_t day;
  DayPlan plan;
};

/// The week and the exceptions to it, with three tallies over them. Immutable.
class DayTable {
 public:
  /// `exceptions` ascending, without repetition. Days whose real open time differs from their nominal one because of `zone` are added.
  DayTable(std::array<DayPlan, 7> week, std::vector<PlannedDay> exceptions, const ZoneTable& zone);

  /// A day found once, for all that is asked about it.
  struct Place {
    std::int64_t day;
    std::size_t index;    ///< lower bound of `day` among the exceptions
    bool listed;          ///< the day is an exception, the `index`-th
    const DayPlan* plan;  ///< never null
  };
  [[nodiscard]] Place at(std::int64_t day) const;

  /// Each tally's before() of a place; `through` includes the place's own day.
  [[nodiscard]] std::int64_t working_days_before(const Place& p) const { return working_.before(p.day, p.index); }
  [[nodiscard]] std::int64_t working_days_through(const Place& p) const { return working_days_before(p) + (p.plan->working ? 1 : 0); }
  [[nodiscard]] std::int64_t open_before(const Place& p) const { return open_.before(p.day, p.index); }
  [[nodiscard]] std::int64_t open_through(const Place& p) const { return open_.before(p.day + 1, next(p)); }

  /// The working day before which `k` working days lie (counted as the functions above do). The week has one, so it always exists.
  [[nodiscard]] std::int64_t working_day(std::int64_t k) const { return *working_.locate(k); }
  /// The day in which the (k+1)-th microsecond of open time lies.
  [[nodiscard]] std::int64_t open_day(std::int64_t k) const { return *open_.locate(k); }
  /// The first day after p's that is not open from its start to its end; nothing when there is none.
  [[nodiscard]] std::optional<std::int64_t> interrupted_day_after(const Place& p) const {
    return interrupted_.locate(interrupted_.before(p.day + 1, next(p)));
  }

 private:
  [[nodiscard]] static std::size_t next(const Place& p) { return p.index + (p.listed ? 1 : 0); }

  std::array<DayPlan, 7> week_;
  std::vector<std::int32_t> days_;
  std::vector<DayPlan> plans_;
  DayTally working_;      ///< 1 for each working day
  DayTally open_;         ///< microseconds of real open time
  DayTally interrupted_;  ///< 1 for each day that is closed for a while
};

}  // namespace switchboard::calendar
