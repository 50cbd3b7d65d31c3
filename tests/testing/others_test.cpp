// What cases of a test world do to each other is what they do in the engine: starts, calls, answers, numbers, and what nobody took.
#include <doctest/doctest.h>

#include <initializer_list>
#include <string>

#include "notation/load.hpp"
#include "support/small_process.hpp"
#include "testing/world.hpp"

using namespace switchboard;
using namespace switchboard::testing;
using small::bell, small::caller, small::process, small::thrower, small::waiting, small::word;

namespace {

Instant at(const char* text) { return *parse_instant(text, "UTC"); }

DefinitionsPtr all_of(std::initializer_list<std::string> texts) {
  auto all = std::make_shared<Definitions>();
  for (const std::string& text : texts) {
    const auto loaded = notation::load_process(text, "test.yaml");
    for (const auto& d : loaded.diagnostics) MESSAGE(d.text());
    REQUIRE(loaded.value.has_value());
    const model::CompileResult made = model::compile(*loaded.value, {}, text);
    for (const auto& d : made.diagnostics) MESSAGE(d.text());
    REQUIRE(made.process != nullptr);
    all->processes.emplace(made.process->id, made.process);
  }
  return all;
}

const core::ProcessInstance& last(const World& world) { return world.instances().back(); }

InstanceKey must_start(World& world, std::string_view process, std::string_view number, const Value& data = Context{}) {
  const auto started = world.start(process, number, data, "");
  if (!started) FAIL(started.error().text());
  return started.value();
}

void complete_work(World& world, InstanceKey instance) {
  const core::ProcessInstance* i = world.find(instance);
  REQUIRE(i != nullptr);
  REQUIRE_FALSE(i->work.empty());
  const auto done = world.submit(instance, core::CompleteWork{i->work.front().key, Context{}, ""});
  if (!done) FAIL(done.error().text());
}

}  // namespace

TEST_CASE("a message that starts cases of two processes is refused, from outside and from a case") {
  World world(all_of({waiting("one", "message: word", word), waiting("two", "message: word", word), thrower(word, "message: word")}),
              at("2026-03-02T09:00"));
  CHECK(world.message("word", "C-1", Context{}).error().id == "SB0549");
  CHECK(world.instances().empty());
  must_start(world, "thrower", "T");
  CHECK(world.instances().size() == 1);
  REQUIRE(world.told().size() == 1);
  CHECK(world.told()[0].kind == Told::Kind::incident);  // it was meant for somebody here: nothing for the outside
  CHECK(world.told()[0].name == "SB0549");
}

TEST_CASE("the answer to a suspended caller is kept until it goes on") {
  const std::string works_on = process("caller", "",
                                       "  begin: {type: startEvent, next: ask}\n  ask: {type: callActivity, process: helper, next: work}\n"
                                       "  work: {type: userTask, groups: [crew], next: done}\n  done: {type: endEvent}\n");
  World world(all_of({works_on, waiting("helper", "")}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(world, "caller", "C");
  REQUIRE(world.submit(root, core::SuspendInstance{"audit", "boss"}));
  complete_work(world, last(world).key);
  CHECK(core::is_finished(last(world).state));
  CHECK(world.find(root)->calls.size() == 1);
  REQUIRE(world.advance_to(at("2026-03-02T10:00")));
  CHECK(world.find(root)->calls.size() == 1);
  REQUIRE(world.submit(root, core::ResumeInstance{"boss"}));
  CHECK(world.find(root)->calls.empty());
  CHECK(world.find(root)->work.size() == 1);
  CHECK(world.told().empty());
}

TEST_CASE("a message that is thrown to a suspended case is kept until it goes on; it is not for anybody outside") {
  const std::string catcher = "switchboard: 1\nprocess: catcher\ncalendar: 24x7@UTC\n" + word +
                              "nodes:\n  begin: {type: startEvent, next: hear}\n  hear: {type: intermediateCatchEvent, message: word, next: work}\n"
                              "  work: {type: userTask, groups: [crew], next: done}\n  done: {type: endEvent}\n";
  World world(all_of({catcher, thrower(word, "message: word")}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(world, "catcher", "C");
  REQUIRE(world.submit(root, core::SuspendInstance{"audit", "boss"}));
  CHECK(world.message("word", "C", Context{}).error().id == "SB0506");
  must_start(world, "thrower", "C");
  REQUIRE(world.advance_to(at("2026-03-02T10:00")));
  CHECK(world.told().empty());
  CHECK(world.find(root)->work.empty());
  REQUIRE(world.submit(root, core::ResumeInstance{"boss"}));
  CHECK(world.find(root)->work.size() == 1);
  CHECK(world.told().empty());
}

TEST_CASE("a payload that is no context is refused, not taken for an empty one") {
  World world(all_of({waiting("one", "message: word", word)}), at("2026-03-02T09:00"));
  const auto refused = world.message("word", "C-1", Value("just text"));
  REQUIRE_FALSE(refused);
  CHECK(world.instances().empty());
  REQUIRE(world.message("word", "C-1", Context{}));
  CHECK(world.instances().size() == 1);
}

TEST_CASE("a message that only a clock hears may be for somebody outside as well") {
  const std::string listener = waiting("listener", "", word) + "sla:\n  promise: {start: {process: started}, stop: {message: word}, within: 1 h}\n";
  World world(all_of({listener, thrower(word, "message: word")}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(world, "listener", "C");
  must_start(world, "thrower", "C");
  CHECK(world.find(root)->clocks.front().state == sla::ClockState::met);
  REQUIRE(world.told().size() == 1);
  CHECK(world.told()[0].kind == Told::Kind::unheard_message);
}

TEST_CASE("a case that nobody gave a number is called by its key") {
  World world(all_of({waiting("one", "signal: bell", bell), thrower(bell, "signal: bell"), waiting("two", "message: word", word)}),
              at("2026-03-02T09:00"));
  must_start(world, "thrower", "T");
  REQUIRE(world.instances().size() == 2);
  CHECK(last(world).case_no == "i-2");
  REQUIRE(world.message("word", "", Context{}));
  CHECK(last(world).case_no == "i-3");
}

TEST_CASE("a number belongs to one open case of a process") {
  World world(all_of({waiting("one", "message: word", word)}), at("2026-03-02T09:00"));
  REQUIRE(world.message("word", "C-1", Context{}));
  CHECK(world.message("word", "C-1", Context{}).error().id == "SB0507");
  complete_work(world, last(world).key);
  CHECK(world.message("word", "C-1", Context{}));
}

// docs/decisions/0023: a second *open* case is refused. One that is over at once is never open.
TEST_CASE("a case that is over at once takes no number, and takes nobody's away") {
  const std::string sized = "messages: {word: {payload: {size: number}}}\ndata: {size: {type: number, default: 0}}\n";
  const std::string doer = process("doer", sized,
                                   "  begin: {type: startEvent, message: word, next: big}\n"
                                   "  big: {type: exclusiveGateway, next: [{if: size > 1, to: work}, {else: done}]}\n"
                                   "  work: {type: userTask, groups: [crew], next: done}\n  done: {type: endEvent}\n");
  World world(all_of({doer}), at("2026-03-02T09:00"));
  REQUIRE(world.message("word", "C-1", Context{{"size", Value(2)}}));
  REQUIRE(world.message("word", "C-1", Context{{"size", Value(0)}}));
  CHECK(core::is_finished(last(world).state));
  CHECK(world.message("word", "C-1", Context{{"size", Value(2)}}).error().id == "SB0507");
}

TEST_CASE("what is done at the very instant at which something is due comes before it, where time stops short of it") {
  const std::string guarded = process("guarded", "",
                                      "  begin: {type: startEvent, next: work}\n"
                                      "  work: {type: userTask, groups: [crew], next: done, boundary: {late: {timer: {after: 1 h}, next: gone}}}\n"
                                      "  gone: {type: endEvent}\n  done: {type: endEvent}\n");
  World before(all_of({guarded}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(before, "guarded", "C");
  World after = before;
  REQUIRE(before.advance_up_to(at("2026-03-02T10:00")));
  CHECK(before.now() == at("2026-03-02T10:00"));
  complete_work(before, root);
  CHECK(core::is_finished(before.find(root)->state));
  REQUIRE(after.advance_to(at("2026-03-02T10:00")));
  CHECK(after.find(root)->work.empty());
}

TEST_CASE("a call that cannot start its case is an incident of the caller, with the reason") {
  World world(all_of({caller(), waiting("helper", "", "data: {name: {type: string, required: true}}\n")}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(world, "caller", "C");
  REQUIRE(world.find(root)->incidents.size() == 1);
  CHECK(world.find(root)->incidents[0].message.find("'name' must be given") != std::string::npos);
}

TEST_CASE("timer start events start cases as time passes") {
  World world(all_of({waiting("nightly", "timer: {every: 1 d, times: 3}")}), at("2026-03-02T09:00"));
  CHECK(world.next_instant() == at("2026-03-03T09:00"));
  REQUIRE(world.advance_to(at("2026-03-12T09:00")));
  REQUIRE(world.instances().size() == 3);
  CHECK(world.instances()[1].started == at("2026-03-04T09:00"));
  CHECK_FALSE(world.next_instant());
}

TEST_CASE("a signal that one receiver refuses reaches the others, and the refusal is told") {
  const std::string strict = "signals: {bell: {payload: {loud: boolean}}}\ndata: {loud: {type: boolean, required: true}}\n";
  World world(all_of({waiting("loose", "signal: bell", bell), waiting("strict", "signal: bell", strict), thrower(bell, "signal: bell")}),
              at("2026-03-02T09:00"));
  must_start(world, "thrower", "T");
  CHECK(world.instances().size() == 2);
  REQUIRE(world.told().size() == 1);
  CHECK(world.told()[0].kind == Told::Kind::incident);
}

// ---- reported by users of other engines, rebuilt here ----------------------------------------------------------------------------------------

// camunda/camunda 33952: of many cases started by one signal, some began at the start event without a trigger.
TEST_CASE("every case that a signal starts begins at the signal's start event") {
  const std::string both = process("both", bell,
                                   "  by-hand: {type: startEvent, next: wrong}\n  rung: {type: startEvent, signal: bell, next: right}\n"
                                   "  wrong: {type: userTask, groups: [crew], next: done}\n  right: {type: userTask, groups: [crew], next: done}\n"
                                   "  done: {type: endEvent}\n");
  World world(all_of({both, thrower(bell, "signal: bell")}), at("2026-03-02T09:00"));
  for (int i = 0; i < 60; ++i) must_start(world, "thrower", "T-" + std::to_string(i));
  std::size_t right = 0;
  for (const core::ProcessInstance& i : world.instances()) {
    if (i.process != "both") continue;
    REQUIRE(i.work.size() == 1);
    right += world.definition_of(i).at(i.work.front().element).id == "right" ? 1 : 0;
  }
  CHECK(right == 60);
}

namespace {

/// Calls `helper` on one branch; the other one has `other` and then ends the case with everything in it.
std::string caller_that_terminates(const std::string& other) {
  return process("caller", "",
                 "  begin: {type: startEvent, next: both}\n  both: {type: parallelGateway, next: [ask, other]}\n"
                 "  ask: {type: callActivity, process: helper, next: done}\n  other: {" +
                     other + ", next: over}\n  over: {type: endEvent, terminate: true}\n  done: {type: endEvent}\n");
}

std::size_t open_cases(const World& world) {
  std::size_t open = 0;
  for (const core::ProcessInstance& i : world.instances()) open += core::is_finished(i.state) ? 0 : 1;
  return open;
}

}  // namespace

// camunda/camunda 20762: the call was given up in the very step that began it; the called case came later and belonged to nobody.
TEST_CASE("a call that is given up in the step that began it leaves no case behind") {
  World world(all_of({caller_that_terminates("type: task"), waiting("helper", "")}), at("2026-03-02T09:00"));
  must_start(world, "caller", "C");
  CHECK(open_cases(world) == 0);
  CHECK(world.told().empty());
}

// Activiti/Activiti 1018: a terminate end event left the called case running.
TEST_CASE("a terminate end event ends the called case too") {
  World world(all_of({caller_that_terminates("type: userTask, groups: [crew]"), waiting("helper", "")}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(world, "caller", "C");
  CHECK(open_cases(world) == 2);
  complete_work(world, root);
  CHECK(open_cases(world) == 0);
  CHECK(last(world).state == core::InstanceState::cancelled);
}

// camunda/camunda 6959: the called case ended at the instant at which a boundary event interrupted its call, and the caller was stuck for ever.
TEST_CASE("a called case that ends when its call is interrupted leaves its caller neither stuck nor twice on its way") {
  const std::string hasty = caller("boundary: {late: {timer: {after: 1 h}, next: gone}}, ", "", "  gone: {type: endEvent}\n");
  const std::string helper = process("helper", "",
                                     "  begin: {type: startEvent, next: nap}\n"
                                     "  nap: {type: intermediateCatchEvent, timer: {after: 1 h}, next: done}\n  done: {type: endEvent}\n");
  World world(all_of({hasty, helper}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(world, "caller", "C");
  REQUIRE(world.advance_to(at("2026-03-02T10:00")));
  CHECK(open_cases(world) == 0);
  CHECK(world.find(root)->state == core::InstanceState::completed);
  CHECK(world.told().empty());
}

// camunda/camunda 3288: a call whose answer could not be taken over could not be cancelled any more.
TEST_CASE("a case whose called case could not start can be cancelled") {
  World world(all_of({caller()}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(world, "caller", "C");
  CHECK(world.find(root)->incidents.size() == 1);
  REQUIRE(world.submit(root, core::CancelInstance{"given up", "boss"}));
  CHECK(open_cases(world) == 0);
}

// camunda/camunda 1802: a message whose key was the beginning of another key was given to who waits with the longer one.
// camunda/camunda 3012: of two messages at one instant, the second did not reach an event that interrupts nothing.
TEST_CASE("keys are compared whole, and each of two messages at one instant is taken") {
  const std::string listener = process("listener", word,
                                       "  begin: {type: startEvent, next: work}\n"
                                       "  work: {type: userTask, groups: [crew], next: done, boundary: {w: {message: word, interrupting: false, "
                                       "next: noted}}}\n"
                                       "  noted: {type: userTask, groups: [crew], next: done}\n  done: {type: endEvent}\n");
  World world(all_of({listener}), at("2026-03-02T09:00"));
  const InstanceKey root = must_start(world, "listener", "C-10");
  CHECK(world.message("word", "C-1", Context{}).error().id == "SB0506");
  CHECK(world.message("word", "", Context{}).error().id == "SB0506");
  REQUIRE(world.message("word", "C-10", Context{}));
  REQUIRE(world.message("word", "C-10", Context{}));
  CHECK(world.find(root)->work.size() == 3);
}
