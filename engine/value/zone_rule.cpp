#include "value/zone_rule.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <mutex>
#include <string>

#include "switchboard/value/temporal.hpp"

namespace switchboard {

/// Reads a rule from left to right; `good` becomes false at the first thing that does not fit.
class RuleReader {
 public:
  explicit RuleReader(std::string_view text) : text_(text) {}

  std::optional<ZoneRule> read() {
    ZoneRule rule;
    name();
    rule.standard_ = -time();
    if (good_ && !text_.empty()) {
      rule.changes_ = true;
      name();
      rule.summer_ = !text_.empty() && text_.front() != ',' ? -time() : rule.standard_ + 3600;
      take(',');
      rule.to_summer_ = day();
      take(',');
      rule.to_standard_ = day();
    }
    if (!good_ || !text_.empty()) return std::nullopt;
    return rule;
  }

 private:
  void take(char c) {
    good_ = good_ && !text_.empty() && text_.front() == c;
    if (good_) text_.remove_prefix(1);
  }
  bool skip(char c) {
    if (text_.empty() || text_.front() != c) return false;
    text_.remove_prefix(1);
    return true;
  }

  /// `CET` or `<+03>`.
  void name() {
    std::size_t size = 0;
    if (skip('<')) {
      size = text_.find('>');
      good_ = good_ && size != std::string_view::npos;
      if (good_) text_.remove_prefix(size + 1);
      return;
    }
    const auto is_letter = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); };
    while (size < text_.size() && is_letter(text_[size])) ++size;
    good_ = good_ && size >= 3;
    text_.remove_prefix(size);
  }

  std::int32_t number() {
    std::int32_t n = 0;
    std::size_t digits = 0;
    while (digits < text_.size() && digits < 3 && text_[digits] >= '0' && text_[digits] <= '9') n = n * 10 + (text_[digits++] - '0');
    good_ = good_ && digits > 0;
    text_.remove_prefix(digits);
    return n;
  }

  /// [+-]hh[:mm[:ss]]
  std::int32_t time() {
    const bool negative = skip('-');
    if (!negative) skip('+');
    std::int32_t seconds = number() * 3600;
    if (skip(':')) seconds += number() * 60;
    if (skip(':')) seconds += number();
    return negative ? -seconds : seconds;
  }

  ZoneRule::Day day() {
    ZoneRule::Day out;
    if (skip('M')) {
      out.month = number();
      take('.');
      out.week = number();
      take('.');
      out.day = number();
      good_ = good_ && out.month >= 1 && out.month <= 12 && out.week >= 1 && out.week <= 5 && out.day <= 6;
    } else {
      out.kind = skip('J') ? ZoneRule::Day::Kind::day_without_leap_day : ZoneRule::Day::Kind::day;
      out.day = number();
      good_ = good_ && out.day <= 365;
    }
    if (skip('/')) out.time = time();
    return out;
  }

  std::string_view text_;
  bool good_ = true;
};

namespace {

constexpr std::int64_t seconds_of_a_day = 86'400;

/// The last line of the file of a zone.
std::string last_line_of(std::string_view zone) {
  if (zone.find("..") != std::string_view::npos || zone.starts_with('/')) return {};
  std::ifstream file("/usr/share/zoneinfo/" + std::string(zone), std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!bytes.starts_with("TZif") || bytes.size() < 46 || bytes[4] < '2' || bytes.back() != '\n') return {};
  bytes.pop_back();
  const std::size_t line = bytes.rfind('\n');
  return line == std::string::npos ? std::string() : bytes.substr(line + 1);
}

}  // namespace

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) { return RuleReader(text).read(); }

const ZoneRule* ZoneRule::of(std::string_view zone) {
  static std::mutex mutex;
  static std::map<std::string, std::optional<ZoneRule>, std::less<>> known;
  const std::lock_guard lock(mutex);
  auto found = known.find(zone);
  if (found == known.end()) found = known.emplace(std::string(zone), parse(last_line_of(zone))).first;
  return found->second ? &*found->second : nullptr;
}

std::int64_t ZoneRule::local_seconds(const Day& day, std::int64_t year) {
  const auto y = static_cast<std::int32_t>(year);
  const std::int64_t new_year = to_days(Date{y, 1, 1});
  std::int64_t days = new_year + day.day;
  if (day.kind == Day::Kind::day_without_leap_day) days = new_year + day.day - 1 + (is_leap_year(year) && day.day >= 60 ? 1 : 0);
  if (day.kind == Day::Kind::weekday_of_month) {
    const auto month = static_cast<std::uint8_t>(day.month);
    const std::int64_t first = to_days(Date{y, month, 1});
    const std::int64_t begins = weekday(Date{y, month, 1}) % 7;  // Sunday is 0
    std::int64_t offset = (day.day - begins + 7) % 7 + (day.week - 1) * std::int64_t{7};
    if (offset >= days_in_month(year, month)) offset -= 7;
    days = first + offset;
  }
  return days * seconds_of_a_day + day.time;
}

std::vector<std::int64_t> ZoneRule::changes_of(std::int64_t year) const {
  if (!changes_) return {};
  std::vector<std::int64_t> both{local_seconds(to_summer_, year) - standard_, local_seconds(to_standard_, year) - summer_};
  std::sort(both.begin(), both.end());
  return both;
}

std::int32_t ZoneRule::offset_at(std::int64_t utc_seconds) const {
  if (!changes_) return standard_;
  const std::int64_t local = utc_seconds + standard_;
  const std::int64_t days = local >= 0 ? local / seconds_of_a_day : -((seconds_of_a_day - 1 - local) / seconds_of_a_day);
  const auto date = from_days(days);
  if (!date) return standard_;
  const std::int64_t begin = local_seconds(to_summer_, date->year) - standard_;
  const std::int64_t end = local_seconds(to_standard_, date->year) - summer_;
  const bool summer = begin < end ? utc_seconds >= begin && utc_seconds < end : utc_seconds >= begin || utc_seconds < end;
  return summer ? summer_ : standard_;
}

std::int32_t ZoneRule::offset_of_local(std::int64_t local_seconds) const {
  if (!changes_) return standard_;
  const std::int32_t low = std::min(standard_, summer_);
  const std::int32_t high = std::max(standard_, summer_);
  if (offset_at(local_seconds - high) == high) return high;  // the earlier of two
  return low;                                                // also in a gap: the clock goes from the low offset to the high one
}

}  // namespace switchboard
