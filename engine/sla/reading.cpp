// Where a clock stands: percentages and their inverse, the instants of marks.
#include <algorithm>
#include <cmath>

#include "calendar/rhythm.hpp"
#include "sla/consumption.hpp"

namespace switchboard::sla {
namespace {

using Kind = model::ClockMark::Kind;

/// A product such as 80 % of 15 must give 12 and not a hair more, or the mark would fall into the 13th day.
double share(double percent, double whole) {
  const double exact = percent * whole / 100.0;
  const double near = std::round(exact);
  return std::abs(exact - near) < 1e-9 ? near : exact;
}

Duration share(double percent, Duration whole) { return {std::llround(share(percent, static_cast<double>(whole.us)))}; }

/// How much of the budget had been used in its own measure when the clock last began to run.
double days_before(const Ledger& ledger) { return static_cast<double>(ledger.budget.working_days - ledger.remaining.working_days); }
Duration open_before(const Ledger& ledger) { return ledger.budget.working - ledger.remaining.working; }

double days_wanted(const Ledger& ledger, double percent) {
  return share(percent, static_cast<double>(ledger.budget.working_days)) - days_before(ledger);
}
Duration open_wanted(const Ledger& ledger, double percent) { return share(percent, ledger.budget.working) - open_before(ledger); }

Instant percent_by_days(const Ledger& ledger, const model::ClockSpec& spec, double percent) {
  const double wanted = days_wanted(ledger, percent);
  return wanted <= 0 ? ledger.anchor : spec.within.calendar->at_working_days(days_from(ledger, spec), wanted).at;
}

Instant percent_by_open_time(const Ledger& ledger, const model::ClockSpec& spec, double percent) {
  calendar::WorkingDuration wanted;
  wanted.working = open_wanted(ledger, percent);
  return wanted.working.us <= 0 ? ledger.anchor : spec.within.calendar->deadline(ledger.anchor, wanted).at;
}

Instant percent_by_wall(const Ledger& ledger, const model::ClockSpec& spec, double percent) {
  const auto late = [&] { return share(percent - 100.0, full_length(ledger, spec)); };
  if (overdrawn(ledger)) return ledger.anchor + (late() + ledger.remaining.wall);  // remaining is below nothing by what has run over
  if (percent > 100.0) return ledger.due + late();
  const Duration before = run_before_anchor(ledger);
  return ledger.anchor + (share(percent, before + (ledger.due - ledger.anchor)) - before);
}

Instant percent_instant(const Ledger& ledger, const model::ClockSpec& spec, double percent) {
  if (percent == 100.0) return ledger.due;
  switch (measure_of(ledger.budget)) {
    case Measure::days: return percent_by_days(ledger, spec, percent);
    case Measure::open: return percent_by_open_time(ledger, spec, percent);
    case Measure::wall: break;
  }
  return percent_by_wall(ledger, spec, percent);
}

calendar::WorkingDuration left_wanted(const Ledger& ledger, const calendar::WorkingDuration& left) {
  calendar::WorkingDuration wanted;
  wanted.working_days = ledger.remaining.working_days - left.working_days;
  wanted.working = ledger.remaining.working - left.working;
  return wanted;
}

/// `1 bd left` of a budget in working days is the end of the day that leaves one: the earliest instant at which it is true, even before a weekend.
Instant left_instant(const Ledger& ledger, const model::ClockSpec& spec, const calendar::WorkingDuration& left) {
  const auto& cal = *spec.within.calendar;
  const auto measure = measure_of(ledger.budget);
  if (overdrawn(ledger) || measure == Measure::wall || measure_of(left) != measure) return cal.latest_start(ledger.due, left).at;
  const calendar::WorkingDuration wanted = left_wanted(ledger, left);
  if (wanted.working_days < 0 || wanted.working.us < 0) return cal.latest_start(ledger.due, left).at;
  return cal.deadline(wanted.working_days > 0 ? days_from(ledger, spec) : ledger.anchor, wanted).at;
}

/// `days` working days that are counted from the anchor end no earlier than this: so many real days, less one that a zone may have left out and the
/// hours of its changes of offset. The anchor's own day is over first unless it counts.
Instant not_before_days(const Ledger& ledger, double days) {
  if (days <= 0) return ledger.anchor;
  constexpr Duration slack = Duration::hours(26);
  const std::int64_t whole = static_cast<std::int64_t>(std::min(days, 1e6)) - (ledger.anchor_day_counts ? 1 : 0);
  const Instant surely = ledger.anchor_day_counts ? ledger.anchor - slack : ledger.anchor + Duration::micros(1);
  return std::max(surely, ledger.anchor + Duration::hours(24 * whole) - slack);
}

double ratio(Duration part, Duration whole) { return whole.us <= 0 ? 100.0 : 100.0 * static_cast<double>(part.us) / static_cast<double>(whole.us); }

double percent_at(const Ledger& ledger, const model::ClockSpec& spec, Instant at) {
  if (ledger.by && ledger.budget.is_zero()) return 100.0;  // past when it was promised
  if (at <= ledger.started) return ledger.budget.is_zero() && at == ledger.started ? 100.0 : 0.0;
  const Instant until = std::max(at, ledger.anchor);
  switch (measure_of(ledger.budget)) {
    case Measure::days: {
      const double used = days_before(ledger) + spec.within.calendar->elapsed(days_from(ledger, spec), until).working_days;
      return 100.0 * used / static_cast<double>(ledger.budget.working_days);
    }
    case Measure::open: return ratio(open_before(ledger) + spec.within.calendar->elapsed(ledger.anchor, until).working, ledger.budget.working);
    case Measure::wall: break;
  }
  const Duration run = until - ledger.anchor;
  if (overdrawn(ledger)) return 100.0 + ratio(run - ledger.remaining.wall, full_length(ledger, spec));
  if (at > ledger.due) return 100.0 + ratio(at - ledger.due, full_length(ledger, spec));
  const Duration before = run_before_anchor(ledger);
  return ratio(before + run, before + (ledger.due - ledger.anchor));
}

void read_working_time(Reading& r, const Ledger& ledger, const model::ClockSpec& spec, Instant until) {
  const auto& cal = *spec.within.calendar;
  const auto whole = cal.elapsed(ledger.started, until);
  r.elapsed_working_days = whole.working_days;
  r.elapsed_working = whole.working;
  const Instant now = std::max(until, ledger.anchor);
  const auto measure = measure_of(ledger.budget);
  if (until <= ledger.started) return;
  if (measure == Measure::days) r.elapsed_working_days = days_before(ledger) + cal.elapsed(days_from(ledger, spec), now).working_days;
  if (measure == Measure::open) r.elapsed_working = open_before(ledger) + cal.elapsed(ledger.anchor, now).working;
}

}  // namespace

Instant mark_instant(const Ledger& ledger, const model::ClockSpec& spec, const model::MarkSpec& mark) {
  switch (mark.kind) {
    case Kind::percent: return percent_instant(ledger, spec, mark.percent);
    case Kind::left: return left_instant(ledger, spec, mark.left);
    case Kind::breach: break;
  }
  return ledger.due;
}

Instant not_before(const Ledger& ledger, const model::MarkSpec& mark) {
  constexpr Instant any_time = Instant::min();
  if (mark.kind == Kind::breach) return ledger.due;
  const Measure measure = measure_of(ledger.budget);
  if (mark.kind == Kind::percent) {
    if (mark.percent == 100.0) return ledger.due;
    switch (measure) {
      case Measure::days: return not_before_days(ledger, days_wanted(ledger, mark.percent));
      case Measure::open: return ledger.anchor + std::max(Duration{}, open_wanted(ledger, mark.percent));
      case Measure::wall: return any_time;
    }
  }
  if (overdrawn(ledger) || measure == Measure::wall || measure_of(mark.left) != measure) return any_time;
  const calendar::WorkingDuration wanted = left_wanted(ledger, mark.left);
  if (wanted.working_days < 0 || wanted.working.us < 0) return any_time;
  return measure == Measure::days ? not_before_days(ledger, static_cast<double>(wanted.working_days)) : ledger.anchor + wanted.working;
}

bool is_breached(const Ledger& ledger, Instant at) {
  if (ledger.breached || ledger.mean || ledger.state == ClockState::cancelled) return ledger.breached;
  const Instant now = ledger.state == ClockState::met ? ledger.ended : at;
  return (ledger.state == ClockState::paused ? std::min(now, ledger.paused_since) : now) > ledger.due;
}

Late late(const Ledger& ledger, const model::ClockSpec& spec, Instant at) {
  const bool ended = ledger.state == ClockState::met || ledger.state == ClockState::cancelled;
  if (ended && ledger.used && ledger.used->late) return *ledger.used->late;
  const Instant now = ended ? ledger.ended : at;
  const Instant until = std::max(ledger.state == ClockState::paused ? std::min(now, ledger.paused_since) : now, ledger.anchor);
  const auto& cal = *spec.within.calendar;
  const auto& budget = ledger.budget;
  Late out;
  switch (measure_of(budget)) {
    case Measure::days: {
      const double used = days_before(ledger) + cal.elapsed(days_from(ledger, spec), until).working_days;
      constexpr double hair = 1e-9;  // the end of a day is not the begin of the next one
      out.days = std::max<std::int64_t>(0, std::llround(std::ceil(used - hair)) - budget.working_days);
      return out;
    }
    case Measure::open: out.time = std::max(Duration{}, open_before(ledger) + cal.elapsed(ledger.anchor, until).working - budget.working); return out;
    case Measure::wall: break;
  }
  out.time = std::max(Duration{}, overdrawn(ledger) ? until - ledger.anchor - ledger.remaining.wall : until - ledger.due);
  if (ledger.by || (budget.months == 0 && budget.days == 0) || budget.wall.us != 0 || budget.working_days != 0 || budget.working.us != 0) return out;
  // Dates: so many days from the due instant, at its time of day, were needed.
  const Instant due = until - out.time;
  calendar::WorkingDuration day;
  day.days = 1;
  const calendar::Rhythm days(spec.within.calendar, due, day);
  out.days = out.time.us > 0 ? days.between(due, until - Duration::micros(1)) + 1 : 0;
  return out;
}

Reading read(const Ledger& ledger, const model::ClockSpec& spec, Instant at) {
  const bool ended = ledger.state == ClockState::met || ledger.state == ClockState::cancelled;
  const bool paused = ledger.state == ClockState::paused;
  const Instant now = ended ? ledger.ended : at;
  Reading r;
  r.elapsed_wall = std::max(Duration{}, now - ledger.started);
  r.paused_total = ledger.paused_total;
  if (paused) r.paused_total += std::max(Duration{}, now - std::max(ledger.paused_since, ledger.started));
  r.running_wall = std::max(Duration{}, r.elapsed_wall - r.paused_total);
  const Instant until = paused ? std::min(now, ledger.paused_since) : now;
  if (ended && ledger.used) {
    r.elapsed_working_days = ledger.used->working_days;
    r.elapsed_working = ledger.used->working;
    r.percent = ledger.used->percent;
  } else {
    read_working_time(r, ledger, spec, until);
    r.percent = percent_at(ledger, spec, until);
  }
  r.left_wall = ledger.due - until;
  r.breached = is_breached(ledger, at);
  return r;
}

}  // namespace switchboard::sla
