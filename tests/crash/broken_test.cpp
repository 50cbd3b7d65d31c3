// Stores that are broken on purpose: the checks must notice every kind of it, else they prove nothing.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>

#include "files.hpp"
#include "load.hpp"
#include "runtime/case_engine.hpp"
#include "wrapped_store.hpp"

namespace switchboard::testing {

namespace {

/// Changes what is committed.
class LyingStore final : public WrappedStore {
 public:
  using Lie = std::function<void(std::vector<store::Change>&, store::Store&)>;
  LyingStore(Lie before_commit, Lie after_commit)
      : WrappedStore(store::open_memory()), before_(std::move(before_commit)), after_(std::move(after_commit)) {}

  Result<void> commit(std::span<const store::Change> changes, std::size_t& conflict_index) override {
    std::vector<store::Change> told(changes.begin(), changes.end());
    if (before_) before_(told, inner());
    SB_TRYV(inner().commit(told, conflict_index));
    if (after_) after_(told, inner());
    return success();
  }

 protected:
  std::optional<Error> before(std::string_view /*call*/) override { return std::nullopt; }

 private:
  Lie before_, after_;
};

std::size_t violations_of(LyingStore::Lie before, LyingStore::Lie after) {
  Instant now{1'772'413'200'000'000};
  EngineOptions options;
  options.clock = [&] { return now; };
  runtime::CaseEngine engine(std::make_unique<LyingStore>(std::move(before), std::move(after)), options);
  REQUIRE(deploy_load(engine));
  REQUIRE(engine.start("load", {}, {}, {}));
  now = now + Duration::millis(80);
  REQUIRE(engine.tick(100));
  const auto found = engine.check();
  REQUIRE(found);
  for (const std::string& line : found.value()) MESSAGE(line);
  return found.value().size();
}

}  // namespace

TEST_CASE("check has nothing to say about an honest store") { CHECK(violations_of({}, {}) == 0); }

TEST_CASE("check notices a store that loses an event") {
  CHECK(violations_of(
            [](auto& changes, auto&) {
              changes.back().events = changes.back().events.first(changes.back().events.empty() ? 0 : changes.back().events.size() - 1);
            },
            {}) > 0);
}

TEST_CASE("check notices a store that loses what was to be told") {
  CHECK(violations_of([](auto& changes, auto&) { changes.back().effects = {}; }, {}) > 0);
}

TEST_CASE("check notices a store that tells twice") {
  static std::vector<store::OutboxRow> again;
  CHECK(violations_of({}, [](auto& changes, store::Store& s) {
          if (changes.back().after == nullptr) return;
          again = s.outbox({}).value();
          if (again.empty()) return;
          for (store::OutboxRow& row : again) row.key += "-again";
          store::Change more;
          more.outbox = again;
          std::size_t ignored = 0;
          REQUIRE(s.commit({&more, 1}, ignored));
        }) > 0);
}

TEST_CASE("check notices a store that drops what is due") {
  CHECK(violations_of({}, [](auto& changes, store::Store& s) {
          for (const store::Change& c : changes) {
            if (c.after == nullptr) continue;
            store::DueRow row;
            row.instance = c.after->key;
            REQUIRE(s.reindex(row, nullptr, nullptr, c.expected_version + 1));
          }
        }) > 0);
}

TEST_CASE("check notices a store that keeps an older state than its history") {
  static core::ProcessInstance older;
  CHECK(violations_of(
            [](auto& changes, auto&) {
              store::Change& c = changes.back();
              if (c.after == nullptr || c.before == nullptr) return;
              older = *c.before;
              c.after = &older;
            },
            {}) > 0);
}

TEST_CASE("check notices every row that is missing from, added to or changed in a file") {
  const char* lies[] = {
      "DELETE FROM due WHERE kind = 0",
      "DELETE FROM due WHERE kind = 1",
      "UPDATE due SET due = due + 1",
      "UPDATE due SET mark = 1 WHERE kind = 1",
      "INSERT INTO due VALUES (1, 0, 999, 1, 0, 0)",
      "DELETE FROM waiting",
      "UPDATE waiting SET correlation = 'other'",
      "DELETE FROM work WHERE topic <> ''",
      "UPDATE work SET state = 'claimed'",
      "UPDATE work SET first_group = 'other'",
      "UPDATE work SET first_group = ''",
      "UPDATE work SET item = x'00'",
      "UPDATE work SET item = (SELECT item FROM work w ORDER BY instance DESC, key DESC LIMIT 1)",
      "INSERT INTO work_group SELECT 'others', instance, key FROM work",
      "DELETE FROM clock",
      "UPDATE clock SET due = due + 1",
      "DELETE FROM history WHERE first = 1",
      "DELETE FROM history WHERE first = (SELECT max(first) FROM history)",
      "UPDATE history SET what = '[]'",
      "UPDATE history SET definition = NULL",
      "UPDATE history SET definition = definition + 1",
      "UPDATE event_word SET word = 'nothing' WHERE number = 5",
      "UPDATE place SET text = text || 'x' WHERE kind = 2",
      "DELETE FROM definition",
      "UPDATE instance SET holders = '[]'",
      "UPDATE instance SET organisation = 'x'",
      "UPDATE work SET organisation = 'x'",
      "DELETE FROM outbox",
      "UPDATE outbox SET customer = '4711'",
      "INSERT INTO outbox SELECT NULL, key || 'x', kind, state, instance, name, customer, text, body, created, delivered, attempts, error, seal, "
      "lane, since, next_try, lease_until, token, given_up, receipts FROM outbox",
      "UPDATE outbox SET receipts = x'00'",
      "UPDATE outbox SET lane = 'another' WHERE state = 'waiting'",
      "UPDATE outbox SET next_try = NULL WHERE state = 'waiting'",
      "UPDATE outbox SET lease_until = 1 WHERE state = 'waiting'",
      "UPDATE outbox SET state = 'delivered' WHERE state = 'waiting'",
      "DELETE FROM ready",
      "UPDATE ready SET at = at + 1",
      "UPDATE ready SET taken = record",
      "UPDATE instance SET snapshot = (SELECT snapshot FROM instance WHERE id = 1)",
      "UPDATE instance SET state = 'completed'",
      "UPDATE instance SET case_no = case_no || 'x'",
      "UPDATE instance SET stage = 'nowhere'",
      "DELETE FROM instance WHERE parent IS NOT NULL AND ended IS NOT NULL",
      "DELETE FROM instance WHERE parent IS NOT NULL AND ended IS NULL",
      "DELETE FROM instance WHERE parent IS NULL",
      // A finished called case with all that is kept of it.
      "DELETE FROM history WHERE instance = (SELECT max(id) FROM instance WHERE parent IS NOT NULL AND ended IS NOT NULL);"
      "DELETE FROM clock WHERE instance = (SELECT max(id) FROM instance WHERE parent IS NOT NULL AND ended IS NOT NULL);"
      "DELETE FROM request WHERE instance = (SELECT max(id) FROM instance WHERE parent IS NOT NULL AND ended IS NOT NULL);"
      "DELETE FROM instance WHERE id = (SELECT max(id) FROM instance WHERE parent IS NOT NULL AND ended IS NOT NULL)",
      "INSERT INTO errand (instance, sequence, place, effect, seal) VALUES (1, 2, 3, x'00', 4)",
      "UPDATE deployment SET source = source || ' '",
      "DELETE FROM deployment",
      "UPDATE request SET answer = x'00'",
      "DELETE FROM request WHERE id LIKE 'call:%'",
  };
  const Folder folder;
  const std::string whole = folder.file("whole.db");
  Instant now{1'772'413'200'000'000};
  EngineOptions options;
  options.clock = [&] { return now; };
  options.full_sync = false;
  {
    options.database = whole;
    auto engine = Engine::open(options);
    REQUIRE(engine);
    REQUIRE(deploy_load(*engine.value()));
    // A call that is still open, beside what the load leaves.
    REQUIRE(engine.value()->deploy(R"(
switchboard: 1
process: asks
nodes:
  begin: {type: startEvent, next: ask}
  ask: {type: callActivity, process: waits, next: done}
  done: {type: endEvent}
)",
                                   "asks.yaml"));
    REQUIRE(engine.value()->deploy(R"(
switchboard: 1
process: waits
nodes:
  begin: {type: startEvent, next: wait}
  wait: {type: userTask, next: done}
  done: {type: endEvent}
)",
                                   "waits.yaml"));
    REQUIRE(engine.value()->start("load", {}));
    REQUIRE(engine.value()->start("asks", {}));
    now = now + Duration::millis(80);
    REQUIRE(engine.value()->tick(100));
    REQUIRE(engine.value()->start("load", {}));
    CHECK(engine.value()->check().value().empty());
  }
  const std::string bytes = read_file(whole);
  int number = 0;
  for (const char* lie : lies) {
    options.database = folder.file(fmt::format("lie-{}.db", ++number));
    write_file(options.database, bytes);
    const int changed = SQLite::Database(options.database, SQLite::OPEN_READWRITE).exec(lie);
    CHECK_MESSAGE(changed > 0, "changes nothing: " << lie);
    auto engine = Engine::open(options);
    REQUIRE(engine);
    const auto found = engine.value()->check();
    CHECK_MESSAGE((!found || !found.value().empty()), "not noticed: " << std::string(lie));
  }
}

TEST_CASE("a damaged errand or case is told and stands aside; everything else goes on") {
  const Folder folder;
  Instant now{1'772'413'200'000'000};
  EngineOptions options;
  options.clock = [&] { return now; };
  options.full_sync = false;
  options.database = folder.file("engine.db");
  struct Damage {
    const char* sql;
    const char* rule;  ///< of the record in the outbox
    bool is_met_again;
  };
  const Damage damages[] = {
      // Stands aside as an incident of its case from the first tick on.
      {"INSERT INTO errand (instance, sequence, place, effect, seal) VALUES (1, 1, 0, x'0102', 4)", "SB0530", false},
      {"UPDATE instance SET snapshot = x'00' WHERE id = 1", "SB0603", true},
  };
  for (const auto& [damage, rule, is_met_again] : damages) {
    std::filesystem::remove(options.database);
    {
      auto engine = Engine::open(options);
      REQUIRE(engine);
      REQUIRE(deploy_load(*engine.value()));
      REQUIRE(engine.value()->start("load", {}));
      REQUIRE(engine.value()->start("load", {}));
    }
    REQUIRE(SQLite::Database(options.database, SQLite::OPEN_READWRITE).exec(damage) == 1);
    auto engine = Engine::open(options);
    REQUIRE_MESSAGE(engine, (engine ? std::string() : engine.error().text()));
    now = now + Duration::millis(100);
    const auto first = engine.value()->tick(100);
    REQUIRE_MESSAGE(first, (first ? std::string() : first.error().text()));
    CHECK(first.value().damaged > 0);
    CHECK(first.value().timers >= 1);  // of the other case
    CHECK(first.value().marks >= 1);
    REQUIRE(engine.value()->tick(100));
    CHECK((engine.value()->tick(100).value().damaged > 0) == is_met_again);
    Find of_case;
    of_case.instance = "i-1";
    std::size_t told = 0;
    const auto outbox = engine.value()->outbox(of_case).value();
    for (const OutboxInfo& o : outbox) told += o.kind == OutboxKind::incident && o.name == rule ? 1 : 0;
    CHECK(told == 1);
    CHECK_FALSE(engine.value()->check().value().empty());
    CHECK(engine.value()->start("load", {}));
  }
}

}  // namespace switchboard::testing
