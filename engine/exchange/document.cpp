#include "exchange/document.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/ascii.hpp"
#include "base/limits.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::exchange {

namespace {

/// The values of xsd:boolean.
bool is_true(std::string_view text) { return text == "true" || text == "1"; }
bool is_boolean(std::string_view text) { return is_true(text) || text == "false" || text == "0"; }

bool is_integer(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() <= 18 && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// xsd:ID: a name without colon.
bool is_id(std::string_view text) {
  return !text.empty() && text.size() <= limits::name_bytes && (is_letter(text.front()) || text.front() == '_') &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.'; });
}

/// RFC 3986, with letters outside ASCII: no blanks, no stray `%`, none of the signs that a URI never has.
bool is_uri(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '%' && (i + 2 >= text.size() || !is_hex(text[i + 1]) || !is_hex(text[i + 2]))) return false;
    if (static_cast<unsigned char>(c) <= ' ' || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos) return false;
  }
  return true;
}

std::string_view without_prefix(std::string_view reference) {
  const std::size_t colon = reference.rfind(':');
  return colon == std::string_view::npos ? reference : reference.substr(colon + 1);
}

/// In larger files no near name is looked for: every mistake would cost a look at all of them.
constexpr std::size_t most_looked_at = 1'000;

std::string shown(std::string_view text) { return std::string(text.substr(0, 80)); }

}  // namespace

std::string_view Item::get(std::string_view attribute) const {
  const xml::Attribute* a = xml->find(attribute);
  return a == nullptr ? std::string_view() : xml::trimmed(a->value);
}

Position Item::place(std::string_view attribute) const {
  const xml::Attribute* a = xml->find(attribute);
  return a == nullptr ? xml->at : a->at;
}

bool Item::flag(std::string_view attribute, bool otherwise) const {
  const std::string_view text = get(attribute);
  return is_boolean(text) ? is_true(text) : otherwise;
}

const Item* Item::part(std::string_view element) const {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const Item* p) { return p->name() == element; });
  return found == parts.end() ? nullptr : *found;
}

std::vector<const Item*> Item::all(std::string_view element) const {
  std::vector<const Item*> out;
  std::copy_if(parts.begin(), parts.end(), std::back_inserter(out), [&](const Item* p) { return p->name() == element; });
  return out;
}

std::vector<const Item*> Item::heirs(std::string_view wanted) const {
  std::vector<const Item*> out;
  std::copy_if(parts.begin(), parts.end(), std::back_inserter(out), [&](const Item* p) { return p->is(wanted); });
  return out;
}

Document::Document(std::string_view text, std::string_view file, Said& said) : said_(said) {
  if (!xml::read(text, file, tree_, said_.all)) return;
  const xml::Element& root = tree_.root;
  if (root.name != "definitions" || root.space != bpmn_space) {
    said_.error("SB0162", root.at, {},
                fmt::format("the file is no BPMN 2.0 model: its first element is <{}> in namespace '{}'", shown(root.name), shown(root.space)),
                fmt::format("a model begins with <definitions xmlns=\"{}\">", bpmn_space));
    return;
  }
  root_ = take(root, find_class("definitions"), nullptr);
  references();
}

// Depth is bounded by limits::xml_depth.
const Item* Document::take(const xml::Element& e, const Class* type, const Item* parent) {
  Item& item = items_.emplace_back();
  item.xml = &e;
  item.type = type;
  item.parent = parent;
  if (type == nullptr) return &item;
  attributes(item);
  if (type->is("extensionElements") || type->name == "script" || type->name == "text" || type->name == "documentation") return &item;
  take_parts(e, item);
  count(item);
  return &item;
}

void Document::take_parts(const xml::Element& e, Item& item) {
  for (const xml::Element& child : e.children) {
    if (child.space != bpmn_space) {
      // Diagrams stand beside the model; everything else of others belongs into extensionElements.
      if (item.parent != nullptr)
        said_.error("SB0163", child.at, item.called(), fmt::format("<{}> of another namespace cannot stand in <{}>", shown(child.name), item.name()),
                    "put it into <extensionElements>");
      continue;
    }
    const Class::Found found = item.type->part(child.name);
    if (found.rule == nullptr) {
      said_.error("SB0163", child.at, item.called(), fmt::format("<{}> cannot stand in <{}>", shown(child.name), item.name()),
                  find_class(child.name) == nullptr ? "BPMN has no such element: the name is misspelt, or it belongs into <extensionElements>"
                                                    : "BPMN 2.0.2 has it in another place");
      continue;
    }
    const Class* type = found.type;
    if (type != nullptr && type->name == "expression") {
      const auto formal = std::find_if(child.attributes.begin(), child.attributes.end(), [](const xml::Attribute& a) {
        return a.space == "http://www.w3.org/2001/XMLSchema-instance" && a.name == "type" && without_prefix(a.value) == "tFormalExpression";
      });
      if (formal != child.attributes.end()) type = find_class("formalExpression");
    }
    item.parts.push_back(take(child, type, &item));
  }
}

void Document::attributes(const Item& item) {
  for (const xml::Attribute& a : item.xml->attributes) {
    if (!a.space.empty()) continue;  // of another tool, or XML's own
    const AttributeRule* rule = item.type->attribute(a.name);
    if (rule == nullptr) {
      said_.error("SB0163", a.at, item.called(), fmt::format("<{}> has no attribute '{}'", item.name(), shown(a.name)),
                  "delete it, correct its name, or give it the prefix of the tool that it belongs to");
      continue;
    }
    value(item, *rule, a);
  }
  for (const Class* c = item.type; c != nullptr; c = c->base)
    for (const AttributeRule& rule : c->attributes)
      if (rule.required && !item.has(rule.name))
        said_.error("SB0164", item.at(), item.called(), fmt::format("<{}> needs the attribute '{}'", item.name(), rule.name),
                    fmt::format("add {}=\"...\"", rule.name));
  if (item.has("id") && is_id(item.id())) {
    const auto [first, fresh] = ids_.emplace(item.id(), &item);
    if (!fresh)
      said_.error("SB0166", item.place("id"), item.id(),
                  fmt::format("the id '{}' is used twice; the first is in line {}", item.id(), first->second->at().line), "ids are unique in a file");
  }
}

void Document::value(const Item& item, const AttributeRule& rule, const xml::Attribute& a) {
  const std::string_view text = xml::trimmed(a.value);
  const auto wrong = [&](std::string wanted) {
    said_.error("SB0165", a.at, item.called(), fmt::format("{}=\"{}\": {} is expected", rule.name, shown(text), wanted), "correct the value");
  };
  switch (rule.kind) {
    case ValueKind::id:
      if (!is_id(text)) wrong(fmt::format("an id (a letter or _, then letters, digits, - . _; at most {} bytes)", limits::name_bytes));
      return;
    case ValueKind::boolean:
      if (!is_boolean(text)) wrong("true or false");
      return;
    case ValueKind::integer:
      if (!is_integer(text)) wrong("a whole number");
      return;
    case ValueKind::uri:
      if (!is_uri(text)) wrong("a URI");
      return;
    case ValueKind::word:
      if (std::find(rule.words.begin(), rule.words.end(), text) == rule.words.end()) wrong(fmt::format("{}", fmt::join(rule.words, ", ")));
      return;
    case ValueKind::text:
    case ValueKind::name:
    case ValueKind::reference: return;  // references are looked at when everything is read
  }
}

void Document::count(const Item& item) {
  for (const Class* c = item.type; c != nullptr; c = c->base)
    for (const PartRule& rule : c->parts) {
      if (rule.least == 0 && rule.most == 0) continue;
      std::size_t there = 0;
      const Item* last = nullptr;
      for (const Item* p : item.parts)
        if (rule.any_heir ? p->is(rule.type->name) : p->name() == rule.name) ++there, last = p;
      if (there < rule.least)
        said_.error("SB0164", item.at(), item.called(),
                    fmt::format("<{}> needs {} <{}>", item.name(), rule.least == 1 ? "a" : fmt::format("at least {}", rule.least), rule.name),
                    "add it");
      if (rule.most != 0 && there > rule.most)
        said_.error("SB0164", last->at(), item.called(),
                    fmt::format("<{}> has more than {} <{}>", item.name(), rule.most == 1 ? "one" : "that", rule.name), "keep one");
    }
}

const Item* Document::find(std::string_view reference) const {
  const auto found = ids_.find(reference);
  if (found != ids_.end()) return found->second;
  if (lies_elsewhere(reference)) return nullptr;
  const auto local = ids_.find(without_prefix(reference));
  return local == ids_.end() ? nullptr : local->second;
}

/// A prefix of a namespace that is not this file's own.
bool Document::lies_elsewhere(std::string_view reference) const {
  const std::size_t colon = reference.rfind(':');
  if (colon == std::string_view::npos) return false;
  const auto space = tree_.spaces.find(reference.substr(0, colon));
  return space != tree_.spaces.end() && space->second != root_->get("targetNamespace") && space->second != bpmn_space;
}

void Document::reference(const Item& item, Position at, std::string_view what, std::string_view text, const std::vector<std::string_view>& wanted) {
  if (lies_elsewhere(text)) return;  // in a file that is imported
  const Item* found = find(text);
  if (found != nullptr && std::any_of(wanted.begin(), wanted.end(), [&](std::string_view w) { return plays(*found->type, w); })) return;
  if (found != nullptr)
    return said_.error("SB0167", at, item.called(), fmt::format("{}: '{}' is a <{}>, which cannot stand here", what, shown(text), found->name()),
                       fmt::format("name a thing of class {}", fmt::join(wanted, ", ")));
  std::vector<std::string> known;
  for (const auto& entry : ids_)
    if (std::any_of(wanted.begin(), wanted.end(), [&](std::string_view w) { return plays(*entry.second->type, w); })) known.emplace_back(entry.first);
  const std::string near = known.size() > most_looked_at ? std::string() : nearest_name(text, known);
  said_.error("SB0167", at, item.called(), fmt::format("{}: there is no '{}' in this file", what, shown(text)),
              near.empty() ? "name the id of a thing that is there" : fmt::format("did you mean '{}'?", near));
}

void Document::references() {
  for (const Item& item : items_) {
    if (said_.is_full()) return;  // each mistake costs a look at all names
    if (item.type == nullptr) continue;
    for (const xml::Attribute& a : item.xml->attributes) {
      const AttributeRule* rule = a.space.empty() ? item.type->attribute(a.name) : nullptr;
      if (rule != nullptr && rule->kind == ValueKind::reference && !(rule->may_be_outside && find(xml::trimmed(a.value)) == nullptr))
        reference(item, a.at, rule->name, xml::trimmed(a.value), rule->words);
    }
    for (const Item* p : item.parts) {
      const PartRule* rule = p->type == nullptr ? item.type->part(p->name()).rule : nullptr;
      if (rule != nullptr && !rule->refs.empty()) reference(item, p->xml->text_at, rule->name, p->text(), rule->refs);
    }
  }
}

}  // namespace switchboard::exchange
