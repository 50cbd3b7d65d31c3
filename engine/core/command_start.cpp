// The beginning of a case.
#include <fmt/format.h>

#include <algorithm>

#include "base/plain_text.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::EventKind;

const std::vector<ElementIndex>& entries_of(const model::ExecutableProcess& process) { return process.at(ElementIndex{0}).entries; }

std::string start_events_of(const model::ExecutableProcess& process) {
  std::string all;
  for (const ElementIndex e : entries_of(process)) all += (all.empty() ? "it has " : ", ") + process.at(e).id;
  return all.empty() ? "it has no start event" : all;
}

Error unclear(const model::ExecutableProcess& process, std::string message) {
  return refusal(rules::start_unclear, std::move(message), start_events_of(process));
}

/// What begins the case, and by which of its definitions.
struct Entry {
  ElementIndex element;
  std::uint32_t definition = 0;
};

std::optional<std::uint32_t> definition_of(const model::Element& e, EventKind kind, std::string_view name) {
  for (std::uint32_t d = 0; d < e.definitions(); ++d)
    if (e.definition(d).kind == kind && (name.empty() || e.definition(d).name == name)) return d;
  return std::nullopt;
}

/// Named by its id alone an event happens by what it can be told of: the message or signal that is given, else the first one.
Entry entry_at(const model::ExecutableProcess& process, ElementIndex element, const StartInstance& c) {
  const model::Element& e = process.at(element);
  if (c.by_timer) return {element, definition_of(e, EventKind::timer, {}).value_or(0)};
  if (!c.message.empty())
    if (const auto d = definition_of(e, EventKind::message, c.message)) return {element, *d};
  if (!c.signal.empty())
    if (const auto d = definition_of(e, EventKind::signal, c.signal)) return {element, *d};
  for (const EventKind kind : {EventKind::message, EventKind::signal})
    if (const auto d = definition_of(e, kind, {}); d && c.message.empty() && c.signal.empty()) return {element, *d};
  return {element, 0};
}

Result<Entry> by_message(const model::ExecutableProcess& process, const StartInstance& c) {
  for (const ElementIndex e : entries_of(process))
    if (const auto d = definition_of(process.at(e), EventKind::message, c.message)) return Entry{e, *d};
  return unclear(process, fmt::format("process '{}' has no start event for message '{}'", process.id, c.message));
}

Result<Entry> by_name(const model::ExecutableProcess& process, const StartInstance& c) {
  for (const ElementIndex e : entries_of(process))
    if (process.at(e).id == c.start_event) return entry_at(process, e, c);
  return unclear(process, fmt::format("process '{}' has no start event '{}'", process.id, c.start_event));
}

/// The only one, or the only one without an event.
Result<Entry> the_only_one(const model::ExecutableProcess& process, const StartInstance& c) {
  const auto& all = entries_of(process);
  if (all.size() == 1) return entry_at(process, all.front(), c);
  ElementIndex found;
  for (const ElementIndex e : all) {
    if (process.at(e).definitions() > 0) continue;
    if (found) return unclear(process, fmt::format("process '{}' has several start events; say which", process.id));
    found = e;
  }
  if (!found) return unclear(process, fmt::format("process '{}' cannot start by itself; name a start event or message", process.id));
  return Entry{found, 0};
}

Result<Entry> find_start(const model::ExecutableProcess& process, const StartInstance& c) {
  if (!c.start_event.empty()) return by_name(process, c);
  if (!c.message.empty()) return by_message(process, c);
  return the_only_one(process, c);
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
Result<Writes> given_data(const Execution& x, ElementIndex element, const Value& data, Giver giver) {
  const model::Element& start = x.process.at(element);
  if (!start.out.explicit_out || data.context() == nullptr) return map_start(x, element, data, giver);
  // `out` says what becomes of data that only the process sets, when the declared payload carries them; else they are refused.
  const auto is_carried = [&](SlotIndex slot) {
    return std::find(start.out.carried.begin(), start.out.carried.end(), slot) != start.out.carried.end();
  };
  Context declared;
  for (const Context::Entry& entry : data.context()->entries()) {
    const SlotIndex slot = x.process.find_data(entry.first);
    if (slot && !(giver == Giver::anybody && is_carried(slot))) declared.append_new(entry.first, entry.second);
  }
  return map_start(x, element, declared, giver);
}

/// The message or signal that begins the case; null when nothing is told.
const model::EventSpec* told_by(const model::ExecutableProcess& process, const Entry& entry) {
  const model::Element& e = process.at(entry.element);
  if (entry.definition >= e.definitions()) return nullptr;
  const model::EventSpec& spec = e.definition(entry.definition);
  return spec.kind == EventKind::message || spec.kind == EventKind::signal ? &spec : nullptr;
}

/// Given by a message or signal: the declared fields are read as their types. More may be given: names of data.
Result<Value> read_start_payload(const Execution& x, const Entry& entry, const Value& data) {
  const model::EventSpec* spec = told_by(x.process, entry);
  if (spec == nullptr) return data;
  return read_payload(x, spec->kind == EventKind::message ? x.process.payloads : x.process.signal_payloads, spec->name, data, Undeclared::kept);
}

/// The slots of the new case. `scratch` sees them while the start event's `out` is evaluated; of one that waits for others too it is evaluated, and
/// required data are asked for, when all have come.
Result<void> fill_slots(Execution& scratch, const Entry& entry, const StartInstance& c, Value& payload) {
  const model::Element& start = scratch.process.at(entry.element);
  SB_TRY(payload, read_start_payload(scratch, entry, c.data));
  const Giver giver = c.parent ? Giver::calling_process : Giver::anybody;
  SB_TRY(Writes given, given_data(scratch, entry.element, payload, giver));
  for (const auto& [slot, value] : given) scratch.instance.data[slot.value] = value;
  SB_TRY(Writes computed, computed_defaults(scratch, given));
  for (auto& [slot, value] : computed) scratch.instance.data[slot.value] = std::move(value);
  if (start.parallel_multiple) return success();
  if (start.out.explicit_out) {
    SB_TRY(Writes mapped, map_result(scratch, {entry.element, {}}, payload, Names::none_taken, giver));
    for (auto& [slot, value] : mapped) scratch.instance.data[slot.value] = std::move(value);
  }
  return check_required(scratch, {});
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

/// The other definitions of a parallel multiple start event are waited for: messages under the number of the case, which is the key of the one that
/// came first.
void await_others(Execution& x, ElementKey root, const Entry& entry, Value payload) {
  const ElementKey key = enter(x, entry.element, root);
  x.emit(EventOccurred{key, entry.element, entry.definition, std::move(payload)});
  arm_or_incident(x, {key, entry.element});
}

ElementIndex gateway_before(const model::ExecutableProcess& process, const model::Element& event) {
  for (const FlowIndex f : event.incoming)
    if (process.at(process.at(f).from).type == model::NodeType::event_based_gateway) return process.at(f).from;
  return {};
}

/// The other events behind a parallel gateway that begins the case are waited for. None when it is not such a gateway that begins it.
ElementKey await_others_behind_gateway(Execution& x, ElementKey root, const Entry& entry) {
  const ElementIndex gateway = gateway_before(x.process, x.process.at(entry.element));
  if (!gateway || !x.process.at(gateway).parallel) return {};
  const ElementKey key = enter(x, gateway, root);
  for (const FlowIndex f : x.process.at(gateway).outgoing)
    if (x.process.at(f).to != entry.element) arm_or_incident(x, {key, x.process.at(f).to});
  return key;
}

/// The token of a receive task or of an event behind a gateway: what it waits for has come. `waiting`: the parallel gateway, which waits already.
void begin_at(Execution& x, ElementKey root, const Entry& entry, ElementKey waiting) {
  if (!x.alive(root) || is_taken_over(x, root)) return;
  const ElementIndex gateway = gateway_before(x.process, x.process.at(entry.element));
  if (!gateway) return settle(x, enter(x, entry.element, root), Writes());
  trigger(x, {waiting ? waiting : enter(x, gateway, root), entry.element, entry.definition}, Writes());
}

}  // namespace

Result<void> check_required(const Execution& x, const Writes& writes) {
  for (std::uint32_t i = 0; i < x.process.data.size(); ++i) {
    if (!x.process.data[i].required || !x.instance.data[i].is_null()) continue;
    if (std::any_of(writes.begin(), writes.end(), [&](const auto& w) { return w.first == SlotIndex{i} && !w.second.is_null(); })) continue;
    return refusal(
        rules::data_refused, fmt::format("'{}' must be given at the start of '{}'", x.process.data[i].name, x.process.id),
        x.process.data[i].set_by_process ? "only a process that calls this one gives it, or a message that declares it" : "give it with the data");
  }
  return success();
}

Verdict carry_out(Execution& x, const StartInstance& c) {
  if (const auto checked = check_command(c); !checked) return {checked.error()};
  const auto start = find_start(x.process, c);
  if (!start) return {start.error()};
  const Entry entry = start.value();
  const model::Element& element = x.process.at(entry.element);
  const bool is_start_event = element.type == model::NodeType::start_event;

  ProcessInstance draft;
  std::vector<Event> no_events;
  Execution scratch(x.process, draft, no_events, x.at);
  draft.data = initial_slots(scratch, c);
  Value payload;
  if (const auto filled = fill_slots(scratch, entry, c, payload); !filled) return {filled.error()};

  const model::EventSpec* told = told_by(x.process, entry);
  const model::EventSpec* message = told != nullptr && told->kind == EventKind::message ? told : nullptr;
  const std::string customer = customer_of(scratch);
  if (const auto usable = check_text("the customer", customer, TextKind::name); !usable) return {usable.error()};
  if (const auto room = has_room_for(scratch, customer.size() + draft.data.size()); !room) return {room.error()};
  const std::string by = message == nullptr ? std::string() : message->name;
  x.emit(InstanceStarted{c.key, c.case_no, x.process.id, x.process.hash, customer, c.parent, c.call_depth, std::move(draft.data), by, c.reopens, c.by,
                         c.reason});
  if (message != nullptr) {
    x.emit(MessageReceived{entry.element, by, {}});
    if (const model::Reactions* r = x.process.message_reactions(by)) x.reactions.push_back(r);
  }
  if (!x.process.on_process_start.empty()) x.reactions.push_back(&x.process.on_process_start);
  const ElementKey root = enter(x, {0}, {});
  SB_ASSERT(root == root_key);
  const bool begins_itself = is_start_event && !element.parallel_multiple;
  // What begins the case waits before the event sub-processes do: of several that wait for one message it is the first, and not kept from its others.
  if (is_start_event && element.parallel_multiple) await_others(x, root, entry, std::move(payload));
  const ElementKey waiting = is_start_event ? ElementKey{} : await_others_behind_gateway(x, root, entry);
  perform_scope(x, root, begins_itself ? entry.element : ElementIndex{0});
  if (!is_start_event) begin_at(x, root, entry, waiting);
  run(x);
  return {};
}

}  // namespace switchboard::core
