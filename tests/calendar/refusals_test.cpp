// What BusinessCalendar::make refuses, and what the refusal says.
#include <doctest/doctest.h>

#include <functional>

#include "calendar/support.hpp"

namespace switchboard::calendar::testing {
namespace {

struct Case {
  const char* id;
  const char* says;
  std::function<void(CalendarSpec&)> spoil;
};

TEST_CASE("a calendar that cannot be right is refused with place, rule and remedy") {
  const Case cases[] = {
      {"SB0310", "did you mean 'Asia/Shanghai'?", [](CalendarSpec& s) { s.zone = "Asia/Shangai"; }},
      {"SB0310", "write an IANA name", [](CalendarSpec& s) { s.zone = "Beijing Standard Time"; }},
      {"SB0310", "calendar 'cn', zone", [](CalendarSpec& s) { s.zone = ""; }},
      {"SB0310", "is not in the IANA database", [](CalendarSpec& s) { s.zone = std::string("Asia/Shanghai\0x", 15); }},
      {"SB0311", "calendar 'cn', wed: hours 17:30-08:30",
       [](CalendarSpec& s) {
         s.week[2] = {{1050, 510}};
       }},
      {"SB0311", "hours 09:00-09:00", [](CalendarSpec& s) { s.week[0] = hours("09:00-09:00"); }},
      {"SB0311", "hours 09:00-25:00", [](CalendarSpec& s) { s.week[0] = hours("09:00-25:00"); }},
      {"SB0311", "working-day-hours",
       [](CalendarSpec& s) {
         s.working_day_hours = {{-1, 60}};
       }},
      {"SB0311", "2024-02-04",
       [](CalendarSpec& s) {
         s.working[0].hours = {{60, 60}};
       }},
      {"SB0312", "hours 08:30-12:00 and 11:00-17:30 overlap", [](CalendarSpec& s) { s.week[4] = hours("11:00-17:30 08:30-12:00"); }},
      {"SB0313", "2024-02-12: this day is listed twice: '春节' (off), 'again' (off)",
       [](CalendarSpec& s) {
         s.off.push_back({{2024, 2, 12}, "again", {}});
       }},
      {"SB0313", "'春节' (off), 'again' (working)",
       [](CalendarSpec& s) {
         s.working.push_back({{2024, 2, 12}, "again", {}});
       }},
      {"SB0314", "a week needs open time", [](CalendarSpec& s) { s.week.fill({}); }},
      {"SB0315", "2025-02-29",
       [](CalendarSpec& s) {
         s.off.push_back({{2025, 2, 29}, "none", {}});
       }},
      {"SB0315", "the years 1 to 9999",
       [](CalendarSpec& s) {
         s.working.push_back({{10000, 1, 1}, "far", {}});
       }},
      {"SB0316", "2024-02-04: this working day has no hours", [](CalendarSpec& s) { s.working_day_hours = {}; }},
      {"SB0317", "first year 2027", [](CalendarSpec& s) { s.first_year = 2027; }},
      {"SB0317", "state both", [](CalendarSpec& s) { s.first_year = 0; }},
      {"SB0318", "needs an id", [](CalendarSpec& s) { s.id = ""; }},
      {"SB0319", "at most 20000 days", [](CalendarSpec& s) { s.off.resize(20'001); }},
      {"SB0319", "at most 48 openings", [](CalendarSpec& s) { s.week[0].resize(49); }},
  };
  for (const Case& c : cases) {
    CalendarSpec spec = china();
    c.spoil(spec);
    const auto made_of = BusinessCalendar::make(spec);
    CAPTURE(c.says);
    REQUIRE(!made_of.has_value());
    CAPTURE(made_of.error().text());
    CHECK(made_of.error().id == c.id);
    CHECK(made_of.error().text().find(c.says) != std::string::npos);
    CHECK(!made_of.error().hint.empty());
  }
}

TEST_CASE("the content tag follows what can change a result") {
  const CalendarSpec spec = china();
  const std::string tag = made(spec)->spec().version;
  CHECK(tag.size() == 15);
  CHECK(made(spec)->spec().version == tag);
  CalendarSpec other = spec;
  other.name = "another name";
  std::swap(other.off.front(), other.off.back());
  CHECK(made(other)->spec().version == tag);
  other.off.pop_back();
  CHECK(made(other)->spec().version != tag);
  other = spec;
  other.last_year = 2027;
  CHECK(made(other)->spec().version != tag);
  other = spec;
  other.version = "2026-edition";
  CHECK(made(other)->spec().version == "2026-edition");
}

TEST_CASE("a day may be listed that is off, or works, anyway") {
  CalendarSpec spec = china();
  spec.off.push_back({{2024, 3, 2}, "a Saturday", {}});
  spec.working.push_back({{2024, 3, 4}, "a Monday", {}});
  const CalendarPtr cn = made(spec);
  CHECK(!cn->is_working_day({2024, 3, 2}));
  CHECK(cn->is_working_day({2024, 3, 4}));
}

}  // namespace
}  // namespace switchboard::calendar::testing
