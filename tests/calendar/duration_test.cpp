#include <doctest/doctest.h>

#include <random>

#include "calendar/duration.hpp"
#include "calendar/rhythm.hpp"

namespace switchboard::calendar {
namespace {

std::string printed(std::string_view text) {
  const auto d = parse_duration(text);
  return d ? to_string(d.value()) : d.error().text();
}

struct Case {
  const char* text;
  const char* expected;
};

TEST_CASE("a duration is read in the language's form and in ISO 8601, and printed largest unit first") {
  const Case cases[] = {
      {"45 min", "45 min"},
      {"45min", "45 min"},
      {"24 h", "24 h"},
      {"7 d", "7 d"},
      {"2 w", "14 d"},
      {"6 mo", "6 mo"},
      {"18 mo", "1 y 6 mo"},
      {"1 y", "1 y"},
      {"3 bd", "3 bd"},
      {"8 bh", "8 bh"},
      {"1 bd 4 bh", "1 bd 4 bh"},
      {"4 bh 1 bd", "1 bd 4 bh"},
      {"1bd4bh", "1 bd 4 bh"},
      {"90 min", "1 h 30 min"},
      {"1.5 h", "1 h 30 min"},
      {"0.5 bh", "30 bmin"},
      {"90 bmin", "1 bh 30 bmin"},
      {"1.25 s", "1.25 s"},
      {"250 ms", "0.25 s"},
      {"0.000001 s", "0.000001 s"},
      {"0 s", "0 s"},
      {"0 bd", "0 s"},
      {"  1 d\t2 h ", "1 d 2 h"},
      {"36 h", "36 h"},
      {"1 y 2 mo 3 w 4 d 5 bd 6 h 7 min 8 s 9 bh", "1 y 2 mo 25 d 5 bd 6 h 7 min 8 s 9 bh"},
      {"PT45M", "45 min"},
      {"P1DT2H", "1 d 2 h"},
      {"P1Y2M3W4DT5H6M7.5S", "1 y 2 mo 25 d 5 h 6 min 7.5 s"},
      {"PT0S", "0 s"},
      {"PT1.5H", "1 h 30 min"},
      {"P1M", "1 mo"},
      {"PT1M", "1 min"},
      {"9999 y", "9999 y"},
      {"3652058 bd", "3652058 bd"},
      {"1.500000000000 h", "1 h 30 min"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    CHECK(printed(c.text) == c.expected);
    CHECK(parse_duration(printed(c.text)).value() == parse_duration(c.text).value());
  }
}

TEST_CASE("what is no duration is refused with its reason") {
  const Case cases[] = {
      {"", "SB0301"},
      {"   ", "SB0301"},
      {"45", "SB0301"},
      {"min", "SB0301"},
      {"45 m", "did you mean 'min' (minutes) or 'mo'?"},
      {"3 days", "write `3 d`"},
      {"3 wd", "write `3 bd`"},
      {"3 个工作日", "unknown unit '个工作日'"},
      {"-3 d", "without a sign"},
      {"+3 d", "SB0301"},
      {"1 h -30 min", "SB0301"},
      {"1. h", "a digit is expected"},
      {".5 h", "a number is expected"},
      {"1,5 h", "a comma"},
      {"1.5.2 h", "SB0301"},
      {"1 d 2 d", "SB0302"},
      {"PT1H1H", "SB0301"},
      {"1.5 d", "SB0303"},
      {"0.5 bd", "SB0303"},
      {"1.5 mo", "SB0303"},
      {"0.333333333 h", "SB0303"},
      {"0.0000001 s", "SB0303"},
      {"1.5 ms", "SB0303"},
      {"P1.5D", "SB0303"},
      {"P", "after 'P'"},
      {"PT", "after 'T'"},
      {"P1DT", "after 'T'"},
      {"P1H", "SB0301"},
      {"PT1D", "SB0301"},
      {"P1D2Y", "SB0301"},
      {"P1", "a designator"},
      {"PT5M 3 bd", "left over"},
      {"p1d", "SB0301"},
      {"P-1D", "SB0301"},
      {"10000 y", "SB0304"},
      {"9999 y 1 mo", "SB0304"},
      {"99999999999999999999999 s", "SB0304"},
      {"9223372036854775807 h", "SB0304"},
      {"3652059 d", "SB0304"},
      {"1e3 s", "unknown unit 'e'"},
  };
  for (const Case& c : cases) {
    CAPTURE(c.text);
    const auto d = parse_duration(c.text);
    REQUIRE(!d.has_value());
    CAPTURE(d.error().text());
    CHECK(d.error().text().find(c.expected) != std::string::npos);
    CHECK(!d.error().hint.empty());
  }
  CHECK(parse_duration(std::string(1000, '9')).error().id == "SB0304");
  CHECK(parse_duration("10000 y").error().kind == ErrorKind::limit);
  CHECK(parse_duration("45 mins").error().text() == "duration '45 mins': unknown unit 'mins' [SB0301] - write `45 min`");
  CHECK(parse_duration("1 h 45 mins").error().hint == "did you mean 'min'? the units are y mo w d h min s ms, and bd bh bmin in working time");
}

TEST_CASE("every duration reads back as itself") {
  std::mt19937_64 random(20240204);
  const auto below = [&](std::uint64_t n) { return static_cast<std::int64_t>(random() % n); };
  for (int i = 0; i < 20'000; ++i) {
    WorkingDuration d;
    if (below(2) == 0) d.months = below(119'989);
    if (below(2) == 0) d.days = below(3'652'059);
    if (below(2) == 0) d.working_days = below(3'652'059);
    if (below(2) == 0) d.wall.us = below(below(2) == 0 ? 10'000'000 : 315'000'000'000'000'000);
    if (below(2) == 0) d.working.us = below(below(2) == 0 ? 10'000'000 : 315'000'000'000'000'000);
    CAPTURE(to_string(d));
    const auto back = parse_duration(to_string(d));
    REQUIRE(back.has_value());
    REQUIRE(back.value() == d);
  }
}

TEST_CASE("any bytes are a duration or an error, never a crash") {
  std::mt19937_64 random(7);
  const std::string_view alphabet = "0123456789 .PTYMDHSWwdhminsbo-+,\t\xE4\xB8\xAA";
  for (int i = 0; i < 50'000; ++i) {
    std::string t;
    for (std::uint64_t n = random() % 24; n > 0; --n) t += alphabet[random() % alphabet.size()];
    const auto d = parse_duration(t);
    if (d) REQUIRE(parse_duration(to_string(d.value())).value() == d.value());
  }
}

TEST_CASE("durations as others write them are named with this language's own") {
  const auto hint = [](std::string_view text) {
    const auto d = parse_duration(text);
    return d ? std::string("fine") : d.error().id == "SB0301" ? d.error().hint : d.error().id;
  };
  CHECK(hint("P3BD") == "ISO 8601 has no working time: write `3 bd`");
  CHECK(hint("PT4BH") == "ISO 8601 has no working time: write `4 bh`");
  CHECK(hint("3 working days") == "write `3 bd`");
  CHECK(hint("two business hours") == "write `2 bh`");
  CHECK(hint("three days") == "write `3 d`");
  CHECK(hint("half a day") == "write `12 h`, or in working time for example `4 bh`");
  CHECK(hint("half an hour") == "write `30 min`");
  CHECK(hint("半天") == "write `12 h`, or in working time for example `4 bh`");
  CHECK(hint("半个小时") == "write `30 min`");
  CHECK(hint("两个工作日") == "write `2 bd`");
  CHECK(hint("十二小时") == "write `12 h`");
  CHECK(hint("bd") == "say how many: `1 bd`");
  CHECK(hint("daily") == "write `1 d`");
  CHECK(hint("monday") == "days are named with a time of day: `every: {at: monday 08:00}`");
  CHECK(hint("mon-fri 08:00") == "what repeats then is a timer with `every: {at: mon-fri 08:00}`");
  CHECK(hint("01:30") == "a length of time is written `1 h 30 min`; what repeats then is a timer with `every: {at: 01:30}`");
  CHECK(hint("R3/PT1H") == "a timer repeats by `every: PT1H`, so often by `times: 3`");
  CHECK(hint("0 8 * * 1").starts_with("cron is not read here"));
  CHECK(hint("@daily").starts_with("cron is not read here"));
  CHECK(hint("4\u3000bh") == "U+3000 (ideographic space) looks like a blank and is none: write an ordinary one");
  CHECK(hint("４ bh") == "`４` (U+FF14) is a full-width or foreign sign: write `4`");
  // What is none of these keeps the hint that it had.
  CHECK(hint("soon") == "write for example '45 min', '3 bd', '1 bd 4 bh', '6 mo' or 'PT45M'");
  CHECK(foreign_duration("limits(\"plan\", supply)").empty());
  CHECK(foreign_duration("if late then 1 else 2").empty());
  CHECK(parse_named_days("0 8 * * 1").error().hint.starts_with("cron is not read here"));
}

}  // namespace
}  // namespace switchboard::calendar
