// What a Decision holds. Private to room feel.
#pragma once

#include "feel/decision.hpp"

namespace switchboard::feel {

/// Slots of every program in the table: the parameters, then the input values (`?` of column i is slot parameters + i).
struct Decision::Impl {
  struct Rule {
    std::vector<Program> in;  ///< empty: any value
    std::vector<Program> out;
  };
  DecisionTable table;
  std::vector<Program> inputs;
  std::vector<Program> allowed;   ///< empty: everything
  std::vector<Program> defaults;  ///< empty: none
  std::vector<List> priorities;   ///< by output, the most wanted value first; empty: none given
  std::vector<Rule> rules;
  std::uint32_t test_locals = 0;  ///< the most that a rule's test needs
};

}  // namespace switchboard::feel
