// What each kind of node carries: work, scripts, decisions, calls, events.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "model/compiler.hpp"
#include "model/registers.hpp"

namespace switchboard::model {
namespace {

using Kind = feel::Type::Kind;

constexpr std::int32_t default_retries = 3;
constexpr std::int64_t most_retries = 1000;
constexpr std::string_view default_backoff = "1 min";
constexpr std::string_view default_timeout = "5 min";

/// What the expressions of a form see: the data, and the names of the form as the result gives them, which win.
feel::StaticScope scope_of_form(const Compilation& c, const WorkSpec& w) {
  feel::StaticScope scope = c.visible != nullptr ? *c.visible : c.scope;
  for (std::size_t i = 0; i < w.form_names.size(); ++i)
    for (auto& seen : scope.names)
      if (seen.name == w.form_names[i].first) seen.slot = c.out.slot_count() + static_cast<std::uint32_t>(i);
  return scope;
}

/// Whether `out` reads the name from the result.
bool is_read_by(const ResultScope& out, const std::string& name) {
  return out.explicit_out && std::any_of(out.names.begin(), out.names.end(), [&](const auto& n) { return n.first == name; });
}

/// What each choice must be: a value of the data; of a list, one of its items, for bounds of a list count them.
DataSpec spec_of_choice(const DataSpec& spec) {
  DataSpec one;
  const bool is_list = spec.type.kind() == Kind::list;
  one.name = spec.name;
  one.type = is_list ? spec.type.element() : spec.type;
  one.enumeration = spec.enumeration;
  one.zone = spec.zone;
  if (!is_list) {
    one.min = spec.min;
    one.max = spec.max;
  }
  return one;
}

/// The choices as values of the data, or of its items.
std::vector<Value> admit_choices(Compilation& c, const FormField& f, const std::vector<Value>& choices, const DataSpec& spec,
                                 std::string_view element) {
  std::vector<Value> out;
  for (const Value& one : choices) {
    auto fitted = admit(spec, one);
    if (fitted)
      out.push_back(std::move(fitted).value());
    else
      report(c, "SB0187", f.at, element, fmt::format("form, choices: {}", fitted.error().message), fitted.error().hint);
  }
  return out;
}

/// Bounds that are known before any case and that nobody can keep: together, or with what the data are bound to, or with the choices.
void check_form_bounds(Compilation& c, const FormField& f, const FormSpec& field, const DataSpec& spec, std::string_view element) {
  const auto known = [](const feel::Program& program) { return program ? program.constant().value_or(Value()) : Value(); };
  const Value min = known(field.min);
  const Value max = known(field.max);
  const feel::Type of_bounds = type_of_bounds(spec.type);
  const auto is_above = [&](const Value& low, const Value& high) {
    if (!of_bounds.admits(low) || !of_bounds.admits(high) || low.is_null() || high.is_null()) return false;
    DataSpec bounded;
    bounded.type = of_bounds;
    bounded.zone = spec.zone;
    bounded.max = high;
    return !admit(bounded, low);
  };
  const auto refuse = [&](std::string what, std::string hint) {
    report(c, "SB0187", f.at, element, fmt::format("form '{}': {}: no answer can keep it", f.name, what), std::move(hint));
  };
  if (is_above(min, max)) return refuse("`min` is greater than `max`", "exchange them");
  if (spec.max && is_above(min, *spec.max)) return refuse(fmt::format("`min` is greater than `max` of the data, {}", to_feel(*spec.max)), "lower it");
  if (spec.min && is_above(*spec.min, max)) return refuse(fmt::format("`max` is less than `min` of the data, {}", to_feel(*spec.min)), "raise it");
  const bool is_length = spec.type.kind() == Kind::string || spec.type.kind() == Kind::list;
  if (is_length && is_above(Value(0), max)) return refuse("`max` is a length and less than 0", "give the most that there may be");
  if (spec.type.kind() == Kind::list) return;
  for (const Value& one : field.choices) {
    DataSpec bounded = spec_of_choice(spec);
    if (of_bounds.admits(min) && !min.is_null()) bounded.min = min;
    if (of_bounds.admits(max) && !max.is_null()) bounded.max = max;
    if (const auto fitted = admit(bounded, one); !fitted)
      report(c, "SB0187", f.at, element, fmt::format("form, choices: {}", fitted.error().message), "take it off the choices, or correct the bounds");
  }
}

/// Choices that an expression yields: a list, of values that the data can hold.
void check_choices_from(Compilation& c, const FormField& f, const FormSpec& field, const DataSpec& spec, std::string_view element) {
  if (!field.choices_from) return;
  const Kind kind = field.choices_from.type().kind();
  if (kind != Kind::list && kind != Kind::any && kind != Kind::null)
    return report(
        c, "SB0187", f.at, element,
        fmt::format("form '{}', choices: `{}` is a {}, wanted is a list", f.name, f.choices_from.text, field.choices_from.type().to_string()),
        "write a list: `[...]`, or data that are one");
  const auto constant = field.choices_from.constant();
  const List* all = constant ? constant->list() : nullptr;
  if (all == nullptr) return;
  if (all->empty()) return report(c, "SB0187", f.at, element, fmt::format("form '{}', choices: nothing to choose from", f.name), "list the values");
  static_cast<void>(admit_choices(c, f, {all->begin(), all->end()}, spec_of_choice(spec), element));
}

void compile_form(Compilation& c, const std::vector<FormField>& form, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  WorkSpec& w = e.work;
  std::vector<const FormField*> written;
  for (const FormField& f : form) {
    const SlotIndex slot = resolve_data(c, self, {f.name, f.at}, e.path);
    if (!slot) continue;
    const DataSpec& spec = c.out.spec(self, slot);
    if (spec.set_by_process && !is_read_by(e.out, f.name))
      report(c, "SB0187", f.at, e.path,
             e.out.explicit_out ? fmt::format("a form asks a person for '{}', which only the process sets, and `out` makes nothing of it", f.name)
                                : fmt::format("a form asks a person for '{}', which only the process sets", f.name),
             "take it off the form; or say with `out:` what of the result becomes it");
    if (spec.set_by_process) e.out.carried.push_back(slot);
    if (std::any_of(w.form.begin(), w.form.end(), [&](const FormSpec& known) { return known.slot == slot; }))
      report(c, "SB0187", f.at, e.path, fmt::format("'{}' stands twice on the form", f.name), "delete one");
    FormSpec field;
    field.slot = slot;
    field.required = f.required;
    field.label = f.label;
    field.hint = f.hint;
    field.choices = admit_choices(c, f, f.choices, spec_of_choice(spec), e.path);
    w.form.push_back(std::move(field));
    w.form_names.emplace_back(f.name, slot);
    written.push_back(&f);
  }
  const bool computes = std::any_of(written.begin(), written.end(), [](const FormField* f) {
    return !f->required_if.empty() || !f->choices_from.empty() || !f->min.empty() || !f->max.empty();
  });
  const feel::StaticScope scope = computes ? scope_of_form(c, w) : feel::StaticScope{};
  for (std::size_t i = 0; i < written.size(); ++i) {
    const FormField& f = *written[i];
    FormSpec& field = w.form[i];
    const DataSpec& spec = c.out.spec(self, field.slot);
    const auto compile_one = [&](const Expr& text, std::string_view what, const feel::Type& type) {
      return text.empty() ? feel::Program{} : compile_feel(c, {text, e.path, fmt::format("form '{}', {}", f.name, what)}, scope, type);
    };
    field.required_if = compile_one(f.required_if, "required", Kind::boolean);
    field.choices_from = compile_one(f.choices_from, "choices", feel::Type{});
    check_choices_from(c, f, field, spec, e.path);
    field.min = compile_one(f.min, "min", type_of_bounds(spec.type));
    field.max = compile_one(f.max, "max", type_of_bounds(spec.type));
    if ((!f.min.empty() || !f.max.empty()) && !has_order(spec.type))
      report(c, "SB0187", f.at, e.path, fmt::format("form '{}': bounds have no meaning for a {}", f.name, spec.type.to_string()),
             "delete them; bounds are for numbers, dates, times, durations, and lengths of texts and lists");
    else
      check_form_bounds(c, f, field, spec, e.path);
    w.form_asks = w.form_asks || field.asks();
  }
}

/// Of the task, else of the lane that it stands in: either sees what the task sees.
void compile_organisation(Compilation& c, const Node& n, Element& e) {
  e.work.organisation = compile_feel(c, {n.organisation, e.path, "organisation"}, Kind::string);
  if (!n.organisation.empty()) return;
  for (const Lane& lane : c.process.lanes)
    if (lane.id == e.lane)
      e.work.organisation = compile_feel(c, {lane.organisation, e.path, fmt::format("organisation of lane '{}'", lane.id)}, Kind::string);
}

void compile_user_task(Compilation& c, const Node& n, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  WorkSpec& w = e.work;
  w.groups = n.groups;
  if (w.groups.empty())
    for (const Lane& lane : c.process.lanes)
      if (lane.id == e.lane) w.groups = lane.groups;
  compile_organisation(c, n, e);
  w.assignee = compile_feel(c, {n.assignee, e.path, "assignee"}, Kind::string);
  compile_form(c, n.form, self);
  w.has_form = !n.form.empty();
  if (!n.due.empty()) w.due = compile_duration(c, {n.due, e.path, "due"}, {});
  w.priority = compile_feel(c, {n.priority, e.path, "priority"}, Kind::number);
}

DurationSpec duration_or(Compilation& c, const DurationExpr& written, std::string_view fallback, std::string_view element, std::string_view what) {
  if (!written.empty()) return compile_duration(c, {written, element, what}, {});
  const DurationExpr standard{std::string(fallback), {}};
  return compile_duration(c, {standard, element, what}, {});
}

void compile_job(Compilation& c, const Node& n, Element& e) {
  WorkSpec& w = e.work;
  w.topic = n.job.empty() ? n.id : n.job;
  const std::int64_t retries = n.retries.value_or(default_retries);
  if (retries < 0 || retries > most_retries)
    report(c, "SB0184", n.at, e.path, fmt::format("retries: {} is not between 0 and {}", retries, most_retries), {});
  w.retries = static_cast<std::int32_t>(std::clamp<std::int64_t>(retries, 0, most_retries));
  w.backoff = duration_or(c, n.backoff, default_backoff, e.path, "backoff");
  w.timeout = duration_or(c, n.timeout, default_timeout, e.path, "timeout");
  w.priority = compile_feel(c, {n.priority, e.path, "priority"}, Kind::number);
}

void compile_script(Compilation& c, const Node& n, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  if (!n.script.empty())
    report(c, "SB0189", n.at, e.path,
           fmt::format("a script in {} is not run here", n.script_format.empty() ? "another language" : "'" + n.script_format + "'"),
           "write it in FEEL under `set`, or make the node a serviceTask: a worker that takes its job does what the script does");
  for (const Mapping& m : n.set) {
    const SlotIndex target = resolve_data(c, self, {m.name, m.at}, e.path);
    if (!target) continue;
    const std::string what = fmt::format("set '{}'", m.name);
    auto program = compile_feel(c, {m.value, e.path, what}, c.out.spec(self, target).type);
    if (program) e.set.push_back({target, m.name, std::move(program)});
  }
}

/// Whether `given` is `wanted`, or a misspelt `wanted`: that was reported already.
bool stands_for(const std::string& given, const std::string& wanted, const std::vector<std::string>& known) {
  return given == wanted || (std::find(known.begin(), known.end(), given) == known.end() && nearest_name(given, known) == wanted);
}

/// `in` in the order of the table's parameters, so that the core can hand them over as they stand.
void order_arguments(Compilation& c, const Node& n, Element& e, const feel::HostSignature& signature) {
  std::vector<Assignment> ordered;
  std::vector<std::string> known;
  for (const auto& [name, type] : signature.parameters) known.push_back(name);
  for (const Mapping& m : n.in)
    if (std::find(known.begin(), known.end(), m.name) == known.end())
      report_unknown(c, "SB0185", {m.name, m.at}, e.path, SubjectKind::name, known, "parameter");
  for (std::size_t i = 0; i < known.size(); ++i) {
    const auto given = std::find_if(e.in.begin(), e.in.end(), [&](const Assignment& a) { return a.name == known[i]; });
    if (given != e.in.end())
      ordered.push_back(std::move(*given));
    else if (i < signature.required && std::none_of(n.in.begin(), n.in.end(), [&](const Mapping& m) { return stands_for(m.name, known[i], known); }))
      report(c, "SB0181", n.decision.at, e.path, fmt::format("decision '{}' needs '{}'", n.decision.name, known[i]),
             fmt::format("add `{}:` to `in`", known[i]));
  }
  e.in = std::move(ordered);
}

void compile_business_rule(Compilation& c, const Node& n, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  for (const auto& [id, decision] : c.out.decisions) {
    if (id != n.decision.name) continue;
    e.decision = decision;
    const feel::HostSignature signature = decision.signature();
    e.in = compile_inputs(c, n.in, e.path, signature.parameters);
    order_arguments(c, n, e, signature);
    const feel::Type::Fields result{{"result", signature.result}};
    e.out = compile_result(c, n, self, &result);
    return;
  }
  // An unknown table was reported where the tables were gathered, except when none is named.
  if (n.decision.empty()) report(c, "SB0181", n.at, e.path, "a business rule task needs a decision table", "add `decision: ID`");
}

/// Adds the fields that are not there; of one that is there with another type anything may come.
void add_fields(feel::Type::Fields& all, const feel::Type::Fields& more) {
  for (const auto& one : more) {
    const auto known = std::find_if(all.begin(), all.end(), [&](const auto& f) { return f.first == one.first; });
    if (known == all.end())
      all.push_back(one);
    else if (known->second.to_string() != one.second.to_string())
      known->second = feel::Type{};
  }
}

/// What the messages, signals, errors and escalations of this node are declared to carry, together; nothing when one of them may carry anything.
std::optional<feel::Type::Fields> payload_of(const Compilation& c, const Node& n) {
  std::vector<const Declaration*> declared;
  if (!n.message.empty()) declared.push_back(find_declaration(c.process.messages, n.message.name));
  for (const auto& event : n.events) {
    if (event.kind == EventKind::message) declared.push_back(find_declaration(c.process.messages, event.name.name));
    if (event.kind == EventKind::signal) declared.push_back(find_declaration(c.process.signals, event.name.name));
    if (event.kind == EventKind::error) declared.push_back(find_declaration(c.process.errors, event.name.name));
    if (event.kind == EventKind::escalation) declared.push_back(find_declaration(c.process.escalations, event.name.name));
  }
  feel::Type::Fields all;
  for (const Declaration* d : declared) {
    if (d == nullptr || d->payload.empty()) return std::nullopt;
    add_fields(all, d->payload);
  }
  return all.empty() ? std::nullopt : std::optional(std::move(all));
}

void compile_mappings(Compilation& c, const Node& n, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  const std::optional<feel::Type::Fields> declared = payload_of(c, n);
  const feel::Type::Fields* payload = declared ? &*declared : nullptr;
  const bool node_takes_data = is_container(n.type) && !n.data.empty();
  const bool throws = n.type == NodeType::intermediate_throw_event || n.type == NodeType::end_event || n.type == NodeType::send_task;
  e.in = node_takes_data ? compile_initial_data(c, n, self)
                         : compile_inputs(c, n.in, e.path, throws && payload != nullptr ? *payload : feel::Type::Fields{});
  // A result's names are known when a payload is declared; what a person or worker hands back is not, and neither is a called case's data.
  const feel::Type::Fields nothing;
  const bool own_data = n.type == NodeType::sub_process || n.type == NodeType::transaction || n.type == NodeType::ad_hoc_sub_process ||
                        n.type == NodeType::manual_task || n.type == NodeType::task || n.type == NodeType::script_task;
  if (!e.data.empty()) c.visible = &visible_in(c, self);  // what leaves a scope is read inside it
  e.out = compile_result(c, n, self, own_data ? &nothing : payload);
  if (payload == nullptr || throws) return;
  for (const auto& [name, type] : *payload)
    if (const SlotIndex slot = c.out.find_data(self, name); slot && c.out.spec(self, slot).set_by_process) e.out.carried.push_back(slot);
}

/// `set` or `add` of a task that writes a row: a program for each field, of its type.
std::vector<Assignment> compile_row(Compilation& c, const std::vector<Mapping>& written, const Register& of, bool adds, std::string_view element) {
  std::vector<Assignment> out;
  for (const Mapping& m : written) {
    const Register::Field* field = of.find(m.name);
    if (field == nullptr) {
      const std::string near = nearest_name(m.name, of.field_names());
      report(c, "SB0198", m.at, element, fmt::format("register '{}' has no field `{}`", of.id, m.name),
             near.empty() ? fmt::format("its fields: {}", fmt::join(of.field_names(), ", ")) : fmt::format("did you mean `{}`?", near));
      continue;
    }
    if (field->counting.has_value() != adds) {
      report(
          c, "SB0198", m.at, element,
          adds ? fmt::format("`{}` of register '{}' is no counter", m.name, of.id) : fmt::format("`{}` of register '{}' is a counter", m.name, of.id),
          adds ? "write it under `set`; or declare it as `type: counter`" : "write it under `add`: how much is added");
      continue;
    }
    if (m.name == of.key.name) {
      report(c, "SB0198", m.at, element, fmt::format("`{}` is the key of register '{}'", m.name, of.id), "delete it here: `key` says it");
      continue;
    }
    auto program = compile_feel(c, {m.value, element, fmt::format("{} '{}'", adds ? "add" : "set", m.name)}, field->item.type);
    if (program) out.push_back({{}, m.name, std::move(program)});
  }
  return out;
}

void compile_register_use(Compilation& c, const Node& n, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  const RegisterUse& use = n.register_use;
  const auto found = c.library.registers.find(use.name.name);
  if (found == c.library.registers.end()) {
    std::vector<std::string> known;
    for (const auto& [id, ignored] : c.library.registers) known.push_back(id);
    return report_unknown(c, "SB0197", use.name, e.path, SubjectKind::registers, known, "register");
  }
  const Register& of = *found->second;
  e.register_use.kind = use.kind;
  e.register_use.of = found->second;
  e.register_use.key = compile_feel(c, {use.key, e.path, "key"}, Kind::string);
  e.register_use.set = compile_row(c, use.set, of, false, e.path);
  e.register_use.add = compile_row(c, use.add, of, true, e.path);
  if (!n.in.empty())
    report(c, "SB0198", n.in.front().at, e.path, "a task that uses a register has no `in`", "write what it needs into `key`, `set` and `add`");
  const feel::Type::Fields answer = answer_of(of);
  e.out = compile_result(c, n, self, &answer);
}

/// Over data and the number of incoming flows that have a token.
void compile_activation(Compilation& c, const Node& n, Element& e) {
  feel::StaticScope around = *c.visible;
  around.names.push_back({std::string(names::activation_count), Kind::number, c.out.activation_slot()});
  const feel::StaticScope* outside = std::exchange(c.visible, &around);
  e.activation = compile_condition(c, {n.activate, e.path, "activate"});
  c.visible = outside;
}

void compile_node(Compilation& c, const Node& n, ElementIndex self) {
  Element& e = c.out.elements[self.value];
  if (n.type == NodeType::business_rule_task) return compile_business_rule(c, n, self);
  if (n.register_use) return compile_register_use(c, n, self);
  for (const auto& event : n.events) e.events.push_back(compile_event(c, event, self));
  compile_mappings(c, n, self);
  if (n.type == NodeType::user_task) compile_user_task(c, n, self);
  if (n.type == NodeType::script_task) compile_script(c, n, self);
  if (n.type == NodeType::service_task || (n.type == NodeType::send_task && n.message.empty())) compile_job(c, n, e);
  if (!n.message.empty()) e.message = compile_message(c, n.message, self, n.type == NodeType::receive_task);
  if (n.type == NodeType::receive_task && n.message.empty()) report(c, "SB0184", n.at, e.path, "a receive task needs a message", "add `message: ID`");
  if (n.type == NodeType::complex_gateway) compile_activation(c, n, e);
  if (n.type == NodeType::ad_hoc_sub_process) {
    const feel::StaticScope* outside = std::exchange(c.visible, &visible_in(c, self));
    e.completion = compile_condition(c, {n.completion_condition, e.path, "completionCondition"});
    c.visible = outside;
  }
  if (n.type == NodeType::call_activity) {
    e.called_process = n.process.name;
    e.called_version = n.version;
    e.called_by = compile_feel(c, {n.process_by, e.path, "processBy"}, Kind::string);
    if (n.process.empty() && n.process_by.empty())
      report(c, "SB0184", n.at, e.path, "a call activity needs a process", "add `process: ID`, or `processBy: FEEL` that yields one");
  }
}

/// The container whose names the expressions of an element see: its own. What starts an event sub-process waits outside it.
ElementIndex seen_from(const ExecutableProcess& p, ElementIndex element) {
  const Element& e = p.at(element);
  const bool waits_outside = e.type == NodeType::start_event && p.at(e.scope).type == NodeType::event_sub_process;
  if (e.repetition) return element;  // each instance sees its item
  return waits_outside ? p.at(e.scope).scope : e.scope;
}

}  // namespace

void compile_nodes(Compilation& c) {
  for (std::size_t i = 1; i < c.nodes.size(); ++i) {
    const ElementIndex self{static_cast<std::uint32_t>(i)};
    c.visible = &visible_in(c, seen_from(c.out, self));
    compile_node(c, *c.nodes[i], self);
    if (c.out.at(self).repetition) compile_repetition(c, *c.nodes[i], self);
  }
  c.visible = nullptr;
}

}  // namespace switchboard::model
