#include "sla/ledger.hpp"

#include <algorithm>
#include <cmath>

#include "sla/consumption.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::sla {
namespace {

using Mark = model::MarkSpec;
using Kind = model::ClockMark::Kind;

bool open(const Ledger& ledger) { return ledger.state == ClockState::running || ledger.state == ClockState::paused; }

void breach(Ledger& ledger) {
  if (ledger.mean || ledger.breached) return;
  ledger.breached = true;
  ledger.breached_at = ledger.due;
}

/// The end of consumption: a paused clock stands where it was.
Instant consumed_until(const Ledger& ledger, Instant at) { return ledger.state == ClockState::paused ? ledger.paused_since : at; }

/// What was promised and missed is history, whether or not anybody has noted it: a new calendar does not rewrite it.
bool is_missed(const Ledger& ledger, Instant at) { return ledger.breached || overdrawn(ledger) || consumed_until(ledger, at) > ledger.due; }

/// A clock that ends while it is paused stands as if it had gone on at that very instant: the whole pause counts as one.
void end(Ledger& ledger, const model::ClockSpec& spec, Instant at, ClockState state) {
  resume(ledger, spec, at);
  ledger.state = state;
  ledger.ended = at;
  const Reading last = read(ledger, spec, at);
  ledger.used = Used{last.elapsed_working_days, last.percent, last.elapsed_working, late(ledger, spec, at)};
}

void take_due(Ledger& ledger, const calendar::Derived& derived, const model::ClockSpec& spec) {
  ledger.due = derived.at;
  ledger.provisional = derived.provisional;
  ledger.calendar_version = spec.within.calendar->spec().version;
}

/// Marks that a retroactive start finds in the past and that say `late: skip`, and `left` marks longer than the whole budget, which were never true.
void skip_marks(Ledger& ledger, const model::ClockSpec& spec, Instant at) {
  for (std::size_t i = 0; i < spec.marks.size(); ++i) {
    const Mark& mark = spec.marks[i];
    if (mark.kind != Kind::left && !mark.skip_late) continue;
    const Instant due = mark_instant(ledger, spec, mark);
    const bool never = mark.kind == Kind::left && due < ledger.started;
    if (!never && !(mark.skip_late && due < at)) continue;
    ledger.marks_done |= 1U << i;
    if (mark.kind == Kind::breach) breach(ledger);
  }
}

/// `a` moved by what `to` has more than `from`, part by part; a part below nothing means that the budget is used up already.
calendar::WorkingDuration moved(calendar::WorkingDuration a, const calendar::WorkingDuration& from, const calendar::WorkingDuration& to) {
  a.months += to.months - from.months;
  a.days += to.days - from.days;
  a.working_days += to.working_days - from.working_days;
  a.wall += to.wall - from.wall;
  a.working += to.working - from.working;
  return a;
}

void promise(Ledger& ledger, const model::ClockSpec& spec, const calendar::Derived& due) {
  ledger.by = due.at;
  ledger.budget = {};
  ledger.budget.wall = std::max(Duration{}, due.at - ledger.started);
  ledger.remaining = ledger.budget;
  take_due(ledger, due, spec);
}

/// Consumption so far is kept: in working days or working time where both budgets have only those, otherwise as running real time.
void change_budget(Ledger& ledger, const calendar::WorkingDuration& budget) {
  if (const Measure measure = measure_of(budget); measure == measure_of(ledger.budget) && measure != Measure::wall) {
    ledger.remaining = moved(ledger.remaining, ledger.budget, budget);
  } else {
    ledger.remaining = budget;
    ledger.anchor = ledger.started + ledger.paused_total;
    ledger.anchor_day_counts = false;
  }
  ledger.budget = budget;
}

/// An instant at which a day ends belongs to that day: one working day more is the end of the next one.
calendar::Derived later_by(const calendar::BusinessCalendar& calendar, calendar::Derived promised, const calendar::WorkingDuration& amount) {
  const bool ends_day = amount.working_days > 0 && amount.days == 0 && amount.months == 0 && calendar.start_of_day(promised.at) == promised.at;
  const calendar::Derived later = calendar.deadline(ends_day ? promised.at - Duration::micros(1) : promised.at, amount);
  return {later.at, promised.provisional || later.provisional};
}

}  // namespace

std::string_view to_string(ClockState s) noexcept {
  switch (s) {
    case ClockState::running: return "running";
    case ClockState::paused: return "paused";
    case ClockState::met: return "met";
    case ClockState::cancelled: return "cancelled";
  }
  return "?";
}

std::string_view to_string(ChangeKind k) noexcept {
  switch (k) {
    case ChangeKind::extend: return "extend";
    case ChangeKind::annul: return "void";
    case ChangeKind::pause: return "pause";
    case ChangeKind::resume: return "resume";
  }
  return "?";
}

Ledger start(const model::ClockSpec& spec, model::ClockIndex index, std::uint32_t round, const calendar::WorkingDuration& budget, Instant from,
             Instant at) {
  SB_ASSERT(spec.within.calendar != nullptr && spec.marks.size() < 32);
  Ledger ledger;
  ledger.clock = index;
  ledger.round = round;
  ledger.mean = spec.mean;
  ledger.budget = ledger.remaining = budget;
  ledger.started = ledger.anchor = from;
  ledger.attached = at;
  take_due(ledger, derive_due(ledger, spec), spec);
  ledger.original_due = ledger.due;
  skip_marks(ledger, spec, at);
  return ledger;
}

Ledger start_by(const model::ClockSpec& spec, model::ClockIndex index, std::uint32_t round, const calendar::Derived& due, Instant from, Instant at) {
  SB_ASSERT(spec.within.calendar != nullptr && spec.marks.size() < 32);
  Ledger ledger;
  ledger.clock = index;
  ledger.round = round;
  ledger.mean = spec.mean;
  ledger.started = ledger.anchor = from;
  ledger.attached = at;
  promise(ledger, spec, due);
  ledger.original_due = ledger.due;
  skip_marks(ledger, spec, at);
  return ledger;
}

Instant not_known_yet() noexcept { return Instant{253'402'214'400'000'000}; }  // 9999-12-31T00:00:00Z

void learn_by(Ledger& ledger, const model::ClockSpec& spec, const calendar::Derived& due, Instant from, Instant at) {
  const bool never_known = ledger.original_due == not_known_yet();
  ledger.state = ClockState::running;
  ledger.paused_since = {};
  if (never_known) ledger.started = ledger.anchor = from;
  promise(ledger, spec, due);
  if (!never_known) return;
  ledger.original_due = ledger.due;
  skip_marks(ledger, spec, at);
}

bool move_by(Ledger& ledger, const model::ClockSpec& spec, const calendar::Derived& due, Instant at) {
  if (!open(ledger) || !ledger.by || ledger.breached || consumed_until(ledger, at) > ledger.due) return false;
  if (due.at == ledger.due && due.provisional == ledger.provisional) return false;
  promise(ledger, spec, due);
  return true;
}

void pause(Ledger& ledger, const model::ClockSpec&, Instant at) {
  if (ledger.state != ClockState::running) return;
  ledger.state = ClockState::paused;
  ledger.paused_since = at;
}

void resume(Ledger& ledger, const model::ClockSpec& spec, Instant at) {
  if (ledger.state != ClockState::paused) return;
  const bool promised = settle(ledger, spec, ledger.paused_since, at);
  ledger.paused_total += std::max(Duration{}, at - std::max(ledger.paused_since, ledger.started));
  ledger.state = ClockState::running;
  if (promised) take_due(ledger, derive_due(ledger, spec), spec);
}

void stop(Ledger& ledger, const model::ClockSpec& spec, Instant at) {
  if (!open(ledger)) return;
  if (consumed_until(ledger, at) > ledger.due) breach(ledger);
  end(ledger, spec, at, ClockState::met);
}

void cancel(Ledger& ledger, const model::ClockSpec& spec, Instant at) {
  if (open(ledger)) end(ledger, spec, at, ClockState::cancelled);
}

Basis promised_by(const Ledger& ledger, const model::ClockSpec& spec) {
  Basis basis = ledger.basis;
  if (basis.source.empty()) basis.source = spec.source;
  if (basis.unverified != spec.unverified) basis.unverified += (basis.unverified.empty() || spec.unverified.empty() ? "" : "; ") + spec.unverified;
  return basis;
}

bool is_held(const Ledger& ledger) {
  for (auto c = ledger.changes.rbegin(); c != ledger.changes.rend(); ++c) {
    if (c->kind == ChangeKind::pause) return true;
    if (c->kind == ChangeKind::resume) return false;
  }
  return false;
}

calendar::WorkingDuration together(const calendar::WorkingDuration& a, const calendar::WorkingDuration& b) { return moved(a, {}, b); }

calendar::WorkingDuration extended(const Ledger& ledger) {
  calendar::WorkingDuration sum;
  for (const Change& c : ledger.changes) sum = together(sum, c.amount);
  return sum;
}

calendar::Derived extended(const Ledger& ledger, const model::ClockSpec& spec, calendar::Derived promised) {
  for (const Change& c : ledger.changes)
    if (!c.amount.is_zero()) promised = later_by(*spec.within.calendar, promised, c.amount);
  return promised;
}

bool is_in_its_unit(const Ledger& ledger, const calendar::WorkingDuration& amount) {
  if (ledger.by) return true;
  if (measure_of(ledger.budget) != Measure::wall) return measure_of(amount) == measure_of(ledger.budget);
  return (amount.working_days == 0 || ledger.budget.working_days != 0) && (amount.working.us == 0 || ledger.budget.working.us != 0);
}

void change(Ledger& ledger, const model::ClockSpec& spec, Change wanted) {
  wanted.due_before = ledger.due;
  const ChangeKind kind = wanted.kind;
  const Instant at = wanted.at;
  const calendar::WorkingDuration amount = wanted.amount;
  ledger.changes.push_back(std::move(wanted));
  switch (kind) {
    case ChangeKind::extend:
      if (ledger.by) {
        promise(ledger, spec, later_by(*spec.within.calendar, {*ledger.by, ledger.provisional}, amount));
      } else {
        change_budget(ledger, together(ledger.budget, amount));
        take_due(ledger, derive_due(ledger, spec), spec);
      }
      break;
    case ChangeKind::annul: cancel(ledger, spec, at); break;
    case ChangeKind::pause:
      ledger.stands = ledger.state == ClockState::paused;
      pause(ledger, spec, at);
      break;
    case ChangeKind::resume:
      if (!ledger.stands) resume(ledger, spec, at);
      ledger.stands = false;
      break;
  }
  ledger.changes.back().due_after = ledger.due;
}

bool rederive(Ledger& ledger, const model::ClockSpec& spec, const calendar::WorkingDuration& budget, Instant at) {
  if (!open(ledger) || ledger.by) return false;
  const Instant before = ledger.due;
  if (budget != ledger.budget)
    change_budget(ledger, budget);
  else if (is_missed(ledger, at))
    return false;
  take_due(ledger, derive_due(ledger, spec), spec);
  return ledger.due != before;
}

bool go_on_with(Ledger& ledger, const model::ClockSpec& before, const model::ClockSpec& spec, Instant at) {
  if (!open(ledger) || ledger.by || is_missed(ledger, at)) return false;
  const Instant due = ledger.due;
  const Instant until = consumed_until(ledger, at);
  if (settle(ledger, before, until, until)) take_due(ledger, derive_due(ledger, spec), spec);
  return ledger.due != due;
}

std::optional<switchboard::sla::Mark> next_mark(const Ledger& ledger, const model::ClockSpec& spec, Instant until) {
  if (ledger.state != ClockState::running) return std::nullopt;
  std::optional<sla::Mark> next;
  const auto offer = [&](std::size_t i, Instant due, bool is_breach) {
    const Instant at = is_breach ? due + Duration::micros(1) : due;
    if (at <= until && (!next || at < next->at)) next = sla::Mark{static_cast<std::uint32_t>(i), due, at};
  };
  const auto is_done = [&](std::size_t i) { return (ledger.marks_done >> i & 1U) != 0; };
  bool named = false;
  for (std::size_t i = 0; i < spec.marks.size(); ++i) {
    const model::MarkSpec& mark = spec.marks[i];
    const bool is_breach = mark.kind == Kind::breach;
    named = named || is_breach;
    if (is_done(i) || (is_breach && ledger.mean)) continue;
    // Most marks are far away: then their exact instant, which takes the calendar, is not needed.
    if (not_before(ledger, mark) <= (next ? std::min(until, next->at) : until)) offer(i, mark_instant(ledger, spec, mark), is_breach);
  }
  if (!named && !ledger.mean && !is_done(spec.marks.size())) offer(spec.marks.size(), ledger.due, true);
  return next;
}

void mark_done(Ledger& ledger, const model::ClockSpec& spec, std::uint32_t index, Instant at) {
  SB_ASSERT(index <= spec.marks.size());
  ledger.marks_done |= 1U << index;
  const bool is_breach = index == spec.marks.size() || spec.marks[index].kind == Kind::breach;
  if (open(ledger) && (is_breach || consumed_until(ledger, at) > ledger.due)) breach(ledger);
}

}  // namespace switchboard::sla
