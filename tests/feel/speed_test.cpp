// How long typical programs take. The bounds are far above what a quiet machine needs, so that sanitizers and neighbours do not fail the test; the
// printed numbers are what to look at.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdio>
#include <string>

#include "feel/decision.hpp"

using namespace switchboard;
using namespace switchboard::feel;

namespace {

template <class Work>
void measure(const std::string& what, double bound_ns, const Work& work) {
  constexpr int rounds = 20'000;
  for (int i = 0; i < 100; ++i) work();
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i) work();
  const double ns = std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - start).count() / rounds;
  std::printf("speed: %-50s %8.0f ns\n", what.c_str(), ns);
  CHECK(ns < bound_ns);
}

}  // namespace

TEST_CASE("feel: speed of typical programs") {
  StaticScope scope;
  scope.names = {{"amount", Type(Type::Kind::number), 0}, {"area", Type(Type::Kind::string), 1}};
  const Value slots[] = {150, "urban"};
  Frame frame;
  frame.slots = slots;
  std::size_t sum = 0;
  for (const auto* text : {"amount > 100 and area = \"urban\"", "area in (\"rural\", \"urban\")", "amount in [100..200]"}) {
    const Program p = std::get<Program>(compile(text, scope));
    measure(text, 30'000, [&] { sum += p.is_true(frame) ? 1 : 0; });
  }
  for (const auto* text : {"amount * 1.13 + 5", "if amount > 100 then \"a\" else \"b\"", "string length(area) > 3"}) {
    const Program p = std::get<Program>(compile(text, scope));
    measure(text, 50'000, [&] { sum += p.evaluate(frame).value.is_null() ? 0 : 1; });
  }
  CHECK(sum == 6u * 20'100u);
}

TEST_CASE("feel: speed of a decision table") {
  DecisionTable t;
  t.parameters = {{"stage", Type(Type::Kind::string)}, {"area", Type(Type::Kind::string)}};
  t.inputs = {{"", "stage", Type(Type::Kind::string), ""}, {"", "area", Type(Type::Kind::string), ""}};
  t.outputs = {{"", Type(Type::Kind::days_time_duration), "", ""}};
  for (const auto* stage : {"\"a\"", "\"b\"", "\"c\"", "\"d\"", "\"arrival\""}) {
    for (const auto* area : {"\"rural\"", "\"remote\"", "\"urban\""}) t.rules.push_back({{stage, area}, {"@\"PT45M\""}, ""});
  }
  const Decision d = std::get<Decision>(compile_decision(t));
  const Value arguments[] = {"arrival", "urban"};
  bool null = false;
  measure("decision of 15 rules, 2 inputs", 200'000, [&] { null = null || d.evaluate(arguments, Frame{}).value.is_null(); });
  CHECK(!null);
}
