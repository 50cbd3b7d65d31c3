// A process as its designer wrote it, in BPMN's words (BPMN 2.0.2, chapter 10) plus clocks and feedback. Plain values; notation fills them, verify
// reads them, compile turns them into an ExecutableProcess. Nothing here is resolved: references are names with the place where they stand.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "feel/type.hpp"
#include "model/diagnostic.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::model {

/// Text by language tag; the tag "" is text without a language.
struct Text {
  std::map<std::string, std::string> by_language;
  [[nodiscard]] bool empty() const { return by_language.empty(); }
  /// In `language`, else without language, else en, else zh, else any; empty when there is none.
  [[nodiscard]] const std::string& in(std::string_view language) const;
  friend bool operator==(const Text&, const Text&) = default;
};

/// A name used somewhere, with the place of its use.
struct Ref {
  std::string name;
  Position at;
  [[nodiscard]] bool empty() const { return name.empty(); }
};

/// FEEL text with its place (the place of its first character).
struct Expr {
  std::string text;
  Position at;
  [[nodiscard]] bool empty() const { return text.empty(); }
};

/// A duration: a literal of the language, or FEEL that yields one (docs/language.md, "Two rules"). Which one is decided at compile.
using DurationExpr = Expr;

struct Flow {
  Ref to;
  Expr condition;           ///< `if`
  bool is_default = false;  ///< `else`
  Text name;
};

struct Mapping {
  std::string name;
  Position at;
  Expr value;
};

enum class NodeType : std::uint8_t {
  start_event,
  end_event,
  intermediate_catch_event,
  intermediate_throw_event,
  boundary_event,
  task,
  user_task,
  service_task,
  send_task,
  receive_task,
  script_task,
  business_rule_task,
  manual_task,
  exclusive_gateway,
  inclusive_gateway,
  parallel_gateway,
  event_based_gateway,
  complex_gateway,
  sub_process,
  transaction,
  ad_hoc_sub_process,
  event_sub_process,
  call_activity,
};
/// BPMN's own word: "startEvent", "userTask", ...
[[nodiscard]] std::string_view to_string(NodeType t) noexcept;
[[nodiscard]] std::optional<NodeType> node_type(std::string_view word) noexcept;
[[nodiscard]] bool is_event(NodeType t) noexcept;
[[nodiscard]] bool is_activity(NodeType t) noexcept;  ///< tasks, sub-processes, call activity
[[nodiscard]] bool is_task(NodeType t) noexcept;
[[nodiscard]] bool is_gateway(NodeType t) noexcept;
[[nodiscard]] bool is_container(NodeType t) noexcept;  ///< has `nodes`

enum class EventKind : std::uint8_t { none, message, timer, signal, error, escalation, condition, link, compensate, terminate, cancel };
[[nodiscard]] std::string_view to_string(EventKind k) noexcept;

enum class MissedCycles : std::uint8_t { one, all, skip };

struct TimerDefinition {
  enum class Kind : std::uint8_t { after, at, every };
  Kind kind = Kind::after;
  DurationExpr duration;  ///< after, every
  Expr named_days;        ///< every: {at: ...} instead of a duration, the text as written
  Expr instant;           ///< at
  Expr times;             ///< every: how often, empty = for ever
  MissedCycles missed = MissedCycles::one;
  Ref calendar;
};

struct EventDefinition {
  EventKind kind = EventKind::none;
  Position at;
  Ref name;        ///< of message, signal, error, escalation, link; activity to compensate; "any" for a catch-all error or escalation
  Expr condition;  ///< kind condition
  TimerDefinition timer;
  bool wait = true;  ///< throwing compensate: until everything is undone
};

/// How often an activity is performed (BPMN 2.0.2, 10.3.8).
struct LoopDefinition {
  enum class Kind : std::uint8_t { none, standard, parallel, sequential };
  /// What a multi-instance activity throws when one of its instances has completed (table 10.30): each time, the first time, never, by conditions.
  enum class Behavior : std::uint8_t { none_event, one_event, all_events, complex };
  struct Thrown {
    Expr condition;  ///< complex: when; else empty
    EventDefinition event;
  };
  Kind kind = Kind::none;
  Position at;
  Expr collection;      ///< multi-instance: FEEL list
  Expr cardinality;     ///< multi-instance: FEEL number
  std::string element;  ///< name of the item
  Expr condition;       ///< standard: while; multi-instance: completion condition
  bool test_before = false;
  Expr maximum;
  Expr output;  ///< FEEL per item
  Ref output_collection;
  Behavior behavior = Behavior::all_events;
  std::vector<Thrown> events;  ///< one for none_event and one_event, any number for complex
  [[nodiscard]] explicit operator bool() const { return kind != Kind::none; }
  [[nodiscard]] bool is_multi_instance() const { return kind == Kind::parallel || kind == Kind::sequential; }
};

/// What is seen inside a repeated activity beside its data, in BPMN's words (2.0.2, tables 10.27 and 10.29).
namespace names {
inline constexpr std::string_view loop_counter = "loopCounter";
inline constexpr std::array<std::string_view, 4> instance_counters = {"numberOfInstances", "numberOfActiveInstances", "numberOfCompletedInstances",
                                                                      "numberOfTerminatedInstances"};
[[nodiscard]] inline bool is_counter(std::string_view name) {
  return name == loop_counter || std::find(instance_counters.begin(), instance_counters.end(), name) != instance_counters.end();
}
}  // namespace names
/// BPMN's own word: "None", "One", "All", "Complex", in lower case.
[[nodiscard]] std::string_view to_string(LoopDefinition::Behavior b) noexcept;

struct DataItem {
  std::string name;
  Position at;
  feel::Type type;
  std::string type_text;
  bool required = false;
  std::optional<Value> default_value;
  std::vector<Value> enumeration;
  std::optional<Value> min;
  std::optional<Value> max;
  Text label;
  Text documentation;
  Expr computed{};              ///< `default: =FEEL`: what it is at the start when nobody gives it
  bool set_by_process = false;  ///< `set-by: process`: only where the file names it, never by whoever hands something in
  bool search = false;          ///< `search: true`: cases are found by what it holds
  [[nodiscard]] bool has_default() const { return default_value.has_value() || !computed.empty(); }
};

/// A document, or a photograph: what it is called, its hash, its size in bytes, and where it is kept; of a photograph also when it was taken, if that
/// is known. Never its bytes: nothing else may be said, and no text in it is longer than 2,000 bytes.
[[nodiscard]] const feel::Type& document_type();
[[nodiscard]] const feel::Type& photograph_type();
/// What is wrong with a context as one of these; empty: nothing, or `type` is neither.
[[nodiscard]] std::string not_an_attachment(const feel::Type& type, const Value& v);
/// The language's word of a type: `date-time`, `list<number>`, `document`.
[[nodiscard]] std::string word_of(const feel::Type& type);

/// Whether values of the type can be bounded: by themselves, or by their length.
[[nodiscard]] bool has_order(const feel::Type& type);
/// Of the bounds of such a type: those of texts and lists count characters and items.
[[nodiscard]] feel::Type type_of_bounds(const feel::Type& type);

/// One entry of a form: data that a person fills in, and what is asked of it.
struct FormField {
  std::string name;  ///< of the data
  Position at;
  bool required{};
  Expr required_if{};  ///< FEEL, instead of `required`
  Text label{};        ///< empty: the label of the data
  Text hint{};
  std::vector<Value> choices{};  ///< or
  Expr choices_from{};           ///< FEEL that yields the list
  Expr min{};                    ///< FEEL
  Expr max{};
  /// Whether it says more than the name.
  [[nodiscard]] bool has_details() const {
    return required || !required_if.empty() || !label.empty() || !hint.empty() || !choices.empty() || !choices_from.empty() || !min.empty() ||
           !max.empty();
  }
};

/// What a service task does with a row of a register (docs/language.md, "Registers"): the engine does it, no worker.
struct RegisterUse {
  enum class Kind : std::uint8_t { none, read, write };
  Kind kind = Kind::none;
  Position at;
  Ref name;                    ///< of the register
  Expr key;                    ///< FEEL that yields the key of the row
  std::vector<Mapping> set{};  ///< write: field -> FEEL
  std::vector<Mapping> add{};  ///< write: counter -> FEEL, how much is added
  [[nodiscard]] explicit operator bool() const { return kind != Kind::none; }
};

struct Node {
  std::string id;
  Position at;  ///< of its key
  NodeType type = NodeType::task;
  Position type_at;
  Text name;
  Text documentation;
  Ref lane;
  std::vector<Flow> next;
  Position next_at;
  std::vector<Mapping> in;
  std::vector<Mapping> out;
  bool has_out = false;                 ///< `out:` was written, even when empty
  std::vector<EventDefinition> events;  ///< empty: a none event. Several: multiple
  bool parallel_multiple = false;
  bool interrupting = true;    ///< boundary events and start events of event sub-processes
  std::vector<Node> boundary;  ///< boundary events of an activity
  std::vector<Node> nodes;     ///< body of a container
  std::vector<DataItem> data;  ///< of a container, or of an activity that is repeated: of each activation, seen inside it and below
  LoopDefinition loop;
  std::int64_t start_quantity = 1;       ///< of an activity: how many tokens begin it (table 10.3)
  std::int64_t completion_quantity = 1;  ///< how many leave it on each flow that is taken
  Ref compensation;                      ///< the activity that undoes this one
  // userTask
  std::vector<std::string> groups;
  Expr assignee;
  Expr organisation;  ///< of a task: to which unit its work is offered; empty: as its lane says, else to that of the case
  std::vector<FormField> form;
  DurationExpr due;
  Expr priority;
  // serviceTask, sendTask
  std::string job;
  std::optional<std::int64_t> retries;
  DurationExpr backoff;
  DurationExpr timeout;
  RegisterUse register_use{};  ///< serviceTask: instead of a job
  // receiveTask, sendTask
  Ref message;
  bool instantiate = false;
  // scriptTask
  std::vector<Mapping> set;
  std::string script;         ///< in another language than ours: nobody runs it here
  std::string script_format;  ///< of `script`, as the file says
  // businessRuleTask, callActivity
  Ref decision;
  Ref process;
  Expr process_by;  ///< instead of `process`: FEEL that yields its id when the call begins
  std::string version = "latest";
  // complexGateway, adHocSubProcess
  Expr activate;
  Expr completion_condition;
  bool sequential = false;       ///< adHocSubProcess: its activities begin one after the other, in the order of the file
  bool cancel_remaining = true;  ///< adHocSubProcess: what still runs when `completion_condition` is true is terminated
  bool parallel = false;         ///< eventBasedGateway that instantiates: all of its events happen in one case
};

/// Whether the messages and signals of such a node are sent by it. Those of every other one are waited for.
[[nodiscard]] inline bool sends(NodeType t) {
  return t == NodeType::end_event || t == NodeType::intermediate_throw_event || t == NodeType::send_task;
}
/// Calls f(kind, name) for each message and signal of the node: its own message, then those of its events.
template <class F>
void for_each_told(const Node& n, const F& f) {
  if (!n.message.empty()) f(EventKind::message, n.message);
  for (const EventDefinition& e : n.events)
    if (e.kind == EventKind::message || e.kind == EventKind::signal) f(e.kind, e.name);
}

struct Lane {
  std::string id;
  Position at;
  Text name;
  std::vector<std::string> groups;
  Expr organisation{};  ///< to which unit its work is offered; empty: to that of the case
};

/// When something happens: any of these.
struct Trigger {
  enum class Kind : std::uint8_t { completed, entered, message, condition, process_started, process_ended };
  struct Case {
    Kind kind = Kind::completed;
    Ref name;  ///< node or message
    Expr condition;
  };
  std::vector<Case> any;
  Position at;
  [[nodiscard]] bool empty() const { return any.empty(); }
};

struct ClockMark {
  enum class Kind : std::uint8_t { percent, left, breach };
  Kind kind = Kind::breach;
  Position at;
  double percent = 0;  ///< 80 for `80%`; may pass 100
  std::string left;    ///< literal duration for `1 bd left`
  Ref escalate;
  Ref feedback;
  bool skip_late = false;  ///< `late: skip`
  std::string text;        ///< as written: "80%", "1 bd left", "breach"
};

struct ClockDefinition {
  std::string id;
  Position at;
  std::uint32_t place = 0;  ///< in the file, from 1: clocks act in this order; 0: not from a file
  Text name;
  Trigger start;
  Trigger stop;
  Trigger cancel;
  Trigger reset;
  Trigger pause_on;
  Trigger resume_on;
  std::vector<Ref> pause_in;  ///< nodes or lanes
  Expr pause_if;
  DurationExpr within;
  bool mean = false;      ///< `within: {mean: ...}`
  Expr by;                ///< FEEL date and time: a promise to an instant, instead of `within`
  DurationExpr before;    ///< with `by`: so long before it, counted back on the calendar
  bool rebudget = false;  ///< `within` is asked again when its data change
  Expr from;              ///< retroactive start
  Ref calendar;
  std::vector<ClockMark> marks;
  bool restart_each = false;
  bool internal = false;  ///< audience
  std::string source;
  std::string unverified;  ///< empty: verified
  bool says_once{};        ///< `restart: once` is written: that a second round is not promised is meant
};

struct FeedbackDefinition {
  std::string id;
  Position at;
  std::uint32_t place = 0;  ///< as for a clock; what an overlay adds comes behind
  Text name;
  Trigger on;
  std::vector<std::string> channels;
  Text text;  ///< templates by language
  Position text_at;
  std::map<std::string, Position> text_positions;
  Expr to;
  Ref calendar;  ///< in whose hours it may go out; empty: at any time
  std::string source;
  Expr condition{};    ///< `if`: it is given only when this is true
  Ref receipt{};       ///< message that tells the case what became of it; empty: none
  Expr channels_by{};  ///< `channels` as FEEL: a text or a list of texts
};

/// How long a message is kept for which nobody waits yet, and what becomes of it when that time is over.
struct KeepDefinition {
  Position at;
  DurationExpr time;     ///< a literal
  bool discard = false;  ///< `then: discard`; else an incident
  [[nodiscard]] explicit operator bool() const { return !time.empty(); }
};

/// Declared messages, signals, errors, escalations.
struct Declaration {
  std::string id;
  Position at;
  Text name;
  std::string code;
  Expr key;
  std::vector<std::pair<std::string, feel::Type>> payload;
  KeepDefinition keep{};  ///< messages
  bool to_all = false;    ///< messages, `receivers: all`: everybody who waits has it, and not the first alone
  Position to_all_at{};
  std::vector<std::string> groups{};  ///< of an escalation: who is told of it
};

/// The one of that id; null: it is not declared.
[[nodiscard]] const Declaration* find_declaration(const std::vector<Declaration>& all, std::string_view id);

/// Another participant of the same collaboration that is run here.
struct Partner {
  std::string participant;
  Ref process;
};

struct Process {
  std::string file;
  std::string id;
  Position at;
  Text name;
  Text documentation;
  std::string version;
  Expr customer;
  Expr organisation;  ///< to which unit of the company a case belongs, asked when it begins
  Ref calendar;
  bool strict = false;
  std::vector<DataItem> data;
  std::vector<Lane> lanes;
  std::vector<Node> nodes;
  std::vector<ClockDefinition> sla;
  std::vector<FeedbackDefinition> feedback;
  std::vector<Declaration> messages;
  std::vector<Declaration> signals;
  std::vector<Declaration> errors;
  std::vector<Declaration> escalations;
  std::vector<Ref> decisions;
  Ref collaboration{};              ///< whose participant it is; empty: it stands alone
  std::vector<Partner> partners{};  ///< of that collaboration, in the order of the file
};

/// Calls `f(const Node&, const Node* parent)` for every node, boundary events included, parents first, in file order.
template <class F>
void for_each_node(const std::vector<Node>& nodes, F&& f, const Node* parent = nullptr) {
  for (const Node& n : nodes) {
    f(n, parent);
    for (const Node& b : n.boundary) f(b, parent);
    for_each_node(n.nodes, f, &n);
  }
}

}  // namespace switchboard::model
