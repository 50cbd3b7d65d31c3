#include "exchange/metamodel.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "switchboard/base/assert.hpp"

namespace switchboard::exchange {

namespace {

using Classes = std::map<std::string_view, Class, std::less<>>;

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(by), text.size());
    if (end != 0) out.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

AttributeRule attribute_of(std::string_view text) {
  AttributeRule out;
  if (text.ends_with('!')) {
    out.required = true;
    text.remove_suffix(1);
  }
  const std::size_t colon = text.find(':');
  out.name = text.substr(0, colon);
  const std::string_view type = text.substr(colon + 1);
  static constexpr std::array<std::pair<std::string_view, ValueKind>, 6> kinds{{{"id", ValueKind::id},
                                                                                {"text", ValueKind::text},
                                                                                {"bool", ValueKind::boolean},
                                                                                {"int", ValueKind::integer},
                                                                                {"uri", ValueKind::uri},
                                                                                {"name", ValueKind::name}}};
  const auto known = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return k.first == type; });
  if (known != kinds.end()) {
    out.kind = known->second;
  } else if (type.starts_with('>') || type.starts_with('~')) {
    out.may_be_outside = type.starts_with('~');
    out.kind = ValueKind::reference;
    out.words = split(type.substr(1), '|');
  } else {
    out.kind = ValueKind::word;
    out.words = split(type, '|');
  }
  return out;
}

PartRule part_of(std::string_view text, const Classes& classes) {
  PartRule out;
  out.least = out.most = 1;
  if (text.ends_with("+2")) {
    out.least = 2, out.most = 0;
    text.remove_suffix(2);
  } else if (text.ends_with('?')) {
    out.least = 0;
    text.remove_suffix(1);
  } else if (text.ends_with('*')) {
    out.least = out.most = 0;
    text.remove_suffix(1);
  } else if (text.ends_with('+')) {
    out.most = 0;
    text.remove_suffix(1);
  }
  const std::size_t equals = text.find('=');
  out.name = text.substr(0, equals);
  const std::string_view type = equals == std::string_view::npos ? out.name : text.substr(equals + 1);
  if (type.starts_with('>') || type == "name") {
    out.is_text = true;
    if (type.starts_with('>')) out.refs = split(type.substr(1), '|');
    return out;
  }
  const auto found = classes.find(type);
  SB_ASSERT(found != classes.end());
  out.type = &found->second;
  out.any_heir = equals == std::string_view::npos;
  return out;
}

Classes read_table() {
  Classes out;
  std::vector<std::vector<std::string_view>> lines;
  for (const std::string_view line : split(metamodel_table, '\n')) {
    const std::vector<std::string_view> words = split(line, ' ');
    if (line.starts_with(' '))
      lines.back().insert(lines.back().end(), words.begin(), words.end());
    else
      lines.push_back(words);
  }
  for (const auto& words : lines) {
    std::string_view head = words.front();
    Class c;
    while (head.ends_with('!') || head.ends_with('~')) {
      (head.ends_with('!') ? c.is_abstract : c.has_text) = true;
      head.remove_suffix(1);
    }
    c.name = head.substr(0, head.find('('));
    out.emplace(c.name, c);
  }
  for (const auto& words : lines) {
    const std::string_view head = words.front();
    const std::size_t bracket = head.find('(');
    Class& c = out.find(head.substr(0, head.find_first_of("(!~")))->second;
    if (bracket != std::string_view::npos) c.base = &out.find(head.substr(bracket + 1, head.find(')') - bracket - 1))->second;
    for (std::size_t i = 1; i < words.size(); ++i)
      if (words[i].starts_with('@'))
        c.attributes.push_back(attribute_of(words[i].substr(1)));
      else
        c.parts.push_back(part_of(words[i], out));
  }
  return out;
}

const Classes& classes() {
  static const Classes all = read_table();
  return all;
}

}  // namespace

bool Class::is(std::string_view other) const {
  for (const Class* c = this; c != nullptr; c = c->base)
    if (c->name == other) return true;
  return false;
}

const AttributeRule* Class::attribute(std::string_view wanted) const {
  for (const Class* c = this; c != nullptr; c = c->base)
    for (const AttributeRule& a : c->attributes)
      if (a.name == wanted) return &a;
  return nullptr;
}

Class::Found Class::part(std::string_view element) const {
  const Class* named = find_class(element);
  for (const Class* c = this; c != nullptr; c = c->base)
    for (const PartRule& p : c->parts) {
      if (p.any_heir ? named != nullptr && !named->is_abstract && named->is(p.type->name) : p.name == element)
        return {&p, p.any_heir ? named : p.type};
    }
  return {};
}

const Class* find_class(std::string_view name) {
  const auto found = classes().find(name);
  return found == classes().end() ? nullptr : &found->second;
}

bool plays(const Class& type, std::string_view wanted) {
  if (wanted == "any") return true;
  if (wanted == "interactionNode") return type.is("participant") || type.is("activity") || type.is("event") || type.is("conversationNode");
  if (wanted == "itemAware")
    return type.is("dataObject") || type.is("dataObjectReference") || type.is("dataStore") || type.is("dataStoreReference") || type.is("property") ||
           type.is("dataInput") || type.is("dataOutput");
  return type.is(wanted);
}

}  // namespace switchboard::exchange
