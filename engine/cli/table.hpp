// Columns for people: aligned by what a terminal shows, so that Chinese titles line up.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::cli {

/// Terminal columns of a text that may hold colours.
[[nodiscard]] std::size_t display_width(std::string_view utf8);

/// Rows of texts under titles. `text()` ends every line with a line end; trailing blanks are not written.
class Table {
 public:
  explicit Table(std::vector<std::string> titles) : titles_(std::move(titles)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string text() const;

 private:
  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

/// A column's title in `language` ("zh" or "en"): "due" -> "到期". Titles without a translation stay as they are.
[[nodiscard]] std::string title(std::string_view key, std::string_view language);
[[nodiscard]] std::vector<std::string> titles(const std::vector<std::string_view>& keys, std::string_view language);

}  // namespace switchboard::cli
