// What commands want of other instances, made durable: driver::Courier decides what an errand means. Each stands in the store before anybody acts on
// it, every command it leads to carries a request id made of the errand's key, and it is struck off last: so it may be repeated after a crash, by
// anybody, at any time.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "runtime/commands.hpp"
#include "runtime/post.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Courier {
 public:
  Courier(const Offices& offices, Committer& committer) : offices_(offices), committer_(committer) {}

  /// Carries out what a command has left to do, and what follows from that. What does not work now stays in the store for `repeat`.
  void carry_out(std::vector<store::Errand> errands);
  /// Carries out what a crash, a failing disk or a suspended receiver left undone. What cannot be read is told and stands aside; `damaged` counts it.
  [[nodiscard]] Result<void> repeat(std::size_t& damaged);

 private:
  [[nodiscard]] Result<bool> carry_out_one(const store::Errand& errand, std::deque<store::Errand>& next);

  const Offices& offices_;
  Committer& committer_;
  std::mutex mutex_;
  std::set<store::ErrandKey> in_flight_;  ///< being carried out by some thread; under mutex_
};

}  // namespace switchboard::runtime
