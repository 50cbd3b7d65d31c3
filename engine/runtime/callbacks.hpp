// What is said of functions that the embedder hands in.
#pragma once

#include "switchboard/base/error.hpp"

namespace switchboard::runtime {

/// A callback that must be there is not: else every job and record would fail for it. SB0555 (usage); `what`: "handler".
[[nodiscard]] Error nothing_to_call(const char* what);

}  // namespace switchboard::runtime
