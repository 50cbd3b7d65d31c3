// Where tokens go (BPMN 2.0.2, 13.3.1 and 13.4): choosing flows, joining, parking.
#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::NodeType;

bool choose_one(const Execution& x, const Visible& data, const model::Element& gateway, Few<FlowIndex, 4>& chosen, std::string& why) {
  for (const FlowIndex f : gateway.outgoing) {
    const model::FlowSpec& flow = x.process.at(f);
    if (flow.is_default) continue;
    if (flow.condition) {
      std::string doubt;
      const auto taken = condition_of(flow.condition, data.frame(), doubt);
      if (!taken) {
        why = flow.id + ": " + taken.error().message;
        return false;
      }
      if (why.empty() && !doubt.empty()) why = flow.id + ": " + doubt;
      if (!taken.value()) continue;
    }
    chosen.push_back(f);
    return true;
  }
  if (gateway.default_flow) chosen.push_back(gateway.default_flow);
  return true;
}

bool inclusive_ready(const Execution& x, ElementKey scope, ElementIndex self) {
  return !is_expected(x, scope, self, [&](FlowIndex f) { return has_token(x.instance, scope, f); });
}

bool parallel_ready(const ProcessInstance& i, ElementKey scope, const model::Element& gateway) {
  return std::all_of(gateway.incoming.begin(), gateway.incoming.end(), [&](FlowIndex f) { return has_token(i, scope, f); });
}

std::uint64_t tokens_at(const ProcessInstance& i, ElementKey scope, ElementIndex element) {
  std::uint64_t count = 0;
  for (const JoinTokens& j : tokens_in(i, scope))
    if (j.gateway == element) count += j.count;
  return count;
}

bool join_ready(const Execution& x, const JoinTokens& j) {
  const model::Element& gateway = x.process.at(j.gateway);
  if (gateway.start_quantity > 1) return tokens_at(x.instance, j.scope, j.gateway) >= gateway.start_quantity;
  return gateway.type == NodeType::parallel_gateway ? parallel_ready(x.instance, j.scope, gateway) : inclusive_ready(x, j.scope, j.gateway);
}

}  // namespace

bool choose_many(const Execution& x, const Visible& data, const model::Element& element, bool again, Few<FlowIndex, 4>& chosen, std::string& why) {
  bool some_condition = false;
  for (const FlowIndex f : element.outgoing) {
    const model::FlowSpec& flow = x.process.at(f);
    if (flow.is_default) continue;
    if (flow.condition) {
      std::string doubt;
      const auto taken = condition_of(flow.condition, data.frame(), doubt);
      if (!taken) {
        why = flow.id + ": " + taken.error().message;
        return false;
      }
      if (why.empty() && !doubt.empty()) why = flow.id + ": " + doubt;
      if (!taken.value()) continue;
      some_condition = true;
    } else if (again) {
      continue;
    }
    chosen.push_back(f);
  }
  if (!some_condition && element.default_flow) chosen.push_back(element.default_flow);
  return true;
}

bool choose_flows(const Execution& x, const ElementInstance& self, Few<FlowIndex, 4>& chosen, std::string& why) {
  const model::Element& element = x.process.at(self.element);
  if (element.type == NodeType::complex_gateway) return choose_complex(x, self, chosen, why);
  if (element.type == NodeType::parallel_gateway || !element.has_conditions) {
    if (element.type != NodeType::exclusive_gateway) {
      chosen.assign(element.outgoing.begin(), element.outgoing.end());
      return true;
    }
  }
  const Visible data = x.seen_from(self.scope);  // its flows lie beside it, outside its own data
  const bool decided =
      element.type == NodeType::exclusive_gateway ? choose_one(x, data, element, chosen, why) : choose_many(x, data, element, false, chosen, why);
  if (!decided) return false;
  return !chosen.empty() || element.outgoing.empty() || nothing_chosen(why);
}

bool nothing_chosen(std::string& why) {
  why = why.empty() ? "no condition is true and there is no `else`" : "no condition is true and there is no `else` (" + why + ")";
  return false;
}

void arrive(Execution& x, const Arrival& a) {
  if (!x.alive(a.scope)) return;
  if (is_closed_ad_hoc(x, a.scope)) return x.emptied.push_back(a.scope);
  if (a.flow && is_join(x.process.at(a.element))) {
    x.emit(TokenArrived{a.scope, a.element, a.flow});
    if (x.process.at(a.element).type == NodeType::complex_gateway) ask_complex_gateway(x, a.scope, a.element);
    return;
  }
  if (is_spent(x, a.scope)) return raise_incident(x, enter(x, a.element, a.scope), a.element, rules::step_bound, bound_text);
  begin(x, enter(x, a.element, a.scope));
}

void force_join(Execution& x, ElementKey scope, ElementIndex gateway) {
  if (x.process.at(gateway).type == NodeType::complex_gateway) return activate_gateway(x, scope, gateway);
  JoinFired fired{scope, gateway, {}};
  if (const std::uint32_t wanted = x.process.at(gateway).start_quantity; wanted > 1) {
    for (const JoinTokens& j : tokens_in(x.instance, scope))
      for (std::uint32_t n = 0; j.gateway == gateway && n < j.count && fired.consumed.size() < wanted; ++n) fired.consumed.push_back(j.flow);
  } else {
    for (const FlowIndex f : x.process.at(gateway).incoming)
      if (has_token(x.instance, scope, f)) fired.consumed.push_back(f);
  }
  if (fired.consumed.empty()) return;
  close_incidents(x, scope, gateway);
  x.emit(std::move(fired));
  begin(x, enter(x, gateway, scope));
}

namespace {

/// Beyond the bound a join that could fire gets an incident instead.
bool fire_ready_join_in(Execution& x, ElementKey around) {
  for (const JoinTokens& j : tokens_in(x.instance, around)) {
    if (x.process.at(j.gateway).type == NodeType::complex_gateway || !join_ready(x, j)) continue;
    const ElementKey scope = j.scope;
    const ElementIndex gateway = j.gateway;
    if (!x.exhausted()) {
      force_join(x, scope, gateway);
      return true;
    }
    if (has_incident(x.instance, scope, gateway)) continue;
    raise_incident(x, scope, gateway, rules::step_bound, bound_text);
    return true;
  }
  return false;
}

}  // namespace

/// Of a case with many activations those scopes are looked at in which something has moved: what waits in the others was not ready before.
bool fire_ready_join(Execution& x) {
  if (fire_complex_gateway(x)) return true;
  if (!x.instance.crowd.is_kept() || !x.knows_where_it_moved) {
    for (const ScopeTokens& scope : x.instance.joins)
      if (fire_ready_join_in(x, scope.key)) return true;
    x.knows_where_it_moved = x.instance.crowd.is_kept();
    x.moved_in.clear();
    return false;
  }
  while (!x.moved_in.empty()) {
    const ElementKey scope = *x.moved_in.begin();
    if (fire_ready_join_in(x, scope)) return true;
    x.moved_in.erase(scope);
  }
  return false;
}

/// Puts every token that is on its way where it was going, without letting anything happen there.
void park(Execution& x) {
  while (x.next_arrival < x.arrivals.size()) {
    const Arrival a = x.arrivals[x.next_arrival++];
    if (!x.alive(a.scope)) continue;
    if (is_closed_ad_hoc(x, a.scope)) {
      x.emptied.push_back(a.scope);
      continue;
    }
    if (a.flow && is_join(x.process.at(a.element))) {
      x.emit(TokenArrived{a.scope, a.element, a.flow});
    } else {
      raise_incident(x, enter(x, a.element, a.scope), a.element, rules::step_bound, bound_text);
    }
  }
}

void report_stuck_joins(Execution& x) {
  Few<std::pair<ElementKey, ElementIndex>, 4> waiting;
  for (const ScopeTokens& tokens : x.instance.joins)
    for (const JoinTokens& j : tokens.tokens)
      if (std::find(waiting.begin(), waiting.end(), std::pair(j.scope, j.gateway)) == waiting.end()) waiting.emplace_back(j.scope, j.gateway);
  for (const auto& [scope, gateway] : waiting)
    raise_incident(x, scope, gateway, rules::stuck,
                   "a token waits here for others that can never come; resolving lets the gateway go on with what has arrived");
}

}  // namespace switchboard::core
