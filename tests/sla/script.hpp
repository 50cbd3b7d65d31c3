// Scripts over one clock, in a working week of China in early 2026 (Spring Festival 15 to 23 February, make-up days 14 and 28 February):
//
//   within 3 bd                      before the start: the budget; `mark 80%`, `mark 1 bd left`, `mark breach skip`; `mean`
//   03-02T10:00 start                also: start from 02-27T09:00
//   03-03T09:00 pause                resume, stop, cancel, rederive 5 bd
//   03-05T00:00 fires 80%, breach    every mark due until then fires; exactly these, in this order ("-" for none)
//   03-05T00:00 is due 03-06T00:00   one property of the reading or ledger
#pragma once

#include <string>
#include <string_view>

#include "calendar/calendar.hpp"

namespace switchboard::sla::testing {

/// The calendar of the scripts; years beyond 2026 are provisional.
[[nodiscard]] calendar::CalendarPtr china();
/// Local time of the scripts: `MM-DDTHH:MM[:SS]` in 2026, or with a year.
[[nodiscard]] Instant local(std::string_view text);
/// Runs a script and reports each line that does not hold, through doctest.
void run(std::string_view script);

}  // namespace switchboard::sla::testing
