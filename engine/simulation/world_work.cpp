// Work: who does it, how long it takes, what comes out.
#include <fmt/format.h>

#include <algorithm>

#include "simulation/world.hpp"

namespace switchboard::simulation {

namespace {

constexpr std::uint32_t category_work = 0;
constexpr std::uint32_t category_customer = 1;
constexpr std::uint32_t category_wait(std::uint32_t pool) { return 2 + 2 * pool; }
constexpr std::uint32_t category_closed(std::uint32_t pool) { return 3 + 2 * pool; }

}  // namespace

void World::spend(CaseIndex c, std::uint32_t category, Instant from, Instant to) {
  if (to > from) cases_[cases_[c].root].spent.push_back({category, from, to});
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
    for (const auto& [value, inner] : g.by_value)
      if (value == key) return make(inner, known, random, number);
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

Duration World::sample(const BoundActivity& a, const Case& c, std::uint16_t visit) const {
  const Distribution* d = &a.duration.otherwise;
  if (!a.by_slot.empty()) {
    const std::string key = to_display(c.instance.data[a.by_slot.front()]);
    const auto found = std::find_if(a.duration.by_value.begin(), a.duration.by_value.end(), [&](const auto& row) { return row.first == key; });
    if (found != a.duration.by_value.end()) d = &found->second;
  }
  Stream random = stream(hash_of("duration"), c.number, a.stream, visit);
  const double us = d->sample(random);
  return Duration::micros(us <= 0 ? 0 : us >= 9e17 ? static_cast<std::int64_t>(9e17) : static_cast<std::int64_t>(us + 0.5));
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
  item.offered = now_;
  item.length = sample(a, k, item.visit);
  k.items.emplace_back(work.key, i);
  if (item.pool == no_pool) {
    begin(i);
    return;
  }
  if (now_ >= window_ && measuring_) ++pools_[item.pool].entered;
  pools_[item.pool].enqueue(i, rank(item, work), now_);
  dispatch(item.pool);
}

void World::dispatch(std::uint32_t pool) {
  if (pool == no_pool) return;
  ItemIndex i = 0;
  while (pools_[pool].take(
      now_, [this, pool](ItemIndex n) { return items_[n].state == ItemState::waiting && items_[n].pool == pool; }, i))
    begin(i);
}

void World::begin(ItemIndex i) {
  Item& item = items_[i];
  item.state = ItemState::in_service;
  item.begun = now_;
  Instant end = now_ + item.length;
  if (item.pool != no_pool) {
    Pool& pool = pools_[item.pool];
    end = pool.end_of(now_, item.length);
    const Duration wait = now_ - item.offered;
    if (cases_[cases_[item.owner].root].counted) pool.waits.add(wait.to_seconds());
    const Duration closed = wait.us > 0 ? pool.closed_since(item.offered, now_) : Duration{};
    spend(item.owner, category_closed(item.pool), item.offered, item.offered + closed);
    spend(item.owner, category_wait(item.pool), item.offered + closed, now_);
  }
  schedule({end, 0, Kind::work_done, i, item.generation, 0, 0, 0});
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
  Item& item = items_[i];
  const std::uint32_t pool = item.pool;
  if (item.state == ItemState::in_service) {
    spend(c, category_work, item.begun, now_);
    if (pool != no_pool) pools_[pool].release(now_);
    free_item(i);
    dispatch(pool);
  } else if (pool != no_pool) {
    pools_[pool].leave_queue(now_);
    // Left in the heap: marked dead, recycled by nobody until it comes up.
    auto& all = cases_[c].items;
    all.erase(std::remove_if(all.begin(), all.end(), [i](const auto& entry) { return entry.second == i; }), all.end());
    item.state = ItemState::free;
    ++item.generation;
  }
}

void World::finish(ItemIndex i) {
  const Item item = items_[i];
  const CaseIndex c = item.owner;
  const BoundActivity& a = scenario_.processes[cases_[c].process].activities[item.element];
  if (cases_[cases_[c].root].counted) {
    result_.activities[a.statistic].wait.add((item.begun - item.offered).to_seconds());
    result_.activities[a.statistic].service.add((now_ - item.begun).to_seconds());
  }
  spend(c, a.customer ? category_customer : category_work, item.begun, now_);
  if (item.pool != no_pool) pools_[item.pool].release(now_);
  free_item(i);
  const std::string by = item.pool == no_pool ? std::string(a.customer ? "customer" : "simulation") : pools_[item.pool].bound.id;
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
  dispatch(item.pool);
}

}  // namespace switchboard::simulation
