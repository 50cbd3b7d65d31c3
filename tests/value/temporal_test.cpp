#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "switchboard/value/temporal.hpp"

using namespace switchboard;

TEST_CASE("temporal: strict forms") {
  for (const auto* ok : {"2024-02-29", "0001-01-01", "0000-01-01", "-2024-02-29", "999999999-12-31", "-999999999-01-01", "10000-01-01"}) {
    const auto d = parse_date(ok);
    REQUIRE_MESSAGE(d.has_value(), ok);
    CHECK(to_string(*d) == ok);
  }
  for (const auto* bad : {"2023-02-29", "2024-2-9", "024-01-01", "02024-01-01", "1000000000-01-01", "+2024-01-01", "2024-13-01", "2024-00-01",
                          "2024-01-00", "2024-01-32", "2024-01-01Z", " 2024-01-01", "2024-01-01 "}) {
    CHECK_MESSAGE(!parse_date(bad), bad);
  }
  for (const auto* ok :
       {"10:30:00", "23:59:59.999999999", "10:30:00Z", "10:30:00+08:00", "10:30:00-05:30", "10:30:00@Asia/Shanghai", "10:30:00+01:02:03"}) {
    const auto t = parse_time(ok);
    REQUIRE_MESSAGE(t.has_value(), ok);
    CHECK(to_string(*t) == ok);
  }
  for (const auto* bad : {"10:30", "1:30:00", "10:60:00", "25:00:00", "24:00:01", "10:30:00.", "10:30:00+8:00", "10:30:00+19:00", "10:30:00@Nowhere",
                          "10:30:00Z@UTC", "T10:30:00"}) {
    CHECK_MESSAGE(!parse_time(bad), bad);
  }
  CHECK(to_string(*parse_date_time("2024-12-31T24:00:00")) == "2025-01-01T00:00:00");
  CHECK(!parse_date_time("2024-12-31"));
}

TEST_CASE("temporal: durations") {
  const std::vector<std::pair<std::string, std::string>> days = {{"PT36H", "P1DT12H"}, {"-P1D", "-P1D"}, {"P0D", "PT0S"},
                                                                 {"PT0.5S", "PT0.5S"}, {"PT1M", "PT1M"}, {"P1DT25H61M61.5S", "P2DT2H2M1.5S"}};
  for (const auto& row : days) CHECK_MESSAGE(to_string(*parse_days_time_duration(row.first)) == row.second, row.first);
  const std::vector<std::pair<std::string, std::string>> months = {{"P14M", "P1Y2M"}, {"-P1Y", "-P1Y"}, {"P0Y", "P0M"}, {"P1Y", "P1Y"}};
  for (const auto& row : months) CHECK_MESSAGE(to_string(*parse_years_months_duration(row.first)) == row.second, row.first);
  for (const auto* bad : {"P", "PT", "P1", "1D", "P1DT", "PT1.5H", "P1H", "P1Y1D", "P99999999999999999999D", "--P1D", "P-1D"}) {
    CHECK_MESSAGE(!parse_days_time_duration(bad), bad);
    CHECK_MESSAGE(!parse_years_months_duration(bad), bad);
  }
}

TEST_CASE("temporal: calendar arithmetic") {
  CHECK(to_days({1970, 1, 1}) == 0);
  CHECK(to_days({2000, 3, 1}) == 11017);
  for (const std::int64_t n : {-1'000'000LL, -1LL, 0LL, 1LL, 11'016LL, 36'524LL, 146'097LL, 999'999'999LL}) CHECK(to_days(*from_days(n)) == n);
  CHECK(weekday({2026, 3, 12}) == 4);
  CHECK(*add_months({2024, 1, 31}, 1) == Date{2024, 2, 29});
  CHECK(*add_months({-1, 1, 31}, -1) == Date{-2, 12, 31});
  CHECK(!add_months({999'999'999, 12, 1}, 1));
}

TEST_CASE("temporal: instants and zones") {
  CHECK(parse_instant("1970-01-01T00:00:01Z")->us == 1'000'000);
  CHECK(parse_instant("1970-01-01", "Asia/Shanghai")->us == -8LL * 3600 * 1'000'000);
  CHECK(to_string(*parse_instant("2026-03-12T08:30:00+08:00"), "Asia/Shanghai") == "2026-03-12T08:30:00+08:00");
  CHECK(to_string(*parse_instant("2026-03-12T00:30:00Z")) == "2026-03-12T00:30:00Z");
  // Paris, 2026-03-29: 02:00 to 03:00 does not exist; 2026-10-25: 02:00 to 03:00 happens twice.
  CHECK(to_string(*parse_instant("2026-03-29T02:30:00@Europe/Paris"), "Europe/Paris") == "2026-03-29T03:30:00+02:00");
  CHECK(to_string(*parse_instant("2026-10-25T02:30:00@Europe/Paris"), "UTC") == "2026-10-25T00:30:00Z");
  CHECK(!parse_instant("2026-03-12T08:30:00", "Nowhere/Land"));
  CHECK(!parse_instant("999999999-01-01T00:00:00Z"));
  CHECK(*utc_offset(*parse_date_time("9999-07-01T00:00:00@Europe/Paris")) == 7200);
  CHECK(*utc_offset(*parse_date_time("-2021-01-01T10:10:10@Australia/Melbourne")) == 34792);
  CHECK(to_string(Instant{-1}) == "1969-12-31T23:59:59.999999Z");
}
