// Compensation and the cancelling of transactions (BPMN 2.0.2, 13.5.5 and 10.3.5).
//
// What can be undone is a list of completions in the order in which they happened. Whoever has some of them undone (a throwing event, a sub-process
// that is undone from the inside, a transaction that is cancelled) is noted in each, and takes the last one that is left whenever the one before it
// is done.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;
using model::NodeType;

bool is_compensating(const Execution& x, ElementKey key) {
  const ElementInstance* e = x.instance.find(key);
  return e != nullptr && e->state == ActivityState::compensating;
}

const Completion* undone_by(const ProcessInstance& i, ElementKey handler) {
  for (const Completion& c : i.completions)
    if (c.handler == handler) return &c;
  return nullptr;
}

bool holds_completions(const ProcessInstance& i, ElementKey scope) {
  return std::any_of(i.completions.begin(), i.completions.end(), [&](const Completion& c) { return c.scope == scope; });
}

/// A sub-process that had not completed when its transaction was cancelled, and in which something is still to be undone: it is there for the data.
bool is_held(const ProcessInstance& i, ElementKey key) {
  const Completion* c = undone_by(i, key);
  return c != nullptr && c->partial && c->activity == key && holds_completions(i, key);
}

/// Whether something runs in `scope`, or in a sub-process that is held in it.
bool holds_tokens(const ProcessInstance& i, ElementKey scope) {
  if (!tokens_in(i, scope).empty()) return true;
  const auto inside = activations_in(i, scope);
  return std::any_of(inside.begin(), inside.end(), [&](ElementKey key) { return !is_held(i, key) || holds_tokens(i, key); });
}

/// A throwing event reaches what has completed in its scope and, inside an event sub-process, in the scope that this handles.
Few<ElementKey, 4> scopes_reached(const Execution& x, ElementKey key) {
  Few<ElementKey, 4> scopes{x.instance.find(key)->scope};
  while (x.element_of(scopes.back()).type == NodeType::event_sub_process) scopes.push_back(x.instance.find(scopes.back())->scope);
  return scopes;
}

/// Has everything undone that `fits` and that nobody has undone already. False when there is nothing.
template <class Fits>
bool trigger_compensation(Execution& x, ElementKey by, ElementIndex event, Fits fits) {
  CompensationTriggered triggered{by, x.instance.find(by)->element, event, {}};
  for (const Completion& c : x.instance.completions)
    if (!c.by && fits(c)) triggered.activities.push_back(c.activity);
  if (triggered.activities.empty()) return false;
  x.emit(std::move(triggered));
  return true;
}

void trigger_undoing(Execution& x, const Waiting& w) { trigger(x, w, map_result(x, {w.event, seen_from(x, w)}, {}, Names::none_taken)); }

/// Whether an event sub-process undoes it; of a repeated activity each instance has its own.
bool handles_itself(const Execution& x, const ElementInstance& self) {
  const model::Element& element = x.process.at(self.element);
  return element.undone_by && (!element.repetition || self.number != 0);
}

/// All that has completed in `key`, and in what was interrupted in it before it had completed, is undone in one order, that of completion; so a
/// sub-process that was interrupted is there again for as long as something that completed in it is to be undone, outer ones before inner ones.
void undo_content(Execution& x, ElementKey key, ElementIndex event) {
  std::unordered_set<std::uint64_t> scopes{key.value};
  std::vector<Completion> partial;
  const auto& all = x.instance.completions;
  for (auto c = all.rbegin(); c != all.rend(); ++c)
    if (c->partial && !c->handler && scopes.contains(c->scope.value) && scopes.insert(c->activity.value).second) partial.push_back(*c);
  static_cast<void>(trigger_compensation(x, key, event, [&](const Completion& c) { return scopes.contains(c.scope.value); }));
  for (const Completion& c : partial) x.emit(CompensationStarted{c.activity, c.element, {}, c.activity});
  x.undoing.push_back(key);
}

/// By the event sub-process that is there for it, else by undoing what has completed inside.
void undo_inside(Execution& x, ElementKey key, bool partial) {
  const model::Element& element = x.element_of(key);
  if (!partial && handles_itself(x, *x.instance.find(key))) return trigger_undoing(x, {key, x.process.at(element.undone_by).start_events.front()});
  undo_content(x, key, {});
}

void undo(Execution& x, const Completion& c) {
  const Completion one = c;
  if (!one.compensation) {
    x.emit(CompensationStarted{one.activity, one.element, {}, one.activity});
    return undo_inside(x, one.activity, one.partial);
  }
  x.emit(CompensationStarted{one.activity, one.element, one.compensation, x.new_key<ElementKey>()});
  begin(x, enter(x, one.compensation, one.scope));
}

/// Nothing is left to be undone for `by`.
void finish_undoing(Execution& x, ElementKey by) {
  const ElementInstance self = *x.instance.find(by);
  if (model::is_container(x.process.at(self.element).type) && self.state != ActivityState::compensating) return x.emptied.push_back(by);
  if (self.state != ActivityState::compensating) return settle(x, by, map_result(x, {self.element, by}, {}, Names::none_taken));
  if (is_undone(x, by)) {
    note_end_of_undoing(x, by);
    detach(x, by);
    x.emit(ElementCompensated{by, self.element, self.scope});
    return x.emptied.push_back(self.scope);
  }
  for (const ElementIndex b : x.process.at(self.element).boundary)
    if (event_spec(x.process.at(b), EventKind::cancel) != nullptr) return trigger_undoing(x, {by, b});
  SB_UNREACHABLE("a transaction that can be cancelled has a boundary event for it (SB0191)");
}

bool is_busy(const Execution& x, ElementKey by) {
  if (is_compensating(x, by)) return holds_tokens(x.instance, by);
  return std::any_of(x.instance.completions.begin(), x.instance.completions.end(), [&](const Completion& c) { return c.by == by && c.handler; });
}

/// At the bound on events, until that is resolved.
bool rests(const Execution& x, ElementKey key) {
  return find_at(x.instance, x.instance.incidents, PartKind::incident, key,
                 [&](const Incident& i) { return i.rule == rules::step_bound && i.element == x.instance.find(key)->element; }) != nullptr;
}

}  // namespace

bool is_undone(const Execution& x, ElementKey key) {
  const Completion* c = undone_by(x.instance, key);
  return c != nullptr && c->activity == key;
}

/// Nothing is kept of what undoes something, nor of what follows from that: there is no way back from a way back.
Result<std::optional<Completion>> completion_of(Execution& x, ElementKey key) {
  const ElementInstance self = *x.instance.find(key);
  const model::Element& element = x.process.at(self.element);
  const bool of_all = element.compensation && self.number != 0;  // a compensation activity undoes all instances of a repeated activity together
  if (!element.compensable || of_all || is_compensating(x, self.scope)) return std::optional<Completion>();
  Completion c;
  c.activity = key;
  c.element = self.element;
  c.scope = self.scope;
  c.number = self.number;
  c.compensation = element.compensation;
  if (element.compensation && x.process.at(element.compensation).repetition) return std::optional(std::move(c));  // `in` of each of its instances
  if (element.compensation) {
    auto inputs = build_inputs(x.seen_from(self.scope).frame(), x.process.at(element.compensation).in);
    if (!inputs)
      return failure(rules::cannot_leave,
                     fmt::format("what '{}' is to be given: {}", x.process.at(element.compensation).path, inputs.error().message));
    c.inputs = std::move(inputs).value();
  } else {
    const auto inside = [&](const Completion& one) { return one.scope == key; };
    const bool has_inside = std::any_of(x.instance.completions.begin(), x.instance.completions.end(), inside);
    if (!has_inside && !handles_itself(x, self)) return std::optional<Completion>();
    if (const ScopeData* own = x.instance.find_scope(key)) c.values = own->values;
  }
  std::uint64_t bytes = c.inputs.written_bytes();
  for (const Value& v : c.values) bytes += v.written_bytes();
  if (const auto room = has_room_for(x, bytes); !room) return failure(rules::cannot_leave, room.error().message);
  return std::optional(std::move(c));
}

bool is_in_transaction(const Execution& x, ElementKey scope) {
  while (scope && x.element_of(scope).type != NodeType::transaction) scope = x.instance.find(scope)->scope;
  return static_cast<bool>(scope);
}

/// What undoes something leaves nothing: there is no way back from a way back. A sub-process that is undone from the inside leaves what is still to
/// do.
void keep_what_completed_in(Execution& x, ElementKey key) {
  const auto& all = x.instance.completions;
  const auto left = [&](const Completion& c) { return c.scope == key && !c.handler; };
  if (std::none_of(all.begin(), all.end(), left)) return;
  if (const Completion* undoes = undone_by(x.instance, key); undoes != nullptr && undoes->activity != key) return;
  const ElementInstance self = *x.instance.find(key);
  Completion c;
  c.activity = key;
  c.element = self.element;
  c.scope = self.scope;
  c.number = self.number;
  c.partial = true;
  if (const ScopeData* own = x.instance.find_scope(key)) c.values = own->values;
  x.emit(CompensationEnabled{std::move(c)});
}

const Value* kept_inputs(const Execution& x, ElementKey key) {
  const Completion* c = undone_by(x.instance, key);
  return c == nullptr || !c->compensation || x.process.at(c->compensation).repetition ? nullptr : &c->inputs;
}

Result<Value> inputs_of(const Execution& x, ElementKey key) {
  if (const Value* kept = kept_inputs(x, key)) return *kept;
  return build_inputs(x.seen_from(key).frame(), x.element_of(key).in);
}

void throw_compensation(Execution& x, ElementKey key, ElementIndex event, const model::EventSpec& spec) {
  const auto scopes = scopes_reached(x, key);
  const auto fits = [&](const Completion& c) {
    return !c.partial && (!spec.target || c.element == spec.target) && std::find(scopes.begin(), scopes.end(), c.scope) != scopes.end();
  };
  const ElementKey by = spec.waits ? key : scopes.back();  // the scope cannot end before it is done
  if (trigger_compensation(x, by, event, fits)) x.undoing.push_back(by);
}

bool has_undone(const Execution& x, ElementKey key) {
  return std::any_of(x.instance.completions.begin(), x.instance.completions.end(), [&](const Completion& c) { return c.by == key; });
}

/// Everything that still runs inside ends, and nothing can begin; then all that has completed is undone.
void cancel_transaction(Execution& x, ElementKey key, ElementIndex event) {
  ElementKey transaction = x.instance.find(key)->scope;
  while (x.element_of(transaction).type != NodeType::transaction) transaction = x.instance.find(transaction)->scope;
  if (x.instance.find(transaction)->number != 0) transaction = x.instance.find(transaction)->scope;  // all instances of a repeated one together
  const ElementIndex element = x.instance.find(transaction)->element;
  finish(x, key);
  x.emit(TransactionCancelled{transaction, element, event});
  terminate_content(x, transaction, {});
  detach(x, transaction);
  undo_content(x, transaction, event);
}

void note_end_of_undoing(Execution& x, ElementKey key) {
  if (x.instance.completions.empty()) return;
  if (const Completion* c = undone_by(x.instance, key); c != nullptr && c->by) x.undoing.push_back(c->by);
}

/// A sub-process that is undone, or a transaction, is asked for nothing else; a scope for what events in it do not wait for.
void release_undoing(Execution& x, ElementKey scope) {
  if (x.instance.completions.empty() || is_compensating(x, scope) || !model::is_container(x.element_of(scope).type)) return;
  CompensationTriggered released;
  for (const Completion& c : x.instance.completions)
    if (c.by == scope && !c.handler) released.activities.push_back(c.activity);
  if (!released.activities.empty()) x.emit(std::move(released));
}

bool go_on_undoing(Execution& x) {
  while (!x.undoing.empty()) {
    const ElementKey by = x.undoing.back();
    x.undoing.pop_back();
    if (!x.alive(by) || is_busy(x, by) || rests(x, by)) continue;
    if (x.exhausted()) {
      raise_incident(x, by, x.instance.find(by)->element, rules::step_bound,
                     "one command caused too many events while this was undoing what had been done; it goes on when this is resolved");
      return true;
    }
    const auto& all = x.instance.completions;
    const auto next = std::find_if(all.rbegin(), all.rend(), [&](const Completion& c) { return c.by == by && !c.handler; });
    if (next == all.rend() && is_held(x.instance, by)) continue;  // its transaction has undone what completed in it
    if (next == all.rend())
      finish_undoing(x, by);
    else
      undo(x, *next);
    return true;
  }
  return false;
}

}  // namespace switchboard::core
