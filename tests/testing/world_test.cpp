// Cases in a world of their own: time, calls, messages, copies, and walks by chance.
#include <doctest/doctest.h>

#include <iostream>
#include <string>

#include "notation/load.hpp"
#include "testing/player.hpp"
#include "testing/runner.hpp"
#include "testing/world.hpp"

using namespace switchboard;
using namespace switchboard::testing;

namespace {

constexpr const char* caller = R"(switchboard: 1
process: caller
calendar: 24x7@Asia/Shanghai
data:
  answer: string
  picked: {enum: [a, b], default: a}
nodes:
  begin: {type: startEvent, next: ask}
  ask: {type: callActivity, process: helper, out: {answer: answer}, next: wait}
  wait:
    type: userTask
    groups: [crew]
    form: [picked]
    boundary:
      late: {timer: {after: 2 h}, interrupting: true, next: given-up}
      changed: {message: changed, interrupting: false, next: noted}
    next: which
  which:
    type: exclusiveGateway
    next:
      - {if: picked = "a", to: done}
      - {else: other}
  noted: {type: endEvent}
  given-up: {type: endEvent}
  done: {type: endEvent}
  other: {type: endEvent}
sla:
  promise:
    start: {process: started}
    within: 1 h
    marks: [{at: 50%, feedback: soon}, {at: breach, escalate: late}]
feedback:
  soon: {channels: [sms], text: "{{case_no}}"}
)";

constexpr const char* helper = R"(switchboard: 1
process: helper
calendar: 24x7@Asia/Shanghai
data: {answer: string}
nodes:
  begin: {type: startEvent, next: dial}
  dial: {type: userTask, groups: [crew], form: [answer], next: done}
  done: {type: endEvent}
)";

model::ExecutablePtr compiled(const char* text) {
  const auto loaded = notation::load_process(text, "test.yaml");
  for (const auto& d : loaded.diagnostics) MESSAGE(d.text());
  REQUIRE(loaded.value.has_value());
  const model::CompileResult result = model::compile(*loaded.value, {}, text);
  for (const auto& d : result.diagnostics) MESSAGE(d.text());
  REQUIRE(result.process != nullptr);
  return result.process;
}

DefinitionsPtr definitions() {
  auto all = std::make_shared<Definitions>();
  all->processes.emplace("caller", compiled(caller));
  all->processes.emplace("helper", compiled(helper));
  return all;
}

Instant at(const char* text) { return *parse_instant(text, "Asia/Shanghai"); }

struct Table {
  World world{definitions(), at("2026-03-02T09:00")};
  InstanceKey root;
  Table() {
    const auto started = world.start("caller", "C-1", Context{}, "");
    REQUIRE(started);
    root = started.value();
  }
  std::string places(bool inside_calls = true) const {
    std::string text;
    for (const Spot& spot : world.positions(root, inside_calls)) text += (text.empty() ? "" : " ") + spot.path;
    return text;
  }
  void complete(const std::string& path, const Value& data) {
    for (const OpenWork& w : world.open_work(root)) {
      if (w.path != path) continue;
      REQUIRE(world.submit(w.instance, core::CompleteWork{w.work, data, ""}));
      return;
    }
    FAIL("no open work at " << path);
  }
  std::size_t told(Told::Kind kind) const {
    std::size_t count = 0;
    for (const Told& t : world.told()) count += t.kind == kind ? 1 : 0;
    return count;
  }
};

}  // namespace

TEST_CASE("a called case is part of its caller's family, and hands its data back") {
  Table t;
  CHECK(t.places() == "ask ask/dial");
  CHECK(t.places(false) == "ask");
  CHECK(t.world.instances().size() == 2);
  CHECK(t.world.instances()[1].case_no == "C-1");
  t.complete("ask/dial", Context{{"answer", "yes"}});
  CHECK(t.places() == "wait");
  CHECK(t.world.find(t.root)->data[0] == Value("yes"));
  CHECK(t.world.prefix_of(t.root, t.world.instances()[1].key) == "ask/");  // also after the call has ended
}

TEST_CASE("time passes over everything that is due, in order and at its own instant") {
  Table t;
  t.complete("ask/dial", Context{});
  REQUIRE(t.world.advance_to(at("2026-03-02T12:00")));
  CHECK(t.world.now() == at("2026-03-02T12:00"));
  CHECK(core::is_finished(t.world.find(t.root)->state));
  CHECK(t.told(Told::Kind::feedback) == 1);
  CHECK(t.told(Told::Kind::escalation) == 1);
  std::vector<Instant> instants;
  for (const Entry& e : t.world.diary()) {
    if (std::holds_alternative<core::ClockMarked>(e.event.body) || std::holds_alternative<core::TimerFired>(e.event.body))
      instants.push_back(e.event.at);
  }
  CHECK(instants ==
        std::vector{at("2026-03-02T09:30"), at("2026-03-02T10:00") + Duration::micros(1), at("2026-03-02T11:00")});  // exactly due is in time
  CHECK_FALSE(t.world.next_due());
}

TEST_CASE("what is due when it is set fires at once") {
  auto all = std::make_shared<Definitions>();
  all->processes.emplace("late", compiled(R"(switchboard: 1
process: late
calendar: 24x7@Asia/Shanghai
data: {until: date-time}
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, groups: [crew], form: [until], next: wait}
  wait: {type: intermediateCatchEvent, timer: {at: until}, next: again}
  again: {type: userTask, groups: [crew], next: done, boundary: {over: {timer: {at: until}, next: done}}}
  done: {type: endEvent}
)"));
  World world(all, at("2026-03-02T09:00"));
  const auto root = world.start("late", "C", Context{}, "");
  REQUIRE(root);
  REQUIRE(world.submit(root.value(), core::CompleteWork{world.open_work(root.value()).front().work, Context{{"until", "2026-03-02T08:00:00"}}, ""}));
  CHECK(core::is_finished(world.find(root.value())->state));
  CHECK(world.now() == at("2026-03-02T09:00"));
}

TEST_CASE("a copy is another future") {
  Table t;
  t.complete("ask/dial", Context{});
  const Table before = t;
  t.complete("wait", Context{{"picked", "b"}});
  CHECK(core::is_finished(t.world.find(t.root)->state));
  CHECK(before.places() == "wait");
}

TEST_CASE("messages go to who waits, and refusals say so") {
  Table t;
  CHECK(t.world.message("changed", "C-1", Context{}).error().id == "SB0506");
  t.complete("ask/dial", Context{});
  REQUIRE(t.world.message("changed", "C-1", Context{}));
  CHECK(t.world.message("changed", "C-2", Context{}).error().id == "SB0506");
  CHECK(t.world.signal("nothing", Context{}).value() == 0);
  CHECK(t.world.start("nowhere", "C-2", Context{}, "").error().id == "SB0902");
  CHECK(t.world.start("caller", "C-2", Context{}, "no-such-start").error().id == "SB0903");
}

TEST_CASE("made-up values pass the door, and the same seed gives the same") {
  const DefinitionsPtr all = definitions();
  const auto process = compiled(R"(switchboard: 1
process: many
calendar: 24x7@Asia/Shanghai
data:
  small: {type: number, min: 3, max: 5}
  text: {type: string, min: 2, max: 3}
  one: {enum: [x, y, z]}
  several: {type: list<string>}
  day: {type: date, min: "2026-01-01", max: "2026-12-31"}
  time: date-time
  long: duration
  months: months-duration
  yes: boolean
  all: list<number>
nodes:
  begin: {type: startEvent, next: done}
  done: {type: endEvent}
)");
  Dice first(7), second(7);
  for (int i = 0; i < 500; ++i) {
    for (const model::DataSpec& spec : process->data) {
      const Value v = first.value_for(spec, at("2026-03-02T09:00"), "Asia/Shanghai");
      CAPTURE(spec.name);
      CAPTURE(to_feel(v));
      CHECK_FALSE(v.is_null());
      CHECK(model::admit(spec, v));
      CHECK(v == second.value_for(spec, at("2026-03-02T09:00"), "Asia/Shanghai"));
    }
  }
}

TEST_CASE("walks by chance end, take every way out, and repeat") {
  Coverage coverage;
  const DefinitionsPtr all = definitions();
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    Dice dice(seed);
    World world(all, at("2026-03-02T09:00"));
    const auto root = world.start("caller", "C", testing::made_up_data(*all->find("caller"), world.now(), dice), "");
    REQUIRE(root);
    const Walk walk = play_out(world, root.value(), dice, 500);
    CAPTURE(seed);
    CAPTURE(walk.stopped);
    CHECK(walk.ended);
    coverage.add(world);
  }
  CHECK(coverage.missing(*all->find("caller")) == std::vector<std::string>{});
}

TEST_CASE("a walk that cannot end says so") {
  auto all = std::make_shared<Definitions>();
  all->processes.emplace("round", compiled(R"(switchboard: 1
process: round
calendar: 24x7@Asia/Shanghai
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, groups: [crew], next: work}
)"));
  Dice dice(1);
  World world(all, at("2026-03-02T09:00"));
  const auto root = world.start("round", "C", Context{}, "");
  REQUIRE(root);
  const Walk walk = play_out(world, root.value(), dice, 50);
  CHECK_FALSE(walk.ended);
  CHECK(walk.stopped == "not over after 50 steps");
}

TEST_CASE("timers that are due when they are set do not go on for ever: the case stands aside, others go on") {
  constexpr const char* loop = R"(switchboard: 1
process: loop
calendar: 24x7@Asia/Shanghai
data: {wait: string}
nodes:
  s: {type: startEvent, next: g}
  g: {type: exclusiveGateway, next: t}
  t: {type: intermediateCatchEvent, timer: {after: wait}, next: g}
)";
  auto all = std::make_shared<Definitions>();
  all->processes.emplace("loop", compiled(loop));
  World world(all, at("2026-03-02T09:00"));
  REQUIRE(world.start("loop", "B", Context{{"wait", "1 min"}}, ""));
  REQUIRE(world.start("loop", "A", Context{{"wait", "0 s"}}, ""));
  REQUIRE(world.advance_to(at("2026-03-04T09:00")));
  REQUIRE(world.told().size() == 1);
  CHECK(world.told()[0].name == "SB0532");
  CHECK(world.told()[0].at == at("2026-03-02T09:00"));
  CHECK(world.instances()[0].incidents.empty());  // 2,880 minutes later
  CHECK(world.instances()[0].timers.size() == 1);
}
