// What people write for durations that this language writes otherwise. Private to room calendar.
#pragma once

#include <string_view>

#include "calendar/duration.hpp"

namespace switchboard::calendar {

/// As parse_duration, without a look at what others write.
[[nodiscard]] Result<WorkingDuration> read_duration(std::string_view text);

/// The unit that `word` most likely means (`hrs`: h, `工作日`: bd); empty when nothing is known. Of two possible ones both, ready to stand in quotes.
[[nodiscard]] std::string_view unit_meant_by(std::string_view word);

}  // namespace switchboard::calendar
