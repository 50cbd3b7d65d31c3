// What a Decision holds. Private to room feel.
#pragma once

#include <optional>

#include "base/word_table.hpp"
#include "feel/decision.hpp"

namespace switchboard::feel {

/// For one column of a table: which rules can still hit when the input is a certain text (called a word here). Known from the cells that list string
/// literals and nothing else; a rule with any other cell in this column can always hit.
class WordIndex {
 public:
  static constexpr std::size_t most_columns = 64;

  /// For column `column` of the table; nothing when no cell lists words only, so that no rule could ever be left out.
  [[nodiscard]] static std::optional<WordIndex> make(const DecisionTable& table, std::size_t column);
  /// `rules` has one bit for every rule: clears those whose cell lists words and not this one.
  void narrow(const std::string& word, std::span<std::uint64_t> rules) const;
  /// Whether the cell of this rule lists words only, so that `narrow` has tested it and nobody else needs to.
  [[nodiscard]] bool decides(std::size_t rule) const { return (others_[rule / 64] >> rule % 64 & 1) == 0; }
  [[nodiscard]] std::size_t column() const { return column_; }

 private:
  using Bits = std::vector<std::uint64_t>;
  std::size_t column_ = 0;
  std::vector<std::pair<std::string, Bits>> words_;  ///< sorted
  WordTable places_;                                 ///< of the words
  Bits others_;                                      ///< rules whose cell is anything but a list of words
};

/// Slots of every program in the table: the parameters, then the values of those inputs that are more than a parameter's name.
struct Decision::Impl {
  struct Test {
    std::uint32_t column = 0;
    bool in_words = false;  ///< an index decides it when the input is a word
    Program cell;
  };
  struct Rule {
    std::vector<Test> in;  ///< without the cells that take any value
    std::vector<Program> out;
  };
  DecisionTable table;
  std::vector<Program> inputs;
  std::vector<std::uint32_t> input_slots;  ///< `?` of every column
  std::size_t slots = 0;
  std::vector<Program> allowed;   ///< empty: everything
  std::vector<Program> defaults;  ///< empty: none
  std::vector<List> priorities;   ///< by output, the most wanted value first; empty: none given
  std::vector<Rule> rules;
  std::vector<WordIndex> indexes;  ///< of some columns
  std::uint32_t test_locals = 0;   ///< the most that a rule's test needs
};

}  // namespace switchboard::feel
