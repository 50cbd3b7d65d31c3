// Columns for people: aligned by what a terminal shows, so that Chinese titles line up.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace switchboard::cli {

/// Terminal columns of a text that may hold colours.
[[nodiscard]] std::size_t display_width(std::string_view utf8);

/// `text` cut to `width` columns, with ".." at its end when it was longer; colours stay whole.
[[nodiscard]] std::string cut(std::string_view text, std::size_t width);

/// Rows of texts under titles. `text()` ends every line with a line end; trailing blanks are not written.
class Table {
 public:
  explicit Table(std::vector<std::string> titles) : titles_(std::move(titles)) {}
  /// Control characters in a cell are not passed on, but for colours.
  void add(std::vector<std::string> row);
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::string text() const;
  /// The same in at most `width` terminal columns. Columns without content are left out, then the widest give way first, those numbered in `firm`
  /// only when the others have; what does not fit is cut.
  [[nodiscard]] std::string text(std::size_t width, const std::vector<std::size_t>& firm) const;

 private:
  [[nodiscard]] std::vector<std::size_t> widths() const;
  [[nodiscard]] std::string written(const std::vector<std::size_t>& widths) const;

  std::vector<std::string> titles_;
  std::vector<std::vector<std::string>> rows_;
};

/// A column's title in `language` ("zh" or "en"): "due" -> "到期". Titles without a translation stay as they are.
[[nodiscard]] std::string title(std::string_view key, std::string_view language);
[[nodiscard]] std::vector<std::string> titles(const std::vector<std::string_view>& keys, std::string_view language);

}  // namespace switchboard::cli
