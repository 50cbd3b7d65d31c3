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

}  // namespace switchboard::core

namespace switchboard::store {

namespace {

constexpr std::uint8_t format = 1;

/// The errands in the order of their numbers in the bytes: new ones go to the end.
using AnyErrand = std::variant<core::PublishMessage, core::BroadcastSignal, core::StartCall, core::CancelCall, core::ReturnToCaller>;

template <std::size_t n>
std::optional<core::Effect> decode_as(std::string_view bytes) {
  using T = std::variant_alternative_t<n, AnyErrand>;
  // The number stands first, so that bytes of one sort can never be read as another.
  auto read = core::from_bytes<std::pair<std::uint64_t, T>>(format, bytes);
  if (!read || read->first != n) return std::nullopt;
  return core::Effect(std::move(read->second));
}

template <std::size_t... n>
std::optional<core::Effect> decode_any(std::string_view bytes, std::index_sequence<n...> /*all*/) {
  std::optional<core::Effect> found;
  ((found = found ? std::move(found) : decode_as<n>(bytes)), ...);
  return found;
}

template <class T, class... All>
constexpr std::uint64_t number_of(const std::variant<All...>* /*type*/) {
  std::uint64_t n = 0;
  std::uint64_t found = sizeof...(All);
  ((found = std::is_same_v<T, All> ? n : found, ++n), ...);
  return found;
}

std::string path_or_nothing(const model::ExecutableProcess& process, model::ElementIndex element) {
  return element ? path_of(process, element) : std::string();
}

std::string clock_name(const model::ExecutableProcess& process, model::ClockIndex clock) {
  return clock.value < process.clocks.size() ? process.clocks[clock.value].id : std::string();
}

/// What an event is about: a clock, an element, a data item, a flow.
template <class E>
std::string subject_of(const model::ExecutableProcess& process, const E& e) {
  if constexpr (requires { e.ledger; })
    return clock_name(process, e.ledger.clock);
  else if constexpr (requires { e.element; })
    return path_or_nothing(process, e.element);
  else if constexpr (requires { e.gateway; })
    return path_or_nothing(process, e.gateway);
  else if constexpr (requires { e.work.element; })
    return path_or_nothing(process, e.work.element);
  else if constexpr (requires { e.timer.element; })
    return path_or_nothing(process, e.timer.element);
  else if constexpr (requires { e.subscription.element; })
    return path_or_nothing(process, e.subscription.element);
  else if constexpr (requires { e.call.element; })
    return path_or_nothing(process, e.call.element);
  else if constexpr (requires { e.incident.element; })
    return path_or_nothing(process, e.incident.element);
  else if constexpr (requires { e.slot; })
    return e.slot.value < process.data.size() ? process.data[e.slot.value].name : std::string();
  else if constexpr (requires { e.flow; })
    return e.flow.value < process.flows.size() ? process.at(e.flow).id : std::string();
  else if constexpr (requires { e.id; })
    return e.id;
  else
    return {};
}

}  // namespace

std::string encode_ledger(const sla::Ledger& ledger) { return core::to_bytes(format, ledger); }
std::optional<sla::Ledger> decode_ledger(std::string_view bytes) { return core::from_bytes<sla::Ledger>(format, bytes); }

std::string encode_errand(const core::Effect& effect) {
  return std::visit(
      [](const auto& e) -> std::string {
        using T = std::decay_t<decltype(e)>;
        constexpr std::uint64_t number = number_of<T>(static_cast<const AnyErrand*>(nullptr));
        if constexpr (number < std::variant_size_v<AnyErrand>) {
          return core::to_bytes(format, std::pair<std::uint64_t, T>(number, e));
        } else {
          return {};
        }
      },
      effect);
}

std::optional<core::Effect> decode_errand(std::string_view bytes) {
  return decode_any(bytes, std::make_index_sequence<std::variant_size_v<AnyErrand>>{});
}

std::string encode_events(std::span<const core::Event> events) {
  core::ByteWriter w;
  for (const core::Event& e : events) w.one(core::encode(e));
  return std::move(w.bytes);
}

std::optional<std::vector<core::Event>> decode_events(std::string_view bytes) {
  std::vector<core::Event> events;
  core::ByteReader r(bytes);
  while (r.good && !r.bytes.empty()) {
    std::string one;
    r.one(one);
    auto event = core::decode_event(one);
    if (!r.good || !event) return std::nullopt;
    events.push_back(std::move(event).value());
  }
  return events;
}

std::string encode_value(const Value& value) {
  std::string bytes;
  encode(value, bytes);
  return bytes;
}

std::optional<Value> decode_value(std::string_view bytes) {
  auto value = decode(bytes);
  if (!value || !bytes.empty()) return std::nullopt;
  return std::move(value).value();
}

std::string describe_events(const model::ExecutableProcess& process, std::span<const core::Event> events) {
  std::string json = "[";
  for (const core::Event& e : events) {
    if (json.size() > 1) json += ',';
    json += "[\"";
    json += core::name_of(e.body);
    json += "\",";
    json += json_quote(std::visit([&](const auto& body) { return subject_of(process, body); }, e.body));
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
