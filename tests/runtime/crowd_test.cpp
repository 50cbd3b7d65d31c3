// Cases with very many parts on a file: their state stands apart from their row, is written now and then, and is whole whenever it is read.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "support.hpp"
#include "support/line_fault.hpp"

namespace switchboard::testing {

namespace {

using small::customers;

const std::string line_fault =
    std::string(small::line_fault) + "sla:\n  promise: {start: {process: started}, stop: {process: ended}, within: 72 h}\n";

std::unique_ptr<Engine> opened(const std::string& path) {
  EngineOptions options;
  options.database = path;
  options.full_sync = false;
  options.clock = [] { return t0; };
  return must(Engine::open(options));
}

struct Row {
  std::int64_t in_row = 0, apart = 0, behind = 0;
  bool is_apart = false;
};
Row row_of(SQLite::Database& db) {
  SQLite::Statement query(db,
                          "SELECT length(i.snapshot), coalesce(length(s.bytes), 0), i.behind, i.apart IS NOT NULL "
                          "FROM instance i LEFT JOIN snapshot s ON s.instance = i.id");
  REQUIRE(query.executeStep());
  return {query.getColumn(0).getInt64(), query.getColumn(1).getInt64(), query.getColumn(2).getInt64(), query.getColumn(3).getInt() != 0};
}

std::string violations(Engine& engine) {
  std::string all;
  for (const std::string& line : must(engine.check())) all += line + "\n";
  return all;
}

}  // namespace

TEST_CASE("the state of a case with many parts is written now and then, and is whole whenever it is read") {
  const Folder folder;
  const std::string path = folder.file("crowd.db");
  auto engine = opened(path);
  must(engine->deploy(line_fault, "line-fault.yaml"));
  constexpr int count = 400;
  const CaseInfo started = must(engine->start("line-fault", customers(count), {}, {}));
  SQLite::Database db(path, SQLite::OPEN_READONLY);
  const Row first = row_of(db);
  CHECK(first.is_apart);
  CHECK(first.in_row == 0);
  CHECK(first.apart > 10'000);
  Find find;
  find.instance = started.instance;
  find.limit = count;
  const auto work = must(engine->work(find));
  REQUIRE(work.size() == count);
  int written = 0;
  std::int64_t written_bytes = 0;
  for (int i = 0; i < count; ++i) {
    const WorkId one = work[static_cast<std::size_t>((i * 7) % count)].work;  // in some order
    const CaseInfo info = must(engine->complete(one, context({{"answer", fmt::format("a{}", i)}}), {.by = "li"}));
    const Row row = row_of(db);
    if (row.is_apart && row.behind == 0) {
      ++written;
      written_bytes += row.apart;
    }
    CHECK(row.is_apart == (row.in_row == 0));
    if (!row.is_apart) CHECK(row.apart == 0);
    if (i % 37 != 0 && i + 1 != count) continue;
    CHECK(violations(*engine) == "");
    engine = opened(path);  // what was in memory is forgotten
    CHECK(must(engine->instance(started.instance)).at == info.at);
    CHECK(must(engine->work(find)).size() == static_cast<std::size_t>(count - 1 - i));
  }
  CHECK(must(engine->instance(started.instance)).state == CaseState::completed);
  CHECK(written > 0);
  CHECK(written < count / 10);
  std::int64_t events = 0;
  SQLite::Statement sum(db, "SELECT sum(length(events)) FROM history");
  REQUIRE(sum.executeStep());
  events = sum.getColumn(0).getInt64();
  CHECK(written_bytes <= 2 * events);
  CHECK(violations(*engine) == "");
}

TEST_CASE("a state apart that is not what was written is told, and the case is not gone on with") {
  const char* lies[] = {"UPDATE snapshot SET bytes = x'06'",
                        "DELETE FROM snapshot",
                        "UPDATE instance SET apart = apart + 1",
                        "UPDATE instance SET apart = apart - 1",
                        "UPDATE instance SET apart = NULL",
                        "DELETE FROM history WHERE first = (SELECT max(first) FROM history)",
                        "UPDATE history SET events = x'00' WHERE first = (SELECT max(first) FROM history)",
                        "INSERT INTO snapshot SELECT 99, bytes FROM snapshot"};
  for (const char* lie : lies) {
    INFO("lie: " << std::string(lie));
    const Folder folder;
    const std::string path = folder.file("crowd.db");
    InstanceId instance;
    {
      const auto engine = opened(path);
      must(engine->deploy(line_fault, "line-fault.yaml"));
      instance = must(engine->start("line-fault", customers(300), {}, {})).instance;
      Find find;
      find.instance = instance;
      const auto work = must(engine->work(find));
      for (std::size_t i = 0; i < 3; ++i) must(engine->complete(work[i].work, context({{"answer", "yes"}}), {.by = "li"}));
      CHECK(violations(*engine) == "");
    }
    SQLite::Database db(path, SQLite::OPEN_READWRITE);
    const Row row = row_of(db);
    INFO("in row " << row.in_row << ", apart " << row.apart << ", behind " << row.behind);
    REQUIRE(row.is_apart);
    REQUIRE(row.behind > 0);
    CHECK(db.exec(lie) == 1);
    const auto engine = opened(path);
    CHECK(violations(*engine) != "");
    if (std::string(lie).starts_with("INSERT")) continue;
    CHECK(error_of(engine->instance(instance)) == "SB0603");
  }
}

}  // namespace switchboard::testing
