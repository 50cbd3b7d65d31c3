// What a model becomes.
#include <doctest/doctest.h>

#include <algorithm>

#include "exchange/scripts.hpp"
#include "model/executable.hpp"
#include "models.hpp"
#include "notation/said.hpp"

using namespace switchboard;
using namespace switchboard::testing;
using model::EventKind;
using model::NodeType;

namespace {

const model::Node& find(const model::Process& p, std::string_view id) {
  const model::Node* found = nullptr;
  model::for_each_node(p.nodes, [&](const model::Node& n, const model::Node*) {
    if (n.id == id) found = &n;
  });
  REQUIRE_MESSAGE(found != nullptr, id);
  return *found;
}

exchange::ReadModel order() {
  return exchange::read_bpmn(text_of_file(std::string(SWITCHBOARD_SOURCE_DIR) + "/tests/exchange/models/order.bpmn"), "order.bpmn");
}

exchange::ReadModel sound(const std::string& text) {
  exchange::ReadModel out = exchange::read_bpmn(text, "m.bpmn");
  INFO(said(out.diagnostics));
  REQUIRE(!out.processes.empty());
  return out;
}

}  // namespace

TEST_CASE("a model with many elements is read as it stands") {
  const exchange::ReadModel read = order();
  INFO(said(read.diagnostics));
  REQUIRE(read.processes.size() == 2);
  const model::Process& p = read.processes[0];
  CHECK(p.id == "Order_1");
  CHECK(p.file == "order.bpmn");
  CHECK(p.name.in("") == "An order");
  CHECK(p.documentation.in("") == "What a customer orders.");
  REQUIRE(p.data.size() == 1);
  CHECK(p.data[0].name == "total");
  CHECK(p.data[0].type_text == "number");
  REQUIRE(p.lanes.size() == 1);
  CHECK(find(p, "Check_Order").lane.name == "Office");
  CHECK(find(p, "Check_Order").groups == std::vector<std::string>{"clerks"});
  CHECK(find(p, "Check_Order").at == model::Position{27, 5});
  CHECK(p.messages.size() == 1);
  CHECK(p.signals.size() == 1);
  CHECK(p.escalations.at(0).code == "late");
  CHECK(p.errors.empty());  // nothing of this process names it
}

TEST_CASE("events, flows and conditions") {
  const exchange::ReadModel read = order();
  REQUIRE(!read.processes.empty());
  const model::Process& p = read.processes[0];
  const model::Node& host = find(p, "Check_Order");
  REQUIRE(host.boundary.size() == 1);
  const model::Node& boundary = host.boundary[0];
  CHECK_FALSE(boundary.interrupting);
  REQUIRE(boundary.events.size() == 1);
  CHECK(boundary.events[0].kind == EventKind::timer);
  CHECK(boundary.events[0].timer.kind == model::TimerDefinition::Kind::every);
  CHECK(boundary.events[0].timer.duration.text == "PT10S");
  CHECK(boundary.events[0].timer.times.text == "4");
  const model::Node& gateway = find(p, "Which");
  REQUIRE(gateway.next.size() == 2);
  CHECK(gateway.next[0].condition.text == "(total > 100 and not(total = 200))");
  CHECK(gateway.next[0].condition.at == model::Position{39, 61});
  CHECK(gateway.next[0].name.in("") == "much");
  CHECK(gateway.next[1].is_default);
  CHECK(find(p, "Wait_Payment").events.at(0).name.name == "Paid");
  CHECK(find(p, "Storm_Comes").events.at(0).kind == EventKind::signal);
  CHECK(find(p, "Storm_Comes").events.at(0).name.name == "Storm");
  CHECK(find(p, "In_Storm").type == NodeType::event_sub_process);
}

TEST_CASE("loops, compensation, calls and scripts") {
  exchange::ReadModel read = order();
  REQUIRE(read.processes.size() == 2);
  model::Process& p = read.processes[0];
  const model::Node& items = find(p, "Items");
  CHECK(items.loop.kind == model::LoopDefinition::Kind::sequential);
  CHECK(items.loop.cardinality.text == "3");
  CHECK(items.loop.behavior == model::LoopDefinition::Behavior::one_event);
  REQUIRE(items.loop.events.size() == 1);
  CHECK(items.loop.events[0].event.name.name == "Storm");
  CHECK(items.compensation.name == "Unpack");
  CHECK(items.boundary.empty());
  CHECK(items.script == "pack()");
  CHECK(items.script_format == "groovy");
  CHECK(find(p, "Call").process.name == "Thank");
  CHECK(read.processes[1].id == "Thank");
  CHECK(find(read.processes[1], "task").type == NodeType::user_task);
  CHECK(said(model::compile(p, {}, {}).diagnostics).find("SB0189") != std::string::npos);
  exchange::scripts_as_jobs(p);
  CHECK(find(p, "Items").type == NodeType::service_task);
  CHECK(find(p, "Items").job == "pack()");
  CHECK(said(model::compile(p, {}, {}).diagnostics).find("SB0189") == std::string::npos);
}

TEST_CASE("data flow through associations") {
  const exchange::ReadModel read =
      sound(process("<dataObject id=\"o1\" name=\"letter\"/><dataObjectReference id=\"r1\" dataObjectRef=\"o1\"/>\n"
                    "<startEvent id=\"s\"/><endEvent id=\"e\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"t\"/><sequenceFlow id=\"f2\" "
                    "sourceRef=\"t\" targetRef=\"e\"/>\n"
                    "<serviceTask id=\"t\"><ioSpecification><dataInput id=\"given\"/><dataOutput "
                    "id=\"made\"/><inputSet><dataInputRefs>given</dataInputRefs></inputSet>"
                    "<outputSet><dataOutputRefs>made</dataOutputRefs></outputSet></ioSpecification>"
                    "<dataInputAssociation><sourceRef>r1</sourceRef><targetRef>given</targetRef></dataInputAssociation>"
                    "<dataOutputAssociation><sourceRef>made</sourceRef><targetRef>r1</targetRef></dataOutputAssociation></serviceTask>"));
  const model::Node& task = find(read.processes[0], "t");
  REQUIRE(task.in.size() == 1);
  CHECK(task.in[0].name == "given");
  CHECK(task.in[0].value.text == "letter");
  REQUIRE(task.out.size() == 1);
  CHECK(task.out[0].name == "letter");
  CHECK(task.out[0].value.text == "made");
  CHECK(model::compile(read.processes[0], {}, {}).process != nullptr);
}

TEST_CASE("links are paired by reference as well as by name") {
  const std::string flows =
      "<startEvent id=\"s\"/><endEvent id=\"e\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"a\"/><sequenceFlow id=\"f2\" sourceRef=\"b\" "
      "targetRef=\"e\"/>";
  for (const std::string& ends : {std::string("<intermediateThrowEvent id=\"a\"><linkEventDefinition id=\"x\" "
                                              "name=\"one\"><target>y</target></linkEventDefinition></intermediateThrowEvent>"
                                              "<intermediateCatchEvent id=\"b\"><linkEventDefinition id=\"y\" "
                                              "name=\"two\"><source>x</source></linkEventDefinition></intermediateCatchEvent>"),
                                  std::string("<intermediateThrowEvent id=\"a\"><linkEventDefinition name=\"two\"/></intermediateThrowEvent>"
                                              "<intermediateCatchEvent id=\"b\"><linkEventDefinition name=\"two\"/></intermediateCatchEvent>")}) {
    const exchange::ReadModel read = sound(process(flows + ends));
    CHECK(find(read.processes[0], "a").events.at(0).name.name == "two");
    CHECK(model::compile(read.processes[0], {}, {}).process != nullptr);
  }
}

TEST_CASE("a node without an id gets one that the file does not have") {
  const exchange::ReadModel read = sound(definitions("<process id=\"p\"><task/><task id=\"task-1\"/></process>"));
  REQUIRE(read.processes[0].nodes.size() == 2);
  CHECK(read.processes[0].nodes[0].id != read.processes[0].nodes[1].id);
  CHECK(read.processes[0].nodes[1].id == "task-1");
}

TEST_CASE("what is no executable process may leave things open") {
  const std::string body =
      "<startEvent id=\"s\"><messageEventDefinition/></startEvent><endEvent id=\"e\"/><exclusiveGateway id=\"g\"/>"
      "<sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"g\"/><sequenceFlow id=\"f2\" sourceRef=\"g\" targetRef=\"e\"><conditionExpression>if it "
      "rains</conditionExpression></sequenceFlow>"
      "<sequenceFlow id=\"f3\" sourceRef=\"g\" targetRef=\"e\"/>";
  const exchange::ReadModel read = sound(definitions("<process id=\"p\">" + body + "</process>"));
  CHECK(said(read.diagnostics).find("warning SB0175") != std::string::npos);
  CHECK(exchange::read_bpmn(process(body), "m.bpmn").processes.empty());
}

namespace {

/// A process that waits for message `m` and throws `w`, with `inside` in it, and `beside` in the file.
std::string correlated(const std::string& inside, const std::string& beside) {
  return definitions("<itemDefinition id=\"text\" structureRef=\"xsd:string\"/><message id=\"m\"/>" + beside +
                     "<process id=\"p\" isExecutable=\"true\"><property id=\"d1\" name=\"order\" itemSubjectRef=\"text\"/>"
                     "<property id=\"d2\" name=\"region\" itemSubjectRef=\"text\"/>" +
                     inside +
                     "<startEvent id=\"s\"/><receiveTask id=\"r\" messageRef=\"m\"/><endEvent id=\"e\"/>"
                     "<sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"r\"/><sequenceFlow id=\"f2\" sourceRef=\"r\" targetRef=\"e\"/></process>");
}

std::string property(const std::string& id, const std::string& path) {
  return "<correlationProperty id=\"" + id + "\"><correlationPropertyRetrievalExpression messageRef=\"m\"><messagePath>" + path +
         "</messagePath></correlationPropertyRetrievalExpression></correlationProperty>";
}

std::string key(const std::string& properties) {
  return "<collaboration id=\"c\"><correlationKey id=\"k\">" + properties + "</correlationKey></collaboration>";
}

std::string binding(const std::string& property, const std::string& path) {
  return "<correlationPropertyBinding correlationPropertyRef=\"" + property + "\"><dataPath>" + path + "</dataPath></correlationPropertyBinding>";
}

}  // namespace

TEST_CASE("the key of a message is what its correlation says") {
  const std::string one = property("p1", "number") + key("<correlationPropertyRef>p1</correlationPropertyRef>");
  const std::string two = property("p1", "number") + property("p2", "area") +
                          key("<correlationPropertyRef>p1</correlationPropertyRef><correlationPropertyRef>p2</correlationPropertyRef>");
  const auto key_in = [](const std::string& inside, const std::string& beside, bool is_said) {
    const exchange::ReadModel read = sound(correlated(inside, beside));
    CHECK(std::any_of(read.diagnostics.begin(), read.diagnostics.end(), [](const Finding& d) { return d.rule == "SB0176"; }) == is_said);
    return read.processes.at(0).messages.at(0).key.text;
  };
  const auto subscribed = [](const std::string& bindings) {
    return "<correlationSubscription id=\"cs\" correlationKeyRef=\"k\">" + bindings + "</correlationSubscription>";
  };
  CHECK(key_in("", "", false) == "case_no");
  CHECK(key_in(subscribed(binding("p1", "order")), one, false) == "order");
  CHECK(key_in(subscribed(binding("p1", "order") + binding("p2", "region")), two, false) == "string(order) + \"/\" + string(region)");
  // Without a subscription the message says it, where its field is data of the process.
  CHECK(key_in("", property("p1", "order") + key("<correlationPropertyRef>p1</correlationPropertyRef>"), false) == "order");
  // What cannot be taken is said.
  CHECK(key_in("", one, true) == "case_no");
  CHECK(key_in(subscribed(binding("p1", "order")), two, true) == "case_no");
}
