// The pure core: steps of new-connection cases with all their clocks, and the simulator that drives the same core.
#include <benchmark/benchmark.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "bench/bench.hpp"
#include "model/executable.hpp"
#include "switchboard/simulation.hpp"
#include "testing/player.hpp"
#include "workspace/workspace.hpp"

namespace switchboard::bench {
namespace {

const std::string processes = std::string(SWITCHBOARD_SOURCE_DIR) + "/processes";

testing::DefinitionsPtr definitions() {
  workspace::Workspace files;
  files.read_folder(processes);
  workspace::Project& project = files.project();
  auto all = std::make_shared<testing::Definitions>();
  for (const std::string& id : project.process_ids())
    if (const model::ExecutablePtr process = project.compiled(id).process) all->processes.emplace(id, process);
  return all;
}

/// The commands of one case, from its start to its end.
using Case = std::vector<core::Command>;
struct Cases {
  model::ExecutablePtr process;
  std::vector<Case> cases;
  std::int64_t commands = 0;
};

/// Cases of new-connection played out by chance. Only those that were supplied in the end: one that is withdrawn or refused at the counter is over
/// after its dearest step, the start.
const Cases& played() {
  static const Cases cases = [] {
    Cases out;
    const testing::DefinitionsPtr all = definitions();
    out.process = all->processes.at("new-connection");
    for (std::uint64_t seed = 1; seed <= 512; ++seed) {
      testing::Dice dice(seed);
      testing::World world(all, parse_instant("2026-03-02T01:00:00Z").value());
      const Value data = testing::made_up_data(*out.process, world.now(), dice);
      const auto root = world.start("new-connection", "N-1", data, "");
      if (!root || !testing::play_out(world, root.value(), dice, 2000).ended) continue;
      Case commands;
      for (const testing::Issued& issued : world.issued()) {
        if (issued.instance == root.value()) commands.push_back(issued.command);
      }
      if (commands.size() < 12) continue;
      out.commands += static_cast<std::int64_t>(commands.size());
      out.cases.push_back(std::move(commands));
    }
    return out;
  }();
  return cases;
}

void steps(benchmark::State& state, bool with_effects) {
  const Cases& all = played();
  std::int64_t done = 0;
  std::int64_t refused = 0;
  std::vector<core::Event> room;
  for (auto _ : state) {
    for (const Case& commands : all.cases) {
      core::ProcessInstance instance;
      for (const core::Command& command : commands) {
        core::StepResult result = core::step(*all.process, std::move(instance), command, std::move(room));
        refused += result.rejection ? 1 : 0;
        instance = std::move(result.instance);
        if (with_effects) benchmark::DoNotOptimize(core::effects(*all.process, instance, result.events));
        room = std::move(result.events);
      }
      if (instance.state == core::InstanceState::active) return state.SkipWithError("a case that had ended when it was recorded has not ended");
    }
    done += all.commands;
  }
  state.SetItemsProcessed(done);
  state.counters["commands_per_case"] = static_cast<double>(all.commands) / static_cast<double>(all.cases.size());
  state.counters["refused"] = static_cast<double>(refused);
}

/// The same commands, looked at and not carried out.
void empty_steps(benchmark::State& state) {
  const Cases& all = played();
  std::int64_t done = 0;
  for (auto _ : state) {
    for (const Case& commands : all.cases) {
      for (const core::Command& command : commands) {
        benchmark::DoNotOptimize(std::visit([](const auto& what) { return sizeof(what); }, command.what));
      }
    }
    done += all.commands;
  }
  state.SetItemsProcessed(done);
}

void simulated(benchmark::State& state) {
  SimulationOptions options;
  options.processes = processes;
  options.seed = 1;
  options.replications = 1;
  options.cases = 2000;
  options.threads = 1;
  double events = 0;
  for (auto _ : state) {
    const Value result = must(simulate(processes + "/repair.scenario.yaml", options));
    // The run itself: loading the folder of processes takes longer than a short run.
    const Context& run = *result.context()->find("replications")->list()->front().context();
    events += run.find("events")->number()->to_double();
    state.SetIterationTime(run.find("wall_seconds")->number()->to_double());
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(events));
}

}  // namespace

void measure_memory() {
  benchmark::RegisterBenchmark("steps in memory, new-connection", steps, false)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("steps and effects, new-connection", steps, true)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("empty loop over the same commands", empty_steps)->Unit(benchmark::kMillisecond);
  benchmark::RegisterBenchmark("simulated events, repair", simulated)->UseManualTime()->Unit(benchmark::kMillisecond);
  expect({"steps in memory, new-connection", "empty loop over the same commands", "steps/s", Kind::rate, 1});
  expect({"steps and effects, new-connection", "empty loop over the same commands", "steps/s", Kind::rate, 1});
  expect({"simulated events, repair", "steps and effects, new-connection", "events/s", Kind::rate, 1});
}

}  // namespace switchboard::bench
