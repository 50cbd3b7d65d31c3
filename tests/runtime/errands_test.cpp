// What cases want of each other: one that cannot be done, or that never ends, holds nobody up.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include "driver/driver.hpp"
#include "support.hpp"

namespace switchboard::testing {

namespace {

constexpr const char* two_branches = R"(
switchboard: 1
process: talk
data: {me: string}
messages: {ping: {key: me}, pong: {key: me}}
nodes:
  s: {type: startEvent, next: f}
  f: {type: parallelGateway, next: [a0, b0]}
  a0: {type: exclusiveGateway, next: a1}
  a1: {type: intermediateCatchEvent, message: ping, next: a2}
  a2: {type: intermediateThrowEvent, message: pong, next: a3}
  a3: {type: exclusiveGateway, next: [{if: me = "x", to: a4}, {else: a0}]}
  a4: {type: endEvent}
  b0: {type: intermediateThrowEvent, message: ping, next: b1}
  b1: {type: intermediateCatchEvent, message: pong, next: b2}
  b2: {type: exclusiveGateway, next: [{if: me = "x", to: b3}, {else: b0}]}
  b3: {type: endEvent}
)";
constexpr const char* storm_process = R"(
switchboard: 1
process: storm-case
nodes:
  s: {type: startEvent, signal: storm, next: e}
  e: {type: endEvent, signal: storm}
)";
constexpr const char* looping_call = R"(
switchboard: 1
process: caller
data: {n: {type: number, default: 0}}
nodes:
  s: {type: startEvent, next: g}
  g: {type: exclusiveGateway, next: c}
  c: {type: callActivity, process: called, next: h}
  h: {type: exclusiveGateway, next: [{if: n > 1000000, to: e}, {else: g}]}
  e: {type: endEvent}
)";
constexpr const char* called_process = R"(
switchboard: 1
process: called
nodes:
  s: {type: startEvent, next: e}
  e: {type: endEvent}
)";
constexpr const char* desk_process = R"(
switchboard: 1
process: desk
nodes:
  s: {type: startEvent, next: u}
  u: {type: userTask, groups: [clerks], next: e}
  e: {type: endEvent}
)";

std::vector<IncidentInfo> open_incidents(World& w) { return must(w.engine().incidents({})); }
std::size_t cases_of(World& w, const char* process) {
  Find f;
  f.process = process;
  f.limit = 1'000'000;
  return must(w.engine().instances(f)).size();
}
void deploy_text(World& w, const char* text) { must(w.engine().deploy(text, "test.yaml")); }

}  // namespace

TEST_CASE("two branches that send each other messages stop at the longest chain with an incident of their case") {
  on_both_stores([](World& w) {
    deploy_text(w, two_branches);
    deploy_text(w, desk_process);
    const CaseInfo started = must(w.engine().start("talk", Value(Context{{"me", "1"}}), {.case_no = "T"}));
    const auto found = open_incidents(w);
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "SB0531");
    CHECK(found[0].instance == started.instance);
    CHECK(found[0].case_no == "T");
    CHECK((found[0].node == "a2" || found[0].node == "b0"));
    CHECK(found[0].message.find("200 messages, signals and calls") != std::string::npos);
    // Nobody goes on with it by himself, and others go on as before.
    const auto length = must(w.engine().history(started.instance, 0, 100'000)).size();
    must(w.engine().tick(1000));
    CHECK(must(w.engine().history(started.instance, 0, 100'000)).size() == length);
    CHECK(must(w.engine().start("desk", {})).state == CaseState::active);
    // An operator tries again: another chain, another incident.
    must(w.engine().resolve(found[0].incident, {}, {.by = "li"}));
    const auto again = open_incidents(w);
    REQUIRE(again.size() == 1);
    CHECK(again[0].incident != found[0].incident);
    CHECK(must(w.engine().check()).empty());
    // Or gives it up, or the whole case.
    must(w.engine().drop(again[0].incident, "it is a ring", {.by = "li"}));
    CHECK(open_incidents(w).empty());
    CHECK(must(w.engine().cancel(started.instance, "enough")).state == CaseState::cancelled);
    CHECK(must(w.engine().check()).empty());
  });
}

TEST_CASE("a signal that starts what throws it stops at the longest chain, though each of its cases is over") {
  on_both_stores([](World& w) {
    deploy_text(w, storm_process);
    CHECK(must(w.engine().signal("storm", {}, {})) == 1);
    CHECK(cases_of(w, "storm-case") == driver::longest_chain + 1);
    const auto found = open_incidents(w);
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "SB0531");
    CHECK(found[0].message.find("signal 'storm'") != std::string::npos);
    CHECK(must(w.engine().instance(found[0].instance)).state == CaseState::completed);
    must(w.engine().tick(1000));
    CHECK(cases_of(w, "storm-case") == driver::longest_chain + 1);
    must(w.engine().drop(found[0].incident, {}, {}));
    CHECK(open_incidents(w).empty());
    CHECK(must(w.engine().check()).empty());
  });
}

TEST_CASE("a timer that is due when it is set holds no tick up, whether in a loop of one case or in a ring of many") {
  constexpr const char* loop = R"(
switchboard: 1
process: loop
calendar: 24x7@UTC
data: {wait: string, open: {type: boolean, default: false}}
nodes:
  s: {type: startEvent, next: g}
  g: {type: exclusiveGateway, next: t}
  t: {type: intermediateCatchEvent, timer: {after: wait}, next: h}
  h: {type: exclusiveGateway, next: [{if: open, to: e}, {else: g}]}
  e: {type: endEvent}
)";
  constexpr const char* ring = R"(
switchboard: 1
process: ring
calendar: 24x7@UTC
data: {wait: {type: string, default: 0 s}}
nodes:
  s: {type: startEvent, signal: storm, next: t}
  t: {type: intermediateCatchEvent, timer: {after: wait}, next: e}
  e: {type: endEvent, signal: storm}
)";
  on_both_stores([&](World& w) {
    deploy_text(w, loop);
    deploy_text(w, ring);
    const CaseInfo started = must(w.engine().start("loop", Value(Context{{"wait", "0 s"}}), {.case_no = "L"}));
    const CaseInfo other = must(w.engine().start("loop", Value(Context{{"wait", "1 s"}}), {.case_no = "M"}));
    must(w.engine().signal("storm", {}, {}));
    // A small tick keeps its limit, and what it does counts in the next one.
    CHECK(must(w.engine().tick(100)).timers == 100);
    for (int i = 0; i < 3; ++i) must(w.engine().tick(100'000));
    Find of_ring;
    of_ring.process = "ring";
    of_ring.limit = 1000;
    CHECK(must(w.engine().instances(of_ring)).size() == driver::longest_chain + 1);
    auto found = open_incidents(w);
    REQUIRE(found.size() == 2);
    if (found[0].rule != "SB0532") std::swap(found[0], found[1]);
    CHECK(found[0].rule == "SB0532");
    CHECK(found[0].node == "t");
    CHECK(found[0].instance == started.instance);
    CHECK(found[1].rule == "SB0531");
    // It is over until somebody resolves it; one that waits goes on for ever.
    CHECK(must(w.engine().tick(100'000)).timers == 0);
    for (int i = 0; i < 1200; ++i) w.advance(Duration::seconds(1));
    CHECK(open_incidents(w).size() == 2);
    CHECK(must(w.engine().instance(other.instance)).state == CaseState::active);
    must(w.engine().resolve(found[0].incident, Value(Context{{"open", true}}), {.by = "li"}));
    must(w.engine().tick(100));
    CHECK(must(w.engine().instance(started.instance)).state == CaseState::completed);
    CHECK(must(w.engine().check()).empty());
  });
}

TEST_CASE("a ring that branches ends after a tick, though it never comes to the longest chain") {
  on_both_stores([](World& w) {
    std::string other = storm_process;
    other.replace(other.find("storm-case"), 10, "storm-more");
    deploy_text(w, storm_process);
    deploy_text(w, other.c_str());
    deploy_text(w, desk_process);
    CHECK(must(w.engine().signal("storm", {}, {})) == 2);
    for (int i = 0; i < 3; ++i) must(w.engine().tick(1000));
    const std::size_t cases = cases_of(w, "storm-case") + cases_of(w, "storm-more");
    CHECK(cases < 25'000);
    Find all;
    all.limit = 100'000;
    const auto found = must(w.engine().incidents(all));
    REQUIRE(!found.empty());
    CHECK(found[0].rule == "SB0531");
    CHECK(found[0].message.find("lead to more and more") != std::string::npos);
    // It is over, and others go on.
    must(w.engine().tick(1000));
    CHECK(cases_of(w, "storm-case") + cases_of(w, "storm-more") == cases);
    CHECK(must(w.engine().start("desk", {})).state == CaseState::active);
    CHECK(must(w.engine().check()).empty());
  });
}

TEST_CASE("a loop of calls in which nothing waits stops at the longest chain; dropping its call ends the call as failed") {
  on_both_stores([](World& w) {
    deploy_text(w, called_process);
    deploy_text(w, looping_call);
    const CaseInfo started = must(w.engine().start("caller", {}, {.case_no = "C"}));
    auto found = open_incidents(w);
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "SB0531");
    must(w.engine().drop(found[0].incident, "enough", {.by = "li"}));
    found = open_incidents(w);
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "SB0527");  // the call activity hears of a call that failed
    CHECK(must(w.engine().cancel(started.instance, "")).state == CaseState::cancelled);
    CHECK(must(w.engine().check()).empty());
  });
}

TEST_CASE("only what stands aside can be dropped, and it takes no data") {
  on_both_stores([](World& w) {
    deploy_text(w, storm_process);
    must(w.engine().signal("storm", {}, {}));
    const auto found = open_incidents(w);
    REQUIRE(found.size() == 1);
    CHECK(error_of(w.engine().resolve(found[0].incident, Value(Context{{"x", 1}}))) == "SB0510");
    CHECK(error_of(w.engine().drop("i-1.999", {}, {})) == "SB0502");  // that case is over, and has no such incident
    const CaseInfo again = must(w.engine().drop(found[0].incident, "r", {.request_id = "d"}));
    CHECK(must(w.engine().drop(found[0].incident, "r", {.request_id = "d"})).instance == again.instance);
  });
}

TEST_CASE("an errand of a case that is not there, or that nobody can read, holds nobody up") {
  Folder folder;
  EngineOptions options;
  options.database = folder.file("x.db");
  options.full_sync = false;
  {
    const auto engine = must(Engine::open(options));
    must(engine->deploy(desk_process, "desk.yaml"));
    must(engine->start("desk", {}, {.case_no = "A"}));
  }
  {
    SQLite::Database db(options.database, SQLite::OPEN_READWRITE);
    db.exec("INSERT INTO errand (instance, sequence, place, effect, seal) VALUES (1, 1, 0, x'0102', 4), (77, 1, 0, x'0102', 4)");
  }
  const auto engine = must(Engine::open(options));
  CHECK(must(engine->instances({})).size() == 1);
  CHECK(must(engine->tick(100)).damaged == 2);
  CHECK(must(engine->tick(100)).damaged == 0);
  CHECK(must(engine->start("desk", {}, {.case_no = "B"})).state == CaseState::active);
  const auto found = must(engine->incidents({}));
  REQUIRE(found.size() == 1);
  CHECK(found[0].rule == "SB0530");
  CHECK(found[0].instance == "i-1");
}

}  // namespace switchboard::testing
