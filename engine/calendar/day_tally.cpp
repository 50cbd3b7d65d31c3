#include "calendar/day_tally.hpp"

#include <algorithm>

#include "calendar/civil.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::calendar {

DayTally::DayTally(const std::array<std::int64_t, 7>& week, std::span<const std::int32_t> days, std::span<const std::int64_t> weights)
    : days_(days.begin(), days.end()), weights_(weights.begin(), weights.end()) {
  SB_ASSERT(days.size() == weights.size());
  for (std::size_t i = 0; i < 7; ++i) prefix_[i + 1] = prefix_[i] + week[i];
  std::int64_t correction = 0;
  for (std::size_t i = 0; i < days.size(); ++i) {
    before_.push_back(week_before(days[i]) + correction);
    correction += weights[i] - week[static_cast<std::size_t>(weekday_of(days[i]))];
    correction_.push_back(correction);
  }
}

// Weeks begin on Monday; day 0 is a Thursday, hence the 3.
std::int64_t DayTally::week_before(std::int64_t day) const {
  const std::int64_t week = floor_div(day + 3, 7);
  return week * prefix_[7] + prefix_[static_cast<std::size_t>(day + 3 - week * 7)];
}

std::optional<std::int64_t> DayTally::locate(std::int64_t k) const {
  // The last listed day that begins at or before the unit; days of no weight tie, and the last of them counts.
  const auto listed = static_cast<std::size_t>(std::upper_bound(before_.begin(), before_.end(), k) - before_.begin());
  if (listed > 0 && k - before_[listed - 1] < weights_[listed - 1]) return days_[listed - 1];
  if (prefix_[7] == 0) return std::nullopt;  // no weekday weighs anything, and the listed days are used up
  const std::int64_t rest = k - correction_[listed];
  const std::int64_t week = floor_div(rest, prefix_[7]);
  const std::int64_t within = rest - week * prefix_[7];
  std::int64_t weekday = 0;
  while (prefix_[static_cast<std::size_t>(weekday) + 1] <= within) ++weekday;  // at most six steps: within < prefix_[7]
  return week * 7 + weekday - 3;
}

}  // namespace switchboard::calendar
