// What is counted as what: one round of a clock at a time.
#include <doctest/doctest.h>

#include <string>

#include "report/places.hpp"
#include "report/tally.hpp"
#include "switchboard/value/temporal.hpp"

using namespace switchboard;
using report::PromiseFigures;

namespace {

Instant at(const char* text) { return *parse_instant(text, "Asia/Shanghai"); }

/// A clock of 60 minutes from 9:00, due at 10:00.
ClockInfo hour(const char* state, const char* until, bool breached = false) {
  ClockInfo c;
  c.process = "p";
  c.clock = "c";
  c.name = "The promise";
  c.state = parse_word<ClockState>(state).value();
  c.budget = "1 h";
  c.started = at("2026-03-02T09:00");
  c.due = c.original_due = at("2026-03-02T10:00");
  const Instant now = at(until);
  if (c.state == ClockState::met || c.state == ClockState::cancelled) c.ended = now;
  c.breached = breached;
  c.elapsed_wall = now - c.started;
  c.left = c.due - now;
  c.elapsed_unit = BusinessUnit::h;
  c.elapsed_business = c.elapsed_wall.to_seconds() / 3600;
  c.percent = c.elapsed_wall.to_seconds() / 36;
  return c;
}

PromiseFigures figures_of(const ClockInfo& round) {
  PromiseFigures f;
  report::add(f, round);
  return f;
}

}  // namespace

TEST_CASE("a round is finished, open or cancelled; kept, broken or neither") {
  struct Row {
    const char* what;
    ClockInfo round;
    std::uint64_t finished, open, cancelled, kept, broken;
    double late;
  };
  const Row rows[] = {
      {"met in time", hour("met", "2026-03-02T09:45"), 1, 0, 0, 1, 0, 0},
      {"met at the very due instant", hour("met", "2026-03-02T10:00"), 1, 0, 0, 1, 0, 0},
      {"met late", hour("met", "2026-03-02T10:30", true), 1, 0, 0, 0, 1, 1800},
      {"running in time", hour("running", "2026-03-02T09:30"), 0, 1, 0, 0, 0, 0},
      {"running late", hour("running", "2026-03-02T12:00", true), 0, 1, 0, 0, 1, 7200},
      {"paused in time", hour("paused", "2026-03-02T09:30"), 0, 1, 0, 0, 0, 0},
      {"paused late", hour("paused", "2026-03-02T10:15", true), 0, 1, 0, 0, 1, 900},
      {"cancelled in time", hour("cancelled", "2026-03-02T09:30"), 0, 0, 1, 0, 0, 0},
      {"cancelled when it was broken already", hour("cancelled", "2026-03-02T11:00", true), 0, 0, 1, 0, 1, 3600},
  };
  for (const Row& row : rows) {
    CAPTURE(row.what);
    const PromiseFigures f = figures_of(row.round);
    CHECK(f.rounds == 1);
    CHECK(f.finished == row.finished);
    CHECK(f.open == row.open);
    CHECK(f.cancelled == row.cancelled);
    CHECK(f.kept == row.kept);
    CHECK(f.broken == row.broken);
    CHECK(f.lateness_max.to_seconds() == row.late);
    CHECK(f.lateness_total.to_seconds() == row.late);
  }
}

TEST_CASE("when a round counts: the earlier of due and end") {
  CHECK(report::counts_at(hour("met", "2026-03-02T09:45")) == at("2026-03-02T09:45"));
  CHECK(report::counts_at(hour("met", "2026-03-02T10:30", true)) == at("2026-03-02T10:00"));
  CHECK(report::counts_at(hour("running", "2026-03-02T09:30")) == at("2026-03-02T10:00"));
  CHECK(report::counts_at(hour("running", "2026-04-02T09:30", true)) == at("2026-03-02T10:00"));
  CHECK(report::counts_at(hour("cancelled", "2026-03-02T09:30")) == at("2026-03-02T09:30"));
  ClockInfo average = hour("met", "2026-03-02T10:30");
  average.mean = true;
  CHECK(report::counts_at(average) == at("2026-03-02T10:30"));
}

TEST_CASE("shares and means") {
  PromiseFigures f;
  CHECK(!f.kept_share());
  CHECK(!f.lateness_mean_seconds());
  CHECK(!f.elapsed_mean("h"));
  report::add(f, hour("met", "2026-03-02T09:30"));
  report::add(f, hour("met", "2026-03-02T10:30", true));
  report::add(f, hour("met", "2026-03-02T11:00", true));
  report::add(f, hour("running", "2026-03-02T09:10"));
  report::add(f, hour("cancelled", "2026-03-02T09:10"));
  CHECK(*f.kept_share() == doctest::Approx(1.0 / 3));
  CHECK(*f.lateness_mean_seconds() == doctest::Approx(2700));
  CHECK(f.lateness_max == Duration::hours(1));
  CHECK(*f.elapsed_mean("h") == doctest::Approx((0.5 + 1.5 + 2.0) / 3));
  CHECK(!f.elapsed_mean("bd"));
}

TEST_CASE("elapsed business time is kept apart by unit") {
  ClockInfo days = hour("met", "2026-03-02T09:30");
  days.budget = "3 bd";
  days.elapsed_unit = BusinessUnit::bd;
  days.elapsed_business = 2;
  days.elapsed_working_days = 2;
  PromiseFigures f = figures_of(days);
  report::add(f, hour("met", "2026-03-02T09:30"));
  CHECK(*f.elapsed_mean("bd") == 2);
  CHECK(*f.elapsed_mean("h") == 0.5);
}

TEST_CASE("the average of a group is kept or broken, no round of it") {
  ClockInfo quick = hour("met", "2026-03-02T09:30");
  quick.mean = true;
  ClockInfo slow = hour("met", "2026-03-02T10:24");
  slow.mean = true;
  PromiseFigures f = figures_of(quick);
  report::add(f, slow);
  CHECK(f.kept + f.broken == 0);
  CHECK(f.averages.at("p/c").percent() == doctest::Approx(95));
  CHECK(f.averages_kept() == 1);
  report::add(f, slow);
  CHECK(f.averages_kept() == 0);
  CHECK(f.averages_broken() == 1);
  // Two averages in one group are judged one by one.
  quick.clock = "other";
  report::add(f, quick);
  CHECK(f.averages_kept() == 1);
  CHECK(f.averages_broken() == 1);
}

TEST_CASE("provisional counts only while it is open") {
  ClockInfo open = hour("running", "2026-03-02T09:30");
  open.provisional = true;
  CHECK(figures_of(open).provisional == 1);
  ClockInfo over = hour("met", "2026-03-02T09:30");
  over.provisional = true;
  CHECK(figures_of(over).provisional == 0);
}

TEST_CASE("groups come sorted, and as CSV with quotes where they are needed") {
  report::Tally tally({"company", "clock"});
  tally.add({{std::string("b, \"east\""), std::string("c")}}, hour("met", "2026-03-02T09:30"));
  tally.add({{std::string(), std::string("c")}}, hour("met", "2026-03-02T10:30", true));
  tally.add({{std::string("b, \"east\""), std::string("c")}}, hour("running", "2026-03-02T09:30"));
  const report::PromiseReport report = std::move(tally).report();
  REQUIRE(report.rows.size() == 2);
  CHECK(report.rows[0].keys == std::vector<std::string>{"", "c"});
  CHECK(report.rows[1].figures.rounds == 2);
  CHECK(report.rows[1].name == "The promise");
  CHECK(report.total.rounds == 3);
  const std::string csv = report::to_csv(report);
  CHECK(csv.starts_with("company,clock,name,rounds,finished,open,cancelled,kept,broken,kept_share,"));
  CHECK(csv.find("\r\n,c,The promise,1,1,0,0,0,1,0,1800,1800,,,1.5,0,0,,0,0\r\n") != std::string::npos);
  CHECK(csv.find("\r\n\"b, \"\"east\"\"\",c,The promise,2,1,1,0,1,0,1,,,,,0.5,0,0,,0,0\r\n") != std::string::npos);
  const Value value = report::to_value(report);
  const Value* rows = value.context()->find("rows");
  REQUIRE(rows != nullptr);
  CHECK(rows->list()->at(0).context()->find("company")->is_null());
  CHECK(*value.context()->find("total")->context()->find("kept_share")->number() == *Decimal::from_double(0.5));
}

TEST_CASE("places follow a history") {
  report::Places places;
  const auto tell = [&](const char* what, int key, const char* path) {
    HistoryInfo entry;
    entry.event = what;
    entry.details = Context{{"element", path}, {"key", key}};
    places.follow(entry);
    return places.text();
  };
  CHECK(tell("element-entered", 1, "repair") == "");
  CHECK(tell("element-entered", 2, "reported") == "reported");
  CHECK(tell("element-completed", 2, "reported") == "");
  CHECK(tell("element-entered", 3, "handle") == "handle");
  CHECK(tell("element-entered", 4, "handle/arrive") == "handle/arrive");
  CHECK(tell("element-entered", 5, "explain") == "explain, handle/arrive");
  CHECK(tell("element-entered", 6, "explain/apology") == "explain/apology, handle/arrive");
  CHECK(tell("clock-marked", 6, "explain/apology") == "explain/apology, handle/arrive");
  CHECK(tell("element-terminated", 4, "handle/arrive") == "explain/apology, handle");
}
