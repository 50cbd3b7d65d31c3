// Inclusive joins (BPMN 2.0.2, 13.4.3): from where a token can still reach an incoming flow without passing the gateway.
#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

/// Elements from which a token can move to `e` in one step inside their scope: sources of incoming flows, the host of a boundary event, the
/// throws of a link catch.
std::vector<ElementIndex> predecessors(const ExecutableProcess& p, ElementIndex self) {
  std::vector<ElementIndex> before;
  const Element& e = p.at(self);
  for (const FlowIndex f : e.incoming) before.push_back(p.at(f).from);
  if (e.host) before.push_back(e.host);
  if (e.type != NodeType::intermediate_catch_event || e.events.empty() || e.events.front().kind != EventKind::link) return before;
  for (const ElementIndex other : p.at(e.scope).children) {
    const Element& o = p.at(other);
    if (o.type == NodeType::intermediate_throw_event && !o.events.empty() && o.events.front().target == self) before.push_back(other);
  }
  return before;
}

std::vector<bool> reaching(const ExecutableProcess& p, ElementIndex join, FlowIndex flow) {
  std::vector<bool> seen(p.elements.size(), false);
  std::vector<ElementIndex> open{p.at(flow).from};
  while (!open.empty()) {
    const ElementIndex e = open.back();
    open.pop_back();
    if (e == join || seen[e.value]) continue;  // a path through the gateway itself does not count
    seen[e.value] = true;
    for (const ElementIndex before : predecessors(p, e)) open.push_back(before);
  }
  return seen;
}

}  // namespace

void compile_joins(Compilation& c) {
  for (std::size_t i = 1; i < c.out.elements.size(); ++i) {
    Element& e = c.out.elements[i];
    if (e.type != NodeType::inclusive_gateway || e.incoming.size() < 2) continue;
    for (const FlowIndex f : e.incoming) e.upstream.push_back(reaching(c.out, {static_cast<std::uint32_t>(i)}, f));
  }
}

}  // namespace switchboard::model
