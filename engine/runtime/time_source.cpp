#include "runtime/time_source.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <utility>

namespace switchboard::runtime {

namespace {

Instant system_now() { return Instant::from(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())); }

}  // namespace

TimeSource::TimeSource(Clock clock, LatestInstant latest) : clock_(clock ? std::move(clock) : Clock(system_now)), latest_(std::move(latest)) {}

Result<Instant> TimeSource::now() const {
  SB_TRY(const Instant at, told());
  if (latest_ && at.us > horizon_.load(std::memory_order_relaxed)) {
    SB_TRYV(look_at_jump(at));
  }
  return at;
}

/// A clock set wrong by years would stamp every case with an instant that nothing comes after.
Result<void> TimeSource::look_at_jump(Instant at) const {
  SB_TRY(const std::optional<Instant> latest, latest_());
  if (!latest) return success();
  const Instant horizon = *latest + longest_jump;
  if (at > horizon)
    return Error{ErrorKind::rejected,
                 "SB0559",
                 fmt::format("the clock says {}, more than 366 days after {}, the latest instant recorded in this database", to_string(at),
                             to_string(*latest)),
                 {},
                 "set the clock right; if it is right, force it once (`--force-clock`, `force_clock` of the engine's options)"};
  horizon_.store(horizon.us, std::memory_order_relaxed);
  return success();
}

Result<Instant> TimeSource::told() const {
  const auto failed = [](const char* what) {
    return Error{ErrorKind::storage, "SB0553", fmt::format("the clock threw: {}", what), {}, "let the clock tell the time, then repeat"};
  };
  try {
    const Instant at = clock_();
    last_told_.store(at.us, std::memory_order_relaxed);
    return at;
  } catch (const std::exception& e) {
    return failed(e.what());
  } catch (...) {
    return failed("something that is no std::exception");
  }
}

}  // namespace switchboard::runtime
