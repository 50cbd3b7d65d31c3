// What commands want of other instances: calls, returns, messages, signals. Each errand stands in the store before anybody acts on it, every command
// it leads to carries a request id made of the errand's key, and it is struck off last: so it may be repeated after a crash, by anybody, at any time.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "runtime/commands.hpp"
#include "runtime/correlation.hpp"
#include "runtime/outbox.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Courier {
 public:
  Courier(store::Store& store, Definitions& definitions, Commands& commands, Correlation& correlation, Committer& committer, Outbox& outbox)
      : store_(store), definitions_(definitions), commands_(commands), correlation_(correlation), committer_(committer), outbox_(outbox) {}

  /// Carries out what a command has left to do, and what follows from that. What does not work now stays in the store for `repeat`.
  void carry_out(std::vector<store::Errand> errands);
  /// Carries out what a crash, a failing disk or a suspended receiver left undone. What cannot be read is told and stands aside; `damaged` counts it.
  [[nodiscard]] Result<void> repeat(std::size_t& damaged);

 private:
  [[nodiscard]] Result<bool> carry_out_one(const store::Errand& errand, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> start_call(const store::Errand& errand, const core::StartCall& effect, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> refuse_call(core::Parent caller, const Error& why, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> cancel_call(core::Parent caller, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> return_to_caller(core::InstanceKey from, const core::ReturnToCaller& effect, std::deque<store::Errand>& next);
  [[nodiscard]] Result<bool> publish(const store::Errand& errand, const core::PublishMessage& effect, std::deque<store::Errand>& next);
  [[nodiscard]] Result<void> keep_unheard(const core::PublishMessage& effect, const store::ErrandKey& errand, const std::string& request_id,
                                          const std::string& refusal);
  [[nodiscard]] Result<model::ExecutablePtr> called_definition(const model::ExecutableProcess& caller, const core::StartCall& effect);

  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
  Correlation& correlation_;
  Committer& committer_;
  Outbox& outbox_;
  std::mutex mutex_;
  std::set<store::ErrandKey> in_flight_;  ///< being carried out by some thread; under mutex_
};

}  // namespace switchboard::runtime
