// Jobs are given to one worker at a time, under a claim with a lease and a token; in the right order; and who waits for them is woken. What users of
// other engines saw broken is named with each test.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "support.hpp"

using namespace switchboard;
using namespace switchboard::testing;

namespace {

const char* const errands = R"(
switchboard: 1
process: errands
data: {topic: string, urgent: number}
nodes:
  begin: {type: startEvent, next: kind}
  kind: {type: exclusiveGateway, next: [{if: topic = "mail", to: mail}, {if: topic = "twice", to: fork}, {else: sms}]}
  sms: {type: serviceTask, job: sms, retries: 3, backoff: 10 min, priority: if urgent = null then 0 else urgent, next: done, boundary: {nobody: {error: nobody, next: done}}}
  mail: {type: serviceTask, job: mail, priority: if urgent = null then 0 else urgent, next: done}
  fork: {type: parallelGateway, next: [left, right]}
  left: {type: serviceTask, job: sms, next: done}
  right: {type: serviceTask, job: sms, next: done}
  done: {type: endEvent}
)";

void deploy(Engine& engine) { (void)must(engine.deploy(errands, "errands.yaml")); }

CaseInfo start(Engine& engine, const std::string& topic, int urgent = 0) {
  return must(engine.start("errands", Context{{"topic", topic}, {"urgent", urgent}}));
}

Fetch want(const std::string& worker, std::vector<std::string> topics = {"sms"}, std::size_t most = 1) {
  Fetch f;
  f.worker = worker;
  f.topics = std::move(topics);
  f.most = most;
  f.lease = Duration::minutes(5);
  return f;
}

Caller as(const std::string& worker, const Job& job) { return {.by = worker, .token = job.token}; }

using Steady = std::chrono::steady_clock;
double seconds_since(Steady::time_point begin) { return std::chrono::duration<double>(Steady::now() - begin).count(); }

/// Runs jobs from so many threads on each engine until there are none; how often each work was run.
std::map<WorkId, int> runs(const std::vector<Engine*>& engines, int threads) {
  std::mutex mutex;
  std::map<WorkId, int> count;
  std::vector<std::thread> all;
  std::atomic<int> failed = 0;
  for (Engine* engine : engines) {
    for (int t = 0; t < threads; ++t) {
      all.emplace_back([&, engine] {
        const auto done = engine->work_off(
            "sms",
            [&](const Job& job) {
              const std::lock_guard lock(mutex);
              ++count[job.work];
              return JobResult::ok();
            },
            1000);
        if (!done) ++failed;
      });
    }
  }
  for (std::thread& thread : all) thread.join();
  CHECK(failed == 0);
  return count;
}

}  // namespace

TEST_CASE("each job is run once, by two threads of one engine and by two engines on one file") {
  // Seen here: 80 runs of 40 jobs. Elsewhere: fetch-and-lock gives one task to two workers (camunda-bpm-platform #940).
  on_both_stores([](World& w) {
    deploy(w.engine());
    for (int i = 0; i < 40; ++i) start(w.engine(), "sms");
    const auto other = w.on_file() ? w.another() : nullptr;
    std::vector<Engine*> engines{&w.engine()};
    if (other != nullptr) engines.push_back(other.get());
    const auto count = runs(engines, 4);
    CHECK(count.size() == 40);
    CHECK(std::all_of(count.begin(), count.end(), [](const auto& one) { return one.second == 1; }));
    CHECK(must(w.engine().work({})).empty());
  });
}

TEST_CASE("who is too late is told so, and does not take the job from whom it was given to") {
  on_both_stores([](World& w) {
    deploy(w.engine());
    start(w.engine(), "sms");
    const Job a = must(w.engine().fetch(want("a"))).at(0);
    w.now = w.now + Duration::minutes(6);
    const Job b = must(w.engine().fetch(want("b"))).at(0);  // without a tick
    CHECK(a.work == b.work);
    CHECK(b.token > a.token);
    CHECK(error_of(w.engine().complete(a.work, {}, as("a", a))) == "SB0511");
    CHECK(error_of(w.engine().fail(a.work, {"no"}, as("a", a))) == "SB0511");
    CHECK(error_of(w.engine().extend(a.work, Duration::minutes(1), as("a", a))) == "SB0511");
    CHECK(error_of(w.engine().release(a.work, as("a", a))) == "SB0511");
    // Nor under the other's name: the token decides.
    CHECK(error_of(w.engine().complete(a.work, {}, as("b", a))) == "SB0511");
    CHECK(error_of(w.engine().complete(a.work, {}, as("a", b))) == "SB0505");
    CHECK(must(w.engine().complete(b.work, {}, as("b", b))).state == CaseState::completed);
    CHECK(error_of(w.engine().complete(a.work, {}, as("a", a))) == "SB0502");
  });
}

TEST_CASE("a lease belongs to one claim: nobody claims again while it runs, it can be extended, and its end is the same instant everywhere") {
  // Elsewhere: locking again by the same worker extends (camunda-bpm-platform #1099), so its two threads do not notice each other.
  on_both_stores([](World& w) {
    deploy(w.engine());
    start(w.engine(), "sms");
    const Job a = must(w.engine().fetch(want("a"))).at(0);
    CHECK(a.lease_until == w.now + Duration::minutes(5));
    CHECK(must(w.engine().fetch(want("a"))).empty());
    CHECK(error_of(w.engine().claim(a.work, {.by = "a"})) == "SB0505");
    CHECK(error_of(w.engine().claim(a.work, {.by = "b"})) == "SB0505");
    CHECK(error_of(w.engine().complete(a.work, {}, {.by = "b"})) == "SB0505");
    CHECK(error_of(w.engine().complete(a.work, {})) == "SB0505");
    w.now = w.now + Duration::minutes(4);
    const WorkInfo longer = must(w.engine().extend(a.work, Duration::minutes(5), as("a", a)));
    CHECK(longer.token == a.token);
    CHECK(longer.lease_until == w.now + Duration::minutes(5));
    w.now = w.now + Duration::minutes(5) - Duration::micros(1);
    CHECK(must(w.engine().tick(100)).retries == 0);
    CHECK(must(w.engine().fetch(want("b"))).empty());
    w.now = w.now + Duration::micros(1);
    CHECK(must(w.engine().fetch(want("b"))).size() == 1);
  });
}

TEST_CASE("a lease that ran out takes the job from nobody until somebody else has it") {
  on_both_stores([](World& w) {
    deploy(w.engine());
    start(w.engine(), "sms");
    start(w.engine(), "sms");
    const auto jobs = must(w.engine().fetch(want("a", {"sms"}, 2)));
    REQUIRE(jobs.size() == 2);
    CHECK(w.advance(Duration::minutes(5)).retries == 2);  // the tick offers them again
    CHECK(must(w.engine().complete(jobs[0].work, {}, as("a", jobs[0]))).state == CaseState::completed);
    CHECK(must(w.engine().extend(jobs[1].work, Duration::minutes(5), as("a", jobs[1]))).assignee == "a");
    CHECK(must(w.engine().fetch(want("b"))).empty());
    // Without a token, a job whose lease has run out is anybody's, also for whom it was before.
    CHECK(must(w.engine().complete(jobs[1].work, {}, {.by = "a"})).state == CaseState::completed);
  });
}

TEST_CASE("an extension that comes before the end of the lease is not lost to a tick that saw the old end") {
  // Elsewhere: a job that is being done is taken back because its heartbeat was read a moment too early (pgqueuer #431, boringnode/queue #16).
  on_both_stores([](World& w) {
    deploy(w.engine());
    start(w.engine(), "sms");
    const Job a = must(w.engine().fetch(want("a"))).at(0);
    w.now = w.now + Duration::minutes(5);
    must(w.engine().extend(a.work, Duration::minutes(5), as("a", a)));
    CHECK(must(w.engine().tick(100)).retries == 0);
    CHECK(must(w.engine().work({})).at(0).state == WorkState::claimed);
    must(w.engine().complete(a.work, {}, as("a", a)));
  });
}

TEST_CASE("what failed or was given back is over for who had it; retries and the next try can be given") {
  on_both_stores([](World& w) {
    deploy(w.engine());
    start(w.engine(), "sms");
    const Job first = must(w.engine().fetch(want("a"))).at(0);
    CHECK(first.attempt == 1);
    must(w.engine().fail(first.work, {.message = "busy", .retries = 7, .retry_at = w.now + Duration::hours(2)}, as("a", first)));
    // Whatever becomes of the job, the number of a claim that is over is told before anything else.
    const auto is_over = [&](const Job& job) {
      const Caller late = as("a", job);
      CHECK(error_of(w.engine().complete(job.work, {}, late)) == "SB0511");
      CHECK(error_of(w.engine().fail(job.work, {"no"}, late)) == "SB0511");
      CHECK(error_of(w.engine().extend(job.work, Duration::minutes(1), late)) == "SB0511");
      CHECK(error_of(w.engine().release(job.work, late)) == "SB0511");
    };
    is_over(first);  // waits to be tried again
    CHECK(must(w.engine().work({})).at(0).retries == 7);
    CHECK(w.advance(Duration::hours(1)).retries == 0);
    CHECK(w.advance(Duration::hours(1)).retries == 1);
    const Job second = must(w.engine().fetch(want("a"))).at(0);
    is_over(first);  // claimed again
    must(w.engine().release(second.work, as("a", second)));
    is_over(second);  // offered
    const Job third = must(w.engine().fetch(want("a"))).at(0);
    must(w.engine().fail(third.work, {.message = "never", .retries = 0}, as("a", third)));
    CHECK(must(w.engine().incidents({})).size() == 1);
    is_over(third);  // failed for good
    CHECK(error_of(w.engine().fail(third.work, {.retries = -1}, {})) == "SB0509");
    start(w.engine(), "sms");
    const Job fourth = must(w.engine().fetch(want("a"))).at(0);
    CHECK(must(w.engine().fail(fourth.work, {.error = "nobody"}, as("a", fourth))).state == CaseState::completed);
  });
}

TEST_CASE("the urgent first, then the old, across topics") {
  on_both_stores([](World& w) {
    deploy(w.engine());
    const auto add = [&](const char* topic, int urgent) {
      start(w.engine(), topic, urgent);
      w.now = w.now + Duration::seconds(1);
    };
    add("sms", 0);
    add("mail", 5);
    add("sms", 5);
    add("mail", 0);
    add("sms", 9);
    std::vector<std::string> order;
    for (const Job& job : must(w.engine().fetch(want("a", {"mail", "sms"}, 10)))) order.push_back(job.instance);
    CHECK(order == std::vector<std::string>{"i-5", "i-2", "i-3", "i-1", "i-4"});
    start(w.engine(), "twice");
    CHECK(must(w.engine().fetch(want("a", {"sms"}, 10))).size() == 2);  // two of one case, in one transaction
    CHECK(w.violations() == "");
  });
}

TEST_CASE("a suspended case gives no jobs, and keeps those that it gave") {
  on_both_stores([](World& w) {
    deploy(w.engine());
    const CaseInfo info = start(w.engine(), "sms");
    must(w.engine().suspend(info.instance, "strike", {.by = "me"}));
    CHECK(must(w.engine().fetch(want("a"))).empty());
    must(w.engine().resume(info.instance, {.by = "me"}));
    const Job a = must(w.engine().fetch(want("a"))).at(0);
    must(w.engine().suspend(info.instance, "strike", {.by = "me"}));
    CHECK(error_of(w.engine().complete(a.work, {}, as("a", a))) == "SB0502");
    w.now = w.now + Duration::minutes(6);
    CHECK(must(w.engine().fetch(want("b"))).empty());
    must(w.engine().resume(info.instance, {.by = "me"}));
    CHECK(must(w.engine().complete(a.work, {}, as("a", a))).state == CaseState::completed);
  });
}

TEST_CASE("a fetch that makes no sense is refused, each time for one reason") {
  on_both_stores([](World& w) {
    const auto refused = [&](auto change) {
      Fetch f = want("a");
      change(f);
      return error_of(w.engine().fetch(f));
    };
    CHECK(refused([](Fetch& f) { f.worker.clear(); }) == "SB0556");
    CHECK(refused([](Fetch& f) { f.topics.clear(); }) == "SB0556");
    CHECK(refused([](Fetch& f) { f.topics = {""}; }) == "SB0556");
    CHECK(refused([](Fetch& f) { f.most = 0; }) == "SB0556");
    CHECK(refused([](Fetch& f) { f.most = 10'001; }) == "SB0556");
    CHECK(refused([](Fetch& f) { f.lease = Duration{}; }) == "SB0556");
    CHECK(refused([](Fetch& f) { f.lease = -Duration::seconds(1); }) == "SB0556");
    CHECK(refused([](Fetch& f) { f.wait = -Duration::seconds(1); }) == "SB0556");
    CHECK(refused([](Fetch&) {}) == "");
    CHECK(error_of(w.engine().extend("i-1.4", Duration::minutes(1), {.by = "a"})) == "SB0556");
    CHECK(error_of(w.engine().extend("i-1.4", Duration{}, {.by = "a", .token = 1})) == "SB0556");
    CHECK(error_of(w.engine().wait({}, w.now)) == "SB0556");
  });
}

TEST_CASE("who waits for a job is woken by it, each job wakes one, and nobody sleeps beside a job") {
  // Elsewhere: a worker sleeps through its poll although there are jobs (camunda #4396), or an unlucky one never gets any.
  on_both_stores([](World& w) {
    deploy(w.engine());
    constexpr int workers = 8;
    std::atomic<int> got = 0, empty = 0;
    std::vector<std::thread> threads;
    const auto begin = Steady::now();
    for (int t = 0; t < workers; ++t) {
      threads.emplace_back([&, t] {
        Fetch f = want("w" + std::to_string(t));
        f.wait = Duration::seconds(60);
        const auto jobs = w.engine().fetch(f);
        ++(jobs && jobs.value().size() == 1 ? got : empty);
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    for (int i = 0; i < workers; ++i) start(w.engine(), "sms");
    for (std::thread& thread : threads) thread.join();
    CHECK(got == workers);
    CHECK(empty == 0);
    CHECK(seconds_since(begin) < 30);
  });
}

TEST_CASE("who waits sees what another engine on the file commits, a case that is resumed, and a lease that runs out") {
  on_both_stores([](World& w) {
    deploy(w.engine());
    const auto soon = [&](auto change) {
      std::thread other([&] {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        change();
      });
      Fetch f = want("waits");
      f.wait = Duration::seconds(60);
      const auto begin = Steady::now();
      const auto jobs = must(w.engine().fetch(f));
      other.join();
      CHECK(seconds_since(begin) < 30);
      REQUIRE(jobs.size() == 1);
      return jobs[0];
    };
    if (w.on_file()) {
      const auto other = w.another();
      const Job job = soon([&] { start(*other, "sms"); });
      must(other->complete(job.work, {}, as("waits", job)));
    }
    const CaseInfo info = start(w.engine(), "sms");
    must(w.engine().suspend(info.instance, "", {.by = "me"}));
    const Job job = soon([&] { must(w.engine().resume(info.instance, {.by = "me"})); });
    CHECK(must(w.engine().complete(job.work, {}, as("waits", job))).state == CaseState::completed);
  });
  std::atomic<std::int64_t> now = t0.us;
  EngineOptions options;
  options.clock = [&] { return Instant{now}; };
  const auto engine = must(Engine::open(options));
  deploy(*engine);
  start(*engine, "sms");
  const Job lost = must(engine->fetch(want("a"))).at(0);
  std::thread time([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    now = now + Duration::minutes(6).us;
  });
  Fetch f = want("b");
  f.wait = Duration::seconds(60);
  const auto begin = Steady::now();
  CHECK(must(engine->fetch(f)).at(0).work == lost.work);
  CHECK(seconds_since(begin) < 30);
  time.join();
}

TEST_CASE("a wait ends when it is over, and takes no job with it; closing wakes") {
  // Elsewhere: a job is given to a poll whose client is gone (camunda #2979).
  on_both_stores([](World& w) {
    deploy(w.engine());
    Fetch f = want("gone");
    f.wait = Duration::millis(200);
    const auto begin = Steady::now();
    CHECK(must(w.engine().fetch(f)).empty());
    CHECK(seconds_since(begin) >= 0.19);
    start(w.engine(), "sms");
    CHECK(must(w.engine().fetch(want("b"))).size() == 1);
    std::thread stop([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      w.engine().stop_waiting();
    });
    f.wait = Duration::hours(1);
    CHECK(must(w.engine().fetch(f)).empty());
    CHECK(must(w.engine().wait({.outbox = true}, Instant{std::numeric_limits<std::int64_t>::max()})) == false);
    stop.join();
  });
}

TEST_CASE("one waits for a case, for the outbox and for topics") {
  on_both_stores([](World& w) {
    deploy(w.engine());
    const auto in_a_minute = [] {
      return Instant::from(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())) + Duration::minutes(1);
    };
    const auto begin = Steady::now();
    CHECK_FALSE(must(w.engine().wait({.topics = {"sms"}}, Instant{})));
    const CaseInfo info = start(w.engine(), "sms");
    CHECK(must(w.engine().wait({.topics = {"mail", "sms"}}, Instant{})));
    const auto history = must(w.engine().history(info.instance, 0, 100));
    const Interest more{.instance = info.instance, .after = history.back().sequence};
    CHECK_FALSE(must(w.engine().wait(more, Instant{})));
    std::thread other([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      must(w.engine().cancel(info.instance, "no"));
    });
    CHECK(must(w.engine().wait(more, in_a_minute())));
    other.join();
    CHECK(error_of(w.engine().wait({.instance = "i-99"}, in_a_minute())) == "SB0548");
    w.deploy({"sender"});
    std::thread third([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
      w.start("sender", "S-1");
    });
    CHECK(must(w.engine().wait({.outbox = true}, in_a_minute())));
    third.join();
    const auto records = must(w.engine().outbox({}));
    CHECK_FALSE(must(w.engine().wait({.outbox = true, .outbox_after = records.back().id}, Instant{})));
    CHECK(seconds_since(begin) < 30);
  });
}

TEST_CASE("observers are told side by side, in order, may fetch and end themselves, and outlive the engine") {
  World w(false);
  deploy(w.engine());
  std::vector<std::string> heard;
  std::vector<Job> jobs;
  Observation first = w.engine().observe([&](const CaseInfo& info, const std::vector<HistoryInfo>&) {
    heard.push_back("first " + info.instance);
    if (jobs.empty()) jobs = must(w.engine().fetch(want("observer")));
  });
  Observation second;
  second = w.engine().observe([&](const CaseInfo& info, const std::vector<HistoryInfo>&) {
    heard.push_back("second " + info.instance);
    second.end();
  });
  start(w.engine(), "sms");
  start(w.engine(), "sms");
  // The fetch of the first observer is a command, too: told after the one at hand.
  CHECK(heard == std::vector<std::string>{"first i-1", "second i-1", "first i-1", "first i-2"});
  CHECK(jobs.size() == 1);
  Observation broken = w.engine().observe([](const CaseInfo&, const std::vector<HistoryInfo>&) { throw 7; });
  start(w.engine(), "sms");
  CHECK(heard.back() == "first i-3");
  CHECK(must(w.engine().tick(0)).listener_threw == 1);
  auto engine = must(Engine::open({}));
  Observation late = engine->observe([](const CaseInfo&, const std::vector<HistoryInfo>&) {});
  engine.reset();
  late.end();
}

TEST_CASE("a worker's own name is that of its thread in its engine") {
  World w(true);
  deploy(w.engine());
  const auto other = w.another();
  std::set<std::string> names;
  std::mutex mutex;
  const auto name_of = [&](Engine& engine) {
    start(engine, "sms");
    must(engine.work_off(
        "sms",
        [&](const Job& job) {
          const std::lock_guard lock(mutex);
          names.insert(job.assignee);
          return JobResult::ok();
        },
        1));
  };
  name_of(w.engine());
  name_of(w.engine());
  name_of(*other);
  std::thread([&] { name_of(w.engine()); }).join();
  CHECK(names.size() == 3);
}
