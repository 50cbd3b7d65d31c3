// What the files of the courier share: which refusals mean what, and how often it looks again.
#pragma once

#include "driver/kept.hpp"

namespace switchboard::driver {

/// Whoever takes a message may be gone by the time it comes, or somebody else has it already: then it looks for another receiver, so often.
inline constexpr int most_receivers_tried = 20;

[[nodiscard]] inline bool is_own_failure(const Error& error) { return error.kind == ErrorKind::storage; }
[[nodiscard]] inline bool is_number_taken(const Error& error) { return error.id == case_number_taken; }

}  // namespace switchboard::driver
