// A document tree for writing, and its YAML text.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace switchboard::notation::yaml {

/// A scalar, list or map to be written. An empty map or list is written as {} or [].
struct Out {
  enum class Kind : unsigned char { scalar, list, map };
  Kind kind = Kind::scalar;
  std::string text;                              ///< scalar, ready: see plain_or_quoted
  std::vector<Out> items;
  std::vector<std::pair<std::string, Out>> entries;

  static Out scalar(std::string ready) { return {Kind::scalar, std::move(ready), {}, {}}; }
  static Out list() { return {Kind::list, {}, {}, {}}; }
  static Out map() { return {Kind::map, {}, {}, {}}; }
  void add(std::string_view key, Out value) { entries.emplace_back(std::string(key), std::move(value)); }
};

/// The text as a scalar that reads back as this text; unquoted where that is safe. `keep_kind`: also quoted where it would read as a number, boolean or null.
[[nodiscard]] std::string plain_or_quoted(std::string_view text, bool keep_kind);

/// `always_open` top-level keys are written over several lines even when they are short.
[[nodiscard]] std::string write(const Out& root, std::size_t columns);

}  // namespace switchboard::notation::yaml
