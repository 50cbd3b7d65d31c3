// What holds after the last change that the zone database lists. Instants were taken from the rules: last Sunday of March, second Sunday of March,
// ...
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

TEST_CASE("zone rules: winters that are the change, evenings before, days over the end of a month") {
  CHECK(local("2040-01-15T12:00:00Z", "Europe/Dublin") == "2040-01-15T12:00:00Z");
  CHECK(local("2040-07-15T12:00:00Z", "Europe/Dublin") == "2040-07-15T13:00:00+01:00");
  // Nuuk changes with Europe, in its evening; Jerusalem on the Friday before the last Sunday of March.
  CHECK(local("2040-03-25T00:59:59Z", "America/Nuuk") == "2040-03-24T22:59:59-02:00");
  CHECK(local("2040-03-25T01:00:00Z", "America/Nuuk") == "2040-03-25T00:00:00-01:00");
  CHECK(local("2040-03-22T23:59:59Z", "Asia/Jerusalem") == "2040-03-23T01:59:59+02:00");
  CHECK(local("2040-03-23T00:00:00Z", "Asia/Jerusalem") == "2040-03-23T03:00:00+03:00");
}
