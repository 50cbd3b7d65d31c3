// What has happened: a closed set of past participles. Events are the history and the only input of `evolve`; they carry all that is needed to
// change an instance without its definition.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/closed_set.hpp"
#include "core/instance.hpp"

namespace switchboard::core {
// One line each: read as a table.
// clang-format off

struct InstanceStarted {
  InstanceKey key;
  std::string case_no, process, definition, customer;
  std::optional<Parent> parent;
  std::uint32_t call_depth = 0;
  std::vector<Value> data;       ///< every slot
  std::string by_message;
  std::string organisation{};    ///< empty: the whole company
  InstanceKey reopens{};                     ///< the case that is taken up again; none: it is a new one
  std::string reopened_by{}, reopen_reason{};
};
struct InstanceSuspended { std::string reason, by; };
struct InstanceResumed { std::string by; };
struct InstanceCompleted { Value data; std::string error; };   ///< data: final case data for a caller (null when nobody called); error: ended by an uncaught BPMN error
struct InstanceCancelled { std::string reason, by; };

/// `number`, here and below: of an instance of a repeated activity; 0 otherwise.
struct ElementEntered { ElementKey key; ElementIndex element; ElementKey scope; std::uint32_t number = 0; };
struct ElementCompleted { ElementKey key; ElementIndex element; ElementKey scope; std::uint32_t number = 0; };
struct ElementTerminated { ElementKey key; ElementIndex element; ElementKey scope; std::uint32_t number = 0; };
struct FlowTaken { FlowIndex flow; ElementKey scope; };
struct TokenArrived { ElementKey scope; ElementIndex gateway; FlowIndex flow; };
/// One token of each listed flow is consumed.
struct JoinFired { ElementKey scope; ElementIndex gateway; std::vector<FlowIndex> consumed; };
struct JoinCleared { ElementKey scope; };                      ///< the scope ended with tokens waiting in it

/// `owner`: the activation that declares the data (of element `scope`), and `slot` counts in its values; none: the case itself.
struct DataChanged { SlotIndex slot; Value value; ElementKey owner{}; ElementIndex scope{}; };
/// An operator corrects what was recorded of a case that has ended: `before` stood there. It changes no course.
struct DataCorrected { SlotIndex slot; Value before, value; std::string by, reason; };
struct CustomerIdentified { std::string customer; };
/// An activation has got its own data: every slot. They end with it.
struct ScopeOpened { ElementKey key; ElementIndex element; std::vector<Value> data; };
/// A repeated activity knows how often: `key` is its body, `counters` how many data it has (model::Element::body_data).
struct RepetitionBegun { ElementKey key; ElementIndex element; std::uint64_t total = 0; Value items; std::uint32_t counters = 0; };
/// What one of its instances gives to the list that is collected.
struct OutputCollected { ElementKey key; ElementIndex element; std::uint64_t number = 0; Value value; };

struct WorkOffered { Work work; };
/// `token`: number of the claim; the same as before when its holder extends the lease.
struct WorkClaimed { WorkKey work; std::string by; std::optional<Instant> lease_until; std::uint64_t token = 0; };
/// `token`: the claim's number from now on, so that its holder is too late; 0: he is not (the lease ran out, and nobody else has the work yet).
/// `burnt`: nobody is given that number (Work::burnt).
struct WorkReleased { WorkKey work; std::string by; std::uint64_t token = 0; bool burnt = false; };
struct WorkCompleted { WorkKey work; ElementIndex element; std::string by; };
struct WorkFailed { WorkKey work; ElementIndex element; std::string message, error, by; std::int32_t retries = 0; std::optional<Instant> retry_at; std::uint64_t token = 0; bool burnt = false; };
struct WorkRetried { WorkKey work; std::int32_t retries = 0; };
struct WorkWithdrawn { WorkKey work; };
struct WorkMoved { WorkKey work; ElementIndex element; Instant due, due_before; std::string reason; };   ///< when it should be done, on a calendar that became another

struct TimerArmed { Timer timer; };
struct TimerFired { TimerKey timer; ElementIndex element; Instant due; };   ///< lateness = at - due
struct TimerDisarmed { TimerKey timer; };
struct TimerMoved { TimerKey timer; Instant due; bool provisional = false; std::string reason; std::optional<Instant> armed, due_before; };  ///< `armed`: when that moved too

struct SubscriptionOpened { Subscription subscription; };
struct SubscriptionClosed { SubscriptionKey subscription; };
struct MessageReceived { ElementIndex element; std::string name; Value payload; };
struct SignalReceived { ElementIndex element; std::string name; Value payload; };
struct MessageThrown { ElementIndex element; std::string name, correlation; Value payload; };
/// `before`: who waited in this case under a lower key has had it already; 0, of earlier releases: nobody has.
struct SignalThrown { ElementIndex element; std::string name; Value payload; std::uint64_t before = 0; };
/// `caught_by` is npos when nobody catches it here: then it goes on in the calling case (`to_caller`), or somebody in the company is told. `clock` names the clock whose
/// mark raised it.
struct EscalationRaised { ElementIndex element; std::string code; ElementIndex caught_by; ClockIndex clock; Value payload; std::uint64_t key = 0; bool to_caller = false; };
struct ErrorRaised { ElementIndex element; std::string code, message; ElementIndex caught_by; };

/// The clock's ledger after the change.
struct ClockStarted { sla::Ledger ledger; };
struct ClockPaused { sla::Ledger ledger; };
struct ClockResumed { sla::Ledger ledger; };
struct ClockStopped { sla::Ledger ledger; };
struct ClockCancelled { sla::Ledger ledger; };
struct ClockMoved { sla::Ledger ledger; std::string reason; std::optional<Instant> due_before; };  ///< `due_before`: nothing in events of before form 6
struct ClockChanged { sla::Ledger ledger; };                     ///< by an operator: the last of its `changes`
struct ClockMarked { sla::Ledger ledger; std::uint32_t mark = 0; Instant due; bool skipped = false; };

/// One message to the customer. Key: stable, so that telling twice is harmless.
struct FeedbackGiven {
  FeedbackKey key;
  FeedbackIndex feedback;
  std::string id, customer;
  Words channels;
  std::vector<std::pair<std::string, std::string>> texts;  ///< by language
  std::optional<Instant> not_before;                       ///< when its calendar opens, if it is closed now
  Value to{};                                              ///< null: the customer; a record; a list of texts and records, each told by itself
};

struct CallStarted { Call call; Value data; std::string version; };
/// `answer`: of a row of a register, as it was then: the history stands by itself.
struct CallFinished { CallKey call; bool completed = true; Value answer{}; };
struct CallAbandoned { CallKey call; };                          ///< the caller was terminated: the called case must be cancelled

struct IncidentRaised { Incident incident; };
struct IncidentResolved { IncidentKey incident; std::string by; };
struct NoteAdded { std::string text, by; };                      ///< something worth keeping that changes nothing (a stale job dropped, ...)

/// One of the definitions of a parallel multiple event, or one of the events behind a parallel event-based gateway, has happened, and others are waited for.
struct EventOccurred { ElementKey owner; ElementIndex element; std::uint32_t definition = 0; Value payload; };
/// Nothing of what happened to this event is remembered any more: it has been triggered and waits from the beginning, or it cannot happen any more.
struct OccurrencesCleared { ElementKey owner; ElementIndex element; };
/// A complex gateway goes off: one token of each listed flow is consumed, and remembered until the reset.
struct GatewayActivated { ElementKey scope; ElementIndex gateway; std::vector<FlowIndex> consumed; };
/// What was still to come has come, or cannot come any more: one token of each listed flow is consumed, and the gateway waits for its start again.
struct GatewayReset { ElementKey scope; ElementIndex gateway; std::vector<FlowIndex> consumed; };
/// An activity of an ad-hoc sub-process begins: by itself, or because `by` (who may say nothing) `asked` for it.
struct ActivityBegun { ElementKey scope; ElementIndex element; std::string by; bool asked = false; };
/// Nothing begins in an ad-hoc sub-process any more.
struct AdHocClosed { ElementKey scope; ElementIndex element; };
/// An activity is about to complete, and can be undone from then on.
struct CompensationEnabled { Completion completion; };
/// `by` has `activities` (their activations, in the order in which they completed) undone, the last one first. `event`: that asked for it; npos: the sub-process is
/// undone, and these were inside it. Without `by` nothing has them undone any more.
struct CompensationTriggered { ElementKey by; ElementIndex element; ElementIndex event; std::vector<ElementKey> activities; };
/// `activity` is being undone: by the activation `handler` of `compensation`, which is entered next; or, when that is npos, from the inside: `activity` is there again
/// with its data (`handler` is the same).
struct CompensationStarted { ElementKey activity; ElementIndex element; ElementIndex compensation; ElementKey handler; };
struct ElementCompensated { ElementKey key; ElementIndex element; ElementKey scope; };   ///< undone from the inside
/// End event `event` cancels the transaction: what was done inside is undone, then its boundary event goes on.
struct TransactionCancelled { ElementKey key; ElementIndex element; ElementIndex event; };
/// A supervisor (`by`) has given the work to `to`, for a reason; `from` had it, if anybody.
struct WorkAssigned { WorkKey work; ElementIndex element; std::string to, from, by, reason; std::uint64_t token = 0; };

/// The case, or its `work`, has been moved to another unit of the company (`to`) by somebody, for a reason. Who has work that is moved has it no more.
struct OrganisationChanged { WorkKey work; ElementIndex element; std::string from, to, by, reason; std::uint64_t token = 0; };

using EventVariant =
    std::variant<InstanceStarted, InstanceSuspended, InstanceResumed, InstanceCompleted, InstanceCancelled, ElementEntered, ElementCompleted, ElementTerminated, FlowTaken,
                 TokenArrived, JoinFired, JoinCleared, DataChanged, CustomerIdentified, WorkOffered, WorkClaimed, WorkReleased, WorkCompleted, WorkFailed, WorkRetried, WorkWithdrawn,
                 TimerArmed, TimerFired, TimerDisarmed, TimerMoved, SubscriptionOpened, SubscriptionClosed, MessageReceived, SignalReceived, MessageThrown, SignalThrown,
                 EscalationRaised, ErrorRaised, ClockStarted, ClockPaused, ClockResumed, ClockStopped, ClockCancelled, ClockMoved, ClockMarked, FeedbackGiven, CallStarted,
                 CallFinished, CallAbandoned, IncidentRaised, IncidentResolved, NoteAdded, ScopeOpened, ClockChanged, RepetitionBegun, OutputCollected, EventOccurred,
                 OccurrencesCleared, GatewayActivated, GatewayReset, ActivityBegun, AdHocClosed, CompensationEnabled, CompensationTriggered, CompensationStarted, ElementCompensated,
                 TransactionCancelled, WorkMoved, WorkAssigned, OrganisationChanged, DataCorrected>;
using EventBody = ClosedSet<EventVariant>;

/// One entry of an instance's history. `sequence` counts from 1 without gaps.
struct Event {
  std::uint64_t sequence = 0;
  Instant at;
  EventBody body;

  Event() = default;
  template <class Body>
  Event(std::uint64_t number, Instant when, Body&& what) : sequence(number), at(when), body(std::forward<Body>(what)) {}
};

/// Past participle in kebab-case: "element-entered". Stable; used in history, JSON and logs.
// NOLINTNEXTLINE(bugprone-exception-escape): a closed set always holds something
[[nodiscard]] std::string_view name_of(const EventBody& body) noexcept;

[[nodiscard]] std::string encode(const Event& event);
/// How long `encode` of it is, or a few bytes more; what values share is counted as often as it is written. Cheap: nothing is written.
[[nodiscard]] std::uint64_t written_bytes(const Event& event);
[[nodiscard]] Result<Event> decode_event(std::string_view bytes);
/// The events of one change. Without a check sum: whoever keeps the bytes seals them.
[[nodiscard]] std::string encode(std::span<const Event> events);
[[nodiscard]] Result<std::vector<Event>> decode_events(std::string_view bytes);
/// For people and scripts: one context per event with the ids of the definition filled in (`process` may be null: then indices).
[[nodiscard]] Value describe(const Event& event, const model::ExecutableProcess* process);
// clang-format on

}  // namespace switchboard::core
