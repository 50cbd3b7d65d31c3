#include "feel/foreign_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "base/ascii.hpp"
#include "calendar/duration.hpp"

namespace switchboard::feel {
namespace {

struct Foreign {
  std::string_view written;  ///< in small letters, without signs
  std::string_view remedy;
};

constexpr std::string_view length_of = "FEEL writes `string length(text)` and `count(list)`";
constexpr std::string_view nothing_there = "FEEL compares with null: `x = null`, `x != null`";
constexpr std::string_view nothing_in = "FEEL compares: `x = null` for nothing, `x = \"\"` for an empty text, `count(x) = 0` for an empty list";
constexpr std::string_view into_number = "FEEL writes `number(text)`";
constexpr std::string_view part_of = "a part of a date or an instant stands behind a dot: `x.year`, `x.month`, `x.day`, `x.hour`, `x.weekday`";
constexpr std::string_view later = "FEEL adds a duration: `x + @\"P3D\"`, `x + @\"PT2H\"`; working days: `add working days(x, 3)`";
constexpr std::string_view between = "FEEL subtracts: `(later - earlier).days`; working days: `working days(earlier, later)`";
constexpr std::string_view each_of = "FEEL writes `for x in list return ...`, and a filter behind the list: `list[item > 3]`";
constexpr std::string_view choice = "FEEL writes `if ... then ... else if ... then ... else ...`";
constexpr std::string_view present = "FEEL writes `now()` and `today()`";

constexpr std::array functions{
    Foreign{"len", length_of},
    Foreign{"length", length_of},
    Foreign{"size", length_of},
    Foreign{"strlen", length_of},
    Foreign{"isnull", nothing_there},
    Foreign{"isnotnull", nothing_there},
    Foreign{"exists", nothing_there},
    Foreign{"defined", nothing_there},
    Foreign{"isdefined", nothing_there},
    Foreign{"isempty", nothing_in},
    Foreign{"empty", nothing_in},
    Foreign{"isblank", nothing_in},
    Foreign{"coalesce", "FEEL writes `if x != null then x else y`"},
    Foreign{"nvl", "FEEL writes `if x != null then x else y`"},
    Foreign{"ifnull", "FEEL writes `if x != null then x else y`"},
    Foreign{"upper", "FEEL writes `upper case(text)`"},
    Foreign{"toupper", "FEEL writes `upper case(text)`"},
    Foreign{"touppercase", "FEEL writes `upper case(text)`"},
    Foreign{"lower", "FEEL writes `lower case(text)`"},
    Foreign{"tolower", "FEEL writes `lower case(text)`"},
    Foreign{"tolowercase", "FEEL writes `lower case(text)`"},
    Foreign{"str", "FEEL writes `string(x)`"},
    Foreign{"text", "FEEL writes `string(x)`"},
    Foreign{"tostring", "FEEL writes `string(x)`"},
    Foreign{"int", into_number},
    Foreign{"integer", into_number},
    Foreign{"float", into_number},
    Foreign{"num", into_number},
    Foreign{"tonumber", into_number},
    Foreign{"parseint", into_number},
    Foreign{"parsefloat", into_number},
    Foreign{"concat", "FEEL joins texts by `+`, lists by `concatenate(a, b)`"},
    Foreign{"join", "FEEL writes `string join(list, \", \")`"},
    Foreign{"substr", "FEEL writes `substring(text, 1, 3)`; positions begin at 1"},
    Foreign{"mid", "FEEL writes `substring(text, 1, 3)`; positions begin at 1"},
    Foreign{"left", "FEEL writes `substring(text, 1, 3)`; positions begin at 1"},
    Foreign{"slice", "FEEL writes `sublist(list, 1, 3)` and `substring(text, 1, 3)`; positions begin at 1"},
    Foreign{"trim", "FEEL writes `replace(text, \"^\\s+|\\s+$\", \"\")`"},
    Foreign{"indexof", "FEEL writes `index of(list, x)` and `contains(text, part)`"},
    Foreign{"includes", "FEEL writes `list contains(list, x)` and `contains(text, part)`"},
    Foreign{"has", "FEEL writes `list contains(list, x)` and `contains(text, part)`"},
    Foreign{"startswith", "FEEL writes `starts with(text, part)`"},
    Foreign{"endswith", "FEEL writes `ends with(text, part)`"},
    Foreign{"like", "FEEL writes `contains(text, part)` or `matches(text, pattern)`"},
    Foreign{"regex", "FEEL writes `matches(text, pattern)`"},
    Foreign{"round", "FEEL writes `round half up(number, 0)`"},
    Foreign{"ceil", "FEEL writes `ceiling(number)`"},
    Foreign{"avg", "FEEL writes `mean(list)`"},
    Foreign{"average", "FEEL writes `mean(list)`"},
    Foreign{"maximum", "FEEL writes `max(list)`"},
    Foreign{"minimum", "FEEL writes `min(list)`"},
    Foreign{"pow", "FEEL writes `x ** 2`"},
    Foreign{"first", "FEEL writes `list[1]`"},
    Foreign{"head", "FEEL writes `list[1]`"},
    Foreign{"last", "FEEL writes `list[-1]`"},
    Foreign{"map", each_of},
    Foreign{"filter", each_of},
    Foreign{"where", each_of},
    Foreign{"select", each_of},
    Foreign{"foreach", each_of},
    Foreign{"switch", choice},
    Foreign{"iif", choice},
    Foreign{"year", part_of},
    Foreign{"hour", part_of},
    Foreign{"minute", part_of},
    Foreign{"weekday", part_of},
    Foreign{"getyear", part_of},
    Foreign{"getmonth", part_of},
    Foreign{"adddays", later},
    Foreign{"plusdays", later},
    Foreign{"addhours", later},
    Foreign{"addminutes", later},
    Foreign{"dateadd", later},
    Foreign{"addworkingdays", "FEEL writes `add working days(x, 3)`"},
    Foreign{"addbusinessdays", "FEEL writes `add working days(x, 3)`"},
    Foreign{"datediff", between},
    Foreign{"daysbetween", between},
    Foreign{"workingdays", "FEEL writes `working days(from, to)`"},
    Foreign{"workdays", "FEEL writes `working days(from, to)`"},
    Foreign{"getdate", present},
    Foreign{"sysdate", present},
    Foreign{"curdate", present},
    Foreign{"currentdate", present},
    Foreign{"currenttime", present},
    Foreign{"currenttimestamp", present},
};

constexpr std::array words{
    Foreign{"is", "FEEL writes `=`"},
    Foreign{"eq", "FEEL writes `=`"},
    Foreign{"equals", "FEEL writes `=`"},
    Foreign{"ne", "FEEL writes `!=`"},
    Foreign{"gt", "FEEL writes `>`"},
    Foreign{"ge", "FEEL writes `>=`"},
    Foreign{"lt", "FEEL writes `<`"},
    Foreign{"le", "FEEL writes `<=`"},
    Foreign{"mod", "FEEL writes `modulo(a, b)`"},
    Foreign{"none", "FEEL writes `null`"},
    Foreign{"nil", "FEEL writes `null`"},
    Foreign{"undefined", "FEEL writes `null`"},
    Foreign{"elif", "FEEL writes `else if`"},
    Foreign{"elseif", "FEEL writes `else if`"},
    Foreign{"elsif", "FEEL writes `else if`"},
    Foreign{"then", "an `if` is missing at the beginning; where a condition alone is wanted, leave `then` out"},
    Foreign{"else", "an `if` is missing at the beginning: `if ... then ... else ...`"},
    Foreign{"return", "an expression is its own result: leave `return` out"},
    Foreign{"let", "an expression has no variables: a scriptTask sets data, a context names parts: `{a: 1, b: a + 1}.b`"},
    Foreign{"var", "an expression has no variables: a scriptTask sets data, a context names parts: `{a: 1, b: a + 1}.b`"},
    Foreign{"new", "FEEL makes no objects: leave `new` out"},
    Foreign{"lambda", "FEEL writes `function(x) x + 1`"},
    Foreign{"case", choice},
    Foreign{"when", choice},
    Foreign{"contains", "FEEL calls a function: `contains(text, part)`, `list contains(list, x)`"},
    Foreign{"starts", "FEEL calls a function: `starts with(text, part)`"},
    Foreign{"ends", "FEEL calls a function: `ends with(text, part)`"},
    Foreign{"like", "FEEL calls a function: `contains(text, part)` or `matches(text, pattern)`"},
    Foreign{"matches", "FEEL calls a function: `matches(text, pattern)`"},
    Foreign{"before", "FEEL compares instants by `<`"},
    Foreign{"after", "FEEL compares instants by `>`"},
    Foreign{"to", "a range is written `[1..10]`"},
    Foreign{"defined", nothing_there},
    Foreign{"not", "FEEL negates with brackets around the whole: `not(x in (1, 2))`"},
};

std::string only_word(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || is_digit(c)) out += c;
  }
  return out;
}

template <std::size_t n>
std::string_view remedy_in(const std::array<Foreign, n>& all, std::string_view word) {
  const std::string small = only_word(word);
  const auto* found = std::find_if(all.begin(), all.end(), [&](const Foreign& f) { return f.written == small; });
  return found == all.end() ? std::string_view() : found->remedy;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

bool is_plain_number(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789.");
  return !text.empty() && digits == std::string_view::npos && is_digit(text.front()) && is_digit(text.back());
}

/// The two sides of `between` in `text`, where both stand alone.
std::optional<std::pair<std::string_view, std::string_view>> sides(std::string_view text, std::string_view middle) {
  const std::size_t at = text.find(middle);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view left = trimmed(text.substr(0, at));
  const std::string_view right = trimmed(text.substr(at + middle.size()));
  if (left.empty() || right.empty() || right.find(middle) != std::string_view::npos) return std::nullopt;
  return std::pair(left, right);
}

/// `> 5` as the end of a range: its bracket and what it is compared with.
std::optional<std::pair<char, std::string_view>> bound(std::string_view side, char sign, char open, char closed) {
  if (side.size() < 2 || side.front() != sign) return std::nullopt;
  const bool includes = side[1] == '=';
  const std::string_view value = trimmed(side.substr(includes ? 2 : 1));
  if (value.empty()) return std::nullopt;
  return std::pair(includes ? closed : open, value);
}

/// The numbers in a text, in order; nothing when it has letters of ASCII or more than six of them.
std::vector<std::string> numbers_in(std::string_view text) {
  std::vector<std::string> out(1);
  for (const char c : text) {
    if (is_digit(c))
      out.back() += c;
    else if (!out.back().empty())
      out.emplace_back();
  }
  if (out.back().empty()) out.pop_back();
  return out.size() <= 6 ? out : std::vector<std::string>{};
}

std::string two_digits(const std::string& number) { return number.size() == 1 ? "0" + number : number; }

/// `08:00:00` from hours, minutes and perhaps seconds; empty when they are none.
std::string time_from(const std::vector<std::string>& parts, std::size_t from) {
  if (parts.size() < from + 2 || parts.size() > from + 3) return {};
  std::string out;
  for (std::size_t i = from; i < from + 3; ++i) {
    const std::string part = i < parts.size() ? two_digits(parts[i]) : "00";
    if (part.size() != 2 || part > (i == from ? "23" : "59")) return {};
    out += (out.empty() ? "" : ":") + part;
  }
  return out;
}

}  // namespace

std::string_view foreign_function(std::string_view name) { return remedy_in(functions, name); }

std::string_view foreign_word(std::string_view word) { return remedy_in(words, word); }

std::optional<std::pair<std::string_view, std::string_view>> range_with(std::string_view middle, std::string_view text) {
  auto range = sides(trimmed(text), middle);
  const bool are_numbers = range && is_plain_number(range->first) && is_plain_number(range->second);
  return are_numbers ? range : std::nullopt;
}

std::string foreign_test(std::string_view text) {
  text = trimmed(text);
  for (const std::string_view any : {"*", "any", "any value", "else", "otherwise", "default", "all", "_", "任意"})
    if (text == any) return "`-` stands for any value";
  if (const auto range = sides(text, ".."); range && text.find_first_of("[](),") == std::string_view::npos)
    return fmt::format("a range stands in brackets: `[{}..{}]`", range->first, range->second);
  for (const std::string_view middle : {"-", "to", "~", "–"})
    if (const auto range = range_with(middle, text)) return fmt::format("a range is written `[{}..{}]`", range->first, range->second);
  if (text.starts_with("between "))
    if (const auto range = sides(text.substr(8), " and ")) return fmt::format("a range is written `[{}..{}]`", range->first, range->second);
  if (const auto both = sides(text, " and ")) {
    auto low = bound(both->first, '>', '(', '[');
    auto high = bound(both->second, '<', ')', ']');
    if (!low || !high) {
      low = bound(both->second, '>', '(', '[');
      high = bound(both->first, '<', ')', ']');
    }
    if (low && high) return fmt::format("a value between two is a range: `{}{}..{}{}`", low->first, low->second, high->second, high->first);
  }
  if (const auto either = sides(text, " or "); either && text.find('?') == std::string_view::npos)
    return fmt::format("one of several is written with a comma: `{}, {}`", either->first, either->second);
  if (const auto either = sides(text, "|")) return fmt::format("one of several is written with a comma: `{}, {}`", either->first, either->second);
  if (text.starts_with("not ") && !trimmed(text.substr(4)).starts_with('(')) return fmt::format("write `not({})`", trimmed(text.substr(4)));
  if (text.size() > 1 && text.front() == '!' && text[1] != '=') return fmt::format("write `not({})`", trimmed(text.substr(1)));
  return {};
}

std::string foreign_literal(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || text.size() > 40) return {};
  if (const auto duration = calendar::parse_duration(text)) {
    const calendar::WorkingDuration& d = duration.value();
    if (d.working_days != 0 || d.working.us != 0)
      return fmt::format(
          "FEEL has no durations in working time: `add working days(date, 3)`, `add working hours(from, 4)` count them, and `deadline(from, \"{}\")`",
          text);
    if (d.months != 0 && (d.days != 0 || d.wall.us != 0)) return {};
    if (d.months != 0) return fmt::format("FEEL's durations are written in ISO 8601: @\"P{}M\"", d.months);
    const std::int64_t seconds = d.wall.us / 1'000'000;
    std::string iso = d.days != 0 ? fmt::format("P{}D", d.days) : "P";
    if (seconds != 0 || d.days == 0) iso += "T";
    if (seconds / 3600 != 0) iso += fmt::format("{}H", seconds / 3600);
    if (seconds / 60 % 60 != 0) iso += fmt::format("{}M", seconds / 60 % 60);
    if (seconds % 60 != 0 || (seconds == 0 && d.days == 0)) iso += fmt::format("{}S", seconds % 60);
    return fmt::format("FEEL's durations are written in ISO 8601: @\"{}\"", iso);
  }
  if (std::string foreign = calendar::foreign_duration(text); text.front() == 'P' && !foreign.empty())
    return "FEEL has no durations in working time: `add working days(date, 3)`, `add working hours(from, 4)` and `deadline(from, \"3 bd\")` count it";
  constexpr std::string_view write = "write `";
  if (const std::string foreign = calendar::foreign_duration(text); foreign.starts_with(write) && foreign.ends_with('`'))
    return foreign_literal(std::string_view(foreign).substr(write.size(), foreign.size() - write.size() - 1));
  const std::vector<std::string> parts = numbers_in(text);
  if (parts.empty()) return {};
  const bool year_first = parts[0].size() == 4 && parts.size() >= 3;
  const bool year_last = parts.size() == 3 && parts[2].size() == 4 && text.find('.') != std::string_view::npos;
  if (year_first || year_last) {
    const std::string month = two_digits(parts[1]);
    const std::string day = two_digits(year_first ? parts[2] : parts[0]);
    if (month.size() != 2 || day.size() != 2 || month > "12" || day > "31" || month == "00" || day == "00") return {};
    const std::string date = fmt::format("{}-{}-{}", year_first ? parts[0] : parts[2], month, day);
    if (parts.size() == 3) return date == text ? std::string() : fmt::format("a date is written year-month-day: @\"{}\"", date);
    const std::string time = time_from(parts, 3);
    return time.empty() ? std::string() : fmt::format("an instant is written with a T and with seconds: @\"{}T{}\"", date, time);
  }
  if (parts.size() == 3 && parts[2].size() == 4) return "a date is written year-month-day: @\"2026-03-15\"";
  const std::string time = text.find(':') == std::string_view::npos ? std::string() : time_from(parts, 0);
  return time.empty() ? std::string() : fmt::format("a time of day is written with seconds: @\"{}\"", time);
}

}  // namespace switchboard::feel
