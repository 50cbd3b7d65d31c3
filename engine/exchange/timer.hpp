// When a timer of BPMN fires: ISO 8601, or an expression. Private to room exchange.
#pragma once

#include <string>
#include <string_view>

#include "model/process.hpp"

namespace switchboard::exchange {

/// What is wrong with the text of `element` (timeDate, timeDuration, timeCycle); empty when nothing is.
[[nodiscard]] std::string timer_problem(std::string_view element, std::string_view text);

/// The timer that the text means; `problem` says why there is none.
[[nodiscard]] model::TimerDefinition timer_of(std::string_view element, std::string_view text, std::string_view language, Position at,
                                              std::string& problem);

}  // namespace switchboard::exchange
