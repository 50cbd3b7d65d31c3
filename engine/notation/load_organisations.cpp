// Files of organisations: a tree of units.
#include "notation/load.hpp"
#include "notation/reading.hpp"

namespace switchboard::notation {

namespace {

std::vector<model::Unit> units_of(const yaml::Node* node) {
  std::vector<model::Unit> units;
  if (node == nullptr) return units;
  for (const yaml::Entry& e : node->entries) {
    model::Unit unit;
    unit.id = e.key;
    unit.at = e.at;
    unit.parent = ref_of(value_at(e.value, "parent"));
    unit.name = label_of(value_at(e.value, "name"));
    unit.level = text_of(value_at(e.value, "level"));
    unit.calendar = ref_of(value_at(e.value, "calendar"));
    units.push_back(std::move(unit));
  }
  return units;
}

}  // namespace

Loaded<model::OrganisationsPtr> load_organisations(std::string_view text, std::string_view file) {
  Loaded<model::OrganisationsPtr> out;
  Findings findings(file);
  if (const auto root = open_file(text, FileKind::organisations, findings); root && !findings.has_errors()) {
    const yaml::Node* units = value_at(*root, "units");
    const auto tell = [&](const model::UnitMistake& m) { findings.error("SB0155", m.at, m.unit, m.message, m.hint); };
    auto made = model::Organisations::make(text_of(value_at(*root, "organisations")), label_of(value_at(*root, "name")),
                                           units == nullptr ? root->at : units->at, units_of(units), tell);
    if (made != nullptr) out.value = std::move(made);
  }
  out.diagnostics = findings.take();
  return out;
}

}  // namespace switchboard::notation
