// Engine::wait: until there is something of what a caller is interested in.
#pragma once

#include "runtime/bell.hpp"
#include "runtime/commands.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::runtime {

/// Thread-safe. Everything that is given by reference outlives it.
class Waiting {
 public:
  Waiting(store::Store& store, Commands& commands, Bell& bell, const TimeSource& time)
      : store_(store), commands_(commands), bell_(bell), time_(time) {}

  /// Engine::wait.
  [[nodiscard]] Result<bool> wait(const Interest& interest, Instant until);

 private:
  [[nodiscard]] Result<bool> is_there(const Interest& interest, core::InstanceKey instance);

  store::Store& store_;
  Commands& commands_;
  Bell& bell_;
  const TimeSource& time_;
};

}  // namespace switchboard::runtime
