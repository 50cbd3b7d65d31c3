// Expressions of other languages in FEEL.
#include <doctest/doctest.h>

#include <array>
#include <string>
#include <utility>

#include "exchange/expression.hpp"

using switchboard::exchange::to_feel;

TEST_CASE("what has an exact counterpart is written in FEEL") {
  const std::array<std::pair<const char*, const char*>, 18> all{{{"test.contains(\"a\")", "contains(test, \"a\")"},
                                                                 {"integerVariable<3", "integerVariable < 3"},
                                                                 {"${integerVariable}", "integerVariable"},
                                                                 {"#{a == 'x' || !b}", "(a = \"x\" or not(b))"},
                                                                 {"!test.contains(\"a\")", "not(contains(test, \"a\"))"},
                                                                 {"a && (b || c)", "a and (b or c)"},
                                                                 {"a or b and c", "a or b and c"},
                                                                 {"(a - b) - (c - d)", "a - b - (c - d)"},
                                                                 {"a % 2 == 0", "modulo(a, 2) = 0"},
                                                                 {"getDataObject('x') > 5", "x > 5"},
                                                                 {"bpmn:getDataObject('x') div 2", "x / 2"},
                                                                 {"a.b.c >= 1.5", "a.b.c >= 1.5"},
                                                                 {"name.toUpperCase().startsWith('A')", "starts with(upper case(name), \"A\")"},
                                                                 {"'say \"hi\"'", "\"say \\\"hi\\\"\""},
                                                                 {"x === null", "x = null"},
                                                                 {"true()", "true"},
                                                                 {"$x ge 1", "x >= 1"},
                                                                 {"-a + 1", "-a + 1"}}};
  for (const auto& one : all) {
    CAPTURE(std::string(one.first));
    CHECK(to_feel(one.first, "").value_or("nothing") == one.second);
  }
}

TEST_CASE("FEEL stays as it is") {
  for (const char* text :
       {"if a then 1 else 2", "some x in list satisfies x > 3", "string length(name) > 3", "a in [1..2]", "{a: 1}.a", "date(\"2026-03-02\") < d"}) {
    CAPTURE(std::string(text));
    CHECK(to_feel(text, "").value_or("nothing") == text);
    CHECK(to_feel(text, "https://www.omg.org/spec/DMN/20191111/FEEL/").value_or("nothing") == text);
  }
  CHECK(to_feel("= a + 1", "feel").value_or("nothing") == "a + 1");
}

TEST_CASE("what depends on a program, or is prose, has no counterpart") {
  for (const char* text :
       {"", "if it rains", "bean.method(x)", "list.size() > 1", "empty x", "a = ", "'open", "f(1)", "a ? b : c", "x++", "return true;"}) {
    CAPTURE(std::string(text));
    CHECK_FALSE(to_feel(text, ""));
  }
  CHECK_FALSE(to_feel(std::string(100'000, '('), ""));
  CHECK_FALSE(to_feel(std::string(60'000, '!'), ""));
}
