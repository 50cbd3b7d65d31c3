// Timers: when they are due, and the rhythm of cycles. The occurrences of a cycle stand at fixed instants, whenever they are processed.
#include <fmt/format.h>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using Kind = model::TimerDefinition::Kind;

constexpr std::int64_t most_occurrences = 100'000;  ///< looked at when catching up with a cycle that has no fixed period

Result<std::int64_t> times_of(const feel::Frame& frame, const model::TimerSpec& spec) {
  if (spec.kind != Kind::every) return 1;
  if (!spec.times) return -1;
  SB_TRY(const Value v, value_of(spec.times, frame));
  const auto n = v.number() == nullptr ? std::nullopt : v.number()->to_int64();
  if (!n || *n < 1) return failure({}, fmt::format("times: `{}` is {}, expected a whole number of at least 1", spec.times.text(), to_feel(v)));
  return *n;
}

/// The occurrence after the one at `due`; never the same instant again.
Instant following(const Timer& t, const model::TimerSpec& spec, Instant due) {
  if (t.period.us > 0) return due + t.period;
  const Instant next = deadline(spec.duration.calendar, due, spec.duration.literal).at;
  return next > due ? next : due + Duration::micros(1);
}

/// The first occurrence after `at`, counting those passed over from `due` on (the one at `due` not included).
Instant catch_up(const Timer& t, const model::TimerSpec& spec, Instant due, Instant at, std::int64_t& passed) {
  Instant next = following(t, spec, due);
  if (t.period.us > 0 && next <= at) {
    const std::int64_t periods = (at.us - next.us) / t.period.us + 1;
    passed += periods;
    return {next.us + periods * t.period.us};
  }
  while (next <= at && passed < most_occurrences) {
    next = following(t, spec, next);
    ++passed;
  }
  return next > at ? next : following(t, spec, at);
}

}  // namespace

Result<Timer> make_timer(const Execution& x, const Waiting& w, const model::TimerSpec& spec) {
  const Visible data = x.seen_from(seen_from(x, w));
  Timer t;
  t.key = x.new_key<TimerKey>();
  t.element_key = w.owner;
  t.element = w.event;
  t.armed = x.at;
  if (spec.kind == Kind::at) {
    SB_TRY(const auto at, instant_of(data.frame(), spec.instant));
    if (!at) return failure({}, fmt::format("`{}` is null, expected a date and time", spec.instant.text()));
    t.due = *at;
    return t;
  }
  SB_TRY(const auto duration, duration_of(data.frame(), spec.duration));
  if (!duration) return failure({}, fmt::format("`{}` is null, expected a duration", spec.duration.expression.text()));
  SB_TRY(t.remaining, times_of(data.frame(), spec));
  const calendar::Derived due = deadline(spec.duration.calendar, x.at, *duration);
  t.due = due.at;
  t.provisional = due.provisional;
  if (spec.kind != Kind::every) return t;
  if (due.at <= x.at) return failure({}, "the period of a repeating timer must be longer than nothing");
  if (duration->is_pure_wall())
    t.period = duration->wall;
  else if (!spec.duration.is_literal())
    t.period = due.at - x.at;  // computed once: the rhythm is what it was when the timer was set
  return t;
}

std::optional<Timer> next_cycle(const Timer& timer, const model::TimerSpec& spec, Instant at, std::int64_t& missed) {
  missed = 0;
  Timer t = timer;
  t.due = spec.missed == model::MissedCycles::all ? following(timer, spec, timer.due) : catch_up(timer, spec, timer.due, at, missed);
  if (t.remaining > 0) {
    t.remaining -= 1 + missed;
    if (t.remaining <= 0) return std::nullopt;
  }
  return t;
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
  std::int64_t missed = 0;
  StartFiring firing;
  firing.next = next_cycle(timer, spec->timer, at, missed);
  firing.fires = spec->timer.missed != model::MissedCycles::skip || missed == 0;
  return firing;
}

}  // namespace switchboard::core
