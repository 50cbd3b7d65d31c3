// A document tree for writing, and its YAML text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::notation::yaml {

struct OutEntry;

/// A scalar, list or map to be written. An empty map or list is written as {} or [].
struct Out {
  enum class Kind : unsigned char { scalar, list, map };
  Kind kind = Kind::scalar;
  std::string text;  ///< scalar, ready: see plain_or_quoted
  std::vector<Out> items;
  std::vector<OutEntry> entries;

  static Out scalar(std::string ready);
  static Out list();
  static Out map();
  void add(std::string_view key, Out value);
};

struct OutEntry {
  std::string key;
  Out value;
};

inline Out Out::scalar(std::string ready) {
  Out out;
  out.text = std::move(ready);
  return out;
}
inline Out Out::list() {
  Out out;
  out.kind = Kind::list;
  return out;
}
inline Out Out::map() {
  Out out;
  out.kind = Kind::map;
  return out;
}
inline void Out::add(std::string_view key, Out value) { entries.push_back({std::string(key), std::move(value)}); }

/// The text as a scalar that reads back as this text; unquoted where that is safe. `keep_kind`: also quoted where it would read as a number, boolean
/// or null.
[[nodiscard]] std::string plain_or_quoted(std::string_view text, bool keep_kind);

/// `always_open` top-level keys are written over several lines even when they are short.
[[nodiscard]] std::string write(const Out& root, std::size_t columns);

}  // namespace switchboard::notation::yaml
