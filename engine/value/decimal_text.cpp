// Decimal <-> text and binary floating point.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/ascii.hpp"
#include "switchboard/value/decimal.hpp"
#include "value/wide.hpp"

namespace switchboard {
namespace {

using wide::ten_to;
using wide::U128;

/// Digits read so far: up to 38 in the coefficient, the rest only as "something was there".
struct Scan {
  U128 coefficient = 0;
  std::int64_t exponent = 0;
  bool sticky = false;
  bool any = false;

  void take(char c, bool fraction) {
    any = true;
    const auto digit = static_cast<unsigned>(c - '0');
    if (coefficient < ten_to(37)) {
      coefficient = coefficient * 10 + digit;
      if (fraction) --exponent;
    } else {
      sticky = sticky || digit != 0;
      if (!fraction) ++exponent;
    }
  }
};

/// The exponent after `e`, bounded so that it cannot overflow later.
std::optional<std::int64_t> scan_exponent(std::string_view text) {
  if (text.empty()) return std::nullopt;
  const bool negative = text.front() == '-';
  if (negative || text.front() == '+') text.remove_prefix(1);
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  std::int64_t value = 0;
  for (const char c : text) value = std::min<std::int64_t>(value * 10 + (c - '0'), 1'000'000'000);
  return negative ? -value : value;
}

std::string digits_of(U128 v) {
  std::string out;
  for (; v != 0; v /= 10) out += static_cast<char>('0' + static_cast<int>(v % 10));
  if (out.empty()) out = "0";
  std::reverse(out.begin(), out.end());
  return out;
}

/// The scanned number rounded to 34 digits, half even. A sticky tail beyond 38 digits only breaks ties.
std::optional<Decimal> round_scanned(bool negative, const Scan& scan) {
  U128 c = scan.coefficient;
  std::int64_t e = scan.exponent;
  int drop = wide::digits(c) - wide::max_digits;
  if (const std::int64_t under = wide::min_exponent - e; under > drop) drop = static_cast<int>(std::min<std::int64_t>(under, 39));
  if (drop > 38) return Decimal();
  if (drop > 0) {
    const U128 unit = ten_to(drop);
    const U128 rest = c % unit;
    c /= unit;
    e += drop;
    if (rest > unit / 2 || (rest == unit / 2 && (scan.sticky || c % 2 != 0))) ++c;
  }
  while (c != 0 && e > wide::max_exponent && c < ten_to(wide::max_digits - 1)) {
    c *= 10;
    --e;
  }
  if (c == ten_to(wide::max_digits)) {
    c /= 10;
    ++e;
  }
  if (c == 0) return Decimal();
  if (e > wide::max_exponent) return std::nullopt;
  return Decimal::from_parts(negative, static_cast<std::uint64_t>(c >> 64), static_cast<std::uint64_t>(c), static_cast<std::int32_t>(e));
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (negative || (!text.empty() && text.front() == '+')) text.remove_prefix(1);
  Scan scan;
  std::size_t i = 0;
  for (; i < text.size() && is_digit(text[i]); ++i) scan.take(text[i], false);
  if (i < text.size() && text[i] == '.') {
    const std::size_t first = ++i;
    for (; i < text.size() && is_digit(text[i]); ++i) scan.take(text[i], true);
    if (i == first) return std::nullopt;
  }
  if (!scan.any) return std::nullopt;
  if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    const auto exponent = scan_exponent(text.substr(i + 1));
    if (!exponent) return std::nullopt;
    scan.exponent += *exponent;
    i = text.size();
  }
  if (i != text.size()) return std::nullopt;
  return round_scanned(negative, scan);
}

std::optional<Decimal> Decimal::from_double(double d) {
  if (!std::isfinite(d)) return std::nullopt;
  return parse(fmt::format("{:.16e}", d)).value_or(Decimal()).normalized();
}

double Decimal::to_double() const {
  const std::string text = fmt::format("{}{}e{}", negative_ ? "-" : "", digits_of((static_cast<U128>(high_) << 64) | low_), exponent_);
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error == std::errc::result_out_of_range) return exponent_ < 0 ? 0.0 : (negative_ ? -HUGE_VAL : HUGE_VAL);
  return out;
}

std::string Decimal::to_string() const {
  const Decimal n = normalized();
  std::string text = digits_of((static_cast<U128>(n.high_) << 64) | n.low_);
  if (n.exponent_ > 0) {
    text.append(static_cast<std::size_t>(n.exponent_), '0');
  } else if (n.exponent_ < 0) {
    const auto places = static_cast<std::size_t>(-n.exponent_);
    if (text.size() <= places) text.insert(0, places - text.size() + 1, '0');
    text.insert(text.size() - places, 1, '.');
  }
  return n.is_negative() ? "-" + text : text;
}

}  // namespace switchboard
