// Registers (docs/language.md, Registers) -> model::Register.
#include <algorithm>

#include "notation/load.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

using model::Counting;
using model::Register;

bool is_counter(const yaml::Node& field) {
  const yaml::Node* type = field.is(yaml::Kind::map) ? value_at(field, "type") : &field;
  return type != nullptr && type->is(yaml::Kind::string) && type->text == "counter";
}

class Reader {
 public:
  explicit Reader(Findings& findings) : findings_(findings) {}

  Register read(const yaml::Node& root) {
    Register out;
    out.file = findings_.file();
    out.id = text_of(value_at(root, "register"));
    if (const yaml::Entry* own = root.find("register")) out.at = own->at;
    out.name = label_of(value_at(root, "name"));
    out.documentation = label_of(value_at(root, "documentation"));
    out.key = ref_of(value_at(root, "key"));
    if (const yaml::Node* fields = value_at(root, "fields"); fields != nullptr && fields->is(yaml::Kind::map))
      for (const yaml::Entry& e : fields->entries) out.fields.push_back(field(e));
    if (!findings_.has_errors()) check_key(out);
    return out;
  }

 private:
  Register::Field field(const yaml::Entry& entry) {
    const std::string element = "fields." + entry.key;
    Register::Field out;
    for (const std::string_view own : {model::names::row_found, model::names::row_version})
      if (entry.key == own)
        findings_.error("SB0128", entry.at, element, "`" + entry.key + "` is a name that every row has already", "choose another name");
    if (is_counter(entry.value))
      counter(entry, element, out);
    else
      plain(entry, element, out);
    out.spec = model::spec_of(out.item);
    return out;
  }

  void plain(const yaml::Entry& entry, const std::string& element, Register::Field& out) {
    for (const std::string_view key : {"per", "over"})
      if (const yaml::Entry* e = entry.value.find(key))
        findings_.error("SB0112", e->at, element, "`" + std::string(key) + "` belongs to a counter", "delete it, or write `type: counter`");
    yaml::Node one;
    one.kind = yaml::Kind::map;
    one.entries.push_back(entry);
    auto items = data_of(&one, "", findings_);
    if (!items.empty()) out.item = std::move(items.front());
  }

  void counter(const yaml::Entry& entry, const std::string& element, Register::Field& out) {
    out.item.name = entry.key;
    out.item.at = entry.at;
    out.item.type = feel::Type(feel::Type::Kind::number);
    out.item.type_text = "counter";
    out.counting = Counting{};
    if (!entry.value.is(yaml::Kind::map)) return;
    for (const std::string_view key : {"required", "enum", "min", "max"})
      if (const yaml::Entry* e = entry.value.find(key))
        findings_.error("SB0112", e->at, element, "`" + std::string(key) + "` does not belong to a counter", "delete it");
    if (text_of(value_at(entry.value, "per")) == "month") out.counting->per = Counting::Per::month;
    if (const yaml::Node* over = value_at(entry.value, "over"); over != nullptr && over->is(yaml::Kind::number))
      out.counting->over = static_cast<std::uint32_t>(std::clamp<std::int64_t>(over->number.to_int64().value_or(1), 1, Counting::most_periods));
    out.item.label = label_of(value_at(entry.value, "name"));
    out.item.documentation = label_of(value_at(entry.value, "documentation"));
  }

  void check_key(const Register& r) {
    const Register::Field* key = r.find(r.key.name);
    if (key == nullptr) {
      findings_.error("SB0120", r.key.at, "key", "unknown field `" + r.key.name + "`",
                      suggestion(r.key.name, r.field_names(), "declare it under `fields`"));
    } else if (key->item.type.kind() != feel::Type::Kind::string) {
      findings_.error("SB0132", key->item.at, "fields." + r.key.name,
                      "the key `" + r.key.name + "` is a " + key->item.type_text + ", wanted is string",
                      "numbers of customers and supply points are texts: `type: string`");
    }
  }

  Findings& findings_;
};

}  // namespace

std::vector<model::GivenRow> rows_of(const yaml::Node* node) {
  std::vector<model::GivenRow> rows;
  if (node == nullptr) return rows;
  for (const yaml::Entry& of : node->entries)
    for (const yaml::Entry& row : of.value.entries) {
      Context fields;
      for (const yaml::Entry& field : row.value.entries) fields.set(field.key, natural_value(field.value));
      rows.push_back({{of.key, of.at}, {row.key, row.at}, std::move(fields)});
    }
  return rows;
}

Loaded<Register> load_register(std::string_view text, std::string_view file) {
  Loaded<Register> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::registers, findings)) {
    Register read = Reader(findings).read(*root);
    if (!findings.has_errors()) out.value = read;
    out.draft = std::move(read);
  }
  out.diagnostics = findings.take();
  return out;
}

}  // namespace switchboard::notation
