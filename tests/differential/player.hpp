// One way to say what is done to cases, for every driver; and what they say has happened.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/core.hpp"
#include "notation/load.hpp"

namespace switchboard::differential {

using core::InstanceKey;

// What somebody outside does, or time. Instances and works are named by the keys that the reference (the test world) gave them: every driver must
// give the same.
struct Start {
  std::string process, case_no, start_event;
  Value data;
};
struct Submit {
  InstanceKey instance;
  decltype(core::Command::what) what;
};
struct SendMessage {
  std::string name, key;
  Value payload;
};
struct SendToCase {
  std::string name, case_no;
  Value payload;
};
struct SendSignal {
  std::string name;
  Value payload;
};
/// A worker asks for jobs of the topic, as Engine::fetch gives them.
struct FetchJobs {
  std::string worker, topic;
  std::size_t most = 1;
  Duration lease;
};
/// Time passes, and what is due on the way fires. `stops_short`: what is due at `to` itself does not yet, so that the next action comes before it.
struct Advance {
  Instant to;
  bool stops_short = false;
};
using Action = std::variant<Start, Submit, SendMessage, SendToCase, SendSignal, FetchJobs, Advance>;
[[nodiscard]] std::string text_of(const Action& action);

/// A world of processes, as texts and compiled. All of them are there when it begins.
struct Stage {
  std::vector<std::pair<std::string, std::string>> texts;      ///< id -> YAML; those that are called before those that call
  std::vector<std::pair<std::string, std::string>> resources;  ///< file name -> calendars and tables as YAML
  std::map<std::string, model::ExecutablePtr, std::less<>> processes;
  std::string zone;
  Instant begin;
};

/// Lines of each case, by key: number, process, then an event a line.
using Histories = std::map<std::uint64_t, std::vector<std::string>>;
[[nodiscard]] std::string head_of(const core::ProcessInstance& instance);
[[nodiscard]] std::string line_of(const core::Event& event, const model::ExecutableProcess& process);

/// The jobs that a fetch gives, in its order, read off the cases themselves: those of higher priority first, then those offered earlier; also those
/// whose lease has run out; none of a case that is suspended or over.
struct JobToFetch {
  InstanceKey instance;
  core::WorkKey work;
};
[[nodiscard]] std::vector<JobToFetch> jobs_of(const std::vector<const core::ProcessInstance*>& cases, const FetchJobs& fetch, Instant now);
/// The command that gives one of them to the worker.
[[nodiscard]] inline core::ClaimWork claim_of(const JobToFetch& job, const FetchJobs& fetch, Instant now) {
  return {job.work, fetch.worker, std::nullopt, now + fetch.lease, 0};
}
/// What a fetch says it gave: `i-1.4 under token 1`, one behind the other.
[[nodiscard]] std::string text_of_job(InstanceKey instance, core::WorkKey work, std::uint64_t token);

/// For std::visit: one function for each alternative.
template <class... F>
struct Overload : F... {
  using F::operator()...;
};
template <class... F>
Overload(F...) -> Overload<F...>;

/// "" when it was done, else the rule that refused it.
template <class T>
std::string rule_of(const Result<T>& result) {
  return result ? std::string() : result.error().id;
}

class Player {
 public:
  Player() = default;
  Player(const Player&) = delete;
  Player& operator=(const Player&) = delete;
  virtual ~Player() = default;
  /// "" when it was done, else the rule that refused it; everything that follows at that instant is done.
  [[nodiscard]] virtual std::string act(const Action& action) = 0;
  [[nodiscard]] virtual Histories histories() = 0;
};

enum class StoreKind { memory, file };
[[nodiscard]] std::unique_ptr<Player> play_in_engine(const Stage& stage, StoreKind kind, std::string& trouble);
[[nodiscard]] std::unique_ptr<Player> play_in_simulator(const Stage& stage, std::string& trouble);

}  // namespace switchboard::differential
