// Wide unsigned integers behind Decimal. Private to room value.
#pragma once

#include <array>
#include <bit>
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>

namespace switchboard::wide {

__extension__ typedef unsigned __int128 U128;
using U256 = boost::multiprecision::number<
    boost::multiprecision::cpp_int_backend<256, 256, boost::multiprecision::unsigned_magnitude, boost::multiprecision::unchecked, void>>;

inline constexpr int max_digits = 34;
inline constexpr std::int32_t min_exponent = -6176;
inline constexpr std::int32_t max_exponent = 6111;

inline constexpr auto powers_of_ten = [] {
  std::array<U128, 39> p{};
  p[0] = 1;
  for (std::size_t i = 1; i < p.size(); ++i) p[i] = p[i - 1] * 10;
  return p;
}();

constexpr U128 ten_to(int n) { return powers_of_ten[static_cast<std::size_t>(n)]; }

/// Decimal digits of `v`; 0 has none.
constexpr int digits(U128 v) {
  if (v == 0) return 0;
  const auto upper = static_cast<std::uint64_t>(v >> 64);
  const int bits = upper != 0 ? 128 - std::countl_zero(upper) : 64 - std::countl_zero(static_cast<std::uint64_t>(v));
  const int guess = bits * 1233 >> 12;  // log10(2) as 1233/4096: right or one too few
  return guess < 39 && v >= ten_to(guess) ? guess + 1 : guess;
}

inline U256 to_wide(U128 v) {
  U256 out = static_cast<std::uint64_t>(v >> 64);
  out <<= 64;
  out |= static_cast<std::uint64_t>(v);
  return out;
}
inline U128 to_narrow(const U256& v) {
  const auto low = static_cast<std::uint64_t>(v & U256(UINT64_MAX));
  const auto high = static_cast<std::uint64_t>((v >> 64) & U256(UINT64_MAX));
  return (static_cast<U128>(high) << 64) | low;
}
/// 10^n for n <= 76.
inline U256 wide_ten_to(int n) { return n <= 38 ? to_wide(ten_to(n)) : to_wide(ten_to(38)) * to_wide(ten_to(n - 38)); }

}  // namespace switchboard::wide
