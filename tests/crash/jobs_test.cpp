// Three processes with eight threads each work off the same jobs and are killed time and again. Every job is begun once for each claim of it, and
// claimed again only when the lease of a dead worker ran out. SWITCHBOARD_JOB_KILLS says how often (default 20).
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <sstream>
#include <thread>

#include "files.hpp"
#include "support/folder.hpp"

extern char** environ;  // NOLINT: POSIX names it so

namespace switchboard::testing {

namespace {

const char* const once = R"(
switchboard: 1
process: once
nodes:
  begin: {type: startEvent, next: job}
  job: {type: serviceTask, job: once, timeout: 3 s, next: done}
  done: {type: endEvent}
)";

std::unique_ptr<Engine> open_at(const std::string& database) {
  EngineOptions options;
  options.database = database;
  options.full_sync = false;
  auto engine = Engine::open(options);
  REQUIRE_MESSAGE(engine, (engine ? std::string() : engine.error().text()));
  return std::move(engine).value();
}

pid_t spawn_worker(std::string database, std::string log) {
  std::string program = SWITCHBOARD_JOB_WORKER;
  char* arguments[] = {program.data(), database.data(), log.data(), nullptr};
  pid_t worker = 0;
  REQUIRE(::posix_spawn(&worker, program.c_str(), nullptr, nullptr, arguments, environ) == 0);
  return worker;
}

/// Tokens under which each work was begun, in the order of the lines.
std::map<std::string, std::vector<std::string>> begun(const std::string& log) {
  std::map<std::string, std::vector<std::string>> tokens;
  std::istringstream lines(log);
  for (std::string line; std::getline(lines, line);) {
    CHECK_MESSAGE(line.front() != 'E', line);
    const std::size_t space = line.find(' ');
    tokens[line.substr(0, space)].push_back(line.substr(space + 1));
  }
  return tokens;
}

}  // namespace

TEST_CASE("under 8 threads, 3 processes and kills every job is run once, and once more for each lease that ran out") {
  constexpr int jobs = 400;
  const int kills = parameter("SWITCHBOARD_JOB_KILLS", 20);
  std::mt19937 random(7);
  const Folder folder;
  const std::string database = folder.file("jobs.db"), log = folder.file("jobs.log");
  {
    const auto engine = open_at(database);
    REQUIRE(engine->deploy(once, "once.yaml"));
    for (int i = 0; i < jobs; ++i) REQUIRE(engine->start("once", {}));
  }
  std::array<pid_t, 3> workers{};
  for (pid_t& worker : workers) worker = spawn_worker(database, log);
  int killed = 0;
  for (; killed < kills; ++killed) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10 + random() % 60));
    pid_t& worker = workers[random() % workers.size()];
    int status = 0;
    ::kill(worker, SIGKILL);
    ::waitpid(worker, &status, 0);
    worker = spawn_worker(database, log);
  }
  for (const pid_t worker : workers) {
    int status = 0;
    ::waitpid(worker, &status, 0);
    CHECK((WIFEXITED(status) && WEXITSTATUS(status) == 0));
  }
  const auto runs = begun(read_file(log));
  const auto engine = open_at(database);
  std::size_t again = 0;
  Find all;
  all.limit = 1'000'000;
  const auto cases = engine->instances(all);
  REQUIRE(cases);
  CHECK(cases.value().size() == jobs);
  for (const CaseInfo& c : cases.value()) {
    CHECK(c.state == CaseState::completed);
    const auto history = engine->history(c.instance, 0, 1000);
    REQUIRE(history);
    std::string work;
    std::set<std::string> claims;
    std::size_t completed = 0;
    for (const HistoryInfo& h : history.value()) {
      if (h.event == "work-completed") ++completed;
      if (h.event != "work-claimed") continue;
      work = fmt::format("{}.{}", c.instance, to_display(*h.details.context()->find("work")));
      claims.insert(to_display(*h.details.context()->find("token")));
    }
    CHECK(completed == 1);
    const auto run = runs.find(work);
    REQUIRE_MESSAGE(run != runs.end(), c.instance << ": nobody has begun " << work);
    const std::set<std::string> tokens(run->second.begin(), run->second.end());
    CHECK_MESSAGE(tokens.size() == run->second.size(), work << " was begun twice under one claim");
    for (const std::string& token : tokens) CHECK_MESSAGE(claims.contains(token), work << " was begun under token " << token << ", which nobody had");
    CHECK_MESSAGE(tokens.size() <= claims.size(), work << " was begun more often than claimed");
    again += tokens.size() - 1;
  }
  // Only who was killed, or was kept from running for three seconds, loses a lease.
  CHECK(again <= static_cast<std::size_t>(kills) * 8);
  fmt::print("{} jobs, {} kills, {} jobs begun again after their lease ran out\n", jobs, killed, again);
  const auto found = engine->check();
  REQUIRE(found);
  CHECK(found.value().empty());
}

}  // namespace switchboard::testing
