// Data objects, properties, inputs and outputs as data items and mappings.
#include <algorithm>
#include <array>

#include "exchange/expression.hpp"
#include "exchange/reading.hpp"

namespace switchboard::exchange {

namespace {

bool is_plain_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80; };
  return !text.empty() && letter(text.front()) && std::all_of(text.begin(), text.end(), [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// The type that an item definition's structure names; Any when it is one of the file's own.
feel::Type structure_type(std::string_view structure) {
  using Kind = feel::Type::Kind;
  if (const std::size_t colon = structure.rfind(':'); colon != std::string_view::npos) structure.remove_prefix(colon + 1);
  if (const std::size_t dot = structure.rfind('.'); dot != std::string_view::npos) structure.remove_prefix(dot + 1);  // java.lang.String
  static constexpr std::array<std::pair<std::string_view, Kind>, 21> known{
      {{"string", Kind::string},   {"String", Kind::string},   {"int", Kind::number},   {"integer", Kind::number},     {"Integer", Kind::number},
       {"long", Kind::number},     {"Long", Kind::number},     {"short", Kind::number}, {"decimal", Kind::number},     {"double", Kind::number},
       {"Double", Kind::number},   {"float", Kind::number},    {"Float", Kind::number}, {"BigDecimal", Kind::number},  {"number", Kind::number},
       {"boolean", Kind::boolean}, {"Boolean", Kind::boolean}, {"date", Kind::date},    {"dateTime", Kind::date_time}, {"time", Kind::time},
       {"anyURI", Kind::string}}};
  const auto found = std::find_if(known.begin(), known.end(), [&](const auto& k) { return k.first == structure; });
  return found == known.end() ? feel::Type() : feel::Type(found->second);
}

}  // namespace

void ProcessReader::data_item(const Item& thing, std::vector<model::DataItem>& into) {
  std::string name(thing.get("name"));
  if (!is_plain_name(name) || taken_.contains(name) || name == "case_no" || name == "instance_started") name = thing.id();
  if (name.empty() || taken_.contains(name)) return;  // nobody can refer to it
  model::DataItem item;
  item.name = name;
  item.at = thing.at();
  item.label = text(thing.get("name"));
  item.documentation = documentation(thing);
  const Item* definition = thing.has("itemSubjectRef") ? f_.document.find(thing, "itemSubjectRef") : nullptr;
  const feel::Type one = definition == nullptr ? feel::Type() : structure_type(definition->get("structureRef"));
  item.type = thing.flag("isCollection", false) ? feel::Type::list_of(one) : one;
  item.type_text = item.type.to_string();
  into.push_back(std::move(item));
  taken_.insert(name);
  names_[&thing] = std::move(name);
}

/// Data of the process and of all its sub-processes: a scope of BPMN's data ends with its container, and a name that is free everywhere serves as
/// well.
void ProcessReader::collect_data(const Item& container) {
  for (const Item* p : container.parts) {
    if (p->is("property") || p->is("dataObject")) data_item(*p, out_.data);
    if (p->is("dataStoreReference"))
      lost(*p, "a data store has no counterpart: what is kept outside the case is asked by jobs", "docs/exchange.md says what is read");
    if (p->is("subProcess")) collect_data(*p);  // depth is bounded by limits::xml_depth
  }
}

std::string ProcessReader::data_name(const Item& thing) const {
  const Item* object = thing.is("dataObjectReference") ? f_.document.find(thing, "dataObjectRef") : &thing;
  const auto found = object == nullptr ? names_.end() : names_.find(object);
  return found == names_.end() ? std::string() : found->second;
}

/// How an expression names a thing: data by its name, an activity's own input or output by its id.
std::string ProcessReader::source_name(const Item& thing) const {
  std::string name = data_name(thing);
  return name.empty() ? std::string(thing.id()) : name;
}

const Item* ProcessReader::association_of(const Item& activity, std::string_view kind, const Item& end) const {
  for (const Item* a : activity.all(kind)) {
    const Item* side = a->part(kind == "dataInputAssociation" ? "targetRef" : "sourceRef");
    if (side != nullptr && f_.document.find(side->text()) == &end) return a;
  }
  return nullptr;
}

/// What a data association carries: the result of its transformation, of its assignment, or its source as it is; empty when it says none of these.
model::Expr ProcessReader::carried(const Item& owner, const Item& association) {
  if (const Item* transformation = association.part("transformation"); transformation != nullptr) return expression(owner, transformation);
  if (const Item* assignment = association.part("assignment"); assignment != nullptr) return expression(owner, assignment->part("from"));
  const Item* source = association.part("sourceRef") == nullptr ? nullptr : f_.document.find(association.part("sourceRef")->text());
  return source == nullptr ? model::Expr{} : model::Expr{source_name(*source), association.at()};
}

void ProcessReader::inputs(const Item& owner, model::Node& node) {
  for (const Item* a : owner.all("dataInputAssociation")) {
    const Item* target = a->part("targetRef") == nullptr ? nullptr : f_.document.find(a->part("targetRef")->text());
    if (target == nullptr || target->id().empty()) continue;
    model::Mapping m{std::string(target->id()), a->at(), {}};
    m.value = carried(owner, *a);
    if (!m.value.empty()) node.in.push_back(std::move(m));
  }
}

void ProcessReader::outputs(const Item& owner, model::Node& node) {
  for (const Item* a : owner.all("dataOutputAssociation")) {
    const Item* target = a->part("targetRef") == nullptr ? nullptr : f_.document.find(a->part("targetRef")->text());
    if (target == nullptr) continue;
    std::string into = data_name(*target);
    if (into.empty()) continue;  // a data store: said already
    model::Mapping m{std::move(into), a->at(), {}};
    m.value = carried(owner, *a);
    if (m.value.empty()) continue;
    node.out.push_back(std::move(m));
    node.has_out = true;
  }
}

/// Inputs and outputs of a call go by their places into those of what is called.
void ProcessReader::call_data(const Item& call, model::Node& node) {
  const Item* called = f_.document.find(call, "calledElement");
  const Item* mine = call.part("ioSpecification");
  const Item* theirs = called == nullptr ? nullptr : called->part("ioSpecification");
  if (mine == nullptr || theirs == nullptr) return;
  const auto other = [&](std::string_view element, std::string_view id) -> std::string {
    const Items a = mine->all(element);
    const Items b = theirs->all(element);
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
      if (a[i]->id() != id) continue;
      const std::string_view name = b[i]->get("name");
      return std::string(is_plain_name(name) ? name : b[i]->id());
    }
    return std::string(id);
  };
  for (model::Mapping& m : node.in) m.name = other("dataInput", m.name);
  for (model::Mapping& m : node.out) m.value.text = other("dataOutput", m.value.text);
}

}  // namespace switchboard::exchange
