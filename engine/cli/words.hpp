// Words of the command line: arguments that only look like options.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "switchboard/words.hpp"

namespace switchboard::cli {

/// The word of a value in a table for people.
template <Worded E>
[[nodiscard]] std::string word_in(E value, std::string_view language) {
  if constexpr (requires { WordsOf<E>::zh; }) {
    if (language == "zh") return std::string(WordsOf<E>::zh[static_cast<std::size_t>(value)]);
  }
  return std::string(to_string(value));
}

/// "a, b, c".
[[nodiscard]] std::string join(const std::vector<std::string>& words);

/// In place of the due instant of a clock that nobody knows it of.
/// The last line of a page: how the list goes on.
[[nodiscard]] std::string next_page(std::string_view cursor, std::string_view language);
[[nodiscard]] std::string on_hold(std::string_view language);

/// What a promise was taken from: table and row, source and edition, and whether nobody has checked it; what is empty is left out.
[[nodiscard]] std::string promised_by(const std::string& table, std::uint32_t row, const std::string& source, const std::string& edition,
                                      const std::string& unverified);

/// The arguments after the program's name, last first as CLI11 wants them. A FEEL text or number that begins with a minus sign (`-5`, `-x + 1`) gets
/// a blank before it, so that it is not taken for an option; FEEL ignores the blank.
[[nodiscard]] std::vector<std::string> literal_arguments(int argc, const char* const* argv);
/// Without the blank that literal_arguments puts before a minus sign.
[[nodiscard]] std::string as_given(const std::string& argument);

}  // namespace switchboard::cli
