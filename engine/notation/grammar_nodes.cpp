// Shapes of nodes: events, activities, gateways.
#include "notation/grammar.hpp"

namespace switchboard::notation {

namespace {

void append(std::vector<Field>& to, const std::vector<Field>& more) { to.insert(to.end(), more.begin(), more.end()); }

std::vector<Field> joined(std::initializer_list<std::vector<Field>> groups) {
  std::vector<Field> out;
  for (const auto& g : groups) append(out, g);
  return out;
}

}  // namespace

void Grammar::events() {
  Shape& named_days = make(Form::object, "named days", "Days by name with a time of day, on the timer's calendar.");
  named_days.fields = {
      {"at", text_, "For example 08:00, mon-fri 08:00, working day 08:00, 15th 09:00, 1st working day 08:00, 31 december 23:00.", true}};
  Shape& timer = make(Form::object, "a timer", "Exactly one of after, at, every.");
  timer.fields = {{"after", duration_, "How long after the event begins to wait."},
                  {"at", expression_, "FEEL date and time."},
                  {"every", either("a duration", {duration_, &named_days}), "A cycle: n periods after the start, or named days."},
                  {"times", expression_, "How many cycles; without it for ever."},
                  {"missed", words("what becomes of missed cycles", {"one", "all", "skip"}),
                   "Cycles that passed while the engine was down: fire once (default), each, or none."},
                  {"calendar", text_, "Id of the calendar for bd and bh."}};
  Shape& compensation = make(Form::object, "a compensation", "What is undone, and whether the event waits for that.");
  compensation.fields = {{"activity", path_, "The activity to undo; without it everything of this scope."},
                         {"waitForCompletion", boolean_, "Whether the event waits until all is undone; default true."}};
  const Shape* flag_or_id = either("true, an id, or a compensation", {&make(Form::scalar, "true or an id", ""), &compensation});
  Shape& event = make(Form::object, "an event definition", "");
  event.fields = {{"message", id_, "Id of the message."},
                  {"timer", &timer, "When: {after: DURATION}, {at: FEEL date and time} or {every: DURATION, times: n, missed: one|all|skip}."},
                  {"signal", id_, "Id of the signal."},
                  {"error", id_, "Id of the BPMN error; `any` catches all."},
                  {"escalation", id_, "Id of the escalation; `any` catches all."},
                  {"condition", expression_, "FEEL over the data; happens when it becomes true."},
                  {"link", id_, "Name that joins a throwing and a catching link event."},
                  {"compensate", flag_or_id, "true: undo everything of this scope; or the id of the activity to undo."},
                  {"terminate", boolean_, "true: ends the whole scope at once."},
                  {"cancel", boolean_, "true: cancels the transaction."}};
  event_ = &event;
}

std::vector<Field> Grammar::definitions(std::initializer_list<std::string_view> wanted) const {
  std::vector<Field> out;
  for (const std::string_view key : wanted)
    for (const Field& f : event_->fields)
      if (f.key == key) out.push_back(f);
  return out;
}

Grammar::NodeFields Grammar::node_fields() {
  const Shape* several = list_of(event_, "a list of event definitions");
  NodeFields f;
  f.multiple = {"multiple", several, "Any of these events."};
  f.all_of = {"parallelMultiple", several, "All of these events."};
  f.interrupting = {"interrupting", boolean_, "Whether it cancels what it interrupts; default true."};
  f.next = {"next", next_, "An id, or a list of ids and {if: FEEL, to: id} with at most one {else: id}."};
  f.in = {"in", mapping_, "Name -> FEEL: what goes in; of a sub-process: its own data."};
  f.out = {"out", mapping_, "Data name -> FEEL: what comes out."};
  return f;
}

void Grammar::boundary(const NodeFields& f) {
  Shape& event = make(Form::object, "a boundary event", "");
  event.fields = joined(
      {definitions({"message", "timer", "signal", "error", "escalation", "condition", "cancel"}),
       {f.multiple, f.all_of, f.interrupting, {"name", label_, "What people call it."}, {"documentation", label_, "Free text."}, f.next, f.out}});
  boundary_ = map_of(&event, "a map of boundary events", "^", Form::id);
}

std::vector<Field> Grammar::activity(const NodeFields& f) {
  Shape& thrown = make(Form::object, "a thrown event", "");
  thrown.fields = joined(
      {{{"if", expression_, "FEEL: with `behavior: complex`, when it is thrown."}}, definitions({"message", "signal", "error", "escalation"})});
  Shape& many = make(Form::object, "a multi-instance loop", "");
  many.fields = {
      {"collection", expression_, "FEEL list: one instance for each item."},
      {"cardinality", expression_, "FEEL number of instances, instead of a collection."},
      {"element", name_, "Name of the item in expressions."},
      {"sequential", boolean_, "One after the other; default false: at the same time."},
      {"completionCondition", expression_, "FEEL: ends the loop when true after an instance."},
      {"output", expression_, "FEEL per instance."},
      {"outputCollection", name_, "Data name of the list of outputs."},
      {"behavior", words("when an event is thrown", {"none", "one", "all", "complex"}),
       "When an instance completes: throw each time, the first time, never (default), or by conditions."},
      {"throw", list_of(&thrown, "a list of thrown events"), "What is thrown: [{signal: id}], for complex [{if: FEEL, signal: id}, ...]."}};
  Shape& loop = make(Form::object, "a loop", "");
  loop.fields = {{"while", expression_, "FEEL: repeats while true."},
                 {"testBefore", boolean_, "Test before the first time; default false."},
                 {"max", expression_, "At most so many times."}};
  return {f.next,
          f.in,
          f.out,
          {"boundary", boundary_, "Boundary events by id."},
          {"multiInstance", &many, "Once for each item."},
          {"loop", &loop, "Again while a condition holds."},
          {"data", data_, "Data of its own, for each time: seen inside it, gone when it ends."},
          {"compensation", id_, "The activity that undoes this one."},
          {"startQuantity", whole("a number of tokens", 1, 1000), "How many tokens begin it; default 1."},
          {"completionQuantity", whole("a number of tokens", 1, 1000), "How many tokens leave it on each flow; default 1."}};
}

void Grammar::nodes() {
  Shape& node = make(Form::variants, "a node", "A node of the process; its type says which further keys it has.");
  node.fields = {{"type", any_, "BPMN's name of the type.", true},
                 {"name", label_, "What people call it."},
                 {"documentation", label_, "Free text."},
                 {"lane", id_, "Who does it: id of a lane."}};
  nodes_ = map_of(&node, "a map of nodes", "/", Form::id);
  const NodeFields f = node_fields();
  boundary(f);
  const std::vector<Field> common = activity(f);
  event_nodes(node, f);
  task_nodes(node, common);
  gateway_nodes(node, f);
  container_nodes(node, common);
}

void Grammar::event_nodes(Shape& node, const NodeFields& f) {
  const auto add = [&](std::string_view word, std::string_view doc, const std::vector<Field>& events, const std::vector<Field>& more) {
    node.variants.push_back({word, doc, joined({events, more})});
  };
  add("startEvent", "Where the process begins.", definitions({"message", "timer", "signal", "condition", "error", "escalation", "compensate"}),
      {f.multiple, f.all_of, f.interrupting, f.next, f.out});
  add("endEvent", "Where it ends.", definitions({"message", "signal", "error", "escalation", "compensate", "terminate", "cancel"}),
      {f.multiple, f.in});
  add("intermediateCatchEvent", "Waits for an event.", definitions({"message", "timer", "signal", "condition", "link"}),
      {f.multiple, f.all_of, f.next, f.out});
  add("intermediateThrowEvent", "Throws an event.", definitions({"message", "signal", "escalation", "link", "compensate"}),
      {f.multiple, f.next, f.in});
}

void Grammar::task_nodes(Shape& node, const std::vector<Field>& common) {
  const auto add = [&](std::string_view word, std::string_view doc, const std::vector<Field>& own) {
    node.variants.push_back({word, doc, joined({common, own})});
  };
  const std::vector<Field> job{{"job", text_, "Topic of the work; default: the node's id."},
                               {"retries", whole("a number of retries", 0, 1000), "How often to try again; default 3."},
                               {"backoff", duration_, "Wait before a retry; default 1 min."},
                               {"timeout", duration_, "Lease of a worker; default 5 min."},
                               {"priority", expression_, "A number or FEEL: workers get higher ones first."}};
  Shape& field = make(Form::object, "a field", "Data that the person fills in, and what is asked of it.");
  field.fields = {
      {"field", name_, "Name of the data.", true},
      {"required", expression_, "true, or FEEL: whether it must be given."},
      {"name", label_, "What people call it here; default: the name of the data."},
      {"hint", label_, "Help for who fills it in."},
      {"choices", either("a list, or FEEL that yields one", {list_of(any_, "a list of values"), expression_}), "The values to choose from."},
      {"min", expression_, "FEEL: least value, or least length."},
      {"max", expression_, "FEEL: greatest value, or greatest length."}};
  add("userTask", "Work of a person.",
      {{"groups", texts_, "Who may do it; default: those of the lane."},
       {"assignee", expression_, "FEEL: the person."},
       {"organisation", expression_, "FEEL: the unit of the company to which the work is offered; default: as its lane says, else that of the case."},
       {"form", list_of(either("a data name or a field", {name_, &field}), "a list of data names and fields"), "The data that the person fills in."},
       {"due", duration_, "When it should be done."},
       {"priority", expression_, "A number or FEEL."}});
  Shape& use = make(Form::object, "a use of a register", "What the engine does with a row of a register.");
  use.fields = {{"read", id_, "Register that is read."},
                {"write", id_, "Register that is written; a row that is not there is made."},
                {"key", expression_, "FEEL that yields the key of the row: a text.", true},
                {"set", mapping_, "With `write`: field -> FEEL."},
                {"add", mapping_, "With `write`: counter -> FEEL, how much is added."}};
  add("serviceTask", "Work of a program; or, with `register`, of the engine itself.",
      joined({job, {{"register", &use, "Instead of a job: reads or writes a row of a register."}}}));
  add("sendTask", "Sends a message.", joined({job, {{"message", id_, "Message that the engine sends; without it a worker does."}}}));
  add("receiveTask", "Waits for a message.", {{"message", id_, "Id of the message.", true}, {"instantiate", boolean_, "Begins a new case."}});
  add("scriptTask", "Sets data.", {{"set", mapping_, "Data name -> FEEL, in file order.", true}});
  add("businessRuleTask", "Evaluates a decision table.", {{"decision", id_, "Id of the decision table.", true}});
  for (Field& f : node.variants.back().fields)
    if (f.key == "out")
      f = {"out", either("a data name, or a map of data names to FEEL", {name_, mapping_}), "A data name, or data name -> FEEL over `result`."};
  add("manualTask", "Recorded, passes through.", {});
  add("task", "Recorded, passes through.", {});
}

void Grammar::gateway_nodes(Shape& node, const NodeFields& f) {
  const auto add = [&](std::string_view word, std::string_view doc, const std::vector<Field>& own) {
    node.variants.push_back({word, doc, joined({{f.next}, own})});
  };
  add("exclusiveGateway", "Takes the first flow whose condition is true.", {});
  add("inclusiveGateway", "Takes every flow whose condition is true.", {});
  add("parallelGateway", "Takes all flows, joins all flows.", {});
  add("eventBasedGateway", "Takes the flow whose event comes first.",
      {{"instantiate", boolean_, "Begins a new case."},
       {"parallel", boolean_, "With `instantiate`: the first event begins the case, which then waits for all the others; default false."}});
  add("complexGateway", "Goes off when `activate` is true, and once more when no token is to come any more.",
      {{"activate", expression_, "FEEL over data and `activationCount`: on how many incoming flows a token waits.", true}});
}

void Grammar::container_nodes(Shape& node, const std::vector<Field>& common) {
  const Field inside{"nodes", nodes_, "The nodes inside, by id.", true};
  const Field its_data{"data", data_, "Data of its own: seen inside it, gone when it ends."};  // of those that are no activity
  const auto add = [&](std::string_view word, std::string_view doc, const std::vector<Field>& own) {
    node.variants.push_back({word, doc, joined({common, own})});
  };
  add("subProcess", "A process within the process.", {inside});
  add("transaction", "A sub-process that can be cancelled and compensated as a whole.", {inside});
  add("adHocSubProcess", "A sub-process whose activities need no order.",
      {inside,
       {"completionCondition", expression_, "FEEL, asked when one of its activities completes: true ends it."},
       {"sequential", boolean_, "Its activities begin one after the other, in the order of the file; default false: all at once."},
       {"cancelRemaining", boolean_, "Whether the end terminates what still runs in it; default true."}});
  node.variants.push_back({"eventSubProcess", "Begins when its start event happens.", {its_data, inside}});
  add("callActivity", "Calls another process.",
      {{"process", id_, "Id of the process."},
       {"processBy", expression_, "FEEL that yields the id of the process, instead of `process`."},
       {"version", text_, "latest (default), same, or a tag."}});
}

}  // namespace switchboard::notation
