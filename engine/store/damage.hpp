// The refusals of room store in one place, so that every store says the same words.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "store/store.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::store {

[[nodiscard]] Error version_stale(const Change& change);  ///< SB0611
[[nodiscard]] Error request_known(const Change& change);  ///< SB0612
[[nodiscard]] Error number_taken(const Change& change);   ///< SB0507
[[nodiscard]] Error no_such_outbox(std::uint64_t id);     ///< SB0613
[[nodiscard]] Error has_not_failed(std::uint64_t id);     ///< SB0563
[[nodiscard]] std::string_view word_of(KeptRow::State state);
[[nodiscard]] std::optional<KeptRow::State> kept_state_of_word(std::string_view word);
/// Whether what is to become of a message can become of one in this state.
[[nodiscard]] bool can_end(KeptRow::State state, KeptEnd::Outcome outcome);
[[nodiscard]] Error read_only_store(std::string path);  ///< SB0607
/// SB0603: bytes that are not what was written.
[[nodiscard]] Error damaged(std::string place, std::string_view what);

/// Why a record failed, or is tried again, whose deliverer never answered.
inline constexpr std::string_view never_answered = "the adapter had not answered when its lease ran out";
/// What is kept of a record that an operator dropped.
[[nodiscard]] std::string error_of_dropped(std::string_view last, std::string_view by_whom_and_why);

}  // namespace switchboard::store
