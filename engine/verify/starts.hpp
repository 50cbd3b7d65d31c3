// What begins cases, and whether they can begin. Private to room verify.
#pragma once

#include "verify/check.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {

/// SB0471: start events that cannot start a case with what their declared payload, or their timer, gives.
void check_starts_of_cases(const model::Process& process, Findings& findings);
/// SB0470 and SB0472: what is thrown, against the processes that it starts.
void check_thrown_starts(const model::Process& process, const Surroundings& around, Findings& findings);

}  // namespace switchboard::verify
