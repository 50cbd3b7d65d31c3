// Process files -> model::Process, and back to text.
#include <doctest/doctest.h>

#include <filesystem>
#include <iostream>

#include "model/compiler.hpp"
#include "notation/load.hpp"
#include "notation/outline.hpp"
#include "notation/said.hpp"
#include "notation/write_process.hpp"

using namespace switchboard;
namespace fs = std::filesystem;

namespace {

model::Process everything() {
  const fs::path file = fs::path(SWITCHBOARD_SOURCE_DIR) / "tests/notation/sound/everything.yaml";
  auto loaded = notation::load_process(notation::read_file(file).value(), "everything.yaml");
  CAPTURE(said(loaded.diagnostics));
  REQUIRE(loaded.value);
  CHECK(loaded.diagnostics.empty());
  return *loaded.value;
}

const model::Node& node(const model::Process& p, std::string_view id) {
  const model::Node* found = nullptr;
  model::for_each_node(p.nodes, [&](const model::Node& n, const model::Node*) {
    if (n.id == id && found == nullptr) found = &n;
  });
  REQUIRE(found != nullptr);
  return *found;
}

std::string identity(const model::Process& p) { return model::canonical_text(model::canonical(p), {}); }

}  // namespace

TEST_CASE("every key of the language arrives in the model") {
  const model::Process p = everything();
  CHECK(p.version == "1.10");
  CHECK(p.documentation.in("en") == "First line: with a colon, a \"quote\" and a # that is no comment.\n\n  An indented line.\n");
  CHECK(p.name.in("zh-Hant") == "全部");
  CHECK(p.data.size() == 20);
  CHECK(p.data[1].type == feel::Type(feel::Type::Kind::string));
  CHECK(p.data[1].enumeration[2] == Value("true"));
  CHECK(p.data[6].default_value == Value(DaysTimeDuration{2700, 0}));
  CHECK(p.data[7].default_value == Value(YearsMonthsDuration{6}));
  CHECK(p.lanes[0].groups == std::vector<std::string>{"95598", "front-desk"});
  CHECK(node(p, "both").parallel_multiple);
  CHECK(node(p, "both").events.size() == 2);
  CHECK(node(p, "reported").next[1].name.in("en") == "also");
  const model::Node& dispatch = node(p, "dispatch");
  CHECK(dispatch.loop.kind == model::LoopDefinition::Kind::sequential);
  CHECK(dispatch.loop.output_collection.name == "results");
  CHECK(dispatch.next[2].is_default);
  CHECK(dispatch.boundary.size() == 7);
  CHECK(!dispatch.boundary[0].interrupting);
  CHECK(dispatch.boundary[0].events[0].timer.duration.text == "45 min");
  CHECK(dispatch.priority.text == "50");
  CHECK(node(p, "undo").retries == 5);
  CHECK(node(p, "receive").has_out);
  CHECK(node(p, "script").set[2].value.text == "null");
  CHECK(node(p, "rule").out[0].value.text == "result");
  CHECK(node(p, "call").version == "same");
  const model::ClockDefinition& arrival = p.sla[0];
  CHECK(arrival.start.any.size() == 3);
  CHECK(arrival.stop.any.size() == 3);
  CHECK(arrival.pause_in.size() == 2);
  CHECK(arrival.pause_if.text == "not(urgent)");
  CHECK(arrival.pause_on.any.size() == 1);
  CHECK(arrival.marks[1].percent == 12.5);
  CHECK(arrival.marks[2].left == "1 bd");
  CHECK(arrival.unverified == "unverified");
  CHECK(p.sla[2].mean);
  CHECK(p.messages[0].payload.size() == 3);
}

TEST_CASE("places point at the first character of names and expressions") {
  const auto loaded = notation::load_process(
      "switchboard: 1\nprocess: p\ndata: {a: boolean}\nnodes:\n  s: {type: startEvent, next: g}\n"
      "  g:\n    type: exclusiveGateway\n    next: [{if: 'a', to: e}, {else: e}]\n  e: {type: endEvent}\n",
      "p.yaml");
  REQUIRE(loaded.value);
  const model::Node& g = node(*loaded.value, "g");
  CHECK(g.at == model::Position{6, 3});
  CHECK(g.type_at == model::Position{7, 11});
  CHECK(g.next[0].condition.at == model::Position{8, 18});
  CHECK(g.next[0].to.at == model::Position{8, 26});
}

TEST_CASE("what fmt writes reads back as the same process, and is stable") {
  std::size_t files = 0;
  for (const char* folder : {"tests/notation/sound", "processes", "examples"}) {
    const fs::path root = fs::path(SWITCHBOARD_SOURCE_DIR) / folder;
    if (!fs::is_directory(root)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root)) {
      if (entry.path().extension() != ".yaml") continue;
      const std::string text = notation::read_file(entry.path()).value();
      if (notation::kind_of(text) != notation::FileKind::process) continue;
      const auto loaded = notation::load_process(text, entry.path().filename().string());
      CAPTURE(said(loaded.diagnostics));
      REQUIRE(loaded.value);
      const std::string written = notation::write_process(*loaded.value);
      const auto again = notation::load_process(written, "written.yaml");
      CAPTURE(written);
      CAPTURE(said(again.diagnostics));
      REQUIRE(again.value);
      CHECK(identity(*again.value) == identity(*loaded.value));
      CHECK(notation::write_process(*again.value) == written);
      ++files;
    }
  }
  std::cout << "written and read again: " << files << " processes\n";
}

TEST_CASE("a draft is there in spite of errors, a value is not") {
  const auto loaded = notation::load_process("switchboard: 1\nprocess: p\nnodes:\n  s: {type: startEvent, next: x}\n", "p.yaml");
  CHECK(!loaded.value);
  REQUIRE(loaded.draft);
  CHECK(loaded.draft->nodes.size() == 1);
  CHECK(model::has_errors(loaded.diagnostics));
}

TEST_CASE("outline") {
  const auto loaded = notation::load_process(
      "switchboard: 1\nprocess: repair\nname: {en: Repair, zh: 报修}\ndata: {far: boolean}\nlanes: {crew: {groups: [crew]}}\nnodes:\n"
      "  closed: {type: endEvent, name: {zh: 办结}}\n"
      "  reported: {type: startEvent, message: fault-reported, next: which}\n"
      "  which: {type: exclusiveGateway, next: [{if: far, to: arrive}, {else: closed}]}\n"
      "  arrive: {type: userTask, lane: crew, name: {zh: 到达现场}, next: closed, boundary: {late: {timer: {after: 45 min}, interrupting: false, "
      "next: closed}}}\n"
      "sla: {arrival: {start: {completed: reported}, stop: {completed: arrive}, within: 45 min, marks: [{at: breach, escalate: arrival-late}]}}\n",
      "repair.yaml");
  CAPTURE(said(loaded.diagnostics));
  REQUIRE(loaded.value);
  CHECK(notation::outline(*loaded.value, "zh") == R"(repair  报修

NODES
  reported  startEvent                        -> which                       message fault-reported
  which     exclusiveGateway                  -> arrive if far, closed else
  arrive    userTask          crew  到达现场  -> closed
    + late  beside                            -> closed                      after 45 min
  closed    endEvent                办结

CLOCKS
  arrival   within 45 min          reported completed .. arrive completed
    breach  escalate arrival-late

DATA
  far  boolean

LANES
  crew  crew
)");
  CHECK(notation::display_width("a派b") == 4);
  CHECK(notation::display_width("（）") == 4);
}

TEST_CASE("an instant may be written without seconds") {
  const auto default_of = [](const std::string& written) {
    const auto loaded = notation::load_process("switchboard: 1\nprocess: p\ndata: {at: {type: date-time, default: " + written +
                                                   "}}\nnodes: {a: {type: startEvent, next: b}, b: {type: endEvent}}\n",
                                               "p.yaml");
    CAPTURE(said(loaded.diagnostics));
    return loaded.value ? loaded.value->data[0].default_value : std::nullopt;
  };
  CHECK(default_of("2026-03-01T08:00") == Value(*parse_date_time("2026-03-01T08:00:00")));
  CHECK(default_of("2026-03-01T08:00+08:00") == Value(*parse_date_time("2026-03-01T08:00:00+08:00")));
  CHECK(default_of("2026-03-01T08:00:30") == Value(*parse_date_time("2026-03-01T08:00:30")));
  CHECK(!default_of("2026-03-01"));
}
