#include "calendar/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "calendar/business_calendar.hpp"
#include "calendar/civil.hpp"

namespace switchboard::calendar {
namespace {

constexpr std::size_t kMostListedDays = 20'000;
constexpr std::size_t kMostOpenings = 48;
constexpr std::string_view kBuiltIn = "24x7";
constexpr std::array<std::string_view, 7> kWeekdays{"mon", "tue", "wed", "thu", "fri", "sat", "sun"};

std::string clock_text(const Hours& h) {
  const auto part = [](int minutes) { return minutes < 0 ? fmt::format("{} min", minutes) : fmt::format("{:02}:{:02}", minutes / 60, minutes % 60); };
  return part(h.from) + "-" + part(h.to);
}

std::string date_text(const Date& d) { return fmt::format("{:04}-{:02}-{:02}", d.year, unsigned{d.month}, unsigned{d.day}); }

/// Checks a spec part by part and turns it into plans. `refuse` names the calendar and the place within it.
class Maker {
 public:
  explicit Maker(const CalendarSpec& spec) : spec_(spec) {}

  Result<std::array<DayPlan, 7>> week() const {
    std::array<DayPlan, 7> plans;
    for (std::size_t i = 0; i < 7; ++i) {
      SB_TRY(plans[i].openings, openings(spec_.week[i], kWeekdays[i]));
      plans[i].working = !plans[i].openings.empty();
    }
    if (std::none_of(plans.begin(), plans.end(), [](const DayPlan& p) { return p.working; })) {
      return refuse("SB0314", "week", "a week needs open time on one day at least", "write hours for a weekday, for example 'mon-fri: 08:30-17:30'");
    }
    return plans;
  }

  Result<std::vector<PlannedDay>> exceptions() const {
    if (spec_.off.size() + spec_.working.size() > kMostListedDays) {
      return refuse("SB0319", "years", fmt::format("at most {} days can be listed", kMostListedDays), "split the calendar", ErrorKind::limit);
    }
    std::vector<PlannedDay> days;
    for (const CalendarSpec::Day& d : spec_.off) {
      SB_TRY(const std::int32_t number, listed(d));
      days.push_back({number, {}});
    }
    SB_TRY(const std::vector<Hours> usual, openings(spec_.working_day_hours, "working-day-hours"));
    for (const CalendarSpec::Day& d : spec_.working) {
      SB_TRY(const std::int32_t number, listed(d));
      SB_TRY(std::vector<Hours> own, openings(d.hours, date_text(d.date)));
      if (own.empty() && usual.empty()) {
        return refuse("SB0316", date_text(d.date), "this working day has no hours", "give it hours, or state 'working-day-hours'");
      }
      if (own.empty()) own = usual;
      days.push_back({number, {true, std::move(own)}});
    }
    std::sort(days.begin(), days.end(), [](const PlannedDay& a, const PlannedDay& b) { return a.day < b.day; });
    const auto twice = std::adjacent_find(days.begin(), days.end(), [](const PlannedDay& a, const PlannedDay& b) { return a.day == b.day; });
    if (twice != days.end()) return listed_twice(twice->day);
    return days;
  }

  Result<void> years() const {
    const std::int32_t first = spec_.first_year;
    const std::int32_t last = spec_.last_year;
    const auto known = [](std::int32_t year) { return year >= 1 && year <= 9999; };
    if (first == 0 && last == 0) return success();
    if (known(first) && known(last) && first <= last) return success();
    return refuse("SB0317", "years", fmt::format("first year {} and last published year {} do not fit together", first, last),
                  "state both, from 1 to 9999, the first not after the last; or neither");
  }

  Result<void> id() const {
    if (!spec_.id.empty()) return success();
    return Error{ErrorKind::invalid, "SB0318", "a calendar needs an id", "", "write 'calendar: cn' with an id of your own"};
  }

 private:
  [[nodiscard]] Error refuse(std::string_view rule, std::string_view where, std::string what, std::string remedy,
                             ErrorKind kind = ErrorKind::invalid) const {
    return {kind, std::string(rule), std::move(what), fmt::format("calendar '{}', {}", spec_.id, where), std::move(remedy)};
  }

  Result<std::int32_t> listed(const CalendarSpec::Day& d) const {
    if (is_calendar_date(d.date)) return static_cast<std::int32_t>(day_number(d.date));
    return refuse("SB0315", date_text(d.date), "there is no such date in the years 1 to 9999", "correct the date");
  }

  [[nodiscard]] Error listed_twice(std::int64_t day) const {
    const auto names = [&](const std::vector<CalendarSpec::Day>& days, std::string_view list) {
      std::string text;
      for (const CalendarSpec::Day& d : days) {
        if (day_number(d.date) == day) text += fmt::format("{}'{}' ({})", text.empty() ? "" : ", ", d.name, list);
      }
      return text;
    };
    const std::string off = names(spec_.off, "off");
    const std::string working = names(spec_.working, "working");
    const std::chrono::year_month_day ymd{std::chrono::sys_days{std::chrono::days{day}}};
    const Date date{int{ymd.year()}, static_cast<std::uint8_t>(unsigned{ymd.month()}), static_cast<std::uint8_t>(unsigned{ymd.day()})};
    return refuse("SB0313", date_text(date),
                  fmt::format("this day is listed twice: {}{}{}", off, off.empty() || working.empty() ? "" : ", ", working),
                  "a later notice replaces an earlier one: keep one entry");
  }

  /// Sorted, and openings that touch made one.
  Result<std::vector<Hours>> openings(std::vector<Hours> hours, std::string_view where) const {
    if (hours.size() > kMostOpenings) {
      return refuse("SB0319", where, fmt::format("a day can have at most {} openings", kMostOpenings), "write fewer, longer ones", ErrorKind::limit);
    }
    for (const Hours& h : hours) {
      if (h.from >= 0 && h.from < h.to && h.to <= 1440) continue;
      return refuse(
          "SB0311", where, fmt::format("hours {} are empty or outside 00:00-24:00", clock_text(h)),
          "write them as start-end with the end later; hours over midnight are two entries, '20:00-24:00' and on the next day '00:00-04:00'");
    }
    std::sort(hours.begin(), hours.end(), [](const Hours& a, const Hours& b) { return a.from < b.from; });
    std::vector<Hours> merged;
    for (const Hours& h : hours) {
      if (!merged.empty() && h.from < merged.back().to) {
        return refuse("SB0312", where, fmt::format("hours {} and {} overlap", clock_text(merged.back()), clock_text(h)),
                      "make them one, or part them");
      }
      if (!merged.empty() && h.from == merged.back().to) {
        merged.back().to = h.to;
      } else {
        merged.push_back(h);
      }
    }
    return merged;
  }

  const CalendarSpec& spec_;
};

// FNV-1a, 64 bits folded to 60, over everything that can change a result: names and sources do not. Every ledger carries it and is copied often: 15
// digits need no heap in a std::string.
std::string content_tag(const CalendarSpec& spec) {
  std::string text = fmt::format("{}\n{}\n{} {}\n", spec.id, spec.zone, spec.first_year, spec.last_year);
  const auto hours_text = [](const std::vector<Hours>& hours) {
    std::string out;
    for (const Hours& h : hours) out += clock_text(h) + ",";
    return out;
  };
  for (const auto& day : spec.week) text += hours_text(day) + "\n";
  text += hours_text(spec.working_day_hours) + "\n";
  const auto add_days = [&](char list, const std::vector<CalendarSpec::Day>& days) {
    std::vector<std::string> lines;
    lines.reserve(days.size());
    for (const CalendarSpec::Day& d : days) lines.push_back(fmt::format("{}{} {}\n", list, date_text(d.date), hours_text(d.hours)));
    std::sort(lines.begin(), lines.end());
    for (const std::string& line : lines) text += line;
  };
  add_days('-', spec.off);
  add_days('+', spec.working);
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  constexpr std::uint64_t low = (std::uint64_t{1} << 60) - 1;
  return fmt::format("{:015x}", (hash & low) ^ (hash >> 60));
}

}  // namespace

Result<std::shared_ptr<const BusinessCalendar>> BusinessCalendar::make(CalendarSpec spec) {
  const Maker maker(spec);
  SB_TRYV(maker.id());
  SB_TRYV(maker.years());
  SB_TRY(auto week, maker.week());
  SB_TRY(auto exceptions, maker.exceptions());
  auto zone = ZoneTable::load(spec.zone);
  if (!zone) {
    Error error = std::move(zone).error();
    error.place = fmt::format("calendar '{}', zone", spec.id);
    return error;
  }
  DayTable days(std::move(week), std::move(exceptions), zone.value());
  if (spec.version.empty()) spec.version = content_tag(spec);
  return std::make_shared<const PlannedCalendar>(std::move(spec), std::move(zone).value(), std::move(days));
}

Result<std::shared_ptr<const BusinessCalendar>> BusinessCalendar::always(std::string_view id, std::string_view zone) {
  CalendarSpec spec;
  spec.id = id;
  spec.name = "24 hours, 7 days";
  spec.names = {{"en", "24 hours, 7 days"}, {"zh", "全天候"}};
  spec.zone = zone;
  spec.week.fill({{0, 1440}});
  return make(std::move(spec));
}

bool BusinessCalendar::is_built_in(std::string_view id) { return id == kBuiltIn || (id.starts_with(kBuiltIn) && id[kBuiltIn.size()] == '@'); }

Result<std::shared_ptr<const BusinessCalendar>> BusinessCalendar::built_in(std::string_view id) {
  if (is_built_in(id) && id.size() > kBuiltIn.size() + 1) return always(id, id.substr(kBuiltIn.size() + 1));
  return Error{ErrorKind::not_found, "SB0318", fmt::format("there is no built-in calendar '{}'", id.substr(0, 64)), "",
               "write '24x7@' and the zone in which days begin: '24x7@Asia/Shanghai'"};
}

}  // namespace switchboard::calendar
