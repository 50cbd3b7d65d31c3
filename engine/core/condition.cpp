// Conditional events (BPMN 2.0.2, 13.5.1): looked at when they begin to wait and after data they use has changed; an edge from not true to true
// triggers.
#include <algorithm>

#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;
using model::NodeType;

const model::EventSpec* conditional(const Execution& x, ElementIndex event) { return event_spec(x.process.at(event), EventKind::condition); }

/// Every conditional event that waits now, in the order of activations.
Few<Waiting, 4> waiting_conditions(const Execution& x) {
  Few<Waiting, 4> all;
  if (!x.process.has_conditional_events) return all;
  const auto add = [&](ElementKey owner, ElementIndex event) {
    if (conditional(x, event) != nullptr) all.push_back({owner, event});
  };
  for (const ElementInstance& e : x.instance.elements) {
    const model::Element& element = x.process.at(e.element);
    if (element.type == NodeType::intermediate_catch_event) add(e.key, e.element);
    if (element.type == NodeType::event_based_gateway)
      for (const FlowIndex f : element.outgoing) add(e.key, x.process.at(f).to);
    if (e.number == 0)
      for (const ElementIndex b : element.boundary) add(e.key, b);
    if (element.repetition && e.number == 0) continue;  // its event sub-processes are those of its instances
    for (const ElementIndex s : element.event_sub_processes)
      if (const auto& starts = x.process.at(s).start_events; !starts.empty()) add(e.key, starts.front());
  }
  return all;
}

bool still_waits(const Execution& x, const Waiting& w) {
  if (!x.alive(w.owner)) return false;
  return x.process.at(w.event).type != NodeType::start_event || !is_taken_over(x, w.owner);
}

/// Whether one of the values that the condition looks at, from where it waits, was replaced.
bool touches(const Execution& x, const Waiting& w, const model::EventSpec& spec, const Few<Replaced, 4>& replaced) {
  const ElementKey place = seen_from(x, w);
  return std::any_of(spec.condition_slots.begin(), spec.condition_slots.end(), [&](std::uint32_t slot) {
    const ElementKey owner = owner_of(x.process, x.instance, place, feel::level_of_slot(slot));
    const SlotIndex index{feel::index_of_slot(slot)};
    return std::any_of(replaced.begin(), replaced.end(), [&](const Replaced& r) { return r.slot == index && r.owner == owner; });
  });
}

bool was_true(const Execution& x, const Waiting& w, const model::EventSpec& spec, const Few<Replaced, 4>& replaced) {
  LentData before(x.instance);
  for (const Replaced& r : replaced)
    if (!r.owner || x.instance.find_scope(r.owner) != nullptr) before.set(r.owner, r.slot, r.old);
  return spec.condition.is_true(x.seen_from(seen_from(x, w)).frame());
}

void trigger_condition(Execution& x, const Waiting& w) { trigger(x, w, map_result(x, {w.event, seen_from(x, w)}, {}, Names::none_taken)); }

/// Whether the event ends its wait when it is triggered.
bool waits_once(const Execution& x, const Waiting& w) {
  const model::Element& event = x.process.at(w.event);
  return event.interrupting || (event.type != NodeType::boundary_event && event.type != NodeType::start_event);
}

}  // namespace

bool waits_for_condition(const Execution& x) {
  const auto all = waiting_conditions(x);
  return std::any_of(all.begin(), all.end(), [&](const Waiting& w) { return still_waits(x, w); });
}

bool is_conditional_now(const Execution& x, const Waiting& w) {
  const model::EventSpec* spec = conditional(x, w.event);
  return spec != nullptr && spec->condition.is_true(x.seen_from(seen_from(x, w)).frame());
}

void look_at_conditions(Execution& x) {
  if (x.replaced.empty()) return;
  if (!x.process.has_conditional_events) return x.replaced.clear();
  const auto replaced = std::move(x.replaced);
  x.replaced.clear();
  for (const Waiting& w : waiting_conditions(x)) {
    if (!still_waits(x, w)) continue;
    const model::EventSpec& spec = *conditional(x, w.event);
    if (touches(x, w, spec, replaced) && is_conditional_now(x, w) && !was_true(x, w, spec, replaced)) trigger_condition(x, w);
  }
}

/// Data may have changed while the case was suspended. What waits once and holds now became true meanwhile; what repeats has missed its edge.
void look_at_conditions_after_resume(Execution& x) {
  for (const Waiting& w : waiting_conditions(x))
    if (still_waits(x, w) && waits_once(x, w) && is_conditional_now(x, w)) trigger_condition(x, w);
}

}  // namespace switchboard::core
