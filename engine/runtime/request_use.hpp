// What a request id was used for. Kept behind the answer, so that the same id under another command is refused instead of answered with something
// else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/command.hpp"
#include "switchboard/base/error.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::runtime {

using CommandBody = decltype(core::Command::what);

/// What a request id was used for; without a command: nothing that is compared.
struct RequestUse {
  std::string command, of;   ///< "complete", "i-17.5"
  std::int64_t content = 0;  ///< seal over what was given with it
  std::string element;       ///< path, of a command on work
};

/// Of a command on one case. Who does it, and why, is not part of it.
[[nodiscard]] RequestUse use_of(core::InstanceKey instance, const CommandBody& what);
/// Of a command that finds its case itself. `content`: whatever else was said.
[[nodiscard]] RequestUse use_of(std::string_view command, std::string_view of, const Value& content);

/// `answer` with `use` behind it; without a use, as it is.
[[nodiscard]] std::string with_use(std::string answer, const RequestUse& use);
/// What the request was used for; nothing for an answer of a version that did not keep it.
[[nodiscard]] std::optional<RequestUse> use_in(std::string_view answer);
/// SB0546 (conflict) when the request was used for something else than `use`.
[[nodiscard]] Result<void> same_use(std::string_view answer, const RequestUse& use);

}  // namespace switchboard::runtime
