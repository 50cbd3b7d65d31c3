// Receipts: what adapters hear of what they told.
#include "support.hpp"

namespace switchboard::testing {

namespace {

constexpr std::string_view outage = R"(
switchboard: 1
process: outage
calendar: 24x7@UTC
customer: '"7"'
data:
  people: {type: any, default: "7"}
  seen: {type: list<string>, default: []}
messages:
  heard: {payload: {receipt: string, to: any, at: string}}
nodes:
  begin: {type: startEvent, next: wait}
  wait: {type: receiveTask, message: heard, in: {}, out: {seen: 'append(seen, receipt)'}, next: enough}
  enough: {type: exclusiveGateway, next: [{if: count(seen) > 1, to: done}, {else: wait}]}
  done: {type: endEvent}
sla:
  known: {start: {process: started}, stop: {message: heard}, within: 1 d}
feedback:
  off: {on: {process: started}, channels: [sms], to: people, receipt: heard, text: {en: off}}
)";

std::size_t deliver(World& w) {
  return must(w.engine().deliver(Find{}, [](const OutboxInfo&) { return std::string(); }));
}

}  // namespace

TEST_CASE("a receipt stands with its record and comes to the case as a message, once for each kind") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(outage, "outage.yaml"));
    w.start("outage", "O-1");
    CHECK(error_of(w.engine().receipt("o-1", ReceiptKind::read, {}, "")) == "SB0564");
    CHECK(deliver(w) == 1);
    w.now = w.now + Duration::minutes(5);
    const OutboxInfo first = must(w.engine().receipt("o-1", ReceiptKind::delivered, t0 + Duration::minutes(2), "by sms"));
    REQUIRE(first.receipts.list() != nullptr);
    REQUIRE(first.receipts.list()->size() == 1);
    CHECK(*first.receipts.list()->front().context()->find("kind") == Value("delivered"));
    CHECK(clock_of(w.engine(), "O-1", "known").state == ClockState::met);
    CHECK(w.data("O-1", "seen") == Value(List{"delivered"}));
    must(w.engine().receipt("o-1", ReceiptKind::delivered, {}, "again"));
    w.reopen();
    must(w.engine().receipt("o-1", ReceiptKind::delivered, {}, "again"));
    CHECK(w.data("O-1", "seen") == Value(List{"delivered"}));
    CHECK(w.at("O-1") == "wait");
    must(w.engine().receipt("o-1", ReceiptKind::signed_for, {}, ""));
    CHECK(w.at("O-1") == "completed");
    // Nobody waits any more: it stands with the record.
    const OutboxInfo last = must(w.engine().receipt("o-1", ReceiptKind::read, {}, ""));
    CHECK(last.receipts.list()->size() == 3);
    CHECK(w.told("incident").empty());
  });
}

TEST_CASE("receipts that cannot be are refused, and change nothing") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(outage, "outage.yaml"));
    w.start("outage", "O-1");
    CHECK(deliver(w) == 1);
    CHECK(error_of(w.engine().receipt("o-9", ReceiptKind::read, {}, "")) == "SB0613");
    CHECK(error_of(w.engine().receipt("7", ReceiptKind::read, {}, "")) == "SB0510");
    CHECK(error_of(w.engine().receipt("o-1", ReceiptKind::read, t0 + Duration::hours(1), "")) == "SB0510");
    CHECK(error_of(w.engine().receipt("o-1", ReceiptKind::read, t0 - Duration::hours(1), "")) == "SB0510");
    CHECK(must(w.engine().outbox({}))[0].receipts.is_null());
    CHECK(w.at("O-1") == "wait");
    must(w.engine().suspend(w.find("O-1").instance, "police"));
    must(w.engine().receipt("o-1", ReceiptKind::read, {}, ""));  // noted, and that the case did not hear it
    CHECK(w.told("incident").size() == 1);
  });
}

TEST_CASE("each recipient of a list has receipts of his own") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(outage, "outage.yaml"));
    w.start("outage", "O-1", context({{"people", List{"a", "b"}}}));
    CHECK(deliver(w) == 2);
    must(w.engine().receipt("o-1", ReceiptKind::read, {}, ""));
    must(w.engine().receipt("o-2", ReceiptKind::read, {}, ""));
    CHECK(w.data("O-1", "seen") == Value(List{"read", "read"}));
    CHECK(w.at("O-1") == "completed");
  });
}

}  // namespace switchboard::testing
