// Models in BPMN's own XML, run on the virtual clock: what the scripts of a conformance case write.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "support/shared_data.hpp"
#include "testing/bpmn_suite.hpp"

using namespace switchboard;
using namespace switchboard::testing;

namespace {

std::string task(const std::string& id, const std::string& script, const std::string& attributes = {}) {
  return "<scriptTask id=\"" + id + "\" " + attributes + "><script>" + script + "</script></scriptTask>";
}

std::string flow(const std::string& from, const std::string& to, const std::string& inside = {}) {
  return "<sequenceFlow sourceRef=\"" + from + "\" targetRef=\"" + to + "\">" + inside + "</sequenceFlow>";
}

BpmnCase of(const std::string& elements) {
  BpmnCase out;
  out.process = "p";
  out.file = "m.bpmn";
  out.text =
      "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "targetNamespace=\"urn:t\">"
      "<process id=\"p\" isExecutable=\"true\"><startEvent id=\"s\"/><endEvent id=\"e\"/>" +
      elements + "</process></definitions>";
  return out;
}

std::string trace_of(const BpmnCase& test) {
  BpmnOutcome got = run_bpmn_case(test);
  INFO(got.refused << got.told);
  std::sort(got.trace.begin(), got.trace.end());
  std::string out;
  for (const std::string& token : got.trace) out += (out.empty() ? "" : " ") + token;
  return out;
}

}  // namespace

TEST_CASE("scripts are jobs, and conditions of other languages choose") {
  BpmnCase test = of("<exclusiveGateway id=\"g\" default=\"other\"/>" + flow("s", "g") +
                     flow("g", "a", "<conditionExpression xsi:type=\"tFormalExpression\">test.contains(\"x\")</conditionExpression>") +
                     "<sequenceFlow id=\"other\" sourceRef=\"g\" targetRef=\"b\"/>" + task("a", "SCRIPT_task1") + task("b", "SCRIPT_task2") +
                     flow("a", "e") + flow("b", "e"));
  test.variables = Context{{"test", "axb"}};
  CHECK(trace_of(test) == "SCRIPT_task1");
  test.variables = Context{{"test", "ab"}};
  CHECK(trace_of(test) == "SCRIPT_task2");
}

TEST_CASE("an activity begins with so many tokens as it says, and as many leave it") {
  const std::string head = flow("s", "a") + flow("a", "b") + flow("b", "e");
  CHECK(trace_of(of(head + task("a", "SCRIPT_task1") + task("b", "SCRIPT_task2", "startQuantity=\"2\""))) == "SCRIPT_task1");
  CHECK(trace_of(of(head + task("a", "SCRIPT_task1", "completionQuantity=\"2\"") + task("b", "SCRIPT_task2", "startQuantity=\"2\""))) ==
        "SCRIPT_task1 SCRIPT_task2");
  CHECK(trace_of(of(head + task("a", "SCRIPT_task1", "completionQuantity=\"4\"") + task("b", "SCRIPT_task2", "startQuantity=\"2\""))) ==
        "SCRIPT_task1 SCRIPT_task2 SCRIPT_task2");
  CHECK(trace_of(of(head + task("a", "SCRIPT_task1", "completionQuantity=\"3\"") + task("b", "SCRIPT_task2"))) ==
        "SCRIPT_task1 SCRIPT_task2 SCRIPT_task2 SCRIPT_task2");
}

TEST_CASE("timers pass on the virtual clock, and only so long as the case waits") {
  BpmnCase test = of(flow("s", "w") +
                     "<intermediateCatchEvent id=\"w\"><timerEventDefinition><timeDuration "
                     "xsi:type=\"tFormalExpression\">PT10S</timeDuration></timerEventDefinition></intermediateCatchEvent>" +
                     flow("w", "a") + task("a", "SCRIPT_task1") + flow("a", "e"));
  test.milliseconds = 9'000;
  CHECK(trace_of(test).empty());
  test.milliseconds = 10'000;
  CHECK(trace_of(test) == "SCRIPT_task1");
}

TEST_CASE("what goes wrong is written too") {
  CHECK(trace_of(of(flow("s", "a") + flow("a", "e") + task("a", "SCRIPT_task1", "startQuantity=\"0\""))) == "ERROR");
  BpmnCase test = of(flow("s", "a") + flow("a", "e") + task("a", "THROW_ERROR"));
  CHECK(trace_of(test) == "ERROR_runtime");
  test.expected = {"ERROR"};
  CHECK(run_bpmn_case(test).is_expected);
}

TEST_CASE("an expectation that no script of the model can meet is an exception, and fails") {
  BpmnCase test = of(flow("s", "a") + flow("a", "e") + task("a", "SCRIPT_task1"));
  test.expected = {"SCRIPT_task9"};
  const BpmnOutcome got = run_bpmn_case(test);
  CHECK_FALSE(got.is_expected);
  CHECK_FALSE(got.exception.empty());
}
