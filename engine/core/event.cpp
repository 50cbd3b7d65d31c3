// Events (BPMN 2.0.2, 13.5): beginning to wait, being triggered, throwing.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/plain_text.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;
using model::NodeType;

/// The key a message is correlated by; without an expression, the case number.
Result<std::string> correlation_of(const Execution& x, ElementKey place, const model::EventSpec& spec) {
  if (!spec.key) return x.instance.case_no;
  SB_TRY(const Value v, value_of(spec.key, x.seen_from(place).frame()));
  std::string key = v.is_null() ? std::string() : to_display(v);
  const bool is_key = v.list() == nullptr && v.context() == nullptr && !key.empty();
  if (!is_key) {
    const std::string_view what = v.is_null() ? "null" : v.list() != nullptr ? "a list" : v.context() != nullptr ? "a context" : "an empty text";
    return failure(rules::cannot_arm, fmt::format("the key of message '{}', `{}`, is {}", spec.name, spec.key.text(), what));
  }
  if (const auto usable = check_text("the key", key, TextKind::name); !usable)
    return failure(rules::cannot_arm, fmt::format("message '{}': `{}`: {}", spec.name, spec.key.text(), usable.error().message));
  return key;
}

/// `why`, and which of the definitions of an event that has several it is about.
std::string of_definition(const model::Element& event, std::uint32_t d, const std::string& why) {
  if (event.definitions() < 2) return why;
  const model::EventSpec& spec = event.definition(d);
  const std::string name = spec.name.empty() ? std::string() : fmt::format(" '{}'", spec.name);
  return fmt::format("{}{}, number {} of its {} definitions: {}", model::to_string(spec.kind), name, d + 1, event.definitions(), why);
}

Result<void> subscribe(Execution& x, const Waiting& w, const model::EventSpec& spec) {
  Subscription s;
  s.element_key = w.owner;
  s.element = w.event;
  s.kind = spec.kind == EventKind::signal ? SubscriptionKind::signal : SubscriptionKind::message;
  s.name = spec.name;
  if (spec.kind == EventKind::message) {
    SB_TRY(s.correlation, correlation_of(x, seen_from(x, w), spec));
  }
  s.definition = w.definition;
  s.key = x.new_key<SubscriptionKey>();
  s.opened = x.at;
  x.emit(SubscriptionOpened{std::move(s)});
  return success();
}

void trigger_boundary(Execution& x, const Waiting& w, Result<Writes> writes) {
  const ElementKey scope = x.instance.find(w.owner)->scope;
  if (interrupts(x, w))
    terminate(x, w.owner);
  else
    wait_again(x, w);
  settle(x, enter(x, w.event, scope), std::move(writes));
}

/// An interrupting event sub-process takes its scope over: nothing else of it goes on, nothing else can start.
void take_over(Execution& x, ElementKey scope) {
  const auto is_start = [&](const auto& one) { return x.process.at(one.element).type == NodeType::start_event; };
  const ProcessInstance& i = x.instance;
  for (const TimerKey k : keys_at(i, i.timers, PartKind::timer, scope, is_start)) x.emit(TimerDisarmed{k});
  for (const SubscriptionKey k : keys_at(i, i.subscriptions, PartKind::subscription, scope, is_start)) x.emit(SubscriptionClosed{k});
  for (const IncidentKey k : keys_at(i, i.incidents, PartKind::incident, scope, is_start)) close_incident(x, k, {});
  for (const ElementIndex e : x.element_of(scope).event_sub_processes)
    for (const ElementIndex start : x.process.at(e).start_events) forget_occurrences(x, scope, start);
  close_ad_hoc(x, scope);
  terminate_content(x, scope, {});
}

void trigger_event_sub_process(Execution& x, const Waiting& w, Result<Writes> writes) {
  const model::Element& start = x.process.at(w.event);
  if (interrupts(x, w))
    take_over(x, w.owner);
  else
    wait_again(x, w);
  const ElementKey body = enter(x, start.scope, w.owner);
  if (const auto opened = open_data(x, body); !opened) return raise_incident(x, body, start.scope, rules::cannot_enter, opened.error().message);
  attach_event_sub_processes(x, body);
  if (x.alive(body)) settle(x, enter(x, w.event, body), std::move(writes));
}

/// A parallel event-based gateway stays until every event behind it has happened.
bool waits_for_others(const Execution& x, ElementKey key, const model::Element& gateway) {
  const auto has_happened = [&](FlowIndex f) { return has_occurred(x.instance, key, x.process.at(f).to); };
  return gateway.parallel && !std::all_of(gateway.outgoing.begin(), gateway.outgoing.end(), has_happened);
}

void trigger_after_gateway(Execution& x, const Waiting& w, Result<Writes> writes) {
  const ElementInstance gateway = *x.instance.find(w.owner);
  const model::Element& element = x.process.at(gateway.element);
  if (element.parallel) {
    close_waits(x, w, Which::all);
    forget_occurrences(x, w.owner, w.event);
    x.emit(EventOccurred{w.owner, w.event, w.definition, {}});
  }
  if (!waits_for_others(x, w.owner, element)) {
    detach(x, w.owner);
    x.emit(ElementCompleted{w.owner, gateway.element, gateway.scope});
    if (!element.completed.empty()) x.reactions.push_back(&element.completed);
  }
  for (const FlowIndex f : element.outgoing)
    if (x.process.at(f).to == w.event) {
      x.emit(FlowTaken{f, gateway.scope});
      break;
    }
  settle(x, enter(x, w.event, gateway.scope), std::move(writes));
}

/// What is thrown, checked before any of it is.
struct Thrown {
  const model::EventSpec* spec = nullptr;
  Value payload;
  std::string correlation;  ///< of a message
};

/// Of several definitions each takes of `in` what it declares; one that declares nothing takes all.
Value payload_for(const Execution& x, const model::EventSpec& spec, const Value& all) {
  const Payloads& declared = spec.kind == EventKind::message ? x.process.payloads : x.process.signal_payloads;
  const auto fields = std::find_if(declared.begin(), declared.end(), [&](const auto& p) { return p.first == spec.name; });
  const bool is_told = spec.kind == EventKind::message || spec.kind == EventKind::signal;
  if (!is_told || fields == declared.end() || fields->second.empty() || all.context() == nullptr) return all;
  Context own;
  for (const auto& [field, type] : fields->second)
    if (const Value* value = all.context()->find(field)) own.append_new(field, *value);
  return Value(std::move(own));
}

Result<Few<Thrown, 2>> prepare_throw(const Execution& x, ElementKey key, const model::Element& element) {
  Few<Thrown, 2> all;
  SB_TRY(const Value payload, build_inputs(x.seen_from(key).frame(), element.in));
  for (const model::EventSpec& spec : element.events) {
    Thrown& one = all.emplace_back();
    one.spec = &spec;
    one.payload = element.events.size() > 1 ? payload_for(x, spec, payload) : payload;
    if (spec.kind == EventKind::message) {
      SB_TRY(one.correlation, correlation_of(x, key, spec));
    }
  }
  // What ends the scope, or the case, comes when all else has been thrown.
  std::stable_partition(all.begin(), all.end(),
                        [](const Thrown& t) { return t.spec->kind != EventKind::error && t.spec->kind != EventKind::terminate; });
  return all;
}

Result<void> throw_one(Execution& x, ElementKey key, ElementIndex index, Thrown& thrown) {
  const model::EventSpec& spec = *thrown.spec;
  Value& payload = thrown.payload;
  switch (spec.kind) {
    case EventKind::message: x.emit(MessageThrown{index, spec.name, std::move(thrown.correlation), std::move(payload)}); break;
    case EventKind::signal: throw_signal(x, index, spec.name, payload); break;
    case EventKind::escalation: raise_escalation(x, key, index, {}, spec.name, payload); break;
    case EventKind::error: raise_error(x, key, spec.name, {}, payload, {}); break;
    case EventKind::terminate: terminate_content(x, x.instance.find(key)->scope, key); break;
    case EventKind::compensate: throw_compensation(x, key, index, spec); break;
    case EventKind::cancel: cancel_transaction(x, key, index); break;
    case EventKind::none:
    case EventKind::link: break;
    case EventKind::timer:
    case EventKind::condition:
      return failure(rules::cannot_enter, fmt::format("a {} event cannot be thrown by this version", model::to_string(spec.kind)));
  }
  return success();
}

/// A signal of the case's own that does not fit: nobody can be told, so the event happens and rests with what it brought, as for an error or an
/// escalation. One that waits for others too goes on waiting, for this one as well.
void take_unfit_signal(Execution& x, const Waiting& w, const std::string& name, const Value& payload, const std::string& why) {
  const std::string message = fmt::format("signal '{}': {}", name, why);
  if (x.process.at(w.event).parallel_multiple) return raise_incident(x, w.owner, w.event, rules::cannot_arm, message + "; it is waited for still");
  x.emit(SignalReceived{w.event, name, payload});
  x.unfit = payload;
  trigger(x, w, failure(rules::cannot_take, message));
  x.unfit = {};
}

}  // namespace

const model::EventSpec* event_spec(const model::Element& element, EventKind kind) {
  for (const model::EventSpec& e : element.events)
    if (e.kind == kind) return &e;
  return element.message.kind == kind && kind != EventKind::none ? &element.message : nullptr;
}

Result<void> arm(Execution& x, const Waiting& w, const model::EventSpec& spec) {
  if (spec.kind == EventKind::message || spec.kind == EventKind::signal) return subscribe(x, w, spec);
  if (spec.kind != EventKind::timer) return success();
  SB_TRY(Timer t, make_timer(x, w, spec.timer));
  x.emit(TimerArmed{t});
  return success();
}

void arm_or_incident(Execution& x, const Waiting& w) {
  const model::Element& event = x.process.at(w.event);
  for (std::uint32_t d = 0; d < event.definitions(); ++d) {
    const Waiting one{w.owner, w.event, d};
    if (is_awaited(x.instance, one)) continue;  // resolving arms what could not be armed
    const auto armed = arm(x, one, event.definition(d));
    if (!armed) raise_incident(x, w.owner, w.event, rules::cannot_arm, of_definition(event, d, armed.error().message));
  }
}

void attach_boundary(Execution& x, ElementKey host) {
  const model::Element& element = x.element_of(host);
  for (const ElementIndex b : element.boundary) arm_or_incident(x, {host, b});
  for (const ElementIndex b : element.boundary)
    if (x.alive(host)) trigger_conditions_now(x, host, b);
}

void attach_event_sub_processes(Execution& x, ElementKey scope) {
  const model::Element& container = x.element_of(scope);
  const auto start_of = [&](ElementIndex e) { return x.process.at(e).start_events.empty() ? ElementIndex{} : x.process.at(e).start_events.front(); };
  for (const ElementIndex e : container.event_sub_processes)
    if (const ElementIndex start = start_of(e)) arm_or_incident(x, {scope, start});
  for (const ElementIndex e : container.event_sub_processes)
    if (const ElementIndex start = start_of(e); start && x.alive(scope)) trigger_conditions_now(x, scope, start);
}

void throw_signal(Execution& x, ElementIndex element, const std::string& name, const Value& payload) {
  x.emit(SignalThrown{element, name, payload, x.instance.next_key});
  const auto hears = [&](const Subscription& s) { return s.kind == SubscriptionKind::signal && s.name == name; };
  for (const SubscriptionKey key : keys_where(x.instance.subscriptions, hears)) {
    const Subscription* s = x.instance.find(key);
    if (s == nullptr) continue;
    const Waiting w{s->element_key, s->element, s->definition};
    if (const auto taken = take_signal(x, *s, payload); !taken) take_unfit_signal(x, w, name, payload, taken.error().message);
  }
}

Result<void> take_signal(Execution& x, const Subscription& waiting, const Value& given) {
  const std::string name = waiting.name;
  const Waiting w{waiting.element_key, waiting.element, waiting.definition};
  SB_TRY(Value payload, read_payload(x, x.process.signal_payloads, name, given, Undeclared::refused));
  SB_TRY(News news, news_of(x, w, payload, Names::declared_taken));
  x.emit(SignalReceived{w.event, name, std::move(payload)});
  happen(x, w, std::move(news));
  return success();
}

void listen(Execution& x) {
  for (const model::EventSpec& spec : x.process.listens) {
    const Subscription* open = find_at(x.instance, x.instance.subscriptions, PartKind::subscription, root_key,
                                       [&](const Subscription& s) { return is_listening(s) && s.name == spec.name; });
    const bool is_open = open != nullptr;
    if (is_open && !spec.key) continue;
    const auto key = correlation_of(x, {}, spec);
    if (is_open && key && open->correlation == key.value()) continue;
    if (is_open) x.emit(SubscriptionClosed{SubscriptionKey{open->key}});
    if (key) static_cast<void>(subscribe(x, {root_key, {0}}, spec));  // without a key nobody could name the case: not an incident, it may come
  }
}

void perform_catch(Execution& x, ElementKey key) {
  const ElementIndex index = x.instance.find(key)->element;
  const model::Element& element = x.process.at(index);
  if (element.events.empty() || element.events.front().kind == EventKind::link)
    return settle(x, key, map_result(x, {index, key}, {}, Names::none_taken));
  for (std::uint32_t d = 0; d < element.definitions(); ++d) {
    const Waiting one{key, index, d};
    if (is_awaited(x.instance, one)) continue;
    const auto armed = arm(x, one, element.definition(d));
    if (!armed) return raise_incident(x, key, index, rule_of(armed.error()), of_definition(element, d, armed.error().message));
  }
  trigger_conditions_now(x, key, index);
}

void perform_throw(Execution& x, ElementKey key) {
  const ElementIndex index = x.instance.find(key)->element;
  const model::Element& element = x.process.at(index);
  const ElementKey scope = x.instance.find(key)->scope;
  auto all = prepare_throw(x, key, element);
  if (!all) return raise_incident(x, key, index, rule_of(all.error()), all.error().message);
  for (Thrown& one : all.value()) {
    const auto thrown = throw_one(x, key, index, one);
    if (!thrown) return raise_incident(x, key, index, rule_of(thrown.error()), thrown.error().message);
    if (one.spec->kind == EventKind::error || !x.alive(key)) return;  // an error never goes on; an escalation may have been interrupting
  }
  if (has_undone(x, key)) return;  // it goes on when that is done
  settle(x, key, map_result(x, {index, key}, {}, Names::none_taken));
  if (!element.events.empty() && element.events.front().kind == EventKind::link && !x.alive(key))
    x.arrivals.push_back({scope, element.events.front().target, {}});
}

Result<void> throw_message(Execution& x, ElementKey key, ElementIndex element, const model::EventSpec& spec, Value payload) {
  SB_TRY(std::string correlation, correlation_of(x, key, spec));
  x.emit(MessageThrown{element, spec.name, std::move(correlation), std::move(payload)});
  return success();
}

void trigger(Execution& x, const Waiting& w, Result<Writes> writes) {
  if (x.instance.find(w.owner)->element == w.event) return settle(x, w.owner, std::move(writes));
  switch (x.process.at(w.event).type) {
    case NodeType::boundary_event: return trigger_boundary(x, w, std::move(writes));
    case NodeType::start_event: return trigger_event_sub_process(x, w, std::move(writes));
    case NodeType::end_event:
    case NodeType::intermediate_catch_event:
    case NodeType::intermediate_throw_event:
    case NodeType::task:
    case NodeType::user_task:
    case NodeType::service_task:
    case NodeType::send_task:
    case NodeType::receive_task:
    case NodeType::script_task:
    case NodeType::business_rule_task:
    case NodeType::manual_task:
    case NodeType::exclusive_gateway:
    case NodeType::inclusive_gateway:
    case NodeType::parallel_gateway:
    case NodeType::event_based_gateway:
    case NodeType::complex_gateway:
    case NodeType::sub_process:
    case NodeType::transaction:
    case NodeType::ad_hoc_sub_process:
    case NodeType::event_sub_process:
    case NodeType::call_activity: break;
  }
  trigger_after_gateway(x, w, std::move(writes));
}

/// Takes the result and lets the token leave. A result that does not fit rests here until somebody gives better data.
void settle(Execution& x, ElementKey key, Result<Writes> writes) {
  if (!writes) {
    Value kept = x.unfit.is_null() ? Value(Context()) : std::exchange(x.unfit, Value());
    return raise_incident(x, key, x.instance.find(key)->element, rules::cannot_take, writes.error().message, std::move(kept));
  }
  write_all(x, key, std::move(writes).value());
  finish(x, key);
}

}  // namespace switchboard::core
