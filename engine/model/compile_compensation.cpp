// Compensation and transactions (BPMN 2.0.2, 10.7 and 10.3.5): what undoes what, what a throwing event may name, which transaction is cancelled.
#include <fmt/format.h>

#include <algorithm>

#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

ElementIndex element_at(std::size_t n) { return {static_cast<std::uint32_t>(n)}; }

bool has_event(const Element& e, EventKind kind) {
  return std::any_of(e.events.begin(), e.events.end(), [&](const EventSpec& s) { return s.kind == kind; });
}

void refuse(Compilation& c, Position at, const Element& e, std::string message, std::string hint) {
  report(c, "SB0191", at, e.path, std::move(message), std::move(hint));
}

/// The compensation activity of `self`: beside it, outside of all flows, and itself not to be undone.
void compile_handler(Compilation& c, ElementIndex self) {
  const Node& n = *c.nodes[self.value];
  if (n.compensation.empty()) return;
  Element& e = c.out.elements[self.value];
  const std::vector<ElementIndex>& siblings = c.out.at(e.scope).children;
  const auto found = std::find_if(siblings.begin(), siblings.end(), [&](ElementIndex i) { return c.out.at(i).id == n.compensation.name; });
  if (found == siblings.end()) {
    std::vector<std::string> known;
    for (const ElementIndex i : siblings)
      if (is_activity(c.out.at(i).type)) known.push_back(c.out.at(i).id);
    return report_unknown(c, "SB0185", n.compensation, e.path, SubjectKind::node, known, "activity in the same scope");
  }
  Element& handler = c.out.elements[found->value];
  const Position at = n.compensation.at;
  if (*found == self) return refuse(c, at, e, fmt::format("'{}' is to undo itself", e.id), "name another activity");
  if (!is_activity(handler.type) || handler.type == NodeType::event_sub_process)
    return refuse(c, at, e, fmt::format("'{}' is no activity that could undo another", handler.id), "name a task, a sub-process or a call activity");
  if (!handler.incoming.empty() || !handler.outgoing.empty())
    return refuse(c, at, e, fmt::format("'{}' undoes '{}', and a flow leads {} it", handler.id, e.id, handler.incoming.empty() ? "from" : "to"),
                  "only compensation begins it: take it out of the flows, and leave its `next` out");
  if (!handler.boundary.empty())
    return refuse(c, c.nodes[handler.boundary.front().value]->at, handler,
                  fmt::format("no flow leads away from '{}', which undoes '{}': it has no boundary events", handler.id, e.id),
                  "make it a sub-process, and handle inside what may go wrong");
  if (!c.nodes[found->value]->compensation.empty())
    return refuse(c, c.nodes[found->value]->compensation.at, handler,
                  fmt::format("'{}' undoes another activity and cannot be undone itself", handler.id), "remove its `compensation`");
  e.compensation = *found;
  handler.is_compensation = true;
}

/// An event sub-process that begins when its container is compensated.
void compile_undoing(Compilation& c, ElementIndex self) {
  const Element& e = c.out.at(self);
  if (e.type != NodeType::event_sub_process || e.start_events.empty()) return;
  const Element& start = c.out.at(e.start_events.front());
  if (!has_event(start, EventKind::compensate)) return;
  Element& container = c.out.elements[e.scope.value];
  const Position at = c.nodes[self.value]->at;
  if (e.scope.value == 0)
    return refuse(c, at, e, "the process itself is never compensated: this event sub-process could never begin",
                  "put it into the sub-process that it undoes, or undo a called case with `compensation` at the callActivity");
  if (container.undone_by)
    return refuse(c, at, e, fmt::format("'{}' undoes '{}' already", c.out.at(container.undone_by).id, container.path), "keep one of the two");
  container.undone_by = self;
}

/// A throwing event reaches what has completed in its own scope and, inside an event sub-process, in the scope that this handles.
bool reaches(const ExecutableProcess& p, ElementIndex scope, ElementIndex wanted) {
  for (; scope != wanted; scope = p.at(scope).scope)
    if (p.at(scope).type != NodeType::event_sub_process) return false;
  return true;
}

/// Of several with that id the one within reach is meant.
ElementIndex find_near(const ExecutableProcess& p, ElementIndex scope, std::string_view id) {
  for (;; scope = p.at(scope).scope) {
    for (const ElementIndex i : p.at(scope).children)
      if (p.at(i).id == id) return i;
    if (p.at(scope).type != NodeType::event_sub_process) return {};
  }
}

void compile_throw(Compilation& c, ElementIndex self, std::size_t which) {
  const EventDefinition& written = c.nodes[self.value]->events[which];
  if (written.name.empty()) return;
  const Element& e = c.out.at(self);
  ElementIndex target = find_near(c.out, e.scope, written.name.name);
  if (!target) target = resolve_element(c, written.name, e.path);
  if (!target) return;
  const Element& activity = c.out.at(target);
  if (!is_activity(activity.type) || activity.type == NodeType::event_sub_process)
    return refuse(c, written.name.at, e, fmt::format("'{}' is no activity that could be compensated", activity.path), "name an activity");
  if (reaches(c.out, e.scope, target))
    return refuse(c, written.name.at, e,
                  fmt::format("'{}' still runs when this is thrown inside it: only what has completed is compensated", activity.path),
                  "write `compensate: true`: it undoes what has completed in this scope");
  if (!reaches(c.out, e.scope, activity.scope))
    return refuse(c, written.name.at, e, fmt::format("'{}' does not stand in the scope of '{}'", activity.path, e.path),
                  "name an activity beside the event; a sub-process that has completed is compensated as a whole");
  c.out.elements[self.value].events[which].target = target;
}

void check_cancel(Compilation& c, ElementIndex self, Position at) {
  const Element& e = c.out.at(self);
  if (e.type != NodeType::end_event)
    return refuse(c, at, e, fmt::format("a {} cannot cancel a transaction", to_string(e.type)), "let an endEvent inside the transaction do it");
  ElementIndex scope = e.scope;
  while (scope.value != 0 && c.out.at(scope).type != NodeType::transaction) scope = c.out.at(scope).scope;
  if (scope.value == 0) return refuse(c, at, e, "there is no transaction around this endEvent to be cancelled", "make the sub-process a transaction");
  const std::vector<ElementIndex>& boundary = c.out.at(scope).boundary;
  if (std::none_of(boundary.begin(), boundary.end(), [&](ElementIndex b) { return has_event(c.out.at(b), EventKind::cancel); }))
    refuse(c, at, e, fmt::format("the transaction '{}' is cancelled here, and nothing says how the case goes on then", c.out.at(scope).path),
           "give it a boundary event with `cancel: true` and a `next`");
}

/// From the inside out: what is inside stands behind its container.
void find_compensable(ExecutableProcess& p) {
  for (std::size_t i = p.elements.size(); i-- > 1;) {
    Element& e = p.elements[i];
    e.compensable = !e.is_compensation && (e.compensable || e.compensation || e.undone_by);
    if (!e.compensable || e.type == NodeType::boundary_event) continue;
    Element& container = p.elements[e.scope.value];
    if (container.undone_by != element_at(i)) container.compensable = true;
  }
}

}  // namespace

void compile_compensation(Compilation& c) {
  for (std::size_t i = 1; i < c.nodes.size(); ++i) {
    compile_handler(c, element_at(i));
    compile_undoing(c, element_at(i));
    const Node& n = *c.nodes[i];
    const bool throws = n.type == NodeType::end_event || n.type == NodeType::intermediate_throw_event;
    for (std::size_t k = 0; k < n.events.size() && k < c.out.elements[i].events.size(); ++k) {
      if (n.events[k].kind == EventKind::compensate && throws) compile_throw(c, element_at(i), k);
      if (n.events[k].kind == EventKind::cancel && throws) check_cancel(c, element_at(i), n.events[k].at);
    }
  }
  find_compensable(c.out);
}

}  // namespace switchboard::model
