// The beginning of a case.
#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;

std::string start_events_of(const model::ExecutableProcess& process) {
  std::string all;
  for (const ElementIndex e : process.at(ElementIndex{0}).start_events) all += (all.empty() ? "it has " : ", ") + process.at(e).id;
  return all.empty() ? "it has no start event" : all;
}

Error unclear(const model::ExecutableProcess& process, std::string message) {
  return refusal(rules::start_unclear, std::move(message), start_events_of(process));
}

Result<ElementIndex> by_message(const model::ExecutableProcess& process, const std::string& message) {
  for (const ElementIndex e : process.at(ElementIndex{0}).start_events) {
    const model::EventSpec* spec = event_spec(process.at(e), EventKind::message);
    if (spec != nullptr && spec->name == message) return e;
  }
  return unclear(process, fmt::format("process '{}' has no start event for message '{}'", process.id, message));
}

Result<ElementIndex> by_name(const model::ExecutableProcess& process, const std::string& name) {
  for (const ElementIndex e : process.at(ElementIndex{0}).start_events)
    if (process.at(e).id == name) return e;
  return unclear(process, fmt::format("process '{}' has no start event '{}'", process.id, name));
}

/// The only one, or the only one without an event.
Result<ElementIndex> the_only_one(const model::ExecutableProcess& process) {
  const auto& all = process.at(ElementIndex{0}).start_events;
  if (all.size() == 1) return all.front();
  ElementIndex found;
  for (const ElementIndex e : all) {
    if (!process.at(e).events.empty()) continue;
    if (found) return unclear(process, fmt::format("process '{}' has several start events; say which", process.id));
    found = e;
  }
  if (!found) return unclear(process, fmt::format("process '{}' cannot start by itself; name a start event or message", process.id));
  return found;
}

Result<ElementIndex> find_start(const model::ExecutableProcess& process, const StartInstance& c) {
  if (!c.start_event.empty()) return by_name(process, c.start_event);
  if (!c.message.empty()) return by_message(process, c.message);
  return the_only_one(process);
}

std::vector<Value> initial_slots(const Execution& x, const StartInstance& c) {
  std::vector<Value> slots;
  slots.reserve(x.process.slot_count());
  for (const model::DataSpec& d : x.process.data) slots.push_back(d.default_value);
  slots.emplace_back(c.case_no);
  auto started = to_date_time(x.at, x.host.zone());
  slots.push_back(started ? Value(std::move(*started)) : Value());
  return slots;
}

/// What was given by name; names that are not declared are the payload's own when the start event maps it.
Result<Writes> given_data(const Execution& x, const model::Element& start, const Value& data) {
  if (!start.out.explicit_out || data.context() == nullptr) return map_data(x, data);
  Context declared;
  for (const auto& [name, value] : data.context()->entries())
    if (x.process.find_data(name)) declared.append_new(name, value);
  return map_data(x, declared);
}

Result<void> check_required(const Execution& x) {
  for (std::size_t i = 0; i < x.process.data.size(); ++i)
    if (x.process.data[i].required && x.instance.data[i].is_null())
      return refusal(rules::data_refused, fmt::format("'{}' must be given at the start of '{}'", x.process.data[i].name, x.process.id),
                     "give it with the data");
  return success();
}

/// Given by a message or signal: the declared fields are read as their types. More may be given: names of data.
Result<Value> read_start_payload(const Execution& x, const model::Element& start, const Value& data) {
  if (const model::EventSpec* message = event_spec(start, EventKind::message))
    return read_payload(x, x.process.payloads, message->name, data, Undeclared::kept);
  if (const model::EventSpec* signal = event_spec(start, EventKind::signal))
    return read_payload(x, x.process.signal_payloads, signal->name, data, Undeclared::kept);
  return data;
}

/// The slots of the new case. `scratch` sees them while the start event's `out` is evaluated.
Result<void> fill_slots(Execution& scratch, ElementIndex start_event, const StartInstance& c) {
  const model::Element& start = scratch.process.at(start_event);
  SB_TRY(const Value data, read_start_payload(scratch, start, c.data));
  SB_TRY(Writes given, given_data(scratch, start, data));
  for (auto& [slot, value] : given) scratch.instance.data[slot.value] = std::move(value);
  if (start.out.explicit_out) {
    SB_TRY(Writes mapped, map_result(scratch, {start_event, {}}, data, Names::none_taken));
    for (auto& [slot, value] : mapped) scratch.instance.data[slot.value] = std::move(value);
  }
  return check_required(scratch);
}

Result<void> check_command(const StartInstance& c) {
  if (!c.key) return refusal(rules::malformed, "a case needs a key", "give it a new one");
  if (c.case_no.empty()) return refusal(rules::malformed, "a case needs a number", "give one");
  if (c.call_depth > limits::call_depth)
    return refusal(rules::malformed, fmt::format("calls are nested {} deep, the bound is {}", c.call_depth, limits::call_depth),
                   "let processes call each other less deep");
  return success();
}

std::string customer_of(const Execution& x) {
  if (!x.process.customer) return {};
  const feel::Evaluation e = x.process.customer.evaluate(x.frame());
  return e.value.is_null() ? std::string() : to_display(e.value);
}

}  // namespace

Verdict carry_out(Execution& x, const StartInstance& c) {
  if (const auto checked = check_command(c); !checked) return {checked.error()};
  const auto start = find_start(x.process, c);
  if (!start) return {start.error()};
  const model::Element& element = x.process.at(start.value());

  ProcessInstance draft;
  std::vector<Event> no_events;
  Execution scratch(x.process, draft, no_events, x.at);
  draft.data = initial_slots(scratch, c);
  if (const auto filled = fill_slots(scratch, start.value(), c); !filled) return {filled.error()};

  const model::EventSpec* message = event_spec(element, EventKind::message);
  const std::string customer = customer_of(scratch);
  if (const auto usable = check_text("the customer", customer, TextKind::name); !usable) return {usable.error()};
  if (const auto room = has_room_for(scratch, customer.size() + draft.data.size()); !room) return {room.error()};
  const std::string by = message == nullptr ? std::string() : message->name;
  x.emit(InstanceStarted{c.key, c.case_no, x.process.id, x.process.hash, customer, c.parent, c.call_depth, std::move(draft.data), by});
  if (message != nullptr) {
    x.emit(MessageReceived{start.value(), by, {}});
    if (const model::Reactions* r = x.process.message_reactions(by)) x.reactions.push_back(r);
  }
  if (!x.process.on_process_start.empty()) x.reactions.push_back(&x.process.on_process_start);
  const ElementKey root = enter(x, {0}, {});
  SB_ASSERT(root == root_key);
  perform_scope(x, root, start.value());
  run(x);
  return {};
}

}  // namespace switchboard::core
