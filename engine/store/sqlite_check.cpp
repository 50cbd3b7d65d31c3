// Reads everything and compares it: pages by SQLite, snapshots with their rows, histories with their snapshots.
#include <fmt/format.h>

#include <array>
#include <map>
#include <set>
#include <utility>

#include "store/codec_rows.hpp"
#include "store/seals.hpp"
#include "store/sqlite_store.hpp"
#include "store/wal_check.hpp"

namespace switchboard::store {

/// How many rows follow from all instances; what a table has beyond that belongs to nobody.
struct SqliteStore::Tally {
  std::int64_t due = 0, waiting = 0, work = 0, groups = 0, searched = 0;
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
                                const std::function<void(const std::string&)>& told) {
  std::vector<std::string> lines;  // told at the end: what was read while the file changed is read again
  const Found found = [&](const std::string& line) { lines.push_back(line); };
  if (const LogState log = examine_log(options_.path); log.fault) told(fmt::format("{} [SB0618]", log_is_damaged(options_.path, *log.fault).message));
  const Result<void> checked = read_at_once([&](Connection& c) -> Result<void> {
    lines.clear();
    check_medium(c, found);
    check_texts(c, found);
    check_errands(c, found);
    check_outbox(c, found);
    check_lanes(c, found);
    check_kept(c, found);
    check_registers(c, found);
    check_orphans(c, found);
    check_words(c, definition, found);
    Tally tally;
    Rows rows = c.query(
        "SELECT id, case_no, process, definition, customer, parent, state, started, last, ended, incidents, snapshot, apart, holders, organisation, "
        "promise, "
        "reopens FROM instance "
        "ORDER BY id");
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
      } catch (const NewerRow& newer) {
        found(fmt::format("{}: {}", text_of({rows.number(0)}), newer.why.message));
      }
    }
    compare_count(c, "SELECT count(*) FROM due", "due", tally.due, found);
    compare_count(c, "SELECT count(*) FROM due INDEXED BY due_order WHERE due > -9223372036854775808", "ordered due", tally.due, found);
    compare_count(c, "SELECT count(*) FROM waiting", "subscription", tally.waiting, found);
    compare_count(c, "SELECT count(*) FROM work", "work", tally.work, found);
    compare_count(c, "SELECT count(*) FROM work_group", "work group", tally.groups, found);
    compare_count(c, "SELECT count(*) FROM search", "search", tally.searched, found);
    return success();
  });
  for (const std::string& line : lines) told(line);
  return checked;
}

void SqliteStore::check_medium(Connection& c, const Found& found) {
  Rows rows = c.query("PRAGMA integrity_check(50)");
  while (rows.next()) {
    if (rows.bytes(0) != "ok") found(fmt::format("SQLite: {}", rows.text(0)));
  }
}

void SqliteStore::check_texts(Connection& c, const Found& found) {
  Rows deployments = c.query("SELECT process, number, hash, version, deployed, source, library, seal FROM deployment");
  while (deployments.next()) {
    const Deployment d{deployments.text(0),    deployments.text(2), deployments.text(3), deployments.number(1),
                       deployments.instant(4), deployments.text(5), deployments.text(6)};
    if (seal_of(d) != deployments.whole(7)) found(fmt::format("the deployment of process '{}' is not what was written", d.process));
  }
  Rows resources = c.query("SELECT kind, id, file, text, added, by_hand, seal FROM resource");
  while (resources.next()) {
    const Resource r{resources.text(0), resources.text(1), resources.text(2), resources.text(3), resources.instant(4), resources.whole(5) != 0};
    if (seal_of(r) != resources.whole(6)) found(fmt::format("{} '{}' is not what was written", r.kind, r.id));
  }
  Rows changes = c.query("SELECT calendar, at, before, from_now, seal FROM calendar_change");
  while (changes.next()) {
    const CalendarChange change{changes.text(0), changes.instant(1), changes.text(2), changes.whole(3) != 0, {}, false};
    if (seal_of(change) != changes.whole(4))
      found(fmt::format("the change of calendar '{}' is not what was written: `switchboard rederive --all` lets its cases follow", change.calendar));
  }
  Rows requests = c.query("SELECT id, answer, seal FROM request");
  while (requests.next()) {
    if (seal_of_request(requests.bytes(0), requests.bytes(1)) != requests.whole(2))
      found(fmt::format("the answer to request '{}' is not what was written", requests.text(0)));
  }
}

void SqliteStore::check_errands(Connection& c, const Found& found) {
  Rows rows = c.query("SELECT instance, sequence, place, effect, seal FROM errand");
  while (rows.next()) {
    const ErrandKey key{{rows.number(0)}, rows.number(1), static_cast<std::uint32_t>(rows.number(2))};
    if (seal_of_errand(key, rows.bytes(3)) != rows.whole(4) || !decode_errand(rows.bytes(3)))
      found(fmt::format("{}: errand {}/{} is not what was written and is not carried out", text_of(key.instance), key.sequence, key.index));
  }
}

/// Rows of a case that is not there: somebody took the case away, or part of it.
void SqliteStore::check_orphans(Connection& c, const Found& found) {
  struct Table {
    const char* sql;
    const char* what;
  };
  constexpr std::array tables = {
      Table{"SELECT DISTINCT instance FROM history WHERE instance NOT IN (SELECT id FROM instance)", "a history"},
      Table{"SELECT DISTINCT instance FROM clock WHERE instance NOT IN (SELECT id FROM instance)", "clocks"},
      Table{"SELECT DISTINCT instance FROM outbox WHERE instance <> 0 AND instance NOT IN (SELECT id FROM instance)", "outbox records"},
      Table{"SELECT DISTINCT instance FROM request WHERE instance > 0 AND instance NOT IN (SELECT id FROM instance)", "answers"},
      Table{"SELECT DISTINCT instance FROM errand WHERE instance NOT IN (SELECT id FROM instance)", "errands"},
      Table{"SELECT instance FROM snapshot WHERE instance NOT IN (SELECT id FROM instance)", "a state apart"},
      Table{"SELECT DISTINCT parent FROM instance WHERE parent NOT IN (SELECT id FROM instance)", "called cases"},
  };
  for (const Table& table : tables) {
    Rows rows = c.query(table.sql);
    while (rows.next()) found(fmt::format("{} has {}, but the case itself is not there", text_of({rows.number(0)}), table.what));
  }
}

void SqliteStore::check_instance(Connection& c, const Rows& row, const model::ExecutableProcess& process, Tally& tally, const Found& found) {
  const core::ProcessInstance i = state_of(c, row, 11, {row.number(0)});
  check_columns(row, i, found);
  check_due(c, process, i, tally, found);
  check_waiting(c, i, tally, found);
  check_work(c, process, i, tally, found);
  check_clocks(c, i, found);
  check_searched(c, process, i, tally, found);
  check_history(c, process, i, found);
}

void SqliteStore::check_columns(const Rows& row, const core::ProcessInstance& i, const Found& found) {
  const bool ended = core::is_finished(i.state);
  const bool same = row.bytes(1) == i.case_no && row.bytes(2) == i.process && row.bytes(3) == i.definition && row.bytes(4) == i.customer &&
                    row.is_null(5) == !i.parent && (!i.parent || row.number(5) == i.parent->instance.value) &&
                    row.bytes(6) == core::to_string(i.state) && row.instant(7) == i.started && row.instant(8) == i.last && row.is_null(9) == !ended &&
                    (!ended || row.instant(9) == i.ended) && row.number(10) == i.incidents.size() && row.bytes(13) == json_of(holders_of(i)) &&
                    row.bytes(14) == i.organisation && (ended || row.instant(15) == promise_of(i)) && row.number(16) == i.reopens.value;
  if (!same) found(fmt::format("{}: a column of its row is not what its state says", text_of(i.key)));
}

void SqliteStore::check_due(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, Tally& tally,
                            const Found& found) {
  const std::vector<DueRow> expected = core::due_of(process, i);
  tally.due += static_cast<std::int64_t>(expected.size());
  std::map<core::DueId, DueRow> kept;
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
    if (same == kept.end() || (!says_the_same(same->second, row) && is_comparable(process, i, row)))
      found(fmt::format("{}: the due row of {} {} is missing or differs", text_of(i.key), core::to_string(row.kind), row.key));
  }
}

void SqliteStore::check_waiting(Connection& c, const core::ProcessInstance& i, Tally& tally, const Found& found) {
  for (const core::Subscription& s : kept_subscriptions(i)) {
    ++tally.waiting;
    Rows row = c.query(
        "SELECT element_key, element, case_no, opened, seal FROM waiting WHERE kind = ? AND name = ? AND correlation = ? AND instance = ? AND key = "
        "?",
        static_cast<std::uint32_t>(s.kind), s.name, s.correlation, i.key, s.key);
    if (!row.next() || row.number(0) != s.element_key.value || row.number(1) != s.element.value || row.bytes(2) != i.case_no ||
        row.instant(3) != s.opened || row.whole(4) != seal_of_waiting(i.key, i.case_no, s))
      found(fmt::format("{}: the row of subscription {} is missing or differs", text_of(i.key), s.key.value));
  }
}

namespace {

bool item_is(std::string_view bytes, InstanceKey key, const core::Work& work) {
  const auto item = decode_work(bytes);
  return item && item.value().first == key && item.value().second == work;
}

}  // namespace

void SqliteStore::check_work(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, Tally& tally,
                             const Found& found) {
  for (const core::Work& w : i.work) {
    ++tally.work;
    const WorkLine line = work_line(process, i.key, w, true);
    Rows row = c.query(
        "SELECT element, state, topic, assignee, priority, retries, due, offered, groups, kind, first_group, item, organisation FROM work WHERE "
        "instance = ? AND "
        "key = ?",
        i.key, w.key);
    const bool same = row.next() && row.bytes(0) == path_of(process, w.element) && row.bytes(1) == work_state(i, w) && row.bytes(2) == w.topic &&
                      row.bytes(3) == w.assignee && row.whole(4) == w.priority && row.whole(5) == w.retries && row.maybe_instant(6) == w.due &&
                      row.instant(7) == w.offered && row.bytes(8) == json_of(w.groups) && row.bytes(9) == word_of(w.kind) &&
                      row.bytes(10) == line.first_group && item_is(row.bytes(11), i.key, w) && row.bytes(12) == core::organisation_of(i, w);
    if (!same) found(fmt::format("{}: the row of work {} is missing or differs", text_of(i.key), w.key.value));
    for (const std::string& group : line.other_groups) {
      ++tally.groups;
      Rows member = c.query("SELECT 1 FROM work_group WHERE name = ? AND instance = ? AND key = ?", group, i.key, w.key);
      if (!member.next()) found(fmt::format("{}: work {} is not filed under group '{}'", text_of(i.key), w.key.value, group));
    }
  }
}

void SqliteStore::check_clocks(Connection& c, const core::ProcessInstance& i, const Found& found) {
  std::set<std::pair<std::uint64_t, std::uint64_t>> rounds;
  Rows rows = c.query(
      "SELECT clock, round, id, ledger, seal, state, breached, due, started, original_due, budget, paused_us, ended FROM clock WHERE instance = ?",
      i.key);
  while (rows.next()) {
    rounds.emplace(rows.number(0), rows.number(1));
    const auto ledger = decode_ledger(rows.bytes(3));
    const sla::Ledger* l = ledger ? &ledger.value() : nullptr;
    const sla::Ledger* latest = i.find(model::ClockIndex{static_cast<std::uint32_t>(rows.number(0))});
    const bool ended = l != nullptr && (l->state == sla::ClockState::met || l->state == sla::ClockState::cancelled);
    const bool same = l != nullptr && seal_of_clock(i.key.value, rows.bytes(2), rows.bytes(3)) == rows.whole(4) &&
                      rows.bytes(5) == sla::to_string(l->state) && (rows.whole(6) != 0) == l->breached && rows.instant(7) == l->due &&
                      rows.instant(8) == l->started && rows.instant(9) == l->original_due && rows.bytes(10) == calendar::to_string(l->budget) &&
                      rows.whole(11) == l->paused_total.us && rows.is_null(12) == !ended && (!ended || rows.instant(12) == l->ended) &&
                      latest != nullptr && (latest->round != rows.number(1) || *latest == *l);
    if (!same) found(fmt::format("{}: the row of clock {}, round {}, is not what was written", text_of(i.key), rows.number(0), rows.number(1)));
  }
  for (const sla::Ledger& l : i.clocks) {
    if (!rounds.contains({l.clock.value, l.round})) found(fmt::format("{}: the row of clock {} is missing", text_of(i.key), l.clock.value));
  }
}

void SqliteStore::check_searched(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, Tally& tally,
                                 const Found& found) {
  for (const Searched& s : searched_of(process, i)) {
    ++tally.searched;
    Rows row = c.query("SELECT 1 FROM search WHERE name = ? AND value = ? AND instance = ?", s.name, s.value, i.key);
    if (!row.next()) found(fmt::format("{}: it is not found by its '{}'", text_of(i.key), s.name));
  }
}

void SqliteStore::check_history(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, const Found& found) {
  std::uint64_t next = 1;
  Rows rows = c.query(
      "SELECT h.first, h.last, h.at, h.what, h.events, h.seal, h.definition, d.hash FROM history h LEFT JOIN definition d ON d.id = h.definition "
      "WHERE h.instance = ? ORDER BY h.first",
      i.key);
  while (rows.next()) {
    const auto read = core::decode_events(rows.bytes(4));
    const std::vector<core::Event> events = read ? read.value() : std::vector<core::Event>();
    const bool same = !events.empty() && events.size() == rows.number(1) - rows.number(0) + 1 && rows.instant(2) == events.back().at &&
                      seal_of_history(i.key.value, rows.number(0), rows.number(1), rows.bytes(4), rows.bytes(7)) == rows.whole(5) &&
                      rows.is_null(6) == rows.is_null(7) &&
                      (rows.is_null(6) ? describe_events(process, events) : number_events(events)) == rows.bytes(3);
    if (!same) found(fmt::format("{}: its history is not what was written, at event {}", text_of(i.key), rows.number(0)));
    if (rows.number(0) != next) found(fmt::format("{}: its history has a gap before event {}", text_of(i.key), rows.number(0)));
    next = rows.number(1) + 1;
  }
  if (next != i.sequence + 1) found(fmt::format("{}: its history ends at event {}, its state at {}", text_of(i.key), next - 1, i.sequence));
}

/// The words for the numbers in histories.
void SqliteStore::check_words(Connection& c, const std::function<const model::ExecutableProcess*(std::string_view)>& definition, const Found& found) {
  for (const EventWord& w : event_words()) {
    Rows row = c.query("SELECT word, about FROM event_word WHERE number = ?", w.number);
    if (!row.next() || row.bytes(0) != w.word || row.number(1) != static_cast<std::uint64_t>(w.about))
      found(fmt::format("the word for event {} is not '{}'", w.number, w.word));
  }
  Rows definitions = c.query("SELECT id, hash FROM definition");
  while (definitions.next()) {
    const model::ExecutableProcess* process = definition(definitions.text(1));
    if (process == nullptr) continue;  // said of each of its cases
    bool same = true;
    const std::vector<Place> places = places_of(*process);
    auto expected = places.begin();
    Rows rows = c.query("SELECT kind, number, text FROM place WHERE definition = ? ORDER BY kind, number", definitions.whole(0));
    for (; same && rows.next(); ++expected)
      same = expected != places.end() && rows.number(0) == static_cast<std::uint64_t>(expected->kind) && rows.number(1) == expected->number &&
             rows.bytes(2) == expected->text;
    if (!same || expected != places.end()) found(fmt::format("the words for the things of definition {} are not its own", definitions.text(1)));
  }
}

}  // namespace switchboard::store
