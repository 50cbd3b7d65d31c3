// Calendars and instants for the tests of room calendar, written the way a person would.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "calendar/calendar.hpp"

namespace switchboard::calendar::testing {

/// "2024-02-04 10:00", "2024-03-31 03:30:15+02:00"; China's +08:00 where no offset is written. Any other form is a mistake in the test.
Instant when(std::string_view text);
/// The same form; seconds and offset only where needed.
std::string text(Instant at, int offset_minutes = 480);
std::string text(const Derived& d, int offset_minutes = 480);

Date date(std::string_view text);                                                   ///< "2024-02-04"
std::vector<CalendarSpec::Day> days(std::string_view name, std::string_view list);  ///< "2024-02-10..2024-02-17 2024-02-20"
std::vector<Hours> hours(std::string_view list);                                    ///< "08:30-12:00 13:30-17:30"

WorkingDuration duration(std::string_view text);  ///< a text that parses
CalendarPtr made(CalendarSpec spec);              ///< a spec that is right

/// Monday to Friday with these hours, no list: never provisional.
CalendarSpec weekdays(std::string_view zone, std::string_view opening_hours);
/// The State Council's lists of 2024 to 2026, hours 08:30-17:30.
CalendarSpec china();

}  // namespace switchboard::calendar::testing
