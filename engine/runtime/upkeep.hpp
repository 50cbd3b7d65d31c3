// What keeps a database from growing for ever: what nobody asks for any more is forgotten when an operator says so.
#pragma once

#include "runtime/courier.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Engine::prune. `now`: what lies behind it is refused (SB0551).
[[nodiscard]] Result<PruneReport> prune(store::Store& store, Committer& committer, Courier& courier, Instant before, Instant now);

}  // namespace switchboard::runtime
