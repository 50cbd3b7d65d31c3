// Private to room sla: how a budget is used up, in which unit, and how far.
#pragma once

#include "sla/ledger.hpp"

namespace switchboard::sla {

/// Since when the calendar counts working days for `remaining`: the anchor, or the moment before the anchor's day when that day counts.
[[nodiscard]] Instant days_from(const Ledger& ledger, const model::ClockSpec& spec);
/// Due instant of `remaining` from the anchor on.
[[nodiscard]] calendar::Derived derive_due(const Ledger& ledger, const model::ClockSpec& spec);
/// The budget was used up before the clock last began to run: `remaining` is negative (or nothing), `due` lies in the past and stays there.
[[nodiscard]] inline bool overdrawn(const Ledger& ledger) { return ledger.due <= ledger.anchor && ledger.anchor > ledger.started; }
/// Running real time before the anchor.
[[nodiscard]] Duration run_before_anchor(const Ledger& ledger);
/// The instant at which `mark` falls due; for a clock that is overdrawn or runs late it may lie in the past.
[[nodiscard]] Instant mark_instant(const Ledger& ledger, const model::ClockSpec& spec, const model::MarkSpec& mark);
/// An instant that `mark` is certainly not due before, known without the calendar.
[[nodiscard]] Instant not_before(const Ledger& ledger, const model::MarkSpec& mark);
/// Length of the whole budget if it ran from the start without a pause; at least a microsecond.
[[nodiscard]] Duration full_length(const Ledger& ledger, const model::ClockSpec& spec);
/// Moves the anchor to `resumed`, with what ran until `paused` taken off `remaining`. False when the clock was late by then: the due instant stays
/// where it was; otherwise it has to be derived again. Held exactly at its due instant it has nothing left and is due when it goes on.
[[nodiscard]] bool settle(Ledger& ledger, const model::ClockSpec& spec, Instant paused, Instant resumed);

}  // namespace switchboard::sla
