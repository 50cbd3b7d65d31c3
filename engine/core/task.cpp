// What an activation does once it has begun (BPMN 2.0.2, 13.3): pass through, offer work, compute, wait, or open a scope.
#include <fmt/format.h>

#include "base/plain_text.hpp"
#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

using model::NodeType;

Result<std::string> assignee_of(const feel::Frame& frame, const model::WorkSpec& spec) {
  if (!spec.assignee) return std::string();
  auto v = value_of(spec.assignee, frame);
  if (!v) return failure(rules::cannot_enter, "assignee: " + v.error().message);
  if (v.value().is_null()) return std::string();
  std::string name = to_display(v.value());
  if (const auto usable = check_text("the name", name, TextKind::name); !usable)
    return failure(rules::cannot_enter, fmt::format("assignee: `{}`: {}", spec.assignee.text(), usable.error().message));
  return name;
}

Result<std::int32_t> priority_of(const feel::Frame& frame, const model::WorkSpec& spec) {
  if (!spec.priority) return 0;
  auto v = value_of(spec.priority, frame);
  if (!v) return failure(rules::cannot_enter, "priority: " + v.error().message);
  if (v.value().is_null()) return 0;
  const Decimal* n = v.value().number();
  const auto whole = n == nullptr ? std::nullopt : n->to_int64();
  if (!whole || *whole < INT32_MIN || *whole > INT32_MAX)
    return failure(rules::cannot_enter, fmt::format("priority: `{}` is {}, expected a whole number", spec.priority.text(), to_feel(v.value())));
  return static_cast<std::int32_t>(*whole);
}

Result<void> take_due(Work& w, const feel::Frame& frame, const model::WorkSpec& spec, Instant at) {
  if (!spec.due) return success();
  auto d = duration_of(frame, *spec.due);
  if (!d) return failure(rules::cannot_enter, "due: " + d.error().message);
  if (!d.value()) return success();
  w.due_in = *d.value();
  w.due = deadline(spec.due->calendar, at, w.due_in).at;
  return success();
}

Result<Work> make_work(const Execution& x, ElementKey key, ElementIndex index, WorkKind kind) {
  const model::Element& element = x.process.at(index);
  const Visible data = x.seen_from(key);
  Work w;
  SB_TRY(w.inputs, inputs_of(x, key));
  SB_TRYV(has_room_for(x, w.inputs.written_bytes()));
  SB_TRY(w.assignee, assignee_of(data.frame(), element.work));
  SB_TRY(w.priority, priority_of(data.frame(), element.work));
  SB_TRY(w.organisation, organisation_of_work(x, data.frame(), element.work));
  SB_TRYV(take_due(w, data.frame(), element.work, x.at));
  w.personal = !w.assignee.empty();
  w.key = x.new_key<WorkKey>();
  w.element_key = key;
  w.element = index;
  w.kind = kind;
  w.state = *next(WorkState::none, WorkMove::offer);
  w.topic = element.work.topic;
  w.groups = element.work.groups;
  w.retries = element.work.retries;
  w.offered = x.at;
  return w;
}

Result<void> offer_work(Execution& x, ElementKey key, ElementIndex index, WorkKind kind) {
  SB_TRY(Work w, make_work(x, key, index, kind));
  x.emit(WorkOffered{std::move(w)});
  return success();
}

/// Each assignment sees those before it; nothing is written unless all succeed.
Result<void> run_script(Execution& x, ElementKey key, ElementIndex index, const model::Element& element) {
  Writes writes;
  writes.reserve(element.set.size());
  std::uint64_t bytes = 0;
  {
    LentData lent(x.instance, key);
    const Visible data = x.seen_from(key);
    for (const model::Assignment& a : element.set) {
      auto value = value_of(a.value, data.frame());
      if (!value) return failure(rules::cannot_enter, fmt::format("set '{}': {}", a.name, value.error().message));
      auto admitted = model::admit(x.process.spec(index, a.target), value.value());
      if (!admitted) return failure(rules::cannot_enter, fmt::format("set '{}': {}", a.name, admitted.error().message));
      bytes += admitted.value().written_bytes();
      if (bytes > limits::instance_bytes)
        return failure(rules::cannot_enter, fmt::format("set '{}': all that is set has {} bytes or more", a.name, bytes));
      lent.set(owner_of(x.process, x.instance, key, level_of(a.target)), {index_of(a.target)}, admitted.value());
      writes.emplace_back(a.target, std::move(admitted).value());
    }
  }
  SB_TRYV(has_room_for(x, key, writes));
  write_all(x, key, std::move(writes));
  settle(x, key, map_result(x, {index, key}, {}, Names::none_taken));
  return success();
}

Result<void> decide(Execution& x, ElementKey key, ElementIndex index, const model::Element& element) {
  if (!element.decision) return failure(rules::cannot_enter, "no decision table");
  std::vector<Value> arguments;
  const Value* kept = kept_inputs(x, key);
  auto given = element.in.begin();  // in the order of the parameters; optional ones may be missing
  for (const auto& [name, type] : element.decision.table().parameters) {
    if (given == element.in.end() || given->name != name) {
      arguments.emplace_back();
      continue;
    }
    if (kept != nullptr) {
      const Value* argument = kept->context() == nullptr ? nullptr : kept->context()->find(name);
      arguments.push_back(argument == nullptr ? Value() : *argument);
    } else {
      auto value = value_of(given->value, x.seen_from(key).frame());
      if (!value) return failure(rules::cannot_enter, fmt::format("in '{}': {}", name, value.error().message));
      arguments.push_back(std::move(value).value());
    }
    ++given;
  }
  feel::Evaluation e = element.decision.evaluate(arguments, x.host.frame({}));
  if (e.value.is_null() && !e.error.empty())
    return failure(rules::cannot_enter, fmt::format("decision '{}': {}", element.decision.table().id, e.error));
  auto writes = map_result(x, {index, key}, Context{{"result", std::move(e.value)}}, Names::none_taken);
  if (!writes) return failure(rules::cannot_enter, writes.error().message);
  settle(x, key, std::move(writes));
  return success();
}

Result<void> send_message(Execution& x, ElementKey key, ElementIndex index, const model::Element& element) {
  SB_TRY(Value payload, inputs_of(x, key));
  SB_TRYV(throw_message(x, key, index, element.message, std::move(payload)));
  settle(x, key, map_result(x, {index, key}, {}, Names::none_taken));
  return success();
}

Result<void> await_choice(Execution& x, ElementKey key, const model::Element& gateway) {
  for (const FlowIndex f : gateway.outgoing) arm_or_incident(x, {key, x.process.at(f).to});
  for (const FlowIndex f : gateway.outgoing)
    if (trigger_conditions_now(x, key, x.process.at(f).to)) break;
  return success();
}

Result<void> try_perform(Execution& x, ElementKey key, ElementIndex index) {
  const model::Element& element = x.process.at(index);
  switch (element.type) {
    case NodeType::user_task: return offer_work(x, key, index, WorkKind::user);
    case NodeType::service_task: return offer_work(x, key, index, WorkKind::service);
    case NodeType::send_task:
      return element.message.kind == model::EventKind::message ? send_message(x, key, index, element) : offer_work(x, key, index, WorkKind::send);
    case NodeType::receive_task: return arm(x, {key, index}, element.message);
    case NodeType::script_task: return run_script(x, key, index, element);
    case NodeType::business_rule_task: return decide(x, key, index, element);
    case NodeType::event_based_gateway: return await_choice(x, key, element);
    case NodeType::start_event:
    case NodeType::end_event:
    case NodeType::intermediate_catch_event:
    case NodeType::intermediate_throw_event:
    case NodeType::boundary_event:
    case NodeType::task:
    case NodeType::manual_task:
    case NodeType::exclusive_gateway:
    case NodeType::inclusive_gateway:
    case NodeType::parallel_gateway:
    case NodeType::complex_gateway:
    case NodeType::sub_process:
    case NodeType::transaction:
    case NodeType::ad_hoc_sub_process:
    case NodeType::event_sub_process:
    case NodeType::call_activity: break;
  }
  return failure(rules::cannot_enter, fmt::format("a {} cannot be run by this version", model::to_string(element.type)));
}

}  // namespace

void perform(Execution& x, ElementKey key) {
  const ElementIndex index = x.instance.find(key)->element;
  const model::Element& element = x.process.at(index);
  if (element.repetition && x.instance.find(key)->number == 0) return perform_repetition(x, key);
  if (!element.data.empty())
    if (const auto opened = open_data(x, key); !opened) return raise_incident(x, key, index, rules::cannot_enter, opened.error().message);
  switch (element.type) {
    case NodeType::exclusive_gateway:
    case NodeType::inclusive_gateway:
    case NodeType::parallel_gateway:
    case NodeType::complex_gateway: return finish(x, key);
    case NodeType::start_event:  // the case's own was mapped when its data was filled
      return settle(x, key, x.instance.find(key)->scope == root_key ? Result<Writes>(Writes()) : map_result(x, {index, key}, {}, Names::none_taken));
    case NodeType::task:
    case NodeType::manual_task: return settle(x, key, map_result(x, {index, key}, {}, Names::none_taken));
    case NodeType::intermediate_catch_event: return perform_catch(x, key);
    case NodeType::intermediate_throw_event:
    case NodeType::end_event: return perform_throw(x, key);
    case NodeType::boundary_event: return finish(x, key);
    case NodeType::sub_process:
    case NodeType::transaction:
    case NodeType::event_sub_process: return perform_scope(x, key, {});
    case NodeType::ad_hoc_sub_process: return perform_ad_hoc(x, key);
    case NodeType::call_activity: return perform_call(x, key);
    case NodeType::service_task:
      if (element.register_use) return perform_register_use(x, key);
      break;
    case NodeType::user_task:
    case NodeType::send_task:
    case NodeType::receive_task:
    case NodeType::script_task:
    case NodeType::business_rule_task:
    case NodeType::event_based_gateway: break;
  }
  const auto done = try_perform(x, key, index);
  if (!done) raise_incident(x, key, index, rule_of(done.error()), done.error().message);
}

/// Opens a container: first what can interrupt it, then its start. Element 0 as start event: none, something else begins.
void perform_scope(Execution& x, ElementKey key, ElementIndex start_event) {
  const model::Element& container = x.element_of(key);
  x.emptied.push_back(key);  // an empty body ends at once
  if (start_event && start_event.value != 0) x.arrivals.push_back({key, start_event, {}});
  for (const ElementIndex start : container.start_events)
    if (!start_event && x.process.at(start).events.empty()) x.arrivals.push_back({key, start, {}});
  attach_event_sub_processes(x, key);
}

void move_due_work(Execution& x, std::string_view reason) {
  const Parts<Work> all = x.instance.work;
  for (const Work& w : all) {
    const model::WorkSpec& spec = x.process.at(w.element).work;
    if (!w.due || !spec.due || w.due_in.is_zero()) continue;
    const Instant due = deadline(spec.due->calendar, w.offered, w.due_in).at;
    if (due != *w.due) x.emit(WorkMoved{w.key, w.element, due, *w.due, std::string(reason)});
  }
}

}  // namespace switchboard::core
