// China's published working days: the vectors are counted by hand from the State Council's notices.
#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "calendar/support.hpp"
#include "support/shared_data.hpp"

namespace switchboard::calendar::testing {
namespace {

struct Vector {
  const char* start;
  int working_days;
  const char* last_day;  ///< the deadline is its 24:00
  const char* why;
};

constexpr Vector kVectors[] = {
    {"2024-02-03", 1, "2024-02-04", "a make-up Sunday is a working day"},
    {"2024-02-07", 5, "2024-02-20", "across Spring Festival"},
    {"2024-02-08", 3, "2024-02-19", "the Eve counts, Sunday 18 counts"},
    {"2024-04-30", 5, "2024-05-10", "the make-up day 05-11 is not reached"},
    {"2024-09-13", 1, "2024-09-14", "earlier than Monday to Friday would say"},
    {"2024-09-30", 15, "2024-10-25", "a high-voltage plan over National Day"},
    {"2025-01-24", 3, "2025-02-05", "Sunday 26 works"},
    {"2025-09-30", 5, "2025-10-14", "eight days off, Saturday 11 works"},
    {"2025-12-31", 5, "2026-01-08", "year boundary, Sunday 01-04 works"},
    {"2026-02-13", 15, "2026-03-12", "two make-up Saturdays"},
    {"2026-02-14", 3, "2026-02-26", "starts on a working Saturday"},
    {"2026-09-18", 5, "2026-09-24", "Sunday 20 works, Friday 25 is off"},
    {"2026-09-30", 22, "2026-11-05", "the sum limit of a high-voltage connection"},
};

TEST_CASE("working-day deadlines over China's holidays") {
  const CalendarPtr cn = made(china());
  for (const Vector& v : kVectors) {
    for (const char* time : {" 00:00", " 00:01", " 09:30", " 17:31", " 23:59:59"}) {
      const Instant from = when(std::string(v.start) + time);
      CAPTURE(v.why);
      CAPTURE(text(from));
      const Derived due = cn->deadline(from, {.working_days = v.working_days});
      CHECK(text(due) == text(when(std::string(v.last_day) + " 00:00") + Duration::days(1)));
      CHECK(cn->elapsed(from, due.at).working_days == v.working_days);
      CHECK(cn->at_working_days(from, v.working_days) == due);
      CHECK(cn->elapsed(from, due.at - Duration::micros(1)).working_days < v.working_days);
    }
  }
}

TEST_CASE("beyond the last published year the weekly rule answers, provisionally") {
  const CalendarPtr cn = made(china());
  const Instant from = when("2026-12-25 10:00");
  CHECK(text(cn->deadline(from, duration("10 bd"))) ==
        "2027-01-09 00:00 provisional");                                    // 28-31 December, then six weekdays: 1 January is not known to be off
  CHECK(text(cn->deadline(from, duration("4 bd"))) == "2027-01-01 00:00");  // 24:00 on 31 December is no matter of 2027
  CHECK(text(cn->deadline(from, duration("5 bd"))) == "2027-01-02 00:00 provisional");
  CHECK(text(cn->deadline(from, duration("10 bh"))) == "2026-12-28 11:00");
  CHECK(text(cn->deadline(from, duration("60 bh"))) == "2027-01-04 16:00 provisional");
  CHECK(text(cn->deadline(from, duration("30 d"))) == "2027-01-24 10:00");  // dates and hours need no list
  CHECK(text(cn->deadline(from, duration("720 h"))) == "2027-01-24 10:00");
  CHECK(text(cn->deadline(when("2023-12-29 10:00"), duration("1 bd"))) == "2024-01-03 00:00 provisional");  // before the first list, too
  CHECK(text(cn->deadline(when("2023-12-31 10:00"), duration("1 bd"))) == "2024-01-03 00:00");  // the first day is not counted, so not asked
  CHECK(text(cn->next_opening(when("2026-12-31 18:00"))) == "2027-01-01 08:30 provisional");
  CHECK(cn->elapsed(from, when("2027-01-01 00:00")).provisional == false);
  CHECK(cn->elapsed(from, when("2027-01-01 00:01")).provisional);
  CHECK(text(cn->latest_start(when("2027-01-05 12:00"), duration("1 bd"))) == "2027-01-04 00:00 provisional");
  CHECK(text(cn->at_working_days(from, 4.5)) == "2027-01-01 12:00 provisional");
}

TEST_CASE("working days of 2024 to 2026") {
  const CalendarPtr cn = made(china());
  const std::pair<int, int> years[] = {{2024, 251}, {2025, 248}, {2026, 248}};
  for (const auto& [year, expected] : years) {
    const Instant from = when(std::to_string(year - 1) + "-12-31 18:00");
    const Instant to = when(std::to_string(year + 1) + "-01-01 00:00");
    CHECK(cn->elapsed(from, to).working_days == expected);
    CHECK(cn->elapsed(from, to).working == Duration::hours(std::int64_t{9} * expected));
  }
  CHECK(cn->is_working_day({2024, 2, 9}));  // New Year's Eve was no day off in 2024's list
  CHECK(cn->is_working_day({2024, 2, 4}));
  CHECK(!cn->is_working_day({2024, 2, 12}));
  CHECK(!cn->is_working_day({2024, 2, 10}));
  CHECK(!cn->is_working_day({2024, 2, 30}));
}

TEST_CASE("all published years since 2007") {
  const auto folder = switchboard::testing::shared_data("holidays-cn");
  if (!folder) return;
  std::map<std::string, std::pair<bool, std::string>> merged;  // a later notice replaces what an earlier one says of a day
  for (int year = 2007; year <= 2026; ++year) {
    const auto file = nlohmann::json::parse(std::ifstream(*folder / (std::to_string(year) + ".json")));
    for (const auto& day : file.at("days")) merged[day.at("date")] = {day.at("isOffDay"), day.at("name")};
  }
  CalendarSpec spec = weekdays("Asia/Shanghai", "08:30-17:30");
  spec.first_year = 2007;
  spec.last_year = 2026;
  for (const auto& [day, fact] : merged) (fact.first ? spec.off : spec.working).push_back({date(day), fact.second, {}});
  const CalendarPtr all = made(spec);
  const CalendarPtr cn = made(china());
  const auto expected = nlohmann::json::parse(std::ifstream(*folder / "workdays_per_year.json"));
  REQUIRE(expected.size() == 20);
  for (const auto& entry : expected.items()) {
    const std::string& year = entry.key();
    CAPTURE(year);
    const Instant from = when(std::to_string(std::stoi(year) - 1) + "-12-31 12:00");
    CHECK(all->elapsed(from, when(std::to_string(std::stoi(year) + 1) + "-01-01 00:00")).working_days == entry.value().get<int>());
  }
  // The compact table above says the same of its three years.
  for (Instant t = when("2024-01-01 12:00"); t < when("2027-01-01 00:00"); t = t + Duration::days(1)) {
    const Date day = date(text(t));
    CAPTURE(text(t));
    CHECK(cn->is_working_day(day) == all->is_working_day(day));
  }
  for (const Vector& v : kVectors) {
    const Instant from = when(std::string(v.start) + " 09:30");
    CHECK(all->deadline(from, {.working_days = v.working_days}) == cn->deadline(from, {.working_days = v.working_days}));
  }
}

}  // namespace
}  // namespace switchboard::calendar::testing
