// The calendar against the stepper: 100,000 random questions over random calendars, in zones that change their clocks in every way there is.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <iostream>
#include <random>

#include "calendar/stepper.hpp"
#include "calendar/support.hpp"

namespace switchboard::calendar::testing {
namespace {

constexpr std::uint64_t kSeed = 20'260'807;
constexpr int kUsualQuestions = 100'000;
constexpr const char* kZones[] = {"Asia/Shanghai",    "Europe/Berlin",  "America/New_York", "Australia/Lord_Howe",
                                  "America/St_Johns", "America/Havana", "Pacific/Apia"};

// The engine of <random> is the same everywhere, its distributions are not.
class Random {
 public:
  explicit Random(std::uint64_t seed) : engine_(seed) {}
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(n)); }
  bool one_in(std::int64_t n) { return below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

std::vector<Hours> random_hours(Random& random) {
  if (random.one_in(6)) return {{0, 1440}};
  std::vector<Hours> out;
  auto at = static_cast<std::int16_t>(random.one_in(4) ? 0 : random.below(600));
  for (std::int64_t pieces = 1 + random.below(3); pieces > 0 && at < 1380; --pieces) {
    const auto to = static_cast<std::int16_t>(pieces == 1 && random.one_in(4) ? 1440 : std::min<std::int64_t>(at + 60 + random.below(440), 1440));
    out.push_back({at, to});
    at = static_cast<std::int16_t>(to + 1 + random.below(200));
  }
  return out;
}

CalendarSpec random_calendar(Random& random, const char* zone) {
  CalendarSpec spec;
  spec.id = "random";
  spec.zone = zone;
  const std::vector<Hours> usual = random_hours(random);
  for (auto& day : spec.week) {
    if (!random.one_in(4)) day = random.one_in(3) ? random_hours(random) : usual;
  }
  spec.week[static_cast<std::size_t>(random.below(7))] = usual;
  spec.working_day_hours = random_hours(random);
  spec.first_year = static_cast<std::int32_t>(1986 + random.below(20));
  spec.last_year = static_cast<std::int32_t>(spec.first_year + random.below(30));
  if (random.one_in(3)) spec.first_year = spec.last_year = 0;
  const std::int64_t sparse = 3 + random.below(60);
  for (std::int64_t day = SteppedZone::kFirstDay + 400; day < SteppedZone::kLastDay - 400; ++day) {
    if (!random.one_in(sparse)) continue;
    const Date d = date(text(Instant{day * 86'400'000'000}, 0));
    if (random.one_in(2)) {
      spec.off.push_back({d, "off", {}});
    } else {
      spec.working.push_back({d, "working", random.one_in(2) ? random_hours(random) : std::vector<Hours>{}});
    }
  }
  return spec;
}

Stepper::Parts random_parts(Random& random) {
  Stepper::Parts d;
  const std::int64_t kind = random.below(8);
  if (kind == 0 || kind >= 6) d.working_days = random.below(random.one_in(4) ? 120 : 12);
  if (kind == 1 || kind == 2 || kind >= 6) d.working_minutes = random.below(random.one_in(4) ? 8'000 : 1'500);
  if (kind == 3 || kind == 7) d.months = random.below(15);
  if (kind == 4 || kind == 7) d.days = random.below(40);
  if (kind == 5 || kind >= 6) d.wall_minutes = random.below(3'000);
  return d;
}

Instant at_minute(std::int64_t minute) { return {minute * 60'000'000}; }

WorkingDuration duration_of(const Stepper::Parts& d) {
  return {d.months, d.days, d.working_days, Duration::minutes(d.wall_minutes), Duration::minutes(d.working_minutes)};
}

struct Question {
  const BusinessCalendar& calendar;
  const Stepper& stepper;
  std::int64_t from;
  Stepper::Parts parts;
  int& failures;

  void compare(const char* what, const Derived& computed, const Stepper::Answer& walked) const {
    if (computed.at == at_minute(walked.minute) && computed.provisional == walked.provisional) return;
    report(what, text(computed, 0), text(Derived{at_minute(walked.minute), walked.provisional}, 0));
  }
  void report(const char* what, const std::string& computed, const std::string& walked) const {
    if (++failures > 10) return;
    const std::string message = fmt::format("{} in {}: from {}, {}: computed {}, walked {}", what, calendar.spec().zone, text(at_minute(from), 0),
                                            to_string(duration_of(parts)), computed, walked);
    FAIL_CHECK(message);
  }
  void expect(bool holds, const char* law, const std::string& detail = "") const {
    if (!holds) report(law, detail, "the law");
  }
};

void ask(const Question& q) {
  const WorkingDuration d = duration_of(q.parts);
  const Instant from = at_minute(q.from);
  const Derived due = q.calendar.deadline(from, d);
  q.compare("deadline", due, q.stepper.deadline(q.from, q.parts));
  q.compare("latest start", q.calendar.latest_start(from, d), q.stepper.latest_start(q.from, q.parts));
  q.compare("next opening", q.calendar.next_opening(from), q.stepper.next_opening(q.from));
  q.expect(q.calendar.is_open(from) == q.stepper.is_open(q.from), "is open");

  const std::int64_t to = due.at.us / 60'000'000;
  const Elapsed e = q.calendar.elapsed(from, due.at);
  q.expect(std::abs(e.working_days - q.stepper.working_days(q.from, to)) < 1e-9, "elapsed working days", fmt::format("{}", e.working_days));
  q.expect(e.working == Duration::minutes(q.stepper.working_minutes(q.from, to)), "elapsed working time", fmt::format("{}", e.working.us));
  q.expect(e.wall == due.at - from, "elapsed wall time");
}

// Laws that tie the queries to each other, at microseconds.
void check_laws(const Question& q, Random& random) {
  const Instant from = at_minute(q.from) + Duration::micros(random.below(60'000'000));
  const std::int64_t n = 1 + random.below(40);
  WorkingDuration days;
  days.working_days = n;
  const Derived due = q.calendar.deadline(from, days);
  q.expect(q.calendar.elapsed(from, due.at).working_days == static_cast<double>(n), "elapsed after n bd is n");
  q.expect(q.calendar.at_working_days(from, static_cast<double>(n)) == due, "the n-th working day's end");
  const double part = static_cast<double>(random.below(40'000)) / 1000.0;
  const Instant at = q.calendar.at_working_days(from, part).at;
  q.expect(std::abs(q.calendar.elapsed(from, at).working_days - part) < 1e-10, "elapsed at a point in working days", fmt::format("{}", part));

  WorkingDuration time;
  time.working = Duration::micros(1 + random.below(2'000'000'000'000));
  const Instant end = q.calendar.deadline(from, time).at;
  q.expect(q.calendar.elapsed(from, end).working == time.working, "elapsed after so much working time");
  q.expect(q.calendar.is_open(end - Duration::micros(1)), "working time ends while it is open");
  const Instant start = q.calendar.latest_start(end, time).at;
  q.expect(start >= from && q.calendar.elapsed(start, end).working == time.working, "counted back from there");
  q.expect(q.calendar.is_open(start), "counting back ends while it is open");
  const Instant notice = q.calendar.latest_start(from, days).at;
  q.expect(q.calendar.deadline(notice, days).at > from && q.calendar.deadline(notice - Duration::micros(1), days).at <= from,
           "the latest start is the latest");
}

std::uint64_t seed() {
  const char* wanted = std::getenv("SWITCHBOARD_TEST_SEED");
  return wanted == nullptr ? kSeed : std::strtoull(wanted, nullptr, 10);
}

TEST_CASE("a minute-stepper agrees on 100,000 random questions") {
  const char* asked_for = std::getenv("SWITCHBOARD_QUESTIONS");  // fewer under sanitizers, more in a soak
  const int kQuestions = asked_for == nullptr ? kUsualQuestions : std::max(1, std::atoi(asked_for));
  const std::uint64_t from_seed = seed();
  std::cout << "stepper: seed " << from_seed << " (SWITCHBOARD_TEST_SEED changes it), " << kQuestions << " questions\n";
  Random random(from_seed);
  int failures = 0;
  constexpr int calendars = 3;
  constexpr int zones = static_cast<int>(std::size(kZones));
  int asked = 0;
  for (int z = 0; z < zones; ++z) {
    const SteppedZone zone(kZones[z]);
    for (int i = 0; i < calendars; ++i) {
      const CalendarSpec spec = random_calendar(random, kZones[z]);
      const CalendarPtr calendar = made(spec);
      const Stepper stepper(spec, zone);
      const int until = static_cast<int>(std::int64_t{kQuestions} * (std::int64_t{z} * calendars + i + 1) / (std::int64_t{zones} * calendars));
      for (; asked < until; ++asked) {
        // Half of the questions are asked around a change of the clock, where the mistakes are.
        std::int64_t minute = 0;
        do {
          const bool early = random.one_in(3);  // China's summer times, 1986 to 1991
          minute = (5'900 + random.below(early ? 2'200 : 16'000)) * 1440 + random.below(1440);
        } while (asked % 2 == 0 && !zone.changes_near(minute) && !random.one_in(200));
        const Question q{*calendar, stepper, minute, random_parts(random), failures};
        ask(q);
        if (asked % 4 == 0) check_laws(q, random);
      }
    }
  }
  CHECK(asked == kQuestions);
  CHECK(failures == 0);
}

TEST_CASE("a minute-stepper agrees on closings") {
  Random random(seed() + 1);
  int failures = 0;
  for (const char* name : {"Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"}) {
    const SteppedZone zone(name);
    CalendarSpec spec = random_calendar(random, name);
    spec.week = {hours("00:00-24:00"), hours("00:00-24:00"), hours("00:00-03:00 12:00-24:00"), {}, hours("08:00-24:00"),
                 hours("00:00-02:00"), hours("02:30-05:00")};
    const CalendarPtr calendar = made(spec);
    const Stepper stepper(spec, zone);
    for (int i = 0; i < 2'000; ++i) {
      const std::int64_t minute = (5'900 + random.below(18'000)) * 1440 + random.below(1440);
      const Question q{*calendar, stepper, minute, {}, failures};
      const Derived closing = calendar->next_closing(at_minute(minute));
      if (closing.at.us / 60'000'000 != stepper.next_closing(minute).minute) q.compare("next closing", closing, stepper.next_closing(minute));
    }
  }
  CHECK(failures == 0);
}

}  // namespace
}  // namespace switchboard::calendar::testing
