// Life and death of activations: entering, completing, terminating, and the end of scopes (BPMN 2.0.2, 13.2 and 13.5.1).
#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

/// Tokens, or something that is to be undone.
bool has_content(const ProcessInstance& i, ElementKey scope) {
  for (const Completion& c : i.completions)
    if (c.by && (c.scope == scope || c.by == scope) && !c.handler) return true;
  if (holds_activations(i, scope)) return true;
  if (!tokens_in(i, scope).empty()) return true;
  for (const GatewayState& g : i.gateways)
    if (g.scope == scope) return true;
  return false;
}

/// Tokens under way into `scope` are part of its content too.
void drop_arrivals(Execution& x, ElementKey scope) {
  for (std::size_t i = x.next_arrival; i < x.arrivals.size(); ++i)
    if (x.arrivals[i].scope == scope) x.arrivals[i].scope = {};
}

void complete_scope(Execution& x, ElementKey scope) {
  if (scope == root_key) {
    detach(x, root_key);
    x.emit(ElementCompleted{root_key, {0}, {}});
    x.ended = true;
    return;
  }
  settle(x, scope, map_result(x, {x.instance.find(scope)->element, scope}, {}, Names::none_taken));
}

void end_content(Execution& x, ElementKey scope, ElementKey except, bool keeps);

void end_activation(Execution& x, ElementKey key, bool keeps) {
  end_content(x, key, {}, keeps);
  const ElementInstance self = *x.instance.find(key);
  detach(x, key);
  note_end_of_undoing(x, key);
  if (keeps) keep_what_completed_in(x, key);
  x.emit(ElementTerminated{key, self.element, self.scope, self.number});
}

/// `keeps`: a transaction around it goes on, and what completed in sub-processes that end here is undone with it if it is cancelled.
void end_content(Execution& x, ElementKey scope, ElementKey except, bool keeps) {
  drop_arrivals(x, scope);
  for (const ElementKey k : activations_in(x.instance, scope))
    if (k != except) end_activation(x, k, keeps);
  release_undoing(x, scope);
  const auto in_it = [&](const auto& one) { return one.scope == scope; };
  if (!tokens_in(x.instance, scope).empty() || std::any_of(x.instance.gateways.begin(), x.instance.gateways.end(), in_it)) x.emit(JoinCleared{scope});
}

}  // namespace

ElementKey enter(Execution& x, ElementIndex element, ElementKey scope) {
  const auto key = x.new_key<ElementKey>();
  const std::uint32_t number = next_number(x, element, scope);
  x.emit(ElementEntered{key, element, scope, number});
  const model::Reactions& entered = x.process.at(element).entered;
  if (!entered.empty() && number == 0) x.reactions.push_back(&entered);
  return key;
}

void begin(Execution& x, ElementKey key) {
  if (x.instance.find(key)->number == 0) attach_boundary(x, key);  // events on the boundary belong to all instances of a repeated activity together
  if (x.alive(key)) perform(x, key);                               // a condition on the boundary may hold at once
}

/// The token leaves: where to is decided first, so that a decision that fails leaves it here with an incident.
void finish(Execution& x, ElementKey key) {
  const ElementInstance self = *x.instance.find(key);
  if (self.number != 0) return complete_instance(x, key);
  const model::Element& element = x.process.at(self.element);
  Few<FlowIndex, 4> chosen;
  std::string why;
  if (!choose_flows(x, self, chosen, why)) return raise_incident(x, key, self.element, rules::cannot_leave, std::move(why));
  const auto completes = completes_ad_hoc(x, self);
  if (!completes) return raise_incident(x, key, self.element, rules::cannot_leave, completes.error().message);
  auto kept = completion_of(x, key);
  if (!kept) return raise_incident(x, key, self.element, rules::cannot_leave, kept.error().message);
  if (!why.empty()) x.emit(NoteAdded{std::move(why), {}});
  detach(x, key);
  note_end_of_undoing(x, key);
  if (kept.value()) x.emit(CompensationEnabled{std::move(*kept.value())});
  x.emit(ElementCompleted{key, self.element, self.scope});
  if (!element.completed.empty()) x.reactions.push_back(&element.completed);
  if (completes.value()) return complete_ad_hoc(x, self.scope);
  if (is_closed_ad_hoc(x, self.scope)) chosen.clear();
  for (const FlowIndex flow : chosen)
    for (std::uint32_t n = 0; n < element.completion_quantity; ++n) {
      x.emit(FlowTaken{flow, self.scope});
      x.arrivals.push_back({self.scope, x.process.at(flow).to, flow});
    }
  if (chosen.empty()) x.emptied.push_back(self.scope);
}

/// Closes everything that waits on behalf of `key`.
void detach(Execution& x, ElementKey key) {
  const ProcessInstance& i = x.instance;
  for (const WorkKey k : keys_at(i, i.work, PartKind::work, key, any_of_them)) x.emit(WorkWithdrawn{k});
  for (const TimerKey k : keys_at(i, i.timers, PartKind::timer, key, any_of_them)) x.emit(TimerDisarmed{k});
  for (const SubscriptionKey k : keys_at(i, i.subscriptions, PartKind::subscription, key, any_of_them)) x.emit(SubscriptionClosed{k});
  for (const CallKey k : keys_at(i, i.calls, PartKind::call, key, any_of_them)) x.emit(CallAbandoned{k});
  for (const IncidentKey k : keys_at(i, i.incidents, PartKind::incident, key, any_of_them)) x.emit(IncidentResolved{k, {}});
}

Few<ElementKey, 4> activations_in(const ProcessInstance& i, ElementKey scope) {
  Few<ElementKey, 4> all;
  static_cast<void>(any_activation_in(i, scope, [&](const ElementInstance& e) {
    all.push_back(e.key);
    return false;
  }));
  return all;
}

void terminate(Execution& x, ElementKey key) { end_activation(x, key, is_in_transaction(x, x.instance.find(key)->scope)); }

void terminate_content(Execution& x, ElementKey scope, ElementKey except) { end_content(x, scope, except, is_in_transaction(x, scope)); }

void terminate_root(Execution& x) {
  terminate(x, root_key);
  x.ended = true;
}

bool complete_emptied_scope(Execution& x) {
  while (!x.emptied.empty()) {
    const ElementKey scope = x.emptied.back();
    x.emptied.erase(std::remove(x.emptied.begin(), x.emptied.end(), scope), x.emptied.end());  // one that cannot end says so once
    if (!x.alive(scope)) continue;
    if (x.instance.find(scope)->state == ActivityState::compensating) {
      x.undoing.push_back(scope);
      return true;
    }
    if (has_content(x.instance, scope)) continue;
    if (goes_on_empty(x, scope)) {
      if (x.next_arrival < x.arrivals.size()) return true;
      continue;  // it stays open
    }
    complete_scope(x, scope);
    return true;
  }
  return false;
}

}  // namespace switchboard::core
