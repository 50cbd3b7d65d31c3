// One command: is it allowed here, what does it do, and then everything that follows from it.
#include "core/step.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>
#include <variant>

#include "core/rules.hpp"

namespace switchboard::core {
namespace {

constexpr std::size_t usual_events = 16;  ///< of one step; reserved at once

/// Before the next token moves: it must not get away from a condition that has become true. What a condition writes may make another one true;
/// beyond the bound on events they are looked at once more, so that two that set each other off cannot go on for ever.
void follow_conditions(Execution& x) {
  while (!x.replaced.empty() && !x.exhausted()) look_at_conditions(x);
  if (x.replaced.empty()) return;
  if (!x.looked_beyond_bound) {
    x.looked_beyond_bound = true;
    return look_at_conditions(x);
  }
  x.replaced.clear();
  x.emit(NoteAdded{"one command caused too many events: conditions were not looked at any more", {}});
}

void move_tokens(Execution& x) {
  for (;;) {
    follow_conditions(x);
    if (x.exhausted()) park(x);
    if (x.next_arrival < x.arrivals.size()) {
      arrive(x, Arrival(x.arrivals[x.next_arrival++]));
      continue;
    }
    x.arrivals.clear();
    x.next_arrival = 0;
    if ((!x.instance.joins.empty() || !x.instance.gateways.empty()) && fire_ready_join(x)) continue;
    if (!x.undoing.empty() && go_on_undoing(x)) continue;
    if (complete_emptied_scope(x)) continue;
    return;
  }
}

/// What can still happen without anybody repairing anything.
bool waits_for_something(const Execution& x) {
  const ProcessInstance& i = x.instance;
  if (!i.work.empty() || !i.timers.empty() || !i.calls.empty() || !i.incidents.empty()) return true;
  if (is_open_for_activities(x)) return true;
  if (!std::all_of(i.subscriptions.begin(), i.subscriptions.end(), is_listening)) return true;
  return i.joins.empty() || waits_for_condition(x);
}

Value data_for_caller(const Execution& x) {
  if (!x.instance.parent) return {};
  Context data;
  data.reserve(x.process.data.size());
  for (std::size_t i = 0; i < x.process.data.size(); ++i) data.append_new(x.process.data[i].name, x.instance.data[i]);
  return data;
}

void end_case(Execution& x) {
  react_to_end(x);
  x.emit(InstanceCompleted{data_for_caller(x), x.error});
}

/// Commands of the engine's own making that come after the end are late, not wrong.
template <class C>
constexpr bool may_be_late = std::is_same_v<C, FireTimer> || std::is_same_v<C, FireMark> || std::is_same_v<C, FinishCall> ||
                             std::is_same_v<C, RetryWork> || std::is_same_v<C, RaiseEscalation>;

template <class C>
constexpr bool works_while_suspended = std::is_same_v<C, CancelInstance> || std::is_same_v<C, ResumeInstance> || std::is_same_v<C, SetData> ||
                                       std::is_same_v<C, RederiveClocks> || std::is_same_v<C, MoveToOrganisation>;

template <class C>
Verdict check_state(const model::ExecutableProcess& process, const ProcessInstance& i, const C& /*c*/) {
  if (i.state == InstanceState::none) return {refusal(rules::wrong_state, "the case has not been started", "start it first")};
  if (is_finished(i.state)) {
    if (may_be_late<C>) return {.rejection = std::nullopt, .stale = true};
    return {refusal(rules::wrong_state, fmt::format("case '{}' has ended ({}): nothing can be done in it any more", i.case_no, to_string(i.state)),
                    "its history tells what happened")};
  }
  if (i.state == InstanceState::suspended && !works_while_suspended<C>)
    return {refusal(rules::wrong_state, fmt::format("case '{}' is suspended", i.case_no), "resume it first")};
  if (i.definition != process.hash)
    return {refusal(rules::malformed, fmt::format("case '{}' runs another definition of '{}'", i.case_no, i.process),
                    "give the definition with its hash")};
  return {};
}

/// While the case is open its data are changed, and everything follows; later they are corrected, and nothing does.
Verdict check_state(const model::ExecutableProcess& process, const ProcessInstance& i, const CorrectData& /*c*/) {
  if (i.state == InstanceState::none) return {refusal(rules::wrong_state, "the case has not been started", "start it first")};
  if (!is_finished(i.state))
    return {refusal(rules::wrong_state, fmt::format("case '{}' is open: its data are changed, not corrected", i.case_no), "set the data instead")};
  if (i.definition != process.hash)
    return {refusal(rules::malformed, fmt::format("case '{}' runs another definition of '{}'", i.case_no, i.process),
                    "give the definition with its hash")};
  return {};
}

/// What stands aside concerns others: the case itself may be suspended or over.
Verdict check_state(const model::ExecutableProcess& /*process*/, const ProcessInstance& i, const StandAside& /*c*/) {
  if (i.state == InstanceState::none) return {refusal(rules::wrong_state, "the case has not been started", "start it first")};
  return {};
}

Verdict check_state(const model::ExecutableProcess& process, const ProcessInstance& i, const ResolveIncident& c) {
  const Incident* incident = i.find(c.incident);
  if (incident != nullptr && incident->is_of_errand()) return {};
  return check_state<ResolveIncident>(process, i, c);
}

Verdict check_state(const model::ExecutableProcess& /*process*/, const ProcessInstance& i, const StartInstance& /*c*/) {
  if (i.state != InstanceState::none)
    return {refusal(rules::wrong_state, fmt::format("case '{}' was started already", i.case_no), "start another one")};
  return {};
}

/// Data, results and payloads that somebody hands in. The answer of a called case is looked at where it is taken: nobody could be told.
template <class C>
Result<void> check_values(const C& c) {
  if constexpr (!std::is_same_v<C, FinishCall>) {
    if constexpr (requires { c.data; }) return check_given(c.data);
    if constexpr (requires { c.result; }) return check_given(c.result);
    if constexpr (requires { c.payload; }) return check_given(c.payload);
  }
  return success();
}

/// Whose organisation matters: who acts on a case or work that is there. Cases begin, and messages come, from everywhere.
template <class C>
std::optional<Error> check_organisation(const model::ExecutableProcess& process, const ProcessInstance& i, const std::string& caller, const C& c) {
  if (caller.empty() || std::is_same_v<C, StartInstance>) return std::nullopt;
  if constexpr (requires { c.work; })
    return outside_organisation(process, i, caller, c.work);
  else
    return outside_organisation(process, i, caller, {});
}

/// What a case is made of beside its data: many small things may be large together.
std::size_t parts_of(const ProcessInstance& i) {
  return i.elements.size() + i.joins.size() + i.work.size() + i.timers.size() + i.subscriptions.size() + i.calls.size() + i.incidents.size() +
         i.occurrences.size() + i.completions.size();
}
constexpr std::size_t many_parts = 10'000;

/// However large a case is, it can be ended, held, and told what failed.
template <class C>
constexpr bool is_always_done = std::is_same_v<C, CancelInstance> || std::is_same_v<C, SuspendInstance> || std::is_same_v<C, StandAside>;

/// The bound for what no single write showed: many tokens, work items or incidents.
std::optional<Error> outgrown(const ProcessInstance& before, const ProcessInstance& after) {
  const std::uint64_t now = written_bytes(after);
  if (now <= limits::instance_bytes || now <= written_bytes(before)) return std::nullopt;
  return Error{ErrorKind::limit,
               std::string(rules::too_large),
               fmt::format("case '{}' would have {} bytes when it is written, more than {}", after.case_no, now, limits::instance_bytes),
               {},
               "look at what makes its tokens, work and incidents so many; it can be cancelled, and its data be set smaller"};
}

}  // namespace

void run(Execution& x) {
  do {
    move_tokens(x);
    identify_customer(x);
  } while (react(x));
  if (x.ended) return end_case(x);
  listen(x);
  if (x.instance.state == InstanceState::active && !waits_for_something(x)) report_stuck_joins(x);
}

StepResult step(const model::ExecutableProcess& process, ProcessInstance instance, const Command& command, std::vector<Event> room) {
  StepResult result{std::move(instance), std::move(room), {}, false};
  result.events.clear();
  result.events.reserve(usual_events);
  const Instant at = std::max(command.at, result.instance.state == InstanceState::none ? command.at : result.instance.last);
  Execution x(process, result.instance, result.events, at, command.chain);
  std::optional<ProcessInstance> before;
  if (parts_of(result.instance) > many_parts) before = result.instance;
  Verdict verdict = std::visit(
      [&](const auto& c) {
        Verdict v = check_state(process, result.instance, c);
        if (v.rejection || v.stale) return v;
        if (auto outside = check_organisation(process, result.instance, command.organisation, c)) return Verdict{std::move(outside)};
        if (is_always_done<std::remove_cvref_t<decltype(c)>>) before.reset();
        if (const auto given = check_values(c); !given) return Verdict{given.error()};
        if (!process.condition_triggers.empty() && result.instance.state != InstanceState::none) remember_triggers(x);
        return carry_out(x, c);
      },
      command.what);
  if (before && !verdict.rejection && !verdict.stale) {
    verdict.rejection = outgrown(*before, result.instance);
    if (verdict.rejection) {
      result.instance = std::move(*before);
      result.events.clear();
    }
  }
  SB_ASSERT((!verdict.rejection && !verdict.stale) || result.events.empty());
  result.rejection = std::move(verdict.rejection);
  result.stale = verdict.stale;
  return result;
}

}  // namespace switchboard::core
