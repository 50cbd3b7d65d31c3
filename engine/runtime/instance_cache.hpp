// The instances used last, so that a command on a busy case needs no read. A cached instance may be older than the store's (another process of the
// operating system writes too): a commit checks the version, and a refusal taken on a cached instance is taken again on a fresh one.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <vector>

#include "core/event.hpp"
#include "core/instance.hpp"
#include "model/library.hpp"

namespace switchboard::runtime {

/// An instance at a version, with the definition it runs. Empty when `instance` is null.
struct Loaded {
  std::shared_ptr<const core::ProcessInstance> instance;
  std::uint64_t version = 0;
  model::ExecutablePtr process;
  bool cached = false;
  std::uint64_t definitions = 0;  ///< Definitions::known() before `process` was asked for
  /// When the case had to follow a calendar first (Commands::load): as it is stored, and the events that led from there to `instance`. They are
  /// written with the next change.
  std::shared_ptr<const core::ProcessInstance> stored{};
  std::vector<core::Event> followed{};
  [[nodiscard]] explicit operator bool() const { return instance != nullptr; }
};

/// Least recently used go first, those of the same shard before others. Thread-safe.
class InstanceCache {
 public:
  /// At most so many instances, and those of about so many bytes in memory; the one that came last always has room.
  InstanceCache(std::size_t capacity, std::size_t capacity_bytes);
  [[nodiscard]] Loaded find(core::InstanceKey key);
  /// Keeps the newer of the two when there is one already.
  void put(const Loaded& loaded);
  void drop(core::InstanceKey key);
  void clear();
  /// About so much memory is held.
  [[nodiscard]] std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t shards = 16;
  struct Kept {
    Loaded loaded;
    std::size_t bytes = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::list<Kept> order;  ///< most recent first
    std::unordered_map<core::InstanceKey, std::list<Kept>::iterator> index;
  };
  void forget_last(Shard& shard);
  void make_room_beside(core::InstanceKey key);
  Shard& shard_of(core::InstanceKey key) { return shards_[key.value % shards]; }

  std::size_t capacity_per_shard_;
  std::size_t capacity_bytes_;
  std::atomic<std::size_t> bytes_ = 0;
  std::array<Shard, shards> shards_;
};

}  // namespace switchboard::runtime
