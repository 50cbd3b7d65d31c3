// What holds in a zone after the last change of its clocks that the zone database lists: the rule at the end of its file, as POSIX writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

class ZoneRule {
 public:
  /// `CET-1CEST,M3.5.0,M10.5.0/3`. Nothing for what is no such rule.
  [[nodiscard]] static std::optional<ZoneRule> parse(std::string_view text);
  /// Of the zone of that name, which the database must know; null when its file has none that can be read. Thread-safe; read once.
  [[nodiscard]] static const ZoneRule* of(std::string_view zone);

  [[nodiscard]] bool has_changes() const { return changes_; }
  /// In seconds east of UTC.
  [[nodiscard]] std::int32_t offset_at(std::int64_t utc_seconds) const;
  /// In a gap and where a time comes twice: the offset before the change.
  [[nodiscard]] std::int32_t offset_of_local(std::int64_t local_seconds) const;
  /// The two changes of a year, ascending, as seconds of UTC.
  [[nodiscard]] std::vector<std::int64_t> changes_of(std::int64_t year) const;

 private:
  friend class RuleReader;
  struct Day {
    enum class Kind : std::uint8_t { weekday_of_month, day_without_leap_day, day } kind = Kind::weekday_of_month;
    std::int32_t month = 0, week = 0, day = 0;
    std::int32_t time = 7200;  ///< seconds of local time after midnight; may be negative or beyond the day
  };
  [[nodiscard]] static std::int64_t local_seconds(const Day& day, std::int64_t year);

  std::int32_t standard_ = 0;
  std::int32_t summer_ = 0;
  bool changes_ = false;
  Day to_summer_;
  Day to_standard_;
};

}  // namespace switchboard
