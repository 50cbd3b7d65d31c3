// simulate: scenarios played against the processes; a client of the public simulation header.
#include <fmt/core.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <memory>

#include "cli/options.hpp"
#include "cli/output.hpp"
#include "cli/verb.hpp"
#include "switchboard/simulation.hpp"

namespace switchboard::cli {

namespace {

constexpr std::uint64_t largest_seed = 1'000'000'000'000'000;  // as in a scenario
constexpr std::uint64_t most_threads = 1024;

struct SimulateRequest {
  std::vector<std::string> scenarios;
  SimulationOptions options;
};

// A bar on the terminal while it runs; nothing when stderr is a file.
void show_progress(SimulationOptions& options) {
  if (isatty(STDERR_FILENO) == 0) return;
  options.progress = [last = -1](double share) mutable {
    const int percent = static_cast<int>(share * 100);
    if (percent == last) return;
    last = percent;
    const std::string bar(static_cast<std::size_t>(percent / 2), '#');
    std::fputs(fmt::format("\r[{:<50}] {:>3}%{}", bar, percent, percent >= 100 ? "\n" : "").c_str(), stderr);
  };
}

Result<int> simulate_all(const Options& options, const SimulateRequest& request) {
  List all;
  for (const std::string& scenario : request.scenarios) {
    SimulationOptions simulation = request.options;
    if (const auto folder = processes_folder(options)) simulation.processes = folder->string();
    show_progress(simulation);
    SB_TRY(const Value result, simulate(scenario, simulation));
    if (options.json) {
      all.push_back(result);
    } else {
      print(simulation_summary(result));
    }
  }
  if (options.json) print_json(all.size() == 1 ? all.front() : Value(all));
  return exit_ok;
}

}  // namespace

void add_simulate_verb(CLI::App& app, const Options& options, Action& action) {
  const auto request = std::make_shared<SimulateRequest>();
  CLI::App* sub = app.add_subcommand("simulate", "play scenarios: arrivals, durations and resources against the processes");
  sub->group("Processes");
  sub->add_option("SCENARIO", request->scenarios, "files (.scenario.yaml)")->required();
  sub->add_option("--seed", request->options.seed, "the same seed gives the same result")->type_name("N")->check(whole_to(largest_seed));
  sub->add_option("--replications", request->options.replications, "independent runs")->type_name("N")->check(positive());
  sub->add_option("--cases", request->options.cases, "cases for each run")->type_name("N")->check(positive());
  sub->add_option("--until", request->options.until, "length of each run, e.g. '30 d'")->type_name("DURATION");
  sub->add_option("--warm-up", request->options.warm_up, "left out of the statistics")->type_name("DURATION");
  sub->add_option("--threads", request->options.threads, "0: one per processor; results do not depend on it")
      ->type_name("N")
      ->check(whole_to(most_threads));
  sub->callback([&options, &action, request] { action = [&options, request] { return simulate_all(options, *request); }; });
}

}  // namespace switchboard::cli
