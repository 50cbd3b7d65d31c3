// FEEL's operators on values. DMN 1.5, 10.3.2.13 to 10.3.2.15 (tables 50 to 54). Private to room feel.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

#include "feel/node.hpp"
#include "feel/syntax.hpp"

namespace switchboard::feel {

/// Order of two values of one comparable type; nullopt when they have none (other types, null, local against zoned times).
[[nodiscard]] std::optional<std::strong_ordering> order(const Value& a, const Value& b);
/// FEEL's `=`. Unknown when the types differ (null equals null only, and is unequal to all else).
[[nodiscard]] Truth equal(Run& run, const Value& a, const Value& b);
/// FEEL's is(): the same element of the semantic domain.
[[nodiscard]] bool identical(const Value& a, const Value& b);
/// `a op b` for a comparison; notes a reason when it is unknown.
[[nodiscard]] Truth compare(Run& run, Op op, const Value& a, const Value& b);
/// `a op b` for + - * / **.
[[nodiscard]] Value calculate(Run& run, Op op, const Value& a, const Value& b);
[[nodiscard]] Value negate(Run& run, const Value& v);

/// Whether `v` lies in `r`.
[[nodiscard]] Truth in_range(Run& run, const Value& v, const Range& r);
/// `v in (test)` for the value of a test: equality, membership of a list, lying in a range.
[[nodiscard]] Truth matches_test(Run& run, const Value& v, const Value& test);

/// `v.name` for everything that has properties; a list maps. Null with a reason when there is no such name.
[[nodiscard]] Value property(Run& run, const Value& v, std::string_view name);

/// The value of a date and time on the time line: seconds since 1970 in UTC, or of the local clock when it is local.
struct Moment {
  bool zoned = false;
  std::int64_t seconds = 0;
  std::uint32_t nanosecond = 0;
};
[[nodiscard]] Moment moment_of(const DateTime& t);
[[nodiscard]] Moment moment_of(const Time& t);
[[nodiscard]] DateTime midnight(const Date& d);  ///< at 00:00:00Z

}  // namespace switchboard::feel
