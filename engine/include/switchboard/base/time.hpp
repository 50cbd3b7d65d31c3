// Points and spans of time. The pure rooms get time only as arguments of these types; nothing here reads a clock.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>

namespace switchboard {

/// A span of wall-clock time in whole microseconds. May be negative. Arithmetic saturates instead of overflowing.
struct Duration {
  std::int64_t us = 0;

  static constexpr Duration micros(std::int64_t n) { return {n}; }
  static constexpr Duration millis(std::int64_t n) { return scaled(n, 1'000); }
  static constexpr Duration seconds(std::int64_t n) { return scaled(n, 1'000'000); }
  static constexpr Duration minutes(std::int64_t n) { return scaled(n, 60'000'000); }
  static constexpr Duration hours(std::int64_t n) { return scaled(n, 3'600'000'000); }
  static constexpr Duration days(std::int64_t n) { return scaled(n, 86'400'000'000); }

  [[nodiscard]] constexpr double to_seconds() const { return static_cast<double>(us) / 1e6; }
  friend constexpr auto operator<=>(Duration, Duration) = default;
  friend constexpr Duration operator+(Duration a, Duration b) { return {saturating_add(a.us, b.us)}; }
  friend constexpr Duration operator-(Duration a, Duration b) { return {saturating_sub(a.us, b.us)}; }
  constexpr Duration operator-() const { return {saturating_sub(0, us)}; }
  constexpr Duration& operator+=(Duration b) { return *this = *this + b; }
  constexpr Duration& operator-=(Duration b) { return *this = *this - b; }

  static constexpr std::int64_t saturating_add(std::int64_t a, std::int64_t b) {
    std::int64_t r = 0;
    if (!__builtin_add_overflow(a, b, &r)) return r;
    return a < 0 ? INT64_MIN : INT64_MAX;
  }
  static constexpr std::int64_t saturating_sub(std::int64_t a, std::int64_t b) {
    std::int64_t r = 0;
    if (!__builtin_sub_overflow(a, b, &r)) return r;
    return a < 0 ? INT64_MIN : INT64_MAX;
  }

 private:
  static constexpr Duration scaled(std::int64_t n, std::int64_t unit) {
    std::int64_t r = 0;
    if (!__builtin_mul_overflow(n, unit, &r)) return {r};
    return {n < 0 ? INT64_MIN : INT64_MAX};
  }
};

/// A point in time: microseconds since 1970-01-01T00:00:00Z, leap seconds not counted. Totally ordered.
struct Instant {
  std::int64_t us = 0;

  static constexpr Instant min() { return {INT64_MIN}; }
  static constexpr Instant max() { return {INT64_MAX}; }
  static constexpr Instant from(std::chrono::sys_time<std::chrono::microseconds> t) { return {t.time_since_epoch().count()}; }
  [[nodiscard]] constexpr std::chrono::sys_time<std::chrono::microseconds> to_sys() const {
    return std::chrono::sys_time<std::chrono::microseconds>(std::chrono::microseconds(us));
  }
  friend constexpr auto operator<=>(Instant, Instant) = default;
  friend constexpr Instant operator+(Instant a, Duration d) { return {Duration::saturating_add(a.us, d.us)}; }
  friend constexpr Instant operator-(Instant a, Duration d) { return {Duration::saturating_sub(a.us, d.us)}; }
  friend constexpr Duration operator-(Instant a, Instant b) { return {Duration::saturating_sub(a.us, b.us)}; }
};

}  // namespace switchboard
