// The clock ledger: a budget, what has been consumed, and since when it runs. The due instant is derived and derived again when budget,
// calendar or a pause changes. Pure: no clock is read, nothing is stored; every function takes the instant it happens at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "calendar/calendar.hpp"
#include "model/executable.hpp"
#include "switchboard/base/time.hpp"

namespace switchboard::sla {

enum class ClockState : std::uint8_t { running, paused, met, cancelled };
[[nodiscard]] std::string_view to_string(ClockState s) noexcept;

/// One round of one clock of one instance. A plain value; `breached` is a flag beside the state and stays after the stop.
///
/// Rules of consumption. Working days (`bd`): a working day after the start's day is consumed at its end (24:00) if the clock is running
/// then; so a pause over k ends of working days moves the due instant by k working days, and the due instant is always the end of a
/// working day. Working hours (`bh`): open time while running. Wall and calendar units: real time while running. A mixed budget is consumed in the
/// order of calendar::WorkingDuration. What is left of months and days at a pause goes on as real time.
/// Intervals are half-open: what happens exactly at the due instant is in time. A clock that is late goes on counting in its own unit, so marks
/// beyond 100 % still fall due; a pause then moves them but no longer the due instant.
/// What a budget was taken from: the row of a decision table that gave it. All empty when no table was asked.
struct Basis {
  std::string table;       ///< its id
  std::uint32_t row = 0;   ///< its number in the file, from 1; 0: no row gave the answer (a default)
  std::string source;      ///< where the row comes from
  std::string edition;     ///< of what it comes from
  std::string unverified;  ///< what of it nobody has checked
  friend bool operator==(const Basis&, const Basis&) = default;
};

/// What an operator does to a round of a clock, beside what its process says.
enum class ChangeKind : std::uint8_t { extend, annul, pause, resume };
[[nodiscard]] std::string_view to_string(ChangeKind k) noexcept;  ///< `annul` is "void"
struct Change {
  Instant at;
  ChangeKind kind = ChangeKind::extend;
  calendar::WorkingDuration amount;  ///< of an extension
  std::string by;                    ///< who
  std::string reason;                ///< why
  Instant due_before, due_after;     ///< the due instant before and after it
  friend bool operator==(const Change&, const Change&) = default;
};

/// How late a clock is, in its own unit.
struct Late {
  std::optional<std::int64_t> days;  ///< of budgets in days
  Duration time;                     ///< of all others
  friend bool operator==(const Late&, const Late&) = default;
};

/// What a round had used up at its end, as `Reading` says it. Finite.
struct Used {
  double working_days = 0, percent = 0;
  Duration working;
  std::optional<Late> late;  ///< nothing: it ended before form 6, on a calendar that may be another by now
  friend bool operator==(const Used&, const Used&) = default;
};

struct Ledger {
  model::ClockIndex clock;
  std::uint32_t round = 1;
  ClockState state = ClockState::running;
  bool breached = false;
  bool mean = false;         ///< the budget is an average: never breached, `breach` marks do not fire
  bool provisional = false;  ///< due lies beyond the calendar's last published year
  calendar::WorkingDuration budget;
  calendar::WorkingDuration
      remaining;     ///< at `anchor`, also while paused; equals budget until the first pause or change; below 0 by what has run over
  Instant started;   ///< effective start (retroactive: in the past)
  Instant attached;  ///< when the clock was really set
  Instant anchor;    ///< since when `remaining` is consumed: the start or the last resume (before working days that follow months or days: the start,
                     ///< moved by the pauses)
  bool anchor_day_counts = false;  ///< after a resume the anchor's own day counts, at the start it does not
  Instant original_due;
  Instant due;                   ///< current; while paused: what it was when the pause began
  Instant breached_at;           ///< due instant that was passed; meaningful when breached
  Instant paused_since;          ///< meaningful while paused
  Duration paused_total;         ///< wall time of finished pauses
  Instant ended;                 ///< meaningful when met or cancelled
  std::uint32_t marks_done = 0;  ///< bit i: mark i fired or skipped; each at most once
  std::string calendar_version;  ///< of the calendar `due` was derived from
  Basis basis;                   ///< what the budget was taken from
  std::optional<Instant> by;     ///< a promise to an instant: `due` is this, and `budget` the real time from the start to it
  std::vector<Change> changes;   ///< what operators did to this round, in order; extensions are in `budget` (or `by`) already
  bool stands = false;           ///< while an operator holds it: its process wants it to stand still too
  std::optional<Used> used;      ///< when it has ended: as it was counted then, whatever becomes of the calendar
  friend bool operator==(const Ledger&, const Ledger&) = default;
};

/// What a round was promised by, for people: what its table's row says, and beside it what the clock says of itself.
[[nodiscard]] Basis promised_by(const Ledger& ledger, const model::ClockSpec& spec);

/// What is counted of a budget, and what a percentage of it is a percentage of.
enum class Measure : std::uint8_t {
  days,  ///< working days alone
  open,  ///< working time alone
  wall,  ///< everything else: real time while running
};
[[nodiscard]] Measure measure_of(const calendar::WorkingDuration& budget);

/// A mark that is still to come.
struct Mark {
  std::uint32_t index = 0;
  Instant due;  ///< when it falls due
  Instant at;   ///< when it fires: then; a breach at the first instant after it, since what happens exactly at the due instant is in time
};

/// What a reader sees at an instant; of a clock that has ended, at its end; of a paused one, what stands still does so at the pause's begin.
struct Reading {
  Duration elapsed_wall;            ///< real time from start to stop/now, pauses included
  Duration running_wall;            ///< without pauses
  double elapsed_working_days = 0;  ///< while running if the budget is one of working days alone; otherwise since the start, pauses included
  Duration elapsed_working;         ///< open time, likewise (budgets of working time alone)
  double percent = 0;               ///< may pass 100; of working days or working time if the budget has only those, otherwise of running real time
  Duration left_wall;               ///< due - now; negative when late
  bool breached = false;            ///< also true when the due instant has passed and the mark has not been processed yet
  Duration paused_total;            ///< running pause included
};

/// Starts a round at `at` with effective start `from` (<= at, or in the future: then consumption begins there). Marks that say `late: skip` and lie
/// before `at`, and `left` marks longer than the whole budget, are recorded in `marks_done` at once; a skipped breach still sets `breached`.
[[nodiscard]] Ledger start(const model::ClockSpec& spec, model::ClockIndex index, std::uint32_t round, const calendar::WorkingDuration& budget,
                           Instant from, Instant at);
/// The same for a promise to an instant, which may lie in the past: then it is broken from the start.
[[nodiscard]] Ledger start_by(const model::ClockSpec& spec, model::ClockIndex index, std::uint32_t round, const calendar::Derived& due, Instant from,
                              Instant at);
/// A promise to an instant whose data are not known yet begins with this due instant, and stands still. So does one whose data became null.
[[nodiscard]] Instant not_known_yet() noexcept;
[[nodiscard]] inline bool waits_for_data(const Ledger& ledger) { return ledger.by && ledger.state == ClockState::paused; }
/// The data are known now; of one that never knew them it counts from `from`.
void learn_by(Ledger& ledger, const model::ClockSpec& spec, const calendar::Derived& due, Instant from, Instant at);
/// Another instant for a promise to an instant; one that is broken already is left alone. True when due moved.
[[nodiscard]] bool move_by(Ledger& ledger, const model::ClockSpec& spec, const calendar::Derived& due, Instant at);
/// No-ops when the state does not fit (a paused clock paused again); the caller checks with the lifecycle.
void pause(Ledger& ledger, const model::ClockSpec& spec, Instant at);
void resume(Ledger& ledger, const model::ClockSpec& spec, Instant at);
void stop(Ledger& ledger, const model::ClockSpec& spec, Instant at);  ///< met; breached when late
void cancel(Ledger& ledger, const model::ClockSpec& spec, Instant at);
/// Whether an operator holds it: the last of his pauses has not been taken back.
[[nodiscard]] bool is_held(const Ledger& ledger);
/// All extensions together.
[[nodiscard]] calendar::WorkingDuration extended(const Ledger& ledger);
/// The same parts of both together.
[[nodiscard]] calendar::WorkingDuration together(const calendar::WorkingDuration& a, const calendar::WorkingDuration& b);
/// A promise to an instant, later by the extensions, one after the other.
[[nodiscard]] calendar::Derived extended(const Ledger& ledger, const model::ClockSpec& spec, calendar::Derived promised);
/// Whether a budget can be extended by `amount`: in its own unit (working days; open time; anything else), so that what is consumed stays consumed. A
/// promise to an instant takes any.
[[nodiscard]] bool is_in_its_unit(const Ledger& ledger, const calendar::WorkingDuration& amount);
/// Carries out what an operator wants and notes it in `changes`; the due instants of `wanted` are filled in. The caller has checked that it fits:
/// open; to extend: not late, in its unit; to hold: no promise to an instant, not held; to let go on: held. A clock that its process lets stand
/// still as well goes on only when both let it.
void change(Ledger& ledger, const model::ClockSpec& spec, Change wanted);
/// Derives due again (new calendar, new budget). A new calendar: what was left at the anchor (the start, or the last resume) is counted anew from
/// there. A new budget: consumption so far is kept; for budgets that are not both of working days, or both of working time, alone (3 bd -> 24 h) it
/// is the running real time. With the same budget a clock that is breached or past its due is left alone. True when due moved.
[[nodiscard]] bool rederive(Ledger& ledger, const model::ClockSpec& spec, const calendar::WorkingDuration& budget, Instant at);
/// For a calendar that opens at other hours from `at` on: what has been used up until then stays as it was counted on the calendar of `before`, what
/// is left runs on that of `spec`. A promise that is missed by `at`, or that names an instant, is left alone. True when due moved.
[[nodiscard]] bool go_on_with(Ledger& ledger, const model::ClockSpec& before, const model::ClockSpec& spec, Instant at);

/// The next mark still to come of a running clock: the earliest by (at, index); it may lie in the past (retroactive start, late tick): then it fires
/// at once. None when paused, ended or all done. Every running clock that can breach and names no breach mark has an implicit one, of index
/// marks.size(); breach marks of a mean clock never come. `until`: only if it fires by then, which is much cheaper to know for what is far away.
[[nodiscard]] std::optional<Mark> next_mark(const Ledger& ledger, const model::ClockSpec& spec, Instant until = Instant::max());
/// Records mark `index` as done; a breach mark or passing `due` sets breached.
void mark_done(Ledger& ledger, const model::ClockSpec& spec, std::uint32_t index, Instant at);
/// Whether the promise is broken at `at`, as `read(...).breached`, without any arithmetic on a calendar.
[[nodiscard]] bool is_breached(const Ledger& ledger, Instant at);
[[nodiscard]] Reading read(const Ledger& ledger, const model::ClockSpec& spec, Instant at);

/// How late a clock is, in its own unit: the least by which its budget would have had to be longer for it to be in time at `at` (at its end when it
/// has ended, at the begin of a pause). A budget of working days alone, or of months and days alone, is late by whole days: the working day after the
/// due instant is the first, from its begin. All others by open or running real time. Of one that has ended: as it was counted then (Used).
[[nodiscard]] Late late(const Ledger& ledger, const model::ClockSpec& spec, Instant at);

/// What does not add up in a ledger, in a sentence; empty when all does: what was consumed and what is left are the budget, the due instant follows
/// from what is left, nothing happened before the start. For checks; a ledger derived from an older calendar is not compared with today's.
[[nodiscard]] std::string contradiction(const Ledger& ledger, const model::ClockSpec& spec);

}  // namespace switchboard::sla
