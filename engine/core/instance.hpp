// The whole state of one case. Plain values, no pointers into a definition, no history: its size is that of what is going on now.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/words.hpp"
#include "core/crowd.hpp"
#include "core/keys.hpp"
#include "core/lifecycle.hpp"
#include "core/parts.hpp"
#include "model/executable.hpp"
#include "sla/ledger.hpp"
#include "switchboard/base/time.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::core {

using model::ClockIndex;
using model::ElementIndex;
using model::FeedbackIndex;
using model::FlowIndex;
using model::SlotIndex;

/// One activation of an element that has not ended: a token that rests here, or a scope with tokens in it.
struct ElementInstance {
  ElementKey key;
  ElementIndex element;
  ElementKey scope;  ///< of the container, or of the body of a repeated activity; 0 for the process itself
  ActivityState state = ActivityState::active;
  std::uint32_t number = 0;  ///< of an instance of a repeated activity, from 1: its loopCounter; 0: it is none
  friend bool operator==(const ElementInstance&, const ElementInstance&) = default;
};

/// The values of the data that one activation declares for itself and what is inside it: they come when it is performed and go with it.
struct ScopeData {
  ElementKey key;             ///< the activation
  std::vector<Value> values;  ///< in the order of model::Element::data
  friend bool operator==(const ScopeData&, const ScopeData&) = default;
};

/// What an instance of a repeated activity gave.
struct Output {
  Key<struct OutputKeyTag> key;  ///< its number
  Value value;
  friend bool operator==(const Output&, const Output&) = default;
};

/// A repeated activity that goes on (model::RepetitionSpec). Its counters are the data of the body's activation (ScopeData), in the order of
/// model::Element::body_data; `evolve` counts them as instances come and go.
struct Repetition {
  ElementKey key;           ///< the body
  std::uint64_t total = 0;  ///< how many instances there will be; of a loop: at most, 0 for without a bound
  Value items;              ///< list of the items; null: by cardinality
  Parts<Output> outputs;    ///< of the instances that have completed
  friend bool operator==(const Repetition&, const Repetition&) = default;
};

/// Tokens that have arrived at a joining gateway and wait for the others.
struct JoinTokens {
  ElementKey scope;
  ElementIndex gateway;
  FlowIndex flow;
  std::uint32_t count = 0;
  friend bool operator==(const JoinTokens&, const JoinTokens&) = default;
};

/// All of them in one scope, in the order in which the first of each came.
struct ScopeTokens {
  ElementKey key;
  std::vector<JoinTokens> tokens;
  friend bool operator==(const ScopeTokens&, const ScopeTokens&) = default;
};

enum class WorkKind : std::uint8_t { user, service, send };

/// Something that somebody outside must do: a person (user) or a worker (service, send).
struct Work {
  WorkKey key;
  ElementKey element_key;
  ElementIndex element;
  WorkKind kind = WorkKind::user;
  WorkState state = WorkState::offered;
  std::string topic;     ///< job of a service task
  Words groups;          ///< of a user task
  std::string assignee;  ///< who has it (claimed), or who alone may have it
  Value inputs;          ///< context built by `in`, or null
  std::int32_t priority = 0;
  std::int32_t retries = 0;  ///< left
  std::optional<Instant> due;
  std::optional<Instant> retry_at;     ///< not offered before (back-off)
  std::optional<Instant> lease_until;  ///< of a claimed service job
  Instant offered;
  bool personal = false;  ///< the model named the assignee: releasing the work keeps him
  /// Number of the claim under which it is, or was last, held: who answers under an older one is too late. 0: never claimed.
  std::uint64_t token = 0;
  calendar::WorkingDuration due_in;  ///< what `due` is counted from `offered` by; nothing: it has none, or it was offered before form 6
  bool burnt = false;                ///< nobody holds, or held, the claim of that number: who had the work has given it back, or has failed
  std::string organisation;          ///< unit of the company that it is offered to; empty: where the case belongs (organisation_of)
  friend bool operator==(const Work&, const Work&) = default;
};

struct Timer {
  TimerKey key;
  ElementKey element_key;  ///< the waiting event's activation, the host's for a boundary event, the scope's for an event sub-process
  ElementIndex element;    ///< the event
  Instant due;
  std::int64_t remaining = 1;  ///< firings left, this one included; -1: for ever
  Duration period;             ///< of a timer set by a release before form 3: the frozen period, counted on from `due`; 0: none
  bool provisional = false;
  Instant armed;                    ///< since when `due` is counted: the n-th occurrence is `armed` + n x `every`; moved by suspensions
  calendar::WorkingDuration every;  ///< of a cycle that counts a period: that; of `after`, since form 4: its duration; nothing for named days
  std::uint32_t chain = 0;          ///< of one that was due when it was set: that of the command that set it
  std::uint32_t at_once = 0;        ///< and the how manieth it is of those that led from one to the next in this case
  std::uint32_t definition = 0;     ///< which of the event's definitions it is for
  friend bool operator==(const Timer&, const Timer&) = default;
};

enum class SubscriptionKind : std::uint8_t { message, signal };
struct Subscription {
  SubscriptionKey key;
  ElementKey element_key;  ///< as for Timer
  ElementIndex element;
  SubscriptionKind kind = SubscriptionKind::message;
  std::string name;
  std::string correlation;       ///< message: the key waited for
  Instant opened{};              ///< since when; of earlier versions: the beginning of time
  std::uint32_t definition = 0;  ///< which of the event's definitions it is for
  friend bool operator==(const Subscription&, const Subscription&) = default;
};

/// What is called: a case, or a row of a register that is read or written.
enum class CallKind : std::uint8_t { process, read, write };
/// A called case that runs, or a row of a register that is asked for. Of a row `process` is the register, and `data` the `key` with what is `set` and
/// `add`ed.
struct Call {
  CallKey key;
  ElementKey element_key;
  ElementIndex element;
  std::string process;
  std::string version;  ///< `latest`, `same` or a tag
  Value data;           ///< what it was given: starting it again after a crash needs nothing else
  CallKind kind = CallKind::process;
  friend bool operator==(const Call&, const Call&) = default;
};

struct Incident {
  IncidentKey key;
  ElementKey element_key;
  ElementIndex element;
  WorkKey work;      ///< when a job ran out of retries
  std::string rule;  ///< SB05xx
  std::string message;
  Instant raised;
  ClockIndex clock;  ///< when a clock could not start
  Value result{};    ///< what could not be taken (SB0522): taken again when it is resolved; null: nothing is kept
  /// When something that the case wants of others stands aside: the change that wanted it (0: nothing does), and its place in it.
  std::uint64_t errand_sequence = 0;
  std::uint32_t errand_place = 0;
  [[nodiscard]] bool is_of_errand() const { return errand_sequence != 0; }
  friend bool operator==(const Incident&, const Incident&) = default;
};

/// What a parallel multiple event, or a parallel event-based gateway, does not wait for any more: it has happened, and others have not.
struct Occurrence {
  ElementKey owner;      ///< as for Timer
  ElementIndex element;  ///< the event
  std::uint32_t definition = 0;
  Value payload;  ///< kept until the others have happened too
  friend bool operator==(const Occurrence&, const Occurrence&) = default;
};

/// A complex gateway that has gone off and waits for the tokens that are still to come (BPMN 2.0.2, 13.4.5: waiting for reset).
struct GatewayState {
  ElementKey scope;
  ElementIndex gateway;
  std::vector<FlowIndex> consumed;  ///< flows whose token has been taken
  friend bool operator==(const GatewayState&, const GatewayState&) = default;
};

/// An ad-hoc sub-process that has been entered.
struct AdHocState {
  ElementKey key;           ///< its activation
  std::uint32_t begun = 0;  ///< how many of its activities have begun by themselves
  bool closed = false;      ///< nothing begins in it any more; what runs ends
  friend bool operator==(const AdHocState&, const AdHocState&) = default;
};

/// Who called this case.
struct Parent {
  InstanceKey instance;
  CallKey call;
  friend bool operator==(const Parent&, const Parent&) = default;
};

/// An activity that has completed and can be undone, as long as what it stood in lives or can be undone itself (BPMN 2.0.2, 13.5.5).
struct Completion {
  ElementKey activity;  ///< its activation, which has ended; lives again while it is undone from the inside
  ElementIndex element;
  ElementKey scope;           ///< the activation it stood in: alive, or that of a completed sub-process, which has a record of its own
  ElementIndex compensation;  ///< the compensation activity that undoes it; npos: it is undone from the inside
  Value inputs;               ///< what `in` of that activity gave when this one completed; null: nothing
  std::vector<Value> values;  ///< its own data when it completed (ScopeData), while it is not undone
  ElementKey by;             ///< what has it undone and waits for that: a throwing event, a sub-process that is undone, a transaction; 0: nothing yet
  ElementKey handler;        ///< the activation that undoes it now; 0: none yet
  std::uint32_t number = 0;  ///< of an instance of a repeated activity (ElementInstance)
  bool partial = false;      ///< it was interrupted in a transaction: what had completed inside is undone with that, itself it cannot be
  friend bool operator==(const Completion&, const Completion&) = default;
};

struct ProcessInstance {
  InstanceKey key;
  std::string case_no;
  std::string process;     ///< id
  std::string definition;  ///< hash of the definition it runs
  std::string customer;    ///< customer number, empty when not known
  std::optional<Parent> parent;
  std::uint32_t call_depth = 0;
  InstanceState state = InstanceState::none;
  Instant started;
  Instant last;          ///< instant of the last command: time never runs backwards here
  Instant ended;         ///< meaningful when finished
  Instant suspended_at;  ///< meaningful while suspended
  std::uint64_t next_key = 1;
  std::uint64_t sequence = 0;  ///< number of events so far
  std::vector<Value> data;     ///< by slot: data, case_no, instance_started
  Parts<ElementInstance> elements;
  Parts<ScopeTokens> joins;
  Parts<Work> work;
  Parts<Timer> timers;
  Parts<Subscription> subscriptions;
  Parts<Call> calls;
  std::vector<sla::Ledger> clocks;  ///< latest round of every clock that ever started, by (clock)
  Parts<Incident> incidents;
  Parts<ScopeData> scopes;  ///< only activations that have data of their own
  Parts<Repetition> repetitions;
  std::vector<Occurrence> occurrences;  ///< in the order in which they happened
  std::vector<GatewayState> gateways;   ///< complex gateways that wait for reset, in the order in which they went off
  std::vector<AdHocState> ad_hocs;      ///< ascending keys
  std::vector<Completion> completions;  ///< what can be undone, in the order in which it completed
  std::string organisation;             ///< unit of the company that it belongs to; empty: to the whole
  InstanceKey reopens{};                ///< the case that this one takes up again; none: it does not
  Crowd crowd;                          ///< follows from what stands above

  [[nodiscard]] const ElementInstance* find(ElementKey k) const;
  [[nodiscard]] const Work* find(WorkKey k) const;
  [[nodiscard]] const Timer* find(TimerKey k) const;
  [[nodiscard]] const Subscription* find(SubscriptionKey k) const;
  [[nodiscard]] const Call* find(CallKey k) const;
  [[nodiscard]] const Incident* find(IncidentKey k) const;
  [[nodiscard]] const ScopeData* find_scope(ElementKey k) const;
  [[nodiscard]] const Repetition* find_repetition(ElementKey k) const;
  [[nodiscard]] const AdHocState* find_ad_hoc(ElementKey k) const;
  /// Of a complex gateway in `scope` that waits for reset; null otherwise.
  [[nodiscard]] const GatewayState* find_gateway(ElementKey scope, ElementIndex gateway) const;
  [[nodiscard]] const sla::Ledger* find(ClockIndex c) const;
  friend bool operator==(const ProcessInstance&, const ProcessInstance&) = default;
};

/// The unit of the company that work is offered to; empty: the whole.
[[nodiscard]] inline const std::string& organisation_of(const ProcessInstance& instance, const Work& work) {
  return work.organisation.empty() ? instance.organisation : work.organisation;
}
/// The tokens that wait at joins in `scope`.
[[nodiscard]] const std::vector<JoinTokens>& tokens_in(const ProcessInstance& instance, ElementKey scope);
/// Whether some activation stands in `scope`.
[[nodiscard]] bool holds_activations(const ProcessInstance& instance, ElementKey scope);
/// Whether some activation in `scope` is as `pick` says. Costs what stands there.
template <class Pick>
[[nodiscard]] bool any_activation_in(const ProcessInstance& instance, ElementKey scope, Pick pick) {
  if (!instance.crowd.is_kept())
    return std::any_of(instance.elements.begin(), instance.elements.end(), [&](const ElementInstance& e) { return e.scope == scope && pick(e); });
  const Crowd::Owned* owned = instance.crowd.of(scope);
  return owned != nullptr && owned->activations > 0 && std::any_of(owned->parts.begin(), owned->parts.end(), [&](const Crowd::Part& part) {
           return part.kind == PartKind::activation && pick(*instance.find(ElementKey{part.key.value}));
         });
}
/// Whether something of `all` belongs to activation `owner` and is as `pick` says. `kind`: of what `all` holds.
template <class T, class Pick>
[[nodiscard]] const T* find_at(const ProcessInstance& instance, const Parts<T>& all, PartKind kind, ElementKey owner, Pick pick) {
  if (all.empty()) return nullptr;
  if (!instance.crowd.is_kept()) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const T& one) { return one.element_key == owner && pick(one); });
    return found == all.end() ? nullptr : &*found;
  }
  const Crowd::Owned* owned = instance.crowd.of(owner);
  if (owned == nullptr || owned->parts.size() == owned->activations) return nullptr;
  for (const Crowd::Part& part : owned->parts) {
    if (part.kind != kind) continue;
    const T* one = all.find({part.key.value});
    if (pick(*one)) return one;
  }
  return nullptr;
}

// Compact binary form, read by the number it carries: older ones too. decode checks every bound: a damaged row is refused (SB0610), one of a newer
// version of Switchboard too (SB0616), never wrongly continued.
[[nodiscard]] std::string encode(const ProcessInstance& instance);
/// How long `encode` of it is, or a few bytes more; what values share is counted as often as it is written. Cheap: nothing is written.
[[nodiscard]] std::uint64_t written_bytes(const ProcessInstance& instance);
[[nodiscard]] Result<ProcessInstance> decode_instance(std::string_view bytes);

}  // namespace switchboard::core
