// The load that crash tests put on an engine: cases that fork into a person's task with a reminder, a message, a job and a call, under a short
// promise.
#pragma once

#include <string>
#include <string_view>

#include "switchboard/engine.hpp"

namespace switchboard::testing {

[[nodiscard]] std::string_view load_process();    ///< "load": calls "answer"
[[nodiscard]] std::string_view answer_process();  ///< "answer": ends at once
/// Deploys both.
[[nodiscard]] Result<void> deploy_load(Engine& engine);

}  // namespace switchboard::testing
