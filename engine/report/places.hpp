// Where a case stood at an instant of the past, from its history.
#pragma once

#include <map>
#include <string>

#include "switchboard/engine.hpp"

namespace switchboard::report {

/// Follows the history of one instance entry by entry, in order: which nodes have a token. Pure.
class Places {
 public:
  void follow(const HistoryInfo& entry);
  /// Paths of the innermost nodes, sorted, each once, separated by ", ".
  [[nodiscard]] std::string text() const;

 private:
  bool has_root_ = false;
  std::map<std::string, std::string> open_;  ///< path by the activation's key; without the process itself
};

/// Where `instance` stood after all that happened at `at` or before; reads its history as far as that.
[[nodiscard]] Result<std::string> places_at(Engine& engine, const InstanceId& instance, Instant at);

}  // namespace switchboard::report
