// One case of the BPMN conformance suite betsy: a model is read, run on a virtual clock and asked for its trace.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "switchboard/base/error.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::testing {

struct BpmnCase {
  std::string process;                ///< that is started
  std::string text;                   ///< of the BPMN file
  std::string file;                   ///< its name, for findings
  Context variables;                  ///< that it is started with
  bool starts_parallel = false;       ///< the other processes of the file that begin by themselves are started first
  std::int64_t milliseconds = 0;      ///< how long the trace is waited for
  std::vector<std::string> expected;  ///< tokens, in any order
};

struct BpmnOutcome {
  std::vector<std::string> trace;  ///< what its scripts wrote, and ERROR... for what went wrong
  std::string refused;             ///< why the model was not accepted, or could not be run; empty: it was run
  std::string told;                ///< what went wrong while it ran
  bool is_expected = false;
  std::string exception;  ///< why the expectation cannot be met by any engine, with the clause; empty: it can
};

/// Runs one case. Scripts are tokens, interpreted here: SCRIPT_task1, INCREMENT_INTEGER_VARIABLE, ... (docs/exchange.md). Bounded by
/// World::most_commands and `milliseconds`.
[[nodiscard]] BpmnOutcome run_bpmn_case(const BpmnCase& test);

/// The first error with which the model is refused when it is read; empty when it is accepted.
[[nodiscard]] std::string refusal_of_bpmn(std::string_view text, std::string_view file);

}  // namespace switchboard::testing
