// The embedder's clock as the engine asks it.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>

#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Tells the instant of every command. Thread-safe as far as the embedder's clock is.
class TimeSource {
 public:
  /// `clock` empty: the system's.
  explicit TimeSource(Clock clock);

  /// SB0553 (storage) when the clock throws: the command ends as when the disk fails, nothing has changed, what waits is done later.
  [[nodiscard]] Result<Instant> now() const;
  /// What the clock told last; the beginning of time when it never told any.
  [[nodiscard]] Instant last_told() const { return {last_told_.load(std::memory_order_relaxed)}; }

 private:
  Clock clock_;
  mutable std::atomic<std::int64_t> last_told_{std::numeric_limits<std::int64_t>::min()};  ///< in microseconds
};

}  // namespace switchboard::runtime
