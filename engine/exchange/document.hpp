// A BPMN file read and held against the metamodel: every element with its class, its parts and its references. Private to room exchange.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "exchange/metamodel.hpp"
#include "exchange/xml.hpp"

namespace switchboard::exchange {

/// The findings of one file; after so many a file is wrong in one way, and the rest is not said.
class Said {
 public:
  explicit Said(std::string_view file) : file_(file) {}
  void error(std::string_view rule, Position at, std::string_view element, std::string message, std::string hint) {
    if (!is_full()) all.push_back({std::string(rule), Severity::error, file_, at, std::string(element), std::move(message), std::move(hint), {}});
  }
  void warning(std::string_view rule, Position at, std::string_view element, std::string message, std::string hint) {
    if (!is_full()) all.push_back({std::string(rule), Severity::warning, file_, at, std::string(element), std::move(message), std::move(hint), {}});
  }
  [[nodiscard]] bool is_full() const { return all.size() >= 500; }
  std::vector<Finding> all;

 private:
  std::string file_;
};

/// An element of BPMN's own namespace, as an object of the metamodel.
struct Item {
  const xml::Element* xml = nullptr;
  const Class* type = nullptr;  ///< null: an element whose text is a reference
  const Item* parent = nullptr;
  std::vector<const Item*> parts;

  [[nodiscard]] std::string_view name() const { return xml->name; }
  [[nodiscard]] Position at() const { return xml->at; }
  [[nodiscard]] bool is(std::string_view wanted) const { return type != nullptr && type->is(wanted); }
  /// Empty when it is not there.
  [[nodiscard]] std::string_view get(std::string_view attribute) const;
  [[nodiscard]] bool has(std::string_view attribute) const { return xml->find(attribute) != nullptr; }
  [[nodiscard]] Position place(std::string_view attribute) const;
  [[nodiscard]] bool flag(std::string_view attribute, bool otherwise) const;
  [[nodiscard]] std::string_view id() const { return get("id"); }
  [[nodiscard]] std::string_view text() const { return xml::trimmed(xml->text); }
  /// The first part of that element name; null when there is none.
  [[nodiscard]] const Item* part(std::string_view element) const;
  [[nodiscard]] std::vector<const Item*> all(std::string_view element) const;
  /// Parts of that class or one below it.
  [[nodiscard]] std::vector<const Item*> heirs(std::string_view wanted) const;
  /// What a finding calls it: its id, else its element's name.
  [[nodiscard]] std::string_view called() const { return id().empty() ? name() : id(); }
};

class Document {
 public:
  /// Reads and holds against the metamodel; mistakes go to `said`. Without `root()` there is nothing to go on with.
  Document(std::string_view text, std::string_view file, Said& said);

  [[nodiscard]] const Item* root() const { return root_; }
  [[nodiscard]] const std::deque<Item>& items() const { return items_; }
  [[nodiscard]] const xml::Tree& tree() const { return tree_; }
  /// What a reference names, with or without a prefix; null when it is in no text that is known.
  [[nodiscard]] const Item* find(std::string_view reference) const;
  [[nodiscard]] const Item* find(const Item& item, std::string_view attribute) const { return find(item.get(attribute)); }

 private:
  const Item* take(const xml::Element& e, const Class* type, const Item* parent);
  void take_parts(const xml::Element& e, Item& item);
  void attributes(const Item& item);
  void count(const Item& item);
  void value(const Item& item, const AttributeRule& rule, const xml::Attribute& a);
  void references();
  void reference(const Item& item, Position at, std::string_view what, std::string_view text, const std::vector<std::string_view>& wanted);
  [[nodiscard]] bool lies_elsewhere(std::string_view reference) const;

  Said& said_;
  xml::Tree tree_;
  std::deque<Item> items_;
  const Item* root_ = nullptr;
  std::map<std::string_view, const Item*> ids_;
};

}  // namespace switchboard::exchange
