// Lexical forms of dates, times and durations. DMN 1.5, 10.3.4.1 refers to XML Schema part 2 and adds zone names after `@`.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/ascii.hpp"
#include "switchboard/value/temporal.hpp"

namespace switchboard {
namespace {

/// Reads the text from the front; every step says whether it fitted.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  [[nodiscard]] bool done() const { return text_.empty(); }
  [[nodiscard]] std::string_view rest() const { return text_; }
  [[nodiscard]] char peek() const { return text_.empty() ? '\0' : text_.front(); }

  bool take(char c) {
    if (peek() != c) return false;
    text_.remove_prefix(1);
    return true;
  }
  /// Exactly `count` digits with a value in [0, highest].
  bool number(std::size_t count, unsigned highest, unsigned& out) {
    if (run() < count) return false;
    out = 0;
    for (std::size_t i = 0; i < count; ++i) out = out * 10 + static_cast<unsigned>(text_[i] - '0');
    text_.remove_prefix(count);
    return out <= highest;
  }
  /// How many digits come next.
  [[nodiscard]] std::size_t run() const { return static_cast<std::size_t>(std::find_if_not(text_.begin(), text_.end(), is_digit) - text_.begin()); }
  std::string_view digits() {
    const std::string_view out = text_.substr(0, run());
    text_.remove_prefix(out.size());
    return out;
  }

 private:
  std::string_view text_;
};

std::optional<std::int64_t> to_number(std::string_view digits) {
  if (digits.empty()) return std::nullopt;
  std::int64_t out = 0;
  for (const char c : digits) {
    if (__builtin_mul_overflow(out, std::int64_t{10}, &out) || __builtin_add_overflow(out, std::int64_t{c - '0'}, &out)) return std::nullopt;
  }
  return out;
}

bool scan_date(Scanner& s, Date& out) {
  const bool negative = s.take('-');
  const std::string_view year = s.digits();
  // At least four digits; more only without leading zeros (XML Schema 1.1 part 2, 3.3.9).
  if (year.size() < 4 || year.size() > 9 || (year.size() > 4 && year.front() == '0')) return false;
  const std::int64_t y = to_number(year).value_or(0);
  unsigned month = 0;
  unsigned day = 0;
  if (!s.take('-') || !s.number(2, 12, month) || !s.take('-') || !s.number(2, 31, day)) return false;
  out.year = static_cast<std::int32_t>(negative ? -y : y);
  if (month == 0 || day == 0 || day > days_in_month(out.year, month)) return false;
  out.month = static_cast<std::uint8_t>(month);
  out.day = static_cast<std::uint8_t>(day);
  return true;
}

/// Nanoseconds of a fraction's digits; finer digits are cut.
std::uint32_t nanoseconds(std::string_view digits) {
  std::uint32_t out = 0;
  for (std::size_t i = 0; i < 9; ++i) out = out * 10 + (i < digits.size() ? static_cast<std::uint32_t>(digits[i] - '0') : 0u);
  return out;
}

bool scan_zone(Scanner& s, ZoneInfo& out) {
  if (s.done()) return true;
  if (s.take('Z')) {
    out.kind = ZoneInfo::Kind::offset;
    return s.done();
  }
  if (s.take('@')) {
    if (!is_known_zone(s.rest())) return false;
    out.kind = ZoneInfo::Kind::zone;
    out.zone = std::string(s.rest());
    return true;
  }
  const bool negative = s.take('-');
  if (!negative && !s.take('+')) return false;
  unsigned hours = 0;
  unsigned minutes = 0;
  unsigned seconds = 0;
  if (!s.number(2, 18, hours) || !s.take(':') || !s.number(2, 59, minutes)) return false;
  if (s.take(':') && !s.number(2, 59, seconds)) return false;
  const auto total = static_cast<std::int32_t>(hours * 3600 + minutes * 60 + seconds);
  if (total > max_offset_seconds) return false;
  out.kind = ZoneInfo::Kind::offset;
  out.offset_seconds = negative ? -total : total;
  return s.done();
}

bool scan_time(Scanner& s, Time& out) {
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  if (!s.number(2, 24, hour) || !s.take(':') || !s.number(2, 59, minute) || !s.take(':') || !s.number(2, 59, second)) return false;
  if (s.take('.')) {
    const std::string_view fraction = s.digits();
    if (fraction.empty()) return false;
    out.nanosecond = nanoseconds(fraction);
  }
  if (hour == 24 && (minute != 0 || second != 0 || out.nanosecond != 0)) return false;
  out.hour = static_cast<std::uint8_t>(hour);
  out.minute = static_cast<std::uint8_t>(minute);
  out.second = static_cast<std::uint8_t>(second);
  return scan_zone(s, out.zone);
}

std::string zone_text(const ZoneInfo& z) {
  if (z.kind == ZoneInfo::Kind::local) return {};
  if (z.kind == ZoneInfo::Kind::zone) return "@" + z.zone;
  if (z.offset_seconds == 0) return "Z";
  const std::int32_t n = std::abs(z.offset_seconds);
  const char sign = z.offset_seconds < 0 ? '-' : '+';
  if (n % 60 != 0) return fmt::format("{}{:02}:{:02}:{:02}", sign, n / 3600, n / 60 % 60, n % 60);
  return fmt::format("{}{:02}:{:02}", sign, n / 3600, n / 60 % 60);
}

std::string fraction_text(std::uint32_t nanosecond) {
  if (nanosecond == 0) return {};
  std::string out = fmt::format(".{:09}", nanosecond);
  out.erase(out.find_last_not_of('0') + 1);
  return out;
}

/// One `<digits><letter>` of a duration. True when it was there; `ok` turns false on overflow.
bool scan_part(Scanner& s, char letter, std::int64_t unit, std::int64_t& sum, bool& ok) {
  Scanner probe = s;
  const std::string_view digits = probe.digits();
  if (digits.empty() || !probe.take(letter)) return false;
  s = probe;
  auto n = to_number(digits);
  std::int64_t scaled = 0;
  if (!n || __builtin_mul_overflow(*n, unit, &scaled) || __builtin_add_overflow(sum, scaled, &sum)) ok = false;
  return true;
}

/// Seconds with an optional fraction: `12S`, `12.5S`.
bool scan_seconds(Scanner& s, DaysTimeDuration& out, bool& ok) {
  Scanner probe = s;
  const std::string_view digits = probe.digits();
  if (digits.empty()) return false;
  if (probe.take('.')) {
    const std::string_view fraction = probe.digits();
    if (fraction.empty()) return false;
    out.nanoseconds = static_cast<std::int32_t>(nanoseconds(fraction));
  }
  if (!probe.take('S')) return false;
  s = probe;
  const auto n = to_number(digits);
  if (!n || __builtin_add_overflow(out.seconds, *n, &out.seconds)) ok = false;
  return true;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  Scanner s(text);
  Date out;
  if (!scan_date(s, out) || !s.done()) return std::nullopt;
  return out;
}

std::optional<Time> parse_time(std::string_view text) {
  Scanner s(text);
  Time out;
  if (!scan_time(s, out)) return std::nullopt;
  if (out.hour == 24) out.hour = 0;
  return out;
}

std::optional<DateTime> parse_date_time(std::string_view text) {
  Scanner s(text);
  DateTime out;
  if (!scan_date(s, out.date) || !s.take('T') || !scan_time(s, out.time)) return std::nullopt;
  if (out.time.hour == 24) {  // the end of a day is the next day's midnight (XML Schema 1.1 part 2, 3.3.7)
    const auto next = from_days(to_days(out.date) + 1);
    if (!next) return std::nullopt;
    out.date = *next;
    out.time.hour = 0;
  }
  return out;
}

std::optional<DaysTimeDuration> parse_days_time_duration(std::string_view text) {
  Scanner s(text);
  DaysTimeDuration out;
  bool ok = true;
  const bool negative = s.take('-');
  if (!s.take('P')) return std::nullopt;
  bool any = scan_part(s, 'D', 86'400, out.seconds, ok);
  if (s.take('T')) {
    const bool hours = scan_part(s, 'H', 3600, out.seconds, ok);
    const bool minutes = scan_part(s, 'M', 60, out.seconds, ok);
    const bool seconds = scan_seconds(s, out, ok);
    if (!hours && !minutes && !seconds) return std::nullopt;
    any = true;
  }
  if (!any || !ok || !s.done()) return std::nullopt;
  if (negative) out = {-out.seconds, -out.nanoseconds};
  return out;
}

std::optional<YearsMonthsDuration> parse_years_months_duration(std::string_view text) {
  Scanner s(text);
  YearsMonthsDuration out;
  bool ok = true;
  const bool negative = s.take('-');
  if (!s.take('P')) return std::nullopt;
  const bool years = scan_part(s, 'Y', 12, out.months, ok);
  const bool months = scan_part(s, 'M', 1, out.months, ok);
  if ((!years && !months) || !ok || !s.done()) return std::nullopt;
  if (negative) out.months = -out.months;
  return out;
}

std::string to_string(const Date& d) {
  if (d.year >= 0 && d.year <= 9999) [[likely]] {
    const auto digit = [](int n) { return static_cast<char>('0' + n % 10); };
    const auto month = static_cast<int>(d.month);
    const auto day = static_cast<int>(d.day);
    return {digit(d.year / 1000), digit(d.year / 100), digit(d.year / 10), digit(d.year), '-', digit(month / 10), digit(month), '-',
            digit(day / 10),      digit(day)};
  }
  return fmt::format("{}{:04}-{:02}-{:02}", d.year < 0 ? "-" : "", std::abs(static_cast<std::int64_t>(d.year)), d.month, d.day);
}

std::string to_string(const Time& t) {
  return fmt::format("{:02}:{:02}:{:02}{}{}", t.hour, t.minute, t.second, fraction_text(t.nanosecond), zone_text(t.zone));
}

std::string to_string(const DateTime& t) { return to_string(t.date) + "T" + to_string(t.time); }

std::string to_string(const DaysTimeDuration& d) {
  if (d.seconds == 0 && d.nanoseconds == 0) return "PT0S";
  const bool negative = d.seconds < 0 || d.nanoseconds < 0;
  const std::uint64_t s = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(d.seconds) : static_cast<std::uint64_t>(d.seconds);
  const auto ns = static_cast<std::uint32_t>(std::abs(d.nanoseconds));
  std::string out = negative ? "-P" : "P";
  if (s >= 86'400) out += fmt::format("{}D", s / 86'400);
  if (s % 86'400 == 0 && ns == 0) return out;
  out += "T";
  if (s / 3600 % 24 != 0) out += fmt::format("{}H", s / 3600 % 24);
  if (s / 60 % 60 != 0) out += fmt::format("{}M", s / 60 % 60);
  if (s % 60 != 0 || ns != 0) out += fmt::format("{}{}S", s % 60, fraction_text(ns));
  return out;
}

std::string to_string(const YearsMonthsDuration& d) {
  if (d.months == 0) return "P0M";
  const std::uint64_t m = d.months < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(d.months) : static_cast<std::uint64_t>(d.months);
  std::string out = d.months < 0 ? "-P" : "P";
  if (m >= 12) out += fmt::format("{}Y", m / 12);
  if (m % 12 != 0) out += fmt::format("{}M", m % 12);
  return out;
}

std::string to_string(Instant at, std::string_view zone) {
  auto t = to_date_time(at, zone);
  if (!t) t = to_date_time(at, "UTC");
  return to_string(*t);
}

}  // namespace switchboard
