// What is measured: kept promises, where the time went.
#include <algorithm>

#include "simulation/world.hpp"

namespace switchboard::simulation {

void World::observe(CaseIndex c, const core::Event& e) {
  const Case& k = cases_[c];
  if (!cases_[k.root].counted) return;
  if (const auto* stopped = std::get_if<core::ClockStopped>(&e.body)) return observe_clock(k, stopped->ledger);
  if (const auto* cancelled = std::get_if<core::ClockCancelled>(&e.body))
    ++result_.clocks[scenario_.processes[k.process].clock_statistic[cancelled->ledger.clock.value]].cancelled;
}

void World::observe_clock(const Case& c, const sla::Ledger& ledger) {
  const BoundProcess& p = scenario_.processes[c.process];
  ClockResult& r = result_.clocks[p.clock_statistic[ledger.clock.value]];
  const double elapsed = (ledger.ended - ledger.started - ledger.paused_total).to_seconds();
  r.elapsed.add(elapsed);
  r.mean = ledger.mean;
  bool kept = !ledger.breached;
  if (ledger.mean) {  // judged as an average in the report; here: the share of cases within the number
    r.budget_seconds = (ledger.original_due - ledger.started).to_seconds();
    kept = elapsed <= r.budget_seconds;
  }
  ++(kept ? r.kept : r.broken);
  for (const Spent& s : cases_[c.root].spent) {
    const Instant from = std::max(s.from, ledger.started);
    const Instant to = std::min(s.to, ledger.ended);
    if (to > from) r.where[s.category] += (to - from).to_seconds();
  }
}

/// Ends the averages over time: at the last arrival when a number of cases was asked for (what follows is an emptying system), at the end otherwise.
void World::finish_measuring() {
  if (!measuring_) return;
  measuring_ = false;
  const double span = std::max(1e-6, (now_ - window_).to_seconds());
  for (auto& pool : pools_) {
    pool.close(now_);
    result_.resources.push_back({{}, pool.utilisation, pool.mean_queue, pool.mean_busy, static_cast<double>(pool.entered) / span});
  }
}

}  // namespace switchboard::simulation
