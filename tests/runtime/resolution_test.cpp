// What was checked is what runs: whose table, calendar and called process a deployment takes, and what is said of it.
#include <fmt/format.h>

#include "support.hpp"

namespace switchboard::testing {

namespace {

std::string table(std::string_view within) {
  return fmt::format(
      "switchboard: 1\ndecision: limits\nparameters: {{area: string}}\nhit: first\noutputs: [{{name: within, type: string}}]\n"
      "rules:\n  - {{when: ['-'], then: '\"{}\"'}}\n",
      within);
}

std::string office(std::string_view open) {
  return fmt::format("switchboard: 1\ncalendar: office\nname: Office\nzone: UTC\nweek:\n  mon-sun: {}\n", open);
}

std::string limited_to(std::string_view version = "", std::string_view id = "limited") {
  return fmt::format(
      "switchboard: 1\nprocess: {}\n{}calendar: office\ndata: {{area: {{type: string, default: urban}}}}\ndecisions: [limits]\n"
      "nodes:\n  begin: {{type: startEvent, next: work}}\n  work: {{type: userTask, next: done}}\n  done: {{type: endEvent}}\n"
      "sla:\n  arrival: {{start: {{process: started}}, stop: {{completed: work}}, within: limits(area)}}\n"
      "  opening: {{start: {{process: started}}, stop: {{completed: work}}, within: 1 bh}}\n",
      id, version.empty() ? "" : fmt::format("version: \"{}\"\n", version));
}

std::string child(std::string_view node) {
  return fmt::format(
      "switchboard: 1\nprocess: child\nnodes:\n  s: {{type: startEvent, next: {0}}}\n  {0}: {{type: userTask, next: e}}\n  e: {{type: endEvent}}\n",
      node);
}

constexpr std::string_view parent =
    "switchboard: 1\nprocess: parent\nnodes:\n  s: {type: startEvent, next: c}\n  c: {type: callActivity, process: child, next: e}\n  e: {type: "
    "endEvent}\n";

/// A shipped folder: its table promises 45 min, its office opens at noon, its called process waits at `shipped`.
struct Shipped {
  Shipped() {
    folder.write("limits.yaml", table("45 min"));
    folder.write("office.yaml", office("12:00-17:00"));
    folder.write("child.yaml", child("shipped"));
    folder.write("limited.yaml", limited_to("", "limited"));
    folder.write("parent.yaml", parent);
    EngineOptions options;
    options.processes = folder.path();
    options.clock = [] { return t0; };
    engine = must(Engine::open(options));
  }
  [[nodiscard]] Duration promised(const std::string& clock) {
    must(engine->start("limited", {}));
    Find f;
    f.clock = clock;
    return must(engine->clocks(f)).back().due - t0;
  }
  [[nodiscard]] ResourceInfo resource(const std::string& id) {
    for (const ResourceInfo& r : must(engine->resources()))
      if (r.id == id) return r;
    FAIL("no resource " << id);
    return {};
  }
  Folder folder;
  std::unique_ptr<Engine> engine;
};

}  // namespace

TEST_CASE("a table and a calendar that somebody gave hold, whatever the folder has under their names") {
  Shipped s;
  must(s.engine->add_resource(table("10 min"), "mine/limits.yaml"));
  must(s.engine->add_resource(office("09:00-17:00"), "mine/office.yaml"));
  SUBCASE("for a process that he gives, too") { must(s.engine->deploy(limited_to(), "mine/limited.yaml")); }
  SUBCASE("for a process of the folder") { must(s.engine->deploy_process("limited")); }
  SUBCASE("after another process of the folder was deployed") {
    must(s.engine->deploy_process("parent"));
    must(s.engine->deploy(limited_to(), "mine/limited.yaml"));
  }
  // t0 is 01:00 in UTC: an hour after the opening at 09:00 is nine hours from now; after the folder's at 12:00 it would be twelve.
  CHECK(s.promised("arrival") == Duration::minutes(10));
  CHECK(s.promised("opening") == Duration::hours(9));
  CHECK(s.resource("limits").file == "mine/limits.yaml");
  CHECK(s.resource("limits").by_hand);
  CHECK(s.resource("limits").used_by == std::vector<std::string>{"limited"});
  CHECK(must(s.engine->check()).empty());
}

TEST_CASE("what nobody gave is the folder's, and follows it") {
  Shipped s;
  must(s.engine->deploy(limited_to(), "mine/limited.yaml"));
  CHECK(s.promised("arrival") == Duration::minutes(45));
  CHECK_FALSE(s.resource("limits").by_hand);
  s.folder.write("limits.yaml", table("2 min"));
  must(s.engine->deploy(limited_to(), "mine/limited.yaml"));
  CHECK(s.promised("arrival") == Duration::minutes(2));
}

TEST_CASE("a file of the folder that is given follows the folder") {
  Shipped s;
  must(s.engine->add_resource(table("45 min"), s.folder.file("limits.yaml")));
  CHECK_FALSE(s.resource("limits").by_hand);
  s.folder.write("limits.yaml", table("2 min"));
  must(s.engine->deploy_process("limited"));
  CHECK(s.promised("arrival") == Duration::minutes(2));
}

TEST_CASE("a called process that somebody deployed is called, not that of the folder; the folder's comes when it is asked for by its id") {
  Shipped s;
  must(s.engine->deploy(child("mine"), "mine/child.yaml"));
  SUBCASE("by a process that he gives") { must(s.engine->deploy(parent, "mine/parent.yaml")); }
  SUBCASE("by a process of the folder") { must(s.engine->deploy_process("parent")); }
  StartOptions options;
  options.case_no = "P-1";
  must(s.engine->start("parent", {}, options));
  const auto waits_at = [&](const std::string& number) {
    Find f;
    f.case_no = number;
    const auto work = must(s.engine->work(f));
    return work.empty() ? std::string() : work.front().node;
  };
  CHECK(waits_at("P-1") == "mine");
  must(s.engine->deploy_process("child"));
  options.case_no = "P-2";
  must(s.engine->start("parent", {}, options));
  CHECK(waits_at("P-2") == "shipped");
}

TEST_CASE("an overlay lies over the process that somebody deployed, not over the folder's") {
  Shipped s;
  must(s.engine->add_resource(office("09:00-17:00"), "mine/office.yaml"));
  std::string mine = limited_to();
  mine.replace(mine.find("default: urban"), 14, "default: rural");
  must(s.engine->deploy(mine, "mine/limited.yaml"));
  must(s.engine->deploy("switchboard: 1\noverlay: mine-too\nof: limited\nname: here\nsource: s\n", "mine/mine-too.yaml"));
  const CaseInfo info = must(s.engine->start("mine-too", {}));
  CHECK(*must(s.engine->data(info.instance)).context()->find("area") == Value("rural"));
}

TEST_CASE("a table that is given alone changes nothing that is deployed, and it is said who still has the older one") {
  Shipped s;
  must(s.engine->deploy(limited_to(), "mine/limited.yaml"));
  must(s.engine->add_resource(table("10 min"), "mine/limits.yaml"));
  CHECK(s.promised("arrival") == Duration::minutes(45));
  CHECK(s.resource("limits").older_in == std::vector<std::string>{"limited"});
  CHECK(s.resource("limits").used_by.empty());
  must(s.engine->deploy(limited_to(), "mine/limited.yaml"));
  CHECK(s.promised("arrival") == Duration::minutes(10));
  CHECK(s.resource("limits").older_in.empty());
  CHECK(s.resource("office").used_by == std::vector<std::string>{"limited"});
}

TEST_CASE("what was given by hand is still known after the engine was closed, and to an engine with another folder") {
  const Folder place;
  EngineOptions options;
  options.database = place.file("d.db");
  options.clock = [] { return t0; };
  options.full_sync = false;
  {
    const auto engine = must(Engine::open(options));
    must(engine->add_resource(table("10 min"), "mine/limits.yaml"));
    must(engine->deploy(child("mine"), "mine/child.yaml"));
  }
  const Shipped s;
  options.processes = s.folder.path();
  const auto engine = must(Engine::open(options));
  must(engine->deploy_process("limited"));
  must(engine->deploy_process("parent"));
  for (const ResourceInfo& r : must(engine->resources())) CHECK((r.id != "limits" || r.file == "mine/limits.yaml"));
  Find f;
  f.process = "child";
  must(engine->start("parent", {}));
  CHECK(must(engine->instances(f)).front().at == std::vector<std::string>{"mine"});
  CHECK(must(engine->check()).empty());
}

TEST_CASE("a version tag belongs to one content: other text, another table or another process below are refused, and nothing is stored") {
  Shipped s;
  must(s.engine->deploy(limited_to("1"), "mine/limited.yaml"));
  CHECK(must(s.engine->deploy(limited_to("1"), "mine/limited.yaml")).number == 1);
  std::string other = limited_to("1");
  other.replace(other.find("type: userTask"), 14, "type: manualTask");
  const auto refused = s.engine->deploy(other, "mine/limited.yaml");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB0570");
  CHECK(refused.error().text().find("version '1' of process 'limited'") != std::string::npos);
  must(s.engine->add_resource(table("10 min"), "mine/limits.yaml"));
  const auto table_differs = s.engine->deploy(limited_to("1"), "mine/limited.yaml");
  REQUIRE_FALSE(table_differs);
  CHECK(table_differs.error().id == "SB0570");
  CHECK(table_differs.error().text().find("decision table 'limits' differs") != std::string::npos);
  CHECK(must(s.engine->deployments()).size() == 1);
  CHECK(must(s.engine->deploy(limited_to("2"), "mine/limited.yaml")).number == 2);
  // Without a tag there is nothing to mix up.
  CHECK(s.engine->deploy(limited_to(), "mine/limited.yaml"));
}

}  // namespace switchboard::testing
