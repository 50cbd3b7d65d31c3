// A compiled process: flat, indexed, every reference resolved, every expression compiled. `compile` is its only maker; it never changes
// and is shared by all instances, threads and drivers. After compile nobody looks a name up again on a hot path. Elements, data, clocks, feedback
// and decisions are in the order of their ids, not of the file: two files with one identity have one ExecutableProcess, index by index.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/key.hpp"
#include "base/word_table.hpp"
#include "base/words.hpp"
#include "calendar/calendar.hpp"
#include "calendar/rhythm.hpp"
#include "feel/decision.hpp"
#include "feel/feel.hpp"
#include "model/library.hpp"
#include "model/organisation.hpp"
#include "model/process.hpp"

namespace switchboard::model {

using ElementIndex = Index<struct ElementTag>;
using FlowIndex = Index<struct FlowTag>;
using ClockIndex = Index<struct ClockTag>;
using FeedbackIndex = Index<struct FeedbackTag>;
using SlotIndex = Index<struct SlotTag>;

/// A literal duration, or an expression that yields one, on a calendar.
struct DurationSpec {
  calendar::WorkingDuration literal;
  feel::Program expression;  ///< empty: the literal holds
  calendar::CalendarPtr calendar;
  [[nodiscard]] bool is_literal() const { return !expression; }
};

/// One data item: the door check of a slot.
struct DataSpec {
  std::string name;
  feel::Type type;
  bool required = false;
  Value default_value;
  std::vector<Value> enumeration;
  std::optional<Value> min;
  std::optional<Value> max;
  Text label;
  std::string zone;             ///< IANA, of the process's calendar: what a date and time without a zone is read in; empty: it stays as it is
  bool fixed = false;           ///< the engine gives it (an item, a counter): nobody else may write it
  feel::Program computed{};     ///< what it is at the start when nobody gives it; empty: `default_value`
  bool set_by_process = false;  ///< written only where the process names it, or by an operator who says why
  bool search = false;          ///< cases are found by what it holds: a text, or a list of texts
};

/// Where data stand, seen from one element: of the case itself (level 0: the number is the index), or of the level-th container around the element
/// that declares data of its own, counted from the outermost (feel::slot_at). The same numbers are the slots of expressions.
[[nodiscard]] constexpr SlotIndex data_slot(std::uint32_t level, std::uint32_t index) { return {feel::slot_at(level, index)}; }
[[nodiscard]] constexpr std::uint32_t level_of(SlotIndex slot) { return feel::level_of_slot(slot.value); }
[[nodiscard]] constexpr std::uint32_t index_of(SlotIndex slot) { return feel::index_of_slot(slot.value); }

/// Assigns the value of `value` to data slot `target` (or to `name` of a context that is built, for `in` of tasks and calls).
struct Assignment {
  SlotIndex target;
  std::string name;
  feel::Program value;
};

/// Expressions over a result see data slots first, then these extra slots filled from the result by name (a result name shadows a
/// data name; `second` is that data's slot, npos when there is none). The slot number of result name i is slot_count() + i.
struct ResultScope {
  std::vector<std::pair<std::string, SlotIndex>> names;
  std::vector<Assignment> assignments;
  bool explicit_out = false;  ///< false: results are taken by name
  /// Data that only the process sets and that the declared payload of this event or task carries: taken by name all the same.
  std::vector<SlotIndex> carried{};
};

/// One entry of a form. Its expressions see the data, and the names of the form as the result gives them (ResultScope).
struct FormSpec {
  SlotIndex slot;
  bool required = false;
  feel::Program required_if{};
  std::vector<Value> choices{};
  feel::Program choices_from{};
  feel::Program min{}, max{};
  Text label{}, hint{};
  [[nodiscard]] bool asks() const { return required || required_if || !choices.empty() || choices_from || min || max; }
};

struct TimerSpec {
  TimerDefinition::Kind kind = TimerDefinition::Kind::after;
  DurationSpec duration;  ///< its calendar is the one of `named_days` too
  std::optional<calendar::NamedDays> named_days;
  feel::Program instant;
  feel::Program times;
  MissedCycles missed = MissedCycles::one;
};

/// One event definition, resolved.
struct EventSpec {
  EventKind kind = EventKind::none;
  std::string name;   ///< message, signal, error code, escalation code (declared `code`, else the id), link; empty for an error/escalation catch: any
  feel::Program key;  ///< message: correlation key (empty: the case number)
  feel::Program condition;
  std::vector<std::uint32_t> condition_slots;  ///< data that can change the condition
  TimerSpec timer;
  ElementIndex target;  ///< link catch of a link throw; activity of a compensation
  bool waits = true;    ///< of a throwing compensation: until everything is undone
};

struct WorkSpec {
  std::string topic;  ///< `job` of a service or send task
  Words groups;       ///< user task, own or its lane's
  feel::Program assignee;
  feel::Program organisation;  ///< to which unit it is offered: of the task, else of its lane; empty: where the case belongs
  std::vector<FormSpec> form;
  bool has_form = false;
  bool form_asks = false;                                     ///< some entry is required, chosen or bounded
  std::vector<std::pair<std::string, SlotIndex>> form_names;  ///< as ResultScope::names: what the expressions of the form see of a result
  std::optional<DurationSpec> due;
  feel::Program priority;
  std::int32_t retries = 3;
  DurationSpec backoff;
  DurationSpec timeout;
};

/// What a clock or feedback listens to, filed under the element (or message) that causes it.
enum class ClockAction : std::uint8_t { start, stop, cancel, reset, pause, resume };
struct ClockTrigger {
  ClockIndex clock;
  ClockAction action = ClockAction::start;
};
struct Reactions {
  std::vector<ClockTrigger> clocks;
  std::vector<FeedbackIndex> feedback;
  [[nodiscard]] bool empty() const { return clocks.empty() && feedback.empty(); }
};

/// How an activity is repeated. An activation of it is then a *body*, which stands where the token came and holds the boundary events, and each
/// performance of the activity is an *instance* inside the body. Data of the body are the counters, data of an instance the item and its number.
struct RepetitionSpec {
  struct Thrown {
    feel::Program condition;  ///< empty: always
    EventSpec event;
  };
  LoopDefinition::Kind kind = LoopDefinition::Kind::none;
  feel::Program collection;   ///< multi-instance, or
  feel::Program cardinality;  ///< this; seen from outside
  feel::Program
      condition;  ///< standard: `while`, seen from the body; multi-instance: the completion condition, seen from the instance that completed
  bool test_before = false;
  feel::Program maximum;       ///< standard; seen from outside
  feel::Program output;        ///< seen from the instance that completed
  SlotIndex outputs;           ///< as the element's container sees it; npos: none are collected
  bool has_item = false;       ///< the last but one of the data of an instance is the item; the last is its number
  std::vector<Thrown> thrown;  ///< when an instance has completed
  LoopDefinition::Behavior behavior = LoopDefinition::Behavior::all_events;
  [[nodiscard]] explicit operator bool() const { return kind != LoopDefinition::Kind::none; }
  [[nodiscard]] bool is_multi_instance() const { return kind == LoopDefinition::Kind::parallel || kind == LoopDefinition::Kind::sequential; }
};

/// What a service task does with a row of a register: the engine does it, no worker.
struct RegisterUseSpec {
  RegisterUse::Kind kind = RegisterUse::Kind::none;
  RegisterPtr of;
  feel::Program key;
  std::vector<Assignment> set, add;  ///< by the name of the field
  [[nodiscard]] explicit operator bool() const { return kind != RegisterUse::Kind::none; }
};

/// A node. Element 0 is the process itself: a container like a sub-process.
struct Element {
  std::string id;
  std::string path;  ///< unique: `sub/inner`; element 0: the process id
  NodeType type = NodeType::task;
  Text name;
  std::string lane;         ///< id, may be empty
  ElementIndex scope;       ///< container; npos for element 0
  ElementIndex host;        ///< of a boundary event
  std::uint16_t depth = 0;  ///< of nesting, element 0 has 0
  bool interrupting = true;
  bool parallel_multiple = false;
  bool instantiate = false;
  Text documentation{};
  bool parallel = false;                  ///< event-based gateway that begins a case: every event behind it happens in that case
  std::uint32_t start_quantity = 1;       ///< tokens that begin an activity
  std::uint32_t completion_quantity = 1;  ///< tokens that leave it on each flow
  std::vector<FlowIndex> incoming;
  std::vector<FlowIndex> outgoing;  ///< file order
  FlowIndex default_flow;
  bool has_conditions = false;  ///< some outgoing flow has one
  std::vector<EventSpec> events;
  std::vector<ElementIndex> children;             ///< of a container, by id, boundary events excluded
  std::vector<ElementIndex> start_events;         ///< of a container
  std::vector<ElementIndex> boundary;             ///< of an activity
  std::vector<ElementIndex> event_sub_processes;  ///< of a container
  std::vector<DataSpec> data;                     ///< of a container that declares data, or of a repeated activity: a slot of every activation each
  std::vector<DataSpec> body_data;                ///< of a repeated activity: its counters, a slot of the body each
  std::uint32_t data_level = 0;                   ///< how many scopes have data, from the outermost down to this element, itself included
  std::uint32_t body_level = 0;                   ///< the level of `body_data`
  std::vector<Assignment> in;
  ResultScope out;
  WorkSpec work;
  std::vector<Assignment> set;  ///< script task
  feel::Decision decision;      ///< business rule task
  std::string called_process;
  feel::Program called_by;  ///< yields the id of the called process; empty: `called_process` holds
  std::string called_version;
  EventSpec message;             ///< receive task, send task with a message
  RegisterUseSpec register_use;  ///< service task; empty: it is a job
  RepetitionSpec repetition;
  /// Of element 0: what begins a case: its start events, receive tasks that instantiate, and the events behind event-based gateways that do.
  std::vector<ElementIndex> entries;
  feel::Program activation;           ///< complex gateway: over its data and activation_slot()
  feel::Program completion;           ///< ad-hoc sub-process; empty: it ends when nothing is left
  std::vector<ElementIndex> initial;  ///< ad-hoc sub-process: the activities without incoming flows, in the order of the file
  bool sequential = false;            ///< ad-hoc sub-process
  bool cancel_remaining = true;       ///< ad-hoc sub-process
  Reactions entered;
  Reactions completed;
  std::vector<ClockIndex> pauses;  ///< clocks that stand still while a token is here (directly or by lane)
  /// Of an inclusive or complex join: bit e of row i says that a token in element e, or waiting at join e, can still reach incoming flow i without
  /// passing this gateway and without a boundary event of e. Further blocks of incoming.size() rows, where bit e is the token inside host e, are for
  /// such events.
  std::vector<std::vector<bool>> upstream;
  ElementIndex compensation;     ///< of an activity: the one that undoes it
  ElementIndex undone_by;        ///< of a container: its event sub-process that begins when it is compensated
  bool is_compensation = false;  ///< undoes another activity: no flow leads here
  bool compensable = false;      ///< has a compensation activity, or is a container with something inside that can be compensated, or `undone_by`

  /// What the node waits for or throws: its event definitions, or the message of a task.
  [[nodiscard]] std::size_t definitions() const { return events.empty() && message.kind != EventKind::none ? 1 : events.size(); }
  [[nodiscard]] const EventSpec& definition(std::size_t i) const { return events.empty() ? message : events[i]; }
  /// Whether a token in it waits for this message.
  [[nodiscard]] bool awaits_message(std::string_view name) const;
};

struct FlowSpec {
  ElementIndex from;
  ElementIndex to;
  feel::Program condition;  ///< empty: unconditional
  bool is_default = false;
  std::string id;  ///< "from->to", with "#2" for a second one between the same nodes
  Text name;
};

struct MarkSpec {
  ClockMark::Kind kind = ClockMark::Kind::breach;
  double percent = 0;
  calendar::WorkingDuration left;
  bool skip_late = false;
  std::string text;        ///< "80%", "1 bd left", "breach"
  std::string escalation;  ///< empty: none
  FeedbackIndex feedback;
};

struct ConditionTrigger {
  feel::Program condition;
  ClockTrigger clock;      ///< what it triggers: this action of a clock
  FeedbackIndex feedback;  ///< or this feedback; the other one is npos
};

struct ClockSpec {
  std::string id;
  std::uint32_t place = 0;  ///< among the clocks of the file; the index of a clock goes by its name and is stored
  Text name;
  DurationSpec within;
  bool mean = false;
  feel::Program by;       ///< empty: `within` holds
  DurationSpec before;    ///< with `by`; nothing: at that instant
  bool rebudget = false;  ///< `within` is asked again after every step
  feel::Program from;
  feel::Program pause_if;        ///< empty: none
  bool pauses_in_place = false;  ///< some element is in its `pause: in`
  std::vector<MarkSpec> marks;   ///< in file order
  bool restart_each = false;
  bool internal = false;
  bool stop_at_process_end = false;
  std::string source;
  std::string unverified;
};

struct FeedbackSpec {
  std::string id;
  std::uint32_t place = 0;  ///< as for a clock
  Text name;
  Words channels;
  std::string receipt{};                                      ///< message that tells the case what became of it; empty: none
  feel::Program channels_by{};                                ///< instead of `channels`: a text or a list of texts
  std::vector<std::pair<std::string, feel::Template>> texts;  ///< by language
  feel::Program to;                                           ///< a text, a record or a list of these; empty: the customer
  calendar::CalendarPtr calendar;                             ///< in whose hours it may go out; null: at any time
  feel::Program condition{};                                  ///< it is given only when this is true; empty: always
};

/// Whom an escalation is for, as its declaration says.
struct EscalationSpec {
  std::string code;  ///< declared, else the id
  Text name;
  Words groups;
};

/// A message that is kept when nobody waits for it yet (docs/language.md, "Messages that come early").
struct KeepSpec {
  std::string message;
  DurationSpec time;  ///< a literal, on the calendar of the process
  bool discard = false;
};

/// Host functions an expression of a process may call; ids of feel::HostSignature.
struct HostFunctionId {
  static constexpr std::uint32_t sla = 1;
  static constexpr std::uint32_t first_decision = 16;  ///< + index into `decisions`
};

class ExecutableProcess {
 public:
  // Everything is readable; nobody but compile() writes.
  std::string id;
  std::string version;  ///< designer's tag
  std::string hash;     ///< identity: SHA-256 of the canonical form (canonical.cpp) in hexadecimal
  Text name;
  std::string source_text;        ///< the file's text as deployed; compile(load(source_text)) gives this definition again
  std::vector<Partner> partners;  ///< participants of its collaboration: their cases have the number of this one
  feel::Program customer;
  std::vector<std::uint32_t> customer_slots;  ///< data whose change can change the result of `customer`
  feel::Program organisation;                 ///< to which unit a case belongs
  OrganisationsPtr organisations;             ///< of the company; null: there are none
  calendar::CalendarPtr calendar;
  feel::Calendars calendars;        ///< that expressions and tables ask; the standard one is `calendar`
  std::vector<DataSpec> data;       ///< slots 0 .. data.size()-1; then case_no and instance_started
  std::vector<SlotIndex> searched;  ///< those that cases are found by, in the order of the file
  std::vector<Element> elements;
  std::vector<FlowSpec> flows;
  std::vector<ClockSpec> clocks;
  std::vector<ClockIndex> clocks_in_order;  ///< of the file: in this order they act
  std::vector<FeedbackSpec> feedback;
  std::vector<std::pair<std::string, feel::Decision>> decisions;
  std::vector<Lane> lanes;
  std::vector<std::pair<std::string, Reactions>> on_message;  ///< by message name
  /// The messages of on_message, by name, with their keys: what a case listens for all its life. Without those that begin a case of this process.
  std::vector<EventSpec> listens;
  Reactions on_process_start;
  Reactions on_process_end;
  std::vector<ConditionTrigger> condition_triggers;  ///< evaluated after every step
  bool has_conditional_events = false;
  bool has_complex_gateways = false;
  std::vector<std::pair<std::string, feel::Type::Fields>> payloads;         ///< of declared messages
  std::vector<std::pair<std::string, feel::Type::Fields>> signal_payloads;  ///< of declared signals that say what they carry
  std::vector<KeepSpec> keeps;                                              ///< by name
  std::vector<std::string> to_all;                                          ///< messages that everybody has who waits for them, ascending
  std::vector<EscalationSpec> escalations;                                  ///< declared ones that have a name or groups

  [[nodiscard]] std::uint32_t slot_count() const { return static_cast<std::uint32_t>(data.size()) + 2; }
  [[nodiscard]] SlotIndex case_no_slot() const { return {static_cast<std::uint32_t>(data.size())}; }
  [[nodiscard]] SlotIndex started_slot() const { return {static_cast<std::uint32_t>(data.size()) + 1}; }
  /// What conditions around a complex gateway see beside data: how many of its flows have a token, and whether it goes off for the first time.
  [[nodiscard]] std::uint32_t activation_slot() const { return slot_count(); }
  [[nodiscard]] const Element& at(ElementIndex i) const { return elements[i.value]; }
  [[nodiscard]] const FlowSpec& at(FlowIndex i) const { return flows[i.value]; }
  [[nodiscard]] ElementIndex find_element(std::string_view path_or_id) const;  ///< npos when there is none (or the id is ambiguous)
  [[nodiscard]] SlotIndex find_data(std::string_view name) const;              ///< of the case itself
  /// Data of that name as `place` sees it: its own, those of the containers around it, those of the case. npos when there is none.
  [[nodiscard]] SlotIndex find_data(ElementIndex place, std::string_view name) const;
  /// What stands in `slot` of `place`; `slot` is one of data (not case_no, instance_started or a result's name).
  [[nodiscard]] const DataSpec& spec(ElementIndex place, SlotIndex slot) const;
  /// The container around `place`, or `place` itself, whose data have `level`; element 0 for level 0.
  [[nodiscard]] ElementIndex owner_of(ElementIndex place, std::uint32_t level) const;
  [[nodiscard]] ClockIndex find_clock(std::string_view id) const;
  [[nodiscard]] FeedbackIndex find_feedback(std::string_view id) const;
  [[nodiscard]] const Reactions* message_reactions(std::string_view name) const;
  /// For find_data and find_clock, once all are there.
  void index_names();

 private:
  WordTable data_names_;
  WordTable clock_names_;
};

struct CompileResult {
  ExecutablePtr process;    ///< null when there are errors
  Diagnostics diagnostics;  ///< FEEL and type mistakes, unknown calendars and decisions, elements the engine does not run yet
};

/// Resolves and compiles. Pure. Reports every mistake it finds with its place; needs a Process without loader errors. `source_text` is kept for the
/// deployment and does not take part in the identity (the canonical form does: two files that differ in comments, or in the order of what has none,
/// are one definition). `known_as`: the identity under which a release before form 3 stored it, which did not look at the order of clocks and
/// feedback; it is kept when it is that.
[[nodiscard]] CompileResult compile(const Process& process, const Library& library, std::string source_text, std::string_view known_as = {});

/// A value from outside read as `type`, at any depth: a text in the form of a date, time or duration becomes one (JSON has none), a date and time
/// that says nothing of a zone gets the offset in force in `zone` (unless empty). What does not fit stays as it is. For payloads and the like.
[[nodiscard]] Value read_as(const Value& v, const feel::Type& type, std::string_view zone);
/// A value for slot `d` at a door: read as above, coerced and checked (type, enum, bounds). Errors SB0501 name data, rule and what was given.
[[nodiscard]] Result<Value> admit(const DataSpec& d, const Value& v);

}  // namespace switchboard::model
