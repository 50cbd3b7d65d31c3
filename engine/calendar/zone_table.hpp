// Internal to room calendar: one IANA zone, read from the zone database once, so that a query costs one binary search and no string.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "switchboard/base/error.hpp"
#include "value/zone_rule.hpp"

namespace switchboard::calendar {

/// Immutable. All times are microseconds; a local time is "as if UTC". Three rules turn a local time into an instant (docs/calendars.md, DST):
///   first(l)    the first instant at which the clock shows l or later: for openings, closings and midnights. Monotone in l.
///   forward(l)  in a gap the time moved forward by the gap, in an overlap the earlier: for dates kept at the same local time (DMN, FEEL).
///   back(l)     in a gap the transition, in an overlap the later: for counting back.
class ZoneTable {
 public:
  struct Segment {
    std::int64_t begin;
    std::int64_t end;
    std::int64_t offset;
    std::int64_t reach;  ///< the latest local time shown before `end`, by this or an earlier segment (exclusive)
  };

  /// SB0310 for a name that the zone database does not know.
  [[nodiscard]] static Result<ZoneTable> load(std::string_view name);

  [[nodiscard]] std::int64_t local(std::int64_t instant) const { return instant + segments_[segment_at(instant)].offset; }
  [[nodiscard]] std::int64_t first(std::int64_t local_time) const;
  [[nodiscard]] std::int64_t forward(std::int64_t local_time) const;
  [[nodiscard]] std::int64_t back(std::int64_t local_time) const;

  /// The local day that `instant` belongs to: the last one whose first midnight is not after it. Where a zone puts its clock back over midnight,
  /// the repeated minutes belong to the new day.
  [[nodiscard]] std::int64_t day_of(std::int64_t instant) const;

  /// One local day, prepared for turning its minutes into instants.
  struct DayFrame {
    const ZoneTable* table;
    std::int64_t midnight;  ///< local
    std::int64_t offset;
    bool plain;  ///< one offset rules the whole day
    [[nodiscard]] std::int64_t at(std::int64_t minute) const;
    [[nodiscard]] std::int64_t start() const { return at(0); }
    [[nodiscard]] std::int64_t end() const { return at(1440); }
  };
  [[nodiscard]] DayFrame frame(std::int64_t day) const;

  [[nodiscard]] const std::vector<Segment>& segments() const { return segments_; }

 private:
  void follow(const std::optional<ZoneRule>& rule, std::int64_t from);
  [[nodiscard]] std::size_t segment_at(std::int64_t instant) const;
  [[nodiscard]] std::size_t segment_showing(std::int64_t local_time) const;

  std::vector<Segment> segments_;
  std::vector<std::int64_t> begins_;   ///< of segments_, apart so that a search touches few cache lines
  std::vector<std::int64_t> reaches_;  ///< likewise
};

}  // namespace switchboard::calendar
