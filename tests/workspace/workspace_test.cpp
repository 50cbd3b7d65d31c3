// Texts in, a checked project out: what counts, what is read and checked again, and what findings are about.
#include "workspace/workspace.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "notation/said.hpp"
#include "support/folder.hpp"

using namespace switchboard;
using switchboard::testing::Folder;
using workspace::Layer;
using workspace::Workspace;

namespace {

std::string process(const std::string& id, const std::string& rest = "") {
  return "switchboard: 1\nprocess: " + id + "\nname: {en: A, zh: B}\n" + rest +
         "nodes:\n  begin: {type: startEvent, next: work}\n  work: {type: userTask, next: done}\n  done: {type: endEvent}\n";
}

std::string caller(const std::string& id, const std::string& called, const std::string& in = "") {
  return "switchboard: 1\nprocess: " + id + "\nnodes:\n  begin: {type: startEvent, next: call}\n  call: {type: callActivity, process: " + called +
         in + ", next: done}\n  done: {type: endEvent}\n";
}

std::string table(const std::string& within) {
  return "switchboard: 1\ndecision: limits\nparameters: {area: string}\nhit: first\noutputs:\n  - {name: within, type: string}\nrules:\n"
         "  - {when: ['-'], then: ['\"" +
         within + "\"']}\n";
}

const std::string asks_table =
    "calendar: 24x7@UTC\ndata:\n  area: {type: string, default: urban}\ndecisions: [limits]\n"
    "sla:\n  reply: {start: {process: started}, stop: {completed: work}, within: limits(area)}\n";

std::vector<std::string> rules_in(const model::Diagnostics& all) {
  std::vector<std::string> out;
  for (const auto& d : all)
    if (d.severity != Severity::advice) out.push_back(d.rule);
  return out;
}

}  // namespace

TEST_CASE("a changed text is read again alone, and only what hangs on it is checked again") {
  Workspace files;
  files.put("limits.yaml", table("45 min"));
  files.put("a.yaml", process("a", asks_table));
  files.put("b.yaml", process("b"));
  files.put("c.yaml", caller("c", "b"));
  files.put("a-js.yaml", "switchboard: 1\noverlay: a-js\nof: a\n");
  model::Diagnostics found = files.project().check();
  CAPTURE(said(found));
  CHECK(rules_in(found).empty());
  CHECK(files.texts_read() == 5);
  CHECK(files.project().effort().checked == 4);
  const workspace::Project* same = &files.project();

  files.put("b.yaml", process("b"));  // nothing new
  CHECK(&files.project() == same);
  (void)files.project().check();
  CHECK(files.texts_read() == 5);
  CHECK(files.project().effort().checked == 4);
  CHECK(files.project().effort().compiled == 4);

  files.put("b.yaml", process("b", "data: {must: {type: string, required: true}}\n"));
  found = files.project().check();
  CAPTURE(said(found));
  CHECK(files.texts_read() == 6);
  CHECK(files.project().effort().checked == 6);  // b, and c which calls it
  CHECK(std::count(found.begin(), found.end(), found.front()) == 1);
  CHECK(std::any_of(found.begin(), found.end(), [](const auto& d) { return d.rule == "SB0461" && d.file == "c.yaml"; }));

  files.put("limits.yaml", table("30 min"));
  (void)files.project().check();
  CHECK(files.texts_read() == 7);
  CHECK(files.project().effort().checked == 8);  // a and what lies over it
  CHECK(files.project().effort().analysed == 2);

  files.put("new.yaml", process("new"));  // a name more: hints may change, so everything is checked again, but read is the new one alone
  (void)files.project().check();
  CHECK(files.texts_read() == 8);
  files.remove("new.yaml");
  CHECK(files.project().process("new") == nullptr);
}

TEST_CASE("a folder: what has changed is read again alone, what is gone is gone") {
  const Folder folder;
  const auto write_old = [&](const std::string& name, const std::string& text) {
    folder.write(name, text);
    // Older than what a file system can tell apart, as after a while of work.
    std::filesystem::last_write_time(folder.file(name), std::filesystem::file_time_type::clock::now() - std::chrono::seconds(60));
  };
  for (const char* id : {"a", "b", "c"}) write_old(std::string(id) + ".yaml", process(id));
  Workspace files;
  files.read_folder(folder.path());
  CHECK(files.project().process_ids() == std::vector<std::string>{"a", "b", "c"});
  CHECK(files.texts_read() == 3);
  const workspace::Project* same = &files.project();
  files.read_folder(folder.path());
  CHECK(&files.project() == same);
  folder.write("b.yaml", process("b", "version: '2'\n"));
  std::filesystem::remove(folder.file("c.yaml"));
  files.read_folder(folder.path());
  CHECK(files.texts_read() == 4);
  CHECK(files.project().process_ids() == std::vector<std::string>{"a", "b"});
  CHECK(files.project().process("b")->version == "2");
}

TEST_CASE("what is given hides what the folder has of that name, also when it has mistakes; the folder hides what is stored") {
  const Folder folder;
  folder.write("limits.yaml", table("2 h"));
  folder.write("a.yaml", process("a", asks_table));
  folder.write("b.yaml", process("b"));
  folder.write("c.yaml", caller("c", "b"));
  folder.write("b-js.yaml", "switchboard: 1\noverlay: b-js\nof: b\n");
  Workspace files;
  files.read_folder(folder.path());
  files.put("decision/limits.yaml", table("9 h"), Layer::stored);
  const auto within = [&] { return files.project().compiled("a").process->decisions.front().second.table().rules.front().out.front(); };
  CHECK(within() == "\"2 h\"");
  files.put("mine/limits.yaml", table("45 min"));
  CHECK(within() == "\"45 min\"");
  CHECK(files.project().resource(SubjectKind::decision, "limits")->file == "mine/limits.yaml");
  files.put("mine/b.yaml", process("b", "version: '7'\n"));
  CHECK(files.project().process("b")->version == "7");
  CHECK(files.project().process("b-js")->version == "7");  // lies over the one that counts
  CHECK(files.project().with_called("c") == std::vector<std::string>{"c", "b"});
  files.put("mine/b.yaml", "switchboard: 1\nprocess: b\nnonsense: 1\n");
  CHECK(files.project().process("b") == nullptr);
  CHECK(files.project().is_broken(SubjectKind::process, "b"));
  files.put("mine/c.yaml", caller("c", "b"));
  const model::Diagnostics found = files.project().check();
  CAPTURE(said(found));
  CHECK(std::none_of(found.begin(), found.end(), [](const auto& d) { return d.file == "mine/c.yaml" && d.severity == Severity::error; }));
}

TEST_CASE("findings say what they are about; nobody has to read their words") {
  Workspace files;
  files.put("a.yaml", process("a", "calendar: nowhere\ndecisions: [limits]\n"));
  files.put("c.yaml", caller("c", "nobody"));
  const model::Diagnostics found = files.project().check();
  CAPTURE(said(found));
  const auto about = [&](std::string_view rule, const Subject& subject) {
    return std::any_of(found.begin(), found.end(), [&](const auto& d) { return d.rule == rule && d.subject == subject; });
  };
  CHECK(about("SB0180", missing(SubjectKind::calendar, "nowhere")));
  CHECK(about("SB0181", missing(SubjectKind::decision, "limits")));
  CHECK(about("SB0713", missing(SubjectKind::process, "nobody")));
  files.put("d.yaml", process("d", "data: {unused: {type: string, required: true}}\n"));
  files.put("e.yaml", caller("e", "d"));
  const model::Diagnostics errors = files.project().errors_of("e");
  REQUIRE(errors.size() == 1);
  CHECK(errors.front().rule == "SB0461");
  CHECK(errors.front().subject == Subject{SubjectKind::process, "e", false});
}

TEST_CASE("a table that cannot be read is one mistake: that processes ask it is none") {
  Workspace files;
  files.put("limits.yaml", "switchboard: 1\ndecision: limits\nnonsense: 1\n");
  files.put("a.yaml", process("a", asks_table));
  const model::Diagnostics found = files.project().check();
  CAPTURE(said(found));
  CHECK(std::all_of(found.begin(), found.end(), [](const auto& d) { return d.file == "limits.yaml" || d.severity != Severity::error; }));
}

TEST_CASE("a scenario finds beside it what it plays and counts in, and what that asks and counts in; nothing else there is looked at") {
  const Folder folder;
  const std::string shop = "name: Shop\nzone: Asia/Shanghai\nweek: {mon-sun: 09:00-17:00}\n";
  folder.write("play.scenario.yaml",
               "switchboard: 1\nscenario: play\ncalendar: desk\narrivals:\n  visit: {rate: 1 per h}\n  again: {process: back, every: 1 h}\n"
               "resources: {crew: {shifts: [{calendar: night}]}}\n");
  folder.write("visit.yaml",
               "switchboard: 1\nprocess: visit\ncalendar: 24x7@UTC\ndata: {area: {type: string, default: urban}, within: string}\nnodes:\n"
               "  begin: {type: startEvent, next: rule}\n  rule: {type: businessRuleTask, decision: limits, in: {area: area}, next: wait}\n"
               "  wait: {type: intermediateCatchEvent, timer: {after: 1 bd, calendar: shop}, next: done}\n  done: {type: endEvent}\n");
  folder.write("back.yaml", process("back"));
  folder.write("limits.yaml", table("2 h"));
  for (const char* id : {"desk", "night", "shop"})
    folder.write(std::string(id) + ".yaml", "switchboard: 1\ncalendar: " + std::string(id) + "\n" + shop);
  folder.write("other.yaml", "no: process");
  workspace::Workspace files = workspace::open_files({folder.file("play.scenario.yaml")}, std::nullopt).value();
  CHECK(files.project().process_ids() == std::vector<std::string>{"back", "visit"});
  CHECK(files.project().library().decisions.contains("limits"));
  for (const char* id : {"desk", "night", "shop"}) CHECK(files.project().library().calendars.contains(id));
  const model::Diagnostics found = files.project().check();
  CAPTURE(said(found));
  CHECK(!model::has_errors(found));
  CHECK(files.project().given().size() == 7);
}

TEST_CASE("what somebody gave to the database before goes before the folder and behind what is given now") {
  const Folder folder;
  folder.write("limits.yaml", table("2 h"));
  folder.write("a.yaml", process("a", asks_table));
  folder.write("b.yaml", process("b"));
  folder.write("c.yaml", caller("c", "b"));
  Workspace files;
  files.read_folder(folder.path());
  const auto within = [&] { return files.project().compiled("a").process->decisions.front().second.table().rules.front().out.front(); };
  files.put("decision/limits.yaml", table("9 h"), Layer::kept);
  CHECK(within() == "\"9 h\"");
  files.put("mine/limits.yaml", table("45 min"));
  CHECK(within() == "\"45 min\"");

  const auto deployed = workspace::read_text(process("b", "version: '2'\n"), "b.yaml")->process;
  files.know(deployed);
  CHECK(files.project().process("b")->version.empty());  // the folder has its text
  files.know(deployed, Layer::kept);
  CHECK(files.project().process("b")->version == "2");
  CHECK(files.project().texts_of("b").empty());
  CHECK(files.project().process("c") != nullptr);
  files.put("mine/b.yaml", process("b", "version: '3'\n"));
  CHECK(files.project().process("b")->version == "3");
  files.clear(Layer::given);
  files.forget_known();
  CHECK(files.project().process("b")->version.empty());
}

TEST_CASE("what an overlay makes of a process of the folder finds its calendars beside the overlay") {
  const Folder shipped, mine;
  shipped.write("a.yaml", process("a", "calendar: desk\n"));
  const std::string desk = "switchboard: 1\ncalendar: desk\nname: Desk\nzone: Asia/Shanghai\nweek: {mon-sun: ";
  shipped.write("desk.yaml", desk + "09:00-17:00}\n");
  mine.write("desk.yaml", desk + "10:00-12:00}\n");
  mine.write("a-here.yaml", "switchboard: 1\noverlay: a-here\nof: a\nname: here\nsource: s\n");
  workspace::Workspace files = workspace::open_files({mine.file("a-here.yaml")}, shipped.path()).value();
  CHECK(files.project().resource(SubjectKind::calendar, "desk")->file == mine.file("desk.yaml"));
}

TEST_CASE("a folder that is named and has nothing of the language is a mistake; the folder of processes may be empty") {
  const Folder folder;
  folder.write("notes.txt", "not ours");
  workspace::Workspace files = workspace::open_files({folder.path()}, std::nullopt).value();
  const model::Diagnostics found = files.project().check();
  REQUIRE(found.size() == 1);
  CHECK(found.front().rule == "SB0719");
  CHECK(found.front().file == folder.path());
  CHECK(found.front().severity == Severity::error);
  CHECK(workspace::open_files({}, folder.path()).value().project().check().empty());
}
