// Flattening: nodes to elements, `next` to flows, names to indices.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

ElementIndex index_of(std::size_t n) { return {static_cast<std::uint32_t>(n)}; }

constexpr std::int64_t most_tokens = 1'000;

std::uint32_t quantity(Compilation& c, const Node& node, const Element& e, std::int64_t tokens) {
  if (tokens >= 1 && tokens <= most_tokens) return static_cast<std::uint32_t>(tokens);
  report(c, "SB0184", node.at, e.path, fmt::format("{} tokens: 1 to {} begin or leave an activity", tokens, most_tokens), {});
  return 1;
}

ElementIndex add_element(Compilation& c, const Node& node, ElementIndex scope, ElementIndex host) {
  const ElementIndex self = index_of(c.out.elements.size());
  const Element& container = c.out.at(scope);
  Element e;
  e.id = node.id;
  e.path = scope.value == 0 ? node.id : container.path + "/" + node.id;
  e.type = node.type;
  e.name = node.name;
  e.documentation = node.documentation;
  // A node without a lane of its own stands in that of its host or container, as BPMN draws it.
  e.lane = !node.lane.empty() ? node.lane.name : c.out.at(host ? host : scope).lane;
  e.scope = scope;
  e.host = host;
  e.depth = static_cast<std::uint16_t>(container.depth + 1);
  e.interrupting = node.interrupting;
  e.parallel_multiple = node.parallel_multiple;
  e.instantiate = node.instantiate;
  e.start_quantity = quantity(c, node, e, node.start_quantity);
  e.completion_quantity = quantity(c, node, e, node.completion_quantity);
  e.repetition.kind = node.loop.kind;
  e.parallel = node.parallel;
  e.sequential = node.sequential;
  e.cancel_remaining = node.cancel_remaining;
  const auto& same_name = c.by_name[e.path];
  if (std::any_of(same_name.begin(), same_name.end(), [&](ElementIndex i) { return c.out.at(i).path == e.path; }))
    report(c, "SB0186", node.at, e.path, fmt::format("'{}' is there twice", e.path), "give each node of a scope an id of its own");
  c.by_name[e.path].push_back(self);
  if (e.path != e.id) c.by_name[e.id].push_back(self);
  c.out.elements.push_back(std::move(e));
  c.nodes.push_back(&node);
  return self;
}

void add_to_container(Compilation& c, const Node& node, ElementIndex self, ElementIndex scope) {
  Element& container = c.out.elements[scope.value];
  container.children.push_back(self);
  if (node.type == NodeType::start_event) container.start_events.push_back(self);
  if (node.type == NodeType::event_sub_process) container.event_sub_processes.push_back(self);
}

/// Preorder: a node, its boundary events, its body.
void flatten_body(Compilation& c, const std::vector<Node>& nodes, ElementIndex scope) {
  for (const Node& node : nodes) {
    const ElementIndex self = add_element(c, node, scope, {});
    add_to_container(c, node, self, scope);
    for (const Node& b : node.boundary) {
      const ElementIndex boundary = add_element(c, b, scope, self);
      c.out.elements[self.value].boundary.push_back(boundary);
    }
    flatten_body(c, node.nodes, self);
    if (node.type == NodeType::event_sub_process && !c.out.at(self).start_events.empty())
      c.out.elements[self.value].interrupting = c.out.at(c.out.at(self).start_events.front()).interrupting;
  }
}

std::string flow_id(const ExecutableProcess& p, const Element& from, ElementIndex to) {
  const auto same = std::count_if(from.outgoing.begin(), from.outgoing.end(), [&](FlowIndex f) { return p.at(f).to == to; });
  const std::string id = fmt::format("{}->{}", from.path, p.at(to).path);
  return same == 0 ? id : fmt::format("{}#{}", id, same + 1);
}

/// A flow stays inside its scope, so the target is looked for among the neighbours.
ElementIndex find_target(Compilation& c, const Ref& to, const Element& from) {
  const Element& scope = c.out.at(from.scope);
  for (const ElementIndex i : scope.children)
    if (c.out.at(i).id == to.name) return i;
  std::vector<std::string> known;
  for (const ElementIndex i : scope.children) known.push_back(c.out.at(i).id);
  report_unknown(c, "SB0185", to, from.path, SubjectKind::node, known, "node in the same scope");
  return {};
}

/// What begins a case, in the order of the elements.
void find_entries(Compilation& c) {
  std::vector<ElementIndex> entries;
  for (const ElementIndex i : c.out.at(index_of(0)).children) {
    const Element& e = c.out.at(i);
    const bool begins = e.type == NodeType::start_event || (e.type == NodeType::receive_task && e.instantiate);
    if (begins) entries.push_back(i);
    if (e.type != NodeType::event_based_gateway || !e.instantiate) continue;
    for (const FlowIndex f : e.outgoing) entries.push_back(c.out.at(f).to);
  }
  c.out.elements.front().entries = std::move(entries);
}

/// The activities of an ad-hoc sub-process that nothing leads to. The children stand in the order of the file where it counts.
void find_initial(Compilation& c, ElementIndex ad_hoc) {
  std::set<std::string, std::less<>> handlers;
  for (const ElementIndex i : c.out.at(ad_hoc).children)
    if (const Node& n = *c.nodes[i.value]; !n.compensation.empty()) handlers.insert(n.compensation.name);
  for (const ElementIndex i : c.out.at(ad_hoc).children) {
    const Element& e = c.out.at(i);
    const bool begins = is_activity(e.type) && e.type != NodeType::event_sub_process && e.incoming.empty() && !handlers.contains(e.id);
    if (begins) c.out.elements[ad_hoc.value].initial.push_back(i);
  }
}

void connect_node(Compilation& c, const Node& node, ElementIndex self) {
  const feel::StaticScope* outside = c.visible;
  feel::StaticScope around;
  if (node.type == NodeType::complex_gateway) {
    around = *outside;
    around.names.push_back({std::string(names::waiting_for_start), feel::Type::Kind::boolean, c.out.activation_slot() + 1});
    c.visible = &around;
  }
  for (const Flow& f : node.next) {
    const ElementIndex to = find_target(c, f.to, c.out.at(self));
    if (!to) continue;
    Element& from = c.out.elements[self.value];
    FlowSpec flow;
    flow.from = self;
    flow.to = to;
    flow.is_default = f.is_default;
    flow.id = flow_id(c.out, from, to);
    flow.name = f.name;
    flow.condition = compile_condition(c, {f.condition, from.path, "condition"});
    const FlowIndex index{static_cast<std::uint32_t>(c.out.flows.size())};
    if (!f.condition.empty()) from.has_conditions = true;
    if (f.is_default) from.default_flow = index;
    from.outgoing.push_back(index);
    c.out.elements[to.value].incoming.push_back(index);
    c.out.flows.push_back(std::move(flow));
  }
  c.visible = outside;
}

}  // namespace

void flatten(Compilation& c) {
  Element root;
  root.id = root.path = c.process.id;
  root.type = NodeType::sub_process;
  root.name = c.process.name;
  c.out.elements.push_back(std::move(root));
  c.nodes.push_back(nullptr);
  flatten_body(c, c.process.nodes, index_of(0));
}

void connect(Compilation& c) {
  for (std::size_t i = 1; i < c.nodes.size(); ++i) {
    c.visible = &visible_in(c, c.out.at(index_of(i)).scope);
    connect_node(c, *c.nodes[i], index_of(i));
  }
  c.visible = nullptr;
  find_entries(c);
  for (std::size_t i = 1; i < c.nodes.size(); ++i)
    if (c.out.at(index_of(i)).type == NodeType::ad_hoc_sub_process) find_initial(c, index_of(i));
}

ElementIndex resolve_element(Compilation& c, const Ref& ref, std::string_view user) {
  const auto found = c.by_name.find(ref.name);
  if (found == c.by_name.end()) {
    std::vector<std::string> known;
    for (const auto& [name, elements] : c.by_name) known.push_back(name);
    report_unknown(c, "SB0185", ref, user, SubjectKind::node, known);
    return {};
  }
  const auto& all = found->second;
  // A path is exact even where the same word is also an id further down.
  for (const ElementIndex i : all)
    if (c.out.at(i).path == ref.name) return i;
  if (all.size() == 1) return all.front();
  report(c, "SB0185", ref.at, user, fmt::format("'{}' stands in several scopes", ref.name),
         fmt::format("write its path, e.g. `{}`", c.out.at(all.front()).path));
  return {};
}

}  // namespace switchboard::model
