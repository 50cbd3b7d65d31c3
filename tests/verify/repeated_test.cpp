// What check says of repeated activities.
#include <doctest/doctest.h>

#include "findings.hpp"
#include "loaded.hpp"

namespace {

std::string told(const std::string& activity, const std::string& data = "n: {type: number, default: 0}, list: {type: list, default: [1]}") {
  return switchboard::testing::findings(load("switchboard: 1\nprocess: p\ndata: {" + data + "}\nnodes:\n  s: {type: startEvent, next: t}\n  " +
                                             activity + "\n  u: {type: userTask, form: [n, list], next: e}\n  e: {type: endEvent}\n"));
}

}  // namespace

TEST_CASE("SB0414 repetition that can never end") {
  CHECK(told("t: {type: userTask, loop: {while: 'true'}, next: u}") == "SB0414! t");
  CHECK(told("t: {type: scriptTask, set: {n: n + 1}, loop: {while: 'true'}, next: u}") == "SB0414! t");
  CHECK(told("t: {type: scriptTask, set: {list: '[]'}, loop: {while: n < 1}, next: u}") == "SB0414! t");
  CHECK(told("t: {type: adHocSubProcess, completionCondition: 'false', nodes: {a: {type: userTask}}, next: u}") == "SB0414! t");
  CHECK(told("t: {type: scriptTask, set: {n: n + 1}, loop: {while: n < 1}, next: u}").empty());
  CHECK(told("t: {type: scriptTask, set: {list: '[]'}, loop: {while: loopCounter < 3}, next: u}").empty());
  CHECK(told("t: {type: userTask, form: [n], loop: {while: n < 1}, next: u}").empty());
  CHECK(told("t: {type: userTask, loop: {while: 'true', max: 3}, next: u}").empty());
  CHECK(told("t: {type: userTask, loop: {while: 'true'}, next: u, boundary: {late: {timer: {after: 1 h}, next: u}}}").empty());
}

TEST_CASE("what a repeated activity throws begins a flow beside it") {
  const std::string each = "t: {type: userTask, multiInstance: {cardinality: 2, behavior: one, throw: [{escalation: first}]}, next: ";
  CHECK(told(each + "u, boundary: {b: {escalation: first, next: u}}}") == "SB0411 u");
  CHECK(told(each + "u, boundary: {b: {escalation: first, interrupting: false, next: told}}}\n  told: {type: endEvent}").empty());
}

TEST_CASE("data of a repeated task are used by its form, its output and its completion condition") {
  const std::string many = "multiInstance: {collection: list, element: one, output: v, outputCollection: list, completionCondition: w = one}";
  CHECK(told("t: {type: userTask, data: {v: number, w: number}, form: [v, w], " + many + ", next: u}").empty());
  CHECK(told("t: {type: userTask, data: {v: number, w: number, lost: number}, form: [v, w], " + many + ", next: u}") == "SB0440 t/lost");
}
