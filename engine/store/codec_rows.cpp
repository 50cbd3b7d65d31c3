#include "store/codec_rows.hpp"

#include <utility>
#include <variant>

#include "core/fields.hpp"
#include "store/projection.hpp"
#include "value/json.hpp"

namespace switchboard::core {

// clang-format off
template <class A> void fields(A& a, PublishMessage& e) { a(e.key, e.name, e.correlation, e.payload); }
template <class A> void fields(A& a, BroadcastSignal& e) { a(e.key, e.name, e.payload); }
template <class A> void fields(A& a, StartCall& e) { a(e.call, e.data, e.version); }
template <class A> void fields(A& a, CancelCall& e) { a(e.call); }
template <class A> void fields(A& a, ReturnToCaller& e) { a(e.parent, e.completed, e.data, e.error); }
// clang-format on

/// The errands in the order of their numbers in the bytes: new ones go to the end.
struct StoredErrand {
  std::variant<PublishMessage, BroadcastSignal, StartCall, CancelCall, ReturnToCaller> effect;
};

template <class A>
void fields(A& a, StoredErrand& e) {
  std::uint64_t which = e.effect.index();
  a(which);
  if constexpr (A::reading) {
    if (!a.good || !choose(e.effect, which)) {
      a.good = false;
      return;
    }
  }
  std::visit([&](auto& effect) { fields(a, effect); }, e.effect);
}

}  // namespace switchboard::core

namespace switchboard::store {

namespace {

constexpr std::uint8_t value_mark = 0x80;

std::string path_or_nothing(const model::ExecutableProcess& process, model::ElementIndex element) {
  return element ? path_of(process, element) : std::string();
}

std::string clock_name(const model::ExecutableProcess& process, model::ClockIndex clock) {
  return clock.value < process.clocks.size() ? process.clocks[clock.value].id : std::string();
}

/// What an event is about: a clock, an element, a data item, a flow. One line for each event, so that a new one does not compile before it says.
struct SubjectOf {
  const model::ExecutableProcess& process;

  [[nodiscard]] std::string element(model::ElementIndex e) const { return path_or_nothing(process, e); }
  [[nodiscard]] std::string clock(const sla::Ledger& l) const { return clock_name(process, l.clock); }
  static std::string nothing() { return {}; }

  // clang-format off
  std::string operator()(const core::InstanceStarted&) const { return nothing(); }
  std::string operator()(const core::InstanceSuspended&) const { return nothing(); }
  std::string operator()(const core::InstanceResumed&) const { return nothing(); }
  std::string operator()(const core::InstanceCompleted&) const { return nothing(); }
  std::string operator()(const core::InstanceCancelled&) const { return nothing(); }
  std::string operator()(const core::ElementEntered& e) const { return element(e.element); }
  std::string operator()(const core::ElementCompleted& e) const { return element(e.element); }
  std::string operator()(const core::ElementTerminated& e) const { return element(e.element); }
  std::string operator()(const core::FlowTaken& e) const { return e.flow.value < process.flows.size() ? process.at(e.flow).id : nothing(); }
  std::string operator()(const core::TokenArrived& e) const { return element(e.gateway); }
  std::string operator()(const core::JoinFired& e) const { return element(e.gateway); }
  std::string operator()(const core::JoinCleared&) const { return nothing(); }
  std::string operator()(const core::DataChanged& e) const {
    const bool of_scope = e.owner && e.scope.value < process.elements.size();
    const auto& declared = of_scope ? process.at(e.scope).data : process.data;
    if (e.slot.value >= declared.size()) return nothing();
    return of_scope ? element(e.scope) + "/" + declared[e.slot.value].name : declared[e.slot.value].name;
  }
  std::string operator()(const core::CustomerIdentified&) const { return nothing(); }
  std::string operator()(const core::ScopeOpened& e) const { return element(e.element); }
  std::string operator()(const core::WorkOffered& e) const { return element(e.work.element); }
  std::string operator()(const core::WorkClaimed&) const { return nothing(); }
  std::string operator()(const core::WorkReleased&) const { return nothing(); }
  std::string operator()(const core::WorkCompleted& e) const { return element(e.element); }
  std::string operator()(const core::WorkFailed& e) const { return element(e.element); }
  std::string operator()(const core::WorkRetried&) const { return nothing(); }
  std::string operator()(const core::WorkWithdrawn&) const { return nothing(); }
  std::string operator()(const core::TimerArmed& e) const { return element(e.timer.element); }
  std::string operator()(const core::TimerFired& e) const { return element(e.element); }
  std::string operator()(const core::TimerDisarmed&) const { return nothing(); }
  std::string operator()(const core::TimerMoved&) const { return nothing(); }
  std::string operator()(const core::SubscriptionOpened& e) const { return element(e.subscription.element); }
  std::string operator()(const core::SubscriptionClosed&) const { return nothing(); }
  std::string operator()(const core::MessageReceived& e) const { return element(e.element); }
  std::string operator()(const core::SignalReceived& e) const { return element(e.element); }
  std::string operator()(const core::MessageThrown& e) const { return element(e.element); }
  std::string operator()(const core::SignalThrown& e) const { return element(e.element); }
  std::string operator()(const core::EscalationRaised& e) const { return element(e.element); }
  std::string operator()(const core::ErrorRaised& e) const { return element(e.element); }
  std::string operator()(const core::ClockStarted& e) const { return clock(e.ledger); }
  std::string operator()(const core::ClockPaused& e) const { return clock(e.ledger); }
  std::string operator()(const core::ClockResumed& e) const { return clock(e.ledger); }
  std::string operator()(const core::ClockStopped& e) const { return clock(e.ledger); }
  std::string operator()(const core::ClockCancelled& e) const { return clock(e.ledger); }
  std::string operator()(const core::ClockMoved& e) const { return clock(e.ledger); }
  std::string operator()(const core::ClockMarked& e) const { return clock(e.ledger); }
  std::string operator()(const core::FeedbackGiven& e) const { return e.id; }
  std::string operator()(const core::CallStarted& e) const { return element(e.call.element); }
  std::string operator()(const core::CallFinished&) const { return nothing(); }
  std::string operator()(const core::CallAbandoned&) const { return nothing(); }
  std::string operator()(const core::IncidentRaised& e) const { return element(e.incident.element); }
  std::string operator()(const core::IncidentResolved&) const { return nothing(); }
  std::string operator()(const core::NoteAdded&) const { return nothing(); }
  // clang-format on
};

}  // namespace

std::string encode_ledger(const sla::Ledger& ledger) { return core::to_bytes(ledger); }
Result<sla::Ledger> decode_ledger(std::string_view bytes) { return core::from_bytes<sla::Ledger>("a clock", bytes); }

std::string encode_errand(const core::Effect& effect) {
  return std::visit(
      [](const auto& e) -> std::string {
        if constexpr (requires { core::StoredErrand{e}; }) {
          return core::to_bytes(core::StoredErrand{e});
        } else {
          return {};
        }
      },
      effect);
}

Result<core::Effect> decode_errand(std::string_view bytes) {
  SB_TRY(auto errand, core::from_bytes<core::StoredErrand>("an errand", bytes));
  return std::visit([](auto& e) { return core::Effect(std::move(e)); }, errand.effect);
}

std::string encode_events(std::span<const core::Event> events) {
  core::ByteWriter w;
  for (const core::Event& e : events) w.one(core::encode(e));
  return std::move(w.bytes);
}

Result<std::vector<core::Event>> decode_events(std::string_view bytes) {
  std::vector<core::Event> events;
  core::ByteReader r(bytes);
  while (r.good && !r.bytes.empty()) {
    std::string one;
    r.one(one);
    if (!r.good) return core::unreadable("a history");
    SB_TRY(auto event, core::decode_event(one));
    events.push_back(std::move(event));
  }
  return events;
}

std::string encode_value(const Value& value) {
  std::string bytes(1, static_cast<char>(value_mark | core::newest_form));
  encode(value, bytes);
  return bytes;
}

Result<StoredValue> decode_value(std::string_view what, std::string_view bytes) {
  StoredValue read;
  // The first form was the bare value, whose first byte is the number of its type and far below the mark.
  const auto first = static_cast<std::uint8_t>(bytes.empty() ? '\0' : bytes.front());
  read.form = first >= value_mark ? static_cast<std::uint8_t>(first & ~value_mark) : std::uint8_t{1};
  if (read.form > core::newest_form) return core::written_by_newer(what, read.form);
  if (first >= value_mark) bytes.remove_prefix(1);
  auto value = decode(bytes);
  if (!value || !bytes.empty() || read.form == 0) return core::unreadable(what);
  read.value = std::move(value).value();
  return read;
}

std::string describe_events(const model::ExecutableProcess& process, std::span<const core::Event> events) {
  std::string json = "[";
  for (const core::Event& e : events) {
    if (json.size() > 1) json += ',';
    json += "[\"";
    json += core::name_of(e.body);
    json += "\",";
    json += json_quote(std::visit(SubjectOf{process}, e.body));
    json += ']';
  }
  return json + "]";
}

std::int64_t seal(std::initializer_list<std::string_view> columns) {
  core::ByteWriter w;
  for (const std::string_view column : columns) {
    w.one(static_cast<std::uint64_t>(column.size()));
    w.bytes += column;
  }
  return static_cast<std::int64_t>(core::check_sum(w.bytes));
}

}  // namespace switchboard::store
