// The one rule for texts that come in from outside, in every language: UTF-8, no control characters, at most a stated number of bytes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "switchboard/base/error.hpp"

namespace switchboard {

enum class TextKind : std::uint8_t {
  name,   ///< one line of at most limits::name_bytes: a case number, an id, a key, the name of a person, a group or a thing
  prose,  ///< tabs and line ends too, at most limits::prose_bytes: a reason, a note, the message of a failure
};

/// SB0560 (invalid) when `text` breaks the rule; `what` names it in the message ("the case number").
[[nodiscard]] Result<void> check_text(std::string_view what, std::string_view text, TextKind kind);

/// `text` so that it obeys the rule: what is no UTF-8 or a control character becomes U+FFFD, and too much is cut off. For texts that nobody could be
/// asked to mend: what a handler or an adapter threw.
[[nodiscard]] std::string made_plain(std::string_view text, TextKind kind);

}  // namespace switchboard
