// Incidents: what failed at run time rests where it is, visibly, until somebody repairs it.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

constexpr std::size_t message_bytes = 2000;

std::string bounded(std::string message) {
  if (message.size() <= message_bytes) return message;
  std::size_t end = message_bytes;
  while (end > 0 && (static_cast<unsigned char>(message[end]) & 0xC0u) == 0x80u) --end;  // not inside a character
  message.resize(end);
  return message + "...";
}

/// What the operator's data are named after: what the activation sees, its own data as long as it has them.
ElementKey repaired_from(const Execution& x, const Incident& i) {
  const ElementInstance* e = x.instance.find(i.element_key);
  const bool not_opened = !x.process.at(e->element).data.empty() && x.instance.find_scope(e->key) == nullptr;
  return not_opened ? e->scope : e->key;
}

/// What the result that could not be taken gives beside the operator's data, and seen with them: tried on a copy, so that a refusal changes nothing.
Result<Writes> rest_of_result(const Execution& x, const Incident& i, ElementKey place, const Writes& given) {
  if (i.rule != rules::cannot_take || i.result.is_null()) return Writes();
  ProcessInstance draft = x.instance;
  std::vector<Event> no_events;
  Execution scratch(x.process, draft, no_events, x.at);
  write_all(scratch, place, Writes(given));
  return map_rest(scratch, {i.element, i.element_key}, i.result, given);
}

/// What resolving does; see rules.hpp. The activation is alive: incidents are closed with it.
void go_on(Execution& x, const Incident& i, std::int32_t retries) {
  if (i.work) {
    // A job that ended with an error has as many tries as it had left.
    const std::int32_t left = i.rule == rules::uncaught_error ? x.instance.find(i.work)->retries : 0;
    return x.emit(WorkRetried{i.work, std::max(retries, left)});
  }
  if (i.clock) {
    const sla::Ledger* ledger = x.instance.find(i.clock);
    if (ledger == nullptr || ledger->state == sla::ClockState::met || ledger->state == sla::ClockState::cancelled)
      start_clock(x, i.clock, ledger == nullptr ? 1 : ledger->round + 1);
    return;
  }
  if (i.rule == rules::cannot_arm || i.rule == rules::never_waits) {
    // A start event that waits for others too is not performed before they have come.
    const bool rests_here = x.instance.find(i.element_key)->element == i.element && x.process.at(i.element).type != model::NodeType::start_event;
    return rests_here ? perform(x, i.element_key) : arm_or_incident(x, {i.element_key, i.element});
  }
  if (i.rule == rules::stuck) return force_join(x, i.element_key, i.element);
  if (i.rule == rules::step_bound && (has_undone(x, i.element_key) || x.instance.find(i.element_key)->state == ActivityState::compensating))
    return x.undoing.push_back(i.element_key);
  if (i.rule == rules::step_bound) {
    const bool rests_here = x.instance.find(i.element_key)->element == i.element;
    if (rests_here) begin(x, i.element_key);  // otherwise it was a join, which fires by itself
    return;
  }
  const bool is_gateway_itself =
      x.process.at(i.element).type == model::NodeType::complex_gateway && x.instance.find(i.element_key)->element != i.element;
  if (is_gateway_itself) return;  // its condition is asked again by itself
  const model::Element& element = x.process.at(i.element);
  const bool is_call = element.type == model::NodeType::call_activity || element.register_use;
  if (i.rule == rules::cannot_enter || (is_call && i.rule != rules::cannot_take && i.rule != rules::cannot_leave)) return perform(x, i.element_key);
  finish(x, i.element_key);
}

}  // namespace

void raise_incident(Execution& x, ElementKey owner, ElementIndex element, std::string_view rule, std::string message, Value result) {
  Incident i;
  i.key = x.new_key<IncidentKey>();
  i.element_key = owner;
  i.element = element;
  i.rule = std::string(rule);
  i.message = bounded(std::move(message));
  i.raised = x.at;
  i.result = std::move(result);
  x.emit(IncidentRaised{std::move(i)});
}

void raise_work_incident(Execution& x, WorkKey work, std::string_view rule, std::string message) {
  const Work& w = *x.instance.find(work);
  Incident i;
  i.key = x.new_key<IncidentKey>();
  i.element_key = w.element_key;
  i.element = w.element;
  i.work = work;
  i.rule = std::string(rule);
  i.message = bounded(std::move(message));
  i.raised = x.at;
  x.emit(IncidentRaised{std::move(i)});
}

void close_incident(Execution& x, IncidentKey key, const std::string& by) { x.emit(IncidentResolved{key, by}); }

Verdict carry_out(Execution& x, const StandAside& c) {
  for (const Incident& i : x.instance.incidents)
    if (i.errand_sequence == c.sequence && i.errand_place == c.place) return {.rejection = std::nullopt, .stale = true};
  Incident i;
  i.key = x.new_key<IncidentKey>();
  i.element = c.element;
  i.rule = c.rule;
  i.message = bounded(c.message);
  i.raised = x.at;
  i.errand_sequence = c.sequence;
  i.errand_place = c.place;
  x.emit(IncidentRaised{std::move(i)});
  return {};
}

Verdict carry_out(Execution& x, const ResolveIncident& c) {
  const Incident* found = x.instance.find(c.incident);
  if (found == nullptr)
    return {refusal(rules::not_there,
                    fmt::format("incident i-{}.{} of case '{}' is not open", x.instance.key.value, c.incident.value, x.instance.case_no),
                    "list the open incidents of the case")};
  if (c.retries < 1) return {refusal(rules::malformed, fmt::format("retries: {} is less than 1", c.retries), "give at least 1")};
  if (found->is_of_errand()) {
    const Context* data = c.data.context();
    if (!c.data.is_null() && (data == nullptr || data->size() > 0))
      return {refusal(rules::malformed, "this incident is about other cases: it takes no data", "change the data of the case that they are for")};
    const std::string message = found->message;
    close_incident(x, c.incident, c.by);  // the driver does it again, or strikes it off
    if (c.drop) x.emit(NoteAdded{"dropped: " + message, c.by});
    return {};
  }
  if (c.drop) return {refusal(rules::malformed, "this incident is about the case itself: it cannot be dropped", "resolve it, or cancel the case")};
  const ElementKey place = repaired_from(x, *found);
  auto writes = map_data(x, c.data, place, giver_of(c.by, c.reason));
  if (!writes) return {writes.error()};
  const Incident incident = *found;
  auto rest = rest_of_result(x, incident, place, writes.value());
  if (!rest) return {rest.error()};
  close_incident(x, c.incident, c.by);
  if (!c.reason.empty()) x.emit(NoteAdded{"resolved: " + c.reason, c.by});
  write_all(x, place, std::move(writes).value());
  write_all(x, incident.element_key, std::move(rest).value());
  go_on(x, incident, c.retries);
  run(x);
  return {};
}

}  // namespace switchboard::core
