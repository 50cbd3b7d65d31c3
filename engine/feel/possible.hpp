// Whether a condition can be true at all, for what its names can be.
#pragma once

#include <functional>
#include <optional>
#include <string>
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

/// Whether `condition` is true when `name`, of `type`, is `value`, whatever other names are: true always, false never (null is not true); nothing
/// when that depends on them. Parts that ask for more than `name` are put together with `and`, `or` and `not` as FEEL does; what they ask for is not
/// compared. Bounded by the text.
[[nodiscard]] std::optional<bool> truth_given(std::string_view condition, const std::string& name, const Type& type, const Value& value);

}  // namespace switchboard::feel
