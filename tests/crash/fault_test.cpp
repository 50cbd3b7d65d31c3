// The n-th call of the store fails, for every n: the command at hand is refused cleanly or was done, and repeating it brings everything to the same
// end.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "files.hpp"
#include "load.hpp"
#include "runtime/case_engine.hpp"
#include "wrapped_store.hpp"

namespace switchboard::testing {

namespace {

/// A few commands that need every method of the store; each is repeated until it is done, as a client with request ids does.
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
    until_done([&] { return deploy_load(*engine_); });
    for (const std::string number : {"A", "B"}) {
      StartOptions options;
      options.case_no = number;
      until_done([&] { return engine_->start("load", {}, options, {.request_id = "start-" + number}); });
    }
    Find clerks;
    clerks.group = "clerks";
    until_done([&]() -> Result<CaseInfo> {
      SB_TRY(const auto work, engine_->work(clerks));
      SB_TRY(const auto known, engine_->work_of_request("approve-A"));  // done: the work is gone
      return engine_->complete(known ? known->work : work.empty() ? "i-1/1" : work[0].work, {}, {.request_id = "approve-A"});
    });
    now_ = now_ + Duration::millis(80);
    until_done([&] { return engine_->tick(100); });
    until_done([&] { return engine_->message("paid", "A", Value(Context{{"text", "x"}}), {.request_id = "paid-A"}); });
    until_done([&] {
      return engine_->work_off(
          "work",
          [](const Job&) {
            return JobResult::ok(Value(Context{{"number", "1"}}));
          },
          10);
    });
    now_ = now_ + Duration::minutes(10);
    until_done([&] { return engine_->tick(100); });
    until_done([&] {
      return engine_->work_off(
          "work",
          [](const Job&) {
            return JobResult::ok(Value(Context{{"number", "1"}}));
          },
          10);
    });
    until_done([&] { return engine_->deliver([](const OutboxInfo&) { return std::string(); }, 100); });
    until_done([&] { return engine_->tick(100); });
  }

  /// Where the cases stand and what was told, without instants and keys, which retries may move.
  [[nodiscard]] std::string outcome() {
    store_->stop();
    std::vector<std::string> lines;  // sorted: a repeated command may have taken a later key
    const auto cases = engine_->instances({}).value();
    const auto told = engine_->outbox({}).value();
    for (const CaseInfo& c : cases)
      lines.push_back(fmt::format("{} {} {} [{}] {}\n", c.process, c.case_no, to_string(c.state), fmt::join(c.at, ","),
                                  to_json(engine_->data(c.instance).value())));
    // What tells of lateness depends on when a refused command was repeated.
    for (const OutboxInfo& o : told)
      if (o.name != "too-late") lines.push_back(fmt::format("{} {} {}\n", o.case_no, o.name, to_string(o.state)));
    std::sort(lines.begin(), lines.end());
    return fmt::format("{}", fmt::join(lines, "")) + fmt::format("{}", fmt::join(engine_->check().value(), "\n"));
  }
  [[nodiscard]] int calls() const { return store_->calls(); }
  [[nodiscard]] int errors() const { return errors_; }

 private:
  template <class F>
  void until_done(F&& f) {
    for (int i = 0; i < 3; ++i) {
      const auto result = f();
      if (result) return;
      ++errors_;
      REQUIRE_MESSAGE(result.error().kind == ErrorKind::storage, result.error().text());
    }
    FAIL("three failures in a row of a store that fails once");
  }

  Instant now_{1'772'413'200'000'000};
  FailingStore* store_ = nullptr;
  std::unique_ptr<runtime::CaseEngine> engine_;
  int errors_ = 0;
};

void fail_everywhere(bool after_the_fact) {
  Scenario untroubled(0, false);
  untroubled.play();
  const std::string expected = untroubled.outcome();
  CHECK(expected.find("load A completed") != std::string::npos);
  const int calls = untroubled.calls();
  REQUIRE(calls > 50);
  int noticed = 0;
  for (int n = 1; n <= calls; ++n) {
    Scenario troubled(n, after_the_fact);
    troubled.play();
    noticed += troubled.errors();
    const std::string outcome = troubled.outcome();
    CHECK_MESSAGE(outcome == expected, "call " << n);
    if (outcome != expected) break;
  }
  fmt::print("{} store calls failed in turn ({}), {} of them seen by a caller\n", calls, after_the_fact ? "after the fact" : "before it", noticed);
}

}  // namespace

TEST_CASE("a store that fails once, wherever, leaves a clean error and nothing half done") { fail_everywhere(false); }
TEST_CASE("a commit that was made but reported as failed does no harm to those who repeat") { fail_everywhere(true); }

}  // namespace switchboard::testing
