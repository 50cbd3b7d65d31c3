// Clocks react to what happened in a step, when no token moves any more: stop before start, cancel before pause (docs/language.md, Clocks).
// A clock is never stopped, paused or cancelled with a mark overdue: the mark fires first, so nobody can miss a breach by being late himself.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::ClockAction;
using model::ClockTrigger;
using sla::ClockState;

/// Everything that clocks and feedback have to react to in one round.
struct Round {
  Few<ClockTrigger, 8> clocks;
  Few<FeedbackIndex, 8> feedback;
};

void add(Round& round, const model::Reactions& r) {
  round.clocks.insert(round.clocks.end(), r.clocks.begin(), r.clocks.end());
  round.feedback.insert(round.feedback.end(), r.feedback.begin(), r.feedback.end());
}

/// Conditions trigger on the edge from not true to true between two looks.
void add_conditions(Execution& x, Round& round) {
  const auto& all = x.process.condition_triggers;
  x.triggers_before.resize(all.size(), false);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const bool now = all[i].condition.is_true(x.frame());
    if (now && !x.triggers_before[i]) {
      if (all[i].feedback)
        round.feedback.push_back(all[i].feedback);
      else
        round.clocks.push_back(all[i].clock);
    }
    x.triggers_before[i] = now;
  }
}

const model::ClockSpec& spec_of(const Execution& x, ClockIndex clock) { return x.process.clocks[clock.value]; }

bool is_open(const sla::Ledger* ledger) { return ledger != nullptr && (ledger->state == ClockState::running || ledger->state == ClockState::paused); }

using Clocks = Few<ClockIndex, 4>;

bool lists(const Clocks& clocks, ClockIndex clock) { return std::find(clocks.begin(), clocks.end(), clock) != clocks.end(); }

/// Fires what is overdue of all `clocks`, in order of due, then of the file. `reached`: marks due at this very instant fire too (a clock that
/// starts).
void fire_overdue(Execution& x, const Clocks& clocks, bool reached) {
  const auto place = [&x](ClockIndex clock) { return spec_of(x, clock).place; };
  for (;;) {
    ClockIndex first;
    std::optional<sla::Mark> earliest;
    for (const ClockIndex clock : clocks) {
      const sla::Ledger* ledger = x.instance.find(clock);
      if (ledger == nullptr || ledger->state != ClockState::running) continue;
      const auto mark = sla::next_mark(*ledger, spec_of(x, clock), x.at);
      if (!mark || (mark->due == x.at && !reached)) continue;
      if (earliest && std::pair(earliest->at, place(first)) <= std::pair(mark->at, place(clock))) continue;
      earliest = mark;
      first = clock;
    }
    if (!earliest) return;
    fire_mark(x, first, *earliest);
  }
}

}  // namespace

void fire_overdue(Execution& x, ClockIndex clock) { fire_overdue(x, Clocks{clock}, false); }

namespace {

/// `basis`: what the budget was taken from.
Result<std::optional<calendar::WorkingDuration>> budget_of(const Execution& x, const model::ClockSpec& spec, sla::Basis& basis) {
  x.host.watch(&basis);
  auto budget = duration_of(x.frame(), spec.within);
  x.host.watch(nullptr);
  if (!budget) return failure({}, "within: " + budget.error().message);
  return budget;
}

Result<Instant> start_of(const Execution& x, const model::ClockSpec& spec) {
  if (!spec.from) return x.at;
  auto from = instant_of(x.frame(), spec.from);
  if (!from) return failure({}, "from: " + from.error().message);
  return from.value().value_or(x.at);
}

/// The instant of a clock with `by`; nothing when there is no promise, or not yet: data that it asks for are null. A date is kept by the end of its
/// day; `before` is counted back from where the day begins.
Result<std::optional<calendar::Derived>> promised_instant(const Execution& x, const model::ClockSpec& spec) {
  const feel::Frame frame = x.frame();
  const feel::Evaluation asked = spec.by.evaluate(frame);
  if (is_not_known_yet(frame, spec.by, asked.value)) return std::optional<calendar::Derived>();
  auto by = instant_of(frame, spec.by);
  if (!by) return failure({}, "by: " + by.error().message);
  if (!by.value()) return std::optional<calendar::Derived>();
  const auto before = duration_of(frame, spec.before);
  if (!before && spec.before.expression && is_not_known_yet(frame, spec.before.expression, spec.before.expression.evaluate(frame).value))
    return std::optional<calendar::Derived>();
  if (!before) return failure({}, "before: " + before.error().message);
  if (!before.value()) return std::optional<calendar::Derived>();
  if (!before.value()->is_zero()) return std::optional(spec.before.calendar->latest_start(*by.value(), *before.value()));
  if (is_day(asked.value)) {
    const auto shown = to_date_time(*by.value(), frame.zone);
    const auto next_day = shown ? from_days(to_days(shown->date) + 1) : std::nullopt;
    if (next_day) by = to_instant(DateTime{*next_day, Time{}}, frame.zone);
  }
  return std::optional(calendar::Derived{*by.value(), false});
}

/// A round that begins now; nothing when there is no promise.
Result<std::optional<sla::Ledger>> begun(const Execution& x, ClockIndex clock, std::uint32_t round) {
  const model::ClockSpec& spec = spec_of(x, clock);
  if (spec.by) {
    SB_TRY(const auto due, promised_instant(x, spec));
    if (!due) return std::optional<sla::Ledger>();
    SB_TRY(const Instant from, start_of(x, spec));
    return std::optional(sla::start_by(spec, clock, round, *due, from, x.at));
  }
  sla::Basis basis;
  SB_TRY(const auto budget, budget_of(x, spec, basis));
  if (!budget) return std::optional<sla::Ledger>();
  SB_TRY(const Instant from, start_of(x, spec));
  sla::Ledger ledger = sla::start(spec, clock, round, *budget, from, x.at);
  ledger.basis = std::move(basis);
  return std::optional(std::move(ledger));
}

void clock_incident(Execution& x, ClockIndex clock, const std::string& message) {
  for (const Incident& i : x.instance.incidents)
    if (i.clock == clock) return;  // one is enough: resolving it starts the clock
  Incident i;
  i.key = x.new_key<IncidentKey>();
  i.element_key = root_key;
  i.element = {0};
  i.rule = std::string(rules::clock_failed);
  i.message = fmt::format("clock '{}' could not start: {}", spec_of(x, clock).id, message);
  i.raised = x.at;
  i.clock = clock;
  x.emit(IncidentRaised{std::move(i)});
}

/// The one shape of all changes of a running round: a copy is changed and recorded.
template <class Recorded, class Change>
void change(Execution& x, ClockIndex clock, Change apply) {
  sla::Ledger ledger = *x.instance.find(clock);
  apply(ledger, spec_of(x, clock), x.at);
  x.emit(Recorded{std::move(ledger)});
}

void start_if_allowed(Execution& x, ClockIndex clock) {
  const sla::Ledger* ledger = x.instance.find(clock);
  if (is_open(ledger) || (ledger != nullptr && !spec_of(x, clock).restart_each)) return;
  start_clock(x, clock, ledger == nullptr ? 1 : ledger->round + 1);
}

void end_round(Execution& x, ClockIndex clock, bool met) {
  if (!is_open(x.instance.find(clock))) return;
  fire_overdue(x, clock);
  // Nothing was promised by one that still waits for its data.
  if (met && !sla::waits_for_data(*x.instance.find(clock)))
    change<ClockStopped>(x, clock, sla::stop);
  else
    change<ClockCancelled>(x, clock, sla::cancel);
}

void emit_moved(Execution& x, sla::Ledger ledger, std::string_view why) {
  const Instant before = x.instance.find(ledger.clock)->due;
  x.emit(ClockMoved{std::move(ledger), std::string(why), before});
}

/// What `key` of a clock leads to is another: because its data are, because it is derived again, or because it asks for the time, a calendar or
/// another clock.
void emit_followed(Execution& x, sla::Ledger ledger, std::string_view key) {
  if (!x.deriving.empty()) return emit_moved(x, std::move(ledger), x.deriving);
  const bool has_new_data = std::any_of(x.events.begin(), x.events.end(), [](const Event& e) { return std::holds_alternative<DataChanged>(e.body); });
  emit_moved(x, std::move(ledger),
             has_new_data ? fmt::format("the data of `{}` changed", key) : fmt::format("`{}` is another now, its data are as they were", key));
}

/// Of a clock that an operator holds it is only noted what its process wants: both must let it go on.
void process_wants(Execution& x, sla::Ledger ledger, bool stands) {
  if (ledger.stands == stands) return;
  ledger.stands = stands;
  emit_moved(x, std::move(ledger), stands ? "held by an operator, and by the process too from now on" : "held by an operator alone from now on");
}

void pause_clock(Execution& x, ClockIndex clock) {
  const sla::Ledger* ledger = x.instance.find(clock);
  if (ledger == nullptr || ledger->by) return;
  if (ledger->state == ClockState::paused && sla::is_held(*ledger)) return process_wants(x, *ledger, true);
  if (ledger->state != ClockState::running) return;
  fire_overdue(x, clock);
  change<ClockPaused>(x, clock, sla::pause);
}

void resume_clock(Execution& x, ClockIndex clock) {
  x.held_clocks.erase(std::remove(x.held_clocks.begin(), x.held_clocks.end(), clock), x.held_clocks.end());
  const sla::Ledger* ledger = x.instance.find(clock);
  if (ledger == nullptr || ledger->state != ClockState::paused) return;
  if (sla::is_held(*ledger)) return process_wants(x, *ledger, false);
  change<ClockResumed>(x, clock, sla::resume);
}

/// Who is on hold begins the new round on hold. What an operator did concerns his round alone.
void reset_clock(Execution& x, ClockIndex clock) {
  if (!is_open(x.instance.find(clock))) return;
  const sla::Ledger& before = *x.instance.find(clock);
  const bool held = before.state == ClockState::paused && (before.stands || !sla::is_held(before));
  end_round(x, clock, false);
  start_clock(x, clock, x.instance.find(clock)->round + 1);
  if (held && is_open(x.instance.find(clock))) x.held_clocks.push_back(clock);
}

void apply(Execution& x, const ClockTrigger& t) {
  switch (t.action) {
    case ClockAction::stop: return end_round(x, t.clock, true);
    case ClockAction::cancel: return end_round(x, t.clock, false);
    case ClockAction::reset: return reset_clock(x, t.clock);
    case ClockAction::start: return start_if_allowed(x, t.clock);
    case ClockAction::resume: return resume_clock(x, t.clock);
    case ClockAction::pause: return pause_clock(x, t.clock);
  }
}

void apply_in_order(Execution& x, const Few<ClockTrigger, 8>& triggers) {
  constexpr std::array order = {ClockAction::stop, ClockAction::cancel, ClockAction::reset, ClockAction::start};
  for (const ClockAction action : order)
    for (const ClockTrigger& t : triggers)
      if (t.action == action) apply(x, t);
  for (const ClockTrigger& t : triggers)  // these two as they happened: the last one holds
    if (t.action == ClockAction::pause || t.action == ClockAction::resume) apply(x, t);
}

bool token_pauses(const Execution& x, ClockIndex clock) {
  const auto pauses_it = [&](ElementIndex element) {
    const auto& pauses = x.process.at(element).pauses;
    return std::find(pauses.begin(), pauses.end(), clock) != pauses.end();
  };
  const ProcessInstance& i = x.instance;
  if (i.crowd.is_kept())
    return std::any_of(i.crowd.places().begin(), i.crowd.places().end(), [&](const Crowd::Place& place) {
      return place.activations > 0 && pauses_it({static_cast<std::uint32_t>(place.key.value - 1)});
    });
  return std::any_of(i.elements.begin(), i.elements.end(), [&](const ElementInstance& e) { return pauses_it(e.element); });
}

/// Marks that are overdue when a clock is stopped or paused come before that, those of several clocks in order of due.
void fire_before_they_stand_still(Execution& x, const Few<ClockTrigger, 8>& triggers) {
  Clocks clocks;
  for (const ClockTrigger& t : triggers)
    if (t.action != ClockAction::start && t.action != ClockAction::resume && !lists(clocks, t.clock)) clocks.push_back(t.clock);
  if (!clocks.empty()) fire_overdue(x, clocks, false);
}

/// Clocks stand still while a token is in one of their pausing elements, or their condition holds.
void follow_presence(Execution& x) {
  for (const ClockIndex clock : x.process.clocks_in_order) {
    const model::ClockSpec& spec = spec_of(x, clock);
    const sla::Ledger* ledger = x.instance.find(clock);
    if (ledger == nullptr) continue;
    const ClockState state = ledger->state;
    if (!spec.pauses_in_place && !spec.pause_if) continue;  // only triggers pause and resume it
    if ((state != ClockState::running && state != ClockState::paused) || lists(x.fresh_clocks, clock)) continue;
    const bool wanted = (spec.pauses_in_place && token_pauses(x, clock)) || (spec.pause_if && spec.pause_if.is_true(x.frame()));
    if (wanted) pause_clock(x, clock);
    if (!wanted && state == ClockState::paused) resume_clock(x, clock);
  }
}

/// A promise to an instant of data: stands still while they are null, goes on when they are known, and moves with them.
void follow_instant(Execution& x, ClockIndex clock) {
  const model::ClockSpec& spec = spec_of(x, clock);
  const auto due = promised_instant(x, spec);
  if (!due) return;
  sla::Ledger ledger = *x.instance.find(clock);
  if (sla::waits_for_data(ledger)) {
    const auto from = start_of(x, spec);
    if (!due.value() || !from) return;
    const bool never_known = ledger.original_due == sla::not_known_yet();
    sla::learn_by(ledger, spec, sla::extended(ledger, spec, *due.value()), from.value() == x.at ? ledger.started : from.value(), x.at);
    x.emit(ClockResumed{std::move(ledger)});
    if (never_known) x.fresh_clocks.push_back(clock);
    return;
  }
  if (!due.value()) {
    fire_overdue(x, clock);
    const sla::Ledger& now = *x.instance.find(clock);
    if (now.state == ClockState::running && !sla::is_breached(now, x.at)) change<ClockPaused>(x, clock, sla::pause);
    return;
  }
  if (sla::move_by(ledger, spec, sla::extended(ledger, spec, *due.value()), x.at)) emit_followed(x, std::move(ledger), "by");
}

/// A promise that is made of data follows them; what cannot be computed, or is null, leaves it as it was.
void follow_data(Execution& x) {
  for (const ClockIndex clock : x.process.clocks_in_order) {
    const model::ClockSpec& spec = spec_of(x, clock);
    if ((!spec.by && !spec.rebudget) || !is_open(x.instance.find(clock)) || lists(x.fresh_clocks, clock)) continue;
    if (spec.by) {
      follow_instant(x, clock);
      continue;
    }
    sla::Ledger ledger = *x.instance.find(clock);
    sla::Basis basis;
    const auto given = budget_of(x, spec, basis);
    const auto budget = given && given.value() ? std::optional(sla::together(*given.value(), sla::extended(ledger))) : std::nullopt;
    if (!budget || *budget == ledger.budget || sla::is_breached(ledger, x.at)) continue;
    static_cast<void>(sla::rederive(ledger, spec, *budget, x.at));
    ledger.basis = std::move(basis);
    emit_followed(x, std::move(ledger), "within");
  }
}

/// A retroactive start finds marks in the past. They come after what the step itself did and told, and before the clock may stand still.
void fire_marks_of_fresh_clocks(Execution& x) {
  if (x.fresh_clocks.empty()) return;
  const Clocks fresh = std::move(x.fresh_clocks);
  x.fresh_clocks.clear();
  const Clocks held = std::move(x.held_clocks);
  x.held_clocks.clear();
  fire_overdue(x, fresh, true);
  for (const ClockIndex clock : held) pause_clock(x, clock);
  follow_presence(x);
}

}  // namespace

void remember_triggers(Execution& x) {
  const auto& all = x.process.condition_triggers;
  for (const auto& t : all)
    x.triggers_before.push_back(t.condition.is_true(InstanceHost(x.process, x.instance, x.instance.last).frame(x.instance.data)));
}

namespace {

void wait_for_data(Execution& x, ClockIndex clock, std::uint32_t round) {
  x.emit(ClockStarted{sla::start_by(spec_of(x, clock), clock, round, {sla::not_known_yet(), false}, x.at, x.at)});
  change<ClockPaused>(x, clock, sla::pause);
}

}  // namespace

void start_clock(Execution& x, ClockIndex clock, std::uint32_t round) {
  const auto ledger = begun(x, clock, round);
  if (!ledger) return clock_incident(x, clock, ledger.error().message);
  if (!ledger.value() && spec_of(x, clock).by) return wait_for_data(x, clock, round);
  if (!ledger.value()) return;  // no promise
  x.emit(ClockStarted{*ledger.value()});
  if (!lists(x.fresh_clocks, clock)) x.fresh_clocks.push_back(clock);
}

void fire_mark(Execution& x, ClockIndex clock, const sla::Mark& mark) {
  const model::ClockSpec& spec = spec_of(x, clock);
  sla::Ledger ledger = *x.instance.find(clock);
  sla::mark_done(ledger, spec, mark.index, x.at);
  x.emit(ClockMarked{std::move(ledger), mark.index, mark.due, false});
  if (mark.index >= spec.marks.size()) return;  // the breach that nobody names only sets the flag
  const model::MarkSpec& m = spec.marks[mark.index];
  if (m.feedback) give_feedback(x, m.feedback);
  if (!m.escalation.empty()) raise_escalation(x, {}, {}, clock, m.escalation, Context{{"clock", spec.id}, {"mark", m.text}});
}

bool react(Execution& x) {
  if (x.reactions.empty() && x.instance.clocks.empty() && x.process.condition_triggers.empty()) return false;
  Round round;
  for (const model::Reactions* r : x.reactions) add(round, *r);
  x.reactions.clear();
  if (!x.process.condition_triggers.empty()) add_conditions(x, round);
  fire_before_they_stand_still(x, round.clocks);
  apply_in_order(x, round.clocks);
  follow_data(x);
  follow_presence(x);
  for (const FeedbackIndex f : round.feedback) give_feedback(x, f);
  fire_marks_of_fresh_clocks(x);
  return x.next_arrival < x.arrivals.size() || !x.emptied.empty() || !x.reactions.empty();
}

void react_to_end(Execution& x) {
  Round round;
  add(round, x.process.on_process_end);
  fire_before_they_stand_still(x, round.clocks);
  apply_in_order(x, round.clocks);
  fire_marks_of_fresh_clocks(x);
  close_clocks(x, true);
  for (const FeedbackIndex f : round.feedback) give_feedback(x, f);
}

void close_clocks(Execution& x, bool completed) {
  for (const ClockIndex clock : x.process.clocks_in_order) {
    end_round(x, clock, completed && spec_of(x, clock).stop_at_process_end);
  }
}

/// What is due at one instant fires in the order of the file, whoever of them is told of first.
void fire_before(Execution& x, ClockIndex clock, Instant at) {
  for (const ClockIndex other : x.process.clocks_in_order) {
    if (other == clock) return;
    const sla::Ledger* ledger = x.instance.find(other);
    while (ledger != nullptr && ledger->state == ClockState::running) {
      const auto mark = sla::next_mark(*ledger, spec_of(x, other), at);
      if (!mark) break;
      fire_mark(x, other, *mark);
      ledger = x.instance.find(other);
    }
  }
}

/// Stale unless it is exactly the next mark of that round, still due then: a mark fires once, and a moved one has been armed anew.
Verdict carry_out(Execution& x, const FireMark& c) {
  const sla::Ledger* ledger = c.clock.value < x.process.clocks.size() ? x.instance.find(c.clock) : nullptr;
  Verdict stale{std::nullopt, true};
  if (ledger == nullptr || ledger->round != c.round || ledger->state != ClockState::running) return stale;
  const auto mark = sla::next_mark(*ledger, spec_of(x, c.clock));
  // Rows of before form 3 say of a breach when it falls due, not when it fires.
  if (!mark || mark->index != c.mark || (mark->at != c.due && mark->due != c.due)) return stale;
  if (x.at < mark->at)
    return {
        refusal(rules::too_early, fmt::format("mark {} of clock '{}' is not due yet", c.mark, spec_of(x, c.clock).id), "fire it at its due instant")};
  fire_before(x, c.clock, mark->at);
  fire_mark(x, c.clock, *mark);
  run(x);
  return {};
}

namespace {

/// What its promise leads to on the calendars as they are now; a promise that cannot be computed any more stays.
sla::Ledger derived_again(const Execution& x, const sla::Ledger& before, const RederiveClocks& c) {
  const model::ClockSpec& spec = spec_of(x, before.clock);
  sla::Ledger ledger = before;
  if (spec.by) {
    const auto due = promised_instant(x, spec);
    if (due && due.value()) static_cast<void>(sla::move_by(ledger, spec, sla::extended(ledger, spec, *due.value()), x.at));
    return ledger;
  }
  const model::ClockSpec* was = c.before == nullptr ? nullptr : &c.before->clocks[before.clock.value];
  if (was != nullptr && was->within.calendar->spec().version != ledger.calendar_version) return ledger;
  if (was != nullptr && c.from_now)
    static_cast<void>(sla::go_on_with(ledger, *was, spec, x.at));
  else
    static_cast<void>(sla::rederive(ledger, spec, ledger.budget, x.at));
  return ledger;
}

}  // namespace

Verdict carry_out(Execution& x, const RederiveClocks& c) {
  x.deriving = c.reason;
  for (std::size_t i = 0; i < x.instance.clocks.size(); ++i) {
    if (!is_open(&x.instance.clocks[i])) continue;
    sla::Ledger ledger = derived_again(x, x.instance.clocks[i], c);
    if (ledger != x.instance.clocks[i]) emit_moved(x, std::move(ledger), c.reason);
  }
  // The timers of a suspended case have stood still since then.
  const Instant seen = x.instance.state == InstanceState::suspended ? x.instance.suspended_at : x.at;
  const Parts<Timer> timers = x.instance.timers;
  for (const Timer& t : timers) {
    const auto due = due_again(t, x.process.at(t.element).definition(t.definition).timer, seen);
    if (due && (due->at != t.due || due->provisional != t.provisional)) x.emit(TimerMoved{t.key, due->at, due->provisional, c.reason, {}, t.due});
  }
  move_due_work(x, c.reason);
  if (x.instance.state == InstanceState::active) run(x);
  return {};
}

}  // namespace switchboard::core
