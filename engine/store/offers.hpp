// Jobs in the order in which workers get them: higher priority first, then the longest offered.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "store/store.hpp"

namespace switchboard::store {

/// Where a job stands among those of the same and of other topics.
using Turn = std::tuple<std::int64_t, Instant, InstanceKey, core::WorkKey>;
[[nodiscard]] inline Turn turn_of(std::int64_t priority, Instant offered, InstanceKey instance, core::WorkKey work) {
  return {-priority, offered, instance, work};
}

/// The first `limit` of them.
[[nodiscard]] inline std::vector<OpenJob> first_of(const std::set<Turn>& turns, std::size_t limit) {
  std::vector<OpenJob> jobs;
  for (const auto& [priority, offered, instance, work] : turns) {
    if (jobs.size() >= limit) break;
    jobs.push_back({instance, work});
  }
  return jobs;
}

/// The offered jobs of active cases, by topic; for the store in memory.
class Offers {
 public:
  void put(const WorkRow& row) {
    if (is_offer(row)) by_topic_[row.work.topic].insert(turn_of(row));
  }
  void drop(const WorkRow& row) {
    const auto topic = by_topic_.find(row.work.topic);
    if (topic == by_topic_.end() || !is_offer(row)) return;
    topic->second.erase(turn_of(row));
    if (topic->second.empty()) by_topic_.erase(topic);
  }
  /// Those of `topics` and those among `others` of these topics.
  [[nodiscard]] std::vector<OpenJob> first(std::span<const std::string> topics, std::span<const WorkRow> others, std::size_t limit) const {
    std::set<Turn> turns;
    for (const std::string& topic : topics) {
      const auto offers = by_topic_.find(topic);
      if (offers == by_topic_.end()) continue;
      std::size_t n = 0;
      for (auto it = offers->second.begin(); it != offers->second.end() && n < limit; ++it, ++n) turns.insert(*it);
    }
    for (const WorkRow& row : others)
      for (const std::string& topic : topics)
        if (row.work.topic == topic) turns.insert(turn_of(row));
    return first_of(turns, limit);
  }

 private:
  static bool is_offer(const WorkRow& row) { return !row.suspended && !row.work.topic.empty() && row.work.state == core::WorkState::offered; }
  static Turn turn_of(const WorkRow& row) { return store::turn_of(row.work.priority, row.work.offered, row.instance, row.work.key); }

  std::map<std::string, std::set<Turn>, std::less<>> by_topic_;
};

}  // namespace switchboard::store
