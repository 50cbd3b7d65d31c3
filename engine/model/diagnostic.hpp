// What a compiler for processes says: where, which rule, what was expected, what to do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::model {

/// A place in a text: 1-based line and column (column counts Unicode code points). 0 means unknown.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

enum class Severity : std::uint8_t { error, warning, advice };
[[nodiscard]] std::string_view to_string(Severity s) noexcept;

/// One finding. `rule` is stable and has a section in docs/rules.md.
struct Diagnostic {
  std::string rule;  ///< "SB0107"
  Severity severity = Severity::error;
  std::string file;
  Position at;
  std::string element;               ///< id of the element (path for nested: `sub/inner`), may be empty
  std::string message;               ///< what is wrong and what was expected
  std::string hint;                  ///< the remedy, nearest name
  std::vector<std::string> related;  ///< further elements involved (a witness path)

  /// "file:line:column: error SB0107 [element]: message (hint)".
  [[nodiscard]] std::string text() const;
};

using Diagnostics = std::vector<Diagnostic>;
[[nodiscard]] bool has_errors(const Diagnostics& all) noexcept;
/// Sorted by file, position, rule; duplicates removed.
void sort_and_unique(Diagnostics& all);
/// The name in `names` nearest to `wanted` when it is near enough to be a typo, else empty.
[[nodiscard]] std::string nearest_name(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace switchboard::model
