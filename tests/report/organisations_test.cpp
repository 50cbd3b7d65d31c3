// Reports along the tree of a company, and over overlays.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "switchboard/engine.hpp"
#include "switchboard/report.hpp"

using namespace switchboard;

namespace {

constexpr const char* company = R"(switchboard: 1
organisations: company
units: {zj: {}, hz-b: {parent: zj}, hz: {parent: zj}, x-1: {parent: hz}, hz-2: {parent: hz}, nb: {parent: zj}}
)";
constexpr const char* area = R"(switchboard: 1
process: area
calendar: 24x7@Asia/Shanghai
organisation: area
data: {area: string}
nodes:
  begin: {type: startEvent, next: go}
  go: {type: userTask, groups: [g], next: done}
  done: {type: endEvent}
sla:
  fix: {start: {process: started}, stop: {completed: go}, within: PT2H}
  look: {start: {process: started}, stop: {completed: go}, within: PT3H}
)";

struct Office {
  Office() {
    engine = Engine::open({.clock = [] { return Instant{1'772'413'200'000'000}; }}).value();
    REQUIRE(engine->add_resource(company, "company.yaml"));
    REQUIRE(engine->deploy(area, "area.yaml"));
    REQUIRE(engine->deploy("switchboard: 1\noverlay: area-hz\nof: area\nsla: {fix: {within: PT1H}}\n", "area-hz.yaml"));
    REQUIRE(engine->deploy("switchboard: 1\noverlay: area-hz-2\nof: area-hz\nsla: {fix: {within: 30 min}}\n", "area-hz-2.yaml"));
    start("area", "x-1");
    start("area-hz", "x-1");
    start("area-hz-2", "hz-2");
    start("area", "nb");
    start("area", "");
  }
  void start(const char* process, const std::string& unit) {
    REQUIRE(engine->start(process, Context{{"area", unit.empty() ? Value() : Value(unit)}}));
  }
  /// "KEY,ROUNDS ...= TOTAL".
  [[nodiscard]] std::string rows(std::vector<std::string> by, const std::string& unit, const std::string& process = {}) const {
    report::PromiseQuery query;
    query.by = std::move(by);
    query.clock = "fix";
    query.process = process;
    query.organisation = unit;
    query.page = 2;
    const auto report = report::promises(*engine, query);
    if (!report) return report.error().id;
    std::string all;
    for (const report::PromiseRow& row : report.value().rows) {
      for (const std::string& key : row.keys) all += key + ",";
      all += std::to_string(row.figures.rounds) + " ";
    }
    return all + "= " + std::to_string(report.value().total.rounds);
  }

  std::unique_ptr<Engine> engine;
};

}  // namespace

TEST_CASE("a line of a unit counts its subtree, below it stand those of the subtree, and the total counts once") {
  const Office office;
  CHECK(office.rows({"organisation"}, "") == "zj,5 hz,3 hz-2,1 x-1,2 nb,1 = 5");
  CHECK(office.rows({"organisation"}, "hz") == "hz,3 hz-2,1 x-1,2 = 3");
  CHECK(office.rows({"organisation"}, "x-1") == "x-1,2 = 2");
  CHECK(office.rows({"organisation"}, "hz-b") == "= 0");
  CHECK(office.rows({"organisation"}, "nowhere") == "SB0535");
  CHECK(office.rows({"organisation", "overlay"}, "hz") == "hz,,1 hz,area-hz,1 hz,area-hz-2,1 hz-2,area-hz-2,1 x-1,,1 x-1,area-hz,1 = 3");
  CHECK(office.rows({"clock"}, "hz") == "fix,3 = 3");
}

TEST_CASE("an overlay, and one over that, count as the process at the bottom") {
  const Office office;
  CHECK(office.rows({"process"}, "") == "area,5 = 5");
  CHECK(office.rows({"process", "overlay"}, "") == "area,,3 area,area-hz,1 area,area-hz-2,1 = 5");
  CHECK(office.rows({"process"}, "", "area") == "area,5 = 5");
  CHECK(office.rows({"overlay"}, "", "area-hz") == "area-hz,1 = 1");
}
