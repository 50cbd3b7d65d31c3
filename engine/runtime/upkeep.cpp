// What keeps an engine going for years: damage is told and stands aside, and what nobody asks for any more is forgotten when an operator says so.
#include <fmt/format.h>

#include <utility>

#include "runtime/case_engine.hpp"
#include "runtime/ids.hpp"

namespace switchboard::runtime {

/// Of rows that cannot be read: not what was written, or written by a newer version. The rest of the store is not concerned.
bool is_damage(const Error& error) { return error.id == "SB0603" || error.id == "SB0610" || error.id == "SB0543" || error.id == store::newer_form; }

/// Nothing of the engine's own making fails silently: an incident record in the outbox, once for each `about`, however often it is met.
Result<void> CaseEngine::report_trouble(core::InstanceKey instance, const std::string& about, const Error& why) {
  SB_TRY(const Instant at, now());
  {
    const std::lock_guard lock(in_flight_mutex_);
    if (!reported_.insert(fmt::format("{}/{}", instance.value, about)).second) return success();
  }
  store::OutboxRow record;
  record.key = fmt::format("{}/trouble-{}", instance_id(instance), about);
  record.kind = store::OutboxRow::Kind::incident;
  record.instance = instance;
  record.name = why.id;
  record.body = Value(Context{{"message", fmt::format("{}: {}", about, why.text())}});
  record.created = at;
  if (const auto loaded = instance ? load(instance, true) : Result<Loaded>(Loaded{}); loaded && loaded.value()) {
    record.case_no = loaded.value().instance->case_no;
    record.process = loaded.value().instance->process;
    record.customer = loaded.value().instance->customer;
  }
  Transition t;
  t.outbox.push_back(std::move(record));
  t.at = at;
  Transition* one = &t;
  committer_.commit({&one, 1});
  if (!t.refused) return success();
  const std::lock_guard lock(in_flight_mutex_);
  reported_.erase(fmt::format("{}/{}", instance.value, about));
  return *t.refused;
}

Result<PruneReport> CaseEngine::prune(Instant before) {
  SB_TRY(const Instant at, now());
  if (before > at)
    return Error{ErrorKind::invalid, "SB0551", fmt::format("{} lies in the future: what is still going on cannot be forgotten", to_string(before)),
                 "", "give an instant after which nobody repeats a request any more, for instance 90 days ago"};
  // What is still on its way needs its answers.
  std::size_t damaged = 0;
  SB_TRYV(repeat_errands(damaged));
  SB_TRYV(committer_.flush());
  SB_TRY(const auto pruned, store_->prune(before));
  return PruneReport{pruned.requests, pruned.outbox};
}

}  // namespace switchboard::runtime
