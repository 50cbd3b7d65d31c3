// Who is told of every durable command.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

namespace switchboard::runtime {

struct Transition;

/// Tells every observer of every transition, in commit order, one call at a time, outside all locks: an observer may command the engine, observe, and
/// end its own observation or another's. Thread-safe.
class Observers {
 public:
  using Observer = std::function<void(const Transition&)>;

  /// Hears of everything that is committed from now on. The number names it; it is never given twice.
  std::uint64_t add(Observer observer);
  /// When this returns, that observer is not running any more and never will; only called from inside an observer it returns at once.
  void remove(std::uint64_t id);

  /// By the thread that has committed `batch`, before it lets another commit: what was not refused will be told. Whether somebody observes.
  bool remember(const std::vector<Transition*>& batch);
  /// Tells what is remembered, unless another thread is doing that: then it does this too.
  void tell();

  /// How often observers threw since this was asked last.
  [[nodiscard]] std::size_t take_threw() { return threw_.exchange(0); }

 private:
  struct Entry {
    std::uint64_t id = 0;
    std::uint64_t since = 0;  ///< number of the first transition that it hears of
    Observer call;
    bool is_removed = false;
  };
  struct Untold {
    std::uint64_t number = 0;
    std::shared_ptr<const Transition> transition;
  };
  void call(const Entry& entry, const Transition& transition, std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::vector<std::shared_ptr<Entry>> entries_;
  std::uint64_t last_id_ = 0;
  std::deque<Untold> untold_;
  std::uint64_t last_number_ = 0;
  bool telling_ = false;
  std::thread::id teller_;     ///< while telling_
  std::uint64_t running_ = 0;  ///< id of the observer that is being called; 0: none
  std::uint64_t calls_ended_ = 0;
  std::condition_variable call_ended_;
  std::atomic<std::size_t> threw_ = 0;
};

}  // namespace switchboard::runtime
