#include "simulation/bind_names.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::simulation {

using model::DataSpec;
using model::ExecutableProcess;

std::vector<std::string> data_names(const ExecutableProcess& process) {
  std::vector<std::string> names;
  for (const auto& d : process.data) names.push_back(d.name);
  return names;
}

void BindFindings::error(std::string rule, Position at, std::string element, std::string message, std::string advice, model::Subject subject) {
  all.push_back(
      {std::move(rule), model::Severity::error, file_, at, std::move(element), std::move(message), std::move(advice), {}, std::move(subject)});
}

std::string BindFindings::hint(const std::string& wanted, const std::vector<std::string>& names) {
  const std::string near = model::nearest_name(wanted, names);
  if (!near.empty()) return fmt::format("did you mean `{}`?", near);
  return names.empty() ? std::string{} : fmt::format("there are: {}", fmt::join(names, ", "));
}

const DataSpec* BindFindings::looked_at(const ExecutableProcess& process, const std::string& data, Position at, const std::string& element) {
  const auto slot = process.find_data(data);
  if (slot) return &process.data[slot.value];
  error("SB1014", at, element, fmt::format("`by: {}`: process `{}` has no such data", data, process.id), hint(data, data_names(process)));
  return nullptr;
}

namespace {

/// All values that the data can have, as `by` writes them; empty when there is no end of them.
std::vector<std::string> values_of(const DataSpec& spec) {
  std::vector<std::string> values;
  for (const auto& v : spec.enumeration) values.push_back(to_display(v));
  if (values.empty() && spec.type.kind() == feel::Type::Kind::boolean) values = {"true", "false"};
  return values;
}

}  // namespace

/// A row of `by` that can never be picked is a slip.
void BindFindings::row(const DataSpec& spec, const std::string& value, Position at, const std::string& element) {
  const auto values = values_of(spec);
  if (values.empty()) return;
  if (value != "null" && std::find(values.begin(), values.end(), value) == values.end())
    error("SB1018", at, element, fmt::format("`{}` is no value of data `{}`", value, spec.name), hint(value, values));
}

BoundByData BindFindings::by_data(const ExecutableProcess& process, const ByData& by, const std::string& element) {
  BoundByData bound{by, UINT32_MAX};
  if (by.data.empty()) return bound;
  const DataSpec* spec = looked_at(process, by.data, by.at, element);
  if (spec == nullptr) return bound;
  bound.slot = process.find_data(by.data).value;
  for (std::size_t i = 0; i < by.by_value.size(); ++i) row(*spec, by.by_value[i].first, by.by_at[i], element);
  if (by.has_otherwise) return bound;
  const auto values = values_of(*spec);
  const auto missing = std::find_if(values.begin(), values.end(), [&](const std::string& v) {
    return std::none_of(by.by_value.begin(), by.by_value.end(), [&](const auto& r) { return r.first == v; });
  });
  if (values.empty() || missing != values.end())
    error("SB1018", by.at, element,
          values.empty() ? fmt::format("`by: {}` does not say what holds otherwise", by.data)
                         : fmt::format("`by: {}` does not say what holds for `{}`", by.data, *missing),
          "add `else: ...`");
  return bound;
}

void BindFindings::value(const DataSpec& spec, const Value& v, Position at, const std::string& element) {
  if (v.is_null()) return;
  const auto admitted = model::admit(spec, v);
  if (!admitted) error("SB1018", at, element, admitted.error().message, admitted.error().hint);
}

/// `spec`: the data that gets the value; null when an expression stands between.
void BindFindings::generator(const ExecutableProcess& process, const DataSpec* spec, const Generator& g, const std::string& element) {
  if (!g.data.empty()) {
    const DataSpec* by = looked_at(process, g.data, g.at, element);
    for (const auto& c : g.by_value) {
      if (by != nullptr) row(*by, c.value, c.at, element);
      generator(process, spec, c.generator, element);
    }
    for (const auto& c : g.otherwise) generator(process, spec, c.generator, element);
    return;
  }
  if (spec == nullptr) return;
  switch (g.kind) {
    case Generator::Kind::constant: return value(*spec, g.constant, g.at, element);
    case Generator::Kind::choose:
      for (const auto& [choice, share] : g.choices) value(*spec, choice, g.at, element);
      return;
    case Generator::Kind::sequence: return value(*spec, Value(g.prefix + "1"), g.at, element);
    case Generator::Kind::integer:
    case Generator::Kind::number: return value(*spec, Value(static_cast<std::int64_t>(g.distribution.mean())), g.at, element);
    case Generator::Kind::instant: return value(*spec, Value(*to_date_time(Instant{}, "UTC")), g.at, element);
  }
}

/// The engine would refuse every one of them (SB0533).
void BindFindings::set_by_process(const DataSpec& spec, const NamedGenerator& g, const std::string& element) {
  if (spec.set_by_process)
    error("SB1014", g.at, element, fmt::format("data `{}` is set by the process alone", spec.name), "delete it: the process sets it");
}

void BindFindings::arrival_data(const ExecutableProcess& process, const ArrivalModel& arrival) {
  const std::string element = "arrivals." + arrival.id;
  for (const auto& g : arrival.data) {
    const auto slot = process.find_data(g.name);
    if (!slot) {
      error("SB1014", g.at, element, fmt::format("process `{}` has no data `{}`", process.id, g.name), hint(g.name, data_names(process)));
      continue;
    }
    set_by_process(process.data[slot.value], g, element);
    generator(process, &process.data[slot.value], g.generator, element);
  }
  for (const auto& d : process.data)
    if (d.required && !d.set_by_process && std::none_of(arrival.data.begin(), arrival.data.end(), [&](const auto& g) { return g.name == d.name; }))
      error("SB1014", arrival.at, element, fmt::format("required data `{}` is missing", d.name), fmt::format("data: {{{}: ...}}", d.name));
}

void BindFindings::result_data(const ExecutableProcess& process, model::ElementIndex place, const std::vector<NamedGenerator>& data) {
  const model::Element& activity = process.at(place);
  const std::string element = process.id + "/" + activity.path;
  const auto& out = activity.out;
  for (const model::FormSpec& f : activity.work.form) {
    const std::string& name = process.spec(place, f.slot).name;
    if (f.required && std::none_of(data.begin(), data.end(), [&](const auto& g) { return g.name == name; }))
      error("SB1014", {}, element, fmt::format("the form of `{}` requires `{}`, and nothing gives it", activity.path, name),
            fmt::format("data: {{{}: ...}} for the activity", name));
  }
  for (const auto& g : data) {
    if (out.explicit_out) {
      std::vector<std::string> names;
      for (const auto& [name, slot] : out.names) names.push_back(name);
      if (std::find(names.begin(), names.end(), g.name) == names.end())
        error("SB1014", g.at, element, fmt::format("`out` of the activity makes no use of `{}`", g.name), hint(g.name, names));
      const auto own = process.find_data(place, g.name);
      if (own && std::find(out.carried.begin(), out.carried.end(), own) == out.carried.end()) set_by_process(process.spec(place, own), g, element);
      generator(process, nullptr, g.generator, element);
      continue;
    }
    const auto slot = process.find_data(place, g.name);
    if (!slot) error("SB1014", g.at, element, fmt::format("process `{}` has no data `{}`", process.id, g.name), hint(g.name, data_names(process)));
    if (slot) set_by_process(process.spec(place, slot), g, element);
    generator(process, slot ? &process.spec(place, slot) : nullptr, g.generator, element);
  }
}

void BindFindings::payload_data(const ExecutableProcess& process, const MessageModel& message) {
  for (const auto& g : message.data) generator(process, nullptr, g.generator, process.id + "/messages." + message.name);
}

}  // namespace switchboard::simulation
