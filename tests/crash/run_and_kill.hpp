// A program is run, killed, and what it said is read.
#pragma once

#include <chrono>
#include <string>
#include <vector>

namespace switchboard::testing {

/// Starts `program` with `arguments`, kills it after `lifetime` and returns all that it wrote to standard output. One that ended by itself adds the
/// line "E the worker ended by itself with N".
[[nodiscard]] std::string run_and_kill(const std::string& program, std::vector<std::string> arguments, std::chrono::microseconds lifetime);

}  // namespace switchboard::testing
