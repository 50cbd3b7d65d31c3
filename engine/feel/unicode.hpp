// Unicode data: general categories, case mappings, sets of code points. No locale is asked, so results are the same everywhere. Private to feel.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::feel {

struct CaseRun {
  char32_t first;
  char32_t last;
  std::uint32_t step;
  std::int32_t delta;
};

// The tables (unicode_tables.cpp, generated).
[[nodiscard]] std::span<const std::uint32_t> unicode_category_runs();
[[nodiscard]] std::span<const CaseRun> unicode_upper_runs();
[[nodiscard]] std::span<const CaseRun> unicode_lower_runs();

[[nodiscard]] char32_t to_upper(char32_t c);  ///< simple mapping: one code point to one
[[nodiscard]] char32_t to_lower(char32_t c);
/// Whether two characters differ in case only: their upper or their lower cases are the same (XPath F&O 3.1, 5.6.1.1). Symmetric.
[[nodiscard]] bool is_case_variant(char32_t a, char32_t b);
/// The others that differ from `c` only in case.
[[nodiscard]] std::span<const char32_t> case_variants(char32_t c);
[[nodiscard]] std::string to_upper(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);

/// A set of code points as sorted, disjoint ranges.
class CharSet {
 public:
  struct Range {
    char32_t first;
    char32_t last;
  };
  void add(char32_t first, char32_t last);
  void add(const CharSet& other);
  void remove(const CharSet& other);
  void complement();
  /// Adds what differs from a member only in case.
  void add_case_variants();
  [[nodiscard]] bool contains(char32_t c) const;

 private:
  void normalize() const;
  mutable std::vector<Range> ranges_;
  mutable bool sorted_ = true;

 public:
  /// To be called once before contains() is used from several threads.
  void freeze() const { normalize(); }
};

/// All code points of a general category (`Lu`) or a group of them (`L`); nullopt when there is no such name.
[[nodiscard]] std::optional<CharSet> category_set(std::string_view name);
/// The code points of a block by XML Schema's name (`IsBasicLatin`); nullopt when unknown.
[[nodiscard]] std::optional<CharSet> block_set(std::string_view name);

}  // namespace switchboard::feel
