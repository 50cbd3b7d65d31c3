// Who did the work with which a promise was kept, from the history of its case.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "switchboard/engine.hpp"

namespace switchboard::report {

/// Who did a piece of work, and whose work it was.
struct Doer {
  std::string person;  ///< as he said who he is
  std::string group;   ///< those that it was offered to, separated by ", "
};

/// Follows the history of one instance entry by entry, in order: who completed work when. Pure.
class People {
 public:
  void follow(const HistoryInfo& entry);
  /// Who completed work last at that very instant; nobody when no work was completed then.
  [[nodiscard]] Doer at(Instant instant) const;

 private:
  std::map<std::string, std::string> groups_;  ///< by work
  std::vector<std::pair<Instant, Doer>> done_;
};

/// The whole history of `instance`.
[[nodiscard]] Result<People> people_of(Engine& engine, const InstanceId& instance);
/// Of an open round: those who have the open work of its instance, else nobody; and the groups that it is for.
[[nodiscard]] Result<Doer> holders_of(Engine& engine, const InstanceId& instance);

}  // namespace switchboard::report
