// Inclusive and complex joins (BPMN 2.0.2, 13.4.3 and 13.4.5): from where a token can still reach an incoming flow without passing the gateway.
#include <algorithm>

#include "model/compiler.hpp"
#include "model/ways.hpp"

namespace switchboard::model {

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

namespace {

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

/// No sequence flow leads from an activity to the events on its boundary: what its token reaches and what each of these events would bring are ways
/// of their own, the events in further blocks.
void part_boundaries(const ExecutableProcess& p, const Element& join, std::vector<std::vector<bool>>& upstream) {
  const auto along = upstream;
  const std::size_t flows = along.size();
  for (std::size_t i = 1; i < p.elements.size(); ++i) {
    const Element& host = p.elements[i];
    if (host.boundary.empty() || std::none_of(along.begin(), along.end(), [&](const auto& row) { return row[i]; })) continue;
    if (upstream.size() < flows * (host.boundary.size() + 1))
      upstream.resize(flows * (host.boundary.size() + 1), std::vector<bool>(p.elements.size(), false));
    for (std::size_t f = 0; f < flows; ++f) {
      upstream[f][i] = std::any_of(host.outgoing.begin(), host.outgoing.end(),
                                   [&](FlowIndex out) { return out == join.incoming[f] || along[f][p.at(out).to.value]; });
      for (std::size_t b = 0; b < host.boundary.size(); ++b) upstream[flows * (b + 1) + f][i] = along[f][host.boundary[b].value];
    }
  }
}

}  // namespace

void compile_joins(Compilation& c) {
  for (std::size_t i = 1; i < c.out.elements.size(); ++i) {
    Element& e = c.out.elements[i];
    if ((e.type != NodeType::inclusive_gateway && e.type != NodeType::complex_gateway) || e.incoming.size() < 2) continue;
    c.out.has_complex_gateways = c.out.has_complex_gateways || e.type == NodeType::complex_gateway;
    for (const FlowIndex f : e.incoming) e.upstream.push_back(reaching(c.out, {static_cast<std::uint32_t>(i)}, f));
    part_boundaries(c.out, e, e.upstream);
  }
}

}  // namespace switchboard::model
