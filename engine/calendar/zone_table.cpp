#include "calendar/zone_table.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <limits>
#include <optional>
#include <string>

#include "calendar/civil.hpp"
#include "switchboard/base/assert.hpp"
#include "switchboard/base/text.hpp"
#include "switchboard/value/temporal.hpp"

namespace switchboard::calendar {
namespace {

constexpr std::int64_t kBeginning = std::numeric_limits<std::int64_t>::min() / 2;  // halves, so that adding an offset cannot overflow
constexpr std::int64_t kEnd = std::numeric_limits<std::int64_t>::max() / 2;
constexpr std::int64_t kLastRuledYear = 2500;  // changes of the clock by rule; nobody promises beyond
constexpr std::size_t kMostSegments = 4096;    // the longest zone of the database has fewer than 300

const date::tzdb* zone_database() {
  try {
    return &date::get_tzdb();
  } catch (const std::exception&) {
    return nullptr;
  }
}

Error unknown_zone(std::string_view name) {
  const std::string shown(name.substr(0, 64));
  Error error{ErrorKind::not_found, "SB0310", fmt::format("time zone '{}' is not in the IANA database", shown), "",
              "write an IANA name such as Asia/Shanghai"};
  const date::tzdb* database = zone_database();
  if (database == nullptr) {
    error.hint = "the zone database of this machine cannot be read; install tzdata";
    return error;
  }
  std::size_t best = 4;  // more than three edits is another name, not a slip
  for (const date::time_zone& zone : database->zones) {
    const std::size_t distance = edit_distance(shown, zone.name(), best);
    if (distance >= best) continue;
    best = distance;
    error.hint = fmt::format("did you mean '{}'?", zone.name());
  }
  return error;
}

// The library reports an unknown name, and a missing database, by exceptions; none of them leaves this file.
Result<const date::time_zone*> find_zone(std::string_view name) {
  try {
    return date::locate_zone(name);
  } catch (const std::exception&) {
    return unknown_zone(name);
  }
}

std::int64_t micros_of(date::sys_seconds t) { return t.time_since_epoch().count() * 1'000'000; }

}  // namespace

Result<ZoneTable> ZoneTable::load(std::string_view name) {
  SB_TRY(const date::time_zone* zone, find_zone(name));
  ZoneTable table;
  date::sys_seconds at{std::chrono::seconds{kMinInstant / 1'000'000}};
  for (std::size_t guard = 0; guard < kMostSegments; ++guard) {
    const date::sys_info info = zone->get_info(at);
    const std::int64_t offset = std::chrono::seconds{info.offset}.count() * 1'000'000;
    const bool last = info.end.time_since_epoch().count() > kMaxInstant / 1'000'000;
    const std::int64_t end = last ? kEnd : micros_of(info.end);
    if (!table.segments_.empty() && table.segments_.back().offset == offset) {
      table.segments_.back().end = end;  // only the abbreviation changed
    } else {
      table.segments_.push_back({table.segments_.empty() ? kBeginning : table.segments_.back().end, end, offset, 0});
    }
    if (last) break;
    at = info.end;
  }
  table.follow(ZoneRule::of(*zone), at.time_since_epoch().count());
  SB_ASSERT(table.segments_.back().end == kEnd);
  std::int64_t reach = std::numeric_limits<std::int64_t>::min();
  for (Segment& s : table.segments_) {
    reach = std::max(reach, s.end + s.offset);
    s.reach = reach;
    table.begins_.push_back(s.begin);
    table.reaches_.push_back(reach);
  }
  return table;
}

/// The changes that come after the last listed one, which is at `from`, in seconds.
void ZoneTable::follow(const std::optional<ZoneRule>& rule, std::int64_t from) {
  if (!rule || !rule->has_changes()) return;
  const auto begins = from_days(floor_div(from * 1'000'000, kDay));
  for (std::int64_t year = begins ? begins->year : kLastRuledYear; year <= kLastRuledYear; ++year) {
    for (const std::int64_t change : rule->changes_of(year)) {
      const std::int64_t offset = rule->offset_at(change) * std::int64_t{1'000'000};
      if (change <= from || offset == segments_.back().offset) continue;
      segments_.back().end = change * 1'000'000;
      segments_.push_back({change * 1'000'000, kEnd, offset, 0});
    }
  }
}

std::size_t ZoneTable::segment_at(std::int64_t instant) const {
  const auto after = std::upper_bound(begins_.begin() + 1, begins_.end(), instant);
  return static_cast<std::size_t>(after - begins_.begin()) - 1;
}

// The segment in which the clock first shows `local_time` or later.
std::size_t ZoneTable::segment_showing(std::int64_t local_time) const {
  const auto found = std::upper_bound(reaches_.begin(), reaches_.end() - 1, local_time);
  return static_cast<std::size_t>(found - reaches_.begin());
}

std::int64_t ZoneTable::first(std::int64_t local_time) const {
  const Segment& s = segments_[segment_showing(local_time)];
  return std::max(s.begin, local_time - s.offset);
}

std::int64_t ZoneTable::forward(std::int64_t local_time) const {
  const std::size_t i = segment_showing(local_time);
  const std::int64_t instant = local_time - segments_[i].offset;
  if (instant >= segments_[i].begin) return instant;
  return local_time - segments_[i - 1].offset;  // in the gap before segment i: the offset in force before it
}

std::int64_t ZoneTable::back(std::int64_t local_time) const {
  std::size_t i = segment_showing(local_time);
  if (local_time - segments_[i].offset < segments_[i].begin) return segments_[i].begin;
  while (i + 1 < segments_.size() && segments_[i + 1].begin + segments_[i + 1].offset <= local_time) {
    if (local_time - segments_[i + 1].offset >= segments_[i + 1].end) break;
    ++i;
  }
  return local_time - segments_[i].offset;
}

std::int64_t ZoneTable::day_of(std::int64_t instant) const {
  const std::size_t i = segment_at(instant);
  const std::int64_t day = floor_div(instant + segments_[i].offset, kDay);
  return i == 0 ? day : std::max(day, floor_div(segments_[i - 1].reach - 1, kDay));
}

ZoneTable::DayFrame ZoneTable::frame(std::int64_t day) const {
  const std::int64_t midnight = day * kDay;
  const Segment& s = segments_[segment_showing(midnight)];
  // Strictly: at 24:00 itself the next segment may put the clock back (to 23:00), and then the day ends an hour later.
  const bool plain = midnight - s.offset >= s.begin && midnight + kDay < s.end + s.offset;
  return {this, midnight, s.offset, plain};
}

std::int64_t ZoneTable::DayFrame::at(std::int64_t minute) const {
  const std::int64_t local_time = midnight + minute * kMinute;
  return plain ? local_time - offset : table->first(local_time);
}

}  // namespace switchboard::calendar
