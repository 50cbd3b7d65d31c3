#include "cli/table.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "notation/outline.hpp"

namespace switchboard::cli {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 40> chinese{{
    {"case", "工单号"},   {"process", "流程"},    {"state", "状态"},    {"at", "所在环节"},  {"started", "开始"},  {"last", "最近"},
    {"instance", "实例"}, {"customer", "客户号"}, {"work", "待办"},     {"node", "环节"},    {"name", "名称"},     {"who", "承办"},
    {"due", "到期"},      {"clock", "时限"},      {"left", "剩余"},     {"percent", "进度"}, {"budget", "承诺"},   {"breached", "超时"},
    {"elapsed", "已用"},  {"holders", "承办"},    {"kind", "类别"},     {"time", "时间"},    {"event", "事件"},    {"details", "详情"},
    {"id", "编号"},       {"message", "内容"},    {"channels", "渠道"}, {"version", "版本"}, {"deployed", "部署"}, {"number", "序号"},
    {"incident", "异常"}, {"rule", "规则"},       {"data", "数据"},     {"value", "值"},     {"type", "类型"},     {"date", "日期"},
    {"year", "年"},       {"days", "天数"},       {"source", "来源"},   {"created", "产生"},
}};

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

std::string Table::text() const {
  std::vector<std::size_t> widths(titles_.size(), 0);
  const auto measure = [&](const std::vector<std::string>& row) {
    for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
  };
  measure(titles_);
  for (const auto& row : rows_) measure(row);
  std::string out;
  const auto write = [&](const std::vector<std::string>& row) {
    std::string line;
    for (std::size_t i = 0; i < widths.size() && i < row.size(); ++i) {
      line += row[i];
      line.append(widths[i] - display_width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  };
  write(titles_);
  for (const auto& row : rows_) write(row);
  return out;
}

std::string title(std::string_view key, std::string_view language) {
  if (language == "zh") {
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
