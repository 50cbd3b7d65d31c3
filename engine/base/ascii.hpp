// Characters of the forms that standards write in ASCII: numbers, dates, durations. Independent of any locale.
#pragma once

namespace switchboard {

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

}  // namespace switchboard
