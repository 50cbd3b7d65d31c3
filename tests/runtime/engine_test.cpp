// Cases from start to end, in the words of the embedder's door.
#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>

#include "support.hpp"

namespace switchboard::testing {

TEST_CASE("a case runs from start to end; people see their work, workers get their jobs") {
  on_both_stores([](World& w) {
    w.deploy({"order"});
    const CaseInfo info = w.start("order", "O-1", context({{"amount", 21}}));
    CHECK(info.state == CaseState::active);
    CHECK(info.at == std::vector<std::string>{"review"});
    CHECK(info.customer == "1001");
    CHECK(info.instance == "i-1");

    Find mine;
    mine.group = "clerks";
    const auto work = must(w.engine().work(mine));
    REQUIRE(work.size() == 1);
    CHECK(work[0].name == "Review");
    CHECK(work[0].priority == 7);
    CHECK(work[0].form == std::vector<std::string>{"amount"});
    CHECK(work[0].due == t0 + Duration::hours(2));
    CHECK(error_of(w.engine().claim(work[0].work, {.by = "li", .groups = {{"strangers"}}})) == "SB0505");
    CHECK(error_of(w.engine().complete(work[0].work, context({{"amount", 22}}), {.by = "li", .groups = {{"strangers"}}})) == "SB0505");
    CHECK(error_of(w.engine().fail(work[0].work, {"no"}, {.by = "li", .groups = {{"strangers"}}})) == "SB0505");
    CHECK(must(w.engine().claim(work[0].work, {.by = "li"})).assignee == "li");
    CHECK(error_of(w.engine().claim(work[0].work, {.by = "wang"})) == "SB0505");
    CHECK(must(w.engine().release(work[0].work, {.by = "li"})).state == WorkState::offered);
    w.reopen();
    CHECK(must(w.engine().complete(work[0].work, context({{"amount", 22}}), {.by = "wang"})).at == std::vector<std::string>{"bill"});

    std::vector<std::string> inputs;
    const auto handler = [&](const Job& job) {
      inputs.push_back(to_json(job.inputs));
      return JobResult::ok(context({{"number", "B-7"}}));
    };
    CHECK(must(w.engine().work_off("billing", handler, 10)) == 1);
    CHECK(must(w.engine().work_off("billing", handler, 10)) == 0);
    CHECK(inputs == std::vector<std::string>{R"({"total":44})"});
    CHECK(w.at("O-1") == "completed");
    CHECK(w.data("O-1", "bill_no") == Value("B-7"));
    CHECK(must(w.engine().history("i-1", 0, 1000)).front().event == "instance-started");
    CHECK(error_of(w.engine().complete(work[0].work, {})) == "SB0502");
  });
}

TEST_CASE("what cannot be done says why and changes nothing") {
  on_both_stores([](World& w) {
    CHECK(error_of(w.engine().deploy("switchboard: 1\nprocess: p\nnodes: {}\n", "p.yaml")) != "");
    CHECK(error_of(w.engine().start("order", {})) == "SB0541");
    w.deploy({"order"});
    const auto near = w.engine().start("ordr", {});
    REQUIRE_FALSE(near);
    CHECK(near.error().hint == "did you mean 'order'?");
    CHECK(error_of(w.engine().start("order", context({{"amount", "much"}}), {})) == "SB0501");
    CHECK(error_of(w.engine().instance("i-1")) == "SB0548");
    CHECK(error_of(w.engine().instance("17")) == "SB0540");
    CHECK(error_of(w.engine().complete("i-1", {})) == "SB0540");
    CHECK(error_of(w.engine().message("nothing", "k", {})) == "SB0506");
    w.start("order", "O-1");
    StartOptions same;
    same.case_no = "O-1";
    CHECK(error_of(w.engine().start("order", {}, same)) == "SB0507");
    must(w.engine().cancel(w.find("O-1").instance, "typo", {.by = "me"}));
    CHECK(w.start("order", "O-1").state == CaseState::active);
    CHECK(must(w.engine().instances({})).size() == 2);
  });
}

TEST_CASE("a repeated request is answered with the same answer and does nothing") {
  on_both_stores([](World& w) {
    w.deploy({"order", "receiver", "parent", "child"});
    const CaseInfo first = must(w.engine().start("order", {}, {}, {.request_id = "s1"}));
    const WorkId review = w.work(first.case_no, "review");
    const WorkInfo claimed = must(w.engine().claim(review, {.by = "li", .request_id = "c1"}));
    const CaseInfo completed = must(w.engine().complete(review, {}, {.by = "li", .request_id = "d1"}));
    w.reopen();
    w.advance(Duration::minutes(1));
    const CaseInfo again = must(w.engine().start("order", {}, {}, {.request_id = "s1"}));
    CHECK(again.instance == first.instance);
    CHECK(again.at == first.at);
    CHECK(again.last == first.last);
    CHECK(must(w.engine().claim(review, {.by = "li", .request_id = "c1"})).assignee == claimed.assignee);
    CHECK(must(w.engine().complete(review, {}, {.by = "li", .request_id = "d1"})).at == completed.at);
    CHECK(error_of(w.engine().claim(review, {.by = "li", .request_id = "d1"})) == "SB0546");
    CHECK(must(w.engine().instances({})).size() == 1);

    w.start("receiver", "R-1");
    w.start("receiver", "R-2");
    CHECK(must(w.engine().signal("alarm", {}, {.request_id = "a1"})) == 2);
    CHECK(must(w.engine().signal("alarm", {}, {.request_id = "a1"})) == 2);
    CHECK(must(w.engine().signal("alarm", {}, {.request_id = "a2"})) == 0);
    const CaseInfo told = must(w.engine().message("ping", "R-1", context({{"text", "hi"}}), {.request_id = "m1"}));
    CHECK(must(w.engine().message("ping", "R-1", context({{"text", "hi"}}), {.request_id = "m1"})).instance == told.instance);
    CHECK(error_of(w.engine().message("ping", "R-1", {}, {.request_id = "m2"})) == "SB0506");

    // The answer is what the case came to after its calls, and stays that.
    const auto call = [&] { return must(w.engine().start("parent", context({{"question", "quick"}}), {.case_no = "P-1"}, {.request_id = "p1"})); };
    const CaseInfo called = call();
    CHECK(called.at == std::vector<std::string>{"read"});
    CHECK(call().at == called.at);
  });
}

TEST_CASE("a call runs in a case of its own under the same number and comes back with its answer") {
  on_both_stores([](World& w) {
    w.deploy({"parent", "child"});
    const CaseInfo parent = w.start("parent", "P-1");
    CHECK(parent.at == std::vector<std::string>{"ask"});
    const CaseInfo child = w.find("P-1", "child");
    CHECK(child.parent == parent.instance);
    w.reopen();
    w.complete("P-1", "think", context({{"reply", "because"}}));
    CHECK(w.at("P-1", "parent") == "read");
    CHECK(w.data("P-1", "answer").is_null());  // of the child, found last
    CHECK(to_json(must(w.engine().data(parent.instance))) == R"({"answer":"because","question":"why"})");
    w.complete("P-1", "read");
    CHECK(w.at("P-1", "parent") == "completed");
  });
}

TEST_CASE("a called case that ends with an error, or is given up, or cannot start") {
  on_both_stores([](World& w) {
    w.deploy({"parent"});
    const CaseInfo lonely = w.start("parent", "P-0");
    const auto incidents = must(w.engine().incidents({}));
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].instance == lonely.instance);
    CHECK(incidents[0].message.find("'child' is not deployed") != std::string::npos);
    w.deploy({"child"});
    must(w.engine().resolve(incidents[0].incident, {}, {.by = "me"}));
    CHECK(w.at("P-0", "child") == "think");
    CHECK(must(w.engine().incidents({})).empty());

    w.start("parent", "P-1", context({{"question", "never"}}));
    CHECK(w.at("P-1", "parent") == "given-up");

    w.start("parent", "P-2");
    w.advance(Duration::hours(1));
    CHECK(w.at("P-2", "parent") == "given-up");
    CHECK(w.at("P-2", "child") == "cancelled");
    CHECK(w.at("P-0", "parent") == "given-up");

    const CaseInfo p3 = w.start("parent", "P-3");
    must(w.engine().cancel(p3.instance, "no more", {.by = "me"}));
    CHECK(w.at("P-3", "child") == "cancelled");

    w.start("parent", "P-4");
    must(w.engine().cancel(w.find("P-4", "child").instance, "no more", {.by = "me"}));
    CHECK(must(w.engine().incidents({})).size() == 1);
    CHECK(w.told("incident").size() == 2);
  });
}

TEST_CASE("an answer to a suspended caller waits for it") {
  on_both_stores([](World& w) {
    w.deploy({"parent", "child"});
    const CaseInfo parent = w.start("parent", "P-1");
    must(w.engine().suspend(parent.instance, "strike", {.by = "me"}));
    w.complete("P-1", "think", context({{"reply", "because"}}));
    CHECK(w.at("P-1", "parent") == "suspended");
    w.reopen();
    w.advance(Duration::minutes(5));
    CHECK(w.at("P-1", "parent") == "suspended");
    must(w.engine().resume(parent.instance, {.by = "me"}));
    CHECK(w.at("P-1", "parent") == "read");
  });
}

TEST_CASE("recursion ends where it should") {
  on_both_stores([](World& w) {
    w.deploy({"recursive"});
    CHECK(w.start("recursive", "X-1").state == CaseState::completed);
    CHECK(must(w.engine().instances({})).size() == 4);
    w.start("recursive", "X-2", context({{"depth", 100}}));
    CHECK(w.at("X-2") == "call");
    CHECK(must(w.engine().incidents({})).size() == 1);
  });
}

TEST_CASE("messages and signals find who waits, or the outbox") {
  on_both_stores([](World& w) {
    w.deploy({"sender", "receiver", "reported"});
    w.start("receiver", "R-1");
    w.start("receiver", "R-2");
    w.start("sender", "S-1");
    CHECK(w.at("R-1") == "first, second");
    CHECK(w.at("R-2") == "second, wait");
    CHECK(w.data("R-1", "heard") == Value("hello"));
    CHECK(w.told("message").empty());
    w.start("sender", "S-2");
    CHECK(w.told("message") == std::vector<std::string>{"ping"});
    must(w.engine().suspend(w.find("R-2").instance, "strike", {.by = "me"}));
    CHECK(error_of(w.engine().message("ping", "R-2", {})) == "SB0506");

    const CaseInfo started = must(w.engine().message("fault-reported", "F-1", context({{"fault", "dark"}})));
    CHECK(started.process == "reported");
    CHECK(started.case_no == "F-1");
    CHECK(w.data("F-1", "fault") == Value("dark"));
    CHECK(error_of(w.engine().message("fault-reported", "F-1", {})) == "SB0507");
  });
}

TEST_CASE("timers and marks fire once, in order, however late the tick comes") {
  on_both_stores([](World& w) {
    w.deploy({"promise"});
    w.start("promise", "A-1");
    Find f;
    CHECK(must(w.engine().clocks(f)).front().due == t0 + Duration::minutes(45));
    CHECK(must(w.engine().clocks(f)).front().holders == std::vector<std::string>{"crew"});
    TickReport none = w.advance(Duration::minutes(19));
    CHECK(none.timers + none.marks == 0);
    CHECK(none.next_due == t0 + Duration::minutes(20));
    const TickReport one = w.advance(Duration::minutes(2));
    CHECK(one.timers == 1);
    CHECK(one.worst_lateness == Duration::minutes(1));
    w.reopen();
    const TickReport rest = w.advance(Duration::hours(10));
    CHECK(rest.timers == 1);
    CHECK(rest.marks == 2);
    CHECK_FALSE(rest.next_due);
    const TickReport nothing = w.advance(Duration::hours(10));
    CHECK(nothing.timers + nothing.marks + nothing.stale == 0);
    CHECK(w.told("feedback") == std::vector<std::string>{"on-the-way"});
    CHECK(w.told("escalation") == std::vector<std::string>{"arrival-late"});
    CHECK(must(w.engine().clocks(f)).front().breached);
    w.complete("A-1", "work");
    const auto clock = must(w.engine().clocks(f)).front();
    CHECK(clock.state == ClockState::met);
    CHECK(clock.breached);
    CHECK(clock.ended == w.now);
  });
}

TEST_CASE("a suspended case keeps its marks for later") {
  on_both_stores([](World& w) {
    w.deploy({"promise"});
    const CaseInfo info = w.start("promise", "A-1");
    must(w.engine().suspend(info.instance, "strike", {.by = "me"}));
    const TickReport none = w.advance(Duration::hours(2));
    CHECK(none.timers + none.marks + none.stale == 0);
    must(w.engine().resume(info.instance, {.by = "me"}));
    const TickReport some = w.advance(Duration::hours(2));
    CHECK(some.marks == 2);
    CHECK(some.timers == 1);  // of those missed, one
  });
}

TEST_CASE("a failing job is tried again after its back-off, then becomes an incident; a lost lease is offered again") {
  on_both_stores([](World& w) {
    w.deploy({"order"});
    w.start("order", "O-1");
    w.complete("O-1", "review");
    const auto failing = [](const Job&) -> JobResult { throw std::runtime_error("line dead"); };
    CHECK(must(w.engine().work_off("billing", failing, 10)) == 1);
    CHECK(must(w.engine().work_off("billing", failing, 10)) == 0);
    CHECK(w.advance(Duration::minutes(1)).retries == 1);
    CHECK(must(w.engine().work_off("billing", failing, 10)) == 1);
    const auto incidents = must(w.engine().incidents({}));
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].message == "the handler threw: line dead");
    CHECK(w.told("incident") == std::vector<std::string>{"SB0523"});
    // What the outbox says can be given back to `resolve`, and so can the form that earlier versions wrote into it.
    Find told;
    told.open_only = true;
    std::string id;
    for (const OutboxInfo& record : must(w.engine().outbox(told)))
      if (record.kind == OutboxKind::incident) id = *record.body.context()->find("incident")->string();
    CHECK(id == incidents[0].incident);
    REQUIRE(id.find('.') != std::string::npos);
    id.replace(id.find('.'), 1, "/");
    must(w.engine().resolve(id, {}, {.by = "me"}));

    const auto dies = [&](const Job& job) {
      // The worker hangs: its lease runs out while it holds the job.
      CHECK(job.attempt >= 1);
      CHECK(w.advance(Duration::minutes(6)).retries == 1);
      return JobResult::ok(context({{"number", "late"}}));
    };
    CHECK(must(w.engine().work_off("billing", dies, 1)) == 1);
    CHECK(must(w.engine().work_off(
              "billing",
              [](const Job&) {
                return JobResult::ok(context({{"number", "B-1"}}));
              },
              10)) <= 1);
    CHECK(w.at("O-1") == "completed");
  });
}

TEST_CASE("the outbox is delivered at least once and remembers why not") {
  on_both_stores([](World& w) {
    w.deploy({"promise"});
    w.start("promise", "A-1");
    w.advance(Duration::hours(1));
    int calls = 0;
    const auto flaky = [&](const OutboxInfo& o) -> std::string {
      ++calls;
      if (o.kind == OutboxKind::escalation) return "pager is off";
      if (calls > 100) throw std::runtime_error("no");
      return "";
    };
    CHECK(must(w.engine().deliver(flaky, 100)) == 1);
    CHECK(must(w.engine().deliver(flaky, 100)) == 0);
    CHECK(calls == 2);  // it waits for its next try
    w.now = w.now + Duration::minutes(1);
    CHECK(must(w.engine().deliver(flaky, 100)) == 0);
    CHECK(calls == 3);
    w.reopen();
    Find waiting;
    waiting.open_only = true;
    const auto left = must(w.engine().outbox(waiting));
    REQUIRE(left.size() == 1);
    CHECK(left[0].attempts == 2);
    CHECK(left[0].error == "pager is off");
  });
}

TEST_CASE("a listener hears every durable command, in order, and may command the engine") {
  on_both_stores([](World& w) {
    w.deploy({"order", "parent", "child"});
    std::vector<std::string> heard;
    Observation observation = w.engine().observe([&](const CaseInfo& info, const std::vector<HistoryInfo>& entries) {
      heard.push_back(info.process + " " + std::to_string(entries.front().sequence));
      if (info.process == "order" && info.at == std::vector<std::string>{"review"}) must(w.engine().complete(w.work(info.case_no, "review"), {}));
    });
    w.start("order", "O-1");
    CHECK(w.at("O-1") == "bill");
    REQUIRE(heard.size() == 2);
    CHECK(heard[0] == "order 1");
    CHECK(heard[1] != heard[0]);
    w.start("parent", "P-1", context({{"question", "quick"}}));
    CHECK(heard.size() == 5);
    observation.end();
    w.start("order", "O-2");
    CHECK(heard.size() == 5);
  });
}

TEST_CASE("two engines on one file take turns") {
  World w(true);
  w.deploy({"promise", "order"});
  const auto other = w.another();
  const CaseInfo a = w.start("promise", "A-1");
  StartOptions options;
  options.case_no = "A-2";
  const CaseInfo b = must(other->start("promise", {}, options));
  CHECK(a.instance != b.instance);
  CHECK(w.at("A-2") == "work");
  // Each has the other's case in its cache, older than it is.
  for (int i = 0; i < 5; ++i) {
    must(w.engine().set_data(a.instance, context({{"customer_no", std::to_string(i)}}), {.by = "one"}));
    must(other->set_data(a.instance, context({{"customer_no", std::to_string(100 + i)}}), {.by = "two"}));
  }
  CHECK(w.data("A-1", "customer_no") == Value("104"));
  w.now = w.now + Duration::hours(2);
  std::atomic<std::size_t> fired = 0;
  std::vector<std::thread> threads;
  for (Engine* e : {&w.engine(), other.get()}) {
    threads.emplace_back([&, e] {
      for (int i = 0; i < 5; ++i) {
        const auto report = e->tick(100);
        if (report) fired += report.value().timers + report.value().marks;
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(fired.load() == 6);
  CHECK(w.told("feedback").size() == 2);
  CHECK(w.told("escalation").size() == 2);
  must(other->complete(w.work("A-1", "work"), {}));
  CHECK(error_of(w.engine().set_data(a.instance, context({{"customer_no", "0"}}), {.by = "one"})) == "SB0502");
  must(other->deploy(process_text("child"), "child.yaml"));
  CHECK(w.start("child", "C-1", context({{"subject", "x"}})).state == CaseState::active);
  CHECK(w.violations() == "");
}

TEST_CASE("many threads on many cases, and all on one") {
  on_both_stores([](World& w) {
    w.deploy({"order", "promise"});
    constexpr int threads_count = 8;
    constexpr int cases_each = 10;
    const CaseInfo shared = w.start("promise", "shared");
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < threads_count; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < cases_each; ++i) {
          StartOptions options;
          options.case_no = "T-" + std::to_string(t) + "-" + std::to_string(i);
          const auto started = w.engine().start("order", {}, options);
          if (!started) {
            ++failed;
            continue;
          }
          Find f;
          f.instance = started.value().instance;
          const auto work = w.engine().work(f);
          if (!work || work.value().size() != 1 || !w.engine().complete(work.value()[0].work, {})) ++failed;
          if (!w.engine().set_data(shared.instance, context({{"customer_no", options.case_no}}), {.by = "me"})) ++failed;
          if (!w.engine().work_off(
                  "billing",
                  [](const Job&) {
                    return JobResult::ok(context({{"number", "B"}}));
                  },
                  3))
            ++failed;
        }
      });
    }
    for (std::thread& t : threads) t.join();
    CHECK(failed == 0);
    must(w.engine().work_off(
        "billing",
        [](const Job&) {
          return JobResult::ok(context({{"number", "B"}}));
        },
        1000));
    Find done;
    done.state = "completed";
    CHECK(must(w.engine().instances(done)).size() == threads_count * cases_each);
    std::size_t notes = 0;
    for (const HistoryInfo& h : must(w.engine().history(shared.instance, 0, 10'000))) notes += h.event == "note-added" ? 1 : 0;
    CHECK(notes == threads_count * cases_each);
  });
}

TEST_CASE("what is left of a promise is said in its own unit where that is not real time") {
  on_both_stores([](World& w) {
    must(
        w.engine().deploy("switchboard: 1\nprocess: units\ncalendar: 24x7@Asia/Shanghai\nnodes:\n  begin: {type: startEvent, next: work}\n"
                          "  work: {type: userTask, next: done}\n  done: {type: endEvent}\nsla:\n"
                          "  days: {start: {process: started}, stop: {completed: work}, within: 3 bd}\n"
                          "  hours: {start: {process: started}, stop: {completed: work}, within: 60 bh}\n"
                          "  mixed: {start: {process: started}, stop: {completed: work}, within: 1 bd 4 bh}\n"
                          "  real: {start: {process: started}, stop: {completed: work}, within: 5 d}\n",
                          "units.yaml"));
    w.start("units", "U-1");
    const auto left = [&] {
      std::string all;
      for (const ClockInfo& c : must(w.engine().clocks({}))) all += c.clock + "=" + c.business_left + " ";
      return all;
    };
    // From Monday 9:00, on a calendar that never closes. The day of the start does not count, and a day is used up evenly over its 24 hours
    // (docs/clocks.md): on Wednesday at 9:00 it is 1 d 9 h of 3 days, on Friday at 9:00 3 d 9 h. Of the hours, 48 and 96 of 60.
    w.advance(Duration::days(2));
    CHECK(left() == "days=1.6 bd hours=12.0 bh mixed= real= ");
    w.advance(Duration::days(2));
    CHECK(left() == "days=-0.4 bd hours=-36.0 bh mixed= real= ");
  });
}

}  // namespace switchboard::testing
