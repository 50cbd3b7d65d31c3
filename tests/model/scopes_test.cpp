// Data of sub-processes: who sees what, and where it is found at run time (docs/language.md, "Who sees which data").
#include "compiled.hpp"

using namespace switchboard;
using testing::compiled;
using testing::node_of;
using testing::problems;
using testing::process_of;
using Kind = feel::Type::Kind;

namespace {

/// sub {inner {deep}, watch (event sub-process)}, beside; the process has `total`.
model::Process nested() {
  auto p = process_of(R"(
    s start > sub
    sub sub > beside {
      s start > inner
      inner sub > e {
        s start > deep
        deep user > e
        e end
      }
      e end
      watch esub {
        begun start:message=m > w
        w user > e
        e end
      }
    }
    beside sub > e {
      s start > b
      b user > e
      e end
    }
    e end
  )");
  p.data = {testing::data("total", Kind::number)};
  node_of(p.nodes, "sub").data = {testing::data("amount", Kind::number), testing::data("kind", Kind::string)};
  node_of(p.nodes, "inner").data = {testing::data("step", Kind::number)};
  node_of(p.nodes, "watch").data = {testing::data("text", Kind::string)};
  node_of(p.nodes, "beside").data = {testing::data("amount", Kind::string)};
  return p;
}

std::string rules_of(const model::Process& p) {
  std::string out;
  for (const auto& d : model::compile(p, testing::library(), "").diagnostics) out += (out.empty() ? "" : " ") + d.rule + ":" + d.element;
  return out;
}

}  // namespace

TEST_CASE("names are resolved to scope and slot when the process is compiled") {
  auto p = nested();
  node_of(p.nodes, "deep").priority.text = "total + amount + step";
  node_of(p.nodes, "deep").out = {{"step", {}, {"step + 1", {}}}, {"amount", {}, {"result", {}}}, {"total", {}, {"amount", {}}}};
  node_of(p.nodes, "deep").form = {{"kind", {}}, {"step", {}}};
  const auto c = compiled(p);
  const auto deep = c->find_element("deep");
  const model::SlotIndex total{0};
  const auto amount = model::data_slot(1, 0);
  const auto step = model::data_slot(2, 0);
  CHECK(c->find_data("amount") == model::SlotIndex{});
  CHECK(c->find_data(deep, "amount") == amount);
  CHECK(c->find_data(deep, "step") == step);
  CHECK(c->find_data(deep, "total") == total);
  CHECK_FALSE(c->find_data(deep, "text"));
  CHECK(c->at(deep).work.priority.used_slots() == std::vector<std::uint32_t>{total.value, amount.value, step.value});
  REQUIRE(c->at(deep).out.assignments.size() == 3);
  CHECK(c->at(deep).out.assignments[0].target == step);
  CHECK(c->at(deep).out.assignments[1].target == amount);
  CHECK(c->at(deep).out.assignments[2].target == total);
  REQUIRE(c->at(deep).work.form.size() == 2);
  CHECK(c->at(deep).work.form[0].slot == model::data_slot(1, 1));
  CHECK(c->at(deep).work.form[1].slot == step);
  CHECK(c->at(c->owner_of(deep, 1)).path == "sub");
  CHECK(c->at(c->owner_of(deep, 2)).path == "sub/inner");
  CHECK(c->spec(deep, amount).type == feel::Type(Kind::number));
  CHECK(c->spec(c->find_element("beside/b"), amount).type == feel::Type(Kind::string));
  CHECK(c->at(c->find_element("beside")).data_level == 1);
  CHECK(c->at(c->find_element("sub")).scope == model::ElementIndex{0});
  CHECK(c->at(model::ElementIndex{0}).data_level == 0);
}

TEST_CASE("a program reads the levels that its frame has") {
  feel::StaticScope scope;
  scope.names = {{"a", Kind::number, 0}, {"b", Kind::number, feel::slot_at(1, 1)}, {"c", Kind::number, feel::slot_at(3, 0)}};
  const auto sum = std::get<feel::Program>(feel::compile("a + b", scope));
  const auto alone = std::get<feel::Program>(feel::compile("c", scope));
  const std::vector<Value> outer{Value(1)};
  const std::vector<Value> first{Value(10), Value(20)};
  const std::vector<Value> third{Value(300)};
  const std::vector<std::span<const Value>> levels{first, {}, third};
  feel::Frame frame;
  frame.slots = outer;
  CHECK(sum.evaluate(frame).value.is_null());
  CHECK(alone.evaluate(frame).value.is_null());
  frame.levels = levels;
  CHECK(sum.evaluate(frame).value == Value(21));
  CHECK(alone.evaluate(frame).value == Value(300));
}

TEST_CASE("what a place does not see is unknown there") {
  const auto with = [](const char* node, const char* text) {
    auto p = nested();
    node_of(p.nodes, node).priority.text = text;
    return rules_of(p);
  };
  CHECK(with("deep", "amount + step") == "");
  CHECK(with("w", "string length(text)") == "");
  CHECK(with("w", "step") == "SB0202:sub/watch/w");
  CHECK(with("b", "string length(amount)") == "");  // a text there: each sibling has its own
  CHECK(with("b", "step") == "SB0202:beside/b");
  auto p = nested();
  node_of(p.nodes, "b").priority.text = "step";
  CHECK(model::compile(p, testing::library(), "").diagnostics[0].hint == "`step` is data of 'sub/inner', seen only inside it");
}

TEST_CASE("the border of a scope: in and out, flows, what starts an event sub-process") {
  auto p = nested();
  model::Node& sub = node_of(p.nodes, "sub");
  sub.in = {{"amount", {}, {"total * 2", {}}}};
  sub.out = {{"total", {}, {"amount + 1", {}}}};
  node_of(p.nodes, "begun").out = {{"text", {}, {"string(amount) + word", {}}}};
  const auto c = compiled(p);
  const auto& e = c->at(c->find_element("sub"));
  REQUIRE(e.in.size() == 1);
  CHECK(e.in[0].target == model::data_slot(1, 0));
  CHECK(e.in[0].value.used_slots() == std::vector<std::uint32_t>{0});
  REQUIRE(e.out.assignments.size() == 1);
  CHECK(e.out.assignments[0].target == model::SlotIndex{0});
  CHECK(e.out.assignments[0].value.used_slots() == std::vector<std::uint32_t>{model::data_slot(1, 0).value});
  const auto& begun = c->at(c->find_element("begun"));
  REQUIRE(begun.out.assignments.size() == 1);
  CHECK(begun.out.assignments[0].target == model::data_slot(2, 0));

  sub.in = {{"amount", {}, {"amount", {}}}};
  CHECK(rules_of(p) == "SB0202:sub");
  sub.in = {{"amuont", {}, {"1", {}}}};
  CHECK(rules_of(p) == "SB0185:sub");
  sub.in = {};
  sub.out = {{"kind", {}, {"kind", {}}}};  // its own data end with it
  CHECK(rules_of(p) == "SB0185:sub");
  sub.out = {};
  sub.next[0].condition.text = "amount > 1";
  CHECK(rules_of(p) == "SB0202:sub");
  sub.next[0].condition = {};
  node_of(p.nodes, "begun").out = {{"text", {}, {"text", {}}}};  // a name of the payload: nothing is there yet
  CHECK(compiled(p)->at(c->find_element("begun")).out.names[0].second == model::SlotIndex{});
}

TEST_CASE("SB0188 a name that hides another; siblings may share one") {
  CHECK(rules_of(nested()) == "");
  auto p = nested();
  node_of(p.nodes, "inner").data = {testing::data("amount", Kind::number), testing::data("total", Kind::number)};
  CHECK(rules_of(p) == "SB0188:sub/inner/amount SB0188:sub/inner/total");
  CHECK(problems(p).find("'amount' hides the data of 'sub' of the same name") != std::string::npos);
  CHECK(problems(p).find("'total' hides the data of the process of the same name") != std::string::npos);
}

TEST_CASE("SB0187 data of a scope that nothing can give") {
  auto p = nested();
  node_of(p.nodes, "sub").data[0].required = true;
  CHECK(rules_of(p) == "SB0187:sub/amount");
  node_of(p.nodes, "sub").in = {{"amount", {}, {"1", {}}}};
  CHECK(rules_of(p) == "");
  node_of(p.nodes, "watch").data[0].required = true;
  CHECK(rules_of(p) == "SB0187:sub/watch/text");
  node_of(p.nodes, "watch").data[0].default_value = Value("none");
  CHECK(rules_of(p) == "");
  node_of(p.nodes, "watch").data[0].default_value = Value(5);
  CHECK(rules_of(p) == "SB0187:sub/watch/text");
}

TEST_CASE("clocks, feedback and the customer are of the process") {
  auto p = nested();
  p.customer.text = "kind";
  CHECK(rules_of(p) == "SB0202:test");
  p.customer = {};
  model::ClockDefinition k;
  k.id = "k";
  k.within.text = "if amount > 1 then \"1 h\" else \"2 h\"";
  model::Trigger::Case started;
  started.kind = model::Trigger::Kind::process_started;
  k.start.any = {started};
  p.sla = {k};
  CHECK(rules_of(p) == "SB0202:k");
}

TEST_CASE("the identity of a process without scoped data is what it was; scoped data are part of it, their order is not") {
  auto p = nested();
  const std::string with = compiled(p)->hash;
  std::swap(node_of(p.nodes, "sub").data[0], node_of(p.nodes, "sub").data[1]);
  CHECK(compiled(p)->hash == with);
  node_of(p.nodes, "sub").data[0].required = false;
  node_of(p.nodes, "sub").data[0].default_value = Value("x");
  CHECK(compiled(p)->hash != with);
  auto plain = process_of("s start > sub\n sub sub > e {\n s start > e\n e end\n }\n e end");
  plain.data = {testing::data("total", Kind::number)};
  CHECK(compiled(plain)->hash == "d2a660f77f44b6f7d0144ebf7a7f032413ef97242f57c6f18f108ac781b77b95");
}
