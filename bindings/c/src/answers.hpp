// What goes out through the C door: the engine's answers as JSON values (switchboard/answers.hpp), and counts.
#pragma once

#include <cstdint>

#include "switchboard/answers.hpp"

namespace switchboard::c {

using switchboard::to_value;
[[nodiscard]] inline Value count(std::size_t n) { return Context{{"count", static_cast<std::int64_t>(n)}}; }

}  // namespace switchboard::c
