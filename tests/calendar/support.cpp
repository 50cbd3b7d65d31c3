#include "calendar/support.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>

#include "switchboard/base/assert.hpp"

namespace switchboard::calendar::testing {
namespace {

int number(std::string_view text, std::size_t at, std::size_t digits) {
  SB_ASSERT(at + digits <= text.size());
  int value = 0;
  for (const char c : text.substr(at, digits)) {
    SB_ASSERT(c >= '0' && c <= '9');
    value = value * 10 + (c - '0');
  }
  return value;
}

std::chrono::sys_days sys(const Date& d) {
  return std::chrono::sys_days{std::chrono::year{d.year} / std::chrono::month{d.month} / std::chrono::day{d.day}};
}

Date civil(std::chrono::sys_days d) {
  const std::chrono::year_month_day ymd{d};
  return {int{ymd.year()}, static_cast<std::uint8_t>(unsigned{ymd.month()}), static_cast<std::uint8_t>(unsigned{ymd.day()})};
}

std::vector<std::string_view> words(std::string_view list) {
  std::vector<std::string_view> out;
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (end > 0) out.push_back(list.substr(0, end));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return out;
}

}  // namespace

Date date(std::string_view t) { return {number(t, 0, 4), static_cast<std::uint8_t>(number(t, 5, 2)), static_cast<std::uint8_t>(number(t, 8, 2))}; }

Instant when(std::string_view t) {
  std::int64_t minutes = std::int64_t{sys(date(t)).time_since_epoch().count()} * 1440 + std::int64_t{number(t, 11, 2)} * 60 + number(t, 14, 2);
  std::int64_t seconds = 0;
  std::size_t at = 16;
  if (at < t.size() && t[at] == ':') {
    seconds = number(t, at + 1, 2);
    at += 3;
  }
  int offset = 480;
  if (at < t.size()) offset = (t[at] == '-' ? -1 : 1) * (number(t, at + 1, 2) * 60 + number(t, at + 4, 2));
  return {((minutes - offset) * 60 + seconds) * 1'000'000};
}

std::string text(Instant at, int offset_minutes) {
  if (at == Instant::max()) return "never";
  const std::chrono::sys_time<std::chrono::microseconds> local{std::chrono::microseconds{at.us + offset_minutes * 60'000'000LL}};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const Date d = civil(day);
  const std::int64_t time = (local - day).count();
  std::string out =
      fmt::format("{:04}-{:02}-{:02} {:02}:{:02}", d.year, unsigned{d.month}, unsigned{d.day}, time / 3'600'000'000, time / 60'000'000 % 60);
  if (time % 60'000'000 != 0) out += fmt::format(":{:02}", time / 1'000'000 % 60);
  if (time % 1'000'000 != 0) out += fmt::format(".{:06}", time % 1'000'000);
  if (offset_minutes == 480) return out;
  return out + fmt::format("{}{:02}:{:02}", offset_minutes < 0 ? '-' : '+', std::abs(offset_minutes) / 60, std::abs(offset_minutes) % 60);
}

std::string text(const Derived& d, int offset_minutes) { return text(d.at, offset_minutes) + (d.provisional ? " provisional" : ""); }

std::vector<CalendarSpec::Day> days(std::string_view name, std::string_view list) {
  std::vector<CalendarSpec::Day> out;
  for (const std::string_view word : words(list)) {
    const auto last = sys(date(word.substr(word.size() - 10)));
    for (auto day = sys(date(word)); day <= last; day += std::chrono::days{1}) out.push_back({civil(day), std::string(name), {}});
  }
  return out;
}

std::vector<Hours> hours(std::string_view list) {
  std::vector<Hours> out;
  for (const std::string_view word : words(list)) {
    out.push_back({static_cast<std::int16_t>(number(word, 0, 2) * 60 + number(word, 3, 2)),
                   static_cast<std::int16_t>(number(word, 6, 2) * 60 + number(word, 9, 2))});
  }
  return out;
}

WorkingDuration duration(std::string_view t) {
  auto parsed = parse_duration(t);
  REQUIRE_MESSAGE(parsed.has_value(), parsed.error().text());
  return parsed.value();
}

CalendarPtr made(CalendarSpec spec) {
  auto calendar = BusinessCalendar::make(std::move(spec));
  REQUIRE_MESSAGE(calendar.has_value(), calendar.error().text());
  return calendar.value();
}

CalendarSpec weekdays(std::string_view zone, std::string_view opening_hours) {
  CalendarSpec spec;
  spec.id = "test";
  spec.zone = zone;
  for (std::size_t i = 0; i < 5; ++i) spec.week[i] = hours(opening_hours);
  spec.working_day_hours = hours(opening_hours);
  return spec;
}

CalendarSpec china() {
  CalendarSpec spec = weekdays("Asia/Shanghai", "08:30-17:30");
  spec.id = "cn";
  spec.first_year = 2024;
  spec.last_year = 2026;
  const auto add = [&](std::string_view name, std::string_view off, std::string_view working) {
    for (auto& d : days(name, off)) spec.off.push_back(std::move(d));
    for (auto& d : days(name, working)) spec.working.push_back(std::move(d));
  };
  add("元旦", "2024-01-01", "");
  add("春节", "2024-02-10..2024-02-17", "2024-02-04 2024-02-18");
  add("清明节", "2024-04-04..2024-04-06", "2024-04-07");
  add("劳动节", "2024-05-01..2024-05-05", "2024-04-28 2024-05-11");
  add("端午节", "2024-06-10", "");
  add("中秋节", "2024-09-15..2024-09-17", "2024-09-14");
  add("国庆节", "2024-10-01..2024-10-07", "2024-09-29 2024-10-12");
  add("元旦", "2025-01-01", "");
  add("春节", "2025-01-28..2025-02-04", "2025-01-26 2025-02-08");
  add("清明节", "2025-04-04..2025-04-06", "");
  add("劳动节", "2025-05-01..2025-05-05", "2025-04-27");
  add("端午节", "2025-05-31..2025-06-02", "");
  add("国庆节、中秋节", "2025-10-01..2025-10-08", "2025-09-28 2025-10-11");
  add("元旦", "2026-01-01..2026-01-03", "2026-01-04");
  add("春节", "2026-02-15..2026-02-23", "2026-02-14 2026-02-28");
  add("清明节", "2026-04-04..2026-04-06", "");
  add("劳动节", "2026-05-01..2026-05-05", "2026-05-09");
  add("端午节", "2026-06-19..2026-06-21", "");
  add("中秋节", "2026-09-25..2026-09-27", "");
  add("国庆节", "2026-10-01..2026-10-07", "2026-09-20 2026-10-10");
  return spec;
}

}  // namespace switchboard::calendar::testing
