// Names of periods: they follow the local date of the zone, and sort in their order.
#include <doctest/doctest.h>

#include <string>

#include "report/period.hpp"
#include "switchboard/value/temporal.hpp"

using namespace switchboard;
using report::Period;

namespace {

std::string name(Period period, const char* at, const char* zone = "Asia/Shanghai") { return report::name_of(period, *parse_instant(at), zone); }

}  // namespace

TEST_CASE("periods of an instant") {
  const char* at = "2026-03-02T09:00:00+08:00";
  CHECK(name(Period::day, at) == "2026-03-02");
  CHECK(name(Period::week, at) == "2026-W10");
  CHECK(name(Period::month, at) == "2026-03");
  CHECK(name(Period::quarter, at) == "2026-Q1");
  CHECK(name(Period::year, at) == "2026");
}

TEST_CASE("the local date counts, not that of UTC") {
  CHECK(name(Period::day, "2026-03-31T16:00:00Z") == "2026-04-01");
  CHECK(name(Period::quarter, "2026-03-31T16:00:00Z") == "2026-Q2");
  CHECK(name(Period::quarter, "2026-03-31T15:59:59Z") == "2026-Q1");
  CHECK(name(Period::month, "2026-03-31T16:00:00Z", "UTC") == "2026-03");
  CHECK(name(Period::day, "2026-03-31T16:00:00Z", "Nowhere/At_All") == "2026-03-31");
}

TEST_CASE("weeks of ISO 8601 around New Year") {
  struct Row {
    const char* date;
    const char* week;
  };
  for (const Row& row : {Row{"2021-01-03", "2020-W53"}, Row{"2021-01-04", "2021-W01"}, Row{"2024-12-29", "2024-W52"}, Row{"2024-12-30", "2025-W01"},
                         Row{"2027-01-01", "2026-W53"}, Row{"2026-01-01", "2026-W01"}, Row{"2022-01-02", "2021-W52"}}) {
    CAPTURE(row.date);
    CHECK(name(Period::week, row.date, "UTC") == row.week);
  }
}

TEST_CASE("words") {
  CHECK(report::period_of("quarter") == Period::quarter);
  CHECK(!report::period_of("decade"));
}
