// A second implementation of the calendar's rules, written to be obviously right and sharing nothing with the first: it reads zones through the C
// library instead of the date library, and it walks over minutes and days instead of computing. Whole minutes only, years 1980 to 2037.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "calendar/calendar.hpp"

namespace switchboard::calendar::testing {

/// Minutes since 1970-01-01T00:00Z. What the wall clock of one zone shows at each of them.
class SteppedZone {
 public:
  explicit SteppedZone(const std::string& name);

  /// Local minutes since 1970-01-01 00:00, as the clock shows them.
  [[nodiscard]] std::int64_t shown(std::int64_t minute) const;
  /// The latest local minute that the clock has shown up to now: like shown(), but it stands still while an hour is repeated.
  [[nodiscard]] std::int64_t latest_shown(std::int64_t minute) const;
  /// A UTC day within which, or shortly after which, the clock is changed.
  [[nodiscard]] bool changes_near(std::int64_t minute) const;

  static constexpr std::int64_t kFirstDay = 3653;   ///< 1980-01-02
  static constexpr std::int64_t kLastDay = 24'836;  ///< 2037-12-31

 private:
  struct UtcDay {
    std::int16_t offset = 0;              ///< in minutes, when it does not change
    std::vector<std::int16_t> offsets{};  ///< for each minute of a day in which it does
    std::vector<std::int64_t> latest{};   ///< latest_shown of each minute, for that day and the next
  };
  [[nodiscard]] const UtcDay& day_of(std::int64_t minute) const;
  void fill_latest(std::size_t day);

  std::vector<UtcDay> days_;
};

class Stepper {
 public:
  Stepper(const CalendarSpec& spec, const SteppedZone& zone);

  struct Answer {
    std::int64_t minute = 0;
    bool provisional = false;
    friend bool operator==(const Answer&, const Answer&) = default;
  };
  struct Parts {
    std::int64_t months = 0, days = 0, working_days = 0, wall_minutes = 0, working_minutes = 0;
  };

  [[nodiscard]] Answer deadline(std::int64_t from, const Parts& d) const;
  [[nodiscard]] Answer latest_start(std::int64_t to, const Parts& d) const;
  [[nodiscard]] double working_days(std::int64_t from, std::int64_t to) const;
  [[nodiscard]] std::int64_t working_minutes(std::int64_t from, std::int64_t to) const;
  [[nodiscard]] Answer next_opening(std::int64_t at) const;
  [[nodiscard]] Answer next_closing(std::int64_t at) const;  ///< only for calendars that close within a month
  [[nodiscard]] bool is_open(std::int64_t at) const;
  [[nodiscard]] std::int64_t local_day(std::int64_t at) const;

 private:
  struct LocalDay {
    std::int64_t start = 0;  ///< the first minute that belongs to it
    bool working = false;
    const std::vector<Hours>* openings = nullptr;
    std::int64_t open_minutes = 0;
  };
  [[nodiscard]] const LocalDay& day(std::int64_t number) const;
  [[nodiscard]] bool published(std::int64_t number) const;
  [[nodiscard]] std::int64_t dates_away(std::int64_t at, std::int64_t months, std::int64_t days, bool back) const;
  void step_working_days(Answer& a, std::int64_t n) const;
  void step_working_days_back(Answer& a, std::int64_t n) const;
  void step_working_minutes(Answer& a, std::int64_t n) const;
  void step_working_minutes_back(Answer& a, std::int64_t n) const;

  CalendarSpec spec_;
  const SteppedZone& zone_;
  std::int64_t first_ = 0;
  std::vector<LocalDay> days_;
};

}  // namespace switchboard::calendar::testing
