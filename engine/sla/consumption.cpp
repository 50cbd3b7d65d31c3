#include "sla/consumption.hpp"

#include <algorithm>
#include <cmath>

#include "switchboard/base/assert.hpp"

namespace switchboard::sla {
namespace {

const calendar::BusinessCalendar& calendar_of(const model::ClockSpec& spec) {
  SB_ASSERT(spec.within.calendar != nullptr);
  return *spec.within.calendar;
}

calendar::WorkingDuration only_days(std::int64_t n) {
  calendar::WorkingDuration d;
  d.working_days = n;
  return d;
}

std::int64_t whole_days(const Ledger& ledger, const model::ClockSpec& spec, Instant until) {
  return static_cast<std::int64_t>(std::floor(calendar_of(spec).elapsed(days_from(ledger, spec), until).working_days));
}

/// The clock runs past its budget: what it runs over is counted in the budget's own measure, below nothing.
void settle_overdrawn(Ledger& ledger, const model::ClockSpec& spec, Instant paused) {
  auto& rest = ledger.remaining;
  switch (measure_of(ledger.budget)) {
    case Measure::days: rest.working_days -= whole_days(ledger, spec, paused); break;
    case Measure::open: rest.working -= calendar_of(spec).elapsed(ledger.anchor, paused).working; break;
    case Measure::wall: {
      const Duration before = overdrawn(ledger) ? rest.wall : Duration{};
      rest = {};
      rest.wall = before - (paused - std::max(ledger.anchor, ledger.due));
      break;
    }
  }
}

/// The last two parts of a budget, wall and working time, as they run from `phase` until `paused`.
void settle_times(calendar::WorkingDuration& rest, const calendar::BusinessCalendar& cal, Instant phase, Instant paused) {
  if (paused < phase + rest.wall) {
    rest.wall -= paused - phase;
    return;
  }
  phase = phase + rest.wall;
  rest.wall = {};
  rest.working -= cal.elapsed(phase, paused).working;
}

}  // namespace

Measure measure_of(const calendar::WorkingDuration& budget) {
  const bool wall = budget.months != 0 || budget.days != 0 || budget.wall.us != 0;
  if (wall || (budget.working_days != 0 && budget.working.us != 0)) return Measure::wall;
  if (budget.working_days != 0) return Measure::days;
  return budget.working.us != 0 ? Measure::open : Measure::wall;
}

Instant days_from(const Ledger& ledger, const model::ClockSpec& spec) {
  if (!ledger.anchor_day_counts) return ledger.anchor;
  return calendar_of(spec).start_of_day(ledger.anchor) - Duration::micros(1);
}

calendar::Derived derive_due(const Ledger& ledger, const model::ClockSpec& spec) {
  if (ledger.by) return {*ledger.by, ledger.provisional};
  const auto& rest = ledger.remaining;
  return calendar_of(spec).deadline(rest.working_days > 0 ? days_from(ledger, spec) : ledger.anchor, rest);
}

Duration run_before_anchor(const Ledger& ledger) { return std::max(Duration{}, ledger.anchor - ledger.started - ledger.paused_total); }

Duration full_length(const Ledger& ledger, const model::ClockSpec& spec) {
  return std::max(Duration::micros(1), calendar_of(spec).deadline(ledger.started, ledger.budget).at - ledger.started);
}

bool settle(Ledger& ledger, const model::ClockSpec& spec, Instant paused, Instant resumed) {
  // A clock that starts in the future has run for nothing until then.
  paused = std::max(paused, ledger.anchor);
  resumed = std::max(resumed, paused);
  const auto& cal = calendar_of(spec);
  auto& rest = ledger.remaining;
  const auto begin_at = [&](bool day_counts) {
    ledger.anchor = resumed;
    ledger.anchor_day_counts = day_counts;
  };
  if (paused > ledger.due && paused > ledger.anchor) {
    const bool day_counts = ledger.anchor_day_counts || cal.start_of_day(ledger.anchor) < cal.start_of_day(resumed);
    settle_overdrawn(ledger, spec, paused);
    begin_at(day_counts);
    return false;
  }
  Instant phase = ledger.anchor;
  if (rest.months > 0 || rest.days > 0) {
    calendar::WorkingDuration dates;
    dates.months = rest.months;
    dates.days = rest.days;
    phase = cal.deadline(ledger.anchor, dates).at;
    if (paused < phase && rest.working_days > 0) {
      // The working days after them begin where the dates end, so the dates are kept and counted from a later start.
      ledger.anchor = ledger.anchor + (resumed - paused);
      return true;
    }
    rest.months = rest.days = 0;
    if (paused < phase) {
      rest.wall += phase - paused;
      begin_at(false);
      return true;
    }
    ledger.anchor = phase;
    ledger.anchor_day_counts = false;
  }
  if (rest.working_days > 0) {
    const Instant end = cal.deadline(days_from(ledger, spec), only_days(rest.working_days)).at;
    if (paused < end) {
      const bool day_counts = ledger.anchor_day_counts || cal.start_of_day(phase) < cal.start_of_day(resumed);
      rest.working_days -= whole_days(ledger, spec, paused);
      begin_at(day_counts);
      return true;
    }
    rest.working_days = 0;
    phase = end;
  }
  settle_times(rest, cal, phase, paused);
  begin_at(false);
  return true;
}

}  // namespace switchboard::sla
