// What every room needs of texts: whether they are UTF-8, and which name somebody most likely meant.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// A code point that was read from a text.
struct CodePoint {
  char32_t value = 0;
  std::size_t length = 0;  ///< bytes; 0: what stands there is not UTF-8, or nothing stands there
};
/// The code point at byte `at` (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
[[nodiscard]] CodePoint decode_utf8(std::string_view text, std::size_t at) noexcept;
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

/// How many letters must be changed, added, left out or exchanged with their neighbour (optimal string alignment, in bytes); `bound` + 1 when it is
/// more than `bound`.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t bound);

/// The name in `names` nearest to `wanted` when it is near enough to be a typo, else empty.
[[nodiscard]] std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

/// A path of nodes without the numbers of instances: `house/room` for `house[2]/room[1]`.
[[nodiscard]] std::string without_numbers(std::string_view path);
/// Whether `name` means the node of `path`, with or without the number of each instance: `house/room` and `house[2]/room` mean `house[2]/room[1]`.
[[nodiscard]] bool is_path_of(std::string_view name, std::string_view path);

}  // namespace switchboard
