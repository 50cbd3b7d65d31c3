// Looking: always what is on disk, with names from the definitions.
#include <algorithm>
#include <exception>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "runtime/case_engine.hpp"
#include "runtime/ids.hpp"

namespace switchboard::runtime {

Result<store::Query> CaseEngine::query_of(const Find& f) const {
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
  return q;
}

Result<CaseInfo> CaseEngine::instance(const InstanceId& id) {
  SB_TRY(const auto key, parse_instance_id(id));
  SB_TRY(const auto loaded, load_existing(key));
  return case_info(*loaded.process, *loaded.instance);
}

Result<Value> CaseEngine::data(const InstanceId& id) {
  SB_TRY(const auto key, parse_instance_id(id));
  SB_TRY(const auto loaded, load_existing(key));
  return data_of(*loaded.process, *loaded.instance);
}

Result<std::vector<CaseInfo>> CaseEngine::instances(const Find& f) {
  SB_TRY(const auto query, query_of(f));
  SB_TRY(const auto rows, store_->instances(query));
  std::vector<CaseInfo> infos;
  infos.reserve(rows.size());
  for (const store::InstanceRow& row : rows) infos.push_back(case_info(row));
  return infos;
}

Result<std::vector<WorkInfo>> CaseEngine::work(const Find& f) {
  SB_TRY(const auto query, query_of(f));
  SB_TRY(const auto rows, store_->work(query));
  std::vector<WorkInfo> infos;
  infos.reserve(rows.size());
  for (const store::WorkRow& row : rows) {
    SB_TRY(const auto process, definitions_.by_hash(row.definition));
    infos.push_back(work_info(*process, {row.instance, row.case_no, row.process, row.suspended}, row.work, language_));
  }
  return infos;
}

Result<std::vector<ClockInfo>> CaseEngine::clocks(const Find& f) {
  SB_TRY(const auto query, query_of(f));
  SB_TRY(const auto rows, store_->clocks(query));
  std::vector<ClockInfo> infos;
  infos.reserve(rows.size());
  SB_TRY(const Instant at, now());
  std::map<core::InstanceKey, std::vector<std::string>> holders;
  std::map<std::pair<std::string_view, std::uint32_t>, std::pair<std::string, std::string>> stages;  // path and lane by definition and clock
  for (const store::ClockRow& row : rows) {
    SB_TRY(const auto process, definitions_.by_hash(row.definition));
    infos.push_back(clock_info(*process, row, at, language_));
    const auto [stage, is_unseen] = stages.try_emplace({row.definition, row.ledger.clock.value});
    if (is_unseen) {
      if (const model::Element* e = stage_of_clock(*process, row.ledger.clock)) stage->second = {e->path, e->lane};
    }
    std::tie(infos.back().stage, infos.back().lane) = stage->second;
    const bool open = row.ledger.state == sla::ClockState::running || row.ledger.state == sla::ClockState::paused;
    if (!open) continue;
    auto [known, is_new] = holders.try_emplace(row.instance);
    if (is_new) {
      SB_TRY(const auto loaded, load_existing(row.instance));
      known->second = holders_of(*loaded.instance);
    }
    infos.back().holders = known->second;
  }
  return infos;
}

Result<std::vector<OutboxInfo>> CaseEngine::outbox(const Find& f) {
  SB_TRY(const auto query, query_of(f));
  SB_TRY(const auto rows, store_->outbox(query));
  std::vector<OutboxInfo> infos;
  infos.reserve(rows.size());
  for (const store::OutboxRow& row : rows) infos.push_back(outbox_info(row));
  return infos;
}

Result<std::vector<IncidentInfo>> CaseEngine::incidents(const Find& f) {
  SB_TRY(auto query, query_of(f));
  query.with_incidents = true;
  SB_TRY(const auto rows, store_->instances(query));
  std::vector<IncidentInfo> infos;
  for (const store::InstanceRow& row : rows) {
    SB_TRY(const auto loaded, load_existing(row.instance));
    for (const core::Incident& incident : loaded.instance->incidents) infos.push_back(incident_info(*loaded.process, *loaded.instance, incident));
  }
  return infos;
}

Result<std::vector<HistoryInfo>> CaseEngine::history(const InstanceId& id, std::uint64_t after, std::size_t limit) {
  SB_TRY(const auto key, parse_instance_id(id));
  SB_TRY(const auto loaded, load_existing(key));
  SB_TRY(const auto rows, store_->history(key, after, limit));
  std::vector<HistoryInfo> infos;
  infos.reserve(rows.size());
  for (const store::HistoryRow& row : rows) infos.push_back(history_info(*loaded.process, row.event));
  return infos;
}

Result<std::size_t> CaseEngine::deliver(const Find& f, const std::function<std::string(const OutboxInfo&)>& deliver) {
  if (!deliver) return nothing_to_call("adapter");
  SB_TRY(store::Query query, query_of(f));
  const std::size_t limit = f.limit;
  query.open_only = true;
  SB_TRY(const auto turn, store_->outbox_turn());
  SB_TRYV(now());  // before anything is told
  std::size_t delivered = 0;
  for (std::size_t tried = 0; tried < limit;) {
    query.limit = std::min<std::size_t>(256, limit - tried);
    SB_TRY(const auto rows, store_->outbox(query));
    if (rows.empty()) break;
    for (const store::OutboxRow& row : rows) {
      ++tried;
      query.after = row.id;
      std::string problem;
      try {
        problem = deliver(outbox_info(row));
      } catch (const std::exception& e) {
        problem = std::string("the adapter threw: ") + e.what();
      } catch (...) {
        problem = "the adapter threw something that is no std::exception";
      }
      // Told or not, that must be noted: without a clock, with the last instant that it told.
      const Result<Instant> at = now();
      SB_TRYV(store_->outbox_done(row.id, problem.empty(), at ? at.value() : Instant{last_told_.load(std::memory_order_relaxed)}, problem));
      SB_TRYV(at);
      if (problem.empty()) ++delivered;
    }
  }
  return delivered;
}

}  // namespace switchboard::runtime
