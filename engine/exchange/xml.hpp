// XML as a small tree with places: what expat reads, bounded, without document types, and all text in UTF-8. Private to room exchange.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "switchboard/base/finding.hpp"

namespace switchboard::exchange::xml {

struct Attribute {
  std::string space;  ///< URI of the namespace, empty: none
  std::string name;   ///< without prefix
  std::string value;
  Position at;
};

struct Element {
  std::string space;
  std::string name;
  Position at;  ///< of its `<`
  std::vector<Attribute> attributes;
  std::vector<Element> children;
  std::string text;  ///< all character data directly in it
  Position text_at;  ///< of the first character of it that is no white space; of the element when there is none

  /// The attribute without a namespace; null when there is none.
  [[nodiscard]] const Attribute* find(std::string_view attribute) const;
};

struct Tree {
  Element root;
  std::map<std::string, std::string, std::less<>> spaces;  ///< prefix -> URI, of the whole text; the first one counts
};

/// Reads a text. False with one finding (SB0103, SB0160, SB0161) when it is not accepted. At most limits::file_bytes bytes, limits::xml_elements
/// elements and limits::xml_depth levels; in UTF-8, ISO-8859-1 or windows-1252.
[[nodiscard]] bool read(std::string_view text, std::string_view file, Tree& out, std::vector<Finding>& findings);

/// `text` without white space at both ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

}  // namespace switchboard::exchange::xml
