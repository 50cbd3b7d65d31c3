// The public face: scopes, slots, host functions, unary tests, templates.
#include <doctest/doctest.h>

#include <string>

#include "feel/feel.hpp"

using namespace switchboard;
using namespace switchboard::feel;

namespace {

Program good(const Compiled& compiled) {
  if (const auto* problems = std::get_if<std::vector<Problem>>(&compiled)) FAIL(problems->front().id << " " << problems->front().message);
  return std::get<Program>(compiled);
}
Problem bad(const Compiled& compiled) {
  const auto* problems = std::get_if<std::vector<Problem>>(&compiled);
  REQUIRE(problems != nullptr);
  return problems->front();
}

class Clocks : public Host {
 public:
  Value call(std::uint32_t id, std::span<const Value> arguments, std::string& error) const override {
    if (id == 7 && *arguments[0].string() == "arrival") return Value(Context{{"breached", true}, {"left", Value(DaysTimeDuration{-60, 0})}});
    error = "no such clock";
    return Value();
  }
};

StaticScope clock_scope() {
  StaticScope scope;
  scope.names = {{"amount", Type(Type::Kind::number), 0}};
  const Type clock = Type::context_of({{"breached", Type(Type::Kind::boolean)}, {"left", Type(Type::Kind::days_time_duration)}});
  scope.functions = {{"sla", {{"id", Type(Type::Kind::string)}}, 1, clock, 7}};
  return scope;
}

}  // namespace

TEST_CASE("feel: host functions") {
  const StaticScope scope = clock_scope();
  const Program p = good(compile("sla(\"arrival\").breached and sla(\"arrival\").left < @\"PT0S\"", scope));
  CHECK(p.used_functions() == std::vector<std::uint32_t>{7});
  CHECK(p.used_slots().empty());
  CHECK(!p.constant());
  Clocks host;
  Frame frame;
  frame.host = &host;
  CHECK(p.is_true(frame));
  const Evaluation e = good(compile("sla(\"x\").breached", scope)).evaluate(frame);
  CHECK(e.value.is_null());
  CHECK(e.error == "sla(): no such clock");
  CHECK(good(compile("sla(\"x\")", scope)).evaluate(Frame{}).error == "sla() is not offered here");
  CHECK(bad(compile("sla(\"arrival\").breahed", scope)).hint == "did you mean `breached`?");
  CHECK(bad(compile("sla(1)", scope)).id == "SB0206");
  CHECK(bad(compile("sla()", scope)).hint == "call it as sla(id: string)");
}

TEST_CASE("feel: problems have a place and a hint") {
  const StaticScope scope = clock_scope();
  const Problem p = bad(compile("1 + amuont * 2", scope));
  CHECK(p.id == "SB0202");
  CHECK(p.offset == 4);
  CHECK(p.length == 6);
  CHECK(p.hint == "did you mean `amount`?");
  const auto several = compile("foo + bar + \"a\" * 2", scope);
  CHECK(std::get<std::vector<Problem>>(several).size() == 3);
  CompileOptions boolean;
  boolean.expected = Type(Type::Kind::boolean);
  CHECK(bad(compile("amount", scope, boolean)).id == "SB0208");
  CHECK(good(compile("amount > 1", scope, boolean)).type() == Type(Type::Kind::boolean));
}

TEST_CASE("feel: errors say what went wrong, and only when null comes out") {
  const StaticScope scope = clock_scope();
  const Value slots[] = {Value()};
  Frame frame;
  frame.slots = slots;
  CHECK(good(compile("amount + 1", scope)).evaluate(frame).error == "null + number is not defined");
  const Evaluation fine = good(compile("if amount > 1 then 1 else 2", scope)).evaluate(frame);
  CHECK(fine.value == Value(2));
  CHECK(fine.error.empty());
  CHECK(good(compile("now()", scope)).evaluate(frame).error == "now() is not known here");
}

TEST_CASE("feel: constants") {
  const StaticScope scope = clock_scope();
  CHECK(good(compile("2 * @\"PT45M\"", scope)).constant() == Value(DaysTimeDuration{5400, 0}));
  CHECK(good(compile("for i in 1..3 return i", scope)).constant().has_value());
  CHECK(!good(compile("amount", scope)).constant());
  CHECK(!good(compile("today()", scope)).constant());
}

TEST_CASE("feel: names of several parts, the longest known wins") {
  StaticScope scope;
  scope.names = {{"a", Type(Type::Kind::number), 0},     {"b", Type(Type::Kind::number), 1},     {"a+b", Type(Type::Kind::number), 2},
                 {"date", Type(Type::Kind::boolean), 3}, {"time", Type(Type::Kind::boolean), 4}, {"工单 编号", Type(Type::Kind::string), 5},
                 {"count", Type(Type::Kind::number), 6}};
  const Value slots[] = {1, 2, 40, true, false, "G-1", 9};
  Frame frame;
  frame.slots = slots;
  const auto value = [&](const std::string& text) { return to_feel(good(compile(text, scope)).evaluate(frame).value); };
  CHECK(value("a + b") == "40");
  CHECK(value("a +b+ 1") == "41");
  CHECK(value("b + a") == "3");
  CHECK(value("a-b") == "-1");
  CHECK(value("date and time") == "false");
  CHECK(value("date and time(\"2026-03-12T00:00:00\").day") == "12");
  CHECK(value("工单  编号 + \"!\"") == "\"G-1!\"");
  CHECK(value("count + count([1, 2])") == "11");
}

TEST_CASE("feel: unary tests") {
  StaticScope scope;
  scope.names = {{"limit", Type(Type::Kind::number), 1}};
  const auto test = [&](const std::string& text, const Value& input, const Type& type) {
    const Program p = good(compile_unary_tests(text, scope, 0, type));
    const Value slots[] = {input, 10};
    Frame frame;
    frame.slots = slots;
    return p.is_true(frame);
  };
  const Type number(Type::Kind::number);
  const Type string(Type::Kind::string);
  CHECK(test("-", 1, number));
  CHECK(test("< 5, [10..20]", 12, number));
  CHECK(!test("< 5, [10..20]", 7, number));
  CHECK(test("not(1, 2)", 3, number));
  CHECK(!test("not(1, 2)", 2, number));
  CHECK(test("<= limit", 10, number));
  CHECK(test("? > 5 and ? < limit", 7, number));
  CHECK(test("modulo(?, 2) = 1", 7, number));
  CHECK(test("\"a\", \"b\"", "b", string));
  CHECK(test("[\"a\", \"b\"]", "b", string));
  CHECK(test("null", Value(), string));
  CHECK(!test("\"a\"", Value(), string));
  CHECK(test("true", true, Type(Type::Kind::boolean)));
  CHECK(bad(compile_unary_tests("> \"a\"", scope, 0, number)).id == "SB0212");
  CHECK(bad(compile_unary_tests("1 2", scope, 0, number)).id == "SB0201");
}

TEST_CASE("feel: templates") {
  StaticScope scope;
  scope.names = {{"due", Type(Type::Kind::date), 0}, {"who", Type(Type::Kind::string), 1}};
  const Value slots[] = {Value(Date{2026, 3, 12}), Value()};
  Frame frame;
  frame.slots = slots;
  const auto t = compile_template("预计{{due}}前到达{{who}}。{{ {a: {b: \"}}\"}}.a.b }}", scope);
  REQUIRE(std::holds_alternative<Template>(t));
  CHECK(std::get<Template>(t).render(frame).value == Value("预计2026-03-12前到达。}}"));
  const auto wrong = compile_template("ab {{dui}} {{", scope);
  const auto& problems = std::get<std::vector<Problem>>(wrong);
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].offset == 5);
  CHECK(problems[1].id == "SB0217");
}

TEST_CASE("feel: types") {
  for (const auto* text : {"number", "list<number>", "context<a: string, b c: list<date>>", "function<number, Any> -> boolean",
                           "range<date and time>", "days and time duration", "Any"}) {
    const auto t = Type::parse(text);
    REQUIRE_MESSAGE(t.has_value(), text);
    CHECK(t->to_string() == text);
  }
  for (const auto* text : {"", "nmber", "list<", "list<number", "function<> number", "number x"}) CHECK_MESSAGE(!Type::parse(text), text);
  CHECK(coerce(Value(List{1}), Type(Type::Kind::number)) == Value(1));
  CHECK(coerce(Value(1), Type::list_of(Type(Type::Kind::number))) == Value(List{1}));
  CHECK(coerce(Value("a"), Type(Type::Kind::number)).is_null());
  CHECK(to_feel(coerce(Value(Date{2026, 3, 12}), Type(Type::Kind::date_time))) == "date and time(\"2026-03-12T00:00:00Z\")");
}

TEST_CASE("feel: a function value outlives its program") {
  Value f;
  {
    const Program p = good(compile("{k: 2, f: function(x) x * k}.f", StaticScope{}));
    f = p.evaluate(Frame{}).value;
  }
  StaticScope scope;
  scope.names = {{"f", Type(Type::Kind::function), 0}};
  const Value slots[] = {f};
  Frame frame;
  frame.slots = slots;
  CHECK(good(compile("f(21)", scope)).evaluate(frame).value == Value(42));
}
