// Reads by key, and what becomes due.
#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "store/codec_rows.hpp"
#include "store/offers.hpp"
#include "store/seals.hpp"
#include "store/sqlite_store.hpp"

namespace switchboard::store {

namespace {

constexpr int max_limit = 1'000'000'000;

std::int64_t bounded(std::size_t limit) { return static_cast<std::int64_t>(std::min<std::size_t>(limit, max_limit)); }

DueRow due_row(const Rows& rows) {
  return {rows.instant(0),
          {rows.number(1)},
          static_cast<DueRow::Kind>(rows.number(2)),
          rows.number(3),
          static_cast<std::uint32_t>(rows.number(4)),
          static_cast<std::uint32_t>(rows.number(5))};
}

Deployment deployment_row(const Rows& rows) {
  Deployment d;
  d.process = rows.text(0);
  d.number = rows.number(1);
  d.hash = rows.text(2);
  d.version = rows.text(3);
  d.deployed = rows.instant(4);
  return d;
}

}  // namespace

namespace {

/// One row of a history: `first, last, events, seal, definition, hash`. `expected`: the number it should begin with (0: any).
std::vector<core::Event> events_in(const Rows& rows, InstanceKey key, std::uint64_t expected) {
  const auto what = [&] { return fmt::format("the history of case {} is not what was written, at event {}", text_of(key), rows.number(0)); };
  if (seal_of_history(key.value, rows.number(0), rows.number(1), rows.bytes(2), rows.bytes(5)) != rows.whole(3)) throw DamagedRow{what()};
  std::vector<core::Event> events = whole(core::decode_events(rows.bytes(2)), what);
  const bool fits = events.size() == rows.number(1) - rows.number(0) + 1 && events.front().sequence == rows.number(0) &&
                    events.back().sequence == rows.number(1) && (expected == 0 || rows.number(0) == expected) && rows.is_null(4) == rows.is_null(5);
  if (!fits) throw DamagedRow{what()};
  return events;
}

std::string not_as_written(InstanceKey key) { return fmt::format("the state of case {} is not what was written", text_of(key)); }

core::ProcessInstance snapshot_in(const Rows& rows, int column, InstanceKey key) {
  core::ProcessInstance instance = whole(core::decode_instance(rows.bytes(column)), [&] { return not_as_written(key); });
  if (instance.key != key) throw DamagedRow{not_as_written(key)};
  return instance;
}

/// The snapshot apart, and what has happened since; `sequence`: of the last event.
core::ProcessInstance state_apart(Connection& c, InstanceKey key, std::uint64_t sequence) {
  Rows apart = c.query("SELECT bytes FROM snapshot WHERE instance = ?", key);
  if (!apart.next()) throw DamagedRow{not_as_written(key)};
  core::ProcessInstance instance = snapshot_in(apart, 0, key);
  Rows later = c.query(
      "SELECT h.first, h.last, h.events, h.seal, h.definition, d.hash FROM history h LEFT JOIN definition d ON d.id = h.definition "
      "WHERE h.instance = ? AND h.first > ? ORDER BY h.first",
      key, instance.sequence);
  while (instance.sequence < sequence && later.next())
    for (const core::Event& event : events_in(later, key, instance.sequence + 1)) core::evolve(instance, event);
  if (instance.sequence != sequence) throw DamagedRow{not_as_written(key)};
  return instance;
}

}  // namespace

core::ProcessInstance state_of(Connection& c, const Rows& row, int column, InstanceKey key) {
  return row.is_null(column + 1) ? snapshot_in(row, column, key) : state_apart(c, key, row.number(column + 1));
}

Result<std::uint64_t> SqliteStore::data_version() {
  const std::lock_guard lock(watching_);
  if (watcher_ == nullptr) {
    SB_TRY(watcher_, read([this](Connection& /*c*/) -> Result<std::unique_ptr<Connection>> { return std::move(borrow().connection); }));
  }
  try {
    Rows rows = watcher_->query("PRAGMA data_version");
    return rows.next() ? rows.number(0) : std::uint64_t{0};
  } catch (const SQLite::Exception& failure) {
    return error_of(failure, options_.path);
  }
}

Result<std::vector<OpenJob>> SqliteStore::open_jobs(std::span<const std::string> topics, Instant at, std::size_t limit) {
  return read([&](Connection& c) -> Result<std::vector<OpenJob>> {
    std::set<Turn> turns;
    const auto take = [&](Rows rows) {
      while (rows.next()) turns.insert(turn_of(rows.whole(2), rows.instant(3), {rows.number(0)}, core::WorkKey{rows.number(1)}));
    };
    for (const std::string& topic : topics) {
      take(
          c.query("SELECT instance, key, priority, offered FROM work WHERE topic = ? AND topic <> '' AND state = 'offered' "
                  "ORDER BY priority DESC, offered, instance, key LIMIT ?",
                  topic, bounded(limit)));
      take(
          c.query("SELECT w.instance, w.key, w.priority, w.offered FROM due d CROSS JOIN work w ON w.instance = d.instance AND w.key = d.key "
                  "WHERE d.due <= ? AND d.kind = ? AND w.topic = ? AND w.state = 'claimed'",
                  at, static_cast<std::uint32_t>(DueRow::Kind::lease), topic));
    }
    return first_of(turns, limit);
  });
}

Result<std::optional<StoredInstance>> SqliteStore::load(InstanceKey key) {
  bool is_apart = false;  // then it is several rows, which are read as one state
  const auto look = [&](Connection& c, bool at_once) -> Result<std::optional<StoredInstance>> {
    Rows row = c.query("SELECT version, snapshot, apart FROM instance WHERE id = ?", key);
    if (!row.next()) return std::optional<StoredInstance>();
    is_apart = !row.is_null(2);
    if (is_apart && !at_once) return std::optional<StoredInstance>();
    return std::optional(StoredInstance{state_of(c, row, 1, key), row.number(0)});
  };
  SB_TRY(auto stored, read([&](Connection& c) { return look(c, false); }));
  if (!is_apart) return stored;
  return read_at_once([&](Connection& c) { return look(c, true); });
}

Result<std::optional<std::uint64_t>> SqliteStore::version_of(InstanceKey key) {
  return read([&](Connection& c) -> Result<std::optional<std::uint64_t>> {
    Rows rows = c.query("SELECT version FROM instance WHERE id = ?", key);
    if (!rows.next()) return std::optional<std::uint64_t>();
    return std::optional<std::uint64_t>(rows.number(0));
  });
}

Result<std::optional<std::string>> SqliteStore::answer_of(std::string_view request_id) {
  const std::string id(request_id);
  return read([&](Connection& c) -> Result<std::optional<std::string>> {
    Rows rows = c.query("SELECT answer, seal FROM request WHERE id = ?", id);
    if (!rows.next()) return std::optional<std::string>();
    if (seal_of_request(id, rows.bytes(0)) != rows.whole(1)) throw DamagedRow{fmt::format("the answer to request '{}' is not what was written", id)};
    return std::optional(rows.text(0));
  });
}

Result<std::vector<DueRow>> SqliteStore::due(Instant until, const std::optional<DueRow>& after, std::size_t limit) {
  return read([&](Connection& c) -> Result<std::vector<DueRow>> {
    std::vector<DueRow> found;
    Rows rows = after ? c.query(
                            "SELECT due, instance, kind, key, round, mark FROM due INDEXED BY due_order WHERE due <= ? "
                            "AND (due, instance, kind, key) > (?, ?, ?, ?) ORDER BY due, instance, kind, key LIMIT ?",
                            until, after->due, after->instance, static_cast<std::uint32_t>(after->kind), after->key, bounded(limit))
                      : c.query(
                            "SELECT due, instance, kind, key, round, mark FROM due INDEXED BY due_order WHERE due <= ? "
                            "ORDER BY due, instance, kind, key LIMIT ?",
                            until, bounded(limit));
    while (rows.next()) found.push_back(due_row(rows));
    return found;
  });
}

Result<std::optional<Instant>> SqliteStore::next_due() {
  return read([&](Connection& c) -> Result<std::optional<Instant>> {
    Rows rows = c.query("SELECT due FROM due INDEXED BY due_order ORDER BY due LIMIT 1");
    return rows.next() ? std::optional(rows.instant(0)) : std::nullopt;
  });
}

namespace {

#define SB_WAITING_COLUMNS "SELECT instance, case_no, key, element_key, element, correlation, opened, seal FROM waiting WHERE kind = ? AND name = ? "
#define SB_OF_SUSPENDED "EXISTS (SELECT 1 FROM instance WHERE id = waiting.instance AND state = 'suspended') ORDER BY correlation, instance, key"
constexpr const char* waiting_any = SB_WAITING_COLUMNS "AND NOT " SB_OF_SUSPENDED;
constexpr const char* waiting_with_key = SB_WAITING_COLUMNS "AND correlation = ? AND NOT " SB_OF_SUSPENDED;
constexpr const char* held_any = SB_WAITING_COLUMNS "AND " SB_OF_SUSPENDED;
constexpr const char* held_with_key = SB_WAITING_COLUMNS "AND correlation = ? AND " SB_OF_SUSPENDED;
#undef SB_WAITING_COLUMNS
#undef SB_OF_SUSPENDED

}  // namespace

Result<std::vector<core::WaitingInstance>> SqliteStore::waiting(core::SubscriptionKind kind, std::string_view name,
                                                                std::optional<std::string_view> correlation) {
  return subscribed(kind, name, correlation, false);
}

Result<std::vector<core::WaitingInstance>> SqliteStore::held(core::SubscriptionKind kind, std::string_view name,
                                                             std::optional<std::string_view> correlation) {
  return subscribed(kind, name, correlation, true);
}

Result<std::vector<core::WaitingInstance>> SqliteStore::subscribed(core::SubscriptionKind kind, std::string_view name,
                                                                   std::optional<std::string_view> correlation, bool suspended) {
  const std::string wanted(name);
  const std::string key(correlation.value_or(""));
  return read([&](Connection& c) -> Result<std::vector<core::WaitingInstance>> {
    std::vector<core::WaitingInstance> found;
    const auto number = static_cast<std::uint32_t>(kind);
    Rows rows = suspended     ? correlation ? c.query(held_with_key, number, wanted, key) : c.query(held_any, number, wanted)
                    : correlation ? c.query(waiting_with_key, number, wanted, key)
                              : c.query(waiting_any, number, wanted);
    while (rows.next()) {
      core::Subscription s;
      s.key = {rows.number(2)};
      s.element_key = {rows.number(3)};
      s.element = {static_cast<std::uint32_t>(rows.number(4))};
      s.kind = kind;
      s.name = wanted;
      s.correlation = rows.text(5);
      s.opened = rows.instant(6);
      const InstanceKey instance{rows.number(0)};
      if (seal_of_waiting(instance, rows.bytes(1), s) != rows.whole(7))
        throw DamagedRow{fmt::format("a row of who waits for '{}' is not what was written", s.name)};
      found.push_back({instance, rows.text(1), std::move(s)});
    }
    return found;
  });
}

namespace {

/// Before schema 4 a case had one definition all its life, and its first event says which.
std::string first_definition(Connection& c, InstanceKey key) {
  Rows rows = c.query(
      "SELECT h.first, h.last, h.events, h.seal, h.definition, d.hash FROM history h LEFT JOIN definition d ON d.id = h.definition "
      "WHERE h.instance = ? ORDER BY h.first LIMIT 1",
      key);
  if (!rows.next()) return {};
  const std::vector<core::Event> events = events_in(rows, key, 1);
  const auto* started = std::get_if<core::InstanceStarted>(&events.front().body);
  return started == nullptr ? std::string() : started->definition;
}

}  // namespace

Result<std::vector<HistoryRow>> SqliteStore::history(InstanceKey key, std::uint64_t after_sequence, std::size_t limit) {
  return read([&](Connection& c) -> Result<std::vector<HistoryRow>> {
    std::vector<HistoryRow> found;
    // From the change that holds the first wanted event on, however long the history is.
    Rows rows = c.query(
        "SELECT h.first, h.last, h.events, h.seal, h.definition, d.hash FROM history h LEFT JOIN definition d ON d.id = h.definition "
        "WHERE h.instance = ?1 AND h.first >= (SELECT coalesce(max(first), 0) FROM history WHERE instance = ?1 AND first <= ?2) ORDER BY h.first",
        key, after_sequence + 1);
    std::uint64_t expected = after_sequence == 0 ? 1 : 0;
    std::optional<std::string> of_old_rows;
    while (found.size() < limit && rows.next()) {
      if (expected == 0 && rows.number(0) > after_sequence + 1)
        throw DamagedRow{fmt::format("the history of case {} has a gap: event {} is missing", text_of(key), after_sequence + 1)};
      std::vector<core::Event> events = events_in(rows, key, expected);
      expected = rows.number(1) + 1;
      std::string definition = rows.text(5);
      if (rows.is_null(4)) {
        if (!of_old_rows) of_old_rows = first_definition(c, key);
        definition = *of_old_rows;
      }
      for (core::Event& event : events) {
        if (event.sequence > after_sequence && found.size() < limit) found.push_back({key, std::move(event), definition});
      }
    }
    return found;
  });
}

Result<ErrandPage> SqliteStore::errands(ErrandKind kind, const std::optional<ErrandKey>& after, std::size_t limit) {
  return read([&](Connection& c) -> Result<ErrandPage> {
    ErrandPage found;
    const ErrandKey from = after.value_or(ErrandKey{});
    Rows rows = c.query(
        kind == ErrandKind::waiting
            ? "SELECT instance, sequence, place, effect, seal, chain FROM errand INDEXED BY errand_waiting WHERE aside = 0 AND (instance, sequence, "
              "place) > (?, ?, ?) "
              "ORDER BY instance, sequence, place LIMIT ?"
            : "SELECT instance, sequence, place, effect, seal, chain FROM errand WHERE aside <> 0 AND (instance, sequence, place) > (?, ?, ?) "
              "ORDER BY instance, sequence, place LIMIT ?",
        from.instance, from.sequence, from.index, bounded(limit));
    while (rows.next()) {
      const ErrandKey key{{rows.number(0)}, rows.number(1), static_cast<std::uint32_t>(rows.number(2))};
      found.last = key;
      auto effect = seal_of_errand(key, rows.bytes(3)) == rows.whole(4) ? decode_errand(rows.bytes(3)) : Result<core::Effect>(Error{});
      if (effect)
        found.errands.push_back({key, std::move(effect).value(), static_cast<std::uint32_t>(rows.number(5))});
      else
        found.damaged.push_back(key);
    }
    return found;
  });
}

Result<std::optional<Instant>> SqliteStore::pruned_before() {
  return read([&](Connection& c) -> Result<std::optional<Instant>> {
    Rows rows = c.query("SELECT value FROM counter WHERE name = 'pruned before'");
    return rows.next() ? std::optional(rows.instant(0)) : std::nullopt;
  });
}

Result<std::optional<Instant>> SqliteStore::latest() {
  return read([&](Connection& c) -> Result<std::optional<Instant>> {
    // A file of a former version has no such number until something is written.
    Rows rows = c.query(
        "SELECT max(at) FROM (SELECT coalesce((SELECT value FROM counter WHERE name = 'latest'), (SELECT max(last) FROM instance)) AS at "
        "UNION ALL SELECT max(deployed) FROM deployment)");
    return rows.next() && !rows.is_null(0) ? std::optional(rows.instant(0)) : std::nullopt;
  });
}

Result<std::vector<Deployment>> SqliteStore::deployments() {
  return read([&](Connection& c) -> Result<std::vector<Deployment>> {
    std::vector<Deployment> found;
    Rows rows = c.query("SELECT process, number, hash, version, deployed FROM deployment ORDER BY process, number");
    while (rows.next()) found.push_back(deployment_row(rows));
    return found;
  });
}

Result<std::optional<Deployment>> SqliteStore::deployment(std::string_view hash) {
  const std::string wanted(hash);
  return read([&](Connection& c) -> Result<std::optional<Deployment>> {
    Rows rows = c.query("SELECT process, number, hash, version, deployed, source, library, seal FROM deployment WHERE hash = ?", wanted);
    if (!rows.next()) return std::optional<Deployment>();
    Deployment d = deployment_row(rows);
    d.source = rows.text(5);
    d.library = rows.text(6);
    if (seal_of(d) != rows.whole(7)) throw DamagedRow{fmt::format("the deployment of process '{}' is not what was written", d.process)};
    return std::optional(std::move(d));
  });
}

Result<std::vector<Resource>> SqliteStore::resources() {
  return read([&](Connection& c) -> Result<std::vector<Resource>> {
    std::vector<Resource> found;
    Rows rows = c.query("SELECT kind, id, file, text, added, by_hand, seal FROM resource ORDER BY kind, id");
    while (rows.next()) {
      found.push_back({rows.text(0), rows.text(1), rows.text(2), rows.text(3), rows.instant(4), rows.whole(5) != 0});
      if (seal_of(found.back()) != rows.whole(6))
        throw DamagedRow{fmt::format("{} '{}' is not what was written", found.back().kind, found.back().id)};
    }
    return found;
  });
}

std::uint64_t SqliteStore::generation_in(Connection& c) {
  Rows rows = c.query("SELECT value FROM counter WHERE name = 'definitions'");
  return rows.next() ? rows.number(0) : std::uint64_t{0};
}

Result<std::uint64_t> SqliteStore::definitions_generation() {
  return read([&](Connection& c) -> Result<std::uint64_t> { return generation_in(c); });
}

}  // namespace switchboard::store
