// Whether a condition can be true at all, for what its names can be.
#pragma once

#include <functional>
#include <optional>
#include <string_view>
#include <vector>

#include "feel/feel.hpp"

namespace switchboard::feel {

/// What a name can be, as far as it is declared; null besides.
struct Domain {
  std::vector<Value> values;  ///< nothing else, unless empty
  std::optional<Value> min;   ///< of numbers, dates, times and durations
  std::optional<Value> max;
};

enum class Possible : std::uint8_t {
  unknown,  ///< it compares names with each other, calls functions, or has too many names to try
  yes,
  never,
};

/// Tries a condition out on samples that stand for all values. It can tell when every comparison in it is one of a name with constants, however they
/// are put together with `and`, `or` and `not`. Bounded work.
[[nodiscard]] Possible can_be_true(std::string_view condition, const StaticScope& scope,
                                   const std::function<Domain(std::string_view name)>& domain_of);

}  // namespace switchboard::feel
