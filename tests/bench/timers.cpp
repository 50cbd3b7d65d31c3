// A database with a million waiting timers: opening it, and a command in it, must cost what they cost in an empty one.
#include <SQLiteCpp/SQLiteCpp.h>
#include <benchmark/benchmark.h>

#include <memory>
#include <string>

#include "bench/bench.hpp"
#include "bench/engine.hpp"
#include "crash/files.hpp"

namespace switchboard::bench {
namespace {

/// Made once: a case, and a million copies of it that wait for their clock's mark.
const std::string& million_timers() {
  static const testing::Folder folder;
  static const std::string path = [] {
    std::string file = folder.file("many.db");
    {
      const auto engine = open_engine(file, false);
      must(engine->start("bench", {}));
    }
    SQLite::Database(file, SQLite::OPEN_READWRITE)
        .exec(
            "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1000999) "
            "INSERT INTO due SELECT i, 0, 2, 4000000000000000 + i * 7919 % 1000003, 0, 0 FROM n; "
            "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1000999) "
            "INSERT INTO instance SELECT i, 1, 'M-' || i, process, definition, customer, NULL, state, stage, started, last, NULL, 0, snapshot FROM "
            "n, "
            "(SELECT * FROM instance WHERE ended IS NULL LIMIT 1); COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
    return file;
  }();
  return path;
}

void open_million(benchmark::State& state) {
  const std::string& path = million_timers();
  for (auto _ : state) {
    EngineOptions options;
    options.database = path;
    const auto engine = must(Engine::open(options));
    benchmark::DoNotOptimize(must(engine->tick(100)));
  }
}

/// SQLite alone opens the file and asks for the first due row.
void open_raw(benchmark::State& state) {
  const std::string& path = million_timers();
  for (auto _ : state) {
    SQLite::Database db(path, SQLite::OPEN_READWRITE);
    db.exec("PRAGMA journal_mode = WAL");
    benchmark::DoNotOptimize(db.execAndGet("SELECT min(due) FROM due").getInt64());
  }
}

void commands_in(benchmark::State& state, bool full) {
  const testing::Folder folder;
  const auto engine = open_engine(full ? million_timers() : folder.file("empty.db"), false);
  static int n = 0;  // a number that comes again would be the same request
  for (auto _ : state) run_cases(*engine, std::to_string(n++) + (full ? "f" : "e"), 1);
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 3);
}

}  // namespace

void measure_timers() {
  benchmark::RegisterBenchmark("open with 1,000,000 timers", open_million)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("SQLite alone opens 1,000,000 timers", open_raw)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("command beside 1,000,000 timers", commands_in, true)->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("command on an empty database", commands_in, false)->Unit(benchmark::kMicrosecond);
  expect({"open with 1,000,000 timers", "SQLite alone opens 1,000,000 timers", "s", Kind::time, 1});
  expect({"command beside 1,000,000 timers", "command on an empty database", "commands/s", Kind::rate, 1});
}

}  // namespace switchboard::bench
