// What cases are found by: the texts of the data that their process declares `search: true`, folded so that the same thing written in two ways is
// one (docs/language.md, "What cases are found by"). Pure.
#pragma once

#include <compare>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "core/core.hpp"

namespace switchboard::store {

/// Longer texts are found by so many bytes of their beginning.
inline constexpr std::size_t most_searched_bytes = 200;

/// `text` as it is filed and looked for: without blanks around it, Latin letters small, full-width letters, digits and signs as their ASCII ones,
/// each run of blanks as one, and blanks and dashes between two digits, or behind a last digit, left out. What begins a text begins what it is folded
/// to.
[[nodiscard]] std::string folded(std::string_view text);

/// One text that a case is found by.
struct Searched {
  std::string name;   ///< of the data
  std::string value;  ///< folded, not empty
  friend auto operator<=>(const Searched&, const Searched&) = default;
};
/// All of a case, ascending, each once.
[[nodiscard]] std::vector<Searched> searched_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance);

/// What was asked for. A text that ends with `*` means every text that begins so.
struct SearchTerm {
  std::string name{};   ///< of the data; empty: any, and the case number and the customer number as they are written
  std::string text{};   ///< as it was typed, without the star
  bool prefix = false;  ///< it ended with a star
  friend bool operator==(const SearchTerm&, const SearchTerm&) = default;
};

}  // namespace switchboard::store
