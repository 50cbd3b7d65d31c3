// The outbox: what is to be told to somebody outside, handed to the embedder's adapter; and what the engine itself has to tell, because nothing of
// its own making fails silently.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <string>

#include "runtime/commands.hpp"
#include "runtime/failures.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Outbox {
 public:
  Outbox(store::Store& store, Definitions& definitions, Commands& commands, Committer& committer, const TimeSource& time)
      : store_(store), definitions_(definitions), commands_(commands), committer_(committer), time_(time) {}

  /// Engine::deliver.
  [[nodiscard]] Result<std::size_t> deliver(const Delivery& d, const std::function<std::string(const OutboxInfo&)>& adapter);

  /// Writes a record beside those that follow from a case's effects; under `request_id`, if there is one, once. A record whose key is known is not
  /// written again.
  [[nodiscard]] Result<void> add(store::OutboxRow record, const std::string& request_id = {});
  /// The engine's instant.
  [[nodiscard]] Result<Instant> now() const { return time_.now(); }
  /// An incident record, once for each `about` of an instance, however often it is met. `instance` may be none: then it is about no case.
  [[nodiscard]] Result<void> report_trouble(core::InstanceKey instance, const std::string& about, const Error& why);
  /// An errand whose case can have no incident is not carried out any more.
  [[nodiscard]] Result<void> set_aside(const store::ErrandKey& errand);
  /// SB0613 when there is none.
  [[nodiscard]] Result<store::OutboxRow> record(std::uint64_t id);
  /// What an operator says of a record that has failed; `answer` is kept under `request_id`, if there is one. SB0563, SB0612.
  [[nodiscard]] Result<void> decide(store::OutboxVerdict verdict, const std::string& request_id, std::string answer);

 private:
  [[nodiscard]] Result<void> write(Transition t);

  store::Store& store_;
  Definitions& definitions_;
  Commands& commands_;
  Committer& committer_;
  const TimeSource& time_;
  std::mutex mutex_;
  std::set<std::string> reported_;  ///< troubles told by this engine; under mutex_
};

}  // namespace switchboard::runtime
