#include "value/zone_rule.hpp"

#include <date/date.h>
#include <date/tz.h>

#include <algorithm>
#include <chrono>

#include "switchboard/value/temporal.hpp"

namespace switchboard {

namespace {

constexpr std::int64_t seconds_a_day = 86'400;
// In twelve years a rule falls on each of its seven days.
constexpr std::int32_t first_read = 2025;
constexpr std::int32_t last_read = 2036;

std::int64_t march_of(std::int64_t year) { return to_days(Date{static_cast<std::int32_t>(year), 3, 1}); }
std::int64_t floor_of(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }
/// Monday is 1.
unsigned weekday_at(std::int64_t days) { return static_cast<unsigned>(((days + 3) % 7 + 7) % 7) + 1; }

struct ListedChange {
  std::int64_t at;
  std::int32_t before, after;
};

std::int32_t offset_in(const date::sys_info& info) { return static_cast<std::int32_t>(std::chrono::seconds(info.offset).count()); }

std::vector<ListedChange> changes_listed(const date::time_zone& zone, std::int32_t year) {
  const std::int64_t begin = to_days(Date{year, 1, 1}) * seconds_a_day;
  const std::int64_t end = to_days(Date{year + 1, 1, 1}) * seconds_a_day;
  std::vector<ListedChange> found;
  for (date::sys_info info = zone.get_info(date::sys_seconds(std::chrono::seconds(begin))); found.size() < 4;) {
    const std::int64_t at = info.end.time_since_epoch().count();
    if (at >= end || at < begin) break;
    const date::sys_info next = zone.get_info(info.end);
    if (offset_in(next) != offset_in(info)) found.push_back({at, offset_in(info), offset_in(next)});
    info = next;
  }
  return found;
}

}  // namespace

std::optional<ZoneRule> ZoneRule::of(const date::time_zone& zone) {
  ZoneRule rule;
  for (std::int32_t year = first_read; year <= last_read; ++year) {
    const std::vector<ListedChange> listed = changes_listed(zone, year);
    if (year == first_read) rule.changes_ = !listed.empty();
    if (listed.size() != (rule.changes_ ? 2U : 0U)) return std::nullopt;
    for (std::size_t i = 0; i < listed.size(); ++i) {
      const std::int64_t local = listed[i].at + listed[i].before;
      const std::int64_t day = floor_of(local, seconds_a_day);
      const Change seen{day - march_of(year), weekday_at(day), local - day * seconds_a_day, listed[i].before, listed[i].after};
      Change& known = i == 0 ? rule.first_ : rule.second_;
      if (year == first_read) known = seen;
      const bool same = known.weekday == seen.weekday && known.time == seen.time && known.before == seen.before && known.after == seen.after;
      if (!same || std::max(known.from_march, seen.from_march) - std::min(known.from_march, seen.from_march) > 6) return std::nullopt;
      known.from_march = std::min(known.from_march, seen.from_march);
    }
  }
  rule.standard_ = offset_in(zone.get_info(date::sys_seconds(std::chrono::seconds(to_days(Date{last_read + 1, 1, 1}) * seconds_a_day))));
  // The years read have shown it on each of its days.
  for (std::int32_t year = first_read; rule.changes_ && year <= last_read; ++year) {
    const std::vector<ListedChange> listed = changes_listed(zone, year);
    if (rule.first_.in(year) != listed[0].at || rule.second_.in(year) != listed[1].at) return std::nullopt;
  }
  return rule;
}

std::int64_t ZoneRule::Change::in(std::int64_t year) const {
  const std::int64_t earliest = march_of(year) + from_march;
  const std::int64_t day = earliest + (weekday + 7 - weekday_at(earliest)) % 7;
  return day * seconds_a_day + time - before;
}

std::vector<std::int64_t> ZoneRule::changes_of(std::int64_t year) const {
  if (!changes_) return {};
  return {first_.in(year), second_.in(year)};
}

std::int32_t ZoneRule::offset_at(std::int64_t utc_seconds) const {
  if (!changes_) return standard_;
  const auto date = from_days(floor_of(utc_seconds, seconds_a_day));
  if (!date) return standard_;
  if (utc_seconds < first_.in(date->year)) return first_.before;
  return utc_seconds < second_.in(date->year) ? first_.after : second_.after;
}

std::int32_t ZoneRule::offset_of_local(std::int64_t local_seconds) const {
  if (!changes_) return standard_;
  const std::int32_t low = std::min(first_.before, first_.after);
  const std::int32_t high = std::max(first_.before, first_.after);
  if (offset_at(local_seconds - high) == high) return high;  // the earlier of two
  return low;                                                // also in a gap: the clock goes from the low offset to the high one
}

}  // namespace switchboard
