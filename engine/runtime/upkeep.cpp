#include "runtime/upkeep.hpp"

namespace switchboard::runtime {

Result<PruneReport> prune(store::Store& store, Committer& committer, Courier& courier, Instant before, Instant now) {
  if (before > now)
    return Error{ErrorKind::invalid, "SB0551", "`before` lies in the future: what is still going on cannot be forgotten", "",
                 "give an instant after which nobody repeats a request any more, for instance 90 days ago"};
  // What is still on its way needs its answers.
  Errands met;
  SB_TRYV(courier.repeat(met));
  SB_TRYV(committer.flush());
  SB_TRY(const auto pruned, store.prune(before));
  return PruneReport{pruned.requests, pruned.outbox};
}

}  // namespace switchboard::runtime
