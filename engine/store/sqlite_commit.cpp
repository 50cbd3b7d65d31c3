// The write path: changes of instances, each with its rows, many in one transaction.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "store/codec_rows.hpp"
#include "store/damage.hpp"
#include "store/seals.hpp"
#include "store/sqlite_store.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::store {

namespace {

std::optional<Instant> end_of(const core::ProcessInstance& i) { return core::is_finished(i.state) ? std::optional(i.ended) : std::nullopt; }

}  // namespace

Result<void> SqliteStore::commit(std::span<const Change> changes, std::size_t& conflict_index) {
  if (writer_ == nullptr) return read_only_store(options_.path);
  return write([&](Connection& c) -> std::optional<Error> {
    // Read once for all of them, under the lock that whoever changes a calendar needs, too.
    std::optional<std::uint64_t> definitions;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      if (changes[i].definitions != 0 && !definitions) definitions = generation_in(c);
      auto refused =
          changes[i].definitions != 0 && changes[i].definitions != *definitions ? std::optional(version_stale(changes[i])) : write_change(changes[i]);
      if (refused) {
        conflict_index = i;
        return refused;
      }
    }
    note_latest(changes);
    return std::nullopt;
  });
}

/// To the hour, so that hardly a commit writes it: what is asked of it is whether a clock has jumped by a year.
void SqliteStore::note_latest(std::span<const Change> changes) {
  constexpr Duration coarse = Duration::hours(1);
  Instant at = latest_noted_;
  for (const Change& change : changes) at = std::max(at, change.at);
  const bool is_known = latest_noted_.us != std::numeric_limits<std::int64_t>::min();
  if (is_known && at <= latest_noted_ + coarse) return;
  if (!is_known) {
    Rows there = writer_->query("SELECT coalesce((SELECT value FROM counter WHERE name = 'latest'), (SELECT max(last) FROM instance))");
    if (there.next() && !there.is_null(0)) latest_noted_ = there.instant(0);
    Rows exists = writer_->query("SELECT 1 FROM counter WHERE name = 'latest'");
    if (exists.next() && at <= latest_noted_ + coarse) return;
  }
  latest_noted_ = std::max(latest_noted_, at);
  writer_->run("INSERT INTO counter VALUES ('latest', ?1) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)", latest_noted_);
}

std::unique_ptr<const Preparation> SqliteStore::prepare(const Change& change) const { return std::make_unique<const SqliteRows>(change); }

/// What is kept in memory of a transaction goes with it.
void SqliteStore::roll_back() noexcept {
  writer_->roll_back();
  calls_ = false;
  definition_ids_.clear();
  latest_noted_ = Instant{std::numeric_limits<std::int64_t>::min()};
}

std::optional<Error> SqliteStore::write_change(const Change& change) {
  if (change.prepared != nullptr) return write_rows(change, static_cast<const SqliteRows&>(*change.prepared));
  return write_rows(change, SqliteRows(change));
}

std::optional<Error> SqliteStore::write_rows(const Change& change, const SqliteRows& rows) {
  if (!change.request_id.empty() && !write_answer(change, rows)) return request_known(change);
  if (change.after != nullptr) {
    const std::optional<std::uint64_t> behind = behind_after(change, rows);
    if (change.expected_version == 0) {
      if (auto refused = insert_instance(change, rows)) return refused;
    } else if (!update_instance(change, rows, behind)) {
      return version_stale(change);
    }
    write_snapshot(change, rows, behind);
    write_history(change, rows);
    write_due(rows.rows);
    write_waiting(change, rows);
    write_work(change, rows);
    write_clocks(change, rows);
    write_searched(change, rows.rows);
    call_for_kept(change, rows);
  }
  for (const ErrandLine& e : rows.errands)
    writer_->run("INSERT OR REPLACE INTO errand VALUES (?, ?, ?, ?, ?, ?, 0)", e.key.instance, e.key.sequence, e.key.index, Blob{e.bytes}, e.seal,
                 e.chain);
  for (const ErrandKey& key : change.errands_done)
    writer_->run("DELETE FROM errand WHERE instance = ? AND sequence = ? AND place = ?", key.instance, key.sequence, key.index);
  for (const ErrandKey& key : change.errands_aside)
    writer_->run("UPDATE errand SET aside = 1 WHERE instance = ? AND sequence = ? AND place = ?", key.instance, key.sequence, key.index);
  for (const ErrandKey& key : change.errands_again)
    writer_->run("UPDATE errand SET aside = 0, chain = 0 WHERE instance = ? AND sequence = ? AND place = ?", key.instance, key.sequence, key.index);
  for (const OutboxLine& line : rows.outbox) write_outbox(line);
  for (const OutboxVerdict& verdict : change.verdicts)
    if (auto refused = write_verdict(verdict, change.at)) return refused;
  return write_kept(change, rows);
}

/// False when the request has an answer already. An answer is filed under the case it was given for (0: none), which decides how long it is kept.
bool SqliteStore::write_answer(const Change& change, const SqliteRows& rows) {
  const Blob answer{change.answer};
  if (change.replaces_answer &&
      writer_->run("UPDATE request SET at = ?, answer = ?, seal = ? WHERE id = ?", change.at, answer, rows.request_seal, change.request_id) == 1)
    return true;
  const InstanceKey instance = change.after == nullptr ? InstanceKey{} : change.after->key;
  return writer_->run("INSERT OR IGNORE INTO request VALUES (NULL, ?, ?, ?, ?, ?)", change.request_id, change.at, answer, rows.request_seal,
                      instance) == 1;
}

Result<Pruned> SqliteStore::prune(Instant before) {
  if (writer_ == nullptr) return read_only_store(options_.path);
  Pruned pruned;
  SB_TRYV(write([&](Connection& c) -> std::optional<Error> {
    pruned.requests = static_cast<std::size_t>(c.run(
        "DELETE FROM request WHERE at < ?1 AND id NOT GLOB 'schedule:*' AND id NOT IN (SELECT request FROM kept_message WHERE request <> '') AND "
        "(instance = 0 OR instance IN "
        "(SELECT id FROM instance WHERE ended IS NOT NULL AND ended < ?1 AND id NOT IN (SELECT instance FROM errand)))",
        before));
    pruned.outbox = static_cast<std::size_t>(
        c.run("DELETE FROM outbox WHERE state IN ('delivered', 'dropped') AND coalesce(delivered, given_up) < ?1 AND instance IN "
              "(SELECT id FROM instance WHERE ended IS NOT NULL AND ended < ?1 AND id NOT IN (SELECT instance FROM errand))",
              before));
    pruned.outbox += static_cast<std::size_t>(c.run("DELETE FROM kept_message WHERE state = 'dropped' AND decided < ?", before));
    c.run("INSERT INTO counter VALUES ('pruned before', ?1) ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)", before);
    return std::nullopt;
  }));
  return pruned;
}

std::optional<Error> SqliteStore::insert_instance(const Change& change, const SqliteRows& rows) {
  const core::ProcessInstance& i = *change.after;
  const std::optional<InstanceKey> parent = i.parent ? std::optional(i.parent->instance) : std::nullopt;
  const std::optional<std::uint64_t> apart = rows.is_apart ? std::optional(i.sequence) : std::nullopt;
  const int written = writer_->run("INSERT OR IGNORE INTO instance VALUES (?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)", i.key,
                                   i.case_no, i.process, i.definition, i.customer, parent, core::to_string(i.state).data(), change.stage, i.started,
                                   i.last, end_of(i), static_cast<std::uint64_t>(i.incidents.size()), Blob{rows.snapshot}, rows.holders, apart,
                                   promise_of(i), i.reopens ? std::optional(i.reopens) : std::nullopt);
  if (written == 1) return std::nullopt;
  Rows same_key = writer_->query("SELECT 1 FROM instance WHERE id = ?", i.key);
  if (!same_key.next()) return number_taken(change);
  keys_known_ = false;
  return version_stale(change);
}

/// The bytes of the events that the snapshot apart will not have; 0: it is written now, with this change. Nothing: there is none. It is written again
/// when the events behind it have become as many bytes as the state, so that both together cost what the events cost, however large the case is.
std::optional<std::uint64_t> SqliteStore::behind_after(const Change& change, const SqliteRows& rows) {
  if (!rows.is_apart) return std::nullopt;
  if (change.expected_version == 0) return std::uint64_t{0};
  Rows row = writer_->query("SELECT behind FROM instance WHERE id = ? AND apart IS NOT NULL", change.after->key);
  if (!row.next()) return std::uint64_t{0};
  const std::uint64_t behind = row.number(0) + std::max<std::uint64_t>(1, rows.events.size());
  return behind < rows.bytes ? behind : 0;
}

void SqliteStore::write_snapshot(const Change& change, const SqliteRows& rows, std::optional<std::uint64_t> behind) {
  if (behind == std::uint64_t{0})
    writer_->run("INSERT OR REPLACE INTO snapshot VALUES (?, ?)", change.after->key, Blob{core::encode(*change.after)});
  else if (rows.was_apart && !rows.is_apart)
    writer_->run("DELETE FROM snapshot WHERE instance = ?", change.after->key);
}

/// Most commands move a case without ending it: then only columns that no index knows are set, and no index is written.
bool SqliteStore::update_instance(const Change& change, const SqliteRows& rows, std::optional<std::uint64_t> behind) {
  const core::ProcessInstance& i = *change.after;
  const core::ProcessInstance& b = *change.before;
  const std::uint64_t next = change.expected_version + 1;
  const Instant promise = promise_of(i);
  const bool indexes_stay = i.customer == b.customer && core::is_finished(i.state) == core::is_finished(b.state) &&
                            i.incidents.size() == b.incidents.size() && promise == promise_of(b);
  const char* state = core::to_string(i.state).data();
  const std::optional<std::uint64_t> apart = rows.is_apart ? std::optional(i.sequence) : std::nullopt;
  if (indexes_stay)
    return writer_->run(
               "UPDATE instance SET version = ?, state = ?, stage = ?, last = ?, snapshot = ?, holders = ?, apart = ?, behind = ? "
               "WHERE id = ? AND version = ?",
               next, state, change.stage, i.last, Blob{rows.snapshot}, rows.holders, apart, behind.value_or(0), i.key, change.expected_version) == 1;
  return writer_->run(
             "UPDATE instance SET version = ?, state = ?, stage = ?, last = ?, snapshot = ?, holders = ?, apart = ?, behind = ?, customer = ?, "
             "ended = ?, incidents = ?, promise = ? WHERE id = ? AND version = ?",
             next, state, change.stage, i.last, Blob{rows.snapshot}, rows.holders, apart, behind.value_or(0), i.customer, end_of(i),
             static_cast<std::uint64_t>(i.incidents.size()), promise, i.key, change.expected_version) == 1;
}

void SqliteStore::write_history(const Change& change, const SqliteRows& rows) {
  if (change.events.empty()) return;
  writer_->run("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?, ?)", change.after->key, change.events.front().sequence,
               change.events.back().sequence, change.events.back().at, rows.what, Blob{rows.events}, rows.history_seal,
               definition_id(*change.process));
}

/// The number of a definition in this file. The first case under it files the words for its things.
std::int64_t SqliteStore::definition_id(const model::ExecutableProcess& process) {
  if (const auto known = definition_ids_.find(process.hash); known != definition_ids_.end()) return known->second;
  if (writer_->run("INSERT OR IGNORE INTO definition (hash) VALUES (?)", process.hash) == 1) {
    const std::int64_t id = writer_->database().getLastInsertRowid();
    for (const Place& p : places_of(process))
      writer_->run("INSERT INTO place VALUES (?, ?, ?, ?)", id, static_cast<std::uint32_t>(p.kind), p.number, p.text);
    return definition_ids_[process.hash] = id;
  }
  Rows row = writer_->query("SELECT id FROM definition WHERE hash = ?", process.hash);
  return definition_ids_[process.hash] = row.next() ? row.whole(0) : 0;
}

void SqliteStore::write_due(const RowChanges& rows) {
  for (const core::DueId& id : rows.due_gone)
    writer_->run("DELETE FROM due WHERE instance = ? AND kind = ? AND key = ?", id.instance, static_cast<std::uint32_t>(id.kind), id.key);
  for (const DueRow& row : rows.due_new)
    writer_->run("INSERT OR REPLACE INTO due VALUES (?, ?, ?, ?, ?, ?)", row.instance, static_cast<std::uint32_t>(row.kind), row.key, row.due,
                 row.round, row.mark);
}

void SqliteStore::write_waiting(const Change& change, const SqliteRows& rows) {
  const InstanceKey instance = change.after->key;
  for (const core::Subscription* s : rows.rows.subscriptions_gone)
    writer_->run("DELETE FROM waiting WHERE kind = ? AND name = ? AND correlation = ? AND instance = ? AND key = ?",
                 static_cast<std::uint32_t>(s->kind), s->name, s->correlation, instance, s->key);
  for (const WaitingLine& line : rows.waiting) write_waiting_row(*writer_, instance, change.after->case_no, *line.subscription, line.seal);
}

void SqliteStore::write_work(const Change& change, const SqliteRows& rows) {
  const core::ProcessInstance& after = *change.after;
  for (const core::WorkKey key : rows.rows.work_gone) {
    writer_->run("DELETE FROM work WHERE instance = ? AND key = ?", after.key, key);
    const std::vector<std::string>& groups = change.before->find(key)->groups;
    for (std::size_t i = 1; i < groups.size(); ++i)
      writer_->run("DELETE FROM work_group WHERE name = ? AND instance = ? AND key = ?", groups[i], after.key, key);
  }
  for (const WorkLine& line : rows.work) {
    const core::Work& w = *line.work;
    writer_->run("INSERT OR REPLACE INTO work VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", after.key, w.key, line.element,
                 word_of(w.kind).data(), work_state(after, w).data(), w.topic, line.groups, w.assignee, w.priority, w.retries, w.due, w.offered,
                 line.first_group, Blob{line.item});
    if (!line.is_new) continue;
    for (const std::string& group : line.other_groups) writer_->run("INSERT INTO work_group VALUES (?, ?, ?)", group, after.key, w.key);
  }
}

void SqliteStore::write_clocks(const Change& change, const SqliteRows& rows) {
  for (const ClockLine& line : rows.clocks) {
    const sla::Ledger& l = *line.ledger;
    writer_->run("INSERT OR REPLACE INTO clock VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", change.after->key, l.clock.value, l.round, line.id,
                 sla::to_string(l.state).data(), l.breached, line.budget, l.started, l.due, l.original_due, l.paused_total.us,
                 has_ended(l) ? std::optional(l.ended) : std::nullopt, Blob{line.bytes}, line.seal);
  }
}

void SqliteStore::write_searched(const Change& change, const RowChanges& rows) {
  const InstanceKey instance = change.after->key;
  if (rows.searched_afresh) writer_->run("DELETE FROM search WHERE instance = ?", instance);
  for (const Searched& s : rows.searched_gone)
    writer_->run("DELETE FROM search WHERE name = ? AND value = ? AND instance = ?", s.name, s.value, instance);
  for (const Searched& s : rows.searched_new) writer_->run("INSERT OR REPLACE INTO search VALUES (?, ?, ?)", instance, s.name, s.value);
}

Result<InstanceKey> SqliteStore::new_instance_key() {
  const std::lock_guard lock(key_mutex_);
  // This handle counts by itself until a key of it proves taken by another one.
  if (!keys_known_.exchange(true)) {
    const auto stored = read([](Connection& c) -> Result<std::uint64_t> {
      Rows rows = c.query("SELECT max(id) FROM instance");
      return rows.next() && !rows.is_null(0) ? rows.number(0) : std::uint64_t{0};
    });
    if (!stored) {
      keys_known_ = false;
      return stored.error();
    }
    last_key_ = std::max(last_key_, stored.value());
  }
  return InstanceKey{++last_key_};
}

Result<void> SqliteStore::reindex(const DueRow& row, const model::ExecutableProcess* process, const core::ProcessInstance* instance,
                                  std::uint64_t version) {
  if (writer_ == nullptr) return read_only_store(options_.path);
  return write([&](Connection& c) -> std::optional<Error> {
    Rows present = c.query("SELECT version FROM instance WHERE id = ?", row.instance);
    if ((present.next() ? present.number(0) : 0) != version) return std::nullopt;
    c.run("DELETE FROM due WHERE instance = ?", row.instance);
    // A damaged row may stand in the order without standing in the table.
    RowChanges fresh;
    if (process != nullptr && instance != nullptr) fresh.due_new = core::due_of(*process, *instance);
    write_due(fresh);
    return std::nullopt;
  });
}

Result<Deployment> SqliteStore::put_deployment(const Deployment& d) {
  if (writer_ == nullptr) return read_only_store(options_.path);
  Deployment stored = d;
  SB_TRYV(write([&](Connection& c) -> std::optional<Error> {
    std::uint64_t last = 0;
    bool is_latest = false;
    {
      Rows newest = c.query("SELECT coalesce(max(number), 0) FROM deployment WHERE process = ?", d.process);
      if (newest.next()) last = newest.number(0);
      Rows known = c.query("SELECT process, number, hash, version, deployed, source, library, seal FROM deployment WHERE hash = ?", d.hash);
      if (known.next()) {
        stored = {known.text(0), known.text(2), known.text(3), known.number(1), known.instant(4), known.text(5), known.text(6)};
        const bool is_damaged = seal_of(stored) != known.whole(7);
        if (stored.number == last && !is_damaged) return std::nullopt;
        // The same content once more mends what is not what was written.
        is_latest = is_damaged && stored.number == last;
        if (is_damaged) stored = d;
      }
    }
    stored.number = is_latest ? last : last + 1;
    if (!is_latest) stored.deployed = d.deployed;
    c.run("DELETE FROM deployment WHERE hash = ?", d.hash);
    c.run("INSERT INTO deployment (process, number, hash, version, deployed, source, library, seal) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", stored.process,
          stored.number, stored.hash, stored.version, stored.deployed, stored.source, stored.library, seal_of(stored));
    c.run("UPDATE counter SET value = value + 1 WHERE name = 'definitions'");
    return std::nullopt;
  }));
  return stored;
}

Result<void> SqliteStore::put_resource(const Resource& r, const CalendarChange* change) {
  if (writer_ == nullptr) return read_only_store(options_.path);
  return write([&](Connection& c) -> std::optional<Error> {
    c.run("INSERT OR REPLACE INTO resource (kind, id, file, text, added, seal, by_hand) VALUES (?, ?, ?, ?, ?, ?, ?)", r.kind, r.id, r.file, r.text,
          r.added, seal_of(r), r.by_hand ? 1 : 0);
    if (change != nullptr) write_calendar_change(c, *change);
    c.run("UPDATE counter SET value = value + 1 WHERE name = 'definitions'");
    return std::nullopt;
  });
}

/// A second change at the same instant begins where the first one did.
void SqliteStore::write_calendar_change(Connection& c, CalendarChange change) {
  Rows latest = c.query("SELECT max(last) FROM instance WHERE ended IS NULL");
  if (latest.next() && !latest.is_null(0)) change.at = std::max(change.at, latest.instant(0));
  Rows same = c.query("SELECT before, from_now FROM calendar_change WHERE at = ? AND calendar = ?", change.at, change.calendar);
  if (same.next()) {
    change.before = same.text(0);
    change.from_now = change.from_now || same.whole(1) != 0;
  }
  c.run("INSERT OR REPLACE INTO calendar_change (at, calendar, before, from_now, done, seal) VALUES (?, ?, ?, ?, ?, ?)", change.at, change.calendar,
        change.before, change.from_now ? 1 : 0, change.done, seal_of(change));
}

Result<std::vector<CalendarChange>> SqliteStore::calendar_changes() {
  return read([&](Connection& c) -> Result<std::vector<CalendarChange>> {
    std::vector<CalendarChange> found;
    Rows rows = c.query("SELECT calendar, at, before, from_now, done, through, seal FROM calendar_change ORDER BY at, calendar");
    while (rows.next()) {
      found.push_back({rows.text(0), rows.instant(1), rows.text(2), rows.whole(3) != 0, InstanceKey{rows.number(4)}, rows.whole(5) != 0});
      if (seal_of(found.back()) != rows.whole(6))
        found.pop_back();  // fsck says so; the cases keep what they were promised until they are derived again
    }
    return found;
  });
}

Result<void> SqliteStore::note_calendar_change(const CalendarChange& change, std::span<const InstanceKey> passed,
                                               std::span<const InstanceKey> settled) {
  if (writer_ == nullptr) return read_only_store(options_.path);
  return write([&](Connection& c) -> std::optional<Error> {
    for (const InstanceKey key : passed)
      c.run("INSERT OR IGNORE INTO calendar_passed (at, calendar, instance) VALUES (?, ?, ?)", change.at, change.calendar, key);
    for (const InstanceKey key : settled)
      c.run("DELETE FROM calendar_passed WHERE at = ? AND calendar = ? AND instance = ?", change.at, change.calendar, key);
    c.run("UPDATE calendar_change SET done = ?, through = ? WHERE at = ? AND calendar = ?", change.done, change.through ? 1 : 0, change.at,
          change.calendar);
    if (change.through)
      c.run(
          "DELETE FROM calendar_change WHERE at = ? AND calendar = ? AND NOT EXISTS "
          "(SELECT 1 FROM calendar_passed p WHERE p.at = calendar_change.at AND p.calendar = calendar_change.calendar)",
          change.at, change.calendar);
    return std::nullopt;
  });
}

Result<std::vector<InstanceKey>> SqliteStore::passed_over(const CalendarChange& change, InstanceKey after, std::size_t limit) {
  return read([&](Connection& c) -> Result<std::vector<InstanceKey>> {
    std::vector<InstanceKey> found;
    Rows rows = c.query("SELECT instance FROM calendar_passed WHERE at = ? AND calendar = ? AND instance > ? ORDER BY instance", change.at,
                        change.calendar, after);
    while (found.size() < limit && rows.next()) found.push_back({rows.number(0)});
    return found;
  });
}

}  // namespace switchboard::store
