// What holds after the last change that the zone database lists. Instants were taken from the rules: last Sunday of March, second Sunday of March,
// ...
#include "value/zone_rule.hpp"

#include <doctest/doctest.h>

#include "switchboard/value/temporal.hpp"

using namespace switchboard;

namespace {

std::string local(const char* instant, const char* zone) {
  const auto at = parse_instant(instant, "UTC");
  REQUIRE(at);
  const auto t = to_date_time(*at, zone);
  return t ? to_string(*t) : "";
}

std::int64_t us(const char* text, const char* zone) {
  const auto at = parse_instant(text, zone);
  REQUIRE(at);
  return at->us;
}

}  // namespace

TEST_CASE("zone rules: summer time beyond 2037") {
  // 2040: Berlin changes on 25 March and 28 October at 01:00 UTC, New York on 11 March at 07:00 UTC and 4 November at 06:00 UTC.
  CHECK(local("2040-01-15T12:00:00Z", "Europe/Berlin") == "2040-01-15T13:00:00+01:00");
  CHECK(local("2040-07-15T12:00:00Z", "Europe/Berlin") == "2040-07-15T14:00:00+02:00");
  CHECK(local("2040-03-25T00:59:59Z", "Europe/Berlin") == "2040-03-25T01:59:59+01:00");
  CHECK(local("2040-03-25T01:00:00Z", "Europe/Berlin") == "2040-03-25T03:00:00+02:00");
  CHECK(local("2040-10-28T00:59:59Z", "Europe/Berlin") == "2040-10-28T02:59:59+02:00");
  CHECK(local("2040-10-28T01:00:00Z", "Europe/Berlin") == "2040-10-28T02:00:00+01:00");
  CHECK(local("2040-03-11T06:59:59Z", "America/New_York") == "2040-03-11T01:59:59-05:00");
  CHECK(local("2040-03-11T07:00:00Z", "America/New_York") == "2040-03-11T03:00:00-04:00");
  CHECK(local("2040-11-04T05:59:59Z", "America/New_York") == "2040-11-04T01:59:59-04:00");
  CHECK(local("2040-11-04T06:00:00Z", "America/New_York") == "2040-11-04T01:00:00-05:00");
  CHECK(local("2040-07-15T12:00:00Z", "Asia/Shanghai") == "2040-07-15T20:00:00+08:00");
  // These had other rules in the years that begin like 2040.
  CHECK(local("2040-07-15T12:00:00Z", "Europe/Moscow") == "2040-07-15T15:00:00+03:00");
  CHECK(local("2040-07-15T12:00:00Z", "Europe/Istanbul") == "2040-07-15T15:00:00+03:00");
  // South of the equator the summer goes over the new year.
  CHECK(local("2041-01-15T12:00:00Z", "Australia/Sydney") == "2041-01-15T23:00:00+11:00");
  CHECK(local("2040-07-15T12:00:00Z", "Australia/Sydney") == "2040-07-15T22:00:00+10:00");
  // A gap moves forward, of two times it is the earlier.
  CHECK(us("2040-03-25T02:30:00", "Europe/Berlin") == us("2040-03-25T01:30:00Z", "UTC"));
  CHECK(us("2040-10-28T02:30:00", "Europe/Berlin") == us("2040-10-28T00:30:00Z", "UTC"));
  CHECK(us("2040-07-01T09:00:00", "Europe/Berlin") == us("2040-07-01T07:00:00Z", "UTC"));
}

TEST_CASE("zone rules: what POSIX allows") {
  const auto rule = [](const char* text) { return ZoneRule::parse(text); };
  REQUIRE(rule("CST-8"));
  CHECK(rule("CST-8")->offset_at(2'500'000'000) == 8 * 3600);
  CHECK_FALSE(rule("CST-8")->has_changes());
  REQUIRE(rule("<+0330>-3:30"));
  CHECK(rule("<+0330>-3:30")->offset_at(0) == 12'600);
  REQUIRE(rule("IST-1GMT0,M10.5.0,M3.5.0/1"));  // Dublin: its winter is the time that is changed to
  CHECK(rule("IST-1GMT0,M10.5.0,M3.5.0/1")->offset_at(us("2040-01-15T12:00:00Z", "UTC") / 1'000'000) == 0);
  CHECK(rule("IST-1GMT0,M10.5.0,M3.5.0/1")->offset_at(us("2040-07-15T12:00:00Z", "UTC") / 1'000'000) == 3600);
  REQUIRE(rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0"));  // Nuuk: the evening before
  CHECK(rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")->changes_of(2040)[0] == us("2040-03-25T01:00:00Z", "UTC") / 1'000'000);
  CHECK(rule("AAA3BBB,J60,J300"));
  CHECK(rule("AAA3BBB,59,299/3:30"));
  for (const char* wrong : {"", "C", "CST", "CET-1CEST", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x", "<+03-3"})
    CHECK_MESSAGE(!rule(wrong), wrong);
}
