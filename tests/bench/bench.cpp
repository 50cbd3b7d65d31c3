// Runs the benchmarks, prints a table and writes bench.json: an array of {name, value, unit, limit, ratio}.
// usage: switchboard_bench [--out FILE] [options of Google Benchmark]
#include "bench/bench.hpp"

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <string_view>
#include <vector>

namespace switchboard::bench {
namespace {

std::vector<Figure> figures;

/// Keeps what every benchmark measured, beside the usual lines on the terminal.
class Keeper : public benchmark::ConsoleReporter {
 public:
  struct Measured {
    double seconds = 0;     ///< per iteration
    double per_second = 0;  ///< items
  };
  std::map<std::string, Measured> measured;
  bool failed = false;

  void ReportRuns(const std::vector<Run>& runs) override {
    ConsoleReporter::ReportRuns(runs);
    for (const Run& run : runs) {
      failed = failed || run.error_occurred;
      if (run.run_type == Run::RT_Aggregate && run.aggregate_name != "median") continue;
      Measured m;
      m.seconds = run.GetAdjustedRealTime() / benchmark::GetTimeUnitMultiplier(run.time_unit);
      if (const auto items = run.counters.find("items_per_second"); items != run.counters.end()) m.per_second = items->second.value;
      measured[run.run_name.function_name] = m;  // the median comes last
    }
  }
};

struct Row {
  std::string name, unit;
  double value = 0, limit = 0;
};

std::vector<Row> rows_of(const std::map<std::string, Keeper::Measured>& measured) {
  std::vector<Row> rows;
  for (const Figure& f : figures) {
    const auto value = measured.find(f.name);
    const auto limit = measured.find(f.limit);
    if (value == measured.end() || limit == measured.end()) continue;  // filtered away
    const auto of = [&](const Keeper::Measured& m) { return (f.kind == Kind::rate ? m.per_second : m.seconds) * f.scale; };
    rows.push_back({f.name, f.unit, of(value->second), of(limit->second)});
  }
  return rows;
}

std::string json_of(const std::vector<Row>& rows) {
  std::string json = "[";
  for (const Row& r : rows) {
    json += fmt::format("{}\n  {{\"name\": \"{}\", \"value\": {:.6g}, \"unit\": \"{}\", \"limit\": {:.6g}, \"ratio\": {:.4g}}}",
                        json.size() > 1 ? "," : "", r.name, r.value, r.unit, r.limit, r.value / r.limit);
  }
  return json + "\n]\n";
}

}  // namespace

void expect(Figure figure) { figures.push_back(std::move(figure)); }

void give_up(const Error& error) {
  fmt::print(stderr, "{}\n", error.text());
  std::exit(1);
}

int run(int argc, char** argv) {
  std::string out = "bench.json";
  std::vector<char*> arguments;
  for (int i = 0; i < argc; ++i) {
    if (std::string_view(argv[i]) == "--out" && i + 1 < argc) {
      out = argv[++i];
    } else {
      arguments.push_back(argv[i]);
    }
  }
  int count = static_cast<int>(arguments.size());
  benchmark::Initialize(&count, arguments.data());
  if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) return 2;
  measure_memory();
  measure_crowd();
  measure_registers();
  measure_small();
  measure_durable();
  measure_timers();
  measure_bindings();
  Keeper keeper;
  benchmark::RunSpecifiedBenchmarks(&keeper);
  const std::vector<Row> rows = rows_of(keeper.measured);
  fmt::print("\n{:<34}{:>14}  {:<12}{:>14}{:>9}\n", "figure", "value", "unit", "limit", "ratio");
  for (const Row& r : rows) fmt::print("{:<34}{:>14.6g}  {:<12}{:>14.6g}{:>9.3g}\n", r.name, r.value, r.unit, r.limit, r.value / r.limit);
  std::ofstream file(out);
  file << json_of(rows);
  file.close();
  if (!file) {
    fmt::print(stderr, "{}: cannot be written\n", out);
    return 1;
  }
  fmt::print("\nwritten to {}\n", out);
  return keeper.failed ? 1 : 0;
}

}  // namespace switchboard::bench

int main(int argc, char** argv) { return switchboard::bench::run(argc, argv); }
