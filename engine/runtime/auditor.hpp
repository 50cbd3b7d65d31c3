// Holds the invariants of the whole store against what stands in it. Repairs nothing.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "runtime/commands.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Auditor {
 public:
  /// `read_only`: the store is not written, not even what the committer still has to write.
  Auditor(store::Store& store, Definitions& definitions, Commands& commands, Committer& committer, bool read_only)
      : store_(store), definitions_(definitions), commands_(commands), committer_(committer), read_only_(read_only) {}

  /// Engine::check.
  [[nodiscard]] Result<std::vector<std::string>> check();

 private:
  [[nodiscard]] Result<std::set<core::InstanceKey>> instances_with_errands();
  [[nodiscard]] std::vector<std::string> wrong_with(const store::InstanceRow& row, const std::set<core::InstanceKey>& errands);
  using Wrong = std::map<core::InstanceKey, std::vector<std::string>>;
  [[nodiscard]] Result<void> confirm(Wrong& wrong);
  [[nodiscard]] Result<void> check_case(const store::InstanceRow& row, const std::set<core::InstanceKey>& errands, std::vector<std::string>& found);
  [[nodiscard]] Result<void> check_calls(const core::ProcessInstance& instance, const std::set<core::InstanceKey>& errands,
                                         const std::function<void(const std::string&)>& say);
  [[nodiscard]] Result<void> check_called(const core::ProcessInstance& instance, std::span<const store::HistoryRow> history, bool is_pruned,
                                          const std::function<void(const std::string&)>& say);

  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
  Committer& committer_;
  bool read_only_;
};

}  // namespace switchboard::runtime
