// The ledger against a simulation that lives through every quarter of an hour: the same pauses, the same due instant.
#include <doctest/doctest.h>

#include <cstdlib>
#include <iostream>
#include <random>
#include <vector>

#include "script.hpp"
#include "sla/ledger.hpp"
#include "value/temporal.hpp"

namespace sla = switchboard::sla;
using switchboard::Duration;
using switchboard::Instant;
using switchboard::calendar::WorkingDuration;

namespace {

constexpr Duration tick = Duration::minutes(15);

/// A clock that is asked at the end of every quarter of an hour what this quarter was worth.
struct Simulated {
  const switchboard::calendar::BusinessCalendar& calendar;
  WorkingDuration rest;
  Instant start;

  [[nodiscard]] bool used_up() const { return rest.is_zero(); }

  void run_until(Instant end) {
    if (rest.wall.us > 0 && rest.working_days == 0) {
      rest.wall -= tick;
    } else if (rest.working_days > 0) {
      if (ends_working_day(end)) --rest.working_days;
    } else if (calendar.is_open(end - Duration::micros(1))) {
      rest.working -= tick;
    }
  }

  [[nodiscard]] bool ends_working_day(Instant end) const {
    const auto day = switchboard::to_date_time(end - Duration::micros(1), calendar.spec().zone)->date;
    const auto next = switchboard::to_date_time(end, calendar.spec().zone)->date;
    return day != next && calendar.is_working_day(day) && day != switchboard::to_date_time(phase, calendar.spec().zone)->date;
  }
  Instant phase = start;  ///< where the working days began: the first day does not count
};

struct Run {
  std::mt19937_64 random;
  std::uint64_t below(std::uint64_t n) { return random() % n; }

  WorkingDuration budget() {
    WorkingDuration d;
    const auto kind = below(5);
    if (kind == 0 || kind >= 3) d.working_days = static_cast<std::int64_t>(1 + below(6));
    if (kind == 1 || kind == 3) d.working = Duration::minutes(15 * static_cast<std::int64_t>(1 + below(80)));
    if (kind == 2 || kind == 4) d.wall = Duration::minutes(15 * static_cast<std::int64_t>(1 + below(200)));
    return d;
  }
};

void compare(std::uint64_t seed) {
  Run run{std::mt19937_64(seed)};
  const auto calendar = sla::testing::china();
  switchboard::model::ClockSpec spec;
  spec.within.calendar = calendar;
  const Instant start = sla::testing::local("02-05T00:00") + Duration::minutes(15 * static_cast<std::int64_t>(run.below(2500)));
  const WorkingDuration budget = run.budget();
  sla::Ledger ledger = sla::start(spec, {0}, 1, budget, start, start);
  Simulated simulated{*calendar, budget, start};
  Instant now = start;
  bool paused = false;
  Duration running;
  Duration standing;
  for (int i = 0; i < 20'000 && !simulated.used_up(); ++i) {
    if (run.below(40) == 0) {
      paused ? sla::resume(ledger, spec, now) : sla::pause(ledger, spec, now);
      paused = !paused;
      CHECK(sla::contradiction(ledger, spec) == "");
    }
    now = now + tick;
    if (!paused) simulated.run_until(now);
    (paused ? standing : running) += tick;
    const auto reading = sla::read(ledger, spec, now);
    CHECK(reading.running_wall == running);
    CHECK(reading.paused_total == standing);
    if (!simulated.used_up()) CHECK(reading.percent < 100.0 + 1e-9);
  }
  REQUIRE(simulated.used_up());
  INFO("seed " << seed << ", budget " << switchboard::calendar::to_string(budget));
  CHECK(switchboard::to_string(ledger.due) == switchboard::to_string(now));
  CHECK(sla::read(ledger, spec, now).percent == doctest::Approx(100.0));
  const auto mark = sla::next_mark(ledger, spec);
  REQUIRE(mark.has_value());
  CHECK(mark->due == now);
  CHECK(sla::contradiction(ledger, spec) == "");
  // Late, paused and resumed, ended: it still adds up.
  sla::mark_done(ledger, spec, 0, now + tick);
  sla::pause(ledger, spec, now + tick);
  sla::resume(ledger, spec, now + Duration::hours(30));
  CHECK(sla::contradiction(ledger, spec) == "");
  sla::stop(ledger, spec, now + Duration::hours(40));
  CHECK(sla::contradiction(ledger, spec) == "");
}

/// Every number of a ledger that is changed behind its back shows.
void tamper(std::uint64_t seed) {
  Run run{std::mt19937_64(seed)};
  switchboard::model::ClockSpec spec;
  spec.within.calendar = sla::testing::china();
  const Instant start = sla::testing::local("02-05T00:00") + Duration::minutes(15 * static_cast<std::int64_t>(run.below(2500)));
  sla::Ledger ledger = sla::start(spec, {0}, 1, run.budget(), start, start);
  const Instant middle = start + Duration{(ledger.due - start).us / 2};
  if (run.below(2) == 0) {
    sla::pause(ledger, spec, middle);
    if (run.below(2) == 0) sla::resume(ledger, spec, middle + Duration::hours(static_cast<std::int64_t>(run.below(50))));
  }
  INFO("seed " << seed << ", budget " << switchboard::calendar::to_string(ledger.budget));
  REQUIRE(sla::contradiction(ledger, spec) == "");
  const auto shows = [&](const char* what, auto change) {
    sla::Ledger lie = ledger;
    change(lie);
    INFO(what);
    CHECK(sla::contradiction(lie, spec) != "");
  };
  shows("due later", [](sla::Ledger& l) { l.due = l.due + Duration::micros(1); });
  shows("due a day later", [](sla::Ledger& l) { l.due = l.due + Duration::hours(24); });
  shows("due earlier", [](sla::Ledger& l) { l.due = l.due - Duration::minutes(1); });
  shows("more left", [](sla::Ledger& l) { ++l.remaining.working_days; });
  shows("a working minute more left", [](sla::Ledger& l) { l.remaining.working += Duration::minutes(1); });
  shows("runs since before its start", [](sla::Ledger& l) { l.anchor = l.started - Duration::micros(1); });
}

}  // namespace

TEST_CASE("due instants agree with a simulation by quarters of an hour") {
  const char* wanted = std::getenv("SWITCHBOARD_SLA_RUNS");
  const std::uint64_t runs = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 300;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) compare(seed);
}

TEST_CASE("a ledger that was tampered with contradicts itself") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) tamper(seed);
}

TEST_CASE("a pause of no length changes nothing") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    Run run{std::mt19937_64(seed)};
    switchboard::model::ClockSpec spec;
    spec.within.calendar = sla::testing::china();
    const Instant start = sla::testing::local("02-05T07:13") + Duration::minutes(static_cast<std::int64_t>(run.below(30'000)));
    sla::Ledger ledger = sla::start(spec, {0}, 1, run.budget(), start, start);
    const Instant due = ledger.due;
    for (int i = 0; i < 5; ++i) {
      const Instant at = start + Duration{static_cast<std::int64_t>(run.below(static_cast<std::uint64_t>((due - start).us)))};
      if (at < ledger.anchor) continue;
      sla::pause(ledger, spec, at);
      sla::resume(ledger, spec, at);
    }
    INFO("seed " << seed);
    CHECK(ledger.due == due);
  }
}
