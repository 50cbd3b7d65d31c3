// What a clock was promised by is kept with it, as the table said when its round began.
#include <fmt/format.h>

#include "support.hpp"

namespace switchboard::testing {

namespace {

std::string limits_of(std::string_view edition, std::string_view urban) {
  return fmt::format(R"(
switchboard: 1
decision: limits
parameters: {{area: string}}
hit: first
outputs:
  - {{name: within, type: string, default: '"1 d"'}}
rules:
  - {{when: ['"rural"'], then: ['"2 h"'], source: "Rule 7"}}
  - {{when: ['"urban"'], then: ['"{}"'], source: "Rule 8", edition: "{}", unverified: "read in one secondary page"}}
)",
                     urban, edition);
}

constexpr std::string_view limited = R"(
switchboard: 1
process: limited
calendar: 24x7@Asia/Shanghai
data:
  area: {type: string, default: urban}
decisions: [limits]
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, next: done}
  done: {type: endEvent}
sla:
  arrival: {start: {process: started}, stop: {completed: work}, within: limits(area), source: the clock's own, unverified: true}
  fixed: {start: {process: started}, stop: {completed: work}, within: 3 h, source: the clock's own}
)";

std::unique_ptr<Engine> open(const std::string& database, const std::string& processes) {
  EngineOptions options;
  options.database = database;
  options.processes = processes;
  options.clock = [] { return t0; };
  options.full_sync = false;
  return must(Engine::open(options));
}

void start(Engine& engine, const std::string& case_no, const std::string& area) {
  StartOptions options;
  options.case_no = case_no;
  must(engine.start("limited", Value(Context{{"area", area}}), options));
}

}  // namespace

TEST_CASE("a clock keeps the table, row, source, edition and doubt of its promise, also when the table is another one later") {
  const Folder folder;
  const std::string database = folder.file("d.db");
  const Folder processes;
  processes.write("limited.yaml", limited);
  processes.write("limits.yaml", limits_of("2011", "45 min"));
  {
    const auto engine = open(database, processes.path());
    must(engine->deploy_process("limited"));
    start(*engine, "U-1", "urban");
    start(*engine, "R-1", "rural");
    start(*engine, "O-1", "elsewhere");
  }
  processes.write("limits.yaml", limits_of("2023", "30 min"));
  const auto engine = open(database, processes.path());
  must(engine->deploy_process("limited"));
  start(*engine, "U-2", "urban");

  const ClockInfo old = clock_of(*engine, "U-1", "arrival");
  CHECK(old.budget == "45 min");
  CHECK(old.table == "limits");
  CHECK(old.row == 2);
  CHECK(old.source == "Rule 8");
  CHECK(old.edition == "2011");
  CHECK(old.unverified == "read in one secondary page; unverified");  // of the row, and of the clock itself
  CHECK(clock_of(*engine, "U-2", "arrival").edition == "2023");
  // A row that says nothing of its own doubts leaves those of the clock; a default is no row.
  CHECK(clock_of(*engine, "R-1", "arrival").source == "Rule 7");
  CHECK(clock_of(*engine, "R-1", "arrival").row == 1);
  CHECK(clock_of(*engine, "O-1", "arrival").table == "limits");
  CHECK(clock_of(*engine, "O-1", "arrival").row == 0);
  CHECK(clock_of(*engine, "O-1", "arrival").source == "the clock's own");
  // A promise that no table gave names none.
  CHECK(clock_of(*engine, "U-1", "fixed").table.empty());
  CHECK(clock_of(*engine, "U-1", "fixed").source == "the clock's own");
}

}  // namespace switchboard::testing
