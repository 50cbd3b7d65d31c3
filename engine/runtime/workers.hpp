// Service jobs: given to workers in batches, each under a claim with a lease and a token, and run by handlers of the embedder.
#pragma once

#include <cstddef>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/bell.hpp"
#include "runtime/commands.hpp"
#include "runtime/courier.hpp"
#include "runtime/requests.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Workers {
 public:
  /// `language`: of the names shown.
  Workers(store::Store& store, Commands& commands, Requests& requests, Courier& courier, Committer& committer, Bell& bell, const TimeSource& time,
          std::string language);

  /// Engine::fetch.
  [[nodiscard]] Result<std::vector<Job>> fetch(const Fetch& f);
  /// Engine::work_off: a loop over fetch, under a name that no other engine handle and thread has.
  [[nodiscard]] Result<std::size_t> work_off(std::string_view topic, const JobHandler& handler, std::size_t limit);

 private:
  /// What is claimed of one case.
  struct Claims {
    std::vector<core::WorkKey> wanted, refused;
    std::optional<Transition> transition;
  };
  [[nodiscard]] Result<std::vector<Job>> take(const Fetch& f, std::set<store::OpenJob> passed);
  [[nodiscard]] Result<std::vector<store::OpenJob>> reserve(const Fetch& f, Instant at, const std::set<store::OpenJob>& passed);
  void give_up(const std::vector<store::OpenJob>& picked);
  [[nodiscard]] Result<std::vector<Job>> claim(const Fetch& f, Instant told, const std::vector<store::OpenJob>& picked,
                                               std::set<store::OpenJob>& passed);
  [[nodiscard]] Result<void> step(const Fetch& f, Instant told, core::InstanceKey instance, Claims& claims);
  [[nodiscard]] std::optional<Job> job_of(const Claims& claims, core::WorkKey key) const;
  [[nodiscard]] Result<bool> finish(const Job& job, const JobResult& result, const std::string& worker);
  void give_back(const Job& job, const std::string& worker);

  store::Store& store_;
  Commands& commands_;
  Requests& requests_;
  Courier& courier_;
  Committer& committer_;
  Bell& bell_;
  const TimeSource& time_;
  std::string language_;
  std::string name_;  ///< host/process/handle
  std::mutex mutex_;
  std::set<store::OpenJob> reserved_;  ///< of which some thread is making a claim; under mutex_
};

}  // namespace switchboard::runtime
