#include "calendar/duration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/ascii.hpp"
#include "calendar/duration_words.hpp"

namespace switchboard::calendar {
namespace {

constexpr std::int64_t kSecond = 1'000'000;
constexpr std::int64_t kMostMonths = 119'988;
constexpr std::int64_t kMostDays = 3'652'058;  // 9999 years
constexpr std::int64_t kMostMicros = kMostDays * 86'400 * kSecond;
constexpr std::size_t kMostText = 200;
constexpr std::size_t kMostDecimals = 9;

// Where a unit's amount goes, in what step, and the most that may be there in the end.
struct Unit {
  std::string_view name;
  std::int64_t step;
  enum class Field : std::uint8_t { months, days, working_days, wall, working } field;
  bool decimals;
};
using Field = Unit::Field;

constexpr std::array<Unit, 12> kUnits{{{"y", 12, Field::months, false},
                                       {"mo", 1, Field::months, false},
                                       {"w", 7, Field::days, false},
                                       {"d", 1, Field::days, false},
                                       {"h", 3600 * kSecond, Field::wall, true},
                                       {"min", 60 * kSecond, Field::wall, true},
                                       {"s", kSecond, Field::wall, true},
                                       {"ms", 1000, Field::wall, false},
                                       {"bd", 1, Field::working_days, false},
                                       {"bh", 3600 * kSecond, Field::working, true},
                                       {"bmin", 60 * kSecond, Field::working, true},
                                       {"bs", kSecond, Field::working, true}}};

// ISO 8601's designators in their order; the index says which of kUnits each one is.
struct Designator {
  char letter;
  bool time;
  std::size_t unit;
};
constexpr std::array<Designator, 7> kDesignators{
    {{'Y', false, 0}, {'M', false, 1}, {'W', false, 2}, {'D', false, 3}, {'H', true, 4}, {'M', true, 5}, {'S', true, 6}}};

constexpr bool is_space(char c) { return c == ' ' || c == '\t'; }
constexpr bool is_word(char c) { return !is_digit(c) && !is_space(c) && c != '.' && c != ',' && c != '+' && c != '-'; }

// At most `bytes` of it, never half a character of UTF-8.
std::string_view cut(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0u) == 0x80u) --bytes;
  return text.substr(0, bytes);
}

std::int64_t& field_of(WorkingDuration& d, Field field) {
  switch (field) {
    case Field::months: return d.months;
    case Field::days: return d.days;
    case Field::working_days: return d.working_days;
    case Field::wall: return d.wall.us;
    case Field::working: break;
  }
  return d.working.us;
}

std::int64_t most_of(Field field) {
  if (field == Field::months) return kMostMonths;
  return field == Field::days || field == Field::working_days ? kMostDays : kMostMicros;
}

// A number as written: its whole part, and its decimals without trailing zeros.
struct Number {
  std::string_view whole;
  std::string_view decimals;
};

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<WorkingDuration> parse() {
    if (text_.size() > kMostText) return refuse("SB0304", "a duration has at most 200 characters", "", ErrorKind::limit);
    skip_spaces();
    if (at_end()) return refuse("SB0301", "a duration is expected, found nothing");
    if (peek() == 'P') return parse_iso();
    while (!at_end()) {
      SB_TRYV(parse_part());
      skip_spaces();
    }
    return result_;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  void skip_spaces() {
    while (!at_end() && is_space(peek())) ++at_;
  }
  std::string_view take(bool (*wanted)(char)) {
    const std::size_t from = at_;
    while (!at_end() && wanted(peek())) ++at_;
    return text_.substr(from, at_ - from);
  }

  [[nodiscard]] Error refuse(std::string_view id, const std::string& what, const std::string& remedy = "",
                             ErrorKind kind = ErrorKind::invalid) const {
    const std::string_view shown = cut(text_, 60);
    return {kind, std::string(id), fmt::format("duration '{}{}': {}", shown, shown.size() < text_.size() ? "..." : "", what), "",
            remedy.empty() ? "write for example '45 min', '3 bd', '1 bd 4 bh', '6 mo' or 'PT45M'" : remedy};
  }

  Result<Number> parse_number() {
    if (peek() == '-' || peek() == '+')
      return refuse("SB0301", fmt::format("a number without a sign is expected, found '{}'", peek()),
                    peek() == '-' ? "a duration is never negative: it says how long, not from when; leave the sign out" : "leave the sign out");
    Number n;
    n.whole = take(is_digit);
    if (n.whole.empty()) return refuse("SB0301", fmt::format("a number is expected at '{}'", cut(text_.substr(at_), 20)));
    if (at_end() || (peek() != '.' && peek() != ',')) return n;
    if (peek() == ',') return refuse("SB0301", "a comma has no place here", "write decimals with a point: '1.5 h'");
    ++at_;
    n.decimals = take(is_digit);
    if (n.decimals.empty()) return refuse("SB0301", "a digit is expected after the point");
    while (!n.decimals.empty() && n.decimals.back() == '0') n.decimals.remove_suffix(1);
    return n;
  }

  Result<void> parse_part() {
    SB_TRY(const Number number, parse_number());
    skip_spaces();
    const std::string_view name = take(is_word);
    if (name.empty())
      return refuse("SB0301", fmt::format("a unit is expected after '{}'", number.whole),
                    "the units are y mo w d h min s ms, and bd bh bmin in working time");
    const auto* unit = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == name; });
    if (unit == kUnits.end()) return unknown_unit(name);
    return add(number, static_cast<std::size_t>(unit - kUnits.begin()), unit->name);
  }

  [[nodiscard]] Error unknown_unit(std::string_view name) const {
    const std::string_view slip = unit_meant_by(name);
    const std::string units = "the units are y mo w d h min s ms, and bd bh bmin in working time";
    if (name == "%" || name == "\xEF\xBC\x85")
      return refuse("SB0301", "a share is no duration", "a share of a clock is the place of a mark: `marks: [{at: 80%, ...}]`");
    return refuse("SB0301", fmt::format("unknown unit '{}'", cut(name, 20)),
                  slip.empty() ? units : fmt::format("did you mean '{}'? {}", slip, units));
  }

  Result<WorkingDuration> parse_iso() {
    ++at_;
    bool time = false;
    std::size_t next = 0;  // designators before this one are used up
    bool any = false;
    while (!at_end() && !is_space(peek())) {
      if (peek() == 'T' && !time) {
        time = true;
        any = false;
        ++at_;
        continue;
      }
      SB_TRY(const Number number, parse_number());
      if (at_end())
        return refuse("SB0301", fmt::format("a designator is expected after '{}'", number.whole), "write for example 'P1DT2H' or 'PT45M'");
      const char letter = peek();
      const auto* found = std::find_if(kDesignators.begin() + static_cast<std::ptrdiff_t>(next), kDesignators.end(),
                                       [&](const Designator& d) { return d.letter == letter && d.time == time; });
      if (found == kDesignators.end()) {
        return refuse("SB0301", fmt::format("'{}' does not fit here", letter),
                      "ISO 8601 has Y, M, W, D in this order, then T, then H, M, S: 'P1DT2H'");
      }
      next = static_cast<std::size_t>(found - kDesignators.begin()) + 1;
      ++at_;
      any = true;
      SB_TRYV(add(number, found->unit, text_.substr(at_ - 1, 1)));
    }
    skip_spaces();
    if (!at_end()) return refuse("SB0301", fmt::format("'{}' is left over after an ISO 8601 duration", cut(text_.substr(at_), 20)));
    if (!any)
      return refuse("SB0301", time ? "a part is expected after 'T'" : "a part is expected after 'P'", "write for example 'P1DT2H' or 'PT45M'");
    return result_;
  }

  // Adds `number` of kUnits[index]; every intermediate stays below the field's bound times the step, so nothing overflows.
  Result<void> add(const Number& number, std::size_t index, std::string_view name) {
    const Unit& unit = kUnits[index];
    if (seen_[index]) return refuse("SB0302", fmt::format("the unit '{}' stands here twice", name), "write each unit once");
    seen_[index] = true;
    if (!number.decimals.empty() && !unit.decimals) {
      return refuse("SB0303", fmt::format("'{}' takes whole numbers only", name), "decimals are allowed on h, min, s, bh, bmin: '1.5 h'");
    }
    std::int64_t& field = field_of(result_, unit.field);
    const std::int64_t room = (most_of(unit.field) - field) / unit.step;
    std::int64_t whole = 0;
    for (const char c : number.whole) {
      whole = whole * 10 + (c - '0');
      if (whole > room) return refuse("SB0304", "longer than 9999 years", "write a shorter duration", ErrorKind::limit);
    }
    SB_TRY(const std::int64_t fraction, fraction_of(number.decimals, unit.step));
    field += whole * unit.step + fraction;
    if (field > most_of(unit.field)) return refuse("SB0304", "longer than 9999 years", "write a shorter duration", ErrorKind::limit);
    return success();
  }

  [[nodiscard]] Result<std::int64_t> fraction_of(std::string_view decimals, std::int64_t step) const {
    const auto too_fine = [&] {
      return refuse("SB0303", "the decimals are finer than a microsecond", "write a smaller unit: '20 min', not '0.333333333 h'");
    };
    if (decimals.size() > kMostDecimals) return too_fine();
    std::int64_t numerator = 0;
    std::int64_t denominator = 1;
    for (const char c : decimals) {
      numerator = numerator * 10 + (c - '0');
      denominator *= 10;
    }
    const std::int64_t scaled = numerator * step;  // < 1e9 * 3.6e9
    if (scaled % denominator != 0) return too_fine();
    return scaled / denominator;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::array<bool, kUnits.size()> seen_{};
  WorkingDuration result_;
};

void append(std::string& out, std::int64_t amount, std::string_view unit) {
  if (amount != 0) out += fmt::format("{}{} {}", out.empty() ? "" : " ", amount, unit);
}

// Seconds with as many decimals as they need; "" for none.
std::string seconds_text(std::int64_t micros) {
  std::string text = fmt::format("{}", micros / kSecond);
  if (micros % kSecond == 0) return text;
  text += fmt::format(".{:06}", micros % kSecond);
  while (text.back() == '0') text.pop_back();
  return text;
}

void append_time(std::string& out, Duration d, std::string_view h, std::string_view min, std::string_view s) {
  append(out, d.us / (3600 * kSecond), h);
  append(out, d.us / (60 * kSecond) % 60, min);
  const std::int64_t rest = d.us % (60 * kSecond);
  if (rest != 0) out += fmt::format("{}{} {}", out.empty() ? "" : " ", seconds_text(rest), s);
}

}  // namespace

Result<WorkingDuration> read_duration(std::string_view text) { return Parser(text).parse(); }

Result<WorkingDuration> parse_duration(std::string_view text) {
  auto parsed = read_duration(text);
  if (parsed || parsed.error().id != "SB0301") return parsed;
  Error error = parsed.error();
  if (std::string foreign = foreign_duration(text); !foreign.empty()) error.hint = std::move(foreign);
  return error;
}

std::string to_string(const WorkingDuration& d) {
  std::string out;
  append(out, d.months / 12, "y");
  append(out, d.months % 12, "mo");
  append(out, d.days, "d");
  append(out, d.working_days, "bd");
  append_time(out, d.wall, "h", "min", "s");
  append_time(out, d.working, "bh", "bmin", "bs");
  return out.empty() ? "0 s" : out;
}

}  // namespace switchboard::calendar
