// A pool of like resources with one queue, shifts, and its statistics (Kendall's c servers; discipline FIFO, priority or earliest due date).
#pragma once

#include <cstdint>
#include <queue>
#include <vector>

#include "simulation/model.hpp"
#include "simulation/statistics.hpp"

namespace switchboard::simulation {

using ItemIndex = std::uint32_t;

class Pool {
 public:
  Pool(const BoundPool& bound, Instant start, Instant window);

  /// Capacity at `at`; when it next changes (Instant::max() when never).
  void update_capacity(Instant at);
  [[nodiscard]] Instant next_change(Instant at) const;

  void enqueue(ItemIndex item, std::int64_t rank, Instant at);
  /// The next item that may begin now, or nothing. `waits(item)` tells whether it still waits: withdrawn items stay in the heap until they come up.
  template <class StillWaiting>
  bool take(Instant at, StillWaiting&& still_waiting, ItemIndex& item) {
    while (!queue_.empty() && busy_ < capacity_) {
      item = queue_.top().item;
      const bool alive = still_waiting(item);
      queue_.pop();
      if (!alive) continue;
      leave_queue(at);
      set_busy(busy_ + 1, at);
      return true;
    }
    return false;
  }
  void leave_queue(Instant at) { set_length(length_ - 1, at); }
  void release(Instant at) { set_busy(busy_ - 1, at); }
  [[nodiscard]] bool closed() const { return capacity_ == 0; }
  [[nodiscard]] Duration closed_since(Instant from, Instant to) const;
  /// When work of `length` begun at `at` ends: at once through, or suspended at close.
  [[nodiscard]] Instant end_of(Instant at, Duration length) const;

  void close(Instant end);  ///< ends the time averages

  const BoundPool& bound;
  Tally waits;
  std::uint64_t entered = 0;  ///< items offered inside the window
  double utilisation = 0, mean_queue = 0, mean_busy = 0;

 private:
  struct Entry {
    std::int64_t rank;
    std::uint64_t order;
    ItemIndex item;
    bool operator<(const Entry& other) const { return rank != other.rank ? rank > other.rank : order > other.order; }
  };
  void set_busy(std::uint32_t n, Instant at);
  void set_length(std::uint32_t n, Instant at);

  std::priority_queue<Entry> queue_;
  std::uint64_t order_ = 0;
  std::uint32_t capacity_ = 0;
  std::uint32_t busy_ = 0;
  std::uint32_t length_ = 0;
  Instant window_;
  TimeAverage busy_average_, length_average_, capacity_average_;
};

}  // namespace switchboard::simulation
