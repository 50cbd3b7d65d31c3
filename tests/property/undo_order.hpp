// The order in which things are undone, held against the order in which they completed (BPMN 2.0.2, 13.5.5), from the history alone: neither the list
// of completions in the case nor what the core says of it is asked.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "core/core.hpp"

namespace switchboard::testing {

class UndoOrder {
 public:
  /// The events of a case one after the other. What is wrong, or empty.
  [[nodiscard]] std::string see(const core::Event& event);

 private:
  [[nodiscard]] std::string undone(core::ElementKey activity);
  /// The outermost transaction around `activity` that is being cancelled; 0: none.
  [[nodiscard]] core::ElementKey cancelled_around(core::ElementKey activity) const;
  /// When what is around `activity` inside `scope` completed, from the outside in, and itself; what had not completed is left out.
  [[nodiscard]] std::vector<std::uint64_t> position_in(core::ElementKey scope, core::ElementKey activity) const;

  std::map<core::ElementKey, core::ElementKey> scope_;
  std::map<core::ElementKey, std::uint64_t> completed_;          ///< when, as a number of the history
  std::set<core::ElementKey> cancelled_;                         ///< transactions
  std::map<core::ElementKey, std::vector<std::uint64_t>> last_;  ///< what each of these, or each event, has undone last
  std::map<core::ElementKey, core::ElementKey> wanted_by_;
};

}  // namespace switchboard::testing
