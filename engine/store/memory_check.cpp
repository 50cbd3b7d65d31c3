// What fsck asks of the store in memory.
#include <fmt/format.h>

#include "store/memory_store.hpp"

namespace switchboard::store {

Result<void> MemoryStore::check(const std::function<const model::ExecutableProcess*(std::string_view)>& definition,
                                const std::function<void(const std::string&)>& found) {
  // Whoever knows the definitions has a lock of his own and asks this store while he holds it: he is asked without ours.
  std::map<std::string, const model::ExecutableProcess*> known;
  std::shared_lock lock(mutex_);
  for (;;) {
    std::set<std::string> unknown;
    for (const auto& [key, c] : cases_)
      if (!known.contains(c.instance.definition)) unknown.insert(c.instance.definition);
    if (unknown.empty()) break;
    lock.unlock();
    for (const std::string& hash : unknown) known.emplace(hash, definition(hash));
    lock.lock();
  }
  std::size_t waiting = 0;
  std::size_t due = 0;
  std::size_t searched = 0;
  for (const auto& [key, c] : cases_) {
    const model::ExecutableProcess* process = known.at(c.instance.definition);
    if (process == nullptr) {
      found(fmt::format("{}: its definition {} is not deployed", text_of(key), c.instance.definition));
      continue;
    }
    due += check_due(*process, c.instance, found);
    waiting += check_waiting(c.instance, found);
    check_rows(c, found);
    for (const Searched& s : searched_of(*process, c.instance)) {
      ++searched;
      const auto filed = searched_.find(s.value);
      if (filed == searched_.end() || !filed->second.contains({s.name, key}))
        found(fmt::format("{}: it is not found by its '{}'", text_of(key), s.name));
    }
  }
  std::size_t filed = 0;
  for (const auto& [value, cases] : searched_) filed += cases.size();
  if (filed != searched) found(fmt::format("{} search rows, but {} follow from the instances", filed, searched));
  if (due != due_.size() || due != due_by_id_.size()) found(fmt::format("{} due rows, but {} follow from the instances", due_.size(), due));
  outbox_.check(found);
  if (waiting != waiting_.size()) found(fmt::format("{} subscription rows, but {} follow from the instances", waiting_.size(), waiting));
  return success();
}

std::size_t MemoryStore::check_due(const model::ExecutableProcess& process, const core::ProcessInstance& i,
                                   const std::function<void(const std::string&)>& found) const {
  const std::vector<DueRow> rows = core::due_of(process, i);
  for (const DueRow& row : rows) {
    const auto kept = due_by_id_.find(id_of(row));
    if (kept == due_by_id_.end() || (!says_the_same(kept->second, row) && is_comparable(process, i, row)))
      found(fmt::format("{}: the due row of {} {} is missing or differs", text_of(i.key), core::to_string(row.kind), row.key));
  }
  return rows.size();
}

std::size_t MemoryStore::check_waiting(const core::ProcessInstance& i, const std::function<void(const std::string&)>& found) const {
  for (const core::Subscription& s : kept_subscriptions(i)) {
    const auto kept = waiting_.find({s.kind, s.name, s.correlation, i.key, s.key});
    if (kept == waiting_.end() || kept->second.second != s)
      found(fmt::format("{}: the row of subscription {} is missing or differs", text_of(i.key), s.key.value));
  }
  return kept_subscriptions(i).size();
}

void MemoryStore::check_rows(const Case& c, const std::function<void(const std::string&)>& found) const {
  const core::ProcessInstance& i = c.instance;
  if (c.work.size() != i.work.size()) found(fmt::format("{}: {} work rows for {} open works", text_of(i.key), c.work.size(), i.work.size()));
  for (const core::Work& w : i.work) {
    const auto row = c.work.find(w.key);
    if (row == c.work.end() || row->second.work != w) found(fmt::format("{}: the row of work {} is missing or differs", text_of(i.key), w.key.value));
  }
  for (const sla::Ledger& l : i.clocks) {
    const auto row = c.clocks.find(RoundId(l.clock, l.round));
    if (row == c.clocks.end() || row->second.ledger != l)
      found(fmt::format("{}: the row of clock {} is missing or differs", text_of(i.key), l.clock.value));
  }
  if (driver::takes_case_number(i) && !open_numbers_.contains({i.process, i.case_no}))
    found(fmt::format("{}: its case number is not taken", text_of(i.key)));
}

}  // namespace switchboard::store
