#include "feel/free_names.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace {
std::string names(std::string_view text) { return fmt::format("{}", fmt::join(switchboard::feel::free_names(text), " ")); }
}  // namespace

TEST_CASE("names that a text may take from outside") {
  CHECK(names("a + b * a") == "a b");
  CHECK(names("if a = \"b c\" then d.e else f(g)") == "a d g");
  CHECK(names("string length(name) > 3 and list contains(l, x)") == "name l x");
  CHECK(names("date and time(\"2026-01-01T00:00:00\") < until") == "until");
  CHECK(names("years and months duration(a, b)") == "a b");
  CHECK(names("a // b\n + /* c */ d") == "a d");
  CHECK(names("1e5 + x1 + _y") == "x1 _y");
  CHECK(names("[1..n]") == "n");
  CHECK(names("a . b + c") == "a c");
  CHECK(names("\"\\\"a\" + b") == "b");
  CHECK(names("客户 + a") == "客户 a");
  CHECK(names("not(a) and ? > b") == "a b");
  CHECK(names("a + /* never closed b") == "a never closed b");
  CHECK(names("\"never closed") == "");
  CHECK(names("") == "");
}
