#include <doctest/doctest.h>

#include <random>

#include "calendar/duration.hpp"

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
      {"3 days", "did you mean 'd'"},
      {"3 wd", "did you mean 'bd'"},
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
  CHECK(parse_duration("45 mins").error().text() ==
        "duration '45 mins': unknown unit 'mins' [SB0301] - did you mean 'min'? the units are y mo w d h min s ms, and bd bh bmin in working time");
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

}  // namespace
}  // namespace switchboard::calendar
