// A case that cannot follow a changed calendar, because it or its definition is damaged, follows when it is mended.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include "files.hpp"
#include "switchboard/answers.hpp"

namespace switchboard::testing {

namespace {

constexpr Instant monday{1'772'413'200'000'000};  // 2026-03-02T09:00 in Shanghai

constexpr std::string_view promised = R"(
switchboard: 1
process: promised
calendar: office
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, next: done}
  done: {type: endEvent}
sla:
  days: {start: {process: started}, stop: {process: ended}, within: 3 bd}
)";

std::string office(std::string_view off) {
  return fmt::format(
      "switchboard: 1\ncalendar: office\nname: Office\nzone: Asia/Shanghai\nweek: {{mon-fri: 09:00-17:00, sat-sun: closed}}\n"
      "first-year: 2026\npublished-through: 2026\nyears: {{2026: {{source: here, off: {{{}}}}}}}\n",
      off);
}

std::unique_ptr<Engine> opened(const std::string& path) {
  EngineOptions options;
  options.database = path;
  options.full_sync = false;
  options.clock = [] { return monday; };
  auto engine = Engine::open(options);
  REQUIRE_MESSAGE(engine, (engine ? std::string() : engine.error().text()));
  return std::move(engine).value();
}

void start(Engine& engine, const std::string& number) {
  StartOptions options;
  options.case_no = number;
  REQUIRE(engine.start("promised", {}, options));
}

std::string due_of(Engine& engine, const std::string& number) {
  Find find;
  find.case_no = number;
  const auto all = engine.clocks(find);
  REQUIRE(all);
  REQUIRE(all.value().size() == 1);
  return to_string(all.value().front().due, "Asia/Shanghai").substr(5, 11);
}

void deploy(Engine& engine) {
  REQUIRE(engine.add_resource(office("a: 01-01"), "office.yaml"));
  REQUIRE(engine.deploy(promised, "promised.yaml"));
}

/// After the change with one case that cannot follow: the others have, and nobody is asked to tick again at once.
void others_have_followed(Engine& engine) {
  const auto report = engine.tick(1000);
  REQUIRE(report);
  CHECK(report.value().rederived == 1);
  CHECK(report.value().damaged > 0);
  CHECK(report.value().next_due.value_or(Instant::max()) > monday);
  CHECK(due_of(engine, "B") == "03-07T00:00");
  CHECK(engine.names(NameKind::pending_calendar).value() == std::vector<std::string>{"office"});
  CHECK(engine.tick(1000).value().rederived == 0);
  // One that starts now stands on the calendar of today, and commands go on.
  start(engine, "C");
  CHECK(due_of(engine, "C") == "03-07T00:00");
}

void follows_now(Engine& engine) {
  CHECK(engine.tick(1000).value().rederived == 1);
  CHECK(due_of(engine, "A") == "03-07T00:00");
  CHECK(engine.names(NameKind::pending_calendar).value().empty());
  CHECK(engine.tick(1000).value().rederived == 0);
  const auto found = engine.check();
  REQUIRE(found);
  CHECK_MESSAGE(found.value().empty(), fmt::format("{}", fmt::join(found.value(), "\n")));
}

}  // namespace

TEST_CASE("a case whose row is damaged follows a changed calendar when the row is mended") {
  const Folder folder;
  const std::string path = folder.file("row.db");
  {
    const auto engine = opened(path);
    deploy(*engine);
    start(*engine, "A");
    start(*engine, "B");
  }
  SQLite::Database(path, SQLite::OPEN_READWRITE)
      .exec("CREATE TABLE kept AS SELECT id, snapshot FROM instance; UPDATE instance SET snapshot = zeroblob(9) WHERE case_no = 'A'");
  for (int opening = 0; opening < 2; ++opening) {
    const auto engine = opened(path);
    if (opening == 0) {
      REQUIRE(engine->add_resource(office("a: 03-04"), "office.yaml"));
      others_have_followed(*engine);
    }
    CHECK(engine->tick(1000).value().rederived == 0);
  }
  SQLite::Database(path, SQLite::OPEN_READWRITE)
      .exec("UPDATE instance SET snapshot = (SELECT snapshot FROM kept WHERE kept.id = instance.id) WHERE case_no = 'A'; DROP TABLE kept");
  follows_now(*opened(path));
}

TEST_CASE("a case whose definition is damaged follows a changed calendar when the definition is deployed once more") {
  const Folder folder;
  const std::string path = folder.file("definition.db");
  {
    const auto engine = opened(path);
    deploy(*engine);
    start(*engine, "A");
  }
  {
    const auto engine = opened(path);
    REQUIRE(engine->deploy(std::string(promised) + "  more: {start: {process: started}, within: 1 d}\n", "promised.yaml"));
    start(*engine, "other");
  }
  SQLite::Database(path, SQLite::OPEN_READWRITE).exec("UPDATE deployment SET source = 'x' || source WHERE number = 1");
  const auto engine = opened(path);
  REQUIRE(engine->add_resource(office("a: 03-04"), "office.yaml"));
  CHECK(engine->tick(1000).value().rederived == 1);
  CHECK(engine->names(NameKind::pending_calendar).value().size() == 1);
  REQUIRE(engine->deploy(promised, "promised.yaml"));
  CHECK(due_of(*engine, "A") == "03-06T00:00");
  follows_now(*engine);
}

}  // namespace switchboard::testing
