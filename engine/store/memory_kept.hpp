// Messages that are kept, in memory: the same as in a file (sqlite_kept.cpp). Not thread-safe; whoever has it has a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace switchboard::store {

class MemoryKept {
 public:
  /// SB0517, SB0519. `ended`: those that other changes of the same transaction end.
  [[nodiscard]] std::optional<Error> refusal(const Change& change, std::set<std::uint64_t>& ended) const;
  /// Of a change that is not refused.
  void apply(const Change& change);
  [[nodiscard]] bool take_called() { return std::exchange(is_called_, false); }
  [[nodiscard]] std::vector<KeptRow> called(std::uint64_t after, std::size_t limit) const;
  [[nodiscard]] std::optional<KeptRow> first(const core::Message& message, bool to_case, Instant at) const;
  [[nodiscard]] std::vector<KeptRow> due(Instant until, std::size_t limit) const;
  [[nodiscard]] std::optional<Instant> next_due() const;
  [[nodiscard]] std::vector<KeptRow> find(const Query& q) const;
  [[nodiscard]] bool has_request(const std::string& request_id) const { return requests_.contains(request_id); }
  /// Forgets what was dropped before `before`; how many.
  std::size_t prune(Instant before);

 private:
  struct Kept {
    KeptRow row;
    std::uint64_t offered = 0;
  };
  void wait(const KeptRow& row);
  void leave(const KeptRow& row);
  void end(const KeptEnd& end, Instant at);
  void call(const std::string& key, Instant at, const std::function<bool(const driver::KeptMessage&)>& whether);
  void note_called(const Kept& kept);

  std::map<std::uint64_t, Kept> rows_;
  std::map<std::string, std::set<std::uint64_t>> by_key_;  ///< of those that wait, likewise below
  std::set<std::pair<Instant, std::uint64_t>> by_until_;
  std::set<std::uint64_t> called_;
  std::set<std::string> requests_;
  bool is_called_ = false;
  std::uint64_t last_ = 0;
};

}  // namespace switchboard::store
