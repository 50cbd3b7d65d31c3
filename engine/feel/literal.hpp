// Values written as text: @"...". Private to room feel.
#pragma once

#include <string_view>

#include "switchboard/value/value.hpp"

namespace switchboard::feel {

/// A date, date and time, time or duration; null when the text is none of them.
[[nodiscard]] Value parse_at_literal(std::string_view text);

}  // namespace switchboard::feel
