// The store in memory: which cases a question means, and how many.
#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "store/memory_store.hpp"

namespace switchboard::store {

void MemoryStore::apply_searched(const RowChanges& rows, InstanceKey instance) {
  const auto drop = [&](const auto& place, const std::string& name) {
    place->second.erase({name, instance});
    return place->second.empty() ? searched_.erase(place) : std::next(place);
  };
  if (rows.searched_afresh) {
    for (auto it = searched_.begin(); it != searched_.end();) {
      std::erase_if(it->second, [&](const auto& entry) { return entry.second == instance; });
      it = it->second.empty() ? searched_.erase(it) : std::next(it);
    }
  }
  for (const Searched& s : rows.searched_gone)
    if (const auto found = searched_.find(s.value); found != searched_.end()) drop(found, s.name);
  for (const Searched& s : rows.searched_new) searched_[s.value].insert({s.name, instance});
}

std::set<InstanceKey> MemoryStore::found_by(const SearchTerm& term) const {
  std::set<InstanceKey> found;
  const std::string value = folded(term.text);
  for (auto it = searched_.lower_bound(value); it != searched_.end(); ++it) {
    if (term.prefix ? !it->first.starts_with(value) : it->first != value) break;
    for (const auto& [name, instance] : it->second)
      if (term.name.empty() || name == term.name) found.insert(instance);
  }
  if (!term.name.empty()) return found;
  const auto is_it = [&](const std::string& text) { return term.prefix ? text.starts_with(term.text) : text == term.text; };
  for (const auto& [key, c] : cases_)
    if (is_it(c.instance.case_no) || (!c.instance.customer.empty() && is_it(c.instance.customer))) found.insert(key);
  return found;
}

namespace {

bool is_among(std::string_view word, std::string_view list) {
  if (list.empty()) return true;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (list.substr(begin, end - begin) == word) return true;
    begin = end + 1;
  }
  return false;
}

bool stands_at(const Case& c, const std::string& node) {
  if (node.empty()) return true;
  const std::vector<std::string> places = places_in(c.stage);
  return std::any_of(places.begin(), places.end(), [&](const std::string& p) { return p == node || p.ends_with("/" + node); });
}

bool is_within(const Query& q, const core::ProcessInstance& i) {
  const bool has_ended = !is_open(i.state);
  if ((q.ended_from || q.ended_before) && !has_ended) return false;
  return (!q.started_from || i.started >= *q.started_from) && (!q.started_before || i.started < *q.started_before) &&
         (!q.ended_from || i.ended >= *q.ended_from) && (!q.ended_before || i.ended < *q.ended_before);
}

bool instance_matches(const Query& q, const Case& c) {
  const core::ProcessInstance& i = c.instance;
  if (q.roots_only && i.parent) return false;
  if (q.parent && (!i.parent || i.parent->instance != q.parent)) return false;
  if (((q.open_only || !q.node.empty()) && !is_open(i.state)) || (q.with_incidents && i.incidents.empty())) return false;
  return is_among(core::to_string(i.state), q.state) && stands_at(c, q.node) && is_within(q, i);
}

}  // namespace

std::vector<const Case*> MemoryStore::candidates(const Query& q, ByUnit by) const {
  std::vector<const Case*> found;
  const auto matches = [&](const core::ProcessInstance& i) {
    return i.key.value > q.after && asks_for_process(q, i.process) && (q.customer.empty() || i.customer == q.customer) &&
           (q.case_no.empty() || i.case_no == q.case_no) && (by == ByUnit::of_work || is_of(q, i.organisation));
  };
  const auto offer = [&](InstanceKey key) {
    if (const auto c = cases_.find(key); c != cases_.end() && matches(c->second.instance)) found.push_back(&c->second);
  };
  if (q.instance) {
    offer(q.instance);
  } else if (!q.case_no.empty()) {
    if (const auto keys = by_case_no_.find(q.case_no); keys != by_case_no_.end()) std::for_each(keys->second.begin(), keys->second.end(), offer);
  } else if (!q.search.empty()) {
    const std::set<InstanceKey> keys = found_by(q.search.front());
    std::for_each(keys.begin(), keys.end(), offer);
  } else {
    for (auto it = cases_.upper_bound(InstanceKey{q.after}); it != cases_.end(); ++it) {
      if (matches(it->second.instance)) found.push_back(&it->second);
    }
  }
  for (const SearchTerm& term : q.search) {
    const std::set<InstanceKey> keys = found_by(term);
    std::erase_if(found, [&](const Case* c) { return !keys.contains(c->instance.key); });
  }
  return found;
}

Result<std::vector<InstanceRow>> MemoryStore::instances(const Query& q) {
  const std::shared_lock lock(mutex_);
  std::vector<InstanceRow> rows;
  for (const Case* c : candidates(q)) {
    if (rows.size() >= q.limit) break;
    if (!instance_matches(q, *c)) continue;
    const core::ProcessInstance& i = c->instance;
    rows.push_back({i.key, i.case_no, i.process, i.definition, i.customer, c->stage, i.state, i.started, i.last, i.ended,
                    i.parent ? i.parent->instance : InstanceKey{}, i.organisation, i.reopens});
  }
  return rows;
}

Result<std::vector<CountRow>> MemoryStore::count(const Query& q, CountBy by) {
  const std::shared_lock lock(mutex_);
  Query all = q;
  all.after = 0;
  std::map<std::string, std::uint64_t> counts;
  for (const Case* c : candidates(all)) {
    if (!instance_matches(q, *c)) continue;
    if (by == CountBy::node) {
      for (const std::string& place : places_in(c->stage)) ++counts[place];
    } else {
      ++counts[by == CountBy::state ? std::string(core::to_string(c->instance.state)) : by == CountBy::process ? c->instance.process : std::string()];
    }
  }
  std::vector<CountRow> found;
  for (const auto& [key, number] : counts) found.push_back({key, number});
  return found;
}

}  // namespace switchboard::store
