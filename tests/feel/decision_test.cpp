#include <doctest/doctest.h>

#include <string>

#include "feel/decision.hpp"

using namespace switchboard;
using namespace switchboard::feel;

namespace {

const Type number_type(Type::Kind::number);
const Type string_type(Type::Kind::string);

DecisionTable ages(HitPolicy hit, std::vector<DecisionTable::Rule> rules) {
  DecisionTable t;
  t.id = "fee";
  t.hit = hit;
  t.parameters = {{"age", number_type}};
  t.required_parameters = 1;
  t.inputs = {{"age", "age", number_type, ""}};
  t.outputs = {{"", number_type, "", ""}};
  t.rules = std::move(rules);
  return t;
}

Decision good(DecisionTable t) {
  auto compiled = compile_decision(std::move(t));
  if (const auto* problems = std::get_if<std::vector<DecisionProblem>>(&compiled)) FAIL(problems->front().problem.message);
  return std::get<Decision>(compiled);
}

std::string result(const Decision& d, const std::vector<Value>& arguments) {
  const Evaluation e = d.evaluate(arguments, Frame{});
  return e.value.is_null() ? "null: " + e.error : to_feel(e.value);
}

std::string findings(const Decision& d) {
  std::string out;
  for (const auto& f : analyse(d)) {
    static const char* const kinds[] = {"overlap", "gap", "unreachable", "incomplete", "no duration", "impossible"};
    out += kinds[static_cast<int>(f.kind)];
    for (const auto r : f.rules) out += " " + std::to_string(r + 1);
    out += " (" + f.witness + ") ";
  }
  return out;
}

}  // namespace

TEST_CASE("decision: a text among durations that is none") {
  const auto limits = [](const char* child, const char* adult, const char* old) {
    DecisionTable t = ages(HitPolicy::unique, {{{"< 18"}, {child}, ""}, {{"[18..60)"}, {adult}, ""}, {{">= 60"}, {old}, ""}});
    t.outputs = {{"", string_type, "", ""}};
    return good(t);
  };
  CHECK(findings(limits(R"("15 bd")", R"("45 mins")", R"("P1M")")) == "no duration 2 (duration '45 mins': unknown unit 'mins' (write `45 min`)) ");
  CHECK(findings(limits(R"("15 bd")", "null", R"("P1M")")) == "");
  CHECK(findings(limits(R"("15 bd")", R"("none")", R"("child")")) == "");
}

TEST_CASE("decision: hit policies") {
  const std::vector<DecisionTable::Rule> overlapping = {{{"< 18"}, {"5"}, ""}, {{">= 12"}, {"7"}, ""}, {{"[60..70]"}, {"3"}, ""}};
  CHECK(result(good(ages(HitPolicy::unique, overlapping)), {10}) == "5");
  CHECK(result(good(ages(HitPolicy::unique, overlapping)), {15}) == "null: fee: rules 1 and 2 both hit, but only one may [SB0810]");
  CHECK(result(good(ages(HitPolicy::first, overlapping)), {65}) == "7");
  CHECK(result(good(ages(HitPolicy::any, overlapping)), {65}) == "null: fee: rules 2 and 3 hit with different outputs [SB0811]");
  CHECK(result(good(ages(HitPolicy::rule_order, overlapping)), {65}) == "[7, 3]");
  CHECK(result(good(ages(HitPolicy::collect, overlapping)), {15}) == "[5, 7]");
  DecisionTable t = ages(HitPolicy::collect, overlapping);
  for (const auto& [aggregation, expected] :
       {std::pair{Aggregation::sum, "10"}, {Aggregation::min, "3"}, {Aggregation::max, "7"}, {Aggregation::count, "2"}}) {
    t.aggregation = aggregation;
    CHECK(result(good(t), {65}) == expected);
  }
  t = ages(HitPolicy::priority, overlapping);
  t.outputs[0].allowed = "3, 7, 5";
  CHECK(result(good(t), {65}) == "3");
  t.hit = HitPolicy::output_order;
  CHECK(result(good(t), {65}) == "[3, 7]");
}

TEST_CASE("decision: a cell may have variables of its own") {
  const Decision d = good(ages(HitPolicy::first, {{{"some n in [12, 16, 18], m in [1] satisfies ? = n + m - 1"}, {"5"}, ""},
                                                  {{"count([1, 2, 30][item > ?]) = 1"}, {"7"}, ""}}));
  CHECK(result(d, {16}) == "5");
  CHECK(result(d, {17}) == "7");
  CHECK(result(d, {31}) == "null: fee: no rule hits");
}

TEST_CASE("decision: nothing hits, defaults, wrong arguments, allowed values") {
  DecisionTable t = ages(HitPolicy::unique, {{{"< 18"}, {"5"}, ""}});
  CHECK(result(good(t), {20}) == "null: fee: no rule hits");
  CHECK(result(good(t), {"x"}) == "null: fee: argument `age` is string, not number");
  t.outputs[0].default_value = "0";
  CHECK(result(good(t), {20}) == "0");
  t.inputs[0].allowed = "[0..120]";
  CHECK(result(good(t), {200}) == "null: fee: input `age` has the value 200, which is not allowed");
}

TEST_CASE("decision: a default that is written is the result, null included") {
  DecisionTable t = ages(HitPolicy::unique, {{{"< 18"}, {"5"}, ""}});
  t.outputs[0].default_value = "null";
  CHECK(result(good(t), {20}) == "null: ");
  CHECK(result(good(t), {17}) == "5");
  t.outputs[0].default_value = "5 / (age - age)";
  CHECK(result(good(t), {20}) != "null: ");
  t.outputs.push_back({"note", string_type, "", ""});
  t.outputs[0].name = "fee";
  t.outputs[0].default_value = "null";
  t.rules[0].out = {"5", "\"child\""};
  CHECK(result(good(t), {20}) == "{fee: null, note: null}");
  t = ages(HitPolicy::collect, {{{"< 18"}, {"5"}, ""}});
  CHECK(result(good(t), {20}) == "[]");
  t.outputs[0].default_value = "7";
  CHECK(result(good(t), {20}) == "[7]");
  t.outputs[0].default_value = "null";
  CHECK(result(good(t), {20}) == "null: ");
}

TEST_CASE("decision: several outputs and optional parameters") {
  DecisionTable t;
  t.id = "limits";
  t.parameters = {{"stage", string_type}, {"area", string_type}};
  t.required_parameters = 1;
  t.inputs = {{"stage", "stage", string_type, ""}, {"area", "area", string_type, "\"urban\", \"rural\""}};
  t.outputs = {{"within", Type(Type::Kind::days_time_duration), "", ""}, {"source", string_type, "", ""}};
  t.rules = {{{"\"arrival\"", "\"urban\""}, {"@\"PT45M\"", "\"item 4\""}, ""},
             {{"\"arrival\"", "\"rural\", null"}, {"@\"PT90M\"", "\"item \" + string(2 + 2)"}, ""}};
  const Decision d = good(t);
  CHECK(result(d, {"arrival", "urban"}) == R"({within: duration("PT45M"), source: "item 4"})");
  CHECK(result(d, {"arrival"}) == R"({within: duration("PT1H30M"), source: "item 4"})");
  CHECK(d.signature().result.to_string() == "context<within: days and time duration, source: string>");
  CHECK(d.signature().required == 1);
}

TEST_CASE("decision: problems name their cell") {
  DecisionTable t = ages(HitPolicy::unique, {{{"< 18"}, {"\"five\""}, ""}, {{"> \"x\""}, {"agee"}, ""}});
  const auto compiled = compile_decision(t);
  const auto& problems = std::get<std::vector<DecisionProblem>>(compiled);
  REQUIRE(problems.size() == 3);
  CHECK(problems[0].part == DecisionProblem::Part::rule_output);
  CHECK(problems[0].problem.id == "SB0208");
  CHECK(problems[1].part == DecisionProblem::Part::rule_input);
  CHECK(problems[1].row == 1);
  CHECK(problems[2].problem.hint == "did you mean `age`?");
  t.rules = {{{"1", "2"}, {}, ""}};
  CHECK(std::get<std::vector<DecisionProblem>>(compile_decision(t)).size() == 2);
  t.rules.clear();
  t.hit = HitPolicy::priority;
  CHECK(std::get<std::vector<DecisionProblem>>(compile_decision(t))[0].problem.id == "SB0804");
}

TEST_CASE("decision: analysis") {
  CHECK(findings(good(ages(HitPolicy::unique, {{{"< 18"}, {"5"}, ""}, {{">= 18"}, {"7"}, ""}}))) == "");
  CHECK(findings(good(ages(HitPolicy::unique, {{{"< 18"}, {"5"}, ""}, {{"> 18"}, {"7"}, ""}}))) == "gap (age = 18) ");
  CHECK(findings(good(ages(HitPolicy::unique, {{{"<= 18"}, {"5"}, ""}, {{">= 18"}, {"7"}, ""}}))) == "overlap 1 2 (age = 18) ");
  CHECK(findings(good(ages(HitPolicy::unique, {{{"<= 18"}, {"5"}, ""}, {{">= 19"}, {"7"}, ""}}))) == "gap (age = 18.5) ");
  CHECK(findings(good(ages(HitPolicy::any, {{{"<= 18"}, {"5"}, ""}, {{">= 18"}, {"5"}, ""}}))) == "");
  CHECK(findings(good(ages(HitPolicy::first, {{{"< 18"}, {"5"}, ""}, {{"-"}, {"6"}, ""}, {{"[20..30]"}, {"7"}, ""}}))) ==
        "unreachable 3 (earlier rules hit first whatever the input is) ");
  DecisionTable t;
  t.parameters = {{"area", string_type}, {"vip", Type(Type::Kind::boolean)}};
  t.inputs = {{"area", "area", string_type, "\"urban\", \"rural\""}, {"vip", "vip", Type(Type::Kind::boolean), ""}};
  t.outputs = {{"", number_type, "", ""}};
  t.required_parameters = 2;
  t.rules = {{{"\"urban\"", "-"}, {"1"}, ""}, {{"\"rural\"", "true"}, {"2"}, ""}, {{"\"remote\"", "-"}, {"3"}, ""}};
  CHECK(findings(good(t)) == "impossible 3 (no value of area passes `\"remote\"`) gap (area = \"rural\", vip = false) ");
}

TEST_CASE("decision: a written boolean is compared with the input; null is not true (DMN 1.5, 7.3.2)") {
  const char* const cells[] = {"true", "false", "not(true)", "not(false)", "true, false", "null", "[true]", "? = true", "?", "other"};
  const auto hits = [&](const Type& type, const Value& input) {
    DecisionTable t;
    t.hit = HitPolicy::collect;
    t.parameters = {{"vip", type}, {"other", Type(Type::Kind::boolean)}};
    t.inputs = {{"vip", "vip", type, ""}};
    t.outputs = {{"", string_type, "", ""}};
    for (const char* cell : cells) t.rules.push_back({{cell}, {std::string("\"") + cell + "\""}, ""});
    return result(good(t), {input, Value(true)});
  };
  const Type boolean(Type::Kind::boolean);
  CHECK(hits(boolean, Value(true)) == R"x(["true", "not(false)", "true, false", "[true]", "? = true", "?", "other"])x");
  CHECK(hits(boolean, Value(false)) == R"x(["false", "not(true)", "true, false"])x");
  // Null is neither; what negates a comparison that failed holds.
  CHECK(hits(boolean, Value()) == R"x(["not(true)", "not(false)", "null"])x");
  // A test that asks for another name decides by itself where the input is no boolean.
  CHECK(hits(Type(), Value()) == R"x(["not(true)", "not(false)", "null", "other"])x");
}

TEST_CASE("decision: analysis tells what it can show, and says why when it cannot") {
  const Type text(Type::Kind::string);
  const auto table = [](const Type& type, HitPolicy hit, const std::vector<std::string>& cells, bool optional = false) {
    DecisionTable t;
    t.hit = hit;
    t.parameters = {{"a", type}};
    t.required_parameters = optional ? 0 : 1;
    t.inputs = {{"a", "a", type, ""}};
    t.outputs = {{"", number_type, "", hit == HitPolicy::first ? "0" : ""}};
    for (const std::string& cell : cells) t.rules.push_back({{cell}, {"1"}, ""});
    return findings(good(t));
  };
  // Tests that do more than compare: never "no value passes".
  CHECK(table(text, HitPolicy::first, {"string length(?) > 5"}) == "");
  CHECK(table(Type(Type::Kind::date), HitPolicy::first, {"?.month in (6, 7, 8)"}) == "");
  CHECK(table(text, HitPolicy::first, {"\"x\"", "matches(?, \"^Q[0-9]+$\")"}) ==
        "incomplete (whether some rules ever decide is not known: the test `matches(?, \"^Q[0-9]+$\")` of rule 2 does more than compare with "
        "constants) ");
  CHECK(table(Type::list_of(Type(Type::Kind::number)), HitPolicy::first, {"count(?) = 0"}) == "");
  // Null passes `null` and `-`, whatever stands before.
  CHECK(table(Type(Type::Kind::date), HitPolicy::first, {"< date(\"2020-01-01\")", "null"}, true) == "");
  CHECK(table(text, HitPolicy::first, {"not(null)", "-"}, true) == "");
  CHECK(table(text, HitPolicy::first, {"not(null)", "null", "-"}, true) == "unreachable 3 (earlier rules hit first whatever the input is) ");
  // A gap is told with a value of the input's type.
  CHECK(table(Type(Type::Kind::date), HitPolicy::unique, {"date(\"2026-01-01\")"}) == "gap (a = date(\"2025-12-31\")) ");
  CHECK(table(text, HitPolicy::unique, {"starts with(?, \"a\")", "ends with(?, \"z\")", "not(starts with(?, \"a\"), ends with(?, \"z\"))"}) ==
        "overlap 1 2 (a = \"a~z\") ");
  CHECK(table(text, HitPolicy::unique, {"null", "null, \"b\"", "-"}, true) ==
        "overlap 1 2 (a = null) overlap 1 3 (a = null) overlap 2 3 (a = \"b\") ");
  // One parameter asked twice: 5 and not 5 together is no input.
  DecisionTable t = ages(HitPolicy::unique, {{{"5", "5"}, {"1"}, ""}, {{"not(5)", "not(5)"}, {"2"}, ""}});
  t.inputs.push_back(t.inputs.front());
  CHECK(findings(good(t)) == "");
}

TEST_CASE("decision: 1 and 1.0 are the same output of an any table, and 5-10 is no range") {
  DecisionTable t = ages(HitPolicy::any, {{{"[1..3]"}, {"1"}, ""}, {{"[2..4]"}, {"1.0"}, ""}, {{"[3..5]"}, {"2 - 1"}, ""}});
  const auto overlaps = [&] {
    const auto found = analyse(good(t));
    return std::count_if(found.begin(), found.end(), [](const TableFinding& f) { return f.kind == TableFinding::Kind::overlap; });
  };
  CHECK(overlaps() == 0);
  CHECK(result(good(t), {3}) == "1");
  t.rules[1].out = {"1.5"};
  CHECK(overlaps() == 2);
  for (const char* cell : {"5-10", "5 - 10", "0.5-1.5"}) {
    t.rules[0].in = {cell};
    const auto compiled = compile_decision(t);
    const auto* problems = std::get_if<std::vector<DecisionProblem>>(&compiled);
    REQUIRE(problems != nullptr);
    CHECK(problems->front().problem.id == "SB0806");
  }
  for (const char* cell : {"-5", "-", "5, 10", "< 10 - 5", "[5-3..10]"}) {
    t.rules[0].in = {cell};
    CHECK_MESSAGE(std::holds_alternative<Decision>(compile_decision(t)), cell);
  }
}
