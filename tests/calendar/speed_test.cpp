// What a query costs. The numbers are printed; the bound is loose, so that a busy or sanitized machine does not fail it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <random>

#include "calendar/support.hpp"

namespace switchboard::calendar::testing {
namespace {

template <class Query>
double nanoseconds(const std::vector<Instant>& starts, Query query) {
  std::uint64_t sum = 0;
  const auto begin = std::chrono::steady_clock::now();
  constexpr int rounds = 20;
  for (int i = 0; i < rounds; ++i) {
    for (const Instant t : starts) sum += static_cast<std::uint64_t>(query(t));
  }
  const std::chrono::duration<double, std::nano> spent = std::chrono::steady_clock::now() - begin;
  CHECK(sum != 42);  // keeps the work alive
  return spent.count() / static_cast<double>(rounds) / static_cast<double>(starts.size());
}

TEST_CASE("the cost of a query does not grow with the span") {
  CalendarSpec berlin_hours = weekdays("Europe/Berlin", "08:30-12:00 13:30-17:30");
  const std::pair<const char*, CalendarPtr> calendars[] = {
      {"cn", made(china())}, {"Berlin", made(berlin_hours)}, {"24x7 Berlin", BusinessCalendar::built_in("24x7@Europe/Berlin").value()}};
  std::mt19937_64 random(1);
  std::vector<Instant> starts;
  starts.reserve(10'000);
  for (int i = 0; i < 10'000; ++i) starts.push_back(when("2024-01-01 00:00") + Duration::seconds(static_cast<std::int64_t>(random() % 94'000'000)));
  for (const auto& [name, calendar] : calendars) {
    const auto& c = *calendar;
    const WorkingDuration five = duration("5 bd");
    const auto deadline = [&](const char* d) {
      return nanoseconds(starts, [&, parsed = duration(d)](Instant t) { return c.deadline(t, parsed).at.us; });
    };
    const auto elapsed = [&](std::int64_t days) {
      return nanoseconds(starts, [&](Instant t) { return c.elapsed(t, t + Duration::days(days)).working.us; });
    };
    const double costs[] = {deadline("5 bd"),
                            deadline("2000 bd"),
                            deadline("8 bh"),
                            deadline("20000 bh"),
                            deadline("1 mo 1 bd 4 bh"),
                            elapsed(5),
                            elapsed(2000),
                            nanoseconds(starts, [&](Instant t) { return c.next_opening(t).at.us; }),
                            nanoseconds(starts, [&](Instant t) { return c.latest_start(t, five).at.us; }),
                            nanoseconds(starts, [&](Instant t) { return c.at_working_days(t, 4.8).at.us; })};
    std::cout << fmt::format("ns per query, {}: 5 bd {:.0f}, 2000 bd {:.0f}, 8 bh {:.0f}, 20000 bh {:.0f}, 1 mo 1 bd 4 bh {:.0f}, ", name, costs[0],
                             costs[1], costs[2], costs[3], costs[4])
              << fmt::format("elapsed 5 d {:.0f}, 2000 d {:.0f}, next opening {:.0f}, latest start {:.0f}, at working days {:.0f}\n", costs[5],
                             costs[6], costs[7], costs[8], costs[9]);
    for (const double cost : costs) CHECK(cost < 20'000);
  }
}

}  // namespace
}  // namespace switchboard::calendar::testing
