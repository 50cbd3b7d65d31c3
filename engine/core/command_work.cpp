// What people and workers do with work.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

Error no_such_work(WorkKey key) {
  return refusal(rules::not_there, fmt::format("work {} is not open (done, withdrawn, or never there)", key.value), {});
}

/// `claim` of a job whose lease has run out: it is anybody's again.
bool lease_is_over(const Work& w, Instant at) { return w.state == WorkState::claimed && w.lease_until && *w.lease_until < at; }

Error wrong_state(const Work& w, std::string_view what) {
  return refusal(rules::wrong_work_state, fmt::format("work {} is {}: it cannot be {}", w.key.value, to_string(w.state), what), {});
}

/// Who has it may do it; work that nobody has may be done by anybody who may have it.
std::optional<Error> not_holder(const Work& w, const std::string& by) {
  if (w.state == WorkState::claimed && w.assignee != by)
    return refusal(rules::not_yours, fmt::format("work {} is claimed by '{}'", w.key.value, w.assignee), "only its holder may do this");
  if (!w.assignee.empty() && !by.empty() && w.assignee != by)
    return refusal(rules::not_yours, fmt::format("work {} is for '{}' alone", w.key.value, w.assignee), {});
  return std::nullopt;
}

std::optional<Error> outside_form(const Execution& x, ElementIndex place, const Value& result) {
  const model::Element& element = x.process.at(place);
  const Context* given = result.context();
  if (!element.work.has_form || element.out.explicit_out || given == nullptr) return std::nullopt;
  for (const auto& [name, value] : given->entries()) {
    const SlotIndex slot = x.process.find_data(place, name);
    if (!slot) continue;  // reported as unknown by the mapping
    const auto& form = element.work.form;
    if (std::find(form.begin(), form.end(), slot) != form.end()) continue;
    std::string allowed;
    for (const SlotIndex s : form) allowed += (allowed.empty() ? "" : ", ") + x.process.spec(place, s).name;
    return refusal(rules::data_refused, fmt::format("'{}' is not on the form of '{}'", name, element.path), "the form has " + allowed);
  }
  return std::nullopt;
}

bool shares_group(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& g) { return std::find(b.begin(), b.end(), g) != b.end(); });
}

std::optional<Error> may_not_claim(const Work& w, const ClaimWork& c) {
  if (c.by.empty()) return refusal(rules::malformed, "a claim needs to say by whom", {});
  if (w.personal && w.assignee != c.by) return refusal(rules::not_yours, fmt::format("work {} is for '{}' alone", w.key.value, w.assignee), {});
  if (!w.groups.empty() && !w.personal && !shares_group(w.groups, c.groups))
    return refusal(rules::not_yours, fmt::format("work {} is for {}", w.key.value, fmt::join(w.groups, ", ")),
                   fmt::format("'{}' is in none of its groups", c.by));
  return std::nullopt;
}

std::optional<Instant> lease_of(const Execution& x, const Work& w, const ClaimWork& c) {
  if (c.lease_until || w.kind == WorkKind::user) return c.lease_until;
  const model::DurationSpec& timeout = x.process.at(w.element).work.timeout;
  const auto d = duration_of(x.seen_from(w.element_key).frame(), timeout);
  return d && d.value() ? std::optional(deadline(timeout.calendar, x.at, *d.value()).at) : std::nullopt;
}

/// When to try again. A back-off that cannot be computed is none.
Instant retry_of(const Execution& x, const Work& w) {
  const model::DurationSpec& backoff = x.process.at(w.element).work.backoff;
  const auto d = duration_of(x.seen_from(w.element_key).frame(), backoff);
  return d && d.value() ? deadline(backoff.calendar, x.at, *d.value()).at : x.at;
}

void fail_for_good(Execution& x, const Work& w, const FailWork& c) {
  x.emit(WorkFailed{w.key, w.element, c.message, c.error, c.by, 0, std::nullopt});
  raise_work_incident(x, w.key, rules::job_failed, c.message.empty() ? "the work failed, no retries are left" : c.message);
}

}  // namespace

Verdict carry_out(Execution& x, const CompleteWork& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr) return {no_such_work(c.work)};
  if (!next(w->state, WorkMove::complete)) return {wrong_state(*w, "completed")};
  if (auto error = not_holder(*w, c.by)) return {std::move(error)};
  if (auto error = outside_form(x, w->element, c.result)) return {std::move(error)};
  const ElementKey key = w->element_key;
  auto writes = map_result(x, {w->element, key}, c.result, Names::declared_only);
  if (!writes) return {writes.error()};
  x.emit(WorkCompleted{c.work, w->element, c.by});
  settle(x, key, std::move(writes));
  run(x);
  return {};
}

Verdict carry_out(Execution& x, const ClaimWork& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr) return {no_such_work(c.work)};
  if (auto error = may_not_claim(*w, c)) return {std::move(error)};
  if (!next(w->state, WorkMove::claim)) return {wrong_state(*w, "claimed")};
  const bool taken = w->state == WorkState::claimed && w->assignee != c.by;
  if (taken && !lease_is_over(*w, x.at)) return {refusal(rules::not_yours, fmt::format("work {} is claimed by '{}'", c.work.value, w->assignee), {})};
  const auto lease = lease_of(x, *w, c);
  if (taken) x.emit(WorkReleased{c.work, {}});
  x.emit(WorkClaimed{c.work, c.by, lease});
  return {};
}

/// Without a name it is the engine or an operator that takes the work away.
Verdict carry_out(Execution& x, const ReleaseWork& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr) return {no_such_work(c.work)};
  if (!next(w->state, WorkMove::release)) return {wrong_state(*w, "released")};
  if (!c.by.empty() && w->assignee != c.by)
    return {refusal(rules::not_yours, fmt::format("work {} is claimed by '{}'", c.work.value, w->assignee), {})};
  x.emit(WorkReleased{c.work, c.by});
  return {};
}

Verdict carry_out(Execution& x, const FailWork& c) {
  const Work* found = x.instance.find(c.work);
  if (found == nullptr) return {no_such_work(c.work)};
  if (!next(found->state, WorkMove::fail_final)) return {wrong_state(*found, "failed")};
  if (auto error = not_holder(*found, c.by)) return {std::move(error)};
  const Work w = *found;
  if (!c.error.empty()) {
    x.emit(WorkFailed{w.key, w.element, c.message, c.error, c.by, w.retries, std::nullopt});
    raise_error(x, w.element_key, c.error, c.message, c.payload, w.key);
  } else if (w.retries > 1) {
    x.emit(WorkFailed{w.key, w.element, c.message, {}, c.by, w.retries - 1, retry_of(x, w)});
  } else {
    fail_for_good(x, w, c);
  }
  run(x);
  return {};
}

Verdict carry_out(Execution& x, const RetryWork& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr || w->state != WorkState::waiting_retry) return {.rejection = std::nullopt, .stale = true};
  if (w->retry_at && x.at < *w->retry_at) return {refusal(rules::too_early, fmt::format("work {} is not to be tried again yet", c.work.value), {})};
  x.emit(WorkRetried{c.work, w->retries});
  return {};
}

}  // namespace switchboard::core
