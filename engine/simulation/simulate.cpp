#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <new>
#include <set>
#include <system_error>
#include <thread>

#include "calendar/duration.hpp"
#include "notation/load.hpp"
#include "simulation/check_scenario.hpp"
#include "simulation/report.hpp"
#include "simulation/world.hpp"
#include "switchboard/simulation.hpp"
#include "workspace/workspace.hpp"

namespace switchboard {

namespace {

using namespace simulation;

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
    if (until.us <= 0)
      return Error{ErrorKind::usage, "SB1003", fmt::format("until: `{}`: the run must have a length above zero", o.until), {}, "30 d"};
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

Result<void> is_folder(const std::string& processes) {
  std::error_code error;
  if (processes.empty() || std::filesystem::is_directory(processes, error)) return success();
  return Error{ErrorKind::not_found, "SB0100", error ? "the folder of processes cannot be read: " + error.message() : "this is no folder", processes,
               "name the folder that has the processes, or none"};
}

/// What the scenario needs from beside it, and behind that the folder of processes.
workspace::Workspace files_for(const Scenario& scenario, const std::string& text, const std::string& processes) {
  workspace::Workspace all;
  if (!processes.empty()) all.read_folder(processes);
  const std::filesystem::path beside = std::filesystem::path(scenario.file).parent_path();
  const bool is_inside = !processes.empty() && workspace::is_same_or_inside(beside.empty() ? "." : beside, processes);
  if (scenario.file.empty() || is_inside) return all;
  all.put(scenario.file, text);
  all.read_beside();
  return all;
}

/// Things that are there and cannot be used, with the file where it says why: "process ID" or "calendar ID".
std::map<std::string, std::string> broken_in(workspace::Project& project) {
  std::map<std::string, std::string> broken;
  for (const auto& [thing, file] : project.broken()) broken.emplace(fmt::format("{} {}", to_string(thing.first), thing.second), file->what->file);
  for (const std::string& id : project.process_ids())
    if (!project.compiled(id).process) broken.emplace("process " + id, project.process(id)->file);
  return broken;
}

/// What was wrong, in the order in which it is to be told: files that the scenario needs and cannot use, the scenario, other files.
model::Diagnostics in_order(const BindResult& bound, workspace::Project& project, const std::map<std::string, std::string>& broken) {
  const auto is_needed = [&](const model::Diagnostic& d) {
    return std::any_of(broken.begin(), broken.end(), [&](const auto& thing) { return thing.second == d.file && bound.broken.contains(thing.first); });
  };
  model::Diagnostics all = project.reading(workspace::Layer::folder);
  const auto add = [&](const model::Diagnostics& more) { all.insert(all.end(), more.begin(), more.end()); };
  add(project.reading(workspace::Layer::given));
  for (const std::string& id : project.process_ids()) add(project.compiled(id).diagnostics);
  const auto others = std::stable_partition(all.begin(), all.end(), is_needed);
  all.insert(others, bound.diagnostics.begin(), bound.diagnostics.end());
  return all;
}

/// The scenario bound to processes that `check` has no errors for.
Result<BindResult> bind_checked(const Scenario& scenario, workspace::Project& project) {
  const std::map<std::string, std::string> broken = broken_in(project);
  std::set<std::string> things;
  for (const auto& [thing, file] : broken) things.insert(thing);
  BindResult bound = bind_in(project, scenario, things);
  if (!bound.value) return refusal_of(scenario.file, "SB0542", in_order(bound, project, broken));
  model::Diagnostics errors;
  for (const BoundProcess& used : bound.value->processes) {
    const model::Diagnostics more = project.errors_of(used.process->id);
    errors.insert(errors.end(), more.begin(), more.end());
  }
  if (!errors.empty()) return refusal_of(scenario.file, "SB0542", errors);
  return bound;
}

/// Collects the progress of all replications for the caller's callback, which may throw: that ends the run.
class Telling {
 public:
  Telling(const std::function<void(double)>& callback, std::size_t replications) : callback_(callback), shares_(replications, 0) {}

  bool tell(std::size_t replication, double share) {
    const std::lock_guard lock(mutex_);
    if (thrown_) return false;
    shares_[replication] = share;
    double sum = 0;
    for (const double s : shares_) sum += s;
    try {
      callback_(sum / static_cast<double>(shares_.size()));
    } catch (const std::exception& e) {
      threw(e.what());
    } catch (...) {
      threw("something that is no std::exception");
    }
    return !thrown_;
  }
  [[nodiscard]] const std::optional<Error>& thrown() const { return thrown_; }

 private:
  void threw(const char* what) {
    thrown_ = Error{ErrorKind::rejected, "SB1023", fmt::format("`progress` threw: {}", what), {}, "catch it there; to end a run, throw on purpose"};
  }
  const std::function<void(double)>& callback_;
  std::mutex mutex_;
  std::vector<double> shares_;
  std::optional<Error> thrown_;
};

ReplicationResult run_one(const BoundScenario& bound, std::uint32_t replication, const Progress& progress) {
  try {
    ReplicationResult result = World(bound, bound.scenario.seed, replication, progress).run();
    if (progress && !result.error) (void)progress(1);
    return result;
  } catch (const std::bad_alloc&) {
    ReplicationResult result;
    result.error = Error{ErrorKind::limit, "SB1022", "no memory is left for the run", bound.scenario.file, "let fewer arrive, or shorten the run"};
    return result;
  }
}

/// Replications in parallel; each is a world of its own, so the order in which threads run does not matter.
Result<std::vector<ReplicationResult>> run_all(const BoundScenario& bound, const SimulationOptions& options) {
  const std::uint32_t n = bound.scenario.replications;
  std::vector<ReplicationResult> all(n);
  Telling telling(options.progress, n);
  std::atomic<std::uint32_t> next{0};
  const auto work = [&] {
    for (std::uint32_t r = next++; r < n; r = next++) {
      const Progress progress = options.progress ? Progress([&telling, r](double share) { return telling.tell(r, share); }) : Progress();
      all[r] = run_one(bound, r, progress);
      if (all[r].error) next = n;
    }
  };
  const unsigned processors = std::max(1u, std::thread::hardware_concurrency());
  const unsigned threads = std::min<unsigned>(options.threads == 0 ? processors : options.threads, n);
  std::vector<std::thread> helpers;
  helpers.reserve(threads);
  try {
    for (unsigned t = 1; t < threads; ++t) helpers.emplace_back(work);
  } catch (const std::system_error&) {
    // No more threads are to be had: those that there are do it.
  }
  work();
  for (auto& t : helpers) t.join();
  if (telling.thrown()) return *telling.thrown();
  for (const auto& r : all)
    if (r.error) return *r.error;
  return all;
}

}  // namespace

Result<Value> simulate_text(const std::string& text, const std::string& file, const SimulationOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  auto loaded = load_scenario(text, file);
  if (!loaded.value) return refusal_of(file, "SB0542", loaded.diagnostics);
  SB_TRYV(override_with(*loaded.value, options));
  SB_TRYV(is_folder(options.processes));
  workspace::Workspace files = files_for(*loaded.value, text, options.processes);
  SB_TRY(const BindResult bound, bind_checked(*loaded.value, files.project()));
  SB_TRY(const auto all, run_all(*bound.value, options));
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  return simulation::report(*bound.value, bound.value->scenario.seed, all, wall);
}

Result<Value> simulate(const std::string& scenario_file, const SimulationOptions& options) {
  SB_TRY(const std::string text, notation::read_file(scenario_file));
  return simulate_text(text, scenario_file, options);
}

}  // namespace switchboard
