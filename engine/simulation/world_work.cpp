// Work: who does it, how long it takes, what comes out.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "simulation/world.hpp"

namespace switchboard::simulation {

namespace {

/// Whoever does it may stay with the case.
bool may_stay(const BoundActivity& a) { return a.keep || a.keep_until != no_element; }

}  // namespace

void World::spend(CaseIndex c, std::uint32_t place, Instant from, Instant to) {
  if (to > from) cases_[cases_[c].root].spent.push_back({place, from, to});
}

const Distribution& World::pick(const BoundByData& by, const Case& c) {
  if (by.slot >= c.instance.data.size()) return by.by.otherwise;
  const std::string key = to_display(c.instance.data[by.slot]);
  const auto found = std::find_if(by.by.by_value.begin(), by.by.by_value.end(), [&](const auto& row) { return row.first == key; });
  return found == by.by.by_value.end() ? by.by.otherwise : found->second;
}

Value World::look_up(const Known& known, const std::string& name) const {
  if (known.made != nullptr)
    if (const Value* v = known.made->find(name)) return *v;
  if (known.owner == nullptr) return {};
  const auto slot = scenario_.processes[known.owner->process].process->find_data(name);
  return slot && slot.value < known.owner->instance.data.size() ? known.owner->instance.data[slot.value] : Value();
}

Value World::make(const Generator& g, const Known& known, Stream& random, std::uint64_t number) const {
  if (!g.data.empty()) {
    const std::string key = to_display(look_up(known, g.data));
    for (const auto& row : g.by_value)
      if (row.value == key) return make(row.generator, known, random, number);
    return g.otherwise.empty() ? Value() : make(g.otherwise.front().generator, known, random, number);
  }
  switch (g.kind) {
    case Generator::Kind::constant: return g.constant;
    case Generator::Kind::choose: {
      const double u = random.uniform();
      for (const auto& [value, share] : g.choices)
        if (u < share) return value;
      return g.choices.back().first;
    }
    case Generator::Kind::number: {
      const auto d = Decimal::from_double(g.distribution.sample(random));
      const auto rounded = d ? d->rounded(6, Decimal::Rounding::half_even) : std::nullopt;
      return rounded ? Value(*rounded) : Value();
    }
    case Generator::Kind::integer: {
      const double span = g.distribution.b - g.distribution.a + 1;
      return {static_cast<std::int64_t>(g.distribution.a + static_cast<double>(static_cast<std::int64_t>(random.uniform() * span)))};
    }
    case Generator::Kind::sequence: return {fmt::format("{}{}", g.prefix, number)};
    case Generator::Kind::instant: {
      const double us = std::clamp(g.distribution.sample(random), 0.0, longest_us);
      const auto at = to_date_time(now_ + Duration::micros(static_cast<std::int64_t>(us)), scenario_.zone);
      return at ? Value(*at) : Value();
    }
  }
  return {};
}

Context World::make_all(const std::vector<NamedGenerator>& all, const Case* c, std::uint64_t number, std::uint64_t element,
                        std::uint64_t visit) const {
  Context made;
  for (const auto& g : all) {
    Stream random = stream(Stream::mix(hash_of(g.name)), number, element, visit);
    made.set(g.name, make(g.generator, {&made, c}, random, number));
  }
  return made;
}

Duration World::sample(const BoundActivity& a, const Case& c, std::uint32_t visit) const {
  Stream random = stream(hash_of("duration"), c.number, a.stream, visit);
  return Duration::micros(std::llround(std::clamp(pick(a.duration, c).sample(random), 0.0, longest_us)));
}

std::int64_t World::rank(const Item& item, const core::Work& work) const {
  switch (pools_[item.pool].bound.queue) {
    case QueueDiscipline::fifo: return 0;
    case QueueDiscipline::priority: return -static_cast<std::int64_t>(work.priority);
    case QueueDiscipline::earliest_due_date: {
      std::int64_t due = work.due ? work.due->us : INT64_MAX;
      for (const auto& ledger : cases_[item.owner].instance.clocks)
        if (ledger.state == sla::ClockState::running && !ledger.mean) due = std::min(due, ledger.due.us);
      return due;
    }
  }
  return 0;
}

void World::offer(CaseIndex c, const core::Work& work) {
  Case& k = cases_[c];
  const BoundActivity& a = scenario_.processes[k.process].activities[work.element.value];
  if (work.retry_at) return;  // its retry is scheduled
  for (const auto& [key, existing] : k.items)
    if (key == work.key && items_[existing].state != ItemState::free) return;  // offered again after a release
  ItemIndex i = static_cast<ItemIndex>(items_.size());
  if (free_items_.empty()) {
    items_.emplace_back();
  } else {
    i = free_items_.back();
    free_items_.pop_back();
  }
  Item& item = items_[i];
  item.state = ItemState::waiting;
  item.owner = c;
  item.work = work.key;
  item.element = work.element.value;
  item.pool = a.pool;
  item.visit = k.visits[item.element]++;
  item.until = no_element;
  item.origin = no_activity;
  item.beyond = {};
  item.measured = false;
  item.offered = now_;
  item.length = sample(a, k, item.visit);
  k.items.emplace_back(work.key, i);
  if (item.pool == no_pool) {
    begin(i);
    return;
  }
  item.measured = now_ >= window_ && measuring_;
  Pool& pool = pools_[item.pool];
  const bool kept = take_held(c, i);
  if (item.measured && kept) pool.count_kept_offer();
  if (item.measured && !kept) {
    pool.count_offer(item.length);
    if (may_stay(a)) pool.count_seizure(a.statistic);
  }
  if (kept) return begin(i);
  pool.enqueue(i, rank(item, work), now_);
  dispatch(item.pool);
}

void World::dispatch(std::uint32_t pool) {
  if (pool == no_pool) return;
  ItemIndex i = 0;
  const auto waits = [this, pool](ItemIndex n) { return items_[n].state == ItemState::waiting && items_[n].pool == pool; };
  const auto recycle = [this](ItemIndex n) { free_items_.push_back(n); };
  while (pools_[pool].take(now_, waits, recycle, i)) {
    const BoundActivity& a = scenario_.processes[cases_[items_[i].owner].process].activities[items_[i].element];
    items_[i].until = a.keep_until;
    items_[i].origin = may_stay(a) ? a.statistic : no_activity;
    begin(i);
  }
}

void World::begin(ItemIndex i) {
  Item& item = items_[i];
  item.state = ItemState::in_service;
  item.begun = now_;
  Instant end = now_ + item.length;
  if (item.pool != no_pool) {
    Pool& pool = pools_[item.pool];
    end = pool.end_of(now_, item.length);
    record_wait(item, pool);
  }
  schedule({end, 0, Kind::work_done, i, item.generation, {}});
}

/// The wait ends here: work begins, or is taken back.
void World::record_wait(const Item& item, Pool& pool) {
  const Duration wait = now_ - item.offered;
  if (item.measured) pool.waits.add(wait.to_seconds());
  if (wait.us <= 0) return;
  const Duration closed = pool.closed_since(item.offered, now_);
  spend(item.owner, Place::closed(item.pool), item.offered, item.offered + closed);
  spend(item.owner, Place::wait(item.pool), item.offered + closed, now_);
}

void World::free_item(ItemIndex i) {
  Item& item = items_[i];
  auto& mine = cases_[item.owner].items;
  mine.erase(std::remove_if(mine.begin(), mine.end(), [i](const auto& entry) { return entry.second == i; }), mine.end());
  item.state = ItemState::free;
  ++item.generation;
  // An item that still stands in a queue's heap is not used again before the heap has let it go.
  free_items_.push_back(i);
}

void World::withdraw(CaseIndex c, core::WorkKey work) {
  const auto& mine = cases_[c].items;
  const auto found = std::find_if(mine.begin(), mine.end(), [work](const auto& entry) { return entry.first == work; });
  if (found == mine.end()) return;
  const ItemIndex i = found->second;
  const Item item = items_[i];
  if (item.state == ItemState::in_service) {
    spend(c, Place::work, item.begun, now_);
    free_item(i);
    if (give_back(item, false)) freed_.push_back(item.pool);
    return;
  }
  if (item.pool == no_pool) return;
  pools_[item.pool].leave_queue(now_);
  record_wait(item, pools_[item.pool]);
  // Left in the heap: marked dead, used again when it has come up.
  auto& all = cases_[c].items;
  all.erase(std::remove_if(all.begin(), all.end(), [i](const auto& entry) { return entry.second == i; }), all.end());
  items_[i].state = ItemState::free;
  ++items_[i].generation;
}

void World::finish(ItemIndex i) {
  const Item item = items_[i];
  const CaseIndex c = item.owner;
  const BoundActivity& a = scenario_.processes[cases_[c].process].activities[item.element];
  if (cases_[cases_[c].root].counted) {
    result_.activities[a.statistic].wait.add((item.begun - item.offered).to_seconds());
    result_.activities[a.statistic].service.add(item.length.to_seconds());
  }
  const Duration closed = item.pool == no_pool ? Duration{} : std::max(Duration{}, (now_ - item.begun) - item.length);
  if (closed.us > 0) spend(c, Place::closed(item.pool), item.begun, item.begun + closed);
  spend(c, a.customer ? Place::customer : Place::work, item.begun + closed, now_);
  free_item(i);
  const bool somebody_free = give_back(item, true);
  std::string by = item.pool == no_pool ? std::string(a.customer ? "customer" : "simulation") : pools_[item.pool].bound.id;
  // Work that is for one person alone is done in his name, whoever of the pool stands for him.
  if (const core::Work* work = cases_[c].instance.find(item.work); work != nullptr && work->personal) by = work->assignee;
  Context result;
  bool failed = false;
  if (a.model != nullptr) {
    result = make_all(a.model->data, &cases_[c], cases_[c].number, a.stream, item.visit);
    Stream random = stream(hash_of("failure"), cases_[c].number, a.stream, item.visit);
    failed = a.model->fail > 0 && random.uniform() < a.model->fail;
  }
  if (failed) {
    submit(c, {{}, now_, core::FailWork{item.work, "failed in the scenario", a.model->error, {}, by}});
  } else {
    submit(c, {{}, now_, core::CompleteWork{item.work, Value(std::move(result)), by}});
  }
  if (somebody_free) dispatch(item.pool);
}

// ---- units that stay with their case -----------------------------------------------------------------------------------------------------------

bool World::take_held(CaseIndex c, ItemIndex i) {
  auto& held = cases_[c].held;
  const auto found = std::find_if(held.begin(), held.end(), [&](const Held& h) { return h.pool == items_[i].pool; });
  if (found == held.end()) return false;
  const BoundActivity& a = scenario_.processes[cases_[c].process].activities[items_[i].element];
  items_[i].until = found->until != no_element ? found->until : a.keep_until;
  items_[i].origin = found->origin;
  items_[i].beyond = held_until_now(*found) + items_[i].length;
  held.erase(found);
  return true;
}

bool World::give_back(const Item& item, bool done) {
  if (item.pool == no_pool) return false;
  Case& k = cases_[item.owner];
  const std::uint32_t until = done && item.until == item.element ? no_element : item.until;
  if (until == no_element && !scenario_.processes[k.process].activities[item.element].keep) {
    pools_[item.pool].release(now_);
    end_holding(item.pool, item.origin, item.beyond);
    return true;
  }
  k.held.push_back({item.pool, until, item.origin, item.beyond, now_});
  if (until == no_element) unsettled_.emplace_back(item.owner, k.generation);
  return false;
}

void World::release_held(CaseIndex c, bool all) {
  auto& held = cases_[c].held;
  const auto goes = [&](const Held& h) { return all || h.until == no_element; };
  for (const Held& h : held) {
    if (!goes(h)) continue;
    pools_[h.pool].release(now_);
    end_holding(h.pool, h.origin, held_until_now(h));
    freed_.push_back(h.pool);
  }
  held.erase(std::remove_if(held.begin(), held.end(), goes), held.end());
}

/// What a holding has come to. Closed hours take nothing away from what the pool can do.
Duration World::held_until_now(const Held& h) const {
  return now_ > h.since ? h.beyond + (now_ - h.since) - pools_[h.pool].closed_since(h.since, now_) : h.beyond;
}

void World::end_holding(std::uint32_t pool, std::uint32_t origin, Duration beyond) {
  if (origin != no_activity && measuring_ && now_ >= window_) pools_[pool].count_holding(origin, beyond);
}

/// When nothing more happens at this instant: who was kept for the next step, which did not come, goes; who is free begins what waits.
void World::settle() {
  for (const auto& [c, generation] : unsettled_)
    if (cases_[c].live && cases_[c].generation == generation) release_held(c, false);
  unsettled_.clear();
  for (std::size_t i = 0; i < freed_.size(); ++i) dispatch(freed_[i]);
  freed_.clear();
}

}  // namespace switchboard::simulation
