#include "store/memory_kept.hpp"

#include <algorithm>
#include <string_view>

#include "store/damage.hpp"

namespace switchboard::store {

std::optional<Error> MemoryKept::refusal(const Change& change, std::set<std::uint64_t>& ended) const {
  for (const driver::KeptMessage& m : change.keeps) {
    const auto all = by_key_.find(m.message.correlation);
    if (all == by_key_.end()) continue;
    const auto count = std::count_if(all->second.begin(), all->second.end(),
                                     [&](std::uint64_t id) { return rows_.at(id).row.message.message.name == m.message.name; });
    if (static_cast<std::size_t>(count) >= driver::most_kept) return driver::too_many_kept(m.message);
  }
  for (const KeptEnd& end : change.kept_ends) {
    const auto found = rows_.find(end.id);
    if (found == rows_.end() || !can_end(found->second.row.state, end.outcome) || !ended.insert(end.id).second) return driver::kept_no_more();
  }
  return std::nullopt;
}

void MemoryKept::wait(const KeptRow& row) {
  by_key_[row.message.message.correlation].insert(row.message.id);
  by_until_.insert({row.message.until, row.message.id});
}

void MemoryKept::leave(const KeptRow& row) {
  const auto all = by_key_.find(row.message.message.correlation);
  if (all != by_key_.end()) {
    all->second.erase(row.message.id);
    if (all->second.empty()) by_key_.erase(all);
  }
  by_until_.erase({row.message.until, row.message.id});
  called_.erase(row.message.id);
}

void MemoryKept::note_called(const Kept& kept) {
  if (kept.row.state == KeptRow::State::waiting && kept.row.message.calls > kept.offered) {
    called_.insert(kept.row.message.id);
    is_called_ = true;
  } else {
    called_.erase(kept.row.message.id);
  }
}

/// Of each name the oldest alone: those behind it are called for when it goes.
void MemoryKept::call(const std::string& key, Instant at, const std::function<bool(const driver::KeptMessage&)>& whether) {
  const auto all = by_key_.find(key);
  if (all == by_key_.end()) return;
  std::set<std::string_view> names;
  for (const std::uint64_t id : all->second) {
    Kept& kept = rows_.at(id);
    const driver::KeptMessage& m = kept.row.message;
    if (m.until < at || names.contains(m.message.name) || !whether(m)) continue;
    names.insert(m.message.name);
    ++kept.row.message.calls;
    note_called(kept);
  }
}

void MemoryKept::end(const KeptEnd& end, Instant at) {
  const auto found = rows_.find(end.id);
  KeptRow& row = found->second.row;
  const bool waited = row.state == KeptRow::State::waiting;
  const core::Message gone = row.message.message;
  const auto call_behind = [&](Instant from) {
    call(gone.correlation, from, [&gone](const driver::KeptMessage& m) { return m.message.name == gone.name; });
  };
  leave(row);
  row.decided = at;
  const auto call_next = [&] {
    if (waited) call_behind(at);
  };
  switch (end.outcome) {
    case KeptEnd::Outcome::taken:
    case KeptEnd::Outcome::over:
      if (!row.request_id.empty()) requests_.erase(row.request_id);
      rows_.erase(found);
      return call_next();
    case KeptEnd::Outcome::incident:
      row.state = KeptRow::State::incident;
      row.rule = end.rule;
      row.error = end.error;
      return call_next();
    case KeptEnd::Outcome::dropped:
      row.state = KeptRow::State::dropped;
      row.error = error_of_dropped(row.error, end.error);
      return call_next();
    case KeptEnd::Outcome::again:
    case KeptEnd::Outcome::retimed: {
      const bool begins = row.message.until >= driver::no_end && end.until < driver::no_end;
      row.state = KeptRow::State::waiting;
      row.rule.clear(), row.error.clear();
      row.decided.reset();
      row.message.until = end.until;
      ++row.message.calls;
      wait(row);
      note_called(found->second);
      if (begins) call_behind(driver::no_end);  // nobody suspended waits for those behind it either
    }
  }
}

void MemoryKept::apply(const Change& change) {
  if (change.after != nullptr && !by_key_.empty()) {
    const core::ProcessInstance& after = *change.after;
    const auto whether = [&](const driver::KeptMessage& m) { return driver::is_called_for(m, change.before, after); };
    std::set<std::string> keys{after.case_no};
    for (const core::ProcessInstance* instance : {change.before, change.after})
      if (instance != nullptr)
        for (const core::Subscription& s : instance->subscriptions) keys.insert(s.correlation);
    for (const std::string& key : keys) call(key, change.at, whether);
  }
  for (const driver::KeptMessage& m : change.keeps) {
    Kept kept;
    kept.row.message = m;
    kept.row.message.id = ++last_;
    kept.row.message.calls = 1;
    kept.row.request_id = change.request_id;
    if (!change.request_id.empty()) requests_.insert(change.request_id);
    const Kept& stored = rows_.emplace(last_, std::move(kept)).first->second;
    wait(stored.row);
    note_called(stored);
  }
  for (const KeptEnd& one : change.kept_ends) end(one, change.at);
  for (const KeptOffer& offer : change.kept_offered) {
    const auto found = rows_.find(offer.id);
    if (found == rows_.end()) continue;
    found->second.offered = std::max(found->second.offered, offer.calls);
    if (found->second.row.message.calls <= found->second.offered) called_.erase(offer.id);
  }
}

std::vector<KeptRow> MemoryKept::called(std::uint64_t after, std::size_t limit) const {
  std::vector<KeptRow> found;
  for (auto it = called_.upper_bound(after); it != called_.end() && found.size() < limit; ++it) found.push_back(rows_.at(*it).row);
  return found;
}

std::optional<KeptRow> MemoryKept::first(const core::Message& message, bool to_case, Instant at) const {
  const auto all = by_key_.find(message.correlation);
  if (all == by_key_.end()) return std::nullopt;
  for (const std::uint64_t id : all->second) {
    const KeptRow& row = rows_.at(id).row;
    if (row.message.message.name == message.name && row.message.to_case == to_case && row.message.until >= at) return row;
  }
  return std::nullopt;
}

std::vector<KeptRow> MemoryKept::due(Instant until, std::size_t limit) const {
  std::vector<KeptRow> found;
  for (auto it = by_until_.begin(); it != by_until_.end() && it->first < until && found.size() < limit; ++it)
    found.push_back(rows_.at(it->second).row);
  return found;
}

std::optional<Instant> MemoryKept::next_due() const { return by_until_.empty() ? std::nullopt : driver::over_at(by_until_.begin()->first); }

std::vector<KeptRow> MemoryKept::find(const Query& q) const {
  std::vector<KeptRow> found;
  for (auto it = rows_.upper_bound(q.after); it != rows_.end() && found.size() < q.limit; ++it) {
    const KeptRow& row = it->second.row;
    const bool fits = (q.case_no.empty() || row.message.message.correlation == q.case_no) && (!q.instance || row.message.from == q.instance) &&
                      (q.state.empty() || word_of(row.state) == q.state) && (!q.open_only || row.state == KeptRow::State::waiting) &&
                      (!q.with_incidents || row.state == KeptRow::State::incident);
    if (fits) found.push_back(row);
  }
  return found;
}

std::size_t MemoryKept::prune(Instant before) {
  return std::erase_if(rows_, [&](const auto& entry) {
    const KeptRow& row = entry.second.row;
    const bool goes = row.state == KeptRow::State::dropped && *row.decided < before;
    if (goes && !row.request_id.empty()) requests_.erase(row.request_id);
    return goes;
  });
}

}  // namespace switchboard::store
