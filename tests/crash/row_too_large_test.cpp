// SQLite itself refuses a row that is too large (SB0609): that is the trouble of one case, and the others go on.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "files.hpp"
#include "runtime/case_engine.hpp"

namespace switchboard::testing {

namespace {

Instant present{1'772'413'200'000'000};

constexpr std::string_view growing = R"(
switchboard: 1
process: growing
data: {n: number, x: string}
nodes:
  begin: {type: startEvent, next: wait}
  wait: {type: intermediateCatchEvent, timer: {after: 1 h}, next: grow}
  grow: {type: scriptTask, set: {x: 'string join(for i in 1..n return "0123456789", "")'}, next: look}
  look: {type: userTask, next: done}
  done: {type: endEvent}
)";

std::unique_ptr<Engine> opened(const std::string& path, int max_row_bytes) {
  store::SqliteOptions file;
  file.path = path;
  file.full_sync = false;
  file.max_row_bytes = max_row_bytes;
  auto store = store::open_sqlite(file);
  REQUIRE_MESSAGE(store, (store ? std::string() : store.error().text()));
  EngineOptions options;
  options.clock = [] { return present; };
  return std::make_unique<runtime::CaseEngine>(std::move(store).value(), options);
}

InstanceId start(Engine& engine, const std::string& number, int n) {
  StartOptions options;
  options.case_no = number;
  const auto started = engine.start("growing", Value(Context{{"n", n}}), options);
  REQUIRE_MESSAGE(started, (started ? std::string() : started.error().text()));
  return started.value().instance;
}

std::size_t at_look(Engine& engine) {
  Find find;
  find.process = "growing";
  return engine.work(find).value().size();
}

}  // namespace

TEST_CASE("a row that is too large for SQLite is refused to its command, and to nobody else") {
  const Folder folder;
  const auto engine = opened(folder.file("small.db"), 40'000);
  REQUIRE(engine->deploy(growing, "growing.yaml"));
  const InstanceId a = start(*engine, "A", 1);
  const auto refused = engine->set_data(a, Value(Context{{"x", std::string(60'000, 'x')}}));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB0609");
  CHECK(engine->set_data(a, Value(Context{{"x", "short"}})));
  CHECK(engine->check().value().empty());
}

TEST_CASE("a case whose row would be too large for SQLite ends no tick, and goes on where there is room") {
  const Folder folder;
  const std::string path = folder.file("tick.db");
  {
    const auto engine = opened(path, 40'000);
    REQUIRE(engine->deploy(growing, "growing.yaml"));
    start(*engine, "A", 1);
    start(*engine, "B", 6000);
    start(*engine, "C", 1);
    present = present + Duration::hours(1);
    for (int i = 0; i < 2; ++i) {
      const auto report = engine->tick(1000);
      REQUIRE_MESSAGE(report, (report ? std::string() : report.error().text()));
      CHECK(report.value().timers == (i == 0 ? 2u : 0u));
      CHECK(at_look(*engine) == 2);
    }
    const auto told = engine->outbox({});
    REQUIRE(told);
    CHECK(std::count_if(told.value().begin(), told.value().end(), [](const OutboxInfo& o) { return o.name == "SB0609" && o.case_no == "B"; }) == 1);
    CHECK(engine->check().value().empty());
  }
  const auto engine = opened(path, 0);
  CHECK(engine->tick(1000).value().timers == 1);
  CHECK(at_look(*engine) == 3);
  CHECK(engine->check().value().empty());
}

}  // namespace switchboard::testing
