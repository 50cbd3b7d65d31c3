#include "property/undo_order.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace switchboard::testing {

using core::ElementKey;

std::string UndoOrder::see(const core::Event& event) {
  if (const auto* e = std::get_if<core::ElementEntered>(&event.body)) scope_[e->key] = e->scope;
  if (const auto* e = std::get_if<core::ElementCompleted>(&event.body)) completed_[e->key] = event.sequence;
  if (const auto* e = std::get_if<core::ElementTerminated>(&event.body)) cancelled_.erase(e->key);
  if (const auto* e = std::get_if<core::TransactionCancelled>(&event.body)) cancelled_.insert(e->key);
  if (const auto* e = std::get_if<core::CompensationTriggered>(&event.body)) {
    for (const ElementKey activity : e->activities) wanted_by_[activity] = e->by;
    if (!cancelled_.contains(e->by)) last_.erase(e->by);  // it may want more undone, which completed meanwhile
  }
  if (const auto* e = std::get_if<core::CompensationStarted>(&event.body)) return undone(e->activity);
  return {};
}

ElementKey UndoOrder::cancelled_around(ElementKey activity) const {
  ElementKey outermost;
  for (auto around = scope_.find(activity); around != scope_.end(); around = scope_.find(around->second))
    if (cancelled_.contains(around->second)) outermost = around->second;
  return outermost;
}

std::vector<std::uint64_t> UndoOrder::position_in(ElementKey scope, ElementKey activity) const {
  std::vector<std::uint64_t> position;
  for (ElementKey at = activity; at != scope && scope_.contains(at); at = scope_.at(at))
    if (const auto when = completed_.find(at); when != completed_.end()) position.push_back(when->second);
  std::reverse(position.begin(), position.end());
  return position;
}

std::string UndoOrder::undone(ElementKey activity) {
  const auto when = completed_.find(activity);
  if (when == completed_.end()) return {};  // a part that had not completed: there for what had completed in it
  const ElementKey transaction = cancelled_around(activity);
  const auto wanted = wanted_by_.find(activity);
  if (!transaction && wanted == wanted_by_.end()) return fmt::format("{} is undone, and nobody wanted that", activity.value);
  const auto position = transaction ? position_in(transaction, activity) : std::vector<std::uint64_t>{when->second};
  std::vector<std::uint64_t>& last = last_[transaction ? transaction : wanted->second];
  // What was in a sub-process that had completed comes right behind that.
  const bool is_inside = last.size() < position.size() && std::equal(last.begin(), last.end(), position.begin());
  if (!last.empty() && !is_inside && position >= last)
    return fmt::format("activation {}, which completed later, is undone after what completed before it", activity.value);
  last = position;
  return {};
}

}  // namespace switchboard::testing
