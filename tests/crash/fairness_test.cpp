// Three processes with two threads each start cases in one file at once: how long the median start takes, and the worst. The figures are printed and
// not judged: they are the machine's as much as ours. SWITCHBOARD_FAIRNESS_MS says for how long (default 1000).
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <thread>
#include <vector>

#include "files.hpp"
#include "load.hpp"

namespace switchboard::testing {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int processes = 3;
constexpr int threads = 2;

/// Of one process, in microseconds.
struct Figures {
  std::int64_t starts = 0, median = 0, worst = 0, refused = 0;
};

Figures start_cases(const std::string& path, std::chrono::milliseconds time) {
  EngineOptions options;
  options.database = path;
  const auto engine = Engine::open(options);
  if (!engine) return {};
  std::array<std::vector<std::int64_t>, threads> took;
  std::array<std::int64_t, threads> refused{};
  const auto until = Clock::now() + time;
  std::vector<std::thread> starters;
  for (std::size_t t = 0; t < threads; ++t)
    starters.emplace_back([&, t] {
      while (Clock::now() < until) {
        const auto begin = Clock::now();
        if (!engine.value()->start("load", {})) ++refused[t];
        took[t].push_back(std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - begin).count());
      }
    });
  for (std::thread& starter : starters) starter.join();
  std::vector<std::int64_t> all;
  for (const auto& of_one : took) all.insert(all.end(), of_one.begin(), of_one.end());
  std::sort(all.begin(), all.end());
  return {static_cast<std::int64_t>(all.size()), all[all.size() / 2], all.back(), refused[0] + refused[1]};
}

}  // namespace

TEST_CASE("several processes write to one file, and all of them are served") {
  const Folder folder;
  const std::string path = folder.file("shared.db");
  {
    EngineOptions options;
    options.database = path;
    const auto engine = Engine::open(options);
    REQUIRE(engine);
    REQUIRE(deploy_load(*engine.value()));
  }
  const std::chrono::milliseconds time(parameter("SWITCHBOARD_FAIRNESS_MS", 1000));
  std::array<std::array<int, 2>, processes> pipes{};
  std::array<pid_t, processes> children{};
  for (std::size_t i = 0; i < processes; ++i) {
    REQUIRE(::pipe(pipes[i].data()) == 0);
    children[i] = ::fork();
    REQUIRE(children[i] >= 0);
    if (children[i] == 0) {
      const Figures figures = start_cases(path, time);
      const bool is_told = ::write(pipes[i][1], &figures, sizeof figures) == sizeof figures;
      ::_exit(is_told ? 0 : 1);
    }
  }
  for (std::size_t i = 0; i < processes; ++i) {
    Figures f;
    CHECK(::read(pipes[i][0], &f, sizeof f) == sizeof f);
    int status = 0;
    CHECK(::waitpid(children[i], &status, 0) == children[i]);
    for (const int end : pipes[i]) ::close(end);
    CHECK(f.starts > 0);
    CHECK(f.refused == 0);
    fmt::print("process {} of {}, {} threads: {} starts in {} ms, median {:.1f} ms, worst {:.1f} ms\n", i + 1, processes, threads, f.starts,
               time.count(), static_cast<double>(f.median) / 1000, static_cast<double>(f.worst) / 1000);
  }
  EngineOptions options;
  options.database = path;
  CHECK(Engine::open(options).value()->check().value().empty());
}

}  // namespace switchboard::testing
