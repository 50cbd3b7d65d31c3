// Durable commands: alone, and from 64 callers at once, beside SQLite writing the very same rows in the same transactions.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <thread>
#include <vector>

#include "bench/bench.hpp"
#include "bench/engine.hpp"
#include "bench/raw_sqlite.hpp"
#include "crash/files.hpp"

namespace switchboard::bench {
namespace {

constexpr const char* process_text = R"(
switchboard: 1
process: bench
customer: customer_no
data:
  customer_no: {type: string, default: "1001"}
  amount: {type: number, default: 10}
nodes:
  begin: {type: startEvent, next: first}
  first: {type: userTask, groups: [clerks], next: second}
  second: {type: userTask, groups: [clerks], next: done}
  done: {type: endEvent}
sla:
  promise:
    start: {process: started}
    stop: {completed: second}
    within: 72 h
    marks: [{at: 80%, escalate: soon}, {at: breach, escalate: late}]
)";

}  // namespace

std::unique_ptr<Engine> open_engine(const std::string& path, bool full_sync) {
  EngineOptions options;
  options.database = path;
  options.full_sync = full_sync;
  auto engine = must(Engine::open(options));
  must(engine->deploy(process_text, "bench.yaml"));
  return engine;
}

/// `cases` cases, three commands each: start, complete, complete.
void run_cases(Engine& engine, const std::string& name, int cases) {
  for (int i = 0; i < cases; ++i) {
    StartOptions options;
    options.case_no = fmt::format("{}-{}", name, i);
    const CaseInfo info = must(engine.start("bench", {}, options, {.request_id = "s" + options.case_no}));
    for (const char* task : {"a", "b"}) {
      Find f;
      f.instance = info.instance;
      const auto work = must(engine.work(f));
      must(engine.complete(work.front().work, Value(Context{{"amount", i}}), {.by = "li", .request_id = task + options.case_no}));
    }
  }
}

void run_threads(Engine& engine, int threads, int cases_each) {
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) all.emplace_back([&, t] { run_cases(engine, fmt::format("T{}", t), cases_each); });
  for (std::thread& t : all) t.join();
}

namespace {

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

struct Setting {
  int threads, cases_each;
  bool full_sync;
  [[nodiscard]] int commands() const { return threads * cases_each * 3; }
};

void engine_writes(benchmark::State& state, const Setting& setting) {
  for (auto _ : state) {
    const testing::Folder folder;
    const auto engine = open_engine(folder.file("bench.db"), setting.full_sync);
    const auto begin = std::chrono::steady_clock::now();
    run_threads(*engine, setting.threads, setting.cases_each);
    state.SetIterationTime(seconds_since(begin));
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * setting.commands());
}

void sqlite_writes(benchmark::State& state, const Setting& setting) {
  const testing::Folder folder;
  std::vector<Recorded> recording;
  {
    const auto engine = open_engine(folder.file("recorded.db"), setting.full_sync);
    record_into(&recording);
    run_threads(*engine, setting.threads, setting.cases_each);
    record_into(nullptr);
  }
  Replayed done;
  int n = 0;
  for (auto _ : state) {
    done = replay(recording, folder.file(fmt::format("replayed-{}.db", n++)), setting.full_sync);
    state.SetIterationTime(done.seconds);
  }
  if (done.commands != setting.commands()) return state.SkipWithError("the recording does not hold every command");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * done.commands);
  state.counters["commands_per_transaction"] = static_cast<double>(done.commands) / static_cast<double>(done.transactions);
}

/// A page appended to a file and made durable: what no transaction can beat.
void sync_alone(benchmark::State& state) {
  const testing::Folder folder;
  const int file = ::open(folder.file("sync").c_str(), O_CREAT | O_WRONLY, 0600);
  const std::array<char, 4096> page{};
  for (auto _ : state) {
    if (::write(file, page.data(), page.size()) < 0 || ::fdatasync(file) != 0) return state.SkipWithError("fdatasync failed");
  }
  ::close(file);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void add(const std::string& name, const Setting& setting) {
  const std::string raw = "SQLite alone, " + name;
  for (auto* b : {benchmark::RegisterBenchmark(("durable, " + name).c_str(), engine_writes, setting),
                  benchmark::RegisterBenchmark(raw.c_str(), sqlite_writes, setting)}) {
    b->UseManualTime()->Iterations(1)->Repetitions(3)->ReportAggregatesOnly(true)->Unit(benchmark::kMillisecond);
  }
  expect({"durable, " + name, raw, "commands/s", Kind::rate, 1});
  if (setting.threads == 1 && setting.full_sync) expect({raw, "fdatasync", "commands/s", Kind::rate, 1});
}

}  // namespace

void measure_durable() {
  watch_sqlite();
  benchmark::RegisterBenchmark("fdatasync", sync_alone);
  add("one at a time", {1, 400, true});
  add("8 callers", {8, 200, true});
  add("64 callers", {64, 100, true});
  add("one at a time, power loss not covered", {1, 800, false});
  add("64 callers, power loss not covered", {64, 100, false});
}

}  // namespace switchboard::bench
