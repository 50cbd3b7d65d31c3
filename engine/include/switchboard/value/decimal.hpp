// Decimal numbers with the semantics of IEEE 754 decimal128: 34 significant digits, round half to even.
// DMN 1.5, 10.3.2.3.1 (number): FEEL numbers are based on this type. Wide integer arithmetic comes from Boost.Multiprecision (in the .cpp).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace switchboard {

/// A finite decimal number: sign * coefficient * 10^exponent. Plain 24-byte value, no allocation, thread-safe.
/// Results are rounded to 34 digits half even; an operation without a finite result (division by zero, overflow) yields nullopt.
class Decimal {
 public:
  constexpr Decimal() = default;
  Decimal(std::int64_t n);                                   // NOLINT(google-explicit-constructor): integers are decimals
  Decimal(int n) : Decimal(static_cast<std::int64_t>(n)) {}  // NOLINT(google-explicit-constructor)

  /// Parses `-12.5`, `.5`, `1e-7`. Nothing but the number may stand in the text. nullopt when malformed or out of range.
  static std::optional<Decimal> parse(std::string_view text);
  /// The nearest decimal of 17 significant digits; nullopt for NaN and infinities.
  static std::optional<Decimal> from_double(double d);

  friend std::optional<Decimal> add(const Decimal& a, const Decimal& b);
  friend std::optional<Decimal> subtract(const Decimal& a, const Decimal& b);
  friend std::optional<Decimal> multiply(const Decimal& a, const Decimal& b);
  friend std::optional<Decimal> divide(const Decimal& a, const Decimal& b);
  friend std::optional<Decimal> power(const Decimal& base, const Decimal& exponent);
  /// dividend - divisor * floor(dividend / divisor): the result has the divisor's sign (DMN 1.5, table 75, modulo). nullopt for divisor 0.
  friend std::optional<Decimal> floor_modulo(const Decimal& dividend, const Decimal& divisor);
  [[nodiscard]] std::optional<Decimal> sqrt() const;
  [[nodiscard]] std::optional<Decimal> exp() const;
  [[nodiscard]] std::optional<Decimal> log() const;  ///< natural logarithm
  [[nodiscard]] Decimal negated() const;
  [[nodiscard]] Decimal abs() const;
  [[nodiscard]] Decimal normalized() const;  ///< the same number without trailing zeros in the coefficient: equal numbers, equal parts

  enum class Rounding : std::uint8_t { half_even, half_up, half_down, up, down, floor, ceiling };
  /// Rounded so that `scale` digits stand after the point; `scale` may be negative (DMN 10.3.4.5: -6111 to 6176).
  [[nodiscard]] std::optional<Decimal> rounded(std::int32_t scale, Rounding mode) const;

  [[nodiscard]] bool is_integer() const;
  [[nodiscard]] bool is_zero() const { return high_ == 0 && low_ == 0; }
  [[nodiscard]] bool is_negative() const { return negative_ && !is_zero(); }
  [[nodiscard]] std::optional<std::int64_t> to_int64() const;  ///< only when it is an integer that fits
  [[nodiscard]] double to_double() const;
  /// Shortest plain text: no exponent, no trailing zeros after the point (`1.50` -> `1.5`), `-0` is `0`.
  [[nodiscard]] std::string to_string() const;

  /// Numeric comparison: 1.0 equals 1.
  friend std::strong_ordering operator<=>(const Decimal& a, const Decimal& b);
  friend bool operator==(const Decimal& a, const Decimal& b) { return (a <=> b) == 0; }

  // Raw parts, for canonical bytes and hashing; not a public promise.
  [[nodiscard]] std::uint64_t high() const { return high_; }
  [[nodiscard]] std::uint64_t low() const { return low_; }
  [[nodiscard]] std::int32_t exponent() const { return exponent_; }
  static std::optional<Decimal> from_parts(bool negative, std::uint64_t high, std::uint64_t low, std::int32_t exponent);

 private:
  std::uint64_t high_ = 0;  ///< coefficient, upper 64 bits
  std::uint64_t low_ = 0;   ///< coefficient, lower 64 bits
  std::int32_t exponent_ = 0;
  bool negative_ = false;
};

}  // namespace switchboard
