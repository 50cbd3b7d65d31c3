#include "store/sqlite_schema.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <array>
#include <optional>
#include <regex>
#include <utility>

#include "store/codec_rows.hpp"
#include "store/projection.hpp"
#include "store/seals.hpp"
#include "store/sqlite_rows.hpp"

namespace switchboard::store {

namespace {

// `seal` is a check sum over the columns of a row that people and engines act on: a flipped bit shows when the row is read.
// Instants are whole microseconds since 1970-01-01T00:00:00Z. Every table says STRICT where the library knows the word (3.37 and later).
constexpr const char* tables = R"sql(
CREATE TABLE counter (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT;
INSERT INTO counter VALUES ('definitions', 1);

CREATE TABLE deployment (
  id INTEGER PRIMARY KEY, process TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL UNIQUE, version TEXT NOT NULL,
  deployed INTEGER NOT NULL, source TEXT NOT NULL, library TEXT NOT NULL, seal INTEGER NOT NULL, UNIQUE (process, number)
) STRICT;
CREATE TABLE resource (
  kind TEXT NOT NULL, id TEXT NOT NULL, file TEXT NOT NULL, text TEXT NOT NULL, added INTEGER NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (kind, id)
) STRICT;

CREATE TABLE instance (
  id INTEGER PRIMARY KEY, version INTEGER NOT NULL, case_no TEXT NOT NULL, process TEXT NOT NULL, definition TEXT NOT NULL, customer TEXT NOT NULL,
  parent INTEGER, state TEXT NOT NULL, stage TEXT NOT NULL, started INTEGER NOT NULL, last INTEGER NOT NULL, ended INTEGER,
  incidents INTEGER NOT NULL, snapshot BLOB NOT NULL
) STRICT;
CREATE INDEX instance_case ON instance (case_no);
CREATE INDEX instance_customer ON instance (customer) WHERE customer <> '';
CREATE UNIQUE INDEX instance_open_case ON instance (process, case_no) WHERE parent IS NULL AND ended IS NULL;
CREATE INDEX instance_incident ON instance (id) WHERE incidents > 0;

CREATE TABLE history (
  instance INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, at INTEGER NOT NULL, what TEXT NOT NULL, events BLOB NOT NULL,
  seal INTEGER NOT NULL, PRIMARY KEY (instance, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE due (
  instance INTEGER NOT NULL, kind INTEGER NOT NULL, key INTEGER NOT NULL, due INTEGER NOT NULL, round INTEGER NOT NULL, mark INTEGER NOT NULL,
  PRIMARY KEY (instance, kind, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX due_order ON due (due, instance, kind, key, round, mark);

CREATE TABLE waiting (
  kind INTEGER NOT NULL, name TEXT NOT NULL, correlation TEXT NOT NULL, instance INTEGER NOT NULL, key INTEGER NOT NULL, case_no TEXT NOT NULL,
  element_key INTEGER NOT NULL, element INTEGER NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (kind, name, correlation, instance, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE work (
  instance INTEGER NOT NULL, key INTEGER NOT NULL, element TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, topic TEXT NOT NULL,
  groups TEXT NOT NULL, assignee TEXT NOT NULL, priority INTEGER NOT NULL, retries INTEGER NOT NULL, due INTEGER, offered INTEGER NOT NULL,
  PRIMARY KEY (instance, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX work_topic ON work (topic, state, instance, key) WHERE topic <> '';
CREATE INDEX work_assignee ON work (assignee, instance, key) WHERE assignee <> '';
CREATE TABLE work_group (
  name TEXT NOT NULL, instance INTEGER NOT NULL, key INTEGER NOT NULL, PRIMARY KEY (name, instance, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE clock (
  instance INTEGER NOT NULL, clock INTEGER NOT NULL, round INTEGER NOT NULL, id TEXT NOT NULL, state TEXT NOT NULL, breached INTEGER NOT NULL,
  budget TEXT NOT NULL, started INTEGER NOT NULL, due INTEGER NOT NULL, original_due INTEGER NOT NULL, paused_us INTEGER NOT NULL, ended INTEGER,
  ledger BLOB NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (instance, clock, round)
) STRICT, WITHOUT ROWID;
CREATE INDEX clock_open ON clock (due, instance) WHERE ended IS NULL;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, state TEXT NOT NULL, instance INTEGER NOT NULL,
  name TEXT NOT NULL, customer TEXT NOT NULL, text TEXT NOT NULL, body BLOB NOT NULL, created INTEGER NOT NULL, delivered INTEGER,
  attempts INTEGER NOT NULL, error TEXT NOT NULL, seal INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_waiting ON outbox (id) WHERE state = 'waiting';
CREATE INDEX outbox_instance ON outbox (instance);

CREATE TABLE errand (
  instance INTEGER NOT NULL, sequence INTEGER NOT NULL, place INTEGER NOT NULL, effect BLOB NOT NULL, seal INTEGER NOT NULL,
  PRIMARY KEY (instance, sequence, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE request (id TEXT NOT NULL PRIMARY KEY, at INTEGER NOT NULL, answer BLOB NOT NULL, seal INTEGER NOT NULL) STRICT, WITHOUT ROWID;
)sql";

// For analysts. $(x) stands for the instant in column x as ISO 8601 text in UTC.
constexpr const char* views = R"sql(
CREATE VIEW v_cases AS
  SELECT 'i-' || id AS instance, case_no, process, definition, customer, state, stage, $(started) AS started, $(last) AS last, $(ended) AS ended,
         CASE WHEN parent IS NULL THEN NULL ELSE 'i-' || parent END AS parent, incidents
  FROM instance;
CREATE VIEW v_clocks AS
  SELECT 'i-' || c.instance AS instance, i.case_no, i.process, i.customer, c.id AS clock, c.round, c.state, c.breached, c.budget, $(c.started) AS started,
         $(c.due) AS due, $(c.original_due) AS original_due, $(c.ended) AS ended, c.paused_us / 1000000.0 AS paused_seconds,
         CASE WHEN c.ended IS NULL THEN NULL ELSE (c.ended - c.due) / 1000000.0 END AS late_seconds
  FROM clock c JOIN instance i ON i.id = c.instance;
CREATE VIEW v_work AS
  SELECT 'i-' || w.instance || '/' || w.key AS work, 'i-' || w.instance AS instance, i.case_no, i.process, i.customer, w.element, w.kind, w.state, w.topic,
         w.groups, w.assignee, w.priority, w.retries, $(w.due) AS due, $(w.offered) AS offered
  FROM work w JOIN instance i ON i.id = w.instance;
CREATE VIEW v_outbox AS
  SELECT o.id, o.key, o.kind, o.state, 'i-' || o.instance AS instance, i.case_no, i.process, o.name, o.customer, o.text, $(o.created) AS created,
         $(o.delivered) AS delivered, o.attempts, o.error
  FROM outbox o LEFT JOIN instance i ON i.id = o.instance;
CREATE VIEW v_history AS
  SELECT 'i-' || h.instance AS instance, i.case_no, i.process, h.first + e.key AS sequence, $(h.at) AS at, json_extract(e.value, '$[0]') AS what,
         json_extract(e.value, '$[1]') AS about
  FROM history h JOIN instance i ON i.id = h.instance, json_each(h.what) e;
CREATE VIEW v_due AS
  SELECT $(d.due) AS due, 'i-' || d.instance AS instance, i.case_no, i.process,
         CASE d.kind WHEN 0 THEN 'timer' WHEN 1 THEN 'mark' WHEN 2 THEN 'retry' ELSE 'lease' END AS kind, d.key, d.round, d.mark
  FROM due d JOIN instance i ON i.id = d.instance;
CREATE VIEW v_deployments AS
  SELECT process, number, version, hash, $(deployed) AS deployed FROM deployment;
)sql";

// Answers know the case they were given for, so that they can be forgotten with it. Older ones do not and are kept.
constexpr const char* request_instance = "ALTER TABLE request ADD COLUMN instance INTEGER;";

// History in numbers: rows know their definition, and the words for events and things stand once. Work rows hold the work itself, so that lists need
// no snapshot; a work is filed under its first group by an index, under further ones in work_group. What is open is found without what has ended.
constexpr const char* columns_for_lists = R"sql(
CREATE TABLE definition (id INTEGER PRIMARY KEY, hash TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE event_word (number INTEGER PRIMARY KEY, word TEXT NOT NULL, about INTEGER NOT NULL) STRICT;
CREATE TABLE place (
  definition INTEGER NOT NULL, kind INTEGER NOT NULL, number INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (definition, kind, number)
) STRICT, WITHOUT ROWID;
ALTER TABLE history ADD COLUMN definition INTEGER;
DROP VIEW v_history;
CREATE VIEW v_history AS
  SELECT 'i-' || h.instance AS instance, i.case_no, i.process, h.first + e.key AS sequence, $(h.at) AS at,
         CASE WHEN h.definition IS NULL THEN json_extract(e.value, '$[0]') ELSE w.word END AS event,
         CASE WHEN h.definition IS NULL THEN json_extract(e.value, '$[1]') ELSE coalesce(p.text, '') END AS about
  FROM history h JOIN instance i ON i.id = h.instance JOIN json_each(h.what) e
       LEFT JOIN event_word w ON w.number = json_extract(e.value, '$[0]')
       LEFT JOIN place p ON p.definition = h.definition AND p.kind = w.about AND p.number = json_extract(e.value, '$[1]');
DROP VIEW v_work;
CREATE VIEW v_work AS
  SELECT 'i-' || w.instance || '.' || w.key AS work, 'i-' || w.instance AS instance, i.case_no, i.process, i.customer, w.element AS node, w.kind, w.state,
         w.topic, w.groups, w.assignee, w.priority, w.retries, $(w.due) AS due, $(w.offered) AS offered
  FROM work w JOIN instance i ON i.id = w.instance;
DROP VIEW v_deployments;
CREATE VIEW v_deployments AS
  SELECT process, number, version, hash AS definition, $(deployed) AS deployed FROM deployment;

ALTER TABLE instance ADD COLUMN holders TEXT NOT NULL DEFAULT '[]';
UPDATE instance SET holders = switchboard_holders(snapshot) WHERE id IN (SELECT instance FROM work);
CREATE INDEX instance_open ON instance (id) WHERE ended IS NULL;

ALTER TABLE work ADD COLUMN first_group TEXT NOT NULL DEFAULT '';
ALTER TABLE work ADD COLUMN item BLOB NOT NULL DEFAULT x'';
UPDATE work SET first_group = coalesce(json_extract(groups, '$[0]'), ''),
                item = switchboard_work((SELECT snapshot FROM instance WHERE id = work.instance), key);
DELETE FROM work_group WHERE name = (SELECT first_group FROM work w WHERE w.instance = work_group.instance AND w.key = work_group.key);
DROP INDEX work_topic;
CREATE INDEX work_topic ON work (topic, state, priority DESC, offered, instance, key) WHERE topic <> '';
CREATE INDEX work_first_group ON work (first_group, instance, key) WHERE first_group <> '';
)sql";

// Answers in the order in which they were given, found by an index of their ids alone: filed by id, each new one split pages among older ones, which
// was two thirds of all that a command wrote (decision 0045).
constexpr const char* answers_in_order = R"sql(
CREATE TABLE answer (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, at INTEGER NOT NULL, answer BLOB NOT NULL, seal INTEGER NOT NULL, instance INTEGER
) STRICT;
INSERT INTO answer (id, at, answer, seal, instance) SELECT id, at, answer, seal, instance FROM request ORDER BY at, id;
DROP TABLE request;
ALTER TABLE answer RENAME TO request;
)sql";

// What cannot be done for another case stands aside until an operator says what becomes of it; and each errand knows how long the chain of errands is
// that led to it. Those that wait to be carried out are found without those that stand aside.
constexpr const char* errands_aside = R"sql(
ALTER TABLE errand ADD COLUMN chain INTEGER NOT NULL DEFAULT 0;
ALTER TABLE errand ADD COLUMN aside INTEGER NOT NULL DEFAULT 0;
CREATE INDEX errand_waiting ON errand (instance, sequence, place) WHERE aside = 0;
)sql";

// Which calendars and tables somebody gave himself: those of a folder do not take their place. Who waits longest for a message. Which cases are
// suspended: a message for one of them is kept.
constexpr const char* given_and_waiting = R"sql(
ALTER TABLE resource ADD COLUMN by_hand INTEGER NOT NULL DEFAULT 0;
ALTER TABLE waiting ADD COLUMN opened INTEGER NOT NULL DEFAULT 0;
CREATE INDEX instance_suspended ON instance (id) WHERE state = 'suspended';
)sql";

// Form 4 changes no table: the words of its events are written whenever the schema rises, and an older program meets the number first.
constexpr const char* form_4 = "SELECT 1 WHERE 0;";

// Cases follow their calendars piece by piece.
constexpr const char* calendar_changes = R"sql(
CREATE TABLE calendar_change (
  at INTEGER NOT NULL, calendar TEXT NOT NULL, before TEXT NOT NULL, from_now INTEGER NOT NULL, done INTEGER NOT NULL, seal INTEGER NOT NULL,
  PRIMARY KEY (at, calendar)
) STRICT, WITHOUT ROWID;
)sql";

// Each record of the outbox has a place in a lane, and each lane with records that wait has one row: its first record, from when that may be taken,
// and which record of it somebody has under a lease. So nobody who delivers looks at what waits (decision 0066).
constexpr const char* lanes_of_outbox = R"sql(
ALTER TABLE outbox ADD COLUMN lane TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN next_try INTEGER;
ALTER TABLE outbox ADD COLUMN lease_until INTEGER;
ALTER TABLE outbox ADD COLUMN token INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN given_up INTEGER;
UPDATE outbox SET lane = switchboard_lane(key, kind, customer, coalesce((SELECT case_no FROM instance WHERE id = outbox.instance), '')),
                  since = switchboard_since(kind, created, body)
  WHERE state <> 'delivered';
UPDATE outbox SET next_try = since WHERE state = 'waiting';
UPDATE outbox SET given_up = since WHERE state = 'failed';
CREATE INDEX outbox_lane ON outbox (lane, since) WHERE state = 'waiting';
CREATE INDEX outbox_failed ON outbox (instance, id) WHERE state = 'failed';
CREATE TABLE ready (lane TEXT NOT NULL PRIMARY KEY, record INTEGER NOT NULL, at INTEGER NOT NULL, taken INTEGER) STRICT, WITHOUT ROWID;
CREATE INDEX ready_order ON ready (at, record);
INSERT INTO ready SELECT lane, id, next_try, NULL FROM outbox o WHERE state = 'waiting' AND NOT EXISTS
  (SELECT 1 FROM outbox p WHERE p.lane = o.lane AND p.state = 'waiting' AND (p.since, p.id) < (o.since, o.id));
DROP VIEW v_outbox;
CREATE VIEW v_outbox AS
  SELECT o.id, o.key, o.kind, o.state, 'i-' || o.instance AS instance, i.case_no, i.process, o.name, o.customer, o.text, $(o.created) AS created,
         $(o.delivered) AS delivered, o.attempts, o.error, $(o.next_try) AS next_try, $(o.lease_until) AS lease_until, $(o.given_up) AS given_up
  FROM outbox o LEFT JOIN instance i ON i.id = o.instance;
)sql";

// The rows of who waits stay while a case is suspended: those of the cases that are so when the schema rises are written then (write_held).
constexpr const char* held_rows = "SELECT 1 WHERE 0;";

// A clock on hold has no due instant that can be stored: it is listed behind the others. And the cases that could not follow a changed calendar,
// until they can.
constexpr const char* held_clocks = R"sql(
DROP INDEX clock_open;
CREATE INDEX clock_open ON clock ((state = 'paused' AND NOT breached), due, instance) WHERE ended IS NULL;
CREATE TABLE calendar_passed (
  at INTEGER NOT NULL, calendar TEXT NOT NULL, instance INTEGER NOT NULL, PRIMARY KEY (at, calendar, instance)
) STRICT, WITHOUT ROWID;
ALTER TABLE calendar_change ADD COLUMN through INTEGER NOT NULL DEFAULT 0;
)sql";

// Messages that came early, and the state of large cases apart from their row, which is written at every step (`apart`: the last event of the state;
// `behind`: bytes of the events that the snapshot apart does not have yet).
// Of messages: `calls` counts what somebody may have begun to wait with, `offered` how far it has been offered: what lies between is an
// errand that survives a crash. Each index holds only what waits.
constexpr const char* kept_messages_and_states_apart = R"sql(
CREATE TABLE kept_message (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, key TEXT NOT NULL, to_case INTEGER NOT NULL, payload BLOB NOT NULL, sender INTEGER NOT NULL,
  heard_by INTEGER NOT NULL, arrived INTEGER NOT NULL, until INTEGER NOT NULL, discard INTEGER NOT NULL, may_start INTEGER NOT NULL,
  chain INTEGER NOT NULL, request TEXT NOT NULL, state TEXT NOT NULL, rule TEXT NOT NULL, error TEXT NOT NULL, decided INTEGER, calls INTEGER NOT NULL,
  offered INTEGER NOT NULL, seal INTEGER NOT NULL
) STRICT;
CREATE INDEX kept_key ON kept_message (key, name, id) WHERE state = 'waiting';
CREATE INDEX kept_until ON kept_message (until, id) WHERE state = 'waiting';
CREATE INDEX kept_called ON kept_message (id) WHERE state = 'waiting' AND calls > offered;
CREATE INDEX kept_incident ON kept_message (id) WHERE state = 'incident';
CREATE INDEX kept_request ON kept_message (request) WHERE request <> '';
CREATE VIEW v_messages AS
  SELECT 'm-' || id AS message, name, key, to_case, CASE WHEN sender = 0 THEN NULL ELSE 'i-' || sender END AS instance, $(arrived) AS arrived,
         $(until) AS until, CASE WHEN discard THEN 'discard' ELSE 'incident' END AS ends, state, rule, error
  FROM kept_message;
ALTER TABLE instance ADD COLUMN apart INTEGER;
ALTER TABLE instance ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
CREATE TABLE snapshot (instance INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;
)sql";

// To which unit of the company cases belong, and to which work is offered. Ids and no paths: the tree is looked at when somebody asks, so another
// tree moves nothing here. Who has no tree has nothing in these indexes.
constexpr const char* organisations = R"sql(
ALTER TABLE instance ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
ALTER TABLE work ADD COLUMN organisation TEXT NOT NULL DEFAULT '';
CREATE INDEX instance_organisation ON instance (organisation, id) WHERE organisation <> '';
CREATE INDEX instance_organisation_open ON instance (organisation, id) WHERE organisation <> '' AND ended IS NULL;
CREATE INDEX work_organisation ON work (organisation, instance, key) WHERE organisation <> '';
DROP VIEW v_cases;
CREATE VIEW v_cases AS
  SELECT 'i-' || id AS instance, case_no, process, definition, customer, state, stage, $(started) AS started, $(last) AS last, $(ended) AS ended,
         CASE WHEN parent IS NULL THEN NULL ELSE 'i-' || parent END AS parent, incidents, organisation
  FROM instance;
DROP VIEW v_work;
CREATE VIEW v_work AS
  SELECT 'i-' || w.instance || '.' || w.key AS work, 'i-' || w.instance AS instance, i.case_no, i.process, i.customer, w.element AS node, w.kind, w.state,
         w.topic, w.groups, w.assignee, w.priority, w.retries, $(w.due) AS due, $(w.offered) AS offered, w.organisation
  FROM work w JOIN instance i ON i.id = w.instance;
)sql";

// What cases are found by (`search: true`; no definition of an older file says so, so nothing is to be filed), when they began and ended, who
// called them, which ended case they take up again, and for the
// order of work when the earliest promise of each open case breaks (promise_of): the largest number where there is none, one less where all stand
// still.
constexpr const char* search_and_promises = R"sql(
CREATE TABLE search (
  instance INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name, value, instance)
) STRICT, WITHOUT ROWID;
CREATE INDEX search_value ON search (value, instance);
CREATE INDEX search_instance ON search (instance);
CREATE INDEX instance_started ON instance (started);
CREATE INDEX instance_ended ON instance (ended) WHERE ended IS NOT NULL;
ALTER TABLE instance ADD COLUMN promise INTEGER NOT NULL DEFAULT 9223372036854775807;
UPDATE instance SET promise = coalesce((SELECT min(switchboard_promise(ledger)) FROM clock WHERE instance = instance.id AND ended IS NULL), promise)
  WHERE ended IS NULL;
CREATE INDEX instance_parent ON instance (parent) WHERE parent IS NOT NULL;
ALTER TABLE instance ADD COLUMN reopens INTEGER;
CREATE INDEX instance_promise ON instance (promise, id) WHERE ended IS NULL;
)sql";

// What adapters heard of the records that they told.
constexpr const char* receipts = R"sql(
ALTER TABLE outbox ADD COLUMN receipts BLOB;
)sql";

// Rows of registers, with all their versions: the last of a key is the row as it is, found by one look into the table. And the words of form 8.
constexpr const char* rows_of_registers = R"sql(
CREATE TABLE register_row (
  register TEXT NOT NULL, key TEXT NOT NULL, version INTEGER NOT NULL, value BLOB NOT NULL, at INTEGER NOT NULL, instance INTEGER NOT NULL,
  by TEXT NOT NULL, seal INTEGER NOT NULL, PRIMARY KEY (register, key, version)
) STRICT, WITHOUT ROWID;
CREATE VIEW v_registers AS
  SELECT register, key, version, $(at) AS at, CASE WHEN instance = 0 THEN NULL ELSE 'i-' || instance END AS instance, by
  FROM register_row;
)sql";

constexpr std::array steps{tables,
                           views,
                           request_instance,
                           columns_for_lists,
                           answers_in_order,
                           errands_aside,
                           given_and_waiting,
                           form_4,
                           calendar_changes,
                           lanes_of_outbox,
                           held_rows,
                           held_clocks,
                           kept_messages_and_states_apart,
                           organisations,
                           search_and_promises,
                           receipts,
                           rows_of_registers};
constexpr std::int64_t first_with_words = 4;
constexpr std::int64_t first_with_held = 11;

std::optional<core::ProcessInstance> snapshot_in(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  auto instance = core::decode_instance({bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))});
  return instance ? std::optional(std::move(instance).value()) : std::nullopt;
}

/// The bytes of one work item for `columns_for_lists`; nothing when the snapshot cannot be read: then the row shows as damaged, and the other cases
/// go on.
void work_in_snapshot(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const auto instance = snapshot_in(values[0]);
  const core::Work* work = instance ? instance->find(core::WorkKey{static_cast<std::uint64_t>(sqlite3_value_int64(values[1]))}) : nullptr;
  const std::string bytes = work == nullptr ? std::string() : encode_work(instance->key, *work);
  sqlite3_result_blob64(context, bytes.data(), bytes.size(), SQLITE_TRANSIENT);
}

void holders_in_snapshot(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const auto instance = snapshot_in(values[0]);
  const std::string holders = instance ? json_of(holders_of(*instance)) : std::string("[]");
  sqlite3_result_text64(context, holders.data(), holders.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

std::string text_in(sqlite3_value* value) {
  const auto* bytes = static_cast<const char*>(sqlite3_value_blob(value));
  return {bytes == nullptr ? "" : bytes, static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

OutboxRow::Kind kind_in(sqlite3_value* value) { return kind_of_word(text_in(value)).value_or(OutboxRow::Kind::incident); }

/// For `lanes_of_outbox`: the lane of a record, of its key, kind, customer and case number.
void lane_of_record(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  OutboxRow row;
  row.key = text_in(values[0]);
  row.kind = kind_in(values[1]);
  row.customer = text_in(values[2]);
  row.case_no = text_in(values[3]);
  const std::string lane = place_of(row).lane;
  sqlite3_result_text64(context, lane.data(), lane.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// From when a record may go out, of its kind, its instant and its body. One that cannot be read is met when it is to be delivered.
void since_of_record(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  OutboxRow row;
  row.kind = kind_in(values[0]);
  row.created = {sqlite3_value_int64(values[1])};
  if (auto body = decode_value("an outbox record", text_in(values[2]))) row.body = std::move(body).value().value;
  sqlite3_result_int64(context, place_of(row).since.us);
}

/// For `search_and_promises`: when the promise of a ledger breaks. One that cannot be read is met by who asks for the clock.
void promise_in_ledger(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  const auto ledger = decode_ledger(text_in(values[0]));
  sqlite3_result_int64(context, (ledger ? promise_of(ledger.value()) : no_promise).us);
}

/// For as long as the steps run.
void add_functions(Connection& connection) {
  sqlite3* database = connection.database().getHandle();
  sqlite3_create_function_v2(database, "switchboard_work", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, work_in_snapshot, nullptr, nullptr,
                             nullptr);
  sqlite3_create_function_v2(database, "switchboard_holders", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, holders_in_snapshot, nullptr, nullptr,
                             nullptr);
  sqlite3_create_function_v2(database, "switchboard_lane", 4, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, lane_of_record, nullptr, nullptr, nullptr);
  sqlite3_create_function_v2(database, "switchboard_promise", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, promise_in_ledger, nullptr, nullptr,
                             nullptr);
  sqlite3_create_function_v2(database, "switchboard_since", 3, SQLITE_UTF8 | SQLITE_DETERMINISTIC, nullptr, since_of_record, nullptr, nullptr,
                             nullptr);
}

/// The words of all events that this version knows.
void write_event_words(Connection& connection) {
  for (const EventWord& w : event_words())
    connection.run("INSERT OR REPLACE INTO event_word VALUES (?, ?, ?)", w.number, std::string(w.word), static_cast<std::uint32_t>(w.about));
}

/// What suspended cases wait for, one case at a time. One that cannot be read is told by whoever asks for it.
void write_held(Connection& connection) {
  Rows rows = connection.query("SELECT snapshot FROM instance WHERE state = 'suspended'");
  while (rows.next()) {
    const auto instance = core::decode_instance(rows.bytes(0));
    if (!instance) continue;
    const core::ProcessInstance& i = instance.value();
    for (const core::Subscription& s : i.subscriptions) write_waiting_row(connection, i.key, i.case_no, s, seal_of_waiting(i.key, i.case_no, s));
  }
}

bool knows_strict() { return sqlite3_libversion_number() >= 3'037'000; }

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size())) text.replace(at, what.size(), with);
  return text;
}

std::string spelled_out(const char* step) {
  std::string with_instants = std::regex_replace(step, std::regex(R"(\$\(([a-z_.]+)\))"),
                                                 "strftime('%Y-%m-%dT%H:%M:%S', $1 / 1000000, 'unixepoch') || printf('.%06dZ', $1 % 1000000)");
  if (knows_strict()) return with_instants;
  return replaced(replaced(with_instants, ") STRICT, WITHOUT ROWID", ") WITHOUT ROWID"), ") STRICT", ")");
}

std::int64_t pragma(Connection& connection, const char* sql) {
  Rows rows = connection.query(sql);
  return rows.next() ? rows.whole(0) : 0;
}

bool is_empty(Connection& connection) {
  Rows rows = connection.query("SELECT 1 FROM sqlite_master LIMIT 1");
  return !rows.next();
}

/// The file's schema number; 0 for an empty file.
Result<std::int64_t> schema_of(Connection& connection, const std::string& path) {
  const std::int64_t schema = pragma(connection, "PRAGMA user_version");
  const std::int64_t owner = pragma(connection, "PRAGMA application_id");
  if (owner == 0 && schema == 0 && is_empty(connection)) return std::int64_t{0};
  if (owner != application_id)
    return Error{ErrorKind::storage, "SB0602", "this file is not a Switchboard database (it is a SQLite database of something else)", path,
                 "give another path"};
  if (schema < 0)
    return Error{ErrorKind::storage, "SB0603", fmt::format("the database is damaged: its schema number (user_version) is {}", schema), path,
                 "keep a copy, restore the last backup"};
  if (schema == 0 && !is_empty(connection))
    return Error{ErrorKind::storage, "SB0603", "the database is damaged: it has tables, but its schema number (user_version) is 0", path,
                 "keep a copy, restore the last backup"};
  if (schema > newest_schema())
    return Error{ErrorKind::storage, "SB0601",
                 fmt::format("the database has schema {}, this version of Switchboard knows up to {}", schema, newest_schema()), path,
                 "use the version of Switchboard that wrote it, or a newer one"};
  return schema;
}

}  // namespace

std::int64_t newest_schema() { return static_cast<std::int64_t>(steps.size()); }

Result<void> require_schema(Connection& connection, const std::string& path) {
  SB_TRY(const auto schema, schema_of(connection, path));
  if (schema == newest_schema()) return success();
  return Error{ErrorKind::storage, "SB0614", fmt::format("the database has schema {}, wanted is {}", schema, newest_schema()), path,
               "open it once for writing (`switchboard tick` does): that brings it forward"};
}

Result<void> migrate(Connection& connection, const std::string& path, std::int64_t schema) {
  SB_TRY(const auto before, schema_of(connection, path));
  if (before >= schema) return success();
  connection.execute("BEGIN IMMEDIATE");
  // Another process may have been faster.
  SB_TRY(const auto present, schema_of(connection, path));
  add_functions(connection);
  for (std::int64_t step = present; step < schema; ++step) connection.execute(spelled_out(steps[static_cast<std::size_t>(step)]));
  if (schema >= first_with_words) write_event_words(connection);
  if (present < first_with_held && schema >= first_with_held) write_held(connection);
  connection.execute(fmt::format("PRAGMA application_id = {}", application_id));
  if (present < schema) connection.execute(fmt::format("PRAGMA user_version = {}", schema));
  connection.execute("COMMIT");
  return success();
}

}  // namespace switchboard::store
