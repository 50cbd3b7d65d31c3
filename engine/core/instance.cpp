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

/// What was opened last is asked for most: the last few are looked at from the back, before all are searched.
template <class T, class K>
const T* find_key(const std::vector<T>& all, K key) {
  constexpr std::size_t few = 8;
  std::size_t looked = 0;
  for (auto i = all.rbegin(); i != all.rend(); ++i) {
    if (i->key == key) return &*i;
    if (++looked == few) return search(all, key);
  }
  return nullptr;
}

}  // namespace

const ElementInstance* ProcessInstance::find(ElementKey k) const { return find_key(elements, k); }
const Work* ProcessInstance::find(WorkKey k) const { return find_key(work, k); }
const Timer* ProcessInstance::find(TimerKey k) const { return find_key(timers, k); }
const Subscription* ProcessInstance::find(SubscriptionKey k) const { return find_key(subscriptions, k); }
const Call* ProcessInstance::find(CallKey k) const { return find_key(calls, k); }
const Incident* ProcessInstance::find(IncidentKey k) const { return find_key(incidents, k); }

const ScopeData* ProcessInstance::find_scope(ElementKey k) const { return search(scopes, k); }
const Repetition* ProcessInstance::find_repetition(ElementKey k) const { return search(repetitions, k); }

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
