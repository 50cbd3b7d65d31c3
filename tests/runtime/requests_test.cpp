// Messages to clocks and to cases, requests repeated and reused, and what one case may take of a tick.
#include "support.hpp"

namespace switchboard::testing {
namespace {

constexpr std::string_view heard_process = R"(
switchboard: 1
process: heard
messages: {hold: {key: ref}, paid: {key: ref}}
data: {ref: string}
nodes:
  s: {type: startEvent, next: a}
  a: {type: userTask, next: w}
  w: {type: receiveTask, message: paid, next: e}
  e: {type: endEvent}
sla:
  c:
    start: {message: begin-now}
    pause: {message: hold}
    resume: {message: paid}
    within: 2 h
)";

constexpr std::string_view telling = R"(
switchboard: 1
process: telling
messages: {hold: {key: ref}}
data: {ref: {type: string, required: true}}
nodes:
  s: {type: startEvent, next: t}
  t: {type: sendTask, message: hold, next: e}
  e: {type: endEvent}
)";

constexpr std::string_view circle = R"(
switchboard: 1
process: circle
data: {n: {type: number, default: 0}, t: {type: duration, default: PT0S}}
nodes:
  s: {type: startEvent, next: i}
  i: {type: intermediateCatchEvent, timer: {after: t, calendar: 24x7@UTC}, next: g}
  g: {type: scriptTask, set: {n: n + 1}, next: x}
  x: {type: exclusiveGateway, next: [{if: n < 1e9, to: i}, {else: e}]}
  e: {type: endEvent}
)";

constexpr std::string_view once = R"(
switchboard: 1
process: once
nodes:
  s: {type: startEvent, next: i}
  i: {type: intermediateCatchEvent, timer: {after: 1 min}, next: e}
  e: {type: endEvent}
)";

constexpr std::string_view often = R"(
switchboard: 1
process: often
nodes:
  s: {type: startEvent, next: i}
  i: {type: userTask, next: e, boundary: {t: {timer: {every: 10 ms, missed: all}, interrupting: false, next: x}}}
  x: {type: endEvent}
  e: {type: endEvent}
)";

std::string state_of(World& w) {
  const auto clocks = must(w.engine().clocks({}));
  return clocks.empty() ? "none" : std::string(to_string(clocks.front().state));
}

}  // namespace

TEST_CASE("clocks hear their messages though no token waits for them") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(heard_process, "heard.yaml"));
    w.start("heard", "C-1");
    CHECK(state_of(w) == "none");
    must(w.engine().message("begin-now", "C-1", {}));
    CHECK(state_of(w) == "running");
    CHECK(error_of(w.engine().message("hold", "C-1", {})) == "SB0506");  // its key is not the number, and not known yet
    w.complete("C-1", "a", Context{{"ref", "R-7"}});
    w.reopen();
    must(w.engine().message("hold", "R-7", {}, {.request_id = "h1"}));
    CHECK(state_of(w) == "paused");
    // The token that waits comes first, and clocks react all the same.
    must(w.engine().suspend(w.find("C-1").instance, "", {.by = "me"}));
    must(w.engine().resume(w.find("C-1").instance, {.by = "me"}));
    must(w.engine().message("paid", "R-7", {}));
    CHECK(w.at("C-1") == "completed");
    CHECK(error_of(w.engine().message("hold", "R-7", {})) == "SB0506");
  });
}

TEST_CASE("what a case sends and only clocks hear goes to the outbox, too") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(heard_process, "heard.yaml"));
    must(w.engine().deploy(telling, "telling.yaml"));
    w.start("heard", "C-1", Context{{"ref", "R-7"}});
    must(w.engine().message("begin-now", "C-1", {}));
    w.start("telling", "T-1", Context{{"ref", "R-7"}});
    CHECK(state_of(w) == "paused");
    CHECK(w.told("message") == std::vector<std::string>{"hold"});
    w.advance(Duration::minutes(1));
    CHECK(w.told("message").size() == 1);
  });
}

TEST_CASE("a message by case number finds the case whatever its key") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(heard_process, "heard.yaml"));
    w.start("heard", "C-1", Context{{"ref", "R-7"}});
    w.complete("C-1", "a");
    CHECK(error_of(w.engine().message("paid", "C-1", {})) == "SB0506");
    must(w.engine().suspend(w.find("C-1").instance, "", {.by = "me"}));
    CHECK(error_of(w.engine().message_to_case("paid", "C-1", {})) == "SB0502");
    must(w.engine().resume(w.find("C-1").instance, {.by = "me"}));
    CHECK(error_of(w.engine().message_to_case("paid", "C-2", {})) == "SB0506");
    CHECK(must(w.engine().message_to_case("paid", "C-1", {}, {.request_id = "p1"})).state == CaseState::completed);
    CHECK(must(w.engine().message_to_case("paid", "C-1", {}, {.request_id = "p1"})).state == CaseState::completed);
    CHECK(error_of(w.engine().message_to_case("paid", "C-2", {}, {.request_id = "p1"})) == "SB0546");
    w.start("heard", "R-7", Context{{"ref", "R-9"}});
    CHECK(must(w.engine().message_to_case("begin-now", "R-7", {})).case_no == "R-7");
  });
}

TEST_CASE("a request id under something else is refused, and says which work it was about") {
  on_both_stores([](World& w) {
    w.deploy({"order"});
    StartOptions options;
    options.case_no = "Q-1";
    const Caller s1{.request_id = "s1"};
    must(w.engine().start("order", {}, options, s1));
    CHECK(error_of(w.engine().start("order", Context{{"amount", 11}}, options, s1)) == "SB0546");
    options.case_no = "Q-2";
    CHECK(error_of(w.engine().start("order", {}, options, s1)) == "SB0546");
    w.start("order", "Q-2");
    const WorkId first = w.work("Q-1", "review"), second = w.work("Q-2", "review");
    const Value result = Context{{"amount", 20}};
    const CaseInfo done = must(w.engine().complete(first, result, {.by = "li", .request_id = "c1"}));
    w.reopen();
    CHECK(must(w.engine().complete(first, result, {.by = "li", .request_id = "c1"})).at == done.at);
    CHECK(error_of(w.engine().complete(second, result, {.by = "li", .request_id = "c1"})) == "SB0546");
    CHECK(error_of(w.engine().complete(first, Context{{"amount", 21}}, {.by = "li", .request_id = "c1"})) == "SB0546");
    CHECK(error_of(w.engine().fail(first, {"no"}, {.by = "li", .request_id = "c1"})) == "SB0546");
    CHECK(error_of(w.engine().cancel(done.instance, "no", {.by = "li", .request_id = "c1"})) == "SB0546");
    const auto known = must(w.engine().work_of_request("c1"));
    REQUIRE(known);
    CHECK(known->work == first);
    CHECK(known->case_no == "Q-1");
    CHECK(known->node == "review");
    CHECK_FALSE(must(w.engine().work_of_request("s1")));
    CHECK_FALSE(must(w.engine().work_of_request("never")));
  });
}

TEST_CASE("a case that is due again and again holds nobody up") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(circle, "circle.yaml"));
    must(w.engine().deploy(often, "often.yaml"));
    must(w.engine().deploy(once, "once.yaml"));
    w.start("circle", "A-1");
    w.start("often", "B-1");
    w.start("once", "C-1");
    w.now = w.now + Duration::minutes(2);
    const TickReport few = must(w.engine().tick(100));
    CHECK(few.timers == 100);
    CHECK(w.at("C-1") == "completed");
    const TickReport report = must(w.engine().tick(1'000'000));
    // The circle, in which nothing waits, has come to its thousandth timer; the other one has a rhythm and goes on with the next tick.
    CHECK(report.timers == 1000 + 1000 - (few.timers - 1) / 2);
    CHECK(report.put_off == 1);
    const auto found = must(w.engine().incidents({}));
    REQUIRE(found.size() == 1);
    CHECK(found[0].rule == "SB0532");
    CHECK(found[0].case_no == "A-1");
    REQUIRE(report.next_due);
    CHECK(*report.next_due <= w.now);
  });
}

}  // namespace switchboard::testing
