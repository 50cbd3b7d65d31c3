// Private to room verify: what the limits of the clocks are when tables give them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "calendar/duration.hpp"
#include "feel/feel.hpp"
#include "model/library.hpp"
#include "model/process.hpp"
#include "verify/expressions.hpp"

namespace switchboard::verify {

/// One combination of the data that the limits are asked with.
struct LimitCase {
  std::vector<std::optional<calendar::WorkingDuration>> within;  ///< by clock of the process; nothing: no promise, or not known
};

/// The names of a process with the signatures of its tables, as compile gives them to expressions. The id of a table is its place there, `sla` is 0.
[[nodiscard]] feel::StaticScope scope_of(const model::Process& process, const model::Library& library, const Seen& seen);

/// The combinations that make a difference, each set of limits once. Data that are enumerated take each of
/// their values, dates those between which a table's answer changes; other data are null. Bounded: none at all when there are too many.
[[nodiscard]] std::vector<LimitCase> limit_cases(const model::Process& process, const model::Library& library);

}  // namespace switchboard::verify
