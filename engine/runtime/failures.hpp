// Whose a failure is. What one member causes (too large, damaged, refused) is that member's, and the others go on; what fails for everybody stops.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "store/store.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::runtime {

/// The file, the disk, the clock or an observer fails, whatever is to be written.
[[nodiscard]] inline bool is_everybodys(const Error& error) {
  constexpr std::array<std::string_view, 9> ids = {"SB0602", "SB0604", "SB0605", "SB0606", "SB0607", "SB0608", "SB0553", "SB0557", "SB0559"};
  return std::find(ids.begin(), ids.end(), error.id) != ids.end();
}

/// Of a row, or something made of rows, that cannot be read: not what was written, or written by a newer version. The rest of the store is not
/// concerned.
[[nodiscard]] inline bool is_damage(const Error& error) {
  return error.id == "SB0603" || error.id == "SB0610" || error.id == "SB0543" || error.id == store::newer_form;
}

}  // namespace switchboard::runtime
