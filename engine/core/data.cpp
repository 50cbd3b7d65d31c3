// Data in and out: every write is checked before anything is changed.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

std::string names_of(const model::ExecutableProcess& process) {
  std::string all;
  for (const auto& d : process.data) all += (all.empty() ? "" : ", ") + d.name;
  return all.empty() ? "this process declares no data" : "declared are " + all;
}

Error unknown_name(const model::ExecutableProcess& process, std::string_view name) {
  std::vector<std::string> known;
  for (const auto& d : process.data) known.push_back(d.name);
  const std::string near = model::nearest_name(name, known);
  return refusal(rules::data_refused, fmt::format("'{}' is not declared in the data of process '{}'", name, process.id),
                 near.empty() ? names_of(process) : fmt::format("did you mean '{}'?", near));
}

Result<void> admit_into(const Execution& x, SlotIndex slot, const Value& value, Writes& writes) {
  auto fitted = model::admit(x.process.data[slot.value], value);
  if (!fitted) return std::move(fitted).error();
  writes.emplace_back(slot, std::move(fitted).value());
  return success();
}

Result<const Context*> context_of(const Value& result) {
  static const Context nothing;
  if (result.is_null()) return &nothing;
  if (const Context* c = result.context()) return c;
  return refusal(rules::malformed, fmt::format("a result is names with values, this is {}", to_feel(result)), "give a context: {name: value}");
}

/// Without `out`: results by name.
Result<Writes> map_by_name(const Execution& x, const Context& result, Names names) {
  Writes writes;
  if (names == Names::none_taken) return writes;
  writes.reserve(result.size());
  for (const auto& [name, value] : result.entries()) {
    const SlotIndex slot = x.process.find_data(name);
    if (!slot && names == Names::declared_taken) continue;
    if (!slot) return unknown_name(x.process, name);
    SB_TRYV(admit_into(x, slot, value, writes));
  }
  return writes;
}

/// With `out`: data first, then the result's names, which win (model::ResultScope).
Result<Writes> map_by_expressions(const Execution& x, const model::ResultScope& out, const Context& result) {
  Writes writes;
  writes.reserve(out.assignments.size());
  LentSlots slots(x.instance.data);
  for (const auto& [name, fallback] : out.names) {
    const Value* given = result.find(name);
    slots.add(given != nullptr ? *given : fallback ? slots.all()[fallback.value] : Value());
  }
  for (const model::Assignment& a : out.assignments) {
    auto value = value_of(a.value, x.host.frame(slots.all()));
    if (!value) return refusal(rules::data_refused, fmt::format("out '{}': {}", a.name, value.error().message), {});
    SB_TRYV(admit_into(x, a.target, value.value(), writes));
  }
  return writes;
}

}  // namespace

Result<Writes> map_result(const Execution& x, const model::Element& element, const Value& result, Names names) {
  const model::ResultScope& out = element.out;
  if (result.is_null() && out.assignments.empty()) return Writes();
  SB_TRY(const Context* given, context_of(result));
  return out.explicit_out ? map_by_expressions(x, out, *given) : map_by_name(x, *given, names);
}

Result<Writes> map_data(const Execution& x, const Value& data) {
  SB_TRY(const Context* given, context_of(data));
  return map_by_name(x, *given, Names::declared_only);
}

Result<Value> read_payload(const Execution& x, const Payloads& declared, const std::string& name, const Value& payload, Undeclared others) {
  const auto fields = std::find_if(declared.begin(), declared.end(), [&](const auto& p) { return p.first == name; });
  if (fields == declared.end() || payload.context() == nullptr) return payload;
  Context read;
  read.reserve(payload.context()->size());
  for (const Context::Entry& entry : payload.context()->entries()) {
    const std::string& field = entry.first;  // clang 14 captures no structured binding
    const auto spec = std::find_if(fields->second.begin(), fields->second.end(), [&](const auto& f) { return f.first == field; });
    if (spec == fields->second.end()) {
      if (others == Undeclared::refused) return refusal(rules::data_refused, fmt::format("'{}' has no field '{}'", name, field), {});
      read.append_new(field, entry.second);
      continue;
    }
    Value fitted = model::read_as(entry.second, spec->second, x.host.zone());
    if (!fitted.is_null()) fitted = feel::coerce(fitted, spec->second);
    if (fitted.is_null() && !entry.second.is_null())
      return refusal(rules::data_refused,
                     fmt::format("field '{}' of '{}' is {}, wanted is {}", field, name, to_feel(entry.second), spec->second.to_string()), {});
    read.append_new(field, std::move(fitted));
  }
  return Value(std::move(read));
}

Result<Value> build_inputs(const Execution& x, const std::vector<model::Assignment>& in) {
  if (in.empty()) return Value();
  Context inputs;
  inputs.reserve(in.size());
  for (const model::Assignment& a : in) {
    auto value = value_of(a.value, x.frame());
    if (!value) return failure(rules::cannot_enter, fmt::format("in '{}': {}", a.name, value.error().message));
    inputs.append_new(a.name, std::move(value).value());
  }
  return Value(std::move(inputs));
}

void write(Execution& x, SlotIndex slot, Value value) {
  const Value& old = x.instance.data[slot.value];
  if (old == value) return;
  bool known = false;
  for (const auto& [s, v] : x.replaced) known = known || s == slot;
  if (!known) x.replaced.emplace_back(slot, old);
  const auto& of_customer = x.process.customer_slots;
  x.customer_changed = x.customer_changed || std::find(of_customer.begin(), of_customer.end(), slot.value) != of_customer.end();
  x.emit(DataChanged{slot, std::move(value)});
}

void write_all(Execution& x, Writes&& writes) {
  for (auto& [slot, value] : writes) write(x, slot, std::move(value));
}

void identify_customer(Execution& x) {
  if (!x.customer_changed) return;
  x.customer_changed = false;
  const feel::Evaluation e = x.process.customer.evaluate(x.frame());
  if (e.value.is_null()) return;
  std::string customer = to_display(e.value);
  if (customer != x.instance.customer) x.emit(CustomerIdentified{std::move(customer)});
}

}  // namespace switchboard::core
