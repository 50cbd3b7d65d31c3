// The classes of BPMN's semantic metamodel: what may stand where, and what refers to what. Private to room exchange.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace switchboard::exchange {

inline constexpr std::string_view bpmn_space = "http://www.omg.org/spec/BPMN/20100524/MODEL";

extern const std::string_view metamodel_table;

struct Class;

enum class ValueKind { id, text, boolean, integer, uri, name, word, reference };

struct AttributeRule {
  std::string_view name;
  ValueKind kind = ValueKind::text;
  std::vector<std::string_view> words;  ///< of kind word; of a reference the classes that it may name
  bool required = false;
  bool may_be_outside = false;  ///< a reference to something that BPMN does not know
};

struct PartRule {
  std::string_view name;               ///< of the element, or of the class whose heirs may stand here
  const Class* type = nullptr;         ///< null: an element whose text is a value
  std::vector<std::string_view> refs;  ///< classes that the text may name; empty: not looked at
  bool is_text = false;
  bool any_heir = false;  ///< every concrete class below `type` may stand here under its own name
  std::size_t least = 0;
  std::size_t most = 0;  ///< 0: any number
};

struct Class {
  std::string_view name;
  const Class* base = nullptr;
  bool is_abstract = false;
  bool has_text = false;
  std::vector<AttributeRule> attributes;  ///< its own
  std::vector<PartRule> parts;            ///< its own

  [[nodiscard]] bool is(std::string_view other) const;
  /// With those of the classes above it; null when there is none.
  [[nodiscard]] const AttributeRule* attribute(std::string_view wanted) const;
  /// The part that an element of this name is, and (for heirs) its class.
  struct Found {
    const PartRule* rule = nullptr;
    const Class* type = nullptr;
  };
  [[nodiscard]] Found part(std::string_view element) const;
};

/// Null when the metamodel has no such class.
[[nodiscard]] const Class* find_class(std::string_view name);

/// Whether a thing of class `type` may stand where `wanted` is asked for: a class, or one of the roles `itemAware`, `interactionNode`, `any`.
[[nodiscard]] bool plays(const Class& type, std::string_view wanted);

}  // namespace switchboard::exchange
