// The DMN Technology Compatibility Kit, as far as the shared data has it. Each file has a floor, so that what works stays working.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <string>

#include "feel/conformance.hpp"
#include "support/shared_data.hpp"
#include "switchboard/value/json.hpp"

using namespace switchboard;

namespace {

/// The kit rounds numbers to 8 places before it compares them.
bool same_number(const Decimal& a, const Decimal& b) {
  const auto difference = subtract(a, b);
  return difference && difference->abs() <= *Decimal::parse("0.00000001");
}

bool same(const Value& got, const Value& expected) {
  if (got.number() != nullptr && expected.number() != nullptr) return same_number(*got.number(), *expected.number());
  if (got.list() != nullptr && expected.list() != nullptr) {
    if (got.list()->size() != expected.list()->size()) return false;
    for (std::size_t i = 0; i < got.list()->size(); ++i) {
      if (!same((*got.list())[i], (*expected.list())[i])) return false;
    }
    return true;
  }
  if (got.context() != nullptr && expected.context() != nullptr) {
    if (got.context()->size() != expected.context()->size()) return false;
    for (const auto& [name, value] : expected.context()->entries()) {
      const Value* other = got.context()->find(name);
      if (other == nullptr || !same(*other, value)) return false;
    }
    return true;
  }
  return got == expected;
}

/// An expectation without a type is text: the value is compared as text too, inside lists and contexts as well.
Value untyped_as_text(const Value& got, const Value& tagged) {
  const Context* c = tagged.context();
  if (c == nullptr) return got;
  const Value* untyped = c->find("untyped");
  if (untyped != nullptr && untyped->boolean() != nullptr && *untyped->boolean() && !got.is_null()) return Value(to_display(got));
  const Value* v = c->find("v");
  if (v != nullptr && v->list() != nullptr && got.list() != nullptr && v->list()->size() == got.list()->size()) {
    List out;
    for (std::size_t i = 0; i < v->list()->size(); ++i) out.push_back(untyped_as_text((*got.list())[i], (*v->list())[i]));
    return Value(std::move(out));
  }
  if (v != nullptr && v->context() != nullptr && got.context() != nullptr) {
    Context out;
    for (const auto& [name, value] : got.context()->entries()) {
      const Value* inner = v->context()->find(name);
      out.append_new(name, inner != nullptr ? untyped_as_text(value, *inner) : value);
    }
    return Value(std::move(out));
  }
  return got;
}

void run_file(const std::string& name, std::size_t floor) {
  const auto folder = switchboard::testing::shared_data("dmn-tck");
  if (!folder) return;
  std::ifstream in(*folder / name);
  std::string line;
  std::size_t passed = 0;
  std::size_t failed = 0;
  while (std::getline(in, line)) {
    const auto object = parse_json(line);
    REQUIRE(object.has_value());
    const Context& c = *object.value().context();
    const auto expected = from_tagged(*c.find("expected"));
    REQUIRE(expected.has_value());
    const auto answer = feel::answer(c);
    const bool ok = same(untyped_as_text(answer.value, *c.find("expected")), expected.value());
    ++(ok ? passed : failed);
    if (ok || std::getenv("SWITCHBOARD_KIT_VERBOSE") == nullptr) continue;
    std::cout << "FAILED " << to_display(*c.find("id")) << "\n  " << (c.find("expression") != nullptr ? to_display(*c.find("expression")) : "")
              << "\n  expected " << to_feel(expected.value()) << "\n  got      " << to_feel(answer.value) << " " << answer.error << "\n";
  }
  std::cout << "DMN kit, " << name << ": " << passed << " passed, " << failed << " failed\n";
  CHECK(passed >= floor);
}

}  // namespace

TEST_CASE("feel: DMN kit, expressions") { run_file("feel.jsonl", 1542); }
TEST_CASE("feel: DMN kit, expressions with requirements") { run_file("feel_deps.jsonl", 20); }
TEST_CASE("feel: DMN kit, decision tables") { run_file("tables.jsonl", 34); }
TEST_CASE("feel: DMN kit, boxed expressions") { run_file("boxed.jsonl", 83); }
