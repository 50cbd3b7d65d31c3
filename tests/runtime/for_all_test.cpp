// Messages for all who wait under one key (`receivers: all`), on both stores.
#include <fmt/format.h>

#include "support.hpp"

namespace switchboard::testing {

namespace {

std::string cutting(const std::string& receivers = "receivers: all") {
  return fmt::format(R"(
switchboard: 1
process: cut
calendar: 24x7@UTC
customer: customer_no
data:
  customer_no: {{type: string, required: true}}
  amount: {{type: number, max: 100}}
messages:
  paid: {{key: customer_no, payload: {{amount: number}}, {}}}
nodes:
  begin: {{type: startEvent, next: wait}}
  wait: {{type: receiveTask, message: paid, out: {{amount: amount}}, next: done}}
  done: {{type: endEvent}}
)",
                     receivers);
}

constexpr std::string_view listening = R"(
switchboard: 1
process: plan
calendar: 24x7@UTC
data:
  customer_no: {type: string, required: true}
messages:
  paid: {key: customer_no, payload: {amount: number}}
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, next: done}
  done: {type: endEvent}
sla:
  money: {start: {process: started}, stop: {message: paid}, within: 3 d}
)";

Value of_customer(const std::string& no) { return context({{"customer_no", no}}); }
Value amount(int of) { return context({{"amount", Decimal(of)}}); }

}  // namespace

TEST_CASE("a message for all goes to every case that waits under its key, and to those that only listen") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(cutting(), "cut.yaml"));
    must(w.engine().deploy(listening, "plan.yaml"));
    for (int i = 1; i <= 3; ++i) w.start("cut", fmt::format("C-{}", i), of_customer("100"));
    w.start("cut", "C-4", of_customer("200"));
    w.start("plan", "P-1", of_customer("100"));
    const CaseInfo answer = must(w.engine().message("paid", "100", amount(7)));
    CHECK(answer.receivers == 4);
    for (int i = 1; i <= 3; ++i) {
      CHECK(w.at(fmt::format("C-{}", i)) == "completed");
      CHECK(w.data(fmt::format("C-{}", i), "amount") == Value(Decimal(7)));
    }
    CHECK(w.at("C-4") == "wait");
    CHECK(clock_of(w.engine(), "P-1", "money").state == ClockState::met);
    CHECK(must(w.engine().message("paid", "100", amount(7))).case_no == "P-1");  // which listens on
    CHECK(must(w.engine().message("paid", "200", amount(7))).receivers == 1);
    // To one case alone.
    w.start("cut", "C-5", of_customer("300"));
    w.start("cut", "C-6", of_customer("300"));
    CHECK(must(w.engine().message_to_case("paid", "C-5", amount(7))).receivers == 0);
    CHECK(w.at("C-5") == "completed");
    CHECK(w.at("C-6") == "wait");
  });
}

TEST_CASE("who refuses a message for all stops no other, and is told; when all refuse it, the sender is") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(cutting(), "cut.yaml"));
    for (int i = 1; i <= 3; ++i) w.start("cut", fmt::format("C-{}", i), of_customer("100"));
    must(w.engine().suspend(w.find("C-2").instance, "police"));
    CHECK(must(w.engine().message("paid", "100", amount(7))).receivers == 2);
    CHECK(w.at("C-1") == "completed");
    CHECK(w.at("C-3") == "completed");
    REQUIRE(w.told("incident").size() == 1);
    CHECK(error_of(w.engine().message("paid", "100", amount(7))) == "SB0506");  // the suspended one alone
    must(w.engine().resume(w.find("C-2").instance));
    CHECK(error_of(w.engine().message("paid", "100", amount(700))) == "SB0501");  // more than the data may be
    CHECK(w.at("C-2") == "wait");
    CHECK(w.told("incident").size() == 1);
  });
}

TEST_CASE("a request with a message for all is answered as it was, and reaches nobody twice") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(cutting(), "cut.yaml"));
    for (int i = 1; i <= 2; ++i) w.start("cut", fmt::format("C-{}", i), of_customer("100"));
    Caller caller;
    caller.request_id = "pay-1";
    const CaseInfo first = must(w.engine().message("paid", "100", amount(7), caller));
    w.start("cut", "C-3", of_customer("100"));
    w.reopen();
    const CaseInfo again = must(w.engine().message("paid", "100", amount(7), caller));
    CHECK(again.receivers == first.receivers);
    CHECK(again.instance == first.instance);
    CHECK(w.at("C-3") == "wait");
    CHECK(error_of(w.engine().message("paid", "100", amount(8), caller)) == "SB0546");
    // The last one refuses it: the answer is kept all the same.
    must(w.engine().suspend(w.find("C-3").instance, "police"));
    w.start("cut", "C-4", of_customer("100"));
    caller.request_id = "pay-2";
    CHECK(must(w.engine().message("paid", "100", amount(7), caller)).receivers == 1);
    CHECK(must(w.engine().message("paid", "100", amount(7), caller)).receivers == 1);
    CHECK(w.told("incident").size() == 1);
  });
}

TEST_CASE("a case throws a message for all; what one process says holds for those that do not say it") {
  constexpr std::string_view thrower = R"(
switchboard: 1
process: bank
calendar: 24x7@UTC
data: {customer_no: {type: string, required: true}}
messages: {paid: {key: customer_no}}
nodes:
  begin: {type: startEvent, next: tell}
  tell: {type: sendTask, message: paid, in: {amount: 5}, next: done}
  done: {type: endEvent}
)";
  on_both_stores([&](World& w) {
    std::string other = cutting("");
    other.replace(other.find("process: cut"), 12, "process: any");
    other.replace(other.find("number}, }"), 10, "number}}  ");
    must(w.engine().deploy(cutting(), "cut.yaml"));
    must(w.engine().deploy(other, "any.yaml"));
    must(w.engine().deploy(thrower, "bank.yaml"));
    w.start("any", "A-1", of_customer("100"));
    w.start("any", "A-2", of_customer("100"));
    w.start("bank", "B-1", of_customer("100"));
    CHECK(w.at("A-1") == "completed");
    CHECK(w.at("A-2") == "completed");
    w.start("bank", "B-2", of_customer("100"));  // nobody: to the outside
    CHECK(w.told("message").size() == 1);
  });
}

TEST_CASE("a message is for all or kept for one, not both") {
  const auto engine = must(Engine::open({}));
  CHECK(error_of(engine->deploy(cutting("receivers: all, keep: 2 h"), "cut.yaml")) == "SB0194");
  CHECK(engine->deploy(cutting("receivers: one, keep: 2 h"), "cut.yaml"));
}

}  // namespace switchboard::testing
