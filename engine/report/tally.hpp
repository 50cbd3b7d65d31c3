// Counting rounds of clocks into groups. Pure: no engine, no clock; what it holds grows with the groups only.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "switchboard/report.hpp"

namespace switchboard::report {

/// When the round counts: PromiseQuery.
[[nodiscard]] Instant counts_at(const ClockInfo& round);

void add(PromiseFigures& figures, const ClockInfo& round);

class Tally {
 public:
  explicit Tally(std::vector<std::string> by) : by_(std::move(by)) {}
  /// `groups`: those that it counts in, each with keys as in `by`. In the total it counts once.
  void add(const std::vector<std::vector<std::string>>& groups, const ClockInfo& round);
  [[nodiscard]] PromiseReport report() &&;

 private:
  std::vector<std::string> by_;
  std::map<std::vector<std::string>, PromiseRow> groups_;
  PromiseFigures total_;
};

}  // namespace switchboard::report
