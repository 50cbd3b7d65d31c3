// One way to say what is done to cases, for every driver; and what they say has happened.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/core.hpp"
#include "model/library.hpp"
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
struct Advance {
  Instant to;
};
using Action = std::variant<Start, Submit, SendMessage, SendToCase, SendSignal, Advance>;
[[nodiscard]] std::string text_of(const Action& action);

/// A world of processes, as texts and compiled. All of them are there when it begins.
struct Stage {
  std::vector<std::pair<std::string, std::string>> texts;      ///< id -> YAML; those that are called before those that call
  std::vector<std::pair<std::string, std::string>> resources;  ///< file name -> calendars and tables as YAML
  std::map<std::string, model::ExecutablePtr, std::less<>> processes;
  model::Library library;
  std::string zone;
  Instant begin;
};

/// Lines of each case, by key: number, process, then an event a line.
using Histories = std::map<std::uint64_t, std::vector<std::string>>;
[[nodiscard]] std::string head_of(const core::ProcessInstance& instance);
[[nodiscard]] std::string line_of(const core::Event& event, const model::ExecutableProcess& process);

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
