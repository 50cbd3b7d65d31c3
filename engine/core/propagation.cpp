// Errors and escalations travel from the inside out (BPMN 2.0.2, 13.5.3 and 13.5.4): the boundary of the activity, the event sub-processes of the
// scope it stands in, the boundary of that scope, and so on; through a call activity to the caller.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;
using model::NodeType;

/// Exact names win over `any`; among equals the first in the file.
struct Match {
  ElementIndex event;
  bool exact = false;
  void offer(ElementIndex candidate, const model::EventSpec* spec, std::string_view code) {
    if (spec == nullptr || exact) return;
    if (spec->name == code) {
      event = candidate;
      exact = true;
    } else if (spec->name.empty() && !event) {
      event = candidate;
    }
  }
};

ElementIndex on_boundary(const Execution& x, const model::Element& host, EventKind kind, std::string_view code) {
  Match match;
  for (const ElementIndex b : host.boundary) match.offer(b, event_spec(x.process.at(b), kind), code);
  return match.event;
}

/// `except`: the event sub-process that it comes from does not catch what it throws itself.
ElementIndex in_scope(const Execution& x, ElementKey scope, ElementIndex except, EventKind kind, std::string_view code) {
  Match match;
  if (is_taken_over(x, scope)) return {};
  for (const ElementIndex e : x.element_of(scope).event_sub_processes) {
    const auto& starts = x.process.at(e).start_events;
    if (e != except && !starts.empty()) match.offer(starts.front(), event_spec(x.process.at(starts.front()), kind), code);
  }
  return match.event;
}

std::optional<Waiting> find_catch(const Execution& x, ElementKey from, EventKind kind, std::string_view code) {
  for (const ElementInstance* e = x.instance.find(from); e != nullptr; e = x.instance.find(e->scope)) {
    if (e->number != 0) continue;  // an instance stands in the body of its activity, which has the boundary
    if (const ElementIndex b = on_boundary(x, x.process.at(e->element), kind, code)) return Waiting{e->key, b};
    if (e->key == root_key) return std::nullopt;
    if (const ElementIndex start = in_scope(x, e->scope, e->element, kind, code)) return Waiting{e->scope, start};
  }
  return std::nullopt;
}

/// A mark of a clock is raised in the scope of the case itself.
std::optional<Waiting> find_catch_in_case(const Execution& x, std::string_view code) {
  if (!x.alive(root_key) || x.instance.state != InstanceState::active) return std::nullopt;
  const ElementIndex start = in_scope(x, root_key, {}, EventKind::escalation, code);
  return start ? std::optional(Waiting{root_key, start}) : std::nullopt;
}

}  // namespace

bool is_taken_over(const Execution& x, ElementKey scope) {
  return std::any_of(x.instance.elements.begin(), x.instance.elements.end(), [&](const ElementInstance& e) {
    return e.scope == scope && x.process.at(e.element).type == NodeType::event_sub_process && x.process.at(e.element).interrupting;
  });
}

void raise_error(Execution& x, ElementKey origin, const std::string& code, const std::string& message, const Value& payload, WorkKey work) {
  const ElementIndex element = x.instance.find(origin)->element;
  const auto catcher = find_catch(x, origin, EventKind::error, code);
  x.emit(ErrorRaised{element, code, message, catcher ? catcher->event : ElementIndex{}});
  if (catcher) {
    trigger(x, *catcher, map_or_keep(x, {catcher->event, seen_from(x, *catcher)}, payload, Names::declared_taken));
    x.unfit = {};
    return;
  }
  if (x.instance.parent) {
    x.error = code;
    return terminate_root(x);
  }
  const std::string text =
      message.empty() ? fmt::format("nobody catches the error '{}'", code) : fmt::format("nobody catches the error '{}': {}", code, message);
  if (work)
    raise_work_incident(x, work, rules::uncaught_error, text);
  else
    raise_incident(x, origin, element, rules::uncaught_error, text);
}

void raise_escalation(Execution& x, ElementKey origin, ElementIndex element, ClockIndex clock, const std::string& code, const Value& payload) {
  const auto catcher = origin ? find_catch(x, origin, EventKind::escalation, code) : find_catch_in_case(x, code);
  x.emit(EscalationRaised{element, code, catcher ? catcher->event : ElementIndex{}, clock, payload, x.instance.next_key});
  if (catcher) trigger(x, *catcher, map_or_keep(x, {catcher->event, seen_from(x, *catcher)}, payload, Names::declared_taken));
  x.unfit = {};
}

}  // namespace switchboard::core
