// What is said about signs and habits of other languages and keyboards: the exact text, because a person acts on it.
#include "feel/remedy.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <string>

#include "feel/feel.hpp"

using namespace switchboard;

namespace {

/// "id offset: message - hint" of the first problem, or "fine".
std::string said(std::string_view text) {
  feel::StaticScope scope;
  scope.names = {{"n", feel::Type(feel::Type::Kind::number), 0},
                 {"area", feel::Type(feel::Type::Kind::string), 1},
                 {"day", feel::Type(feel::Type::Kind::date), 2}};
  const auto compiled = feel::compile(text, scope);
  const auto* problems = std::get_if<std::vector<feel::Problem>>(&compiled);
  if (problems == nullptr) return "fine";
  const feel::Problem& p = problems->front();
  return fmt::format("{} {}: {} - {}", p.id, p.offset, p.message, p.hint);
}

std::string operand(std::size_t at, std::string_view found, std::string_view hint) {
  return fmt::format("SB0201 {}: expected an operator or the end of the expression, found `{}` - {}", at, found, hint);
}

}  // namespace

TEST_CASE("feel: operators of other languages are named with FEEL's own") {
  CHECK(said("area == \"urban\"") == "SB0201 5: FEEL has no `==` - write `=`");
  CHECK(said("n === 3") == "SB0201 2: FEEL has no `===` - write `=`");
  CHECK(said("n !== 3") == "SB0201 2: FEEL has no `!==` - write `!=`");
  CHECK(said("n <> 3") == "SB0201 2: FEEL has no `<>` - write `!=`");
  CHECK(said("n => 3") == "SB0201 2: FEEL has no `=>` - write `>=`");
  CHECK(said("n =< 3") == "SB0201 2: FEEL has no `=<` - write `<=`");
  CHECK(said("n > 1 && n < 3") == operand(6, "&", "FEEL writes `and`"));
  CHECK(said("n > 1 || n < 3") == operand(6, "|", "FEEL writes `or`"));
  CHECK(said("!(n > 1)") == "SB0201 0: expected an expression, found `!` - FEEL writes `not(...)`");
  CHECK(said("n > 1 ? 2 : 3") == operand(6, "?", "FEEL writes `if ... then ... else ...`"));
  CHECK(said("n % 2") == operand(2, "%", "FEEL writes `modulo(a, b)`, and 0.8 for 80 %"));
  CHECK(said("n := 3") == operand(2, ":", "FEEL changes no data: `set` of a scriptTask and `out` do"));
  CHECK(said("n > 1;") == operand(5, ";", "an expression is one value: leave the `;` out"));
  CHECK(said("area = 'urban'") == "SB0201 7: expected an expression, found `'` - FEEL's texts stand in double quotes");
  // FEEL's own stay what they are: ranges in parentheses, comparisons, a word in a string.
  for (const char* fine : {"n = 3", "n != 3", "n <= 3 and n >= 1", "(=10) = [10..10]", "area = \"a == b && c\"", "n in (<3, >4)", "n < -3"})
    CHECK(said(fine) == "fine");
}

TEST_CASE("feel: words in another case and of other languages") {
  CHECK(said("n > 1 AND n < 3") == operand(6, "AND", "FEEL writes its words in small letters: `and`"));
  CHECK(said("area = Null") == "SB0202 7: unknown name `Null` - FEEL writes its words in small letters: `null`");
  CHECK(said("n = True") == "SB0202 4: unknown name `True` - FEEL writes its words in small letters: `true`");
  CHECK(said("area = None") == "SB0202 7: unknown name `None` - FEEL writes `null`");
  CHECK(said("string lenght(area)") == operand(7, "lenght", "did you mean `string length`?"));
}

TEST_CASE("feel: full-width punctuation") {
  const auto wide = [](std::string_view sign, std::string_view code, std::string_view ascii) {
    return fmt::format("`{}` (U+{}) is a full-width or foreign sign: write `{}`", sign, code, ascii);
  };
  CHECK(said("area = “urban”") == "SB0201 7: expected an expression, found `“` - " + wide("“", "201C", "\""));
  CHECK(said("max(n，3)").ends_with(wide("，", "FF0C", ",")));
  CHECK(said("string length（area）").ends_with(wide("（", "FF08", "(")));
  CHECK(said("n ＝ 3").ends_with(wide("＝", "FF1D", "=")));
  CHECK(said("n ≥ 3").ends_with(wide("≥", "2265", ">=")));
  CHECK(said("【n】").ends_with(wide("【", "3010", "[")));
  CHECK(said("n > 1；").ends_with("`；` (U+FF1B) is a full-width or foreign sign: leave it out"));
  CHECK(said("area = \"你好，世界（）\"") == "fine");  // in a text it is a text
  CHECK(said("n > 1\xE3\x80\x80"
             "and n < 3") == "fine");            // U+3000 is white space (DMN 1.5, 10.3.1.2)
  CHECK(feel::wide_sign_in("客户 名称") == "");  // letters are no signs
}

TEST_CASE("feel: dates, instants and durations without their sign") {
  CHECK(said("day > now") == "SB0212 0: date cannot be compared with function<> -> date and time by `>` - call it: `now()`");
  CHECK(said("today() + 3") ==
        "SB0204 0: date + number is not defined - a number says no unit: write a duration, @\"P3D\" for 3 days, @\"PT3H\" for 3 hours");
  CHECK(said("day + 2 d") == operand(8, "d", "a duration in FEEL is written @\"P2D\""));
  CHECK(said("day + 3 小时") == operand(8, "小时", "a duration in FEEL is written @\"PT3H\""));
  CHECK(said("now() + 2 bd") ==
        operand(10, "bd",
                "FEEL has no durations in working time: they stand alone where a duration is wanted (`within: 2 bd`), or as a text "
                "that the expression gives: \"2 bd\""));
  CHECK(said("2026-03-02T09:00") == operand(10, "T09", "an instant is written @\"2026-03-02T09:00:00\", in YAML inside '...'"));
  CHECK(said("day > 2026-03-02") == "SB0212 0: date cannot be compared with number by `>` - a date is written @\"2026-03-02\"");
  CHECK(said("@\"2026-02-29\"").ends_with("February 2026 has 28 days"));
  CHECK(said("date(\"2026-02-29\")").ends_with("February 2026 has 28 days"));
  // 2000 and 2024 are leap years, 1900 and 2100 are not (Gregorian calendar).
  CHECK(feel::no_such_day("2024-02-29") == "");
  CHECK(feel::no_such_day("2000-02-29") == "");
  CHECK(feel::no_such_day("2100-02-29") == "February 2100 has 28 days");
  CHECK(feel::no_such_day("2026-04-31") == "April 2026 has 30 days");
  CHECK(feel::no_such_day("2026-13-01") == "there is no month 13: a date is year-month-day");
  CHECK(feel::no_such_day("soon") == "");
}

TEST_CASE("feel: a missing comma and a bracket that is not closed") {
  CHECK(said("max(n 3)") == "SB0201 6: expected `)` after the arguments, found `3` - is a `,` missing before it?");
  CHECK(said("[1 2]") == "SB0201 3: expected `]` at the end of the list, found `2` - is a `,` missing before it?");
  CHECK(said("(n") == "SB0201 2: expected `)` after the expression in parentheses, found the end - close it with `)`");
}

TEST_CASE("feel: functions, fields and words of other languages") {
  const auto hint = [](std::string_view text) {
    const std::string all = said(text);
    const std::size_t at = all.find(" - ");
    return at == std::string::npos ? all : all.substr(at + 3);
  };
  CHECK(hint("len(area)") == "FEEL writes `string length(text)` and `count(list)`");
  CHECK(hint("length(area)") == "FEEL writes `string length(text)` and `count(list)`");
  CHECK(hint("area.length") == "FEEL writes `string length(text)` and `count(list)`");
  CHECK(hint("area.toUpperCase()") == "FEEL writes `upper case(text)`");
  CHECK(hint("isNull(area)") == "FEEL compares with null: `x = null`, `x != null`");
  CHECK(hint("toString(n)") == "FEEL writes `string(x)`");
  CHECK(hint("area is null") == "FEEL writes `=`");
  CHECK(hint("area is not null") == "FEEL writes `!=`: `x != null`");
  CHECK(hint("n not in (1, 2)") == "FEEL negates with brackets around the whole: `not(x in (1, 2))`");
  CHECK(hint("not n") == "FEEL negates with brackets: `not(...)`");
  CHECK(hint("n > 2 and < 5") == "say the value again: `x > 2 and x < 5`, or write a range: `x in (2..5)`");
  CHECK(hint("n in 1..3") == "a range stands in brackets: `[1..10]`");
  CHECK(hint("area contains \"x\"") == "FEEL calls a function: `contains(text, part)`, `list contains(list, x)`");
  CHECK(hint("any x in [1] satisfies x > 1") == "FEEL writes `some x in list satisfies ...`");
  CHECK(hint("return n") == "an expression is its own result: leave `return` out");
  CHECK(hint("if n > 1 then 2") == "an `if` has its `else`: `else null`; where a condition alone is wanted, it stands without `if`");
  CHECK(hint("n = 1 and") == "something is missing behind `and`");
  CHECK(hint("n = 1 or or n = 2") == "a value is missing before `or`");
  CHECK(hint("data.n > 1") == "names of data stand alone: `n`");
  CHECK(hint("n > 2 -- big") == "`--` begins no comment: FEEL's are /* ... */ and // ...");
  CHECK(hint("1,5") == "decimals are written with a point: 1.5");
  CHECK(said("n += 1") == "SB0201 2: FEEL has no `+=` - FEEL changes no data: `set` of a scriptTask and `out` do");
  CHECK(said("-n > -1 and n = -n") == "fine");
}

TEST_CASE("feel: expressions as other engines write them") {
  CHECK(said("=n + 1") == "SB0201 0: FEEL has no `=` before an expression - leave the `=` out");
  CHECK(said("= n") == "SB0201 0: FEEL has no `=` before an expression - leave the `=` out");
  CHECK(said("n in (=3)") == "fine");
  CHECK(said("${n}").ends_with("an expression stands alone: leave `${` and `}` out"));
  CHECK(said("#{n}").ends_with("an expression stands alone: leave `#{` and `}` out"));
  CHECK(said("{{n > 2}}").ends_with("leave `{{` and `}}` out; they belong into texts"));
}

TEST_CASE("feel: texts of dates and durations in other forms") {
  const auto hint = [](std::string_view text) {
    const std::string all = said(text);
    return all.starts_with("SB0214") ? all.substr(all.find(" - ") + 3) : all;
  };
  CHECK(hint("duration(\"2 h\")") == "FEEL's durations are written in ISO 8601: @\"PT2H\"");
  CHECK(hint("duration(\"2 days\")") == "FEEL's durations are written in ISO 8601: @\"P2D\"");
  CHECK(hint("duration(\"2 bd\")").starts_with("FEEL has no durations in working time: `add working days(date, 3)`"));
  CHECK(hint("date(\"2026/03/01\")") == "a date is written year-month-day: @\"2026-03-01\"");
  CHECK(hint("date(\"01.03.2026\")") == "a date is written year-month-day: @\"2026-03-01\"");
  CHECK(hint("date(\"2026年3月1日\")") == "a date is written year-month-day: @\"2026-03-01\"");
  CHECK(hint("date(\"1 March\")") == "a date is written year-month-day: @\"2026-03-15\"");
  CHECK(hint("time(\"8:00\")") == "a time of day is written with seconds: @\"08:00:00\"");
  CHECK(hint("date and time(\"2026-03-01 08:00\")") == "an instant is written with a T and with seconds: @\"2026-03-01T08:00:00\"");
  CHECK(said("now() + \"2 h\"").ends_with("FEEL's durations are written in ISO 8601: @\"PT2H\""));
}

TEST_CASE("feel: cells of a decision table as others write them") {
  const auto hint = [](std::string_view text) {
    const auto compiled = feel::compile_unary_tests(text, {}, 0, feel::Type(feel::Type::Kind::number));
    const auto* problems = std::get_if<std::vector<feel::Problem>>(&compiled);
    if (problems == nullptr) return std::string("fine");
    return problems->size() == 1 ? problems->front().hint : std::string("several");
  };
  for (const char* any : {"*", "any", "else", "otherwise", "default"}) CHECK(hint(any) == "`-` stands for any value");
  CHECK(hint("5..10") == "a range stands in brackets: `[5..10]`");
  CHECK(hint("5-10") == "a range is written `[5..10]`");
  CHECK(hint("5 to 10") == "a range is written `[5..10]`");
  CHECK(hint("between 5 and 10") == "a range is written `[5..10]`");
  CHECK(hint(">5 and <10") == "a value between two is a range: `(5..10)`");
  CHECK(hint("<= 10 and >= 5") == "a value between two is a range: `[5..10]`");
  CHECK(hint("5 or 6") == "one of several is written with a comma: `5, 6`");
  CHECK(hint("not 5") == "write `not(5)`");
  CHECK(hint("!5") == "write `not(5)`");
  for (const char* fine : {"-", "5", "5, 10", "[5..10]", "(5..10)", "> 5", "not(5)", "-5", "!= 5", "? > 5 and ? < 10"}) CHECK(hint(fine) == "fine");
}
