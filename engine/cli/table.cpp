#include "cli/table.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "cli/utf8.hpp"

namespace switchboard::cli {

namespace {

struct Block {
  char32_t from;
  char32_t to;
};

// East Asian Width W and F (Unicode 15, EastAsianWidth.txt), blocks joined where only unassigned points lie between.
constexpr std::array<Block, 21> wide{{{0x1100, 0x115f}, {0x231a, 0x231b},   {0x23e9, 0x23ec},  {0x2614, 0x2615}, {0x2648, 0x2653}, {0x26a1, 0x26a1},
                                      {0x26d4, 0x26d4}, {0x2705, 0x2705},   {0x274c, 0x274c},  {0x2e80, 0x303e}, {0x3041, 0x33ff}, {0x3400, 0x4dbf},
                                      {0x4e00, 0xa4cf}, {0xa960, 0xa97c},   {0xac00, 0xd7a3},  {0xf900, 0xfaff}, {0xfe30, 0xfe6f}, {0xff00, 0xff60},
                                      {0xffe0, 0xffe6}, {0x1f300, 0x1faff}, {0x20000, 0x3fffd}}};
constexpr std::array<Block, 6> combining{
    {{0x0300, 0x036f}, {0x200b, 0x200f}, {0x20d0, 0x20ff}, {0x302a, 0x302d}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f}}};

template <std::size_t N>
bool lies_in(char32_t c, const std::array<Block, N>& blocks) {
  return std::any_of(blocks.begin(), blocks.end(), [c](const Block& b) { return c >= b.from && c <= b.to; });
}

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

std::size_t display_width(std::string_view utf8) {
  std::size_t width = 0;
  while (!utf8.empty()) {
    const char32_t c = take_code_point(utf8);
    if (c == 0x1b) utf8.remove_prefix(std::min(utf8.find('m') + 1, utf8.size()));  // a colour
    if (c < 0x20 || lies_in(c, combining)) continue;
    width += lies_in(c, wide) ? 2 : 1;
  }
  return width;
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
