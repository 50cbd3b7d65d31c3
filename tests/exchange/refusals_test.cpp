// What is refused, with its rule and place.
#include <doctest/doctest.h>

#include <string>

#include "models.hpp"
#include "notation/said.hpp"

using namespace switchboard;
using namespace switchboard::testing;

namespace {

struct Refusal {
  std::string what;
  std::string text;
  std::string finding;  ///< "RULE" or "line:column: error RULE"
};

const std::string with_message =
    "<message id=\"m\"/><interface id=\"i\" name=\"i\"><operation id=\"o\" name=\"o\"><inMessageRef>m</inMessageRef></operation></interface>";

std::string sub(const std::string& kind, const std::string& inside) {
  return process(
      "<startEvent id=\"s\"/><endEvent id=\"e\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"t\"/><sequenceFlow id=\"f2\" sourceRef=\"t\" "
      "targetRef=\"e\"/>\n<" +
      kind + " id=\"t\">" + inside + "</" + kind.substr(0, kind.find(' ')) + ">");
}

std::string task(const std::string& attributes, const std::string& inside) {
  return process(
      "<startEvent id=\"s\"/><endEvent id=\"e\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"t\"/><sequenceFlow id=\"f2\" sourceRef=\"t\" "
      "targetRef=\"e\"/>\n<task id=\"t\" " +
      attributes + ">" + inside + "</task>");
}

const std::vector<Refusal> refusals{
    {"no XML", "<a><b></a>", "1:9: error SB0160"},
    {"an attribute twice", definitions("<process id=\"p\" id=\"q\"/>"), "SB0160"},
    {"another encoding", "<?xml version=\"1.0\" encoding=\"GB18030\"?><a/>", "1:1: error SB0160"},
    {"UTF-16", std::string("\xFF\xFE<\0a\0", 6), "1:1: error SB0160"},
    {"a document type", "<!DOCTYPE a [<!ENTITY x \"y\">]>\n<a>&x;</a>", "SB0161"},
    {"another language", "<definitions xmlns=\"http://www.omg.org/bpmn/1.2\"/>", "1:1: error SB0162"},
    {"an element of nobody", process("<walk id=\"w\"/>"), "3:1: error SB0163"},
    {"an element in the wrong place", definitions("<task id=\"t\"/>"), "2:1: error SB0163"},
    {"an element of another namespace outside extensionElements", definitions("<process id=\"p\"><x:y xmlns:x=\"urn:x\"/></process>"), "SB0163"},
    {"an attribute of nobody", process(row("<task id=\"u\" colour=\"red\"/>")), "4:14: error SB0163"},
    {"a required attribute", process("<sequenceFlow id=\"f\" sourceRef=\"f\"/>"), "3:1: error SB0164"},
    {"two loops",
     task("",
          "<standardLoopCharacteristics/><multiInstanceLoopCharacteristics><loopCardinality "
          "xsi:type=\"tFormalExpression\">2</loopCardinality></multiInstanceLoopCharacteristics>"),
     "SB0164"},
    {"a process without id", definitions("<process/>"), "SB0164"},
    {"not a boolean", process(row("<task id=\"u\" isForCompensation=\"yes\"/>")), "4:14: error SB0165"},
    {"not a URI", definitions("<import importType=\"a b\" location=\"x\" namespace=\"urn:x\"/>"), "SB0165"},
    {"an id twice", process(row("<task id=\"t\"/>")), "4:7: error SB0166"},
    {"a reference to nothing", process("<sequenceFlow id=\"f\" sourceRef=\"f\" targetRef=\"g\"/>"), "SB0167"},
    {"a reference to another kind", process(row("<boundaryEvent id=\"b\" attachedToRef=\"f1\"><timerEventDefinition/></boundaryEvent>")),
     "4:23: error SB0167"},
    {"a flow into a start event", process(row("<sequenceFlow id=\"f3\" sourceRef=\"t\" targetRef=\"s\"/>")), "SB0168"},
    {"a flow out of an end event", process(row("<sequenceFlow id=\"f3\" sourceRef=\"e\" targetRef=\"t\"/>")), "SB0168"},
    {"a flow across a border", sub("subProcess", "<task id=\"u\"/><sequenceFlow id=\"f3\" sourceRef=\"t\" targetRef=\"u\"/>"), "SB0168"},
    {"a node that nothing reaches", process(row("<task id=\"u\"/><sequenceFlow id=\"f3\" sourceRef=\"u\" targetRef=\"e\"/>")), "SB0168"},
    {"a node that leads nowhere", process(row("<task id=\"u\"/><sequenceFlow id=\"f3\" sourceRef=\"t\" targetRef=\"u\"/>")), "SB0168"},
    {"no end event", process("<startEvent id=\"s\"/><task id=\"t\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"t\"/>"), "SB0168"},
    {"the only flow has a condition",
     process("<startEvent id=\"s\"/><task id=\"t\"/><endEvent id=\"e\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"t\"/>\n<sequenceFlow "
             "id=\"f2\" sourceRef=\"t\" targetRef=\"e\">"
             "<conditionExpression xsi:type=\"tFormalExpression\">1 = 1</conditionExpression></sequenceFlow>"),
     "4:1: error SB0168"},
    {"lists that differ from the flows",
     process("<startEvent id=\"s\"/><endEvent id=\"e\"><incoming>f1</incoming></endEvent><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"e\"/>"),
     "3:1: error SB0168"},
    {"a default of somebody else", process(row().replace(row().find("<task id=\"t\""), 12, "<task id=\"t\" default=\"f1\"")), "SB0168"},
    {"quantities", task("startQuantity=\"0\"", ""), "4:14: error SB0169"},
    {"a loop that counts backwards", task("", "<standardLoopCharacteristics loopMaximum=\"-1\"/>"), "SB0169"},
    {"an empty ad-hoc sub-process", sub("adHocSubProcess", ""), "SB0169"},
    {"two starts of an event sub-process", process(row("<subProcess id=\"u\" triggeredByEvent=\"true\"><task id=\"v\"/></subProcess>")), "SB0169"},
    {"a choreography in a process",
     process("<choreographyTask id=\"c\" "
             "initiatingParticipantRef=\"p\"><participantRef>p</participantRef><participantRef>p</participantRef><messageFlowRef>p</messageFlowRef></"
             "choreographyTask>"),
     "SB0169"},
    {"an error starts a process",
     process(
         "<startEvent id=\"s\"><errorEventDefinition/></startEvent><endEvent id=\"e\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"e\"/>"),
     "SB0170"},
    {"a boundary event that waits for nothing",
     process(row("<boundaryEvent id=\"b\" attachedToRef=\"t\"/><sequenceFlow id=\"f3\" sourceRef=\"b\" targetRef=\"e\"/>")), "SB0170"},
    {"a cancel outside transactions",
     process("<startEvent id=\"s\"/><endEvent id=\"e\"><cancelEventDefinition/></endEvent><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"e\"/>"),
     "SB0170"},
    {"a link without its pair",
     process(row("<intermediateCatchEvent id=\"c\"><linkEventDefinition name=\"x\"/></intermediateCatchEvent><sequenceFlow id=\"f3\" sourceRef=\"c\" "
                 "targetRef=\"e\"/>")),
     "SB0170"},
    {"compensation without handler", process(row("<boundaryEvent id=\"b\" attachedToRef=\"t\"><compensateEventDefinition/></boundaryEvent>")),
     "SB0170"},
    {"a definition of another event",
     process("<startEvent id=\"s\"/><endEvent id=\"e\"><terminateEventDefinition id=\"d\"/></endEvent><endEvent "
             "id=\"g\"><eventDefinitionRef>d</eventDefinitionRef></endEvent>"
             "<sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"e\"/><sequenceFlow id=\"f2\" sourceRef=\"s\" targetRef=\"g\"/>"),
     "SB0170"},
    {"a gateway that does nothing",
     process("<startEvent id=\"s\"/><endEvent id=\"e\"/><parallelGateway id=\"g\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" "
             "targetRef=\"g\"/><sequenceFlow id=\"f2\" sourceRef=\"g\" targetRef=\"e\"/>"),
     "SB0171"},
    {"a direction that is not so",
     process("<startEvent id=\"s\"/><endEvent id=\"e\"/><parallelGateway id=\"g\" gatewayDirection=\"Converging\"/><sequenceFlow id=\"f1\" "
             "sourceRef=\"s\" targetRef=\"g\"/>"
             "<sequenceFlow id=\"f2\" sourceRef=\"g\" targetRef=\"e\"/><sequenceFlow id=\"f3\" sourceRef=\"g\" targetRef=\"e\"/>"),
     "SB0171"},
    {"a task behind an event-based gateway",
     process("<startEvent id=\"s\"/><endEvent id=\"e\"/><eventBasedGateway id=\"g\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"g\"/>"
             "<sequenceFlow id=\"f2\" sourceRef=\"g\" targetRef=\"e\"/><sequenceFlow id=\"f3\" sourceRef=\"g\" targetRef=\"e\"/>"),
     "SB0171"},
    {"an input of a sub-process", sub("subProcess", "<ioSpecification><inputSet/><outputSet/></ioSpecification>"), "SB0172"},
    {"an input in no set", task("", "<ioSpecification><dataInput id=\"d\"/><inputSet/><outputSet/></ioSpecification>"), "SB0172"},
    {"a message inside one pool",
     definitions("<collaboration id=\"c\"><participant id=\"a\" processRef=\"p\"/><messageFlow id=\"f\" sourceRef=\"a\" "
                 "targetRef=\"t\"/></collaboration><process id=\"p\"><task id=\"t\"/></process>"),
     "SB0173"},
    {"a multiplicity",
     definitions(
         "<collaboration id=\"c\"><participant id=\"a\"><participantMultiplicity minimum=\"3\" maximum=\"2\"/></participant></collaboration>"),
     "SB0173"},
    {"natural language", task("", "<standardLoopCharacteristics><loopCondition>while it rains</loopCondition></standardLoopCharacteristics>"),
     "SB0174"},
    {"a message event without operation",
     with_message.empty()
         ? ""
         : definitions(with_message +
                       "<process id=\"p\" isExecutable=\"true\"><startEvent id=\"s\"><messageEventDefinition "
                       "messageRef=\"m\"/></startEvent><endEvent id=\"e\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"e\"/></process>"),
     "SB0174"},
    {"a timer that is none",
     process("<startEvent id=\"s\"><timerEventDefinition><timeDuration "
             "xsi:type=\"tFormalExpression\">soon</timeDuration></timerEventDefinition></startEvent><endEvent id=\"e\"/><sequenceFlow id=\"f1\" "
             "sourceRef=\"s\" targetRef=\"e\"/>"),
     "SB0174"},
    {"an expression of a program",
     task("",
          "<standardLoopCharacteristics><loopCondition xsi:type=\"tFormalExpression\">${bean.more(x)}</loopCondition></standardLoopCharacteristics>"),
     "SB0175"},
};

}  // namespace

TEST_CASE("what BPMN forbids is refused with its rule") {
  for (const Refusal& r : refusals) {
    CAPTURE(r.what);
    const exchange::ReadModel read = exchange::read_bpmn(r.text, "m.bpmn");
    INFO(said(read.diagnostics));
    const bool has_place = r.finding.find(':') != std::string::npos;
    CHECK(said(read.diagnostics).find(has_place ? "m.bpmn:" + r.finding : "error " + r.finding) != std::string::npos);
    CHECK(read.processes.empty());
  }
}

TEST_CASE("every place of a row without mistakes is accepted") {
  CHECK(exchange::read_bpmn(process(row()), "m.bpmn").diagnostics.empty());
  CHECK(exchange::read_bpmn(task("", ""), "m.bpmn").diagnostics.empty());
}

TEST_CASE("depth, number and size are bounded, and the message is one") {
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "<a>";
  CHECK(said(exchange::read_bpmn(deep, "m.bpmn").diagnostics).find("SB0103") != std::string::npos);
  std::string wide;
  for (int i = 0; i < 60'000; ++i) wide += "<task/>";
  const exchange::ReadModel many = exchange::read_bpmn(definitions("<process id=\"p\">" + wide + "</process>"), "m.bpmn");
  CHECK(many.diagnostics.size() == 1);
  CHECK(said(many.diagnostics).find("SB0103") != std::string::npos);
  CHECK(said(exchange::read_bpmn(std::string(5U << 20U, ' '), "m.bpmn").diagnostics).find("SB0103") != std::string::npos);
  CHECK(exchange::read_bpmn("", "m.bpmn").diagnostics.size() == 1);
  std::string flows;
  for (int i = 0; i < 40'000; ++i) flows += "<sequenceFlow sourceRef=\"t\" targetRef=\"nowhere\"/>";
  CHECK(exchange::read_bpmn(process(row(flows)), "m.bpmn").diagnostics.size() <= 500);
}

TEST_CASE("old encodings of one byte are read") {
  const std::string text = "<?xml version=\"1.0\" encoding=\"windows-1252\"?>" + definitions("<process id=\"p\" name=\"5 \x80 f\xFCr\"/>");
  const exchange::ReadModel read = exchange::read_bpmn(text, "m.bpmn");
  REQUIRE(read.processes.size() == 1);
  CHECK(read.processes[0].name.in("") == "5 \xE2\x82\xAC f\xC3\xBCr");
}
