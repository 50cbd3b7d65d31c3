#include "runtime/instance_cache.hpp"

#include <algorithm>

namespace switchboard::runtime {

namespace {

/// What an instance takes in memory, about: texts lie there as they are written, everything else takes more than when it is written.
std::size_t memory_of(const core::ProcessInstance& instance) {
  constexpr std::size_t around = 1'024;
  return around + 2 * static_cast<std::size_t>(core::written_bytes(instance));
}

}  // namespace

InstanceCache::InstanceCache(std::size_t capacity, std::size_t capacity_bytes)
    : capacity_per_shard_(std::max<std::size_t>(1, capacity / shards)), capacity_bytes_(capacity_bytes) {}

Loaded InstanceCache::find(core::InstanceKey key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(key);
  if (found == shard.index.end()) return {};
  shard.order.splice(shard.order.begin(), shard.order, found->second);
  return found->second->loaded;
}

void InstanceCache::put(const Loaded& loaded) {
  const core::InstanceKey key = loaded.instance->key;
  const std::size_t bytes = memory_of(*loaded.instance);
  {
    Shard& shard = shard_of(key);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.index.find(key);
    if (found != shard.index.end()) {
      Kept& kept = *found->second;
      // Two threads may come back from the committer in either order.
      if (kept.loaded.version < loaded.version) {
        bytes_ += bytes;
        bytes_ -= kept.bytes;
        kept = {loaded, bytes};
      }
      kept.loaded.cached = true;
      shard.order.splice(shard.order.begin(), shard.order, found->second);
    } else {
      shard.order.push_front({loaded, bytes});
      shard.order.front().loaded.cached = true;
      shard.index.emplace(key, shard.order.begin());
      bytes_ += bytes;
    }
    while (shard.order.size() > capacity_per_shard_ || (bytes_ > capacity_bytes_ && shard.order.size() > 1)) forget_last(shard);
  }
  if (bytes_ > capacity_bytes_) make_room_beside(key);
}

/// The others of its shard are gone already: now those of other shards, one shard at a time.
void InstanceCache::make_room_beside(core::InstanceKey key) {
  for (std::size_t i = 1; i < shards && bytes_ > capacity_bytes_; ++i) {
    Shard& other = shards_[(key.value + i) % shards];
    const std::lock_guard lock(other.mutex);
    while (bytes_ > capacity_bytes_ && !other.order.empty()) forget_last(other);
  }
}

void InstanceCache::forget_last(Shard& shard) {
  bytes_ -= shard.order.back().bytes;
  shard.index.erase(shard.order.back().loaded.instance->key);
  shard.order.pop_back();
}

void InstanceCache::drop(core::InstanceKey key) {
  Shard& shard = shard_of(key);
  const std::lock_guard lock(shard.mutex);
  const auto found = shard.index.find(key);
  if (found == shard.index.end()) return;
  bytes_ -= found->second->bytes;
  shard.order.erase(found->second);
  shard.index.erase(found);
}

void InstanceCache::clear() {
  for (Shard& shard : shards_) {
    const std::lock_guard lock(shard.mutex);
    while (!shard.order.empty()) forget_last(shard);
  }
}

}  // namespace switchboard::runtime
