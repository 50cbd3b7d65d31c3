// Private to room verify: plays the token game of a scope through and says what can go wrong (SB0410 to SB0419).
#pragma once

#include "verify/check.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {

/// In which order independent steps are played. `enough`: where a scope has neither loops nor inclusive joins, what is furthest back goes first, for
/// tokens that can meet at all then do meet (tests/verify holds this against `all`); elsewhere all orders.
enum class Order : std::uint8_t { enough, all };

void check_soundness(const Scope& scope, const Bounds& bounds, Order order, Effort& effort, Findings& findings);

// quantities.cpp
/// Whether an activity of the scope begins with several tokens, or leaves several. Its token game is not played then.
[[nodiscard]] bool has_quantities(const Scope& scope);
/// SB0410 where fewer tokens can come than an activity begins with, or some are left before it; else SB0419 (a warning): what was not checked.
void check_quantities(const Scope& scope, Findings& findings);

}  // namespace switchboard::verify
