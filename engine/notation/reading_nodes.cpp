// Nodes, flows and event definitions.
#include "notation/grammar.hpp"
#include "notation/reading.hpp"
#include "notation/shape.hpp"

namespace switchboard::notation {

namespace {

using model::EventKind;
using model::NodeType;

std::string list_of_words(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) out += (out.empty() ? "`" : ", `") + w + "`";
  return out;
}

EventKind kind_of_key(std::string_view key) {
  for (int k = static_cast<int>(EventKind::message); k <= static_cast<int>(EventKind::cancel); ++k)
    if (model::to_string(static_cast<EventKind>(k)) == key) return static_cast<EventKind>(k);
  return EventKind::none;
}

model::TimerDefinition timer_of(const yaml::Node& node, const std::string& element, Findings& findings) {
  using Kind = model::TimerDefinition::Kind;
  model::TimerDefinition timer;
  std::vector<std::string> found;
  for (const std::string_view key : {"after", "at", "every"})
    if (node.find(key) != nullptr) found.emplace_back(key);
  if (found.size() != 1) {
    const std::string what = found.empty() ? "none" : list_of_words(found);
    findings.error("SB0114", node.at, element, "a timer has exactly one of `after`, `at`, `every`; found " + what, "for example {after: 45 min}");
  }
  if (value_at(node, "at") != nullptr) timer.kind = Kind::at;
  if (value_at(node, "every") != nullptr) timer.kind = Kind::every;
  if (timer.kind != Kind::every)
    for (const std::string_view key : {"times", "missed"})
      if (const yaml::Entry* e = node.find(key))
        findings.error("SB0112", e->at, element, "`" + std::string(key) + "` belongs to a timer with `every`", "delete it, or write `every`");
  const yaml::Node* length = value_at(node, timer.kind == Kind::every ? "every" : "after");
  if (timer.kind == Kind::every && length->is(yaml::Kind::map))
    timer.named_days = expression_of(value_at(*length, "at"));
  else
    timer.duration = expression_of(length);
  timer.instant = expression_of(value_at(node, "at"));
  timer.times = expression_of(value_at(node, "times"));
  const std::string missed = text_of(value_at(node, "missed"));
  timer.missed = missed == "all" ? model::MissedCycles::all : missed == "skip" ? model::MissedCycles::skip : model::MissedCycles::one;
  timer.calendar = ref_of(value_at(node, "calendar"));
  return timer;
}

model::EventDefinition event_of(const yaml::Entry& entry, const std::string& element, Findings& findings) {
  model::EventDefinition out;
  out.kind = kind_of_key(entry.key);
  out.at = entry.at;
  const yaml::Node& value = entry.value;
  switch (out.kind) {
    case EventKind::timer:
      if (value.is(yaml::Kind::map)) out.timer = timer_of(value, element, findings);
      break;
    case EventKind::condition: out.condition = expression_of(&value); break;
    case EventKind::compensate:
      if (value.is(yaml::Kind::map)) {
        const yaml::Node* wait = value_at(value, "waitForCompletion");
        out.name = ref_of(value_at(value, "activity"));
        out.wait = wait == nullptr || !wait->is(yaml::Kind::boolean) || wait->boolean;
        break;
      }
      if (value.is(yaml::Kind::string)) out.name = ref_of(&value);
      if (!value.is(yaml::Kind::string) && !(value.is(yaml::Kind::boolean) && value.boolean))
        findings.error("SB0109", value.at, element, "expected true or the id of an activity", "write `compensate: true`");
      break;
    case EventKind::terminate:
    case EventKind::cancel:
      if (value.is(yaml::Kind::boolean) && !value.boolean)
        findings.error("SB0109", value.at, element, "expected true", "write `" + entry.key + ": true`, or delete the key");
      break;
    case EventKind::none:
    case EventKind::message:
    case EventKind::signal:
    case EventKind::error:
    case EventKind::escalation:
    case EventKind::link: out.name = ref_of(&value);
  }
  return out;
}

std::vector<model::Flow> flows_of(const yaml::Node* node, const std::string& element, Findings& findings) {
  std::vector<model::Flow> out;
  if (node == nullptr) return out;
  if (node->is(yaml::Kind::string)) out.push_back({ref_of(node), {}, false, {}});
  for (const yaml::Node& item : node->items) {
    if (item.is(yaml::Kind::string)) out.push_back({ref_of(&item), {}, false, {}});
    if (!item.is(yaml::Kind::map)) continue;
    const yaml::Node* to = value_at(item, "to");
    const yaml::Node* otherwise = value_at(item, "else");
    if (to != nullptr && otherwise != nullptr) findings.error("SB0114", item.at, element, "a flow has either `to` or `else`", "write two flows");
    if (to == nullptr && otherwise == nullptr)
      findings.error("SB0108", item.at, element, "a flow needs `to`", "write {if: FEEL, to: id}, {to: id} or {else: id}");
    if (otherwise != nullptr && to == nullptr && value_at(item, "if") != nullptr)
      findings.error("SB0114", item.at, element, "the `else` flow has no condition", "write {if: FEEL, to: id} or {else: id}");
    model::Flow flow;
    flow.to = ref_of(to != nullptr ? to : otherwise);
    flow.is_default = to == nullptr && otherwise != nullptr;
    if (!flow.is_default) flow.condition = expression_of(value_at(item, "if"));
    flow.name = label_of(value_at(item, "name"));
    out.push_back(std::move(flow));
  }
  return out;
}

/// `throw` and `behavior` of a multi-instance activity: BPMN's four ways (2.0.2, table 10.30).
void read_thrown(const yaml::Node& many, model::LoopDefinition& out, const std::string& element, Findings& findings) {
  using Behavior = model::LoopDefinition::Behavior;
  const yaml::Node* behavior = value_at(many, "behavior");
  const std::string word = text_of(behavior);
  for (const Behavior b : {Behavior::none_event, Behavior::one_event, Behavior::complex})
    if (word == model::to_string(b)) out.behavior = b;
  const yaml::Node* thrown = value_at(many, "throw");
  if (thrown != nullptr)
    for (const yaml::Node& item : thrown->items) {
      if (!item.is(yaml::Kind::map)) continue;
      const auto events = events_of(item, element, findings);
      if (events.size() != 1)
        findings.error("SB0114", item.at, element, "one event in each entry of `throw`", "for example {signal: one-is-done}");
      else
        out.events.push_back({expression_of(value_at(item, "if")), events.front()});
      if (const yaml::Entry* condition = item.find("if"); condition != nullptr && out.behavior != Behavior::complex)
        findings.error("SB0112", condition->at, element, "`if` belongs to `behavior: complex`", "delete it, or write `behavior: complex`");
    }
  if (out.behavior == Behavior::all_events) {
    if (thrown != nullptr)
      findings.error("SB0112", thrown->at, element, "nothing is thrown with `behavior: all`", "write `behavior: none`, `one` or `complex`");
    return;
  }
  const bool fits = thrown != nullptr && (out.behavior == Behavior::complex ? !thrown->items.empty() : thrown->items.size() == 1);
  if (!fits)
    findings.error(
        "SB0108", behavior->at, element, "`behavior: " + word + "` needs " + (word == "complex" ? "events" : "one event") + " in `throw`",
        word == "complex" ? "for example `throw: [{if: loopCounter = 3, signal: enough}]`" : "for example `throw: [{signal: one-is-done}]`");
}

void read_loop(const yaml::Node& node, model::Node& out, const std::string& element, Findings& findings) {
  using Kind = model::LoopDefinition::Kind;
  const yaml::Node* many = value_at(node, "multiInstance");
  const yaml::Node* loop = value_at(node, "loop");
  if (many != nullptr && loop != nullptr)
    findings.error("SB0114", many->at, element, "an activity has either `multiInstance` or `loop`", "keep one, or put one into a sub-process");
  if (many != nullptr && many->is(yaml::Kind::map)) {
    out.loop.kind = flag_of(value_at(*many, "sequential"), false) ? Kind::sequential : Kind::parallel;
    out.loop.at = many->at;
    out.loop.collection = expression_of(value_at(*many, "collection"));
    out.loop.cardinality = expression_of(value_at(*many, "cardinality"));
    out.loop.element = text_of(value_at(*many, "element"));
    out.loop.condition = expression_of(value_at(*many, "completionCondition"));
    out.loop.output = expression_of(value_at(*many, "output"));
    out.loop.output_collection = ref_of(value_at(*many, "outputCollection"));
    if (out.loop.collection.empty() == out.loop.cardinality.empty())
      findings.error("SB0114", many->at, element, "a multi-instance loop has exactly one of `collection` and `cardinality`",
                     "write {collection: FEEL list, element: name} or {cardinality: FEEL number}");
    if (out.loop.output.empty() != out.loop.output_collection.empty())
      findings.error("SB0114", many->at, element, "`output` and `outputCollection` need each other", "write both, or none");
    if (out.loop.collection.empty() && !out.loop.element.empty())
      findings.error("SB0112", many->find("element")->at, element, "`element` names an item of a `collection`",
                     "delete it; `loopCounter` counts the instances");
    read_thrown(*many, out.loop, element, findings);
  } else if (loop != nullptr && loop->is(yaml::Kind::map)) {
    out.loop.kind = Kind::standard;
    out.loop.at = loop->at;
    out.loop.condition = expression_of(value_at(*loop, "while"));
    out.loop.test_before = flag_of(value_at(*loop, "testBefore"), false);
    out.loop.maximum = expression_of(value_at(*loop, "max"));
    if (out.loop.condition.empty() && out.loop.maximum.empty())
      findings.error("SB0108", loop->at, element, "a loop needs `while` or `max`", "write {while: FEEL} or {max: 3}");
  }
}

std::int64_t whole_of(const yaml::Node* node, std::int64_t otherwise) {
  return node != nullptr && node->is(yaml::Kind::number) ? node->number.to_int64().value_or(otherwise) : otherwise;
}

model::FormField field_of(const yaml::Node& node) {
  model::FormField f;
  if (!node.is(yaml::Kind::map)) return {ref_of(&node).name, ref_of(&node).at};
  const model::Ref name = ref_of(value_at(node, "field"));
  f.name = name.name;
  f.at = name.at;
  const yaml::Node* required = value_at(node, "required");
  if (required != nullptr && required->is(yaml::Kind::boolean))
    f.required = required->boolean;
  else
    f.required_if = expression_of(required);
  f.label = label_of(value_at(node, "name"));
  f.hint = label_of(value_at(node, "hint"));
  if (const yaml::Node* choices = value_at(node, "choices"); choices != nullptr && choices->is(yaml::Kind::list))
    for (const yaml::Node& one : choices->items) f.choices.push_back(natural_value(one));
  else
    f.choices_from = expression_of(choices);
  if (f.choices.empty() && f.choices_from.empty() && value_at(node, "choices") != nullptr)
    f.choices_from = {"[]", value_at(node, "choices")->at};  // said to be nothing, which is not the same as being free
  f.min = expression_of(value_at(node, "min"));
  f.max = expression_of(value_at(node, "max"));
  return f;
}

std::vector<model::FormField> form_of(const yaml::Node* node) {
  std::vector<model::FormField> out;
  if (node == nullptr) return out;
  for (const yaml::Node& item : node->items)
    if (model::FormField f = field_of(item); !f.name.empty()) out.push_back(std::move(f));
  return out;
}

void read_task_keys(const yaml::Node& node, model::Node& out) {
  out.groups = texts_of(value_at(node, "groups"));
  out.assignee = expression_of(value_at(node, "assignee"));
  out.organisation = expression_of(value_at(node, "organisation"));
  out.form = form_of(value_at(node, "form"));
  out.due = expression_of(value_at(node, "due"));
  out.priority = expression_of(value_at(node, "priority"));
  out.job = text_of(value_at(node, "job"));
  if (const yaml::Node* retries = value_at(node, "retries"); retries != nullptr && retries->is(yaml::Kind::number))
    out.retries = retries->number.to_int64();
  out.backoff = expression_of(value_at(node, "backoff"));
  out.timeout = expression_of(value_at(node, "timeout"));
  out.set = mappings_of(value_at(node, "set"));
  out.decision = ref_of(value_at(node, "decision"));
  out.process = ref_of(value_at(node, "process"));
  out.process_by = expression_of(value_at(node, "processBy"));
  if (const yaml::Node* version = value_at(node, "version")) out.version = text_of(version);
  out.activate = expression_of(value_at(node, "activate"));
  out.completion_condition = expression_of(value_at(node, "completionCondition"));
  out.instantiate = flag_of(value_at(node, "instantiate"), false);
  out.parallel = flag_of(value_at(node, "parallel"), false);
  out.sequential = flag_of(value_at(node, "sequential"), false);
  out.cancel_remaining = flag_of(value_at(node, "cancelRemaining"), true);
  out.compensation = ref_of(value_at(node, "compensation"));
  out.start_quantity = whole_of(value_at(node, "startQuantity"), 1);
  out.completion_quantity = whole_of(value_at(node, "completionQuantity"), 1);
}

void read_out(const yaml::Node& node, model::Node& out) {
  const yaml::Node* written = value_at(node, "out");
  if (written == nullptr) return;
  out.has_out = true;
  if (written->is(yaml::Kind::string))
    out.out.push_back({written->text, written->content_at, {"result", written->content_at}});
  else
    out.out = mappings_of(written);
}

model::RegisterUse register_use_of(const yaml::Node& node, const std::string& element, Findings& findings) {
  using Kind = model::RegisterUse::Kind;
  model::RegisterUse use;
  const yaml::Node* clause = value_at(node, "register");
  if (clause == nullptr || !clause->is(yaml::Kind::map)) return use;
  use.at = clause->at;
  const yaml::Node* read = value_at(*clause, "read");
  const yaml::Node* write = value_at(*clause, "write");
  if ((read == nullptr) == (write == nullptr))
    findings.error(read == nullptr ? "SB0108" : "SB0114", use.at, element, "a use of a register has exactly one of `read` and `write`",
                   "for example {read: customer, key: customer_no}");
  use.kind = read != nullptr ? Kind::read : Kind::write;
  use.name = ref_of(read != nullptr ? read : write);
  use.key = expression_of(value_at(*clause, "key"));
  use.set = mappings_of(value_at(*clause, "set"));
  use.add = mappings_of(value_at(*clause, "add"));
  if (read != nullptr && write == nullptr)
    for (const std::string_view key : {"set", "add"})
      if (const yaml::Entry* e = clause->find(key))
        findings.error("SB0112", e->at, element, "`" + std::string(key) + "` belongs to `write`", "delete it, or write the row");
  if (write != nullptr && read == nullptr && use.set.empty() && use.add.empty())
    findings.error("SB0108", use.at, element, "a row is written and nothing in it is set", "say with `set` or `add` what changes");
  for (const std::string_view key : {"job", "retries", "backoff", "timeout", "priority"})
    if (const yaml::Entry* e = node.find(key))
      findings.error("SB0112", e->at, element, "`" + std::string(key) + "` belongs to a job: the engine itself uses the register", "delete it");
  return use;
}

model::Node node_of(const yaml::Entry& entry, std::optional<NodeType> fixed, const std::string& element, Findings& findings) {
  model::Node out;
  const yaml::Node& node = entry.value;
  out.id = entry.key;
  out.at = entry.at;
  const yaml::Node* type = value_at(node, "type");
  out.type = fixed ? *fixed : model::node_type(text_of(type)).value_or(NodeType::task);
  out.type_at = type != nullptr ? type->at : entry.at;
  out.name = label_of(value_at(node, "name"));
  out.documentation = label_of(value_at(node, "documentation"));
  out.lane = ref_of(value_at(node, "lane"));
  const yaml::Entry* next = node.find("next");
  out.next_at = next != nullptr ? next->value.at : entry.at;
  out.next = flows_of(next == nullptr ? nullptr : &next->value, element, findings);
  out.in = mappings_of(value_at(node, "in"));
  read_out(node, out);
  const bool task_message = out.type == NodeType::send_task || out.type == NodeType::receive_task;
  if (task_message)
    out.message = ref_of(value_at(node, "message"));
  else if (model::is_event(out.type))
    out.events = events_of(node, element, findings);
  out.parallel_multiple = value_at(node, "parallelMultiple") != nullptr;
  out.interrupting = flag_of(value_at(node, "interrupting"), true);
  read_loop(node, out, element, findings);
  read_task_keys(node, out);
  if (out.type == NodeType::service_task) out.register_use = register_use_of(node, element, findings);
  if (out.type == NodeType::call_activity && out.process.empty() == out.process_by.empty())
    findings.error(out.process.empty() ? "SB0108" : "SB0114", out.type_at, element, "a call activity has exactly one of `process` and `processBy`",
                   "write `process: id`, or `processBy: FEEL` that yields one");
  if (const yaml::Node* boundary = value_at(node, "boundary"))
    for (const yaml::Entry& e : boundary->entries) out.boundary.push_back(node_of(e, NodeType::boundary_event, sister(element, e.key), findings));
  out.data = data_of(value_at(node, "data"), element, findings);
  if (!model::is_container(out.type)) {
    if (const yaml::Entry* data = node.find("data"); data != nullptr && out.loop.kind == model::LoopDefinition::Kind::none)
      findings.error("SB0112", data->at, element, "`data` of a task belongs to one that is repeated",
                     "declare it in the process, or add `multiInstance` or `loop`");
    return out;
  }
  out.nodes = nodes_of(value_at(node, "nodes"), element, findings);
  return out;
}

}  // namespace

std::vector<model::EventDefinition> events_of(const yaml::Node& node, const std::string& element, Findings& findings) {
  std::vector<model::EventDefinition> out;
  std::vector<std::string> found;
  model::Position second;
  for (const yaml::Entry& e : node.entries) {
    const bool several = e.key == "multiple" || e.key == "parallelMultiple";
    if (!several && kind_of_key(e.key) == EventKind::none) continue;
    found.push_back(e.key);
    if (found.size() == 2) second = e.at;
    if (!several) {
      out.push_back(event_of(e, element, findings));
      continue;
    }
    if (e.value.is(yaml::Kind::list) && e.value.items.size() < 2)
      findings.error("SB0114", e.value.at, element, "`" + e.key + "` lists at least two event definitions",
                     "write a single definition as a key of the node");
    for (const yaml::Node& item : e.value.items) {
      if (item.entries.size() != 1) findings.error("SB0114", item.at, element, "one event definition in each entry", "for example {message: paid}");
      for (const yaml::Entry& inner : item.entries)
        if (kind_of_key(inner.key) != EventKind::none) out.push_back(event_of(inner, element, findings));
    }
  }
  if (found.size() > 1)
    findings.error("SB0114", second, element, "an event has at most one definition; found " + list_of_words(found),
                   "for several events write `multiple: [{message: a}, {signal: b}]`");
  return out;
}

std::vector<model::Node> nodes_of(const yaml::Node* node, const std::string& element, Findings& findings) {
  std::vector<model::Node> out;
  if (node == nullptr) return out;
  for (const yaml::Entry& e : node->entries)
    if (e.value.is(yaml::Kind::map)) out.push_back(node_of(e, std::nullopt, element.empty() ? e.key : element + "/" + e.key, findings));
  return out;
}

}  // namespace switchboard::notation
