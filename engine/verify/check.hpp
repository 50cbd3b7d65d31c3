// Says before deployment what a process would do wrong: rules SB0401 to SB0459, docs/rules.md.
#pragma once

#include <cstddef>

#include "model/process.hpp"

namespace switchboard::verify {

/// How far the token game of one scope is played before the check gives up and says so (SB0419).
struct Bounds {
  std::size_t states = 200'000;
};

/// What was explored, for reports and tests.
struct Effort {
  std::size_t scopes = 0;
  std::size_t states = 0;   ///< of all scopes
  std::size_t gave_up = 0;  ///< scopes whose bound was reached
};

/// All findings, sorted. Pure and deterministic; needs a Process whose names resolve (a loader's errors come first), and leaves out what does not.
///
/// Structure, per scope: reachability, gateways, events, boundaries. Soundness, per scope: every reachable distribution of tokens is visited;
/// conditions are free choices unless they are constants, timers and messages may come at any time or never, interrupting boundary events cut their
/// host off, inclusive joins wait as BPMN 2.0.2, 13.4.3 says. A non-interrupting boundary event is taken once per run of its scope. Usage: what is
/// declared and never used. Promises: marks that never fire, clocks that never start or stop, stages that together exceed a total promise.
///
/// Severity follows the standard: a token that can get stuck is an error, what is legal BPMN but most likely wrong a warning, taste an advice. A
/// process that says `strict: true` has SB0411 and SB0412 as errors.
[[nodiscard]] model::Diagnostics check(const model::Process& process);
[[nodiscard]] model::Diagnostics check(const model::Process& process, const Bounds& bounds, Effort& effort);

}  // namespace switchboard::verify
