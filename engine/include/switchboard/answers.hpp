// The engine's answers as values, and so as JSON: the one set of names that the command line's --json and the bindings speak (docs/cli.md).
#pragma once

#include <string>
#include <vector>

#include "switchboard/engine.hpp"

namespace switchboard {

// Contexts; instants are ISO 8601 texts with the offset of `zone` (an IANA name), durations numbers of seconds, what is absent null. Pure.
[[nodiscard]] Value to_value(const CaseInfo& c, const std::string& zone);
[[nodiscard]] Value to_value(const WorkInfo& w, const std::string& zone);
[[nodiscard]] Value to_value(const Job& j, const std::string& zone);
[[nodiscard]] Value to_value(const ClockInfo& c, const std::string& zone);
[[nodiscard]] Value to_value(const OutboxInfo& o, const std::string& zone);
[[nodiscard]] Value to_value(const HistoryInfo& h, const std::string& zone);
[[nodiscard]] Value to_value(const DeploymentInfo& d, const std::string& zone);
[[nodiscard]] Value to_value(const IncidentInfo& i, const std::string& zone);
[[nodiscard]] Value to_value(const TickReport& t, const std::string& zone);

template <class Info>
[[nodiscard]] Value to_value(const std::vector<Info>& all, const std::string& zone) {
  List list;
  list.reserve(all.size());
  for (const Info& one : all) list.push_back(to_value(one, zone));
  return list;
}

/// Business time consumed, in the clock's own kind: days for `bd` ("bd"), hours of open time for `bh` ("bh"), else hours of real time without pauses
/// ("h").
struct BusinessTime {
  double amount = 0;
  std::string unit;
};
[[nodiscard]] BusinessTime elapsed_business(const ClockInfo& c);

}  // namespace switchboard
