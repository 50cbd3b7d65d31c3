// Events for people: names and ids instead of numbers.
#include <fmt/format.h>

#include <variant>

#include "core/event.hpp"

namespace switchboard::core {
namespace {

class Describer {
 public:
  Describer(const model::ExecutableProcess* process, Context& out) : p_(process), c_(out) {}

  void operator()(const InstanceStarted& e) {
    text("case", e.case_no);
    text("process", e.process);
    given("customer", e.customer);
    given("message", e.by_message);
    if (e.parent) key("parent", e.parent->instance.value);
    given("organisation", e.organisation);
    if (e.reopens) key("reopens", e.reopens.value);
    given("by", e.reopened_by);
    given("reason", e.reopen_reason);
    Context data;
    for (std::size_t i = 0; i < e.data.size(); ++i)
      if (!e.data[i].is_null() && (p_ == nullptr || i < p_->data.size())) data.set(slot_name({static_cast<std::uint32_t>(i)}), e.data[i]);
    c_.set("data", std::move(data));
  }
  void operator()(const InstanceSuspended& e) { reason_by(e); }
  void operator()(const InstanceResumed& e) { given("by", e.by); }
  void operator()(const InstanceCompleted& e) {
    given("error", e.error);
    given("data", e.data);
  }
  void operator()(const InstanceCancelled& e) { reason_by(e); }

  void operator()(const ElementEntered& e) { activation(e); }
  void operator()(const ElementCompleted& e) { activation(e); }
  void operator()(const ElementTerminated& e) { activation(e); }
  void operator()(const FlowTaken& e) { c_.set("flow", flow_id(e.flow)); }
  void operator()(const TokenArrived& e) {
    element("element", e.gateway);
    c_.set("flow", flow_id(e.flow));
  }
  void operator()(const JoinFired& e) { consumed(e); }
  void operator()(const GatewayActivated& e) { consumed(e); }
  void operator()(const GatewayReset& e) { consumed(e); }
  void operator()(const ActivityBegun& e) {
    element("element", e.element);
    if (e.asked) c_.set("asked", true);
    given("by", e.by);
  }
  void operator()(const AdHocClosed& e) { element("element", e.element); }
  void operator()(const JoinCleared& e) { key("scope", e.scope.value); }

  void operator()(const DataChanged& e) {
    if (e.owner) element("element", e.scope);
    text("name", e.owner ? slot_name(e.scope, e.slot) : slot_name(e.slot));
    c_.set("value", e.value);
    if (e.owner) key("owner", e.owner.value);
  }
  void operator()(const DataCorrected& e) {
    text("name", slot_name(e.slot));
    c_.set("before", e.before);
    c_.set("value", e.value);
    text("by", e.by);
    text("reason", e.reason);
  }
  void operator()(const ScopeOpened& e) {
    activation(e);
    Context data;
    for (std::size_t i = 0; i < e.data.size(); ++i)
      if (!e.data[i].is_null()) data.set(slot_name(e.element, {static_cast<std::uint32_t>(i)}), e.data[i]);
    c_.set("data", std::move(data));
  }
  void operator()(const RepetitionBegun& e) {
    element("element", e.element);
    key("key", e.key.value);
    if (e.counters > 1 || e.total > 0) c_.set("total", static_cast<std::int64_t>(e.total));
  }
  void operator()(const OutputCollected& e) {
    element("element", e.element);
    c_.set("number", static_cast<std::int64_t>(e.number));
    c_.set("value", e.value);
  }
  void operator()(const CustomerIdentified& e) { text("customer", e.customer); }

  void operator()(const WorkOffered& e) {
    element("element", e.work.element);
    key("work", e.work.key.value);
    given("topic", e.work.topic);
    given("assignee", e.work.assignee);
    given("inputs", e.work.inputs);
    if (!e.work.groups.empty()) c_.set("groups", list_of(e.work.groups));
    given("organisation", e.work.organisation);
    if (e.work.priority != 0) c_.set("priority", static_cast<std::int64_t>(e.work.priority));
    if (e.work.due) instant("due", *e.work.due);
  }
  void operator()(const WorkClaimed& e) {
    key("work", e.work.value);
    text("by", e.by);
    if (e.lease_until) {
      instant("lease_until", *e.lease_until);
      c_.set("token", static_cast<std::int64_t>(e.token));
    }
  }
  void operator()(const WorkReleased& e) {
    key("work", e.work.value);
    given("by", e.by);
  }
  void operator()(const WorkCompleted& e) {
    element("element", e.element);
    key("work", e.work.value);
    given("by", e.by);
  }
  void operator()(const WorkFailed& e) {
    element("element", e.element);
    key("work", e.work.value);
    given("message", e.message);
    given("error", e.error);
    given("by", e.by);
    c_.set("retries", static_cast<std::int64_t>(e.retries));
    if (e.retry_at) instant("retry_at", *e.retry_at);
  }
  void operator()(const WorkRetried& e) {
    key("work", e.work.value);
    c_.set("retries", static_cast<std::int64_t>(e.retries));
  }
  void operator()(const WorkWithdrawn& e) { key("work", e.work.value); }
  void operator()(const WorkAssigned& e) {
    element("element", e.element);
    key("work", e.work.value);
    text("to", e.to);
    given("from", e.from);
    text("by", e.by);
    text("reason", e.reason);
  }
  void operator()(const OrganisationChanged& e) {
    if (e.work) {
      element("element", e.element);
      key("work", e.work.value);
    }
    given("from", e.from);
    text("to", e.to);
    text("by", e.by);
    text("reason", e.reason);
  }
  void operator()(const WorkMoved& e) {
    element("element", e.element);
    key("work", e.work.value);
    instant("due_before", e.due_before);
    instant("due", e.due);
    given("reason", e.reason);
  }

  void operator()(const TimerArmed& e) {
    element("element", e.timer.element);
    key("timer", e.timer.key.value);
    instant("due", e.timer.due);
    if (e.timer.remaining != 1) c_.set("remaining", e.timer.remaining);
    if (e.timer.provisional) c_.set("provisional", true);
  }
  void operator()(const TimerFired& e) {
    element("element", e.element);
    key("timer", e.timer.value);
    instant("due", e.due);
  }
  void operator()(const TimerDisarmed& e) { key("timer", e.timer.value); }
  void operator()(const TimerMoved& e) {
    key("timer", e.timer.value);
    if (e.due_before) instant("due_before", *e.due_before);
    instant("due", e.due);
    if (e.provisional) c_.set("provisional", true);
    given("reason", e.reason);
  }
  void operator()(const SubscriptionOpened& e) {
    element("element", e.subscription.element);
    key("subscription", e.subscription.key.value);
    text(e.subscription.kind == SubscriptionKind::message ? "message" : "signal", e.subscription.name);
    given("key", e.subscription.correlation);
  }
  void operator()(const SubscriptionClosed& e) { key("subscription", e.subscription.value); }
  void operator()(const MessageReceived& e) { received(e); }
  void operator()(const SignalReceived& e) { received(e); }
  void operator()(const MessageThrown& e) {
    received(e);
    given("key", e.correlation);
  }
  void operator()(const SignalThrown& e) { received(e); }
  void operator()(const EscalationRaised& e) {
    if (e.element) element("element", e.element);
    if (e.clock) clock(e.clock);
    text("code", e.code);
    if (e.caught_by) element("caught_by", e.caught_by);
    given("payload", e.payload);
    if (e.to_caller) c_.set("to_caller", true);
  }
  void operator()(const ErrorRaised& e) {
    element("element", e.element);
    text("code", e.code);
    given("message", e.message);
    if (e.caught_by) element("caught_by", e.caught_by);
  }

  void operator()(const ClockStarted& e) {
    ledger(e.ledger);
    if (e.ledger.started != e.ledger.attached) instant("started", e.ledger.started);
    if (e.ledger.due == sla::not_known_yet()) return text("waits", "for the data of its instant");
    text("within", calendar::to_string(e.ledger.budget));
    instant("due", e.ledger.due);
    const sla::Basis& basis = e.ledger.basis;
    if (basis.table.empty()) return;
    text("table", basis.table);
    if (basis.row != 0) text("row", std::to_string(basis.row));
    for (const auto& [name, value] : {std::pair{"source", &basis.source}, {"edition", &basis.edition}, {"unverified", &basis.unverified}})
      if (!value->empty()) text(name, *value);
  }
  void operator()(const ClockPaused& e) { ledger(e.ledger); }
  void operator()(const ClockResumed& e) {
    ledger(e.ledger);
    instant("due", e.ledger.due);
  }
  void operator()(const ClockStopped& e) { ledger(e.ledger); }
  void operator()(const ClockCancelled& e) { ledger(e.ledger); }
  void operator()(const ClockMoved& e) {
    ledger(e.ledger);
    if (e.due_before && *e.due_before != e.ledger.due) instant("due_before", *e.due_before);
    instant("due", e.ledger.due);
    given("reason", e.reason);
  }
  void operator()(const ClockChanged& e) {
    ledger(e.ledger);
    if (e.ledger.changes.empty()) return;
    const sla::Change& c = e.ledger.changes.back();
    text("change", std::string(to_string(c.kind)));
    if (!c.amount.is_zero()) text("amount", calendar::to_string(c.amount));
    if (c.due_before != c.due_after) instant("due_before", c.due_before);
    instant("due", c.due_after);
    text("reason", c.reason);
    text("by", c.by);
  }
  void operator()(const ClockMarked& e) {
    ledger(e.ledger);
    text("mark", mark_text(e.ledger.clock, e.mark));
    instant("due", e.due);
    if (e.skipped) c_.set("skipped", true);
  }
  void operator()(const FeedbackGiven& e) {
    text("feedback", e.id);
    given("customer", e.customer);
    c_.set("channels", list_of(e.channels));
    Context texts;
    for (const auto& [language, t] : e.texts) texts.set(language, t);
    c_.set("texts", std::move(texts));
    if (e.not_before) instant("not_before", *e.not_before);
    given("to", e.to);
  }

  void operator()(const CallStarted& e) {
    element("element", e.call.element);
    key("call", e.call.key.value);
    if (e.call.kind == CallKind::process)
      text("process", e.call.process);
    else
      text(e.call.kind == CallKind::read ? "reads" : "writes", e.call.process);
    given("version", e.version == "latest" ? std::string() : e.version);
    given("data", e.data);
  }
  void operator()(const CallFinished& e) {
    key("call", e.call.value);
    if (!e.completed) c_.set("completed", false);
    given("answer", e.answer);
  }
  void operator()(const CallAbandoned& e) { key("call", e.call.value); }
  void operator()(const IncidentRaised& e) {
    element("element", e.incident.element);
    if (e.incident.clock) clock(e.incident.clock);
    key("incident", e.incident.key.value);
    text("rule", e.incident.rule);
    text("message", e.incident.message);
  }
  void operator()(const IncidentResolved& e) {
    key("incident", e.incident.value);
    given("by", e.by);
  }
  void operator()(const NoteAdded& e) {
    text("text", e.text);
    given("by", e.by);
  }
  void operator()(const EventOccurred& e) {
    element("element", e.element);
    text("of", definition_text(e.element, e.definition));
  }
  void operator()(const OccurrencesCleared& e) { element("element", e.element); }
  void operator()(const CompensationEnabled& e) {
    element("element", e.completion.element);
    key("key", e.completion.activity.value);
    if (e.completion.compensation) element("compensation", e.completion.compensation);
    given("inputs", e.completion.inputs);
  }
  void operator()(const CompensationTriggered& e) {
    if (e.by) element("element", e.element);
    if (e.by) key("key", e.by.value);
    List activities;
    for (const ElementKey k : e.activities) activities.emplace_back(static_cast<std::int64_t>(k.value));
    c_.set("activities", std::move(activities));
  }
  void operator()(const CompensationStarted& e) {
    element("element", e.element);
    key("key", e.activity.value);
    if (e.compensation) element("compensation", e.compensation);
  }
  void operator()(const ElementCompensated& e) { activation(e); }
  void operator()(const TransactionCancelled& e) {
    activation(e);
    element("event", e.event);
  }

 private:
  void text(std::string_view name, std::string_view value) { c_.set(name, value); }
  void given(std::string_view name, const std::string& value) {
    if (!value.empty()) c_.set(name, value);
  }
  void given(std::string_view name, const Value& value) {
    if (!value.is_null()) c_.set(name, value);
  }
  void key(std::string_view name, std::uint64_t value) { c_.set(name, static_cast<std::int64_t>(value)); }
  void instant(std::string_view name, Instant at) { c_.set(name, to_string(at, zone())); }
  [[nodiscard]] std::string_view zone() const {
    return p_ == nullptr || p_->calendar == nullptr ? std::string_view("UTC") : p_->calendar->spec().zone;
  }

  static Value list_of(const std::vector<std::string>& all) {
    List list;
    for (const auto& s : all) list.emplace_back(s);
    return list;
  }
  void element(std::string_view name, ElementIndex e) {
    c_.set(name, p_ == nullptr || e.value >= p_->elements.size() ? fmt::format("#{}", e.value) : p_->at(e).path);
  }
  void clock(ClockIndex i) { c_.set("clock", p_ == nullptr || i.value >= p_->clocks.size() ? fmt::format("#{}", i.value) : p_->clocks[i.value].id); }
  [[nodiscard]] std::string flow_id(FlowIndex f) const {
    return p_ == nullptr || f.value >= p_->flows.size() ? fmt::format("#{}", f.value) : p_->at(f).id;
  }
  [[nodiscard]] std::string slot_name(SlotIndex s) const {
    return p_ == nullptr || s.value >= p_->data.size() ? fmt::format("slot{}", s.value) : p_->data[s.value].name;
  }
  /// Of an activation of `scope`.
  [[nodiscard]] std::string slot_name(ElementIndex scope, SlotIndex s) const {
    const bool known = p_ != nullptr && scope.value < p_->elements.size() && s.value < p_->at(scope).data.size();
    return known ? p_->at(scope).data[s.value].name : fmt::format("slot{}", s.value);
  }
  [[nodiscard]] std::string mark_text(ClockIndex c, std::uint32_t mark) const {
    if (p_ == nullptr || c.value >= p_->clocks.size()) return fmt::format("#{}", mark);
    const auto& marks = p_->clocks[c.value].marks;
    return mark < marks.size() ? marks[mark].text : "breach";
  }
  template <class E>
  void activation(const E& e) {
    element("element", e.element);
    key("key", e.key.value);
    if constexpr (requires { e.number; })
      if (e.number != 0) c_.set("number", static_cast<std::int64_t>(e.number));
  }
  template <class E>
  void consumed(const E& e) {
    element("element", e.gateway);
    List flows;
    for (const FlowIndex f : e.consumed) flows.emplace_back(flow_id(f));
    c_.set("consumed", std::move(flows));
  }
  /// "message invoice"; its number when the process is not known.
  [[nodiscard]] std::string definition_text(ElementIndex e, std::uint32_t definition) const {
    if (p_ == nullptr || e.value >= p_->elements.size() || definition >= p_->at(e).definitions()) return fmt::format("#{}", definition);
    const model::EventSpec& spec = p_->at(e).definition(definition);
    return spec.name.empty() ? std::string(to_string(spec.kind)) : fmt::format("{} {}", to_string(spec.kind), spec.name);
  }
  template <class E>
  void received(const E& e) {
    element("element", e.element);
    text("name", e.name);
    given("payload", e.payload);
  }
  template <class E>
  void reason_by(const E& e) {
    given("reason", e.reason);
    given("by", e.by);
  }
  void ledger(const sla::Ledger& l) {
    clock(l.clock);
    if (l.round != 1) c_.set("round", static_cast<std::int64_t>(l.round));
    if (l.breached) c_.set("breached", true);
    if (l.provisional) c_.set("provisional", true);
  }

  const model::ExecutableProcess* p_;
  Context& c_;
};

struct Namer {
  // clang-format off
  std::string_view operator()(const InstanceStarted&) const { return "instance-started"; }
  std::string_view operator()(const InstanceSuspended&) const { return "instance-suspended"; }
  std::string_view operator()(const InstanceResumed&) const { return "instance-resumed"; }
  std::string_view operator()(const InstanceCompleted&) const { return "instance-completed"; }
  std::string_view operator()(const InstanceCancelled&) const { return "instance-cancelled"; }
  std::string_view operator()(const ElementEntered&) const { return "element-entered"; }
  std::string_view operator()(const ElementCompleted&) const { return "element-completed"; }
  std::string_view operator()(const ElementTerminated&) const { return "element-terminated"; }
  std::string_view operator()(const FlowTaken&) const { return "flow-taken"; }
  std::string_view operator()(const TokenArrived&) const { return "token-arrived"; }
  std::string_view operator()(const JoinFired&) const { return "join-fired"; }
  std::string_view operator()(const JoinCleared&) const { return "join-cleared"; }
  std::string_view operator()(const DataChanged&) const { return "data-changed"; }
  std::string_view operator()(const DataCorrected&) const { return "data-corrected"; }
  std::string_view operator()(const CustomerIdentified&) const { return "customer-identified"; }
  std::string_view operator()(const ScopeOpened&) const { return "scope-opened"; }
  std::string_view operator()(const RepetitionBegun&) const { return "repetition-begun"; }
  std::string_view operator()(const OutputCollected&) const { return "output-collected"; }
  std::string_view operator()(const EventOccurred&) const { return "event-occurred"; }
  std::string_view operator()(const OccurrencesCleared&) const { return "occurrences-cleared"; }
  std::string_view operator()(const GatewayActivated&) const { return "gateway-activated"; }
  std::string_view operator()(const GatewayReset&) const { return "gateway-reset"; }
  std::string_view operator()(const ActivityBegun&) const { return "activity-begun"; }
  std::string_view operator()(const AdHocClosed&) const { return "ad-hoc-closed"; }
  std::string_view operator()(const WorkOffered&) const { return "work-offered"; }
  std::string_view operator()(const WorkClaimed&) const { return "work-claimed"; }
  std::string_view operator()(const WorkReleased&) const { return "work-released"; }
  std::string_view operator()(const WorkCompleted&) const { return "work-completed"; }
  std::string_view operator()(const WorkFailed&) const { return "work-failed"; }
  std::string_view operator()(const WorkRetried&) const { return "work-retried"; }
  std::string_view operator()(const WorkWithdrawn&) const { return "work-withdrawn"; }
  std::string_view operator()(const WorkMoved&) const { return "work-moved"; }
  std::string_view operator()(const WorkAssigned&) const { return "work-assigned"; }
  std::string_view operator()(const OrganisationChanged&) const { return "organisation-changed"; }
  std::string_view operator()(const TimerArmed&) const { return "timer-armed"; }
  std::string_view operator()(const TimerFired&) const { return "timer-fired"; }
  std::string_view operator()(const TimerDisarmed&) const { return "timer-disarmed"; }
  std::string_view operator()(const TimerMoved&) const { return "timer-moved"; }
  std::string_view operator()(const SubscriptionOpened&) const { return "subscription-opened"; }
  std::string_view operator()(const SubscriptionClosed&) const { return "subscription-closed"; }
  std::string_view operator()(const MessageReceived&) const { return "message-received"; }
  std::string_view operator()(const SignalReceived&) const { return "signal-received"; }
  std::string_view operator()(const MessageThrown&) const { return "message-thrown"; }
  std::string_view operator()(const SignalThrown&) const { return "signal-thrown"; }
  std::string_view operator()(const EscalationRaised&) const { return "escalation-raised"; }
  std::string_view operator()(const ErrorRaised&) const { return "error-raised"; }
  std::string_view operator()(const ClockStarted&) const { return "clock-started"; }
  std::string_view operator()(const ClockPaused&) const { return "clock-paused"; }
  std::string_view operator()(const ClockResumed&) const { return "clock-resumed"; }
  std::string_view operator()(const ClockStopped&) const { return "clock-stopped"; }
  std::string_view operator()(const ClockCancelled&) const { return "clock-cancelled"; }
  std::string_view operator()(const ClockMoved&) const { return "clock-moved"; }
  std::string_view operator()(const ClockChanged&) const { return "clock-changed"; }
  std::string_view operator()(const ClockMarked&) const { return "clock-marked"; }
  std::string_view operator()(const FeedbackGiven&) const { return "feedback-given"; }
  std::string_view operator()(const CallStarted&) const { return "call-started"; }
  std::string_view operator()(const CallFinished&) const { return "call-finished"; }
  std::string_view operator()(const CallAbandoned&) const { return "call-abandoned"; }
  std::string_view operator()(const IncidentRaised&) const { return "incident-raised"; }
  std::string_view operator()(const IncidentResolved&) const { return "incident-resolved"; }
  std::string_view operator()(const NoteAdded&) const { return "note-added"; }
  std::string_view operator()(const CompensationEnabled&) const { return "compensation-enabled"; }
  std::string_view operator()(const CompensationTriggered&) const { return "compensation-triggered"; }
  std::string_view operator()(const CompensationStarted&) const { return "compensation-started"; }
  std::string_view operator()(const ElementCompensated&) const { return "element-compensated"; }
  std::string_view operator()(const TransactionCancelled&) const { return "transaction-cancelled"; }
  // clang-format on
};

}  // namespace

// A closed set always holds something.
// NOLINTNEXTLINE(bugprone-exception-escape)
std::string_view name_of(const EventBody& body) noexcept { return std::visit(Namer{}, body); }

Value describe(const Event& event, const model::ExecutableProcess* process) {
  Context out;
  std::visit(Describer(process, out), event.body);
  return out;
}

}  // namespace switchboard::core
