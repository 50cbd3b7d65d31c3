// Registers in process tests: a suite brings its rows and says what they must be.
#include <doctest/doctest.h>

#include <string>

#include "driver/registers.hpp"
#include "notation/load.hpp"
#include "testing/runner.hpp"

namespace switchboard::testing::registers {

namespace {

constexpr std::string_view customer = R"(
switchboard: 1
register: customer
key: customer_no
fields:
  customer_no: string
  name: {type: string, required: true}
  debt: {type: number, min: 0}
  suspended: {type: counter, per: year}
)";

constexpr std::string_view cut = R"(
switchboard: 1
process: cut
calendar: 24x7@Asia/Shanghai
data: {customer_no: {type: string, required: true}, debt: number, is_known: boolean}
nodes:
  s: {type: startEvent, next: look}
  look: {type: serviceTask, register: {read: customer, key: customer_no}, out: {debt: debt, is_known: found}, next: which}
  which: {type: exclusiveGateway, next: [{if: is_known and debt > 0, to: note}, {else: fine}]}
  note: {type: serviceTask, register: {write: customer, key: customer_no, set: {debt: '0'}, add: {suspended: '1'}}, next: done}
  done: {type: endEvent}
  fine: {type: endEvent}
)";

DefinitionsPtr definitions() {
  model::Library library;
  const auto of = notation::load_register(customer, "customer.yaml");
  REQUIRE(of.value.has_value());
  library.registers.emplace("customer", std::make_shared<const model::Register>(*of.value));
  const auto loaded = notation::load_process(cut, "cut.yaml");
  for (const auto& d : loaded.diagnostics) MESSAGE(d.text());
  REQUIRE(loaded.value.has_value());
  const model::CompileResult made = model::compile(*loaded.value, library, std::string(cut));
  for (const auto& d : made.diagnostics) MESSAGE(d.text());
  REQUIRE(made.process != nullptr);
  auto all = std::make_shared<Definitions>();
  all->processes.emplace(made.process->id, made.process);
  return all;
}

/// What did not hold, a line each.
std::string run(const std::string& suite_text) {
  const auto suite = notation::load_test_suite("switchboard: 1\ntest: t\nprocess: cut\n" + suite_text, "t.yaml");
  for (const auto& d : suite.diagnostics) MESSAGE(d.text());
  REQUIRE(suite.value.has_value());
  Coverage coverage;
  std::string text;
  for (std::size_t i = 0; i < suite.value->cases.size(); ++i)
    for (const Failure& f : run_case(definitions(), *suite.value, suite.value->cases[i], i + 1, coverage).failures) {
      text += f.what + "\n";
      for (const std::string& line : f.differences) text += "  " + line + "\n";
    }
  return text;
}

}  // namespace

TEST_CASE("a suite brings rows, a case lays its own over them, an expectation says what they are then") {
  CHECK(run(R"(registers: {customer: {"1": {name: Wang, debt: 50, suspended: 2}}}
cases:
  - name: in debt
    data: {customer_no: "1"}
    expect:
      ended: [done]
      registers: {customer: {"1": {debt: 0, suspended: 3, name: Wang, found: true, version: 2}, "2": {found: false, debt: null}}}
  - name: paid
    data: {customer_no: "1"}
    registers: {customer: {"1": {debt: 0, suspended: 5}}}
    expect: {ended: [fine], registers: {customer: {"1": {suspended: 5}}}}
  - name: unknown
    data: {customer_no: "9"}
    expect: {ended: [fine], registers: {customer: {"9": {found: false}}}}
)") == "");
}

TEST_CASE("what does not hold, and rows that do not fit, are said") {
  CHECK(run(R"(registers: {customer: {"1": {name: Wang, debt: 50}}}
cases: [{name: a, data: {customer_no: "1"}, expect: {registers: {customer: {"1": {debt: 50, dept: 1}}, meter: {"1": {x: 1}}}}}]
)") == "not as expected at the end (2026-03-02T09:00:00+08:00)\n  register customer, 1, debt: expected 50, is 0\n"
       "  register customer, 1: there is no field dept\n  register meter, 1: no process here reads or writes this register\n");
  CHECK(run(R"(registers: {customer: {"1": {name: Wang, dept: 50}, "2": {debt: 1}}, meter: {"1": {}}}
cases: [{name: a, data: {customer_no: "1"}}]
)")
            .find("did you mean 'debt'?") != std::string::npos);
}

TEST_CASE("a copy of a world has rows of its own") {
  World world(definitions(), *parse_instant("2026-03-02T09:00", "UTC"));
  CHECK(world.fill({{{"customer", {}}, {"1", {}}, Context{{"name", "Wang"}, {"debt", 5}}}}).empty());
  World before = world;
  REQUIRE(world.start("cut", "A", Context{{"customer_no", "1"}}, ""));
  CHECK(world.rows().row("customer", "1", world.now()).version == 2);
  CHECK(before.rows().row("customer", "1", before.now()).version == 1);
}

}  // namespace switchboard::testing::registers
