// Open cases follow a calendar that became another: their clocks and timers are derived again, some with every tick, from where the last one stopped.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "runtime/commands.hpp"
#include "runtime/courier.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class CalendarPass {
 public:
  CalendarPass(const Offices& offices, Committer& committer, Courier& courier, const TimeSource& time)
      : store_(offices.store),
        definitions_(offices.definitions),
        commands_(offices.commands),
        outbox_(offices.outbox),
        committer_(committer),
        courier_(courier),
        time_(time) {}

  /// Derives at most `limit` cases again, and counts them in `report`. A case that cannot be derived is told in the outbox and passed over. What is
  /// interrupted is done again from the last note on, which changes nothing for those that were through.
  [[nodiscard]] Result<void> go_on(std::size_t limit, TickReport& report);

 private:
  [[nodiscard]] Result<void> go_on_with(store::CalendarChange change, const std::vector<store::CalendarChange>& all, std::size_t& left,
                                        TickReport& report);
  [[nodiscard]] Result<void> derive(const std::vector<core::InstanceKey>& cases, const store::CalendarChange& change,
                                    const std::vector<store::CalendarChange>& all, TickReport& report);
  [[nodiscard]] Result<core::RederiveClocks> command_for(const std::string& definition, const store::CalendarChange& change,
                                                         const std::vector<store::CalendarChange>& all);

  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
  Outbox& outbox_;
  Committer& committer_;
  Courier& courier_;
  const TimeSource& time_;
};

}  // namespace switchboard::runtime
