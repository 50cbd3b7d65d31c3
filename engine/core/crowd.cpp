#include "core/crowd.hpp"

#include <algorithm>
#include <string_view>

#include "core/instance.hpp"

namespace switchboard::core {
namespace {

/// FNV-1a, folded to 32 bits: the fewer digits, the shallower the tree.
std::uint64_t hash_of(std::string_view name) {
  std::uint64_t h = 0xcbf2'9ce4'8422'2325u;
  for (const char c : name) h = (h ^ static_cast<unsigned char>(c)) * 0x100'0000'01b3u;
  return (h ^ (h >> 32)) & 0xffff'ffffu;
}

}  // namespace

std::vector<std::string> names_of(const Work& work) {
  if (!work.assignee.empty()) return {work.assignee};
  if (!work.groups.empty()) return work.groups.all();
  if (!work.topic.empty()) return {work.topic};
  return {};
}

std::vector<std::string> Crowd::holders() const {
  std::vector<std::string> all;
  for (const Holders& same : holders_)
    for (const auto& [name, works] : same.names) all.push_back(name);
  std::sort(all.begin(), all.end());
  return all;
}

void Crowd::count(const ProcessInstance& instance) {
  *this = {};
  is_kept_ = instance.elements.in_tree();
  if (!is_kept_) return;
  for (const ElementInstance& e : instance.elements) entered(e, instance.find(e.scope));
  for (const ScopeTokens& scope : instance.joins)
    for (const JoinTokens& j : scope.tokens) arrived(instance.find(j.scope), j.gateway, j.count);
  const auto attach = [this](const auto& all, PartKind kind) {
    for (const auto& one : all) attached(one.element_key, one.key.value, kind);
  };
  attach(instance.work, PartKind::work);
  attach(instance.timers, PartKind::timer);
  attach(instance.subscriptions, PartKind::subscription);
  attach(instance.calls, PartKind::call);
  attach(instance.incidents, PartKind::incident);
  for (const Work& w : instance.work) taken(w);
}

/// What stands in an activation changes: whether it holds something decides whether the case stands at it.
template <class How>
void Crowd::change(const ElementInstance* scope, How how) {
  if (scope == nullptr) return;
  const bool before = holds_nothing(scope->key);
  if (owned_.find(scope->key) == nullptr) owned_.put({scope->key, 0, 0, {}});
  how(owned_.edit(scope->key));
  drop_if_empty(scope->key);
  const bool after = holds_nothing(scope->key);
  if (before != after) stand(*scope, 0, after ? 1 : -1);
}

void Crowd::entered(const ElementInstance& e, const ElementInstance* scope) {
  stand(e, 1, holds_nothing(e.key) ? 1 : 0);
  change(scope, [&](Owned& owned) {
    ++owned.activations;
    owned.parts.put({{e.key.value}, PartKind::activation});
  });
}

void Crowd::left(const ElementInstance& e, const ElementInstance* scope) {
  stand(e, -1, holds_nothing(e.key) ? -1 : 0);
  change(scope, [&](Owned& owned) {
    --owned.activations;
    owned.parts.erase({e.key.value});
  });
}

void Crowd::arrived(const ElementInstance* scope, model::ElementIndex gateway, std::uint32_t tokens) {
  Place place = place_of(gateway);
  place.tokens += tokens;
  keep(place);
  change(scope, [&](Owned& owned) { owned.tokens += tokens; });
}

void Crowd::consumed(const ElementInstance* scope, model::ElementIndex gateway, std::uint32_t tokens) {
  Place place = place_of(gateway);
  place.tokens -= tokens;
  keep(place);
  change(scope, [&](Owned& owned) { owned.tokens -= tokens; });
}

void Crowd::attached(ElementKey owner, std::uint64_t key, PartKind kind) {
  if (owned_.find(owner) == nullptr) owned_.put({owner, 0, 0, {}});
  owned_.edit(owner).parts.put({{key}, kind});
}

void Crowd::detached(ElementKey owner, std::uint64_t key) {
  owned_.edit(owner).parts.erase({key});
  drop_if_empty(owner);
}

void Crowd::taken(const Work& work) {
  for (const std::string& name : names_of(work)) count_name(name, 1);
}

void Crowd::given_back(const Work& work) {
  for (const std::string& name : names_of(work)) count_name(name, -1);
}

bool Crowd::holds_nothing(ElementKey key) const {
  const Owned* owned = owned_.find(key);
  return owned == nullptr || (owned->activations == 0 && owned->tokens == 0);
}

Crowd::Place Crowd::place_of(model::ElementIndex element) const {
  const Key<struct PlaceKeyTag> key{static_cast<std::uint64_t>(element.value) + 1};
  const Place* known = places_.find(key);
  return known != nullptr ? *known : Place{key, 0, 0, 0};
}

void Crowd::keep(const Place& place) {
  if (place.tokens != 0 || place.activations != 0)
    places_.put(place);
  else if (places_.find(place.key) != nullptr)
    places_.erase(place.key);
}

void Crowd::stand(const ElementInstance& e, int activations, int standing) {
  Place place = place_of(e.element);
  place.activations += static_cast<std::uint64_t>(static_cast<std::int64_t>(activations));
  place.standing += static_cast<std::uint64_t>(static_cast<std::int64_t>(standing));
  keep(place);
}

void Crowd::drop_if_empty(ElementKey owner) {
  const Owned* owned = owned_.find(owner);
  if (owned->parts.empty() && owned->tokens == 0) owned_.erase(owner);
}

void Crowd::count_name(const std::string& name, int more) {
  const Key<struct HolderKeyTag> key{hash_of(name)};
  if (holders_.find(key) == nullptr) holders_.put({key, {}});
  auto& names = holders_.edit(key).names;
  auto at = std::find_if(names.begin(), names.end(), [&](const auto& n) { return n.first >= name; });
  if (at == names.end() || at->first != name) at = names.insert(at, {name, 0});
  at->second += static_cast<std::uint64_t>(static_cast<std::int64_t>(more));
  if (at->second == 0) names.erase(at);
  if (names.empty()) holders_.erase(key);
}

}  // namespace switchboard::core
