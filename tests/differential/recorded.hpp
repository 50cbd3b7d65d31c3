// What core scripts and process tests do, as actions that every driver can play.
#pragma once

#include <string>
#include <vector>

#include "differential/player.hpp"

namespace switchboard::differential {

/// Played in the test world; the others are held against it.
struct Recorded {
  std::string name;
  std::string left_out;  ///< why it cannot be played; then nothing else is here
  Stage stage;
  std::vector<Action> actions;
  std::vector<std::string> outcomes;
  Histories histories;
};

/// tests/core/scripts. A script drives one case alone, by its keys: called processes are not there (the call is refused, in every driver), answers of
/// called cases are left out, messages go by name and key, and the scheduler is never away. So a play may go on otherwise than its script; it is the
/// drivers that are compared.
[[nodiscard]] std::vector<Recorded> recorded_scripts();

/// Every case of every suite under processes/.
[[nodiscard]] std::vector<Recorded> recorded_suites();

}  // namespace switchboard::differential
