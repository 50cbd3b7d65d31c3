// Observers are told while their engine holds nothing: no lock of the application's is in their way, nobody tells for the others for ever, and what
// is kept is bounded. (decision 0065)
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <mutex>
#include <thread>

#include "runtime/observers.hpp"
#include <fmt/format.h>

#include "support.hpp"

namespace switchboard::testing {

namespace {

using runtime::Observers;

constexpr std::string_view note = R"(
switchboard: 1
process: note
data: {n: {type: number, default: 0}}
nodes:
  s: {type: startEvent, next: u}
  u: {type: userTask, next: e}
  e: {type: endEvent}
)";

/// Ends the program when what it watches does not end: a deadlock cannot be taken back.
class Watchdog {
 public:
  explicit Watchdog(const char* what)
      : thread_([this, what] {
          std::unique_lock lock(mutex_);
          if (over_.wait_for(lock, std::chrono::seconds(60), [this] { return is_over_; })) return;
          fmt::print(stderr, "does not end: {}\n", what);
          std::abort();
        }) {}
  ~Watchdog() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    over_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable over_;
  bool is_over_ = false;
  std::thread thread_;
};

struct Desk {
  std::unique_ptr<Engine> engine;
  explicit Desk(Clock clock = {}, Duration busy = Duration::seconds(10)) {
    EngineOptions options;
    options.clock = std::move(clock);
    options.busy_timeout = busy;
    engine = must(Engine::open(options));
    (void)must(engine->deploy(note, "note.yaml"));
  }
  void start(int cases) {
    for (int i = 0; i < cases; ++i) (void)must(engine->start("note", {}));
  }
  [[nodiscard]] Result<CaseInfo> touch(int number, int n = 1) {
    return engine->set_data(fmt::format("i-{}", number), Value(Context{{"n", n}}), {.by = "anna"});
  }
};

}  // namespace

TEST_CASE("an observer that waits for a lock of the application's holds up nobody who has it, whatever the numbers of their cases") {
  const Watchdog watchdog("an observer and a command with the same lock");
  Desk desk;
  desk.start(257);
  std::mutex application;
  std::promise<void> inside;
  std::atomic<int> heard = 0;
  Observation observation = desk.engine->observe([&](const CaseInfo& info, const std::vector<HistoryInfo>&) {
    if (info.instance == "i-1") inside.set_value();
    const std::lock_guard lock(application);
    ++heard;
  });
  std::unique_lock lock(application);
  std::thread other([&] { (void)must(desk.touch(1)); });
  inside.get_future().wait();
  // 257 is 1 modulo 256; and more than one command under the lock.
  for (int i = 0; i < 20; ++i) CHECK(desk.touch(257, i));
  CHECK(heard == 0);
  lock.unlock();
  other.join();
  observation.end();
  CHECK(heard == 21);  // who tells goes on with what others had to leave
}

TEST_CASE("a clock that waits for a lock of the application's holds up nobody who has it") {
  const Watchdog watchdog("a clock and a command with the same lock");
  std::recursive_mutex application;
  std::atomic<bool> watched = false;
  std::atomic<std::thread::id> owner{};
  std::promise<void> inside;
  Desk desk([&] {
    if (watched && owner.load() != std::this_thread::get_id() && watched.exchange(false)) inside.set_value();
    const std::lock_guard lock(application);
    return t0;
  });
  desk.start(257);
  std::unique_lock lock(application);
  owner = std::this_thread::get_id();
  watched = true;
  std::thread other([&] { (void)must(desk.touch(1)); });
  inside.get_future().wait();
  CHECK(desk.touch(257));
  lock.unlock();
  other.join();
}

TEST_CASE("a slow observer slows all callers alike: each is answered within a few notifications, and few are kept") {
  const Watchdog watchdog("eight callers and a slow observer");
  constexpr int callers = 8;
  constexpr int commands = 12;
  Desk desk;
  desk.start(callers);
  std::atomic<int> begun = 0, told = 0, most_kept = 0, longest = 0;
  std::mutex mutex;
  std::map<std::string, std::vector<std::uint64_t>> order;
  const auto at_least = [](std::atomic<int>& most, int value) {
    for (int seen = most; seen < value && !most.compare_exchange_weak(seen, value);) continue;
  };
  Observation observation = desk.engine->observe([&](const CaseInfo& info, const std::vector<HistoryInfo>& entries) {
    at_least(most_kept, begun - told);
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    {
      const std::lock_guard lock(mutex);
      order[info.instance].push_back(entries.front().sequence);
    }
    ++told;
  });
  std::vector<std::thread> threads;
  for (int t = 1; t <= callers; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < commands; ++i) {
        const int before = told;
        ++begun;
        CHECK(desk.touch(t, i));
        at_least(longest, told - before);
      }
    });
  }
  for (std::thread& t : threads) t.join();
  CHECK(told == callers * commands);
  // What the others had committed before, his own, and what they committed while he waited for his turn.
  CHECK(longest <= 3 * callers);
  CHECK(most_kept <= callers + 1);
  for (const auto& [instance, sequences] : order) CHECK(std::is_sorted(sequences.begin(), sequences.end()));
}

TEST_CASE("an observer that does not come back: what is kept is bounded, then commands are refused and nothing changes") {
  const Watchdog watchdog("an observer that does not come back");
  Desk desk({}, Duration::millis(50));
  desk.start(2);
  std::promise<void> inside, may_go;
  auto go = may_go.get_future().share();
  std::atomic<int> heard = 0;
  Observation observation = desk.engine->observe([&](const CaseInfo&, const std::vector<HistoryInfo>&) {
    if (++heard == 1) {
      inside.set_value();
      go.wait();
    }
  });
  std::thread stuck([&] { (void)must(desk.touch(1)); });
  inside.get_future().wait();
  int done = 0;
  std::string refused;
  while (refused.empty() && done < 2 * static_cast<int>(Observers::most_kept)) {
    refused = error_of(desk.touch(2, done));
    if (refused.empty()) ++done;
  }
  CHECK(refused == "SB0557");
  CHECK(done == static_cast<int>(Observers::most_kept));
  CHECK(must(desk.engine->data("i-2")) == Value(Context{{"n", done - 1}}));
  CHECK(error_of(desk.engine->start("note", {})) == "SB0557");
  CHECK(error_of(desk.engine->tick(1)).empty());  // nothing is due
  may_go.set_value();
  stuck.join();
  CHECK(desk.touch(2));
  observation.end();
  CHECK(heard == done + 2);
}

TEST_CASE("an observer that gives two commands for each that it hears of is refused before memory is full") {
  const Watchdog watchdog("an observer that commands too much");
  Desk desk;
  desk.start(1);
  int heard = 0;
  std::string refused;
  Observation observation = desk.engine->observe([&](const CaseInfo&, const std::vector<HistoryInfo>&) {
    ++heard;
    for (int i = 0; i < 40 && refused.empty(); ++i) refused = error_of(desk.touch(1, heard));
  });
  CHECK(desk.touch(1));
  CHECK(refused == "SB0557");
  CHECK(heard <= static_cast<int>(Observers::share_of_observers * Observers::most_kept) + 200);
  CHECK(desk.touch(1));
}

TEST_CASE("an observation that is ended while it is told, and an engine that goes right after") {
  const Watchdog watchdog("ending while telling");
  for (int round = 0; round < 20; ++round) {
    Desk desk;
    desk.start(4);
    std::atomic<bool> ended = false;
    std::atomic<int> after_end = 0;
    Observation observation = desk.engine->observe([&](const CaseInfo&, const std::vector<HistoryInfo>&) {
      if (ended) ++after_end;
      std::this_thread::yield();
    });
    std::vector<std::thread> threads;
    for (int t = 1; t <= 4; ++t)
      threads.emplace_back([&, t] {
        for (int i = 0; i < 10; ++i) (void)must(desk.touch(t, i));
      });
    observation.end();
    ended = true;
    for (std::thread& t : threads) t.join();
    desk.engine.reset();
    CHECK(after_end == 0);
  }
}

}  // namespace switchboard::testing
