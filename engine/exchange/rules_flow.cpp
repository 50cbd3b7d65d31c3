// Sequence flows, what they connect, and gateways.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "exchange/rules.hpp"

namespace switchboard::exchange {

namespace {

bool has_definition(const Facts& f, const Item& event, std::string_view kind) {
  const Items all = f.definitions(event);
  return std::any_of(all.begin(), all.end(), [&](const Item* d) { return d->is(kind); });
}

bool is_link(const Facts& f, const Item& node) { return node.is("event") && has_definition(f, node, "linkEventDefinition"); }

bool starts_by_itself(const Item& node) { return (node.is("receiveTask") || node.is("eventBasedGateway")) && node.flag("instantiate", false); }

bool is_catching(const Item& node) { return node.is("catchEvent"); }

// ---- one sequence flow

void check_sides(const Facts& f, const Item& flow, const Item& from, const Item& to) {
  if (from.parent != to.parent || from.parent != flow.parent)
    f.refuse("SB0168", flow, fmt::format("the sequence flow leads from '{}' to '{}', which stand in different scopes", from.called(), to.called()),
             "a flow stays inside its process and sub-process; between pools there are message flows (BPMN 2.0.2, 7.6.1)");
  for (const Item* end : {&from, &to})
    if (is_event_sub_process(*end))
      f.refuse("SB0168", flow, fmt::format("no sequence flow may touch the event sub-process '{}'", end->called()),
               "its start event begins it (10.3.5)");
  if (to.is("startEvent"))
    f.refuse("SB0168", flow, fmt::format("a sequence flow leads to the start event '{}'", to.called()),
             "a start event has no incoming flow (10.5.2)");
  if (to.is("boundaryEvent"))
    f.refuse("SB0168", flow, fmt::format("a sequence flow leads to the boundary event '{}'", to.called()),
             "it begins when its event happens (10.5.4)");
  if (from.is("endEvent"))
    f.refuse("SB0168", flow, fmt::format("a sequence flow leaves the end event '{}'", from.called()), "an end event has no outgoing flow (10.5.3)");
  for (const Item* end : {&from, &to})
    if (is_for_compensation(*end))
      f.refuse("SB0168", flow, fmt::format("the compensation activity '{}' has a sequence flow", end->called()),
               "an association leads to it (10.7.1)");
}

void check_condition(const Facts& f, const Item& flow, const Item& from) {
  if (flow.part("conditionExpression") == nullptr) return;
  if (from.is("parallelGateway") || from.is("eventBasedGateway") || from.is("event"))
    f.refuse("SB0168", flow, fmt::format("a flow out of the {} '{}' has a condition", from.name(), from.called()),
             "only flows of activities and of exclusive, inclusive and complex gateways have conditions (8.3.13)");
  if (from.is("activity") && f.outgoing(from).size() == 1)
    f.refuse("SB0168", flow, fmt::format("the only flow out of '{}' has a condition", from.called()),
             "an activity with a conditional flow needs another flow (8.3.13)");
}

void one_flow(const Facts& f, const Item& flow) {
  const Item* from = f.document.find(flow, "sourceRef");
  const Item* to = f.document.find(flow, "targetRef");
  if (from == nullptr || to == nullptr || !from->is("flowNode") || !to->is("flowNode")) return;
  check_sides(f, flow, *from, *to);
  check_condition(f, flow, *from);
  if (f.is_executable(flow) && flow.has("isImmediate") && !flow.flag("isImmediate", true))
    f.refuse("SB0174", flow, "isImmediate is false in an executable process",
             "delete it: nothing may come between two steps that are carried out (8.3.13)");
}

/// `incoming` and `outgoing` say what the flows say, where a file writes them at all.
void check_lists(const Facts& f, const Item& node, std::string_view element, const Items& flows) {
  std::set<const Item*> listed;
  const std::set<const Item*> real(flows.begin(), flows.end());
  for (const Item* p : node.all(element))
    if (const Item* flow = f.document.find(p->text()); flow != nullptr) {
      listed.insert(flow);
      if (!real.contains(flow) && flow->is("sequenceFlow"))
        f.said.error("SB0168", p->at(), node.called(),
                     fmt::format("'{}' lists the flow '{}' as {}, but it is not", node.called(), flow->called(), element),
                     "the flow's sourceRef and targetRef say what it connects");
    }
  for (const Item* flow : flows)
    if (!listed.contains(flow) && !flow->id().empty())
      f.refuse("SB0168", node, fmt::format("'{}' does not list its flow '{}' as {}", node.called(), flow->id(), element),
               fmt::format("add <{}>{}</{}> (8.3.13)", element, flow->id(), element));
}

void default_flow(const Facts& f, const Item& node) {
  if (!node.has("default")) return;
  const Item* flow = f.document.find(node, "default");
  const Items& out = f.outgoing(node);
  if (flow != nullptr && std::find(out.begin(), out.end(), flow) == out.end())
    f.said.error("SB0168", node.place("default"), node.called(),
                 fmt::format("the default flow '{}' does not leave '{}'", flow->called(), node.called()), "name one of its own outgoing flows");
}

// ---- the nodes of one scope

/// Flow nodes that begin, or are reached, without a sequence flow.
bool may_lack_incoming(const Facts& f, const Item& n) {
  return n.is("startEvent") || n.is("boundaryEvent") || is_event_sub_process(n) || is_for_compensation(n) || starts_by_itself(n) ||
         (is_catching(n) && is_link(f, n));
}

bool may_lack_outgoing(const Facts& f, const Item& n) {
  return n.is("endEvent") || is_event_sub_process(n) || is_for_compensation(n) || (n.is("throwEvent") && is_link(f, n)) ||
         (n.is("boundaryEvent") && has_definition(f, n, "compensateEventDefinition"));
}

void ends_of_events(const Facts& f, const Item& n) {
  const std::size_t in = f.incoming(n).size();
  const std::size_t out = f.outgoing(n).size();
  if (n.is("startEvent") && out == 0)
    f.refuse("SB0168", n, fmt::format("no flow leaves the start event '{}'", n.called()), "let a sequence flow leave it (10.5.2)");
  if (n.is("endEvent") && in == 0)
    f.refuse("SB0168", n, fmt::format("no flow leads to the end event '{}'", n.called()), "let a sequence flow lead to it (10.5.3)");
  if (n.is("boundaryEvent")) {
    const bool compensates = has_definition(f, n, "compensateEventDefinition");
    if (compensates && out != 0)
      f.refuse("SB0168", n, fmt::format("a sequence flow leaves the compensation boundary event '{}'", n.called()),
               "an association leads to its activity (10.7.1)");
    if (!compensates && out == 0)
      f.refuse("SB0168", n, fmt::format("no flow leaves the boundary event '{}'", n.called()), "let a sequence flow leave it (10.5.4)");
    return;
  }
  if (!n.is("intermediateCatchEvent") && !n.is("intermediateThrowEvent")) return;
  const bool link = is_link(f, n);
  const bool wants_in = !link || !is_catching(n);
  const bool wants_out = !link || is_catching(n);
  if (wants_in != (in != 0))
    f.refuse("SB0168", n,
             fmt::format("{} '{}'", wants_in ? "no flow leads to the intermediate event" : "a flow leads to the catching link", n.called()),
             wants_in ? "let a sequence flow lead to it (10.5.4)" : "its throwing links lead there (10.5.4)");
  if (wants_out != (out != 0))
    f.refuse("SB0168", n, fmt::format("{} '{}'", wants_out ? "no flow leaves the intermediate event" : "a flow leaves the throwing link", n.called()),
             wants_out ? "let a sequence flow leave it (10.5.4)" : "its catching link goes on (10.5.4)");
}

void check_scope(const Facts& f, const Item& container) {
  const Items nodes = container.heirs("flowNode");
  const bool ad_hoc = container.is("adHocSubProcess");
  const bool has_start = std::any_of(nodes.begin(), nodes.end(), [](const Item* n) { return n->is("startEvent"); });
  const bool begins = has_start || std::any_of(nodes.begin(), nodes.end(), [](const Item* n) { return starts_by_itself(*n); });
  const bool has_end = std::any_of(nodes.begin(), nodes.end(), [](const Item* n) { return n->is("endEvent"); });
  if (!ad_hoc && has_start && !has_end)
    f.refuse("SB0168", container, fmt::format("'{}' has a start event and no end event", container.called()),
             "add an end event, or leave out both (10.5.3)");
  if (!ad_hoc && has_end && !begins)
    f.refuse("SB0168", container, fmt::format("'{}' has an end event and no start event", container.called()),
             "add a start event, or leave out both (10.5.2)");
  for (const Item* n : nodes) {
    if (!ad_hoc) ends_of_events(f, *n);
    if (n->is("event")) continue;
    if (has_start && f.incoming(*n).empty() && !may_lack_incoming(f, *n))
      f.refuse("SB0168", *n, fmt::format("no flow leads to '{}', but '{}' has a start event", n->called(), container.called()),
               "let a flow lead to it (10.5.2)");
    if (has_end && f.outgoing(*n).empty() && !may_lack_outgoing(f, *n))
      f.refuse("SB0168", *n, fmt::format("no flow leaves '{}', but '{}' has an end event", n->called(), container.called()),
               "let a flow leave it (10.5.3)");
  }
}

// ---- gateways

void check_direction(const Facts& f, const Item& g) {
  const std::size_t in = f.incoming(g).size();
  const std::size_t out = f.outgoing(g).size();
  const std::string_view said = g.get("gatewayDirection");
  if (in < 2 && out < 2)
    return f.refuse("SB0171", g, fmt::format("the gateway '{}' neither splits nor joins", g.called()),
                    "give it several incoming or several outgoing flows (10.6.1)");
  const bool fits = said == "Converging" ? in > 1 && out < 2 : said == "Diverging" ? in < 2 && out > 1 : said == "Mixed" ? in > 1 && out > 1 : true;
  if (!fits)
    f.said.error("SB0171", g.place("gatewayDirection"), g.called(),
                 fmt::format("the gateway is {}, but has {} incoming and {} outgoing flows", said, in, out),
                 "correct gatewayDirection, or leave it out (10.6.1)");
}

bool may_follow(const Facts& f, const Item& n) {
  if (n.is("receiveTask")) return true;
  if (!n.is("intermediateCatchEvent")) return false;
  const Items all = f.definitions(n);
  return !all.empty() && std::all_of(all.begin(), all.end(), [](const Item* d) {
    return d->is("messageEventDefinition") || d->is("timerEventDefinition") || d->is("conditionalEventDefinition") || d->is("signalEventDefinition");
  });
}

void event_based(const Facts& f, const Item& g) {
  const Items& out = f.outgoing(g);
  bool events = false;
  bool tasks = false;
  if (out.size() < 2)
    f.refuse("SB0171", g, fmt::format("the event-based gateway '{}' has fewer than two outgoing flows", g.called()),
             "it chooses between several events (10.6.6)");
  if (g.flag("instantiate", false) && !f.incoming(g).empty())
    f.refuse("SB0171", g, fmt::format("a flow leads to '{}', which starts the process", g.called()),
             "an instantiating gateway has no incoming flow (10.6.6)");
  if (g.get("eventGatewayType") == "Parallel" && !g.flag("instantiate", false))
    f.refuse("SB0171", g, fmt::format("the parallel event-based gateway '{}' does not start the process", g.called()),
             "only with instantiate=\"true\" it may be Parallel (10.6.6)");
  for (const Item* flow : out) {
    const Item* to = f.document.find(*flow, "targetRef");
    if (to == nullptr) continue;
    if (!may_follow(f, *to))
      f.refuse("SB0171", *flow, fmt::format("'{}' cannot follow an event-based gateway", to->called()),
               "a receive task, or a catching event with message, timer, condition or signal follows it (10.6.6)");
    if (f.incoming(*to).size() > 1)
      f.refuse("SB0171", *to, fmt::format("another flow leads to '{}', which follows an event-based gateway", to->called()),
               "its events have no other incoming flow (10.6.6)");
    if (to->is("receiveTask") && !f.boundary(*to).empty())
      f.refuse("SB0171", *to, fmt::format("the receive task '{}' behind an event-based gateway has boundary events", to->called()),
               "delete them (10.6.6)");
    tasks = tasks || to->is("receiveTask");
    events = events || (to->is("event") && has_definition(f, *to, "messageEventDefinition"));
  }
  if (tasks && events)
    f.refuse("SB0171", g, fmt::format("receive tasks and message events both follow '{}'", g.called()), "use one or the other (10.6.6)");
}

}  // namespace

void check_flows(const Facts& f) {
  for (const Item& item : f.document.items()) {
    if (item.is("sequenceFlow")) one_flow(f, item);
    if (is_container(item)) check_scope(f, item);
    if (!item.is("flowNode")) continue;
    default_flow(f, item);
    if (!f.lists_flows()) continue;
    check_lists(f, item, "incoming", f.incoming(item));
    check_lists(f, item, "outgoing", f.outgoing(item));
  }
}

void check_gateways(const Facts& f) {
  for (const Item& item : f.document.items()) {
    if (item.is("gateway")) check_direction(f, item);
    if (item.is("eventBasedGateway")) event_based(f, item);
  }
}

}  // namespace switchboard::exchange
