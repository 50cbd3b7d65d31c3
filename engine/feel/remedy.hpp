// What to write instead: remedies for problems that come from habits of other languages, keyboards and notations.
#pragma once

#include <string>
#include <string_view>

#include "feel/feel.hpp"

namespace switchboard::feel {

/// What to do about a problem of `text`, from what is written there; empty when nothing is known. Does not look at `problem.hint`.
[[nodiscard]] std::string remedy_of(std::string_view text, const Problem& problem);

/// The first full-width sign outside of strings that FEEL has in ASCII (a comma, a bracket, a quotation mark of a Chinese keyboard), as a sentence
/// that says what to write; empty when there is none.
[[nodiscard]] std::string wide_sign_in(std::string_view text);

/// What is wrong with a text that has the form of a date and is none: "February 2026 has 28 days". Empty when it has another form, or exists.
[[nodiscard]] std::string no_such_day(std::string_view text);

/// The name is a keyword or a built-in function: an expression that says it means FEEL's own.
[[nodiscard]] bool names_own(std::string_view name);

}  // namespace switchboard::feel
