// How a callback of the embedder answers.
#pragma once

#include <optional>
#include <string>

#include "switchboard.h"
#include "switchboard/engine.hpp"

/// Lives on the stack of the function that calls the callback.
struct sb_reply {
  std::optional<switchboard::JobResult> answer;
};

namespace switchboard::c {

/// What the callback answered; a failure that says so (SB1110) when it did not.
[[nodiscard]] JobResult answer_of(sb_reply& reply);

}  // namespace switchboard::c
