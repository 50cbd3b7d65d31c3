// An operator extends a clock, makes it void, holds it or lets it go on. All is checked before the first event.
#include <fmt/format.h>

#include <algorithm>

#include "calendar/duration.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {

namespace {

std::string clocks_of(const model::ExecutableProcess& process) {
  std::string all;
  for (const model::ClockSpec& c : process.clocks) all += (all.empty() ? "it has " : ", ") + c.id;
  return all.empty() ? "it has none" : all;
}

bool is_blank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

Verdict clock_stays(const std::string& id, std::string_view why, std::string hint) {
  return {refusal(rules::clock_stays, fmt::format("clock '{}' {}", id, why), std::move(hint))};
}

/// Why an open clock cannot be extended so; nothing when it can.
std::optional<Verdict> no_extension(const Execution& x, const sla::Ledger& ledger, const ChangeClock& c) {
  if (sla::waits_for_data(ledger)) return clock_stays(c.clock, "waits for the data of its instant", "give the data");
  if (c.amount.is_zero()) return Verdict{refusal(rules::malformed, "an extension of nothing", "say by how much: \"2 bd\"")};
  if (sla::is_breached(ledger, x.at))
    return clock_stays(c.clock, "is late: what was promised and missed stays",
                       "extend a promise before it is due; make it void if it does not count");
  if (!sla::is_in_its_unit(ledger, c.amount))
    return clock_stays(c.clock, fmt::format("promises {}: {} is another unit", calendar::to_string(ledger.budget), calendar::to_string(c.amount)),
                       "extend it in its own unit");
  if (!calendar::parse_duration(calendar::to_string(sla::together(ledger.budget, c.amount))))
    return clock_stays(c.clock, "cannot be extended so far", "extend it by less");
  sla::Ledger extended = ledger;
  sla::change(extended, x.process.clocks[ledger.clock.value], {x.at, c.kind, c.amount, c.by, c.reason, {}, {}});
  if (extended.due >= sla::not_known_yet())
    return clock_stays(c.clock, fmt::format("would be due after the year 9999 with {} more", calendar::to_string(c.amount)), "extend it by less");
  return std::nullopt;
}

/// Why the round cannot be changed so; nothing when it can.
std::optional<Verdict> no_change(const Execution& x, const sla::Ledger* ledger, const ChangeClock& c) {
  if (ledger == nullptr) return clock_stays(c.clock, "has not started", "the history of the case tells what did");
  if (ledger->state != sla::ClockState::running && ledger->state != sla::ClockState::paused)
    return clock_stays(c.clock, fmt::format("has ended ({})", sla::to_string(ledger->state)), "a round that is over is not changed any more");
  switch (c.kind) {
    case sla::ChangeKind::extend: return no_extension(x, *ledger, c);
    case sla::ChangeKind::annul: return std::nullopt;
    case sla::ChangeKind::pause:
      if (ledger->by) return clock_stays(c.clock, "promises an instant and cannot be held", "extend it");
      if (sla::is_held(*ledger)) return clock_stays(c.clock, "is held by an operator already", "let it go on first");
      return std::nullopt;
    case sla::ChangeKind::resume:
      if (!sla::is_held(*ledger)) return clock_stays(c.clock, "is not held by an operator", "what its process holds, its process lets go on");
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

Verdict carry_out(Execution& x, const ChangeClock& c) {
  const auto& clocks = x.process.clocks;
  const auto spec = std::find_if(clocks.begin(), clocks.end(), [&](const model::ClockSpec& s) { return s.id == c.clock; });
  if (spec == clocks.end())
    return {refusal(rules::not_there, fmt::format("process '{}' has no clock '{}'", x.process.id, c.clock), clocks_of(x.process))};
  if (is_blank(c.by)) return {refusal(rules::malformed, "nobody says who changes the clock", "name who does it")};
  if (is_blank(c.reason)) return {refusal(rules::malformed, "nothing says why the clock is changed", "give a reason")};
  if (c.kind != sla::ChangeKind::extend && !c.amount.is_zero())
    return {refusal(rules::malformed, "a duration belongs to an extension alone", "leave it out, or extend the clock")};
  const ClockIndex clock{static_cast<std::uint32_t>(spec - clocks.begin())};
  if (auto refused = no_change(x, x.instance.find(clock), c)) return std::move(*refused);
  fire_overdue(x, clock);
  sla::Ledger ledger = *x.instance.find(clock);
  sla::change(ledger, *spec, {x.at, c.kind, c.amount, c.by, c.reason, {}, {}});
  x.emit(ClockChanged{std::move(ledger)});
  run(x);
  return {};
}

}  // namespace switchboard::core
