#include "runtime/instance_cache.hpp"

#include <algorithm>

namespace switchboard::runtime {

InstanceCache::InstanceCache(std::size_t capacity) : capacity_per_shard_(std::max<std::size_t>(1, capacity / shards)) {}

Loaded InstanceCache::find(core::InstanceKey key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(key);
  if (found == shard.index.end()) return {};
  shard.order.splice(shard.order.begin(), shard.order, found->second);
  return *found->second;
}

void InstanceCache::put(const Loaded& loaded) {
  Shard& shard = shard_of(loaded.instance->key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(loaded.instance->key);
  if (found != shard.index.end()) {
    // Two threads may come back from the committer in either order.
    if (found->second->version < loaded.version) *found->second = loaded;
    found->second->cached = true;
    shard.order.splice(shard.order.begin(), shard.order, found->second);
    return;
  }
  shard.order.push_front(loaded);
  shard.order.front().cached = true;
  shard.index.emplace(loaded.instance->key, shard.order.begin());
  if (shard.order.size() <= capacity_per_shard_) return;
  shard.index.erase(shard.order.back().instance->key);
  shard.order.pop_back();
}

void InstanceCache::drop(core::InstanceKey key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(key);
  if (found == shard.index.end()) return;
  shard.order.erase(found->second);
  shard.index.erase(found);
}

void InstanceCache::clear() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    shard.index.clear();
    shard.order.clear();
  }
}

}  // namespace switchboard::runtime
