// Data of the case and of the containers in it, and what expressions see of them (docs/language.md, "Who sees which data").
#include <fmt/format.h>

#include <algorithm>

#include "model/compiler.hpp"

namespace switchboard::model {
namespace {

bool is_searchable(const feel::Type& type) {
  return type.kind() == feel::Type::Kind::string || (type.kind() == feel::Type::Kind::list && type.element().kind() == feel::Type::Kind::string);
}

void check_data(Compilation& c, const DataItem& item, const DataSpec& spec, const std::string& element) {
  if (item.name == names::case_no || item.name == names::instance_started || names::is_counter(item.name))
    report(c, "SB0187", item.at, element, fmt::format("'{}' is a name of the engine", item.name), "choose another name");
  if (item.search && !is_searchable(item.type))
    report(c, "SB0187", item.at, element, fmt::format("`search` is for texts and lists of texts, '{}' is of type {}", item.name, item.type_text),
           "leave `search` out, or declare a text beside it");
  if (!item.default_value || item.default_value->is_null()) return;
  auto fitted = admit(spec, *item.default_value);
  if (!fitted) report(c, "SB0187", item.at, element, fmt::format("default: {}", fitted.error().message), fitted.error().hint);
}

/// `prefix`: before the names in diagnostics.
std::vector<DataSpec> compile_items(Compilation& c, const std::vector<DataItem>& items, const std::string& prefix) {
  std::vector<DataSpec> out;
  for (const DataItem& item : items) {
    DataSpec d{item.name, item.type, item.required, {}, item.enumeration, item.min, item.max, item.label, {}};
    d.set_by_process = item.set_by_process;
    d.search = item.search;
    if (c.out.calendar != nullptr) d.zone = c.out.calendar->spec().zone;
    check_data(c, item, d, prefix + item.name);
    if (item.default_value && !item.default_value->is_null()) {
      auto fitted = admit(d, *item.default_value);
      if (fitted) d.default_value = std::move(fitted.value());
    }
    out.push_back(std::move(d));
  }
  return out;
}

/// Seen from inside, the outer one could never be reached; nobody who reads an expression should have to guess which of two is meant.
void refuse_hiding(Compilation& c, const Node& node, ElementIndex container) {
  const Element& e = c.out.at(container);
  const auto refuse = [&](const std::string& name, Position at) {
    const SlotIndex outer = c.out.find_data(e.scope, name);
    if (!outer) return;
    const ElementIndex owner = c.out.owner_of(e.scope, level_of(outer));
    const std::string whose = owner.value == 0 ? "of the process" : fmt::format("of '{}'", c.out.at(owner).path);
    report(c, "SB0188", at, e.path + "/" + name, fmt::format("'{}' hides the data {} of the same name", name, whose),
           "choose another name; only scopes that lie beside each other may use the same one");
  };
  for (const DataItem& item : node.data) refuse(item.name, item.at);
  const std::string& item = node.loop.element;
  if (item.empty()) return;
  refuse(item, node.loop.at);
  const bool is_own = std::any_of(node.data.begin(), node.data.end(), [&](const DataItem& d) { return d.name == item; });
  if (is_own || names::is_counter(item) || item == names::case_no || item == names::instance_started)
    report(c, "SB0188", node.loop.at, e.path + "/" + item,
           fmt::format("the item is called '{}', which is {}", item, is_own ? "data of the activity too" : "a name of the engine"),
           "choose another name");
}

/// Required data are given by `in`; an event sub-process has none.
void refuse_ungiven(Compilation& c, const Node& node, const Element& e) {
  for (const DataItem& item : node.data) {
    const bool given = std::any_of(node.in.begin(), node.in.end(), [&](const Mapping& m) { return m.name == item.name; });
    if (item.required && !given && !item.has_default())
      report(c, "SB0187", item.at, e.path + "/" + item.name,
             fmt::format("'{}' is required, and nothing gives it when '{}' begins", item.name, e.path),
             node.type == NodeType::event_sub_process ? "an event sub-process has no `in`: give it a default, or let `out` of the start event set it"
                                                      : fmt::format("add `{}:` to `in`, or give it a default", item.name));
  }
}

void see(feel::StaticScope& scope, const std::vector<DataSpec>& data, std::uint32_t level) {
  for (std::size_t i = 0; i < data.size(); ++i) {
    // A counter hides the one of the repetition around it: each belongs to its activity.
    std::erase_if(scope.names, [&](const auto& n) { return n.name == data[i].name; });
    scope.names.push_back({data[i].name, data[i].type, data_slot(level, static_cast<std::uint32_t>(i)).value});
  }
}

DataSpec given_by_engine(std::string name, feel::Type type) {
  DataSpec d;
  d.name = std::move(name);
  d.type = std::move(type);
  d.fixed = true;
  return d;
}

/// BPMN 2.0.2, tables 10.27 and 10.29: what a repeated activity counts.
std::vector<DataSpec> counters(const RepetitionSpec& repetition) {
  std::vector<DataSpec> out;
  if (!repetition) return out;
  if (!repetition.is_multi_instance()) return {given_by_engine(std::string(names::loop_counter), Kind::number)};
  for (const std::string_view name : names::instance_counters) out.push_back(given_by_engine(std::string(name), Kind::number));
  return out;
}

/// The type of one item of the collection, as far as its expression says so.
feel::Type type_of_item(Compilation& c, const Node& node, const Element& e) {
  if (node.loop.collection.empty()) return {};
  c.visible = &visible_in(c, e.scope);
  const auto compiled = feel::compile(node.loop.collection.text, *c.visible, {});
  c.visible = nullptr;
  const auto* program = std::get_if<feel::Program>(&compiled);  // its mistakes are told where the loop is compiled
  return program != nullptr ? program->type().element() : feel::Type{};
}

/// What begins when the case does alone can say: `default: =FEEL` needs somebody who asks it once, `set-by` is about who hands data in to a case,
/// and what cases are found by stays as long as they do.
void refuse_of_scope(Compilation& c, const Node& node, const Element& e) {
  const bool has_in = is_container(node.type) && node.type != NodeType::event_sub_process;
  for (const DataItem& item : node.data) {
    if (item.set_by_process)
      report(c, "SB0187", item.at, e.path + "/" + item.name, "`set-by` is for data of the process, these are of a sub-process or a task",
             "declare it under `data` of the process, or leave `set-by` out");
    if (item.search)
      report(c, "SB0187", item.at, e.path + "/" + item.name, "`search` is for data of the process, these are of a sub-process or a task",
             "declare it under `data` of the process, or leave `search` out");
    if (!item.computed.empty() && !has_in)
      report(c, "SB0187", item.computed.at, e.path + "/" + item.name,
             "a computed default is for data of the process and of sub-processes with an `in`", "give it a literal, or compute it where it is used");
  }
}

void compile_scope(Compilation& c, const Node& node, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  e.data_level = c.out.at(e.scope).data_level;
  if (node.data.empty() && !e.repetition) return;
  refuse_hiding(c, node, self);
  refuse_ungiven(c, node, e);
  refuse_of_scope(c, node, e);
  constexpr std::uint32_t most_of_one = 2;
  if (e.data_level + most_of_one > feel::most_slot_levels) return report(c, "SB0188", node.at, e.path, "scopes with data are nested too deep", {});
  feel::StaticScope scope = visible_in(c, e.scope);
  e.body_data = counters(e.repetition);
  if (!e.body_data.empty()) e.body_level = ++e.data_level;
  see(scope, e.body_data, e.body_level);
  if (e.repetition) c.body_scopes.emplace(self, scope);
  e.data = compile_items(c, node.data, e.path + "/");
  if (e.repetition.is_multi_instance()) {
    e.repetition.has_item = !node.loop.element.empty();
    if (e.repetition.has_item) e.data.push_back(given_by_engine(node.loop.element, type_of_item(c, node, e)));
    e.data.push_back(given_by_engine(std::string(names::loop_counter), Kind::number));
  }
  if (!e.data.empty()) ++e.data_level;
  see(scope, e.data, e.data_level);
  c.inner_scopes.emplace(self, std::move(scope));
}

}  // namespace

void compile_data(Compilation& c) { c.out.data = compile_items(c, c.process.data, {}); }

void compile_computed_defaults(Compilation& c) {
  for (std::size_t i = 0; i < c.out.data.size(); ++i) {
    const DataItem& item = c.process.data[i];
    c.out.data[i].computed = compile_feel(c, {item.computed, item.name, "default"}, item.type);
  }
}

void compile_scoped_data(Compilation& c) {
  for (std::size_t i = 1; i < c.nodes.size(); ++i) compile_scope(c, *c.nodes[i], {static_cast<std::uint32_t>(i)});
}

const feel::StaticScope& visible_in(const Compilation& c, ElementIndex container) {
  if (c.out.at(container).data_level == 0) return c.scope;
  const auto found = c.inner_scopes.find(c.out.owner_of(container, c.out.at(container).data_level));
  return found == c.inner_scopes.end() ? c.scope : found->second;
}

std::vector<std::string> data_names(const Compilation& c, ElementIndex container) {
  std::vector<std::string> known;
  for (const auto& d : c.out.data) known.push_back(d.name);
  for (; c.out.at(container).data_level > 0; container = c.out.at(container).scope)
    for (const auto& d : c.out.at(container).data)
      if (!d.fixed) known.push_back(d.name);
  return known;
}

SlotIndex resolve_data(Compilation& c, ElementIndex place, const Ref& ref, std::string_view element) {
  const SlotIndex found = c.out.find_data(place, ref.name);
  if (!found) report_unknown(c, "SB0185", ref, element, SubjectKind::data, data_names(c, place));
  if (!found || !c.out.spec(place, found).fixed) return found;
  report(c, "SB0185", ref.at, element, fmt::format("'{}' is given by the engine: it can be read and not be written", ref.name),
         "write to data of your own");
  return {};
}

std::vector<Assignment> compile_initial_data(Compilation& c, const Node& node, ElementIndex container) {
  std::vector<Assignment> out;
  const Element& e = c.out.at(container);
  std::vector<std::string> known;
  for (const auto& d : e.data)
    if (!d.fixed) known.push_back(d.name);
  for (const Mapping& m : node.in) {
    const auto at = std::find(known.begin(), known.end(), m.name);
    if (at == known.end()) {
      report_unknown(c, "SB0185", {m.name, m.at}, e.path, SubjectKind::data, known, "data of its own");
      continue;
    }
    const auto index = static_cast<std::uint32_t>(at - known.begin());
    const std::string what = fmt::format("in '{}'", m.name);
    auto program = compile_feel(c, {m.value, e.path, what}, e.data[index].type);
    if (program) out.push_back({data_slot(e.data_level, index), m.name, std::move(program)});
  }
  for (std::uint32_t index = 0; index < node.data.size(); ++index) {
    const DataItem& item = node.data[index];
    const bool given = std::any_of(node.in.begin(), node.in.end(), [&](const Mapping& m) { return m.name == item.name; });
    if (item.computed.empty() || given) continue;
    auto program = compile_feel(c, {item.computed, e.path, fmt::format("default of '{}'", item.name)}, item.type);
    if (program) out.push_back({data_slot(e.data_level, index), item.name, std::move(program)});
  }
  return out;
}

}  // namespace switchboard::model
