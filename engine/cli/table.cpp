#include "cli/table.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

#include "cli/utf8.hpp"
#include "notation/outline.hpp"
#include "switchboard/records.hpp"

namespace switchboard::cli {

namespace {

constexpr std::size_t gap = 2;  // between columns

// Titles that are no fields of an answer; those are translated in its description (switchboard/records.hpp).
constexpr std::array<std::pair<std::string_view, std::string_view>, 42> chinese{{
    {"still to follow", "待重新推算"},
    {"channels", "渠道"},
    {"data", "数据"},
    {"value", "值"},
    {"field", "字段"},
    {"type", "类型"},
    {"date", "日期"},
    {"year", "年"},
    {"days", "天数"},
    {"broke-at", "超时环节"},
    {"person", "承办人"},
    {"group", "班组"},
    {"audience", "对象"},
    {"company", "供电公司"},
    {"day", "日"},
    {"week", "周"},
    {"month", "月"},
    {"quarter", "季度"},
    {"kept", "兑现"},
    {"broken", "超时"},
    {"share", "兑现率"},
    {"finished", "办结"},
    {"open", "在途"},
    {"cancelled", "撤销"},
    {"late (mean)", "平均超时"},
    {"late (max)", "最长超时"},
    {"used (mean)", "平均用时"},
    {"average", "平均承诺"},
    {"total", "合计"},
    {"outbox", "待发"},
    {"promise", "承诺"},
    {"business", "工作时间"},
    {"breaks next", "即将超时"},
    {"broken and open", "已超时未结"},
    {"open cases", "在途工单"},
    {"work held by", "待办承办"},
    {"incidents", "异常"},
    {"to be told", "待告知"},
    {"messages kept", "保留的消息"},
    {"damaged", "损坏"},
    {"cases", "工单"},
    {"input", "输入"},
}};

/// Looks for the field of an answer that is shown under a title.
struct FieldTitled {
  std::string_view key, found{};
  template <class R>
  void operator()() {
    Described<R>::visit(*this);
  }
  template <class R, class T>
  void operator()(std::string_view name, T R::*, std::string_view /*meaning*/, const Look& look = {}) {
    if (found.empty() && (look.heading.empty() ? name : look.heading) == key) found = look.zh;
  }
};

}  // namespace

// Colours take no room.
std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  for (;;) {
    const std::size_t escape = std::min(utf8.find('\x1b'), utf8.size());
    width += notation::display_width(utf8.substr(0, escape));
    utf8.remove_prefix(escape);
    if (utf8.empty()) return width;
    utf8.remove_prefix(std::min(utf8.find('m'), utf8.size() - 1) + 1);
  }
}

std::string cut(std::string_view text, std::size_t width) {
  if (display_width(text) <= width) return std::string(text);
  constexpr std::string_view dots = "..";
  const std::size_t room = width > dots.size() ? width - dots.size() : 0;
  std::string kept;
  std::size_t used = 0;
  bool coloured = false;
  while (!text.empty()) {
    if (text.front() == '\x1b') {
      const std::size_t end = std::min(text.find('m'), text.size() - 1) + 1;
      kept += text.substr(0, end);
      text.remove_prefix(end);
      coloured = true;
      continue;
    }
    std::string_view rest = text;
    (void)take_code_point(rest);
    const std::string_view one = text.substr(0, text.size() - rest.size());
    used += notation::display_width(one);
    if (used > room) break;
    kept += one;
    text = rest;
  }
  return kept + std::string(dots.substr(0, std::min(width, dots.size()))) + (coloured ? "\x1b[0m" : "");
}

void Table::add(std::vector<std::string> row) {
  for (std::string& cell : row) cell = for_terminal(cell, Colours::keep, LineEnds::drop);
  rows_.push_back(std::move(row));
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widths(titles_.size(), 0);
  const auto measure = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  };
  measure(titles_);
  for (const auto& row : rows_) measure(row);
  return widths;
}

std::string Table::written(const std::vector<std::size_t>& widths) const {
  std::string out;
  const auto write = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i) {
      if (widths[i] == 0) continue;
      const std::string cell = cut(row[i], widths[i]);
      line += cell;
      line.append(widths[i] - display_width(cell) + gap, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  write(titles_);
  for (const auto& row : rows_) write(row);
  return out;
}

std::string Table::text() const { return written(widths()); }

std::string Table::text(std::size_t width, const std::vector<std::size_t>& firm) const {
  std::vector<std::size_t> all = widths();
  const auto has_content = [&](std::size_t i) {
    return std::any_of(rows_.begin(), rows_.end(), [&](const auto& row) { return i < row.size() && !row[i].empty(); });
  };
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = has_content(i) ? all[i] : 0;
  constexpr std::size_t least = 4;  // of a column that gives way
  const auto total = [&] {
    const auto shown = static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [](std::size_t w) { return w > 0; }));
    return std::accumulate(all.begin(), all.end(), std::size_t{0}) + gap * (shown == 0 ? 0 : shown - 1);
  };
  for (const bool all_give : {false, true}) {
    while (total() > width) {
      std::size_t widest = all.size();
      for (std::size_t i = 0; i < all.size(); ++i) {
        const bool gives = all_give || std::find(firm.begin(), firm.end(), i) == firm.end();
        if (gives && all[i] > least && (widest == all.size() || all[i] > all[widest])) widest = i;
      }
      if (widest == all.size()) break;
      --all[widest];
    }
  }
  return written(all);
}

std::string title(std::string_view key, std::string_view language) {
  if (language == "zh") {
    FieldTitled field{key};
    each_answer(field);
    if (!field.found.empty()) return std::string(field.found);
    for (const auto& [english, translated] : chinese) {
      if (english == key) return std::string(translated);
    }
  }
  std::string text(key);
  std::transform(text.begin(), text.end(), text.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return text;
}

std::vector<std::string> titles(const std::vector<std::string_view>& keys, std::string_view language) {
  std::vector<std::string> all;
  all.reserve(keys.size());
  for (const std::string_view key : keys) all.push_back(title(key, language));
  return all;
}

}  // namespace switchboard::cli
