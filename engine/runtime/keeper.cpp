#include "runtime/keeper.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "runtime/ids.hpp"

namespace switchboard::runtime {

namespace {

constexpr std::size_t page = 256;

}  // namespace

Error damaged_message(const std::string& what) {
  return {ErrorKind::storage, "SB0603", what + ": nobody gets it", "", "have it sent again, then drop this one; keep a copy, run `switchboard fsck`"};
}

/// What stands beside cases, in a transaction of its own.
Result<void> Keeper::write(Transition t) {
  Transition* one = &t;
  committer_.commit({&one, 1});
  if (t.refused) return *t.refused;
  return success();
}

Result<void> Keeper::write_if_kept(Transition t) {
  const auto written = write(std::move(t));
  return written || written.error().id != store::kept_no_more ? written : success();
}

Result<std::optional<driver::Keeping>> Keeper::keeping(std::string_view name) {
  SB_TRY(const Instant at, time_.now());
  return definitions_.keeping(name, at);
}

Result<std::optional<driver::KeptMessage>> Keeper::first(const core::Message& message, bool to_case) {
  SB_TRY(const Instant at, time_.now());
  for (;;) {
    SB_TRY(const auto row, store_.first_kept(message, to_case, at));
    if (!row) return std::optional<driver::KeptMessage>();
    if (row->damage.empty()) return std::optional(row->message);
    SB_TRYV(fail(row->message, damaged_message(row->damage)));
  }
}

Result<void> Keeper::keep(driver::KeptMessage message, const std::string& request_id, std::string answer) {
  Transition t;
  SB_TRY(t.at, time_.now());
  message.arrived = t.at;
  t.keeps.push_back(std::move(message));
  t.request_id = request_id;
  t.answer = std::move(answer);
  return write(std::move(t));
}

Result<void> Keeper::set_time(const driver::KeptMessage& message, Instant until) {
  Transition t;
  SB_TRY(t.at, time_.now());
  t.kept_ends = {{message.id, store::KeptEnd::Outcome::retimed, {}, {}, until}};
  return write_if_kept(std::move(t));
}

Transition Keeper::failed(const driver::KeptMessage& message, const Error& why, Instant at) {
  Transition t;
  t.at = at;
  t.kept_ends = {{message.id, store::KeptEnd::Outcome::incident, why.id, why.message, {}}};
  store::OutboxRow record;
  record.key = fmt::format("{}/incident-{}", kept_id(message.id), at.us);
  record.kind = store::OutboxRow::Kind::incident;
  record.instance = message.from;
  record.name = why.id;
  record.body = Value(Context{{"message", why.text()}, {"incident", kept_id(message.id)}});
  record.created = at;
  t.outbox.push_back(std::move(record));
  return t;
}

Result<void> Keeper::fail(const driver::KeptMessage& message, const Error& why) {
  SB_TRY(const Instant at, time_.now());
  return write_if_kept(failed(message, why, at));
}

Result<std::size_t> Keeper::end_times(Instant until, std::size_t limit) {
  std::size_t ended = 0;
  while (ended < limit) {
    SB_TRY(const auto rows, store_.kept_due(until, std::min(page, limit - ended)));
    if (rows.empty()) break;
    std::vector<Transition> all;
    std::vector<Transition*> group;
    all.reserve(rows.size());
    for (const store::KeptRow& row : rows) {
      if (row.damage.empty() && row.message.discard) {
        all.emplace_back().kept_ends = {{row.message.id, store::KeptEnd::Outcome::over, {}, {}, {}}};
        all.back().at = until;
      } else {
        all.push_back(failed(row.message, row.damage.empty() ? driver::nobody_came(row.message) : damaged_message(row.damage), until));
      }
      group.push_back(&all.back());
    }
    committer_.commit(group);
    for (const Transition& t : all) {
      if (!t.refused) ++ended;
      // One that is not kept any more was faster: it has been taken or dropped.
      if (t.refused && t.refused->id != store::kept_no_more) return *t.refused;
    }
  }
  return ended;
}

Result<std::optional<store::KeptRow>> Keeper::incident_of(const std::string& request_id, std::string_view key) {
  store::Query query;
  query.case_no = key;
  query.with_incidents = true;
  query.limit = driver::most_kept;
  SB_TRY(auto rows, store_.kept(query));
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const store::KeptRow& row) { return row.request_id == request_id; });
  return found == rows.end() ? std::nullopt : std::optional(std::move(*found));
}

Result<store::KeptRow> Keeper::find(std::uint64_t id) {
  store::Query query;
  query.after = id - 1;
  query.limit = 1;
  SB_TRY(auto rows, store_.kept(query));
  if (rows.empty() || rows.front().message.id != id) {
    Error gone = driver::kept_no_more();
    gone.message = fmt::format("there is no message {}: somebody has it, its time ended in silence, or it never was", kept_id(id));
    return gone;
  }
  return std::move(rows.front());
}

Result<void> Keeper::again(const store::KeptRow& row, const std::string& request_id, std::string answer) {
  if (!row.damage.empty()) return damaged_message(row.damage);
  Transition t;
  SB_TRY(t.at, time_.now());
  SB_TRY(const auto keeping, definitions_.keeping(row.message.message.name, t.at));
  const bool waits = row.state == store::KeptRow::State::waiting;
  if (waits && row.message.until >= t.at)
    return Error{ErrorKind::conflict, std::string(store::kept_no_more),
                 fmt::format("message {} is no incident: it is kept, and its time is not over", kept_id(row.message.id)), "",
                 "wait until somebody waits for it; or drop it"};
  if (!keeping)
    return Error{ErrorKind::conflict, std::string(store::kept_no_more),
                 fmt::format("message {} cannot be kept once more: no process that is deployed keeps '{}' now", kept_id(row.message.id),
                             row.message.message.name),
                 "", "send it when somebody waits for it, and drop this one; or deploy a process that keeps it"};
  // One whose time is over and whose tick has not come yet is no incident so far.
  const auto outcome = waits ? store::KeptEnd::Outcome::retimed : store::KeptEnd::Outcome::again;
  t.kept_ends = {{row.message.id, outcome, {}, {}, keeping->until}};
  t.request_id = request_id;
  t.answer = std::move(answer);
  return write(std::move(t));
}

Result<void> Keeper::drop(const store::KeptRow& row, std::string why, const std::string& request_id, std::string answer) {
  Transition t;
  SB_TRY(t.at, time_.now());
  t.kept_ends = {{row.message.id, store::KeptEnd::Outcome::dropped, {}, std::move(why), {}}};
  t.request_id = request_id;
  t.answer = std::move(answer);
  return write(std::move(t));
}

}  // namespace switchboard::runtime
