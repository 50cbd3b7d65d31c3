// Business calendars: which days work, which hours are open, where a promise falls due. Pure functions of (calendar, instant).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/duration.hpp"
#include "switchboard/base/error.hpp"
#include "switchboard/base/time.hpp"
#include "switchboard/value/temporal.hpp"

namespace switchboard::calendar {

/// Opening hours within one local day, in minutes from midnight, [from, to), 0 <= from < to <= 1440.
struct Hours {
  std::int16_t from = 0;
  std::int16_t to = 0;
  friend bool operator==(const Hours&, const Hours&) = default;
};

/// A calendar as written in `processes/calendars/*.yaml` (docs/language.md, Calendars).
struct CalendarSpec {
  struct Day {
    Date date;
    std::string name;          ///< e.g. 春节
    std::vector<Hours> hours;  ///< for a working day with hours of its own; empty: the usual hours
  };
  std::string id;
  std::string extends;  ///< the calendar whose days and hours hold where this one says nothing (laid_over); empty: none
  std::string name;
  std::map<std::string, std::string> names;     ///< by language (`en`, `zh`); may be empty
  std::string zone;                             ///< IANA
  std::array<std::vector<Hours>, 7> week;       ///< Monday first; an empty day is a day off
  std::array<bool, 7> own_days{};               ///< of `week`: which days are said here, when it extends another
  std::vector<Hours> working_day_hours;         ///< hours of a make-up working day that has none of its own
  std::vector<Day> off;                         ///< holidays on days that would work
  std::vector<Day> working;                     ///< make-up working days
  std::int32_t first_year = 0;                  ///< first year whose list is known (0: rules alone, always known)
  std::int32_t last_year = 0;                   ///< last published year; beyond it results are provisional (0: never provisional)
  std::map<std::int32_t, std::string> sources;  ///< year -> where its list was published
  std::vector<std::string> notes;               ///< unverified facts, to be shown wherever the calendar is shown
  std::string version;                          ///< content tag, recorded with every derived due instant; when empty, `make` fills it in
};

/// `own`, completed by `base`: zone, name, working-day hours and each weekday where it says none; the days that it does not list itself; years and
/// their sources together; notes of both. A date that it lists, off or working, counts instead of what `base` says of it. SB0153 when its years
/// leave out one or lie outside. `base` has been completed itself.
[[nodiscard]] Result<CalendarSpec> laid_over(const CalendarSpec& base, CalendarSpec own);

/// An instant derived from a calendar. `provisional`: it, or the way to it, lies beyond the last published year (or before the first).
struct Derived {
  Instant at;
  bool provisional = false;
  friend bool operator==(const Derived&, const Derived&) = default;
};

/// How much working time has passed.
struct Elapsed {
  double working_days = 0;  ///< of each working day after the start's local day, the fraction (midnight to midnight, real time) that has passed
  Duration working;         ///< open time
  Duration wall;
  bool provisional = false;
};

/// Immutable and thread-safe. Built once from a spec; every query costs O(log n) in listed days and zone transitions, independent of the span.
///
/// Rules (docs/calendars.md has them with examples).
/// (1) `n bd` from t is the end (24:00 local, i.e. the next day's 00:00) of the n-th working day after t's local day; the first day does not
///     count (Civil Code of the PRC, art. 201, 203); 0 bd is t itself.
/// (2) `bh` runs only inside opening hours, as elapsed real time. It ends at a closing, not at the opening after it.
/// (3) Dates kept at the same local time (`d`, `mo`, `y`): a time in a DST gap moves forward by the gap; in an overlap the earlier is taken.
///     Midnights, openings and closings: the first instant at which the clock shows that time or a later one.
/// (4) `mo` and `y` keep the day of month, clipped to the month's end.
/// (5) A local day lasts from its first midnight to the next day's first midnight, 23, 24 or 25 hours; a day that the zone skipped does not work.
/// Instants are supported from year 1 to 9999; earlier and later ones are taken as these bounds (but for durations of wall time alone). Negative
/// parts of a duration, and NaN, count as nothing.
class BusinessCalendar {
 public:
  /// Refuses (SB0310..SB0319, listed in docs/calendars.md) an unknown zone, overlapping or empty hours, a day listed twice, a week with no open time.
  [[nodiscard]] static Result<std::shared_ptr<const BusinessCalendar>> make(CalendarSpec spec);
  /// 24 hours, 7 days, every day a working day, in `zone`.
  [[nodiscard]] static Result<std::shared_ptr<const BusinessCalendar>> always(std::string_view id, std::string_view zone);
  /// `24x7@ZONE`: always(id, ZONE). SB0318 (not_found) for any other id, also for `24x7` without a zone; SB0310 for an unknown zone.
  [[nodiscard]] static Result<std::shared_ptr<const BusinessCalendar>> built_in(std::string_view id);
  /// `id` is meant for built_in() and not for a file.
  [[nodiscard]] static bool is_built_in(std::string_view id);

  virtual ~BusinessCalendar() = default;
  BusinessCalendar(const BusinessCalendar&) = delete;
  BusinessCalendar& operator=(const BusinessCalendar&) = delete;

  [[nodiscard]] virtual const CalendarSpec& spec() const = 0;

  /// When `d` counted from `from` is over.
  [[nodiscard]] virtual Derived deadline(Instant from, const WorkingDuration& d) const = 0;
  /// The latest instant from which `d` still ends by `to`: notices counted back from an event (7 d before an outage). `n bd` back from t is the
  /// start of the n-th working day before t's day, which reads as 24:00 of the day before: an instant earlier, and deadline() is met. `d`, `mo` and
  /// `y` go back to the same local time (clipped as above; in a DST gap to the transition, in an overlap to the later).
  [[nodiscard]] virtual Derived latest_start(Instant to, const WorkingDuration& d) const = 0;
  /// All zero when `to` is not after `from`. elapsed(t, deadline(t, n bd)).working_days == n, exactly.
  [[nodiscard]] virtual Elapsed elapsed(Instant from, Instant to) const = 0;
  /// The point at which `working_days` (fraction allowed) have elapsed since `from`: inverse of elapsed().working_days, to the microsecond. The
  /// earliest such point, so whole numbers give the end of a working day; 0, less or NaN gives `from`.
  [[nodiscard]] virtual Derived at_working_days(Instant from, double working_days) const = 0;

  /// false for a date that does not exist or lies outside the years 1 to 9999.
  [[nodiscard]] virtual bool is_working_day(const Date& day) const = 0;
  /// Midnight, or what stands in for it, with which `at`'s local day began.
  [[nodiscard]] virtual Instant start_of_day(Instant at) const = 0;
  /// The date that the clock of the zone shows at `at`.
  [[nodiscard]] virtual Date local_date(Instant at) const = 0;
  /// When minute `minute` (0 to 1440) of `day` is, by rule 3 for dates; 1440 is the end of the day. `day` lies in the years 1 to 9999. Provisional
  /// when the day is not in a published year.
  [[nodiscard]] virtual Derived at_local_time(const Date& day, std::int32_t minute) const = 0;
  [[nodiscard]] virtual bool is_open(Instant at) const = 0;
  /// `at` itself when open, else the start of the next opening; provisional as above. Always exists: a week has open time.
  [[nodiscard]] virtual Derived next_opening(Instant at) const = 0;
  /// End of the opening that `at` lies in (openings that meet at midnight are one), or `at` itself when closed; Instant::max() when it never closes.
  [[nodiscard]] virtual Derived next_closing(Instant at) const = 0;

 protected:
  BusinessCalendar() = default;
};

using CalendarPtr = std::shared_ptr<const BusinessCalendar>;

}  // namespace switchboard::calendar
