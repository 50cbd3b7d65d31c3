// Whole folders: everything is found, and what the shipped one says.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <string>
#include <vector>

#include "notation/said.hpp"
#include "support/folder.hpp"
#include "support/repair.hpp"
#include "workspace/workspace.hpp"

using namespace switchboard;
using switchboard::testing::base;
using switchboard::testing::Folder;
using switchboard::testing::rules;
namespace fs = std::filesystem;

TEST_CASE("a folder: everything is found, mistakes do not stop the rest") {
  const Folder scratch;
  scratch.write("repair.yaml", base);
  scratch.write("repair.layout.yaml", "not: ours");
  scratch.write("notes.txt", "not ours");
  scratch.write("repair-js.yaml", "switchboard: 1\noverlay: repair-js\nof: repair\nsla: {arrival: {within: 30 min}}\n");
  scratch.write("lost.yaml", "switchboard: 1\noverlay: lost\nof: repiar\n");
  scratch.write("a-city.yaml", "switchboard: 1\noverlay: a-city\nof: repair-js\nsla: {arrival: {within: 20 min}}\n");  // before its province by name
  scratch.write("ring-1.yaml", "switchboard: 1\noverlay: ring-1\nof: ring-2\n");
  scratch.write("ring-2.yaml", "switchboard: 1\noverlay: ring-2\nof: ring-1\n");
  scratch.write("twice.yaml", base);
  scratch.write("bad.yaml", "switchboard: 1\nprocess: bad\n");
  scratch.write("calendars/day.yaml", "switchboard: 1\ncalendar: day\nname: Day\nzone: Asia/Shanghai\nweek: {mon-sun: 09:00-17:00}\n");
  scratch.write("calendars/other.yaml", "switchboard: 1\ncalendar: another\nname: A\nzone: Asia/Shangai\nweek: {mon-sun: 09:00-17:00}\n");
  workspace::Workspace files;
  files.read_folder(scratch.path());
  const workspace::Project& folder = files.project();
  model::Diagnostics reading = folder.reading(workspace::Layer::folder);
  CAPTURE(said(reading));
  REQUIRE(folder.process_ids() == std::vector<std::string>{"a-city", "repair", "repair-js"});
  CHECK(folder.process("a-city")->sla[0].within.text == "20 min");
  CHECK(folder.library().calendars.count("day") == 1);
  CHECK(folder.library().calendars.count("another") == 0);
  std::vector<std::string> found = rules(reading);
  std::sort(found.begin(), found.end());
  CHECK(found == std::vector<std::string>{"SB0108", "SB0110", "SB0128", "SB0142", "SB0142", "SB0310"});
  workspace::Workspace nothing;
  nothing.read_folder(scratch.path() + "/nowhere");
  CHECK(nothing.project().reading(workspace::Layer::folder).at(0).rule == "SB0100");
}

TEST_CASE("a folder: a base that is there with errors is no finding of the overlays above it") {
  const Folder scratch;
  scratch.write("repair.yaml", std::string(base) + "nonsense: 1\n");
  scratch.write("low.yaml", "switchboard: 1\noverlay: low\nof: repair\n");
  scratch.write("high.yaml", "switchboard: 1\noverlay: high\nof: low\n");
  workspace::Workspace files;
  files.read_folder(scratch.path());
  const workspace::Project& folder = files.project();
  model::Diagnostics reading = folder.reading(workspace::Layer::folder);
  CAPTURE(said(reading));
  CHECK(rules(reading) == std::vector<std::string>{"SB0107"});
}

TEST_CASE("the shipped files are clean") {
  const fs::path shipped = fs::path(SWITCHBOARD_SOURCE_DIR) / "processes";
  workspace::Workspace files;
  files.read_folder(shipped);
  workspace::Project& folder = files.project();
  const model::Diagnostics& reading = folder.reading(workspace::Layer::folder);
  CAPTURE(said(reading));
  CHECK(reading.empty());
  std::map<model::SubjectKind, int> count;
  for (const auto& [thing, file] : folder.texts()) ++count[thing.first];
  std::cout << "shipped: " << count[model::SubjectKind::process] << " processes, " << count[model::SubjectKind::calendar] << " calendars, "
            << count[model::SubjectKind::decision] << " decision tables, " << count[model::SubjectKind::test] << " process tests\n";
}
