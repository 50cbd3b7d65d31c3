// What can be asked of an instance: a closed set of imperatives. Every command carries its own instant; the core has no clock.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/closed_set.hpp"
#include "core/instance.hpp"

namespace switchboard::core {
// One line each: read as a table.
// clang-format off

/// Creates a case. `start_event`: id of the start event to use, empty when there is only one none start event (or `message` names one).
struct StartInstance {
  InstanceKey key;
  std::string case_no;
  Value data;                    ///< context: data name -> value
  std::string start_event;
  std::string message;           ///< started by this message
  std::optional<Parent> parent;
  std::uint32_t call_depth = 0;
  std::string signal{};          ///< started by this signal
  bool by_timer = false;         ///< started by the timer of its start event
  std::string organisation{};    ///< of the case that calls it: where the process itself says nothing
  InstanceKey reopens{};         ///< takes this case, which has ended, up again
  std::string by{}, reason{};    ///< who has it taken up again, and why
};
/// `token`, here and below: number of the claim that the caller holds; 0: he names none.
/// `groups`, here and below: that `by` is in, asked for by a claim and while nobody has the work; not given: he may have it.
struct CompleteWork {
  WorkKey work;
  Value result;
  std::string by;
  std::uint64_t token = 0;
  std::optional<std::vector<std::string>> groups{};
};
/// With the `token` of a claim: that claim is to last until `lease_until`.
struct ClaimWork {
  WorkKey work;
  std::string by;
  std::optional<std::vector<std::string>> groups;
  std::optional<Instant> lease_until;
  std::uint64_t token = 0;
};
/// `lease`: the driver's command when a lease has run out; stale when the work is not held under that lease any more.
/// `by`: asked for, unless the token says who it is. `reason`: why somebody else than its holder takes it away.
struct ReleaseWork { WorkKey work; std::string by; std::uint64_t token = 0; std::optional<Instant> lease{}; std::string reason{}; };
/// A supervisor gives the work of a person to `to`, whoever has it. Who and why are asked for.
struct AssignWork { WorkKey work; std::string to, by, reason; };
/// A worker could not do it. With `error`: a BPMN error of that code, caught by a boundary event (or an incident). Otherwise a retry after back-off, at last an incident.
/// `retries`: how many are left, `retry_at`: when the next one is; not given: one less than before, after the back-off of the model.
struct FailWork {
  WorkKey work;
  std::string message;
  std::string error;
  Value payload;
  std::string by;
  std::uint64_t token = 0;
  std::optional<std::int32_t> retries{};
  std::optional<Instant> retry_at{};
  std::optional<std::vector<std::string>> groups{};
};
struct RetryWork { WorkKey work; };                           ///< back-off is over (driver)
/// `is_heard`: clocks and feedback of this case heard it when it arrived, before the token waited that takes it now.
struct DeliverMessage { SubscriptionKey subscription; std::string name; Value payload; bool is_heard = false; };
struct DeliverSignal { SubscriptionKey subscription; std::string name; Value payload; };
struct FireTimer { TimerKey timer; Instant due; };
struct FireMark { ClockIndex clock; std::uint32_t round = 1; std::uint32_t mark = 0; Instant due; };
struct FinishCall { CallKey call; bool completed = true; Value data; std::string error; };  ///< the called case ended; `error`: with this BPMN error
/// The called case has raised an escalation that nobody catches there: it goes on at the call activity (BPMN 2.0.2, 10.5.1).
struct RaiseEscalation { CallKey call; std::string code; Value payload; };
/// Operator: context name -> value. `reason`: asked for, and who, when it names data that only the process sets.
struct SetData { Value data; std::string by; std::string reason{}; };
/// Of a case that has ended: what was recorded is corrected, under a name and for a reason. It changes no course.
struct CorrectData { Value data; std::string by, reason; };
struct SuspendInstance { std::string reason; std::string by; };
struct ResumeInstance { std::string by; };
struct CancelInstance { std::string reason; std::string by; };
/// What the case wanted of others could not be done (driver): it stands aside until the incident is resolved. `sequence`, `place`: the change that wanted it, and
/// its place in it. Comes also to a case that has ended. Stale when that incident is open already.
struct StandAside { ElementIndex element; std::string rule; std::string message; std::uint64_t sequence = 0; std::uint32_t place = 0; };
/// `drop`: what stands aside is not done again. `reason`: as for SetData.
struct ResolveIncident { IncidentKey incident; Value data; std::int32_t retries = 1; std::string by; bool drop = false; std::string reason{}; };
/// Calendars changed: derive every open due instant again. `before`: the definition on the calendars as they were; only promises that stand on one of
/// those are derived then, so that one that has followed already is left alone; null: all of them. `from_now`: what was used up of a promise until now
/// stays counted on the calendar of before, only the rest counts on the new one.
struct RederiveClocks { std::string reason; std::shared_ptr<const model::ExecutableProcess> before{}; bool from_now = false; };
/// Operator: a round of clock `clock` (its id) that is open is extended by `amount`, made void, held or let go on. Who and why are asked for.
struct ChangeClock { std::string clock; sla::ChangeKind kind = sla::ChangeKind::extend; calendar::WorkingDuration amount; std::string reason, by; };
/// An activity of an open ad-hoc sub-process begins once more. `activity`: its id or path; `scope`: in which activation of the sub-process, when several are open.
struct BeginActivity { std::string activity, by; ElementKey scope{}; };
/// A case, or its work when that is named, comes to another unit of the company. Who and why are asked for.
struct MoveToOrganisation { std::string to, by, reason; WorkKey work{}; };

using CommandVariant =
    std::variant<StartInstance, CompleteWork, ClaimWork, ReleaseWork, FailWork, RetryWork, DeliverMessage, DeliverSignal, FireTimer, FireMark, FinishCall, SetData, CorrectData,
                 SuspendInstance, ResumeInstance, CancelInstance, StandAside, ResolveIncident, RederiveClocks, ChangeClock, BeginActivity, RaiseEscalation, AssignWork, MoveToOrganisation>;
struct Command {
  std::string request_id;        ///< empty: not idempotent
  Instant at;
  ClosedSet<CommandVariant> what;
  std::uint32_t chain = 0;       ///< of the errands that it leads to: how many led here since anything outside or a timer that waited
  std::string organisation{};    ///< of the caller: what he acts on must belong to this unit or one below it (SB0536); empty: to any
};
// clang-format on

}  // namespace switchboard::core
