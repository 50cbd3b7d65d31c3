// Internal to room calendar: the one implementation of BusinessCalendar, over a checked spec.
#pragma once

#include <cstdint>
#include <optional>

#include "calendar/calendar.hpp"
#include "calendar/day_plan.hpp"
#include "calendar/zone_table.hpp"

namespace switchboard::calendar {

class PlannedCalendar final : public BusinessCalendar {
 public:
  /// `spec` has passed the checks of BusinessCalendar::make, and the other two were made from it.
  PlannedCalendar(CalendarSpec spec, ZoneTable zone, DayTable days);

  [[nodiscard]] const CalendarSpec& spec() const override { return spec_; }
  [[nodiscard]] Derived deadline(Instant from, const WorkingDuration& d) const override;
  [[nodiscard]] Derived latest_start(Instant to, const WorkingDuration& d) const override;
  [[nodiscard]] Elapsed elapsed(Instant from, Instant to) const override;
  [[nodiscard]] Derived at_working_days(Instant from, double working_days) const override;
  [[nodiscard]] bool is_working_day(const Date& day) const override;
  [[nodiscard]] Instant start_of_day(Instant at) const override;
  [[nodiscard]] Date local_date(Instant at) const override;
  [[nodiscard]] Derived at_local_time(const Date& day, std::int32_t minute) const override;
  [[nodiscard]] bool is_open(Instant at) const override;
  [[nodiscard]] Derived next_opening(Instant at) const override;
  [[nodiscard]] Derived next_closing(Instant at) const override;

 private:
  /// A point on the way of a calculation, with whether that way left the published years.
  struct Walk {
    std::int64_t at;
    bool provisional;
  };
  struct Opening {
    std::int64_t begin;
    std::int64_t end;
    bool reaches_midnight;
  };

  [[nodiscard]] std::int64_t moved_date(std::int64_t at, std::int64_t months, std::int64_t days, bool back) const;
  void add_working_days(Walk& walk, std::int64_t n) const;
  void subtract_working_days(Walk& walk, std::int64_t n) const;
  void add_working_time(Walk& walk, std::int64_t micros) const;
  void subtract_working_time(Walk& walk, std::int64_t micros) const;

  [[nodiscard]] std::int64_t open_until(const DayTable::Place& place, std::int64_t at) const;
  /// The first opening of the day that ends after `at`.
  [[nodiscard]] std::optional<Opening> opening_after(const DayTable::Place& place, std::int64_t at) const;
  /// Days `first` to `last` are not all in published years.
  [[nodiscard]] bool unpublished(std::int64_t first, std::int64_t last) const { return first < first_known_ || last > last_known_; }

  CalendarSpec spec_;
  ZoneTable zone_;
  DayTable days_;
  std::int64_t first_known_;
  std::int64_t last_known_;
};

}  // namespace switchboard::calendar
