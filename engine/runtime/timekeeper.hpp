// Everything that becomes due: timers, marks of clocks, retries, leases, and timer start events. One command each; the row goes in the transaction of
// its command, so nothing fires twice, and stays until then, so nothing is lost.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <vector>

#include "runtime/calendar_pass.hpp"
#include "runtime/commands.hpp"
#include "runtime/courier.hpp"
#include "runtime/outbox.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Timekeeper {
 public:
  Timekeeper(const Offices& offices, Committer& committer, Courier& courier, Observers& observers, const TimeSource& time)
      : offices_(offices),
        store_(offices.store),
        definitions_(offices.definitions),
        commands_(offices.commands),
        committer_(committer),
        courier_(courier),
        outbox_(offices.outbox),
        observers_(observers),
        time_(time),
        calendar_pass_(offices, committer, courier) {}

  /// Engine::tick.
  [[nodiscard]] Result<TickReport> tick(std::size_t limit);

 private:
  struct Firing;
  [[nodiscard]] Result<std::vector<core::InstanceKey>> fire_batch(const std::vector<store::DueRow>& rows, TickReport& report,
                                                                  std::set<store::DueRow>& refused);
  [[nodiscard]] Result<void> prepare_firing(const store::DueRow& row, Firing& firing, TickReport& report, std::set<store::DueRow>& refused);
  [[nodiscard]] Result<void> report_refused(const store::DueRow& row, const model::ExecutableProcess& process, const core::ProcessInstance& instance,
                                            const Error& why);
  [[nodiscard]] Result<std::optional<Instant>> next_due(const std::set<store::DueRow>& refused);

  // schedule.cpp: timer start events.
  [[nodiscard]] Result<std::size_t> start_scheduled(Instant until, std::size_t limit, TickReport& report, std::optional<Instant>& next);
  [[nodiscard]] Result<std::size_t> start_by(const Schedule& s, Instant until, std::size_t limit, TickReport& report, std::optional<Instant>& next);

  const Offices& offices_;
  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
  Committer& committer_;
  Courier& courier_;
  Outbox& outbox_;
  Observers& observers_;
  const TimeSource& time_;
  CalendarPass calendar_pass_;
};

}  // namespace switchboard::runtime
