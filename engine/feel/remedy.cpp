#include "feel/remedy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/ascii.hpp"
#include "base/odd_signs.hpp"
#include "feel/builtin.hpp"
#include "feel/foreign_words.hpp"
#include "feel/names.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::feel {
namespace {

struct Sign {
  std::string_view written;
  std::string_view remedy;
};
/// What stands where FEEL wants something else, longest first.
constexpr std::array<Sign, 20> foreign_signs{{{"${", "an expression stands alone: leave `${` and `}` out"},
                                              {"#{", "an expression stands alone: leave `#{` and `}` out"},
                                              {"$", "a name of data stands alone: leave `$` out"},
                                              {"^", "FEEL writes `x ** 2`"},
                                              {"~", "FEEL writes `matches(text, pattern)`"},
                                              {"..", "a range stands in brackets: `[1..10]`"},
                                              {"=", "FEEL compares by one `=`, or by `!=`, `<`, `<=`, `>`, `>=`"},
                                              {"&&", "FEEL writes `and`"},
                                              {"&", "FEEL writes `and`, and `+` between texts"},
                                              {"||", "FEEL writes `or`"},
                                              {"|", "FEEL writes `or`"},
                                              {"!", "FEEL writes `not(...)`"},
                                              {"'", "FEEL's texts stand in double quotes"},
                                              {"`", "FEEL's texts stand in double quotes"},
                                              {"?", "FEEL writes `if ... then ... else ...`"},
                                              {"%", "FEEL writes `modulo(a, b)`, and 0.8 for 80 %"},
                                              {":=", "FEEL changes no data: `set` of a scriptTask and `out` do"},
                                              {"+=", "FEEL changes no data: `set` of a scriptTask and `out` do"},
                                              {";", "an expression is one value: leave the `;` out"},
                                              {"#", "FEEL's comments are /* ... */ and // ..."}}};

struct Unit {
  std::string_view written;
  std::string_view before;  ///< ISO 8601 in front of the number, and behind it
  std::string_view behind;
};
constexpr std::array<Unit, 20> units{{{"d", "P", "D"},        {"day", "P", "D"},    {"days", "P", "D"},   {"h", "PT", "H"},
                                      {"hour", "PT", "H"},    {"hours", "PT", "H"}, {"min", "PT", "M"},   {"minute", "PT", "M"},
                                      {"minutes", "PT", "M"}, {"s", "PT", "S"},     {"sec", "PT", "S"},   {"seconds", "PT", "S"},
                                      {"mo", "P", "M"},       {"month", "P", "M"},  {"months", "P", "M"}, {"y", "P", "Y"},
                                      {"year", "P", "Y"},     {"years", "P", "Y"},  {"天", "P", "D"},     {"小时", "PT", "H"}}};
constexpr std::array<std::string_view, 7> working_units{"bd", "bh", "bmin", "bs", "wd", "个工作日", "工作日"};

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// The number that ends before `at`, blanks apart.
std::string_view number_before(std::string_view text, std::size_t at) {
  std::size_t end = std::min(at, text.size());
  while (end > 0 && is_blank(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && (is_digit(text[begin - 1]) || text[begin - 1] == '.')) --begin;
  return text.substr(begin, end - begin);
}

std::string unit_remedy(std::string_view text, std::size_t at, std::string_view word) {
  const std::string_view number = number_before(text, at);
  if (number.empty()) return {};
  const auto* unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.written == word; });
  if (unit != units.end()) return fmt::format("a duration in FEEL is written @\"{}{}{}\"", unit->before, number, unit->behind);
  if (word == "w" || word == "week" || word == "weeks") return "a duration in FEEL is written in days: @\"P7D\" for a week";
  if (std::find(working_units.begin(), working_units.end(), word) == working_units.end()) return {};
  return fmt::format(
      "FEEL has no durations in working time: they stand alone where a duration is wanted (`within: {} bd`), or as a text that the expression gives: "
      "\"{} bd\"",
      number, number);
}

bool looks_like(std::string_view text, std::string_view form) {
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i)
    if (form[i] == '0' ? !is_digit(text[i]) : form[i] != text[i]) return false;
  return true;
}

/// A date, or a date and time, that stands in the text like a word.
std::string bare_instant(std::string_view text) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && in_string) ++i;
    if (i < text.size() && text[i] == '"') in_string = !in_string;
    if (in_string || i >= text.size() || (i > 0 && (is_digit(text[i - 1]) || text[i - 1] == '.'))) continue;
    const std::string_view rest = text.substr(i);
    if (!looks_like(rest, "0000-00-00")) continue;
    const std::string date(rest.substr(0, 10));
    std::string_view time = rest.substr(10);
    if (time.empty() || (time.front() != 'T' && time.front() != ' ') || !looks_like(time.substr(1), "00:00"))
      return fmt::format("a date is written @\"{}\"", date);
    time.remove_prefix(1);
    std::string clock(time.substr(0, 5));
    time.remove_prefix(5);
    if (looks_like(time, ":00")) {
      clock += time.substr(0, 3);
      time.remove_prefix(3);
    } else {
      clock += ":00";
    }
    std::string zone;
    if (time.starts_with("Z")) zone = "Z";
    if (looks_like(time, "+00:00") || looks_like(time, "-00:00")) zone = time.substr(0, 6);
    return fmt::format("an instant is written @\"{}T{}{}\", in YAML inside '...'", date, clock, zone);
  }
  return {};
}

std::string lower(std::string_view word) {
  std::string out(word);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return out;
}

/// Words of other languages, and FEEL's own in another case.
std::string word_remedy(std::string_view word) {
  const std::string small = lower(word);
  if (small != word && (is_keyword(small) || small == "true" || small == "false" || small == "null"))
    return fmt::format("FEEL writes its words in small letters: `{}`", small);
  return std::string(foreign_word(word));
}

/// The word that ends before `at`, blanks apart.
std::string_view word_before(std::string_view text, std::size_t at) {
  std::size_t end = std::min(at, text.size());
  while (end > 0 && is_blank(text[end - 1])) --end;
  std::size_t begin = end;
  while (begin > 0 && ((text[begin - 1] >= 'a' && text[begin - 1] <= 'z') || (text[begin - 1] >= 'A' && text[begin - 1] <= 'Z'))) --begin;
  return text.substr(begin, end - begin);
}

std::size_t next_word(std::string_view text, std::size_t at) {
  while (at < text.size() && is_blank(text[at])) ++at;
  return at;
}

/// What the sign right before the mistake, or the word before it, makes of it.
std::string remedy_before(std::string_view text, const Problem& p) {
  const std::string_view rest = text.substr(std::min<std::size_t>(p.offset, text.size()));
  const char before = p.offset > 0 ? text[p.offset - 1] : ' ';
  constexpr std::string_view changes = "FEEL changes no data: `set` of a scriptTask and `out` do";
  // `+=` and the like: the error stands behind the first sign.
  if (rest.starts_with("=") && std::string_view("+-*/:").find(before) != std::string_view::npos) return std::string(changes);
  if (rest.starts_with("+") && before == '+') return std::string(changes);
  if (rest.starts_with("{") && before == '{') return "an expression stands alone: leave `{{` and `}}` out; they belong into texts";
  if (rest.starts_with(",") && is_digit(before) && rest.size() > 1 && is_digit(rest[1])) return "decimals are written with a point: 1.5";
  if (rest.starts_with("_") && is_digit(before)) return "the digits of a number stand together: 1000";
  const std::string_view word = word_before(text, p.offset);
  if (rest.empty())
    return p.expected == "expression" ? fmt::format("something is missing behind `{}`", word.empty() ? text.substr(0, 40) : word) : "";
  if (p.expected == ":" && rest.starts_with("=")) return "write `:` in its place";
  if (p.expected == "name" && is_digit(rest.front())) return "an item of a list is taken by its position: `list[1]`";
  if (word == "not" && rest.front() != '(') return "FEEL negates with brackets: `not(...)`";
  if (word == "is" && p.expected == "operator" && word_at(text, p.offset) == "not") return "FEEL writes `!=`";
  if (word == "for" && rest.front() == '(') return "FEEL writes `for x in list return ...`, without brackets";
  return {};
}

/// A built-in of several words one of which is misspelt: `string lenght(...)`.
std::string builtin_remedy(std::string_view text, std::size_t at, std::string_view word) {
  std::size_t end = at + word.size();
  while (end < text.size() && is_blank(text[end])) ++end;
  if (end >= text.size() || text[end] != '(') return {};
  std::size_t begin = at;
  std::string best;
  for (int words = 0; words < 3 && begin > 0; ++words) {
    while (begin > 0 && is_blank(text[begin - 1])) --begin;
    while (begin > 0 && ((text[begin - 1] >= 'a' && text[begin - 1] <= 'z') || (text[begin - 1] >= 'A' && text[begin - 1] <= 'Z'))) --begin;
    const std::string near = nearest_name(text.substr(begin, at + word.size() - begin), builtin_names());
    if (!near.empty()) best = fmt::format("did you mean `{}`?", near);
  }
  return best;
}

bool begins_operand(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '"' || c == '@' || c == '{' || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

std::string_view foreign_sign_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(std::min(at, text.size()));
  const auto* sign = std::find_if(foreign_signs.begin(), foreign_signs.end(), [&](const Sign& s) { return rest.starts_with(s.written); });
  return sign == foreign_signs.end() ? std::string_view() : sign->remedy;
}

std::string syntax_remedy(std::string_view text, const Problem& p) {
  const std::string_view rest = text.substr(std::min<std::size_t>(p.offset, text.size()));
  if (auto remedy = remedy_before(text, p); !remedy.empty()) return remedy;
  if (const auto sign = foreign_sign_at(text, p.offset); !sign.empty()) return std::string(sign);
  const std::string_view word = word_at(text, p.offset);
  if (word == "is" && word_at(text, next_word(text, p.offset + 2)) == "not") return "FEEL writes `!=`: `x != null`";
  if (word == "for" && p.expected == "]") return "FEEL writes `for x in list return ...`, without brackets around it";
  if (auto remedy = word_remedy(word); !remedy.empty()) return remedy;
  if (auto remedy = unit_remedy(text, p.offset, word); !remedy.empty()) return remedy;
  if (auto remedy = builtin_remedy(text, p.offset, word); !remedy.empty()) return remedy;
  if (auto remedy = bare_instant(text); !remedy.empty()) return remedy;
  if (p.expected == "else") return "an `if` has its `else`: `else null`; where a condition alone is wanted, it stands without `if`";
  if (p.expected == "then") return "where a condition alone is wanted, it stands without `if`; else `then` comes behind the condition";
  if (is_keyword(p.expected)) return fmt::format("write `{}` before it", p.expected);
  if (p.expected == "@") return "`@` begins a date, a time or a duration, which stands in quotation marks: @\"2026-03-15\"";
  if (p.expected == "expression" && (word == "and" || word == "or")) return fmt::format("a value is missing before `{}`", word);
  if (p.expected == "operator" && foreign_word(word).empty()) {
    const std::string_view before = word_before(text, p.offset);
    if (before == "any") return "FEEL writes `some x in list satisfies ...`";
    if (const auto remedy = foreign_word(before); !remedy.empty()) return std::string(remedy);
  }
  const bool closes = p.expected == ")" || p.expected == "]" || p.expected == "}";
  if (closes && rest.empty()) return fmt::format("close it with `{}`", p.expected);
  if (p.expected == "key" && rest.starts_with("}")) return "leave the last `,` out";
  if (closes && begins_operand(rest.front())) return "is a `,` missing before it?";
  if (!rest.empty() && (rest.front() == ')' || rest.front() == ']' || rest.front() == '}') && p.expected == "operator")
    return "it closes nothing: delete it, or open the bracket before";
  return {};
}

/// The remedy for `date + "2 h"`.
std::string text_as_duration(std::string_view text, std::size_t from) {
  const std::size_t quote = text.find('"', from);
  const std::size_t end = quote == std::string_view::npos ? quote : text.find('"', quote + 1);
  std::string meant = end == std::string_view::npos ? std::string() : foreign_literal(text.substr(quote + 1, end - quote - 1));
  return meant.empty() ? "a duration is written @\"P3D\", a text into one by duration(...)" : meant;
}

/// A name that stands before a dot as others write it: `data.amount`.
std::string owner_remedy(std::string_view text, const Problem& p) {
  const std::string_view word = word_at(text, p.offset);
  for (const std::string_view owner : {"data", "variables", "vars", "this", "case", "process", "execution", "context", "input"})
    if (word == owner && text.substr(p.offset + word.size()).starts_with('.')) {
      const std::string_view name = word_at(text, p.offset + word.size() + 1);
      return fmt::format("names of data stand alone: `{}`", name.empty() ? "amount" : name);
    }
  if (p.offset >= 2) {
    std::size_t at = p.offset;
    while (at > 0 && is_blank(text[at - 1])) --at;
    if (at >= 2 && text.substr(at - 2, 2) == "--") return "`--` begins no comment: FEEL's are /* ... */ and // ...";
  }
  return {};
}

std::string type_remedy(std::string_view text, const Problem& p) {
  const auto is_about = [&](std::string_view part) {
    return std::any_of(p.types.begin(), p.types.end(), [&](const std::string& type) { return type.find(part) != std::string::npos; });
  };
  if (is_about("function<")) {
    for (const std::string_view name : {"now", "today"})
      if (const auto at = text.find(name, p.offset); at != std::string_view::npos && word_at(text, at) == name)
        return fmt::format("call it: `{}()`", name);
    return "a function is called with brackets: `name(...)`";
  }
  if (p.id == "SB0207" && is_about("range<")) return "say the value again: `x > 2 and x < 5`, or write a range: `x in (2..5)`";
  if (p.id == "SB0207") return "compare it with something: `... = ...`";
  if (auto remedy = bare_instant(text); !remedy.empty()) return remedy;
  const bool temporal = is_about("date") || is_about("time");
  if (p.id == "SB0204" && temporal && is_about("number"))
    return "a number says no unit: write a duration, @\"P3D\" for 3 days, @\"PT3H\" for 3 hours";
  if (p.id == "SB0204" && temporal && is_about("string")) return text_as_duration(text, p.offset);
  if (p.id == "SB0212" && temporal && is_about("string"))
    return "a text becomes a date by date(...), an instant by date and time(...); literals are written @\"2026-03-15\"";
  if (p.id == "SB0212") return "compare values of one type; string(...), number(...), date(...) convert";
  return {};
}

}  // namespace

std::string wide_sign_in(std::string_view text) {
  bool in_string = false;
  std::size_t done = 0;
  for (auto sign = odd_sign_in(text); sign; sign = odd_sign_in(text, sign->end())) {
    for (; done < sign->offset; ++done) {
      if (text[done] == '\\' && in_string)
        ++done;
      else if (text[done] == '"')
        in_string = !in_string;
    }
    if (sign->kind == OddKind::sign && !in_string) return remedy_for(*sign);
  }
  return {};
}

std::string no_such_day(std::string_view text) {
  if (text.size() < 10 || !looks_like(text, "0000-00-00")) return {};
  const auto number = [&](std::size_t at, std::size_t digits) {
    int out = 0;
    for (std::size_t i = at; i < at + digits; ++i) out = out * 10 + (text[i] - '0');
    return out;
  };
  constexpr std::array<std::string_view, 12> months{"January", "February", "March",     "April",   "May",      "June",
                                                    "July",    "August",   "September", "October", "November", "December"};
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const int year = number(0, 4);
  const int month = number(5, 2);
  const int day = number(8, 2);
  if (month < 1 || month > 12) return fmt::format("there is no month {}: a date is year-month-day", text.substr(5, 2));
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  const int most = days[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
  if (day >= 1 && day <= most) return {};
  return fmt::format("{} {} has {} days", months[static_cast<std::size_t>(month - 1)], year, most);
}

bool names_own(std::string_view name) { return is_keyword(name) || find_builtin(name) != nullptr; }

std::string remedy_of(std::string_view text, const Problem& p) {
  const bool about_names = p.id == "SB0201" || p.id == "SB0202" || p.id == "SB0203";
  if (about_names && foreign_sign_at(text, p.offset).empty())
    if (auto wide = wide_sign_in(text); !wide.empty()) return wide;
  if (p.id == "SB0201") return syntax_remedy(text, p);
  const std::string_view word = word_at(text, p.offset);
  if (p.id == "SB0203") return std::string(foreign_function(word));
  if (p.id == "SB0202") {
    if (auto remedy = owner_remedy(text, p); !remedy.empty()) return remedy;
    if (auto odd = odd_sign_in(word); odd && odd->kind == OddKind::letter) return remedy_for(*odd);
    if (foreign_function(word) == foreign_function("getdate")) return std::string(foreign_function(word));
    return word_remedy(word);
  }
  if (p.id == "SB0210") {
    const std::size_t dot = text.substr(0, p.offset + p.length).rfind('.');
    return dot == std::string_view::npos ? std::string() : std::string(foreign_function(word_at(text, next_word(text, dot + 1))));
  }
  if (p.id == "SB0204" || p.id == "SB0212" || p.id == "SB0208" || p.id == "SB0206" || p.id == "SB0207") return type_remedy(text, p);
  if (p.id == "SB0214") {
    const std::size_t quote = text.find('"', p.offset);
    if (quote == std::string_view::npos) return {};
    const std::size_t end = text.find('"', quote + 1);
    if (std::string day = no_such_day(text.substr(quote + 1)); !day.empty() || end == std::string_view::npos) return day;
    if (std::string meant = foreign_literal(text.substr(quote + 1, end - quote - 1)); !meant.empty()) return meant;
    const std::string_view call = text.substr(p.offset);
    if (call.starts_with("date(")) return "a date is written year-month-day: @\"2026-03-15\"";
    if (call.starts_with("time(")) return "a time of day is written with seconds: @\"08:30:00\"";
    if (call.starts_with("date and time(")) return "an instant is written with a T and with seconds: @\"2026-03-15T08:30:00\"";
    if (call.starts_with("duration(")) return "FEEL's durations are written in ISO 8601: @\"P3D\", @\"PT2H\"";
  }
  return {};
}

}  // namespace switchboard::feel
