#include "handles.hpp"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <unordered_map>
#include <utility>

namespace switchboard::c {

namespace {

struct Table {
  std::shared_mutex mutex;
  std::uintptr_t last = 0;
  std::unordered_map<std::uintptr_t, EnginePtr> open;
};

/// Never destroyed: at the end of a program that forgot to close, the callbacks of its engines may be gone already. What was answered is on disk.
Table& table() {
  static Table* const the_table = new Table;
  return *the_table;
}

std::uintptr_t number_of(sb_engine* handle) { return reinterpret_cast<std::uintptr_t>(handle); }

Error not_open(sb_engine* handle) {
  return {ErrorKind::usage, "SB1101", handle == nullptr ? "the engine handle is NULL" : "this engine is closed", "",
          "use the handle that sb_open gave, before sb_close"};
}

}  // namespace

sb_engine* keep(EnginePtr engine) {
  Table& t = table();
  const std::unique_lock lock(t.mutex);
  const std::uintptr_t number = t.last + 1;
  t.open.emplace(number, std::move(engine));
  t.last = number;
  return reinterpret_cast<sb_engine*>(number);  // NOLINT(performance-no-int-to-ptr): opaque, never followed
}

// Under the lock: a call has begun before the handle is taken away, or not at all.
Result<RunningCall> begin(sb_engine* handle) {
  Table& t = table();
  const std::shared_lock lock(t.mutex);
  const auto found = t.open.find(number_of(handle));
  if (found == t.open.end()) return not_open(handle);
  return RunningCall(found->second);
}

std::uint64_t OpenEngine::keep(Observation observation) {
  const std::lock_guard lock(mutex_);
  observations_.emplace(++last_observation_, std::move(observation));
  return last_observation_;
}

// Without the lock: ending waits for the observer, and that one may call the engine.
Result<void> OpenEngine::end_observation(std::uint64_t number) {
  Observation ended;
  {
    const std::lock_guard lock(mutex_);
    const auto found = observations_.find(number);
    if (found == observations_.end())
      return Error{ErrorKind::usage, "SB1107", "there is no listener " + std::to_string(number), "", "give the number that sb_listen answered with"};
    ended = std::move(found->second);
    observations_.erase(found);
  }
  ended.end();
  return success();
}

void OpenEngine::begin_call() {
  const std::lock_guard lock(mutex_);
  calls_.push_back(std::this_thread::get_id());
}

void OpenEngine::end_call() noexcept {
  const std::lock_guard lock(mutex_);
  calls_.erase(std::find(calls_.begin(), calls_.end(), std::this_thread::get_id()));
  if (calls_.empty()) ended_.notify_all();
}

void OpenEngine::close() {
  engine->stop_waiting();
  std::map<std::uint64_t, Observation> ended;
  {
    const std::lock_guard observing(mutex_);
    ended.swap(observations_);
  }
  ended.clear();
  std::unique_lock lock(mutex_);
  if (std::find(calls_.begin(), calls_.end(), std::this_thread::get_id()) != calls_.end()) return;
  ended_.wait(lock, [this] { return calls_.empty(); });
  engine.reset();
}

Result<EnginePtr> take(sb_engine* handle) {
  Table& t = table();
  const std::unique_lock lock(t.mutex);
  const auto found = t.open.find(number_of(handle));
  if (found == t.open.end()) return not_open(handle);
  EnginePtr engine = std::move(found->second);
  t.open.erase(found);
  return engine;
}

}  // namespace switchboard::c
