// Group commit: many threads hand in what they want written, one of them writes it all in one transaction with one sync, and only then is anybody
// answered. (architecture.md, "The way of one command", 4 and 5)
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/core.hpp"
#include "runtime/bell.hpp"
#include "runtime/observers.hpp"
#include "store/store.hpp"

namespace switchboard::runtime {

/// What one command makes of one instance; or, without `after`, only what is to be kept beside instances.
struct Transition {
  model::ExecutablePtr process;
  std::uint64_t version = 0;      ///< of `before`
  std::uint64_t definitions = 0;  ///< Definitions::known() before `process` was asked for; 0: it does not matter
  std::shared_ptr<const core::ProcessInstance> before;
  std::shared_ptr<const core::ProcessInstance> after;
  std::vector<core::Event> events;
  std::vector<core::Effect> effects;
  std::string stage;
  std::string request_id;
  std::string answer;
  bool replaces_answer = false;
  std::vector<store::OutboxRow> outbox;
  std::vector<store::OutboxVerdict> verdicts;
  std::uint32_t chain = 0;  ///< of the errands among `effects`
  std::vector<store::ErrandKey> errands_done, errands_aside, errands_again;
  std::vector<driver::KeptMessage> keeps;
  std::vector<store::KeptEnd> kept_ends;
  std::vector<driver::RowWrite> rows;  ///< of registers
  Instant at;
  std::optional<Error> refused;                        ///< set by the committer: nothing of this transition was written
  std::shared_ptr<const store::Preparation> prepared;  ///< set by the committer: what it writes, made before others wait for it
  std::shared_ptr<const Notice> notice;                ///< set by the committer: what observers hear of it; null: nobody observed
};

/// Thread-safe.
class Committer {
 public:
  /// `observers` will be told of what was committed, `bell` wakes those who wait for it. All of them outlive this.
  Committer(store::Store& store, Observers& observers, Bell& bell) : store_(store), observers_(observers), bell_(bell) {}

  /// Returns when every one of `group` is durable or refused. Those of one group go into one transaction as far as none is refused. The caller may
  /// hold locks; `make_room` comes before them, `tell` when they are released.
  void commit(std::span<Transition* const> group);
  /// Before a command that observers will hear of, while nothing is held (Observers::make_room).
  [[nodiscard]] Result<void> make_room() { return observers_.make_room(); }
  /// After it, when nothing is held (Observers::tell).
  void tell() { observers_.tell(); }

  /// Notes an errand as carried out. It is written with the next commit or `flush`: until then a crash repeats it, which is harmless.
  void errand_done(const store::ErrandKey& key);
  [[nodiscard]] bool is_noted_done(const store::ErrandKey& key);
  /// Notes a message that is kept as offered in vain, likewise.
  void kept_offered(const store::KeptOffer& offer);
  /// Whether that is noted, or was called for again since.
  [[nodiscard]] bool is_noted_offered(const store::KeptOffer& offer);
  /// Writes what errand_done and kept_offered have noted.
  [[nodiscard]] Result<void> flush();

 private:
  /// One caller and what he hands in. Its lock is its own, so that those who are answered do not wait for each other.
  struct Ticket {
    std::span<Transition* const> group;
    std::mutex mutex;
    std::condition_variable ready;
    bool called = false;  ///< under mutex: there is something to look at
    bool done = false;    ///< under mutex
  };
  /// What has been noted, and goes with whatever is written next.
  struct Noted {
    std::vector<store::ErrandKey> done;
    std::vector<store::KeptOffer> offered;
    [[nodiscard]] bool empty() const { return done.empty() && offered.empty(); }
  };
  [[nodiscard]] Noted noted_now() const;
  static void put(const Noted& noted, store::Change& change);
  static void call(Ticket& ticket, bool done);
  [[nodiscard]] static bool wait(Ticket& ticket);
  [[nodiscard]] static bool is_done(Ticket& ticket);
  void prepare(std::span<Transition* const> group);
  void gather(std::unique_lock<std::mutex>& lock);
  void lead(std::unique_lock<std::mutex>& lock);
  void write(std::vector<Transition*> batch, const Noted& noted);
  [[nodiscard]] Result<void> write_once(std::span<Transition* const> batch, const Noted& noted, std::size_t& at);
  void write_each(const std::vector<Transition*>& batch);
  void refuse_known(std::vector<Transition*>& batch, std::size_t from);
  void settle(const Noted& noted);

  static constexpr std::size_t max_batch = 512;

  store::Store& store_;
  Observers& observers_;
  Bell& bell_;
  std::mutex mutex_;
  std::deque<std::shared_ptr<Ticket>> queue_;
  bool leading_ = false;
  std::condition_variable arrived_;  ///< for a leader who gathers
  bool gathering_ = false;
  std::size_t expected_ = 1;                        ///< tickets of the last batch: as many are likely to come again
  std::chrono::nanoseconds patience_{0};            ///< half of what the last transaction took
  std::set<store::ErrandKey> noted_;                ///< carried out, not yet written
  std::map<std::uint64_t, std::uint64_t> offered_;  ///< offered, not yet written: how far, by message
};

}  // namespace switchboard::runtime
