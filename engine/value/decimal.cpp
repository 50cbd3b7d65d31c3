#include "switchboard/value/decimal.hpp"

#include <charconv>
#include <limits>

#include "switchboard/base/assert.hpp"
#include "value/wide.hpp"

namespace switchboard {
namespace {

using wide::digits;
using wide::ten_to;
using wide::U128;
using wide::U256;

/// An exact intermediate: coefficient * 10^exponent, plus "a little more" when `sticky`.
struct Exact {
  bool negative = false;
  U128 coefficient = 0;
  std::int64_t exponent = 0;
};

U128 coefficient_of(const Decimal& d) { return (static_cast<U128>(d.high()) << 64) | d.low(); }

Decimal raw(bool negative, U128 coefficient, std::int32_t exponent) {
  const auto made = Decimal::from_parts(negative, static_cast<std::uint64_t>(coefficient >> 64), static_cast<std::uint64_t>(coefficient), exponent);
  SB_ASSERT(made.has_value());
  return *made;
}

enum class Rest : std::uint8_t { none, below_half, half, above_half };

/// Whether a quotient cut off at `rest` has to go up by one.
bool goes_up(Decimal::Rounding mode, Rest rest, bool odd, bool negative) {
  if (rest == Rest::none) return false;
  switch (mode) {
    case Decimal::Rounding::half_even: return rest == Rest::above_half || (rest == Rest::half && odd);
    case Decimal::Rounding::half_up: return rest >= Rest::half;
    case Decimal::Rounding::half_down: return rest == Rest::above_half;
    case Decimal::Rounding::up: return true;
    case Decimal::Rounding::down: return false;
    case Decimal::Rounding::floor: return negative;
    case Decimal::Rounding::ceiling: return !negative;
  }
  SB_UNREACHABLE("rounding mode");
}

Rest rest_of(U128 remainder, U128 unit, bool sticky) {
  const U128 half = unit / 2;
  if (remainder == 0) return sticky ? Rest::below_half : Rest::none;
  if (remainder < half) return Rest::below_half;
  if (remainder > half) return Rest::above_half;
  return sticky ? Rest::above_half : Rest::half;
}

/// `coefficient` without its last `drop` digits, rounded. `sticky`: digits already lost below were not all zero.
U128 drop_digits(U128 coefficient, std::int64_t drop, bool sticky, Decimal::Rounding mode, bool negative) {
  if (drop > 38) {
    const bool anything = coefficient != 0 || sticky;
    return anything && goes_up(mode, Rest::below_half, false, negative) ? 1 : 0;
  }
  if (drop <= 0) {
    return coefficient + (goes_up(mode, sticky ? Rest::below_half : Rest::none, (coefficient & 1) != 0, negative) ? 1u : 0u);
  }
  const U128 unit = ten_to(static_cast<int>(drop));
  const U128 quotient = coefficient / unit;
  const Rest rest = rest_of(coefficient % unit, unit, sticky);
  return quotient + (goes_up(mode, rest, (quotient & 1) != 0, negative) ? 1u : 0u);
}

/// Rounds to 34 digits half even and fits the exponent into decimal128's range.
std::optional<Decimal> finish(Exact e, bool sticky) {
  const std::int64_t too_many = digits(e.coefficient) - wide::max_digits;
  const std::int64_t too_small = wide::min_exponent - e.exponent;
  const std::int64_t drop = std::max({too_many, too_small, std::int64_t{0}});
  if (drop > 0 || sticky) {
    e.coefficient = drop_digits(e.coefficient, drop, sticky, Decimal::Rounding::half_even, e.negative);
    e.exponent += drop;
    if (e.coefficient == ten_to(wide::max_digits)) {
      e.coefficient /= 10;
      ++e.exponent;
    }
  }
  if (e.coefficient == 0) return Decimal();
  while (e.exponent > wide::max_exponent && e.coefficient < ten_to(wide::max_digits - 1)) {
    e.coefficient *= 10;
    --e.exponent;
  }
  if (e.exponent > wide::max_exponent) return std::nullopt;
  return raw(e.negative, e.coefficient, static_cast<std::int32_t>(e.exponent));
}

/// The same for an intermediate wider than 128 bits: cut to 38 digits first, remembering whether something was lost.
std::optional<Decimal> finish_wide(bool negative, U256 coefficient, std::int64_t exponent, bool sticky) {
  static const U256 limit = wide::to_wide(ten_to(38));
  static const U256 step = wide::to_wide(ten_to(10));
  while (coefficient >= limit) {
    const U256 quotient = coefficient / step;
    sticky = sticky || quotient * step != coefficient;
    coefficient = quotient;
    exponent += 10;
  }
  return finish({negative, wide::to_narrow(coefficient), exponent}, sticky);
}

struct Stripped {
  U128 coefficient;
  std::int64_t exponent;
};

/// Without trailing zeros, as long as the exponent stays at most `highest`.
Stripped strip_zeros(U128 coefficient, std::int64_t exponent, std::int64_t highest) {
  if (coefficient == 0) return {0, 0};
  while (exponent < highest && coefficient % 10 == 0) {
    coefficient /= 10;
    ++exponent;
  }
  return {coefficient, exponent};
}

/// Sum of magnitudes with signs, both at the same exponent and below 2^127.
std::optional<Decimal> add_aligned(bool a_negative, U128 a, bool b_negative, U128 b, std::int64_t exponent) {
  if (a_negative == b_negative) return finish({a_negative, a + b, exponent}, false);
  if (a >= b) return finish({a_negative, a - b, exponent}, false);
  return finish({b_negative, b - a, exponent}, false);
}

/// a has the higher exponent.
std::optional<Decimal> add_ordered(const Decimal& a, const Decimal& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  const std::int32_t gap = a.exponent() - b.exponent();
  const U128 ca = coefficient_of(a);
  const U128 cb = coefficient_of(b);
  if (gap + digits(ca) <= 37) return add_aligned(a.is_negative(), ca * ten_to(gap), b.is_negative(), cb, b.exponent());
  if (gap <= 38) {
    const U256 scaled = wide::to_wide(ca) * wide::to_wide(ten_to(gap));
    const U256 other = wide::to_wide(cb);
    if (a.is_negative() == b.is_negative()) return finish_wide(a.is_negative(), scaled + other, b.exponent(), false);
    if (scaled >= other) return finish_wide(a.is_negative(), scaled - other, b.exponent(), false);
    return finish_wide(b.is_negative(), other - scaled, b.exponent(), false);
  }
  // b is far below the last digit kept: one unit far down stands for it.
  const U256 scaled = wide::to_wide(ca) * wide::to_wide(ten_to(38));
  const std::int64_t exponent = static_cast<std::int64_t>(a.exponent()) - 38;
  const bool same = a.is_negative() == b.is_negative();
  return finish_wide(a.is_negative(), same ? U256(scaled + 1u) : U256(scaled - 1u), exponent, true);
}

std::strong_ordering order(U128 a, U128 b) {
  if (a == b) return std::strong_ordering::equal;
  return a < b ? std::strong_ordering::less : std::strong_ordering::greater;
}

std::strong_ordering compare_magnitude(const Decimal& a, const Decimal& b) {
  const U128 ca = coefficient_of(a);
  const U128 cb = coefficient_of(b);
  if (a.exponent() == b.exponent()) return order(ca, cb);
  const int top_a = digits(ca) + a.exponent();
  const int top_b = digits(cb) + b.exponent();
  if (top_a != top_b) return top_a <=> top_b;
  // The same leading position: the exponents differ by less than 34, so scaling stays below 10^34.
  if (a.exponent() > b.exponent()) return order(ca * ten_to(a.exponent() - b.exponent()), cb);
  return order(ca, cb * ten_to(b.exponent() - a.exponent()));
}

}  // namespace

Decimal::Decimal(std::int64_t n) : low_(n < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(n) : static_cast<std::uint64_t>(n)), negative_(n < 0) {}

std::optional<Decimal> Decimal::from_parts(bool negative, std::uint64_t high, std::uint64_t low, std::int32_t exponent) {
  const U128 coefficient = (static_cast<U128>(high) << 64) | low;
  if (coefficient >= ten_to(wide::max_digits) || exponent < wide::min_exponent || exponent > wide::max_exponent) return std::nullopt;
  Decimal out;
  if (coefficient == 0) return out;
  out.high_ = high;
  out.low_ = low;
  out.exponent_ = exponent;
  out.negative_ = negative;
  return out;
}

Decimal Decimal::normalized() const {
  const Stripped s = strip_zeros(coefficient_of(*this), exponent_, wide::max_exponent);
  return raw(negative_, s.coefficient, static_cast<std::int32_t>(s.exponent));
}

std::optional<Decimal> add(const Decimal& a, const Decimal& b) {
  if (a.exponent_ == b.exponent_) return add_aligned(a.negative_, coefficient_of(a), b.negative_, coefficient_of(b), a.exponent_);
  return a.exponent_ > b.exponent_ ? add_ordered(a, b) : add_ordered(b, a);
}

std::optional<Decimal> subtract(const Decimal& a, const Decimal& b) { return add(a, b.negated()); }

std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
  const bool negative = a.negative_ != b.negative_;
  const std::int64_t exponent = static_cast<std::int64_t>(a.exponent_) + b.exponent_;
  if (a.high_ == 0 && b.high_ == 0) return finish({negative, static_cast<U128>(a.low_) * b.low_, exponent}, false);
  return finish_wide(negative, wide::to_wide(coefficient_of(a)) * wide::to_wide(coefficient_of(b)), exponent, false);
}

std::optional<Decimal> divide(const Decimal& a, const Decimal& b) {
  if (b.is_zero()) return std::nullopt;
  if (a.is_zero()) return Decimal();
  const bool negative = a.negative_ != b.negative_;
  const U128 ca = coefficient_of(a);
  const U128 cb = coefficient_of(b);
  const std::int64_t ideal = static_cast<std::int64_t>(a.exponent_) - b.exponent_;
  if (ca % cb == 0) return finish({negative, ca / cb, ideal}, false);
  const int shift = wide::max_digits + 1 + std::max(digits(cb) - digits(ca), 0);
  const U256 numerator = wide::to_wide(ca) * wide::wide_ten_to(shift);
  const U256 denominator = wide::to_wide(cb);
  const U256 quotient = numerator / denominator;
  const bool inexact = quotient * denominator != numerator;
  const auto result = finish_wide(negative, quotient, ideal - shift, inexact);
  if (!result || inexact) return result;
  const Stripped s = strip_zeros(coefficient_of(*result), result->exponent_, ideal);
  return raw(negative, s.coefficient, static_cast<std::int32_t>(s.exponent));
}

std::optional<Decimal> floor_modulo(const Decimal& dividend, const Decimal& divisor) {
  if (divisor.is_zero()) return std::nullopt;
  if (dividend.is_zero()) return Decimal();
  const std::int32_t exponent = std::min(dividend.exponent(), divisor.exponent());
  // Scaling by repeated modular multiplication keeps everything exact whatever the exponents are.
  const auto scaled_mod = [](U128 value, std::int32_t tens, const U256& by) {
    U256 rest = wide::to_wide(value) % by;
    for (; tens > 0; --tens) rest = (rest * 10u) % by;
    return rest;
  };
  if (divisor.exponent() - exponent > 38) {  // the divisor is huge beside the dividend's unit
    if (digits(coefficient_of(dividend)) + dividend.exponent() < digits(coefficient_of(divisor)) + divisor.exponent()) {
      return dividend.is_negative() == divisor.is_negative() ? std::optional(dividend) : add(dividend, divisor);
    }
    return std::nullopt;
  }
  const U256 by = wide::to_wide(coefficient_of(divisor)) * wide::wide_ten_to(divisor.exponent() - exponent);
  U256 rest = scaled_mod(coefficient_of(dividend), dividend.exponent() - exponent, by);
  if (rest == 0u) return Decimal();
  if (dividend.is_negative() != divisor.is_negative()) rest = by - rest;
  return finish_wide(divisor.is_negative(), rest, exponent, false);
}

Decimal Decimal::negated() const {
  Decimal out = *this;
  out.negative_ = !is_zero() && !negative_;
  return out;
}

Decimal Decimal::abs() const {
  Decimal out = *this;
  out.negative_ = false;
  return out;
}

std::optional<Decimal> Decimal::rounded(std::int32_t scale, Rounding mode) const {
  const std::int64_t drop = -static_cast<std::int64_t>(scale) - exponent_;
  if (is_zero() || drop <= 0) return *this;
  const U128 coefficient = drop_digits(coefficient_of(*this), drop, false, mode, negative_);
  return finish({negative_, coefficient, exponent_ + drop}, false);
}

bool Decimal::is_integer() const {
  if (exponent_ >= 0 || is_zero()) return true;
  if (exponent_ < -wide::max_digits) return false;
  return coefficient_of(*this) % ten_to(-exponent_) == 0;
}

std::optional<std::int64_t> Decimal::to_int64() const {
  U128 v = coefficient_of(*this);
  if (exponent_ < 0) {
    if (!is_integer()) return std::nullopt;
    v = v == 0 ? 0 : v / ten_to(-exponent_);
  } else if (exponent_ > 0) {
    if (digits(v) + exponent_ > 20) return v == 0 ? std::optional<std::int64_t>(0) : std::nullopt;
    v *= ten_to(exponent_);
  }
  const U128 largest = static_cast<U128>(std::numeric_limits<std::int64_t>::max()) + (negative_ ? 1u : 0u);
  if (v > largest) return std::nullopt;
  const auto magnitude = static_cast<std::uint64_t>(v);
  return static_cast<std::int64_t>(negative_ ? std::uint64_t{0} - magnitude : magnitude);
}

std::strong_ordering operator<=>(const Decimal& a, const Decimal& b) {
  const bool a_zero = a.is_zero();
  const bool b_zero = b.is_zero();
  if (a_zero || b_zero) {
    const int sign_a = a_zero ? 0 : (a.negative_ ? -1 : 1);
    const int sign_b = b_zero ? 0 : (b.negative_ ? -1 : 1);
    return sign_a <=> sign_b;
  }
  if (a.negative_ != b.negative_) return a.negative_ ? std::strong_ordering::less : std::strong_ordering::greater;
  return a.negative_ ? compare_magnitude(b, a) : compare_magnitude(a, b);
}

}  // namespace switchboard
