// Loops and multi-instance (BPMN 2.0.2, 10.3.8 and 13.3.7).
#include <fmt/format.h>

#include "base/limits.hpp"
#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

using Kind = feel::Type::Kind;

void compile_collection(Compilation& c, const LoopDefinition& loop, Element& e) {
  RepetitionSpec& r = e.repetition;
  r.collection = compile_feel(c, {loop.collection, e.path, "collection"}, feel::Type{});
  r.cardinality = compile_feel(c, {loop.cardinality, e.path, "cardinality"}, Kind::number);
  const feel::Type none_or_list = r.collection ? r.collection.type() : feel::Type{};
  if (none_or_list.kind() != Kind::any && none_or_list.kind() != Kind::list)
    report(c, "SB0184", loop.collection.at, e.path,
           fmt::format("collection: `{}` is a {}, wanted is a list", loop.collection.text, none_or_list.to_string()),
           "give a list; for a number of instances write `cardinality`");
}

/// A number that stands there and can be no number of instances.
void check_count(Compilation& c, const feel::Program& program, const Expr& text, const Element& e, std::string_view what, std::int64_t most) {
  const auto constant = program ? program.constant() : std::nullopt;
  if (!constant) return;
  const Decimal* n = constant->number();
  const auto whole = n == nullptr ? std::nullopt : n->to_int64();
  if (whole && *whole >= 0 && *whole <= most) return;
  report(c, "SB0184", text.at, e.path,
         fmt::format("{}: `{}` is {}, wanted is a whole number from 0 to {}", what, text.text, to_feel(*constant), most), "correct the number");
}

/// One list of what the instances give; whatever its items are.
void compile_outputs(Compilation& c, const LoopDefinition& loop, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  if (loop.output_collection.empty()) return;
  e.repetition.outputs = resolve_data(c, e.scope, loop.output_collection, e.path);
  if (!e.repetition.outputs) return;
  const feel::Type& list = c.out.spec(e.scope, e.repetition.outputs).type;
  if (list.kind() != Kind::list && list.kind() != Kind::any)
    return report(c, "SB0184", loop.output_collection.at, e.path,
                  fmt::format("outputCollection: '{}' is a {}, wanted is a list", loop.output_collection.name, list.to_string()),
                  fmt::format("declare `{}: list`", loop.output_collection.name));
  e.repetition.output = compile_feel(c, {loop.output, e.path, "output"}, list.kind() == Kind::list ? list.element() : feel::Type{});
}

void compile_thrown(Compilation& c, const LoopDefinition& loop, ElementIndex self) {
  RepetitionSpec& r = c.out.elements[self.value].repetition;
  r.behavior = loop.behavior;
  for (const LoopDefinition::Thrown& t : loop.events)
    r.thrown.push_back({compile_condition(c, {t.condition, c.out.at(self).path, "if"}), compile_event(c, t.event, self)});
}

}  // namespace

std::string_view to_string(LoopDefinition::Behavior b) noexcept {
  switch (b) {
    case LoopDefinition::Behavior::none_event: return "none";
    case LoopDefinition::Behavior::one_event: return "one";
    case LoopDefinition::Behavior::all_events: return "all";
    case LoopDefinition::Behavior::complex: return "complex";
  }
  SB_UNREACHABLE("a behavior of events");
}

void compile_repetition(Compilation& c, const Node& node, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  const feel::StaticScope* inside = &visible_in(c, self);
  const feel::StaticScope* before = c.visible;
  c.visible = &visible_in(c, e.scope);
  compile_collection(c, node.loop, e);
  e.repetition.maximum = compile_feel(c, {node.loop.maximum, e.path, "max"}, Kind::number);
  check_count(c, e.repetition.cardinality, node.loop.cardinality, e, "cardinality", static_cast<std::int64_t>(limits::instances));
  check_count(c, e.repetition.maximum, node.loop.maximum, e, "max", 1'000'000'000);
  e.repetition.test_before = node.loop.test_before;
  c.visible = e.repetition.is_multi_instance() ? inside : &c.body_scopes.at(self);
  e.repetition.condition = compile_condition(c, {node.loop.condition, e.path, e.repetition.is_multi_instance() ? "completionCondition" : "while"});
  c.visible = inside;
  compile_outputs(c, node.loop, self);
  compile_thrown(c, node.loop, self);
  c.visible = before;
}

}  // namespace switchboard::model
