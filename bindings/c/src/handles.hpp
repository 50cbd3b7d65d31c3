// Open engines by handle. A handle is a number that is never used twice and never followed as an address: a closed, foreign or null one is refused.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "switchboard.h"
#include "switchboard/engine.hpp"

namespace switchboard::c {

/// An engine and how its answers are printed. Knows the calls that run on it, so that closing can wait for them.
class OpenEngine {
 public:
  OpenEngine(std::unique_ptr<Engine> opened, std::string zone_of_answers) : engine(std::move(opened)), zone(std::move(zone_of_answers)) {}

  std::unique_ptr<Engine> engine;
  std::string zone;

  /// Keeps an observation until it is ended by its number or the engine is closed.
  std::uint64_t keep(Observation observation);
  /// SB1107 (usage) when there is none of that number.
  [[nodiscard]] Result<void> end_observation(std::uint64_t number);

  void begin_call();
  void end_call() noexcept;
  /// Ends all observations, wakes who waits, and waits until no call runs; then closes. Not when this thread runs one itself (it is in a callback),
  /// whose end it cannot wait for: the engine goes with the last call then.
  void close();

 private:
  std::mutex mutex_;
  std::condition_variable ended_;
  std::map<std::uint64_t, Observation> observations_;
  std::uint64_t last_observation_ = 0;
  std::vector<std::thread::id> calls_;  ///< by thread; one that commands from a callback stands there twice
};
using EnginePtr = std::shared_ptr<OpenEngine>;

/// A call that runs on an engine, from its beginning to its end.
class RunningCall {
 public:
  explicit RunningCall(EnginePtr engine) : engine_(std::move(engine)) { engine_->begin_call(); }
  RunningCall(RunningCall&&) noexcept = default;
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;
  RunningCall& operator=(RunningCall&&) = delete;
  ~RunningCall() {
    if (engine_ != nullptr) engine_->end_call();
  }
  [[nodiscard]] OpenEngine& operator*() const { return *engine_; }

 private:
  EnginePtr engine_;
};

[[nodiscard]] sb_engine* keep(EnginePtr engine);
/// Begins a call on the engine. SB1101 (usage) when nothing is open under `handle`.
[[nodiscard]] Result<RunningCall> begin(sb_engine* handle);
/// Takes the handle away: no new call begins. The engine itself goes when the last call on it has ended.
[[nodiscard]] Result<EnginePtr> take(sb_engine* handle);

}  // namespace switchboard::c
