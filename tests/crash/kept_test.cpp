// Messages that come early over a store that fails once, at every call in turn: each of keeping, delivering and ending is done once or not yet, and
// what a failure left undone is done by the next tick.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "files.hpp"
#include "runtime/case_engine.hpp"
#include "wrapped_store.hpp"

namespace switchboard::testing::kept_messages {

namespace {

constexpr std::string_view waiter = R"(
switchboard: 1
process: waiter
calendar: 24x7@UTC
data: {n: number}
messages: {paid: {payload: {n: number}, keep: 2 h}}
nodes:
  s: {type: startEvent, next: before}
  before: {type: userTask, form: [], next: w}
  w: {type: intermediateCatchEvent, message: paid, out: {n: n}, next: last}
  last: {type: userTask, form: [], next: e}
  e: {type: endEvent}
)";

class Scenario {
 public:
  Scenario(int fail_at, bool after_the_fact) {
    auto store = std::make_unique<FailingStore>(store::open_memory(), fail_at, after_the_fact);
    store_ = store.get();
    EngineOptions options;
    options.clock = [this] { return now_; };
    engine_ = std::make_unique<runtime::CaseEngine>(std::move(store), options);
  }

  void play() {
    until_done([&] { return engine_->deploy(waiter, "waiter.yaml"); });
    for (const int n : {1, 2})
      until_done([&] { return engine_->message("paid", "A", Value(Context{{"n", n}}), {.request_id = fmt::format("pay-{}", n)}); });
    StartOptions options;
    options.case_no = "A";
    until_done([&] { return engine_->start("waiter", {}, options, {.request_id = "start"}); });
    until_done([&]() -> Result<CaseInfo> {
      SB_TRY(const auto work, engine_->work({}));
      SB_TRY(const auto known, engine_->work_of_request("before"));
      return engine_->complete(known ? known->work : work.empty() ? "i-1/1" : work[0].work, {}, {.request_id = "before"});
    });
    until_done([&] { return engine_->tick(100); });
    now_ = now_ + Duration::hours(3);
    until_done([&] { return engine_->tick(100); });
    until_done([&] { return engine_->drop("m-2", "enough", {.request_id = "drop"}); });
  }

  [[nodiscard]] std::string outcome() {
    store_->stop();
    std::string text;
    const auto cases = engine_->instances({});
    const auto messages = engine_->messages({});
    const auto records = engine_->outbox({});
    for (const CaseInfo& c : cases.value())
      text += fmt::format("{} at {} {}\n", c.case_no, fmt::join(c.at, ","), to_json(engine_->data(c.instance).value()));
    for (const MessageInfo& m : messages.value()) text += fmt::format("{} {} {} {}\n", m.message, to_json(m.payload), to_string(m.state), m.rule);
    for (const OutboxInfo& o : records.value()) text += o.name + "\n";
    return text + fmt::format("{}", fmt::join(engine_->check().value(), "\n"));
  }
  [[nodiscard]] int calls() const { return store_->calls(); }

 private:
  template <class F>
  void until_done(F&& f) {
    for (int i = 0; i < 3; ++i) {
      const auto result = f();
      if (result) return;
      REQUIRE_MESSAGE(result.error().kind == ErrorKind::storage, result.error().text());
    }
    FAIL("three failures in a row of a store that fails once");
  }

  Instant now_{1'772'413'200'000'000};
  FailingStore* store_ = nullptr;
  std::unique_ptr<runtime::CaseEngine> engine_;
};

}  // namespace

TEST_CASE("a store that fails once neither loses a message that is kept nor gives it twice") {
  for (const bool after_the_fact : {false, true}) {
    Scenario untroubled(0, false);
    untroubled.play();
    const int calls = untroubled.calls();  // asking for the outcome calls the store, too
    const std::string expected = untroubled.outcome();
    CHECK(expected == "A at last {\"n\":1}\nm-2 {\"n\":2} dropped SB0518\nSB0518\n");
    REQUIRE(calls > 20);
    for (int n = 1; n <= calls; ++n) {
      Scenario troubled(n, after_the_fact);
      troubled.play();
      const std::string outcome = troubled.outcome();
      CHECK_MESSAGE(outcome == expected, "call " << n << (after_the_fact ? " after the fact" : ""));
      if (outcome != expected) break;
    }
  }
}

}  // namespace switchboard::testing::kept_messages
