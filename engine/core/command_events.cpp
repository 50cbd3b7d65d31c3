// Messages, signals and timers that reach a waiting event.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;

/// A declared payload is checked at the door: its fields and their types.
std::optional<Error> unfit_payload(const Execution& x, const std::string& name, const Value& payload) {
  const auto declared = std::find_if(x.process.payloads.begin(), x.process.payloads.end(), [&](const auto& p) { return p.first == name; });
  if (declared == x.process.payloads.end() || payload.context() == nullptr) return std::nullopt;
  for (const Context::Entry& entry : payload.context()->entries()) {
    const std::string& field = entry.first;  // clang 14 captures no structured binding
    const Value& value = entry.second;
    const auto spec = std::find_if(declared->second.begin(), declared->second.end(), [&](const auto& f) { return f.first == field; });
    if (spec == declared->second.end()) return refusal(rules::data_refused, fmt::format("message '{}' has no field '{}'", name, field), {});
    if (!value.is_null() && feel::coerce(value, spec->second).is_null())
      return refusal(rules::data_refused,
                     fmt::format("field '{}' of message '{}' is {}, wanted is {}", field, name, to_feel(value), spec->second.to_string()), {});
  }
  return std::nullopt;
}

std::optional<Error> not_waiting(const Subscription* s, SubscriptionKind kind, const std::string& name) {
  if (s != nullptr && s->kind == kind && s->name == name) return std::nullopt;
  return refusal(rules::nobody_waits, fmt::format("nobody waits for '{}' here any more", name), {});
}

/// Repeats only where the event stays armed: on a boundary or event sub-process that does not interrupt.
bool repeats(const model::Element& event) {
  return !event.interrupting && (event.type == model::NodeType::boundary_event || event.type == model::NodeType::start_event);
}

/// Sets the next firing of a cycle. False when the present one is not to be fired (missed: skip).
bool rearm(Execution& x, const Timer& t, const model::TimerSpec& spec) {
  std::int64_t missed = 0;
  const auto next = next_cycle(t, spec, x.at, missed);
  const bool skipped = spec.missed == model::MissedCycles::skip && missed > 0;
  if (skipped)
    x.emit(TimerDisarmed{t.key});
  else
    x.emit(TimerFired{t.key, t.element, t.due});
  if (missed > 0)
    x.emit(
        NoteAdded{fmt::format("timer '{}': {} firings were missed and left out", x.process.at(t.element).path, skipped ? missed + 1 : missed), {}});
  if (next) x.emit(TimerArmed{*next});
  return !skipped;
}

}  // namespace

Verdict carry_out(Execution& x, const DeliverMessage& c) {
  const Subscription* s = x.instance.find(c.subscription);
  if (auto error = not_waiting(s, SubscriptionKind::message, c.name)) return {std::move(error)};
  if (auto error = unfit_payload(x, c.name, c.payload)) return {std::move(error)};
  const Waiting w{s->element_key, s->element};
  auto writes = map_result(x, x.process.at(w.event), c.payload, Names::declared_taken);
  if (!writes) return {writes.error()};
  x.emit(MessageReceived{w.event, c.name, c.payload});
  if (const model::Reactions* r = x.process.message_reactions(c.name)) x.reactions.push_back(r);
  trigger(x, w, std::move(writes));
  run(x);
  return {};
}

Verdict carry_out(Execution& x, const DeliverSignal& c) {
  const Subscription* s = x.instance.find(c.subscription);
  if (auto error = not_waiting(s, SubscriptionKind::signal, c.name)) return {std::move(error)};
  const Waiting w{s->element_key, s->element};
  auto writes = map_result(x, x.process.at(w.event), c.payload, Names::declared_taken);
  if (!writes) return {writes.error()};
  x.emit(SignalReceived{w.event, c.name, c.payload});
  trigger(x, w, std::move(writes));
  run(x);
  return {};
}

Verdict carry_out(Execution& x, const FireTimer& c) {
  const Timer* found = x.instance.find(c.timer);
  if (found == nullptr || found->due != c.due) return {.rejection = std::nullopt, .stale = true};
  if (x.at < c.due) return {refusal(rules::too_early, fmt::format("timer {} is not due yet", c.timer.value), "fire it at its due instant")};
  const Timer t = *found;
  const Waiting w{t.element_key, t.element};
  const model::Element& event = x.process.at(t.element);
  const model::EventSpec* spec = event_spec(event, EventKind::timer);
  SB_ASSERT(spec != nullptr);
  bool fires = true;
  if (spec->timer.kind == model::TimerDefinition::Kind::every && repeats(event))
    fires = rearm(x, t, spec->timer);
  else
    x.emit(TimerFired{t.key, t.element, t.due});
  if (fires) trigger(x, w, map_result(x, event, {}, Names::none_taken));
  run(x);
  return {};
}

}  // namespace switchboard::core
