// simulate: scenarios played against the definitions of the processes folder.
#include <fmt/core.h>
#include <unistd.h>
#include <CLI/CLI.hpp>

#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/output.hpp"
#include "switchboard/simulation.hpp"

namespace switchboard::cli {

namespace {

struct Request {
  std::vector<std::string> scenarios;
  std::optional<std::uint64_t> seed;
  std::optional<std::uint32_t> replications;
  std::optional<std::uint64_t> cases;
  std::string until;
  std::string warm_up;
  unsigned threads = 0;
};

/// One line that is written over, on a terminal only.
void show_progress(const std::string& scenario, double share) {
  constexpr int width = 40;
  const int filled = static_cast<int>(share * width + 0.5);
  std::fprintf(stderr, "\r%s [%s%s] %3.0f %%", scenario.c_str(), std::string(static_cast<std::size_t>(filled), '#').c_str(),
               std::string(static_cast<std::size_t>(width - filled), '.').c_str(), share * 100);
}
void end_progress() { std::fputs("\r\033[K", stderr); }

SimulationOptions options_for(const Request& request, const Options& options, const std::string& scenario, bool live) {
  SimulationOptions o;
  if (const auto folder = processes_folder(options)) o.processes = folder->string();
  o.seed = request.seed;
  o.replications = request.replications;
  o.cases = request.cases;
  o.until = request.until;
  o.warm_up = request.warm_up;
  o.threads = request.threads;
  if (live) o.progress = [scenario](double share) { show_progress(scenario, share); };
  return o;
}

Result<int> simulate_all(const Request& request, const Options& options) {
  const bool live = ::isatty(2) == 1;
  List all;
  for (const std::string& scenario : request.scenarios) {
    auto result = simulate(scenario, options_for(request, options, scenario, live));
    if (live) end_progress();
    if (!result) return result.error();
    if (!options.json) {
      if (&scenario != &request.scenarios.front()) print("\n");
      print(simulation_summary(result.value()));
    }
    all.push_back(std::move(result).value());
  }
  if (options.json) print_json(all.size() == 1 ? all.front() : Value(std::move(all)));
  return exit_ok;
}

}  // namespace

void add_simulate_verb(CLI::App& app, const Options& options, Action& action) {
  auto request = std::make_shared<Request>();
  CLI::App* verb = app.add_subcommand("simulate", "play scenarios against the processes: which promises hold, where the time goes")->group("Processes");
  verb->add_option("SCENARIO", request->scenarios, "scenario file (.scenario.yaml)")->required();
  verb->add_option("--seed", request->seed, "seed of the random streams")->type_name("N");
  verb->add_option("--replications", request->replications, "independent runs")->type_name("N");
  verb->add_option("--cases", request->cases, "how many cases arrive")->type_name("N");
  verb->add_option("--until", request->until, "simulated time, e.g. '30 d'")->type_name("DURATION");
  verb->add_option("--warm-up", request->warm_up, "time that does not count, e.g. '1 d'")->type_name("DURATION");
  verb->add_option("--threads", request->threads, "replications at once; the result does not depend on it")->type_name("N");
  verb->callback([request, &options, &action] { action = [request, &options] { return simulate_all(*request, options); }; });
}

}  // namespace switchboard::cli
