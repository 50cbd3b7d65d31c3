// Forms: what a person is asked for, and whether a result answers it.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

/// What one entry asks as things stand.
struct Asked {
  bool required = false;
  std::optional<std::vector<Value>> choices;
  Value min, max;
};

/// The value, or null; why there is none goes to `doubt`: what cannot be computed asks for nothing, for else nobody could ever answer.
Value value_or_doubt(const feel::Program& program, const feel::Frame& frame, const std::string& name, std::string& doubt) {
  feel::Evaluation e = program.evaluate(frame);
  if (e.value.is_null() && !e.error.empty()) doubt = fmt::format("form, '{}': {}", name, e.error);
  return std::move(e.value);
}

Asked asked_by(const model::FormSpec& f, const std::string& name, const feel::Frame& frame, std::string& doubt) {
  Asked asked;
  asked.required = f.required;
  if (f.required_if) {
    const Value v = value_or_doubt(f.required_if, frame, name, doubt);
    asked.required = v.boolean() != nullptr && *v.boolean();
  }
  if (!f.choices.empty()) asked.choices = f.choices;
  if (f.choices_from) {
    const Value v = value_or_doubt(f.choices_from, frame, name, doubt);
    if (const List* list = v.list()) asked.choices.emplace(list->begin(), list->end());
  }
  if (f.min) asked.min = value_or_doubt(f.min, frame, name, doubt);
  if (f.max) asked.max = value_or_doubt(f.max, frame, name, doubt);
  return asked;
}

/// The declaration of the data with the bounds of the form in the place of its own.
model::DataSpec narrowed(const model::DataSpec& spec, const Asked& asked) {
  model::DataSpec narrow;
  narrow.name = spec.name;
  narrow.type = spec.type;
  narrow.zone = spec.zone;
  if (asked.choices) narrow.enumeration = *asked.choices;
  if (!asked.min.is_null()) narrow.min = asked.min;
  if (!asked.max.is_null()) narrow.max = asked.max;
  return narrow;
}

/// Null is no answer, and neither is an empty text or list.
bool is_blank(const Value& v) {
  if (const std::string* text = v.string()) return text->find_first_not_of(" \t\r\n") == std::string::npos;
  if (const List* list = v.list()) return list->empty();
  return v.is_null();
}

Error refused(const model::Element& element, const Error& why) {
  return refusal(rules::form_refused, fmt::format("form of '{}': {}", element.path, why.message), why.hint);
}

std::optional<Error> misfit(const model::Element& element, const model::DataSpec& spec, const Asked& asked, const Value& given) {
  if (is_blank(given)) {
    if (!asked.required) return std::nullopt;
    return refusal(rules::form_refused, fmt::format("form of '{}': '{}' must be given", element.path, spec.name), "give it with the result");
  }
  const auto fitted = model::admit(spec, given);
  if (!fitted) return refused(element, fitted.error());
  if (asked.choices && asked.choices->empty())
    return refusal(rules::form_refused, fmt::format("form of '{}': there is nothing to choose from for '{}'", element.path, spec.name),
                   "leave it out");
  const auto within = model::admit(narrowed(spec, asked), fitted.value());
  if (!within) return refused(element, within.error());
  return std::nullopt;
}

}  // namespace

Result<std::string> check_form(Execution& x, const Work& w, const Value& result) {
  const model::Element& element = x.process.at(w.element);
  const model::WorkSpec& spec = element.work;
  std::string doubt;
  const Context* given = result.context();
  if (!spec.form_asks || (given == nullptr && !result.is_null())) return doubt;  // a result that is no context is refused where it is taken
  const auto answer = [&](const std::string& name) { return given == nullptr ? nullptr : given->find(name); };
  const Visible data = x.seen_from(w.element_key);
  LentData lent(x.instance);
  for (const auto& [name, slot] : spec.form_names) {
    const Value* one = answer(name);
    lent.add(one == nullptr ? data.at(slot) : model::read_as(*one, x.process.spec(w.element, slot).type, x.host.zone()));
  }
  static const Value nothing;
  for (std::size_t i = 0; i < spec.form.size(); ++i) {
    if (!spec.form[i].asks()) continue;
    const std::string& name = spec.form_names[i].first;
    const Value* one = answer(name);
    const Asked asked = asked_by(spec.form[i], name, data.frame(), doubt);
    if (auto error = misfit(element, x.process.spec(w.element, spec.form[i].slot), asked, one == nullptr ? nothing : *one)) return *error;
  }
  return doubt;
}

std::vector<FormEntry> form_of(const model::ExecutableProcess& process, const ProcessInstance& instance, const Work& work, Instant at) {
  const model::WorkSpec& spec = process.at(work.element).work;
  std::vector<FormEntry> form;
  ProcessInstance draft = instance;
  std::vector<Event> no_events;
  const Execution x(process, draft, no_events, at);
  const Visible data = x.seen_from(work.element_key);
  LentData lent(draft);
  for (const auto& one : spec.form_names) lent.add(data.at(one.second));
  std::string doubt;
  for (std::size_t i = 0; i < spec.form.size(); ++i) {
    Asked asked = asked_by(spec.form[i], spec.form_names[i].first, data.frame(), doubt);
    form.push_back(
        {spec.form[i].slot, asked.required, std::move(asked.choices), std::move(asked.min), std::move(asked.max), data.at(spec.form[i].slot)});
  }
  return form;
}

}  // namespace switchboard::core
