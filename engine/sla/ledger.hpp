// The clock ledger: a budget, what has been consumed, and since when it runs. The due instant is derived and derived again when budget,
// calendar or a pause changes. Pure: no clock is read, nothing is stored; every function takes the instant it happens at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "calendar/calendar.hpp"
#include "model/executable.hpp"

namespace switchboard::sla {

enum class ClockState : std::uint8_t { running, paused, met, cancelled };
[[nodiscard]] std::string_view to_string(ClockState s) noexcept;

/// One round of one clock of one instance. A plain value; `breached` is a flag beside the state and stays after the stop.
///
/// Rules of consumption. Working days (`bd`): a working day after the start's day is consumed at its end (24:00) if the clock is running
/// then; so a pause over k ends of working days moves the due instant by k working days, and the due instant is always the end of a
/// working day. Working hours (`bh`): open time while running. Wall and calendar units: real time while running. A mixed budget is consumed in the
/// order of calendar::WorkingDuration.
struct Ledger {
  model::ClockIndex clock;
  std::uint32_t round = 1;
  ClockState state = ClockState::running;
  bool breached = false;
  bool mean = false;         ///< the budget is an average: never breached, `breach` marks do not fire
  bool provisional = false;  ///< due lies beyond the calendar's last published year
  calendar::WorkingDuration budget;
  calendar::WorkingDuration remaining;  ///< at `anchor`; equals budget until the first pause or change
  Instant started;           ///< effective start (retroactive: in the past)
  Instant attached;          ///< when the clock was really set
  Instant anchor;            ///< since when it runs with `remaining` (meaningful while running)
  bool anchor_day_counts = false;  ///< after a resume the anchor's own day counts, at the start it does not
  Instant original_due;
  Instant due;               ///< current; while paused: what it was when the pause began
  Instant breached_at;       ///< due instant that was passed; meaningful when breached
  Instant paused_since;      ///< meaningful while paused
  Duration paused_total;     ///< wall time of finished pauses
  Instant ended;             ///< meaningful when met or cancelled
  std::uint32_t marks_done = 0;  ///< bit i: mark i fired or skipped; each at most once
  std::string calendar_version;  ///< of the calendar `due` was derived from
  friend bool operator==(const Ledger&, const Ledger&) = default;
};

/// What a mark's instant is derived from.
struct Mark {
  std::uint32_t index = 0;
  Instant due;
};

/// What a reader sees at an instant.
struct Reading {
  Duration elapsed_wall;       ///< real time from start to stop/now, pauses included
  Duration running_wall;       ///< without pauses
  double elapsed_working_days = 0;
  Duration elapsed_working;    ///< open time while running
  double percent = 0;          ///< of the budget, may pass 100
  Duration left_wall;          ///< due - now; negative when late
  bool breached = false;       ///< also true when the due instant has passed and the mark has not been processed yet
  Duration paused_total;       ///< running pause included
};

/// Starts a round at `at` with effective start `from` (<= at, or in the future: then consumption begins there).
[[nodiscard]] Ledger start(const model::ClockSpec& spec, model::ClockIndex index, std::uint32_t round, const calendar::WorkingDuration& budget, Instant from, Instant at);
/// No-ops when the state does not fit (a paused clock paused again); the caller checks with the lifecycle.
void pause(Ledger& ledger, const model::ClockSpec& spec, Instant at);
void resume(Ledger& ledger, const model::ClockSpec& spec, Instant at);
void stop(Ledger& ledger, const model::ClockSpec& spec, Instant at);    ///< met; breached when late
void cancel(Ledger& ledger, const model::ClockSpec& spec, Instant at);
/// Derives due again (new calendar, new budget). Consumption so far is kept. True when due moved.
[[nodiscard]] bool rederive(Ledger& ledger, const model::ClockSpec& spec, const calendar::WorkingDuration& budget, Instant at);

/// The next mark still to come of a running clock: the earliest by (due, index). None when paused, ended or all done.
[[nodiscard]] std::optional<Mark> next_mark(const Ledger& ledger, const model::ClockSpec& spec);
/// Records mark `index` as done; a breach mark or passing `due` sets breached.
void mark_done(Ledger& ledger, const model::ClockSpec& spec, std::uint32_t index, Instant at);
/// The instant at which the clock breaches if nobody names a breach mark: every running clock that can breach has an implicit one (index marks.size()).
[[nodiscard]] Reading read(const Ledger& ledger, const model::ClockSpec& spec, Instant at);

}  // namespace switchboard::sla
