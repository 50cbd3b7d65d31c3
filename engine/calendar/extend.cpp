// A calendar that extends another: what it says itself stands before what the other one says.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "calendar/calendar.hpp"

namespace switchboard::calendar {
namespace {

void add_missing(std::vector<CalendarSpec::Day>& days, const std::vector<CalendarSpec::Day>& base, const std::set<Date>& listed) {
  for (const CalendarSpec::Day& day : base)
    if (!listed.contains(day.date)) days.push_back(day);
}

Error wrong_year(const CalendarSpec& spec, std::string message, std::string hint) {
  return {ErrorKind::invalid, "SB0153", std::move(message), fmt::format("calendar '{}', years", spec.id), std::move(hint)};
}

Result<void> years_are_whole(const CalendarSpec& spec) {
  for (const auto& [year, source] : spec.sources) {
    if (spec.first_year != 0 && year >= spec.first_year && year <= spec.last_year) continue;
    return wrong_year(spec, fmt::format("the year {} lies outside of what '{}' has published", year, spec.extends),
                      "write first-year and published-through when the list of this year is whole");
  }
  for (std::int32_t year = spec.first_year; year != 0 && year <= spec.last_year; ++year)
    if (!spec.sources.contains(year))
      return wrong_year(spec, fmt::format("the year {} is missing here and in '{}'", year, spec.extends),
                        "a year without exceptions has its `source` alone");
  return success();
}

}  // namespace

Result<CalendarSpec> laid_over(const CalendarSpec& base, CalendarSpec own) {
  if (own.zone.empty()) own.zone = base.zone;
  if (own.names.empty()) own.names = base.names, own.name = base.name;
  for (std::size_t day = 0; day < own.week.size(); ++day)
    if (!own.own_days[day]) own.week[day] = base.week[day];
  own.own_days.fill(true);
  if (own.working_day_hours.empty()) own.working_day_hours = base.working_day_hours;
  std::set<Date> listed;
  for (const auto* days : {&own.off, &own.working})
    for (const CalendarSpec::Day& day : *days) listed.insert(day.date);
  add_missing(own.off, base.off, listed);
  add_missing(own.working, base.working, listed);
  if (own.first_year == 0 || (base.first_year != 0 && base.first_year < own.first_year)) own.first_year = base.first_year;
  own.last_year = std::max(own.last_year, base.last_year);
  for (const auto& [year, source] : base.sources) {
    std::string& sources = own.sources[year];
    sources += (sources.empty() || source.empty() ? "" : "; ") + source;
  }
  for (const std::string& note : base.notes)
    if (std::find(own.notes.begin(), own.notes.end(), note) == own.notes.end()) own.notes.push_back(note);
  own.version.clear();
  SB_TRYV(years_are_whole(own));
  return own;
}

}  // namespace switchboard::calendar
