// What is said about a text: which rule, about what, where, what was expected, what to do.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard {

/// A place in a text: 1-based line and column (column counts Unicode code points). 0 means unknown.
struct Position {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  friend auto operator<=>(const Position&, const Position&) = default;
};

enum class Severity : std::uint8_t { error, warning, advice };
[[nodiscard]] std::string_view to_string(Severity s) noexcept;

/// What sort of thing a finding is about. The words (`to_string`) are those of the language and of JSON.
enum class SubjectKind : std::uint8_t {
  none,           ///< not said
  process,        ///< a process, or an overlay over one
  calendar,       ///< working days and hours
  decision,       ///< a decision table
  test,           ///< a test suite
  scenario,       ///< a scenario of the simulator
  contract,       ///< what another system sends and takes
  collaboration,  ///< pools and what they send each other
  registers,      ///< a register: what is known by key
  node,           ///< an element of a process
  lane,           ///< a lane of a process
  data,           ///< a data item of a process
  message,        ///< a declared message
  signal,         ///< a declared signal
  error,          ///< a declared error
  escalation,     ///< a declared escalation
  clock,          ///< a promise clock
  feedback,       ///< a feedback of a process
  name,           ///< a name in an expression
  function,       ///< a function in an expression
  organisations,  ///< the tree of a company
  unit,           ///< a unit of it
};
[[nodiscard]] std::string_view to_string(SubjectKind kind) noexcept;

/// The thing that a finding is about. Decisions about findings (is this one a consequence of that one?) are made with it, never with the wording.
struct Subject {
  SubjectKind kind = SubjectKind::none;
  std::string name;
  bool is_missing = false;  ///< the finding says that there is nothing of that kind and name
  friend auto operator<=>(const Subject&, const Subject&) = default;
};
/// "There is no `name`."
[[nodiscard]] inline Subject missing(SubjectKind kind, std::string_view name) { return {kind, std::string(name), true}; }

/// One finding. `rule` is stable and has a section in docs/rules.md. Plain value.
struct Finding {
  std::string rule;  ///< "SB0107"
  Severity severity = Severity::error;
  std::string file;
  Position at;
  std::string element;               ///< id of the element (path for nested: `sub/inner`), may be empty
  std::string message;               ///< what is wrong and what was expected
  std::string hint;                  ///< the remedy, nearest name
  std::vector<std::string> related;  ///< further elements involved (a witness path)
  Subject subject = {};              ///< what it is about, where that is said

  /// "file:line:column: error SB0107 [element]: message (hint)".
  [[nodiscard]] std::string text() const;

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// Whether one of `all` is an error, as against a warning or advice.
[[nodiscard]] bool has_errors(const std::vector<Finding>& all) noexcept;
/// Sorted by file, position, rule; duplicates removed.
void sort_and_unique(std::vector<Finding>& all);

}  // namespace switchboard
