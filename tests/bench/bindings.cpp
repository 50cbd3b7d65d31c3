// What a call costs through C, beside the same call in C++. (That of Python: bindings.py, beside this file.)
#include <benchmark/benchmark.h>
#include <switchboard.h>

#include <string>

#include "bench/bench.hpp"
#include "notation/load.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::bench {
namespace {

std::string meter_check() { return must(notation::read_file(std::string(SWITCHBOARD_SOURCE_DIR) + "/examples/meter-check.yaml")); }

/// Every answer is taken and freed, as an embedder does.
template <class Call>
std::string must_c(Call&& call) {
  char* answer = nullptr;
  const sb_status status = call(&answer);
  std::string text = answer == nullptr ? std::string() : answer;
  sb_free(answer);
  if (status != SB_OK) give_up({ErrorKind::invalid, sb_status_name(status), text, {}, {}});
  return text;
}

struct InCpp {
  std::unique_ptr<Engine> engine = must(Engine::open({}));
  Value data = Context{{"customer_no", "1001"}};
  std::string first;
  InCpp() {
    must(engine->deploy(meter_check(), "meter-check.yaml"));
    first = must(engine->start("meter-check", data)).instance;
  }
};

struct InC {
  sb_engine* engine = nullptr;
  InC() {
    must_c([&](char** answer) { return sb_open(nullptr, nullptr, nullptr, &engine, answer); });
    must_c([&](char** answer) { return sb_deploy(engine, meter_check().c_str(), nullptr, answer); });
    start();
  }
  ~InC() {
    must_c([&](char** answer) { return sb_close(engine, answer); });
  }
  void start() {
    must_c([&](char** answer) { return sb_start(engine, "meter-check", R"({"customer_no": "1001"})", nullptr, nullptr, answer); });
  }
};

void cpp_command(benchmark::State& state) {
  const InCpp in;
  for (auto _ : state) benchmark::DoNotOptimize(must(in.engine->start("meter-check", in.data)));
}
void cpp_query(benchmark::State& state) {
  const InCpp in;
  for (auto _ : state) benchmark::DoNotOptimize(must(in.engine->instance(in.first)));
}
void c_command(benchmark::State& state) {
  InC in;
  for (auto _ : state) in.start();
}
void c_query(benchmark::State& state) {
  InC in;
  for (auto _ : state) benchmark::DoNotOptimize(must_c([&](char** answer) { return sb_instance(in.engine, "i-1", answer); }));
}

}  // namespace

void measure_bindings() {
  // A fixed number, so that the stores are equally full.
  constexpr int calls = 20'000;
  benchmark::RegisterBenchmark("C++ command", cpp_command)->Iterations(calls)->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("C command", c_command)->Iterations(calls)->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("C++ query", cpp_query)->Iterations(calls)->Unit(benchmark::kMicrosecond);
  benchmark::RegisterBenchmark("C query", c_query)->Iterations(calls)->Unit(benchmark::kMicrosecond);
  expect({"C command", "C++ command", "us", Kind::time, 1e6});
  expect({"C query", "C++ query", "us", Kind::time, 1e6});
}

}  // namespace switchboard::bench
