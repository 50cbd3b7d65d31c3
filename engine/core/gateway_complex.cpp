// Joins that look around (BPMN 2.0.2, 13.4.3), and the complex gateway (13.4.5): it goes off when its condition holds, and is reset when the tokens
// that were still to come have come or cannot come any more.
#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::NodeType;

/// One complex gateway in one scope.
struct GatewayPlace {
  ElementKey scope;
  ElementIndex gateway;
  friend bool operator==(const GatewayPlace&, const GatewayPlace&) = default;
};

/// Every complex gateway with tokens or waiting for its reset.
Few<GatewayPlace, 4> complex_gateways(const Execution& x) {
  Few<GatewayPlace, 4> all;
  for (const GatewayState& g : x.instance.gateways) all.push_back({g.scope, g.gateway});
  for (const ScopeTokens& scope : x.instance.joins)
    for (const JoinTokens& j : scope.tokens) {
      const GatewayPlace place{j.scope, j.gateway};
      if (x.process.at(j.gateway).type == NodeType::complex_gateway && std::find(all.begin(), all.end(), place) == all.end()) all.push_back(place);
    }
  return all;
}

/// A decision that failed rests in the gateway: nothing more happens there before it has been taken.
bool rests_there(const ProcessInstance& i, const GatewayPlace& place) {
  return any_activation_in(i, place.scope, [&](const ElementInstance& e) { return e.element == place.gateway; });
}

bool was_consumed(const GatewayState& state, FlowIndex f) {
  return std::find(state.consumed.begin(), state.consumed.end(), f) != state.consumed.end();
}

bool is_to_reset(const Execution& x, const GatewayState& state) {
  return !is_expected(x, state.scope, state.gateway, [&](FlowIndex f) { return was_consumed(state, f) || has_token(x.instance, state.scope, f); });
}

std::vector<FlowIndex> flows_with_tokens(const Execution& x, const GatewayPlace& place) {
  std::vector<FlowIndex> flows;
  for (const FlowIndex f : x.process.at(place.gateway).incoming)
    if (has_token(x.instance, place.scope, f)) flows.push_back(f);
  return flows;
}

void reset(Execution& x, const GatewayPlace& place) {
  const GatewayState& state = *x.instance.find_gateway(place.scope, place.gateway);
  std::vector<FlowIndex> flows = flows_with_tokens(x, place);
  std::erase_if(flows, [&](FlowIndex f) { return was_consumed(state, f); });
  close_incidents(x, place.scope, place.gateway);
  x.emit(GatewayReset{place.scope, place.gateway, std::move(flows)});
  begin(x, enter(x, place.gateway, place.scope));
}

/// Null is not true, as everywhere.
Result<bool> is_to_go_off(const Execution& x, const GatewayPlace& place) {
  const model::Element& gateway = x.process.at(place.gateway);
  const Visible data = x.seen_from(place.scope);
  LentData lent(x.instance);
  lent.add(Value(static_cast<std::int64_t>(flows_with_tokens(x, place).size())));
  std::string doubt;
  return condition_of(gateway.activation, data.frame(), doubt);
}

}  // namespace

const char* const bound_text =
    "one command caused too many events here, or too large ones (an endless loop?); the token rests and goes on when this is resolved";

bool is_join(const model::Element& e) {
  return e.start_quantity > 1 || (e.incoming.size() > 1 && (e.type == NodeType::parallel_gateway || e.type == NodeType::inclusive_gateway ||
                                                            e.type == NodeType::complex_gateway));
}

bool has_token(const ProcessInstance& i, ElementKey scope, FlowIndex flow) {
  const std::vector<JoinTokens>& tokens = tokens_in(i, scope);
  return std::any_of(tokens.begin(), tokens.end(), [&](const JoinTokens& j) { return j.flow == flow; });
}

namespace {

/// Whether a token on `position` may still bring one to an empty incoming flow, and to no flow that is full already. Its own way and those of the
/// boundary events that may happen here are looked at one by one: no sequence flow leads from a host to what is attached to it.
bool holds_up(const model::Element& gateway, ElementIndex position, const std::function<bool(FlowIndex)>& is_full) {
  const std::size_t flows = gateway.incoming.size();
  for (std::size_t way = 0; way < gateway.upstream.size(); way += flows) {
    bool reaches_empty = false;
    bool reaches_full = false;
    for (std::size_t f = 0; f < flows && !reaches_full; ++f)
      if (gateway.upstream[way + f][position.value]) (is_full(gateway.incoming[f]) ? reaches_full : reaches_empty) = true;
    if (reaches_empty && !reaches_full) return true;
  }
  return false;
}

}  // namespace

bool is_expected(const Execution& x, ElementKey scope, ElementIndex gateway, const std::function<bool(FlowIndex)>& is_full) {
  const ProcessInstance& i = x.instance;
  const model::Element& element = x.process.at(gateway);
  const bool comes = any_activation_in(i, scope, [&](const ElementInstance& e) {
    const model::Element& position = x.process.at(e.element);
    if (!position.parallel && holds_up(element, e.element, is_full)) return true;
    // A token for each event that this gateway still waits for.
    return position.parallel && std::any_of(position.outgoing.begin(), position.outgoing.end(), [&](FlowIndex f) {
             return !has_occurred(i, e.key, x.process.at(f).to) && holds_up(element, x.process.at(f).to, is_full);
           });
  });
  if (comes) return true;
  const std::vector<JoinTokens>& tokens = tokens_in(i, scope);
  return std::any_of(tokens.begin(), tokens.end(),
                     [&](const JoinTokens& j) { return j.gateway != gateway && holds_up(element, j.gateway, is_full); });
}

bool has_incident(const ProcessInstance& i, ElementKey scope, ElementIndex gateway) {
  return find_at(i, i.incidents, PartKind::incident, scope, [&](const Incident& n) { return n.element == gateway; }) != nullptr;
}

void close_incidents(Execution& x, ElementKey scope, ElementIndex gateway) {
  for (const IncidentKey k :
       keys_at(x.instance, x.instance.incidents, PartKind::incident, scope, [&](const Incident& n) { return n.element == gateway; }))
    close_incident(x, k, {});
}

void activate_gateway(Execution& x, ElementKey scope, ElementIndex gateway) {
  const GatewayPlace place{scope, gateway};
  std::vector<FlowIndex> flows = flows_with_tokens(x, place);
  if (flows.empty() || rests_there(x.instance, place) || x.instance.find_gateway(scope, gateway) != nullptr) return;
  close_incidents(x, scope, gateway);
  x.emit(GatewayActivated{scope, gateway, std::move(flows)});
  begin(x, enter(x, gateway, scope));
}

void ask_complex_gateway(Execution& x, ElementKey scope, ElementIndex gateway) {
  const GatewayPlace place{scope, gateway};
  if (x.exhausted() || rests_there(x.instance, place) || x.instance.find_gateway(scope, gateway) != nullptr) return;
  if (const auto fires = is_to_go_off(x, place); fires && fires.value()) activate_gateway(x, scope, gateway);
}

bool fire_complex_gateway(Execution& x) {
  if (!x.process.has_complex_gateways) return false;
  for (const GatewayPlace& place : complex_gateways(x)) {
    if (rests_there(x.instance, place)) continue;
    const GatewayState* state = x.instance.find_gateway(place.scope, place.gateway);
    Result<bool> fires = state != nullptr ? Result<bool>(is_to_reset(x, *state)) : is_to_go_off(x, place);
    if (fires && !fires.value()) continue;
    if (fires && !x.exhausted()) {
      state != nullptr ? reset(x, place) : activate_gateway(x, place.scope, place.gateway);
      return true;
    }
    if (has_incident(x.instance, place.scope, place.gateway)) continue;
    raise_incident(x, place.scope, place.gateway, fires ? rules::step_bound : rules::cannot_leave,
                   fires ? bound_text : "activate: " + fires.error().message);
    return true;
  }
  return false;
}

/// In both phases those flows whose condition is true, and the default when none is; unconditional ones the first time only. The second time there
/// may be none. One that only splits knows no second time.
bool choose_complex(const Execution& x, const ElementInstance& self, Few<FlowIndex, 4>& chosen, std::string& why) {
  const model::Element& gateway = x.process.at(self.element);
  const bool first = !is_join(gateway) || x.instance.find_gateway(self.scope, self.element) != nullptr;
  const Visible data = x.seen_from(self.scope);
  {
    LentData lent(x.instance);
    lent.add(Value());  // the number of tokens: only `activate` sees it
    lent.add(Value(first));
    if (!choose_many(x, data, gateway, !first, chosen, why)) return false;
  }
  return !chosen.empty() || !first || gateway.outgoing.empty() || nothing_chosen(why);
}

}  // namespace switchboard::core
