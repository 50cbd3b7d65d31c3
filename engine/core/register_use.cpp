// Service tasks that read or write a row of a register: the driver has the rows, what is asked of it is an errand like a call.
#include <fmt/format.h>

#include "core/rules.hpp"
#include "core/step.hpp"
#include "model/registers.hpp"

namespace switchboard::core {
namespace {

/// `set` or `add` of a row, as values that fit the fields of `of`.
Result<Context> fields_of(const Execution& x, ElementKey key, const std::vector<model::Assignment>& written, const model::Register& of,
                          std::string_view what) {
  Context fields;
  const Visible seen = x.seen_from(key);
  for (const model::Assignment& a : written) {
    auto value = value_of(a.value, seen.frame());
    if (!value) return failure(rules::cannot_enter, fmt::format("register '{}', {} '{}': {}", of.id, what, a.name, value.error().message));
    model::DataSpec spec = of.find(a.name)->spec;
    spec.required = false;
    auto fitted = model::admit(spec, value.value());
    if (!fitted) return failure(rules::cannot_enter, fmt::format("register '{}', {} '{}': {}", of.id, what, a.name, fitted.error().message));
    fields.set(a.name, std::move(fitted).value());
  }
  return fields;
}

Result<Value> asked_of(const Execution& x, ElementKey key, const model::RegisterUseSpec& use) {
  auto found = value_of(use.key, x.seen_from(key).frame());
  if (!found) return failure(rules::cannot_enter, fmt::format("register '{}', key: {}", use.of->id, found.error().message));
  const std::string* text = found.value().string();
  if (text == nullptr)
    return failure(rules::cannot_enter,
                   fmt::format("register '{}', key: `{}` is {}, wanted is a text", use.of->id, use.key.text(), to_feel(found.value())));
  if (const auto usable = model::check_key(*use.of, *text); !usable) return failure(rules::cannot_enter, usable.error().message);
  Context asked{{"key", *text}};
  if (use.kind == model::RegisterUse::Kind::read) return Value(std::move(asked));
  SB_TRY(auto set, fields_of(x, key, use.set, *use.of, "set"));
  SB_TRY(auto add, fields_of(x, key, use.add, *use.of, "add"));
  asked.set("set", Value(std::move(set)));
  asked.set("add", Value(std::move(add)));
  return Value(std::move(asked));
}

}  // namespace

void perform_register_use(Execution& x, ElementKey key) {
  const ElementIndex index = x.instance.find(key)->element;
  const model::RegisterUseSpec& use = x.process.at(index).register_use;
  auto asked = asked_of(x, key, use);
  if (asked)
    if (const auto sized = check_given(asked.value()); !sized) asked = sized.error();
  if (!asked) return raise_incident(x, key, index, rules::cannot_enter, asked.error().message);
  CallStarted started;
  started.call.key = x.new_key<CallKey>();
  started.call.element_key = key;
  started.call.element = index;
  started.call.process = use.of->id;
  started.call.kind = use.kind == model::RegisterUse::Kind::read ? CallKind::read : CallKind::write;
  started.data = std::move(asked).value();
  x.emit(std::move(started));
}

}  // namespace switchboard::core
