// Shapes of process files.
#include <algorithm>

#include "notation/grammar.hpp"

namespace switchboard::notation {

namespace {

struct EventKeys {
  const Shape* id;
  const Shape* name;
  const Shape* timer;
  const Shape* expression;
  const Shape* flag;
  const Shape* flag_or_id;
};

std::vector<Field> event_fields(const EventKeys& shapes, std::initializer_list<std::string_view> wanted) {
  const std::vector<Field> all{
      {"message", shapes.id, "Id of the message."},
      {"timer", shapes.timer, "When: {after: DURATION}, {at: FEEL date and time} or {every: DURATION, times: n, missed: one|all|skip}."},
      {"signal", shapes.id, "Id of the signal."},
      {"error", shapes.id, "Id of the BPMN error; `any` catches all."},
      {"escalation", shapes.id, "Id of the escalation; `any` catches all."},
      {"condition", shapes.expression, "FEEL over the data; happens when it becomes true."},
      {"link", shapes.id, "Name that joins a throwing and a catching link event."},
      {"compensate", shapes.flag_or_id, "true: undo everything of this scope; or the id of the activity to undo."},
      {"terminate", shapes.flag, "true: ends the whole scope at once."},
      {"cancel", shapes.flag, "true: cancels the transaction."},
  };
  std::vector<Field> out;
  for (const std::string_view key : wanted)
    for (const Field& f : all)
      if (f.key == key) out.push_back(f);
  return out;
}

void append(std::vector<Field>& to, const std::vector<Field>& more) { to.insert(to.end(), more.begin(), more.end()); }

}  // namespace

void Grammar::events() {
  Shape& timer = make(Form::object, "a timer", "Exactly one of after, at, every.");
  timer.fields = {{"after", duration_, "How long after the event begins to wait."},
                  {"at", expression_, "FEEL date and time."},
                  {"every", duration_, "A cycle."},
                  {"times", expression_, "How many cycles; without it for ever."},
                  {"missed", words("what becomes of missed cycles", {"one", "all", "skip"}), "Cycles that passed while the engine was down: fire once (default), each, or none."},
                  {"calendar", text_, "Id of the calendar for bd and bh."}};
  timer_ = &timer;
  const Shape* flag_or_id = &make(Form::scalar, "true or an id", "");
  const EventKeys shapes{id_, name_, timer_, expression_, boolean_, flag_or_id};
  Shape& event = make(Form::object, "an event definition", "");
  event.fields = event_fields(shapes, {"message", "timer", "signal", "error", "escalation", "condition", "link", "compensate", "terminate", "cancel"});
  event_ = &event;
}

void Grammar::flows() {
  Shape& flow = make(Form::object, "a flow", "{if: FEEL, to: id}, {to: id} or {else: id}.");
  flow.fields = {{"if", expression_, "FEEL condition."},
                 {"to", id_, "Id of the next node."},
                 {"else", id_, "Id of the node taken when no condition is true."},
                 {"name", label_, "What the flow is called."}};
  Shape& flows = make(Form::list, "a list of flows", "");
  flows.element = either("an id or a flow", {id_, &flow});
  next_ = either("an id or a list of flows", {id_, &flows});
}

void Grammar::clocks() {
  Shape& trigger = make(Form::object, "a trigger", "Several keys, or a list of triggers: any of them.");
  trigger.fields = {{"completed", path_or_paths_, "A node was completed."},
                    {"entered", path_or_paths_, "A node was entered."},
                    {"message", id_or_ids_, "A message arrived."},
                    {"condition", expression_, "FEEL became true."},
                    {"process", words("started or ended", {"started", "ended"}), "The case started or ended."}};
  trigger_ = either("a trigger", {&trigger, list_of(&trigger, "a list of triggers")});
  Shape& pause = make(Form::object, "a pause", "{in: [nodes or lanes]}, {condition: FEEL}, or a trigger with `resume`.");
  pause.fields = {{"in", path_or_paths_, "The clock does not run while a token is in one of these nodes or lanes."},
                  {"condition", expression_, "The clock does not run while this is true."},
                  {"completed", path_or_paths_, "Pauses when a node was completed."},
                  {"entered", path_or_paths_, "Pauses when a node was entered."},
                  {"message", id_or_ids_, "Pauses when a message arrived."}};
  Shape& mean = make(Form::object, "a mean", "");
  mean.fields = {{"mean", duration_, "An average over all cases: no single case breaches it.", true}};
  Shape& mark = make(Form::object, "a mark", "");
  mark.fields = {{"at", text_, "80%, `1 bd left` or breach.", true},
                 {"escalate", id_, "Escalation to throw."},
                 {"feedback", id_, "Feedback to send."},
                 {"late", words("fire or skip", {"fire", "skip"}), "What becomes of a mark already past when the clock starts: fire (default) or skip."}};
  marks_ = list_of(&mark, "a list of marks");
  Shape& clock = make(Form::object, "a clock", "A promise with its start, stop, pauses and marks.");
  clock.fields = {{"name", label_, "What people call it."},
                  {"start", trigger_, "What starts it: {completed: id}, {entered: id}, {message: id}, {condition: FEEL} or {process: started}.", true},
                  {"stop", trigger_, "What stops it; without it the end of the case."},
                  {"cancel", trigger_, "What cancels it."},
                  {"reset", trigger_, "What closes it and opens a fresh one."},
                  {"pause", &pause, "When it does not run."},
                  {"resume", trigger_, "What ends a pause that a trigger began."},
                  {"within", either("a duration", {duration_, &mean}), "The promise; null means no promise.", true},
                  {"from", expression_, "FEEL date and time: retroactive start."},
                  {"calendar", text_, "Id of the calendar; default that of the process."},
                  {"marks", marks_, "What happens on the way and at the breach."},
                  {"restart", words("once or each", {"once", "each"}), "Whether a start trigger after the end begins a new round."},
                  {"audience", words("customer or internal", {"customer", "internal"}), "Who the promise is made to."},
                  {"source", text_, "Where the number comes from."},
                  {"unverified", unverified_, "true or a text: the number is not verified."}};
  sla_ = map_of(&clock, "a map of clocks", "sla.", Form::id);
}

void Grammar::data() {
  Shape& item = make(Form::object, "a data item", "");
  item.fields = {{"type", text_, "string number boolean date time date-time duration months-duration list list<T> context any"},
                 {"required", boolean_, "Must be given at the start."},
                 {"default", any_, "A literal of the type."},
                 {"enum", list_of(any_, "a list of values"), "The values allowed; alone it implies the type string."},
                 {"min", &make(Form::scalar, "a bound", ""), "Least number, date or duration, or least length."},
                 {"max", &make(Form::scalar, "a bound", ""), "Greatest number, date or duration, or greatest length."},
                 {"name", label_, "What people call it."},
                 {"documentation", label_, "Free text."}};
  data_ = map_of(either("a type or a data item", {text_, &item}), "a map of data", "data.", Form::name);
}

void Grammar::nodes() {
  const Shape* flag_or_id = &make(Form::scalar, "true or an id", "");
  const EventKeys keys{id_, name_, timer_, expression_, boolean_, flag_or_id};
  const Field multiple{"multiple", list_of(event_, "a list of event definitions"), "Any of these events."};
  const Field all_of{"parallelMultiple", list_of(event_, "a list of event definitions"), "All of these events."};
  const Field interrupting{"interrupting", boolean_, "Whether it cancels what it interrupts; default true."};
  const Field next{"next", next_, "An id, or a list of ids and {if: FEEL, to: id} with at most one {else: id}."};
  const Field in{"in", mapping_, "Name -> FEEL: what goes in."};
  const Field out{"out", mapping_, "Data name -> FEEL: what comes out."};

  Shape& boundary = make(Form::object, "a boundary event", "");
  boundary.fields = event_fields(keys, {"message", "timer", "signal", "error", "escalation", "condition", "cancel"});
  append(boundary.fields, {multiple, all_of, interrupting, {"name", label_, "What people call it."}, {"documentation", label_, "Free text."}, next, out});
  boundary_ = map_of(&boundary, "a map of boundary events", "^", Form::id);

  Shape& many = make(Form::object, "a multi-instance loop", "");
  many.fields = {{"collection", expression_, "FEEL list: one instance for each item."},
                 {"cardinality", expression_, "FEEL number of instances, instead of a collection."},
                 {"element", name_, "Name of the item in expressions."},
                 {"sequential", boolean_, "One after the other; default false: at the same time."},
                 {"completionCondition", expression_, "FEEL: ends the loop when true after an instance."},
                 {"output", expression_, "FEEL per instance."},
                 {"outputCollection", name_, "Data name of the list of outputs."}};
  Shape& loop = make(Form::object, "a loop", "");
  loop.fields = {{"while", expression_, "FEEL: repeats while true."},
                 {"testBefore", boolean_, "Test before the first time; default false."},
                 {"max", expression_, "At most so many times."}};

  Shape& node = make(Form::variants, "a node", "A node of the process; its type says which further keys it has.");
  node.fields = {{"type", any_, "BPMN's name of the type.", true},
                 {"name", label_, "What people call it."},
                 {"documentation", label_, "Free text."},
                 {"lane", id_, "Who does it: id of a lane."}};
  const Field nodes_field{"nodes", map_of(&node, "a map of nodes", "/", Form::id), "The nodes inside, by id.", true};
  nodes_ = nodes_field.shape;
  const std::vector<Field> activity{next, in, out, {"boundary", boundary_, "Boundary events by id."}, {"multiInstance", &many, "Once for each item."},
                                    {"loop", &loop, "Again while a condition holds."}, {"compensation", id_, "The activity that undoes this one."}};
  const std::vector<Field> job{{"job", text_, "Topic of the work; default: the node's id."}, {"retries", whole("a number of retries", 0, 1000), "How often to try again; default 3."},
                               {"backoff", duration_, "Wait before a retry; default 1 min."}, {"timeout", duration_, "Lease of a worker; default 5 min."}};
  const auto add = [&](std::string_view word, std::string_view doc, std::initializer_list<std::vector<Field>> groups) {
    Variant v{word, doc, {}};
    for (const auto& g : groups) append(v.fields, g);
    node.variants.push_back(std::move(v));
  };
  add("startEvent", "Where the process begins.", {event_fields(keys, {"message", "timer", "signal", "condition", "error", "escalation", "compensate"}), {multiple, all_of, interrupting, next, out}});
  add("endEvent", "Where it ends.", {event_fields(keys, {"message", "signal", "error", "escalation", "compensate", "terminate", "cancel"}), {multiple, in}});
  add("intermediateCatchEvent", "Waits for an event.", {event_fields(keys, {"message", "timer", "signal", "condition", "link"}), {multiple, all_of, next, out}});
  add("intermediateThrowEvent", "Throws an event.", {event_fields(keys, {"message", "signal", "escalation", "link", "compensate"}), {multiple, next, in}});
  add("userTask", "Work of a person.", {activity,
                                        {{"groups", texts_, "Who may do it; default: those of the lane."}, {"assignee", expression_, "FEEL: the person."},
                                         {"form", list_of(name_, "a list of data names"), "The data that the person fills in."}, {"due", duration_, "When it should be done."},
                                         {"priority", expression_, "A number or FEEL."}}});
  add("serviceTask", "Work of a program.", {activity, job});
  add("sendTask", "Sends a message.", {activity, job, {{"message", id_, "Message that the engine sends; without it a worker does."}}});
  add("receiveTask", "Waits for a message.", {activity, {{"message", id_, "Id of the message.", true}, {"instantiate", boolean_, "Begins a new case."}}});
  add("scriptTask", "Sets data.", {activity, {{"set", mapping_, "Data name -> FEEL, in file order.", true}}});
  {
    std::vector<Field> rule_task;
    for (Field f : activity) {
      if (f.key == "out") f = {"out", either("a data name, or a map of data names to FEEL", {name_, mapping_}), "A data name, or data name -> FEEL over `result`."};
      rule_task.push_back(f);
    }
    add("businessRuleTask", "Evaluates a decision table.", {rule_task, {{"decision", id_, "Id of the decision table.", true}}});
  }
  add("manualTask", "Recorded, passes through.", {activity});
  add("task", "Recorded, passes through.", {activity});
  add("exclusiveGateway", "Takes the first flow whose condition is true.", {{next}});
  add("inclusiveGateway", "Takes every flow whose condition is true.", {{next}});
  add("parallelGateway", "Takes all flows, joins all flows.", {{next}});
  add("eventBasedGateway", "Takes the flow whose event comes first.", {{next, {"instantiate", boolean_, "Begins a new case."}}});
  add("complexGateway", "Fires when `activate` is true.", {{next, {"activate", expression_, "FEEL over the number of arrived tokens.", true}}});
  add("subProcess", "A process within the process.", {activity, {nodes_field}});
  add("transaction", "A sub-process that can be cancelled and compensated as a whole.", {activity, {nodes_field}});
  add("adHocSubProcess", "A sub-process whose activities need no order.", {activity, {nodes_field, {"completionCondition", expression_, "FEEL: ends it when true."}}});
  add("eventSubProcess", "Begins when its start event happens.", {{nodes_field}});
  add("callActivity", "Calls another process.", {activity, {{"process", id_, "Id of the process.", true}, {"version", text_, "latest (default), same, or a tag."}}});
}

void Grammar::process() {
  Shape& lane = make(Form::object, "a lane", "");
  lane.fields = {{"name", label_, "What people call it."}, {"groups", texts_, "The groups that do its work."}};
  Shape& feedback = make(Form::object, "a feedback", "");
  feedback.fields = {{"name", label_, "What people call it."},
                     {"on", trigger_, "When it is sent; marks of clocks may send it too."},
                     {"channels", texts_, "sms, app, phone, ..."},
                     {"text", label_, "The text by language, with {{FEEL}}.", true},
                     {"to", expression_, "FEEL: who gets it; default: the customer."},
                     {"source", text_, "Where the duty to tell comes from."}};
  feedback_ = map_of(&feedback, "a map of feedback", "feedback.", Form::id);
  Shape& message = make(Form::object, "a message", "");
  message.fields = {{"name", label_, "What people call it."}, {"key", expression_, "FEEL: the key that finds the case; default: the case number."}, {"payload", payload_, "Field -> type."}};
  Shape& other = make(Form::object, "a declaration", "");
  other.fields = {{"name", label_, "What people call it."}, {"code", text_, "Code for the outside."}, {"payload", payload_, "Field -> type."}};
  Shape& s = make(Form::object, "a process", "Switchboard process, language version 1 (docs/language.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"process", id_, "Id of the process.", true},
              {"name", label_, "What people call it."},
              {"documentation", label_, "Free text."},
              {"version", text_, "The designer's tag."},
              {"customer", expression_, "FEEL over the data: the customer number."},
              {"calendar", text_, "Id of the default calendar for bd and bh."},
              {"strict", boolean_, "Warnings about soundness are errors."},
              {"data", data_, "The case data."},
              {"lanes", map_of(&lane, "a map of lanes", "lanes.", Form::id), "Who does the work."},
              {"nodes", nodes_, "The nodes by id.", true},
              {"sla", sla_, "The clocks by id."},
              {"feedback", feedback_, "What the customer is told."},
              {"messages", map_of(&message, "a map of messages", "messages.", Form::id), "Messages by id."},
              {"signals", map_of(&other, "a map of signals", "signals.", Form::id), "Signals by id."},
              {"errors", map_of(&other, "a map of errors", "errors.", Form::id), "BPMN errors by id."},
              {"escalations", map_of(&other, "a map of escalations", "escalations.", Form::id), "Escalations by id."},
              {"decisions", list_of(id_, "a list of ids"), "Decision tables used."}};
  process_ = &s;
}

}  // namespace switchboard::notation
