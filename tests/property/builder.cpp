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
  n.events.push_back(std::move(e));
  if (!is_thrown(trigger)) g_.fires[path] = fires;
}

}  // namespace switchboard::testing
