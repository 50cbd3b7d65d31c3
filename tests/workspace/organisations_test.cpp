// The tree of a company among other files.
#include <doctest/doctest.h>

#include <string>

#include "notation/said.hpp"
#include "workspace/workspace.hpp"

using namespace switchboard;
using workspace::Layer;
using workspace::Workspace;

namespace {

const std::string company_tree = "switchboard: 1\norganisations: company\nunits:\n  zj: {}\n  hz: {parent: zj, calendar: 24x7@UTC}\n";

std::string process_in(const std::string& unit) {
  return "switchboard: 1\nprocess: p\norganisation: '\"" + unit +
         "\"'\nnodes:\n  s: {type: startEvent, next: t}\n  t: {type: userTask, groups: [g], next: e}\n  e: {type: endEvent}\n";
}

std::string rules_of(Workspace& files) {
  std::string all;
  for (const auto& d : files.project().check())
    if (d.severity == model::Severity::error) all += (all.empty() ? "" : "; ") + d.rule + " " + d.file;
  return all;
}

}  // namespace

TEST_CASE("a process is held against the tree, and again when that becomes another") {
  Workspace files;
  files.put("p.yaml", process_in("hz"));
  CHECK(rules_of(files) == "SB0474 p.yaml");
  files.put("company.yaml", company_tree);
  CHECK(rules_of(files) == "");
  REQUIRE(files.project().library().organisations != nullptr);
  CHECK(files.project().compiled("p").process->organisations->is_within("hz", "zj"));
  files.put("company.yaml", "switchboard: 1\norganisations: company\nunits:\n  zj: {}\n");
  CHECK(rules_of(files) == "SB0474 p.yaml");
}

TEST_CASE("there is one tree: a second one, one twice, and a calendar that is none") {
  Workspace files;
  files.put("a.yaml", company_tree);
  files.put("b.yaml", "switchboard: 1\norganisations: other\nunits: {x: {}}\n");
  CHECK(rules_of(files) == "SB0155 b.yaml");
  CHECK(files.project().library().organisations->id == "company");
  files.put("b.yaml", company_tree);
  CHECK(rules_of(files) == "SB0128 b.yaml");
  files.put("b.yaml", "switchboard: 1\norganisations: company\nunits: {x: {calendar: nowhere}}\n");
  files.put("a.yaml", process_in("x"));
  CHECK(rules_of(files) == "SB0180 b.yaml");
}

TEST_CASE("a given tree hides that of a folder, whatever its name") {
  Workspace files;
  files.put("folder.yaml", "switchboard: 1\norganisations: other\nunits: {x: {}}\n", Layer::folder);
  files.put("given.yaml", company_tree);
  CHECK(rules_of(files) == "");
  CHECK(files.project().library().organisations->id == "company");
}
