// The shape of a file: which keys an object has, which values they take. One table serves the loader's checks and the published JSON Schema, so the
// two cannot differ.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "notation/findings.hpp"
#include "notation/yaml.hpp"

namespace switchboard::notation {

enum class Form : std::uint8_t {
  anything,    ///< any value; the loader looks at it by itself
  scalar,      ///< a text, number, boolean or null
  text,        ///< a text; a number counts as its digits
  label,       ///< a text, or a map of texts by language tag
  id,          ///< kebab-case
  path,        ///< an id, or ids joined by slashes: a node inside a sub-process
  name,        ///< a FEEL name without spaces
  expression,  ///< FEEL; a number, a boolean or null stand for themselves
  duration,    ///< a literal duration or FEEL; never a number
  boolean,
  integer,   ///< between `least` and `most`
  word,      ///< one of `words`
  constant,  ///< the number 1 (language version)
  list,
  map,       ///< free keys of one form, values of `element`
  object,    ///< the fields
  variants,  ///< an object whose further fields depend on the word under its key `type`
  either,    ///< the option that fits the YAML kind: scalar, list or map
};

struct Shape;

struct Field {
  std::string_view key;
  const Shape* shape = nullptr;
  std::string_view doc;
  bool required = false;
};

struct Variant {
  std::string_view word;
  std::string_view doc;
  std::vector<Field> fields;
};

struct Shape {
  Form form = Form::anything;
  std::string_view title;  ///< what is expected, for messages and as name in the JSON Schema: "a trigger"
  std::string_view doc;
  std::vector<std::string_view> words;
  std::int64_t least = 0;
  std::int64_t most = 0;
  std::size_t least_items = 0;
  Form key_form = Form::id;         ///< of a map: id, name or text
  const Shape* element = nullptr;   ///< of a list or map
  std::string_view element_prefix;  ///< put before an entry's key to name it in findings ("sla."); "/": the key is appended to the element's path,
                                    ///< "^": it replaces the last part of it
  std::vector<Field> fields;        ///< of an object; of variants: common to all
  std::vector<Variant> variants;
  std::vector<const Shape*> options;  ///< of either
};

/// Reports everything in `node` that is not of `shape`: SB0107 to SB0113. `element` names the element that the node belongs to.
void check_shape(const yaml::Node& node, const Shape& shape, const std::string& element, Findings& findings);

/// Whether `node` by itself (not what is in it) has the form of `shape`; says why not in `problem`.
[[nodiscard]] bool has_form(const yaml::Node& node, const Shape& shape, std::string& problem, std::string& hint);

[[nodiscard]] bool is_id(std::string_view text);
[[nodiscard]] bool is_path(std::string_view text);
[[nodiscard]] bool is_name(std::string_view text);

/// The path of `id` beside `element`: `sub/a` and `b` give `sub/b`.
[[nodiscard]] std::string sister(const std::string& element, const std::string& id);

}  // namespace switchboard::notation
