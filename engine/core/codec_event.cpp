// Events as bytes. The number of an event in EventBody is part of the format: new ones go to the end.
#include <utility>

#include "core/event.hpp"
#include "core/fields.hpp"

namespace switchboard::core {

namespace {

/// Before a list of events of form 2 and later: no size of an event (form 1) is nothing.
constexpr char list_mark = '\0';

}  // namespace

// clang-format off
template <class A> void fields(A& a, InstanceStarted& e) {
  a(e.key, e.case_no, e.process, e.definition, e.customer, e.parent, e.call_depth, e.data, e.by_message);
  a.since(8, e.organisation, e.reopens, e.reopened_by, e.reopen_reason);
}
template <class A> void fields(A& a, InstanceSuspended& e) { a(e.reason, e.by); }
template <class A> void fields(A& a, InstanceResumed& e) { a(e.by); }
template <class A> void fields(A& a, InstanceCompleted& e) { a(e.data, e.error); }
template <class A> void fields(A& a, InstanceCancelled& e) { a(e.reason, e.by); }
template <class A> void fields(A& a, ElementEntered& e) { a(e.key, e.element, e.scope); a.since(6, e.number); }
template <class A> void fields(A& a, ElementCompleted& e) { a(e.key, e.element, e.scope); a.since(6, e.number); }
template <class A> void fields(A& a, ElementTerminated& e) { a(e.key, e.element, e.scope); a.since(6, e.number); }
template <class A> void fields(A& a, FlowTaken& e) { a(e.flow, e.scope); }
template <class A> void fields(A& a, TokenArrived& e) { a(e.scope, e.gateway, e.flow); }
template <class A> void fields(A& a, JoinFired& e) { a(e.scope, e.gateway, e.consumed); }
template <class A> void fields(A& a, JoinCleared& e) { a(e.scope); }
template <class A> void fields(A& a, DataCorrected& e) { a(e.slot, e.before, e.value, e.by, e.reason); }
template <class A> void fields(A& a, DataChanged& e) { a(e.slot, e.value); a.since(2, e.owner, e.scope); }
template <class A> void fields(A& a, CustomerIdentified& e) { a(e.customer); }
template <class A> void fields(A& a, WorkOffered& e) { a(e.work); }
template <class A> void fields(A& a, WorkClaimed& e) { a(e.work, e.by, e.lease_until); a.since(2, e.token); }
template <class A> void fields(A& a, WorkReleased& e) { a(e.work, e.by); a.since(2, e.token); a.since(6, e.burnt); }
template <class A> void fields(A& a, WorkCompleted& e) { a(e.work, e.element, e.by); }
template <class A> void fields(A& a, WorkFailed& e) { a(e.work, e.element, e.message, e.error, e.by, e.retries, e.retry_at); a.since(2, e.token); a.since(6, e.burnt); }
template <class A> void fields(A& a, WorkRetried& e) { a(e.work, e.retries); }
template <class A> void fields(A& a, WorkWithdrawn& e) { a(e.work); }
template <class A> void fields(A& a, WorkMoved& e) { a(e.work, e.element, e.due, e.due_before, e.reason); }
template <class A> void fields(A& a, WorkAssigned& e) { a(e.work, e.element, e.to, e.from, e.by, e.reason, e.token); }
template <class A> void fields(A& a, OrganisationChanged& e) { a(e.work, e.element, e.from, e.to, e.by, e.reason, e.token); }
template <class A> void fields(A& a, TimerArmed& e) { a(e.timer); }
template <class A> void fields(A& a, TimerFired& e) { a(e.timer, e.element, e.due); }
template <class A> void fields(A& a, TimerDisarmed& e) { a(e.timer); }
template <class A> void fields(A& a, TimerMoved& e) { a(e.timer, e.due, e.provisional, e.reason); a.since(3, e.armed); a.since(6, e.due_before); }
template <class A> void fields(A& a, SubscriptionOpened& e) { a(e.subscription); }
template <class A> void fields(A& a, SubscriptionClosed& e) { a(e.subscription); }
template <class A> void fields(A& a, MessageReceived& e) { a(e.element, e.name, e.payload); }
template <class A> void fields(A& a, SignalReceived& e) { a(e.element, e.name, e.payload); }
template <class A> void fields(A& a, MessageThrown& e) { a(e.element, e.name, e.correlation, e.payload); }
template <class A> void fields(A& a, SignalThrown& e) { a(e.element, e.name, e.payload); a.since(6, e.before); }
template <class A> void fields(A& a, EscalationRaised& e) { a(e.element, e.code, e.caught_by, e.clock, e.payload, e.key); a.since(6, e.to_caller); }
template <class A> void fields(A& a, ErrorRaised& e) { a(e.element, e.code, e.message, e.caught_by); }
template <class A> void fields(A& a, ClockStarted& e) { a(e.ledger); }
template <class A> void fields(A& a, ClockPaused& e) { a(e.ledger); }
template <class A> void fields(A& a, ClockResumed& e) { a(e.ledger); }
template <class A> void fields(A& a, ClockStopped& e) { a(e.ledger); }
template <class A> void fields(A& a, ClockCancelled& e) { a(e.ledger); }
template <class A> void fields(A& a, ClockMoved& e) { a(e.ledger, e.reason); a.since(6, e.due_before); }
template <class A> void fields(A& a, ClockChanged& e) { a(e.ledger); }
template <class A> void fields(A& a, ClockMarked& e) { a(e.ledger, e.mark, e.due, e.skipped); }
template <class A> void fields(A& a, FeedbackGiven& e) { a(e.key, e.feedback, e.id, e.customer, e.channels, e.texts); a.since(3, e.not_before); a.since(8, e.to); }
template <class A> void fields(A& a, CallStarted& e) { a(e.call, e.data, e.version); }
template <class A> void fields(A& a, CallFinished& e) { a(e.call, e.completed); a.since(8, e.answer); }
template <class A> void fields(A& a, CallAbandoned& e) { a(e.call); }
template <class A> void fields(A& a, IncidentRaised& e) { a(e.incident); }
template <class A> void fields(A& a, IncidentResolved& e) { a(e.incident, e.by); }
template <class A> void fields(A& a, NoteAdded& e) { a(e.text, e.by); }
template <class A> void fields(A& a, CompensationEnabled& e) { a(e.completion); }
template <class A> void fields(A& a, CompensationTriggered& e) { a(e.by, e.element, e.event, e.activities); }
template <class A> void fields(A& a, CompensationStarted& e) { a(e.activity, e.element, e.compensation, e.handler); }
template <class A> void fields(A& a, ElementCompensated& e) { a(e.key, e.element, e.scope); }
template <class A> void fields(A& a, TransactionCancelled& e) { a(e.key, e.element, e.event); }
template <class A> void fields(A& a, ScopeOpened& e) { a(e.key, e.element, e.data); }
template <class A> void fields(A& a, RepetitionBegun& e) { a(e.key, e.element, e.total, e.items, e.counters); }
template <class A> void fields(A& a, OutputCollected& e) { a(e.key, e.element, e.number, e.value); }
template <class A> void fields(A& a, EventOccurred& e) { a(e.owner, e.element, e.definition, e.payload); }
template <class A> void fields(A& a, OccurrencesCleared& e) { a(e.owner, e.element); }
template <class A> void fields(A& a, GatewayActivated& e) { a(e.scope, e.gateway, e.consumed); }
template <class A> void fields(A& a, GatewayReset& e) { a(e.scope, e.gateway, e.consumed); }
template <class A> void fields(A& a, ActivityBegun& e) { a(e.scope, e.element, e.by, e.asked); }
template <class A> void fields(A& a, AdHocClosed& e) { a(e.scope, e.element); }
// clang-format on

template <class A>
void fields(A& a, Event& e) {
  std::uint64_t which = e.body.index();
  a(e.sequence, e.at, which);
  if constexpr (A::reading) {
    if (!a.good || !choose(static_cast<EventVariant&>(e.body), which)) {
      a.good = false;
      return;
    }
  }
  std::visit([&](auto& body) { fields(a, body); }, e.body);
}

std::uint64_t written_bytes(const Event& event) {
  ByteCounter counter;
  counter.one(event);
  return counter.bytes;
}

std::string encode(const Event& event) { return to_bytes(event); }

Result<Event> decode_event(std::string_view bytes) { return from_bytes<Event>("an event", bytes); }

std::string encode(std::span<const Event> events) {
  ByteWriter w;
  w.bytes.reserve(events.size() * 24);
  w.bytes.push_back(list_mark);
  w.bytes.push_back(static_cast<char>(newest_form));
  Instant at;
  for (const Event& e : events) {
    w(e.sequence, Duration{static_cast<std::int64_t>(static_cast<std::uint64_t>(e.at.us) - static_cast<std::uint64_t>(at.us))},
      static_cast<std::uint64_t>(e.body.index()));
    std::visit([&](const auto& body) { w.one(body); }, e.body);
    at = e.at;
  }
  return std::move(w.bytes);
}

Result<std::vector<Event>> decode_events(std::string_view bytes) {
  std::vector<Event> events;
  const bool is_list = bytes.size() >= 2 && bytes.front() == list_mark;
  const auto form = is_list ? static_cast<std::uint8_t>(bytes[1]) : std::uint8_t{1};
  if (form > newest_form) return written_by_newer("a history", form);
  if (form < (is_list ? 2 : 1)) return unreadable("a history");
  ByteReader r(is_list ? bytes.substr(2) : bytes, form);
  Instant at;
  while (r.good && !r.bytes.empty()) {
    if (!is_list) {  // form 1: each event with its size in front, a form and a check sum of its own
      std::string one;
      r.one(one);
      if (!r.good) return unreadable("a history");
      SB_TRY(auto event, decode_event(one));
      events.push_back(std::move(event));
      continue;
    }
    Event& e = events.emplace_back();
    Duration later;
    std::uint64_t which = 0;
    r(e.sequence, later, which);
    // Wraps like the writer's subtraction.
    at.us = static_cast<std::int64_t>(static_cast<std::uint64_t>(at.us) + static_cast<std::uint64_t>(later.us));
    e.at = at;
    if (!r.good || !choose(static_cast<EventVariant&>(e.body), which)) return unreadable("a history");
    std::visit([&](auto& body) { r.one(body); }, e.body);
  }
  if (!r.good) return unreadable("a history");
  return events;
}

}  // namespace switchboard::core
