// Messages that are kept for one who does not wait yet (decision 0076). Whoever opens a subscription, resumes a case or ends one counts up `calls` of
// those that this may be for, in the same transaction; whoever has offered one in vain notes how far (`offered`).
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/codec_rows.hpp"
#include "store/damage.hpp"
#include "store/projection.hpp"
#include "store/seals.hpp"
#include "store/sqlite_filter.hpp"
#include "store/sqlite_store.hpp"

namespace switchboard::store {

namespace {

constexpr const char* kept_columns =
    "SELECT id, name, key, to_case, payload, sender, heard_by, arrived, until, discard, may_start, chain, request, state, rule, error, decided, "
    "calls, "
    "seal FROM kept_message";

/// A row of `kept_columns`. One that is not what was written says so, and takes no other with it. Throws NewerRow.
KeptRow kept_row(const Rows& rows) {
  KeptRow r;
  driver::KeptMessage& m = r.message;
  m.id = rows.number(0);
  m.message.name = rows.text(1);
  m.message.correlation = rows.text(2);
  m.to_case = rows.whole(3) != 0;
  m.from = {rows.number(5)};
  m.heard_by = {rows.number(6)};
  m.arrived = rows.instant(7);
  m.until = rows.instant(8);
  m.discard = rows.whole(9) != 0;
  m.may_start = rows.whole(10) != 0;
  m.chain = static_cast<std::uint32_t>(rows.number(11));
  r.request_id = rows.text(12);
  const auto state = kept_state_of_word(rows.bytes(13));
  r.state = state.value_or(KeptRow::State::incident);
  r.rule = rows.text(14);
  r.error = rows.text(15);
  r.decided = rows.maybe_instant(16);
  m.calls = rows.number(17);
  auto payload = readable(decode_value("a message that is kept", rows.bytes(4)));
  if (state && payload && seal_of_kept(m, rows.bytes(4), r.request_id) == rows.whole(18))
    m.message.payload = std::move(payload->value);
  else
    r.damage = fmt::format("the row of message m-{}, which is kept, is not what was written", m.id);
  return r;
}

std::vector<KeptRow> rows_of(Rows rows) {
  std::vector<KeptRow> found;
  while (rows.next()) found.push_back(kept_row(rows));
  return found;
}

}  // namespace

Result<std::vector<KeptRow>> SqliteStore::kept_called(std::uint64_t after, std::size_t limit) {
  const std::string sql = fmt::format("{} WHERE state = 'waiting' AND calls > offered AND id > ? ORDER BY id LIMIT {}", kept_columns,
                                      std::min<std::size_t>(limit, 1'000'000));
  return read([&](Connection& c) -> Result<std::vector<KeptRow>> { return rows_of(c.query_text(sql, {signed_of(after)})); });
}

Result<std::optional<KeptRow>> SqliteStore::first_kept(const core::Message& message, bool to_case, Instant at) {
  const std::string sql =
      fmt::format("{} WHERE state = 'waiting' AND key = ? AND name = ? AND to_case = ? AND until >= ? ORDER BY id LIMIT 1", kept_columns);
  return read([&](Connection& c) -> Result<std::optional<KeptRow>> {
    auto found = rows_of(c.query_text(sql, {message.correlation, message.name, std::int64_t{to_case ? 1 : 0}, at.us}));
    return found.empty() ? std::nullopt : std::optional(std::move(found.front()));
  });
}

Result<std::vector<KeptRow>> SqliteStore::kept_due(Instant until, std::size_t limit) {
  const std::string sql =
      fmt::format("{} WHERE state = 'waiting' AND until < ? ORDER BY until, id LIMIT {}", kept_columns, std::min<std::size_t>(limit, 1'000'000));
  return read([&](Connection& c) -> Result<std::vector<KeptRow>> { return rows_of(c.query_text(sql, {until.us})); });
}

Result<std::optional<Instant>> SqliteStore::next_kept_due() {
  return read([](Connection& c) -> Result<std::optional<Instant>> {
    Rows rows = c.query("SELECT until FROM kept_message WHERE state = 'waiting' ORDER BY until, id LIMIT 1");
    return rows.next() ? driver::over_at(rows.instant(0)) : std::nullopt;
  });
}

Result<std::vector<KeptRow>> SqliteStore::kept(const Query& q) {
  Filter f;
  f.require("id > ?", signed_of(q.after));
  f.maybe("key = ?", q.case_no);
  f.maybe("sender = ?", q.instance);
  f.maybe("state = ?", q.state);
  if (q.open_only) f.require("state = 'waiting'");
  if (q.with_incidents) f.require("state = 'incident'");
  const std::string sql = fmt::format("{}{} ORDER BY id LIMIT {}", kept_columns, f.where(), std::min<std::size_t>(q.limit, 1'000'000'000));
  return read([&](Connection& c) -> Result<std::vector<KeptRow>> { return rows_of(c.query_text(sql, f.values())); });
}

std::optional<Error> SqliteStore::write_kept(const Change& change, const SqliteRows& rows) {
  Connection& c = *writer_;
  for (const KeptLine& line : rows.kept) {
    const driver::KeptMessage& m = *line.message;
    {
      Rows most = c.query("SELECT 1 FROM kept_message WHERE state = 'waiting' AND key = ? AND name = ? LIMIT 1 OFFSET ?", m.message.correlation,
                          m.message.name, static_cast<std::uint64_t>(driver::most_kept - 1));
      if (most.next()) return driver::too_many_kept(m.message);
    }
    c.run(
        "INSERT INTO kept_message (name, key, to_case, payload, sender, heard_by, arrived, until, discard, may_start, chain, request, state, rule, "
        "error, calls, offered, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'waiting', '', '', 1, 0, ?)",
        m.message.name, m.message.correlation, m.to_case, Blob{line.payload}, m.from, m.heard_by, m.arrived, m.until, m.discard, m.may_start, m.chain,
        change.request_id, line.seal);
    calls_ = true;
  }
  for (const KeptEnd& end : change.kept_ends)
    if (auto refused = end_kept(end, change.at)) return refused;
  for (const KeptOffer& offer : change.kept_offered) c.run("UPDATE kept_message SET offered = max(offered, ?) WHERE id = ?", offer.calls, offer.id);
  return std::nullopt;
}

std::optional<Error> SqliteStore::end_kept(const KeptEnd& end, Instant at) {
  Connection& c = *writer_;
  std::optional<KeptRow> row;
  {
    Rows rows = c.query_text(std::string(kept_columns) + " WHERE id = ?", {signed_of(end.id)});
    if (rows.next()) row = kept_row(rows);
  }
  if (!row || !can_end(row->state, end.outcome)) return driver::kept_no_more();
  const bool waited = row->state == KeptRow::State::waiting;
  switch (end.outcome) {
    case KeptEnd::Outcome::taken:
    case KeptEnd::Outcome::over: c.run("DELETE FROM kept_message WHERE id = ?", end.id); break;
    case KeptEnd::Outcome::incident:
      c.run("UPDATE kept_message SET state = 'incident', rule = ?, error = ?, decided = ? WHERE id = ?", end.rule, end.error, at, end.id);
      break;
    case KeptEnd::Outcome::dropped: {
      const std::string why = error_of_dropped(row->error, end.error);
      c.run("UPDATE kept_message SET state = 'dropped', error = ?, decided = ? WHERE id = ?", why, at, end.id);
      break;
    }
    case KeptEnd::Outcome::again:
    case KeptEnd::Outcome::retimed: {
      const bool begins = row->message.until >= driver::no_end && end.until < driver::no_end;
      row->message.until = end.until;
      const std::string payload = encode_value(row->message.message.payload);
      c.run("UPDATE kept_message SET state = 'waiting', rule = '', error = '', decided = NULL, until = ?, calls = calls + 1, seal = ? WHERE id = ?",
            end.until, seal_of_kept(row->message, payload, row->request_id), end.id);
      calls_ = true;
      // Nobody suspended waits for those behind it either.
      if (begins) call_for_next(row->message.message.correlation, row->message.message.name, driver::no_end);
    }
  }
  if (waited && end.outcome != KeptEnd::Outcome::retimed) call_for_next(row->message.message.correlation, row->message.message.name, at);
  return std::nullopt;
}

/// Of each address the oldest alone: those behind it are called for when it goes. So a long queue costs no more than a short one.
void SqliteStore::call_for(const core::Subscription& s, const std::string& case_no, Instant at) {
  if (s.kind != core::SubscriptionKind::message || core::is_listening(s)) return;
  call_for_next(s.correlation, s.name, at);
  if (case_no == s.correlation) return;
  if (writer_->run(
          "UPDATE kept_message SET calls = calls + 1 WHERE id = (SELECT id FROM kept_message WHERE state = 'waiting' AND key = ? AND name = ? "
          "AND to_case = 1 AND until >= ? ORDER BY id LIMIT 1)",
          case_no, s.name, at) > 0)
    calls_ = true;
}

/// `from`: how long it must be kept at least.
void SqliteStore::call_for_next(const std::string& key, const std::string& name, Instant from) {
  if (writer_->run(
          "UPDATE kept_message SET calls = calls + 1 WHERE id = (SELECT id FROM kept_message WHERE state = 'waiting' AND key = ? AND name = ? "
          "AND until >= ? ORDER BY id LIMIT 1)",
          key, name, from) > 0)
    calls_ = true;
}

/// A suspended case that waits no more: the time of what it would have had begins.
void SqliteStore::call_for_gone(const Change& change, const SqliteRows& rows) {
  if (change.before == nullptr || change.before->state != core::InstanceState::suspended) return;
  for (const core::Subscription* s : rows.rows.subscriptions_gone) call_for(*s, change.after->case_no, change.at);
}

void SqliteStore::call_for_kept(const Change& change, const SqliteRows& rows) {
  const core::ProcessInstance& after = *change.after;
  call_for_gone(change, rows);
  if (core::is_finished(after.state)) {
    if (after.parent || (change.before != nullptr && core::is_finished(change.before->state))) return;
    if (writer_->run("UPDATE kept_message SET calls = calls + 1 WHERE id IN (SELECT min(id) FROM kept_message WHERE state = 'waiting' AND key = ? "
                     "AND may_start = 1 AND until >= ? GROUP BY name)",
                     after.case_no, change.at) > 0)
      calls_ = true;
    return;
  }
  if (!core::receives(after)) return;
  if (change.before != nullptr && !core::receives(*change.before)) {
    for (const core::Subscription& s : after.subscriptions) call_for(s, after.case_no, change.at);
    return;
  }
  for (const core::Subscription* s : rows.rows.subscriptions_new) call_for(*s, after.case_no, change.at);
}

/// Every row against its seal, and whether it has what its state says.
void SqliteStore::check_kept(Connection& c, const Found& found) {
  Rows rows = c.query_text(std::string(kept_columns) + " ORDER BY id", {});
  while (rows.next()) {
    try {
      const KeptRow row = kept_row(rows);
      if (!row.damage.empty())
        found(row.damage);
      else if (row.decided.has_value() != (row.state != KeptRow::State::waiting) || (row.state == KeptRow::State::incident && row.rule.empty()) ||
               (row.state == KeptRow::State::waiting && !row.rule.empty()))
        found(fmt::format("message m-{}, which is kept: a column of its row does not fit the others", row.message.id));
    } catch (const NewerRow& newer) {
      found(fmt::format("message m-{}, which is kept: {}", rows.number(0), newer.why.message));
    }
  }
}

}  // namespace switchboard::store
