#include "store/codec_rows.hpp"

#include <utility>
#include <variant>

#include "base/overloaded.hpp"
#include "core/fields.hpp"
#include "store/projection.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::core {

// clang-format off
template <class A> void fields(A& a, PublishMessage& e) { a(e.key, e.name, e.correlation, e.payload); a.since(3, e.element); }
template <class A> void fields(A& a, BroadcastSignal& e) { a(e.key, e.name, e.payload); a.since(3, e.element); a.since(6, e.before); }
template <class A> void fields(A& a, StartCall& e) { a(e.call, e.data, e.version); }
template <class A> void fields(A& a, CancelCall& e) { a(e.call); }
template <class A> void fields(A& a, ReturnToCaller& e) { a(e.parent, e.completed, e.data, e.error); }
template <class A> void fields(A& a, EscalateToCaller& e) { a(e.key, e.parent, e.code, e.payload, e.element); }
// clang-format on

/// The errands in the order of their numbers in the bytes: new ones go to the end.
struct StoredErrand {
  std::variant<PublishMessage, BroadcastSignal, StartCall, CancelCall, ReturnToCaller, EscalateToCaller> effect;
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

struct Subject {
  PlaceKind kind = PlaceKind::nothing;
  std::uint32_t number = 0;
};

/// Data of a scope is numbered apart from the data of the process: by the scope, then by its place there.
std::uint32_t data_number(model::ElementIndex scope, std::uint32_t place) { return scope ? (scope.value + 1) << 16 | place : place; }

/// What an event is about. One line for each event, so that a new one does not compile before it says. The kind follows from the event alone, the
/// number may be that of nothing (npos).
struct SubjectOf {
  static Subject element(model::ElementIndex e) { return {PlaceKind::element, e.value}; }
  static Subject clock(const sla::Ledger& l) { return {PlaceKind::clock, l.clock.value}; }
  static Subject nothing() { return {}; }

  // clang-format off
  Subject operator()(const core::InstanceStarted&) const { return nothing(); }
  Subject operator()(const core::InstanceSuspended&) const { return nothing(); }
  Subject operator()(const core::InstanceResumed&) const { return nothing(); }
  Subject operator()(const core::InstanceCompleted&) const { return nothing(); }
  Subject operator()(const core::InstanceCancelled&) const { return nothing(); }
  Subject operator()(const core::ElementEntered& e) const { return element(e.element); }
  Subject operator()(const core::ElementCompleted& e) const { return element(e.element); }
  Subject operator()(const core::ElementTerminated& e) const { return element(e.element); }
  Subject operator()(const core::FlowTaken& e) const { return {PlaceKind::flow, e.flow.value}; }
  Subject operator()(const core::TokenArrived& e) const { return element(e.gateway); }
  Subject operator()(const core::JoinFired& e) const { return element(e.gateway); }
  Subject operator()(const core::JoinCleared&) const { return nothing(); }
  Subject operator()(const core::DataCorrected& e) const { return {PlaceKind::data, data_number(model::ElementIndex{}, e.slot.value)}; }
  Subject operator()(const core::DataChanged& e) const { return {PlaceKind::data, data_number(e.owner ? e.scope : model::ElementIndex{}, e.slot.value)}; }
  Subject operator()(const core::CustomerIdentified&) const { return nothing(); }
  Subject operator()(const core::ScopeOpened& e) const { return element(e.element); }
  Subject operator()(const core::RepetitionBegun& e) const { return element(e.element); }
  Subject operator()(const core::OutputCollected& e) const { return element(e.element); }
  Subject operator()(const core::EventOccurred& e) const { return element(e.element); }
  Subject operator()(const core::OccurrencesCleared& e) const { return element(e.element); }
  Subject operator()(const core::GatewayActivated& e) const { return element(e.gateway); }
  Subject operator()(const core::GatewayReset& e) const { return element(e.gateway); }
  Subject operator()(const core::ActivityBegun& e) const { return element(e.element); }
  Subject operator()(const core::AdHocClosed& e) const { return element(e.element); }
  Subject operator()(const core::WorkOffered& e) const { return element(e.work.element); }
  Subject operator()(const core::WorkClaimed&) const { return nothing(); }
  Subject operator()(const core::WorkReleased&) const { return nothing(); }
  Subject operator()(const core::WorkCompleted& e) const { return element(e.element); }
  Subject operator()(const core::WorkFailed& e) const { return element(e.element); }
  Subject operator()(const core::WorkRetried&) const { return nothing(); }
  Subject operator()(const core::WorkMoved& e) const { return element(e.element); }
  Subject operator()(const core::WorkAssigned& e) const { return element(e.element); }
  Subject operator()(const core::OrganisationChanged& e) const { return element(e.element); }
  Subject operator()(const core::WorkWithdrawn&) const { return nothing(); }
  Subject operator()(const core::TimerArmed& e) const { return element(e.timer.element); }
  Subject operator()(const core::TimerFired& e) const { return element(e.element); }
  Subject operator()(const core::TimerDisarmed&) const { return nothing(); }
  Subject operator()(const core::TimerMoved&) const { return nothing(); }
  Subject operator()(const core::SubscriptionOpened& e) const { return element(e.subscription.element); }
  Subject operator()(const core::SubscriptionClosed&) const { return nothing(); }
  Subject operator()(const core::MessageReceived& e) const { return element(e.element); }
  Subject operator()(const core::SignalReceived& e) const { return element(e.element); }
  Subject operator()(const core::MessageThrown& e) const { return element(e.element); }
  Subject operator()(const core::SignalThrown& e) const { return element(e.element); }
  Subject operator()(const core::EscalationRaised& e) const { return element(e.element); }
  Subject operator()(const core::ErrorRaised& e) const { return element(e.element); }
  Subject operator()(const core::ClockStarted& e) const { return clock(e.ledger); }
  Subject operator()(const core::ClockPaused& e) const { return clock(e.ledger); }
  Subject operator()(const core::ClockResumed& e) const { return clock(e.ledger); }
  Subject operator()(const core::ClockStopped& e) const { return clock(e.ledger); }
  Subject operator()(const core::ClockCancelled& e) const { return clock(e.ledger); }
  Subject operator()(const core::ClockMoved& e) const { return clock(e.ledger); }
  Subject operator()(const core::ClockChanged& e) const { return clock(e.ledger); }
  Subject operator()(const core::CompensationEnabled& e) const { return element(e.completion.element); }
  Subject operator()(const core::CompensationTriggered& e) const { return element(e.element); }
  Subject operator()(const core::CompensationStarted& e) const { return element(e.element); }
  Subject operator()(const core::ElementCompensated& e) const { return element(e.element); }
  Subject operator()(const core::TransactionCancelled& e) const { return element(e.element); }
  Subject operator()(const core::ClockMarked& e) const { return clock(e.ledger); }
  Subject operator()(const core::FeedbackGiven& e) const { return {PlaceKind::feedback, e.feedback.value}; }
  Subject operator()(const core::CallStarted& e) const { return element(e.call.element); }
  Subject operator()(const core::CallFinished&) const { return nothing(); }
  Subject operator()(const core::CallAbandoned&) const { return nothing(); }
  Subject operator()(const core::IncidentRaised& e) const { return element(e.incident.element); }
  Subject operator()(const core::IncidentResolved&) const { return nothing(); }
  Subject operator()(const core::NoteAdded&) const { return nothing(); }
  // clang-format on
};

Subject subject_of_event(const core::Event& event) { return std::visit(SubjectOf{}, event.body); }

std::string name_of_data(const model::ExecutableProcess& process, std::uint32_t number) {
  const std::uint32_t place = number & 0xFFFFu;
  if (number == place) return place < process.data.size() ? process.data[place].name : std::string();
  const model::ElementIndex scope{(number >> 16) - 1};
  if (scope.value >= process.elements.size() || place >= process.at(scope).data.size()) return {};
  return path_of(process, scope) + "/" + process.at(scope).data[place].name;
}

std::string text_of_subject(const model::ExecutableProcess& process, const Subject& s) {
  switch (s.kind) {
    case PlaceKind::nothing: return {};
    case PlaceKind::clock: return s.number < process.clocks.size() ? process.clocks[s.number].id : std::string();
    case PlaceKind::element: return s.number == model::ElementIndex::npos ? std::string() : path_of(process, {s.number});
    case PlaceKind::data: return name_of_data(process, s.number);
    case PlaceKind::flow: return s.number < process.flows.size() ? process.flows[s.number].id : std::string();
    case PlaceKind::feedback: return s.number < process.feedback.size() ? process.feedback[s.number].id : std::string();
  }
  return {};
}

template <std::size_t... i>
std::vector<EventWord> words_of(std::index_sequence<i...> /*all*/) {
  return {[] {
    const std::variant_alternative_t<i, core::EventVariant> body{};
    return EventWord{i, core::name_of(body), SubjectOf{}(body).kind};
  }()...};
}

}  // namespace

std::string encode_ledger(const sla::Ledger& ledger) { return core::to_bytes(ledger); }
Result<sla::Ledger> decode_ledger(std::string_view bytes) { return core::from_bytes<sla::Ledger>("a clock", bytes); }

std::string encode_errand(const core::Effect& effect) {
  const auto stored = [](const auto& e) { return core::to_bytes(core::StoredErrand{e}); };
  using None = std::string;
  return std::visit(Overloaded{[&](const core::PublishMessage& e) { return stored(e); }, [&](const core::BroadcastSignal& e) { return stored(e); },
                               [&](const core::StartCall& e) { return stored(e); }, [&](const core::CancelCall& e) { return stored(e); },
                               [&](const core::ReturnToCaller& e) { return stored(e); }, [&](const core::EscalateToCaller& e) { return stored(e); },
                               [](const core::OfferWork&) { return None(); }, [](const core::Arm&) { return None(); },
                               [](const core::OpenSubscription&) { return None(); }, [](const core::TellCustomer&) { return None(); },
                               [](const core::Escalate&) { return None(); }, [](const core::ReportIncident&) { return None(); },
                               [](const core::WithdrawWork&) { return None(); }, [](const core::CloseSubscription&) { return None(); }},
                    effect);
}

Result<core::Effect> decode_errand(std::string_view bytes) {
  SB_TRY(auto errand, core::from_bytes<core::StoredErrand>("an errand", bytes));
  return std::visit([](auto& e) { return core::Effect(std::move(e)); }, errand.effect);
}

std::string encode_work(InstanceKey instance, const core::Work& work) { return core::to_bytes(std::pair(instance, work)); }
Result<std::pair<InstanceKey, core::Work>> decode_work(std::string_view bytes) {
  return core::from_bytes<std::pair<InstanceKey, core::Work>>("a work item", bytes);
}

std::string encode_value(const Value& value) {
  std::string bytes(1, static_cast<char>(value_mark | core::newest_form));
  encode(value, bytes);
  return bytes;
}

void append_value(std::string& bytes, const Value& beside) { encode(beside, bytes); }

Result<StoredValue> decode_value(std::string_view what, std::string_view bytes) {
  StoredValue read;
  // The first form was the bare value, whose first byte is the number of its type and far below the mark.
  const auto first = static_cast<std::uint8_t>(bytes.empty() ? '\0' : bytes.front());
  read.form = first >= value_mark ? static_cast<std::uint8_t>(first & ~value_mark) : std::uint8_t{1};
  if (read.form > core::newest_form) return core::written_by_newer(what, read.form);
  if (first >= value_mark) bytes.remove_prefix(1);
  auto value = decode(bytes);
  if (!value || read.form == 0) return core::unreadable(what);
  read.value = std::move(value).value();
  if (bytes.empty()) return read;
  auto beside = read.form > 1 ? decode(bytes) : Result<Value>(core::unreadable(what));
  if (!beside || !bytes.empty()) return core::unreadable(what);
  read.beside = std::move(beside).value();
  return read;
}

std::string number_events(std::span<const core::Event> events) {
  std::string json = "[";
  for (const core::Event& e : events) {
    if (json.size() > 1) json += ',';
    json += '[';
    json += std::to_string(e.body.index());
    const Subject subject = subject_of_event(e);
    if (subject.kind != PlaceKind::nothing && subject.number != model::ElementIndex::npos) json += ',' + std::to_string(subject.number);
    json += ']';
  }
  return json + "]";
}

std::string describe_events(const model::ExecutableProcess& process, std::span<const core::Event> events) {
  std::string json = "[";
  for (const core::Event& e : events) {
    if (json.size() > 1) json += ',';
    json += "[\"";
    json += core::name_of(e.body);
    json += "\",";
    json += json_quote(text_of_subject(process, subject_of_event(e)));
    json += ']';
  }
  return json + "]";
}

std::vector<EventWord> event_words() { return words_of(std::make_index_sequence<std::variant_size_v<core::EventVariant>>{}); }

std::vector<Place> places_of(const model::ExecutableProcess& process) {
  std::vector<Place> places;
  const auto add = [&](PlaceKind kind, std::size_t count) {
    for (std::uint32_t n = 0; n < count; ++n) places.push_back({kind, n, text_of_subject(process, {kind, n})});
  };
  add(PlaceKind::clock, process.clocks.size());
  add(PlaceKind::element, process.elements.size());
  add(PlaceKind::data, process.data.size());
  for (std::uint32_t e = 0; e < process.elements.size(); ++e) {
    const auto& declared = process.elements[e].data;
    for (std::uint32_t n = 0; e > 0 && n < declared.size(); ++n) {
      const std::uint32_t number = data_number({e}, n);
      places.push_back({PlaceKind::data, number, name_of_data(process, number)});
    }
  }
  add(PlaceKind::flow, process.flows.size());
  add(PlaceKind::feedback, process.feedback.size());
  return places;
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
