#include "report/period.hpp"

#include <fmt/format.h>

#include "switchboard/value/temporal.hpp"

namespace switchboard::report {

namespace {

Date local_date(Instant at, std::string_view zone) {
  if (const auto local = to_date_time(at, zone)) return local->date;
  const auto utc = to_date_time(at, "UTC");
  return utc ? utc->date : Date{};
}

/// The week belongs to the year of its Thursday.
std::string week_of(const Date& date) {
  const std::int64_t thursday = to_days(date) + 4 - static_cast<std::int64_t>(weekday(date));
  const auto in = from_days(thursday);
  if (!in) return {};
  const std::int64_t first = to_days(Date{in->year, 1, 1});
  return fmt::format("{:04}-W{:02}", in->year, (thursday - first) / 7 + 1);
}

}  // namespace

std::optional<Period> period_of(std::string_view word) {
  if (word == "day") return Period::day;
  if (word == "week") return Period::week;
  if (word == "month") return Period::month;
  if (word == "quarter") return Period::quarter;
  if (word == "year") return Period::year;
  return std::nullopt;
}

std::string name_of(Period period, Instant at, std::string_view zone) {
  const Date date = local_date(at, zone);
  switch (period) {
    case Period::day: return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    case Period::week: return week_of(date);
    case Period::month: return fmt::format("{:04}-{:02}", date.year, date.month);
    case Period::quarter: return fmt::format("{:04}-Q{}", date.year, (date.month + 2) / 3);
    case Period::year: break;
  }
  return fmt::format("{:04}", date.year);
}

}  // namespace switchboard::report
