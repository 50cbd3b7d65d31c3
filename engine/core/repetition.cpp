// Repeated activities: standard loops and multi-instance (BPMN 2.0.2, 10.3.8 and 13.3.7). The token rests in the body; each time that the activity is
// performed is an instance inside it, an activation of the same element.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;
using LoopKind = model::LoopDefinition::Kind;

/// Of a multi-instance activity: places in model::Element::body_data.
enum Counter : std::uint8_t { total, active, completed, terminated };

std::uint64_t counter(const ProcessInstance& i, ElementKey body, std::size_t which) {
  return static_cast<std::uint64_t>(i.find_scope(body)->values[which].number()->to_int64().value_or(0));
}

std::uint64_t begun(const ProcessInstance& i, ElementKey body) {
  if (i.find_scope(body)->values.size() == 1) return counter(i, body, 0);
  return counter(i, body, active) + counter(i, body, completed) + counter(i, body, terminated);
}

Result<std::uint64_t> whole_number(const feel::Program& program, const feel::Frame& frame, std::string_view what) {
  SB_TRY(const Value v, value_of(program, frame));
  const Decimal* n = v.number();
  const auto whole = n == nullptr ? std::nullopt : n->to_int64();
  if (!whole || *whole < 0)
    return failure(rules::cannot_enter, fmt::format("{}: `{}` is {}, expected a whole number, 0 or more", what, program.text(), to_feel(v)));
  return static_cast<std::uint64_t>(*whole);
}

struct HowOften {
  std::uint64_t total = 0;
  Value items;
};

Result<HowOften> how_often(const Execution& x, const ElementInstance& self) {
  const model::RepetitionSpec& r = x.process.at(self.element).repetition;
  const Visible seen = x.seen_from(self.scope);
  HowOften out;
  if (r.collection) {
    SB_TRY(out.items, value_of(r.collection, seen.frame()));
    const List* items = out.items.list();
    if (items == nullptr)
      return failure(rules::cannot_enter, fmt::format("collection: `{}` is {}, expected a list", r.collection.text(), to_feel(out.items)));
    out.total = items->size();
    SB_TRYV(has_room_for(x, out.items.written_bytes()));
  } else if (r.cardinality) {
    SB_TRY(out.total, whole_number(r.cardinality, seen.frame(), "cardinality"));
  } else if (r.maximum) {
    SB_TRY(out.total, whole_number(r.maximum, seen.frame(), "max"));
  }
  if (r.is_multi_instance() && out.total > limits::instances)
    return failure(rules::cannot_enter, fmt::format("{} instances are more than {}, the most of one activity", out.total, limits::instances));
  const std::size_t under_way = x.instance.elements.size() + x.arrivals.size() - x.next_arrival;
  if (r.kind == LoopKind::parallel && under_way + out.total > limits::activations)
    return failure(rules::cannot_enter, fmt::format("{} instances beside the {} activations that the case has are more than {}, the most of one case",
                                                    out.total, under_way, limits::activations));
  return out;
}

/// What the instances gave, in their order, goes to the data outside, and the token leaves.
void leave_body(Execution& x, ElementKey body) {
  const ElementInstance self = *x.instance.find(body);
  const model::RepetitionSpec& r = x.process.at(self.element).repetition;
  if (!r.outputs) return finish(x, body);
  List all;
  for (const auto& [number, value] : x.instance.find_repetition(body)->outputs) all.push_back(value);
  auto admitted = model::admit(x.process.spec(x.process.at(self.element).scope, r.outputs), Value(std::move(all)));
  if (!admitted) return settle(x, body, std::move(admitted).error());
  Writes writes;
  writes.emplace_back(r.outputs, std::move(admitted).value());
  settle(x, body, std::move(writes));
}

/// One more, on its way like a token: what it leads to does not nest.
void send_in(Execution& x, ElementKey body, ElementIndex element, std::uint64_t how_many) {
  if (x.process.at(element).repetition.is_multi_instance())
    x.allowed_events = std::min(limits::step_events_most, x.allowed_events + how_many * limits::step_events_of_one);
  for (std::uint64_t n = 0; n < how_many; ++n) x.arrivals.push_back({body, element, {}});
}

/// Whether a loop is performed once more; an incident at the body when its condition cannot be had.
std::optional<bool> loops_again(Execution& x, ElementKey body, const model::RepetitionSpec& r) {
  const std::uint64_t most = x.instance.find_repetition(body)->total;
  const std::uint64_t done = begun(x.instance, body);
  if (r.maximum && done >= most) return false;
  if (!r.condition || (done == 0 && !r.test_before)) return true;
  std::string doubt;
  const auto holds = condition_of(r.condition, x.seen_from(body).frame(), doubt);
  if (holds) return holds.value();
  raise_incident(x, body, x.instance.find(body)->element, rules::cannot_enter, "while: " + holds.error().message);
  return std::nullopt;
}

void go_on(Execution& x, ElementKey body) {
  const ElementIndex element = x.instance.find(body)->element;
  const model::RepetitionSpec& r = x.process.at(element).repetition;
  if (!r.is_multi_instance()) {
    const auto again = loops_again(x, body, r);
    if (!again) return;
    return *again ? send_in(x, body, element, 1) : leave_body(x, body);
  }
  const std::uint64_t all = x.instance.find_repetition(body)->total;
  const std::uint64_t so_far = begun(x.instance, body);
  const bool idle = counter(x.instance, body, active) == 0;
  if (idle && so_far == all) return leave_body(x, body);
  if (r.kind == LoopKind::sequential && idle) return send_in(x, body, element, 1);
  if (r.kind == LoopKind::parallel && so_far == 0) return send_in(x, body, element, all);
}

/// What an instance leads to, worked out before anything changes.
struct Outcome {
  Value output;
  bool is_enough = false;                  ///< the completion condition holds
  Few<const model::EventSpec*, 2> thrown;  ///< by `behavior`
};

Result<Outcome> outcome_of(Execution& x, const ElementInstance& self) {
  const model::RepetitionSpec& r = x.process.at(self.element).repetition;
  Outcome out;
  LentData lent(x.instance, self.key);
  const Visible seen = x.seen_from(self.key);
  if (r.output) {
    SB_TRY(out.output, value_of(r.output, seen.frame()));
    SB_TRYV(check_given(out.output));
    SB_TRYV(has_room_for(x, out.output.written_bytes()));
  }
  if (!r.is_multi_instance()) return out;
  const std::uint64_t before = counter(x.instance, self.scope, completed);
  // The counters as they are when this one has completed.
  lent.set(self.scope, {active}, Value(Decimal(static_cast<std::int64_t>(counter(x.instance, self.scope, active)) - 1)));
  lent.set(self.scope, {completed}, Value(Decimal(static_cast<std::int64_t>(before) + 1)));
  std::string doubt;
  if (r.condition) {
    SB_TRY(out.is_enough, condition_of(r.condition, seen.frame(), doubt));
  }
  for (const auto& t : r.thrown) {
    if (r.behavior == model::LoopDefinition::Behavior::one_event && before > 0) continue;
    bool holds = true;
    if (t.condition) {
      SB_TRY(holds, condition_of(t.condition, seen.frame(), doubt));
    }
    if (holds) out.thrown.push_back(&t.event);
  }
  return out;
}

std::optional<Waiting> on_own_boundary(const Execution& x, ElementKey body, const model::EventSpec& spec) {
  for (const ElementIndex b : x.process.at(x.instance.find(body)->element).boundary) {
    const model::Element& event = x.process.at(b);
    for (std::uint32_t d = 0; d < event.definitions(); ++d) {
      const model::EventSpec& waits = event.definition(d);
      const bool any = waits.kind == EventKind::escalation && waits.name.empty();
      if (waits.kind == spec.kind && (any || waits.name == spec.name)) return Waiting{body, b, d};
    }
  }
  return std::nullopt;
}

/// A boundary event of the activity that waits for it gets it at once, and only what none of them waits for leaves. It begins a flow beside the
/// activity, which goes on (13.3.7: "spawning different flow"): whether what is left of it ends is for `behavior` to say. True: it was caught by an
/// event that interrupts.
bool throw_from(Execution& x, ElementKey body, const model::EventSpec& spec) {
  const ElementIndex element = x.instance.find(body)->element;
  if (spec.kind == EventKind::error) {
    raise_error(x, body, spec.name, {}, {}, {});
    return false;
  }
  if (const auto catcher = on_own_boundary(x, body, spec)) {
    const bool ends = interrupts(x, *catcher);
    if (spec.kind == EventKind::escalation) x.emit(EscalationRaised{element, spec.name, catcher->event, {}, {}, x.instance.next_key, false});
    if (x.process.at(catcher->event).parallel_multiple)
      happen(x, *catcher, news_of(x, *catcher, {}, Names::none_taken));
    else
      settle(x, enter(x, catcher->event, x.instance.find(body)->scope), Writes());
    return ends;
  }
  if (spec.kind == EventKind::escalation) raise_escalation(x, body, element, {}, spec.name, {});
  if (spec.kind == EventKind::signal) throw_signal(x, element, spec.name, {});
  if (spec.kind != EventKind::message) return false;
  if (const auto thrown = throw_message(x, body, element, spec, {}); !thrown)
    x.emit(NoteAdded{fmt::format("message '{}' was not sent: {}", spec.name, thrown.error().message), {}});
  return false;
}

}  // namespace

std::uint32_t next_number(const Execution& x, ElementIndex element, ElementKey scope) {
  if (!x.process.at(element).repetition || x.instance.find(scope)->element != element) return 0;
  return static_cast<std::uint32_t>(begun(x.instance, scope)) + 1;
}

void give_item(const Execution& x, const ElementInstance& instance, std::vector<Value>& values) {
  const model::RepetitionSpec& r = x.process.at(instance.element).repetition;
  if (!r.is_multi_instance()) return;
  values.back() = Value(Decimal(static_cast<std::int64_t>(instance.number)));
  if (!r.has_item) return;
  const List* items = x.instance.find_repetition(instance.scope)->items.list();
  values[values.size() - 2] = (*items)[instance.number - 1];
}

void perform_repetition(Execution& x, ElementKey body) {
  if (x.instance.find_repetition(body) != nullptr) return go_on(x, body);
  const ElementInstance self = *x.instance.find(body);
  auto often = how_often(x, self);
  if (!often) return raise_incident(x, body, self.element, rules::cannot_enter, often.error().message);
  const auto counters = static_cast<std::uint32_t>(x.process.at(self.element).body_data.size());
  x.emit(RepetitionBegun{body, self.element, often.value().total, std::move(often.value().items), counters});
  go_on(x, body);
}

void complete_instance(Execution& x, ElementKey key) {
  const ElementInstance self = *x.instance.find(key);
  auto outcome = outcome_of(x, self);
  if (!outcome) return raise_incident(x, key, self.element, rules::cannot_leave, outcome.error().message);
  auto kept = completion_of(x, key);
  if (!kept) return raise_incident(x, key, self.element, rules::cannot_leave, kept.error().message);
  detach(x, key);
  if (kept.value()) x.emit(CompensationEnabled{std::move(*kept.value())});
  x.emit(ElementCompleted{key, self.element, self.scope, self.number});
  if (x.process.at(self.element).repetition.outputs)
    x.emit(OutputCollected{self.scope, self.element, self.number, std::move(outcome.value().output)});
  bool is_enough = outcome.value().is_enough;
  for (const model::EventSpec* event : outcome.value().thrown) {
    const bool ends = throw_from(x, self.scope, *event);
    if (!x.alive(self.scope)) return;
    is_enough = is_enough || (ends && x.process.at(self.element).repetition.behavior == model::LoopDefinition::Behavior::complex);
  }
  if (!is_enough) return go_on(x, self.scope);
  terminate_content(x, self.scope, {});
  leave_body(x, self.scope);
}

std::string path_of(const model::ExecutableProcess& process, const ProcessInstance& instance, ElementKey activation) {
  std::string path;
  for (const ElementInstance* e = instance.find(activation); e != nullptr && e->key != root_key; e = instance.find(e->scope)) {
    const std::string number = e->number == 0 ? std::string() : fmt::format("[{}]", e->number);
    path = process.at(e->element).id + number + (path.empty() ? "" : "/") + path;
    if (e->number != 0) e = instance.find(e->scope);  // its body is the same node
  }
  return path;
}

bool is_spent(Execution& x, ElementKey scope) {
  if (x.instance.repetitions.empty()) return false;
  for (const ElementInstance* e = x.instance.find(scope); e != nullptr; e = x.instance.find(e->scope))
    if (e->number != 0 && x.process.at(e->element).repetition.is_multi_instance()) return ++x.moves[e->key] > limits::step_moves_of_one;
  return false;
}

}  // namespace switchboard::core
