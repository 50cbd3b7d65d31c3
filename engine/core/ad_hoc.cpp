// Ad-hoc sub-processes (BPMN 2.0.2, 10.3.5 and 13.3.5): activities that begin by themselves, all at once or one after the other, and once more when
// somebody asks for it.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"
#include "switchboard/base/text.hpp"

namespace switchboard::core {
namespace {

/// The body of one that is repeated is none itself.
bool is_ad_hoc(const Execution& x, ElementKey scope) { return !x.instance.ad_hocs.empty() && x.instance.find_ad_hoc(scope) != nullptr; }

void begin_activity(Execution& x, ElementKey scope, ElementIndex activity, std::string by, bool asked) {
  x.emit(ActivityBegun{scope, activity, std::move(by), asked});
  x.arrivals.push_back({scope, activity, {}});
}

bool has_next(const model::Element& ad_hoc, const AdHocState& state) { return ad_hoc.sequential && state.begun < ad_hoc.initial.size(); }

/// By its id, its path, or its path with the numbers of the instances that it stands in (`review[2]/look`).
bool is_called(const Execution& x, ElementKey scope, ElementIndex activity, std::string_view name) {
  const model::Element& element = x.process.at(activity);
  return element.id == name || element.path == name || is_path_of(name, path_of(x.process, x.instance, scope) + "/" + element.id);
}

using Places = Few<std::pair<ElementKey, ElementIndex>, 4>;

/// What can begin in the open ad-hoc sub-processes. `name`: only what is called so; `scope`: only there; of either nothing: everything, everywhere.
Places places_for(const Execution& x, std::string_view name, ElementKey scope) {
  Places found;
  for (const AdHocState& s : x.instance.ad_hocs) {
    if (s.closed || (scope && s.key != scope)) continue;
    for (const ElementIndex a : x.element_of(s.key).initial)
      if (name.empty() || is_called(x, s.key, a, name)) found.emplace_back(s.key, a);
  }
  return found;
}

std::string listed(const Execution& x, std::string_view what, const Places& places) {
  constexpr std::size_t most = 20;
  std::string all;
  for (std::size_t i = 0; i < places.size() && i < most; ++i)
    all += fmt::format("{}{}/{}", i == 0 ? what : ", ", path_of(x.process, x.instance, places[i].first), x.process.at(places[i].second).id);
  return places.size() > most ? all + ", ..." : all;
}

}  // namespace

void perform_ad_hoc(Execution& x, ElementKey key) {
  const model::Element& element = x.element_of(key);
  x.emptied.push_back(key);
  for (const ElementIndex a : element.initial) {
    begin_activity(x, key, a, {}, false);
    if (element.sequential) break;
  }
  attach_event_sub_processes(x, key);
}

Result<bool> completes_ad_hoc(const Execution& x, const ElementInstance& activity) {
  if (!model::is_activity(x.process.at(activity.element).type) || !is_ad_hoc(x, activity.scope) || is_closed_ad_hoc(x, activity.scope)) return false;
  const model::Element& container = x.element_of(activity.scope);
  if (!container.completion) return false;
  std::string doubt;
  auto holds = condition_of(container.completion, x.seen_from(activity.scope).frame(), doubt);
  if (!holds) return failure(rules::cannot_leave, fmt::format("completionCondition of '{}': {}", container.path, holds.error().message));
  return holds;
}

void complete_ad_hoc(Execution& x, ElementKey scope) {
  const bool cancels = x.element_of(scope).cancel_remaining;
  close_ad_hoc(x, scope);
  if (cancels) terminate_content(x, scope, {});
  x.emptied.push_back(scope);
}

bool is_closed_ad_hoc(const Execution& x, ElementKey scope) {
  if (x.instance.ad_hocs.empty()) return false;
  const AdHocState* state = x.instance.find_ad_hoc(scope);
  return state != nullptr && state->closed;
}

void close_ad_hoc(Execution& x, ElementKey scope) {
  if (is_ad_hoc(x, scope) && !is_closed_ad_hoc(x, scope)) x.emit(AdHocClosed{scope, x.instance.find(scope)->element});
}

bool goes_on_empty(Execution& x, ElementKey scope) {
  if (x.instance.ad_hocs.empty()) return false;
  const AdHocState* state = x.instance.find_ad_hoc(scope);
  if (state == nullptr || state->closed) return false;
  const model::Element& element = x.element_of(scope);
  if (has_next(element, *state)) {
    begin_activity(x, scope, element.initial[state->begun], {}, false);
    return true;
  }
  return static_cast<bool>(element.completion);
}

bool is_open_for_activities(const Execution& x) {
  return std::any_of(x.instance.ad_hocs.begin(), x.instance.ad_hocs.end(), [](const AdHocState& s) { return !s.closed; });
}

Verdict carry_out(Execution& x, const BeginActivity& c) {
  const auto places = c.activity.empty() ? Places() : places_for(x, c.activity, c.scope);
  if (places.empty()) {
    const auto all = places_for(x, {}, {});
    return {refusal(rules::not_there, fmt::format("no ad-hoc sub-process is open in which '{}' can begin", c.activity),
                    all.empty() ? "no ad-hoc sub-process is open in this case" : listed(x, "these can begin: ", all))};
  }
  if (places.size() > 1)
    return {refusal(rules::cannot_begin, fmt::format("'{}' can begin in {} places", c.activity, places.size()), listed(x, "say which: ", places))};
  const auto [scope, activity] = places.front();
  if (x.element_of(scope).sequential && !waits_for_activities(x.instance, scope))
    return {refusal(rules::cannot_begin, fmt::format("in '{}' one activity runs at a time, and one runs now", x.element_of(scope).path),
                    "complete it first")};
  begin_activity(x, scope, activity, c.by, true);
  run(x);
  return {};
}

}  // namespace switchboard::core
