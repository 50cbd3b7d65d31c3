// What happened in a case as sentences for people, in their language, with the names that its process declares. Pure.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/core.hpp"

namespace switchboard::runtime {

/// Tells the events of one case in their order. What was before is known of what it has been told: a history is told from its beginning, or says
/// less.
class Storyteller {
 public:
  /// `language`: "zh", or any other for English; names in it as far as the process has them.
  explicit Storyteller(std::string language) : language_(std::move(language)) {}

  /// Empty: nothing that a reader needs (a token moved, a timer was set).
  [[nodiscard]] std::string tell(const model::ExecutableProcess& process, const core::Event& event);

 private:
  friend struct Telling;
  std::string language_;
  std::vector<Value> data_;                            ///< by slot, as far as known
  bool knows_data_ = false;                            ///< from the beginning on
  std::map<core::WorkKey, core::ElementIndex> work_;   ///< open work
  std::map<core::WorkKey, std::string> holders_;       ///< who has claimed it
  std::map<core::CallKey, core::ElementIndex> calls_;  ///< open calls
};

}  // namespace switchboard::runtime
