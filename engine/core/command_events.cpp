// Messages, signals and timers that reach a waiting event.
#include <fmt/format.h>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;

std::optional<Error> not_waiting(const Subscription* s, SubscriptionKind kind, const std::string& name) {
  if (s != nullptr && s->kind == kind && s->name == name) return std::nullopt;
  return refusal(rules::nobody_waits, fmt::format("nobody waits for '{}' here any more", name), "look at where the case stands");
}

/// Repeats only where the event stays armed: on a boundary or event sub-process that does not interrupt. One of several that all have to happen is
/// set anew with the others.
bool repeats(const model::Element& event) {
  return !event.interrupting && !event.parallel_multiple &&
         (event.type == model::NodeType::boundary_event || event.type == model::NodeType::start_event);
}

/// Sets the next firing of a cycle. False when the present one is not to be fired (missed: skip).
bool rearm(Execution& x, const Timer& t, const model::TimerSpec& spec) {
  const Cycle cycle = next_cycle(t, spec, x.at);
  if (cycle.fires)
    x.emit(TimerFired{t.key, t.element, t.due});
  else
    x.emit(TimerDisarmed{t.key});
  if (cycle.missed > 0)
    x.emit(NoteAdded{fmt::format("timer '{}': {} firings were missed and left out", x.process.at(t.element).path, cycle.missed), {}});
  if (cycle.next) x.emit(TimerArmed{*cycle.next});
  return cycle.fires;
}

}  // namespace

Verdict carry_out(Execution& x, const DeliverMessage& c) {
  const Subscription* s = x.instance.find(c.subscription);
  if (auto error = not_waiting(s, SubscriptionKind::message, c.name)) return {std::move(error)};
  auto payload = read_payload(x, x.process.payloads, c.name, c.payload, Undeclared::refused);
  if (!payload) return {payload.error()};
  const Waiting w{s->element_key, s->element, s->definition};
  const bool is_heard_only = is_listening(*s);
  auto news = is_heard_only ? Result<News>(News()) : news_of(x, w, payload.value(), Names::declared_taken);
  if (!news) return {news.error()};
  x.emit(MessageReceived{w.event, c.name, std::move(payload).value()});
  if (const model::Reactions* r = c.is_heard ? nullptr : x.process.message_reactions(c.name)) x.reactions.push_back(r);
  if (!is_heard_only) happen(x, w, std::move(news));
  run(x);
  return {};
}

Verdict carry_out(Execution& x, const DeliverSignal& c) {
  const Subscription* s = x.instance.find(c.subscription);
  if (auto error = not_waiting(s, SubscriptionKind::signal, c.name)) return {std::move(error)};
  if (const auto taken = take_signal(x, *s, c.payload); !taken) return {taken.error()};
  run(x);
  return {};
}

Verdict carry_out(Execution& x, const FireTimer& c) {
  const Timer* found = x.instance.find(c.timer);
  if (found == nullptr || found->due != c.due) return {.rejection = std::nullopt, .stale = true};
  if (x.at < c.due) return {refusal(rules::too_early, fmt::format("timer {} is not due yet", c.timer.value), "fire it at its due instant")};
  const Timer t = *found;
  const Waiting w{t.element_key, t.element, t.definition};
  const model::Element& event = x.process.at(t.element);
  const model::EventSpec& spec = event.definition(t.definition);
  SB_ASSERT(spec.kind == EventKind::timer);
  x.chain = t.chain;
  x.at_once = t.at_once;
  if (t.at_once >= limits::timers_at_once) {
    x.emit(TimerDisarmed{t.key});
    raise_incident(x, w.owner, w.event, rules::never_waits,
                   fmt::format("timer '{}' was due as soon as it was set, and {} before it: nothing waits on this way round", event.path,
                               limits::timers_at_once - 1));
    run(x);
    return {};
  }
  bool fires = true;
  if (spec.timer.kind == model::TimerDefinition::Kind::every && repeats(event))
    fires = rearm(x, t, spec.timer);
  else
    x.emit(TimerFired{t.key, t.element, t.due});
  if (fires) happen(x, w, news_of(x, w, {}, Names::none_taken));
  run(x);
  return {};
}

}  // namespace switchboard::core
