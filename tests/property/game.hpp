// The naive token game, written from BPMN 2.0.2, chapter 13, and knowing nothing of room verify or the core: a marking is the number of tokens on
// every flow, every reachable marking is visited, nothing is folded, reduced or cached. For small flat processes; the judge of mutations.
#pragma once

#include <cstddef>
#include <set>
#include <string>

#include "model/process.hpp"

namespace switchboard::testing {

struct Judgement {
  bool malformed = false;      ///< a flow that leads nowhere, or a node without one where it needs one
  bool deadlock = false;       ///< tokens are left and none can ever move
  bool endless = false;        ///< from some marking the end cannot be reached any more, though something can always move
  bool crowded = false;        ///< a task can be done for two tokens at once, or a flow into a join has two
  bool busy = false;           ///< a loop of gateways alone: nobody waits in it, so what chose it once chooses it for ever
  bool incomplete = false;     ///< a gateway may find no condition true
  std::set<std::string> dead;  ///< nodes that no token ever reaches
  std::size_t markings = 0;
  bool gave_up = false;  ///< too many markings: nothing is said

  [[nodiscard]] bool sound() const { return !malformed && !deadlock && !endless && !crowded && !busy && dead.empty(); }
  [[nodiscard]] std::string text() const;
};

[[nodiscard]] Judgement judge(const model::Process& process);

}  // namespace switchboard::testing
