// The table of records that the command line shows: which columns, in which order and under which headings is said by the description of the record
// (switchboard/records.hpp). A verb says only what it shows otherwise than by its type.
#pragma once

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/answers.hpp"
#include "cli/output.hpp"
#include "cli/table.hpp"
#include "cli/words.hpp"

namespace switchboard::cli {

// A field as a cell, by its type.
inline std::string cell_of(const std::string& text, const std::string&) { return text; }
inline std::string cell_of(const std::vector<std::string>& texts, const std::string&) { return join(texts); }
inline std::string cell_of(const Value& value, const std::string&) { return pairs(value, 160); }
inline std::string cell_of(Instant at, const std::string& zone) { return shown_time(at, zone); }
inline std::string cell_of(Duration d, const std::string&) { return short_duration(d); }
inline std::string cell_of(bool yes, const std::string&) { return yes ? "yes" : ""; }
inline std::string cell_of(double number, const std::string&) { return to_json(switchboard::cli::number(number)); }
template <std::integral T>
requires(!std::same_as<T, bool>) std::string cell_of(T number, const std::string&) { return std::to_string(number); }
template <class T>
std::string cell_of(const std::optional<T>& value, const std::string& zone) {
  return value ? cell_of(*value, zone) : std::string();
}

template <class R>
class RecordTable {
 public:
  using Cell = std::function<std::string(const R& record, const std::string& zone)>;

  explicit RecordTable(std::string language) : language_(std::move(language)) {
    Described<R>::visit(*this);
    std::sort(columns_.begin(), columns_.end(), [](const Column& a, const Column& b) { return a.place < b.place; });
  }

  /// Shows field `name` so.
  RecordTable& show(std::string_view name, Cell cell) {
    const auto column = std::find_if(columns_.begin(), columns_.end(), [&](const Column& c) { return c.name == name; });
    if (column != columns_.end()) column->cell = std::move(cell);
    return *this;
  }

  /// Leaves these fields out.
  RecordTable& without(const std::vector<std::string_view>& names) {
    std::erase_if(columns_, [&](const Column& c) { return std::find(names.begin(), names.end(), c.name) != names.end(); });
    return *this;
  }

  /// `zone_of` gives the zone of a record's instants.
  template <class ZoneOf>
  [[nodiscard]] std::string text(const std::vector<R>& all, const ZoneOf& zone_of) const {
    std::vector<std::vector<std::string>> rows;
    for (const R& record : all) {
      const std::string& zone = zone_of(record);
      std::vector<std::string>& row = rows.emplace_back();
      for (const Column& c : columns_) row.push_back(is_damaged(record) && !c.known ? (c.optional ? "" : "-") : c.cell(record, zone));
    }
    std::vector<std::string_view> headings;
    for (std::size_t i = columns_.size(); i-- > 0;) {
      const bool is_bare = std::all_of(rows.begin(), rows.end(), [&](const auto& row) { return row[i].empty(); });
      if (columns_[i].optional && is_bare)
        for (auto& row : rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
      else
        headings.insert(headings.begin(), columns_[i].heading);
    }
    Table table(titles(headings, language_));
    for (auto& row : rows) table.add(std::move(row));
    return table.text();
  }

  // For Described<R>::visit.
  template <class T, class Owner>
  void operator()(std::string_view name, T Owner::*member, std::string_view /*meaning*/, const Look& look = {}) {
    if (look.column == 0) return;
    const auto cell = [member, language = language_](const R& record, const std::string& zone) {
      if constexpr (Worded<T>)
        return word_in(record.*member, language);
      else
        return cell_of(record.*member, zone);
    };
    columns_.push_back({look.column, name, look.heading.empty() ? name : look.heading, cell, look.known, look.optional});
  }

 private:
  struct Column {
    std::size_t place = 0;
    std::string_view name, heading;
    Cell cell;
    bool known = false;     ///< also of a damaged row
    bool optional = false;  ///< left out when nothing stands in it
  };
  std::string language_;
  std::vector<Column> columns_;
};

}  // namespace switchboard::cli
