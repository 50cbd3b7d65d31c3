#include "notation/foreign_words.hpp"

#include <algorithm>
#include <array>

#include "base/odd_signs.hpp"
#include "model/diagnostic.hpp"

namespace switchboard::notation {

namespace {

/// A key of others. `here` is the key that it stands for; where a remedy says more, the one that it stands beside or instead of. The row holds only
/// at places that know the key `here`, so one word may stand in several rows.
struct ForeignKey {
  std::string_view written;  ///< in small letters, without signs
  std::string_view here;
  std::string_view remedy;
  bool beside = false;  ///< `here` only says which place it is
};

constexpr std::string_view flow_place = "a flow stands at the node that it leaves: `next: ID`, or `next: [{if: FEEL, to: ID}, {else: ID}]`";
constexpr std::string_view no_source = "a flow stands at the node that it leaves, which is its source: delete it";
constexpr std::string_view event_key = "the event itself is a key: `timer: {after: 2 h}`, `message: ID`, `error: ID`";
constexpr std::string_view at_its_activity =
    "delete it: a boundary event stands under `boundary:` of its activity, `boundary: {late: {timer: {after: 2 bd}, next: ID}}`";
constexpr std::string_view repeated = "write `every: 1 h`, or days by name: `every: {at: mon-fri 08:00}`; how often: `times: 3`";
constexpr std::string_view set_data = "write what it sets: `set: {NAME: FEEL}`";

constexpr std::array foreign_keys{
    // a file
    ForeignKey{"title", "name", ""},
    ForeignKey{"label", "name", ""},
    ForeignKey{"displayname", "name", ""},
    ForeignKey{"description", "documentation", ""},
    ForeignKey{"comment", "documentation", ""},
    ForeignKey{"doc", "documentation", ""},
    ForeignKey{"docs", "documentation", ""},
    ForeignKey{"variables", "data", ""},
    ForeignKey{"properties", "data", ""},
    ForeignKey{"dataobjects", "data", ""},
    ForeignKey{"steps", "nodes", ""},
    ForeignKey{"tasks", "nodes", ""},
    ForeignKey{"elements", "nodes", ""},
    ForeignKey{"flowelements", "nodes", ""},
    ForeignKey{"activities", "nodes", ""},
    ForeignKey{"states", "nodes", ""},
    ForeignKey{"clocks", "sla", ""},
    ForeignKey{"slas", "sla", ""},
    ForeignKey{"promises", "sla", ""},
    ForeignKey{"timelimits", "sla", ""},
    ForeignKey{"notifications", "feedback", ""},
    ForeignKey{"pools", "lanes", ""},
    ForeignKey{"roles", "lanes", ""},
    ForeignKey{"participants", "lanes", ""},
    ForeignKey{"swimlanes", "lanes", ""},
    ForeignKey{"sequenceflow", "nodes", flow_place, true},
    ForeignKey{"sequenceflows", "nodes", flow_place, true},
    ForeignKey{"flows", "nodes", flow_place, true},
    ForeignKey{"edges", "nodes", flow_place, true},
    ForeignKey{"transitions", "nodes", flow_place, true},
    ForeignKey{"connections", "nodes", flow_place, true},
    // a node
    ForeignKey{"kind", "type", ""},
    ForeignKey{"nodetype", "type", ""},
    ForeignKey{"sequenceflow", "next", ""},
    ForeignKey{"sequenceflows", "next", ""},
    ForeignKey{"outgoing", "next", ""},
    ForeignKey{"flows", "next", ""},
    ForeignKey{"transitions", "next", ""},
    ForeignKey{"target", "next", ""},
    ForeignKey{"targetref", "next", ""},
    ForeignKey{"to", "next", ""},
    ForeignKey{"goto", "next", ""},
    ForeignKey{"then", "next", ""},
    ForeignKey{"successor", "next", ""},
    ForeignKey{"default", "next", "write it in the list: `next: [{if: FEEL, to: ID}, {else: ID}]`"},
    ForeignKey{"defaultflow", "next", "write it in the list: `next: [{if: FEEL, to: ID}, {else: ID}]`"},
    ForeignKey{"incoming", "lane", no_source, true},
    ForeignKey{"sourceref", "lane", no_source, true},
    ForeignKey{"source", "lane", no_source, true},
    ForeignKey{"from", "lane", no_source, true},
    ForeignKey{"dependson", "lane", no_source, true},
    ForeignKey{"boundaryevent", "boundary", ""},
    ForeignKey{"boundaryevents", "boundary", ""},
    ForeignKey{"attachedto", "interrupting", at_its_activity, true},
    ForeignKey{"attachedtoref", "interrupting", at_its_activity, true},
    ForeignKey{"attachedto", "lane", at_its_activity, true},
    ForeignKey{"attachedtoref", "lane", at_its_activity, true},
    ForeignKey{"cancelactivity", "interrupting", ""},
    ForeignKey{"isinterrupting", "interrupting", ""},
    ForeignKey{"noninterrupting", "interrupting", "write `interrupting: false`"},
    ForeignKey{"timereventdefinition", "timer", ""},
    ForeignKey{"messageeventdefinition", "message", ""},
    ForeignKey{"messageref", "message", ""},
    ForeignKey{"signaleventdefinition", "signal", ""},
    ForeignKey{"signalref", "signal", ""},
    ForeignKey{"erroreventdefinition", "error", ""},
    ForeignKey{"errorref", "error", ""},
    ForeignKey{"errorcode", "error", ""},
    ForeignKey{"escalationeventdefinition", "escalation", ""},
    ForeignKey{"escalationref", "escalation", ""},
    ForeignKey{"conditionaleventdefinition", "condition", ""},
    ForeignKey{"linkeventdefinition", "link", ""},
    ForeignKey{"terminateeventdefinition", "terminate", "write `terminate: true`"},
    ForeignKey{"canceleventdefinition", "cancel", "write `cancel: true`"},
    ForeignKey{"compensateeventdefinition", "compensate", "write `compensate: true`, or the id of the activity to undo"},
    ForeignKey{"eventdefinition", "interrupting", event_key, true},
    ForeignKey{"eventdefinitions", "interrupting", event_key, true},
    ForeignKey{"candidategroups", "groups", ""},
    ForeignKey{"candidategroup", "groups", ""},
    ForeignKey{"group", "groups", ""},
    ForeignKey{"role", "groups", ""},
    ForeignKey{"roles", "groups", ""},
    ForeignKey{"members", "groups", ""},
    ForeignKey{"assignedto", "assignee", ""},
    ForeignKey{"candidateusers", "assignee", ""},
    ForeignKey{"performer", "assignee", ""},
    ForeignKey{"owner", "assignee", ""},
    ForeignKey{"formfields", "form", ""},
    ForeignKey{"formdata", "form", ""},
    ForeignKey{"fields", "form", ""},
    ForeignKey{"duedate", "due", ""},
    ForeignKey{"deadline", "due", ""},
    ForeignKey{"duration", "due", ""},
    ForeignKey{"topic", "job", ""},
    ForeignKey{"worker", "job", ""},
    ForeignKey{"jobtype", "job", ""},
    ForeignKey{"implementation", "job", ""},
    ForeignKey{"delegateexpression", "job", ""},
    ForeignKey{"script", "set", set_data},
    ForeignKey{"expression", "set", set_data},
    ForeignKey{"code", "set", set_data},
    ForeignKey{"assign", "set", ""},
    ForeignKey{"assignments", "set", ""},
    ForeignKey{"calledelement", "process", ""},
    ForeignKey{"processref", "process", ""},
    ForeignKey{"processid", "process", ""},
    ForeignKey{"decisionref", "decision", ""},
    ForeignKey{"decisionid", "decision", ""},
    ForeignKey{"table", "decision", ""},
    ForeignKey{"multiinstanceloopcharacteristics", "multiInstance", ""},
    ForeignKey{"foreach", "multiInstance", ""},
    ForeignKey{"standardloopcharacteristics", "loop", ""},
    ForeignKey{"loopcardinality", "cardinality", ""},
    ForeignKey{"inputelement", "element", ""},
    ForeignKey{"elementvariable", "element", ""},
    ForeignKey{"inputdataitem", "element", ""},
    ForeignKey{"inputcollection", "collection", ""},
    ForeignKey{"loopdatainputref", "collection", ""},
    ForeignKey{"outputelement", "output", ""},
    ForeignKey{"loopcondition", "while", ""},
    ForeignKey{"triggeredbyevent", "lane", "write `type: eventSubProcess`; it has no `next`", true},
    ForeignKey{"isforcompensation", "lane", "delete it: the activity that this one undoes says so, `compensation: ID`", true},
    ForeignKey{"iomapping", "in", "write `in: {NAME: FEEL}` for what goes in, `out: {NAME: FEEL}` for what comes out", true},
    ForeignKey{"inputoutput", "in", "write `in: {NAME: FEEL}` for what goes in, `out: {NAME: FEEL}` for what comes out", true},
    ForeignKey{"inputs", "in", ""},
    ForeignKey{"inputparameters", "in", ""},
    ForeignKey{"outputs", "out", ""},
    ForeignKey{"outputparameters", "out", ""},
    ForeignKey{"resultvariable", "out", ""},
    ForeignKey{"schedule", "timer", "write `timer: {every: {at: mon-fri 08:00}}`"},
    ForeignKey{"cron", "timer", "write `timer: {every: {at: mon-fri 08:00}}`"},
    ForeignKey{"timecycle", "timer", "write `timer: {every: 1 h}`, or days by name: `timer: {every: {at: mon-fri 08:00}}`"},
    ForeignKey{"timeduration", "timer", "write `timer: {after: 2 h}`"},
    ForeignKey{"timedate", "timer", "write `timer: {at: FEEL}`, FEEL that gives a date and time"},
    // a flow
    ForeignKey{"when", "if", ""},
    ForeignKey{"condition", "if", ""},
    ForeignKey{"conditionexpression", "if", ""},
    ForeignKey{"guard", "if", ""},
    ForeignKey{"targetref", "to", ""},
    ForeignKey{"target", "to", ""},
    ForeignKey{"goto", "to", ""},
    ForeignKey{"then", "to", ""},
    ForeignKey{"next", "to", ""},
    ForeignKey{"default", "else", "write `{else: ID}`"},
    ForeignKey{"isdefault", "else", "write `{else: ID}`"},
    ForeignKey{"otherwise", "else", ""},
    ForeignKey{"sourceref", "else", no_source, true},
    ForeignKey{"source", "else", no_source, true},
    ForeignKey{"from", "else", no_source, true},
    // a timer
    ForeignKey{"timeduration", "after", ""},
    ForeignKey{"duration", "after", ""},
    ForeignKey{"delay", "after", ""},
    ForeignKey{"wait", "after", ""},
    ForeignKey{"within", "after", ""},
    ForeignKey{"timedate", "at", "write `at: FEEL`, FEEL that gives a date and time: `at: '@\"2026-03-02T09:00:00\"'`"},
    ForeignKey{"datetime", "at", ""},
    ForeignKey{"date", "at", ""},
    ForeignKey{"timecycle", "every", repeated},
    ForeignKey{"cycle", "every", repeated},
    ForeignKey{"cron", "every", repeated},
    ForeignKey{"schedule", "every", repeated},
    ForeignKey{"repeat", "every", repeated},
    ForeignKey{"interval", "every", ""},
    ForeignKey{"period", "every", ""},
    ForeignKey{"repetitions", "times", ""},
    ForeignKey{"count", "times", ""},
    // a clock and its marks
    ForeignKey{"deadline", "within", "write `within: 2 bd` for a length of time, `by: FEEL` for an instant"},
    ForeignKey{"due", "within", "write `within: 2 bd` for a length of time, `by: FEEL` for an instant"},
    ForeignKey{"duration", "within", ""},
    ForeignKey{"limit", "within", ""},
    ForeignKey{"budget", "within", ""},
    ForeignKey{"after", "within", ""},
    ForeignKey{"begin", "start", ""},
    ForeignKey{"on", "start", ""},
    ForeignKey{"end", "stop", ""},
    ForeignKey{"until", "stop", ""},
    ForeignKey{"thresholds", "marks", ""},
    ForeignKey{"warnings", "marks", ""},
    ForeignKey{"alerts", "marks", ""},
    ForeignKey{"milestones", "marks", ""},
    ForeignKey{"escalations", "marks", ""},
    ForeignKey{"suspend", "pause", ""},
    ForeignKey{"when", "at", ""},
    ForeignKey{"threshold", "at", ""},
    ForeignKey{"escalation", "escalate", ""},
    ForeignKey{"notify", "feedback", ""},
    // feedback, messages, data
    ForeignKey{"template", "text", ""},
    ForeignKey{"body", "text", ""},
    ForeignKey{"content", "text", ""},
    ForeignKey{"channel", "channels", ""},
    ForeignKey{"when", "on", ""},
    ForeignKey{"trigger", "on", ""},
    ForeignKey{"recipient", "to", ""},
    ForeignKey{"receiver", "to", ""},
    ForeignKey{"correlationkey", "key", ""},
    ForeignKey{"correlation", "key", ""},
    ForeignKey{"values", "enum", ""},
    ForeignKey{"options", "enum", ""},
    ForeignKey{"choices", "enum", ""},
    ForeignKey{"allowed", "enum", ""},
    ForeignKey{"mandatory", "required", ""},
    ForeignKey{"value", "default", ""},
    ForeignKey{"initial", "default", ""},
    ForeignKey{"minimum", "min", ""},
    ForeignKey{"maximum", "max", ""},
    // decision tables, calendars, tests
    ForeignKey{"hitpolicy", "hit", ""},
    ForeignKey{"params", "parameters", ""},
    ForeignKey{"arguments", "parameters", ""},
    ForeignKey{"rows", "rules", ""},
    ForeignKey{"if", "when", ""},
    ForeignKey{"conditions", "when", ""},
    ForeignKey{"inputs", "when", ""},
    ForeignKey{"outputs", "then", ""},
    ForeignKey{"result", "then", ""},
    ForeignKey{"timezone", "zone", ""},
    ForeignKey{"tz", "zone", ""},
    ForeignKey{"holidays", "off", ""},
    ForeignKey{"workdays", "working", ""},
    ForeignKey{"given", "data", ""},
};

/// A type of others, in small letters and without signs.
struct ForeignType {
  std::string_view written;
  std::string_view here;
  std::string_view remedy;
};

constexpr std::array foreign_types{
    ForeignType{"start", "startEvent", ""},
    ForeignType{"begin", "startEvent", ""},
    ForeignType{"end", "endEvent", ""},
    ForeignType{"stop", "endEvent", ""},
    ForeignType{"gateway", "", "write exclusiveGateway (one way), parallelGateway (all ways), inclusiveGateway (some) or eventBasedGateway"},
    ForeignType{"xor", "exclusiveGateway", ""},
    ForeignType{"xorgateway", "exclusiveGateway", ""},
    ForeignType{"exclusive", "exclusiveGateway", ""},
    ForeignType{"choice", "exclusiveGateway", ""},
    ForeignType{"switch", "exclusiveGateway", ""},
    ForeignType{"decision", "", "write exclusiveGateway where the way parts, businessRuleTask where a decision table is asked"},
    ForeignType{"and", "parallelGateway", ""},
    ForeignType{"andgateway", "parallelGateway", ""},
    ForeignType{"parallel", "parallelGateway", ""},
    ForeignType{"fork", "parallelGateway", ""},
    ForeignType{"join", "parallelGateway", ""},
    ForeignType{"or", "inclusiveGateway", ""},
    ForeignType{"orgateway", "inclusiveGateway", ""},
    ForeignType{"inclusive", "inclusiveGateway", ""},
    ForeignType{"eventgateway", "eventBasedGateway", ""},
    ForeignType{"user", "userTask", ""},
    ForeignType{"human", "userTask", ""},
    ForeignType{"humantask", "userTask", ""},
    ForeignType{"usertasks", "userTask", ""},
    ForeignType{"approval", "userTask", ""},
    ForeignType{"service", "serviceTask", ""},
    ForeignType{"external", "serviceTask", ""},
    ForeignType{"externaltask", "serviceTask", ""},
    ForeignType{"job", "serviceTask", ""},
    ForeignType{"systemtask", "serviceTask", ""},
    ForeignType{"script", "scriptTask", ""},
    ForeignType{"rule", "businessRuleTask", ""},
    ForeignType{"ruletask", "businessRuleTask", ""},
    ForeignType{"decisiontask", "businessRuleTask", ""},
    ForeignType{"dmn", "businessRuleTask", ""},
    ForeignType{"manual", "manualTask", ""},
    ForeignType{"send", "sendTask", ""},
    ForeignType{"receive", "receiveTask", ""},
    ForeignType{"call", "callActivity", ""},
    ForeignType{"embeddedsubprocess", "subProcess", ""},
    ForeignType{"subflow", "subProcess", ""},
    ForeignType{"adhoc", "adHocSubProcess", ""},
    ForeignType{"catchevent", "intermediateCatchEvent", ""},
    ForeignType{"throwevent", "intermediateThrowEvent", ""},
    ForeignType{"wait", "", "write `type: intermediateCatchEvent` with `timer: {after: 2 h}` or `message: ID`"},
    ForeignType{"delay", "", "write `type: intermediateCatchEvent` with `timer: {after: 2 h}`"},
    ForeignType{"intermediateevent", "", "write intermediateCatchEvent (it waits) or intermediateThrowEvent (it sends)"},
    ForeignType{"event", "", "write startEvent, endEvent, intermediateCatchEvent or intermediateThrowEvent"},
    ForeignType{"boundary", "", at_its_activity},
    ForeignType{"sequenceflow", "", flow_place},
};

/// What BPMN's tools put into the name of the type and this language into a key of its own: `timerStartEvent`.
struct EventWord {
  std::string_view written;
  std::string_view key;
};
constexpr std::array event_words{
    EventWord{"timer", "timer: {after: 2 h}"},
    EventWord{"message", "message: ID"},
    EventWord{"signal", "signal: ID"},
    EventWord{"error", "error: ID"},
    EventWord{"escalation", "escalation: ID"},
    EventWord{"conditional", "condition: FEEL"},
    EventWord{"condition", "condition: FEEL"},
    EventWord{"link", "link: ID"},
    EventWord{"compensation", "compensate: true"},
    EventWord{"compensate", "compensate: true"},
    EventWord{"terminate", "terminate: true"},
    EventWord{"cancel", "cancel: true"},
};
constexpr std::array event_places{
    ForeignType{"startevent", "startEvent", ""},
    ForeignType{"start", "startEvent", ""},
    ForeignType{"endevent", "endEvent", ""},
    ForeignType{"end", "endEvent", ""},
    ForeignType{"intermediatecatchevent", "intermediateCatchEvent", ""},
    ForeignType{"intermediatethrowevent", "intermediateThrowEvent", ""},
    ForeignType{"intermediateevent", "intermediateCatchEvent", ""},
    ForeignType{"catchevent", "intermediateCatchEvent", ""},
    ForeignType{"throwevent", "intermediateThrowEvent", ""},
    ForeignType{"event", "intermediateCatchEvent", ""},
};

/// Small letters and digits alone: `bpmn:start-event` is `startevent`.
std::string only_letters(std::string_view word) {
  for (const std::string_view prefix : {"bpmn:", "bpmn2:", "camunda:", "zeebe:", "flowable:"})
    if (word.starts_with(prefix)) word.remove_prefix(prefix.size());
  std::string out;
  for (const char c : word) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
  }
  return out;
}

bool has(const std::vector<std::string>& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

/// The one of `names` that has the same letters, signs and case apart; where odd signs are in the way, the remedy names them.
Meant same_letters(std::string_view word, const std::vector<std::string>& names) {
  const std::string letters = only_letters(without_odd_signs(word));
  const auto found = std::find_if(names.begin(), names.end(), [&](const std::string& name) { return only_letters(name) == letters; });
  if (letters.empty() || found == names.end()) return {};
  std::string odd = odd_remedy(word);
  if (!odd.empty()) odd = "did you mean `" + *found + "`? " + odd;
  return {*found, std::move(odd), false};
}

/// `terminateEndEvent`: a type and a key.
std::string event_remedy(const std::string& letters) {
  for (const EventWord& event : event_words) {
    const std::size_t at = letters.find(event.written);
    if (at == std::string::npos) continue;
    const std::string rest = letters.substr(0, at) + letters.substr(at + event.written.size());
    if (rest == "boundaryevent" || rest == "boundary") return std::string(at_its_activity);
    const auto* place = std::find_if(event_places.begin(), event_places.end(), [&](const ForeignType& p) { return p.written == rest; });
    if (place == event_places.end()) continue;
    const bool ends = rest == "event" && (event.written == "terminate" || event.written == "cancel");
    return "write `type: " + std::string(ends ? "endEvent" : place->here) + "` with `" + std::string(event.key) + "`";
  }
  return letters == "boundaryevent" ? std::string(at_its_activity) : std::string();
}

}  // namespace

Meant meant_key(std::string_view key, const std::vector<std::string>& names) {
  if (Meant same = same_letters(key, names); !same.word.empty()) return same;
  const std::string letters = only_letters(key);
  for (const ForeignKey& foreign : foreign_keys)
    if (foreign.written == letters && has(names, foreign.here))
      return {foreign.beside ? std::string() : std::string(foreign.here), std::string(foreign.remedy), true};
  return {model::nearest_name(key, names), {}, false};
}

Meant meant_type(std::string_view type, const std::vector<std::string>& types) {
  if (Meant same = same_letters(type, types); !same.word.empty()) return same;
  const std::string letters = only_letters(type);
  for (const ForeignType& foreign : foreign_types)
    if (foreign.written == letters) return {std::string(foreign.here), std::string(foreign.remedy), true};
  if (std::string remedy = event_remedy(letters); !remedy.empty()) return {{}, std::move(remedy), true};
  return {model::nearest_name(type, types), {}, false};
}

std::string hint_of(const Meant& meant, std::string_view otherwise) {
  if (!meant.remedy.empty()) return meant.remedy;
  if (meant.word.empty()) return std::string(otherwise);
  return meant.is_other ? "here it is called `" + meant.word + "`" : "did you mean `" + meant.word + "`?";
}

}  // namespace switchboard::notation
