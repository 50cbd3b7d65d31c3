// Compensation and escalations across cases, on disk: nothing of it is lost when the engine is closed in between.
#include <doctest/doctest.h>

#include "support.hpp"

namespace switchboard::testing::undoing {

namespace {

constexpr const char* undone_trip = R"(
switchboard: 1
process: trip
data: {hotel: string, ok: boolean}
nodes:
  s: {type: startEvent, next: deal}
  deal:
    type: transaction
    next: e
    boundary: {off: {cancel: true, next: sorry}, late: {timer: {after: 24 h}, next: sorry}}
    nodes:
      s: {type: startEvent, next: book}
      book: {type: userTask, groups: [desk], compensation: unbook, next: pay}
      unbook: {type: userTask, groups: [desk], in: {hotel: hotel}}
      pay: {type: userTask, groups: [desk], next: [{if: ok, to: e}, {else: no}]}
      no: {type: endEvent, cancel: true}
      e: {type: endEvent}
  sorry: {type: userTask, groups: [desk], next: e}
  e: {type: endEvent}
)";
constexpr const char* called = R"(
switchboard: 1
process: called
nodes:
  s: {type: startEvent, next: ask}
  ask: {type: userTask, groups: [desk], next: low}
  low: {type: intermediateThrowEvent, escalation: low, in: {words: '"hurry"'}, next: again}
  again: {type: userTask, groups: [desk], next: high}
  high: {type: endEvent, escalation: high}
)";
constexpr const char* between = R"(
switchboard: 1
process: between
nodes:
  s: {type: startEvent, next: call}
  call: {type: callActivity, process: called, next: e}
  e: {type: endEvent}
)";
constexpr const char* caller = R"(
switchboard: 1
process: caller
data: {text: string}
nodes:
  s: {type: startEvent, next: call}
  call:
    type: callActivity
    process: between
    next: e
    boundary: {heard: {escalation: low, interrupting: false, out: {text: words}, next: note}}
  note: {type: userTask, groups: [desk], next: e}
  e: {type: endEvent}
)";

void deploy_texts(World& w, std::initializer_list<const char*> texts) {
  for (const char* text : texts) must(w.engine().deploy(text, "test.yaml"));
}

}  // namespace

TEST_CASE("a transaction that is cancelled goes on undoing after the engine was closed") {
  on_both_stores([](World& w) {
    deploy_texts(w, {undone_trip});
    w.start("trip", "T", context({{"ok", false}}));
    w.complete("T", "deal/book", context({{"hotel", "North"}}));
    w.complete("T", "deal/pay", context({{"hotel", "South"}}));
    CHECK(w.at("T") == "deal/unbook");
    w.reopen();
    CHECK(w.violations().empty());
    w.advance(Duration::hours(48));  // its boundary timer is gone
    CHECK(w.at("T") == "deal/unbook");
    Find f;
    f.case_no = "T";
    const auto work = must(w.engine().work(f));
    REQUIRE(work.size() == 1);
    CHECK(to_feel(work[0].inputs) == "{hotel: \"North\"}");
    w.complete("T", "deal/unbook");
    CHECK(w.at("T") == "sorry");
    w.complete("T", "sorry");
    CHECK(w.at("T") == "completed");
    CHECK(w.violations().empty());
  });
}

TEST_CASE("an escalation goes through the calling cases; one that is suspended hears of it later; at last somebody is told") {
  on_both_stores([](World& w) {
    deploy_texts(w, {called, between, caller});
    w.start("caller", "C");
    const InstanceId top = w.find("C", "caller").instance;
    must(w.engine().suspend(top, "wait"));
    w.complete("C", "ask");
    CHECK(w.at("C", "called") == "again");
    must(w.engine().tick(100));
    w.reopen();
    must(w.engine().resume(top));
    must(w.engine().tick(100));
    CHECK(w.at("C", "caller") == "call, note");
    const Value all = must(w.engine().data(top));
    CHECK(to_feel(*all.context()->find("text")) == "\"hurry\"");
    CHECK(w.told("escalation").empty());
    // Nobody catches this one: it is told once, by the topmost case.
    w.complete("C", "again");
    must(w.engine().tick(100));
    CHECK(w.told("escalation") == std::vector<std::string>{"high"});
    CHECK(w.at("C", "caller") == "note");
  });
}

TEST_CASE("an escalation that interrupts the call comes before the answer of the case that raised it at its end") {
  on_both_stores([](World& w) {
    std::string text = caller;
    const std::string low = "{escalation: low, interrupting: false, out: {text: words}, next: note}";
    text.replace(text.find(low), low.size(), "{escalation: any, out: {text: words}, next: note}");
    text.replace(text.find("process: between"), 16, "process: called");
    deploy_texts(w, {called, text.c_str()});
    w.start("caller", "C");
    w.complete("C", "ask");
    must(w.engine().tick(100));
    CHECK(w.at("C", "caller") == "note");
    CHECK(w.at("C", "called") == "cancelled");
    CHECK(w.told("escalation").empty());
    CHECK(w.violations().empty());
  });
}

}  // namespace switchboard::testing::undoing
