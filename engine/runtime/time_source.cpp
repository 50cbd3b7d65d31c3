#include "runtime/time_source.hpp"

#include <fmt/format.h>

#include <chrono>
#include <exception>
#include <utility>

namespace switchboard::runtime {

namespace {

Instant system_now() { return Instant::from(std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now())); }

}  // namespace

TimeSource::TimeSource(Clock clock) : clock_(clock ? std::move(clock) : Clock(system_now)) {}

Result<Instant> TimeSource::now() const {
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
