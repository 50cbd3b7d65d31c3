// Functions and words of other languages, and FEEL's own for them. Private to room feel.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace switchboard::feel {

/// What FEEL has for a function, or a field of a value, that others have: `len`, `isNull`, `toUpperCase`; empty when nothing is known.
[[nodiscard]] std::string_view foreign_function(std::string_view name);

/// What FEEL has for a word that stands where an operator or an expression is expected: `like`, `return`, `then`; empty when nothing is known.
[[nodiscard]] std::string_view foreign_word(std::string_view word);

/// The sides of `5-10`, two numbers with a sign for "to" between them: a calculation with one result, and hardly ever what somebody means.
[[nodiscard]] std::optional<std::pair<std::string_view, std::string_view>> range_with(std::string_view middle, std::string_view text);

/// What to write for a cell of a decision table that others read as a test: `*`, `else`, `5..10`, `> 5 and < 10`; empty when nothing is known.
[[nodiscard]] std::string foreign_test(std::string_view text);

/// What to write for the text of a date, a time, an instant or a duration that FEEL does not read: `01.03.2026`, `8:00`, `2 h`; empty when nothing
/// is known.
[[nodiscard]] std::string foreign_literal(std::string_view text);

}  // namespace switchboard::feel
