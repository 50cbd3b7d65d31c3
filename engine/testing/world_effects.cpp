// What effects mean in a world without an outside: cases reach each other at once, everybody else is only noted down.
#include <fmt/core.h>

#include <algorithm>

#include "base/assert.hpp"
#include "base/limits.hpp"
#include "testing/world.hpp"

namespace switchboard::testing {

using model::EventKind;
using model::ExecutableProcess;

namespace {

/// A top-level start event of `process` that waits for `name`, or nullptr.
const model::Element* start_event_for(const ExecutableProcess& process, EventKind kind, std::string_view name) {
  for (const model::ElementIndex s : process.elements.front().start_events) {
    const model::Element& e = process.at(s);
    for (const model::EventSpec& event : e.events) {
      if (event.kind == kind && event.name == name) return &e;
    }
  }
  return nullptr;
}

Value context_or_empty(const Value& v) { return v.context() != nullptr ? v : Value(Context{}); }

}  // namespace

Result<void> World::settle() {
  for (std::size_t done = 0; !errands_.empty(); ++done) {
    if (done == most_commands) {
      errands_.clear();
      return Error{ErrorKind::limit,
                   "SB0906",
                   fmt::format("cases set each other going more than {} times at one instant", most_commands),
                   {},
                   "do two processes send each other messages without end?"};
    }
    const Errand errand = std::move(errands_.front());
    errands_.pop_front();
    drop(carry_out(errand), errand.instance);
  }
  return success();
}

// A refusal of the world's own making must not vanish: the core says what came too late, the rest is told as an incident.
void World::drop(const Result<void>& done, InstanceKey instance) {
  if (done || done.error().id == "SB0905") return;
  Told told;
  told.kind = Told::Kind::incident;
  told.instance = instance;
  told.at = now_;
  told.name = done.error().id;
  told.text = done.error().message;
  told_.push_back(std::move(told));
}

Result<void> World::carry_out(const Errand& errand) {
  const InstanceKey from = errand.instance;
  const auto tell = [&](Told::Kind kind, std::string name, std::string text) {
    told_.push_back({kind, from, now_, std::move(name), std::move(text), {}, {}});
  };
  if (const auto* publish = std::get_if<core::PublishMessage>(&errand.effect)) {
    SB_TRY(const bool heard, deliver({publish->name, publish->correlation, publish->payload}));
    if (!heard) tell(Told::Kind::unheard_message, publish->name, publish->correlation);
  } else if (const auto* signal = std::get_if<core::BroadcastSignal>(&errand.effect)) {
    static_cast<void>(broadcast(signal->name, signal->payload));
  } else if (const auto* start = std::get_if<core::StartCall>(&errand.effect)) {
    call(errand, *start);
  } else if (const auto* cancel = std::get_if<core::CancelCall>(&errand.effect)) {
    const core::ProcessInstance* called = child(from, cancel->call);
    if (called == nullptr || core::is_finished(called->state)) return success();
    return run(called->key, {{}, now_, core::CancelInstance{"the calling case went on without it", {}}});
  } else if (const auto* answer = std::get_if<core::ReturnToCaller>(&errand.effect)) {
    answer_caller(*answer);
  } else if (const auto* customer = std::get_if<core::TellCustomer>(&errand.effect)) {
    told_.push_back({Told::Kind::feedback, from, now_, customer->feedback.id, {}, customer->feedback.texts, customer->feedback.channels});
  } else if (const auto* escalation = std::get_if<core::Escalate>(&errand.effect)) {
    tell(Told::Kind::escalation, escalation->code, {});
  } else if (const auto* incident = std::get_if<core::ReportIncident>(&errand.effect)) {
    tell(Told::Kind::incident, incident->incident.rule, incident->incident.message);
  }
  return success();
}

void World::call(const Errand& errand, const core::StartCall& call) {
  const core::ProcessInstance* caller = find(errand.instance);
  SB_ASSERT(caller != nullptr);
  const ExecutableProcess* process = definitions_->find(call.call.process);
  core::StartInstance start;
  start.key = InstanceKey{next_key_++};
  start.case_no = caller->case_no;  // a called case is worked on under its caller's number
  start.data = context_or_empty(call.data);
  start.parent = core::Parent{errand.instance, call.call.key};
  start.call_depth = caller->call_depth + 1;
  Result<void> created = success();
  if (process == nullptr) {
    created = Error{ErrorKind::not_found, "SB0902", fmt::format("there is no process '{}'", call.call.process), {}, {}};
  } else if (start.call_depth > limits::call_depth) {
    created = Error{ErrorKind::limit, "SB0906", fmt::format("calls are nested more than {} deep", limits::call_depth), {}, {}};
  } else {
    created = create(std::move(start), *process);
  }
  if (created) return;
  drop(created, errand.instance);
  drop(run(errand.instance, {{}, now_, core::FinishCall{call.call.key, false, {}, {}}}), errand.instance);
}

void World::answer_caller(const core::ReturnToCaller& answer) {
  drop(run(answer.parent.instance, {{}, now_, core::FinishCall{answer.parent.call, answer.completed, answer.data, answer.error}}),
       answer.parent.instance);
}

std::vector<core::WaitingInstance> World::waiting(core::SubscriptionKind kind, std::string_view name) const {
  std::vector<core::WaitingInstance> all;
  for (const core::ProcessInstance& i : instances_) {
    if (i.state != core::InstanceState::active) continue;
    for (const core::Subscription& s : i.subscriptions) {
      if (s.kind == kind && s.name == name) all.push_back({i.key, i.case_no, s});
    }
  }
  return all;
}

Result<bool> World::deliver(const core::Message& message) {
  const std::vector<core::WaitingInstance> all = waiting(core::SubscriptionKind::message, message.name);
  const std::optional<core::WaitingInstance> one = core::correlate(all, message);
  if (!one) return start_by_message(message);
  SB_TRYV(run(one->instance, {{}, now_, core::DeliverMessage{one->subscription.key, message.name, message.payload}}));
  return true;
}

Result<bool> World::start_by_message(const core::Message& message) {
  for (const auto& [id, process] : definitions_->processes) {
    const model::Element* event = start_event_for(*process, EventKind::message, message.name);
    if (event == nullptr) continue;
    core::StartInstance start;
    start.key = InstanceKey{next_key_++};
    start.case_no = message.correlation;
    start.data = context_or_empty(message.payload);
    start.start_event = event->id;
    start.message = message.name;
    SB_TRYV(create(std::move(start), *process));
    return true;
  }
  return false;
}

std::size_t World::broadcast(std::string_view name, const Value& payload) {
  const std::vector<core::WaitingInstance> all = waiting(core::SubscriptionKind::signal, name);
  std::size_t heard = 0;
  for (const core::WaitingInstance& w : core::correlate_signal(all, name)) {
    drop(run(w.instance, {{}, now_, core::DeliverSignal{w.subscription.key, std::string(name), payload}}), w.instance);
    ++heard;
  }
  for (const auto& [id, process] : definitions_->processes) {
    const model::Element* event = start_event_for(*process, EventKind::signal, name);
    if (event == nullptr) continue;
    core::StartInstance start;
    start.key = InstanceKey{next_key_++};
    start.case_no = fmt::format("{}-{}", name, start.key.value);
    start.data = context_or_empty(payload);
    start.start_event = event->id;
    const InstanceKey key = start.key;
    drop(create(std::move(start), *process), key);
    ++heard;
  }
  return heard;
}

}  // namespace switchboard::testing
