// A process with everything a store keeps rows of, and a driver that steps cases over any store.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/core.hpp"
#include "store/store.hpp"
#include "support/folder.hpp"

namespace switchboard::testing {

/// start -> split -> { approve (user task of clerks, interrupting timer 1 h), paid (message, key: the case number), bill (job), called (signal go),
/// sub (call) } with a clock over the whole case (1 d, marks at 50% and breach) and a feedback at its start.
[[nodiscard]] model::ExecutablePtr everything_process(const std::string& version = "1");

inline constexpr Instant t0{1'700'000'000'000'000};
inline constexpr Duration minute = Duration::minutes(1);

/// What a test does with one case: step, commit, remember.
class Stepper {
 public:
  explicit Stepper(store::Store& store, model::ExecutablePtr process = everything_process());

  /// Starts a case; `number` empty: from its key.
  Result<core::InstanceKey> start(const std::string& number = {}, const std::string& request_id = {});
  /// Loads, steps, commits.
  Result<void> command(core::InstanceKey key, decltype(core::Command::what) what, Instant at = t0, const std::string& request_id = {});
  [[nodiscard]] core::ProcessInstance instance(core::InstanceKey key);
  [[nodiscard]] core::WorkKey work_of(core::InstanceKey key, const std::string& element);
  [[nodiscard]] std::vector<std::string> check();

  store::Store& store;
  model::ExecutablePtr process;
};

/// One transition, ready to be committed; owns what a store::Change borrows.
struct Prepared {
  core::ProcessInstance before, after;
  std::vector<core::Event> events;
  std::vector<core::Effect> effects;
  store::Change change;
};
[[nodiscard]] std::unique_ptr<Prepared> prepare(const model::ExecutableProcess& process, const std::optional<store::StoredInstance>& before,
                                                const core::Command& command);
[[nodiscard]] Result<void> commit_all(store::Store& store, const std::vector<std::unique_ptr<Prepared>>& all, std::size_t& conflict_index);

}  // namespace switchboard::testing
