// The smallest costs: a deadline, a condition, a call of an empty function; and loading and checking a process.
#include <benchmark/benchmark.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <variant>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/parser.h>

#include "bench/bench.hpp"
#include "calendar/calendar.hpp"
#include "feel/feel.hpp"
#include "model/executable.hpp"
#include "notation/load.hpp"
#include "verify/check.hpp"
#include "workspace/workspace.hpp"

namespace switchboard::bench {
namespace {

const std::filesystem::path processes = std::filesystem::path(SWITCHBOARD_SOURCE_DIR) / "processes";

/// What a call through a table costs when nothing is done: the limit of everything that is called one by one.
void empty_dispatch(benchmark::State& state) {
  using Function = std::int64_t (*)(std::int64_t);
  static const std::array<Function, 4> table = {[](std::int64_t n) { return n; }, [](std::int64_t n) { return n + 1; },
                                                [](std::int64_t n) { return n + 2; }, [](std::int64_t n) { return n + 3; }};
  std::int64_t n = 0;
  for (auto _ : state) {
    n = table[static_cast<std::size_t>(n) % table.size()](n + 1);
    benchmark::DoNotOptimize(n);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

calendar::CalendarPtr china() {
  const auto text = must(notation::read_file(processes / "calendars" / "cn.yaml"));
  auto loaded = notation::load_calendar(text, "cn.yaml");
  return must(calendar::BusinessCalendar::make(std::move(loaded.value.value())));
}

void deadline(benchmark::State& state) {
  const calendar::CalendarPtr cn = china();
  const auto within = must(calendar::parse_duration("15 bd"));
  std::mt19937_64 random(1);
  std::vector<Instant> starts;
  for (int i = 0; i < 4096; ++i)
    starts.push_back(Instant{1'700'000'000'000'000} + Duration::seconds(static_cast<std::int64_t>(random() % 90'000'000)));
  std::size_t i = 0;
  for (auto _ : state) benchmark::DoNotOptimize(cn->deadline(starts[i++ % starts.size()], within));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void condition(benchmark::State& state) {
  feel::StaticScope scope;
  scope.names = {{"amount", feel::Type(feel::Type::Kind::number), 0}, {"area", feel::Type(feel::Type::Kind::string), 1}};
  const Value slots[] = {150, "urban"};
  feel::Frame frame;
  frame.slots = slots;
  const auto program = std::get<feel::Program>(feel::compile("amount > 100 and area in (\"rural\", \"urban\")", scope));
  for (auto _ : state) benchmark::DoNotOptimize(program.is_true(frame));
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()));
}

void load_and_check(benchmark::State& state) {
  workspace::Workspace files;
  files.read_folder(processes);
  const model::Library library = files.project().library();
  const std::string text = must(notation::read_file(processes / "new-connection.yaml"));
  for (auto _ : state) {
    const auto loaded = notation::load_process(text, "new-connection.yaml");
    if (!loaded.value) return state.SkipWithError("new-connection.yaml is not sound");
    benchmark::DoNotOptimize(verify::check(*loaded.value));
    benchmark::DoNotOptimize(model::compile(*loaded.value, library, text));
  }
}

/// Nothing but the scanner and parser of yaml-cpp over the same text.
void parse_yaml(benchmark::State& state) {
  struct Ignore : YAML::EventHandler {
    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {}
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t, const std::string&) override {}
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {}
    void OnMapEnd() override {}
  };
  const std::string text = must(notation::read_file(processes / "new-connection.yaml"));
  for (auto _ : state) {
    std::istringstream in(text);
    YAML::Parser parser(in);
    Ignore ignore;
    while (parser.HandleNextDocument(ignore)) continue;
  }
}

}  // namespace

void measure_small() {
  benchmark::RegisterBenchmark("empty dispatch", empty_dispatch);
  benchmark::RegisterBenchmark("calendar deadline", deadline);
  benchmark::RegisterBenchmark("FEEL condition", condition);
  benchmark::RegisterBenchmark("yaml-cpp parses new-connection", parse_yaml)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("load and check new-connection", load_and_check)->Unit(benchmark::kMillisecond);
  expect({"calendar deadline", "empty dispatch", "1/s", Kind::rate, 1});
  expect({"FEEL condition", "empty dispatch", "1/s", Kind::rate, 1});
  expect({"load and check new-connection", "yaml-cpp parses new-connection", "ms", Kind::time, 1e3});
}

}  // namespace switchboard::bench
