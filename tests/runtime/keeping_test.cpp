// Messages that come before anybody waits for them: kept, in order, given to exactly one, over in time. Several tests are what users of other engines
// have reported as broken about messages with a time to live.
#include <fmt/format.h>

#include <algorithm>

#include "support.hpp"

namespace switchboard::testing::kept_messages {

namespace {

/// Works first, then waits twice for the message.
constexpr std::string_view waiter = R"(
switchboard: 1
process: waiter
calendar: 24x7@Asia/Shanghai
data: {n: number, m: number}
messages: {paid: {payload: {n: number}, keep: 2 h}}
nodes:
  s: {type: startEvent, next: before}
  before: {type: userTask, form: [], next: w}
  w: {type: intermediateCatchEvent, message: paid, out: {n: n}, next: between}
  between: {type: userTask, form: [], next: again}
  again: {type: receiveTask, message: paid, out: {m: n}, next: last}
  last: {type: userTask, form: [], next: e}
  e: {type: endEvent}
)";

constexpr std::string_view silent = R"(
switchboard: 1
process: silent
calendar: 24x7@Asia/Shanghai
messages: {ping: {payload: {}, keep: {for: 2 h, then: discard}}}
nodes:
  s: {type: startEvent, next: before}
  before: {type: userTask, form: [], next: w}
  w: {type: intermediateCatchEvent, message: ping, next: e}
  e: {type: endEvent}
)";

/// Begins by the message; a second one of its number waits until the first case is over.
constexpr std::string_view starter = R"(
switchboard: 1
process: starter
calendar: 24x7@Asia/Shanghai
data: {n: number}
messages: {order: {payload: {n: number}, keep: 1 d}}
nodes:
  s: {type: startEvent, message: order, next: u}
  u: {type: userTask, form: [], next: e}
  e: {type: endEvent}
)";

/// A task that the message interrupts, or does not.
constexpr std::string_view bordered = R"(
switchboard: 1
process: bordered
calendar: 24x7@Asia/Shanghai
messages: {stop: {payload: {}, keep: 2 h}, note: {payload: {}, keep: 2 h}}
nodes:
  s: {type: startEvent, next: before}
  before: {type: userTask, form: [], next: work}
  work:
    type: userTask
    form: []
    next: e
    boundary:
      halt: {message: stop, next: stopped}
      hint: {message: note, interrupting: false, next: noted}
  stopped: {type: userTask, form: [], next: e}
  noted: {type: userTask, form: [], next: e}
  e: {type: endEvent}
)";

/// A clock hears the message with the token that takes it.
constexpr std::string_view promised = R"(
switchboard: 1
process: promised
calendar: 24x7@Asia/Shanghai
messages: {paid: {payload: {}, keep: 2 h}}
nodes:
  s: {type: startEvent, next: before}
  before: {type: userTask, form: [], next: w}
  w: {type: intermediateCatchEvent, message: paid, next: last}
  last: {type: userTask, form: [], next: e}
  e: {type: endEvent}
sla:
  payment: {start: {process: started}, stop: {message: paid}, within: 1 d}
feedback:
  thanks: {on: {message: paid}, channels: [sms], text: thanks}
)";

/// What its clock and its text make of the message depends on what that carries.
constexpr std::string_view ordered = R"(
switchboard: 1
process: ordered
calendar: 24x7@Asia/Shanghai
data: {kind: string}
messages: {order: {payload: {kind: string}, keep: 1 d}}
nodes:
  s: {type: startEvent, next: t}
  t: {type: userTask, form: [], next: w}
  w: {type: receiveTask, message: order, next: last}
  last: {type: userTask, form: [], next: e}
  e: {type: endEvent}
sla: {k: {start: {message: order}, stop: {process: ended}, within: 'if kind = "x" then "1 h" else null'}}
feedback: {told: {on: {message: order}, if: 'kind = "x"', channels: [sms], text: thanks}}
)";

constexpr std::string_view payer = R"(
switchboard: 1
process: payer
calendar: 24x7@Asia/Shanghai
data: {to: string}
messages: {paid: {key: to, payload: {n: number}}}
nodes:
  s: {type: startEvent, next: t}
  t: {type: intermediateThrowEvent, message: paid, in: {n: "7"}, next: e}
  e: {type: endEvent}
)";

void deploy(World& w, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) must(w.engine().deploy(text, "p.yaml"));
}

std::vector<MessageInfo> kept(World& w) { return must(w.engine().messages({.open_only = true})); }

CaseInfo pay(World& w, const std::string& key, int n, const std::string& request = {}) {
  return must(w.engine().message("paid", key, context({{"n", n}}), {.request_id = request}));
}

}  // namespace

TEST_CASE("a message that comes early is kept, shown, and given to the token that waits, in the order of arrival") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    const CaseInfo first = pay(w, "A", 1);
    CHECK(first.instance.empty());
    REQUIRE(first.kept_until);
    CHECK(*first.kept_until == w.now + Duration::hours(2));
    w.now = w.now + Duration::minutes(1);
    pay(w, "A", 2);
    pay(w, "B", 9);  // another key is another queue
    REQUIRE(kept(w).size() == 3);
    CHECK(kept(w)[0].message == "m-1");
    CHECK(kept(w)[0].name == "paid");
    CHECK(kept(w)[0].key == "A");
    CHECK(to_json(kept(w)[0].payload) == R"({"n":1})");
    w.reopen();
    w.start("waiter", "A");
    CHECK(w.at("A") == "before");  // being there is not waiting
    w.complete("A", "before");
    CHECK(w.at("A") == "between");
    CHECK(w.data("A", "n") == Value(1));
    w.complete("A", "between");
    CHECK(w.at("A") == "last");
    CHECK(w.data("A", "m") == Value(2));
    REQUIRE(kept(w).size() == 1);
    CHECK(kept(w)[0].key == "B");
  });
}

TEST_CASE("one message is for one case: a second case with the same key does not get it again") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    pay(w, "A", 1);
    w.start("waiter", "A");
    w.complete("A", "before");
    CHECK(w.at("A") == "between");
    CHECK(kept(w).empty());
    w.complete("A", "between");
    CHECK(w.at("A") == "again");  // nothing is left for the second wait
    w.advance(Duration::hours(3));
    CHECK(must(w.engine().incidents({})).empty());
  });
}

TEST_CASE("after its time it is given to nobody, before and after the tick, and is an incident that can be resolved or dropped") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    pay(w, "A", 1);
    pay(w, "B", 2);
    w.start("waiter", "A");
    w.now = w.now + Duration::hours(2) + Duration::micros(1);
    w.complete("A", "before");  // the tick has not come yet
    CHECK(w.at("A") == "w");
    const TickReport report = must(w.engine().tick(100));
    CHECK(report.kept == 2);
    CHECK_FALSE(report.next_due);
    const auto incidents = must(w.engine().incidents({}));
    REQUIRE(incidents.size() == 2);
    CHECK(incidents[0].incident == "m-1");
    CHECK(incidents[0].rule == "SB0518");
    CHECK(incidents[0].case_no == "A");
    CHECK(w.told("incident").size() == 2);
    CHECK(w.at("A") == "w");
    must(w.engine().resolve("m-1", {}, {.by = "boss"}));
    CHECK(w.at("A") == "between");  // kept once more, and somebody waits by now
    must(w.engine().drop("m-2", "sent by mistake", {.by = "boss"}));
    CHECK(must(w.engine().incidents({})).empty());
    const auto all = must(w.engine().messages({}));
    REQUIRE(all.size() == 1);
    CHECK(all[0].state == MessageState::dropped);
    CHECK(all[0].error.find("sent by mistake") != std::string::npos);
    CHECK(error_of(w.engine().resolve("m-2", {})) == "SB0519");
    CHECK(error_of(w.engine().drop("m-7", "no")) == "SB0519");
  });
}

TEST_CASE("a time that ends in silence leaves nothing; the next instant that is due is told") {
  on_both_stores([](World& w) {
    deploy(w, {silent});
    must(w.engine().message("ping", "A", Context{}));
    const TickReport report = must(w.engine().tick(100));
    REQUIRE(report.next_due);
    CHECK(*report.next_due == w.now + Duration::hours(2) + Duration::micros(1));
    w.now = w.now + Duration::hours(2);
    w.start("silent", "A");
    w.complete("A", "before");  // at the very instant, before the tick: in time
    CHECK(w.at("A") == "completed");
    must(w.engine().message("ping", "A", Context{}));
    CHECK(w.advance(Duration::hours(2)).kept == 0);
    CHECK(w.advance(Duration::micros(1)).kept == 1);
    CHECK(must(w.engine().messages({})).empty());
    CHECK(must(w.engine().incidents({})).empty());
    CHECK(w.told("incident").empty());
  });
}

TEST_CASE("the same message id is one message, while it is kept, when it is delivered, and when what only a latecomer asks for is forgotten") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    const CaseInfo once = pay(w, "A", 1, "pay-1");
    w.now = w.now + Duration::minutes(1);
    const CaseInfo twice = pay(w, "A", 1, "pay-1");
    CHECK(twice.kept_until == once.kept_until);
    CHECK(kept(w).size() == 1);
    CHECK(kept(w)[0].request_id == "pay-1");
    must(w.engine().prune(w.now));
    pay(w, "A", 1, "pay-1");
    CHECK(kept(w).size() == 1);
    CHECK(error_of(w.engine().message("paid", "A", context({{"n", 2}}), {.request_id = "pay-1"})) == "SB0546");
    w.start("waiter", "A");
    w.complete("A", "before");
    w.complete("A", "between");
    CHECK(w.at("A") == "again");
    pay(w, "A", 1, "pay-1");
    CHECK(w.at("A") == "again");
    CHECK(kept(w).empty());
  });
}

TEST_CASE("a start message that comes while a case of its number runs is kept, and begins the next case when that is over") {
  on_both_stores([](World& w) {
    deploy(w, {starter});
    CHECK(must(w.engine().message("order", "A", context({{"n", 1}}))).case_no == "A");
    for (const int n : {2, 3}) CHECK(must(w.engine().message("order", "A", context({{"n", n}}))).kept_until);
    CHECK(kept(w).size() == 2);
    w.complete("A", "u");
    CHECK(w.data("A", "n") == Value(2));
    CHECK(kept(w).size() == 1);
    must(w.engine().cancel(w.find("A").instance, "no"));
    CHECK(w.data("A", "n") == Value(3));
    CHECK(kept(w).empty());
  });
}

TEST_CASE("what was kept before a process was deployed that it could start begins no case of it") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    pay(w, "A", 1);
    std::string text(starter);
    for (std::size_t i = text.find("order"); i != std::string::npos; i = text.find("order", i)) text.replace(i, 5, "paid");
    must(w.engine().deploy(text, "q.yaml"));
    must(w.engine().tick(100));
    CHECK(must(w.engine().instances({})).empty());
    CHECK(pay(w, "B", 2).process == "starter");
    CHECK(kept(w).size() == 1);
  });
}

TEST_CASE("events on the border take what was kept when they begin to wait, interrupting or not, as often as there is a message") {
  on_both_stores([](World& w) {
    deploy(w, {bordered});
    for (int i = 0; i < 2; ++i) must(w.engine().message("note", "A", Context{}));
    w.start("bordered", "A");
    w.complete("A", "before");
    CHECK(w.at("A") == "noted, work");
    CHECK(must(w.engine().work({.case_no = "A"})).size() == 3);
    CHECK(kept(w).empty());
    for (int i = 0; i < 2; ++i) must(w.engine().message("stop", "B", Context{}));
    w.start("bordered", "B");
    w.complete("B", "before");
    CHECK(w.at("B") == "stopped");
    CHECK(kept(w).size() == 1);
  });
}

TEST_CASE("clocks and feedback hear an early message with the token that takes it, and nobody hears it twice") {
  on_both_stores([](World& w) {
    deploy(w, {promised});
    w.start("promised", "A");
    w.now = w.now + Duration::minutes(5);
    const CaseInfo info = must(w.engine().message("paid", "A", Context{}));
    CHECK(info.instance.empty());
    CHECK(info.kept_until);
    CHECK(clock_of(w.engine(), "A", "payment").state == ClockState::running);
    CHECK(w.told("feedback").empty());
    w.complete("A", "before");
    CHECK(w.at("A") == "last");
    CHECK(clock_of(w.engine(), "A", "payment").state == ClockState::met);
    CHECK(w.told("feedback").size() == 1);
    CHECK(kept(w).empty());
    // The token is past where it waits: the clocks alone are left, and hear it when it comes.
    must(w.engine().message("paid", "A", Context{}));
    CHECK(w.told("feedback").size() == 2);
    CHECK(kept(w).size() == 1);
    must(w.engine().message("paid", "B", Context{}));
    w.start("promised", "B");
    CHECK(clock_of(w.engine(), "B", "payment").state == ClockState::running);
    w.complete("B", "before");
    CHECK(clock_of(w.engine(), "B", "payment").state == ClockState::met);
    CHECK(w.told("feedback").size() == 3);
  });
}

TEST_CASE("a promise and a text that ask for what the message carries are not lost because it came early") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(ordered, "p.yaml"));
    for (const bool is_early : {true, false}) {
      const std::string number = is_early ? "A" : "B";
      w.start("ordered", number);
      if (!is_early) w.complete(number, "t");
      must(w.engine().message("order", number, context({{"kind", "x"}})));
      if (is_early) w.complete(number, "t");
      CHECK(w.at(number) == "last");
      CHECK(clock_of(w.engine(), number, "k").state == ClockState::running);
      CHECK(w.told("feedback").size() == (is_early ? 1 : 2));
    }
  });
}

TEST_CASE("at its last instant a message can be taken, also when a tick came at it") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    w.start("waiter", "A");
    for (const int n : {1, 2}) pay(w, "A", n);
    CHECK(w.advance(Duration::hours(2)).kept == 0);
    w.complete("A", "before");
    CHECK(w.at("A") == "between");
    CHECK(w.advance(Duration::micros(1)).kept == 1);
    CHECK(must(w.engine().incidents({})).size() == 1);
  });
}

TEST_CASE("the time of a message stands still while who waits for it is suspended") {
  on_both_stores([](World& w) {
    deploy(w, {waiter, payer});
    const std::string id = w.start("waiter", "A").instance;
    w.complete("A", "before");
    must(w.engine().suspend(id, "audit"));
    w.start("payer", "P", context({{"to", "A"}}));
    pay(w, "A", 8);
    CHECK(kept(w).size() == 2);
    w.reopen();
    const TickReport report = w.advance(Duration::hours(30));
    CHECK(report.kept == 0);
    CHECK_FALSE(report.next_due);
    CHECK(must(w.engine().incidents({})).empty());
    must(w.engine().resume(id));
    CHECK(w.at("A") == "between");
    CHECK(w.data("A", "n") == Value(7));
    REQUIRE(kept(w).size() == 1);  // nobody waits for the other one now: its time begins
    CHECK(kept(w)[0].until == w.now + Duration::hours(2));
    w.advance(Duration::hours(2) + Duration::micros(1));
    CHECK(must(w.engine().incidents({})).size() == 1);
  });
}

TEST_CASE("when the suspended case that waits for it is cancelled, the time of a message begins") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    const std::string id = w.start("waiter", "A").instance;
    w.complete("A", "before");
    must(w.engine().suspend(id, "audit"));
    pay(w, "A", 8);
    w.advance(Duration::hours(5));
    must(w.engine().cancel(id, "no"));
    REQUIRE(kept(w).size() == 1);
    CHECK(kept(w)[0].until == w.now + Duration::hours(2));
  });
}

TEST_CASE("what cannot be resolved says why; a message whose time is over can be kept once more before the tick") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    pay(w, "A", 1, "pay-1");
    const auto refusal = [&](const char* id) {
      const auto done = w.engine().resolve(id, {});
      return done ? std::string() : done.error().message;
    };
    CHECK(refusal("m-1").find("its time is not over") != std::string::npos);
    CHECK(refusal("m-7").find("never was") != std::string::npos);
    w.now = w.now + Duration::hours(3);
    REQUIRE(kept(w).size() == 1);
    CHECK(kept(w)[0].error.find("its time is over") != std::string::npos);
    must(w.engine().resolve("m-1", {}));
    CHECK(kept(w)[0].until == w.now + Duration::hours(2));
    w.advance(Duration::hours(3));
    must(w.engine().prune(w.now));
    CHECK(error_of(w.engine().message("paid", "A", context({{"n", 1}}), {.request_id = "pay-1"})) == "SB0518");
    std::string text(waiter);
    text.erase(text.find(", keep: 2 h"), 11);
    must(w.engine().deploy(text, "p.yaml"));
    CHECK(refusal("m-1").find("no process") != std::string::npos);
    must(w.engine().drop("m-1", "too late"));
  });
}

TEST_CASE("a suspended case gets what came meanwhile when it is resumed, in order") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    const CaseInfo info = w.start("waiter", "A");
    w.complete("A", "before");
    must(w.engine().suspend(info.instance, "audit"));
    for (const int n : {1, 2}) CHECK(pay(w, "A", n).kept_until);
    must(w.engine().resume(info.instance));
    CHECK(w.at("A") == "between");
    CHECK(w.data("A", "n") == Value(1));
    CHECK(kept(w).size() == 1);
  });
}

TEST_CASE("what a case throws is kept for another one, and not told to anybody outside") {
  on_both_stores([](World& w) {
    deploy(w, {waiter, payer});
    w.start("payer", "P", context({{"to", "A"}}));
    REQUIRE(kept(w).size() == 1);
    CHECK(kept(w)[0].instance == w.find("P").instance);
    CHECK(w.told("message").empty());
    w.start("waiter", "A");
    w.complete("A", "before");
    CHECK(w.data("A", "n") == Value(7));
  });
}

TEST_CASE("a message to a case by its number is kept for it whatever its key") {
  on_both_stores([](World& w) {
    std::string text(waiter);
    text.replace(text.find("paid: {"), 7, "paid: {key: '\"k-\" + case_no', ");
    must(w.engine().deploy(text, "p.yaml"));
    CHECK(must(w.engine().message_to_case("paid", "A", context({{"n", 4}}))).kept_until);
    w.start("waiter", "A");
    w.complete("A", "before");
    CHECK(w.data("A", "n") == Value(4));
    CHECK(kept(w).empty());
  });
}

TEST_CASE("a payload that nobody could read is refused when it comes, and the bound on how many are kept holds for each key") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    CHECK(error_of(w.engine().message("paid", "A", context({{"n", "much"}}))) == "SB0501");
    CHECK(kept(w).empty());
    if (w.on_file()) return;
    for (int i = 0; i < 1000; ++i) pay(w, "A", i);
    CHECK(error_of(w.engine().message("paid", "A", context({{"n", 1}}))) == "SB0517");
    pay(w, "B", 1);
    CHECK(must(w.engine().messages({.limit = 2000})).size() == 1001);
  });
}

TEST_CASE("what a process no longer keeps is refused again; what is kept already stays") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    pay(w, "A", 1);
    std::string text(waiter);
    text.erase(text.find(", keep: 2 h"), 11);
    must(w.engine().deploy(text, "p.yaml"));
    CHECK(error_of(w.engine().message("paid", "A", context({{"n", 2}}))) == "SB0506");
    w.start("waiter", "A");
    w.complete("A", "before");
    CHECK(w.data("A", "n") == Value(1));
  });
}

TEST_CASE("two engines on one file: who opens the wait and who keeps the message find each other") {
  World w(true);
  deploy(w, {waiter});
  const auto other = w.another();
  must(other->message("paid", "A", context({{"n", 3}})));
  w.start("waiter", "A");
  w.complete("A", "before");
  CHECK(w.at("A") == "between");
  CHECK(must(other->messages({})).empty());
  CHECK(w.violations().empty());
}

}  // namespace switchboard::testing::kept_messages
