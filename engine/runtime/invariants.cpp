#include "runtime/invariants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "store/projection.hpp"

namespace switchboard::runtime {

namespace {

/// Keys of activations that something of the instance waits at, or that contain others.
std::set<core::ElementKey> keys_waited_at(const core::ProcessInstance& i) {
  std::set<core::ElementKey> keys;
  for (const core::ElementInstance& e : i.elements) keys.insert(e.scope);
  for (const core::JoinTokens& j : i.joins) keys.insert(j.scope);
  for (const core::Work& w : i.work) keys.insert(w.element_key);
  for (const core::Timer& t : i.timers) keys.insert(t.element_key);
  for (const core::Subscription& s : i.subscriptions) keys.insert(s.element_key);
  for (const core::Call& c : i.calls) keys.insert(c.element_key);
  for (const core::Incident& x : i.incidents) keys.insert(x.element_key);
  return keys;
}

bool has_condition(const model::Element& e) {
  return std::any_of(e.events.begin(), e.events.end(), [](const model::EventSpec& s) { return s.kind == model::EventKind::condition; });
}

/// A condition is looked at after every change of data; no row says so.
bool waits_for_condition(const model::ExecutableProcess& process, const model::Element& e) {
  if (has_condition(e)) return true;
  if (e.type != model::NodeType::event_based_gateway) return false;
  return std::any_of(e.outgoing.begin(), e.outgoing.end(), [&](model::FlowIndex f) { return has_condition(process.at(process.at(f).to)); });
}

void check_tokens(const model::ExecutableProcess& process, const core::ProcessInstance& i, const Violation& found) {
  const std::set<core::ElementKey> waited_at = keys_waited_at(i);
  for (const core::ElementInstance& e : i.elements) {
    if (e.element.value >= process.elements.size()) {
      found(fmt::format("a token rests on element {}, which the definition does not have", e.element.value));
    } else if (!waited_at.contains(e.key) && !waits_for_condition(process, process.at(e.element))) {
      found(fmt::format("the token on '{}' waits for nothing", process.at(e.element).path));
    }
    if (e.scope && i.find(e.scope) == nullptr) found(fmt::format("the scope of token {} is gone", e.key.value));
  }
}

template <class T>
void check_owners(const core::ProcessInstance& i, const std::vector<T>& all, std::string_view what, const Violation& found) {
  std::uint64_t last = 0;
  for (const T& one : all) {
    if (i.find(one.element_key) == nullptr) found(fmt::format("{} {} belongs to no living token", what, one.key.value));
    if (one.key.value <= last || one.key.value >= i.next_key) found(fmt::format("{} {} is out of order", what, one.key.value));
    last = one.key.value;
  }
}

bool is_within(const calendar::WorkingDuration& part, const calendar::WorkingDuration& whole) {
  const auto fits = [](std::int64_t p, std::int64_t w) { return 0 <= p && p <= w; };
  return fits(part.months, whole.months) && fits(part.days, whole.days) && fits(part.working_days, whole.working_days) &&
         fits(part.wall.us, whole.wall.us) && fits(part.working.us, whole.working.us);
}

void check_clock(const model::ExecutableProcess& process, const core::ProcessInstance& i, const sla::Ledger& l, const Violation& found) {
  if (l.clock.value >= process.clocks.size()) return found(fmt::format("clock {} is not in the definition", l.clock.value));
  const model::ClockSpec& spec = process.clocks[l.clock.value];
  if (l.remaining.is_pure_wall() && l.budget.is_pure_wall() && !is_within(l.remaining, l.budget))
    found(fmt::format("clock '{}' has more left than its budget", spec.id));
  if (core::is_finished(i.state) && (l.state == sla::ClockState::running || l.state == sla::ClockState::paused))
    found(fmt::format("clock '{}' is {} though its case has ended", spec.id, sla::to_string(l.state)));
  if (l.state != sla::ClockState::running || !l.budget.is_pure_wall()) return;
  const sla::Reading reading = sla::read(l, spec, std::max(i.last, l.started));
  if (reading.running_wall + reading.left_wall != l.budget.wall)
    found(fmt::format("clock '{}': {} us consumed and {} us left are not its budget of {} us", spec.id, reading.running_wall.us, reading.left_wall.us,
                      l.budget.wall.us));
}

void check_end(const core::ProcessInstance& i, const Violation& found) {
  const bool something_left =
      !i.elements.empty() || !i.joins.empty() || !i.work.empty() || !i.timers.empty() || !i.subscriptions.empty() || !i.calls.empty();
  if (core::is_finished(i.state) && something_left) found("the case has ended, but something in it still waits");
  if (!core::is_finished(i.state) && i.elements.empty()) found("the case is open, but has no token");
  if (i.last < i.started) found("the last command lies before the start");
}

/// What the outbox should hold, by key.
void expect_outbox(const model::ExecutableProcess& process, const core::ProcessInstance& after, const core::Event& event,
                   std::map<std::string, std::string>& expected) {
  const std::vector<core::Effect> effects = core::effects(process, after, {&event, 1});
  for (const store::OutboxRow& row : store::outbox_of(process, after, effects, event.at)) expected.emplace(row.key, row.name);
}

void compare_outbox(const std::map<std::string, std::string>& expected, std::span<const store::OutboxRow> outbox, const Violation& found) {
  std::set<std::string> kept;
  for (const store::OutboxRow& row : outbox) {
    const auto same = expected.find(row.key);
    if (same != expected.end() && same->second == row.name) {
      kept.insert(row.key);
      continue;
    }
    // Said by the driver, not by the case: messages nobody heard, firings that were refused.
    const bool by_driver = row.kind == store::OutboxRow::Kind::message || row.key.find("/refused-") != std::string::npos;
    if (!by_driver) found(fmt::format("outbox record {} ({}) follows from nothing in its history", row.key, row.name));
  }
  for (const auto& [key, name] : expected) {
    if (!kept.contains(key)) found(fmt::format("outbox record {} ({}) is missing", key, name));
  }
}

}  // namespace

void check_state(const model::ExecutableProcess& process, const core::ProcessInstance& i, const Violation& found) {
  check_end(i, found);
  check_tokens(process, i, found);
  check_owners(i, i.work, "work", found);
  check_owners(i, i.timers, "timer", found);
  check_owners(i, i.subscriptions, "subscription", found);
  check_owners(i, i.calls, "call", found);
  for (const sla::Ledger& l : i.clocks) check_clock(process, i, l, found);
}

void check_replay(const model::ExecutableProcess& process, const core::ProcessInstance& instance, std::span<const store::HistoryRow> history,
                  std::span<const store::OutboxRow> outbox, const Violation& found) {
  core::ProcessInstance replayed;
  std::map<std::string, std::string> expected;
  std::uint64_t sequence = 0;
  for (const store::HistoryRow& row : history) {
    if (row.event.sequence != ++sequence) return found(fmt::format("event {} stands where event {} should", row.event.sequence, sequence));
    core::evolve(replayed, row.event);
    expect_outbox(process, replayed, row.event, expected);
  }
  if (!(replayed == instance)) found(fmt::format("its {} events, replayed, do not give its state (at event {})", history.size(), instance.sequence));
  compare_outbox(expected, outbox, found);
}

}  // namespace switchboard::runtime
