#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/limits.hpp"
#include "switchboard/value/json.hpp"
#include "switchboard/value/value.hpp"

using namespace switchboard;

namespace {

std::string error_of(std::string_view json) {
  const auto r = parse_json(json);
  return r ? "accepted" : r.error().text();
}
bool starts(const std::string& text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

std::vector<Value> samples() {
  return {Value(),
          Value(true),
          Value(false),
          Value(0),
          Value(-1),
          Value(*Decimal::parse("1234567890123456789012345678901234e-20")),
          Value(""),
          Value("直供电"),
          Value(Date{2026, 3, 12}),
          Value(*parse_time("10:30:00.25+08:00")),
          Value(*parse_date_time("2026-03-12T10:30:00@Asia/Shanghai")),
          Value(DaysTimeDuration{-5, -1}),
          Value(YearsMonthsDuration{14}),
          Value(List{1, "a", Value(List{})}),
          Value(Context{{"b", 1}, {"a", Value(List{Value()})}}),
          Value(Range{Range::End::open, 1, 2, Range::End::closed, false}),
          Value(Range{Range::End::open, Value(), 2, Range::End::open, true})};
}

}  // namespace

TEST_CASE("value: canonical bytes round trip, equal bytes exactly for equal values") {
  const auto all = samples();
  std::vector<std::string> coded;
  for (const auto& v : all) {
    std::string bytes;
    encode(v, bytes);
    std::string_view rest = bytes;
    const auto back = decode(rest);
    REQUIRE(back.has_value());
    CHECK(rest.empty());
    CHECK(back.value() == v);
    for (std::size_t n = 0; n < bytes.size(); ++n) {  // every cut is refused, never read beyond
      std::string_view cut = std::string_view(bytes).substr(0, n);
      CHECK(!decode(cut).has_value());
    }
    coded.push_back(bytes);
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = 0; j < all.size(); ++j) CHECK((coded[i] == coded[j]) == (all[i] == all[j]));
  }
  std::string a;
  std::string b;
  encode(Value(Context{{"x", 1}, {"y", *Decimal::parse("2.00")}}), a);
  encode(Value(Context{{"y", 2}, {"x", *Decimal::parse("1.0")}}), b);
  CHECK(a == b);
}

TEST_CASE("value: damaged bytes are refused") {
  for (const std::string& bytes :
       {std::string("\x7f"), std::string("\x03\x00\x00\x0a", 4), std::string("\x04\xff\xff\xff\xff\x0f", 6), std::string("\x05\x00\x0d\x01", 4)}) {
    std::string_view rest = bytes;
    const auto r = decode(rest);
    REQUIRE(!r.has_value());
    CHECK(r.error().id == "SB0250");
  }
  const std::string deep(1000, '\x0a');
  std::string nested;
  for (int i = 0; i < 1000; ++i) nested += "\x0a\x01";
  std::string_view rest = nested;
  CHECK(!decode(rest).has_value());
}

TEST_CASE("value: JSON") {
  const auto v = parse_json(R"({"n": 0.1234567890123456789, "big": 12345678901234567890123, "l": [true, null, "直\n"], "o": {}})");
  REQUIRE(v.has_value());
  CHECK(to_json(v.value()) == R"({"n":0.1234567890123456789,"big":12345678901234567890123,"l":[true,null,"直\n"],"o":{}})");
  CHECK(to_json(Value(List{1, Value(List{})}), 2) == "[\n  1,\n  []\n]");
  CHECK(to_json(Value(Date{2026, 3, 12})) == "\"2026-03-12\"");
  CHECK(to_json(Value(std::string("a\x01\"\\"))) == R"("a\u0001\"\\")");
  CHECK(starts(error_of("{\"a\": 1,\n \"a\": 2}"), "2:4: the name \"a\" is there twice in one object [SB0251]"));
  CHECK(starts(error_of("[1, 2"), "1:6: not JSON"));
  CHECK(starts(error_of("[1] x"), "1:5: not JSON"));
  CHECK(starts(error_of("[NaN]"), "1:"));
  CHECK(starts(error_of("[\"\xff\"]"), "1:"));
  CHECK(starts(error_of(""), "1:1: not JSON"));
  CHECK(error_of("1234567890123456789012345678901234567890").find("more than 34 digits") != std::string::npos);
  CHECK(error_of("1e100000") != "accepted");
  CHECK(error_of(std::string(limits::value_depth, '[') + std::string(limits::value_depth, ']')) == "accepted");
  CHECK(error_of(std::string(100'000, '[')).find("[SB0252]") != std::string::npos);
}

TEST_CASE("value: the tagged encoding loses nothing") {
  for (const auto& v : samples()) {
    const std::string text = to_tagged_json(v);
    const auto back = from_tagged(parse_json(text).value());
    REQUIRE_MESSAGE(back.has_value(), text);
    CHECK_MESSAGE(back.value() == v, text);
  }
  CHECK(to_tagged_json(Value(*Decimal::parse("0.0375"))) == R"({"t":"number","v":"0.0375"})");
  for (const auto* bad : {"{}", "1", R"({"t":"number"})", R"({"t":"number","v":"x"})", R"({"t":"duration","v":"P1Y1D"})", R"({"t":"thing","v":"x"})",
                          R"({"t":"list","v":[1]})"}) {
    const auto r = from_tagged(parse_json(bad).value());
    CHECK_MESSAGE(!r.has_value(), bad);
  }
}

TEST_CASE("value: texts") {
  CHECK(to_feel(Value("a\"b")) == R"("a\"b")");
  CHECK(to_feel(Value(Context{{"a", 1}, {"b c", Value(Date{2026, 1, 2})}})) == R"({a: 1, "b c": date("2026-01-02")})");
  CHECK(to_feel(Value(Range{Range::End::open, 1, 2, Range::End::closed, false})) == "(1..2]");
  CHECK(to_display(Value("a\"b")) == "a\"b");
  CHECK(to_display(Value(Date{2026, 1, 2})) == "2026-01-02");
  CHECK(to_display(Value(List{"a"})) == "[\"a\"]");
}

TEST_CASE("value: the written size is never less than the bytes, and hardly more") {
  for (const Value& v : samples()) {
    if (!is_storable(v)) continue;
    std::string bytes;
    encode(v, bytes);
    // A few bytes for each number, date or time that is in it: what a shorter form of it saves.
    CHECK_MESSAGE(v.written_bytes() >= bytes.size(), to_feel(v));
    CHECK_MESSAGE(v.written_bytes() <= bytes.size() + 20 * (1 + bytes.size() / 4), to_feel(v));
  }
  const Value text(std::string(1'000, 'x'));
  CHECK(text.written_bytes() == 1 + 2 + 1'000);
  CHECK(Value(List{text, text, text}).written_bytes() == 1 + 1 + 3 * 1'003);
  CHECK(Value(Context{{"ab", text}}).written_bytes() == 1 + 1 + 1 + 2 + 1'003);
}

TEST_CASE("value: what shares memory is counted as often as it is written, without end and without time") {
  Value v(std::string(1'000, 'x'));
  for (int i = 0; i < 20; ++i) v = Value(List{v, v});
  CHECK(v.written_bytes() == (1'003u << 20) + 2 * ((1u << 20) - 1));
  for (int i = 0; i < 100; ++i) v = Value(List{v, v});
  CHECK(v.written_bytes() == Value::most_written_bytes);
}
