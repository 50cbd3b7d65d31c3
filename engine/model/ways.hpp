// The ways of tokens through a process, backwards.
#pragma once

#include <vector>

#include "model/executable.hpp"

namespace switchboard::model {

/// Elements from which a token can move to `e` in one step inside their scope: sources of incoming flows, the host of a boundary event, the throws of
/// a link catch. Pure.
[[nodiscard]] std::vector<ElementIndex> predecessors(const ExecutableProcess& p, ElementIndex e);

}  // namespace switchboard::model
