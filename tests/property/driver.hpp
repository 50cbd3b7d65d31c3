// Drives a generated process through one random interleaving, keeping to its decisions, and holds the laws of the core after every step.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "core/laws.hpp"
#include "property/block.hpp"

namespace switchboard::testing {

struct Drive {
  Tally done;                               ///< tasks really completed
  std::map<std::string, std::size_t> seen;  ///< sorts of elements that were entered and of events that happened, how often
  std::size_t steps = 0;
  std::size_t events = 0;
  std::string trouble;  ///< empty when the case ended and every law held
};
[[nodiscard]] Drive drive(const Generated& g, const model::ExecutablePtr& process, std::uint64_t seed);

}  // namespace switchboard::testing
