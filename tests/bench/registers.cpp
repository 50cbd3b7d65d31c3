// Registers: what a look-up and a write cost beside a case's step, in a register of 1,000 rows and in one of 1,000,000. A figure of 1 says that it
// does not depend on how many rows there are.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "crash/files.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::bench {
namespace {

constexpr const char* customer = R"(
switchboard: 1
register: customer
key: customer_no
fields:
  customer_no: string
  name: {type: string, required: true}
  debt: {type: number, min: 0}
  suspended: {type: counter, per: year}
)";

std::string process_with(const std::string& node) {
  return fmt::format(R"(
switchboard: 1
process: bench
calendar: 24x7@Asia/Shanghai
data: {{customer_no: {{type: string, required: true}}, debt: number}}
nodes:
  begin: {{type: startEvent, next: use}}
  use: {}
  done: {{type: endEvent}}
)",
                     node);
}

const std::string reading = process_with("{type: serviceTask, register: {read: customer, key: customer_no}, out: {debt: debt}, next: done}");
const std::string writing =
    process_with("{type: serviceTask, register: {write: customer, key: customer_no, set: {debt: '7'}, add: {suspended: '1'}}, next: done}");
const std::string neither = process_with("{type: scriptTask, set: {debt: '7'}, next: done}");

std::string key_of(std::int64_t i) { return fmt::format("{:010}", (i * 7'919) % 10'000'000'019); }

/// The rows are made once; each benchmark deploys its process over the last one.
Engine& engine_with(std::int64_t rows) {
  static std::int64_t made = 0;
  static std::unique_ptr<testing::Folder> folder;
  static std::unique_ptr<Engine> engine;
  if (made == rows) return *engine;
  engine.reset();
  folder = std::make_unique<testing::Folder>();
  EngineOptions options;
  options.database = folder->file("registers.db");
  options.full_sync = false;
  engine = must(Engine::open(options));
  must(engine->add_resource(customer, "customer.yaml"));
  std::vector<Value> page;
  for (std::int64_t i = 0; i < rows; ++i) {
    page.emplace_back(Context{{"customer_no", key_of(i)}, {"name", "Li"}, {"debt", i % 100}});
    if (page.size() == 10'000 || i + 1 == rows) {
      must(engine->import_rows("customer", page));
      page.clear();
    }
  }
  made = rows;
  return *engine;
}

void cases(benchmark::State& state, std::int64_t rows, const std::string& text) {
  constexpr std::int64_t count = 1'000;
  Engine& engine = engine_with(rows);
  must(engine.deploy(text, "bench.yaml"));
  std::int64_t next = 0;
  for (auto _ : state) {
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t i = 0; i < count; ++i) must(engine.start("bench", Value(Context{{"customer_no", key_of(next++ * 104'729 % rows)}})));
    state.SetIterationTime(std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * count);
}

}  // namespace

void measure_registers() {
  for (const std::int64_t rows : {std::int64_t{1'000}, std::int64_t{1'000'000}})
    for (const auto& [what, text] : {std::pair("read", &reading), std::pair("write", &writing), std::pair("no", &neither)}) {
      const std::string name = fmt::format("a case with {} row of {}", what, rows);
      benchmark::RegisterBenchmark(name.c_str(), cases, rows, *text)->UseManualTime()->Iterations(5)->Unit(benchmark::kMillisecond);
      if (rows > 1'000) expect({name, fmt::format("a case with {} row of 1000", what), "cases/s", Kind::rate, 1});
    }
}

}  // namespace switchboard::bench
