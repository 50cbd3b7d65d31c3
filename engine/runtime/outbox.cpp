#include "runtime/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "base/plain_text.hpp"
#include "runtime/answers.hpp"
#include "runtime/callbacks.hpp"
#include "runtime/ids.hpp"
#include "runtime/queries.hpp"
#include "runtime/views.hpp"

namespace switchboard::runtime {

bool is_damage(const Error& error) { return error.id == "SB0603" || error.id == "SB0610" || error.id == "SB0543" || error.id == store::newer_form; }

Result<void> Outbox::report_trouble(core::InstanceKey instance, const std::string& about, const Error& why) {
  SB_TRY(const Instant at, time_.now());
  {
    const std::lock_guard lock(mutex_);
    if (!reported_.insert(fmt::format("{}/{}", instance.value, about)).second) return success();
  }
  store::OutboxRow record;
  record.key = fmt::format("{}/trouble-{}", instance_id(instance), about);
  record.kind = store::OutboxRow::Kind::incident;
  record.instance = instance;
  record.name = why.id;
  record.body = Value(Context{{"message", fmt::format("{}: {}", about, why.text())}});
  record.created = at;
  if (const auto loaded = instance ? commands_.load(instance, true) : Result<Loaded>(Loaded{}); loaded && loaded.value()) {
    record.case_no = loaded.value().instance->case_no;
    record.process = loaded.value().instance->process;
    record.customer = loaded.value().instance->customer;
  }
  auto added = add(std::move(record));
  if (added) return success();
  const std::lock_guard lock(mutex_);
  reported_.erase(fmt::format("{}/{}", instance.value, about));
  return added;
}

Result<void> Outbox::add(store::OutboxRow record, const std::string& request_id) {
  Transition t;
  t.outbox.push_back(std::move(record));
  t.request_id = request_id;
  if (!request_id.empty()) t.answer = answer_bytes(std::size_t{0});
  SB_TRY(t.at, time_.now());
  Transition* one = &t;
  committer_.commit({&one, 1});
  if (t.refused && t.refused->id != store::known_request) return *t.refused;
  return success();
}

Result<void> Outbox::set_aside(const store::ErrandKey& errand) {
  Transition t;
  t.errands_aside.push_back(errand);
  SB_TRY(t.at, time_.now());
  Transition* one = &t;
  committer_.commit({&one, 1});
  if (t.refused) return *t.refused;
  return success();
}

namespace {

/// Quiet hours: feedback that names a calendar waits until it opens.
bool may_go_out(const store::OutboxRow& row, Instant now) {
  const Context* body = row.body.context();
  const Value* not_before = body == nullptr ? nullptr : body->find("not_before");
  if (row.kind != store::OutboxRow::Kind::feedback || not_before == nullptr || not_before->string() == nullptr) return true;
  const auto at = parse_instant(*not_before->string());
  return !at || *at <= now;
}

}  // namespace

Result<std::size_t> Outbox::deliver(const Find& f, const std::function<std::string(const OutboxInfo&)>& deliver) {
  if (!deliver) return nothing_to_call("adapter");
  SB_TRY(store::Query query, query_of(f));
  const std::size_t limit = f.limit;
  query.open_only = true;
  SB_TRY(const auto turn, store_.outbox_turn());
  SB_TRY(const Instant begun, time_.now());  // before anything is told
  std::size_t delivered = 0;
  for (std::size_t tried = 0; tried < limit;) {
    query.limit = std::min<std::size_t>(256, limit - tried);
    SB_TRY(const auto rows, store_.outbox(query));
    if (rows.empty()) break;
    for (const store::OutboxRow& row : rows) {
      query.after = row.id;
      if (!may_go_out(row, begun)) continue;
      ++tried;
      std::string problem;
      try {
        problem = deliver(outbox_info(row));
      } catch (const std::exception& e) {
        problem = std::string("the adapter threw: ") + e.what();
      } catch (...) {
        problem = "the adapter threw something that is no std::exception";
      }
      // Told or not, that must be noted: without a clock, with the last instant that it told.
      const Result<Instant> at = time_.now();
      SB_TRYV(store_.outbox_done(row.id, problem.empty(), at ? at.value() : time_.last_told(), made_plain(problem, TextKind::prose)));
      SB_TRYV(at);
      if (problem.empty()) ++delivered;
    }
  }
  return delivered;
}

}  // namespace switchboard::runtime
