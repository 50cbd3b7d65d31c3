// Flow nodes and sequence flows.
#include <algorithm>

#include "exchange/reading.hpp"

namespace switchboard::exchange {

namespace {

using model::NodeType;

NodeType node_type_of(const Item& item) {
  if (is_event_sub_process(item)) return NodeType::event_sub_process;
  return model::node_type(item.name()).value_or(NodeType::task);  // what else there is was refused
}

}  // namespace

std::vector<model::Node> ProcessReader::body(const Item& container) {
  std::vector<model::Node> out;
  if (!container.is("process")) lanes(container);
  for (const Item* p : container.heirs("flowNode"))
    if (!p->is("boundaryEvent") && !p->is("implicitThrowEvent")) out.push_back(node(*p));
  return out;
}

model::Node ProcessReader::node(const Item& item) {
  model::Node n;
  n.id = id_of(item);
  n.at = n.type_at = item.at();
  n.type = node_type_of(item);
  n.name = text(item.get("name"));
  n.documentation = documentation(item);
  if (const auto lane = lane_of_.find(&item); lane != lane_of_.end()) n.lane = {id_of(*lane->second), item.at()};
  flows(item, n);
  if (item.is("event")) events(item, n);
  if (item.is("activity")) activity(item, n);
  if (item.is("eventBasedGateway")) {
    n.instantiate = item.flag("instantiate", false);
    n.parallel = item.get("eventGatewayType") == "Parallel";
  }
  if (item.is("complexGateway")) n.activate = expression(item, item.part("activationCondition"));
  return n;
}

void ProcessReader::flows(const Item& item, model::Node& node) {
  node.next_at = item.at();
  const Item* otherwise = item.has("default") ? f_.document.find(item, "default") : nullptr;
  for (const Item* flow : f_.outgoing(item)) {
    const Item* to = f_.document.find(*flow, "targetRef");
    if (to == nullptr) continue;
    model::Flow out;
    out.to = {id_of(*to), flow->place("targetRef")};
    out.is_default = flow == otherwise;
    out.name = text(flow->get("name"));
    if (!out.is_default) out.condition = expression(*flow, flow->part("conditionExpression"));
    node.next.push_back(std::move(out));
  }
}

void ProcessReader::activity(const Item& item, model::Node& node) {
  for (const Item* b : f_.boundary(item)) {
    const Items all = f_.definitions(*b);
    if (std::any_of(all.begin(), all.end(), [](const Item* d) { return d->is("compensateEventDefinition"); }))
      compensation(item, *b, node);
    else
      node.boundary.push_back(this->node(*b));
  }
  node.start_quantity = number_of(item, "startQuantity", 1);
  node.completion_quantity = number_of(item, "completionQuantity", 1);
  inputs(item, node);
  outputs(item, node);
  loop(item, node);
  people(item, node);
  if (item.is("task")) task(item, node);
  if (item.is("callActivity")) {
    node.process = reference(item, "calledElement");
    call_data(item, node);
  }
  if (item.is("subProcess")) node.nodes = body(item);  // depth is bounded by limits::xml_depth
  if (item.is("adHocSubProcess")) {
    node.completion_condition = expression(item, item.part("completionCondition"));
    node.sequential = item.get("ordering") == "Sequential";
    node.cancel_remaining = item.flag("cancelRemainingInstances", true);
  }
}

void ProcessReader::task(const Item& item, model::Node& node) {
  if (item.is("sendTask") || item.is("receiveTask")) node.message = reference(item, "messageRef");
  if (item.is("receiveTask")) node.instantiate = item.flag("instantiate", false);
  if (item.is("serviceTask"))
    if (const Item* operation = f_.document.find(item, "operationRef"); operation != nullptr) node.job = operation->get("name");
  if (const Item* script = item.part("script"); script != nullptr) {
    node.script = script->text();
    node.script_format = item.get("scriptFormat");
  }
}

/// Resources that own a task are its groups.
void ProcessReader::people(const Item& item, model::Node& node) {
  for (const Item* role : item.heirs("resourceRole")) {
    const Item* p = role->part("resourceRef");
    const Item* resource = p == nullptr ? nullptr : f_.document.find(p->text());
    if (resource != nullptr && node.type == NodeType::user_task)
      node.groups.emplace_back(resource->get("name"));
    else
      lost(*role, "who does the work is only read from a resource of a user task", "name the group in the process, docs/language.md");
  }
}

/// The association that leads from a compensation boundary event says what undoes its host.
void ProcessReader::compensation(const Item& /*host*/, const Item& boundary, model::Node& node) {
  if (const Item* handler = f_.handler(boundary); handler != nullptr) node.compensation = {id_of(*handler), boundary.at()};
}

}  // namespace switchboard::exchange
