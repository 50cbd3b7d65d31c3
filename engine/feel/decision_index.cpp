// An index of a decision table: most columns hold words (`"arrival"`, `"urban", "rural"`), and most rules are ruled out by comparing words.
#include <algorithm>

#include "feel/decision_impl.hpp"

namespace switchboard::feel {

namespace {

constexpr std::size_t word_bits = 64;

void skip_blanks(std::string_view& text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t' || text.front() == '\n' || text.front() == '\r')) text.remove_prefix(1);
}

/// The words of a cell such as `"a", "b"`; nothing when it says anything else, or a word needs more than reading (escapes).
std::optional<std::vector<std::string>> words_of(std::string_view cell) {
  std::vector<std::string> words;
  for (;;) {
    skip_blanks(cell);
    if (!cell.starts_with('"')) return std::nullopt;
    const std::size_t end = cell.find('"', 1);
    if (end == std::string_view::npos || cell.substr(0, end).find('\\') != std::string_view::npos) return std::nullopt;
    words.emplace_back(cell.substr(1, end - 1));
    cell.remove_prefix(end + 1);
    skip_blanks(cell);
    if (cell.empty()) return words;
    if (!cell.starts_with(',')) return std::nullopt;
    cell.remove_prefix(1);
  }
}

}  // namespace

std::optional<WordIndex> WordIndex::make(const DecisionTable& table, std::size_t column) {
  WordIndex index;
  index.column_ = column;
  index.others_.assign((table.rules.size() + word_bits - 1) / word_bits, 0);
  std::vector<std::optional<std::vector<std::string>>> cells;
  for (const auto& rule : table.rules) {
    cells.push_back(words_of(rule.in[column]));
    if (!cells.back()) continue;
    for (const std::string& word : *cells.back()) index.words_.emplace_back(word, Bits());
  }
  if (index.words_.empty()) return std::nullopt;
  std::sort(index.words_.begin(), index.words_.end());
  index.words_.erase(std::unique(index.words_.begin(), index.words_.end()), index.words_.end());
  for (std::size_t r = 0; r < cells.size(); ++r) {
    if (!cells[r]) index.others_[r / word_bits] |= std::uint64_t{1} << r % word_bits;
  }
  for (auto& [word, bits] : index.words_) bits = index.others_;
  for (std::size_t r = 0; r < cells.size(); ++r) {
    if (!cells[r]) continue;
    for (const std::string& word : *cells[r]) {
      const auto found =
          std::lower_bound(index.words_.begin(), index.words_.end(), word, [](const auto& w, const std::string& s) { return w.first < s; });
      found->second[r / word_bits] |= std::uint64_t{1} << r % word_bits;
    }
  }
  index.places_ =
      WordTable(static_cast<std::uint32_t>(index.words_.size()), [&](std::uint32_t i) { return std::string_view(index.words_[i].first); });
  return index;
}

void WordIndex::narrow(const std::string& word, std::span<std::uint64_t> rules) const {
  const std::uint32_t found = places_.find(word, [this](std::uint32_t i) { return std::string_view(words_[i].first); });
  const Bits& left = found != WordTable::npos ? words_[found].second : others_;
  for (std::size_t i = 0; i < rules.size(); ++i) rules[i] &= left[i];
}

}  // namespace switchboard::feel
