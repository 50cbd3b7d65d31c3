// Powers, roots, exponential and logarithm: computed with 80 digits, then rounded to 34.
#include <boost/multiprecision/cpp_dec_float.hpp>

#include "switchboard/value/decimal.hpp"
#include "value/wide.hpp"

namespace switchboard {
namespace {

using Float = boost::multiprecision::number<boost::multiprecision::cpp_dec_float<80, std::int32_t, void>, boost::multiprecision::et_off>;

Float to_float(const Decimal& d) {
  Float out(d.high());
  out = out * Float("18446744073709551616") + Float(d.low());
  if (d.exponent() != 0) out *= Float("1e" + std::to_string(d.exponent()));
  return d.is_negative() ? Float(-out) : out;
}

/// Cuts the guard digits in two steps: 60 digits hide the error of the last places, parse() rounds to 34.
std::optional<Decimal> to_decimal(const Float& f) {
  if (!boost::multiprecision::isfinite(f)) return std::nullopt;
  const auto parsed = Decimal::parse(f.str(60, std::ios_base::scientific));
  if (!parsed) return std::nullopt;
  return parsed->normalized();
}

/// base^n by squaring without rounding, as long as 34 digits hold it.
std::optional<Decimal> exact_power(const Decimal& base, std::uint32_t n) {
  Decimal result(1);
  Decimal square = base.normalized();
  const auto fits = [](const Decimal& a, const Decimal& b) {
    const auto count = [](const Decimal& d) { return wide::digits((static_cast<wide::U128>(d.high()) << 64) | d.low()); };
    return count(a) + count(b) <= wide::max_digits;
  };
  for (;;) {
    if ((n & 1u) != 0) {
      if (!fits(result, square)) return std::nullopt;
      const auto next = multiply(result, square);
      if (!next) return std::nullopt;
      result = *next;
    }
    n >>= 1;
    if (n == 0) return result;
    if (!fits(square, square)) return std::nullopt;
    const auto next = multiply(square, square);
    if (!next) return std::nullopt;
    square = *next;
  }
}

std::optional<Decimal> integer_power(const Decimal& base, std::int64_t n) {
  const auto magnitude = static_cast<std::uint64_t>(n < 0 ? -n : n);
  if (base == Decimal(1) || (base == Decimal(-1) && magnitude % 2 == 0)) return Decimal(1);
  if (base == Decimal(-1)) return Decimal(-1);
  if (magnitude <= 1024) {
    if (const auto exact = exact_power(base, static_cast<std::uint32_t>(magnitude))) return n < 0 ? divide(Decimal(1), *exact) : exact;
  }
  if (magnitude > 1'000'000'000) return std::nullopt;
  Float result(1);
  Float square = to_float(base);
  for (std::uint64_t k = magnitude; k != 0; k >>= 1) {
    if ((k & 1u) != 0) result *= square;
    if (k > 1) square *= square;
    if (!boost::multiprecision::isfinite(result) || !boost::multiprecision::isfinite(square)) break;
  }
  if (!boost::multiprecision::isfinite(result)) return n < 0 ? std::optional(Decimal()) : std::nullopt;
  if (n < 0) {
    if (result == 0) return std::nullopt;
    result = 1 / result;
  }
  return to_decimal(result);
}

}  // namespace

std::optional<Decimal> power(const Decimal& base, const Decimal& exponent) {
  if (exponent.is_zero()) return Decimal(1);
  if (base.is_zero()) return exponent.is_negative() ? std::nullopt : std::optional(Decimal());
  if (const auto n = exponent.to_int64()) return integer_power(base, *n);
  if (base.is_negative()) return std::nullopt;
  const Float power_of_e = to_float(exponent) * boost::multiprecision::log(to_float(base));
  if (power_of_e > 15'000) return std::nullopt;
  if (power_of_e < -15'000) return Decimal();
  return to_decimal(boost::multiprecision::exp(power_of_e));
}

std::optional<Decimal> Decimal::sqrt() const {
  if (is_negative()) return std::nullopt;
  if (is_zero()) return Decimal();
  return to_decimal(boost::multiprecision::sqrt(to_float(*this)));
}

std::optional<Decimal> Decimal::exp() const {
  const Decimal largest(15'000);  // e^15000 > 10^6145 > e^-15000
  if (*this > largest) return std::nullopt;
  if (*this < largest.negated()) return Decimal();
  return to_decimal(boost::multiprecision::exp(to_float(*this)));
}

std::optional<Decimal> Decimal::log() const {
  if (is_negative() || is_zero()) return std::nullopt;
  return to_decimal(boost::multiprecision::log(to_float(*this)));
}

}  // namespace switchboard
