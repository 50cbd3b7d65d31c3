// What holds in a zone after the last change of its clocks that the zone database lists (2037): its rule, read off the last listed years.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace date {
class time_zone;
}

namespace switchboard {

/// Two changes a year, each on the first such weekday on or after a day of the year, at a time of day; or none.
class ZoneRule {
 public:
  /// Nothing for a zone whose listed years follow no such rule.
  [[nodiscard]] static std::optional<ZoneRule> of(const date::time_zone& zone);

  [[nodiscard]] bool has_changes() const { return changes_; }
  /// In seconds east of UTC.
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_seconds) const;
  /// In a gap and where a time comes twice: the offset before the change.
  [[nodiscard]] std::int32_t offset_of_local(std::int64_t local_seconds) const;
  /// The two changes of a year, ascending, as seconds of UTC.
  [[nodiscard]] std::vector<std::int64_t> changes_of(std::int64_t year) const;

 private:
  struct Change {
    std::int64_t from_march = 0;  ///< the first day on which it can be, counted from 1 March
    unsigned weekday = 1;
    std::int64_t time = 0;  ///< seconds after midnight of the local time before it
    std::int32_t before = 0, after = 0;
    [[nodiscard]] std::int64_t in(std::int64_t year) const;  ///< seconds of UTC
  };
  std::int32_t standard_ = 0;
  bool changes_ = false;
  Change first_, second_;  ///< of a year
};

}  // namespace switchboard
