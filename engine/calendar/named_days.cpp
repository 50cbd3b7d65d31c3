// `1st working day 08:00`: from text to named days.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/ascii.hpp"
#include "calendar/duration_words.hpp"
#include "calendar/rhythm.hpp"

namespace switchboard::calendar {
namespace {

constexpr std::array<std::string_view, 7> weekday_names = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
constexpr std::array<std::string_view, 12> month_names = {"january", "february", "march",     "april",   "may",      "june",
                                                          "july",    "august",   "september", "october", "november", "december"};
constexpr std::size_t most_text = 100;

/// 1-based; 0 when `word` is none of them. The first three letters will do.
template <std::size_t n>
std::int32_t place_of(std::string_view word, const std::array<std::string_view, n>& names) {
  for (std::size_t i = 0; i < n; ++i)
    if (word == names[i] || word == names[i].substr(0, 3)) return static_cast<std::int32_t>(i + 1);
  return 0;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text.substr(0, most_text)), whole_(text.size() <= most_text) {
    std::string word;
    for (const char c : text_) {
      if (c != ' ' && c != '\t' && c != ',') {
        word += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        continue;
      }
      if (!word.empty()) words_.push_back(std::move(word));
      word.clear();
      if (c == ',') comma_ = true;
    }
    if (!word.empty()) words_.push_back(std::move(word));
  }

  Result<NamedDays> read() {
    if (!whole_) return refuse("at most 100 characters are expected");
    if (words_.empty()) return refuse("a time of day is expected, found nothing");
    SB_TRYV(time());
    if (at_end()) return result_;
    if (weekdays()) return result_;
    SB_TRYV(ordinal());
    SB_TRYV(unit());
    if (!at_end()) return refuse(fmt::format("'{}' does not fit here", words_[at_]));
    return result_;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ == words_.size(); }
  [[nodiscard]] std::string_view peek() const { return at_end() ? std::string_view() : std::string_view(words_[at_]); }
  bool take(std::string_view word) {
    if (peek() != word) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] Error refuse(const std::string& what) const {
    if (is_cron(text_)) return {ErrorKind::invalid, "SB0305", fmt::format("'{}' names no days with a time", text_), "", std::string(instead_of_cron)};
    return {ErrorKind::invalid, "SB0305", fmt::format("'{}' names no days with a time: {}", text_, what), "",
            "write for example '08:00', 'mon-fri 08:00', 'working day 08:00', '15th 09:00', '1st working day 08:00', 'last friday 17:00' or "
            "'31 december 23:00'"};
  }

  /// HH:MM, the last word.
  Result<void> time() {
    const std::string word = words_.back();
    words_.pop_back();
    const bool shape = word.size() == 5 && word[2] == ':' && is_digit(word[0]) && is_digit(word[1]) && is_digit(word[3]) && is_digit(word[4]);
    if (!shape) return refuse(fmt::format("a time of day such as 08:00 is expected in the end, found '{}'", word));
    const std::int32_t hour = (word[0] - '0') * 10 + (word[1] - '0');
    const std::int32_t minute = (word[3] - '0') * 10 + (word[4] - '0');
    if (minute > 59 || hour > 24 || (hour == 24 && minute > 0)) return refuse(fmt::format("'{}' is no time of day from 00:00 to 24:00", word));
    result_.minute = hour * 60 + minute;
    return success();
  }

  /// `mon-fri`, `mon, wed`: every day of these, and nothing else.
  bool weekdays() {
    std::uint8_t mask = 0;
    for (const std::string& word : words_) {
      const std::size_t dash = word.find('-');
      const std::int32_t from = place_of(std::string_view(word).substr(0, dash), weekday_names);
      const std::int32_t to = dash == std::string::npos ? from : place_of(std::string_view(word).substr(dash + 1), weekday_names);
      if (from == 0 || to == 0) return false;
      for (std::int32_t day = from;; day = day % 7 + 1) {
        mask = static_cast<std::uint8_t>(mask | 1U << (day - 1));
        if (day == to) break;
      }
    }
    result_.among = NamedDays::Among::weekdays;
    result_.weekdays = mask;
    at_ = words_.size();
    return true;
  }

  /// The n of `1st`, `22nd`, `15`.
  Result<std::int32_t> number(std::string_view word) const {
    std::size_t digits = 0;
    std::int32_t n = 0;
    while (digits < word.size() && digits < 3 && is_digit(word[digits])) n = n * 10 + (word[digits++] - '0');
    const std::string_view rest = word.substr(digits);
    const bool ending = rest.empty() || rest == "st" || rest == "nd" || rest == "rd" || rest == "th";
    if (digits == 0 || !ending || n < 1 || n > 366) return refuse(fmt::format("'{}' is no day of a week, month, quarter or year", word));
    return n;
  }

  Result<void> ordinal() {
    if (comma_) return refuse("a comma stands between weekdays only");
    if (peek() == "day" || peek() == "working") return success();
    if (take("last")) {
      result_.number = -1;
      return success();
    }
    SB_TRY(const std::int32_t n, number(peek()));
    ++at_;
    result_.number = take("last") ? -n : n;
    return success();
  }

  Result<void> unit() {
    const bool each = result_.number == 0;
    bool day_of_month = false;
    if (take("working")) {
      if (!take("day")) return refuse("'day' is expected after 'working'");
      result_.among = NamedDays::Among::working;
    } else if (const std::int32_t weekday = place_of(peek(), weekday_names); weekday > 0) {
      ++at_;
      result_.among = NamedDays::Among::weekdays;
      result_.weekdays = static_cast<std::uint8_t>(1U << (weekday - 1));
    } else if (!take("day")) {
      day_of_month = true;  // `15th`
    }
    if (each) return success();  // of every day
    result_.span = NamedDays::Span::month;
    const bool of = take("of");
    if (at_end() && of) return refuse("'month', 'quarter', 'year' or a month is expected after 'of'");
    if (at_end()) return in_reach(31);
    if (take("month")) return in_reach(31);
    if (take("quarter")) {
      result_.span = NamedDays::Span::quarter;
      return in_reach(92);
    }
    if (take("year")) {
      result_.span = NamedDays::Span::year;
      return success();
    }
    const std::int32_t month = place_of(peek(), month_names);
    if (month == 0 || (!of && !day_of_month)) return refuse(fmt::format("'{}' does not fit here", peek()));
    ++at_;
    result_.span = NamedDays::Span::year;
    result_.month = month;
    return in_reach(31);
  }

  Result<void> in_reach(std::int32_t days) const {
    const std::int32_t n = result_.number < 0 ? -result_.number : result_.number;
    if (n > days) return refuse(fmt::format("there are never {} days to count", n));
    return success();
  }

  std::string_view text_;
  bool whole_;
  bool comma_ = false;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  NamedDays result_;
};

}  // namespace

Result<NamedDays> parse_named_days(std::string_view text) { return Reader(text).read(); }

}  // namespace switchboard::calendar
