// What a repeated request is answered with: an answer as bytes and back. Compact, never shown to people.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "switchboard/engine.hpp"

namespace switchboard::runtime {

[[nodiscard]] std::string answer_bytes(const CaseInfo& info);
[[nodiscard]] std::string answer_bytes(const WorkInfo& info);
[[nodiscard]] std::string answer_bytes(std::size_t count);

/// Reads an answer, also in the forms of earlier versions; SB0546 (conflict) when the request_id belongs to another sort of command.
template <class T>
[[nodiscard]] Result<T> read_answer(std::string_view bytes);
template <>
[[nodiscard]] Result<CaseInfo> read_answer<CaseInfo>(std::string_view bytes);
template <>
[[nodiscard]] Result<WorkInfo> read_answer<WorkInfo>(std::string_view bytes);
template <>
[[nodiscard]] Result<std::size_t> read_answer<std::size_t>(std::string_view bytes);

}  // namespace switchboard::runtime
