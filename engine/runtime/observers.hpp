// Who is told of every durable command.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "switchboard/engine.hpp"

namespace switchboard::runtime {

struct Transition;

/// What an observer hears of one command, and nothing else of it: the case with its data is not kept alive for who is slow.
struct Notice {
  CaseInfo info;
  std::vector<HistoryInfo> entries;
  std::size_t bytes = 0;  ///< about so much memory
};

/// Tells every observer of every transition, in commit order, one call at a time. The threads of the callers tell, while they hold nothing of the
/// engine: each waits until what it has committed is told, or tells that itself, and then leaves the rest to the next who waits. So nobody tells for
/// the others for ever, and who is slow slows everybody down. What is kept is bounded. Thread-safe. (decision 0065)
class Observers {
 public:
  /// `stall`: how long a command waits for room while no call of an observer ends.
  explicit Observers(std::chrono::microseconds stall) : stall_(stall) {}

  /// Hears of everything that is committed from now on. The number names it; it is never given twice.
  std::uint64_t add(Observer observer);
  /// When this returns, that observer is not running any more and never will; only called from inside an observer it returns at once.
  void remove(std::uint64_t id);

  /// What is to be told of `t`, made before others wait for its commit; null when nobody observes or there is nothing to tell.
  [[nodiscard]] std::shared_ptr<const Notice> notice_of(const Transition& t) const;
  /// By the thread that has committed `batch`, before it lets another commit: what was not refused will be told.
  void remember(const std::vector<Transition*>& batch);
  /// By who will commit, while he holds nothing: waits until there is room. SB0557 (limit) when no call of an observer ended for `stall`, or when an
  /// observer itself asks and too much is kept already: then the command is not carried out.
  [[nodiscard]] Result<void> make_room();
  /// By who has committed, as soon as he holds nothing: returns when everything that is kept now has been told. From inside an observer at once, and
  /// also when no call of an observer ended for `patience`: that one may wait for a lock that this caller holds; it is told afterwards.
  void tell();

  /// How often observers threw since this was asked last.
  [[nodiscard]] std::size_t take_threw() { return threw_.exchange(0); }
  /// Notices that are kept.
  [[nodiscard]] std::size_t kept() const { return kept_count_; }

  static constexpr std::size_t most_kept = 256;  ///< notices; what calls under way commit comes on top
  static constexpr std::size_t most_kept_bytes = 16 << 20;
  static constexpr std::size_t share_of_observers = 16;  ///< commands of an observer itself may keep so many times as much: they cannot wait
  static constexpr std::chrono::milliseconds patience{200};

 private:
  struct Entry {
    std::uint64_t id = 0;
    std::uint64_t since = 0;  ///< number of the first notice that it hears of
    Observer call;
    std::atomic<bool> is_removed = false;
  };
  using Entries = std::vector<std::shared_ptr<Entry>>;
  struct Kept {
    std::uint64_t number = 0;
    std::shared_ptr<const Notice> notice;
  };
  using Lock = std::unique_lock<std::mutex>;
  [[nodiscard]] bool catch_up(std::uint64_t number, std::chrono::microseconds patience, Lock& lock);
  void tell_up_to(std::uint64_t number, Lock& lock);
  void tell_next(Lock& lock);
  void call(const Entry& entry, const Notice& notice, Lock& lock);
  void keep(std::shared_ptr<const Notice> notice);
  [[nodiscard]] bool is_teller() const { return telling_ && teller_ == std::this_thread::get_id(); }
  [[nodiscard]] bool is_full(std::size_t times) const { return kept_.size() >= times * most_kept || kept_bytes_ >= times * most_kept_bytes; }
  [[nodiscard]] bool somebody_waits() const { return !awaited_.empty() && *awaited_.rbegin() > told_; }

  const std::chrono::microseconds stall_;
  std::mutex mutex_;
  std::shared_ptr<const Entries> entries_ = std::make_shared<Entries>();  ///< another one after every change
  std::atomic<bool> is_observed_ = false;
  std::uint64_t last_id_ = 0;
  std::deque<Kept> kept_;
  std::size_t kept_bytes_ = 0;
  std::atomic<std::size_t> kept_count_ = 0;  ///< of kept_, to look at without the lock
  std::uint64_t last_number_ = 0;
  std::uint64_t told_ = 0;
  std::uint64_t left_ = 0;                ///< up to here nobody may be waiting any more: who tells goes on up to here when nobody waits
  std::multiset<std::uint64_t> awaited_;  ///< by those who wait
  bool telling_ = false;
  std::thread::id teller_;     ///< while telling_
  std::uint64_t running_ = 0;  ///< id of the observer that is being called; 0: none
  std::uint64_t calls_ended_ = 0;
  bool is_stuck_ = false;          ///< somebody has waited in vain for the call that runs: the next ones do not
  std::condition_variable moved_;  ///< a call ended, or somebody stopped telling
  std::atomic<std::size_t> threw_ = 0;
};

}  // namespace switchboard::runtime
