// The engine's answers as JSON for scripts (switchboard/answers.hpp) and as lines for people.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"
#include "switchboard/answers.hpp"

namespace switchboard::cli {

/// Prints what a command did to a case: JSON, or one line.
int answer(const Options& options, const Session& session, const CaseInfo& c);
int answer(const Options& options, const Session& session, const WorkInfo& w);

/// A value on one line, shortened to `most` bytes at a code point.
[[nodiscard]] std::string one_line(const Value& v, std::size_t most);
/// "a: 1, b: x" for a context, else one_line.
[[nodiscard]] std::string pairs(const Value& v, std::size_t most);

}  // namespace switchboard::cli
