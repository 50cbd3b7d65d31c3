// FEEL names in text: several words and symbols, compared without regard to white space. DMN 1.5, 10.3.1.2, rules 25 to 30. Private to room feel.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace switchboard::feel {

/// Skips white space and comments.
void skip_space(std::string_view text, std::size_t& at);

/// True when `name` stands in `text` at `at` (leading space skipped); then `at` moves behind it. White space between the parts of a name does
/// not matter, but a word must end where the name's word ends.
[[nodiscard]] bool match_name(std::string_view text, std::size_t& at, std::string_view name);

/// One word: a name start and its name parts. Empty when there is none at `at`.
[[nodiscard]] std::string_view word_at(std::string_view text, std::size_t at);

/// A name that is being introduced (context key, parameter, loop variable): words, digits and name symbols up to anything else, in canonical
/// spelling (one space between words, none around symbols). Keywords `in` and a symbol that begins `->` end it. Empty when there is none.
[[nodiscard]] std::string read_new_name(std::string_view text, std::size_t& at);

/// The canonical spelling of a name.
[[nodiscard]] std::string canonical_name(std::string_view name);

[[nodiscard]] bool is_keyword(std::string_view word);

}  // namespace switchboard::feel
