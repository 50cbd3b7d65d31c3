#include "core/instance.hpp"

#include <algorithm>

namespace switchboard::core {
namespace {

/// Keys ascend.
template <class T, class K>
const T* search(const std::vector<T>& all, K key) {
  const auto found = std::lower_bound(all.begin(), all.end(), key, [](const T& one, K wanted) { return one.key < wanted; });
  return found != all.end() && found->key == key ? &*found : nullptr;
}

}  // namespace

const ElementInstance* ProcessInstance::find(ElementKey k) const { return elements.find(k); }
const Work* ProcessInstance::find(WorkKey k) const { return work.find(k); }
const Timer* ProcessInstance::find(TimerKey k) const { return timers.find(k); }
const Subscription* ProcessInstance::find(SubscriptionKey k) const { return subscriptions.find(k); }
const Call* ProcessInstance::find(CallKey k) const { return calls.find(k); }
const Incident* ProcessInstance::find(IncidentKey k) const { return incidents.find(k); }

const ScopeData* ProcessInstance::find_scope(ElementKey k) const { return scopes.find(k); }
const Repetition* ProcessInstance::find_repetition(ElementKey k) const { return repetitions.find(k); }

const AdHocState* ProcessInstance::find_ad_hoc(ElementKey k) const { return search(ad_hocs, k); }

const GatewayState* ProcessInstance::find_gateway(ElementKey scope, ElementIndex gateway) const {
  const auto found = std::find_if(gateways.begin(), gateways.end(), [&](const GatewayState& g) { return g.scope == scope && g.gateway == gateway; });
  return found == gateways.end() ? nullptr : &*found;
}

const sla::Ledger* ProcessInstance::find(ClockIndex c) const {
  for (const sla::Ledger& l : clocks)
    if (l.clock == c) return &l;
  return nullptr;
}

const std::vector<JoinTokens>& tokens_in(const ProcessInstance& instance, ElementKey scope) {
  static const std::vector<JoinTokens> nothing;
  const ScopeTokens* found = instance.joins.empty() ? nullptr : instance.joins.find(scope);
  return found == nullptr ? nothing : found->tokens;
}

bool holds_activations(const ProcessInstance& instance, ElementKey scope) {
  if (const Crowd::Owned* owned = instance.crowd.of(scope); instance.crowd.is_kept()) return owned != nullptr && owned->activations > 0;
  return std::any_of(instance.elements.begin(), instance.elements.end(), [&](const ElementInstance& e) { return e.scope == scope; });
}

}  // namespace switchboard::core
