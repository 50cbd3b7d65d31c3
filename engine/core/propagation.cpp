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
  Waiting found;
  bool exact = false;
  /// Those definitions of `event` that `owner` still waits for.
  void offer(const Execution& x, ElementKey owner, ElementIndex event, EventKind kind, std::string_view code) {
    const model::Element& e = x.process.at(event);
    for (std::uint32_t d = 0; d < e.definitions() && !exact; ++d) {
      const model::EventSpec& spec = e.definition(d);
      if (spec.kind != kind || has_occurred(x.instance, {owner, event, d})) continue;
      exact = spec.name == code;
      if (exact || (spec.name.empty() && !found.event)) found = {owner, event, d};
    }
  }
  [[nodiscard]] std::optional<Waiting> result() const { return found.event ? std::optional(found) : std::nullopt; }
};

std::optional<Waiting> on_boundary(const Execution& x, const ElementInstance& host, EventKind kind, std::string_view code) {
  Match match;
  for (const ElementIndex b : x.process.at(host.element).boundary) match.offer(x, host.key, b, kind, code);
  return match.result();
}

/// `except`: the event sub-process that it comes from does not catch what it throws itself.
std::optional<Waiting> in_scope(const Execution& x, ElementKey scope, ElementIndex except, EventKind kind, std::string_view code) {
  Match match;
  if (is_taken_over(x, scope) || x.instance.find(scope)->state == ActivityState::compensating) return std::nullopt;
  for (const ElementIndex e : x.element_of(scope).event_sub_processes) {
    const auto& starts = x.process.at(e).start_events;
    if (e != except && !starts.empty()) match.offer(x, scope, starts.front(), kind, code);
  }
  return match.result();
}

std::optional<Waiting> find_catch(const Execution& x, ElementKey from, EventKind kind, std::string_view code) {
  for (const ElementInstance* e = x.instance.find(from); e != nullptr; e = x.instance.find(e->scope)) {
    if (e->number != 0) continue;  // an instance stands in the body of its activity, which has the boundary
    const bool is_over = e->state == ActivityState::compensating && is_undone(x, e->key);
    if (const auto b = is_over ? std::nullopt : on_boundary(x, *e, kind, code)) return b;
    if (e->key == root_key) return std::nullopt;
    if (const auto start = in_scope(x, e->scope, e->element, kind, code)) return start;
  }
  return std::nullopt;
}

/// A mark of a clock is raised in the scope of the case itself.
std::optional<Waiting> find_catch_in_case(const Execution& x, std::string_view code) {
  if (!x.alive(root_key) || x.instance.state != InstanceState::active) return std::nullopt;
  return in_scope(x, root_key, {}, EventKind::escalation, code);
}

}  // namespace

bool is_taken_over(const Execution& x, ElementKey scope) {
  if (x.element_of(scope).event_sub_processes.empty()) return false;
  return any_activation_in(x.instance, scope, [&](const ElementInstance& e) {
    return x.process.at(e.element).type == NodeType::event_sub_process && x.process.at(e.element).interrupting;
  });
}

void raise_error(Execution& x, ElementKey origin, const std::string& code, const std::string& message, const Value& payload, WorkKey work) {
  const ElementIndex element = x.instance.find(origin)->element;
  const auto catcher = find_catch(x, origin, EventKind::error, code);
  x.emit(ErrorRaised{element, code, message, catcher ? catcher->event : ElementIndex{}});
  if (catcher) {
    happen(x, *catcher, news_or_keep(x, *catcher, payload, Names::declared_taken));
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
  const bool to_caller = !catcher && !clock && x.instance.parent;  // what a clock raises is for this company alone
  x.emit(EscalationRaised{element, code, catcher ? catcher->event : ElementIndex{}, clock, payload, x.instance.next_key, to_caller});
  if (catcher) happen(x, *catcher, news_or_keep(x, *catcher, payload, Names::declared_taken));
  x.unfit = {};
}

}  // namespace switchboard::core
