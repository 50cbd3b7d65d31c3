// A pool of like resources with one queue, shifts, and its statistics (Kendall's c servers; discipline FIFO, priority or earliest due date).
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <queue>
#include <vector>

#include "simulation/model.hpp"
#include "simulation/statistics.hpp"

namespace switchboard::simulation {

using ItemIndex = std::uint32_t;

/// Units are seized by `take` (and stay seized while a case keeps them) and come back by `release`.
class Pool {
 public:
  Pool(const BoundPool& bound, Instant start, Instant window);

  /// Capacity at `at`; when it next changes (Instant::max() when never).
  void update_capacity(Instant at);
  [[nodiscard]] Instant next_change(Instant at) const;

  void enqueue(ItemIndex item, std::int64_t rank, Instant at);
  /// The next item that may begin now, or nothing. `waits(item)` tells whether it still waits: withdrawn items stay in the heap until they come up;
  /// `recycle(item)` gets those.
  template <class StillWaiting, class Recycle>
  bool take(Instant at, StillWaiting&& still_waiting, Recycle&& recycle, ItemIndex& item) {
    while (!queue_.empty() && busy_ < capacity_) {
      item = queue_.top().item;
      const bool alive = still_waiting(item);
      queue_.pop();
      if (!alive) {
        recycle(item);
        continue;
      }
      leave_queue(at);
      set_busy(busy_ + 1, at);
      return true;
    }
    return false;
  }
  void leave_queue(Instant at) { set_length(length_ - 1, at); }
  void release(Instant at) { set_busy(busy_ - 1, at); }
  [[nodiscard]] std::uint32_t waiting() const { return length_; }
  [[nodiscard]] Duration closed_since(Instant from, Instant to) const;
  /// When work of `length` begun at `at` ends: at once through, or suspended at close.
  [[nodiscard]] Instant end_of(Instant at, Duration length) const;

  /// Work offered inside the window, that somebody has to be free for.
  void count_offer(Duration length) {
    ++entered;
    offered_seconds_ += length.to_seconds();
  }
  /// Work offered to somebody who was kept for it: it is part of what `activity` holds.
  void count_kept_offer() { ++entered; }
  // Units that stay with a case: how often `activity` seizes one, and how long it holds it beyond its own work.
  void count_seizure(std::uint32_t activity) { ++holdings_[activity].offered; }
  void count_holding(std::uint32_t activity, Duration beyond) {
    ++holdings_[activity].ended;
    holdings_[activity].seconds += beyond.to_seconds();
  }
  void count_unfinished_holding(std::uint32_t activity, Duration so_far) {
    ++holdings_[activity].unfinished;
    holdings_[activity].seconds_so_far += so_far.to_seconds();
  }
  void begin_quarter(std::size_t quarter);  ///< of the run, 0 to 3; ones that were left out had the present queue
  void close(Instant end);                  ///< ends the averages over time

  const BoundPool& bound;
  Tally waits;
  std::uint64_t entered = 0;  ///< items offered inside the window
  double utilisation = 0;     ///< busy over what is there; people at work after hours are there
  double overtime = 0;        ///< share of the busy time that lay after hours
  double load = 0;            ///< work offered over capacity: from 1 on the queue grows without end
  double window_seconds = 0;
  double waited_seconds = 0;     ///< by all work, inside the window: the area under the queue
  std::uint32_t early_most = 0;  ///< the longest queue of the run's second quarter
  std::uint32_t late_least = 0;  ///< the shortest queue of its last quarter, 0 when it was not reached

 private:
  struct Holding {
    std::uint64_t offered = 0, ended = 0, unfinished = 0;
    double seconds = 0, seconds_so_far = 0;
    [[nodiscard]] double expected_seconds() const;
  };
  struct Extremes {
    std::uint32_t least = 0, most = 0;
  };
  struct Entry {
    std::int64_t rank;
    std::uint64_t order;
    ItemIndex item;
    bool operator<(const Entry& other) const { return rank != other.rank ? rank > other.rank : order > other.order; }
  };
  void set_busy(std::uint32_t n, Instant at);
  void set_length(std::uint32_t n, Instant at);
  void account(Instant at);

  std::priority_queue<Entry> queue_;
  std::uint64_t order_ = 0;
  std::uint32_t capacity_ = 0;
  std::uint32_t busy_ = 0;
  std::uint32_t length_ = 0;
  Instant window_;
  double offered_seconds_ = 0;
  std::map<std::uint32_t, Holding> holdings_;  ///< by the activity that seizes
  std::array<Extremes, 4> quarters_;
  std::size_t quarter_ = 0;
  TimeAverage working_, there_, capacity_average_, length_average_;
};

}  // namespace switchboard::simulation
