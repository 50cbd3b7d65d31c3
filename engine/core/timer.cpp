// Timers: when they are due, and the rhythm of cycles. The occurrences of a cycle stand at fixed instants, whenever they are processed.
#include <fmt/format.h>

#include "calendar/rhythm.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using Kind = model::TimerDefinition::Kind;

Result<std::int64_t> times_of(const feel::Frame& frame, const model::TimerSpec& spec) {
  if (spec.kind != Kind::every) return 1;
  if (!spec.times) return -1;
  SB_TRY(const Value v, value_of(spec.times, frame));
  const auto n = v.number() == nullptr ? std::nullopt : v.number()->to_int64();
  if (!n || *n < 1) return failure({}, fmt::format("times: `{}` is {}, expected a whole number of at least 1", spec.times.text(), to_feel(v)));
  return *n;
}

/// The occurrences of a cycle.
calendar::Rhythm rhythm_of(const Timer& t, const model::TimerSpec& spec) {
  if (spec.named_days) return {spec.duration.calendar, *spec.named_days};
  if (!t.every.is_zero()) return {spec.duration.calendar, t.armed, t.every};
  if (t.period.us == 0) return {spec.duration.calendar, t.armed, spec.duration.literal};
  calendar::WorkingDuration frozen;
  frozen.wall = t.period;
  return {nullptr, t.due, frozen};
}

/// Sets a cycle to `next`; a failure when it has none.
Result<Timer> first_of_cycle(Timer t, const model::TimerSpec& spec) {
  const auto next = rhythm_of(t, spec).after(t.armed);
  if (!next) {
    return failure({}, spec.named_days ? "no day of the calendar is one of those that `every` names"
                                       : "the period of a repeating timer must be longer than nothing");
  }
  t.due = next->at;
  t.provisional = next->provisional;
  return t;
}

}  // namespace

namespace {

Result<Timer> timer_of(const Execution& x, const Waiting& w, const model::TimerSpec& spec) {
  const Visible data = x.seen_from(seen_from(x, w));
  Timer t;
  t.key = x.new_key<TimerKey>();
  t.element_key = w.owner;
  t.element = w.event;
  t.definition = w.definition;
  t.armed = x.at;
  if (spec.kind == Kind::at) {
    SB_TRY(const auto at, instant_of(data.frame(), spec.instant));
    if (!at) return failure({}, fmt::format("`{}` is null, expected a date and time", spec.instant.text()));
    t.due = *at;
    return t;
  }
  SB_TRY(t.remaining, times_of(data.frame(), spec));
  if (spec.named_days) return first_of_cycle(std::move(t), spec);
  SB_TRY(const auto duration, duration_of(data.frame(), spec.duration));
  if (!duration) return failure({}, fmt::format("`{}` is null, expected a duration", spec.duration.expression.text()));
  if (spec.kind == Kind::every) {
    t.every = *duration;
    return first_of_cycle(std::move(t), spec);
  }
  t.every = *duration;
  const calendar::Derived due = deadline(spec.duration.calendar, x.at, *duration);
  t.due = due.at;
  t.provisional = due.provisional;
  return t;
}

}  // namespace

/// One that is due already makes nothing wait: what it leads to goes on with what led to it.
Result<Timer> make_timer(const Execution& x, const Waiting& w, const model::TimerSpec& spec) {
  SB_TRY(Timer t, timer_of(x, w, spec));
  if (t.due > t.armed) return t;
  t.chain = x.chain;
  t.at_once = x.at_once + 1;
  return t;
}

std::optional<calendar::Derived> due_again(const Timer& t, const model::TimerSpec& spec, Instant at) {
  if (t.due <= at || t.period.us != 0) return std::nullopt;
  switch (spec.kind) {
    case Kind::at: return std::nullopt;
    case Kind::every: return rhythm_of(t, spec).after(at);
    case Kind::after: break;
  }
  // Those that were set before form 4 kept no duration of their own.
  if (t.every.is_zero() && !spec.duration.is_literal()) return std::nullopt;
  return deadline(spec.duration.calendar, t.armed, t.every.is_zero() ? spec.duration.literal : t.every);
}

/// One that is exactly on time is not missed: of those passed over, `skip` leaves it to come.
Cycle next_cycle(const Timer& timer, const model::TimerSpec& spec, Instant at) {
  using model::MissedCycles;
  const calendar::Rhythm rhythm = rhythm_of(timer, spec);
  Cycle cycle;
  auto next = rhythm.after(timer.due);
  if (spec.missed != MissedCycles::all && next && next->at <= at) {
    const Instant passed = spec.missed == MissedCycles::skip ? at - Duration::micros(1) : at;
    cycle.fires = spec.missed != MissedCycles::skip;
    cycle.missed = rhythm.between(timer.due, passed) + (cycle.fires ? 0 : 1);
    next = rhythm.after(passed);
  }
  if (!next) return cycle;
  Timer t = timer;
  t.due = next->at;
  t.provisional = next->provisional;
  if (t.remaining > 0) {
    t.remaining -= cycle.missed + (cycle.fires ? 1 : 0);
    if (t.remaining <= 0) return cycle;
  }
  cycle.next = std::move(t);
  return cycle;
}

Result<Timer> start_timer(const model::ExecutableProcess& process, ElementIndex start, Instant armed) {
  const model::EventSpec* spec = event_spec(process.at(start), model::EventKind::timer);
  SB_ASSERT(spec != nullptr);
  ProcessInstance nobody;
  for (const model::DataSpec& d : process.data) nobody.data.push_back(d.default_value);
  nobody.data.resize(process.slot_count());
  std::vector<Event> no_events;
  const Execution x(process, nobody, no_events, armed);
  auto timer = make_timer(x, {{}, start}, spec->timer);
  if (!timer) return failure(rules::cannot_arm, fmt::format("start event '{}' of '{}': {}", process.at(start).id, process.id, timer.error().message));
  return timer;
}

StartFiring fire_start_timer(const model::ExecutableProcess& process, const Timer& timer, Instant at) {
  const model::EventSpec* spec = event_spec(process.at(timer.element), model::EventKind::timer);
  SB_ASSERT(spec != nullptr);
  if (spec->timer.kind != Kind::every) return {};
  Cycle cycle = next_cycle(timer, spec->timer, at);
  return {cycle.fires, std::move(cycle.next)};
}

}  // namespace switchboard::core
