// What lists say of a clock that stands still, of a budget of several units, and of clocks after their end.
#include <fmt/format.h>

#include <algorithm>

#include "support.hpp"

namespace switchboard::testing {

namespace {

constexpr std::string_view held = R"(
switchboard: 1
process: held
calendar: office
data: {late: any, planned: date}
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, due: 2 bd, next: wait}
  wait: {type: userTask, next: note}
  note: {type: scriptTask, set: {late: 'sla("days").late'}, next: done}
  done: {type: endEvent}
sla:
  hours: {start: {process: started}, stop: {process: ended}, within: 4 bh}
  mixed: {start: {process: started}, stop: {process: ended}, within: 1 bd 4 bh}
  days: {start: {process: started}, stop: {completed: work}, within: 1 bd}
  b-first: {start: {process: started}, stop: {process: ended}, within: 3 bd}
  a-second: {start: {process: started}, stop: {process: ended}, by: 'sla("b-first").due + duration("PT1H")'}
)";

std::string office(std::string_view off = "x: 01-01") {
  return fmt::format(
      "switchboard: 1\ncalendar: office\nname: Office\nzone: Asia/Shanghai\nweek: {{mon-fri: 09:00-17:00, sat-sun: closed}}\n"
      "first-year: 2026\npublished-through: 2026\nyears: {{2026: {{source: here, off: {{{}}}}}}}\n",
      off);
}

InstanceId begun(World& w, const std::string& number = "A") {
  must(w.engine().add_resource(office(), "office.yaml"));
  must(w.engine().deploy(held, "held.yaml"));
  return w.start("held", number).instance;
}

void change(World& w, const InstanceId& id, std::string_view clock, ClockChange what) {
  must(w.engine().change_clock(id, clock, what, "", "flood", {.by = "li"}));
}

std::vector<std::string> clocks(World& w, const Find& find) {
  std::vector<std::string> names;
  for (const ClockInfo& c : must(w.engine().clocks(find))) names.push_back(c.clock);
  return names;
}

}  // namespace

TEST_CASE("a clock on hold is due before no instant, and stands behind all the others") {
  on_both_stores([](World& w) {
    const InstanceId id = begun(w);
    w.now = t0 + Duration::hours(1);
    change(w, id, "hours", ClockChange::pause);
    const Instant stored = clock_of(w.engine(), "A", "hours").due;
    CHECK(stored == t0 + Duration::hours(4));
    w.now = t0 + Duration::hours(24);
    // It has three open hours left.
    CHECK(clock_of(w.engine(), "A", "hours").due == t0 + Duration::hours(27));
    CHECK(clock_of(w.engine(), "A", "hours").on_hold);
    CHECK_FALSE(clock_of(w.engine(), "A", "mixed").on_hold);
    Find find;
    find.open_only = true;
    find.due_before = t0 + Duration::days(3);
    CHECK(clocks(w, find) == std::vector<std::string>{"days", "mixed"});
    find.due_before = Instant::max();
    CHECK(clocks(w, find) == std::vector<std::string>{"days", "mixed", "b-first", "a-second", "hours"});
    find.limit = 4;
    CHECK(clocks(w, find) == std::vector<std::string>{"days", "mixed", "b-first", "a-second"});
    find.limit = 10;
    find.due_after = t0 + Duration::days(3);
    CHECK(clocks(w, find) == std::vector<std::string>{"b-first", "a-second", "hours"});
    change(w, id, "hours", ClockChange::resume);
    CHECK(clock_of(w.engine(), "A", "hours").due == t0 + Duration::hours(27));
    CHECK_FALSE(clock_of(w.engine(), "A", "hours").on_hold);
  });
}

TEST_CASE("a clock that was late before it was held stays among those that are due") {
  on_both_stores([](World& w) {
    const InstanceId id = begun(w);
    w.now = t0 + Duration::hours(5);
    change(w, id, "hours", ClockChange::pause);
    w.now = t0 + Duration::hours(48);
    Find find;
    find.clock = "hours";
    find.open_only = true;
    find.due_before = w.now;
    CHECK(clocks(w, find) == std::vector<std::string>{"hours"});
    CHECK_FALSE(clock_of(w.engine(), "A", "hours").on_hold);
    CHECK(clock_of(w.engine(), "A", "hours").breached);
  });
}

TEST_CASE("what a budget of several units has used up leaves its pauses out") {
  on_both_stores([](World& w) {
    const InstanceId id = begun(w);
    w.now = t0 + Duration::hours(2);
    change(w, id, "mixed", ClockChange::pause);
    w.now = t0 + Duration::hours(50);
    change(w, id, "mixed", ClockChange::resume);
    w.now = t0 + Duration::hours(51);
    const ClockInfo mixed = clock_of(w.engine(), "A", "mixed");
    CHECK(mixed.elapsed_unit == BusinessUnit::h);
    CHECK(mixed.elapsed_business == doctest::Approx(3));
    CHECK(mixed.business_left.empty());
    CHECK(clock_of(w.engine(), "A", "hours").elapsed_unit == BusinessUnit::bh);
  });
}

TEST_CASE("how late a clock was at its end stays, whatever becomes of its calendar") {
  on_both_stores([](World& w) {
    begun(w);
    w.now = t0 + Duration::days(3);  // Thursday: due at the end of Tuesday
    w.complete("A", "work");
    must(w.engine().add_resource(office("a: 03-03, b: 03-04"), "office.yaml"));
    w.now = w.now + Duration::hours(1);
    must(w.engine().tick(1000));
    w.complete("A", "wait");
    CHECK(w.data("A", "late") == Value(2));
  });
}

TEST_CASE("a clock that another one moves because of a calendar says so, and from where it moved") {
  on_both_stores([](World& w) {
    const InstanceId id = begun(w);
    const Instant before = clock_of(w.engine(), "A", "a-second").due;
    must(w.engine().add_resource(office("a: 03-04"), "office.yaml"));
    must(w.engine().tick(1000));
    int moved = 0;
    for (const HistoryInfo& h : must(w.engine().history(id, 0, 1000))) {
      if (h.event != "clock-moved") continue;
      const Context& details = *h.details.context();
      CHECK(*details.find("reason")->string() == "calendar 'office' was changed");
      if (*details.find("clock")->string() == "a-second" && details.find("due_before") != nullptr &&
          parse_instant(*details.find("due_before")->string()) == before)
        ++moved;
    }
    CHECK(moved == 1);
    CHECK(clock_of(w.engine(), "A", "a-second").due == before + Duration::days(1));
  });
}

TEST_CASE("calendars that cases have still to follow are told") {
  on_both_stores([](World& w) {
    begun(w);
    CHECK(must(w.engine().names(NameKind::pending_calendar)).empty());
    must(w.engine().add_resource(office("a: 03-04"), "office.yaml"));
    CHECK(must(w.engine().names(NameKind::pending_calendar)) == std::vector<std::string>{"office"});
    must(w.engine().tick(1000));
    CHECK(must(w.engine().names(NameKind::pending_calendar)).empty());
  });
}

TEST_CASE("when work should be done follows a changed calendar too") {
  on_both_stores([](World& w) {
    const InstanceId id = begun(w);
    const auto due = [&] {
      Find find;
      find.case_no = "A";
      return must(w.engine().work(find)).front().due.value_or(Instant{});
    };
    const Instant before = due();
    must(w.engine().add_resource(office("a: 03-03"), "office.yaml"));
    must(w.engine().tick(1000));
    CHECK(due() == before + Duration::days(1));
    const auto history = must(w.engine().history(id, 0, 1000));
    const auto moved = std::find_if(history.begin(), history.end(), [](const HistoryInfo& h) { return h.event == "work-moved"; });
    REQUIRE(moved != history.end());
    CHECK(parse_instant(*moved->details.context()->find("due_before")->string()) == before);
    CHECK(*moved->details.context()->find("element")->string() == "work");
  });
}

}  // namespace switchboard::testing
