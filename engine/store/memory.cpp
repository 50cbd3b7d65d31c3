// The store without a medium: same answers, same refusals, nothing survives the process. For tests, trials and embedders who keep nothing.
#include <fmt/format.h>

#include "store/memory_store.hpp"

namespace switchboard::store {

Result<Deployment> MemoryStore::put_deployment(const Deployment& d) {
  const std::unique_lock lock(mutex_);
  std::uint64_t last = 0;
  for (const auto& [hash, other] : deployments_) {
    if (other.process == d.process) last = std::max(last, other.number);
  }
  const auto known = deployments_.find(d.hash);
  if (known != deployments_.end() && known->second.number == last) return known->second;
  Deployment& stored = known != deployments_.end() ? known->second : deployments_.emplace(d.hash, d).first->second;
  stored.number = last + 1;
  stored.deployed = d.deployed;
  ++generation_;
  return stored;
}

Result<std::vector<Deployment>> MemoryStore::deployments() {
  const std::shared_lock lock(mutex_);
  std::vector<Deployment> all;
  for (const auto& [hash, d] : deployments_) {
    all.push_back(d);
    all.back().source.clear();
    all.back().library.clear();
  }
  std::sort(all.begin(), all.end(),
            [](const Deployment& a, const Deployment& b) { return std::tie(a.process, a.number) < std::tie(b.process, b.number); });
  return all;
}

Result<std::optional<Deployment>> MemoryStore::deployment(std::string_view hash) {
  const std::shared_lock lock(mutex_);
  const auto found = deployments_.find(hash);
  return found == deployments_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<CalendarChange>> MemoryStore::calendar_changes() {
  const std::shared_lock lock(mutex_);
  std::vector<CalendarChange> all;
  for (const auto& [id, change] : calendar_changes_) all.push_back(change);
  return all;
}

Result<void> MemoryStore::note_calendar_change(const CalendarChange& change, std::span<const InstanceKey> passed,
                                               std::span<const InstanceKey> settled) {
  const std::unique_lock lock(mutex_);
  const std::pair key(change.at, change.calendar);
  const auto found = calendar_changes_.find(key);
  if (found == calendar_changes_.end()) return success();
  std::set<InstanceKey>& left = passed_over_[key];
  left.insert(passed.begin(), passed.end());
  for (const InstanceKey instance : settled) left.erase(instance);
  found->second.done = change.done;
  found->second.through = change.through;
  if (!left.empty()) return success();
  passed_over_.erase(key);
  if (change.through) calendar_changes_.erase(found);
  return success();
}

Result<std::vector<InstanceKey>> MemoryStore::passed_over(const CalendarChange& change, InstanceKey after, std::size_t limit) {
  const std::shared_lock lock(mutex_);
  std::vector<InstanceKey> found;
  const auto all = passed_over_.find({change.at, change.calendar});
  if (all == passed_over_.end()) return found;
  for (auto it = all->second.upper_bound(after); it != all->second.end() && found.size() < limit; ++it) found.push_back(*it);
  return found;
}

void MemoryStore::add_calendar_change(CalendarChange change) {
  for (const auto& [key, c] : cases_)
    if (is_open(c.instance.state)) change.at = std::max(change.at, c.instance.last);
  const auto [there, is_new] = calendar_changes_.try_emplace({change.at, change.calendar}, change);
  if (is_new) return;
  there->second.from_now = there->second.from_now || change.from_now;
  there->second.done = {};
  there->second.through = false;
}

Result<void> MemoryStore::put_resource(const Resource& r, const CalendarChange* change) {
  const std::unique_lock lock(mutex_);
  resources_.insert_or_assign({r.kind, r.id}, r);
  if (change != nullptr) add_calendar_change(*change);
  ++generation_;
  return success();
}

Result<std::vector<Resource>> MemoryStore::resources() {
  const std::shared_lock lock(mutex_);
  std::vector<Resource> all;
  for (const auto& [id, r] : resources_) all.push_back(r);
  return all;
}

Result<std::uint64_t> MemoryStore::definitions_generation() {
  const std::shared_lock lock(mutex_);
  return generation_;
}

// Commit: first every change is looked at, then all are applied; applying cannot fail.

Result<void> MemoryStore::commit(std::span<const Change> changes, std::size_t& conflict_index) {
  const std::unique_lock lock(mutex_);
  std::set<InstanceKey> touched;
  std::set<std::string> requests;
  std::set<std::pair<std::string, std::string>> numbers;
  std::set<std::uint64_t> ended;
  std::map<std::pair<std::string, std::string>, std::uint64_t> written;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    auto error = refusal(changes[i], touched, requests, numbers, ended);
    if (!error) error = refusal_of_rows(changes[i], written);
    if (error) {
      conflict_index = i;
      return *error;
    }
    if (changes[i].after != nullptr) touched.insert(changes[i].after->key);
  }
  for (const Change& change : changes) {
    apply(change);
    latest_ = std::max(latest_.value_or(change.at), change.at);
  }
  return success();
}

std::optional<Error> MemoryStore::refusal(const Change& change, const std::set<InstanceKey>& touched, std::set<std::string>& requests,
                                          std::set<std::pair<std::string, std::string>>& numbers, std::set<std::uint64_t>& ended) const {
  if (!change.request_id.empty() && !change.replaces_answer && (answers_.contains(change.request_id) || !requests.insert(change.request_id).second))
    return request_known(change);
  for (const OutboxVerdict& verdict : change.verdicts)
    if (auto refused = outbox_.refusal(verdict)) return refused;
  if (auto refused = kept_.refusal(change, ended)) return refused;
  if (change.after == nullptr) return std::nullopt;
  if (change.definitions != 0 && change.definitions != generation_) return version_stale(change);
  const auto found = cases_.find(change.after->key);
  const std::uint64_t version = found == cases_.end() ? 0 : found->second.version;
  if (version != change.expected_version || touched.contains(change.after->key)) return version_stale(change);
  if (change.before == nullptr && driver::takes_case_number(*change.after)) {
    const std::pair number(change.after->process, change.after->case_no);
    if (open_numbers_.contains(number) || !numbers.insert(number).second) return number_taken(change);
  }
  return std::nullopt;
}

void MemoryStore::apply(const Change& change) {
  if (change.after != nullptr) apply_instance(change);
  if (!change.request_id.empty()) {
    Answer& answer = answers_[change.request_id];
    answer.bytes = change.answer;
    answer.at = change.at;
    if (change.after != nullptr) answer.instance = change.after->key;
  }
  for (const ErrandKey& done : change.errands_done) {
    errands_.erase(done);
    aside_.erase(done);
  }
  for (const ErrandKey& key : change.errands_aside)
    if (auto errand = errands_.extract(key)) aside_.insert(std::move(errand));
  for (const ErrandKey& key : change.errands_again)
    if (auto errand = aside_.extract(key)) errands_.insert(std::move(errand)).position->second.chain = 0;
  for (const OutboxRow& row : change.outbox) outbox_.add(row);
  for (const OutboxVerdict& verdict : change.verdicts) outbox_.decide(verdict, change.at);
  kept_.apply(change);
  apply_rows_of_registers(change);
}

void MemoryStore::apply_instance(const Change& change) {
  const core::ProcessInstance& after = *change.after;
  Case& c = cases_[after.key];
  apply_rows(change, c);
  c.instance = after;
  c.version = change.expected_version + 1;
  c.stage = change.stage;
  for (const core::Event& event : change.events) c.history.push_back({after.key, event, change.process->hash});
  last_instance_ = std::max(last_instance_, after.key.value);
  const std::pair number(after.process, after.case_no);
  if (change.before == nullptr) by_case_no_[after.case_no].insert(after.key);
  if (driver::takes_case_number(after)) {
    open_numbers_.emplace(number, after.key);
  } else if (const auto open = open_numbers_.find(number); open != open_numbers_.end() && open->second == after.key) {
    open_numbers_.erase(open);
  }
}

void MemoryStore::apply_rows(const Change& change, Case& c) {
  const core::ProcessInstance& after = *change.after;
  const RowChanges rows = row_changes(change);
  for (const core::DueId& id : rows.due_gone) erase_due(id);
  for (const DueRow& row : rows.due_new) put_due(row);
  for (const core::Subscription* s : rows.subscriptions_gone) waiting_.erase({s->kind, s->name, s->correlation, after.key, s->key});
  for (const core::Subscription* s : rows.subscriptions_new)
    waiting_.insert_or_assign({s->kind, s->name, s->correlation, after.key, s->key}, std::pair(after.case_no, *s));
  apply_work(change, rows, c);
  apply_searched(rows, after.key);
  for (const sla::Ledger* l : rows.clocks) {
    const std::string id = l->clock.value < change.process->clocks.size() ? change.process->clocks[l->clock.value].id : "?";
    c.clocks.insert_or_assign(RoundId(l->clock, l->round),
                              ClockRow{after.key, after.case_no, after.process, after.definition, id, after.customer, *l, {}});
  }
  for (const OutboxRow& row : rows.outbox) outbox_.add(row);
  for (const Errand& errand : rows.errands) errands_.insert_or_assign(errand.key, KeptErrand{errand.effect, errand.chain});
}

void MemoryStore::apply_work(const Change& change, const RowChanges& rows, Case& c) {
  const core::ProcessInstance& after = *change.after;
  const auto put = [&](const core::Work& w) {
    if (const auto old = c.work.find(w.key); old != c.work.end()) offers_.drop(old->second);
    const auto [stored, is_new] =
        c.work.insert_or_assign(w.key, WorkRow{after.key, after.case_no, after.process, after.definition, path_of(*change.process, w.element),
                                               !receives(after) && is_open(after.state), w});
    if (!w.topic.empty()) work_by_topic_[w.topic].insert({after.key, w.key});
    offers_.put(stored->second);
  };
  for (const core::WorkKey key : rows.work_gone) {
    const auto found = c.work.find(key);
    if (found == c.work.end()) continue;
    offers_.drop(found->second);
    if (const auto topic = work_by_topic_.find(found->second.work.topic); topic != work_by_topic_.end()) topic->second.erase({after.key, key});
    c.work.erase(found);
  }
  for (const core::Work* w : rows.work_new) put(*w);
  for (const core::Work* w : rows.work_changed) put(*w);
}

Result<InstanceKey> MemoryStore::new_instance_key() {
  const std::unique_lock lock(mutex_);
  return InstanceKey{++last_instance_};
}

Result<std::optional<StoredInstance>> MemoryStore::load(InstanceKey key) {
  const std::shared_lock lock(mutex_);
  const auto found = cases_.find(key);
  if (found == cases_.end()) return std::optional<StoredInstance>();
  return std::optional(StoredInstance{found->second.instance, found->second.version});
}

Result<std::optional<std::uint64_t>> MemoryStore::version_of(InstanceKey key) {
  const std::shared_lock lock(mutex_);
  const auto found = cases_.find(key);
  return found == cases_.end() ? std::nullopt : std::optional<std::uint64_t>(found->second.version);
}

Result<std::optional<std::string>> MemoryStore::answer_of(std::string_view request_id) {
  const std::shared_lock lock(mutex_);
  const auto found = answers_.find(std::string(request_id));
  return found == answers_.end() ? std::nullopt : std::optional(found->second.bytes);
}

Result<std::vector<DueRow>> MemoryStore::due(Instant until, const std::optional<DueRow>& after, std::size_t limit) {
  const std::shared_lock lock(mutex_);
  std::vector<DueRow> rows;
  for (auto it = after ? due_.upper_bound(*after) : due_.begin(); it != due_.end() && it->due <= until && rows.size() < limit; ++it)
    rows.push_back(*it);
  return rows;
}

Result<std::optional<Instant>> MemoryStore::next_due() {
  const std::shared_lock lock(mutex_);
  return due_.empty() ? std::nullopt : std::optional(due_.begin()->due);
}

Result<void> MemoryStore::reindex(const DueRow& row, const model::ExecutableProcess* process, const core::ProcessInstance* instance,
                                  std::uint64_t version) {
  const std::unique_lock lock(mutex_);
  const auto found = cases_.find(row.instance);
  if ((found == cases_.end() ? 0 : found->second.version) != version) return success();
  for (auto it = due_by_id_.lower_bound({row.instance, {}, 0}); it != due_by_id_.end() && it->first.instance == row.instance;) {
    due_.erase(it->second);
    it = due_by_id_.erase(it);
  }
  if (process == nullptr || instance == nullptr) return success();
  for (const DueRow& fresh : core::due_of(*process, *instance)) put_due(fresh);
  return success();
}

void MemoryStore::put_due(const DueRow& row) {
  const auto [place, is_new] = due_by_id_.try_emplace(id_of(row), row);
  if (!is_new) {
    due_.erase(place->second);
    place->second = row;
  }
  due_.insert(row);
}

void MemoryStore::erase_due(const core::DueId& id) {
  const auto found = due_by_id_.find(id);
  if (found == due_by_id_.end()) return;
  due_.erase(found->second);
  due_by_id_.erase(found);
}

Result<std::vector<core::WaitingInstance>> MemoryStore::waiting(core::SubscriptionKind kind, std::string_view name,
                                                                std::optional<std::string_view> correlation) {
  return subscribed(kind, name, correlation, false);
}

Result<std::vector<core::WaitingInstance>> MemoryStore::held(core::SubscriptionKind kind, std::string_view name,
                                                             std::optional<std::string_view> correlation) {
  return subscribed(kind, name, correlation, true);
}

std::vector<core::WaitingInstance> MemoryStore::subscribed(core::SubscriptionKind kind, std::string_view name,
                                                           std::optional<std::string_view> correlation, bool suspended) const {
  const std::shared_lock lock(mutex_);
  std::vector<core::WaitingInstance> found;
  const WaitingKey first{kind, std::string(name), std::string(correlation.value_or("")), {}, {}};
  for (auto it = waiting_.lower_bound(first); it != waiting_.end() && it->first.kind == kind && it->first.name == name; ++it) {
    if (correlation && it->first.correlation != *correlation) break;
    const auto c = cases_.find(it->first.instance);
    const bool is_suspended = c != cases_.end() && c->second.instance.state == core::InstanceState::suspended;
    if (is_suspended == suspended) found.push_back({it->first.instance, it->second.first, it->second.second});
  }
  return found;
}

// Queries.

bool work_matches(const Query& q, const core::ProcessInstance& instance, const core::Work& w) {
  return (q.topic.empty() || w.topic == q.topic) && (q.assignee.empty() || w.assignee == q.assignee) &&
         (q.group.empty() || std::find(w.groups.begin(), w.groups.end(), q.group) != w.groups.end()) &&
         (q.state.empty() || work_state(instance, w) == q.state) && (!q.due_before || (w.due && *w.due <= *q.due_before)) &&
         is_of(q, core::organisation_of(instance, w));
}

Result<std::vector<WorkRow>> MemoryStore::work(const Query& q) {
  const std::shared_lock lock(mutex_);
  std::vector<WorkRow> rows;
  const auto take = [&](const Case& c, const WorkRow& row) {
    if (!work_matches(q, c.instance, row.work)) return;
    rows.push_back(row);
    rows.back().organisation = core::organisation_of(c.instance, row.work);
    rows.back().customer = c.instance.customer;
    rows.back().promise = promise_of(c.instance);
  };
  if (q.by_promise) {
    for (const Case* c : candidates(q, ByUnit::of_work))
      for (const auto& [key, row] : c->work) take(*c, row);
    if (q.behind) std::erase_if(rows, [&](const WorkRow& row) { return !comes_before(*q.behind, place_of(row)); });
    std::sort(rows.begin(), rows.end(), [](const WorkRow& a, const WorkRow& b) { return comes_before(place_of(a), place_of(b)); });
    if (rows.size() > q.limit) rows.resize(q.limit);
    return rows;
  }
  if (!q.topic.empty() && !q.instance && q.case_no.empty() && q.customer.empty()) {
    const auto topic = work_by_topic_.find(q.topic);
    if (topic == work_by_topic_.end()) return rows;
    for (auto it = topic->second.lower_bound({InstanceKey{q.after + 1}, {}}); it != topic->second.end(); ++it) {
      if (rows.size() >= q.limit && rows.back().instance != it->first) break;
      const Case& c = cases_.at(it->first);
      if (asks_for_process(q, c.instance.process)) take(c, c.work.at(it->second));
    }
    return rows;
  }
  for (const Case* c : candidates(q, ByUnit::of_work)) {
    if (rows.size() >= q.limit) break;
    for (const auto& [key, row] : c->work) take(*c, row);
  }
  return rows;
}

Result<std::vector<OpenJob>> MemoryStore::open_jobs(std::span<const std::string> topics, Instant at, std::size_t limit) {
  const std::shared_lock lock(mutex_);
  std::vector<WorkRow> lapsed;
  for (const DueRow& row : due_) {
    if (row.due > at) break;
    if (row.kind == DueRow::Kind::lease) lapsed.push_back(cases_.at(row.instance).work.at(core::WorkKey{row.key}));
  }
  return offers_.first(topics, lapsed, limit);
}

/// Nobody knows when a clock on hold is due: it is behind all the others.
Instant due_of(const sla::Ledger& l) { return l.state == sla::ClockState::paused && !l.breached ? Instant::max() : l.due; }

bool clock_matches(const Query& q, const ClockRow& row) {
  const sla::Ledger& l = row.ledger;
  const bool open = l.state == sla::ClockState::running || l.state == sla::ClockState::paused;
  return (q.clock.empty() || row.clock == q.clock) && (q.state.empty() || sla::to_string(l.state) == q.state) && (!q.open_only || open) &&
         (!q.due_before || due_of(l) <= *q.due_before) && (!q.due_after || due_of(l) > *q.due_after);
}

Result<std::vector<ClockRow>> MemoryStore::clocks(const Query& q) {
  const std::shared_lock lock(mutex_);
  std::vector<ClockRow> rows;
  for (const Case* c : candidates(q)) {
    for (const auto& [id, row] : c->clocks) {
      if (clock_matches(q, row)) rows.push_back(row);
    }
    if (rows.size() >= q.limit && !q.due_before) break;
  }
  for (ClockRow& row : rows) {
    const core::ProcessInstance& instance = cases_.at(row.instance).instance;
    row.customer = instance.customer;
    row.holders = holders_of(instance);
    row.organisation = instance.organisation;
  }
  if (q.due_before) {
    std::stable_sort(rows.begin(), rows.end(), [](const ClockRow& a, const ClockRow& b) {
      return std::pair(due_of(a.ledger), a.ledger.due) < std::pair(due_of(b.ledger), b.ledger.due);
    });
    if (rows.size() > q.limit) rows.resize(q.limit);
  }
  return rows;
}

Result<std::vector<HistoryRow>> MemoryStore::history(InstanceKey key, std::uint64_t after_sequence, std::size_t limit) {
  const std::shared_lock lock(mutex_);
  std::vector<HistoryRow> rows;
  const auto found = cases_.find(key);
  if (found == cases_.end()) return rows;
  const std::vector<HistoryRow>& all = found->second.history;
  for (std::size_t i = std::min<std::size_t>(after_sequence, all.size()); i < all.size() && rows.size() < limit; ++i) rows.push_back(all[i]);
  return rows;
}

bool MemoryStore::is_of_unit(const Query& q, const OutboxRow& row) const {
  if (q.organisations.empty()) return true;
  const auto found = cases_.find(row.instance);
  return found != cases_.end() && is_of(q, found->second.instance.organisation);
}

Result<std::vector<OutboxRow>> MemoryStore::outbox(const Query& q) {
  const std::shared_lock lock(mutex_);
  return outbox_.find(q);
}

Result<OutboxTurn> MemoryStore::outbox_turn(const OutboxAnswer* answer, const OutboxTake* take) {
  const std::unique_lock lock(mutex_);
  return outbox_.turn(answer, take);
}

Result<ErrandPage> MemoryStore::errands(ErrandKind kind, const std::optional<ErrandKey>& after, std::size_t limit) {
  const std::shared_lock lock(mutex_);
  ErrandPage found;
  const auto& those = kind == ErrandKind::waiting ? errands_ : aside_;
  for (auto it = after ? those.upper_bound(*after) : those.begin(); it != those.end() && found.errands.size() < limit; ++it) {
    found.errands.push_back({it->first, it->second.effect, it->second.chain});
    found.last = it->first;
  }
  return found;
}

Result<std::vector<KeptRow>> MemoryStore::kept_called(std::uint64_t after, std::size_t limit) {
  const std::shared_lock lock(mutex_);
  return kept_.called(after, limit);
}

bool MemoryStore::take_kept_called() {
  const std::unique_lock lock(mutex_);
  return kept_.take_called();
}

Result<std::optional<KeptRow>> MemoryStore::first_kept(const core::Message& message, bool to_case, Instant at) {
  const std::shared_lock lock(mutex_);
  return kept_.first(message, to_case, at);
}

Result<std::vector<KeptRow>> MemoryStore::kept_due(Instant until, std::size_t limit) {
  const std::shared_lock lock(mutex_);
  return kept_.due(until, limit);
}

Result<std::optional<Instant>> MemoryStore::next_kept_due() {
  const std::shared_lock lock(mutex_);
  return kept_.next_due();
}

Result<std::vector<KeptRow>> MemoryStore::kept(const Query& q) {
  const std::shared_lock lock(mutex_);
  return kept_.find(q);
}

Result<Pruned> MemoryStore::prune(Instant before) {
  const std::unique_lock lock(mutex_);
  const auto over = [&](InstanceKey key) {
    const auto c = cases_.find(key);
    if (c == cases_.end() || is_open(c->second.instance.state) || c->second.instance.ended >= before) return false;
    const auto has = [key](const auto& those) {
      const auto errand = those.lower_bound({key, 0, 0});
      return errand != those.end() && errand->first.instance == key;
    };
    return !has(errands_) && !has(aside_);
  };
  Pruned pruned;
  pruned.requests = std::erase_if(answers_, [&](const auto& entry) {
    return entry.second.at < before && !entry.first.starts_with("schedule:") && !kept_.has_request(entry.first) &&
           (!entry.second.instance || over(entry.second.instance));
  });
  pruned.outbox = outbox_.prune(before, over) + kept_.prune(before);
  pruned_before_ = std::max(pruned_before_.value_or(before), before);
  return pruned;
}

Result<void> MemoryStore::backup(const std::string& path) {
  return Error{ErrorKind::storage, "SB0617", "this engine is in memory: there is no database to copy", path, "open it on a file"};
}

Result<InstanceKey> MemoryStore::newest() {
  const std::shared_lock lock(mutex_);
  return cases_.empty() ? InstanceKey{} : cases_.rbegin()->first;
}

Result<std::optional<Instant>> MemoryStore::pruned_before() {
  const std::shared_lock lock(mutex_);
  return pruned_before_;
}

Result<std::optional<Instant>> MemoryStore::latest() {
  const std::shared_lock lock(mutex_);
  std::optional<Instant> at = latest_;
  for (const auto& [hash, deployment] : deployments_) at = std::max(at.value_or(deployment.deployed), deployment.deployed);
  return at;
}

std::unique_ptr<Store> open_memory() { return std::make_unique<MemoryStore>(); }

}  // namespace switchboard::store
