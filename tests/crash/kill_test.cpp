// A process of the operating system works on a database from several threads and is killed at a random instant; nothing it was answered may be lost,
// nothing may have happened twice, every mark fires once, and all invariants hold. SWITCHBOARD_KILLS says how often (default 300).
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "files.hpp"
#include "load.hpp"
#include "run_and_kill.hpp"

namespace switchboard::testing {

namespace {

constexpr int kills_per_file = 15;

/// What a worker said before it died.
struct Said {
  std::set<std::string> tried;
  std::map<std::string, std::string> answered;  ///< request -> instance
  std::set<std::string> told;                   ///< keys of records of the outbox
  std::vector<std::string> errors;
};

Said parsed(const std::string& text) {
  Said said;
  std::size_t begin = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; begin = end + 1, end = text.find('\n', begin)) {
    const std::string line = text.substr(begin, end - begin);
    const std::size_t space = line.find(' ', 2);
    if (line[0] == 'T') said.tried.insert(line.substr(2));
    if (line[0] == 'A') said.answered.emplace(line.substr(2, space - 2), line.substr(space + 1));
    if (line[0] == 'D') said.told.insert(line.substr(2));
    if (line[0] == 'E') said.errors.push_back(line);
  }
  return said;
}

std::unique_ptr<Engine> open_again(const std::string& database) {
  EngineOptions options;
  options.database = database;
  options.full_sync = false;
  auto engine = Engine::open(options);
  REQUIRE_MESSAGE(engine, (engine ? std::string() : engine.error().text()));
  return std::move(engine).value();
}

/// Repeats a request of the worker. One that was answered is answered the same; one that was only tried is done now, or was done already.
Result<CaseInfo> repeat(Engine& engine, const std::string& request) {
  const std::size_t dash = request.find('-');
  const std::string number = request.substr(dash + 1);
  if (request.starts_with("start-")) {
    StartOptions options;
    options.case_no = number;
    return engine.start("load", {}, options, {.request_id = request});
  }
  if (request.starts_with("paid-")) return engine.message("paid", number, Value(Context{{"text", number}}), {.request_id = request});
  Find mine;
  mine.case_no = number;
  mine.group = "clerks";
  SB_TRY(const auto work, engine.work(mine));
  SB_TRY(const auto known, engine.work_of_request(request));  // done: the work is gone
  return engine.complete(known ? known->work : work.empty() ? "i-1/1" : work[0].work, {}, {.request_id = request});
}

void verify_answers(Engine& engine, const Said& said) {
  for (const auto& answered : said.answered) {
    const std::string& request = answered.first;  // clang 14 captures no structured binding
    const auto& instance = answered.second;
    const auto again = repeat(engine, request);
    CHECK_MESSAGE((again && again.value().instance == instance),
                  request << " was answered with " << instance << ", now: " << (again ? again.value().instance : again.error().text()));
  }
  for (const std::string& request : said.tried) {
    const auto done = repeat(engine, request);
    CHECK_MESSAGE(done, request << ": " << (done ? std::string() : done.error().text()));
  }
}

std::map<std::string, int> counted(const std::vector<HistoryInfo>& history) {
  std::map<std::string, int> counts;
  for (const HistoryInfo& h : history) {
    ++counts[h.event];
    if (h.event == "clock-marked") ++counts["mark " + to_json(*h.details.context()->find("mark"))];
  }
  return counts;
}

/// No number twice, no event twice that can be there only once.
void verify_cases(Engine& engine) {
  std::map<std::string, int> by_number;
  Find all;
  all.limit = 1'000'000;
  const auto cases = engine.instances(all);
  REQUIRE(cases);
  for (const CaseInfo& c : cases.value()) {
    ++by_number[c.process + " " + c.case_no];
    const auto history = engine.history(c.instance, 0, 100'000);
    REQUIRE(history);
    std::map<std::string, int> counts = counted(history.value());
    for (const char* once : {"instance-started", "message-received", "call-started", "call-finished", "instance-completed", "clock-started",
                             "clock-stopped", "feedback-given", "mark 0", "mark 1", "timer-fired"}) {
      CHECK_MESSAGE(counts[once] <= 1, c.instance << ": " << once << " " << counts[once] << " times");
    }
    CHECK_MESSAGE(counts["call-started"] == counts["call-finished"], c.instance << ": a call was not finished");
  }
  for (const auto& numbered : by_number) CHECK_MESSAGE(numbered.second == 1, numbered.first << " is there " << numbered.second << " times");
}

/// When all promises are past, every clock that still runs has fired each of its two marks.
void verify_marks(Engine& engine) {
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  while (true) {
    const auto report = engine.tick(10'000);
    REQUIRE(report);
    if (report.value().timers + report.value().marks == 0) break;
  }
  Find running;
  running.open_only = true;
  running.limit = 1'000'000;
  const auto clocks = engine.clocks(running);
  REQUIRE(clocks);
  std::map<std::string, int> told;
  Find all;
  all.limit = 1'000'000;
  const auto outbox = engine.outbox(all);
  REQUIRE(outbox);
  for (const OutboxInfo& o : outbox.value()) ++told[o.instance + " " + o.name];
  for (const ClockInfo& c : clocks.value()) {
    CHECK_MESSAGE(c.breached, c.instance << " is not breached");
    CHECK_MESSAGE(told[c.instance + " half-time"] == 1, c.instance << ": half-time " << told[c.instance + " half-time"] << " times");
    CHECK_MESSAGE(told[c.instance + " too-late"] == 1, c.instance << ": too-late " << told[c.instance + " too-late"] << " times");
  }
}

/// What counts as delivered was told; what was under a lease when its deliverer was killed is told when that has run out.
void verify_outbox(Engine& engine, const std::set<std::string>& told) {
  Find find;
  find.limit = 1'000'000;
  find.state = to_string(OutboxState::delivered);
  const auto delivered = engine.outbox(find);
  REQUIRE(delivered);
  for (const OutboxInfo& o : delivered.value()) CHECK_MESSAGE(told.contains(o.key), o.key << " counts as delivered, and nobody told it");
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  REQUIRE(engine.deliver([](const OutboxInfo&) { return std::string(); }, 1'000'000));
  find.state = to_string(OutboxState::waiting);
  const auto waiting = engine.outbox(find);
  REQUIRE(waiting);
  CHECK(waiting.value().empty());
}

std::string violations(Engine& engine) {
  const auto found = engine.check();
  return found ? fmt::format("{}", fmt::join(found.value(), "\n")) : found.error().text();
}

}  // namespace

TEST_CASE("a killed engine loses nothing it has answered and does nothing twice") {
  const int kills = parameter("SWITCHBOARD_KILLS", 300);
  const int seed = parameter("SWITCHBOARD_SEED", 1);
  std::mt19937 random(static_cast<unsigned>(seed));
  std::size_t answered = 0;
  std::size_t in_doubt = 0;
  int done = 0;
  while (done < kills) {
    const Folder folder;
    const std::string database = folder.file("killed.db");
    const char* sync = (done / kills_per_file) % 2 == 0 ? "full" : "normal";
    std::set<std::string> told;
    for (int i = 0; i < kills_per_file && done < kills; ++i, ++done) {
      const auto lifetime = std::chrono::microseconds(5'000 + random() % 150'000);
      const Said said = parsed(run_and_kill(SWITCHBOARD_CRASH_WORKER, {database, fmt::format("K{}", done), sync}, lifetime));
      INFO("kill " << done << ", seed " << seed);
      CHECK(fmt::format("{}", fmt::join(said.errors, "\n")) == "");
      answered += said.answered.size();
      told.insert(said.told.begin(), said.told.end());
      const auto engine = open_again(database);
      CHECK(violations(*engine) == "");
      REQUIRE(engine->tick(100'000));  // opening carries out nothing: what the killed one left undone is done by a tick
      REQUIRE(deploy_load(*engine));
      verify_answers(*engine, said);
      for (const std::string& request : said.tried) in_doubt += said.answered.contains(request) ? 0 : 1;
      verify_cases(*engine);
      CHECK(violations(*engine) == "");
    }
    const auto engine = open_again(database);
    verify_marks(*engine);
    verify_outbox(*engine, told);
    CHECK(violations(*engine) == "");
  }
  fmt::print("{} kills, {} answers kept, {} requests in doubt when killed\n", done, answered, in_doubt);
}

}  // namespace switchboard::testing
