// Regular expressions of XPath and XQuery functions 3.1 (5.6), which DMN 1.5 uses for matches, replace and split. Private to room feel.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "feel/unicode.hpp"

namespace switchboard::feel {

/// A compiled pattern. Matching takes time in proportion to pattern size times text length (a state is never visited twice); only patterns
/// with back references may need more, and those spend the caller's budget until it is used up.
class Regex {
 public:
  /// Byte offsets; group 0 is the whole match. A group that took no part is {npos, npos}.
  struct Span {
    std::size_t begin = std::string_view::npos;
    std::size_t end = std::string_view::npos;
    [[nodiscard]] bool matched() const { return begin != std::string_view::npos; }
  };
  using Groups = std::vector<Span>;
  /// Asked for steps; false stops the search.
  using Budget = std::function<bool(std::size_t)>;
  enum class Outcome : std::uint8_t { no, yes, stopped };

  /// The pattern, or what is wrong with it. Flags: s m i x q.
  static std::variant<Regex, std::string> compile(std::string_view pattern, std::string_view flags);

  /// Shows every match from left to right, not overlapping, leftmost by XPath's priorities, until `on_match` returns false.
  /// `yes` when there was one.
  [[nodiscard]] Outcome each(std::string_view text, const std::function<bool(const Groups&)>& on_match, const Budget& budget) const;
  [[nodiscard]] std::size_t groups() const { return group_count_; }

 private:
  friend class RegexParser;
  friend class RegexSearch;
  enum class Op : std::uint8_t { set, split, jump, save, line_start, line_end, text_start, text_end, back_reference, mark, progress, match };
  struct Instruction {
    Op op = Op::match;
    std::uint32_t x = 0;
    std::uint32_t y = 0;
  };
  std::vector<Instruction> code_;
  std::vector<CharSet> sets_;
  std::size_t group_count_ = 1;
  std::size_t mark_count_ = 0;
  bool ignore_case_ = false;
  bool back_references_ = false;
};

}  // namespace switchboard::feel
