// Values of an input that stand for all others. Private to room feel.
#pragma once

#include <vector>

#include "feel/decision_forms.hpp"

namespace switchboard::feel {

/// One value. It stands for all values that no comparison of the column tells from it.
struct Sample {
  Value value;
  bool real = true;      ///< the input can have this very value; otherwise it only stands for values that cannot be made up here
  bool expected = true;  ///< a table that has no rule for it has a gap; null for an input that must be given is not expected
};

/// Of an input of `type`, every class that the comparisons of its column tell apart; with `more`, further values on which tests that do more than
/// compare may differ. The plain ones first, null last. `null_expected`: the input may be left out. Bounded.
[[nodiscard]] std::vector<Sample> samples_of(const Type& type, CellConstants constants, bool more, bool null_expected);

}  // namespace switchboard::feel
