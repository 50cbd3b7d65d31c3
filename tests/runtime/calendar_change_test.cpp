// Open cases follow a calendar that becomes another: with each tick, some at a time, counted again or from now on.
#include <fmt/format.h>

#include "support.hpp"

namespace switchboard::testing {

namespace {

std::string office_text(std::string_view hours, std::string_view off = "") {
  return fmt::format(
      "switchboard: 1\ncalendar: office\nname: Office\nzone: Asia/Shanghai\nweek: {{mon-fri: {}, sat-sun: closed}}\n{}", hours,
      off.empty() ? std::string() : fmt::format("first-year: 2026\npublished-through: 2026\nyears: {{2026: {{source: here, off: {{{}}}}}}}\n", off));
}

constexpr std::string_view branch_text = "switchboard: 1\ncalendar: branch\nname: Branch\nextends: office\n";

std::string promised(std::string_view id, std::string_view calendar) {
  return fmt::format(R"(
switchboard: 1
process: {}
calendar: {}
nodes:
  begin: {{type: startEvent, next: work}}
  work: {{type: userTask, next: wait}}
  wait: {{type: userTask, next: done}}
  done: {{type: endEvent}}
sla:
  days: {{start: {{process: started}}, stop: {{process: ended}}, within: 3 bd}}
  hours: {{start: {{process: started}}, stop: {{process: ended}}, within: 4 bh}}
  later: {{start: {{entered: wait}}, stop: {{completed: wait}}, within: 1 bh}}
)",
                     id, calendar);
}

void deploy_on(Engine& engine, std::string_view calendar = "office") {
  must(engine.add_resource(office_text("09:00-17:00"), "office.yaml"));
  must(engine.add_resource(branch_text, "branch.yaml"));
  must(engine.deploy(promised("promised", calendar), "promised.yaml"));
}

std::string due(Engine& engine, const std::string& clock, const std::string& case_no = "A") {
  return to_string(clock_of(engine, case_no, clock).due + Duration::hours(8)).substr(5, 11);  // as the clocks of Shanghai show it
}

}  // namespace

TEST_CASE("other days are a correction: everything is counted again, with the next tick") {
  on_both_stores([](World& w) {
    deploy_on(w.engine());
    w.start("promised", "A");
    CHECK(due(w.engine(), "days") == "03-06T00:00");
    CHECK(due(w.engine(), "hours") == "03-02T13:00");
    must(w.engine().add_resource(office_text("09:00-17:00", "a: 03-02, b: 03-04"), "office.yaml"));
    CHECK(due(w.engine(), "days") == "03-06T00:00");
    const TickReport report = must(w.engine().tick(1000));
    CHECK(report.rederived == 1);
    CHECK(due(w.engine(), "days") == "03-07T00:00");
    CHECK(due(w.engine(), "hours") == "03-03T13:00");
    CHECK(clock_of(w.engine(), "A", "days").original_due != clock_of(w.engine(), "A", "days").due);
    CHECK(must(w.engine().tick(1000)).rederived == 0);
  });
}

TEST_CASE("other opening hours count from now on, unless told otherwise") {
  on_both_stores([](World& w) {
    deploy_on(w.engine());
    w.start("promised", "A");
    w.now = t0 + Duration::hours(2);
    must(w.engine().add_resource(office_text("13:00-17:00"), "office.yaml"));
    CHECK(must(w.engine().tick(1000)).rederived == 1);
    // Two of four hours were used up from nine to eleven; the other two begin at one.
    CHECK(due(w.engine(), "hours") == "03-02T15:00");
    CHECK(due(w.engine(), "days") == "03-06T00:00");
    w.start("promised", "B");
    must(w.engine().add_resource(office_text("14:00-17:00"), "office.yaml", CalendarChange::recount));
    must(w.engine().tick(1000));
    CHECK(due(w.engine(), "hours", "B") == "03-03T15:00");
    // What was left at eleven is counted again from there.
    CHECK(due(w.engine(), "hours") == "03-02T16:00");
    must(w.engine().add_resource(office_text("14:00-17:00", "a: 03-02"), "office.yaml", CalendarChange::from_now));
    must(w.engine().tick(1000));
    CHECK(due(w.engine(), "hours") == "03-03T16:00");
  });
}

TEST_CASE("a promise that is missed stays missed, and one exactly due is in time") {
  on_both_stores([](World& w) {
    deploy_on(w.engine());
    w.start("promised", "A");
    w.now = t0 + Duration::hours(4) + Duration::micros(1);
    must(w.engine().add_resource(office_text("09:00-17:00", "a: 03-02"), "office.yaml"));
    must(w.engine().tick(1000));
    CHECK(due(w.engine(), "hours") == "03-02T13:00");
    CHECK(clock_of(w.engine(), "A", "hours").breached);
    w.now = t0 + Duration::hours(24);
    w.start("promised", "B");
    w.now = w.now + Duration::hours(4);
    must(w.engine().add_resource(office_text("09:00-17:00", "a: 03-02, b: 03-03"), "office.yaml"));
    must(w.engine().tick(1000));
    CHECK(due(w.engine(), "hours", "B") == "03-04T13:00");
    CHECK_FALSE(clock_of(w.engine(), "B", "hours").breached);
  });
}

TEST_CASE("a calendar that extends the changed one takes its cases with it, others are left alone") {
  on_both_stores([](World& w) {
    deploy_on(w.engine(), "branch");
    must(w.engine().deploy(promised("elsewhere", "24x7@Asia/Shanghai"), "elsewhere.yaml"));
    w.start("promised", "A");
    w.start("elsewhere", "C");
    must(w.engine().add_resource(office_text("09:00-17:00", "b: 03-04"), "office.yaml"));
    CHECK(must(w.engine().tick(1000)).rederived == 1);
    CHECK(due(w.engine(), "days") == "03-07T00:00");
    CHECK(due(w.engine(), "days", "C") == "03-06T00:00");
  });
}

TEST_CASE("a tick derives no more cases than it is told, and the next one goes on, also after a restart") {
  on_both_stores([](World& w) {
    deploy_on(w.engine());
    for (int i = 0; i < 30; ++i) w.start("promised", fmt::format("C-{}", i));
    must(w.engine().add_resource(office_text("09:00-17:00", "b: 03-04"), "office.yaml"));
    CHECK(must(w.engine().tick(12)).rederived == 12);
    w.reopen();
    CHECK(must(w.engine().tick(12)).rederived == 12);
    CHECK(must(w.engine().tick(12)).rederived == 6);
    for (int i = 0; i < 30; ++i) CHECK(due(w.engine(), "days", fmt::format("C-{}", i)) == "03-07T00:00");
  });
}

TEST_CASE("an engine that knows the calendar of before promises nothing on it any more") {
  World w(true);
  deploy_on(w.engine());
  w.start("promised", "A");
  const auto other = w.another();
  // It has the case and its definition in memory.
  must(other->set_data(must(other->instances({})).front().instance, Value(Context{})));
  must(w.engine().add_resource(office_text("14:00-17:00"), "office.yaml"));
  must(w.engine().tick(1000));
  StartOptions options;
  options.case_no = "B";
  must(other->start("promised", {}, options));
  CHECK(due(w.engine(), "hours", "B") == "03-03T15:00");
  Find find;
  find.case_no = "A";
  must(other->complete(must(other->work(find)).front().work, {}));
  CHECK(due(w.engine(), "later") == "03-02T15:00");
  CHECK(w.violations().empty());
}

TEST_CASE("a case follows before its next command, from the instant of the change on, whenever the tick comes") {
  on_both_stores([](World& w) {
    deploy_on(w.engine());
    for (const std::string number : {"A", "B", "C"}) w.start("promised", number);
    w.now = t0 + Duration::hours(2);
    must(w.engine().add_resource(office_text("13:00-17:00"), "office.yaml"));
    w.now = t0 + Duration::hours(5);
    // A is ticked, B gets a command first, C is asked for.
    const InstanceId b = w.find("B").instance;
    must(w.engine().set_data(b, Value(Context{})));
    const std::string of_b = due(w.engine(), "hours", "B");
    must(w.engine().tick(1000));
    CHECK(of_b == "03-02T15:00");
    for (const std::string number : {"A", "B", "C"}) CHECK(due(w.engine(), "hours", number) == "03-02T15:00");
    int moved = 0;
    for (const HistoryInfo& h : must(w.engine().history(b, 0, 1000)))
      if (h.event == "clock-moved" && h.at == t0 + Duration::hours(2)) ++moved;
    CHECK(moved > 0);
  });
}

TEST_CASE("what was a holiday in time breaks no promise, however late and small the ticks are") {
  on_both_stores([](World& w) {
    deploy_on(w.engine());
    for (int i = 0; i < 10; ++i) w.start("promised", fmt::format("C-{}", i));
    must(w.engine().add_resource(office_text("09:00-17:00", "a: 03-03"), "office.yaml"));
    w.now = t0 + Duration::hours(24 * 4);  // due on Friday at 00:00 without the holiday
    std::size_t left = 100;
    for (; left > 0 && must(w.engine().tick(3)).next_due.value_or(w.now + Duration::hours(1)) <= w.now; --left) {
    }
    CHECK(left > 0);
    for (int i = 0; i < 10; ++i) {
      CHECK(due(w.engine(), "days", fmt::format("C-{}", i)) == "03-07T00:00");
      CHECK_FALSE(clock_of(w.engine(), fmt::format("C-{}", i), "days").breached);
    }
  });
}

TEST_CASE("two changes before the first tick are two changes, also at one instant") {
  for (const Duration between : {Duration::hours(1), Duration{}})
    on_both_stores([between](World& w) {
      deploy_on(w.engine());
      w.start("promised", "A");
      w.now = t0 + Duration::hours(2);
      must(w.engine().add_resource(office_text("09:00-17:00", "b: 03-04"), "office.yaml"));
      w.now = w.now + between;
      must(w.engine().add_resource(office_text("13:00-17:00", "b: 03-04"), "office.yaml"));
      w.now = t0 + Duration::hours(3);
      must(w.engine().tick(1000));
      // Two or three of four hours were used up.
      CHECK(due(w.engine(), "hours") == (between == Duration{} ? "03-02T15:00" : "03-02T14:00"));
      CHECK(due(w.engine(), "days") == "03-07T00:00");
    });
}

TEST_CASE("what has ended keeps what it had used up, whatever becomes of its calendar") {
  on_both_stores([](World& w) {
    deploy_on(w.engine());
    w.start("promised", "A");
    w.now = t0 + Duration::hours(2);
    w.complete("A", "work");
    w.complete("A", "wait");
    const ClockInfo before = clock_of(w.engine(), "A", "hours");
    CHECK(before.elapsed_working == Duration::hours(2));
    must(w.engine().add_resource(office_text("13:00-17:00"), "office.yaml"));
    w.now = t0 + Duration::hours(24);
    must(w.engine().tick(1000));
    w.reopen();
    const ClockInfo after = clock_of(w.engine(), "A", "hours");
    CHECK(after.elapsed_working == before.elapsed_working);
    CHECK(after.percent == before.percent);
    CHECK(after.due == before.due);
  });
}

TEST_CASE("a text that holds already can be counted again") {
  on_both_stores([](World& w) {
    deploy_on(w.engine());
    w.start("promised", "A");
    w.now = t0 + Duration::hours(2);
    must(w.engine().add_resource(office_text("13:00-17:00"), "office.yaml"));
    must(w.engine().add_resource(office_text("13:00-17:00"), "office.yaml", CalendarChange::recount));
    CHECK(must(w.engine().tick(1000)).rederived == 1);
    CHECK(due(w.engine(), "hours") == "03-02T15:00");
  });
}

}  // namespace switchboard::testing
