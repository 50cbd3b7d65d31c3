// Open cases follow a calendar that became another: their clocks and timers are derived again, some with every tick, from where the last one stopped.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "runtime/commands.hpp"
#include "runtime/courier.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class CalendarPass {
 public:
  CalendarPass(const Offices& offices, Committer& committer, Courier& courier)
      : store_(offices.store),
        definitions_(offices.definitions),
        commands_(offices.commands),
        outbox_(offices.outbox),
        committer_(committer),
        courier_(courier) {}

  /// Lets at most `limit` cases follow, and counts in `report` those that moved. A case that cannot is told in the outbox and passed over; it is
  /// tried again with each call, 64 of them at most, until it has followed or ended. What is interrupted goes on from the last note; cases that have
  /// followed before their next command are left alone. False when some have not been looked at.
  [[nodiscard]] Result<bool> go_on(std::size_t limit, TickReport& report);

 private:
  [[nodiscard]] Result<void> go_on_with(store::CalendarChange change, std::size_t& left, TickReport& report);
  [[nodiscard]] Result<void> try_again(const store::CalendarChange& change, TickReport& report);
  [[nodiscard]] Result<std::vector<core::InstanceKey>> write(const std::vector<core::InstanceKey>& cases, TickReport& report);
  [[nodiscard]] Result<std::optional<Transition>> following(core::InstanceKey instance, TickReport& report, std::set<core::InstanceKey>& passed);

  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
  Outbox& outbox_;
  Committer& committer_;
  Courier& courier_;
  std::atomic<std::uint64_t> again_after_ = 0;  ///< of those passed over: behind which the next call goes on
};

}  // namespace switchboard::runtime
