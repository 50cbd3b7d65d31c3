// What a test names and its process does not have.
#pragma once

#include "workspace/project.hpp"

namespace switchboard::workspace {

/// SB0956 for the nodes, data, clocks and feedback that `suite` names and `process` (or, for nodes, one that it calls) does not have. What is
/// expected to be refused may be unknown.
[[nodiscard]] model::Diagnostics unknown_in_suite(const Project& all, const Parsed& suite, const model::Process& process);

}  // namespace switchboard::workspace
