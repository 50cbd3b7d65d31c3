#include "notation/yaml_write.hpp"

#include <algorithm>

#include "notation/outline.hpp"
#include "notation/yaml_scalar.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::notation::yaml {

namespace {

bool is_word_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '(' || c == '.' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool is_plain(std::string_view text) {
  if (text.empty() || text.size() > 1000 || !is_word_start(text.front()) || text.back() == ' ' || text.back() == ':') return false;
  if (text.find_first_of(",[]{}\n\t\r?") != std::string_view::npos) return false;  // safe inside brackets too
  if (text.find(": ") != std::string_view::npos || text.find(" #") != std::string_view::npos) return false;
  return std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    out += c;
    if (c == '\'') out += c;
  }
  return out + "'";
}

/// On one line.
std::string flow(const Out& node) {
  if (node.kind == Out::Kind::scalar) return node.text;
  std::string out;
  for (const Out& item : node.items) out += (out.empty() ? "" : ", ") + flow(item);
  for (const auto& [key, value] : node.entries) out += (out.empty() ? "" : ", ") + key + ": " + flow(value);
  return node.kind == Out::Kind::list ? "[" + out + "]" : "{" + out + "}";
}

class BlockWriter {
 public:
  explicit BlockWriter(std::size_t columns) : columns_(columns) {}

  // Depth is bounded by limits::yaml_depth: a process has been read or imported under it.
  void map(const Out& node, std::size_t indent, bool first_line_begun) {
    bool begun = first_line_begun;
    for (const auto& [key, value] : node.entries) {
      if (!begun) text_ += std::string(indent, ' ');
      begun = false;
      text_ += key + ":";
      value_of(value, indent, indent + display_width(key) + 2, indent == 0);
    }
  }

  std::string take() { return std::move(text_); }

 private:
  void value_of(const Out& value, std::size_t indent, std::size_t used, bool top) {
    const bool empty = value.items.empty() && value.entries.empty();
    const bool spread = top && value.kind == Out::Kind::map && !empty && value.entries.front().value.kind == Out::Kind::map;
    const std::string one_line = flow(value);
    if (value.kind == Out::Kind::scalar || empty || (!spread && used + display_width(one_line) <= columns_)) {
      text_ += " " + one_line + "\n";
      return;
    }
    text_ += "\n";
    if (value.kind == Out::Kind::map) return map(value, indent + 2, false);
    for (const Out& item : value.items) {
      text_ += std::string(indent + 2, ' ') + "- ";
      const std::string line = flow(item);
      if (item.kind != Out::Kind::map || item.entries.empty() || indent + 4 + display_width(line) <= columns_)
        text_ += line + "\n";
      else
        map(item, indent + 4, true);
    }
  }

  std::size_t columns_;
  std::string text_;
};

}  // namespace

std::string plain_or_quoted(std::string_view text, bool keep_kind) {
  if (is_plain(text)) {
    Node node;
    node.text = std::string(text);
    const std::string problem = resolve(node, "?");
    // What is no text when unquoted may stay so where the reader takes it as written.
    const bool as_text = node.kind == Kind::string || (!keep_kind && node.kind != Kind::null);
    if (problem.empty() && as_text) return node.text;
  }
  const bool simple = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  if (simple && text.find('"') != std::string_view::npos) return single_quoted(text);
  return json_quote(text);
}

std::string write(const Out& root, std::size_t columns) {
  BlockWriter writer(columns);
  writer.map(root, 0, false);
  return writer.take();
}

}  // namespace switchboard::notation::yaml
