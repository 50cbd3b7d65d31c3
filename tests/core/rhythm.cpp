// Repeating timers against an oracle that counts the slow way: dates one by one, working days one by one, open time minute by minute, each from the
// start. It shares the opening hours of a calendar with the engine, and none of its arithmetic.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <array>
#include <map>
#include <random>

#include "core/core.hpp"
#include "notation/load.hpp"
#include "switchboard/value/temporal.hpp"

namespace core = switchboard::core;
namespace model = switchboard::model;
namespace calendar = switchboard::calendar;
using switchboard::Date;
using switchboard::DateTime;
using switchboard::Duration;
using switchboard::Instant;
using switchboard::Value;

namespace {

constexpr std::array zones = {"UTC", "Europe/Berlin", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Tehran"};
constexpr std::array policies = {"one", "all", "skip"};

struct Random {
  std::mt19937_64 bits;
  std::int64_t below(std::int64_t n) { return static_cast<std::int64_t>(bits() % static_cast<std::uint64_t>(n)); }
};

/// Calendar number `kind` of a zone: every day, a plain week, a week with a lunch break, holidays and a make-up day.
calendar::CalendarPtr made(std::string_view zone, std::int64_t kind) {
  if (kind == 0) return calendar::BusinessCalendar::always("c", zone).value();
  calendar::CalendarSpec spec;
  spec.id = "c";
  spec.zone = std::string(zone);
  for (std::size_t day = 0; day < 5; ++day) spec.week[day] = {{9 * 60, 17 * 60}};
  if (kind == 2) {
    spec.week[2] = {{8 * 60, 12 * 60}, {13 * 60, 16 * 60}};
    spec.week[5] = {{10 * 60, 14 * 60}};
    spec.working_day_hours = {{9 * 60, 17 * 60}};
    spec.off = {{{2024, 4, 1}, "holiday", {}}, {{2024, 10, 28}, "holiday", {}}, {{2025, 1, 1}, "holiday", {}}};
    spec.working = {{{2024, 3, 31}, "make-up", {}}};
  }
  spec.version = "test";
  return calendar::BusinessCalendar::make(std::move(spec)).value();
}

Instant local(std::string_view zone, const Date& day, std::int64_t seconds) {
  DateTime t;
  t.date = day;
  t.time.hour = static_cast<std::uint8_t>(seconds / 3600);
  t.time.minute = static_cast<std::uint8_t>(seconds / 60 % 60);
  t.time.second = static_cast<std::uint8_t>(seconds % 60);
  return switchboard::to_instant(t, zone).value();
}

/// n x period after the start, counted one by one.
struct Oracle {
  calendar::CalendarPtr calendar;
  std::string zone;
  Instant start;
  std::string unit;
  std::int64_t amount = 1;

  [[nodiscard]] std::vector<Instant> first(std::size_t count) const {
    std::vector<Instant> all;
    const DateTime begin = switchboard::to_date_time(start, zone).value();
    const std::int64_t seconds = switchboard::seconds_of_day(begin.time);
    Instant at = start;
    Date day = begin.date;
    for (std::int64_t n = 1; all.size() < count; ++n) {
      if (unit == "min" || unit == "h") {
        at = at + Duration::minutes(amount * (unit == "h" ? 60 : 1));
      } else if (unit == "d" || unit == "w") {
        for (std::int64_t i = 0; i < amount * (unit == "w" ? 7 : 1); ++i) day = next(day);
        at = local(zone, day, seconds);
      } else if (unit == "mo" || unit == "y") {
        at = local(zone, months_on(begin.date, n * amount * (unit == "y" ? 12 : 1)), seconds);
      } else if (unit == "bd") {
        for (std::int64_t i = 0; i < amount;) {
          day = next(day);
          if (calendar->is_working_day(day)) ++i;
        }
        at = local(zone, next(day), 0);
      } else {
        for (std::int64_t i = 0; i < amount * 60;) {
          if (calendar->is_open(at)) ++i;
          at = at + Duration::minutes(1);
        }
      }
      all.push_back(at);
    }
    return all;
  }

  static Date next(const Date& day) { return switchboard::from_days(switchboard::to_days(day) + 1).value(); }
  static Date months_on(Date day, std::int64_t months) {
    for (std::int64_t i = 0; i < months; ++i) {
      day.year += day.month == 12 ? 1 : 0;
      day.month = static_cast<std::uint8_t>(day.month % 12 + 1);
    }
    day.day = std::min(day.day, switchboard::days_in_month(day.year, day.month));
    return day;
  }
};

/// What fires at looks at these instants: pairs of look and occurrence.
using Fired = std::vector<std::pair<Instant, Instant>>;

Fired expected(const std::vector<Instant>& occurrences, const std::vector<Instant>& looks, std::string_view missed) {
  Fired fired;
  std::size_t next = 0;
  for (const Instant look : looks) {
    std::size_t behind = next;  // the first that is still to come
    while (behind < occurrences.size() && occurrences[behind] <= look) ++behind;
    if (behind == next) continue;
    if (missed == "all")
      for (std::size_t i = next; i < behind; ++i) fired.emplace_back(look, occurrences[i]);
    if (missed == "one") fired.emplace_back(look, occurrences[next]);
    // Late by less than a period is not missed, exactly on time even less so.
    if (missed == "skip" && (behind == next + 1 || occurrences[behind - 1] == look)) fired.emplace_back(look, occurrences[behind - 1]);
    next = behind;
  }
  return fired;
}

Fired engine(const model::ExecutableProcess& process, Instant start, const std::vector<Instant>& looks) {
  Fired fired;
  auto set = core::start_timer(process, process.find_element("s"), start);
  REQUIRE_MESSAGE(set, set.error().message);
  std::optional<core::Timer> timer = set.value();
  for (const Instant look : looks)
    while (timer && timer->due <= look) {
      const core::StartFiring firing = core::fire_start_timer(process, *timer, look);
      if (firing.fires) fired.emplace_back(look, timer->due);
      timer = firing.next;
    }
  return fired;
}

/// A process that a timer starts; its period is data, or stands there.
model::ExecutablePtr process(const calendar::CalendarPtr& c, std::string_view missed, std::string_view every) {
  const std::string text = fmt::format(
      "switchboard: 1\nprocess: p\ncalendar: c\ndata: {{period: {{type: string, default: 1 d}}}}\nnodes:\n"
      "  s: {{type: startEvent, timer: {{every: {}, missed: {}}}, next: e}}\n  e: {{type: endEvent}}\n",
      every, missed);
  auto loaded = switchboard::notation::load_process(text, "p.yaml");
  REQUIRE(loaded.value);
  auto compiled = model::compile(*loaded.value, {{{"c", c}}, {}}, text);
  for (const auto& d : compiled.diagnostics) INFO(d.message);
  REQUIRE(compiled.process);
  return compiled.process;
}

std::string shown(const Fired& fired, const std::string& zone) {
  std::string out;
  for (const auto& [look, due] : fired) out += fmt::format("{} at {}\n", switchboard::to_string(due, zone), switchboard::to_string(look, zone));
  return out;
}

std::vector<Instant> looks_at(Random& random, const std::vector<Instant>& occurrences) {
  std::vector<Instant> looks;
  for (std::size_t i = 0; i < occurrences.size() - 1; i += static_cast<std::size_t>(1 + random.below(3))) {
    const Duration gap = occurrences[i + 1] - occurrences[i];
    const std::int64_t kind = random.below(3);
    looks.push_back(kind == 0 ? occurrences[i] : occurrences[i] + Duration::micros(kind == 1 ? 1 : random.below(gap.us)));
  }
  return looks;
}

}  // namespace

TEST_CASE("a repeating timer keeps its period: 20,000 random periods, calendars, zones, starts and policies") {
  constexpr std::array units = {"min", "h", "d", "w", "mo", "y", "bd", "bh"};
  Random random{std::mt19937_64(20'261'129)};
  std::map<std::string, model::ExecutablePtr> compiled;
  const Instant base = switchboard::parse_instant("2024-01-01T00:00:00Z").value();
  for (int trial = 0; trial < 20'000; ++trial) {
    Oracle oracle;
    oracle.zone = zones[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(zones.size())))];
    const std::int64_t kind = random.below(3);
    const std::string missed = policies[static_cast<std::size_t>(random.below(3))];
    const std::string key = fmt::format("{} {} {}", oracle.zone, kind, missed);
    auto& known = compiled[key];
    if (known == nullptr) known = process(made(oracle.zone, kind), missed, "period");
    oracle.calendar = known->calendar;
    oracle.unit = units[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(units.size())))];
    // No further than 2037, behind which the zone database of the calendars knows no changes of clocks.
    oracle.amount = 1 + (oracle.unit == "y" ? 0 : random.below(oracle.unit == "bh" ? 6 : 12));
    // Around the changes of clocks of 2024 at every other start, and at the ends of months.
    oracle.start = base + Duration::minutes(random.below(2) == 0 ? random.below(366 * 1440) : 1440 * random.below(366) + 30 * random.below(12));
    const auto occurrences = oracle.first(oracle.unit == "bh" ? 5 : 7);
    const auto looks = looks_at(random, occurrences);
    model::ExecutableProcess p = *known;
    p.data[0].default_value = Value(fmt::format("{} {}", oracle.amount, oracle.unit));
    Fired wanted = expected(occurrences, looks, missed);
    const Fired found = engine(p, oracle.start, looks);
    if (wanted == found) continue;
    FAIL(fmt::format("trial {}: every {} {} on {} of kind {} from {}, missed {}\nwanted\n{}found\n{}", trial, oracle.amount, oracle.unit, oracle.zone,
                     kind, switchboard::to_string(oracle.start, oracle.zone), missed, shown(wanted, oracle.zone), shown(found, oracle.zone)));
  }
}

namespace {

/// The first occurrences of `every: {at: days}` on calendar number `kind` of `zone`.
std::string named(std::string_view days, std::string_view start, int count, std::string_view zone = "Europe/Berlin", std::int64_t kind = 2) {
  const auto p = process(made(zone, kind), "all", fmt::format("{{at: \"{}\"}}", days));
  auto timer = core::start_timer(*p, p->find_element("s"), switchboard::parse_instant(start, zone).value());
  REQUIRE(timer);
  std::optional<core::Timer> t = timer.value();
  std::string out;
  for (int i = 0; i < count && t; ++i) {
    out += (out.empty() ? "" : " ") + switchboard::to_string(t->due, zone).substr(0, 16);
    t = core::fire_start_timer(*p, *t, t->due).next;
  }
  return out;
}

}  // namespace

TEST_CASE("named days: the calendar says which, every time anew") {
  // 1 April 2024 is a holiday of the calendar, Easter Sunday 31 March a make-up day; Saturdays work.
  CHECK(named("1st working day 08:00", "2024-01-15T10:00", 4) == "2024-02-01T08:00 2024-03-01T08:00 2024-04-02T08:00 2024-05-01T08:00");
  CHECK(named("last working day 17:00", "2024-02-01T00:00", 2) == "2024-02-29T17:00 2024-03-31T17:00");
  CHECK(named("2nd last working day of month 17:00", "2024-03-01T00:00", 1) == "2024-03-30T17:00");
  // The day of the month is clipped to its end, and comes back.
  CHECK(named("31st 09:00", "2024-01-31T09:00", 3) == "2024-02-29T09:00 2024-03-31T09:00 2024-04-30T09:00");
  CHECK(named("29 february 00:00", "2024-02-29T00:00", 4) == "2025-02-28T00:00 2026-02-28T00:00 2027-02-28T00:00 2028-02-29T00:00");
  // Half past two does not exist on 31 March in Berlin: moved by the gap that day, and back the next day.
  CHECK(named("02:30", "2024-03-30T12:00", 3) == "2024-03-31T03:30 2024-04-01T02:30 2024-04-02T02:30");
  CHECK(named("mon-fri 08:00", "2024-03-29T08:00", 2) == "2024-04-01T08:00 2024-04-02T08:00");
  CHECK(named("sat, wed 08:00", "2024-03-28T08:00", 3) == "2024-03-30T08:00 2024-04-03T08:00 2024-04-06T08:00");
  CHECK(named("working day 08:00", "2024-03-30T08:00", 2) == "2024-03-31T08:00 2024-04-02T08:00");
  CHECK(named("last friday of quarter 12:00", "2024-01-01T00:00", 2) == "2024-03-29T12:00 2024-06-28T12:00");
  // A month without a fifth Friday is left out.
  CHECK(named("5th friday 12:00", "2024-01-01T00:00", 3) == "2024-03-29T12:00 2024-05-31T12:00 2024-08-30T12:00");
  CHECK(named("1st working day of year 08:00", "2024-02-01T00:00", 1) == "2025-01-02T08:00");
  // 24:00 is the end of the day.
  CHECK(named("last day 24:00", "2024-03-31T12:00", 2) == "2024-04-01T00:00 2024-05-01T00:00");
}

TEST_CASE("named days that are none are refused with an example") {
  for (const std::string_view text : {"", "08", "25:00", "1st working 08:00", "0th 08:00", "32nd 08:00", "first day 08:00", "1st working day", "8:00",
                                      "mon-xyz 08:00", "15 smarch 08:00", "1st day of 08:00", "24:01", "1st working day 08:00 each month"}) {
    const auto parsed = calendar::parse_named_days(text);
    INFO(text);
    REQUIRE(!parsed);
    CHECK(parsed.error().id == "SB0305");
    CHECK(parsed.error().hint.find("1st working day 08:00") != std::string::npos);
  }
}
