// YAML text -> a document tree with a place for every key and value. YAML 1.2.2, core schema (10.3), without the parts listed in docs/rules.md
// (SB0104).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "switchboard/value/decimal.hpp"

namespace switchboard::notation::yaml {

using model::Position;

enum class Kind : std::uint8_t { null, boolean, number, string, list, map };
/// "a text", "a list", ... for messages.
[[nodiscard]] std::string_view describe(Kind k) noexcept;

enum class Style : std::uint8_t { plain, single_quoted, double_quoted, literal, folded };

struct Entry;

/// One value of a document. Plain value; aliases are expanded (their content keeps the place of the anchor).
struct Node {
  Kind kind = Kind::null;
  Style style = Style::plain;
  Position at;                 ///< first character, quote or bracket included
  Position content_at;         ///< first character of a scalar's content
  std::string text;            ///< a scalar as written (plain) or its content (quoted, block); empty for a value left out
  bool boolean = false;        ///< kind boolean
  Decimal number;              ///< kind number
  std::vector<Node> items;     ///< kind list
  std::vector<Entry> entries;  ///< kind map, in file order, keys unique

  [[nodiscard]] bool is(Kind k) const { return kind == k; }
  [[nodiscard]] bool is_scalar() const { return kind != Kind::list && kind != Kind::map; }
  /// Nothing stands there at all (`key:`), as opposed to a written `null` or `~`.
  [[nodiscard]] bool is_left_out() const { return kind == Kind::null && text.empty(); }
  /// The entry of `key`, or nullptr.
  [[nodiscard]] const Entry* find(std::string_view key) const;
};

struct Entry {
  std::string key;
  Position at;
  Node value;
};

/// What was read. `root` is there unless the text is no YAML of the language at all; duplicate keys are findings beside a root (the first one wins
/// there).
struct Document {
  std::optional<Node> root;
  model::Diagnostics diagnostics;
};

/// Reads one document. Bounded by limits::file_bytes, yaml_depth and yaml_nodes. `file` is only copied into the findings. Thread-safe.
[[nodiscard]] Document read(std::string_view text, std::string_view file);

/// For the conformance kit: the document as one line of JSON, or "refused: RULE LINE:COLUMN MESSAGE".
[[nodiscard]] std::string answer(std::string_view text);

}  // namespace switchboard::notation::yaml
