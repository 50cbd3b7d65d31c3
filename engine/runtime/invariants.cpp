#include "runtime/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "store/projection.hpp"

namespace switchboard::runtime {

namespace {

template <class T>
core::PartKind kind_of(const core::Parts<T>& /*all*/) {
  if constexpr (std::is_same_v<T, core::Work>) return core::PartKind::work;
  if constexpr (std::is_same_v<T, core::Call>) return core::PartKind::call;
  static_assert(std::is_same_v<T, core::Work> || std::is_same_v<T, core::Call> || std::is_same_v<T, core::Incident>);
  return core::PartKind::incident;
}
template <class T>
bool is_at(const core::ProcessInstance& i, const core::Parts<T>& all, core::ElementKey key) {
  return find_at(i, all, kind_of(all), key, [](const T&) { return true; }) != nullptr;
}
/// ... and for the very element of the activation (a boundary event's timer belongs to its host, but is not what the host waits for).
template <class T>
bool is_of(const core::ProcessInstance& i, const core::Parts<T>& all, const core::ElementInstance& e) {
  return find_at(i, all, kind_of(all), e.key, [&](const T& one) { return one.element == e.element; }) != nullptr;
}

bool contains_something(const core::ProcessInstance& i, core::ElementKey scope) {
  return holds_activations(i, scope) || !tokens_in(i, scope).empty() ||
         std::any_of(i.gateways.begin(), i.gateways.end(), [&](const core::GatewayState& g) { return g.scope == scope; });
}

std::size_t count_waits(const core::ProcessInstance& i, core::ElementKey owner, model::ElementIndex event) {
  std::size_t waits = 0;
  const auto counts = [&](const auto& one) {
    waits += one.element == event ? 1 : 0;
    return false;
  };
  static_cast<void>(find_at(i, i.timers, core::PartKind::timer, owner, counts));
  static_cast<void>(find_at(i, i.subscriptions, core::PartKind::subscription, owner, counts));
  const auto has_happened = [&](const core::Occurrence& o) { return o.owner == owner && o.element == event; };
  return waits + static_cast<std::size_t>(std::count_if(i.occurrences.begin(), i.occurrences.end(), has_happened));
}

/// Whether event `event`, owned by `owner`, waits for all it says: timers, messages and signals by a row each; a condition is looked at after every
/// change of data, so no row says that it is waited for. What could not begin to wait has an incident.
bool event_waits(const model::ExecutableProcess& process, const core::ProcessInstance& i, core::ElementKey owner, model::ElementIndex event) {
  using enum model::EventKind;
  const model::Element& e = process.at(event);
  const auto has_row = [](const model::EventSpec& s) { return s.kind == timer || s.kind == model::EventKind::message || s.kind == signal; };
  std::size_t wanted = static_cast<std::size_t>(std::count_if(e.events.begin(), e.events.end(), has_row));
  if (e.events.empty() && has_row(e.message)) ++wanted;
  return count_waits(i, owner, event) >= wanted;
}

/// Whether an activity of this ad-hoc sub-process may still begin.
bool is_open(const core::ProcessInstance& i, core::ElementKey key) {
  const core::AdHocState* state = i.find_ad_hoc(key);
  return state != nullptr && !state->closed;
}

bool token_waits(const model::ExecutableProcess& process, const core::ProcessInstance& i, const core::ElementInstance& e) {
  using model::NodeType;
  const model::Element& element = process.at(e.element);
  if (is_of(i, i.incidents, e)) return true;
  if (core::is_body(element, e)) return contains_something(i, e.key) || is_at(i, i.incidents, e.key);
  switch (element.type) {
    case NodeType::user_task:
    case NodeType::service_task: return element.register_use ? is_of(i, i.calls, e) : is_of(i, i.work, e);
    case NodeType::send_task: return is_of(i, i.work, e);
    case NodeType::call_activity: return is_of(i, i.calls, e);
    case NodeType::receive_task:
    case NodeType::intermediate_catch_event: return event_waits(process, i, e.key, e.element);
    case NodeType::event_based_gateway:
      return is_at(i, i.incidents, e.key) || std::all_of(element.outgoing.begin(), element.outgoing.end(),
                                                         [&](model::FlowIndex f) { return event_waits(process, i, e.key, process.at(f).to); });
    case NodeType::start_event: return element.parallel_multiple && event_waits(process, i, e.key, e.element);
    case NodeType::ad_hoc_sub_process: return contains_something(i, e.key) || is_at(i, i.incidents, e.key) || is_open(i, e.key);
    case NodeType::end_event:
    case NodeType::intermediate_throw_event:
    case NodeType::boundary_event:
    case NodeType::task:
    case NodeType::script_task:
    case NodeType::business_rule_task:
    case NodeType::manual_task:
    case NodeType::exclusive_gateway:
    case NodeType::inclusive_gateway:
    case NodeType::parallel_gateway:
    case NodeType::complex_gateway:
    case NodeType::sub_process:
    case NodeType::transaction:
    case NodeType::event_sub_process: break;
  }
  // Until that is undone: what it wants undone, or what completed in it before its transaction was cancelled.
  const bool is_undone = e.state == core::ActivityState::compensating;
  const auto waits_for_it = [&](const core::Completion& c) { return c.by == e.key || (is_undone && c.scope == e.key && c.by); };
  return contains_something(i, e.key) || is_at(i, i.incidents, e.key) || std::any_of(i.completions.begin(), i.completions.end(), waits_for_it);
}

void check_tokens(const model::ExecutableProcess& process, const core::ProcessInstance& i, const Violation& found) {
  for (const core::ElementInstance& e : i.elements) {
    if (e.element.value >= process.elements.size()) {
      found(fmt::format("a token rests on element {}, which the definition does not have", e.element.value));
      continue;
    }
    if (!token_waits(process, i, e)) found(fmt::format("the token on '{}' waits for nothing", process.at(e.element).path));
    if (e.scope && i.find(e.scope) == nullptr) found(fmt::format("the scope of token {} is gone", e.key.value));
    const model::Element& element = process.at(e.element);
    const bool has_sub_processes = !element.event_sub_processes.empty() && !core::is_body(element, e);  // those of a body are in its instances
    const bool taken_over = has_sub_processes && any_activation_in(i, e.key, [&](const core::ElementInstance& inner) {
                              if (inner.element.value >= process.elements.size()) return false;
                              const model::Element& sub = process.at(inner.element);
                              return sub.type == model::NodeType::event_sub_process && sub.interrupting;
                            });
    if (e.state == core::ActivityState::compensating) continue;  // nothing is attached to it any more
    for (const model::ElementIndex sub : element.event_sub_processes) {
      if (!has_sub_processes || taken_over || process.at(sub).start_events.empty() || is_at(i, i.incidents, e.key)) continue;
      const model::ElementIndex start = process.at(sub).start_events.front();
      if (process.at(start).interrupting && !event_waits(process, i, e.key, start))
        found(fmt::format("the event sub-process '{}' waits for nothing", process.at(sub).path));
    }
    if (e.number != 0) continue;  // the boundary belongs to all instances together
    for (const model::ElementIndex b : element.boundary) {
      // A non-interrupting event that has fired for the last time, or was disarmed by an operator's repair, waits no more.
      if (process.at(b).interrupting && !event_waits(process, i, e.key, b) && !is_at(i, i.incidents, e.key))
        found(fmt::format("the boundary event '{}' waits for nothing", process.at(b).path));
    }
  }
  for (const core::ScopeTokens& scope : i.joins) {
    if (i.find(scope.key) == nullptr) found(fmt::format("tokens wait at a gateway of scope {}, which is gone", scope.key.value));
    for (const core::JoinTokens& j : scope.tokens)
      if (j.count == 0 || j.scope != scope.key) found("a gateway keeps no tokens, but a place for them");
  }
}

/// The numbers of a repeated activity are those of its instances.
void check_repetitions(const model::ExecutableProcess& process, const core::ProcessInstance& i, const Violation& found) {
  for (const core::Repetition& r : i.repetitions) {
    const core::ElementInstance* body = i.find(r.key);
    const core::ScopeData* counters = i.find_scope(r.key);
    const bool known = body != nullptr && counters != nullptr && body->element.value < process.elements.size();
    if (!known || !core::is_body(process.at(body->element), *body)) {
      found(fmt::format("token {} is said to be repeated and is not", r.key.value));
      continue;
    }
    std::int64_t inside = 0;
    static_cast<void>(any_activation_in(i, r.key, [&](const core::ElementInstance& e) {
      inside += e.state != core::ActivityState::compensating ? 1 : 0;  // one that is undone has been counted as completed
      return false;
    }));
    const Decimal* active = counters->values.size() > 1 ? counters->values[1].number() : nullptr;
    if (counters->values.size() > 1 && (active == nullptr || *active != Decimal(inside)))
      found(fmt::format("'{}' counts {} instances, {} are there", process.at(body->element).path,
                        active == nullptr ? std::string("no") : active->to_string(), inside));
  }
  for (const core::ElementInstance& e : i.elements) {
    const core::ElementInstance* scope = i.find(e.scope);
    if (e.number != 0 && e.state != core::ActivityState::compensating &&
        (scope == nullptr || scope->element != e.element || i.find_repetition(e.scope) == nullptr))
      found(fmt::format("token {} is instance {} of nothing that is repeated", e.key.value, e.number));
  }
}

/// An activation has all the data that its element declares, once it has begun; nobody else has any.
void check_scopes(const model::ExecutableProcess& process, const core::ProcessInstance& i, const Violation& found) {
  std::uint64_t last = 0;
  for (const core::ScopeData& s : i.scopes) {
    const core::ElementInstance* owner = i.find(s.key);
    const bool known = owner != nullptr && owner->element.value < process.elements.size();
    if (!known)
      found(fmt::format("data of {} belong to no living token", s.key.value));
    else if (const std::size_t declared = core::data_of(process.at(owner->element), *owner).size(); s.values.size() != declared)
      found(fmt::format("'{}' holds {} values, its element declares {}", process.at(owner->element).path, s.values.size(), declared));
    if (s.key.value <= last) found(fmt::format("data of {} are out of order", s.key.value));
    last = s.key.value;
  }
  for (const core::ElementInstance& e : i.elements) {
    if (e.element.value >= process.elements.size() || core::data_of(process.at(e.element), e).empty() || i.find_scope(e.key) != nullptr) continue;
    if (holds_activations(i, e.key)) found(fmt::format("'{}' has none of its data", process.at(e.element).path));
  }
}

/// The element itself, an event on its boundary, the start of an event sub-process in it, or an event behind an event-based gateway.
bool may_own(const model::ExecutableProcess& process, model::ElementIndex owner, model::ElementIndex element) {
  if (owner == element) return true;
  if (owner.value >= process.elements.size() || element.value >= process.elements.size()) return false;
  const model::Element& o = process.at(owner);
  const model::Element& e = process.at(element);
  if (e.host == owner) return true;
  if (e.type == model::NodeType::start_event && e.scope && process.at(e.scope).scope == owner) return true;
  return std::any_of(o.outgoing.begin(), o.outgoing.end(), [&](model::FlowIndex f) { return process.at(f).to == element; });
}

template <class T>
void check_owners(const model::ExecutableProcess& process, const core::ProcessInstance& i, const core::Parts<T>& all, std::string_view what,
                  const Violation& found) {
  std::uint64_t last = 0;
  for (const T& one : all) {
    const core::ElementInstance* owner = i.find(one.element_key);
    if (owner == nullptr)
      found(fmt::format("{} {} belongs to no living token", what, one.key.value));
    else if (!may_own(process, owner->element, one.element))
      found(fmt::format("{} {} belongs to a token that cannot have it", what, one.key.value));
    if (one.key.value <= last || one.key.value >= i.next_key) found(fmt::format("{} {} is out of order", what, one.key.value));
    last = one.key.value;
  }
}

/// Whether `scope`, or one of those it stands in, is a transaction; they live, or are kept as something that can be undone.
bool is_in_transaction(const model::ExecutableProcess& process, const core::ProcessInstance& i, core::ElementKey scope) {
  for (std::size_t steps = 0; scope && steps <= i.elements.size() + i.completions.size(); ++steps) {
    const core::ElementInstance* living = i.find(scope);
    const auto kept = std::find_if(i.completions.begin(), i.completions.end(), [&](const core::Completion& c) { return c.activity == scope; });
    if (living == nullptr && kept == i.completions.end()) return false;
    const model::ElementIndex element = living != nullptr ? living->element : kept->element;
    if (element.value >= process.elements.size()) return false;
    if (process.at(element).type == model::NodeType::transaction) return true;
    scope = living != nullptr ? living->scope : kept->scope;
  }
  return false;
}

/// What can be undone stands in something that lives, or in a sub-process that can be undone itself; what undoes it lives too. Of a sub-process that
/// was interrupted something is kept in a transaction only.
void check_completions(const model::ExecutableProcess& process, const core::ProcessInstance& i, const Violation& found) {
  for (const core::Completion& c : i.completions) {
    if (c.element.value >= process.elements.size() || (c.compensation && c.compensation.value >= process.elements.size())) {
      found(fmt::format("what completed as token {} is of an element that the definition does not have", c.activity.value));
      continue;
    }
    const auto is_around = [&](const core::Completion& outer) { return outer.activity == c.scope && !outer.compensation; };
    const bool has_scope = i.find(c.scope) != nullptr || std::any_of(i.completions.begin(), i.completions.end(), is_around);
    const std::string& path = process.at(c.element).path;
    if (!has_scope) found(fmt::format("'{}' could be undone, but what it stood in is gone", path));
    if (c.by && i.find(c.by) == nullptr) found(fmt::format("'{}' is to be undone for a token that is gone", path));
    if (c.handler && (i.find(c.handler) == nullptr || !c.by)) found(fmt::format("'{}' is being undone by nothing, or for nobody", path));
    if (c.partial && !is_in_transaction(process, i, c.scope)) found(fmt::format("'{}' was interrupted outside of a transaction, and is kept", path));
    if (c.activity.value >= i.next_key) found(fmt::format("'{}' completed under a number that was not given yet", path));
  }
}

void check_clock(const model::ExecutableProcess& process, const core::ProcessInstance& i, const sla::Ledger& l, const Violation& found) {
  if (l.clock.value >= process.clocks.size()) return found(fmt::format("clock {} is not in the definition", l.clock.value));
  const model::ClockSpec& spec = process.clocks[l.clock.value];
  const bool open = l.state == sla::ClockState::running || l.state == sla::ClockState::paused;
  if (core::is_finished(i.state) && open) found(fmt::format("clock '{}' is {} though its case has ended", spec.id, sla::to_string(l.state)));
  if (const std::string wrong = sla::contradiction(l, spec); !wrong.empty()) found(fmt::format("clock '{}': {}", spec.id, wrong));
}

void check_end(const core::ProcessInstance& i, const Violation& found) {
  const bool something_left = !i.elements.empty() || !i.joins.empty() || !i.work.empty() || !i.timers.empty() || !i.subscriptions.empty() ||
                              !i.calls.empty() || !i.completions.empty();
  if (core::is_finished(i.state) && something_left) found("the case has ended, but something in it still waits");
  if (!core::is_finished(i.state) && i.elements.empty()) found("the case is open, but has no token");
  if (i.last < i.started) found("the last command lies before the start");
}

/// What the outbox should hold, by key.
using Expected = std::map<std::string, store::OutboxRow>;

void expect_outbox(const model::ExecutableProcess& process, const core::ProcessInstance& after, const core::Event& event, Expected& expected) {
  const std::vector<core::Effect> effects = core::effects(process, after, {&event, 1});
  for (store::OutboxRow& row : store::outbox_of(process, after, effects, event.at)) expected.emplace(row.key, std::move(row));
}

/// What an escalation says of itself. Whom it is for, how late it was and who had the work is of the end of its step, and earlier versions did not
/// say it.
Value said_by_event(const Context& body) {
  Context said;
  for (const char* name : {"clock", "element", "payload"})
    if (const Value* found = body.find(name)) said.set(name, *found);
  return said;
}

/// The body with the id of an incident as it is written now: earlier versions wrote i-17/5.
Value body_of(const store::OutboxRow& row) {
  if (row.kind == store::OutboxRow::Kind::escalation && row.body.context() != nullptr) return said_by_event(*row.body.context());
  const Context* body = row.kind == store::OutboxRow::Kind::incident ? row.body.context() : nullptr;
  const Value* id = body == nullptr ? nullptr : body->find("incident");
  if (id == nullptr || id->string() == nullptr) return row.body;
  std::string written = *id->string();
  std::replace(written.begin(), written.end(), '/', '.');
  Context renewed = *body;
  renewed.set("incident", std::move(written));
  return renewed;
}

/// Whose customer a record is about is that of the end of its step, so it is compared only where the event itself says it.
bool says_the_same(const store::OutboxRow& a, const store::OutboxRow& b) {
  return a.kind == b.kind && a.name == b.name && body_of(a) == body_of(b) && (a.kind != store::OutboxRow::Kind::feedback || a.customer == b.customer);
}

void compare_outbox(const Expected& expected, std::span<const store::OutboxRow> outbox, std::optional<Instant> may_be_missing_before,
                    const Violation& found) {
  std::set<std::string> kept;
  for (const store::OutboxRow& row : outbox) {
    const auto same = expected.find(row.key);
    if (!row.damage.empty()) {  // the store says so itself
      kept.insert(row.key);
      continue;
    }
    if (same != expected.end() && says_the_same(same->second, row)) {
      kept.insert(row.key);
      continue;
    }
    // Said by the driver, not by the case: messages nobody heard or came to take (m-5/incident-...), firings that were refused, damage.
    const bool by_driver = row.kind == store::OutboxRow::Kind::message || row.key.find("/refused-") != std::string::npos ||
                           row.key.find("/trouble-") != std::string::npos || row.key.starts_with("m-");
    if (!by_driver) found(fmt::format("outbox record {} ({}) follows from nothing in its history", row.key, row.name));
  }
  for (const auto& [key, row] : expected) {
    const bool may_be_missing = may_be_missing_before && row.created < *may_be_missing_before;
    if (!kept.contains(key) && !may_be_missing) found(fmt::format("outbox record {} ({}) is missing", key, row.name));
  }
}

}  // namespace

void check_state(const model::ExecutableProcess& process, const core::ProcessInstance& i, const Violation& found) {
  check_end(i, found);
  check_tokens(process, i, found);
  check_completions(process, i, found);
  check_scopes(process, i, found);
  check_repetitions(process, i, found);
  check_owners(process, i, i.work, "work", found);
  check_owners(process, i, i.timers, "timer", found);
  check_owners(process, i, i.subscriptions, "subscription", found);
  check_owners(process, i, i.calls, "call", found);
  for (const sla::Ledger& l : i.clocks) check_clock(process, i, l, found);
}

void check_replay(const model::ExecutableProcess& process, const core::ProcessInstance& instance, std::span<const store::HistoryRow> history,
                  std::span<const store::OutboxRow> outbox, std::optional<Instant> pruned, const Violation& found) {
  core::ProcessInstance replayed;
  Expected expected;
  std::uint64_t sequence = 0;
  for (const store::HistoryRow& row : history) {
    if (row.event.sequence != ++sequence) return found(fmt::format("event {} stands where event {} should", row.event.sequence, sequence));
    core::evolve(replayed, row.event);
    expect_outbox(process, replayed, row.event, expected);
  }
  if (!(replayed == instance)) found(fmt::format("its {} events, replayed, do not give its state (at event {})", history.size(), instance.sequence));
  const bool over = core::is_finished(instance.state) && pruned && instance.ended < *pruned;
  compare_outbox(expected, outbox, over ? pruned : std::nullopt, found);
}

}  // namespace switchboard::runtime
