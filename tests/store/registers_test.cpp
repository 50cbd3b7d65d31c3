// Rows of registers (decision 0093), the same in memory and in a file.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "support.hpp"
#include "support/folder.hpp"

namespace switchboard::testing::register_rows {

namespace {

store::SqliteOptions in(const Folder& folder) {
  store::SqliteOptions options;
  options.path = folder.file("rows.db");
  options.full_sync = false;
  return options;
}

void on_each_store(const std::function<void(store::Store&)>& test) {
  SUBCASE("memory") { test(*store::open_memory()); }
  SUBCASE("SQLite") {
    const Folder folder;
    const auto store = store::open_sqlite(in(folder));
    REQUIRE(store);
    test(*store.value());
  }
}

driver::RowWrite row(const std::string& key, std::uint64_t expected, int debt) {
  return {"customer", key, expected, Value(Context{{"debt", debt}}), "wang"};
}

/// All in one change; the id of what was refused.
std::string write(store::Store& s, const std::vector<driver::RowWrite>& rows, Instant now = t0) {
  store::Change change;
  change.rows = rows;
  change.at = now;
  std::size_t at = 0;
  const auto done = s.commit({&change, 1}, at);
  return done ? std::string() : done.error().id;
}

int debt_of(store::Store& s, const std::string& key) {
  const auto found = s.register_row("customer", key);
  REQUIRE(found);
  if (!found.value()) return -1;
  return static_cast<int>(found.value()->value.context()->find("debt")->number()->to_int64().value_or(-2));
}

}  // namespace

TEST_CASE("a row is its last version; every version stays, with its instant and who made it") {
  on_each_store([](store::Store& s) {
    CHECK(debt_of(s, "1") == -1);
    CHECK(write(s, {row("1", 0, 5)}).empty());
    CHECK(write(s, {row("1", 1, 7)}, t0 + minute).empty());
    CHECK(debt_of(s, "1") == 7);
    const auto versions = s.register_history("customer", "1", 0, 10);
    REQUIRE(versions);
    REQUIRE(versions.value().size() == 2);
    CHECK(versions.value()[0].version == 1);
    CHECK(versions.value()[0].at == t0);
    CHECK(versions.value()[1].at == t0 + minute);
    CHECK(versions.value()[1].by == "wang");
    CHECK(!versions.value()[1].instance);
    CHECK(s.register_history("customer", "1", 1, 10).value().size() == 1);
    CHECK(s.register_history("meter", "1", 0, 10).value().empty());
  });
}

TEST_CASE("a write that expects another version is refused, and nothing of its change is written") {
  on_each_store([](store::Store& s) {
    CHECK(write(s, {row("1", 1, 5)}) == "SB0582");
    CHECK(write(s, {row("1", 0, 5)}).empty());
    CHECK(write(s, {row("2", 0, 1), row("1", 0, 6)}) == "SB0582");
    CHECK(debt_of(s, "1") == 5);
    CHECK(debt_of(s, "2") == -1);
    CHECK(write(s, {row("3", 0, 1), row("3", 1, 2)}).empty());  // one after the other
    CHECK(debt_of(s, "3") == 2);
    CHECK(write(s, {row("4", 0, 1), row("4", 0, 2)}) == "SB0582");
    CHECK(debt_of(s, "4") == -1);
  });
}

TEST_CASE("of two changes of one transaction that write one row the second is refused, with its place") {
  on_each_store([](store::Store& s) {
    const std::vector<driver::RowWrite> a{row("1", 0, 5)}, b{row("1", 0, 6)};
    std::vector<store::Change> changes(2);
    changes[0].rows = a;
    changes[1].rows = b;
    std::size_t at = 9;
    const auto done = s.commit(changes, at);
    REQUIRE(!done);
    CHECK(done.error().id == "SB0582");
    CHECK(at == 1);
    CHECK(debt_of(s, "1") == -1);
  });
}

TEST_CASE("rows are listed by key, each as it is now") {
  on_each_store([](store::Store& s) {
    for (const char* key : {"b", "a", "c", "客户"}) CHECK(write(s, {row(key, 0, 1)}).empty());
    CHECK(write(s, {row("b", 1, 2)}).empty());
    const auto all = s.register_rows("customer", "", 10);
    REQUIRE(all);
    REQUIRE(all.value().size() == 4);
    CHECK(all.value()[0].key == "a");
    CHECK(all.value()[1].version == 2);
    CHECK(all.value()[3].key == "客户");
    CHECK(s.register_rows("customer", "b", 1).value().at(0).key == "c");
    CHECK(s.register_rows("customer", "客户", 10).value().empty());
    CHECK(s.register_rows("meter", "", 10).value().empty());
  });
}

TEST_CASE("a damaged version says so, fsck names it and one that is missing, and the others go on") {
  const Folder folder;
  {
    const auto store = store::open_sqlite(in(folder));
    REQUIRE(store);
    for (const char* key : {"1", "2"})
      for (std::uint64_t v = 0; v < 3; ++v) CHECK(write(*store.value(), {row(key, v, static_cast<int>(v))}).empty());
  }
  {
    SQLite::Database file(folder.file("rows.db"), SQLite::OPEN_READWRITE);
    file.exec("UPDATE register_row SET by = 'li' WHERE key = '1' AND version = 3");
    file.exec("DELETE FROM register_row WHERE key = '2' AND version = 2");
  }
  const auto store = store::open_sqlite(in(folder));
  REQUIRE(store);
  const auto damaged = store.value()->register_row("customer", "1");
  REQUIRE(damaged);
  REQUIRE(damaged.value());
  CHECK(damaged.value()->damage == "version 3 of register 'customer', key '1', is not what was written");
  CHECK(debt_of(*store.value(), "2") == 2);
  std::string found;
  REQUIRE(store.value()->check([](std::string_view) { return nullptr; }, [&](const std::string& line) { found += line + "\n"; }));
  CHECK(found.find("version 3 of register 'customer', key '1'") != std::string::npos);
  CHECK(found.find("register 'customer', key '2': version 2 is missing") != std::string::npos);
}

}  // namespace switchboard::testing::register_rows
