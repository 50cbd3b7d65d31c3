// Who a message is for.
#include <algorithm>
#include <tuple>

#include "core/core.hpp"

namespace switchboard::core {

std::optional<WaitingInstance> correlate(std::span<const WaitingInstance> waiting, const Message& message) {
  const WaitingInstance* best = nullptr;
  const auto rank = [](const WaitingInstance& w) {
    const Subscription& s = w.subscription;
    return std::tuple(is_listening(s), s.opened, w.instance.value, s.key.value);
  };
  for (const WaitingInstance& w : waiting) {
    const Subscription& s = w.subscription;
    if (s.kind != SubscriptionKind::message || s.name != message.name || s.correlation != message.correlation) continue;
    if (best == nullptr || rank(w) < rank(*best)) best = &w;
  }
  return best == nullptr ? std::nullopt : std::optional(*best);
}

std::vector<WaitingInstance> correlate_signal(std::span<const WaitingInstance> waiting, std::string_view name) {
  std::vector<WaitingInstance> all;
  for (const WaitingInstance& w : waiting)
    if (w.subscription.kind == SubscriptionKind::signal && w.subscription.name == name) all.push_back(w);
  std::sort(all.begin(), all.end(), [](const WaitingInstance& a, const WaitingInstance& b) {
    return std::tuple(a.instance.value, a.subscription.key.value) < std::tuple(b.instance.value, b.subscription.key.value);
  });
  return all;
}

}  // namespace switchboard::core
