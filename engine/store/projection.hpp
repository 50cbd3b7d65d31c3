// What a store keeps beside a snapshot so that it can be found: pure functions of the instance, so that every index row can be compared and rebuilt.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/search.hpp"
#include "store/store.hpp"

namespace switchboard::store {

/// The rows that must go and come when `before` (null: nothing) becomes `after`. Pointers reach into the two instances of the change.
/// Those that have a row: also of a suspended case, which says whom a message is kept for.
[[nodiscard]] inline const core::Parts<core::Subscription>& kept_subscriptions(const core::ProcessInstance& i) {
  static const core::Parts<core::Subscription> nothing;
  return core::is_finished(i.state) ? nothing : i.subscriptions;
}

struct RowChanges {
  std::vector<core::DueId> due_gone;
  std::vector<DueRow> due_new;  ///< new or changed
  std::vector<const core::Subscription*> subscriptions_gone, subscriptions_new;
  std::vector<core::WorkKey> work_gone;
  std::vector<const core::Work*> work_new;  ///< not there before
  std::vector<const core::Work*> work_changed;
  std::vector<const sla::Ledger*> clocks;  ///< the latest of every round that an event touched; reach into the events
  std::vector<Searched> searched_gone, searched_new;
  bool searched_afresh = false;   ///< all that the case was found by goes: another definition said what that was
  std::vector<OutboxRow> outbox;  ///< without id
  std::vector<Errand> errands;
};
/// `change.after` and `change.process` are there.
[[nodiscard]] RowChanges row_changes(const Change& change);

/// The outbox records among the effects of a change.
[[nodiscard]] std::vector<OutboxRow> outbox_of(const model::ExecutableProcess& process, const core::ProcessInstance& after,
                                               std::span<const core::Effect> effects, Instant at);

/// The paths in the text of a stage; of no text one that is empty.
[[nodiscard]] std::vector<std::string> places_in(std::string_view stage);

/// "i-17".
[[nodiscard]] std::string text_of(InstanceKey key);
[[nodiscard]] std::string_view word_of(OutboxRow::Kind kind) noexcept;
[[nodiscard]] std::string_view word_of(OutboxRow::State state) noexcept;
/// The value of a word of the outbox; nothing when it is no such word.
[[nodiscard]] std::optional<OutboxRow::Kind> kind_of_word(std::string_view word) noexcept;
[[nodiscard]] std::optional<OutboxRow::State> state_of_word(std::string_view word) noexcept;
/// Whether cases of `process` are asked for: of that one, or of an overlay that counts as it.
[[nodiscard]] bool asks_for_process(const Query& q, std::string_view process);
/// Whether a query of outbox records leaves any of them out.
[[nodiscard]] bool names_records(const Query& q);
[[nodiscard]] std::string_view word_of(core::WorkKind kind) noexcept;
/// A JSON list of strings.
[[nodiscard]] std::string json_of(const std::vector<std::string>& texts);
/// The state a work row shows: "suspended" while its instance is.
[[nodiscard]] std::string_view work_state(const core::ProcessInstance& instance, const core::Work& work) noexcept;

/// When the earliest promise of the case breaks, as work is ordered by it: of those that run or are broken the earliest due instant;
/// `promise_on_hold` where all stand still; `no_promise` where there is none. A promise about an average is none: no case breaks it.
inline constexpr Instant promise_on_hold{Instant::max().us - 1};
inline constexpr Instant no_promise = Instant::max();
[[nodiscard]] Instant promise_of(const core::ProcessInstance& instance) noexcept;
[[nodiscard]] Instant promise_of(const sla::Ledger& ledger) noexcept;

/// Who holds the case: assignees of its open work, else the groups or the topic; ascending.
[[nodiscard]] std::vector<std::string> holders_of(const core::ProcessInstance& instance);

/// The element's path, or "?" and the index when the definition has no such element.
[[nodiscard]] std::string path_of(const model::ExecutableProcess& process, model::ElementIndex element);

}  // namespace switchboard::store
