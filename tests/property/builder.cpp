#include "property/builder.hpp"

namespace switchboard::testing {

std::string Ground::add(Body& body, Node n) {
  std::string id = n.id;
  g_.paths.push_back(body.path + id);
  body.nodes.push_back(std::move(n));
  return id;
}

void Ground::declare(std::vector<model::DataItem>& scope, const std::string& data, feel::Type::Kind kind, Value initial) {
  model::DataItem d;
  d.name = data;
  d.type = kind;
  d.type_text = kind == feel::Type::Kind::boolean ? "boolean" : "number";
  d.default_value = std::move(initial);
  scope.push_back(std::move(d));
}

void Ground::set_event(Node& n, const std::string& path, Trigger trigger, int number, int fires) {
  if (trigger == Trigger::any_of || trigger == Trigger::all_of) {
    n.events.push_back(definition_of(n, path, Trigger::message, number));
    n.events.push_back(definition_of(n, path, Trigger::signal, number));
    if (number % 3 == 0) n.events.push_back(definition_of(n, path, Trigger::timer, number));
    n.parallel_multiple = trigger == Trigger::all_of;
  } else {
    n.events.push_back(definition_of(n, path, trigger, number));
  }
  // Where all have to happen, the driver makes each of them happen.
  if (!is_thrown(trigger)) g_.fires[path] = n.parallel_multiple ? fires * static_cast<int>(n.events.size()) : fires;
}

model::EventDefinition Ground::definition_of(const Node& n, const std::string& path, Trigger trigger, int number) {
  model::EventDefinition e;
  switch (trigger) {
    case Trigger::message:
      e.kind = EventKind::message;
      e.name = {name("m", number), {}};
      break;
    case Trigger::signal:
      e.kind = EventKind::signal;
      e.name = {name("s", number), {}};
      break;
    case Trigger::error:
      e.kind = EventKind::error;
      e.name = {number % 2 == 0 ? "any" : "broken", {}};
      break;
    case Trigger::escalation:
      e.kind = EventKind::escalation;
      e.name = {!n.interrupting ? "noted" : number % 2 == 0 ? "any" : "raised", {}};
      break;
    case Trigger::any_of:
    case Trigger::all_of: break;
    case Trigger::compensate: e.kind = EventKind::compensate; break;
    case Trigger::cancel: e.kind = EventKind::cancel; break;
    case Trigger::timer:
      e.kind = EventKind::timer;
      e.timer.duration = {"1 h", {}};
      break;
    case Trigger::cycle:
      e.kind = EventKind::timer;
      e.timer.kind = model::TimerDefinition::Kind::every;
      e.timer.duration = {"1 h", {}};
      e.timer.times = {"5", {}};
      e.timer.missed = model::MissedCycles::all;
      break;
    case Trigger::condition: {
      e.kind = EventKind::condition;
      const std::string data = name("b", number);
      declare(g_.process.data, data, feel::Type::Kind::boolean, false);
      e.condition = {data, {}};
      g_.switches[path] = data;
      break;
    }
  }
  return e;
}

std::string Ground::emit_compensate(Body& body, const Block& b, const std::string& next) {
  Node n = node(name("undo", b.number), next.starts_with("end") && b.waits ? NodeType::end_event : NodeType::intermediate_throw_event);
  model::EventDefinition e;
  e.kind = EventKind::compensate;
  e.name = {b.target, {}};
  e.wait = b.waits;
  n.events.push_back(std::move(e));
  if (n.type != NodeType::end_event) go(n, next);
  return add(body, std::move(n));
}

/// Each activity is followed by a script, which counts it or says that enough is done, or by a task that does nothing.
std::string Ground::emit_ad_hoc(Body& body, const Block& b, const std::string& next) {
  Node n = node(name("sub", b.number), NodeType::ad_hoc_sub_process);
  n.sequential = b.sequential;
  n.cancel_remaining = b.cancels;
  Body inner{n.nodes, body.path + n.id + "/", n.data, true};
  const std::string done = name("n", b.number);
  declare(n.data, done, feel::Type::Kind::number, 0);
  const auto last = b.parts.size() - 1;
  if (b.once_more >= 0) n.completion_condition = {fmt::format("{} >= {}", done, static_cast<int>(b.parts.size()) + b.once_more), {}};
  if (!b.taken.empty()) n.completion_condition = {fmt::format("{} >= 1", done), {}};
  for (std::size_t i = 0; i < b.parts.size(); ++i) {
    const bool counts = b.once_more >= 0 || b.taken.contains(static_cast<int>(i));
    Node after = node(name("fin", b.number * 100 + static_cast<int>(i)), counts ? NodeType::script_task : NodeType::manual_task);
    if (counts) after.set.push_back({done, {}, {done + " + 1", {}}});
    const std::string begin = emit(inner, b.parts[i], add(inner, std::move(after)));
    if (i == last && b.once_more > 0) g_.fires[inner.path + begin] = b.once_more;
    if (!b.taken.empty() && !b.taken.contains(static_cast<int>(i)) && !b.sequential && b.cancels) g_.blocked.insert(inner.path + begin);
  }
  return emit_activity(body, b, std::move(n), next);
}

}  // namespace switchboard::testing
