// Shapes of process files, nodes apart.
#include "notation/grammar.hpp"

namespace switchboard::notation {

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
  mark.fields = {
      {"at", text_, "80%, `1 bd left` or breach.", true},
      {"escalate", id_, "Escalation to throw."},
      {"feedback", id_, "Feedback to send."},
      {"late", words("fire or skip", {"fire", "skip"}), "What becomes of a mark already past when the clock starts: fire (default) or skip."}};
  marks_ = list_of(&mark, "a list of marks");
  Shape& clock = make(Form::object, "a clock", "A promise with its start, stop, pauses and marks.");
  clock.fields = {
      {"name", label_, "What people call it."},
      {"start", trigger_, "What starts it: {completed: id}, {entered: id}, {message: id}, {condition: FEEL} or {process: started}.", true},
      {"stop", trigger_, "What stops it; without it the end of the case."},
      {"cancel", trigger_, "What cancels it."},
      {"reset", trigger_, "What closes it and opens a fresh one."},
      {"pause", &pause, "When it does not run."},
      {"resume", trigger_, "What ends a pause that a trigger began."},
      {"within", either("a duration", {duration_, &mean}), "The promise; null means no promise."},
      {"by", expression_, "Instead of `within`: FEEL date and time at which the promise falls due; null means no promise."},
      {"before", duration_, "With `by`: so long before it, counted back on the calendar."},
      {"rebudget", boolean_, "true: `within` is asked again when its data change; what is consumed stays consumed."},
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
  item.fields = {{"type", text_, "string number boolean date time date-time duration months-duration list list<T> context document photograph any"},
                 {"required", boolean_, "Must be given at the start."},
                 {"default", any_, "A literal of the type; or `=FEEL`, computed when the case begins."},
                 {"set-by", words("process", {"process"}), "process: set only where the process says so, never by whoever hands something in."},
                 {"search", boolean_, "true: cases are found by it (`list --where`, `list --find`); of texts and lists of texts."},
                 {"enum", list_of(any_, "a list of values"), "The values allowed; alone it implies the type string."},
                 {"min", &make(Form::scalar, "a bound", ""), "Least number, date or duration, or least length."},
                 {"max", &make(Form::scalar, "a bound", ""), "Greatest number, date or duration, or greatest length."},
                 {"name", label_, "What people call it."},
                 {"documentation", label_, "Free text."}};
  data_ = map_of(either("a type or a data item", {text_, &item}), "a map of data", "data.", Form::name);
}

void Grammar::process() {
  Shape& lane = make(Form::object, "a lane", "");
  lane.fields = {{"name", label_, "What people call it."},
                 {"groups", texts_, "The groups that do its work."},
                 {"organisation", expression_, "FEEL: the unit of the company to which its work is offered; default: that of the case."}};
  Shape& feedback = make(Form::object, "a feedback", "");
  feedback.fields = {{"name", label_, "What people call it."},
                     {"on", trigger_, "When it is sent; marks of clocks may send it too."},
                     {"if", expression_, "FEEL: it is sent only when this is true."},
                     {"channels", either("a list of texts, or FEEL", {texts_, expression_}), "sms, app, phone, ...; FEEL: what the customer wishes."},
                     {"text", label_, "The text by language, with {{FEEL}}; an overlay may leave it as it is."},
                     {"to", expression_, "FEEL: who gets it, a text, a record or a list of these; default: the customer."},
                     {"receipt", id_, "Id of the message that tells the case what became of it: delivered, failed, read, signed."},
                     {"calendar", text_, "Id of the calendar in whose hours it may go out; default: at any time."},
                     {"source", text_, "Where the duty to tell comes from."}};
  feedback_ = map_of(&feedback, "a map of feedback", "feedback.", Form::id);
  Shape& keep = make(Form::object, "a time to keep", "");
  keep.fields = {{"for", duration_, "How long.", true},
                 {"then", words("incident or discard", {"incident", "discard"}), "What becomes of it then: incident (default) or discard."}};
  Shape& message = make(Form::object, "a message", "");
  message.fields = {{"name", label_, "What people call it."},
                    {"key", expression_, "FEEL: the key that finds the case; default: the case number."},
                    {"payload", payload_, "Field -> type."},
                    {"receivers", words("one or all", {"one", "all"}), "Who has it: the one who has waited longest (one, default), or all who wait."},
                    {"keep", either("a duration, or {for, then}", {duration_, &keep}),
                     "How long it is kept for one who does not wait yet; over that it becomes an incident, or what `then` says."}};
  Shape& other = make(Form::object, "a declaration", "");
  other.fields = {{"name", label_, "What people call it."}, {"code", text_, "Code for the outside."}, {"payload", payload_, "Field -> type."}};
  Shape& escalation = make(Form::object, "an escalation", "");
  escalation.fields = {{"name", label_, "What people call it."},
                       {"code", text_, "Code for the outside."},
                       {"payload", payload_, "Field -> type."},
                       {"groups", texts_, "Who is told of it."}};
  Shape& s = make(Form::object, "a process", "Switchboard process, language version 1 (docs/language.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"process", id_, "Id of the process.", true},
              {"name", label_, "What people call it."},
              {"documentation", label_, "Free text."},
              {"version", text_, "The designer's tag."},
              {"customer", expression_, "FEEL over the data: the customer number."},
              {"organisation", expression_, "FEEL over the data: the unit of the company to which a case belongs, asked when it begins."},
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
              {"escalations", map_of(&escalation, "a map of escalations", "escalations.", Form::id), "Escalations by id."},
              {"decisions", list_of(id_, "a list of ids"), "Decision tables used."}};
  process_ = &s;
}

/// A participant is a process without the head of a file, or a name alone.
void Grammar::collaboration() {
  Shape& participant = make(Form::object, "a participant", "A process as in a file of its own, or only a name and documentation.");
  for (Field f : process_->fields) {
    if (f.key == "switchboard") continue;
    f.required = false;
    participant.fields.push_back(f);
  }
  Shape& flow = make(Form::object, "a message flow", "");
  flow.fields = {{"name", label_, "What people call it."},
                 {"from", path_, "PARTICIPANT/NODE that sends; the participant alone when it is only a name.", true},
                 {"to", path_, "PARTICIPANT/NODE that waits; the participant alone when it is only a name.", true}};
  Shape& participants = make(Form::map, "a map of participants", "");
  participants.key_form = Form::id;
  participants.element = &participant;
  participants.element_prefix = "participants.";
  Shape& s = make(Form::object, "a collaboration", "Switchboard collaboration, language version 1 (docs/language.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"collaboration", id_, "Id of the collaboration.", true},
              {"name", label_, "What people call it."},
              {"documentation", label_, "Free text."},
              {"participants", &participants, "The pools by id.", true},
              {"messageFlows", list_of(&flow, "a list of message flows"), "What they send each other."}};
  collaboration_ = &s;
}

void Grammar::registers() {
  Shape& field = make(Form::object, "a field", "");
  field.fields = {{"type", text_, "As of data, or counter: it counts what is added in a month or year."},
                  {"per", words("month or year", {"month", "year"}), "Of a counter: what it counts in; default year."},
                  {"over", whole("a number of periods", 1, 60), "Of a counter: how many of them together, the present one the last; default 1."},
                  {"required", boolean_, "A row without it is refused."},
                  {"enum", list_of(any_, "a list of values"), "The values allowed; alone it implies the type string."},
                  {"min", &make(Form::scalar, "a bound", ""), "Least number, date or duration, or least length."},
                  {"max", &make(Form::scalar, "a bound", ""), "Greatest number, date or duration, or greatest length."},
                  {"name", label_, "What people call it."},
                  {"documentation", label_, "Free text."}};
  Shape& s = make(Form::object, "a register", "Switchboard register, language version 1 (docs/language.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"register", id_, "Id of the register.", true},
              {"name", label_, "What people call it."},
              {"documentation", label_, "Free text."},
              {"key", name_, "The field by which a row is found: a string.", true},
              {"fields", map_of(either("a type or a field", {text_, &field}), "a map of fields", "fields.", Form::name), "What a row holds.", true}};
  register_ = &s;
}

}  // namespace switchboard::notation
