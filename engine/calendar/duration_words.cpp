#include "calendar/duration_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/ascii.hpp"
#include "base/odd_signs.hpp"
#include "calendar/duration.hpp"
#include "calendar/rhythm.hpp"

namespace switchboard::calendar {
namespace {

// What people write for a unit, and what they should.
struct Slip {
  std::string_view written;
  std::string_view meant;
};
constexpr std::array<Slip, 63> unit_slips{{{"m", "min' (minutes) or 'mo"},
                                           {"M", "mo' (months) or 'min"},
                                           {"minute", "min"},
                                           {"minutes", "min"},
                                           {"mins", "min"},
                                           {"Min", "min"},
                                           {"mi", "min"},
                                           {"month", "mo"},
                                           {"months", "mo"},
                                           {"mon", "mo"},
                                           {"mos", "mo"},
                                           {"year", "y"},
                                           {"years", "y"},
                                           {"yr", "y"},
                                           {"yrs", "y"},
                                           {"week", "w"},
                                           {"weeks", "w"},
                                           {"wk", "w"},
                                           {"wks", "w"},
                                           {"day", "d"},
                                           {"days", "d"},
                                           {"D", "d"},
                                           {"hour", "h"},
                                           {"hours", "h"},
                                           {"hr", "h"},
                                           {"hrs", "h"},
                                           {"H", "h"},
                                           {"sec", "s"},
                                           {"secs", "s"},
                                           {"second", "s"},
                                           {"seconds", "s"},
                                           {"millis", "ms"},
                                           {"msec", "ms"},
                                           {"wd", "bd"},
                                           {"BD", "bd"},
                                           {"bds", "bd"},
                                           {"wh", "bh"},
                                           {"BH", "bh"},
                                           {"bhs", "bh"},
                                           {"bm", "bmin"},
                                           {"天", "d"},
                                           {"日", "d"},
                                           {"小时", "h"},
                                           {"个小时", "h"},
                                           {"时", "h"},
                                           {"分钟", "min"},
                                           {"分", "min"},
                                           {"秒", "s"},
                                           {"秒钟", "s"},
                                           {"毫秒", "ms"},
                                           {"周", "w"},
                                           {"星期", "w"},
                                           {"个星期", "w"},
                                           {"月", "mo"},
                                           {"个月", "mo"},
                                           {"年", "y"},
                                           {"工作日", "bd"},
                                           {"个工作日", "bd"},
                                           {"工作天", "bd"},
                                           {"工作小时", "bh"},
                                           {"个工作小时", "bh"},
                                           {"工时", "bh"},
                                           {"工作分钟", "bmin"}}};

/// Words for numbers, Chinese ones without the blank that English ones have behind them.
struct NumberWord {
  std::string_view written;
  std::string_view digits;  ///< "/2": half of the unit
};
constexpr std::array<NumberWord, 30> number_words{
    {{"a", "1"},     {"an", "1"},    {"one", "1"},  {"two", "2"},  {"three", "3"},   {"four", "4"},  {"five", "5"},    {"six", "6"},
     {"seven", "7"}, {"eight", "8"}, {"nine", "9"}, {"ten", "10"}, {"twelve", "12"}, {"half", "/2"}, {"half a", "/2"}, {"half an", "/2"},
     {"半个", "/2"}, {"半", "/2"},   {"一", "1"},   {"二", "2"},   {"两", "2"},      {"三", "3"},    {"四", "4"},      {"五", "5"},
     {"六", "6"},    {"七", "7"},    {"八", "8"},   {"九", "9"},   {"十", "10"},     {"十二", "12"}}};

/// Half of a unit in smaller ones.
struct Half {
  std::string_view unit;
  std::string_view written;
};
constexpr std::array<Half, 9> halves{{{"d", "`12 h`, or in working time for example `4 bh`"},
                                      {"bd", "`4 bh`"},
                                      {"h", "`30 min`"},
                                      {"bh", "`30 bmin`"},
                                      {"min", "`30 s`"},
                                      {"mo", "`15 d`"},
                                      {"y", "`6 mo`"},
                                      {"w", "`84 h`"},
                                      {"bmin", "`30 s`"}}};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (c == ' ' || c == '\t') {
      if (!out.back().empty()) out.emplace_back();
    } else {
      out.back() += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
  }
  if (out.back().empty()) out.pop_back();
  return out;
}

bool has_only(std::string_view text, std::string_view signs) { return text.find_first_not_of(signs) == std::string_view::npos; }

/// `P3BD`, `PT4BH`: ISO 8601 with a letter of its own for working time.
std::string iso_in_working_time(std::string_view text) {
  if (text.empty() || text.front() != 'P') return {};
  text.remove_prefix(text.starts_with("PT") ? 2 : 1);
  const std::size_t digits = text.find_first_not_of("0123456789");
  const std::string_view unit = digits == std::string_view::npos ? std::string_view() : text.substr(digits);
  const std::string_view meant = unit == "BD" || unit == "WD" ? "bd" : unit == "BH" || unit == "WH" ? "bh" : unit == "BM" ? "bmin" : "";
  if (digits == 0 || meant.empty()) return {};
  return fmt::format("ISO 8601 has no working time: write `{} {}`", text.substr(0, digits), meant);
}

/// What repeats is no length of time: `R3/PT1H`, a line of cron, days with a time of day.
std::string repetition(std::string_view text, const std::vector<std::string>& words) {
  if (text.front() == 'R' && text.find("/P") != std::string_view::npos && has_only(text.substr(1, text.find("/P") - 1), "0123456789")) {
    const std::string_view times = text.substr(1, text.find("/P") - 1);
    const std::string period = fmt::format("a timer repeats by `every: {}`", text.substr(text.find("/P") + 1));
    return times.empty() ? period : period + fmt::format(", so often by `times: {}`", times);
  }
  if (is_cron(text)) return std::string(instead_of_cron);
  if (parse_named_days(text)) {
    const bool is_time = text.size() == 5 && text[2] == ':';
    const std::string repeated = fmt::format("what repeats then is a timer with `every: {{at: {}}}`", text);
    if (!is_time) return repeated;
    const int hours = (text[0] - '0') * 10 + text[1] - '0';
    const int minutes = (text[3] - '0') * 10 + text[4] - '0';
    return fmt::format("a length of time is written `{} h{}`; ", hours, minutes == 0 ? "" : fmt::format(" {} min", minutes)) + repeated;
  }
  if (words.size() != 1) return {};
  if (parse_named_days(words[0] + " 08:00") && !has_only(words[0], "0123456789stndrh"))
    return fmt::format("days are named with a time of day: `every: {{at: {} 08:00}}`", text);
  constexpr std::array<Half, 6> rhythms{
      {{"daily", "1 d"}, {"hourly", "1 h"}, {"weekly", "1 w"}, {"monthly", "1 mo"}, {"yearly", "1 y"}, {"annually", "1 y"}}};
  const auto* found = std::find_if(rhythms.begin(), rhythms.end(), [&](const Half& r) { return r.unit == words[0]; });
  return found == rhythms.end() ? std::string() : fmt::format("write `{}`", found->written);
}

/// A unit as it is written or misspelt, with `working` or `business` before it or not.
std::string unit_of(std::string_view word, bool working) {
  std::string unit(read_duration(fmt::format("1{}", word)) ? word : unit_meant_by(word));
  if (working && unit == "d") return "bd";
  if (working && unit == "h") return "bh";
  if (working && unit == "min") return "bmin";
  return unit.find('\'') == std::string::npos ? unit : std::string();
}

std::string with_unit(std::string_view number, const std::string& unit) {
  if (unit.empty()) return {};
  if (number != "/2") return fmt::format("write `{} {}`", number, unit);
  const auto* half = std::find_if(halves.begin(), halves.end(), [&](const Half& h) { return h.unit == unit; });
  return half == halves.end() ? std::string() : fmt::format("write {}", half->written);
}

/// `three working days`, `half a day`, `3 business hours`.
std::string in_words(std::vector<std::string> words) {
  if (words.size() < 2 || words.size() > 4) return {};
  const std::string last = words.back();
  words.pop_back();
  const bool working = words.back() == "working" || words.back() == "business" || words.back() == "work";
  if (working) words.pop_back();
  if (words.empty()) return {};
  std::string number = words[0];
  for (std::size_t i = 1; i < words.size(); ++i) number += " " + words[i];
  const auto* found = std::find_if(number_words.begin(), number_words.end(), [&](const NumberWord& n) { return n.written == number; });
  const bool is_number = has_only(number, "0123456789");
  if (!is_number && found == number_words.end()) return {};
  return with_unit(is_number ? std::string_view(number) : found->digits, unit_of(last, working));
}

/// `半天`, `两个工作日`.
std::string in_chinese(std::string_view text) {
  std::string best;
  for (const NumberWord& n : number_words) {
    if (static_cast<unsigned char>(n.written.front()) < 0x80 || !text.starts_with(n.written)) continue;
    std::string_view rest = text.substr(n.written.size());
    while (rest.starts_with(' ')) rest.remove_prefix(1);
    if (std::string remedy = with_unit(n.digits, unit_of(rest, false)); !remedy.empty()) best = std::move(remedy);
  }
  return best;
}

}  // namespace

bool is_cron(std::string_view text) {
  if (text.size() > 1 && text.front() == '@') return has_only(text.substr(1), "abcdefghijklmnopqrstuvwxyz");
  const std::vector<std::string> fields = words_of(text.substr(0, 60));
  return fields.size() >= 5 && fields.size() <= 7 && std::all_of(fields.begin(), fields.end(), [](const std::string& field) {
           return has_only(field, "0123456789*/,-?l#w") || (field.size() == 3 && has_only(field, "abcdefghijklmnopqrstuvwxyz"));
         });
}

std::string_view unit_meant_by(std::string_view word) {
  const auto* slip = std::find_if(unit_slips.begin(), unit_slips.end(), [&](const Slip& s) { return s.written == word; });
  return slip == unit_slips.end() ? std::string_view() : slip->meant;
}

std::string foreign_duration(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  constexpr std::size_t longest = 60;
  if (text.empty() || text.size() > longest) return {};
  const std::string plain = without_odd_signs(text);
  if (plain != text) {
    return read_duration(plain) || !foreign_duration(plain).empty() ? odd_remedy(text) : std::string();
  }
  const std::vector<std::string> words = words_of(text);
  if (words.size() == 1 && words[0] != "mon")
    if (const std::string unit = unit_of(words[0], false); !unit.empty()) return fmt::format("say how many: `1 {}`", unit);
  for (std::string remedy : {iso_in_working_time(text), repetition(text, words), in_words(words), in_chinese(text)})
    if (!remedy.empty()) return remedy;
  return {};
}

}  // namespace switchboard::calendar
