// Process -> YAML in one canonical form: for tests that make processes, and for whoever shows one.
#pragma once

#include <string>

#include "model/process.hpp"

namespace switchboard::notation {

/// Keys in the order of docs/language.md, nodes in the order of the process, short things on one line, at most about 120 columns. Reads back as the
/// same process; comments and anchors of a source file are not kept. `payload` types are written as the language writes them.
[[nodiscard]] std::string write_process(const model::Process& process);

}  // namespace switchboard::notation
