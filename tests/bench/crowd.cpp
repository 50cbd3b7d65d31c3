// Cases with very many parts: what completing one of the instances of a repeated activity costs beside 99 others, and beside many thousand. A figure
// of 1 says that it does not depend on how many there are.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "core/core.hpp"
#include "crash/files.hpp"
#include "model/executable.hpp"
#include "notation/load.hpp"
#include "support/line_fault.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::bench {
namespace {

using small::customers;

/// At most so many are completed one by one: the others stand beside them.
constexpr std::int64_t most_completed = 2'000;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// The core alone, which hands the case on from step to step.
void in_memory(benchmark::State& state, std::int64_t count) {
  const auto loaded = notation::load_process(small::line_fault, "line-fault.yaml");
  const auto compiled = model::compile(loaded.value.value(), model::Library{}, small::line_fault);
  if (compiled.process == nullptr) return state.SkipWithError(compiled.diagnostics.front().text().c_str());
  const model::ExecutableProcess& process = *compiled.process;
  const Instant at = parse_instant("2026-03-02T01:00:00Z").value();
  const std::int64_t completed = std::min(count, most_completed);
  for (auto _ : state) {
    core::StartInstance start;
    start.key = {1};
    start.case_no = "F-1";
    start.data = customers(count);
    core::ProcessInstance instance = core::step(process, {}, {"", at, start}).instance;
    std::vector<core::WorkKey> keys;
    for (const core::Work& w : instance.work) keys.push_back(w.key);
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t i = 0; i < completed; ++i) {
      core::CompleteWork complete;
      complete.work = keys[static_cast<std::size_t>(i)];
      complete.result = Value(Context{{"answer", "told"}});
      core::StepResult result = core::step(process, std::move(instance), {"", at, complete});
      if (result.rejection) return state.SkipWithError(result.rejection->text().c_str());
      benchmark::DoNotOptimize(core::effects(process, result.instance, result.events));
      instance = std::move(result.instance);
    }
    state.SetIterationTime(seconds_since(begin));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * completed);
}

std::uint64_t bytes_in(const std::filesystem::path& database) {
  std::uint64_t bytes = 0;
  for (const char* end : {"", "-wal"})
    if (std::error_code none; std::filesystem::exists(database.string() + end, none))
      bytes += std::filesystem::file_size(database.string() + end, none);
  return bytes;
}

/// The engine; power loss not covered, so that what is measured is work and not the disk. Without a file: the store in memory.
void in_engine(benchmark::State& state, std::int64_t count, bool on_disk) {
  const std::int64_t completed = std::min(count, most_completed);
  double bytes = 0;
  double begun = 0;
  for (auto _ : state) {
    const testing::Folder folder;
    EngineOptions options;
    if (on_disk) options.database = folder.file("crowd.db");
    options.full_sync = false;
    auto engine = must(Engine::open(options));
    must(engine->deploy(small::line_fault, "line-fault.yaml"));
    const auto before = std::chrono::steady_clock::now();
    const CaseInfo info = must(engine->start("line-fault", customers(count), {}, {}));
    begun = seconds_since(before);
    Find find;
    find.instance = info.instance;
    auto work = must(engine->work(find));
    work.resize(static_cast<std::size_t>(completed));
    const std::uint64_t bytes_before = on_disk ? bytes_in(options.database) : 0;
    const auto begin = std::chrono::steady_clock::now();
    for (const WorkInfo& w : work) must(engine->complete(w.work, Value(Context{{"answer", "told"}}), {.by = "li"}));
    state.SetIterationTime(seconds_since(begin));
    bytes = on_disk ? static_cast<double>(bytes_in(options.database) - bytes_before) : 0;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * completed);
  state.counters["bytes_per_child"] = bytes / static_cast<double>(completed);
  state.counters["us_to_begin_one"] = begun * 1e6 / static_cast<double>(count);
}

void add(const std::string& what, void (*run)(benchmark::State&, std::int64_t), bool huge) {
  const std::string few = fmt::format("complete one of 100, {}", what);
  const auto one = [&](std::int64_t count) {
    const std::string name = fmt::format("complete one of {}, {}", count, what);
    benchmark::RegisterBenchmark(name.c_str(), run, count)->UseManualTime()->Iterations(count > 1000 ? 1 : 10)->Unit(benchmark::kMillisecond);
    return name;
  };
  static_cast<void>(one(100));
  expect({one(10'000), few, "children/s", Kind::rate, 1});
  if (huge) expect({one(100'000), few, "children/s", Kind::rate, 1});
}

}  // namespace

void measure_crowd() {
  add("core", in_memory, true);
  add(
      "memory", [](benchmark::State& s, std::int64_t n) { in_engine(s, n, false); }, true);
  add(
      "SQLite", [](benchmark::State& s, std::int64_t n) { in_engine(s, n, true); }, true);
}

}  // namespace switchboard::bench
