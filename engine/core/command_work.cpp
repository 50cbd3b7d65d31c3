// What people and workers do with work.
#include <fmt/format.h>

#include <algorithm>

#include "core/rules.hpp"
#include "core/step.hpp"

namespace switchboard::core {
namespace {

/// How a piece of work is named to people: by its node, its id and its case.
std::string name_of(const Execution& x, const Work& w) {
  return fmt::format("work '{}' (i-{}.{}) of case '{}'", x.process.at(w.element).path, x.instance.key.value, w.key.value, x.instance.case_no);
}

std::string time_of(const Execution& x, Instant at) { return to_string(at, x.host.zone()); }

Error no_such_work(const Execution& x, WorkKey key) {
  return refusal(
      rules::not_there,
      fmt::format("work i-{}.{} of case '{}' is not open (done, withdrawn, or never there)", x.instance.key.value, key.value, x.instance.case_no),
      "list the open work of the case; its history tells what became of this one");
}

/// The lease ends before its last instant: from `lease_until` on, the job is anybody's again. Who held it may still answer for it until somebody else
/// has it: nobody has done it meanwhile.
bool is_held(const Work& w, Instant at) { return w.state == WorkState::claimed && !(w.lease_until && *w.lease_until <= at); }

/// What can be done about the state of a piece of work that does not let a command be.
std::string remedy_for(const Execution& x, const Work& w) {
  switch (w.state) {
    case WorkState::offered: return "claim it, complete it or fail it";
    case WorkState::claimed: return fmt::format("'{}' has it: let him release it", w.assignee);
    case WorkState::waiting_retry: return w.retry_at ? "it is offered again at " + time_of(x, *w.retry_at) : "it is offered again soon";
    case WorkState::failed: return "resolve its incident: then it is offered again";
    case WorkState::none:
    case WorkState::completed:
    case WorkState::withdrawn: break;
  }
  return "list the open work of the case";
}

Error wrong_state(const Execution& x, const Work& w, std::string_view what) {
  return refusal(rules::wrong_work_state, fmt::format("{} is {}: it cannot be {}", name_of(x, w), to_string(w.state), what), remedy_for(x, w));
}

Error somebody_has_it(const Execution& x, const Work& w, std::string hint) {
  const std::string until = w.lease_until ? " until " + time_of(x, *w.lease_until) : "";
  return refusal(rules::not_yours, fmt::format("{} is claimed by '{}'{}", name_of(x, w), w.assignee, until), std::move(hint));
}

Error meant_for(const Execution& x, const Work& w) {
  return refusal(rules::not_yours, fmt::format("{} is for '{}' alone", name_of(x, w), w.assignee), fmt::format("'{}' does it", w.assignee));
}

constexpr const char* only_its_holder = "only its holder may do this";

/// The number says which claim is meant; of the latest one only its own holder, or who has not said who he is, may speak. A number that a failure or
/// a release has used up is nobody's claim.
std::optional<Error> not_the_claim(const Execution& x, const Work& w, std::uint64_t token, const std::string& by) {
  if (token != w.token || w.burnt) {
    const std::string now =
        w.state == WorkState::claimed ? fmt::format("claimed by '{}' under token {}", w.assignee, w.token) : std::string(to_string(w.state));
    return refusal(rules::claim_over, fmt::format("token {} is no claim of {} that holds: the work is {}", token, name_of(x, w), now),
                   "drop what you have done, or do what undoes it; fetch again");
  }
  if (w.state == WorkState::claimed && !by.empty() && w.assignee != by) return somebody_has_it(x, w, only_its_holder);
  return std::nullopt;
}

bool shares_group(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const std::string& g) { return std::find(b.begin(), b.end(), g) != b.end(); });
}

using Groups = std::optional<std::vector<std::string>>;

/// Who names no groups may have it, and so may whom it is meant for by name.
std::optional<Error> outside_groups(const Execution& x, const Work& w, const std::string& by, const Groups& groups) {
  if (!groups || w.groups.empty() || w.personal || shares_group(w.groups, *groups)) return std::nullopt;
  return refusal(rules::not_yours, fmt::format("{} is for {}", name_of(x, w), fmt::join(w.groups, ", ")),
                 by.empty() ? std::string("the caller is in none of its groups") : fmt::format("'{}' is in none of its groups", by));
}

/// What `complete` and `fail` have in common. Who has the work may do it; work that nobody has may be done by anybody who could claim it. A claim
/// that is over is told before anything else.
template <class C>
std::optional<Error> not_allowed(const Execution& x, const Work& w, WorkMove move, std::string_view what, const C& c) {
  if (c.token != 0) {
    if (auto error = not_the_claim(x, w, c.token, c.by)) return error;
  }
  if (!next(w.state, move)) return wrong_state(x, w, what);
  if (c.token != 0) return std::nullopt;
  if (w.state == WorkState::claimed && w.assignee == c.by) return std::nullopt;
  if (is_held(w, x.at)) return somebody_has_it(x, w, only_its_holder);
  if (w.personal && !c.by.empty() && w.assignee != c.by) return meant_for(x, w);
  return outside_groups(x, w, c.by, c.groups);
}

std::optional<Error> outside_form(const Execution& x, ElementIndex place, const Value& result) {
  const model::Element& element = x.process.at(place);
  const Context* given = result.context();
  if (!element.work.has_form || element.out.explicit_out || given == nullptr) return std::nullopt;
  for (const auto& [name, value] : given->entries()) {
    const SlotIndex slot = x.process.find_data(place, name);
    if (!slot) continue;  // reported as unknown by the mapping
    const auto& form = element.work.form;
    if (std::any_of(form.begin(), form.end(), [&](const model::FormSpec& f) { return f.slot == slot; })) continue;
    std::string allowed;
    for (const model::FormSpec& f : form) allowed += (allowed.empty() ? "" : ", ") + x.process.spec(place, f.slot).name;
    return refusal(rules::data_refused, fmt::format("'{}' is not on the form of '{}'", name, element.path), "the form has " + allowed);
  }
  return std::nullopt;
}

std::optional<Error> may_not_claim(const Execution& x, const Work& w, const ClaimWork& c) {
  if (c.by.empty()) return refusal(rules::malformed, "a claim needs to say by whom", "name who takes the work");
  if (w.personal && w.assignee != c.by) return meant_for(x, w);
  return outside_groups(x, w, c.by, c.groups);
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
  x.emit(WorkFailed{w.key, w.element, c.message, c.error, c.by, 0, std::nullopt, w.token + 1, true});
  raise_work_incident(x, w.key, rules::job_failed, c.message.empty() ? "the work failed, no retries are left" : c.message);
}

/// Another claim than the one that may be there. Of a job whose lease has run out the lease is ended first.
Verdict claim_anew(Execution& x, const Work& found, const ClaimWork& c) {
  const Work w = found;
  // A person who claims twice has it as before; a worker who does would not know which of its two threads has the job.
  if (is_held(w, x.at) && (w.assignee != c.by || w.lease_until))
    return {somebody_has_it(
        x, w, w.assignee == c.by ? "show the token of the claim to extend it" : "let its holder release it, or wait until the lease is over")};
  const auto lease = lease_of(x, w, c);
  if (w.state == WorkState::claimed && w.lease_until) x.emit(WorkReleased{w.key, {}, 0, false});
  x.emit(WorkClaimed{w.key, c.by, lease, w.token + 1});
  return {};
}

}  // namespace

Verdict carry_out(Execution& x, const CompleteWork& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr) return {no_such_work(x, c.work)};
  if (auto error = not_allowed(x, *w, WorkMove::complete, "completed", c)) return {std::move(error)};
  if (auto error = outside_form(x, w->element, c.result)) return {std::move(error)};
  auto doubt = check_form(x, *w, c.result);
  if (!doubt) return {doubt.error()};
  const ElementKey key = w->element_key;
  auto writes = map_result(x, {w->element, key}, c.result, Names::declared_only);
  if (!writes) return {writes.error()};
  x.emit(WorkCompleted{c.work, w->element, c.by});
  if (!doubt.value().empty()) x.emit(NoteAdded{std::move(doubt).value(), {}});
  settle(x, key, std::move(writes));
  run(x);
  return {};
}

Verdict carry_out(Execution& x, const ClaimWork& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr) return {no_such_work(x, c.work)};
  if (c.token != 0) {  // before its state: a worker that is too late is told so, whatever has become of the job
    if (auto error = not_the_claim(x, *w, c.token, c.by)) return {std::move(error)};
  }
  if (auto error = may_not_claim(x, *w, c)) return {std::move(error)};
  if (!next(w->state, WorkMove::claim)) return {wrong_state(x, *w, "claimed")};
  if (c.lease_until && *c.lease_until <= x.at) return {refusal(rules::malformed, "the lease would be over before it begins", "give a longer one")};
  if (c.token == 0) return claim_anew(x, *w, c);
  x.emit(WorkClaimed{c.work, c.by, lease_of(x, *w, c), c.token});
  return {};
}

/// Who has it gives it back; somebody else takes it away, and says why. The token of the claim says who has it.
Verdict carry_out(Execution& x, const ReleaseWork& c) {
  const Work* w = x.instance.find(c.work);
  if (c.lease) {
    if (w == nullptr || w->state != WorkState::claimed || w->lease_until != c.lease) return {.rejection = std::nullopt, .stale = true};
    if (x.at < *c.lease)
      return {refusal(rules::too_early, fmt::format("the lease of {} has not run out", name_of(x, *w)), "it does at " + time_of(x, *c.lease))};
    x.emit(WorkReleased{c.work, {}, 0, false});
    return {};
  }
  if (w == nullptr) return {no_such_work(x, c.work)};
  if (c.token != 0) {
    if (auto error = not_the_claim(x, *w, c.token, c.by)) return {std::move(error)};
  }
  if (!next(w->state, WorkMove::release)) return {wrong_state(x, *w, "released")};
  if (c.by.empty() && c.token == 0) return {refusal(rules::malformed, "a release needs to say by whom", "name who gives the work back")};
  const std::string by = c.by.empty() ? w->assignee : c.by;
  const bool is_taken_away = w->assignee != by;
  if (is_taken_away && c.reason.empty())
    return {somebody_has_it(x, *w, "only its holder gives it back; a supervisor who takes it away says why (`--reason TEXT`), or assigns it")};
  const std::string holder = w->assignee;
  x.emit(WorkReleased{c.work, by, w->token + 1, true});
  if (!c.reason.empty())
    x.emit(NoteAdded{is_taken_away ? fmt::format("work taken from '{}': {}", holder, c.reason) : "work given back: " + c.reason, by});
  return {};
}

Verdict carry_out(Execution& x, const AssignWork& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr) return {no_such_work(x, c.work)};
  if (c.to.empty()) return {refusal(rules::malformed, "to whom is the work given?", "name a person")};
  if (c.by.empty() || c.reason.empty())
    return {refusal(rules::malformed, "who gives the work to somebody says who he is, and why", "give both: --by NAME --reason TEXT")};
  if (w->kind != WorkKind::user)
    return {refusal(rules::wrong_work_state, fmt::format("{} is a job for programs: it is not given to a person", name_of(x, *w)),
                    "workers fetch it by its topic")};
  if (!next(w->state, WorkMove::claim)) return {wrong_state(x, *w, "given to somebody")};
  x.emit(WorkAssigned{w->key, w->element, c.to, w->assignee, c.by, c.reason, w->token + 1});
  return {};
}

Verdict carry_out(Execution& x, const FailWork& c) {
  const Work* found = x.instance.find(c.work);
  if (found == nullptr) return {no_such_work(x, c.work)};
  if (auto error = not_allowed(x, *found, WorkMove::fail_final, "failed", c)) return {std::move(error)};
  if (c.retries && *c.retries < 0)
    return {refusal(rules::malformed, fmt::format("retries: {} is less than 0", *c.retries), "give how many are left")};
  const Work w = *found;
  const std::int32_t left = c.retries ? *c.retries : w.retries - 1;
  if (!c.error.empty()) {
    x.emit(WorkFailed{w.key, w.element, c.message, c.error, c.by, w.retries, std::nullopt, w.token + 1, true});
    raise_error(x, w.element_key, c.error, c.message, c.payload, w.key);
  } else if (left > 0) {
    x.emit(WorkFailed{w.key, w.element, c.message, {}, c.by, left, c.retry_at ? std::max(*c.retry_at, x.at) : retry_of(x, w), w.token + 1, true});
  } else {
    fail_for_good(x, w, c);
  }
  run(x);
  return {};
}

Verdict carry_out(Execution& x, const RetryWork& c) {
  const Work* w = x.instance.find(c.work);
  if (w == nullptr || w->state != WorkState::waiting_retry) return {.rejection = std::nullopt, .stale = true};
  if (w->retry_at && x.at < *w->retry_at)
    return {refusal(rules::too_early, fmt::format("{} is not to be tried again yet", name_of(x, *w)), "it is at " + time_of(x, *w->retry_at))};
  x.emit(WorkRetried{c.work, w->retries});
  return {};
}

}  // namespace switchboard::core
