// Open engines by handle. A handle is a number that is never used twice and never followed as an address: a closed, foreign or null one is refused.
#pragma once

#include <memory>
#include <string>

#include "switchboard.h"
#include "switchboard/engine.hpp"

namespace switchboard::c {

/// An engine and how its answers are printed. Shared by the calls that run on it, so that closing waits for nobody's crash.
struct OpenEngine {
  std::unique_ptr<Engine> engine;
  std::string zone;
};
using EnginePtr = std::shared_ptr<OpenEngine>;

[[nodiscard]] sb_engine* keep(EnginePtr engine);
/// SB1101 (usage) when nothing is open under `handle`.
[[nodiscard]] Result<EnginePtr> find(sb_engine* handle);
/// Takes the handle away; the engine itself goes when the last call on it has ended.
[[nodiscard]] Result<EnginePtr> take(sb_engine* handle);

}  // namespace switchboard::c
