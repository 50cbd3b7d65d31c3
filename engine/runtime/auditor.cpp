#include "runtime/auditor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "runtime/answers.hpp"
#include "runtime/errand_names.hpp"
#include "runtime/ids.hpp"
#include "runtime/invariants.hpp"
#include "runtime/views.hpp"

namespace switchboard::runtime {

namespace {

constexpr std::size_t check_page = 500;
constexpr std::size_t whole_history = 1'000'000'000;
constexpr int looks_again = 3;
constexpr std::chrono::milliseconds between_looks{20};

}  // namespace

Result<std::vector<std::string>> Auditor::check() {
  std::vector<std::string> found;
  if (!read_only_) {
    SB_TRYV(committer_.flush());
  }
  SB_TRYV(store_.check(
      [&](std::string_view hash) -> const model::ExecutableProcess* {
        const auto process = definitions_.by_hash(hash);
        return process ? process.value().get() : nullptr;
      },
      [&](const std::string& line) { found.push_back(line); }));
  SB_TRY(const core::InstanceKey last, store_.newest());  // others may start cases faster than they are checked
  SB_TRY(const auto errands, instances_with_errands());
  Wrong wrong;
  store::Query query;
  query.limit = check_page;
  for (bool more = true; more;) {
    SB_TRY(const auto rows, store_.instances(query));
    more = !rows.empty() && rows.back().instance < last;
    if (!rows.empty()) query.after = rows.back().instance.value;
    for (const store::InstanceRow& row : rows)
      if (auto lines = row.instance > last ? std::vector<std::string>() : wrong_with(row, errands); !lines.empty())
        wrong.emplace(row.instance, std::move(lines));
  }
  // Others write meanwhile, and what is compared was not read at one instant: what is wrong is wrong also when it is looked at again.
  for (int look = 0; look < looks_again && !wrong.empty(); ++look) {
    SB_TRYV(confirm(wrong));
  }
  for (const auto& [instance, lines] : wrong) found.insert(found.end(), lines.begin(), lines.end());
  return found;
}

std::vector<std::string> Auditor::wrong_with(const store::InstanceRow& row, const std::set<core::InstanceKey>& errands) {
  std::vector<std::string> wrong;
  const auto checked = check_case(row, errands, wrong);
  // One case that cannot be read does not hide the others.
  if (!checked) wrong.push_back(fmt::format("{}: {}", instance_id(row.instance), checked.error().text()));
  return wrong;
}

/// Keeps what is found again.
Result<void> Auditor::confirm(Wrong& wrong) {
  std::this_thread::sleep_for(between_looks);
  SB_TRY(const auto errands, instances_with_errands());
  for (auto& [instance, lines] : wrong) {
    store::Query one;
    one.instance = instance;
    one.limit = 1;
    SB_TRY(const auto rows, store_.instances(one));
    const std::vector<std::string> again = rows.empty() ? std::vector<std::string>() : wrong_with(rows.front(), errands);
    std::erase_if(lines, [&](const std::string& line) { return std::find(again.begin(), again.end(), line) == again.end(); });
  }
  std::erase_if(wrong, [](const auto& one) { return one.second.empty(); });
  return success();
}

Result<std::set<core::InstanceKey>> Auditor::instances_with_errands() {
  std::set<core::InstanceKey> instances;
  for (const store::ErrandKind kind : {store::ErrandKind::waiting, store::ErrandKind::aside}) {
    std::optional<store::ErrandKey> position;
    for (;;) {
      SB_TRY(const auto found, store_.errands(kind, position, check_page));
      if (!found.last) break;
      for (const store::Errand& e : found.errands) instances.insert(e.key.instance);
      for (const store::ErrandKey& key : found.damaged) instances.insert(key.instance);
      position = found.last;
    }
  }
  return instances;
}

Result<void> Auditor::check_case(const store::InstanceRow& row, const std::set<core::InstanceKey>& errands, std::vector<std::string>& found) {
  const core::InstanceKey key = row.instance;
  SB_TRY(const auto loaded, commands_.load_existing(key));
  const Violation say = [&](const std::string& what) { found.push_back(fmt::format("{}: {}", instance_id(key), what)); };
  // As it is stored: a calendar that it has not followed yet is no contradiction.
  const core::ProcessInstance& instance = loaded.stored != nullptr ? *loaded.stored : *loaded.instance;
  check_state(*loaded.process, instance, say);
  if (row.stage != stage_of(*loaded.process, instance)) say(fmt::format("it is shown at '{}', which is not where it stands", row.stage));
  SB_TRY(const auto history, store_.history(key, 0, whole_history));
  store::Query of_case;
  of_case.instance = key;
  of_case.limit = whole_history;
  SB_TRY(const auto outbox, store_.outbox(of_case));
  SB_TRY(const auto pruned, store_.pruned_before());
  check_replay(*loaded.process, instance, history, outbox, pruned, say);
  for (const core::Incident& i : instance.incidents)
    if (i.is_of_errand() && !errands.contains(key)) say(fmt::format("what incident {} keeps aside is not there", i.key.value));
  SB_TRYV(check_called(instance, history, pruned.has_value(), say));
  return check_calls(instance, errands, say);
}

/// Every case that was ever called is there, also when it ended long ago. A call that was given up or refused may never have had one.
Result<void> Auditor::check_called(const core::ProcessInstance& instance, std::span<const store::HistoryRow> history, bool is_pruned,
                                   const std::function<void(const std::string&)>& say) {
  std::map<core::CallKey, bool> calls;  // whether its case surely existed
  for (const store::HistoryRow& row : history) {
    if (const auto* started = std::get_if<core::CallStarted>(&row.event.body)) {
      if (started->call.kind == core::CallKind::process) calls[started->call.key] = false;
    }
    if (const auto* finished = std::get_if<core::CallFinished>(&row.event.body))
      if (const auto known = calls.find(finished->call); known != calls.end()) known->second = finished->completed;
  }
  for (const auto& [call, surely] : calls) {
    SB_TRY(const auto answer, store_.answer_of(request_of_call({instance.key, call})));
    if (!answer) {
      if (surely && !is_pruned) say(fmt::format("nothing is known of the case that it called with {}", call.value));
      continue;
    }
    SB_TRY(const auto called, read_answer<CaseInfo>(*answer));
    SB_TRY(const auto key, parse_instance_id(called.instance));
    SB_TRY(const auto stored, store_.load(key));
    if (!stored) say(fmt::format("the case {} that it called is not there", called.instance));
  }
  return success();
}

/// Calls and called cases find each other, unless an errand is still on its way between them.
Result<void> Auditor::check_calls(const core::ProcessInstance& instance, const std::set<core::InstanceKey>& errands,
                                  const std::function<void(const std::string&)>& say) {
  if (errands.contains(instance.key)) return success();
  std::size_t called = 0;
  for (const core::Call& call : instance.calls) {
    if (call.kind != core::CallKind::process) {
      say(fmt::format("nobody asks register '{}' for it", call.process));
      continue;
    }
    ++called;
    SB_TRY(const auto started, store_.answer_of(request_of_call({instance.key, call.key})));
    if (!started) say(fmt::format("the case called for '{}' was never started", call.process));
  }
  if (called > 0) {
    store::Query of_case;  // a called case has the number of its caller
    of_case.case_no = instance.case_no;
    of_case.limit = whole_history;
    SB_TRY(const auto rows, store_.instances(of_case));
    const auto there = std::count_if(rows.begin(), rows.end(), [&](const store::InstanceRow& row) {
      return row.parent == instance.key && (!core::is_finished(row.state) || errands.contains(row.instance));
    });
    if (static_cast<std::size_t>(there) < called) say("a case that it called and waits for is not there");
  }
  if (!instance.parent || core::is_finished(instance.state) || errands.contains(instance.parent->instance)) return success();
  SB_TRY(const auto parent, commands_.load(instance.parent->instance, true));
  if (!parent || parent.instance->find(instance.parent->call) == nullptr) say("its caller does not wait for it any more");
  return success();
}

}  // namespace switchboard::runtime
