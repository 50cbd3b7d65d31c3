// The engine's answers as JSON for scripts and as lines for people.
#pragma once

#include <string>
#include <vector>

#include "cli/session.hpp"

namespace switchboard::cli {

[[nodiscard]] Value to_value(const CaseInfo& c, const std::string& zone);
[[nodiscard]] Value to_value(const WorkInfo& w, const std::string& zone);
[[nodiscard]] Value to_value(const ClockInfo& c, const std::string& zone);
[[nodiscard]] Value to_value(const OutboxInfo& o, const std::string& zone);
[[nodiscard]] Value to_value(const HistoryInfo& h, const std::string& zone);
[[nodiscard]] Value to_value(const DeploymentInfo& d, const std::string& zone);
[[nodiscard]] Value to_value(const IncidentInfo& i, const std::string& zone);

/// Business time consumed, in the clock's own kind: days for `bd` ("bd"), hours of open time for `bh` ("bh"), else hours of real time without pauses
/// ("h").
struct BusinessTime {
  double amount = 0;
  std::string unit;
};
[[nodiscard]] BusinessTime elapsed_business(const ClockInfo& c);

/// Prints what a command did to a case: JSON, or one line.
int answer(const Options& options, const Session& session, const CaseInfo& c);
int answer(const Options& options, const Session& session, const WorkInfo& w);

/// A value on one line, shortened to `most` bytes at a code point.
[[nodiscard]] std::string one_line(const Value& v, std::size_t most);
/// "a: 1, b: x" for a context, else one_line.
[[nodiscard]] std::string pairs(const Value& v, std::size_t most);

}  // namespace switchboard::cli
