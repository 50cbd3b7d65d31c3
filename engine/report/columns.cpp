// A report as a value and as CSV: one list of columns for both.
#include <fmt/format.h>

#include <array>
#include <utility>

#include "switchboard/report.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::report {

namespace {

/// Rounded to a billionth: what is behind that is noise of binary floats.
Value number(double d) { return json_number(d, 9); }
Value number(const std::optional<double>& d) { return d ? number(*d) : Value(); }
Value whole(std::uint64_t n) { return static_cast<std::int64_t>(n); }

/// Of the one clock of an average in the group; nothing when there are several.
std::optional<double> average_percent(const PromiseFigures& f) {
  return f.averages.size() == 1 ? std::optional(f.averages.begin()->second.percent()) : std::nullopt;
}

Context columns_of(const PromiseFigures& f) {
  return {{"rounds", whole(f.rounds)},
          {"finished", whole(f.finished)},
          {"open", whole(f.open)},
          {"cancelled", whole(f.cancelled)},
          {"kept", whole(f.kept)},
          {"broken", whole(f.broken)},
          {"kept_share", number(f.kept_share())},
          {"lateness_mean_seconds", number(f.lateness_mean_seconds())},
          {"lateness_max_seconds", f.broken == 0 ? Value() : number(f.lateness_max.to_seconds())},
          {"elapsed_mean_bd", number(f.elapsed_mean("bd"))},
          {"elapsed_mean_bh", number(f.elapsed_mean("bh"))},
          {"elapsed_mean_h", number(f.elapsed_mean("h"))},
          {"averages_kept", whole(f.averages_kept())},
          {"averages_broken", whole(f.averages_broken())},
          {"average_percent", number(average_percent(f))},
          {"provisional", whole(f.provisional)},
          {"changed", whole(f.changed)}};
}

bool names_clocks(const PromiseReport& report) {
  for (const std::string& key : report.by) {
    if (key == "clock") return true;
  }
  return false;
}

Context row_of(const PromiseReport& report, const PromiseRow& row) {
  Context all;
  for (std::size_t i = 0; i < report.by.size(); ++i) all.append_new(report.by[i], row.keys[i].empty() ? Value() : Value(row.keys[i]));
  if (names_clocks(report)) all.append_new("name", row.name);
  const Context columns = columns_of(row.figures);
  for (const auto& [name, value] : columns.entries()) all.append_new(name, value);
  return all;
}

std::string field(const Value& value) {
  std::string text = value.is_null() ? std::string() : to_display(value);
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

Value to_value(const PromiseReport& report) {
  List by, rows;
  for (const std::string& key : report.by) by.emplace_back(key);
  for (const PromiseRow& row : report.rows) rows.emplace_back(row_of(report, row));
  List damaged;
  for (const std::string& what : report.damaged) damaged.emplace_back(what);
  return Context{{"by", std::move(by)}, {"rows", std::move(rows)}, {"total", columns_of(report.total)}, {"damaged", std::move(damaged)}};
}

std::string to_csv(const PromiseReport& report) {
  // The titles are the names of a row, and stay so when there is none.
  const PromiseRow no_row{std::vector<std::string>(report.by.size()), {}, {}};
  const Context titles = row_of(report, no_row);
  std::string text;
  for (const auto& [name, value] : titles.entries()) text += (text.empty() ? "" : ",") + field(name);
  text += "\r\n";
  for (const PromiseRow& row : report.rows) {
    const Context values = row_of(report, row);
    bool is_first = true;
    for (const auto& [name, value] : values.entries()) text += (std::exchange(is_first, false) ? "" : ",") + field(value);
    text += "\r\n";
  }
  return text;
}

}  // namespace switchboard::report
