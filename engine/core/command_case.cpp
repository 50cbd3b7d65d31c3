// What operators do with a whole case.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {

/// While the case is suspended data may be repaired; clocks listen, tokens stay.
Verdict carry_out(Execution& x, const SetData& c) {
  if (c.data.is_null()) return {refusal(rules::malformed, "no data is given", "give names with values")};
  auto writes = map_data(x, c.data, giver_of(c.by, c.reason));
  if (!writes) return {writes.error()};
  std::string names;
  for (const auto& [slot, value] : writes.value()) names += (names.empty() ? "" : ", ") + x.process.data[slot.value].name;
  x.emit(NoteAdded{fmt::format("data set: {}{}{}", names, c.reason.empty() ? "" : ": ", c.reason), c.by});
  write_all(x, {}, std::move(writes).value());
  if (x.instance.state == InstanceState::active) {
    run(x);
  } else {
    remember_conditions_while_suspended(x);
    identify_customer(x);
    static_cast<void>(react(x));
  }
  return {};
}

Verdict carry_out(Execution& x, const CorrectData& c) {
  if (c.by.empty() || c.reason.empty())
    return {refusal(rules::malformed, fmt::format("a correction of case '{}' needs {}", x.instance.case_no, c.by.empty() ? "a name" : "a reason"),
                    "say who corrects, and why: both stay with it")};
  if (c.data.is_null()) return {refusal(rules::malformed, "no data is given", "give names with values")};
  auto writes = map_data(x, c.data, giver_of(c.by, c.reason));
  if (!writes) return {writes.error()};
  const bool is_other =
      std::any_of(writes.value().begin(), writes.value().end(), [&](const auto& w) { return x.instance.data[w.first.value] != w.second; });
  if (!is_other) return {refusal(rules::malformed, "the data are so already: there is nothing to correct", "look at them with `data`")};
  for (auto& [slot, value] : writes.value()) {
    const Value before = x.instance.data[slot.value];
    if (before == value) continue;
    const auto& of_customer = x.process.customer_slots;
    x.customer_changed = x.customer_changed || std::find(of_customer.begin(), of_customer.end(), slot.value) != of_customer.end();
    x.emit(DataCorrected{slot, before, std::move(value), c.by, c.reason});
  }
  identify_customer(x);
  return {};
}

Verdict carry_out(Execution& x, const SuspendInstance& c) {
  if (!next(x.instance.state, InstanceMove::suspend))
    return {refusal(rules::wrong_state, fmt::format("case '{}' is {}", x.instance.case_no, to_string(x.instance.state)),
                    "only a case that is active can be suspended")};
  x.emit(InstanceSuspended{c.reason, c.by});
  return {};
}

/// Timers go on with the time they had left; a date and time of the calendar stays what it is, whether `at` or named days
/// say it. Clocks were never stopped: a promise to a customer
/// does not stand still because we do.
Verdict carry_out(Execution& x, const ResumeInstance& c) {
  if (!next(x.instance.state, InstanceMove::resume))
    return {refusal(rules::wrong_state, fmt::format("case '{}' is {}, not suspended", x.instance.case_no, to_string(x.instance.state)),
                    "there is nothing to resume")};
  const Duration pause = x.at - x.instance.suspended_at;
  x.emit(InstanceResumed{c.by});
  const Parts<Timer> timers = pause.us > 0 ? x.instance.timers : Parts<Timer>();
  for (const Timer& t : timers) {
    const model::TimerSpec& spec = x.process.at(t.element).definition(t.definition).timer;
    if (spec.kind == model::TimerDefinition::Kind::at || spec.named_days) continue;
    TimerMoved moved{t.key, t.due + pause, t.provisional, "the case was suspended", {}, t.due};
    moved.armed = t.armed + pause;
    x.emit(std::move(moved));
  }
  look_at_conditions_after_resume(x);
  run(x);
  return {};
}

/// No promise is met by giving up: every open clock is cancelled.
Verdict carry_out(Execution& x, const CancelInstance& c) {
  terminate(x, root_key);
  close_clocks(x, false);
  x.emit(InstanceCancelled{c.reason, c.by});
  return {};
}

}  // namespace switchboard::core
