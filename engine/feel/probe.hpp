// Calls whose constant arguments make them null whatever the other ones are. Private to room feel.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "feel/builtin.hpp"

namespace switchboard::feel {

inline constexpr std::size_t probing_steps = 20'000;

/// An argument of a call as it is known before anything runs.
struct ProbedArgument {
  std::optional<Value> constant;
  TypeMask may_be = 0;  ///< of one that is not constant
};

/// Why the call is null for every sample of the arguments that are not constant; nothing when one gives a value, or when there are no samples of what
/// they may be. `names`: of the arguments, empty when they stand by position.
[[nodiscard]] std::optional<std::string> always_null(const Builtin& builtin, const std::vector<ProbedArgument>& arguments,
                                                     const std::vector<std::string>& names);

}  // namespace switchboard::feel
