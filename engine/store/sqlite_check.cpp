// Reads everything and compares it: pages by SQLite, snapshots with their rows, histories with their snapshots.
#include <fmt/format.h>

#include <map>
#include <set>

#include "store/codec_rows.hpp"
#include "store/sqlite_store.hpp"

namespace switchboard::store {

/// How many rows follow from all instances; what a table has beyond that belongs to nobody.
struct SqliteStore::Tally {
  std::int64_t due = 0, waiting = 0, work = 0, groups = 0;
};

namespace {

std::int64_t count_of(Connection& c, const char* sql) {
  Rows rows = c.query(sql);
  return rows.next() ? rows.whole(0) : 0;
}

void compare_count(Connection& c, const char* sql, std::string_view what, std::int64_t expected,
                   const std::function<void(const std::string&)>& found) {
  const std::int64_t kept = count_of(c, sql);
  if (kept != expected) found(fmt::format("{} {} rows, but {} follow from the instances", kept, what, expected));
}

}  // namespace

Result<void> SqliteStore::check(const std::function<const model::ExecutableProcess*(std::string_view)>& definition,
                                const std::function<void(const std::string&)>& found) {
  return read_at_once([&](Connection& c) -> Result<void> {
    check_medium(c, found);
    check_texts(c, found);
    Tally tally;
    Rows rows = c.query(
        "SELECT id, case_no, process, definition, customer, parent, state, started, last, ended, incidents, snapshot FROM instance ORDER BY id");
    while (rows.next()) {
      const std::string hash = rows.text(3);
      const model::ExecutableProcess* process = definition(hash);
      if (process == nullptr) {
        found(fmt::format("{}: its definition {} is not deployed or cannot be made again", text_of({rows.number(0)}), hash));
        continue;
      }
      try {
        check_instance(c, rows, *process, tally, found);
      } catch (const DamagedRow& damage) {
        found(damage.what);
      }
    }
    compare_count(c, "SELECT count(*) FROM due", "due", tally.due, found);
    compare_count(c, "SELECT count(*) FROM due INDEXED BY due_order WHERE due > -9223372036854775808", "ordered due", tally.due, found);
    compare_count(c, "SELECT count(*) FROM waiting", "subscription", tally.waiting, found);
    compare_count(c, "SELECT count(*) FROM work", "work", tally.work, found);
    compare_count(c, "SELECT count(*) FROM work_group", "work group", tally.groups, found);
    return success();
  });
}

void SqliteStore::check_medium(Connection& c, const Found& found) {
  Rows rows = c.query("PRAGMA integrity_check(50)");
  while (rows.next()) {
    if (rows.bytes(0) != "ok") found(fmt::format("SQLite: {}", rows.text(0)));
  }
}

void SqliteStore::check_texts(Connection& c, const Found& found) {
  Rows deployments = c.query("SELECT process, source, library, checksum FROM deployment");
  while (deployments.next()) {
    if (checksum(deployments.text(1) + deployments.text(2)) != deployments.whole(3))
      found(fmt::format("the deployment of process '{}' is not what was written", deployments.text(0)));
  }
  Rows resources = c.query("SELECT kind, id, text, checksum FROM resource");
  while (resources.next()) {
    if (checksum(resources.bytes(2)) != resources.whole(3))
      found(fmt::format("{} '{}' is not what was written", resources.text(0), resources.text(1)));
  }
  Rows outbox = c.query("SELECT id, body FROM outbox");
  while (outbox.next()) {
    if (!decode_value(outbox.bytes(1))) found(fmt::format("outbox record {} is not what was written", outbox.number(0)));
  }
  Rows errands = c.query("SELECT instance, effect FROM errand");
  while (errands.next()) {
    if (!decode_errand(errands.bytes(1))) found(fmt::format("an errand of {} is not what was written", text_of({errands.number(0)})));
  }
}

void SqliteStore::check_instance(Connection& c, const Rows& row, const model::ExecutableProcess& process, Tally& tally, const Found& found) {
  const core::ProcessInstance i = snapshot_of(row, 11, {row.number(0)});
  check_columns(row, i, found);
  check_due(c, process, i, tally, found);
  check_waiting(c, i, tally, found);
  check_work(c, process, i, tally, found);
  check_clocks(c, i, found);
  check_history(c, i, found);
}

void SqliteStore::check_columns(const Rows& row, const core::ProcessInstance& i, const Found& found) {
  const bool ended = core::is_finished(i.state);
  const bool same = row.bytes(1) == i.case_no && row.bytes(2) == i.process && row.bytes(3) == i.definition && row.bytes(4) == i.customer &&
                    row.is_null(5) == !i.parent && (!i.parent || row.number(5) == i.parent->instance.value) &&
                    row.bytes(6) == core::to_string(i.state) && row.instant(7) == i.started && row.instant(8) == i.last && row.is_null(9) == !ended &&
                    (!ended || row.instant(9) == i.ended) && row.number(10) == i.incidents.size();
  if (!same) found(fmt::format("{}: a column of its row is not what its state says", text_of(i.key)));
}

void SqliteStore::check_due(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, Tally& tally,
                            const Found& found) {
  const std::vector<DueRow> expected = due_rows(process, i);
  tally.due += static_cast<std::int64_t>(expected.size());
  std::map<DueId, DueRow> kept;
  Rows rows = c.query("SELECT due, kind, key, round, mark FROM due WHERE instance = ?", i.key);
  while (rows.next()) {
    const DueRow row{rows.instant(0),
                     i.key,
                     static_cast<DueRow::Kind>(rows.number(1)),
                     rows.number(2),
                     static_cast<std::uint32_t>(rows.number(3)),
                     static_cast<std::uint32_t>(rows.number(4))};
    kept.emplace(id_of(row), row);
  }
  for (const DueRow& row : expected) {
    const auto same = kept.find(id_of(row));
    if (same == kept.end() || (same->second != row && is_comparable(process, i, row)))
      found(fmt::format("{}: the due row of {} {} is missing or differs", text_of(i.key), word_of(row.kind), row.key));
  }
}

void SqliteStore::check_waiting(Connection& c, const core::ProcessInstance& i, Tally& tally, const Found& found) {
  if (!receives(i)) return;
  for (const core::Subscription& s : i.subscriptions) {
    ++tally.waiting;
    Rows row =
        c.query("SELECT element_key, element, case_no FROM waiting WHERE kind = ? AND name = ? AND correlation = ? AND instance = ? AND key = ?",
                static_cast<std::uint32_t>(s.kind), s.name, s.correlation, i.key, s.key);
    if (!row.next() || row.number(0) != s.element_key.value || row.number(1) != s.element.value || row.bytes(2) != i.case_no)
      found(fmt::format("{}: the row of subscription {} is missing or differs", text_of(i.key), s.key.value));
  }
}

void SqliteStore::check_work(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, Tally& tally,
                             const Found& found) {
  for (const core::Work& w : i.work) {
    ++tally.work;
    Rows row =
        c.query("SELECT element, state, topic, assignee, priority, retries, due, offered FROM work WHERE instance = ? AND key = ?", i.key, w.key);
    const bool same = row.next() && row.bytes(0) == path_of(process, w.element) && row.bytes(1) == work_state(i, w) && row.bytes(2) == w.topic &&
                      row.bytes(3) == w.assignee && row.whole(4) == w.priority && row.whole(5) == w.retries && row.maybe_instant(6) == w.due &&
                      row.instant(7) == w.offered;
    if (!same) found(fmt::format("{}: the row of work {} is missing or differs", text_of(i.key), w.key.value));
    for (const std::string& group : std::set<std::string>(w.groups.begin(), w.groups.end())) {
      ++tally.groups;
      Rows member = c.query("SELECT 1 FROM work_group WHERE name = ? AND instance = ? AND key = ?", group, i.key, w.key);
      if (!member.next()) found(fmt::format("{}: work {} is not filed under group '{}'", text_of(i.key), w.key.value, group));
    }
  }
}

void SqliteStore::check_clocks(Connection& c, const core::ProcessInstance& i, const Found& found) {
  for (const sla::Ledger& l : i.clocks) {
    Rows row =
        c.query("SELECT ledger, state, breached, due FROM clock WHERE instance = ? AND clock = ? AND round = ?", i.key, l.clock.value, l.round);
    const bool there = row.next();
    const auto kept = there ? decode_ledger(row.bytes(0)) : std::nullopt;
    if (!kept || *kept != l || row.bytes(1) != sla::to_string(l.state) || (row.whole(2) != 0) != l.breached || row.instant(3) != l.due)
      found(fmt::format("{}: the row of clock {} is missing or differs", text_of(i.key), l.clock.value));
  }
}

void SqliteStore::check_history(Connection& c, const core::ProcessInstance& i, const Found& found) {
  std::uint64_t next = 1;
  Rows rows = c.query("SELECT first, last, events FROM history WHERE instance = ? ORDER BY first", i.key);
  while (rows.next()) {
    const auto events = decode_events(rows.bytes(2));
    if (!events || events->size() != rows.number(1) - rows.number(0) + 1)
      found(fmt::format("{}: its history is not what was written, at event {}", text_of(i.key), rows.number(0)));
    if (rows.number(0) != next) found(fmt::format("{}: its history has a gap before event {}", text_of(i.key), rows.number(0)));
    next = rows.number(1) + 1;
  }
  if (next != i.sequence + 1) found(fmt::format("{}: its history ends at event {}, its state at {}", text_of(i.key), next - 1, i.sequence));
}

}  // namespace switchboard::store
