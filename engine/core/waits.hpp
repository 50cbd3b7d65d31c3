// What a case waits for: the one definition, for the rows of a store, the future of a simulation, the clock of a test, and `fsck`. Pure functions of
// the instance, so that whatever was written of it can be compared and written again.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/command.hpp"
#include "core/instance.hpp"
#include "model/executable.hpp"

namespace switchboard::core {

/// Something that becomes due by itself: a timer, the next mark of a running clock, the end of a back-off, the end of a lease. Ordered by instant,
/// then by instance, kind and key: what is due at one instant fires in this order.
struct Due {
  enum class Kind : std::uint8_t { timer, mark, retry, lease };
  Instant due;
  InstanceKey instance;
  Kind kind = Kind::timer;
  std::uint64_t key = 0;    ///< timer, clock index, or work
  std::uint32_t round = 0;  ///< of a clock
  std::uint32_t mark = 0;
  friend constexpr auto operator<=>(const Due&, const Due&) = default;
};
[[nodiscard]] std::string_view to_string(Due::Kind kind) noexcept;

/// What a due thing is about: an instance has at most one of each.
struct DueId {
  InstanceKey instance;
  Due::Kind kind = Due::Kind::timer;
  std::uint64_t key = 0;
  friend constexpr auto operator<=>(const DueId&, const DueId&) = default;
};
[[nodiscard]] inline DueId id_of(const Due& due) { return {due.instance, due.kind, due.key}; }

/// Whether messages, signals, timers and marks reach the instance now. A suspended case waits for its operator alone.
[[nodiscard]] inline bool receives(const ProcessInstance& instance) { return instance.state == InstanceState::active; }

/// Everything of `instance` that becomes due, ascending by DueId. Nothing unless it receives.
[[nodiscard]] std::vector<Due> due_of(const model::ExecutableProcess& process, const ProcessInstance& instance);
/// The same of one timer, clock or work alone; nothing when it is not waited for.
[[nodiscard]] std::optional<Due> due_of(const ProcessInstance& instance, const Timer& timer);
[[nodiscard]] std::optional<Due> due_of(const model::ExecutableProcess& process, const ProcessInstance& instance, const sla::Ledger& clock);
[[nodiscard]] std::optional<Due> due_of(const ProcessInstance& instance, const Work& work);

/// Whether `due` can be compared with what the present definition says: not so for a mark that was derived from an older calendar.
[[nodiscard]] bool is_comparable(const model::ExecutableProcess& process, const ProcessInstance& instance, const Due& due);

/// Whether the row `kept` says what `derived` says. Before form 3 a breach was kept with its due instant, now with the first one after it.
[[nodiscard]] inline bool says_the_same(const Due& kept, Due derived) {
  if (kept == derived) return true;
  if (derived.kind == Due::Kind::mark) derived.due = derived.due - Duration::micros(1);
  return kept == derived;
}

/// The command that a driver submits when `due` is due. When the case has gone on meanwhile, it is stale.
[[nodiscard]] decltype(Command::what) command_of(const Due& due);

/// The chain of what `due` leads to (Command::chain): of a timer that made nothing wait, what led to it; 0 for all else.
[[nodiscard]] std::uint32_t chain_of(const ProcessInstance& instance, const Due& due);

/// Whether `key` is an ad-hoc sub-process in which nothing runs, and that stays open for somebody to begin something.
[[nodiscard]] bool waits_for_activities(const ProcessInstance& instance, ElementKey key);

/// The messages and signals that reach the instance now.
[[nodiscard]] inline const Parts<Subscription>& subscriptions_of(const ProcessInstance& instance) {
  static const Parts<Subscription> nothing;
  return receives(instance) ? instance.subscriptions : nothing;
}

/// Whether somebody can do it now: offered or claimed, not one that waits to be tried again.
[[nodiscard]] inline bool is_open(const Work& work) { return work.state == WorkState::offered || work.state == WorkState::claimed; }

}  // namespace switchboard::core
