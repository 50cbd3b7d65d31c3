// The way of one command to one case: load, step, commit, with the answer that a repeated request gets. What the command wants of other cases is
// handed back, for the courier. (architecture.md, "The way of one command")
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "runtime/committer.hpp"
#include "runtime/definitions.hpp"
#include "runtime/instance_cache.hpp"
#include "runtime/request_use.hpp"
#include "runtime/time_source.hpp"
#include "store/store.hpp"

namespace switchboard::runtime {

/// A command on its way to one instance.
struct Order {
  core::InstanceKey instance;
  CommandBody what;
  std::string request_id;
  /// Bytes to keep under request_id, made of the instance after the command.
  std::function<std::string(const Loaded&)> answer;
  RequestUse use{};
  std::optional<Instant> at{};                                                     ///< in place of what the clock says
  std::uint32_t chain = 0;                                                         ///< of the errands that it leads to
  std::vector<store::ErrandKey> errands_done{}, errands_aside{}, errands_again{};  ///< become that with it
  const driver::KeptMessage* keeps = nullptr;                                      ///< this message is kept with it
  std::string organisation{};                                                      ///< of who gives it (core::Command)
  const driver::RowWrite* writes = nullptr;                                        ///< this row is written with it
  std::uint64_t kept = 0;                                                          ///< this message ceases to be kept with it; else it is stale
};

/// What became of it.
struct Applied {
  Loaded after;                        ///< empty when `known` or `stale`
  std::optional<std::string> known;    ///< the request had been answered before, with this
  bool stale = false;                  ///< came too late: nothing to do
  std::vector<store::Errand> errands;  ///< to be carried out
  RequestUse use{};                    ///< as it is kept behind the answer
};

/// Thread-safe. Everything that is given by reference outlives it.
class Commands {
 public:
  Commands(store::Store& store, Definitions& definitions, InstanceCache& cache, Committer& committer, const TimeSource& time)
      : store_(store), definitions_(definitions), cache_(cache), committer_(committer), time_(time) {}

  /// The instance with its definition; empty when there is none. Not `fresh`: perhaps as this process saw it last. When a calendar became another and
  /// the case has not followed yet, it is given as it is once it has, from the instant of that change on: whatever happens to it next comes after.
  [[nodiscard]] Result<Loaded> load(core::InstanceKey key, bool fresh);
  /// As it is in the store now; read from there only when this process saw another version last. For looking, not for moving.
  [[nodiscard]] Result<Loaded> load_newest(core::InstanceKey key);
  /// From the store; SB0548 (not_found) when there is none.
  [[nodiscard]] Result<Loaded> load_existing(core::InstanceKey key);
  /// As this process saw it last; empty when it has not, or long ago.
  [[nodiscard]] Loaded seen(core::InstanceKey key) { return cache_.find(key); }
  /// Somebody else has changed the instance.
  void forget(core::InstanceKey key) { cache_.drop(key); }

  /// Carries out a command on an instance that is there; durable when this returns. Steps again when others were faster.
  [[nodiscard]] Result<Applied> apply(const Order& order);
  /// A new case. `command.key` is given here; an empty case number is made of it.
  [[nodiscard]] Result<Applied> start_instance(const model::ExecutablePtr& process, core::StartInstance command, const std::string& request_id,
                                               const RequestUse& use = {}, std::uint32_t chain = 0, std::uint64_t kept = 0);

  /// What the request was answered, if it was carried out already; SB0546 when it was used for something else. Nothing for an empty id.
  [[nodiscard]] Result<std::optional<std::string>> answer_given(const std::string& request_id, const RequestUse& use);
  /// Keeps an answer that belongs to no change of one case. Not `replaces`, and there is one already: the first stands.
  [[nodiscard]] Result<void> keep_answer(const std::string& request_id, std::string answer, bool replaces);

  /// core::step; SB0552 (limit) when memory runs out on the way: then nothing has changed.
  [[nodiscard]] static core::StepResult step(const model::ExecutableProcess& process, const core::ProcessInstance& instance,
                                             const core::Command& command);

  // For those who commit several steps at once.
  /// Of a case that has followed a calendar, and to which nothing else happens.
  [[nodiscard]] static Transition transition_of_following(const Loaded& loaded);
  [[nodiscard]] static Transition transition_of(const Loaded& before, core::StepResult result, Instant at);
  /// After the commit: the instance is seen as it is now, and its errands are known.
  [[nodiscard]] Applied applied(const Transition& transition);

 private:
  [[nodiscard]] Result<Loaded> after_calendars(Loaded loaded);
  [[nodiscard]] Result<Applied> apply_at(const Order& order, Instant told);
  [[nodiscard]] Result<std::optional<Applied>> attempt(const Order& order, Instant told, bool fresh);
  [[nodiscard]] Result<std::optional<Applied>> conclude(const Order& order, Transition& transition);

  store::Store& store_;
  Definitions& definitions_;
  InstanceCache& cache_;
  Committer& committer_;
  const TimeSource& time_;
  /// Commands of one engine on one instance wait for each other instead of conflicting. Nothing of the embedder's (observer, clock) runs under one.
  std::array<std::mutex, 256> stripes_;
};

/// The case after a command, as the bytes that a repeated request is answered with.
[[nodiscard]] std::string case_answer(const Loaded& after);

}  // namespace switchboard::runtime
