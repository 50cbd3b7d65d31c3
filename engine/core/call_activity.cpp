// Call activities: another case does the work and answers.
#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {

void perform_call(Execution& x, ElementKey key) {
  const ElementIndex index = x.instance.find(key)->element;
  const model::Element& element = x.process.at(index);
  if (x.instance.call_depth + 1 > limits::call_depth)
    return raise_incident(x, key, index, rules::call_failed,
                          fmt::format("calls are nested {} deep, the bound is {}", x.instance.call_depth + 1, limits::call_depth));
  std::string process = element.called_process;
  if (element.called_by) {
    const auto id = value_of(element.called_by, x.seen_from(key).frame());
    const std::string* text = id ? id.value().string() : nullptr;
    if (text == nullptr || text->empty() || !check_text("the process", *text, TextKind::name))
      return raise_incident(x, key, index, rules::call_failed,
                            id ? fmt::format("processBy: `{}` is {}, expected the id of a process", element.called_by.text(), to_feel(id.value()))
                               : "processBy: " + id.error().message);
    process = *text;
  }
  auto inputs = inputs_of(x, key);
  if (!inputs) return raise_incident(x, key, index, rules::call_failed, inputs.error().message);
  CallStarted started;
  started.call.key = x.new_key<CallKey>();
  started.call.element_key = key;
  started.call.element = index;
  started.call.process = std::move(process);
  started.data = std::move(inputs).value();
  started.version = element.called_version;
  x.emit(std::move(started));
}

/// A call that is not there any more was abandoned: its answer is stale. A suspended case takes answers later (the driver keeps the errand).
Verdict carry_out(Execution& x, const FinishCall& c) {
  const Call* call = x.instance.find(c.call);
  if (call == nullptr) return {.rejection = std::nullopt, .stale = true};
  const ElementKey key = call->element_key;
  const ElementIndex index = call->element;
  const std::string called = call->process;
  const bool is_row = call->kind != CallKind::process;
  const auto sized = check_given(c.data);
  x.emit(CallFinished{c.call, c.completed && c.error.empty(), is_row && c.completed && sized ? c.data : Value()});
  if (!c.error.empty()) {
    raise_error(x, key, c.error, fmt::format("the called case of '{}' ended with this error", called), c.data, {});
  } else if (!c.completed) {
    // A driver that could not start the called case says why.
    const std::string* why = c.data.string();
    raise_incident(x, key, index, is_row ? rules::register_failed : rules::call_failed,
                   why != nullptr ? *why : fmt::format("the called case of '{}' was cancelled", called));
  } else if (!sized) {
    raise_incident(x, key, index, rules::cannot_take,
                   fmt::format("the answer of {} '{}': {}", is_row ? "register" : "the called case of", called, sized.error().message));
  } else {
    settle(x, key, map_or_keep(x, {index, key}, c.data, Names::none_taken));
  }
  run(x);
  return {};
}

/// As if the call activity raised it itself: its boundary, the scopes around it, and on to the caller of this case.
Verdict carry_out(Execution& x, const RaiseEscalation& c) {
  const Call* call = x.instance.find(c.call);
  if (call == nullptr) return {.rejection = std::nullopt, .stale = true};
  raise_escalation(x, call->element_key, ElementIndex(call->element), {}, c.code, c.payload);
  run(x);
  return {};
}

}  // namespace switchboard::core
