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
[[nodiscard]] Error outbox_is_taken();                    ///< SB0615
[[nodiscard]] Error no_such_outbox(std::uint64_t id);     ///< SB0613
/// SB0603: bytes that are not what was written.
[[nodiscard]] Error damaged(std::string place, std::string_view what);

}  // namespace switchboard::store
