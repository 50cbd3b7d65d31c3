// What the cells of one column compare with: the constants between which they cannot change their mind. Private to room feel.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feel/feel.hpp"
#include "feel/syntax.hpp"

namespace switchboard::feel {

/// The constants of a column's cells, from all of its rules.
struct CellConstants {
  List values;                        ///< compared with, by = or by order; lists too
  std::vector<std::string> prefixes;  ///< of `starts with(?, "...")`
  std::vector<std::string> suffixes;  ///< of `ends with(?, "...")`
  bool ordered_texts = false;         ///< some cell asks whether a text comes before another
};

/// How a cell tests its input.
struct CellForm {
  bool compares = false;     ///< with constants only: between two of them it says the same for every value
  bool has_affixes = false;  ///< of `starts with` or `ends with`
};

/// Reads the unary tests `text` of a column whose values are of `kind`, and adds what they compare with to `out`; of tests that do more than
/// compare, the constants in them.
[[nodiscard]] CellForm read_cell(std::string_view text, const StaticScope& scope, Type::Kind kind, CellConstants& out);

}  // namespace switchboard::feel
