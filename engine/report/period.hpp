// Periods of the civil calendar, as texts that sort in their order. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "switchboard/base/time.hpp"

namespace switchboard::report {

enum class Period { day, week, month, quarter, year };

/// "day" ... "year"; nothing for another word.
[[nodiscard]] std::optional<Period> period_of(std::string_view word);
/// The period that `at` lies in, by the local date in `zone` (IANA name; UTC when it is unknown): "2026-03-02", "2026-W10" (ISO 8601), "2026-03",
/// "2026-Q1", "2026".
[[nodiscard]] std::string name_of(Period period, Instant at, std::string_view zone);

}  // namespace switchboard::report
