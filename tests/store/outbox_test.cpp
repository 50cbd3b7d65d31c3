// Lanes, leases and back-off of the outbox (decision 0066), the same in memory and in a file.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/store.hpp"
#include "support.hpp"
#include "support/folder.hpp"

namespace switchboard::testing {

namespace {

using Outcome = store::OutboxAnswer::Outcome;

template <class T>
T taken_from(Result<T> r) {
  REQUIRE_MESSAGE(r, (r ? std::string() : r.error().text()));
  return std::move(r).value();
}

void on_each_outbox(const std::function<void(store::Store&)>& test) {
  SUBCASE("memory") { test(*store::open_memory()); }
  SUBCASE("SQLite") {
    const Folder folder;
    store::SqliteOptions options;
    options.path = folder.file("outbox.db");
    options.full_sync = false;
    const auto store = taken_from(store::open_sqlite(options));
    test(*store);
  }
}

store::OutboxRow record_for(const std::string& key, const std::string& customer, Instant created = t0) {
  store::OutboxRow row;
  row.key = key;
  row.kind = store::OutboxRow::Kind::feedback;
  row.name = "note";
  row.customer = customer;
  row.body = Value(Context{{"text", key}});
  row.created = created;
  return row;
}

void write_all(store::Store& s, const std::vector<store::OutboxRow>& rows) {
  store::Change beside;
  beside.outbox = rows;
  beside.at = t0;
  std::size_t at = 0;
  REQUIRE(s.commit({&beside, 1}, at));
}

store::OutboxTake take_at(Instant now, Duration lease = Duration::minutes(5)) {
  store::OutboxTake take;
  take.now = now;
  take.lease_until = now + lease;
  return take;
}

std::optional<store::OutboxRow> take_from(store::Store& s, Instant now, Duration lease = Duration::minutes(5)) {
  const store::OutboxTake take = take_at(now, lease);
  return taken_from(s.outbox_turn(nullptr, &take)).row;
}

/// Key of what is taken; empty: nothing.
std::string key_taken(store::Store& s, Instant now) {
  const auto row = take_from(s, now);
  return row ? row->key : std::string();
}

bool answer_is_late(store::Store& s, const store::OutboxRow& row, Outcome outcome, Instant at, Instant next_try = {}) {
  store::OutboxAnswer answer;
  answer.id = row.id;
  answer.token = row.token;
  answer.outcome = outcome;
  answer.at = at;
  answer.next_try = next_try;
  answer.error = outcome == Outcome::delivered ? "" : "no signal";
  return taken_from(s.outbox_turn(&answer, nullptr)).late;
}

store::OutboxRow record_now(store::Store& s, std::uint64_t id) {
  store::Query one;
  one.after = id - 1;
  one.limit = 1;
  return taken_from(s.outbox(one)).front();
}

std::vector<std::string> wrong_in(store::Store& s) {
  std::vector<std::string> lines;
  REQUIRE(s.check([](std::string_view) { return nullptr; }, [&](const std::string& line) { lines.push_back(line); }));
  return lines;
}

Result<void> decide_on(store::Store& s, const store::OutboxVerdict& verdict, Instant at) {
  store::Change change;
  change.verdicts = {&verdict, 1};
  change.at = at;
  std::size_t where = 0;
  return s.commit({&change, 1}, where);
}

}  // namespace

TEST_CASE("records of one customer go out in order, one at a time; customers do not wait for each other") {
  on_each_outbox([](store::Store& s) {
    write_all(s, {record_for("a1", "A"), record_for("a2", "A"), record_for("b1", "B"), record_for("none1", ""), record_for("none2", "")});
    const auto a1 = take_from(s, t0);
    REQUIRE(a1);
    CHECK(a1->key == "a1");
    CHECK(a1->attempts == 1);
    CHECK(a1->lease_until == t0 + Duration::minutes(5));
    CHECK(key_taken(s, t0) == "b1");
    CHECK(key_taken(s, t0) == "none1");
    CHECK(key_taken(s, t0) == "none2");  // of no customer and no case: each for itself
    CHECK(key_taken(s, t0).empty());     // a2 waits for a1
    CHECK_FALSE(answer_is_late(s, *a1, Outcome::delivered, t0 + minute));
    CHECK(record_now(s, a1->id).delivered == t0 + minute);
    CHECK(key_taken(s, t0 + minute) == "a2");
    CHECK(wrong_in(s).empty());
  });
}

TEST_CASE("what waits for its next try holds back its own lane and no other") {
  on_each_outbox([](store::Store& s) {
    write_all(s, {record_for("a1", "A"), record_for("a2", "A"), record_for("b1", "B")});
    const auto a1 = take_from(s, t0);
    CHECK_FALSE(answer_is_late(s, *a1, Outcome::again, t0, t0 + minute));
    CHECK(record_now(s, a1->id).error == "no signal");
    CHECK(record_now(s, a1->id).next_try == t0 + minute);
    CHECK(key_taken(s, t0) == "b1");
    CHECK(key_taken(s, t0 + minute - Duration::micros(1)).empty());
    store::Query ready;
    ready.due_before = t0 + minute;
    CHECK(taken_from(s.outbox(ready)).size() == 1);
    const auto again = take_from(s, t0 + minute);
    REQUIRE(again);
    CHECK(again->key == "a1");
    CHECK(again->attempts == 2);
    CHECK_FALSE(answer_is_late(s, *again, Outcome::failed, t0 + minute));
    CHECK(record_now(s, a1->id).state == store::OutboxRow::State::failed);
    CHECK(record_now(s, a1->id).given_up == t0 + minute);
    CHECK(key_taken(s, t0 + minute) == "a2");
    store::Query failed;
    failed.with_incidents = true;
    CHECK(taken_from(s.outbox(failed)).size() == 1);
    CHECK(wrong_in(s).empty());
  });
}

TEST_CASE("feedback in quiet hours waits for them to end, and what may go out before does") {
  on_each_outbox([](store::Store& s) {
    store::OutboxRow quiet = record_for("quiet", "A");
    quiet.body = Value(Context{{"not_before", to_string(t0 + Duration::hours(8), "UTC")}});
    write_all(s, {quiet, record_for("urgent", "A", t0 + Duration::hours(1)), record_for("morning", "A", t0 + Duration::hours(9))});
    const auto urgent = take_from(s, t0 + Duration::hours(1));
    REQUIRE(urgent);
    CHECK(urgent->key == "urgent");
    CHECK_FALSE(answer_is_late(s, *urgent, Outcome::delivered, t0 + Duration::hours(1)));
    CHECK(key_taken(s, t0 + Duration::hours(7)).empty());
    CHECK(key_taken(s, t0 + Duration::hours(9)) == "quiet");
    CHECK(wrong_in(s).empty());
  });
}

TEST_CASE("a lease that runs out gives the record to the next, and the late answer is refused") {
  on_each_outbox([](store::Store& s) {
    write_all(s, {record_for("a1", "A"), record_for("a2", "A")});
    const auto first = take_from(s, t0, minute);
    CHECK(key_taken(s, t0 + minute - Duration::micros(1)).empty());
    const auto second = take_from(s, t0 + minute, minute);
    REQUIRE(second);
    CHECK(second->key == "a1");
    CHECK(second->attempts == 2);
    CHECK(second->token > first->token);
    CHECK(second->error.find("lease ran out") != std::string::npos);
    CHECK(answer_is_late(s, *first, Outcome::delivered, t0 + minute));
    CHECK(record_now(s, first->id).state == store::OutboxRow::State::waiting);
    CHECK_FALSE(answer_is_late(s, *second, Outcome::delivered, t0 + minute));
    CHECK(answer_is_late(s, *second, Outcome::delivered, t0 + minute));
    // Nobody took it meanwhile: late, but true.
    const auto third = take_from(s, t0 + minute, minute);
    CHECK_FALSE(answer_is_late(s, *third, Outcome::delivered, t0 + Duration::hours(1)));
    CHECK(wrong_in(s).empty());
  });
}

TEST_CASE("a record during which everybody dies fails like any other") {
  on_each_outbox([](store::Store& s) {
    write_all(s, {record_for("deadly", "A"), record_for("a2", "A")});
    Instant now = t0;
    for (int i = 0; i < 10; ++i, now = now + minute) CHECK(take_from(s, now, minute)->key == "deadly");
    CHECK(key_taken(s, now) == "a2");
    const store::OutboxRow deadly = record_now(s, 1);
    CHECK(deadly.state == store::OutboxRow::State::failed);
    CHECK(deadly.attempts == 10);
    CHECK(deadly.given_up == now);
    CHECK(wrong_in(s).empty());
  });
}

TEST_CASE("an operator has a failed record tried again, in its old place, or gives it up") {
  on_each_outbox([](store::Store& s) {
    write_all(s, {record_for("a1", "A"), record_for("a2", "A"), record_for("a3", "A")});
    for (int i = 0; i < 2; ++i) CHECK_FALSE(answer_is_late(s, *take_from(s, t0), Outcome::failed, t0));
    CHECK(decide_on(s, {99, false, {}}, t0).error().id == "SB0613");
    CHECK(decide_on(s, {3, false, {}}, t0).error().id == "SB0563");
    CHECK(decide_on(s, {1, false, {}}, t0 + minute));
    CHECK(decide_on(s, {1, false, {}}, t0 + minute).error().id == "SB0563");
    CHECK(record_now(s, 1).attempts == 0);
    CHECK(key_taken(s, t0 + minute) == "a1");
    CHECK(decide_on(s, {2, true, "dropped by li: moved away"}, t0 + minute));
    CHECK(record_now(s, 2).state == store::OutboxRow::State::dropped);
    CHECK(record_now(s, 2).error == "dropped by li: moved away; before: no signal");
    CHECK(decide_on(s, {2, false, {}}, t0 + minute).error().id == "SB0563");
    CHECK(wrong_in(s).empty());
  });
}

TEST_CASE("what is retried while another of its lane is told waits for that") {
  on_each_outbox([](store::Store& s) {
    write_all(s, {record_for("a1", "A"), record_for("a2", "A")});
    CHECK_FALSE(answer_is_late(s, *take_from(s, t0), Outcome::failed, t0));
    const auto a2 = take_from(s, t0);
    CHECK(decide_on(s, {1, false, {}}, t0));
    CHECK(key_taken(s, t0).empty());
    CHECK(wrong_in(s).empty());
    CHECK_FALSE(answer_is_late(s, *a2, Outcome::delivered, t0));
    CHECK(key_taken(s, t0) == "a1");
  });
}

TEST_CASE("a record that cannot be read fails at once, and the others go on") {
  const Folder folder;
  store::SqliteOptions options;
  options.path = folder.file("damaged.db");
  {
    const auto s = taken_from(store::open_sqlite(options));
    write_all(*s, {record_for("a1", "A"), record_for("a2", "A"), record_for("b1", "B")});
  }
  SQLite::Database(options.path, SQLite::OPEN_READWRITE).exec("UPDATE outbox SET body = x'00' WHERE key = 'a1'");
  const auto s = taken_from(store::open_sqlite(options));
  CHECK(key_taken(*s, t0) == "a2");
  CHECK(key_taken(*s, t0) == "b1");
  const auto all = taken_from(s->outbox({}));
  REQUIRE(all.size() == 3);
  CHECK(all[0].state == store::OutboxRow::State::failed);
  CHECK(all[0].damage == "outbox record 1 is not what was written");
  CHECK(all[1].damage.empty());
  CHECK(wrong_in(*s) == std::vector<std::string>{"outbox record 1 is not what was written"});
}

TEST_CASE("fsck compares lanes, leases and states of the outbox with each other") {
  for (const char* damage :
       {"UPDATE outbox SET next_try = NULL WHERE key = 'a1'", "UPDATE outbox SET given_up = 1 WHERE key = 'a1'", "UPDATE outbox SET lane = 'x'",
        "UPDATE outbox SET since = since + 1 WHERE key = 'a2'", "UPDATE outbox SET state = 'delivered' WHERE key = 'a1'",
        "UPDATE outbox SET lease_until = 5 WHERE key = 'a2'", "DELETE FROM ready", "UPDATE ready SET at = at + 1", "UPDATE ready SET record = 2",
        "UPDATE ready SET taken = 1", "INSERT INTO ready VALUES ('nobody', 7, 1, NULL)"}) {
    INFO(damage);
    const Folder folder;
    store::SqliteOptions options;
    options.path = folder.file("lanes.db");
    const auto s = taken_from(store::open_sqlite(options));
    write_all(*s, {record_for("a1", "A"), record_for("a2", "A")});
    CHECK(wrong_in(*s).empty());
    REQUIRE(SQLite::Database(options.path, SQLite::OPEN_READWRITE).exec(damage) >= 1);
    CHECK_FALSE(wrong_in(*s).empty());
  }
}

namespace {

std::int64_t steps_of_sqlite = 0;

/// Counts what SQLite does in every connection opened from now on: steps of its machine, which grow with the rows it looks at.
int count_steps(sqlite3* database, const char** /*error*/, const void* /*api*/) {
  return sqlite3_trace_v2(
      database, SQLITE_TRACE_PROFILE,
      [](unsigned, void*, void* statement, void*) {
        steps_of_sqlite += sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
        return 0;
      },
      nullptr);
}

/// What it costs to take one record and to note that it was told, while so many others wait behind a back-off and in its own lane.
std::int64_t cost_of_one(int waiting) {
  const Folder folder;
  store::SqliteOptions options;
  options.path = folder.file("cost.db");
  options.full_sync = false;
  const auto s = taken_from(store::open_sqlite(options));
  std::vector<store::OutboxRow> rows;
  for (int i = 0; i < waiting; ++i) rows.push_back(record_for(fmt::format("r{}", i), fmt::format("customer {}", i / 2)));
  write_all(*s, rows);
  while (const auto row = take_from(*s, t0)) CHECK_FALSE(answer_is_late(*s, *row, Outcome::again, t0, t0 + Duration::hours(1)));
  for (int i = 0; i < waiting / 10 + 2; ++i) write_all(*s, {record_for(fmt::format("g{}", i), "good", t0 + minute)});
  steps_of_sqlite = 0;
  const auto good = take_from(*s, t0 + minute);
  REQUIRE(good);
  CHECK(good->key == "g0");
  CHECK_FALSE(answer_is_late(*s, *good, Outcome::delivered, t0 + minute));
  return steps_of_sqlite;
}

}  // namespace

TEST_CASE("a delivery costs the same however much waits") {
  REQUIRE(sqlite3_auto_extension(reinterpret_cast<void (*)()>(count_steps)) == SQLITE_OK);
  const std::int64_t few = cost_of_one(20);
  const std::int64_t many = cost_of_one(10'000);
  sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(count_steps));
  CHECK(few > 0);
  CHECK(many <= few + few / 4);
}

}  // namespace switchboard::testing
