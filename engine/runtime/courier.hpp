// What commands want of other instances, made durable: driver::Courier decides what an errand means. Each stands in the store before anybody acts on
// it, every command it leads to carries a request id made of the errand's key, and it is struck off last: so it may be repeated after a crash, by
// anybody, at any time. One that cannot be done stands aside as an incident of its case (driver.hpp, 4) and holds nobody up.
#pragma once

#include <cstddef>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/commands.hpp"
#include "runtime/post.hpp"

namespace switchboard::runtime {

/// What a courier met on its way.
struct Errands {
  std::size_t damaged = 0;  ///< could not be read
  std::size_t put_off = 0;  ///< cases that want more than their share: the next tick goes on
};

/// Thread-safe. Everything that is given by reference outlives it.
class Courier {
 public:
  Courier(const Offices& offices, Committer& committer) : offices_(offices), committer_(committer) {}

  /// Carries out what a command has left to do, and what follows from that, up to a share. What does not work now, or goes beyond that, stays in the
  /// store for `repeat`. Offers what is kept and was called for meanwhile, too. False: there was nothing to do.
  bool carry_out(std::vector<store::Errand> errands);
  /// Carries out what a crash, a full disk, a suspended receiver or a share left undone, up to a share of each case and of all. Errors: what stops
  /// everybody (the disk, the clock); what one errand alone does not get through makes it stand aside.
  [[nodiscard]] Result<void> repeat(Errands& met);
  /// The errand that `incident` is about will not be done: a caller who waits for it hears that. Nothing when it is not there.
  [[nodiscard]] Result<void> give_up(const store::ErrandKey& key, const std::string& why);

 private:
  /// How much is left to be done in one go.
  struct Budget {
    std::size_t all, of_one;
    std::map<core::InstanceKey, std::size_t> had{};
    std::set<core::InstanceKey> put_off{};
    bool has_offered = false;  ///< a message that was kept
    /// Whether one more of this case may be done; counts it.
    [[nodiscard]] bool take(core::InstanceKey instance);
  };
  /// `others`: how many wait beside those to do.
  [[nodiscard]] Result<void> work_off(std::deque<store::Errand>& todo, Budget& budget, std::size_t others = 0);
  [[nodiscard]] Result<void> end_branching_rings();
  /// Offers what is kept and was called for; what that leads to comes behind what waits. `all`: also what others have left.
  [[nodiscard]] Result<void> offer_kept(std::deque<store::Errand>& next, Budget& budget, bool all);
  [[nodiscard]] Result<std::optional<store::KeptRow>> first_called();
  [[nodiscard]] Result<void> offer_one(const store::KeptRow& row, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> carry_out_one(const store::Errand& errand, bool goes_too_far, std::deque<store::Errand>& next);
  [[nodiscard]] Result<void> set_aside(const store::ErrandKey& key, core::StandAside command);

  const Offices& offices_;
  Committer& committer_;
  std::mutex mutex_;
  std::set<store::ErrandKey> in_flight_;  ///< being carried out by some thread; under mutex_
};

}  // namespace switchboard::runtime
