// Service jobs: claimed under a lease, run by a handler of the embedder, completed or failed.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "runtime/commands.hpp"
#include "runtime/courier.hpp"
#include "runtime/requests.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Workers {
 public:
  Workers(store::Store& store, Commands& commands, Requests& requests, Courier& courier, const TimeSource& time)
      : store_(store), commands_(commands), requests_(requests), courier_(courier), time_(time) {}

  /// Engine::work_off.
  [[nodiscard]] Result<std::size_t> work_off(std::string_view topic, const JobHandler& handler, std::size_t limit);

 private:
  [[nodiscard]] Result<std::optional<Job>> claim_job(const store::WorkRow& row);
  [[nodiscard]] Result<void> finish_job(const Job& job, const JobResult& result);
  void give_back(const Job& job);

  store::Store& store_;
  Commands& commands_;
  Requests& requests_;
  Courier& courier_;
  const TimeSource& time_;
};

}  // namespace switchboard::runtime
