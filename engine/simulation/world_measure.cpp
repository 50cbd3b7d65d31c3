// What is measured: kept promises, where the time went.
#include <algorithm>

#include "simulation/world.hpp"

namespace switchboard::simulation {

void World::observe(CaseIndex c, const core::Event& e) {
  const Case& k = cases_[c];
  if (!cases_[k.root].counted) return;
  if (const auto* stopped = std::get_if<core::ClockStopped>(&e.body)) return observe_clock(k, stopped->ledger);
  if (const auto* cancelled = std::get_if<core::ClockCancelled>(&e.body)) {
    ++result_.clocks[scenario_.processes[k.process].clock_statistic[cancelled->ledger.clock.value]].cancelled;
    return;
  }
  observe_standing(c, e);
}

/// Tokens that wait for an event, and pauses: both take time that is nobody's work.
void World::observe_standing(CaseIndex c, const core::Event& e) {
  Case& k = cases_[c];
  const auto left = [&](core::ElementKey key) {
    const auto found = std::find_if(k.standing.begin(), k.standing.end(), [key](const Standing& s) { return s.key == key; });
    if (found == k.standing.end()) return;
    spend(c, found->place, found->since, now_);
    k.standing.erase(found);
  };
  if (const auto* entered = std::get_if<core::ElementEntered>(&e.body)) {
    const EventWait wait = scenario_.processes[k.process].activities[entered->element.value].event;
    if (wait != EventWait::none) k.standing.push_back({entered->key, wait == EventWait::customer ? Place::customer : Place::events, now_});
  } else if (const auto* completed = std::get_if<core::ElementCompleted>(&e.body)) {
    if (!k.standing.empty()) left(completed->key);
  } else if (const auto* terminated = std::get_if<core::ElementTerminated>(&e.body)) {
    if (!k.standing.empty()) left(terminated->key);
  } else if (const auto* paused = std::get_if<core::ClockPaused>(&e.body)) {
    k.pauses.push_back({paused->ledger.clock.value, now_, Instant::max()});
  } else if (const auto* resumed = std::get_if<core::ClockResumed>(&e.body)) {
    for (Pause& p : k.pauses)
      if (p.clock == resumed->ledger.clock.value && p.to == Instant::max()) p.to = now_;
  }
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
  r.kept_share.add(kept ? 1 : 0);
  add_places(c, ledger, r);
}

/// What the case did while the clock ran: its spans inside the clock's, less the pauses.
void World::add_places(const Case& c, const sla::Ledger& ledger, ClockResult& r) const {
  for (const Spent& s : cases_[c.root].spent) {
    const Instant from = std::max(s.from, ledger.started);
    const Instant to = std::min(s.to, ledger.ended);
    if (to <= from) continue;
    Duration length = to - from;
    for (const Pause& p : c.pauses) {
      if (p.clock != ledger.clock.value) continue;
      const Duration still = std::min(to, p.to) - std::max(from, p.from);
      if (still.us > 0) length -= still;
    }
    if (length.us > 0) r.where[s.place] += length.to_seconds();
  }
}

/// A promise that runs when the run ends: broken if its due instant has passed, else undecided.
void World::observe_open_clocks(const Case& c) {
  const BoundProcess& p = scenario_.processes[c.process];
  for (const auto& ledger : c.instance.clocks) {
    if (ledger.state != sla::ClockState::running && ledger.state != sla::ClockState::paused) continue;
    ClockResult& r = result_.clocks[p.clock_statistic[ledger.clock.value]];
    if (!ledger.mean && (ledger.breached || (ledger.state == sla::ClockState::running && ledger.due < now_))) {
      ++r.broken;
      r.kept_share.add(0);
      ++r.open_late;
    } else {
      ++r.undecided;
    }
  }
}

/// Ends the averages over time: at the last arrival when a number of cases was asked for (what follows is an emptying system), at the end otherwise.
void World::finish_measuring() {
  if (!measuring_) return;
  measuring_ = false;
  for (Item& item : items_) {
    if (item.state != ItemState::waiting || !item.measured) continue;
    pools_[item.pool].waits.add((now_ - item.offered).to_seconds());
    item.measured = false;
  }
  count_unfinished_holdings();
  for (auto& pool : pools_) {
    pool.close(now_);
    result_.resources.push_back({std::move(pool.waits), pool.utilisation, pool.overtime, pool.load, pool.window_seconds, pool.waited_seconds,
                                 pool.entered, pool.waiting(), pool.early_most, pool.late_least});
  }
}

/// Units that are with a case: at work on what another one seized them for, or waiting with it.
void World::count_unfinished_holdings() {
  for (const Item& item : items_)
    if (item.state == ItemState::in_service && item.origin != no_activity) pools_[item.pool].count_unfinished_holding(item.origin, item.beyond);
  for (const Case& c : cases_) {
    if (!c.live) continue;
    for (const Held& h : c.held) pools_[h.pool].count_unfinished_holding(h.origin, held_until_now(h));
  }
}

/// The quarter of the run that this is: queues of two of them are compared.
void World::tell_quarter() {
  if (!measuring_) return;
  const auto quarter = std::min<std::size_t>(3, static_cast<std::size_t>(share_done() * 4));
  if (quarter == quarter_) return;
  quarter_ = quarter;
  for (auto& pool : pools_) pool.begin_quarter(quarter);
}

}  // namespace switchboard::simulation
