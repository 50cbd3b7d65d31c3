#include "core/waits.hpp"

#include <algorithm>

#include "switchboard/base/assert.hpp"

namespace switchboard::core {

std::string_view to_string(Due::Kind kind) noexcept {
  switch (kind) {
    case Due::Kind::timer: return "timer";
    case Due::Kind::mark: return "mark";
    case Due::Kind::retry: return "retry";
    case Due::Kind::lease: return "lease";
  }
  return "?";
}

std::optional<Due> due_of(const ProcessInstance& instance, const Timer& timer) {
  if (!receives(instance)) return std::nullopt;
  return Due{timer.due, instance.key, Due::Kind::timer, timer.key.value, 0, 0};
}

std::optional<Due> due_of(const model::ExecutableProcess& process, const ProcessInstance& instance, const sla::Ledger& clock) {
  if (!receives(instance) || clock.clock.value >= process.clocks.size()) return std::nullopt;
  const auto mark = sla::next_mark(clock, process.clocks[clock.clock.value]);
  if (!mark) return std::nullopt;
  return Due{mark->at, instance.key, Due::Kind::mark, clock.clock.value, clock.round, mark->index};
}

std::optional<Due> due_of(const ProcessInstance& instance, const Work& work) {
  if (!receives(instance)) return std::nullopt;
  if (work.state == WorkState::waiting_retry && work.retry_at) return Due{*work.retry_at, instance.key, Due::Kind::retry, work.key.value, 0, 0};
  if (work.state == WorkState::claimed && work.lease_until) return Due{*work.lease_until, instance.key, Due::Kind::lease, work.key.value, 0, 0};
  return std::nullopt;
}

std::vector<Due> due_of(const model::ExecutableProcess& process, const ProcessInstance& instance) {
  std::vector<Due> all;
  const auto add = [&all](const std::optional<Due>& due) {
    if (due) all.push_back(*due);
  };
  for (const Timer& t : instance.timers) add(due_of(instance, t));
  for (const sla::Ledger& l : instance.clocks) add(due_of(process, instance, l));
  for (const Work& w : instance.work) add(due_of(instance, w));
  std::sort(all.begin(), all.end(), [](const Due& a, const Due& b) { return id_of(a) < id_of(b); });
  return all;
}

bool is_comparable(const model::ExecutableProcess& process, const ProcessInstance& instance, const Due& due) {
  if (due.kind != Due::Kind::mark) return true;
  const sla::Ledger* ledger = instance.find(ClockIndex{static_cast<std::uint32_t>(due.key)});
  if (ledger == nullptr || due.key >= process.clocks.size()) return true;
  const calendar::CalendarPtr& calendar = process.clocks[due.key].within.calendar;
  return calendar == nullptr || calendar->spec().version == ledger->calendar_version;
}

bool waits_for_activities(const ProcessInstance& instance, ElementKey key) {
  const AdHocState* state = instance.find_ad_hoc(key);
  if (state == nullptr || state->closed) return false;
  return !holds_activations(instance, key) && tokens_in(instance, key).empty();
}

std::uint32_t chain_of(const ProcessInstance& instance, const Due& due) {
  const Timer* timer = due.kind == Due::Kind::timer ? instance.find(TimerKey{due.key}) : nullptr;
  return timer == nullptr ? 0 : timer->chain;
}

decltype(Command::what) command_of(const Due& due) {
  switch (due.kind) {
    case Due::Kind::timer: return FireTimer{{due.key}, due.due};
    case Due::Kind::mark: return FireMark{{static_cast<std::uint32_t>(due.key)}, due.round, due.mark, due.due};
    case Due::Kind::retry: return RetryWork{{due.key}};
    case Due::Kind::lease: return ReleaseWork{{due.key}, {}, 0, due.due};
  }
  SB_UNREACHABLE("what becomes due is of one of four kinds");
}

}  // namespace switchboard::core
