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

/// A date bounds an instant by its beginning, or by its end as for the `by:` of a clock.
Value instant_of_day(const Date& day, const model::DataSpec& spec, bool is_end) {
  const Time last{23, 59, 59, 999'999'999, {}};
  return model::read_as(Value(DateTime{day, is_end ? last : Time{}}), spec.type, spec.zone);
}

enum class Bound : std::uint8_t { min, max };

/// One that cannot be compared with the data asks for nothing.
Value bound_of(const feel::Program& program, Bound which, const model::DataSpec& spec, const feel::Frame& frame, std::string& doubt) {
  if (!program) return {};
  Value v = value_or_doubt(program, frame, spec.name, doubt);
  if (spec.type.kind() == feel::Type::Kind::date_time && v.date() != nullptr) v = instant_of_day(*v.date(), spec, which == Bound::max);
  const feel::Type wanted = model::type_of_bounds(spec.type);
  if (v.is_null() || wanted.admits(v)) return v;
  doubt =
      fmt::format("form, '{}': {} {} is no {} and bounds nothing", spec.name, which == Bound::min ? "min" : "max", to_feel(v), wanted.to_string());
  return {};
}

Asked asked_by(const model::FormSpec& f, const model::DataSpec& spec, const feel::Frame& frame, std::string& doubt) {
  const std::string& name = spec.name;
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
  asked.min = bound_of(f.min, Bound::min, spec, frame, doubt);
  asked.max = bound_of(f.max, Bound::max, spec, frame, doubt);
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

/// No answer where one is required: null, an empty text or list.
bool is_blank(const Value& v) {
  if (const std::string* text = v.string()) return text->find_first_not_of(" \t\r\n") == std::string::npos;
  if (const List* list = v.list()) return list->empty();
  return v.is_null();
}

Error refused(const model::Element& element, const Error& why) {
  return refusal(rules::form_refused, fmt::format("form of '{}': {}", element.path, why.message), why.hint);
}

std::optional<Error> misfit(const model::Element& element, const model::DataSpec& spec, const Asked& asked, const Value& given) {
  if (asked.required && is_blank(given))
    return refusal(rules::form_refused, fmt::format("form of '{}': '{}' must be given", element.path, spec.name), "give it with the result");
  if (given.is_null()) return std::nullopt;
  const auto fitted = model::admit(spec, given);
  if (!fitted) return refused(element, fitted.error());
  const bool chooses_none = fitted.value().list() != nullptr && fitted.value().list()->empty();
  if (asked.choices && asked.choices->empty() && !chooses_none)
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
    const model::DataSpec& declared = x.process.spec(w.element, spec.form[i].slot);
    const Asked asked = asked_by(spec.form[i], declared, data.frame(), doubt);
    if (auto error = misfit(element, declared, asked, one == nullptr ? nothing : *one)) return *error;
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
    Asked asked = asked_by(spec.form[i], process.spec(work.element, spec.form[i].slot), data.frame(), doubt);
    form.push_back(
        {spec.form[i].slot, asked.required, std::move(asked.choices), std::move(asked.min), std::move(asked.max), data.at(spec.form[i].slot)});
  }
  return form;
}

}  // namespace switchboard::core
