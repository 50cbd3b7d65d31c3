// Contracts with other systems (docs/language.md, Contracts).
#include <fmt/format.h>

#include <algorithm>

#include "notation/load.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

/// The example holds the contract as its reader understands it.
void read_example(const yaml::Node& node, model::ContractMessage& m, const std::string& element, Findings& findings) {
  Context example;
  for (const yaml::Entry& e : node.entries) {
    const auto field = std::find_if(m.payload.begin(), m.payload.end(), [&](const auto& f) { return f.first == e.key; });
    if (field == m.payload.end()) {
      std::vector<std::string> names;
      for (const auto& [name, type] : m.payload) names.push_back(name);
      findings.error("SB0107", e.at, element, fmt::format("the example has a field `{}` that the payload has not", e.key),
                     suggestion(e.key, names, "declare it under `payload`"));
      continue;
    }
    if (auto value = literal_of(e.value, field->second, field->second.to_string(), element, findings)) example.set(e.key, std::move(*value));
  }
  for (const std::string& name : m.required)
    if (example.find(name) == nullptr && node.find(name) == nullptr)
      findings.error("SB0108", node.at, element, fmt::format("the example lacks the field `{}`, which is required", name), "add it");
  m.example = Value(std::move(example));
}

model::ContractMessage message_of(const yaml::Entry& entry, Findings& findings) {
  const std::string element = "messages." + entry.key;
  model::ContractMessage m;
  m.id = entry.key;
  m.at = entry.at;
  m.name = label_of(value_at(entry.value, "name"));
  m.is_sent_to_us = text_of(value_at(entry.value, "direction")) != "out";
  m.key = text_of(value_at(entry.value, "key"));
  m.sender = text_of(value_at(entry.value, "sender"));
  if (const yaml::Node* payload = value_at(entry.value, "payload"))
    for (const yaml::Entry& field : payload->entries)
      if (field.value.is_scalar()) m.payload.emplace_back(field.key, type_of(field.value, element, findings));
  if (const yaml::Node* required = value_at(entry.value, "required")) {
    for (const yaml::Node& name : required->items) {
      const auto is_it = [&](const auto& f) { return f.first == name.text; };
      if (std::none_of(m.payload.begin(), m.payload.end(), is_it))
        findings.error("SB0122", name.at, element, fmt::format("unknown field `{}`", name.text), "declare it under `payload`");
      m.required.insert(name.text);
    }
  }
  const yaml::Node* example = value_at(entry.value, "example");
  if (example != nullptr && example->is(yaml::Kind::map)) read_example(*example, m, element, findings);
  return m;
}

}  // namespace

Loaded<model::Contract> load_contract(std::string_view text, std::string_view file) {
  Loaded<model::Contract> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::contract, findings)) {
    model::Contract c;
    c.id = text_of(value_at(*root, "contract"));
    c.file = findings.file();
    if (const yaml::Entry* own = root->find("contract")) c.at = own->at;
    c.name = label_of(value_at(*root, "name"));
    if (const yaml::Node* messages = value_at(*root, "messages"))
      for (const yaml::Entry& e : messages->entries)
        if (e.value.is(yaml::Kind::map)) c.messages.push_back(message_of(e, findings));
    if (!findings.has_errors()) out.value = c;
    out.draft = std::move(c);
  }
  out.diagnostics = findings.take();
  return out;
}

}  // namespace switchboard::notation
