// What goes out through the C door: the engine's answers as JSON values. The keys are those of the command line's --json.
#pragma once

#include <string>
#include <vector>

#include "switchboard/engine.hpp"

namespace switchboard::c {

[[nodiscard]] Value to_value(const CaseInfo& c, const std::string& zone);
[[nodiscard]] Value to_value(const WorkInfo& w, const std::string& zone);
[[nodiscard]] Value to_value(const Job& j, const std::string& zone);
[[nodiscard]] Value to_value(const ClockInfo& c, const std::string& zone);
[[nodiscard]] Value to_value(const OutboxInfo& o, const std::string& zone);
[[nodiscard]] Value to_value(const HistoryInfo& h, const std::string& zone);
[[nodiscard]] Value to_value(const DeploymentInfo& d, const std::string& zone);
[[nodiscard]] Value to_value(const IncidentInfo& i, const std::string& zone);
[[nodiscard]] Value to_value(const TickReport& t, const std::string& zone);
[[nodiscard]] Value count(std::size_t n);

template <class Info>
[[nodiscard]] Value to_value(const std::vector<Info>& all, const std::string& zone) {
  List list;
  list.reserve(all.size());
  for (const Info& one : all) list.push_back(to_value(one, zone));
  return list;
}

}  // namespace switchboard::c
