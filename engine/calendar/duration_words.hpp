// What people write for durations that this language writes otherwise. Private to room calendar.
#pragma once

#include <string_view>

#include "calendar/duration.hpp"

namespace switchboard::calendar {

/// As parse_duration, without a look at what others write.
[[nodiscard]] Result<WorkingDuration> read_duration(std::string_view text);

/// A line of cron: `0 8 * * 1`, `@daily`.
[[nodiscard]] bool is_cron(std::string_view text);
constexpr std::string_view instead_of_cron =
    "cron is not read here: a timer names its days, for example `every: {at: mon-fri 08:00}`, or its period, `every: 1 h`";

/// The unit that `word` most likely means (`hrs`: h, `工作日`: bd); empty when nothing is known. Of two possible ones both, ready to stand in quotes.
[[nodiscard]] std::string_view unit_meant_by(std::string_view word);

}  // namespace switchboard::calendar
