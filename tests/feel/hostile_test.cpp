// Input that wants too much: every case ends quickly, in a clear refusal.
#include <doctest/doctest.h>

#include <chrono>
#include <string>

#include "base/limits.hpp"
#include "feel/feel.hpp"

using namespace switchboard;
using namespace switchboard::feel;

namespace {

std::string repeated(const std::string& s, std::size_t n) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += s;
  return out;
}

/// The id of the problem or error that stops it, or "value" when nothing does.
std::string stopped_by(const std::string& text) {
  CompileOptions options;
  options.type_check = false;
  options.unknown_names_are_null = true;
  const auto compiled = compile(text, StaticScope{}, options);
  if (const auto* problems = std::get_if<std::vector<Problem>>(&compiled)) return problems->front().id;
  const Evaluation e = std::get<Program>(compiled).evaluate(Frame{});
  const auto at = e.error.find("[SB");
  return at == std::string::npos ? "value" : e.error.substr(at + 1, 6);
}

/// `what` for each number from `first`, where {} is the number and {-} the one before.
std::string many(const std::string& what, int count, int first = 0) {
  std::string out;
  for (int i = first; i < count; ++i) {
    std::string one = what;
    const auto put = [&one](const std::string& hole, const std::string& text) {
      for (std::size_t at = one.find(hole); at != std::string::npos; at = one.find(hole)) one.replace(at, hole.size(), text);
    };
    put("{-}", std::to_string(i - 1));
    put("{}", std::to_string(i));
    out += one;
  }
  return out;
}

/// The beginning of a context whose entry s17 has 16 bytes doubled 18 times: 4 MB.
std::string doublings(int count) { return "{s0: \"xxxxxxxxxxxxxxxx\" + \"xxxxxxxxxxxxxxxx\"" + many(", s{}: s{-} + s{-}", count, 1); }

}  // namespace

TEST_CASE("feel: hostile expressions are refused quickly") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"for i in 1..1000000000 return i", "SB0232"},
      // Values that share memory, or copy a long text: counted by what they are when they are written, before that much memory is used.
      {doublings(18) + ", r: for j in 1..1000 return s17}.r", "SB0232"},
      {doublings(18) + ", r: [" + repeated("s17,", 1000) + "1]}.r", "SB0232"},
      {doublings(18) + ", r: {" + many("e{}: s17, ", 500) + "z: 1}}.r", "SB0232"},
      {doublings(18) + ", r: replace(s17, \".+\", \"" + repeated("$0", 1000) + "\", \"s\")}.r", "SB0232"},
      {doublings(18) + ", r: for j in 1..1000 return function() s17}.r", "SB0230"},
      {doublings(18) + ", r: list replace(for i in 1..1000 return i, function(a, b) true, s17)}.r", "SB0232"},
      {doublings(18) + ", r: max(" + repeated("s17,", 1000) + "s17)}.r", "SB0230"},
      {"{l0: [1, 2]" + many(", l{}: [l{-}, l{-}]", 40, 1) + "}.l39", "SB0232"},
      {"{l0: [1, 2]" + many(", l{}: concatenate(l{-}, l{-})", 40, 1) + "}.l39", "SB0232"},
      {"some i in 1..1000000000 satisfies i < 0", "SB0230"},
      {"count(for i in 1..3000, j in 1..3000 return i)", "SB0232"},
      {"for i in 1..100000 return partial", "SB0232"},
      {"{f: function(n) f(n + 1), r: f(0)}.r", "SB0231"},
      {"{f: function(n) [f(n + 1), f(n + 1)], r: f(0)}.r", "SB0231"},
      {"{a: function(f) f(f), r: a(a)}.r", "SB0231"},
      {"(for i in 1..100000 return [partial[-1]])[-1]", "SB0232"},
      // Lists in a list in a list: what it would be when it is written is met long before the steps are used up.
      {"{a: for i in 1..10000 return i, r: for i in a return for j in a return for k in a return i}.r", "SB0232"},
      {"{s: \"xxxxxxxxxxxxxxxx\"" +
           [] {
             std::string out;
             for (int i = 0; i < 40; ++i)
               out +=
                   ", s" + std::to_string(i) + ": " + (i == 0 ? std::string("s + s") : "s" + std::to_string(i - 1) + " + s" + std::to_string(i - 1));
             return out;
           }() +
           "}",
       "SB0232"},
      {repeated("(", 5000) + "1" + repeated(")", 5000), "SB0211"},
      {repeated("[", 5000), "SB0211"},
      {repeated("-", 5000) + "1", "SB0211"},
      {repeated("{a:", 5000), "SB0211"},
      {repeated("if true then ", 5000) + "1", "SB0211"},
      {repeated("1 in (", 5000), "SB0211"},
      {repeated("f(", 5000), "SB0211"},
      {"1" + repeated("+1", 20000), "SB0211"},
      {"1" + repeated(".a", 20000), "SB0211"},
      {std::string(limits::expression_bytes + 1, ' '), "SB0211"},
      {"matches(" + [] { return std::string("string join(for i in 1..20000 return \"a\", \"\")"); }() + ", \"(a*)*(a*)*b\")", "value"},
      {"matches(string join(for i in 1..200 return \"a\", \"\"), \"(a*)*\\1b\")", "SB0230"},
      {"matches(\"a\", \"((a{1000}){1000}){1000}\")", "value"},
      {"2 ** 1000000000", "value"},
      {"sort(for i in 1..100000 return i, function(x, y) x > y)", "value"},
  };
  for (const auto& row : table) {
    const auto start = std::chrono::steady_clock::now();
    CHECK_MESSAGE(stopped_by(row.first) == row.second, row.first.substr(0, 80));
    const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    CHECK_MESSAGE(seconds < 20, row.first.substr(0, 80));  // generous: sanitizers and a busy machine
  }
}

TEST_CASE("feel: broken text never does more than give a problem") {
  const std::string good = "for i in [1..3] return {a b: if i > \"x\\u0041\" then @\"2026-01-01\".day else f(n: i)[item.x in (1, <2)]}";
  CompileOptions options;
  options.unknown_names_are_null = true;
  for (std::size_t n = 0; n < good.size(); ++n) {
    static_cast<void>(compile(good.substr(0, n), StaticScope{}, options));
    static_cast<void>(compile(good.substr(n), StaticScope{}, options));
    std::string bent = good;
    for (const char c : {'\0', '"', '(', ']', '\xff', '.'}) {
      bent[n] = c;
      static_cast<void>(compile(bent, StaticScope{}, options));
      static_cast<void>(compile_unary_tests(bent, StaticScope{}, 0, Type(), options));
    }
  }
  CHECK(true);
}
