// What a case wants of other cases, decided once for everybody who drives the core: the engine, process tests, the simulator.
//
// The core is a set of pure functions: it moves nothing by itself. A driver does, in this order:
//   1. It gives core::step one command at a time for each case, with the case's latest state, its own definition and an instant that is never before
//      the last one of that case.
//   2. It keeps the new state and the events before anybody hears of them. What was refused or stale has changed nothing.
//   3. It takes core::effects of the events, in their order, and after (2): what is told (feedback, escalations, incidents) goes to whoever tells it;
//      work and due instants go where they are waited for (or are read out of the state whenever they are needed: core/waits.hpp);
//      what is meant for other cases (is_errand) goes to Courier::carry_out, first come first served: what these commands want of others in their
//      turn comes behind what waits already.
//   4. An errand that is not done is kept and carried out again later: before anything that is due fires, those of the lowest case first. Repeating
//      one is harmless, because each of its commands bears a Deed.
//      One that cannot be done at all, or that goes too far (RingWatch: in its chain, which is everything that a command or a due thing led to,
//      from errand to errand, or in a ring that branches), is taken aside: the case that wanted it gets core::StandAside, and nobody else is held up.
//   5. When a timer start event is due, its process starts (Courier::start_by_timer); then what cases wait for fires (core::due_of), by instant,
//      case, kind and key, each as core::command_of says; last of one instant, the time of messages that are kept is over (over_at).
//   6. After each command, before the next errand, what is kept is offered (Courier::offer) for which somebody may have begun to wait (calls).
// What a driver adds is its own: the engine keeps errands and answers so that a crash loses nothing, a test has a clock that it turns itself, the
// simulator has people, durations and queues. None of them decides what an effect means.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/core.hpp"
#include "driver/kept.hpp"
#include "driver/registers.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::driver {

using CommandBody = decltype(core::Command::what);

/// A start event of a process that exists in the driver's world.
struct StartPoint {
  model::ExecutablePtr process;
  std::string start_event;
};

/// One thing done for an errand (or for somebody outside), so that doing the errand again does nothing twice. A driver that forgets nothing may take
/// no notice of it.
struct Deed {
  enum class Kind : std::uint8_t {
    whole,       ///< what the errand is about, done once: a message delivered, or kept as unheard
    overheard,   ///< delivered to a case that only listens
    receiver,    ///< signal, or a message for all, to `instance`, subscription `key`
    beginning,   ///< case of `start` started by the signal
    call,        ///< called case started for call `key` of `instance`
    refusal,     ///< that call told that its case could not start
    withdrawal,  ///< the case started for that call cancelled
    answer,      ///< called case `instance` answered its caller
    firing,      ///< case of `start` started by its timer, due at `at`
    row,         ///< a register answered call `key` of `instance`
    kept,        ///< what was kept as `kept` delivered: it is done because it is not kept any more
  };
  Kind kind = Kind::whole;
  InstanceKey instance;
  std::uint64_t key = 0;
  const StartPoint* start = nullptr;  ///< borrowed for the call
  Instant at;
  std::uint64_t kept = 0;              ///< this message ceases to be kept, or nothing is done
  const KeptMessage* keeps = nullptr;  ///< this message is kept; borrowed for the call
  const RowWrite* writes = nullptr;    ///< this row is written with it, or nothing is done; borrowed for the call
  std::size_t nth = 0;                 ///< of a message for all: it is the n-th that has it, from 1
};

/// An instance as it is now; both null when there is none. Valid until the next call of the port.
struct Seen {
  const model::ExecutableProcess* process = nullptr;
  const core::ProcessInstance* instance = nullptr;
};

/// What a driver can do, and all that a courier asks of it. An error of kind storage means that the driver itself failed: the errand is given up for
/// now and comes again. Every other error is a refusal by the core or by a rule, and is part of the meaning. Not thread-safe by itself.
class Port {
 public:
  Port() = default;
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  virtual ~Port() = default;

  [[nodiscard]] virtual Result<Seen> look(InstanceKey instance) = 0;
  /// The subscriptions that something can reach now (core::subscriptions_of) of this kind and name; of a message, those with this key.
  [[nodiscard]] virtual Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name,
                                                                           std::string_view key) = 0;
  /// The subscriptions of suspended cases of this kind and name; of a message, those with this key. Nothing can reach them now.
  [[nodiscard]] virtual Result<std::vector<core::WaitingInstance>> held(core::SubscriptionKind kind, std::string_view name, std::string_view key) = 0;
  /// Open cases of this number, called ones included, ascending.
  [[nodiscard]] virtual Result<std::vector<InstanceKey>> cases_of(std::string_view case_no) = 0;
  /// Start events that wait for message or signal `name` (starts_of), of the latest definitions, by process id.
  [[nodiscard]] virtual Result<std::vector<StartPoint>> started_by(model::EventKind kind, std::string_view name) = 0;
  /// `version`: a designer's tag or a hash; empty: the latest. SB0541 (not_there).
  [[nodiscard]] virtual Result<model::ExecutablePtr> definition(std::string_view process, std::string_view version) = 0;
  /// The case that was started for this call, if one was.
  [[nodiscard]] virtual Result<std::optional<InstanceKey>> called_by(core::Parent caller) = 0;
  /// Whether this was done before, by this driver or one that crashed.
  [[nodiscard]] virtual Result<bool> is_done(const Deed& deed) = 0;
  /// One command, at the driver's present instant; its effects are the driver's to collect. False: it came too late (stale). Nothing when it was
  /// done.
  [[nodiscard]] virtual Result<bool> submit(const Deed& deed, InstanceKey instance, CommandBody what) = 0;
  /// Starts a case under a new key and under case_number(); number_taken() when takes_case_number() and another open case of its process has it.
  [[nodiscard]] virtual Result<void> start(const Deed& deed, const model::ExecutablePtr& process, core::StartInstance start) = 0;
  /// Nobody inside waits for the message: it may be for somebody outside.
  [[nodiscard]] virtual Result<void> note_unheard(InstanceKey from, const core::PublishMessage& message) = 0;
  /// Something that case `about` (none: nobody's) was to receive or start was refused, and nobody waits to be told: somebody in the company must be.
  [[nodiscard]] virtual Result<void> note_refused(const Deed& deed, InstanceKey about, const Error& why) = 0;

  /// Whether the latest definitions say that everybody has this message who waits for it (driver::is_for_all).
  [[nodiscard]] virtual Result<bool> is_for_all(std::string_view message) = 0;

  // Messages that come early. What a deed does about them (Deed::kept, Deed::keeps) and what it does to a case is done whole or not at all.
  /// What the latest definitions say of keeping messages `name` (keeping_of), from the driver's present instant on.
  [[nodiscard]] virtual Result<std::optional<Keeping>> keeping(std::string_view name) = 0;
  /// The oldest that is kept under this very name and key, and that is not over.
  [[nodiscard]] virtual Result<std::optional<KeptMessage>> first_kept(const core::Message& message, bool to_case) = 0;
  /// Keeps one more; too_many_kept() when there are `most_kept` of its name and key.
  [[nodiscard]] virtual Result<void> keep(const Deed& deed, const KeptMessage& message) = 0;
  /// It was offered, and nobody took it: it is offered again when somebody else may have begun to wait.
  [[nodiscard]] virtual Result<void> stays_kept(const KeptMessage& message) = 0;
  /// It is kept until `until` from now on, no_end included, and offered once more. Nothing when it is not kept any more.
  [[nodiscard]] virtual Result<void> set_time(const KeptMessage& message, Instant until) = 0;
  /// Nobody can have it: it is an incident until an operator decides.
  [[nodiscard]] virtual Result<void> cannot_deliver(const KeptMessage& message, const Error& why) = 0;

  // Registers. A deed that writes a row (Deed::writes) does that and what it does to a case whole or not at all: SB0582 (row_changed) when the row
  // has another version by then.
  /// The row of `key` as it is now. An error that is not the driver's own says why it cannot be had.
  [[nodiscard]] virtual Result<Row> row(const model::Register& of, const std::string& key) = 0;
};

/// Who took a message.
enum class Taken : std::uint8_t {
  by_nobody,
  by_suspended,  ///< who waits is suspended
  by_listener,
  by_receiver,
  by_start,
  kept  ///< for one who does not wait yet, or is suspended, or may start later; whoever listens has heard it, or hears it with his token
};

/// Whether one of the latest definitions says so of message `name` (`receivers: all`). Null ones are passed over.
[[nodiscard]] bool is_for_all(std::span<const model::ExecutablePtr> latest, std::string_view name);

/// What became of a signal: how many took it, and how many would not (each is noted; a suspended case that waits for it is one of them).
struct Heard {
  std::size_t count = 0;
  std::size_t refused = 0;
};

class Courier {
 public:
  /// `port` is borrowed.
  explicit Courier(Port& port) : port_(port) {}

  /// Does what `from` wants of others. True: nothing is left to do. False: it cannot be done yet (its receiver is suspended); the driver keeps it and
  /// comes again. Errors: of the driver itself only.
  [[nodiscard]] Result<bool> carry_out(InstanceKey from, const core::Effect& effect);

  /// `errand` of `from` will never be done: a caller that waits for it hears that its call failed.
  [[nodiscard]] Result<void> give_up(InstanceKey from, const core::Effect& errand, const std::string& why);

  /// A message from outside: to the one that waits (core::correlate), else to the start event that waits for it, unless a suspended case waits for
  /// it; when somebody else starts that case meanwhile, to the case. Errors: what its receiver said against it; SB0549 when start events of several
  /// processes wait for it. One for all goes to everybody who waits with this key (receivers): who refuses it is noted, and the others have it all
  /// the same; when all refuse it, the error is what the first one said.
  [[nodiscard]] Result<Taken> message(const core::Message& message);
  /// A message from outside to the case of this number, whatever key it waits with. When nobody in it waits: to the one who waits with the number as
  /// key; then to a suspended case of the number, which says that it is suspended; then to a start event, under this number.
  [[nodiscard]] Result<Taken> message_to_case(std::string_view name, std::string_view case_no, const Value& payload);
  /// What is kept and somebody may wait for by now: to the token that waits for it, or to the start event that could not begin a case of its number.
  /// Payloads that are refused make it an incident. A case that only listens heard it when it arrived, did not exist, or hears it with its token.
  /// While who waits is suspended the time of the message stands still (no_end).
  [[nodiscard]] Result<void> offer(const KeptMessage& kept);
  /// To every case that waits for it, and a new case for every start event that does. Who refuses it is noted, and the others have it all the same.
  /// Error: nobody took it and nothing is noted, because all that there was are start events that refused.
  [[nodiscard]] Result<Heard> signal(std::string_view name, const Value& payload);

  /// Timer start event `start` is due: starts a case unless it leaves out what it missed. Gives back what the timer is set to then; nothing when that
  /// was the last time. A refused start is noted. `at`: the driver's present instant.
  struct Fired {
    bool started = false;
    std::optional<core::Timer> next;
  };
  [[nodiscard]] Result<Fired> start_by_timer(const StartPoint& start, const core::Timer& timer, Instant at);

 private:
  /// Subscriptions of `instance` with a key below `before`.
  struct Had {
    InstanceKey instance;
    std::uint64_t before = 0;
  };
  [[nodiscard]] Result<Taken> message_to(const core::Message& message, bool to_case, InstanceKey from);
  [[nodiscard]] Result<Taken> message_to_all(const core::Message& message);
  [[nodiscard]] Result<std::vector<core::WaitingInstance>> all_receivers_of(const core::Message& message);
  [[nodiscard]] Result<std::optional<core::WaitingInstance>> receiver_of(const core::Message& message, bool to_case);
  [[nodiscard]] Result<std::optional<core::WaitingInstance>> receiver_in_case(const core::Message& message);
  // keeping.cpp
  /// What is to be kept, and the process whose declaration says so.
  struct Early {
    KeptMessage kept;
    model::ExecutablePtr process;
  };
  [[nodiscard]] Result<std::optional<Early>> kept_for_later(const core::Message& message, bool to_case, InstanceKey from);
  [[nodiscard]] Result<Taken> keep(const Early& early);
  [[nodiscard]] Result<bool> waits_now(const core::WaitingInstance& receiver);
  [[nodiscard]] Result<bool> waits_suspended(const core::Message& message, bool to_case);
  [[nodiscard]] Result<void> set_time(const KeptMessage& kept);
  [[nodiscard]] Result<bool> hears_with_token(const core::WaitingInstance& listener, const core::Message& message);
  [[nodiscard]] Result<bool> is_delivered(const KeptMessage& kept);
  [[nodiscard]] Result<bool> starts_case(const KeptMessage& kept);
  [[nodiscard]] Result<bool> publish(InstanceKey from, const core::PublishMessage& effect);
  [[nodiscard]] Result<bool> broadcast(InstanceKey from, const core::BroadcastSignal& effect);
  [[nodiscard]] Result<bool> is_held(const core::Message& message);
  [[nodiscard]] Result<void> tell_waiting(std::string_view name, const Value& payload, const Had& had, Heard& heard);
  [[nodiscard]] Result<void> note_starts(const std::vector<std::pair<StartPoint, Error>>& refused, Heard& heard);
  [[nodiscard]] Result<std::vector<std::pair<StartPoint, Error>>> start_by_signal(std::string_view name, const Value& payload, Heard& heard);
  [[nodiscard]] Result<bool> call(core::Parent caller, const core::StartCall& effect);
  [[nodiscard]] Result<bool> cancel(core::Parent caller);
  [[nodiscard]] Result<bool> answer(const Deed& deed, core::Parent caller, core::FinishCall command);
  [[nodiscard]] Result<bool> answered(const Deed& deed, core::Parent caller, const Result<bool>& taken);
  // rows.cpp
  [[nodiscard]] Result<bool> use_row(core::Parent caller, const core::StartCall& effect);
  [[nodiscard]] Result<bool> escalate(const core::EscalateToCaller& effect);
  [[nodiscard]] Result<bool> still_waits(const core::WaitingInstance& receiver);
  /// `kept`: what is kept as that ceases to be, or no case is started (kept_no_more).
  [[nodiscard]] Result<Taken> start_by_message(const core::Message& message, std::uint64_t kept = 0);

  Port& port_;
};

/// Whether an effect is meant for other cases.
[[nodiscard]] bool is_errand(const core::Effect& effect) noexcept;
/// How many errands may lead from one to the next without anything outside: a ring of messages, signals or calls ends here.
inline constexpr std::uint32_t longest_chain = 200;
/// A ring that branches never gets that far before everything stands still. When more than `most_waiting` errands wait and one of them is the
/// `branching_chain`-th of its chain or a later one, it ends there. A message to everybody (one errand, many receivers, a few errands of each) does
/// not come near.
inline constexpr std::uint32_t branching_chain = 8;
inline constexpr std::size_t most_waiting = 1'000;
/// Watches errands that are carried out in one go, until none is left.
class RingWatch {
 public:
  /// Whether the `chain`-th errand of a chain stands aside, while so many others wait. Once a ring has been seen to branch, it does not go on.
  [[nodiscard]] bool goes_too_far(std::uint32_t chain, std::size_t waiting) {
    branches_ = branches_ || (chain >= branching_chain && waiting > most_waiting);
    return chain >= longest_chain || (branches_ && chain >= branching_chain);
  }

 private:
  bool branches_ = false;
};
/// What an errand is, for people: "signal 'storm'".
[[nodiscard]] std::string text_of(const core::Effect& errand);
/// The command that tells a case that its errand stands aside, because of what was said against it, or because it goes too far as the `chain`-th.
[[nodiscard]] core::StandAside stand_aside(const core::Effect& errand, std::uint64_t sequence, std::uint32_t place, const Error& why);
[[nodiscard]] core::StandAside stand_aside(const core::Effect& errand, std::uint64_t sequence, std::uint32_t place, std::uint32_t chain);

/// What begins cases of `process` and waits for message or signal `name` (start events, receive tasks and events behind a gateway that instantiate).
[[nodiscard]] std::vector<StartPoint> starts_of(const model::ExecutablePtr& process, model::EventKind kind, std::string_view name);
/// Of these, those that wait for a timer.
[[nodiscard]] std::vector<model::ElementIndex> timer_starts_of(const model::ExecutableProcess& process);

/// The number of a case: the one that was given, else "i-17" after its key.
[[nodiscard]] std::string case_number(std::string_view given, InstanceKey key);
/// Whether no second open case of the same process may have its number: a called case is worked on under its caller's. Asked of a case as its first
/// step leaves it: one that is over at once takes none.
[[nodiscard]] inline bool takes_case_number(const core::ProcessInstance& i) { return !i.parent && !core::is_finished(i.state); }
[[nodiscard]] Error number_taken(std::string_view process, std::string_view case_no);  ///< SB0507

/// SB0506: who waits for the message is suspended. `where`: "with key 'A-1'".
[[nodiscard]] Error suspended_waits(std::string_view message, std::string_view where);

/// SB0541: no process of that name is there, or not in that version. `names`: of all that are.
[[nodiscard]] Error not_there(std::string_view process, std::string_view version, const std::vector<std::string>& names);

}  // namespace switchboard::driver
