#include "runtime/queries.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <memory>
#include <string_view>
#include <tuple>
#include <utility>

#include "runtime/failures.hpp"
#include "runtime/ids.hpp"
#include "runtime/outbox.hpp"
#include "runtime/views.hpp"

namespace switchboard::runtime {

Result<store::Query> query_of(const Find& f, const model::OrganisationsPtr& tree) {
  store::Query q;
  q.case_no = f.case_no;
  q.process = f.process;
  q.customer = f.customer;
  q.group = f.group;
  q.assignee = f.assignee;
  q.state = f.state;
  q.clock = f.clock;
  q.topic = f.topic;
  q.due_before = f.due_before;
  q.due_after = f.due_after;
  q.roots_only = f.roots_only;
  q.open_only = f.open_only;
  q.after = f.after;
  q.limit = f.limit;
  if (!f.instance.empty()) {
    SB_TRY(q.instance, parse_instance_id(f.instance));
  }
  if (f.organisation.empty()) return q;
  if (tree == nullptr || tree->find(f.organisation) == nullptr) return core::no_such_organisation(tree.get(), f.organisation);
  // What belongs to the root is everything.
  if (f.organisation != tree->root().id) q.organisations = tree->subtree(f.organisation);
  return q;
}

/// The tree is looked at only by who asks for a unit, and overlays only by who asks for a process.
Result<store::Query> query_for(Definitions& definitions, const Find& f) {
  model::OrganisationsPtr tree;
  if (!f.organisation.empty()) {
    SB_TRY(tree, definitions.organisations());
  }
  SB_TRY(store::Query q, query_of(f, tree));
  if (!f.process.empty()) {
    SB_TRY(q.overlays, definitions.overlays_of(f.process));
  }
  return q;
}

Result<std::vector<OrganisationInfo>> Queries::organisations() {
  SB_TRY(const auto tree, definitions_.organisations());
  std::vector<OrganisationInfo> infos;
  if (tree == nullptr) return infos;
  for (const std::string& id : tree->subtree(tree->root().id)) {
    const model::Unit& unit = *tree->find(id);
    OrganisationInfo info{id, unit.parent.name, unit.name.empty() ? id : unit.name.in(language_), unit.level, {}, tree->path(id)};
    for (auto above = info.path.rbegin(); above != info.path.rend() && info.calendar.empty(); ++above)
      info.calendar = tree->find(*above)->calendar.name;
    infos.push_back(std::move(info));
  }
  return infos;
}

Result<CaseInfo> Queries::instance(const InstanceId& id) {
  SB_TRY(const auto key, parse_instance_id(id));
  SB_TRY(const auto loaded, commands_.load_existing(key));
  return case_info(*loaded.process, *loaded.instance);
}

Result<Value> Queries::data(const InstanceId& id) {
  SB_TRY(const auto key, parse_instance_id(id));
  SB_TRY(const auto loaded, commands_.load_existing(key));
  return data_of(*loaded.process, *loaded.instance);
}

Result<std::vector<CaseInfo>> Queries::instances(const Find& f) {
  SB_TRY(const auto query, query_for(definitions_, f));
  SB_TRY(const auto rows, store_.instances(query));
  std::vector<CaseInfo> infos;
  infos.reserve(rows.size());
  for (const store::InstanceRow& row : rows) infos.push_back(case_info(row));
  return infos;
}

/// Null when row or definition cannot be read: then the row says why.
template <class Row>
Result<model::ExecutablePtr> Queries::definition_of(Row& row) {
  if (!row.damage.empty()) return model::ExecutablePtr();
  auto made = definitions_.by_hash(row.definition);
  if (made || !is_damage(made.error())) return made;
  row.damage = made.error().message;
  return model::ExecutablePtr();
}

Result<std::vector<WorkInfo>> Queries::work(const Find& f) {
  SB_TRY(const auto query, query_for(definitions_, f));
  SB_TRY(auto rows, store_.work(query));
  std::vector<WorkInfo> infos;
  infos.reserve(rows.size());
  for (store::WorkRow& row : rows) {
    SB_TRY(const auto process, definition_of(row));
    if (process == nullptr) {
      infos.push_back(damaged_work_info(row));
      continue;
    }
    std::shared_ptr<const core::ProcessInstance> instance;
    if (stands_in_numbers(*process, row.work.element)) {
      auto loaded = commands_.load_existing(row.instance);
      if (!loaded && !is_damage(loaded.error())) return loaded.error();
      if (loaded) instance = loaded.value().instance;
    }
    infos.push_back(
        work_info(*process, {row.instance, row.case_no, row.process, row.suspended, row.organisation}, row.work, language_, instance.get()));
  }
  return infos;
}

Result<std::vector<FieldInfo>> Queries::form(const WorkId& work) {
  SB_TRY(const auto id, parse_part_id(work, "work"));
  SB_TRY(const auto loaded, commands_.load(id.first, true));
  const core::Work* found = loaded ? loaded.instance->find(core::WorkKey{id.second}) : nullptr;
  if (found == nullptr)
    return Error{ErrorKind::not_found, "SB0504", fmt::format("work {} is not open (done, withdrawn, or never there)", work), "",
                 "list the open work of the case"};
  SB_TRY(const Instant at, time_.told());
  return form_info(*loaded.process, *loaded.instance, *found, at, language_);
}

Result<std::vector<ClockInfo>> Queries::clocks(const Find& f) {
  SB_TRY(const auto query, query_for(definitions_, f));
  SB_TRY(auto rows, store_.clocks(query));
  std::vector<ClockInfo> infos;
  infos.reserve(rows.size());
  SB_TRY(const Instant at, time_.told());
  std::map<std::pair<std::string_view, std::uint32_t>, std::pair<std::string, std::string>> stages;  // path and lane by definition and clock
  for (store::ClockRow& row : rows) {
    SB_TRY(const auto process, definition_of(row));
    if (process == nullptr) {
      infos.push_back(damaged_clock_info(row));
      continue;
    }
    infos.push_back(clock_info(*process, row, at, language_));
    const auto [stage, is_unseen] = stages.try_emplace({row.definition, row.ledger.clock.value});
    if (is_unseen) {
      if (const model::Element* e = stage_of_clock(*process, row.ledger.clock)) stage->second = {e->path, e->lane};
    }
    std::tie(infos.back().stage, infos.back().lane) = stage->second;
    const bool open = row.ledger.state == sla::ClockState::running || row.ledger.state == sla::ClockState::paused;
    if (!open) continue;
    infos.back().holders = row.holders;
  }
  return infos;
}

Result<std::vector<OutboxInfo>> Queries::outbox(const Find& f) {
  SB_TRY(const auto query, query_for(definitions_, f));
  SB_TRY(const auto rows, store_.outbox(query));
  std::vector<OutboxInfo> infos;
  infos.reserve(rows.size());
  for (const store::OutboxRow& row : rows) infos.push_back(outbox_info(row));
  return infos;
}

Result<std::vector<MessageInfo>> Queries::messages(const Find& f) {
  SB_TRY(const auto query, query_for(definitions_, f));
  if (!query.organisations.empty()) return std::vector<MessageInfo>();  // they belong to no case, and so to the whole
  SB_TRY(const auto rows, store_.kept(query));
  SB_TRY(const Instant now, time_.now());
  std::vector<MessageInfo> infos;
  infos.reserve(rows.size());
  for (const store::KeptRow& row : rows) infos.push_back(message_info(row, now));
  return infos;
}

/// Of messages that nobody took. They belong to no case, and come before the first page of those that do.
Result<std::vector<IncidentInfo>> Queries::incidents_of_messages(const store::Query& query) {
  std::vector<IncidentInfo> infos;
  if (query.after > 0 || !query.process.empty() || !query.customer.empty() || !query.organisations.empty()) return infos;
  SB_TRY(const auto rows, store_.kept(query));
  for (const store::KeptRow& row : rows) infos.push_back(incident_info(row));
  return infos;
}

Result<std::vector<IncidentInfo>> Queries::incidents(const Find& f) {
  SB_TRY(auto query, query_for(definitions_, f));
  query.with_incidents = true;
  SB_TRY(const auto rows, store_.instances(query));
  query.state.clear();  // these are said of the case
  query.open_only = false;
  query.due_before.reset();
  SB_TRY(const auto records, store_.outbox(query));
  // Paged by case: those of one case come together, and what either list does not reach any more comes with the next page.
  core::InstanceKey last{std::numeric_limits<std::uint64_t>::max()};
  if (!rows.empty() && rows.size() >= f.limit) last = std::min(last, rows.back().instance);
  if (!records.empty() && records.size() >= f.limit) last = std::min(last, records.back().instance);
  SB_TRY(std::vector<IncidentInfo> infos, incidents_of_messages(query));
  auto record = records.begin();
  const auto take_records = [&](core::InstanceKey until) {
    for (; record != records.end() && record->instance <= until; ++record) infos.push_back(incident_info(*record));
  };
  for (const store::InstanceRow& row : rows) {
    if (row.instance > last) break;
    take_records({row.instance.value - 1});
    auto loaded_or_not = commands_.load_existing(row.instance);
    if (!loaded_or_not && is_damage(loaded_or_not.error())) {
      infos.push_back({{}, instance_id(row.instance), row.case_no, row.process, {}, {}, {}, {}, loaded_or_not.error().message});
      continue;
    }
    SB_TRY(const auto loaded, std::move(loaded_or_not));
    for (const core::Incident& incident : loaded.instance->incidents) infos.push_back(incident_info(*loaded.process, *loaded.instance, incident));
  }
  take_records(last);
  return infos;
}

Result<std::vector<HistoryInfo>> Queries::history(const InstanceId& id, std::uint64_t after, std::size_t limit) {
  SB_TRY(const auto key, parse_instance_id(id));
  SB_TRY(const auto loaded, commands_.load_existing(key));
  const std::uint64_t had = loaded.instance->sequence;  // before the history is read: it only grows
  SB_TRY(const auto rows, store_.history(key, after, limit));
  const std::uint64_t last = rows.empty() ? after : rows.back().event.sequence;
  if (rows.size() < limit && last < had)
    return Error{ErrorKind::storage, "SB0603", fmt::format("the history of case {} is not whole: it ends with event {} of {}", id, last, had), "",
                 fmt::format("keep a copy, restore the last backup; `--limit {}` shows what is there", rows.size())};
  std::vector<HistoryInfo> infos;
  infos.reserve(rows.size());
  for (const store::HistoryRow& row : rows) {
    // The definition that the entry was written under: the case may run another one by now.
    SB_TRY(const auto process, definitions_.by_hash(row.definition));
    infos.push_back(history_info(*process, row.event));
  }
  return infos;
}

Result<std::string> Queries::zone(std::string_view process) {
  SB_TRY(const auto latest, definitions_.by_version(process, ""));
  return latest->calendar->spec().zone;
}

}  // namespace switchboard::runtime
