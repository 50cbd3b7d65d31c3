// The ledger against a simulation that lives through every quarter of an hour: the same pauses, the same due instant.
#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <iostream>
#include <random>
#include <vector>

#include "script.hpp"
#include "sla/ledger.hpp"
#include "switchboard/value/temporal.hpp"

namespace sla = switchboard::sla;
using switchboard::Duration;
using switchboard::Instant;
using switchboard::calendar::WorkingDuration;

namespace {

constexpr Duration tick = Duration::minutes(15);

std::uint64_t runs() {
  const char* wanted = std::getenv("SWITCHBOARD_SLA_RUNS");
  return wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 300;
}

/// A clock that is asked at the end of every quarter of an hour what this quarter was worth.
struct Simulated {
  const switchboard::calendar::BusinessCalendar* calendar;
  WorkingDuration rest;
  Instant start;

  [[nodiscard]] bool used_up() const { return rest.is_zero(); }

  void run_until(Instant end) {
    if (rest.wall.us > 0 && rest.working_days == 0) {
      rest.wall -= tick;
    } else if (rest.working_days > 0) {
      if (ends_working_day(end)) --rest.working_days;
    } else if (calendar->is_open(end - Duration::micros(1))) {
      rest.working -= tick;
    }
  }

  [[nodiscard]] bool ends_working_day(Instant end) const {
    const auto day = switchboard::to_date_time(end - Duration::micros(1), calendar->spec().zone)->date;
    const auto next = switchboard::to_date_time(end, calendar->spec().zone)->date;
    return day != next && calendar->is_working_day(day) && day != switchboard::to_date_time(phase, calendar->spec().zone)->date;
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
  Simulated simulated{calendar.get(), budget, start};
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

switchboard::calendar::CalendarPtr office_of(Run& run, int version) {
  switchboard::calendar::CalendarSpec spec;
  spec.id = "c";
  spec.zone = "Asia/Shanghai";
  spec.version = std::to_string(version);
  const auto quarter = [&run](std::uint64_t first) { return static_cast<std::int16_t>(15 * (first + run.below(40))); };
  for (std::size_t day = 0; day < spec.week.size(); ++day)
    if (day == 0 || run.below(7) < 5) spec.week[day] = {{quarter(0), quarter(50)}};
  return switchboard::calendar::BusinessCalendar::make(std::move(spec)).value();
}

/// Now and then the calendar becomes another: what was used up stays, the rest runs on the new one.
void compare_on_changing_calendars(std::uint64_t seed) {
  Run run{std::mt19937_64(seed)};
  int version = 1;
  switchboard::model::ClockSpec spec;
  spec.within.calendar = office_of(run, version);
  const Instant start = sla::testing::local("02-05T00:00") + Duration::minutes(15 * static_cast<std::int64_t>(run.below(2500)));
  const WorkingDuration budget = run.budget();
  sla::Ledger ledger = sla::start(spec, {0}, 1, budget, start, start);
  Simulated simulated{spec.within.calendar.get(), budget, start};
  Instant now = start;
  bool paused = false;
  for (int i = 0; i < 40'000 && !simulated.used_up(); ++i) {
    if (run.below(60) == 0) {
      paused ? sla::resume(ledger, spec, now) : sla::pause(ledger, spec, now);
      paused = !paused;
    }
    if (run.below(60) == 0) {
      const switchboard::model::ClockSpec before = spec;
      spec.within.calendar = office_of(run, ++version);
      static_cast<void>(sla::go_on_with(ledger, before, spec, now));
      simulated.calendar = spec.within.calendar.get();
      CHECK(sla::contradiction(ledger, spec) == "");
    }
    now = now + tick;
    if (!paused) simulated.run_until(now);
  }
  REQUIRE(simulated.used_up());
  INFO("seed " << seed << ", budget " << switchboard::calendar::to_string(budget));
  CHECK(switchboard::to_string(ledger.due) == switchboard::to_string(now));
}

/// A clock with marks of every kind on a calendar whose zone is not kind: shifts at midnight, by half an hour, a day left out.
struct Marked {
  explicit Marked(Run& run) {
    constexpr std::array zones = {"Asia/Shanghai", "Pacific/Apia", "America/New_York", "Australia/Lord_Howe", "America/Sao_Paulo", "Europe/Berlin"};
    switchboard::calendar::CalendarSpec calendar;
    calendar.id = "c";
    calendar.zone = zones[run.below(zones.size())];
    const auto hour = [&run](std::uint64_t first) { return static_cast<std::int16_t>(60 * (first + run.below(12))); };
    const std::int16_t begin = hour(0);
    for (std::size_t day = 0; day < calendar.week.size(); ++day)
      if (day < 5 || run.below(2) == 0) calendar.week[day] = {{begin, hour(12)}};
    spec.within.calendar = switchboard::calendar::BusinessCalendar::make(std::move(calendar)).value();
    using Kind = switchboard::model::ClockMark::Kind;
    for (std::uint64_t i = run.below(6); i > 0; --i) {
      switchboard::model::MarkSpec mark;
      mark.kind = run.below(3) == 0 ? Kind::left : Kind::percent;
      mark.percent = static_cast<double>(1 + run.below(180));
      if (mark.kind == Kind::left) mark.left = run.budget();
      spec.marks.push_back(std::move(mark));
    }
    if (run.below(2) == 0) spec.marks.emplace_back();
  }
  switchboard::model::ClockSpec spec;
};

/// What is far away is not computed, and so must not be near.
void ask_until(std::uint64_t seed) {
  Run run{std::mt19937_64(seed)};
  const Marked clock(run);
  // Both changes of Apia in 2011 (a day left out on 30 December) and the days around them.
  Instant now = switchboard::parse_instant("2011-12-20T00:00:00Z").value() + Duration::minutes(static_cast<std::int64_t>(run.below(60 * 24 * 100)));
  sla::Ledger ledger =
      sla::start(clock.spec, {0}, 1, run.budget(), now - Duration::hours(static_cast<std::int64_t>(run.below(2) * run.below(200))), now);
  for (int i = 0; i < 12; ++i) {
    const auto next = sla::next_mark(ledger, clock.spec);
    for (int k = 0; k < 8; ++k) {
      const Instant near = k < 2 || !next ? ledger.anchor : next->due;
      const Duration off = k % 3 == 0 ? Duration::micros(static_cast<std::int64_t>(run.below(3)) - 1)
                                      : Duration::minutes(static_cast<std::int64_t>(run.below(9000)) - 4500);
      const Instant until = near + off;
      const auto asked = sla::next_mark(ledger, clock.spec, until);
      INFO("seed " << seed << ", until " << switchboard::to_string(until));
      REQUIRE(asked.has_value() == (next && next->at <= until));
      if (asked) CHECK((asked->due == next->due && asked->index == next->index));
    }
    now = now + Duration::minutes(static_cast<std::int64_t>(run.below(3000)));
    switch (run.below(4)) {
      case 0: sla::pause(ledger, clock.spec, now); break;
      case 1: sla::resume(ledger, clock.spec, now); break;
      case 2:
        if (next && next->due <= now) sla::mark_done(ledger, clock.spec, next->index, now);
        break;
      default: break;
    }
  }
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

TEST_CASE("a mark is asked for only until an instant") {
  for (std::uint64_t seed = 1; seed <= 4000; ++seed) ask_until(seed);
}

TEST_CASE("due instants agree with a simulation by quarters of an hour") {
  for (std::uint64_t seed = 1; seed <= runs(); ++seed) compare(seed);
}

TEST_CASE("due instants agree with the simulation when calendars change on the way") {
  for (std::uint64_t seed = 1; seed <= runs(); ++seed) compare_on_changing_calendars(seed);
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
