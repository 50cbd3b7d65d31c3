// SB0465: rings of messages, signals and calls in which nothing waits. Each ring here was an endless chain of errands on a running engine (or, of the
// sound ones, comes to an end or waits), so it must be found (or not).
#include <fmt/format.h>

#include "findings.hpp"
#include "notation/load.hpp"
#include "shipped.hpp"

using namespace switchboard;

namespace {

model::Process process(const std::string& id, const std::string& nodes, const std::string& head = "") {
  auto loaded = notation::load_process(fmt::format("switchboard: 1\nprocess: {}\n{}nodes:\n{}", id, head, nodes), id + ".yaml");
  std::string all;
  for (const auto& d : loaded.diagnostics) all += d.text() + "\n";
  CAPTURE(all);
  REQUIRE(loaded.value);
  return *loaded.value;
}

/// "file: message" of each ring, `advice ` before an advice.
std::string rings(const std::vector<model::Process>& processes) {
  std::vector<const model::Process*> all;
  for (const auto& p : processes) all.push_back(&p);
  std::string out;
  for (const auto& d : verify::check_rings(all)) {
    CHECK(d.rule == "SB0465");
    CHECK(d.at.line != 0);
    CHECK(!d.hint.empty());
    out += fmt::format("{}{}{}: {}", out.empty() ? "" : "\n", d.severity == model::Severity::advice ? "advice " : "", d.file, d.message);
  }
  return out;
}

const std::string at_once = "  s: {type: startEvent, next: e}\n  e: {type: endEvent}\n";
const std::string with_person = "  s: {type: startEvent, next: u}\n  u: {type: userTask, groups: [g], next: e}\n  e: {type: endEvent}\n";

std::string calls(const std::string& id, const std::string& before = "") {
  return fmt::format("  s: {{type: startEvent, next: {0}}}\n{1}  c: {{type: callActivity, process: {2}, next: e}}\n  e: {{type: endEvent}}\n",
                     before.empty() ? "c" : "w", before, id);
}

}  // namespace

TEST_CASE("SB0465 a process that is started by the signal it throws") {
  CHECK(rings({process("c", "  s: {type: startEvent, signal: storm, next: e}\n  e: {type: endEvent, signal: storm}\n")}) ==
        "c.yaml: nothing waits in this ring: `e` throws the signal 'storm', `s` takes it, and so on");
  // The same with somebody in between, and with another signal at the end.
  CHECK(rings({process("c",
                       "  s: {type: startEvent, signal: storm, next: u}\n  u: {type: userTask, groups: [g], next: e}\n"
                       "  e: {type: endEvent, signal: storm}\n")}) == "");
  CHECK(rings({process("c", "  s: {type: startEvent, signal: storm, next: e}\n  e: {type: endEvent, signal: calm}\n")}) == "");
}

TEST_CASE("SB0465 two branches of one case that send each other messages") {
  const auto branches = [](const std::string& after_ping) {
    return process("p", fmt::format("  s: {{type: startEvent, next: fork}}\n  fork: {{type: parallelGateway, next: [send-a, wait-a]}}\n"
                                    "  send-a: {{type: sendTask, message: a, next: wait-b}}\n"
                                    "  wait-b: {{type: intermediateCatchEvent, message: b, next: {}}}\n"
                                    "  wait-a: {{type: receiveTask, message: a, next: send-b}}\n"
                                    "  send-b: {{type: intermediateThrowEvent, message: b, next: wait-a}}\n"
                                    "  rest: {{type: intermediateCatchEvent, timer: {{after: 1 min}}, next: send-a}}\n  e: {{type: endEvent}}\n",
                                    after_ping));
  };
  CHECK(rings({branches("send-a")}) ==
        "p.yaml: nothing waits in this ring: `send-a` throws the message 'a', `wait-a` takes it; `send-b` throws the message 'b', `wait-b` takes it, "
        "and "
        "so on");
  CHECK(rings({branches("rest")}) == "");  // a timer on the way
  CHECK(rings({branches("e")}) == "");     // the first branch comes back to no wait: it ends
}

TEST_CASE("SB0465 a timer of no time is no wait in a ring") {
  const auto with = [](const std::string& after) {
    return rings(
        {process("c", fmt::format("  s: {{type: startEvent, signal: storm, next: t}}\n"
                                  "  t: {{type: intermediateCatchEvent, timer: {{after: {}}}, next: e}}\n  e: {{type: endEvent, signal: storm}}\n",
                                  after))});
  };
  CHECK(with("0 s") == "c.yaml: nothing waits in this ring: `e` throws the signal 'storm', `s` takes it, and so on");
  CHECK(with("1 s") == "");
}

TEST_CASE("SB0465 a talk that comes to an end is no ring, though names come again") {
  // asks, is answered, asks once more: each question starts a case that answers. Nobody comes back to a wait.
  const auto asker = process("asker",
                             "  s: {type: startEvent, next: q1}\n  q1: {type: intermediateThrowEvent, message: question, next: a1}\n"
                             "  a1: {type: intermediateCatchEvent, message: answer, next: q2}\n"
                             "  q2: {type: intermediateThrowEvent, message: question, next: a2}\n"
                             "  a2: {type: intermediateCatchEvent, message: answer, next: e}\n  e: {type: endEvent}\n");
  const auto answerer = process("answerer", "  s: {type: startEvent, message: question, next: e}\n  e: {type: endEvent, message: answer}\n");
  CHECK(rings({asker, answerer}) == "");
  // When each answer starts a new asker, it has no end.
  const auto eager = process("eager", "  s: {type: startEvent, message: answer, next: e}\n  e: {type: endEvent, message: question}\n");
  CHECK(rings({eager, answerer}) ==
        "eager.yaml: nothing waits in this ring: `eager/e` throws the message 'question', `answerer/s` takes it; `answerer/e` throws the message "
        "'answer', `eager/s` takes it, and so on");
}

TEST_CASE("SB0465 calls: in a loop, of each other, of oneself") {
  const auto loop = [](const std::string& condition) {
    return process("loop",
                   fmt::format("  s: {{type: startEvent, next: c}}\n  c: {{type: callActivity, process: other, out: {{n: n + 1}}, next: g}}\n"
                               "  g: {{type: exclusiveGateway, next: [{{to: c, if: {}}}, {{else: e}}]}}\n  e: {{type: endEvent}}\n",
                               condition),
                   "data: {n: {type: number, default: 0}, again: {type: boolean, default: true}}\n");
  };
  CHECK(rings({loop("again"), process("other", at_once)}) ==
        "loop.yaml: nothing waits in this ring: `loop/c` calls the process 'other', which ends without waiting, and so on");
  CHECK(rings({loop("again"), process("other", with_person)}) == "");
  CHECK(rings({loop("again")}) == "");  // what is called is not known
  // The condition asks for what changes on the way: the data may end it, and then it is only worth an advice.
  CHECK(rings({loop("n < 5"), process("other", at_once)}) ==
        "advice loop.yaml: nothing waits in this ring, unless the data end it: `loop/c` calls the process 'other', which ends without waiting, and "
        "so on");

  CHECK(rings({process("a", calls("b")), process("b", calls("a"))}) ==
        "a.yaml: nothing waits in this ring: `a/c` calls the process 'b'; `b/c` calls the process 'a', and so on");
  CHECK(rings({process("a", calls("b")), process("b", calls("a", "  w: {type: serviceTask, job: j, next: c}\n"))}) == "");
  CHECK(rings({process("a", calls("a", "  w: {type: exclusiveGateway, next: [{to: c, if: again}, {else: e}]}\n"),
                       "data: {again: {type: boolean, default: true}}\n")}) ==
        "a.yaml: nothing waits in this ring: `c` calls the process 'a', and so on");
  // Two calls one behind the other are no ring, nor are two processes that call a third.
  CHECK(rings({process("a", calls("c")), process("b", calls("c")), process("c", at_once)}) == "");
  // A call that comes back to one process does not go on in another that calls the same.
  CHECK(rings({process("a",
                       "  s: {type: startEvent, message: m, next: c}\n  c: {type: callActivity, process: t, next: e}\n"
                       "  e: {type: endEvent, message: n}\n"),
               process("b", "  s: {type: startEvent, message: n, next: c}\n  c: {type: callActivity, process: t, next: e}\n  e: {type: endEvent}\n"),
               process("t", at_once)}) == "");
}

TEST_CASE("SB0465 what waits in a called process or sub-process, and what does not") {
  const auto started = [](const std::string& middle) {
    return process("p", "  s: {type: startEvent, message: m, next: x}\n" + middle + "  e: {type: endEvent, message: m}\n");
  };
  const std::string ring = "p.yaml: nothing waits in this ring: `e` throws the message 'm', `s` takes it, and so on";
  CHECK(rings({started(
            "  x: {type: subProcess, next: e, nodes: {s: {type: startEvent, next: t}, t: {type: task, next: z}, z: {type: endEvent}}}\n")}) == ring);
  CHECK(rings({started("  x: {type: subProcess, next: e, nodes: {s: {type: startEvent, next: t}, t: {type: userTask, groups: [g], next: z}, z: "
                       "{type: endEvent}}}\n")}) == "");
  // A fork of which one branch waits: the sub-process waits for it, and so does the join.
  CHECK(rings({started("  x: {type: subProcess, next: e, nodes: {s: {type: startEvent, next: f}, f: {type: parallelGateway, next: [t, y]}, t: {type: "
                       "userTask, groups: [g], next: z}, y: {type: task, next: z2}, z: {type: endEvent}, z2: {type: endEvent}}}\n")}) == "");
  CHECK(rings({started("  x: {type: parallelGateway, next: [t, y]}\n  t: {type: userTask, groups: [g], next: j}\n  y: {type: task, next: j}\n"
                       "  j: {type: parallelGateway, next: e}\n")}) == "");
  CHECK(rings({started("  x: {type: parallelGateway, next: [t, y]}\n  t: {type: task, next: j}\n  y: {type: task, next: j}\n"
                       "  j: {type: parallelGateway, next: e}\n")}) == ring);
  // An error leads to the boundary event at once.
  CHECK(rings({started("  x:\n    type: subProcess\n    next: done\n    nodes: {s: {type: startEvent, next: z}, z: {type: endEvent, error: broken}}\n"
                       "    boundary: {b: {error: broken, next: e}}\n  done: {type: endEvent}\n")}) == ring);
}

TEST_CASE("SB0465 event sub-processes and boundary events take again and again unless they interrupt") {
  const auto with = [](const std::string& interrupting) {
    return process("p", fmt::format("  s: {{type: startEvent, next: u}}\n  u:\n    type: userTask\n    groups: [g]\n    next: e\n    boundary:\n"
                                    "      b: {{signal: storm, interrupting: {}, next: again}}\n"
                                    "  again: {{type: endEvent, signal: storm}}\n  e: {{type: endEvent}}\n",
                                    interrupting));
  };
  CHECK(rings({with("false")}) == "p.yaml: nothing waits in this ring: `again` throws the signal 'storm', `b` takes it, and so on");
  CHECK(rings({with("true")}) == "");
}

TEST_CASE("SB0465 the workspace looks at given processes and at what they call, once each") {
  workspace::Workspace files;
  const auto text = [](const std::string& id, const std::string& nodes) { return fmt::format("switchboard: 1\nprocess: {}\nnodes:\n{}", id, nodes); };
  files.put("a.yaml", text("a", calls("b")));
  files.put("b.yaml", text("b", calls("a")), workspace::Layer::folder);
  files.put("c.yaml", text("c", calls("c") + "  x: {type: startEvent, message: m, next: e}\n"), workspace::Layer::folder);
  std::string found;
  for (const auto& d : files.project().check())
    if (d.severity != model::Severity::advice) found += d.file + " " + d.rule + "\n";
  CHECK(found == "a.yaml SB0465\n");
}

TEST_CASE("SB0465 the shipped processes have no such ring") {
  const testing::Shipped shipped;
  std::vector<const model::Process*> all;
  for (const std::string& id : shipped.project().process_ids())
    if (shipped.project().overlay(id) == nullptr) all.push_back(shipped.project().process(id));
  CHECK(all.size() > 3);
  std::string found;
  for (const auto& d : verify::check_rings(all)) found += d.text() + "\n";
  CHECK(found == "");
}

TEST_CASE("SB0465 a ring that an empty list ends is an advice") {
  // A tree of cases: each calls itself for each of its children.
  const std::string head = "data: {children: list}\n";
  CHECK(rings({process("tree",
                       "  s: {type: startEvent, next: each}\n"
                       "  each: {type: callActivity, process: tree, multiInstance: {collection: children, element: child}, in: {children: "
                       "child.children}, next: e}\n"
                       "  e: {type: endEvent}\n",
                       head)})
            .starts_with("advice tree.yaml: nothing waits in this ring, unless the data end it: "));
  // What does not change does not end it, and the first time is not asked for.
  CHECK(rings({process("twice",
                       "  s: {type: startEvent, next: each}\n  each: {type: callActivity, process: twice, multiInstance: {cardinality: 2}, next: e}\n"
                       "  e: {type: endEvent}\n")})
            .starts_with("twice.yaml: nothing waits in this ring: "));
}

TEST_CASE("SB0465 says where the engine stops the ring") {
  const auto hint = [](const model::Process& p) {
    const auto all = verify::check_rings({&p});
    REQUIRE(all.size() == 1);
    return all.front().hint;
  };
  // A signal reaches its own case within the step that throws it.
  const std::string own =
      "  s: {type: startEvent, next: e}\n  e: {type: endEvent, signal: storm}\n  again:\n    type: eventSubProcess\n    nodes:\n"
      "      s: {type: startEvent, signal: storm, interrupting: false, next: x}\n      x: {type: endEvent, signal: storm}\n";
  CHECK(hint(process("p", own)).find("SB0525") != std::string::npos);
  CHECK(hint(process("c", "  s: {type: startEvent, signal: storm, next: e}\n  e: {type: endEvent, signal: storm}\n")).find("SB0531") !=
        std::string::npos);
}
