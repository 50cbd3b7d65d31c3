// The instances used last, so that a command on a busy case needs no read. A cached instance may be older than the store's (another process of the
// operating system writes too): a commit checks the version, and a refusal taken on a cached instance is taken again on a fresh one.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "core/instance.hpp"
#include "model/library.hpp"

namespace switchboard::runtime {

/// An instance at a version, with the definition it runs. Empty when `instance` is null.
struct Loaded {
  std::shared_ptr<const core::ProcessInstance> instance;
  std::uint64_t version = 0;
  model::ExecutablePtr process;
  bool cached = false;
  [[nodiscard]] explicit operator bool() const { return instance != nullptr; }
};

/// Least recently used go first. Thread-safe.
class InstanceCache {
 public:
  explicit InstanceCache(std::size_t capacity);
  [[nodiscard]] Loaded find(core::InstanceKey key);
  /// Keeps the newer of the two when there is one already.
  void put(const Loaded& loaded);
  void drop(core::InstanceKey key);
  void clear();

 private:
  static constexpr std::size_t shards = 16;
  struct Shard {
    std::mutex mutex;
    std::list<Loaded> order;  ///< most recent first
    std::unordered_map<core::InstanceKey, std::list<Loaded>::iterator> index;
  };
  Shard& shard_of(core::InstanceKey key) { return shards_[key.value % shards]; }

  std::size_t capacity_per_shard_;
  std::array<Shard, shards> shards_;
};

}  // namespace switchboard::runtime
