// Where an expression meets the literals in it: for checks that know more about a name or a function than its type (an enumeration, a table's
// allowed values). Found in the syntax tree, without evaluating anything.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feel/decision.hpp"

namespace switchboard::feel {

/// A literal (string, number, boolean; never null) at byte `offset` of the text.
struct LiteralUse {
  enum class Kind : std::uint8_t {
    compared,  ///< with the name `name`: `name = "a"`, `name != "a"`, `name in ("a", "b")`, `list contains(["a"], name)`
    argument,  ///< of the function `name`, at `position`
    outcome,   ///< what the whole expression may yield: itself, or a branch of `if`
  };
  Kind kind = Kind::compared;
  std::string name;
  std::size_t position = 0;
  Value value;
  std::uint32_t offset = 0;
};

/// All of them, in the order of the text; none when the text does not parse. Names bound inside the text (`for x in ...`) hide those outside, so
/// nothing is said of them.
[[nodiscard]] std::vector<LiteralUse> literal_uses(std::string_view text, const StaticScope& scope);

/// Whether a table's input takes this value; true when the input allows everything or its `allowed` cannot be read.
[[nodiscard]] bool allows(const DecisionTable::Input& input, const Value& value);
/// The texts among the allowed values, for suggestions.
[[nodiscard]] std::vector<std::string> allowed_texts(const DecisionTable::Input& input);

}  // namespace switchboard::feel
