// Internal to room calendar: a weight for every day of all time, its sum up to a day and the way back, in O(log listed days).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace switchboard::calendar {

/// Every day weighs what its weekday weighs (Monday first), but for the listed days. Weights are >= 0. Immutable after construction.
/// Sums count from an arbitrary fixed day, so only their differences mean something. |k| is to stay below 4e18.
class DayTally {
 public:
  DayTally() = default;
  /// `days` ascending, without repetition; `weights` one for each of them. Both `days` here and `index` below belong to the same list.
  DayTally(const std::array<std::int64_t, 7>& week, std::span<const std::int32_t> days, std::span<const std::int64_t> weights);

  /// The weight of all days before `day`, whose lower bound in the list is `index`.
  [[nodiscard]] std::int64_t before(std::int64_t day, std::size_t index) const { return week_before(day) + correction_[index]; }
  /// The day in which the (k+1)-th unit of weight lies: the first with before(day + 1) > k. Nothing when no later day weighs anything.
  [[nodiscard]] std::optional<std::int64_t> locate(std::int64_t k) const;

 private:
  [[nodiscard]] std::int64_t week_before(std::int64_t day) const;

  std::array<std::int64_t, 8> prefix_{};  ///< weight of the weekdays before the n-th
  std::vector<std::int32_t> days_;
  std::vector<std::int64_t> weights_;
  std::vector<std::int64_t> before_;         ///< before() of each listed day
  std::vector<std::int64_t> correction_{0};  ///< sum over the listed days before the n-th of (weight - weight of its weekday)
};

}  // namespace switchboard::calendar
