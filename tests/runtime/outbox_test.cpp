// Delivery that one bad record cannot block (decision 0066): back-off, order, failures that become incidents, several deliverers at once.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support.hpp"

namespace switchboard::testing {

namespace {

using Adapter = std::function<std::string(const OutboxInfo&)>;

/// Cases of `promise`, each with one feedback to tell; `customers` in the order in which it comes up.
void feedback_for(World& w, const std::vector<std::string>& customers) {
  w.deploy({"promise"});
  for (std::size_t i = 0; i < customers.size(); ++i) {
    w.start("promise", fmt::format("C-{}", i + 1), context({{"customer_no", customers[i]}}));
    w.now = w.now + Duration::seconds(1);
  }
  w.advance(Duration::minutes(37));
}

/// Tells it to `told` as "case", unless the customer is `bad`.
Adapter teller(std::vector<std::string>& told, std::string bad = "bad") {
  return [&told, bad = std::move(bad)](const OutboxInfo& o) -> std::string {
    if (o.customer.starts_with(bad)) return "no such number";
    told.push_back(o.case_no);
    return {};
  };
}

std::vector<OutboxInfo> in_state(World& w, OutboxState state) {
  Find find;
  find.state = to_string(state);
  return must(w.engine().outbox(find));
}

Delivery with_attempts(std::size_t attempts) {
  Delivery d;
  d.attempts = attempts;
  return d;
}

}  // namespace

TEST_CASE("records that cannot be delivered do not block those behind them, whatever the limit") {
  on_both_stores([](World& w) {
    feedback_for(w, {"bad1", "bad2", "bad3", "good1", "good2"});
    std::vector<std::string> told;
    const Adapter adapter = teller(told);
    CHECK(must(w.engine().deliver(adapter, 3)) == 0);
    CHECK(must(w.engine().deliver(adapter, 3)) == 2);
    CHECK(told == std::vector<std::string>{"C-4", "C-5"});
    CHECK(must(w.engine().deliver(adapter, 3)) == 0);
    for (const OutboxInfo& o : in_state(w, OutboxState::waiting)) {
      CHECK(o.attempts == 1);
      CHECK(o.error == "no such number");
      CHECK(o.next_try == w.now + Duration::minutes(1));
    }
  });
}

TEST_CASE("the order of one customer is kept while he cannot be told") {
  on_both_stores([](World& w) {
    feedback_for(w, {"A", "B", "A", "B"});
    std::vector<std::string> told;
    bool is_down = true;
    const Adapter adapter = [&](const OutboxInfo& o) -> std::string {
      if (is_down && o.customer == "A") return "line is busy";
      told.push_back(o.case_no);
      return {};
    };
    CHECK(must(w.engine().deliver(adapter, 100)) == 2);
    CHECK(told == std::vector<std::string>{"C-2", "C-4"});
    is_down = false;
    CHECK(must(w.engine().deliver(adapter, 100)) == 0);  // the first waits, and so does the second
    w.now = w.now + Duration::minutes(1);
    CHECK(must(w.engine().deliver(adapter, 100)) == 2);
    CHECK(told == std::vector<std::string>{"C-2", "C-4", "C-1", "C-3"});
  });
}

TEST_CASE("a record is tried after one minute, two, four, at most an hour, ten times in all; then it is an incident") {
  on_both_stores([](World& w) {
    feedback_for(w, {"bad", "bad"});
    const Instant begun = w.now;
    std::vector<std::int64_t> tried;
    std::string first;
    const Adapter adapter = [&](const OutboxInfo& o) -> std::string {
      if (first.empty()) first = o.key;
      if (o.key != first) return "not this one";
      tried.push_back((w.now - begun).us / Duration::minutes(1).us);
      CHECK(o.attempts == tried.size());
      return "no such number";
    };
    while (in_state(w, OutboxState::failed).empty()) {
      CHECK(must(w.engine().deliver(adapter, 1)) == 0);
      const auto waiting = in_state(w, OutboxState::waiting).front();
      if (waiting.key != first) break;
      w.now = *waiting.next_try - Duration::micros(1);
      CHECK(must(w.engine().deliver(adapter, 1)) == 0);
      w.now = w.now + Duration::micros(1);
    }
    CHECK(tried == std::vector<std::int64_t>{0, 1, 3, 7, 15, 31, 63, 123, 183, 243});
    const OutboxInfo failed = in_state(w, OutboxState::failed).front();
    CHECK(failed.key == first);
    CHECK(failed.given_up == w.now);
    CHECK_FALSE(failed.next_try);
    // Its lane goes on: the second was tried as soon as the first had failed.
    CHECK(must(w.engine().deliver(adapter, 1)) == 0);
    CHECK(in_state(w, OutboxState::waiting).front().attempts == 1);
    const auto incidents = must(w.engine().incidents({}));
    REQUIRE(incidents.size() == 1);
    CHECK(incidents[0].incident == fmt::format("o-{}", failed.id));
    CHECK(incidents[0].case_no == "C-1");
    CHECK(incidents[0].instance == failed.instance);
    CHECK(incidents[0].rule == "SB0562");
    CHECK(incidents[0].message == "feedback 'on-the-way' for bad could not be told, tried 10 times: no such number");
    CHECK(incidents[0].raised == w.now);
  });
}

TEST_CASE("attempts and back-off are options of a delivery; what makes no sense is refused") {
  on_both_stores([](World& w) {
    feedback_for(w, {"bad"});
    std::vector<std::string> told;
    Delivery d = with_attempts(3);
    d.back_off = Duration::seconds(10);
    d.longest_back_off = Duration::seconds(15);
    for (const std::int64_t seconds : {10, 15}) {
      CHECK(must(w.engine().deliver(d, teller(told))) == 0);
      CHECK(in_state(w, OutboxState::waiting).front().next_try == w.now + Duration::seconds(seconds));
      w.now = w.now + Duration::seconds(seconds);
    }
    CHECK(must(w.engine().deliver(d, teller(told))) == 0);
    CHECK(in_state(w, OutboxState::failed).size() == 1);
    CHECK(error_of(w.engine().deliver(with_attempts(0), teller(told))) == "SB0556");
    for (Duration Delivery::*const span : {&Delivery::back_off, &Delivery::longest_back_off, &Delivery::lease}) {
      Delivery wrong;
      wrong.*span = Duration{};
      CHECK(error_of(w.engine().deliver(wrong, teller(told))) == "SB0556");
      wrong.*span = Duration::days(367);
      CHECK(error_of(w.engine().deliver(wrong, teller(told))) == "SB0556");
    }
  });
}

TEST_CASE("an operator has a record that could not be told tried again, or drops it with a reason") {
  on_both_stores([](World& w) {
    feedback_for(w, {"bad", "bad", "good"});
    std::vector<std::string> told;
    CHECK(must(w.engine().deliver(with_attempts(1), teller(told))) == 1);
    w.complete("C-1", "work");  // also of a case that is over
    const auto incidents = must(w.engine().incidents({}));
    REQUIRE(incidents.size() == 2);
    const std::string first = incidents[0].incident;
    const std::string second = incidents[1].incident;
    Find of_second;
    of_second.case_no = "C-2";
    of_second.open_only = true;
    CHECK(must(w.engine().incidents(of_second)).size() == 1);
    CHECK(error_of(w.engine().resolve(first, context({{"customer_no", "good"}}), {})) == "SB0563");
    CHECK(error_of(w.engine().resolve("o-99", {}, {})) == "SB0613");
    CHECK(error_of(w.engine().resolve("o-x", {}, {})) == "SB0540");
    const Caller li{.by = "li", .request_id = "again"};
    CHECK(must(w.engine().resolve(first, {}, li)).state == CaseState::completed);
    CHECK(must(w.engine().resolve(first, {}, li)).case_no == "C-1");  // the same request
    CHECK(error_of(w.engine().drop(second, "", li)) == "SB0546");
    CHECK(error_of(w.engine().resolve(first, {}, {})) == "SB0563");
    CHECK(must(w.engine().incidents({})).size() == 1);
    CHECK(must(w.engine().deliver(teller(told, "nobody"), 10)) == 1);
    CHECK(told == std::vector<std::string>{"C-3", "C-1"});
    CHECK(must(w.engine().drop(second, "moved away", {.by = "li"})).case_no == "C-2");
    CHECK(error_of(w.engine().drop(second, "moved away", {.by = "li"})) == "SB0563");
    CHECK(must(w.engine().incidents({})).empty());
    const OutboxInfo dropped = in_state(w, OutboxState::dropped).front();
    CHECK(dropped.error == "dropped by li: moved away; before: no such number");
    CHECK(dropped.given_up == w.now);
    CHECK(must(w.engine().deliver(teller(told), 10)) == 0);
    w.reopen();
    CHECK(in_state(w, OutboxState::dropped).size() == 1);
  });
}

TEST_CASE("incidents of records come with those of cases, page by page") {
  on_both_stores([](World& w) {
    feedback_for(w, {"bad1", "bad2", "bad3"});
    std::vector<std::string> told;
    CHECK(must(w.engine().deliver(with_attempts(1), teller(told))) == 0);
    std::vector<std::string> seen;
    Find page;
    page.limit = 2;
    for (;;) {
      const auto incidents = must(w.engine().incidents(page));
      if (incidents.empty()) break;
      for (const IncidentInfo& i : incidents) seen.push_back(i.case_no);
      page.after = std::stoull(incidents.back().instance.substr(2));
    }
    CHECK(seen == std::vector<std::string>{"C-1", "C-2", "C-3"});
  });
}

TEST_CASE("filters keep the order among what they find, and are not held up by what they do not") {
  on_both_stores([](World& w) {
    feedback_for(w, {"A", "A", "A"});
    std::vector<std::string> told;
    Find second;
    second.case_no = "C-2";
    CHECK(must(w.engine().deliver(second, teller(told))) == 1);
    Find of_process;
    of_process.process = "promise";
    CHECK(must(w.engine().deliver(of_process, teller(told))) == 2);
    CHECK(told == std::vector<std::string>{"C-2", "C-1", "C-3"});
    Find failed;
    failed.state = "failed";
    CHECK(must(w.engine().deliver(failed, teller(told))) == 0);
  });
}

TEST_CASE("nobody who waits for the outbox is woken for a record that waits itself") {
  on_both_stores([](World& w) {
    feedback_for(w, {"bad"});
    std::vector<std::string> told;
    CHECK(must(w.engine().wait({.outbox = true}, Instant{})));
    CHECK(must(w.engine().deliver(teller(told), 10)) == 0);
    CHECK_FALSE(must(w.engine().wait({.outbox = true}, Instant{})));
    w.now = w.now + Duration::minutes(1);
    CHECK(must(w.engine().wait({.outbox = true}, Instant{})));
  });
}

TEST_CASE("an adapter that throws is an attempt in vain, and the others are told") {
  on_both_stores([](World& w) {
    feedback_for(w, {"A", "B"});
    int calls = 0;
    const Adapter adapter = [&](const OutboxInfo&) -> std::string {
      if (++calls == 1) throw std::runtime_error("gateway gone");
      return {};
    };
    CHECK(must(w.engine().deliver(adapter, 10)) == 1);
    const OutboxInfo left = in_state(w, OutboxState::waiting).front();
    CHECK(left.error == "the adapter threw: gateway gone");
    CHECK(left.next_try == w.now + Duration::minutes(1));
  });
}

namespace {

/// An adapter that hangs on the first record of customer A until it is let go.
class Hanging {
 public:
  [[nodiscard]] Adapter adapter() {
    return [this](const OutboxInfo& o) -> std::string {
      if (o.customer == "A" && !was_here_.exchange(true)) {
        std::unique_lock lock(mutex_);
        hangs_ = true;
        changed_.notify_all();
        changed_.wait(lock, [this] { return let_go_; });
      }
      return {};
    };
  }
  void wait_until_it_hangs() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return hangs_; });
  }
  void let_go() {
    const std::lock_guard lock(mutex_);
    let_go_ = true;
    changed_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<bool> was_here_ = false;
  bool hangs_ = false, let_go_ = false;
};

}  // namespace

TEST_CASE("an adapter that hangs holds one customer, until its lease runs out; its late answer is dropped") {
  on_both_stores([](World& w) {
    feedback_for(w, {"A", "B", "A"});
    Hanging hanging;
    std::size_t by_hanging = 99;
    std::thread one([&] { by_hanging = w.engine().deliver(hanging.adapter(), 1).value(); });
    hanging.wait_until_it_hangs();
    std::vector<std::string> told;
    const Adapter other = teller(told);
    CHECK(must(w.engine().deliver(other, 10)) == 1);
    CHECK(told == std::vector<std::string>{"C-2"});
    CHECK(in_state(w, OutboxState::waiting).front().lease_until == w.now + Duration::minutes(5));
    w.now = w.now + Duration::minutes(5);
    CHECK(must(w.engine().deliver(other, 10)) == 2);
    CHECK(told == std::vector<std::string>{"C-2", "C-1", "C-3"});
    hanging.let_go();
    one.join();
    CHECK(by_hanging == 0);
    const auto delivered = in_state(w, OutboxState::delivered);
    REQUIRE(delivered.size() == 3);
    CHECK(delivered[0].attempts == 2);
  });
}

TEST_CASE("several engines deliver from one file at once, each record once") {
  World w(true);
  std::vector<std::string> customers;
  for (int i = 0; i < 24; ++i) customers.push_back(fmt::format("customer {}", i % 8));
  feedback_for(w, customers);
  std::mutex mutex;
  std::map<std::string, std::vector<std::string>> told;  // by customer
  const Adapter adapter = [&](const OutboxInfo& o) -> std::string {
    const std::lock_guard lock(mutex);
    told[o.customer].push_back(o.key);
    return {};
  };
  const auto second = w.another();
  std::atomic<std::size_t> delivered = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&, i] {
      Engine& engine = i % 2 == 0 ? w.engine() : *second;
      while (delivered < 24) delivered += engine.deliver(adapter, 10).value();
    });
  for (std::thread& t : threads) t.join();
  CHECK(delivered == 24);
  CHECK(told.size() == 8);
  for (const auto& one : told) {
    const std::vector<std::string>& keys = one.second;  // clang 14 captures no structured binding
    CHECK(keys.size() == 3);
    std::vector<std::string> in_order;
    Find of_customer;
    of_customer.customer = one.first;
    for (const OutboxInfo& o : must(w.engine().outbox(of_customer))) in_order.push_back(o.key);
    CHECK(keys == in_order);
  }
  CHECK(w.violations() == "");
}

TEST_CASE("a deliverer that dies before its answer is written loses nothing") {
  World w(true);
  feedback_for(w, {"A", "B"});
  w.reopen();
  const pid_t child = ::fork();
  if (child == 0) {
    const auto engine = w.another();
    static_cast<void>(engine->deliver([](const OutboxInfo&) -> std::string { ::_exit(7); }, 1));
    ::_exit(1);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  REQUIRE((WIFEXITED(status) && WEXITSTATUS(status) == 7));
  CHECK(w.violations() == "");
  std::vector<std::string> told;
  CHECK(must(w.engine().deliver(teller(told), 10)) == 1);
  CHECK(told == std::vector<std::string>{"C-2"});
  w.now = w.now + Duration::minutes(5);
  CHECK(must(w.engine().deliver(teller(told), 10)) == 1);
  CHECK(told == std::vector<std::string>{"C-2", "C-1"});
  CHECK(w.violations() == "");
}

}  // namespace switchboard::testing
