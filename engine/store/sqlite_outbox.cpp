// The outbox in lanes (decision 0066). Table `ready` has one row for each lane in which a record waits: the first of them, from when it may be taken,
// and which record of the lane somebody has under a lease. So what a deliverer takes costs the same however much waits.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "store/codec_rows.hpp"
#include "store/damage.hpp"
#include "store/seals.hpp"
#include "store/sqlite_filter.hpp"
#include "store/sqlite_store.hpp"

namespace switchboard::store {

namespace {

constexpr const char* outbox_columns =
    "SELECT o.id, o.key, o.kind, o.state, o.instance, o.name, o.customer, o.body, o.created, o.delivered, o.attempts, o.error, i.case_no, "
    "i.process, o.text, o.seal, o.next_try, o.lease_until, o.token, o.given_up, (SELECT coalesce(r.taken, r.record) FROM ready r WHERE r.lane = "
    "o.lane), o.receipts "
    "FROM outbox o LEFT JOIN instance i ON i.id = o.instance";

/// A row of `outbox_columns`. One that is not what was written says so, and takes no other with it. Throws NewerRow.
OutboxRow outbox_row(const Rows& rows) {
  OutboxRow r;
  r.id = rows.number(0);
  r.key = rows.text(1);
  const auto kind = kind_of_word(rows.bytes(2));
  const auto state = state_of_word(rows.bytes(3));
  r.kind = kind.value_or(OutboxRow::Kind::incident);
  r.state = state.value_or(OutboxRow::State::failed);
  r.instance = {rows.number(4)};
  r.name = rows.text(5);
  r.customer = rows.text(6);
  r.created = rows.instant(8);
  r.delivered = rows.maybe_instant(9);
  r.attempts = static_cast<std::uint32_t>(rows.number(10));
  r.error = rows.text(11);
  r.case_no = rows.text(12);
  r.process = rows.text(13);
  r.next_try = rows.maybe_instant(16);
  r.lease_until = rows.maybe_instant(17);
  r.token = rows.number(18);
  r.given_up = rows.maybe_instant(19);
  if (r.state == OutboxRow::State::waiting && !rows.is_null(20) && rows.number(20) != r.id) r.behind = rows.number(20);
  const std::int64_t sum = seal_of_outbox(r.key, rows.bytes(2), r.instance.value, r.name, r.customer, rows.bytes(14), rows.bytes(7));
  auto body = readable(decode_value("an outbox record", rows.bytes(7)));
  if (!rows.is_null(21)) {
    auto receipts = readable(decode_value("receipts", rows.bytes(21)));
    if (receipts && receipts->value.list() != nullptr)
      r.receipts = std::move(receipts->value);
    else
      r.damage = fmt::format("the receipts of outbox record {} are not what was written", r.id);
  }
  if (kind && state && body && sum == rows.whole(15))
    r.body = std::move(body->value);
  else
    r.damage = fmt::format("outbox record {} is not what was written", r.id);
  return r;
}

/// Of the row `o` and its instance `i`, whatever they are called in the statement.
void filter_record(Filter& f, const Query& q, const std::string& o, const std::string& i) {
  f.maybe(o + ".instance = ?", q.instance);
  filter_case(f, q, o + ".instance");
  filter_process(f, q, i + ".process");
  f.maybe(o + ".state = ?", q.state);
  f.maybe(o + ".kind = ?", q.kind);
  filter_organisation(f, q, i + ".organisation");
}

struct Candidate {
  std::uint64_t id = 0;
  std::string lane;
};

std::optional<Candidate> candidate_in(Rows rows) {
  if (!rows.next()) return std::nullopt;
  return Candidate{rows.number(0), rows.text(1)};
}

/// Of those that `find` names: the first, by id, that nobody of them stands before in its lane, and whose lane nobody has.
std::optional<Candidate> candidate_among(Connection& c, const OutboxTake& take) {
  Filter before;
  before.require("p.lane = o.lane AND p.state = 'waiting' AND (p.since, p.id) < (o.since, o.id)");
  filter_record(before, take.find, "p", "j");
  Filter f;
  f.require("o.state = 'waiting'");
  f.require("o.next_try <= ?", take.now.us);
  f.require("(r.taken IS NULL OR r.at <= ?)", take.now.us);
  f.require("o.id > ?", signed_of(take.find.after));
  filter_record(f, take.find, "o", "i");
  std::vector<Bound> values = f.values();
  values.insert(values.end(), before.values().begin(), before.values().end());
  const std::string sql = fmt::format(
      "SELECT o.id, o.lane FROM outbox o LEFT JOIN instance i ON i.id = o.instance JOIN ready r ON r.lane = o.lane{} AND NOT EXISTS "
      "(SELECT 1 FROM outbox p LEFT JOIN instance j ON j.id = p.instance{}) ORDER BY o.id LIMIT 1",
      f.where(), before.where());
  return candidate_in(c.query_text(sql, values));
}

std::optional<Candidate> candidate(Connection& c, const OutboxTake& take) {
  if (names_records(take.find)) return candidate_among(c, take);
  return candidate_in(c.query("SELECT record, lane FROM ready WHERE at <= ? ORDER BY at, record LIMIT 1", take.now));
}

struct Lease {
  std::uint64_t record = 0;
  Instant until;
};

/// Which record of a lane somebody has.
std::optional<Lease> lease_of(Connection& c, const std::string& lane) {
  Rows rows = c.query("SELECT r.taken, o.lease_until FROM ready r JOIN outbox o ON o.id = r.taken WHERE r.lane = ?", lane);
  if (!rows.next() || rows.is_null(1)) return std::nullopt;
  return Lease{rows.number(0), rows.instant(1)};
}

/// Writes the row of a lane anew: a record of it has begun or ceased to wait, or somebody has taken or let go of one.
void settle(Connection& c, const std::string& lane, const std::optional<Lease>& lease) {
  std::optional<std::pair<std::uint64_t, Instant>> head;
  {
    Rows first = c.query("SELECT id, next_try FROM outbox WHERE lane = ? AND state = 'waiting' ORDER BY since, id LIMIT 1", lane);
    if (first.next()) head.emplace(first.number(0), first.instant(1));
  }
  if (!head) {
    c.run("DELETE FROM ready WHERE lane = ?", lane);
    return;
  }
  const std::optional<std::uint64_t> taken = lease ? std::optional(lease->record) : std::nullopt;
  c.run("INSERT OR REPLACE INTO ready VALUES (?, ?, ?, ?)", lane, head->first, lease ? lease->until : head->second, taken);
}

void give_up(Connection& c, std::uint64_t id, Instant at, const std::string& why) {
  c.run("UPDATE outbox SET state = 'failed', given_up = ?, error = ?, next_try = NULL, lease_until = NULL, token = token + 1 WHERE id = ?", at, why,
        id);
}

/// The lease of a record has run out: whoever had it died, or hangs. It may be tried again at once, unless that was the last time.
void expire(Connection& c, const std::string& lane, const Lease& lease, const OutboxTake& take) {
  bool was_last = false;
  {
    Rows rows = c.query("SELECT attempts FROM outbox WHERE id = ?", lease.record);
    was_last = rows.next() && rows.number(0) >= take.attempts;
  }
  const std::string why(never_answered);
  if (was_last)
    give_up(c, lease.record, take.now, why);
  else
    c.run("UPDATE outbox SET error = ?, lease_until = NULL, token = token + 1 WHERE id = ?", why, lease.record);
  settle(c, lane, std::nullopt);
}

OutboxRow record_with(Connection& c, std::uint64_t id) {
  OutboxRow row;
  row.id = id;
  try {
    Rows rows = c.query_text(std::string(outbox_columns) + " WHERE o.id = ?", {signed_of(id)});
    if (rows.next()) return outbox_row(rows);
    row.damage = "its row is missing";
  } catch (const NewerRow& newer) {
    row.damage = newer.why.message;
  }
  return row;
}

std::optional<OutboxRow> taken_by(Connection& c, const OutboxTake& take) {
  while (const auto found = candidate(c, take)) {
    if (const auto lease = lease_of(c, found->lane)) {
      expire(c, found->lane, *lease, take);
      continue;
    }
    const OutboxRow row = record_with(c, found->id);
    if (!row.damage.empty()) {
      give_up(c, found->id, take.now, row.damage);
      settle(c, found->lane, std::nullopt);
      continue;
    }
    const bool waits = c.run("UPDATE outbox SET attempts = attempts + 1, lease_until = ?, token = token + 1 WHERE id = ? AND state = 'waiting'",
                             take.lease_until, found->id) == 1;
    settle(c, found->lane, waits ? std::optional(Lease{found->id, take.lease_until}) : std::nullopt);
    if (waits) return record_with(c, found->id);
  }
  return std::nullopt;
}

/// False when it comes too late.
bool is_noted(Connection& c, const OutboxAnswer& a) {
  std::string lane;
  {
    Rows rows = c.query("SELECT lane FROM outbox WHERE id = ? AND state = 'waiting' AND token = ? AND lease_until IS NOT NULL", a.id, a.token);
    if (!rows.next()) return false;
    lane = rows.text(0);
  }
  switch (a.outcome) {
    case OutboxAnswer::Outcome::delivered:
      c.run("UPDATE outbox SET state = 'delivered', delivered = ?, error = '', next_try = NULL, lease_until = NULL WHERE id = ?", a.at, a.id);
      break;
    case OutboxAnswer::Outcome::again:
      c.run("UPDATE outbox SET error = ?, next_try = ?, lease_until = NULL WHERE id = ?", a.error, a.next_try, a.id);
      break;
    case OutboxAnswer::Outcome::failed: give_up(c, a.id, a.at, a.error); break;
  }
  settle(c, lane, std::nullopt);
  return true;
}

}  // namespace

Result<std::vector<OutboxRow>> SqliteStore::outbox(const Query& q) {
  if (q.limit == 0) return std::vector<OutboxRow>();
  Filter f;
  filter_record(f, q, "o", "i");
  if (q.open_only) f.require("o.state = 'waiting'");
  if (q.with_incidents) f.require("o.state = 'failed'");
  if (q.due_before) f.require("o.id IN (SELECT record FROM ready WHERE at <= ?)", q.due_before->us);
  // What is about no case comes before the first one.
  if (!q.with_incidents || q.after > 0) f.require(q.with_incidents ? "o.instance > ?" : "o.id > ?", signed_of(q.after));
  const std::string sql = std::string(outbox_columns) + f.where() +
                          (q.with_incidents ? std::string(" ORDER BY o.instance, o.id")
                                            : fmt::format(" ORDER BY o.id LIMIT {}", std::min<std::size_t>(q.limit, 1'000'000'000)));
  return read([&](Connection& c) -> Result<std::vector<OutboxRow>> {
    std::vector<OutboxRow> found;
    Rows rows = c.query_text(sql, f.values());
    while (rows.next()) {
      // Whole cases; what is about none does not keep the first case out.
      if (found.size() >= q.limit && found.back().instance && found.back().instance.value != rows.number(4)) break;
      found.push_back(outbox_row(rows));
    }
    return found;
  });
}

Result<OutboxTurn> SqliteStore::outbox_turn(const OutboxAnswer* answer, const OutboxTake* take) {
  if (writer_ == nullptr) return read_only_store(options_.path);
  OutboxTurn turn;
  if (answer == nullptr) {  // who asks in vain does not keep others from writing
    if (take == nullptr) return turn;
    SB_TRY(const bool is_there, read([&](Connection& c) -> Result<bool> { return candidate(c, *take).has_value(); }));
    if (!is_there) return turn;
  }
  SB_TRYV(write([&](Connection& c) -> std::optional<Error> {
    if (answer != nullptr) turn.late = !is_noted(c, *answer);
    if (take != nullptr) turn.row = taken_by(c, *take);
    return std::nullopt;
  }));
  return turn;
}

void SqliteStore::write_outbox(const OutboxLine& line) {
  const OutboxRow& row = line.row;
  Connection& c = *writer_;
  const int written = c.run(
      "INSERT OR IGNORE INTO outbox (key, kind, state, instance, name, customer, text, body, created, attempts, error, seal, lane, since, next_try) "
      "VALUES (?, ?, 'waiting', ?, ?, ?, ?, ?, ?, 0, '', ?, ?, ?, ?)",
      row.key, store::word_of(row.kind).data(), row.instance, row.name, row.customer, line.text, Blob{line.body}, row.created, line.seal,
      line.place.lane, line.place.since, line.place.since);
  if (written == 0) return;
  const std::int64_t id = c.database().getLastInsertRowid();
  if (c.run("INSERT OR IGNORE INTO ready VALUES (?, ?, ?, NULL)", line.place.lane, id, line.place.since) == 1) return;
  bool is_first = false;
  {
    Rows head = c.query("SELECT o.since FROM ready r JOIN outbox o ON o.id = r.record WHERE r.lane = ?", line.place.lane);
    is_first = !head.next() || line.place.since < head.instant(0);
  }
  if (is_first) settle(c, line.place.lane, lease_of(c, line.place.lane));
}

std::optional<Error> SqliteStore::write_verdict(const OutboxVerdict& verdict, Instant at) {
  Connection& c = *writer_;
  std::string lane;
  std::string error;
  {
    Rows rows = c.query("SELECT lane, error, state, attempts, receipts FROM outbox WHERE id = ?", verdict.id);
    if (!rows.next()) return no_such_outbox(verdict.id);
    if (verdict.receipt) {
      if (rows.number(3) == 0 && rows.bytes(2) == word_of(OutboxRow::State::waiting)) return never_told(verdict.id);
      auto before = rows.is_null(4) ? std::optional(StoredValue{}) : readable(decode_value("receipts", rows.bytes(4)));
      const std::string bytes = encode_value(with_receipt(before ? before->value : Value(), *verdict.receipt));
      c.run("UPDATE outbox SET receipts = ? WHERE id = ?", Blob{bytes}, verdict.id);
      return std::nullopt;
    }
    if (rows.bytes(2) != word_of(OutboxRow::State::failed)) return has_not_failed(verdict.id);
    lane = rows.text(0);
    error = rows.text(1);
  }
  if (verdict.drop) {
    const std::string why = error_of_dropped(error, verdict.by_whom_and_why);
    c.run("UPDATE outbox SET state = 'dropped', given_up = ?, error = ? WHERE id = ?", at, why, verdict.id);
    return std::nullopt;
  }
  c.run("UPDATE outbox SET state = 'waiting', attempts = 0, given_up = NULL, next_try = ? WHERE id = ?", at, verdict.id);
  settle(c, lane, lease_of(c, lane));
  return std::nullopt;
}

namespace {

/// Which instants a row of this state has, and which not.
bool fits_its_state(const OutboxRow& r) {
  const bool waits = r.state == OutboxRow::State::waiting;
  const bool is_over_in_vain = r.state == OutboxRow::State::failed || r.state == OutboxRow::State::dropped;
  return r.next_try.has_value() == waits && (waits || !r.lease_until) && r.given_up.has_value() == is_over_in_vain &&
         r.delivered.has_value() == (r.state == OutboxRow::State::delivered);
}

/// Records that were delivered before there were lanes have none. Whoever could not read the case did not know its number.
bool stands_in_its_lane(OutboxRow row, std::string_view lane, Instant since) {
  if (row.state == OutboxRow::State::delivered && lane.empty()) return true;
  const OutboxPlace place = place_of(row);
  row.case_no.clear();
  return (lane == place.lane || lane == place_of(row).lane) && since == place.since;
}

}  // namespace

/// Every record against its seal, and its columns against each other.
void SqliteStore::check_outbox(Connection& c, const Found& found) {
  std::string sql(outbox_columns);
  sql.insert(sql.rfind(" FROM outbox o"), ", o.lane, o.since");
  Rows rows = c.query_text(sql + " ORDER BY o.id", {});
  while (rows.next()) {
    try {
      const OutboxRow row = outbox_row(rows);
      if (!row.damage.empty())
        found(row.damage);
      else if (!fits_its_state(row) || !stands_in_its_lane(row, rows.bytes(22), rows.instant(23)))
        found(fmt::format("outbox record {}: a column of its row does not fit the others", row.id));
    } catch (const NewerRow& newer) {
      found(fmt::format("outbox record {}: {}", rows.number(0), newer.why.message));
    }
  }
}

/// Each lane with its row in `ready`, and no row without a lane.
void SqliteStore::check_lanes(Connection& c, const Found& found) {
  std::int64_t lanes = 0;
  std::string lane;
  const auto wrong = [&] { found(fmt::format("the row of the lane '{}' of the outbox is missing or differs", lane)); };
  Rows rows = c.query(
      "SELECT o.lane, o.id, o.next_try, o.lease_until, r.record, r.at, r.taken FROM outbox o LEFT JOIN ready r ON r.lane = o.lane "
      "WHERE o.state = 'waiting' ORDER BY o.lane, o.since, o.id");
  while (rows.next()) {
    const std::uint64_t id = rows.number(1);
    const bool is_head = lanes == 0 || rows.bytes(0) != lane;
    if (is_head) {
      ++lanes;
      lane = rows.text(0);
      const bool fits = !rows.is_null(4) && rows.number(4) == id && (!rows.is_null(6) || rows.maybe_instant(5) == rows.maybe_instant(2));
      if (!fits) wrong();
    }
    const bool is_taken = !rows.is_null(6) && rows.number(6) == id;
    if (is_taken != !rows.is_null(3) || (is_taken && rows.maybe_instant(5) != rows.maybe_instant(3)))
      found(fmt::format("outbox record {}: its lease is not that of its lane", id));
  }
  Rows all = c.query("SELECT count(*), (SELECT count(*) FROM ready INDEXED BY ready_order WHERE at > -9223372036854775808) FROM ready");
  if (all.next() && (all.whole(0) != lanes || all.whole(1) != lanes))
    found(fmt::format("{} rows for {} lanes of the outbox", std::max(all.whole(0), all.whole(1)), lanes));
}

}  // namespace switchboard::store
