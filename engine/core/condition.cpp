// Conditional events (BPMN 2.0.2, 13.5.1): looked at when they begin to wait and after data they use has changed; an edge from not true to true
// triggers.
#include <algorithm>

#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;
using model::NodeType;

bool is_conditional(const model::Element& event, std::uint32_t definition) { return event.definition(definition).kind == EventKind::condition; }

/// Every condition that is waited for now, in the order of activations.
Few<Waiting, 4> waiting_conditions(const Execution& x) {
  Few<Waiting, 4> all;
  if (!x.process.has_conditional_events) return all;
  const auto add = [&](ElementKey owner, ElementIndex event) {
    const model::Element& e = x.process.at(event);
    for (std::uint32_t d = 0; d < e.definitions(); ++d)
      if (is_conditional(e, d)) all.push_back({owner, event, d});
  };
  for (const ElementInstance& e : x.instance.elements) {
    const model::Element& element = x.process.at(e.element);
    if (element.type == NodeType::intermediate_catch_event) add(e.key, e.element);
    if (element.type == NodeType::event_based_gateway)
      for (const FlowIndex f : element.outgoing) add(e.key, x.process.at(f).to);
    if (e.state == ActivityState::compensating) continue;  // nothing is attached to it any more
    if (e.number == 0)
      for (const ElementIndex b : element.boundary) add(e.key, b);
    if (is_body(element, e)) continue;  // its event sub-processes are those of its instances
    for (const ElementIndex s : element.event_sub_processes)
      if (const auto& starts = x.process.at(s).start_events; !starts.empty()) add(e.key, starts.front());
  }
  return all;
}

bool still_waits(const Execution& x, const Waiting& w) {
  if (!x.alive(w.owner) || has_occurred(x.instance, w)) return false;
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

bool holds(const Execution& x, const Waiting& w) {
  return x.process.at(w.event).definition(w.definition).condition.is_true(x.seen_from(seen_from(x, w)).frame());
}

/// True when the event has been triggered.
bool trigger_condition(Execution& x, const Waiting& w) {
  auto news = news_of(x, w, {}, Names::none_taken);
  const bool triggers = !news || news.value().last;
  happen(x, w, std::move(news));
  return triggers;
}

bool has_all_occurred(const Execution& x, const Waiting& w) {
  if (!x.alive(w.owner)) return false;
  for (std::uint32_t d = 0; d < x.process.at(w.event).definitions(); ++d)
    if (!has_occurred(x.instance, {w.owner, w.event, d})) return false;
  return true;
}

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

bool trigger_conditions_now(Execution& x, ElementKey owner, ElementIndex event) {
  const model::Element& e = x.process.at(event);
  bool triggered = false;
  for (std::uint32_t d = 0; d < e.definitions(); ++d) {
    const Waiting w{owner, event, d};
    if (!is_conditional(e, d) || !still_waits(x, w) || !holds(x, w)) continue;
    triggered = trigger_condition(x, w) || triggered;
    if (triggered && (waits_once(x, w) || e.parallel_multiple)) break;
  }
  return triggered;
}

void look_at_conditions(Execution& x) {
  if (x.replaced.empty()) return;
  if (!x.process.has_conditional_events) return x.replaced.clear();
  const auto replaced = std::move(x.replaced);
  x.replaced.clear();
  for (const Waiting& w : waiting_conditions(x)) {
    if (!still_waits(x, w)) continue;
    const model::EventSpec& spec = x.process.at(w.event).definition(w.definition);
    if (touches(x, w, spec, replaced) && holds(x, w) && !was_true(x, w, spec, replaced)) trigger_condition(x, w);
  }
}

/// What waits once needs no memory: it is looked at when the case is resumed.
void remember_conditions_while_suspended(Execution& x) {
  const auto replaced = std::move(x.replaced);
  x.replaced.clear();
  if (replaced.empty()) return;
  for (const Waiting& w : waiting_conditions(x)) {
    if (waits_once(x, w) || !still_waits(x, w)) continue;
    const model::EventSpec& spec = x.process.at(w.event).definition(w.definition);
    if (touches(x, w, spec, replaced) && holds(x, w) && !was_true(x, w, spec, replaced)) x.emit(EventOccurred{w.owner, w.event, w.definition, {}});
  }
}

/// Data may have changed while the case was suspended. What waits once and holds now became true meanwhile. What repeats was remembered when it
/// became true, and happens, once, if it holds still; one of several that all have to happen has happened then.
void look_at_conditions_after_resume(Execution& x) {
  const auto all = waiting_conditions(x);
  Few<Waiting, 4> remembered;
  for (const Waiting& w : all)
    if (!waits_once(x, w) && has_occurred(x.instance, w)) remembered.push_back(w);
  for (const Waiting& w : remembered)
    if (!x.process.at(w.event).parallel_multiple) forget_occurrences(x, w.owner, w.event);
  for (const Waiting& w : remembered) {
    const bool is_parallel = x.process.at(w.event).parallel_multiple;
    if (is_parallel ? has_all_occurred(x, w) : still_waits(x, w) && holds(x, w)) trigger_condition(x, w);
  }
  for (const Waiting& w : all)
    if (still_waits(x, w) && waits_once(x, w) && holds(x, w)) trigger_condition(x, w);
}

}  // namespace switchboard::core
