// What an engine does by itself over the years: timer start events, forgetting, and what others throw at it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "support.hpp"

namespace switchboard::testing {

namespace {

std::string scheduled(const std::string& timer, const std::string& data = "") {
  return "switchboard: 1\nprocess: nightly\n" + data + "nodes:\n  begin: {type: startEvent, timer: " + timer +
         ", next: look}\n  look: {type: userTask, next: done}\n  done: {type: endEvent}\n";
}

std::size_t cases(World& w) {
  Find f;
  f.process = "nightly";
  return must(w.engine().instances(f)).size();
}

}  // namespace

TEST_CASE("a timer start event starts cases when they are due, each once, whoever ticks") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(scheduled("{every: 24 h, times: 3}"), "nightly.yaml"));
    CHECK(w.advance(Duration::hours(23)).timers == 0);
    CHECK(cases(w) == 0);
    const TickReport first = w.advance(Duration::hours(2));
    CHECK(first.timers == 1);
    CHECK(first.worst_lateness == Duration::hours(1));
    CHECK(first.next_due == t0 + Duration::hours(48));
    CHECK(cases(w) == 1);
    w.reopen();
    CHECK(w.advance(Duration::minutes(1)).timers == 0);
    if (w.on_file()) {
      const auto other = w.another();
      w.now = t0 + Duration::hours(49);
      CHECK(must(other->tick(10)).timers == 1);
      CHECK(w.advance(Duration{}).timers == 0);
    } else {
      CHECK(w.advance(Duration::hours(24)).timers == 1);
    }
    CHECK(w.advance(Duration::hours(24)).timers == 1);
    CHECK(cases(w) == 3);
    const TickReport last = w.advance(Duration::hours(240));
    CHECK(last.timers == 0);
    CHECK_FALSE(last.next_due);
    CHECK(cases(w) == 3);
  });
}

TEST_CASE("missed starts: one, all or none; once after or at an instant") {
  const auto started = [](const std::string& timer) {
    World w(false);
    must(w.engine().deploy(scheduled(timer, "calendar: 24x7@Asia/Shanghai\n"), "nightly.yaml"));
    w.advance(Duration::hours(100));
    const std::size_t at_once = cases(w);
    w.advance(Duration::hours(24));
    return std::pair(at_once, cases(w));
  };
  CHECK(started("{every: 24 h}") == std::pair<std::size_t, std::size_t>(1, 2));
  CHECK(started("{every: 24 h, missed: all}") == std::pair<std::size_t, std::size_t>(4, 5));
  CHECK(started("{every: 24 h, missed: skip}") == std::pair<std::size_t, std::size_t>(0, 1));
  CHECK(started("{after: 99 h}") == std::pair<std::size_t, std::size_t>(1, 1));
  CHECK(started("{after: 101 h}") == std::pair<std::size_t, std::size_t>(0, 1));
  CHECK(started("{at: 'date and time(\"2026-03-03T09:00:00+08:00\")'}") == std::pair<std::size_t, std::size_t>(1, 1));
}

TEST_CASE("a new deployment counts from its own day; the older one starts nothing any more") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(scheduled("{every: 24 h}"), "nightly.yaml"));
    w.advance(Duration::hours(25));
    CHECK(cases(w) == 1);
    must(w.engine().deploy(scheduled("{every: 48 h}"), "nightly.yaml"));
    CHECK(w.advance(Duration::hours(47)).timers == 0);
    CHECK(w.advance(Duration::hours(1)).timers == 1);
    CHECK(cases(w) == 2);
  });
}

TEST_CASE("a start that is refused is told, once, and the schedule goes on") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(scheduled("{every: 24 h}", "data: {must: {type: string, required: true}}\n"), "nightly.yaml"));
    w.advance(Duration::hours(25));
    w.advance(Duration::hours(1));
    CHECK(w.told("incident") == std::vector<std::string>{"SB0501"});
    w.advance(Duration::hours(24));
    CHECK(w.told("incident") == std::vector<std::string>{"SB0501", "SB0501"});
    CHECK(cases(w) == 0);
  });
}

TEST_CASE("what nobody asks for any more is forgotten, of finished cases, and nothing else") {
  on_both_stores([](World& w) {
    w.deploy({"promise", "parent", "child"});
    StartOptions options;
    options.case_no = "A-1";
    must(w.engine().start("promise", {}, options, {.request_id = "start-1"}));
    options.case_no = "A-2";
    must(w.engine().start("promise", {}, options, {.request_id = "start-2"}));
    options.case_no = "P-1";
    must(w.engine().start("parent", Value(Context{{"question", "quick"}}), options, {.request_id = "start-3"}));
    w.complete("P-1", "read");
    w.advance(Duration::hours(1));
    CHECK(must(w.engine().deliver([](const OutboxInfo&) { return std::string(); }, 100)) == 4);
    w.complete("A-1", "work");
    CHECK(w.violations() == "");
    CHECK(error_of(w.engine().prune(w.now + Duration::hours(1))) == "SB0551");
    CHECK(must(w.engine().prune(t0)).requests == 0);
    w.advance(Duration::hours(1));
    const PruneReport gone = must(w.engine().prune(w.now));
    CHECK(gone.outbox == 2);  // of A-1; A-2 is open
    CHECK(gone.requests >= 2);
    CHECK(must(w.engine().outbox({})).size() == 2);
    CHECK(w.violations() == "");
    CHECK_FALSE(must(w.engine().history(w.find("A-1").instance, 0, 100)).empty());
    CHECK(must(w.engine().clocks({})).size() == 2);
    // Still known.
    options.case_no = "A-2";
    CHECK(must(w.engine().start("promise", {}, options, {.request_id = "start-2"})).case_no == "A-2");
    // Forgotten: a new case.
    options.case_no = "A-3";
    CHECK(must(w.engine().start("promise", {}, options, {.request_id = "start-1"})).case_no == "A-3");
    w.reopen();
    CHECK(must(w.engine().prune(w.now)).requests == 0);
  });
}

TEST_CASE("a copy made beside writers is one state, sound, and replaces nothing") {
  World w(true);
  w.deploy({"promise"});
  const Folder copies;
  std::atomic<bool> stop = false;
  std::thread writer([&] {
    for (int i = 0; !stop && i < 10'000; ++i) {
      StartOptions options;
      options.case_no = fmt::format("W-{}", i);
      if (!w.engine().start("promise", {}, options)) return;
    }
  });
  for (int i = 0; i < 5; ++i) {
    const std::string path = copies.file(fmt::format("copy-{}.db", i));
    const auto made = w.engine().backup(path);
    CHECK_MESSAGE(made, (made ? std::string() : made.error().text()));
    EngineOptions options;
    options.database = path;
    options.clock = [] { return t0; };
    const auto copy = must(Engine::open(options));
    CHECK(must(copy->check()).empty());
    must(copy->start("promise", {}));
  }
  stop = true;
  writer.join();
  CHECK(error_of(w.engine().backup(copies.file("copy-0.db"))) == "SB0617");
  CHECK(error_of(w.engine().backup("")) == "SB0617");
  CHECK(w.violations() == "");
  World in_memory(false);
  CHECK(error_of(in_memory.engine().backup(copies.file("none.db"))) == "SB0617");
}

TEST_CASE("whatever an adapter, a handler or a listener throws, the engine goes on and says so") {
  on_both_stores([](World& w) {
    w.deploy({"promise", "order"});
    w.start("promise", "A-1");
    w.advance(Duration::hours(1));
    CHECK(must(w.engine().deliver([](const OutboxInfo&) -> std::string { throw 7; }, 1)) == 0);
    CHECK(must(w.engine().outbox({})).front().error == "the adapter threw something that is no std::exception");
    w.start("order", "O-1");
    w.complete("O-1", "review");
    CHECK(must(w.engine().work_off(
              "billing", [](const Job&) -> JobResult { throw "no"; }, 1)) == 1);
    int heard = 0;
    Observation observation = w.engine().observe([&](const CaseInfo&, const std::vector<HistoryInfo>&) {
      if (++heard == 1) throw 7;
    });
    w.start("promise", "A-2");
    w.start("promise", "A-3");
    CHECK(heard == 2);
    CHECK(must(w.engine().tick(0)).listener_threw == 1);
    CHECK(must(w.engine().tick(0)).listener_threw == 0);
    observation.end();
  });
}

}  // namespace switchboard::testing
