// Inside of `step`: what its files share. Not for other rooms; the face of this one is core.hpp.
//
// A command becomes a work list of arriving tokens; every change is an event (`emit` = evolve + append). When the list is empty, gateways whose
// tokens are complete fire, scopes without tokens end, and then clocks and feedback react to what was entered and completed. All of it
// again until nothing moves. A bound on events parks what is left with an incident, so nothing is lost and nothing is half done.
#pragma once

#include <boost/container/small_vector.hpp>
#include <concepts>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/limits.hpp"
#include "core/core.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::core {

template <class T, std::size_t n>
using Few = boost::container::small_vector<T, n>;

/// What expressions can ask of an instance: its clocks and the decisions of its definition.
class InstanceHost final : public feel::Host {
 public:
  InstanceHost(const model::ExecutableProcess& process, const ProcessInstance& instance, Instant at)
      : process_(process), instance_(instance), at_(at) {}
  Value call(std::uint32_t id, std::span<const Value> arguments, std::string& error) const override;
  std::optional<Value> call_for(std::uint32_t id, std::span<const Value> arguments, std::string_view name) const override;
  std::optional<bool> call_is_null(std::uint32_t id, std::span<const Value> arguments) const override;
  [[nodiscard]] feel::Frame frame(std::span<const Value> slots) const;
  [[nodiscard]] std::string_view zone() const;
  /// From now on the row that a decision table answers with is put into `basis`, until it is nullptr.
  void watch(sla::Basis* basis) const { basis_ = basis; }

 private:
  const model::ExecutableProcess& process_;
  const ProcessInstance& instance_;
  Instant at_;
  mutable sla::Basis* basis_ = nullptr;  ///< one host is used by one step, in one thread
};

/// A token on its way inside one step: to `element` in `scope`, over `flow` (npos when a start or a link puts it there). Between steps there are
/// none.
struct Arrival {
  ElementKey scope;
  ElementIndex element;
  FlowIndex flow;
};

/// Data about to be written, checked already. Slots as the element sees them that takes the result.
using Writes = std::vector<std::pair<SlotIndex, Value>>;

/// A value that was replaced: in the data of `owner` (none: of the case), which count from 0.
struct Replaced {
  ElementKey owner;
  SlotIndex slot;
  Value old;
};

/// What expressions see from one activation: the data of the case, and of every activation around it, itself included, that has some of its own.
/// A view: nothing may be emitted while it is used.
class Visible {
 public:
  Visible(const InstanceHost& host, const model::ExecutableProcess& process, const ProcessInstance& instance, ElementKey place);
  Visible(const Visible&) = delete;
  Visible& operator=(const Visible&) = delete;
  [[nodiscard]] feel::Frame frame() const;
  [[nodiscard]] const Value& at(SlotIndex slot) const { return frame().at(slot.value); }

 private:
  const InstanceHost& host_;
  const ProcessInstance& instance_;
  Few<std::span<const Value>, 4> levels_;
};

/// Which activation holds the data of `level` as seen from `place`; none for level 0, the case itself.
[[nodiscard]] ElementKey owner_of(const model::ExecutableProcess& process, const ProcessInstance& instance, ElementKey place, std::uint32_t level);

/// The data of an instance with some of it changed, for the expressions of one mapping. Everything is as it was when this ends: only `evolve` changes
/// an instance.
class LentData {
 public:
  explicit LentData(ProcessInstance& instance) : instance_(instance), size_(instance.data.size()) {}
  /// For data of the activations around `place`: what has been seen from there (Visible) before this does not show what is lent.
  LentData(ProcessInstance& instance, ElementKey place);
  LentData(const LentData&) = delete;
  LentData& operator=(const LentData&) = delete;
  ~LentData() {
    instance_.data.resize(size_);
    for (auto it = before_.rbegin(); it != before_.rend(); ++it) values_of(it->owner)[it->slot.value] = std::move(it->old);
  }
  /// `slot` counts in the values of `owner` (none: of the case).
  void set(ElementKey owner, SlotIndex slot, Value value) {
    before_.push_back({owner, slot, std::exchange(values_of(owner)[slot.value], std::move(value))});
  }
  /// One more slot of the case, behind all others.
  void add(Value value) { instance_.data.push_back(std::move(value)); }

 private:
  std::vector<Value>& values_of(ElementKey owner);

  ProcessInstance& instance_;
  std::size_t size_;
  Few<Replaced, 8> before_;
};

/// An event of the model that stands at `owner`: the event's own activation, the host of a boundary event, the scope of an event sub-process or
/// the event-based gateway before it.
struct Waiting {
  ElementKey owner;
  ElementIndex event;
  std::uint32_t definition = 0;  ///< which of the definitions of the event
};

struct Execution;
/// Remembers in which scope `body` moves something that joins look at.
template <class Body>
void note_move(Execution& x, const Body& body);

/// One step in progress. References into the instance do not survive an `emit`.
struct Execution {
  Execution(const model::ExecutableProcess& p, ProcessInstance& i, std::vector<Event>& e, Instant t, std::uint32_t c = 0)
      : process(p), instance(i), events(e), at(t), chain(c), host(p, i, t), knows_where_it_moved(i.crowd.is_kept()) {}

  const model::ExecutableProcess& process;
  ProcessInstance& instance;
  std::vector<Event>& events;
  Instant at;
  std::uint32_t chain;        ///< Command::chain, or that of the timer that fires
  std::uint32_t at_once = 0;  ///< of the timer that fires: Timer::at_once
  InstanceHost host;

  Few<Arrival, 8> arrivals;  ///< first in, first out
  std::size_t next_arrival = 0;
  Few<ElementKey, 4> emptied;                 ///< scopes that lost a token
  Few<ElementKey, 4> undoing;                 ///< what has activities undone and may go on with the next, or with itself
  Few<const model::Reactions*, 8> reactions;  ///< of what was entered, completed and received, in order
  Few<Replaced, 4> replaced;                  ///< data changed since conditions were looked at last, with the old values
  Few<bool, 4> triggers_before;               ///< value of every condition trigger when they were looked at last
  Few<ClockIndex, 4> fresh_clocks;            ///< started in this round: their overdue marks fire after what the step itself did
  Few<ClockIndex, 4> held_clocks;             ///< of these, begun anew while they were on hold: held again after that
  std::uint64_t written = 0;                  ///< bytes of `events`
  std::size_t allowed_events =
      limits::step_events;            ///< beyond them what is on its way is parked; more with each instance of a multi-instance activity
  std::set<ElementKey> moved_in;      ///< scopes in which something has moved since their joins were looked at; of a case with many activations alone
  bool knows_where_it_moved = false;  ///< `moved_in` names them all
  std::map<ElementKey, std::size_t> moves;  ///< tokens that moved inside each instance of a multi-instance activity
  bool looked_beyond_bound = false;         ///< conditions were looked at after the bound on events had been reached
  bool customer_changed = false;            ///< data that say who the customer is, since he was looked up last
  bool ended = false;                       ///< the process itself has no token left
  std::string error;                        ///< uncaught BPMN error that ended it
  std::string_view deriving;                ///< why clocks are derived again in this step, if they are
  Value unfit;                              ///< the result that could not be mapped last, until an incident keeps it

  /// The only way to change anything.
  template <class Body>
  void emit(Body body) {
    if (instance.crowd.is_kept())
      note_move(*this, body);
    else
      knows_where_it_moved = false;
    events.emplace_back(instance.sequence + 1, at, std::move(body));
    written += written_bytes(events.back());
    evolve(instance, events.back());
  }
  template <class K>
  [[nodiscard]] K new_key() const {
    return K{instance.next_key};
  }
  /// For expressions of the case itself: clocks, feedback, its customer.
  [[nodiscard]] feel::Frame frame() const { return host.frame(instance.data); }
  /// For expressions of an element, seen from a living activation (or from its container, before it is entered).
  [[nodiscard]] Visible seen_from(ElementKey place) const { return {host, process, instance, place}; }
  /// The definition of a living activation.
  [[nodiscard]] const model::Element& element_of(ElementKey key) const {
    const ElementInstance* e = instance.find(key);
    SB_ASSERT(e != nullptr);
    return process.at(e->element);
  }
  [[nodiscard]] bool alive(ElementKey key) const { return instance.find(key) != nullptr; }
  [[nodiscard]] bool exhausted() const { return events.size() >= allowed_events || written >= limits::step_bytes; }
};

inline constexpr ElementKey root_key{1};

template <class Body>
void note_move(Execution& x, const Body& body) {
  const auto around = [&](ElementKey key) {
    if (const ElementInstance* e = x.instance.find(key)) x.moved_in.insert(e->scope);
  };
  if constexpr (requires {
                  { body.scope } -> std::same_as<const ElementKey&>;
                })
    x.moved_in.insert(body.scope);
  if constexpr (std::is_same_v<Body, EventOccurred> || std::is_same_v<Body, OccurrencesCleared>) around(body.owner);
  if constexpr (std::is_same_v<Body, IncidentResolved>)
    if (const Incident* incident = x.instance.find(body.incident)) x.moved_in.insert(incident->element_key);
}

/// Keys are collected before anything is emitted: every emit may move what they name.
template <class T, class Pick>
[[nodiscard]] auto keys_where(const Parts<T>& all, Pick pick) {
  Few<decltype(T::key), 4> keys;
  for (const T& one : all)
    if (pick(one)) keys.push_back(one.key);
  return keys;
}
/// The same of what belongs to activation `owner`, without looking at what belongs to others.
template <class T, class Pick>
[[nodiscard]] auto keys_at(const ProcessInstance& i, const Parts<T>& all, PartKind kind, ElementKey owner, Pick pick) {
  Few<decltype(T::key), 4> keys;
  static_cast<void>(find_at(i, all, kind, owner, [&](const T& one) {
    if (pick(one)) keys.push_back(one.key);
    return false;
  }));
  return keys;
}
/// The activations that stand in `scope`, ascending.
[[nodiscard]] Few<ElementKey, 4> activations_in(const ProcessInstance& i, ElementKey scope);
inline constexpr auto any_of_them = [](const auto& /*one*/) { return true; };

// expression.cpp: values, conditions, durations and instants from expressions. Errors carry what failed in `message`.
[[nodiscard]] Result<Value> value_of(const feel::Program& program, const feel::Frame& frame);
/// Null is not true, as for `if` (DMN 1.5, 10.3.2.13); `doubt`: why it is null, if there is a reason. Anything else that is no boolean is a mistake.
[[nodiscard]] Result<bool> condition_of(const feel::Program& program, const feel::Frame& frame, std::string& doubt);
[[nodiscard]] Result<std::optional<calendar::WorkingDuration>> duration_of(const feel::Frame& frame, const model::DurationSpec& spec);
[[nodiscard]] Result<std::optional<Instant>> instant_of(const feel::Frame& frame, const feel::Program& program);
/// A date without a time, or a text that says one.
[[nodiscard]] bool is_day(const Value& v);
[[nodiscard]] bool is_not_known_yet(const feel::Frame& frame, const feel::Program& program, const Value& v);
[[nodiscard]] calendar::Derived deadline(const calendar::CalendarPtr& calendar, Instant from, const calendar::WorkingDuration& d);
[[nodiscard]] Error failure(std::string_view rule, std::string message);
/// Under which rule an element rests that failed so: a message without a key is the same everywhere, all else is SB0520.
[[nodiscard]] std::string_view rule_of(const Error& failed);
[[nodiscard]] Error refusal(std::string_view rule, std::string message, std::string hint);

// organisation.cpp
/// To which unit a new case belongs, by its data; nothing said: to that of its caller. SB0535.
[[nodiscard]] Result<std::string> organisation_at_start(const Execution& x, const StartInstance& c);
/// To which unit work is offered; empty: where the case belongs. The error is that of the element (SB0520).
[[nodiscard]] Result<std::string> organisation_of_work(const Execution& x, const feel::Frame& frame, const model::WorkSpec& spec);

// data.cpp
/// From where the expressions of a waiting event see data: an event on a boundary stands outside its host.
[[nodiscard]] ElementKey seen_from(const Execution& x, const Waiting& w);
enum class Names : std::uint8_t { declared_only, declared_taken, none_taken };  ///< of a result without `out`: strict, lenient, nothing
/// Where a result is taken: expressions see what `seen_from` sees, names and targets are those of `element`.
struct Place {
  ElementIndex element;
  ElementKey seen_from;
};
/// The same of a result that is there once only: one that does not fit is kept by the incident that follows (settle).
[[nodiscard]] Result<Writes> map_or_keep(Execution& x, const Place& place, const Value& result, Names names);
/// What a kept result still gives beside `given`, which goes before it. SB0501 for a part that does not fit and is not among `given`.
[[nodiscard]] Result<Writes> map_rest(const Execution& x, const Place& place, const Value& result, const Writes& given);
/// Who hands data in by name: those that only the process sets are taken from a process that calls this one, and from an operator who says who he is
/// and why (SB0533).
enum class Giver : std::uint8_t { anybody, calling_process, operator_with_reason };
/// What a result becomes: by `out` of the place, else by name. SB0533 when anybody gives data that only the process sets and neither the form of the
/// place nor its declared payload has them.
[[nodiscard]] Result<Writes> map_result(const Execution& x, const Place& place, const Value& result, Names names, Giver giver = Giver::anybody);
/// By name, to the data of the case.
[[nodiscard]] Result<Writes> map_data(const Execution& x, const Value& data, Giver giver);
/// By name, to what `place` sees.
[[nodiscard]] Result<Writes> map_data(const Execution& x, const Value& data, ElementKey place, Giver giver);
/// What begins a case at `start`: by name, to the data of the case. Its declared payload may carry data that only the process sets.
[[nodiscard]] Result<Writes> map_start(const Execution& x, ElementIndex start, const Value& data, Giver giver);
/// Of data that nobody gave: what their computed defaults say, each seeing what is there without the others.
[[nodiscard]] Result<Writes> computed_defaults(const Execution& x, const Writes& given);
[[nodiscard]] Giver giver_of(const std::string& by, const std::string& reason);
/// SB0512 when the case would be larger than its bound with `writes`, and they make it larger. Not while data are lent.
[[nodiscard]] Result<void> has_room_for(const Execution& x, ElementKey place, const Writes& writes);
/// The same for something new of `bytes`.
[[nodiscard]] Result<void> has_room_for(const Execution& x, std::uint64_t bytes);
/// Of what somebody hands in: SB0512 (limit) when it is larger than a value may be, SB0501 when it cannot be kept or has a text that is no UTF-8.
[[nodiscard]] Result<void> check_given(const Value& v);
[[nodiscard]] Result<Value> build_inputs(const feel::Frame& frame, const std::vector<model::Assignment>& in);
/// The activation's own data, when its element declares some: by `in`, else by default. SB0520 when one cannot be had.
[[nodiscard]] Result<void> open_data(Execution& x, ElementKey key);
using Payloads = std::vector<std::pair<std::string, feel::Type::Fields>>;
enum class Undeclared : std::uint8_t { refused, kept };
/// The payload of message or signal `name` with each declared field read as its type, as data are at their door; SB0501 when one does not fit.
[[nodiscard]] Result<Value> read_payload(const Execution& x, const Payloads& declared, const std::string& name, const Value& payload,
                                         Undeclared others);
[[nodiscard]] Result<Value> read_payload(std::string_view zone, const Payloads& declared, const std::string& name, const Value& payload,
                                         Undeclared others);
/// `slot` as seen from `place` (none: of the case itself).
void write(Execution& x, ElementKey place, SlotIndex slot, Value value);
void write_all(Execution& x, ElementKey place, Writes&& writes);
void identify_customer(Execution& x);

// form.cpp
/// SB0534 when `result` leaves out what the form of `w` requires, or is outside its choices and bounds. Otherwise a doubt worth a note in the
/// history, or an empty text.
[[nodiscard]] Result<std::string> check_form(Execution& x, const Work& w, const Value& result);

// scope.cpp: life and death of activations.
ElementKey enter(Execution& x, ElementIndex element, ElementKey scope);
void begin(Execution& x, ElementKey key);
void finish(Execution& x, ElementKey key);
void detach(Execution& x, ElementKey key);
void terminate(Execution& x, ElementKey key);
void terminate_content(Execution& x, ElementKey scope, ElementKey except);  ///< `except` stays (0: none does)
void terminate_root(Execution& x);
[[nodiscard]] bool complete_emptied_scope(Execution& x);

// repetition.cpp: loops and multi-instance.
/// The number of the instance that begins when `element` is entered in `scope`; 0 when that is no body of a repetition.
[[nodiscard]] std::uint32_t next_number(const Execution& x, ElementIndex element, ElementKey scope);
/// The body of a repeated activity: how often, and then its first instances; when it knows already how often, those that are still to come.
void perform_repetition(Execution& x, ElementKey body);
/// An instance has done its work: what it gives is collected, and the body goes on or ends.
void complete_instance(Execution& x, ElementKey key);
/// Its item and its number, the last of its data.
void give_item(const Execution& x, const ElementInstance& instance, std::vector<Value>& values);
/// Whether so many tokens have moved inside the instance of a multi-instance activity around `scope` that it must not go on in this step.
[[nodiscard]] bool is_spent(Execution& x, ElementKey scope);

// task.cpp, gateway.cpp
void perform(Execution& x, ElementKey key);
void perform_call(Execution& x, ElementKey key);
void perform_register_use(Execution& x, ElementKey key);                     ///< register_use.cpp
void perform_scope(Execution& x, ElementKey key, ElementIndex start_event);  ///< npos: every none start event; 0: nothing begins by itself
/// False when no flow can be taken: `why` says so. Otherwise `why` is a doubt worth a note in the history, or empty.
[[nodiscard]] bool choose_flows(const Execution& x, const ElementInstance& self, Few<FlowIndex, 4>& chosen, std::string& why);
void arrive(Execution& x, const Arrival& a);
[[nodiscard]] bool fire_ready_join(Execution& x);
void force_join(Execution& x, ElementKey scope, ElementIndex gateway);
void park(Execution& x);
void report_stuck_joins(Execution& x);

// compensation.cpp (BPMN 2.0.2, 13.5.5): what has completed is undone, the last first, one after the other.
/// What is to be kept of `key`, which is about to complete, so that it can be undone; nothing when nothing would undo it. An error when what the
/// compensation activity is to be given cannot be had.
[[nodiscard]] Result<std::optional<Completion>> completion_of(Execution& x, ElementKey key);
/// Whether `scope` is a transaction or stands in one.
[[nodiscard]] bool is_in_transaction(const Execution& x, ElementKey scope);
/// `key`, which stands in a transaction and does not complete, is about to end: what completed in it is kept, for when the transaction is undone.
void keep_what_completed_in(Execution& x, ElementKey key);
/// What `in` of the compensation activity gave when that which `key` undoes completed; nullptr: `key` undoes nothing.
[[nodiscard]] const Value* kept_inputs(const Execution& x, ElementKey key);
/// What `in` gives: kept, or evaluated now.
[[nodiscard]] Result<Value> inputs_of(const Execution& x, ElementKey key);
/// A throwing event has what it reaches undone. It waits when anything is (has_undone).
void throw_compensation(Execution& x, ElementKey key, ElementIndex event, const model::EventSpec& spec);
/// Whether `key` waits for something that it has undone.
[[nodiscard]] bool has_undone(const Execution& x, ElementKey key);
/// The end event `key` cancels the transaction around it.
void cancel_transaction(Execution& x, ElementKey key, ElementIndex event);
/// Before activation `key` ends: whoever has it undo something goes on afterwards.
void note_end_of_undoing(Execution& x, ElementKey key);
/// What runs in `scope` has been ended: what it was still to have undone stays as it is.
void release_undoing(Execution& x, ElementKey scope);
/// True when something moved.
[[nodiscard]] bool go_on_undoing(Execution& x);
/// Whether `key` is a sub-process that has completed and is undone from the inside: nothing is attached to it any more.
[[nodiscard]] bool is_undone(const Execution& x, ElementKey key);

// event.cpp: beginning to wait, being triggered, throwing.
[[nodiscard]] Result<void> arm(Execution& x, const Waiting& w, const model::EventSpec& spec);
void arm_or_incident(Execution& x, const Waiting& w);
void attach_boundary(Execution& x, ElementKey host);
void attach_event_sub_processes(Execution& x, ElementKey scope);
/// The case's own subscriptions, for what its clocks and feedback name: opened, and moved when the data give another key.
void listen(Execution& x);
void perform_catch(Execution& x, ElementKey key);
void perform_throw(Execution& x, ElementKey key);
[[nodiscard]] Result<void> throw_message(Execution& x, ElementKey key, ElementIndex element, const model::EventSpec& spec, Value payload);
/// A signal is published while those wait who wait for it (13.5.1): who does so in this very case has it at once, before the token that throws it
/// goes on; the driver brings it to everybody else. What does not fit there becomes an incident.
void throw_signal(Execution& x, ElementIndex element, const std::string& name, const Value& payload);
/// Errors: the payload does not fit; nothing has changed then.
[[nodiscard]] Result<void> take_signal(Execution& x, const Subscription& waiting, const Value& given);
void trigger(Execution& x, const Waiting& w, Result<Writes> writes);
void settle(Execution& x, ElementKey key, Result<Writes> writes);
[[nodiscard]] const model::EventSpec* event_spec(const model::Element& element, model::EventKind kind);

// multiple.cpp: events with several definitions.
/// What one definition brings: nothing is to be written before the `last` one has happened.
struct News {
  bool last = true;
  Writes writes;
  Value payload;  ///< to be kept until then
};
/// `payload` for the definition `w`, with what its event has of the others. Errors: what does not fit.
[[nodiscard]] Result<News> news_of(const Execution& x, const Waiting& w, const Value& payload, Names names);
/// The same of what is there once only (map_or_keep).
[[nodiscard]] Result<News> news_or_keep(Execution& x, const Waiting& w, const Value& payload, Names names);
/// One definition has happened: the event is triggered, or the others are waited for.
void happen(Execution& x, const Waiting& w, Result<News> news);
[[nodiscard]] bool has_occurred(const ProcessInstance& i, const Waiting& w);
/// Whether one of its definitions has.
[[nodiscard]] bool has_occurred(const ProcessInstance& i, ElementKey owner, ElementIndex event);
/// Whether a timer or subscription stands for it, or it has happened.
[[nodiscard]] bool is_awaited(const ProcessInstance& i, const Waiting& w);
/// Whether the event on the boundary, or at the start of an event sub-process, ends what it is attached to.
[[nodiscard]] bool interrupts(const Execution& x, const Waiting& w);
enum class Which : std::uint8_t { this_one, all };  ///< of the definitions of an event
void close_waits(Execution& x, const Waiting& w, Which which);
void forget_occurrences(Execution& x, ElementKey owner, ElementIndex event);
/// A parallel multiple event that has been triggered and stays begins from the beginning.
void wait_again(Execution& x, const Waiting& w);

// command_start.cpp
/// SB0501 when data that a case must have would still be missing after `writes`.
[[nodiscard]] Result<void> check_required(const Execution& x, const Writes& writes);

// gateway_complex.cpp
/// A token that reaches this element waits on its flow until the gateway fires, or until there are as many as begin the activity.
[[nodiscard]] bool is_join(const model::Element& e);
[[nodiscard]] bool has_token(const ProcessInstance& i, ElementKey scope, FlowIndex flow);
/// Whether a token that is in `scope` may still come to an incoming flow of the gateway for which `is_full` is false, as 13.4.3 has it.
[[nodiscard]] bool is_expected(const Execution& x, ElementKey scope, ElementIndex gateway, const std::function<bool(FlowIndex)>& is_full);
[[nodiscard]] bool has_incident(const ProcessInstance& i, ElementKey scope, ElementIndex gateway);
void close_incidents(Execution& x, ElementKey scope, ElementIndex gateway);
extern const char* const bound_text;
/// A token has arrived at it: `activate` is asked with every one (13.4.5), so that what holds for three tokens need not hold for four. A condition
/// that cannot be had is told when nothing moves any more.
void ask_complex_gateway(Execution& x, ElementKey scope, ElementIndex gateway);
/// A complex gateway whose condition holds, or for which nothing is to come any more, fires. Beyond the bound it gets an incident instead.
[[nodiscard]] bool fire_complex_gateway(Execution& x);
void activate_gateway(Execution& x, ElementKey scope, ElementIndex gateway);
/// `why` (a doubt, or empty) becomes the reason that no flow can be taken; false.
[[nodiscard]] bool nothing_chosen(std::string& why);
[[nodiscard]] bool choose_complex(const Execution& x, const ElementInstance& self, Few<FlowIndex, 4>& chosen, std::string& why);
/// Every unconditional flow and every conditional one that is true; the default when no conditional one was. `again`: only conditional ones and the
/// default.
[[nodiscard]] bool choose_many(const Execution& x, const Visible& data, const model::Element& element, bool again, Few<FlowIndex, 4>& chosen,
                               std::string& why);

// ad_hoc.cpp
void perform_ad_hoc(Execution& x, ElementKey key);
/// Whether `activity`, which completes, is the last of its ad-hoc sub-process: its condition holds now.
[[nodiscard]] Result<bool> completes_ad_hoc(const Execution& x, const ElementInstance& activity);
/// The condition holds: what remains is terminated, or nothing new begins.
void complete_ad_hoc(Execution& x, ElementKey scope);
[[nodiscard]] bool is_closed_ad_hoc(const Execution& x, ElementKey scope);
void close_ad_hoc(Execution& x, ElementKey scope);
/// `scope` has no token left. True: it goes on (the next activity begins, or it stays open for others).
[[nodiscard]] bool goes_on_empty(Execution& x, ElementKey scope);
/// Whether somebody may still begin something in an ad-hoc sub-process of the case.
[[nodiscard]] bool is_open_for_activities(const Execution& x);

// timer.cpp
/// Open work that should be done within a duration: counted again from its offer, on the calendar as it is now.
void move_due_work(Execution& x, std::string_view reason);
/// When `timer` is due on the calendar as it is now: counted from its start; of one that repeats the first occurrence after `at`. Nothing when it
/// names its instant, is due by `at` already, or what it counts is not known any more.
[[nodiscard]] std::optional<calendar::Derived> due_again(const Timer& timer, const model::TimerSpec& spec, Instant at);
[[nodiscard]] Result<Timer> make_timer(const Execution& x, const Waiting& w, const model::TimerSpec& spec);
/// What becomes of a cycle that is found due at `at`.
struct Cycle {
  bool fires = true;          ///< the occurrence at `timer.due` is told of
  std::int64_t missed = 0;    ///< how many are left out, this one included when it does not fire
  std::optional<Timer> next;  ///< set to the occurrence after those; nothing when that was the last
};
[[nodiscard]] Cycle next_cycle(const Timer& timer, const model::TimerSpec& spec, Instant at);

// propagation.cpp: errors and escalations, from the inside out.
void raise_error(Execution& x, ElementKey origin, const std::string& code, const std::string& message, const Value& payload, WorkKey work);
void raise_escalation(Execution& x, ElementKey origin, ElementIndex element, ClockIndex clock, const std::string& code, const Value& payload);

/// While an interrupting event sub-process handles its scope, no other of that scope can start.
[[nodiscard]] bool is_taken_over(const Execution& x, ElementKey scope);

// condition.cpp: conditional events after data changed.
void look_at_conditions(Execution& x);
/// Data of a suspended case have changed: conditions of events that stay and have become true are remembered until it is resumed.
void remember_conditions_while_suspended(Execution& x);
void look_at_conditions_after_resume(Execution& x);
[[nodiscard]] bool waits_for_condition(const Execution& x);
/// Conditions of an event that hold when it begins to wait happen at once. True when the event has been triggered.
bool trigger_conditions_now(Execution& x, ElementKey owner, ElementIndex event);

// clocks.cpp, feedback.cpp
void remember_triggers(Execution& x);
/// Applies what was collected, tells what is to be told of it, then fires the marks that a clock has found overdue at its start. True when something
/// happened that may have put new tokens on the way.
[[nodiscard]] bool react(Execution& x);
void fire_mark(Execution& x, ClockIndex clock, const sla::Mark& mark);
/// Fires the marks of `clock` that fell due before this instant: nobody who stops, holds or changes it misses one.
void fire_overdue(Execution& x, ClockIndex clock);
/// The case ends. `completed`: clocks that promise its end are met, the rest is cancelled.
void close_clocks(Execution& x, bool completed);
void react_to_end(Execution& x);
void start_clock(Execution& x, ClockIndex clock, std::uint32_t round);
void give_feedback(Execution& x, FeedbackIndex feedback);

// incident.cpp
void raise_incident(Execution& x, ElementKey owner, ElementIndex element, std::string_view rule, std::string message, Value result = {});
void raise_work_incident(Execution& x, WorkKey work, std::string_view rule, std::string message);
void close_incident(Execution& x, IncidentKey key, const std::string& by);

// run.cpp
/// Moves tokens until nothing moves, lets clocks and feedback react, ends the case.
void run(Execution& x);

/// What a command did before anything ran: nothing, or why not. Each validates before its first emit.
struct Verdict {
  std::optional<Error> rejection;
  bool stale = false;
};
// command_*.cpp
[[nodiscard]] Verdict carry_out(Execution& x, const StartInstance& c);
[[nodiscard]] Verdict carry_out(Execution& x, const CompleteWork& c);
[[nodiscard]] Verdict carry_out(Execution& x, const ClaimWork& c);
[[nodiscard]] Verdict carry_out(Execution& x, const ReleaseWork& c);
[[nodiscard]] Verdict carry_out(Execution& x, const FailWork& c);
[[nodiscard]] Verdict carry_out(Execution& x, const RetryWork& c);
[[nodiscard]] Verdict carry_out(Execution& x, const DeliverMessage& c);
[[nodiscard]] Verdict carry_out(Execution& x, const DeliverSignal& c);
[[nodiscard]] Verdict carry_out(Execution& x, const FireTimer& c);
[[nodiscard]] Verdict carry_out(Execution& x, const FireMark& c);
[[nodiscard]] Verdict carry_out(Execution& x, const FinishCall& c);
[[nodiscard]] Verdict carry_out(Execution& x, const SetData& c);
[[nodiscard]] Verdict carry_out(Execution& x, const CorrectData& c);
[[nodiscard]] Verdict carry_out(Execution& x, const SuspendInstance& c);
[[nodiscard]] Verdict carry_out(Execution& x, const ResumeInstance& c);
[[nodiscard]] Verdict carry_out(Execution& x, const CancelInstance& c);
[[nodiscard]] Verdict carry_out(Execution& x, const StandAside& c);
[[nodiscard]] Verdict carry_out(Execution& x, const ResolveIncident& c);
[[nodiscard]] Verdict carry_out(Execution& x, const RederiveClocks& c);
[[nodiscard]] Verdict carry_out(Execution& x, const ChangeClock& c);
[[nodiscard]] Verdict carry_out(Execution& x, const BeginActivity& c);
[[nodiscard]] Verdict carry_out(Execution& x, const RaiseEscalation& c);
[[nodiscard]] Verdict carry_out(Execution& x, const AssignWork& c);
[[nodiscard]] Verdict carry_out(Execution& x, const MoveToOrganisation& c);

}  // namespace switchboard::core
