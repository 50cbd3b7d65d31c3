#include "core/instance.hpp"

#include <algorithm>

namespace switchboard::core {
namespace {

/// Keys ascend, and there are few: what was opened last is asked for most, so look from the back.
template <class T, class K>
const T* find_key(const std::vector<T>& all, K key) {
  for (auto i = all.rbegin(); i != all.rend(); ++i)
    if (i->key == key) return &*i;
  return nullptr;
}

}  // namespace

const ElementInstance* ProcessInstance::find(ElementKey k) const { return find_key(elements, k); }
const Work* ProcessInstance::find(WorkKey k) const { return find_key(work, k); }
const Timer* ProcessInstance::find(TimerKey k) const { return find_key(timers, k); }
const Subscription* ProcessInstance::find(SubscriptionKey k) const { return find_key(subscriptions, k); }
const Call* ProcessInstance::find(CallKey k) const { return find_key(calls, k); }
const Incident* ProcessInstance::find(IncidentKey k) const { return find_key(incidents, k); }

const ScopeData* ProcessInstance::find_scope(ElementKey k) const {
  const auto found = std::lower_bound(scopes.begin(), scopes.end(), k, [](const ScopeData& s, ElementKey wanted) { return s.key < wanted; });
  return found != scopes.end() && found->key == k ? &*found : nullptr;
}

const AdHocState* ProcessInstance::find_ad_hoc(ElementKey k) const { return find_key(ad_hocs, k); }

const GatewayState* ProcessInstance::find_gateway(ElementKey scope, ElementIndex gateway) const {
  const auto found = std::find_if(gateways.begin(), gateways.end(), [&](const GatewayState& g) { return g.scope == scope && g.gateway == gateway; });
  return found == gateways.end() ? nullptr : &*found;
}

const sla::Ledger* ProcessInstance::find(ClockIndex c) const {
  for (const sla::Ledger& l : clocks)
    if (l.clock == c) return &l;
  return nullptr;
}

}  // namespace switchboard::core
