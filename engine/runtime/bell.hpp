// Wakes those who wait for work, for a case or for the outbox when something of theirs has been committed.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <list>
#include <mutex>
#include <string>
#include <vector>

#include "core/core.hpp"
#include "store/store.hpp"

namespace switchboard::runtime {

struct Transition;

/// Rung by the committer for every commit of this engine. What another process (or another engine on the same file) commits is noticed by asking the
/// store for its data version, ten times a second for all who wait together; and once a second everybody looks anyway, because a lease that runs out
/// is committed by nobody. Thread-safe.
class Bell {
 public:
  using Clock = std::chrono::steady_clock;
  /// Nobody waits longer: instants of the steady clock far ahead cannot be told.
  static constexpr std::chrono::hours longest_wait{24 * 365};
  explicit Bell(store::Store& store) : store_(store) {}

  /// What one waits for.
  struct Watch {
    std::vector<std::string> topics;  ///< a job of one of these became open
    core::InstanceKey instance;       ///< this case changed
    bool outbox = false;              ///< there may be a new record
    bool takes = false;               ///< who wakes takes the job: for one job only one such is woken, who has waited longest
  };

  /// One who waits, from before he looks whether there is something to before he goes: so nothing comes between the look and the wait.
  class Waiter {
   public:
    Waiter(Bell& bell, Watch watch);
    ~Waiter();
    Waiter(const Waiter&) = delete;
    Waiter& operator=(const Waiter&) = delete;
    /// Returns when it is time to look again: the bell rang, a second has passed, it is `until`, or nobody may wait any more.
    [[nodiscard]] Result<void> wait(Clock::time_point until);

   private:
    friend class Bell;
    Bell& bell_;
    Watch watch_;
    bool rung_ = false;
    std::condition_variable wake_;
    std::list<Waiter*>::iterator place_;
  };

  /// By the committing thread, which holds no lock.
  void ring(const std::vector<Transition*>& batch);
  /// From now on nobody waits: all wake and find that it is so.
  void close();
  /// Closes, and returns when all who waited have gone.
  void drain();
  [[nodiscard]] bool is_closed() const { return closed_; }

 private:
  /// Asks the store whether somebody else has committed, unless that was asked just now. Under mutex_.
  [[nodiscard]] Result<void> look_at_store(bool at_once);
  void ring_for(const Transition& t);
  void ring_topic(const std::string& topic);
  static void ring(Waiter& waiter);

  store::Store& store_;
  std::mutex mutex_;
  std::list<Waiter*> waiters_;  ///< who has waited longest first
  std::atomic<std::size_t> waiting_ = 0;
  std::atomic<bool> closed_ = false;
  std::condition_variable left_;
  Clock::time_point looked_;
  std::uint64_t version_ = 0;  ///< of the store's data, as last seen
};

}  // namespace switchboard::runtime
