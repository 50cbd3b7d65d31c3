// The outbox of the store in memory: the same lanes as in a file (sqlite_outbox.cpp). Not thread-safe; whoever has it has a lock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace switchboard::store {

class MemoryOutbox {
 public:
  /// `of_units`: whether the case of a record belongs to a unit that a query asks for.
  explicit MemoryOutbox(std::function<bool(const Query&, const OutboxRow&)> of_units) : of_units_(std::move(of_units)) {}

  /// A row whose key is known is not kept.
  void add(const OutboxRow& row);
  [[nodiscard]] std::vector<OutboxRow> find(const Query& q) const;
  [[nodiscard]] OutboxTurn turn(const OutboxAnswer* answer, const OutboxTake* take);
  /// SB0613, SB0563.
  [[nodiscard]] std::optional<Error> refusal(const OutboxVerdict& verdict) const;
  /// Of one that is not refused.
  void decide(const OutboxVerdict& verdict, Instant at);
  /// Forgets what was told, or dropped, before `before` and belongs to a case that `over` is true of; how many.
  std::size_t prune(Instant before, const std::function<bool(InstanceKey)>& over);
  void check(const std::function<void(const std::string&)>& found) const;

 private:
  struct Lane {
    std::set<std::pair<Instant, std::uint64_t>> waiting;
    std::uint64_t record = 0;  ///< the first of them
    Instant at;                ///< from then on it may be taken
    std::uint64_t taken = 0;   ///< which of them somebody has; 0: none
  };
  using Lanes = std::map<std::string, Lane>;
  using Ready = std::tuple<Instant, std::uint64_t, std::string>;

  [[nodiscard]] bool fits(const Query& q, const OutboxRow& row) const;
  void settle(const std::string& name, std::uint64_t taken);
  void give_up(OutboxRow& row, Instant at, std::string why);
  void expire(const std::string& lane, const OutboxTake& take);
  void wait(const OutboxRow& row);
  void leave(const OutboxRow& row);
  [[nodiscard]] bool is_noted(const OutboxAnswer& answer);
  [[nodiscard]] std::optional<OutboxRow> take_one(const OutboxTake& take);
  [[nodiscard]] std::uint64_t candidate(const OutboxTake& take) const;
  [[nodiscard]] std::uint64_t candidate_among(const OutboxTake& take) const;

  std::function<bool(const Query&, const OutboxRow&)> of_units_;
  std::map<std::uint64_t, OutboxRow> rows_;
  std::set<std::string, std::less<>> keys_;
  Lanes lanes_;
  std::set<Ready> ready_;
  std::uint64_t last_ = 0;
};

}  // namespace switchboard::store
