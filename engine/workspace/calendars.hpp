// Calendars that extend others.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "workspace/parsed.hpp"

namespace switchboard::workspace {

/// What a calendar's name stands for where it is extended: one of the two, or nothing.
struct CalendarSource {
  const Parsed* text = nullptr;
  calendar::CalendarPtr made = nullptr;
};

/// A calendar, or why there is none. Neither when a calendar below has mistakes, which are told where they stand.
struct MadeCalendar {
  calendar::CalendarPtr calendar;
  std::optional<Finding> fault;  ///< SB0320, SB0321, SB0153, or what its content is refused for
};

/// Makes the calendar of `text`, laid over those that it extends, which `find` gives. `known`: names for the hint.
[[nodiscard]] MadeCalendar make_calendar(const Parsed& text, const std::function<CalendarSource(const std::string&)>& find,
                                         const std::vector<std::string>& known);

}  // namespace switchboard::workspace
