// The one idea: four pure functions, and what a case waits for (core/waits.hpp). No clock, store, randomness or id generator is reachable from here.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "core/effect.hpp"
#include "core/event.hpp"
#include "core/instance.hpp"
#include "core/waits.hpp"
#include "model/executable.hpp"

namespace switchboard::core {

/// What a command did. With `rejection` nothing happened: `instance` is the one that was given, `events` is empty. A stale timer, mark or job
/// (`stale`) is not an error: it came too late and is dropped by the driver, counted.
struct StepResult {
  ProcessInstance instance;
  std::vector<Event> events;
  std::optional<Error> rejection;
  bool stale = false;
};

/// Decides. Pure and deterministic: same process, instance and command give the same events on every machine. `instance` is moved through; give
/// a default one for StartInstance. `process` must be the definition the instance runs. Cost does not depend on history.
/// Errors (rejection): SB05xx, docs/rules.md. Run-time failures of the model (an expression, a mapping) are incidents, not rejections.
/// `room`: a vector no longer needed, whose memory the events of this step take; what it holds is thrown away.
[[nodiscard]] StepResult step(const model::ExecutableProcess& process, ProcessInstance instance, const Command& command,
                              std::vector<Event> room = {});

/// The only code that changes an instance. Needs no definition.
void evolve(ProcessInstance& instance, const Event& event);

/// What the world must now do because of `events`, in order. `after` is the instance after them (marks of clocks are derived from its ledgers).
/// Law: what the instance waits for (core/waits.hpp) that it did not wait for before, the effects announce, in the words of their latest; what others
/// keep of it (work, subscriptions) and it no longer waits for, they close.
[[nodiscard]] std::vector<Effect> effects(const model::ExecutableProcess& process, const ProcessInstance& after, std::span<const Event> events);

/// SB0536 when what a caller of unit `caller` (empty: of none in particular) acts on does not belong to that unit or one below it; SB0535 when it is
/// no unit. `work`: that, if it is open, else the case.
[[nodiscard]] std::optional<Error> outside_organisation(const model::ExecutableProcess& process, const ProcessInstance& instance,
                                                        const std::string& caller, WorkKey work);
/// SB0535: the tree (null: there is none) has no such unit.
[[nodiscard]] Error no_such_organisation(const model::Organisations* tree, std::string_view unit);

/// A subscription of some instance, as a store keeps it.
struct WaitingInstance {
  InstanceKey instance;
  std::string case_no;
  Subscription subscription;
};
struct Message {
  std::string name;
  std::string correlation;  ///< key; empty matches only subscriptions with an empty key
  Value payload;
};
/// The payload of `message` with each field read as `process` declares it; SB0501 when one does not fit.
[[nodiscard]] Result<Value> payload_of(const model::ExecutableProcess& process, const Message& message);
/// Whether this is the case itself listening for its clocks and feedback (ExecutableProcess::listens), as it does all its life: no token waits here.
[[nodiscard]] inline bool is_listening(const Subscription& s) { return s.element == ElementIndex{0}; }
/// Who a message is for: at most one subscription per instance, and of the instances the one that has waited longest (lowest subscription key, then
/// instance key). A token that waits comes before a case that listens. Signals: every subscriber.
/// The customer number of one whom a feedback is for: a text or number is it, a record has it as `customer`. Empty: none.
[[nodiscard]] std::string customer_of(const Value& recipient);
[[nodiscard]] std::optional<WaitingInstance> correlate(std::span<const WaitingInstance> waiting, const Message& message);
[[nodiscard]] std::vector<WaitingInstance> correlate_signal(std::span<const WaitingInstance> waiting, std::string_view name);

/// A timer start event of the process itself, set at `armed`: when it starts its first case. Expressions see the defaults of the data. Errors:
/// SB0529.
[[nodiscard]] Result<Timer> start_timer(const model::ExecutableProcess& process, ElementIndex start, Instant armed);
/// What happens when such a timer is found due at `at`: whether it starts a case (not so when it leaves out what it missed), and what it is set to
/// then; nothing when that was the last time.
struct StartFiring {
  bool fires = true;
  std::optional<Timer> next;
};
[[nodiscard]] StartFiring fire_start_timer(const model::ExecutableProcess& process, const Timer& timer, Instant at);

/// Whether this is a repeated activity as a whole, in which its instances stand; `element`: that of `e`.
[[nodiscard]] inline bool is_body(const model::Element& element, const ElementInstance& e) { return element.repetition && e.number == 0; }
/// The data that the activation holds itself, once they have been opened.
[[nodiscard]] inline const std::vector<model::DataSpec>& data_of(const model::Element& element, const ElementInstance& e) {
  return is_body(element, e) ? element.body_data : element.data;
}

/// The path of a living activation's element, with the number of each instance of a repeated activity on the way: `house[2]/room[1]`.
[[nodiscard]] std::string path_of(const model::ExecutableProcess& process, const ProcessInstance& instance, ElementKey activation);

/// One entry of the form of a work, as things stand: what WorkSpec::form says with its expressions computed. What cannot be computed asks for
/// nothing.
struct FormEntry {
  SlotIndex slot;
  bool required = false;
  std::optional<std::vector<Value>> choices;
  Value min, max;  ///< of the form alone; null: none
  Value value;     ///< of the data
};
[[nodiscard]] std::vector<FormEntry> form_of(const model::ExecutableProcess& process, const ProcessInstance& instance, const Work& work, Instant at);

/// Evaluates a condition or value over the data of an instance as the core does (host functions `sla` and decisions included), seen from the living
/// activation `place` (none: of the case itself).
[[nodiscard]] feel::Evaluation evaluate(const model::ExecutableProcess& process, const ProcessInstance& instance, const feel::Program& program,
                                        Instant at, ElementKey place = {});

}  // namespace switchboard::core
