// A case driven step by step with every law of the core held against it: a step that breaks one says which.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/core.hpp"

namespace switchboard::testing {

/// What waits, as rows: name -> content. Effects put a row; those of work and subscriptions remove it too.
using Rows = std::map<std::string, std::string>;

namespace detail {

inline std::string work_row(core::WorkKey k) { return fmt::format("work {}", k.value); }
inline std::string due_row(const core::Due& d) { return fmt::format("{} {}", core::to_string(d.kind), d.key); }
inline std::string due_content(const core::Due& d) { return fmt::format("{} {} {}", d.round, d.mark, d.due.us); }
inline std::string subscription_row(core::SubscriptionKey k) { return fmt::format("subscription {}", k.value); }
inline std::string subscription_content(const core::Subscription& s) { return s.name + " " + s.correlation; }
inline std::string call_row(core::CallKey k) { return fmt::format("call {}", k.value); }
inline std::string call_content(const core::Call& c) { return c.process + to_feel(c.data) + c.version; }
inline std::string incident_row(core::IncidentKey k) { return fmt::format("incident {}", k.value); }

struct Keeper {
  Rows& rows;
  void operator()(const core::OfferWork& e) const { rows[work_row(e.work.key)] = "offered"; }
  void operator()(const core::WithdrawWork& e) const { rows.erase(work_row(e.work)); }
  void operator()(const core::Arm& e) const { rows[due_row(e.due)] = due_content(e.due); }
  void operator()(const core::OpenSubscription& e) const { rows[subscription_row(e.subscription.key)] = subscription_content(e.subscription); }
  void operator()(const core::CloseSubscription& e) const { rows.erase(subscription_row(e.subscription)); }
  void operator()(const core::StartCall& e) const { rows[call_row(e.call.key)] = call_content(e.call); }
  void operator()(const core::ReportIncident& e) const { rows[incident_row(e.incident.key)] = e.incident.rule; }
  // Said once, to somebody else.
  void operator()(const core::PublishMessage& /*e*/) const {}
  void operator()(const core::BroadcastSignal& /*e*/) const {}
  void operator()(const core::CancelCall& /*e*/) const {}
  void operator()(const core::ReturnToCaller& /*e*/) const {}
  void operator()(const core::TellCustomer& /*e*/) const {}
  void operator()(const core::Escalate& /*e*/) const {}
  void operator()(const core::EscalateToCaller& /*e*/) const {}
};

inline void add_rows(const std::vector<core::Effect>& effects, Rows& rows) {
  for (const core::Effect& e : effects) std::visit(Keeper{rows}, e);
}

/// What the instance waits for, by its state alone. Subscriptions count while it is suspended too: it keeps them, though nothing reaches it.
inline Rows waits_of(const model::ExecutableProcess& process, const core::ProcessInstance& i) {
  Rows rows;
  for (const core::Due& d : core::due_of(process, i)) rows[due_row(d)] = due_content(d);
  for (const core::Work& w : i.work)
    if (core::is_open(w)) rows[work_row(w.key)] = "offered";
  for (const core::Subscription& s : i.subscriptions) rows[subscription_row(s.key)] = subscription_content(s);
  for (const core::Call& c : i.calls) rows[call_row(c.key)] = call_content(c);
  for (const core::Incident& incident : i.incidents) rows[incident_row(incident.key)] = incident.rule;
  return rows;
}

/// Somebody else keeps work in a queue and subscriptions under a name, so their ends are told; timers, calls and incidents that are over are stale
/// when somebody comes for them.
inline bool has_told_end(const std::string& row) { return row.starts_with("work ") || row.starts_with("subscription "); }

inline std::string shown(const Rows& rows) {
  std::string all;
  for (const auto& [name, content] : rows) all += fmt::format("[{}: {}] ", name, content);
  return all;
}

template <class All>
bool ascending(const All& all) {
  return std::adjacent_find(all.begin(), all.end(), [](const auto& a, const auto& b) { return !(a.key < b.key); }) == all.end();
}

/// Everything refers to something that lives.
inline std::string bad_reference(const core::ProcessInstance& i) {
  for (const auto& e : i.elements) {
    if (e.key != core::ElementKey{1} && i.find(e.scope) == nullptr) return "an activation outside of any scope";
    if (e.state != core::ActivityState::active && e.state != core::ActivityState::compensating)
      return "an activation that is not active between steps";
  }
  const auto lives = [&](const auto& all) {
    for (const auto& one : all)
      if (i.find(one.element_key) == nullptr) return false;
    return true;
  };
  if (!lives(i.work) || !lives(i.timers) || !lives(i.subscriptions) || !lives(i.calls) || !lives(i.incidents))
    return "something waits for an activation that is gone";
  for (const auto& scope : i.joins)
    for (const auto& j : scope.tokens)
      if (i.find(j.scope) == nullptr || j.scope != scope.key || j.count == 0) return "tokens wait at a gateway of a scope that is gone";
  for (const auto& o : i.occurrences)
    if (i.find(o.owner) == nullptr) return "something is remembered for an activation that is gone";
  for (const auto& g : i.gateways)
    if (i.find(g.scope) == nullptr) return "a gateway of a scope that is gone waits for its reset";
  for (const auto& s : i.ad_hocs)
    if (i.find(s.key) == nullptr) return "an ad-hoc sub-process is kept that is gone";
  for (const auto& c : i.completions) {
    const auto contains = [&](const core::Completion& outer) { return outer.activity == c.scope && !outer.compensation; };
    if (i.find(c.scope) == nullptr && std::none_of(i.completions.begin(), i.completions.end(), contains))
      return "a completion is kept of a scope that is gone";
    if ((c.by && i.find(c.by) == nullptr) || (c.handler && i.find(c.handler) == nullptr)) return "something is undone by an activation that is gone";
    if (c.handler && !c.by) return "something is undone, and nobody waits for it";
  }
  core::Crowd counted;
  counted.count(i);
  if (!counted.says_what(i.crowd)) return "what is kept beside the activations is not what follows from them";
  if (!ascending(i.elements) || !ascending(i.work) || !ascending(i.timers) || !ascending(i.subscriptions) || !ascending(i.calls) ||
      !ascending(i.incidents))
    return "keys do not ascend";
  return {};
}

inline std::string bad_end(const core::ProcessInstance& i) {
  if (!is_finished(i.state)) return i.state != core::InstanceState::none && i.elements.empty() ? "an open case without a token" : std::string();
  if (!i.elements.empty() || !i.joins.empty() || !i.work.empty() || !i.timers.empty() || !i.subscriptions.empty() || !i.calls.empty() ||
      !i.incidents.empty() || !i.occurrences.empty() || !i.gateways.empty() || !i.ad_hocs.empty() || !i.completions.empty())
    return "something is left in a finished case";
  for (const auto& l : i.clocks)
    if (l.state == sla::ClockState::running || l.state == sla::ClockState::paused) return "a clock is open in a finished case";
  return {};
}

/// What may still be done to a case that is over: its records are corrected.
inline bool is_correction(const std::vector<core::Event>& events) {
  return std::all_of(events.begin(), events.end(), [](const core::Event& e) {
    return std::holds_alternative<core::DataCorrected>(e.body) || std::holds_alternative<core::CustomerIdentified>(e.body);
  });
}

}  // namespace detail

/// Applies commands and holds the laws; `broken` names the first one that did not hold.
class LawfulCase {
 public:
  explicit LawfulCase(model::ExecutablePtr p) : process(std::move(p)) {}

  model::ExecutablePtr process;
  core::ProcessInstance instance;
  std::vector<core::Event> history;
  std::vector<core::Event> events;    ///< of the last step
  std::vector<core::Effect> effects;  ///< of the last step
  std::string broken;

  /// The outcome of the last step; `instance` of it is moved out.
  core::StepResult apply(const core::Command& command) {
    const core::ProcessInstance before = instance;
    core::StepResult result = core::step(*process, std::move(instance), command);
    instance = std::move(result.instance);
    events = result.events;
    effects = core::effects(*process, instance, events);
    if (result.rejection || result.stale) {
      if (instance != before || !events.empty()) fail("a refused or stale command changed something");
      return result;
    }
    history.insert(history.end(), events.begin(), events.end());
    check_replay(before);
    check_codecs();
    check_waits(before);
    fail(detail::bad_reference(replayed_));  // which has counted its crowd step by step; what was decoded counts it anew
    fail(detail::bad_end(instance));
    if (is_finished(before.state) && !detail::is_correction(events)) fail("a command did something in a finished case");
    return result;
  }

 private:
  void fail(const std::string& what) {
    if (broken.empty()) broken = what;
  }
  void check_replay(const core::ProcessInstance& before) {
    std::uint64_t sequence = before.sequence;
    for (const core::Event& e : events) {
      if (e.sequence != ++sequence) return fail("a gap in the sequence of events");
      if (e.at < before.last && before.state != core::InstanceState::none) fail("time ran backwards");
      core::evolve(replayed_, e);
    }
    if (replayed_ != instance) fail("replaying the events gives another state");
  }
  void check_codecs() {
    const std::string bytes = core::encode(instance);
    const auto decoded = core::decode_instance(bytes);
    if (!decoded || decoded.value() != instance || core::encode(decoded.value()) != bytes) return fail("decoding the encoded instance changes it");
    instance = decoded.value();  // every step goes on from what was stored
    for (const core::Event& e : events) {
      const std::string one = core::encode(e);
      const auto back = core::decode_event(one);
      if (!back || core::encode(back.value()) != one || back.value().body.index() != e.body.index())
        return fail("decoding the encoded event changes it");
    }
  }
  void check_waits(const core::ProcessInstance& before) {
    const Rows expected = detail::waits_of(*process, instance);
    Rows kept = detail::waits_of(*process, before);
    detail::add_rows(effects, kept);
    std::erase_if(kept, [&](const auto& row) { return !expected.contains(row.first) && !detail::has_told_end(row.first); });
    if (expected != kept)
      fail(fmt::format("waits(after) is not waits(before) + effects - what is over:\n  waits {}\n  kept  {}", detail::shown(expected),
                       detail::shown(kept)));
  }

  core::ProcessInstance replayed_;
};

}  // namespace switchboard::testing
