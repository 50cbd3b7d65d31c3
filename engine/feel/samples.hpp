// Values that stand for all others: constants, what lies beside them and between them. A test that compares with nothing but these constants does not
// change its mind from one sample to the next. Private to room feel.
#pragma once

#include "feel/operators.hpp"

namespace switchboard::feel {

/// Values on both sides of an ordered constant, to tell `<` from `<=` and to reach between and beyond the constants.
void add_neighbours(const Value& v, List& out);
/// Numbers between neighbouring constants: 18.5 lies between `<= 18` and `>= 19`.
void add_midpoints(List& samples);

}  // namespace switchboard::feel
