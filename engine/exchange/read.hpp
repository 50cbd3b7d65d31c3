// BPMN 2.0 XML -> processes (docs/exchange.md). Pure: no file is opened, nothing is fetched.
#pragma once

#include <string_view>
#include <vector>

#include "model/process.hpp"

namespace switchboard::exchange {

/// What a file said.
struct ReadModel {
  std::vector<model::Process> processes;  ///< in file order, a global task as a process with one task; empty when a finding is an error
  model::Diagnostics diagnostics;         ///< sorted by place, without `file` changed: as it was given
};

/// Reads a BPMN 2.0 file. What BPMN 2.0.2 forbids is an error (SB0160 to SB0174), and so is an expression in an executable process that FEEL cannot
/// say (SB0175); what has no counterpart in the model is a warning (SB0176). Extension elements and diagrams are passed over. Bounded as xml::read
/// is.
[[nodiscard]] ReadModel read_bpmn(std::string_view text, std::string_view file);

}  // namespace switchboard::exchange
