#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <mutex>
#include <thread>

#include "calendar/duration.hpp"
#include "notation/load.hpp"
#include "simulation/report.hpp"
#include "simulation/world.hpp"
#include "switchboard/simulation.hpp"

namespace switchboard {

namespace {

using namespace simulation;

Error refused(const model::Diagnostics& all) {
  Error e{ErrorKind::invalid, {}, {}, {}, {}};
  for (const auto& d : all) {
    if (d.severity != model::Severity::error) continue;
    if (e.id.empty()) {
      e.id = d.rule;
      e.message = d.message;
      e.place = fmt::format("{}:{}:{}", d.file, d.at.line, d.at.column);
      if (!d.element.empty()) e.place += fmt::format(" [{}]", d.element);
      e.hint = d.hint;
    } else {
      e.hint += (e.hint.empty() ? "and:\n" : "\n") + d.text();
    }
  }
  return e;
}

Result<Duration> wall_duration(const std::string& text, const char* option) {
  const auto parsed = calendar::parse_duration(text);
  if (!parsed) {
    Error error = parsed.error();
    error.kind = ErrorKind::usage;
    error.message = fmt::format("{}: {}", option, error.message);
    return error;
  }
  const auto& d = parsed.value();
  if (d.months != 0 || d.working_days != 0 || d.working.us != 0)
    return Error{ErrorKind::usage, "SB1004", fmt::format("{}: `{}` is not pure wall-clock time", option, text), {}, "use d, h, min, s"};
  const Duration all = d.wall + Duration::days(d.days);
  if (all > Duration::days(36'525))
    return Error{ErrorKind::usage, "SB1003", fmt::format("{}: `{}` is longer than a hundred years", option, text), {}, {}};
  return all;
}

Result<void> override_with(Scenario& s, const SimulationOptions& o) {
  if (o.seed) s.seed = *o.seed;
  if (o.replications) s.replications = *o.replications;
  if (s.replications == 0 || s.replications > 100'000)
    return Error{ErrorKind::usage, "SB1003", fmt::format("replications: {} is out of range", s.replications), {}, "a number from 1 to 100000"};
  if (o.cases) {
    s.cases = o.cases;
    s.until.reset();
  }
  if (!o.until.empty()) {
    SB_TRY(const auto until, wall_duration(o.until, "until"));
    s.until = until;
    if (!o.cases) s.cases.reset();
  }
  if (!o.warm_up.empty()) {
    SB_TRY(const auto warm_up, wall_duration(o.warm_up, "warm-up"));
    s.warm_up = warm_up;
  }
  if (s.cases && (*s.cases == 0 || *s.cases > 100'000'000))
    return Error{ErrorKind::usage, "SB1003", fmt::format("cases: {} is out of range", *s.cases), {}, "a number from 1 to 100000000"};
  if (s.until && *s.until <= s.warm_up)
    return Error{ErrorKind::invalid, "SB1003", "the warm-up is as long as the whole run",
                 o.warm_up.empty() ? fmt::format("{}:{}:{}", s.file, s.warm_up_at.line, s.warm_up_at.column) : s.file,
                 "shorten `warm-up` or lengthen `until`"};
  return success();
}

/// The processes of the folder, and those beside the scenario (which win), compiled; those with errors are left out: `bind` names them when they are
/// needed.
struct Definitions {
  std::map<std::string, model::ExecutablePtr, std::less<>> processes;
  model::Library library;
  model::Diagnostics problems;
};

void add_folder(Definitions& d, const std::filesystem::path& folder) {
  auto loaded = notation::load_folder(folder);
  for (auto& [id, c] : loaded.library.calendars) d.library.calendars[id] = c;
  for (auto& [id, t] : loaded.library.decisions) d.library.decisions[id] = t;
  for (auto& f : loaded.diagnostics) d.problems.push_back(f);
  for (const auto& p : loaded.processes) {
    auto compiled = model::compile(p, d.library, {});
    if (compiled.process) d.processes[p.id] = compiled.process;
    for (auto& f : compiled.diagnostics) d.problems.push_back(f);
  }
}

Definitions definitions_for(const std::string& scenario_file, const SimulationOptions& options) {
  Definitions d;
  std::error_code ignored;
  const auto beside = std::filesystem::absolute(scenario_file, ignored).parent_path();
  const std::filesystem::path folder = options.processes;
  if (!options.processes.empty() && std::filesystem::is_directory(folder, ignored)) add_folder(d, folder);
  const bool inside =
      !options.processes.empty() &&
      std::filesystem::weakly_canonical(beside, ignored).string().starts_with(std::filesystem::weakly_canonical(folder, ignored).string());
  if (!scenario_file.empty() && std::filesystem::is_directory(beside, ignored) && !inside) add_folder(d, beside);
  return d;
}

/// Replications in parallel; each is a world of its own, so the order in which threads run does not matter.
std::vector<ReplicationResult> run_all(const BoundScenario& bound, const SimulationOptions& options) {
  const std::uint32_t n = bound.scenario.replications;
  std::vector<ReplicationResult> all(n);
  std::vector<double> shares(n, 0);
  std::mutex telling;
  std::atomic<std::uint32_t> next{0};
  const auto work = [&] {
    for (std::uint32_t r = next++; r < n; r = next++) {
      std::function<void(double)> progress;
      if (options.progress) {
        progress = [&, r](double share) {
          const std::lock_guard lock(telling);
          shares[r] = share;
          double sum = 0;
          for (const double s : shares) sum += s;
          options.progress(sum / n);
        };
      }
      all[r] = World(bound, bound.scenario.seed, r, progress).run();
      if (progress) progress(1);
    }
  };
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  const unsigned threads = std::min<unsigned>(options.threads == 0 ? processors : options.threads, n);
  std::vector<std::thread> helpers;
  for (unsigned t = 1; t < threads; ++t) helpers.emplace_back(work);
  work();
  for (auto& t : helpers) t.join();
  return all;
}

}  // namespace

Result<Value> simulate_text(const std::string& text, const std::string& file, const SimulationOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  auto loaded = load_scenario(text, file);
  if (!loaded.value) return refused(loaded.diagnostics);
  SB_TRYV(override_with(*loaded.value, options));
  const Definitions definitions = definitions_for(file, options);
  auto bound = bind_scenario(*loaded.value, definitions.processes, definitions.library);
  if (!bound.value) {
    Error e = refused(bound.diagnostics);
    // A process that is missing because it does not compile: say that, too.
    for (const auto& d : definitions.problems)
      if (d.severity == model::Severity::error) e.hint += "\n" + d.text();
    return e;
  }
  const auto all = run_all(*bound.value, options);
  for (const auto& r : all)
    if (r.error) return *r.error;
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return simulation::report(*bound.value, bound.value->scenario.seed, all, wall);
}

Result<Value> simulate(const std::string& scenario_file, const SimulationOptions& options) {
  SB_TRY(const std::string text, notation::read_file(scenario_file));
  return simulate_text(text, scenario_file, options);
}

}  // namespace switchboard
