// Text -> syntax tree. Private to room feel.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "feel/feel.hpp"
#include "feel/syntax.hpp"

namespace switchboard::feel {

/// Recursive descent over the text itself: in FEEL only the names in scope tell where a name ends, so there is no separate token stream.
/// Stops at the first fault. Bounded by limits::expression_bytes and limits::expression_depth.
class Parser {
 public:
  Parser(std::string_view text, const StaticScope& scope);

  /// The whole text as one expression; nullptr when there is a problem.
  [[nodiscard]] SyntaxPtr expression();
  /// The whole text as unary tests: `-`, `not(...)`, or tests separated by commas.
  [[nodiscard]] SyntaxPtr unary_tests();
  [[nodiscard]] const Problem& problem() const { return problem_; }

 private:
  friend class Nesting;
  struct Match {
    std::string name;
    std::size_t end = 0;
  };

  // parser.cpp: the grammar
  SyntaxPtr any_expression();
  SyntaxPtr disjunction();
  SyntaxPtr conjunction();
  SyntaxPtr comparison();
  SyntaxPtr in_tests(SyntaxPtr value, std::size_t start);
  SyntaxPtr in_tests_of(SyntaxPtr value, std::size_t start);
  SyntaxPtr between(SyntaxPtr value, std::size_t start);
  SyntaxPtr additive();
  SyntaxPtr multiplicative();
  SyntaxPtr exponent();
  SyntaxPtr unary();
  SyntaxPtr instance_of();
  SyntaxPtr postfix();
  SyntaxPtr path(SyntaxPtr base, std::size_t start);
  SyntaxPtr filter(SyntaxPtr base, std::size_t start);
  SyntaxPtr call(SyntaxPtr callee, std::size_t start);
  bool named_arguments(Syntax& call);
  SyntaxPtr positive_test();
  SyntaxPtr positive_operand();
  bool positive_tests(std::vector<SyntaxPtr>& out);
  // parser_primary.cpp: what has no operator in it
  SyntaxPtr primary();
  SyntaxPtr number();
  SyntaxPtr string_literal();
  std::optional<std::string> string_text();
  bool escape(std::string& out);
  bool hex_escape(std::size_t digits, std::string& out);
  SyntaxPtr at_literal();
  SyntaxPtr list_or_range();
  SyntaxPtr open_range();
  SyntaxPtr parenthesis();
  SyntaxPtr range_tail(SyntaxPtr low, bool low_closed, std::size_t start);
  SyntaxPtr unary_range();
  SyntaxPtr context();
  bool context_key(SyntaxEntry& entry);
  SyntaxPtr word();
  SyntaxPtr name();
  SyntaxPtr if_then_else();
  SyntaxPtr for_return();
  SyntaxPtr quantified(SyntaxKind kind);
  bool iterators(Syntax& node);
  SyntaxPtr function();
  bool parameters(Syntax& node);

  // text
  void space();
  [[nodiscard]] bool at_end();
  [[nodiscard]] bool peek(std::string_view symbol);
  [[nodiscard]] bool take(std::string_view symbol);
  [[nodiscard]] bool peek_word(std::string_view keyword);
  [[nodiscard]] bool take_word(std::string_view keyword);
  [[nodiscard]] bool expect(std::string_view symbol, std::string_view where);
  [[nodiscard]] bool expect_word(std::string_view keyword, std::string_view where);
  bool foreign_comparison();
  std::optional<Op> comparison_operator();
  Match longest_user_name();
  Match longest_builtin_name();
  std::string property_name();

  // trees
  SyntaxPtr make(SyntaxKind kind, std::size_t start);
  SyntaxPtr finish(SyntaxPtr node);
  SyntaxPtr binary(SyntaxKind kind, Op op, SyntaxPtr left, SyntaxPtr right, std::size_t start);
  SyntaxPtr fail(std::string message, std::string hint, std::string_view expected = {});
  SyntaxPtr fail_at(std::size_t offset, std::size_t length, std::string id, std::string message, std::string hint);
  [[nodiscard]] std::string found() const;
  void introduce(const std::string& name);

  std::string_view text_;
  const StaticScope& scope_;
  std::size_t at_ = 0;
  std::size_t nesting_ = 0;
  bool no_filter_ = false;                                                 ///< at the high end of a range `[` closes the range
  std::unordered_map<std::string, std::vector<std::string>> scope_names_;  ///< by first word
  std::vector<std::string> locals_;
  std::vector<std::string> fields_;  ///< names of several parts that a path or filter may use
  SyntaxPtr ready_;                  ///< an operand that was read already and that additive() begins with
  Problem problem_;
  bool failed_ = false;
};

/// Counts real nesting for as long as it lives.
class Nesting {
 public:
  explicit Nesting(Parser& parser);
  ~Nesting();
  Nesting(const Nesting&) = delete;
  Nesting& operator=(const Nesting&) = delete;
  [[nodiscard]] bool ok() const { return !parser_.failed_; }

 private:
  Parser& parser_;
  bool filter_;
};

}  // namespace switchboard::feel
