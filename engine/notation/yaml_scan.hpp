// The strict half of the YAML reader. yaml-cpp accepts a good deal that YAML forbids (missing commas and colons, wrong indentation, unclosed quotes);
// this scan accepts only what the language allows, names what it refuses, and leaves a list of scalars that yaml-cpp's events must agree with one by
// one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notation/yaml.hpp"

namespace switchboard::notation::yaml {

/// A refusal at a byte of the text.
struct Refusal {
  std::string rule;
  std::size_t offset = 0;
  std::string message;
  std::string hint;
};

/// A scalar or an alias, in the order of the text.
struct Leaf {
  std::size_t offset = 0;          ///< of its first character
  std::size_t content_offset = 0;  ///< of the first character of its content
  std::size_t end = 0;             ///< behind its last character; of plain scalars only
  Style style = Style::plain;
  bool alias = false;
  bool key = false;      ///< a colon follows
  bool in_flow = false;  ///< inside brackets
  std::string text;      ///< content; for a folded block scalar not yet folded; for an alias the name
};

struct Scan {
  std::vector<Leaf> leaves;
  bool has_content = false;  ///< something other than comments stands in the text
  std::optional<Refusal> refusal;
};

/// `text` has line feeds only, one at its end, and valid UTF-8 without control characters.
[[nodiscard]] Scan scan(std::string_view text);

/// What to write when a key of `entry`, a line or a part of a map in brackets, has no blank behind its colon; empty: it is none.
[[nodiscard]] std::string missing_blank(std::string_view entry);

/// Line and column of byte offsets.
class Places {
 public:
  explicit Places(std::string_view text);
  [[nodiscard]] Position at(std::size_t offset) const;

 private:
  std::string_view text_;
  std::vector<std::size_t> lines_;   ///< offset of every line's first byte
  std::vector<std::size_t> blocks_;  ///< code points before every 256th byte
};

}  // namespace switchboard::notation::yaml
