// Shapes of calendars (docs/calendars.md), decision tables, overlays and process tests (docs/language.md).
#include "notation/grammar.hpp"

namespace switchboard::notation {

void Grammar::calendar() {
  const Shape* hours = either("opening hours", {text_, texts_});
  const Shape* texts = either("a text or a list of texts", {text_, texts_});
  const Shape* days = either("days", {text_, texts_});
  Shape& week = make(Form::map, "a map of weekdays to hours", "mon-fri: 08:30-17:30, sat-sun: closed.");
  week.key_form = Form::text;
  week.element = hours;
  Shape& working = make(Form::object, "a working day with hours of its own", "");
  working.fields = {{"on", days, "The days.", true}, {"hours", hours, "Their opening hours.", true}};
  Shape& year = make(Form::object, "a year", "");
  year.fields = {{"source", texts, "Where the list of this year was published.", true},
                 {"off", map_of(days, "a map of holidays to days", "", Form::text), "The days off."},
                 {"working", map_of(either("days, or {on, hours}", {text_, texts_, &working}), "a map of holidays to days", "", Form::text),
                  "The days that work."}};
  Shape& years = make(Form::map, "a map of years", "");
  years.key_form = Form::text;
  years.element = &year;
  years.element_prefix = "years.";
  Shape& s = make(Form::object, "a calendar", "Switchboard calendar, language version 1 (docs/calendars.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"calendar", id_, "Id of the calendar.", true},
              {"name", label_, "What people see.", true},
              {"documentation", label_, "Free text."},
              {"extends", text_, "Id of another calendar, or 24x7@ZONE: what it says holds where this one says nothing."},
              {"zone", text_, "IANA name of the zone; needed unless it extends another."},
              {"week", &week, "Opening hours of every weekday; of some when it extends another, else needed."},
              {"working-day-hours", hours, "Hours of a make-up working day without hours of its own."},
              {"first-year", whole("a year", 1, 9999), "First year whose list is known."},
              {"published-through", whole("a year", 1, 9999), "Last year whose list is published."},
              {"years", &years, "Days off and make-up days by year."},
              {"note", texts, "Facts that are not verified."}};
  calendar_ = &s;
}

void Grammar::decision() {
  const Shape* cell = &make(Form::expression, "a cell", "FEEL; a number, a boolean or null stand for themselves.");
  Shape& input = make(Form::object, "an input", "");
  input.fields = {{"label", text_, "What the column is called; `when` uses it."},
                  {"expression", expression_, "FEEL over the parameters.", true},
                  {"type", text_, "Its type."},
                  {"allowed", expression_, "Unary tests that every value passes."}};
  Shape& output = make(Form::object, "an output", "");
  output.fields = {{"name", name_, "Name of the field of the result."},
                   {"type", text_, "Its type."},
                   {"allowed", expression_, "Values in order of priority."},
                   {"default", expression_, "FEEL: the value when no rule fits."}};
  Shape& rule = make(Form::object, "a rule", "");
  rule.fields = {
      {"when", either("cells by label, or a list of cells", {list_of(cell, "a list of cells"), map_of(cell, "a map of cells", "", Form::text)}),
       "One unary test for each input; `-` or nothing for any.", true},
      {"then", either("a cell, a list or a map of cells", {cell, list_of(cell, "a list of cells"), map_of(cell, "a map of cells", "", Form::text)}),
       "One FEEL expression for each output.", true},
      {"source", text_, "Where it comes from."},
      {"edition", text_, "The edition or version of that."},
      {"note", text_, "Free text."},
      {"unverified", unverified_, "true or a text: the number is not verified."}};
  Shape& rules = make(Form::list, "a list of rules", "");
  rules.element = &rule;
  rules.least_items = 1;
  Shape& inputs = make(Form::list, "a list of inputs", "");
  inputs.element = &input;
  Shape& outputs = make(Form::list, "a list of outputs", "");
  outputs.element = &output;
  outputs.least_items = 1;
  Shape& s = make(Form::object, "a decision table", "Switchboard decision table, language version 1 (docs/language.md).");
  s.fields = {
      {"switchboard", one_, "Version of the language.", true},
      {"decision", id_, "Id of the table.", true},
      {"name", label_, "What people call it."},
      {"documentation", label_, "Free text."},
      {"source", text_, "Where it comes from."},
      {"parameters", map_of(text_, "a map of parameters to types", "parameters.", Form::name), "Name -> type; a trailing ? makes it optional.", true},
      {"hit",
       words("a hit policy", {"unique", "first", "any", "priority", "rule order", "output order", "collect", "collect sum", "collect min",
                              "collect max", "collect count"}),
       "Which rules count when several fit; default unique."},
      {"inputs", &inputs, "Default: one for each parameter."},
      {"outputs", &outputs, "What comes out.", true},
      {"rules", &rules, "The rows.", true}};
  decision_ = &s;
}

void Grammar::contract() {
  Shape& message = make(Form::object, "a message of a contract", "");
  message.fields = {{"direction", words("in or out", {"in", "out"}), "in: the other system sends it to us; out: we send it.", true},
                    {"name", label_, "What people call it."},
                    {"documentation", label_, "Free text."},
                    {"sender", text_, "Who or what sends it, and when."},
                    {"key", text_, "What its key is: the number of the order, the customer number, ..."},
                    {"payload", payload_, "Field -> type."},
                    {"required", list_of(name_, "a list of names"), "Fields that are always there."},
                    {"example", map_of(any_, "a map of fields to values", "", Form::name), "One payload."}};
  Shape& s = make(Form::object, "a contract", "Switchboard contract with another system, language version 1 (docs/language.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"contract", id_, "Id of the contract.", true},
              {"name", label_, "What people call the other system."},
              {"documentation", label_, "Free text."},
              {"source", text_, "Where it is agreed."},
              {"messages", map_of(&message, "a map of messages", "messages.", Form::id), "What is sent, by the id of the message.", true}};
  contract_ = &s;
}

void Grammar::overlay() {
  Shape& mean = make(Form::object, "a mean", "");
  mean.fields = {{"mean", duration_, "An average over all cases.", true}};
  Shape& clock = make(Form::object, "a change of a clock", "");
  clock.fields = {{"within", either("a duration", {duration_, &mean}), "The new limit."},
                  {"marks", marks_, "Replace the marks."},
                  {"calendar", text_, "Id of the calendar."},
                  {"loosen", boolean_, "The limit is longer on purpose."},
                  {"reason", text_, "Why it is longer."},
                  {"source", text_, "Where the number comes from."},
                  {"unverified", unverified_, "true or a text: the number is not verified."}};
  Shape& item = make(Form::object, "a new default", "");
  item.fields = {{"default", any_, "A literal of the type.", true}};
  Shape& s = make(Form::object, "an overlay", "Switchboard overlay, language version 1 (docs/language.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"overlay", id_, "Id of the process that comes out.", true},
              {"of", id_, "Id of the process that is changed.", true},
              {"name", label_, "What people call it."},
              {"documentation", label_, "Free text."},
              {"source", text_, "Where the differences come from."},
              {"sla", map_of(&clock, "a map of clocks", "sla.", Form::id), "Changed clocks."},
              {"feedback", feedback_, "Changed or new feedback."},
              {"data", map_of(&item, "a map of data", "data.", Form::name), "Changed defaults."}};
  overlay_ = &s;
}

const Shape* Grammar::expectation(const Shape* values, const Shape* paths) {
  const Shape* ids = list_of(id_, "a list of ids");
  Shape& clock = make(Form::object, "the state of a clock", "");
  clock.fields = {{"state", words("a state of a clock", {"running", "paused", "met", "cancelled", "none"}), "none: never started."},
                  {"breached", boolean_, "Whether it was late."},
                  {"due", text_, "Local date and time."},
                  {"original-due", text_, "Local date and time."},
                  {"elapsed", text_, "Duration."},
                  {"left", text_, "Duration."},
                  {"percent", &make(Form::scalar, "a number", ""), "Consumed share of the limit."}};
  Shape& expect = make(Form::object, "an expectation", "Only what is given is compared.");
  expect.fields = {{"at", paths, "Exactly the nodes with open work, waiting events or called cases."},
                   {"not-at", paths, "Nodes that have none."},
                   {"data", values, "Case data."},
                   {"clocks", map_of(&clock, "a map of clocks", "", Form::id), "Clocks by id."},
                   {"feedback", ids, "All feedback so far, in order."},
                   {"escalations", ids, "All escalations so far, in order."},
                   {"kept", ids, "The messages that are kept now, in the order in which they came."},
                   {"incidents", whole("a number", 0, 1'000'000), "Open incidents."},
                   {"ended", paths, "End events reached."},
                   {"organisation", id_, "Unit of the company that the case belongs to."},
                   {"offered-to", map_of(id_, "a map of nodes to units", "", Form::path), "Units that the open work of these nodes is offered to."},
                   {"registers", rows_, "Rows of registers: register, key, field, value; `found: false` for a row that is not there."}};
  return &expect;
}

const Shape* Grammar::step(const Shape* values, const Shape* expect) {
  Shape& to = make(Form::object, "a goal of time", "");
  to.fields = {{"to", text_, "Local date and time.", true}};
  Shape& refused = make(Form::object, "a step that must be refused", "");
  refused.fields = {{"complete", text_, "The open work of this node."},
                    {"fail", text_, "The service task of this node fails."},
                    {"message", text_, "A message arrives; beside `fail` what the worker says."},
                    {"signal", id_, "A signal is thrown."},
                    {"with", values, "Result or payload."},
                    {"clock", id_, "An operator changes this clock of the case."},
                    {"begin", text_, "Somebody begins this activity of an open ad-hoc sub-process once more."},
                    {"change", words("a change of a clock", {"extend", "void", "pause", "resume"}), "What he does to it."},
                    {"amount", text_, "By how much it is extended."},
                    {"operator", words("what an operator does", {"suspend", "resume", "cancel"}), "What an operator does to the case."},
                    {"reason", text_, "Why the operator does it."},
                    {"by", text_, "Who does it."},
                    {"move", id_, "Somebody brings the case, or one work of it, to this unit of the company."},
                    {"work", text_, "With `move`: the node of the work; default: the case."},
                    {"organisation", id_, "Unit of the company that who does it acts for."},
                    {"case", text_, "Case number of another case."},
                    {"error", id_, "BPMN error that the worker reports, beside `fail`."},
                    {"after", text_, "Virtual time that passes before."}};
  Shape& made =
      make(Form::object, "a step", "Exactly one of complete, fail, message, signal, clock, begin, operator, move, advance, expect, refused.");
  made.fields = refused.fields;
  refused.fields.push_back({"id", text_, "Rule id of the refusal."});
  made.fields.push_back({"advance", either("a duration or {to: date and time}", {text_, &to}), "Virtual time passes."});
  made.fields.push_back({"expect", expect, "What must hold now."});
  made.fields.push_back({"refused", &refused, "A command that must be refused."});
  return &made;
}

void Grammar::test() {
  const Shape* values = map_of(any_, "a map of data to values", "", Form::name);
  const Shape* row = map_of(any_, "a map of fields to values", "", Form::name);
  rows_ = map_of(map_of(row, "a map of keys to rows", "", Form::text), "a map of registers to rows", "", Form::id);
  const Shape* expect = expectation(values, list_of(text_, "a list of node ids"));
  Shape& test_case = make(Form::object, "a case", "");
  test_case.fields = {{"name", text_, "What it shows.", true},
                      {"now", text_, "Local date and time at which it starts."},
                      {"case", text_, "Case number; default T-<n>."},
                      {"data", values, "Data at the start."},
                      {"registers", rows_, "Rows of registers: over those of the suite."},
                      {"start", id_, "Start message, when there are several start events."},
                      {"steps", list_of(step(values, expect), "a list of steps"), "What happens."},
                      {"expect", expect, "What must hold at the end."}};
  Shape& cases = make(Form::list, "a list of cases", "");
  cases.element = &test_case;
  cases.least_items = 1;
  Shape& s = make(Form::object, "a process test", "Switchboard process test, language version 1 (docs/language.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"test", id_, "Id of the suite.", true},
              {"process", id_, "Id of the process under test.", true},
              {"name", label_, "What people call it."},
              {"documentation", label_, "Free text."},
              {"registers", rows_, "Rows of registers that there are when a case begins: register, key, field, value."},
              {"cases", &cases, "The cases.", true},
              {"uncovered", texts_, "from->to: flows that no test needs to take."}};
  test_ = &s;
}

void Grammar::organisations() {
  Shape& unit = make(Form::object, "a unit", "");
  unit.fields = {{"parent", id_, "Id of the unit above it; the root alone has none."},
                 {"name", label_, "What people call it."},
                 {"level", text_, "What such a unit is: province, prefecture, county, crew, ..."},
                 {"calendar", text_, "Id of the calendar that it works by."}};
  Shape& s = make(Form::object, "a tree of organisations", "Switchboard organisations, language version 1 (docs/language.md).");
  s.fields = {{"switchboard", one_, "Version of the language.", true},
              {"organisations", id_, "Id of the tree.", true},
              {"name", label_, "What people call it."},
              {"documentation", label_, "Free text."},
              {"units", map_of(&unit, "a map of units", "", Form::id), "The units by id.", true}};
  organisations_ = &s;
}

}  // namespace switchboard::notation
