// Whether a ledger adds up, computed another way than it was made: consumption is measured at the due instant and must be the whole budget there.
#include <fmt/format.h>

#include <cmath>

#include "sla/consumption.hpp"

namespace switchboard::sla {
namespace {

bool is_within(const calendar::WorkingDuration& part, const calendar::WorkingDuration& whole) {
  return part.months <= whole.months && part.days <= whole.days && part.working_days <= whole.working_days && part.working <= whole.working;
}

/// Consumed until the due instant, in the budget's own measure; empty when that is the budget.
std::string consumption_wrong(const Ledger& l, const model::ClockSpec& spec) {
  const auto& cal = *spec.within.calendar;
  switch (measure_of(l.budget)) {
    case Measure::days: {
      const double used = static_cast<double>(l.budget.working_days - l.remaining.working_days);
      const double left = cal.elapsed(days_from(l, spec), l.due).working_days;
      if (std::abs(used + left - static_cast<double>(l.budget.working_days)) < 1e-6) return {};
      return fmt::format("{} working days consumed and {} left are not its budget of {}", used, left, l.budget.working_days);
    }
    case Measure::open: {
      const Duration used = l.budget.working - l.remaining.working;
      const Duration left = cal.elapsed(l.anchor, l.due).working;
      if (used + left == l.budget.working) return {};
      return fmt::format("{} us of open time consumed and {} us left are not its budget of {} us", used.us, left.us, l.budget.working.us);
    }
    case Measure::wall: break;
  }
  if (!l.budget.is_pure_wall()) return {};
  const Duration used = run_before_anchor(l);
  const Duration left = l.due - l.anchor;
  if (used + left == l.budget.wall) return {};
  return fmt::format("{} us consumed and {} us left are not its budget of {} us", used.us, left.us, l.budget.wall.us);
}

}  // namespace

std::string contradiction(const Ledger& l, const model::ClockSpec& spec) {
  if (spec.within.calendar == nullptr) return "it counts on a calendar that is not there";
  if (l.anchor < l.started) return "it runs since before its start";
  if (l.state == ClockState::paused && l.paused_since < l.attached) return "it was paused before it was set";
  if ((l.state == ClockState::met || l.state == ClockState::cancelled) && l.ended < l.attached) return "it ended before it was set";
  if (l.mean && l.breached) return "an average cannot be breached";
  if (l.by) return *l.by == l.due ? "" : fmt::format("it is due at {}, but promised by {}", to_string(l.due), to_string(*l.by));
  if (!is_within(l.remaining, l.budget)) return "more is left than its budget";
  // An older calendar, or a budget that had been used up when the clock began to run again: the due instant is what it was then.
  if (l.calendar_version != spec.within.calendar->spec().version || overdrawn(l)) return {};
  if (std::string wrong = consumption_wrong(l, spec); !wrong.empty()) return wrong;
  if (const Instant due = derive_due(l, spec).at; due != l.due)
    return fmt::format("it is due at {}, but what is left leads to {}", to_string(l.due), to_string(due));
  return {};
}

}  // namespace switchboard::sla
