#include "runtime/views.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "runtime/ids.hpp"
#include "store/projection.hpp"
#include "switchboard/base/assert.hpp"

namespace switchboard::runtime {

namespace {

std::vector<std::string> split_stage(const std::string& stage) { return stage.empty() ? std::vector<std::string>() : store::places_in(stage); }

// The states of the rooms below as the door's, which a stranger may read without them.

CaseState state_of(core::InstanceState s) {
  switch (s) {
    case core::InstanceState::none:
    case core::InstanceState::active: return CaseState::active;
    case core::InstanceState::suspended: return CaseState::suspended;
    case core::InstanceState::completed: return CaseState::completed;
    case core::InstanceState::cancelled: return CaseState::cancelled;
  }
  SB_UNREACHABLE("a state out of its range");
}

WorkState state_of(core::WorkState s) {
  switch (s) {
    case core::WorkState::none:
    case core::WorkState::offered: return WorkState::offered;
    case core::WorkState::claimed: return WorkState::claimed;
    case core::WorkState::waiting_retry: return WorkState::waiting_retry;
    case core::WorkState::failed: return WorkState::failed;
    case core::WorkState::completed: return WorkState::completed;
    case core::WorkState::withdrawn: return WorkState::withdrawn;
  }
  SB_UNREACHABLE("a state out of its range");
}

WorkKind kind_of(core::WorkKind k) {
  switch (k) {
    case core::WorkKind::user: return WorkKind::user;
    case core::WorkKind::service: return WorkKind::service;
    case core::WorkKind::send: return WorkKind::send;
  }
  SB_UNREACHABLE("a state out of its range");
}

ClockState state_of(sla::ClockState s) {
  switch (s) {
    case sla::ClockState::running: return ClockState::running;
    case sla::ClockState::paused: return ClockState::paused;
    case sla::ClockState::met: return ClockState::met;
    case sla::ClockState::cancelled: return ClockState::cancelled;
  }
  SB_UNREACHABLE("a state out of its range");
}

OutboxKind kind_of(store::OutboxRow::Kind k) {
  switch (k) {
    case store::OutboxRow::Kind::feedback: return OutboxKind::feedback;
    case store::OutboxRow::Kind::escalation: return OutboxKind::escalation;
    case store::OutboxRow::Kind::message: return OutboxKind::message;
    case store::OutboxRow::Kind::incident: return OutboxKind::incident;
  }
  SB_UNREACHABLE("a state out of its range");
}

OutboxState state_of(store::OutboxRow::State s) {
  switch (s) {
    case store::OutboxRow::State::waiting: return OutboxState::waiting;
    case store::OutboxRow::State::delivered: return OutboxState::delivered;
    case store::OutboxRow::State::failed: return OutboxState::failed;
    case store::OutboxRow::State::dropped: return OutboxState::dropped;
  }
  SB_UNREACHABLE("a state out of its range");
}

/// Business time in the kind in which the budget is written: the answer to "5 bd" is in working days; of a mixture of kinds it is real time.
void take_business_time(ClockInfo& info, const calendar::WorkingDuration& budget) {
  switch (sla::measure_of(budget)) {
    case sla::Measure::days:
      info.elapsed_unit = BusinessUnit::bd;
      info.elapsed_business = info.elapsed_working_days;
      break;
    case sla::Measure::open:
      info.elapsed_unit = BusinessUnit::bh;
      info.elapsed_business = info.elapsed_working.to_seconds() / 3600;
      break;
    case sla::Measure::wall:
      info.elapsed_unit = BusinessUnit::h;
      info.elapsed_business = (info.elapsed_wall - info.paused).to_seconds() / 3600;
      break;
  }
}

/// What is left of a budget of working days or working hours alone.
std::string business_left(const ClockInfo& info, const calendar::WorkingDuration& budget) {
  switch (sla::measure_of(budget)) {
    case sla::Measure::days: return fmt::format("{:.1f} bd", static_cast<double>(budget.working_days) - info.elapsed_working_days);
    case sla::Measure::open: return fmt::format("{:.1f} bh", (budget.working - info.elapsed_working).to_seconds() / 3600);
    case sla::Measure::wall: break;
  }
  return {};
}

std::optional<Instant> end_of(core::InstanceState state, Instant ended) { return core::is_finished(state) ? std::optional(ended) : std::nullopt; }

}  // namespace

std::vector<std::string> places_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance) {
  std::set<std::string> places;
  if (instance.crowd.is_kept()) {
    for (const core::Crowd::Place& place : instance.crowd.places()) {
      const model::ElementIndex element{static_cast<std::uint32_t>(place.key.value - 1)};
      if ((element.value != 0 && place.standing > 0) || place.tokens > 0) places.insert(store::path_of(process, element));
    }
    return {places.begin(), places.end()};
  }
  std::set<std::uint64_t> containers;
  for (const core::ElementInstance& e : instance.elements) containers.insert(e.scope.value);
  for (const core::ScopeTokens& scope : instance.joins) containers.insert(scope.key.value);
  for (const core::ElementInstance& e : instance.elements) {
    const bool is_held = e.state == core::ActivityState::compensating;  // what is undone in it, or beside it, says where the case is
    if (e.element.value != 0 && !is_held && !containers.contains(e.key.value)) places.insert(store::path_of(process, e.element));
  }
  for (const core::ScopeTokens& scope : instance.joins)
    for (const core::JoinTokens& j : scope.tokens) places.insert(store::path_of(process, j.gateway));
  return {places.begin(), places.end()};
}

std::string stage_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance) {
  return fmt::format("{}", fmt::join(places_of(process, instance), ", "));
}

CaseInfo case_info(const model::ExecutableProcess& process, const core::ProcessInstance& i) {
  CaseInfo c;
  c.instance = instance_id(i.key);
  c.case_no = i.case_no;
  c.process = i.process;
  c.definition = i.definition;
  c.customer = i.customer;
  c.state = state_of(i.state);
  c.at = places_of(process, i);
  c.started = i.started;
  c.last = i.last;
  c.ended = end_of(i.state, i.ended);
  if (i.parent) c.parent = instance_id(i.parent->instance);
  c.organisation = i.organisation;
  if (i.reopens) c.reopens = instance_id(i.reopens);
  return c;
}

CaseInfo case_info(const store::InstanceRow& r) {
  CaseInfo c;
  c.instance = instance_id(r.instance);
  c.case_no = r.case_no;
  c.process = r.process;
  c.definition = r.definition;
  c.customer = r.customer;
  c.state = state_of(r.state);
  c.at = split_stage(r.stage);
  c.started = r.started;
  c.last = r.last;
  c.ended = end_of(r.state, r.ended);
  if (r.parent) c.parent = instance_id(r.parent);
  c.organisation = r.organisation;
  if (r.reopens) c.reopens = instance_id(r.reopens);
  return c;
}

namespace {

/// The path of an element where activation `key` is of it or holds it, with the numbers around it; and the number of the innermost.
std::pair<std::string, std::uint32_t> numbered(const model::ExecutableProcess& process, const core::ProcessInstance* instance,
                                               model::ElementIndex element, core::ElementKey key) {
  std::string path = store::path_of(process, element);
  if (instance == nullptr || !stands_in_numbers(process, element)) return {std::move(path), 0};
  const core::ElementInstance* at = instance->find(key);
  if (at == nullptr) return {std::move(path), 0};  // it has gone meanwhile
  const std::string around = core::path_of(process, *instance, key);
  std::uint32_t number = 0;
  for (const core::ElementInstance* e = at; e != nullptr && number == 0; e = instance->find(e->scope)) number = e->number;
  if (at->element == element) return {around, number};
  return {path, number};
}

/// Which work it is, and of which case.
WorkInfo names_of(const WorkSource& source, core::WorkKey key) {
  WorkInfo info;
  info.work = part_id(source.instance, key.value);
  info.instance = instance_id(source.instance);
  info.case_no = source.case_no;
  info.process = source.process_id;
  info.organisation = source.organisation;
  return info;
}

}  // namespace

std::string about_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance) {
  for (const model::SlotIndex slot : process.searched) {
    if (slot.value >= instance.data.size()) continue;
    const Value& value = instance.data[slot.value];
    const List* list = value.list();
    const std::string* text = list == nullptr ? value.string() : list->empty() ? nullptr : list->front().string();
    if (text != nullptr && !text->empty()) return *text;
  }
  return {};
}

WorkInfo damaged_work_info(const store::WorkRow& row) {
  WorkInfo info = names_of({row.instance, row.case_no, row.process, row.suspended, row.organisation}, row.work.key);
  info.node = row.element;
  info.damaged = row.damage;
  return info;
}

bool stands_in_numbers(const model::ExecutableProcess& process, model::ElementIndex element) {
  for (model::ElementIndex e = element; e.value < process.elements.size(); e = process.at(e).scope) {
    if (process.at(e).repetition) return true;
    if (e.value == 0) break;
  }
  return false;
}

WorkInfo work_info(const model::ExecutableProcess& process, const WorkSource& source, const core::Work& work, std::string_view language,
                   const core::ProcessInstance* instance) {
  WorkInfo info = names_of(source, work.key);
  info.node = store::path_of(process, work.element);
  std::tie(info.place, info.number) = numbered(process, instance, work.element, work.element_key);
  info.kind = kind_of(work.kind);
  info.state = source.suspended ? WorkState::suspended : state_of(work.state);
  info.topic = work.topic;
  info.assignee = work.assignee;
  info.groups = work.groups;
  info.inputs = work.inputs;
  info.priority = work.priority;
  info.retries = work.retries;
  info.due = work.due;
  info.offered = work.offered;
  info.token = work.token;
  info.lease_until = work.lease_until;
  if (work.element.value >= process.elements.size()) return info;
  const model::Element& element = process.at(work.element);
  info.name = element.name.empty() ? element.id : element.name.in(language);
  info.documentation = element.documentation.in(language);
  for (const model::FormSpec& f : element.work.form) info.form.push_back(process.spec(work.element, f.slot).name);
  return info;
}

namespace {

Value list_of(const std::vector<Value>& all) { return Value(List(all.begin(), all.end())); }

/// The stricter of the bounds of the data and of the form is not looked for: both hold, and the form's says more.
FieldInfo field_info(const model::DataSpec& spec, const model::FormSpec& form, core::FormEntry entry, std::string_view language) {
  FieldInfo info;
  info.name = spec.name;
  const model::Text& label = form.label.empty() ? spec.label : form.label;
  info.label = label.empty() ? spec.name : label.in(language);
  info.hint = form.hint.in(language);
  info.type = model::word_of(spec.type);
  info.required = entry.required;
  if (form.required_if) info.required_if = form.required_if.text();
  if (entry.choices)
    info.choices = list_of(*entry.choices);
  else if (!spec.enumeration.empty())
    info.choices = list_of(spec.enumeration);
  else if (spec.type.kind() == feel::Type::Kind::boolean)
    info.choices = Value(List{Value(true), Value(false)});
  info.min = entry.min.is_null() && spec.min ? *spec.min : std::move(entry.min);
  info.max = entry.max.is_null() && spec.max ? *spec.max : std::move(entry.max);
  info.value = std::move(entry.value);
  return info;
}

}  // namespace

std::vector<FieldInfo> form_info(const model::ExecutableProcess& process, const core::ProcessInstance& instance, const core::Work& work, Instant at,
                                 std::string_view language) {
  std::vector<FieldInfo> fields;
  const model::WorkSpec& spec = process.at(work.element).work;
  std::vector<core::FormEntry> entries = core::form_of(process, instance, work, at);
  for (std::size_t i = 0; i < entries.size(); ++i)
    fields.push_back(field_info(process.spec(work.element, entries[i].slot), spec.form[i], std::move(entries[i]), language));
  return fields;
}

const model::Element* stage_of_clock(const model::ExecutableProcess& process, core::ClockIndex clock) {
  const auto stops = [&](const model::Reactions& reactions) {
    return std::any_of(reactions.clocks.begin(), reactions.clocks.end(),
                       [&](const model::ClockTrigger& t) { return t.clock == clock && t.action == model::ClockAction::stop; });
  };
  const auto rank = [](const model::Element& e) { return e.type == model::NodeType::user_task ? 0 : model::is_activity(e.type) ? 1 : 2; };
  const model::Element* found = nullptr;
  for (const model::Element& e : process.elements) {
    if (!stops(e.completed) && !stops(e.entered)) continue;
    if (found == nullptr || std::pair(rank(e), std::string_view(e.path)) < std::pair(rank(*found), std::string_view(found->path))) found = &e;
  }
  return found;
}

namespace {

/// Which clock it is, and of which case.
ClockInfo names_of(const store::ClockRow& row) {
  ClockInfo info;
  info.instance = instance_id(row.instance);
  info.case_no = row.case_no;
  info.process = row.process;
  info.clock = row.clock;
  info.customer = row.customer;
  info.organisation = row.organisation;
  return info;
}

/// What operators did; null when they did nothing.
Value changes_of(const sla::Ledger& ledger) {
  if (ledger.changes.empty()) return {};
  List all;
  for (const sla::Change& c : ledger.changes) {
    Context one{{"at", to_string(c.at)}, {"change", std::string(to_string(c.kind))}};
    if (!c.amount.is_zero()) one.set("amount", calendar::to_string(c.amount));
    one.set("by", c.by);
    one.set("reason", c.reason);
    one.set("due_before", to_string(c.due_before));
    one.set("due_after", to_string(c.due_after));
    all.push_back(std::move(one));
  }
  return all;
}

/// It stands still and is not broken: when it is due depends on when it goes on.
bool is_on_hold(const sla::Ledger& l) { return l.state == sla::ClockState::paused && !l.breached; }

}  // namespace

ClockInfo damaged_clock_info(const store::ClockRow& row) {
  ClockInfo info = names_of(row);
  info.damaged = row.damage;
  return info;
}

ClockInfo clock_info(const model::ExecutableProcess& process, const store::ClockRow& row, Instant now, std::string_view language) {
  const sla::Ledger& l = row.ledger;
  ClockInfo info = names_of(row);
  info.state = state_of(l.state);
  info.round = l.round;
  info.breached = l.breached;
  info.mean = l.mean;
  info.provisional = l.provisional;
  info.started = l.started;
  info.due = l.due;
  info.on_hold = is_on_hold(l);
  info.original_due = l.original_due;
  const bool ended = l.state == sla::ClockState::met || l.state == sla::ClockState::cancelled;
  if (ended) info.ended = l.ended;
  info.budget = calendar::to_string(l.budget);
  info.changes = changes_of(l);
  take_business_time(info, l.budget);
  if (l.clock.value >= process.clocks.size()) return info;
  const model::ClockSpec& spec = process.clocks[l.clock.value];
  const sla::Reading reading = sla::read(l, spec, ended ? l.ended : std::max(now, l.attached));
  info.name = spec.name.empty() ? spec.id : spec.name.in(language);
  info.internal = spec.internal;
  info.breached = reading.breached;
  if (info.on_hold && !sla::waits_for_data(l)) {
    sla::Ledger going_on = l;
    sla::resume(going_on, spec, std::max(now, l.paused_since));
    info.due = going_on.due;
    info.provisional = going_on.provisional;
  }
  info.elapsed_wall = reading.elapsed_wall;
  info.elapsed_working = reading.elapsed_working;
  info.elapsed_working_days = reading.elapsed_working_days;
  info.paused = reading.paused_total;
  take_business_time(info, l.budget);
  info.left = reading.left_wall;
  info.business_left = business_left(info, l.budget);
  info.percent = reading.percent;
  const sla::Basis basis = sla::promised_by(l, spec);
  info.source = basis.source;
  info.unverified = basis.unverified;
  info.table = basis.table;
  info.row = basis.row;
  info.edition = basis.edition;
  return info;
}

OutboxInfo outbox_info(const store::OutboxRow& r) {
  OutboxInfo o;
  o.id = r.id;
  o.key = r.key;
  o.kind = kind_of(r.kind);
  o.name = r.name;
  o.state = state_of(r.state);
  o.instance = instance_id(r.instance);
  o.case_no = r.case_no;
  o.process = r.process;
  o.customer = r.customer;
  o.body = r.body;
  o.created = r.created;
  o.delivered = r.delivered;
  o.attempts = r.attempts;
  o.error = r.error;
  o.next_try = r.next_try;
  o.lease_until = r.lease_until;
  o.given_up = r.given_up;
  o.behind = r.behind;
  o.receipts = r.receipts;
  o.damaged = r.damage;
  return o;
}

IncidentInfo incident_info(const store::OutboxRow& r) {
  IncidentInfo i;
  i.incident = record_id(r.id);
  if (r.instance) i.instance = instance_id(r.instance);
  i.case_no = r.case_no;
  i.process = r.process;
  i.rule = "SB0562";
  i.message = fmt::format("{} '{}'{} could not be told, tried {} time{}: {}", store::word_of(r.kind), r.name,
                          r.customer.empty() ? std::string() : " for " + r.customer, r.attempts, r.attempts == 1 ? "" : "s", r.error);
  i.raised = r.given_up.value_or(r.created);
  return i;
}

MessageInfo message_info(const store::KeptRow& r, Instant now) {
  MessageInfo m;
  m.message = kept_id(r.message.id);
  m.name = r.message.message.name;
  m.key = r.message.message.correlation;
  m.to_case = r.message.to_case;
  switch (r.state) {
    case store::KeptRow::State::waiting: m.state = MessageState::waiting; break;
    case store::KeptRow::State::incident: m.state = MessageState::incident; break;
    case store::KeptRow::State::dropped: m.state = MessageState::dropped; break;
  }
  if (r.message.from) m.instance = instance_id(r.message.from);
  m.arrived = r.message.arrived;
  m.until = r.message.until;
  m.ends = r.message.discard ? MessageEnd::discard : MessageEnd::incident;
  m.payload = r.message.message.payload;
  m.request_id = r.request_id;
  m.rule = r.rule;
  m.error = r.error;
  if (m.state == MessageState::waiting && m.until < now)
    m.error = r.message.discard ? "its time is over: nobody gets it, and the next tick forgets it"
                                : "its time is over: nobody gets it, and the next tick makes it an incident";
  if (m.state == MessageState::waiting && m.until >= driver::no_end) m.error = "who waits for it is suspended: its time stands still until then";
  m.decided = r.decided;
  m.damaged = r.damage;
  return m;
}

IncidentInfo incident_info(const store::KeptRow& r) {
  IncidentInfo i;
  i.incident = kept_id(r.message.id);
  if (r.message.from) i.instance = instance_id(r.message.from);
  i.case_no = r.message.message.correlation;
  i.rule = r.rule;
  i.message = r.error;
  i.raised = r.decided.value_or(r.message.until);
  return i;
}

HistoryInfo history_info(const model::ExecutableProcess& process, const core::Event& event) {
  return {event.sequence, event.at, std::string(core::name_of(event.body)), core::describe(event, &process), {}};
}

IncidentInfo incident_info(const model::ExecutableProcess& process, const core::ProcessInstance& i, const core::Incident& incident) {
  auto [place, number] = numbered(process, &i, incident.element, incident.element_key);
  return {part_id(i.key, incident.key.value),
          instance_id(i.key),
          i.case_no,
          i.process,
          store::path_of(process, incident.element),
          incident.rule,
          incident.message,
          incident.raised,
          {},
          std::move(place),
          number,
          i.organisation};
}

DeploymentInfo deployment_info(const store::Deployment& d) { return {d.process, d.number, d.version, d.hash, d.deployed}; }

Value data_of(const model::ExecutableProcess& process, const core::ProcessInstance& instance) {
  Context data;
  for (std::size_t slot = 0; slot < process.data.size() && slot < instance.data.size(); ++slot)
    data.append_new(process.data[slot].name, instance.data[slot]);
  return Value(std::move(data));
}

}  // namespace switchboard::runtime
