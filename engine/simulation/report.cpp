#include "simulation/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <functional>
#include <optional>

namespace switchboard::simulation {

namespace {

/// Nine significant digits: enough for any reader, and the same text everywhere.
Value number(double x) {
  char text[40];
  std::snprintf(text, sizeof text, "%.9g", x);
  const auto d = Decimal::parse(text);
  return d ? Value(*d) : Value();
}
Value number(std::uint64_t n) { return {static_cast<std::int64_t>(n)}; }

/// A figure over replications: mean of the means with Student's interval, or one run with its own interval by batch means.
struct Figure {
  double mean = 0;
  std::optional<double> half_width;  ///< nothing where it is not known
};
using Reading = std::function<std::optional<double>(const ReplicationResult&)>;
/// Runs that have nothing to say about it are left out.
Figure over(const std::vector<ReplicationResult>& all, const Reading& pick, const Reading& within) {
  Figure f;
  Moments moments;
  for (const auto& r : all)
    if (const auto x = pick(r)) moments.add(*x);
  f.mean = moments.mean;
  if (moments.count > 1)
    f.half_width = half_width_95(moments.count, moments.variance());
  else if (all.size() == 1)
    f.half_width = within(all.front());
  return f;
}
std::optional<double> none(const ReplicationResult&) { return std::nullopt; }
std::optional<double> mean_of(const Tally& t) { return t.count() > 0 ? std::optional(t.mean()) : std::nullopt; }
std::optional<double> half_width_of(const Tally& t) { return t.count() > 1 ? std::optional(t.half_width()) : std::nullopt; }

std::optional<double> kept_share(const ClockResult& c) {
  const double n = static_cast<double>(c.kept + c.broken);
  return n > 0 ? std::optional(static_cast<double>(c.kept) / n) : std::nullopt;
}
std::optional<double> kept_half_width(const ClockResult& c) {
  return c.kept + c.broken > 1 ? std::optional(c.kept_share.half_width()) : std::nullopt;
}
Value number_or_null(const std::optional<double>& x) { return x ? number(*x) : Value(); }

template <class Pick>
Tally pooled(const std::vector<ReplicationResult>& all, Pick pick) {
  Tally t;
  for (const auto& r : all) t.merge(pick(r));
  return t;
}

Value clock_value(const BoundScenario& s, const std::vector<ReplicationResult>& all, std::size_t i) {
  const auto elapsed = pooled(all, [i](const auto& r) -> const Tally& { return r.clocks[i].elapsed; });
  std::uint64_t kept = 0, broken = 0, cancelled = 0, open_late = 0, undecided = 0;
  std::vector<double> where(Place::count(s.pools.size()), 0);
  for (const auto& r : all) {
    kept += r.clocks[i].kept;
    broken += r.clocks[i].broken;
    cancelled += r.clocks[i].cancelled;
    open_late += r.clocks[i].open_late;
    undecided += r.clocks[i].undecided;
    for (std::size_t w = 0; w < where.size(); ++w) where[w] += r.clocks[i].where[w];
  }
  const auto share = over(
      all, [i](const auto& r) { return kept_share(r.clocks[i]); }, [i](const auto& r) { return kept_half_width(r.clocks[i]); });
  const auto mean = over(
      all, [i](const auto& r) { return mean_of(r.clocks[i].elapsed); }, [i](const auto& r) { return half_width_of(r.clocks[i].elapsed); });
  Context c;
  const double pooled_n = static_cast<double>(kept + broken);
  c.set("kept", number(pooled_n > 0 ? static_cast<double>(kept) / pooled_n : 1.0));
  c.set("kept_half_width", number_or_null(share.half_width));
  c.set("mean", number(elapsed.mean()));
  c.set("half_width", number_or_null(mean.half_width));
  c.set("p50", number(elapsed.quantile(0.5)));
  c.set("p95", number(elapsed.quantile(0.95)));
  c.set("count", number(kept + broken));
  c.set("cancelled", number(cancelled));
  c.set("open_late", number(open_late));
  c.set("undecided", number(undecided));
  const ClockResult& first = all.front().clocks[i];
  if (first.mean) {
    c.set("budget_mean", number(first.budget_seconds));
    c.set("mean_kept", Value(elapsed.mean() <= first.budget_seconds));
  }
  const double n = std::max<double>(1, static_cast<double>(elapsed.count()));
  Context places;
  double known = 0;
  for (const double w : where) known += w / n;
  places.set("work", number(where[Place::work] / n));
  places.set("customer", number(where[Place::customer] / n));
  places.set("events", number(where[Place::events] / n));
  for (std::uint32_t p = 0; p < s.pools.size(); ++p) {
    places.set("waiting for " + s.pools[p].id, number(where[Place::wait(p)] / n));
    if (where[Place::closed(p)] > 0) places.set("closed hours of " + s.pools[p].id, number(where[Place::closed(p)] / n));
  }
  places.set("other", number(elapsed.mean() - known > 1e-6 * elapsed.mean() ? elapsed.mean() - known : 0));
  c.set("where", Value(std::move(places)));
  return {std::move(c)};
}

/// Waits, queue and arrivals of all runs together: sums divided by sums, so that Little's law holds between them, too.
ResourceResult together(const std::vector<ReplicationResult>& all, std::size_t i) {
  ResourceResult sum;
  for (const auto& r : all) {
    sum.window_seconds += r.resources[i].window_seconds;
    sum.waited_seconds += r.resources[i].waited_seconds;
    sum.offered += r.resources[i].offered;
  }
  return sum;
}

Value resource_value(const std::vector<ReplicationResult>& all, std::size_t i) {
  const ResourceResult sum = together(all, i);
  const auto wait = over(
      all, [i](const auto& r) { return r.resources[i].mean_wait(); }, [i](const auto& r) { return half_width_of(r.resources[i].wait); });
  const auto pooled_wait = pooled(all, [i](const auto& r) -> const Tally& { return r.resources[i].wait; });
  const auto use = over(
      all, [i](const auto& r) { return r.resources[i].utilisation; }, none);
  const auto overtime = over(
      all, [i](const auto& r) { return r.resources[i].overtime; }, none);
  const auto load = over(
      all, [i](const auto& r) { return r.resources[i].load; }, none);
  const auto queue = over(
      all, [i](const auto& r) { return r.resources[i].mean_queue(); }, none);
  Context c;
  c.set("utilisation", number(use.mean));
  c.set("utilisation_half_width", number_or_null(use.half_width));
  // Of work that came before the window there may be waits without an arrival.
  c.set("mean_wait", sum.offered == 0 && sum.waited_seconds <= 0 ? number(0.0) : number_or_null(sum.mean_wait()));
  c.set("half_width", number_or_null(wait.half_width));
  c.set("p95_wait", number(pooled_wait.quantile(0.95)));
  c.set("mean_queue", number(sum.mean_queue()));
  c.set("queue_half_width", number_or_null(queue.half_width));
  c.set("arrivals_per_second", number(sum.arrival_rate()));
  c.set("load", number(load.mean));
  c.set("overtime", number(overtime.mean));
  return {std::move(c)};
}

Value activity_value(const std::vector<ReplicationResult>& all, std::size_t i) {
  const auto wait = pooled(all, [i](const auto& r) -> const Tally& { return r.activities[i].wait; });
  const auto service = pooled(all, [i](const auto& r) -> const Tally& { return r.activities[i].service; });
  Context c;
  c.set("mean_wait", number(wait.mean()));
  c.set("mean_service", number(service.mean()));
  c.set("count", number(service.count()));
  return {std::move(c)};
}

Value results(const BoundScenario& s, const std::vector<ReplicationResult>& all, double wall) {
  Context c;
  std::uint64_t cases = 0, events = 0, commands = 0, open = 0, stuck = 0, incidents = 0, feedback = 0, escalations = 0;
  double simulated = 0;
  for (const auto& r : all) {
    cases += r.cases;
    events += r.events;
    commands += r.commands;
    open += r.open_at_end;
    stuck += r.stuck;
    incidents += r.incidents;
    feedback += r.feedback;
    escalations += r.escalations;
    simulated += r.simulated_seconds;
  }
  c.set("cases", number(cases));
  c.set("events", number(events));
  c.set("commands", number(commands));
  Context clocks, resources, activities;
  for (std::size_t i = 0; i < s.clock_names.size(); ++i) clocks.set(s.clock_names[i], clock_value(s, all, i));
  for (std::size_t i = 0; i < s.pools.size(); ++i) resources.set(s.pools[i].id, resource_value(all, i));
  for (const auto& p : s.processes)
    for (std::size_t e = 0; e < p.activities.size(); ++e)
      if (p.activities[e].known) activities.set(s.activity_names[p.activities[e].statistic], activity_value(all, p.activities[e].statistic));
  c.set("clocks", Value(std::move(clocks)));
  c.set("resources", Value(std::move(resources)));
  c.set("activities", Value(std::move(activities)));
  const auto cycle = pooled(all, [](const auto& r) -> const Tally& { return r.cycle_time; });
  const auto cycle_mean = over(
      all, [](const auto& r) { return mean_of(r.cycle_time); }, [](const auto& r) { return half_width_of(r.cycle_time); });
  Context cycle_time;
  cycle_time.set("mean", number(cycle.mean()));
  cycle_time.set("half_width", number_or_null(cycle_mean.half_width));
  cycle_time.set("p50", number(cycle.quantile(0.5)));
  cycle_time.set("p95", number(cycle.quantile(0.95)));
  c.set("cycle_time", Value(std::move(cycle_time)));
  c.set("open_at_end", number(open));
  c.set("stuck", number(stuck));
  c.set("incidents", number(incidents));
  c.set("feedback", number(feedback));
  c.set("escalations", number(escalations));
  c.set("simulated_seconds", number(simulated));
  c.set("wall_seconds", number(wall));
  return {std::move(c)};
}

std::string first(const std::vector<ReplicationResult>& all, std::string ReplicationResult::*text) {
  const auto found = std::find_if(all.begin(), all.end(), [text](const auto& r) { return !(r.*text).empty(); });
  return found == all.end() ? std::string() : (*found).*text;
}

/// By the work offered; and by the queue, which tells when less can be done than the figures say.
void warn_of_overload(const std::string& pool, const std::vector<ReplicationResult>& all, std::size_t p, std::vector<std::string>& w) {
  const auto mean = [&](const Reading& pick) { return over(all, pick, none).mean; };
  const double load = mean([p](const auto& r) { return r.resources[p].load; });
  const double queue = mean([p](const auto& r) { return static_cast<double>(r.resources[p].queue_at_end); });
  const double early = mean([p](const auto& r) { return static_cast<double>(r.resources[p].early_most); });
  const double late = mean([p](const auto& r) { return static_cast<double>(r.resources[p].late_least); });
  constexpr double long_queue = 5;
  if (load >= 1 && queue >= 2) {
    w.push_back(
        fmt::format("resource `{}` is overloaded: {:.2f} times the work it can do is offered, {:.0f} wait at the end; its waits grow with the "
                    "length of the run",
                    pool, load, queue));
  } else if (late >= long_queue && late > early) {
    w.push_back(
        fmt::format("the queue for resource `{}` grows to the end of the run: never under {:.0f} in the last quarter, never over {:.0f} in the "
                    "second; more is asked of it than it can do, or the run ends in a rush",
                    pool, late, early));
  }
}

/// What a reader should know before believing the figures.
std::vector<std::string> warnings(const BoundScenario& s, const std::vector<ReplicationResult>& all) {
  std::vector<std::string> w = s.warnings;
  std::uint64_t cases = 0, incidents = 0, stuck = 0, refused = 0;
  for (const auto& r : all) {
    cases += r.cases;
    incidents += r.incidents;
    stuck += r.stuck;
    refused += r.refused;
  }
  if (cases == 0) w.emplace_back("no case was counted: each arrived in the warm-up or was still open at the end");
  if (incidents > 0) w.push_back(fmt::format("{} incident(s); the first: {}", incidents, first(all, &ReplicationResult::first_incident)));
  if (refused > 0)
    w.push_back(
        fmt::format("{} time(s) a case or a timer wanted what was refused; the first: {}", refused, first(all, &ReplicationResult::first_refused)));
  if (stuck > 0)
    w.push_back(fmt::format("{} case(s) wait for something that never comes; the first: {}", stuck, first(all, &ReplicationResult::first_stuck)));
  for (std::size_t p = 0; p < s.pools.size(); ++p) warn_of_overload(s.pools[p].id, all, p, w);
  std::string open;
  for (std::size_t i = 0; i < s.clock_names.size(); ++i) {
    std::uint64_t undecided = 0, count = 0;
    for (const auto& r : all) {
      undecided += r.clocks[i].undecided;
      count += r.clocks[i].kept + r.clocks[i].broken;
    }
    if (undecided >= 10 && undecided * 10 >= count)
      open += fmt::format("{}{} ({} against {} decided)", open.empty() ? "" : ", ", s.clock_names[i], undecided, count);
  }
  if (!open.empty())
    w.push_back(
        fmt::format("many promises were undecided when the run ended, so short ones are over-represented; run longer, or by `cases`: {}", open));
  return w;
}

}  // namespace

Value report(const BoundScenario& scenario, std::uint64_t seed, const std::vector<ReplicationResult>& all, double wall_seconds) {
  Context c;
  c.set("scenario", Value(scenario.scenario.id));
  c.set("name", Value(scenario.scenario.name));
  c.set("seed", number(seed));
  c.set("overall", results(scenario, all, wall_seconds));
  List each;
  for (const auto& r : all) each.push_back(results(scenario, {r}, r.wall_seconds));
  c.set("replications", Value(std::move(each)));
  List said;
  for (auto& w : warnings(scenario, all)) said.emplace_back(std::move(w));
  c.set("warnings", Value(std::move(said)));
  return {std::move(c)};
}

}  // namespace switchboard::simulation
