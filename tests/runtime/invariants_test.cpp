// One instance damaged in exactly one place: the invariant that forbids it must say so.
#include "runtime/invariants.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "notation/load.hpp"
#include "store/projection.hpp"
#include "support.hpp"

namespace switchboard::testing {

namespace {

constexpr std::string_view text = R"(switchboard: 1
process: everything
calendar: 24x7@Asia/Shanghai
nodes:
  begin: {type: startEvent, next: fork}
  fork: {type: parallelGateway, next: [approve, bill, ask, paid, told, wait, race, sub, ready]}
  approve:
    type: userTask
    next: join
    boundary:
      late: {timer: {after: 3 h}, interrupting: true, next: done}
  bill: {type: serviceTask, next: join}
  ask: {type: callActivity, process: other, next: join}
  paid: {type: receiveTask, message: paid, next: join}
  told: {type: intermediateCatchEvent, signal: go, next: join}
  wait: {type: intermediateCatchEvent, timer: {after: 2 h}, next: join}
  race: {type: eventBasedGateway, next: [first, second]}
  first: {type: intermediateCatchEvent, message: one, next: join}
  second: {type: intermediateCatchEvent, timer: {after: 5 h}, next: join}
  sub:
    type: subProcess
    next: join
    nodes:
      s: {type: startEvent, next: inner}
      inner: {type: userTask, next: e}
      e: {type: endEvent}
  ready: {type: task, next: join}
  join: {type: parallelGateway, next: done}
  done: {type: endEvent}
  help:
    type: eventSubProcess
    nodes:
      s: {type: startEvent, message: help, next: e}
      e: {type: endEvent}
messages: {paid: {}, one: {}, help: {}}
sla:
  promise: {start: {process: started}, within: 4 h, marks: [{at: 50%, feedback: half}]}
  days: {start: {process: started}, within: 3 bd}
feedback:
  half: {channels: [sms], text: half}
  welcome: {on: {process: started}, channels: [sms], text: welcome}
)";

struct Sound {
  model::ExecutablePtr process;
  core::ProcessInstance instance;
  std::vector<store::HistoryRow> history;
  std::vector<store::OutboxRow> outbox;
};

Sound sound() {
  Sound s;
  const auto loaded = notation::load_process(std::string(text), "everything.yaml");
  REQUIRE(loaded.value);
  model::Library library;
  library.calendars["24x7@Asia/Shanghai"] = calendar::BusinessCalendar::always("24x7@Asia/Shanghai", "Asia/Shanghai").value();
  auto compiled = model::compile(*loaded.value, library, std::string(text));
  for (const auto& d : compiled.diagnostics) INFO(d.text());
  REQUIRE(compiled.process);
  s.process = compiled.process;
  core::StartInstance start;
  start.key = {1};
  start.case_no = "C-1";
  auto result = core::step(*s.process, {}, {"", t0, start});
  REQUIRE_FALSE(result.rejection);
  s.instance = std::move(result.instance);
  for (const core::Event& e : result.events) s.history.push_back({{1}, e, {}});
  s.outbox = store::outbox_of(*s.process, s.instance, core::effects(*s.process, s.instance, result.events), t0);
  return s;
}

std::string violations(const Sound& s, const core::ProcessInstance& i) {
  std::vector<std::string> found;
  runtime::check_state(*s.process, i, [&](const std::string& line) { found.push_back(line); });
  return fmt::format("{}", fmt::join(found, "; "));
}

core::ElementKey token_on(const Sound& s, std::string_view path) {
  for (const auto& e : s.instance.elements)
    if (s.process->at(e.element).path == path) return e.key;
  FAIL("no token on " << std::string(path));
  return {};
}

template <class T>
void take_from(core::Parts<T>& all, core::ElementKey owner) {
  const auto its = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.element_key == owner; });
  REQUIRE(its != all.end());
  all.erase(decltype(T::key)(its->key));
}

template <class T>
T& first(core::Parts<T>& all) {
  return all.edit(all.front().key);
}
template <class T>
T& last(core::Parts<T>& all) {
  return all.edit(all.back().key);
}

/// `change` damages a copy; the finding must name what it is about.
template <class Change>
void must_say(const Sound& s, const std::string& wanted, Change change) {
  core::ProcessInstance i = s.instance;
  change(i);
  const std::string said = violations(s, i);
  CHECK_MESSAGE(said.find(wanted) != std::string::npos, "wanted: " << wanted << "\n  said: " << said);
}

}  // namespace

TEST_CASE("a sound instance violates nothing") {
  const Sound s = sound();
  CHECK(violations(s, s.instance) == "");
  std::vector<std::string> found;
  runtime::check_replay(*s.process, s.instance, s.history, s.outbox, std::nullopt, [&](const std::string& line) { found.push_back(line); });
  CHECK(found == std::vector<std::string>{});
}

TEST_CASE("every open token waits for something") {
  const Sound s = sound();
  must_say(s, "'approve' waits for nothing", [&](auto& i) { take_from(i.work, token_on(s, "approve")); });  // its boundary timer is still there
  must_say(s, "'bill' waits for nothing", [&](auto& i) { take_from(i.work, token_on(s, "bill")); });
  must_say(s, "'ask' waits for nothing", [&](auto& i) { take_from(i.calls, token_on(s, "ask")); });
  must_say(s, "'paid' waits for nothing", [&](auto& i) { take_from(i.subscriptions, token_on(s, "paid")); });
  must_say(s, "'told' waits for nothing", [&](auto& i) { take_from(i.subscriptions, token_on(s, "told")); });
  must_say(s, "'wait' waits for nothing", [&](auto& i) { take_from(i.timers, token_on(s, "wait")); });
  must_say(s, "'race' waits for nothing", [&](auto& i) { take_from(i.timers, token_on(s, "race")); });
  must_say(s, "'race' waits for nothing", [&](auto& i) { take_from(i.subscriptions, token_on(s, "race")); });
  must_say(s, "'late' waits for nothing", [&](auto& i) { take_from(i.timers, token_on(s, "approve")); });
  must_say(s, "'help' waits for nothing", [&](auto& i) { take_from(i.subscriptions, core::ElementKey{1}); });
  must_say(s, "'sub' waits for nothing", [&](auto& i) {
    const core::ElementKey inner = token_on(s, "sub/inner");
    take_from(i.work, inner);
    i.elements.erase(inner);
  });
  must_say(s, "which the definition does not have", [](auto& i) { last(i.elements).element = {4711}; });
}

TEST_CASE("every work item, timer, subscription and call belongs to a living token that may have it") {
  const Sound s = sound();
  const core::ElementKey approve = token_on(s, "approve");
  must_say(s, "belongs to no living token", [&](auto& i) { i.elements.erase(approve); });
  must_say(s, "work", [](auto& i) { first(i.work).element_key = {99'999}; });
  must_say(s, "timer", [](auto& i) { first(i.timers).element_key = {99'999}; });
  must_say(s, "subscription", [](auto& i) { first(i.subscriptions).element_key = {99'999}; });
  must_say(s, "call", [](auto& i) { first(i.calls).element_key = {99'999}; });
  must_say(s, "cannot have it", [&](auto& i) { first(i.calls).element_key = approve; });
  must_say(s, "cannot have it", [&](auto& i) { last(i.timers).element_key = token_on(s, "bill"); });
  must_say(s, "out of order", [](auto& i) { i.next_key = i.work.back().key.value; });
  must_say(s, "scope", [&](auto& i) { i.elements.edit(approve).scope = {99'999}; });
  must_say(s, "gateway of scope", [](auto& i) { i.joins.put({{99'999}, i.joins.front().tokens}); });
}

TEST_CASE("what is consumed and what is left are the budget") {
  const Sound s = sound();
  must_say(s, "are not its budget", [](auto& i) { i.clocks[1].due = i.clocks[1].due + Duration::micros(1); });
  must_say(s, "days", [](auto& i) { i.clocks[0].due = i.clocks[0].due + Duration::hours(24); });
  must_say(s, "more is left than its budget", [](auto& i) { ++i.clocks[0].remaining.working_days; });
  must_say(s, "not in the definition", [](auto& i) { i.clocks[0].clock = {9}; });
  must_say(s, "though its case has ended", [](auto& i) {
    i.state = core::InstanceState::completed;
    i.elements.clear();
    i.joins.clear();
    i.work.clear();
    i.timers.clear();
    i.subscriptions.clear();
    i.calls.clear();
  });
  must_say(s, "something in it still waits", [](auto& i) { i.state = core::InstanceState::completed; });
  must_say(s, "has no token", [](auto& i) { i.elements.clear(); });
}

TEST_CASE("the outbox is what the history says, the state is what the events give") {
  const Sound s = sound();
  const auto says = [&](const std::string& wanted, auto change) {
    Sound lie = s;
    change(lie);
    std::string said;
    runtime::check_replay(*s.process, lie.instance, lie.history, lie.outbox, std::nullopt, [&](const std::string& line) { said += line + "; "; });
    CHECK_MESSAGE(said.find(wanted) != std::string::npos, "wanted: " << wanted << "\n  said: " << said);
  };
  REQUIRE(s.outbox.size() == 1);
  says("is missing", [](Sound& l) { l.outbox.clear(); });
  says("follows from nothing", [](Sound& l) {
    l.outbox.push_back(l.outbox.front());
    l.outbox.back().key += "x";
  });
  says("follows from nothing", [](Sound& l) { l.outbox.front().name = "other"; });
  says("follows from nothing", [](Sound& l) { l.outbox.front().body = Value("other"); });
  says("follows from nothing", [](Sound& l) { l.outbox.front().kind = store::OutboxRow::Kind::escalation; });
  says("replayed, do not give its state", [](Sound& l) { l.instance.case_no = "C-2"; });
  says("replayed, do not give its state", [](Sound& l) { l.history.pop_back(); });
  says("stands where event", [](Sound& l) { l.history.erase(l.history.begin() + 3); });
}

}  // namespace switchboard::testing
