// The embedder's clock as the engine asks it.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>

#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// The latest instant that the store has recorded.
using LatestInstant = std::function<Result<std::optional<Instant>>()>;

/// Tells the instant of every command. Thread-safe as far as the embedder's clock is.
class TimeSource {
 public:
  /// `clock` empty: the system's. `latest` empty: whatever the clock says is taken.
  TimeSource(Clock clock, LatestInstant latest);

  /// For what will be written. SB0553 (storage) when the clock throws: the command ends as when the disk fails, nothing has changed, what waits is
  /// done later. SB0559 (rejected) when it says an instant more than `longest_jump` after the latest one recorded.
  [[nodiscard]] Result<Instant> now() const;
  /// For questions: any instant may be asked about. SB0553.
  [[nodiscard]] Result<Instant> told() const;
  /// What the clock told last; the beginning of time when it never told any.
  [[nodiscard]] Instant last_told() const { return {last_told_.load(std::memory_order_relaxed)}; }

  static constexpr Duration longest_jump = Duration::days(366);

 private:
  static constexpr std::int64_t unknown = std::numeric_limits<std::int64_t>::min();
  [[nodiscard]] Result<void> look_at_jump(Instant at) const;

  Clock clock_;
  LatestInstant latest_;
  mutable std::atomic<std::int64_t> last_told_{unknown};  ///< in microseconds
  mutable std::atomic<std::int64_t> horizon_{unknown};    ///< up to here no look at the store is needed
};

}  // namespace switchboard::runtime
