// Event definitions and loops.
#include <fmt/format.h>

#include <algorithm>

#include "exchange/reading.hpp"
#include "exchange/timer.hpp"

namespace switchboard::exchange {

using model::EventKind;

void ProcessReader::events(const Item& item, model::Node& node) {
  node.parallel_multiple = item.flag("parallelMultiple", false);
  node.interrupting = item.is("boundaryEvent") ? item.flag("cancelActivity", true) : item.flag("isInterrupting", true);
  for (const Item* d : f_.definitions(item))
    if (std::optional<model::EventDefinition> e = event(item, *d); e) node.events.push_back(std::move(*e));
  inputs(item, node);
  outputs(item, node);
}

std::optional<model::EventDefinition> ProcessReader::event(const Item& owner, const Item& d) {
  model::EventDefinition out;
  out.at = d.at();
  if (d.is("messageEventDefinition")) {
    out.kind = EventKind::message;
    out.name = reference(d, "messageRef");
  } else if (d.is("signalEventDefinition")) {
    out.kind = EventKind::signal;
    out.name = reference(d, "signalRef");
  } else if (d.is("errorEventDefinition")) {
    out.kind = EventKind::error;
    out.name = reference(d, "errorRef");
  } else if (d.is("escalationEventDefinition")) {
    out.kind = EventKind::escalation;
    out.name = reference(d, "escalationRef");
  } else if (d.is("conditionalEventDefinition")) {
    out.kind = EventKind::condition;
    out.condition = expression(owner, d.part("condition"));
  } else if (d.is("linkEventDefinition")) {
    out.kind = EventKind::link;
    out.name = {link_name(owner, d), d.at()};
  } else if (d.is("compensateEventDefinition")) {
    out.kind = EventKind::compensate;
    if (const Item* activity = f_.document.find(d, "activityRef"); activity != nullptr) out.name = {id_of(*activity), d.place("activityRef")};
    out.wait = d.flag("waitForCompletion", true);
  } else if (d.is("terminateEventDefinition")) {
    out.kind = EventKind::terminate;
  } else if (d.is("cancelEventDefinition")) {
    out.kind = EventKind::cancel;
  } else if (d.is("timerEventDefinition")) {
    out.kind = EventKind::timer;
    timer(owner, d, out);
  } else {
    return std::nullopt;
  }
  if ((out.kind == EventKind::error || out.kind == EventKind::escalation) && out.name.empty() && owner.is("catchEvent")) out.name = {"any", d.at()};
  return out;
}

void ProcessReader::timer(const Item& owner, const Item& d, model::EventDefinition& out) {
  for (const std::string_view element : {"timeDate", "timeDuration", "timeCycle"}) {
    const Item* e = d.part(element);
    if (e == nullptr || e->text().empty()) continue;
    std::string problem;
    out.timer = timer_of(element, e->text(), e->get("language"), e->xml->text_at, problem);
    if (problem.empty()) return;
    if (executable_)
      f_.said.error("SB0175", e->xml->text_at, owner.called(), problem, "write ISO 8601 (PT10S, R3/PT1H, 2026-03-02T09:00:00Z), or FEEL");
    else
      f_.said.warning("SB0175", e->xml->text_at, owner.called(), problem, "write ISO 8601 (PT10S, R3/PT1H, 2026-03-02T09:00:00Z), or FEEL");
    return;
  }
}

/// Links are found by name in the model, by reference or name in BPMN: both ends get the name of the catching one.
std::string ProcessReader::link_name(const Item& owner, const Item& d) const {
  if (!owner.is("throwEvent")) return std::string(d.get("name"));
  if (const Item* p = d.part("target"); p != nullptr)
    if (const Item* target = f_.document.find(p->text()); target != nullptr) return std::string(target->get("name"));
  if (const Items& all = f_.catches_of(d); !all.empty()) return std::string(all.front()->get("name"));
  return std::string(d.get("name"));
}

void ProcessReader::loop(const Item& item, model::Node& node) {
  const Items all = item.heirs("loopCharacteristics");
  if (all.empty()) return;
  const Item& l = *all.front();
  node.loop.at = l.at();
  if (l.is("multiInstanceLoopCharacteristics")) return multi_instance(item, l, node);
  node.loop.kind = model::LoopDefinition::Kind::standard;
  node.loop.test_before = l.flag("testBefore", false);
  node.loop.condition = expression(item, l.part("loopCondition"));
  if (l.has("loopMaximum")) node.loop.maximum = {std::string(l.get("loopMaximum")), l.place("loopMaximum")};
}

/// What is thrown when an instance has completed.
void ProcessReader::behavior(const Item& item, const Item& l, model::LoopDefinition& out) {
  using Behavior = model::LoopDefinition::Behavior;
  const std::string_view word = l.get("behavior");
  out.behavior = word == "None"      ? Behavior::none_event
                 : word == "One"     ? Behavior::one_event
                 : word == "Complex" ? Behavior::complex
                                     : Behavior::all_events;
  const std::string_view reference = out.behavior == Behavior::none_event ? "noneBehaviorEventRef" : "oneBehaviorEventRef";
  if (out.behavior == Behavior::none_event || out.behavior == Behavior::one_event) {
    if (const Item* d = f_.document.find(l, reference); d != nullptr)
      if (std::optional<model::EventDefinition> e = event(item, *d); e) out.events.push_back({{}, std::move(*e)});
    return;
  }
  if (out.behavior != Behavior::complex) return;
  for (const Item* c : l.all("complexBehaviorDefinition")) {
    const Item* thrown = c->part("event");
    const model::Expr condition = expression(item, c->part("condition"));
    if (thrown == nullptr) continue;
    for (const Item* d : f_.definitions(*thrown))
      if (std::optional<model::EventDefinition> e = event(*thrown, *d); e) out.events.push_back({condition, std::move(*e)});
  }
}

void ProcessReader::multi_instance(const Item& item, const Item& l, model::Node& node) {
  node.loop.kind = l.flag("isSequential", false) ? model::LoopDefinition::Kind::sequential : model::LoopDefinition::Kind::parallel;
  node.loop.cardinality = expression(item, l.part("loopCardinality"));
  node.loop.condition = expression(item, l.part("completionCondition"));
  behavior(item, l, node.loop);
  /// The data behind an input or output of the activity, through its association; that thing itself when it is data.
  const auto data_behind = [&](std::string_view element, std::string_view kind, std::string_view side) -> std::string {
    const Item* p = l.part(element);
    const Item* thing = p == nullptr ? nullptr : f_.document.find(p->text());
    if (thing == nullptr) return {};
    if (const Item* a = association_of(item, kind, *thing); a != nullptr && a->part(side) != nullptr)
      if (const Item* other = f_.document.find(a->part(side)->text()); other != nullptr) thing = other;
    return data_name(*thing);
  };
  if (std::string from = data_behind("loopDataInputRef", "dataInputAssociation", "sourceRef"); !from.empty())
    node.loop.collection = {std::move(from), l.at()};
  if (std::string to = data_behind("loopDataOutputRef", "dataOutputAssociation", "targetRef"); !to.empty())
    node.loop.output_collection = {std::move(to), l.at()};
  const auto name_of = [](const Item* thing) {
    return thing == nullptr ? std::string() : std::string(thing->get("name").empty() ? thing->id() : thing->get("name"));
  };
  node.loop.element = name_of(l.part("inputDataItem"));
  if (std::string item_name = name_of(l.part("outputDataItem")); !item_name.empty() && !node.loop.output_collection.empty())
    node.loop.output = {std::move(item_name), l.at()};
}

}  // namespace switchboard::exchange
