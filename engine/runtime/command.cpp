// The way of one command: load, step, commit, answer. (architecture.md)
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "runtime/answers.hpp"
#include "runtime/case_engine.hpp"
#include "runtime/ids.hpp"
#include "runtime/request_use.hpp"

namespace switchboard::runtime {

namespace {

/// A command meets a new version of its instance at most this often before its caller hears of it.
constexpr int max_attempts = 100;

Error no_such_instance(core::InstanceKey key) {
  return {ErrorKind::not_found, "SB0548", fmt::format("there is no case {}", instance_id(key)), "", "list the cases"};
}

Error changes_too_often(core::InstanceKey key) {
  return {ErrorKind::conflict, "SB0547", fmt::format("{} was changed by others {} times while this command tried", instance_id(key), max_attempts),
          "", "repeat the command"};
}

/// With the path of the work's node, while the work is there.
RequestUse use_with_element(const Order& order, const Transition& t) {
  RequestUse use = order.use;
  const auto part = use.of.find('/');
  if (use.command.empty() || part == std::string::npos || t.before == nullptr) return use;
  const auto id = parse_part_id(use.of, "work");
  const core::Work* work = id ? t.before->find(core::WorkKey{id.value().second}) : nullptr;
  if (work != nullptr) use.element = t.process->at(work->element).path;
  return use;
}

}  // namespace

Result<Loaded> CaseEngine::load(core::InstanceKey key, bool fresh) {
  if (!fresh) {
    if (Loaded cached = cache_.find(key)) return cached;
  }
  SB_TRY(auto stored, store_->load(key));
  if (!stored) return Loaded{};
  SB_TRY(auto process, definitions_.by_hash(stored->instance.definition));
  Loaded loaded{std::make_shared<const core::ProcessInstance>(std::move(stored->instance)), stored->version, std::move(process), false};
  cache_.put(loaded);
  return loaded;
}

Result<Loaded> CaseEngine::load_existing(core::InstanceKey key) {
  SB_TRY(auto loaded, load(key, true));
  if (!loaded) return no_such_instance(key);
  return loaded;
}

Result<Applied> CaseEngine::apply(const Order& order) {
  SB_TRY(auto known, answer_given(order.request_id, order.use));
  if (known) return Applied{{}, std::move(known), false, {}};
  const std::lock_guard stripe(stripes_[order.instance.value % stripes_.size()]);
  for (int i = 0; i < max_attempts; ++i) {
    SB_TRY(auto outcome, attempt(order, i > 0));
    if (outcome) return std::move(*outcome);
    cache_.drop(order.instance);
  }
  return changes_too_often(order.instance);
}

/// Nothing: the instance has moved on, try again with a fresh one.
Result<std::optional<Applied>> CaseEngine::attempt(const Order& order, bool fresh) {
  SB_TRY(const auto loaded, load(order.instance, fresh));
  if (!loaded) return no_such_instance(order.instance);
  SB_TRY(const Instant told, order.at ? Result<Instant>(*order.at) : now());
  const Instant at = std::max(told, loaded.instance->last);
  core::StepResult result = core::step(*loaded.process, *loaded.instance, {order.request_id, at, order.what});
  if (result.rejection || result.stale) {
    // Another process may have changed what the cache still shows: no refusal on hearsay.
    if (loaded.cached && !fresh) return std::optional<Applied>();
    if (result.stale) return std::optional(Applied{{}, std::nullopt, true, {}});
    return *result.rejection;
  }
  Transition transition = transition_of(loaded, std::move(result), at);
  return conclude(order, transition);
}

Result<std::optional<Applied>> CaseEngine::conclude(const Order& order, Transition& transition) {
  const Loaded after{transition.after, transition.version + 1, transition.process, true};
  transition.request_id = order.request_id;
  if (!order.request_id.empty()) transition.answer = with_use(order.answer(after), use_with_element(order, transition));
  Transition* one = &transition;
  committer_.commit({&one, 1});
  if (!transition.refused) return std::optional(applied(transition));
  if (transition.refused->id == store::stale_version) return std::optional<Applied>();
  if (transition.refused->id == store::known_request) {
    SB_TRY(auto known, answer_given(order.request_id, order.use));
    if (known) return std::optional(Applied{{}, std::move(known), false, {}});
  }
  return *transition.refused;
}

Result<std::optional<std::string>> CaseEngine::answer_given(const std::string& request_id, const RequestUse& use) {
  if (request_id.empty()) return std::optional<std::string>();
  SB_TRY(auto known, store_->answer_of(request_id));
  if (known) {
    SB_TRYV(same_use(*known, use));
  }
  return known;
}

Transition CaseEngine::transition_of(const Loaded& before, core::StepResult result, Instant at) const {
  Transition t;
  t.process = before.process;
  t.version = before.version;
  t.before = before.instance;
  t.after = std::make_shared<const core::ProcessInstance>(std::move(result.instance));
  t.events = std::move(result.events);
  t.effects = core::effects(*t.process, *t.after, t.events);
  t.stage = stage_of(*t.process, *t.after);
  t.at = at;
  return t;
}

Applied CaseEngine::applied(const Transition& t) {
  Applied done{{t.after, t.version + 1, t.process, true}, std::nullopt, false, store::errands_of(t.after->key, t.after->sequence, t.effects)};
  cache_.put(done.after);
  return done;
}

Result<Applied> CaseEngine::start_instance(const model::ExecutablePtr& process, core::StartInstance command, const std::string& request_id,
                                           const RequestUse& use) {
  const std::string given_number = command.case_no;
  for (int i = 0; i < max_attempts; ++i) {
    SB_TRY(command.key, store_->new_instance_key());
    command.case_no = given_number.empty() ? instance_id(command.key) : given_number;
    SB_TRY(const Instant at, now());
    core::StepResult result = core::step(*process, {}, {request_id, at, command});
    if (result.rejection) return *result.rejection;
    Loaded before;
    before.process = process;
    Transition transition = transition_of(before, std::move(result), at);
    const Order order{command.key, {}, request_id, [](const Loaded& after) { return answer_bytes(case_info(*after.process, *after.instance)); }, use};
    SB_TRY(auto outcome, conclude(order, transition));
    if (outcome) return std::move(*outcome);
  }
  return changes_too_often(command.key);
}

/// Acts, then answers with the case as it is after that; a repeated request gets the very same.
Result<CaseInfo> CaseEngine::answer_case(const std::string& request_id, Applied applied) {
  if (applied.known) return read_answer<CaseInfo>(*applied.known);
  CaseInfo info = case_info(*applied.after.process, *applied.after.instance);
  if (applied.errands.empty()) return info;
  carry_out(std::move(applied.errands));
  const Loaded later = cache_.find(applied.after.instance->key);
  if (!later || later.version == applied.after.version) return info;
  info = case_info(*later.process, *later.instance);
  if (!request_id.empty()) {
    SB_TRY(const auto first, store_->answer_of(request_id));
    SB_TRYV(keep_answer(request_id, with_use(answer_bytes(info), first ? use_in(*first).value_or(RequestUse{}) : RequestUse{}), true));
  }
  return info;
}

Result<void> CaseEngine::keep_answer(const std::string& request_id, std::string answer, bool replaces) {
  Transition t;
  t.request_id = request_id;
  t.answer = std::move(answer);
  t.replaces_answer = replaces;
  SB_TRY(t.at, now());
  Transition* one = &t;
  committer_.commit({&one, 1});
  // Two callers with one request id: the first answer stands.
  if (t.refused && t.refused->id != store::known_request) return *t.refused;
  return success();
}

Result<CaseInfo> CaseEngine::submit(core::InstanceKey instance, CommandBody what, std::string_view request_id) {
  RequestUse use = request_id.empty() ? RequestUse{} : use_of(instance, what);
  const Order order{instance, std::move(what), std::string(request_id),
                    [](const Loaded& after) { return answer_bytes(case_info(*after.process, *after.instance)); }, std::move(use)};
  SB_TRY(auto applied, apply(order));
  if (applied.stale) {
    SB_TRY(const auto loaded, load_existing(instance));
    return case_info(*loaded.process, *loaded.instance);
  }
  return answer_case(order.request_id, std::move(applied));
}

Result<WorkInfo> CaseEngine::submit_work(core::InstanceKey instance, core::WorkKey work, CommandBody what, std::string_view request_id) {
  const auto info_of = [work, this](const Loaded& after) {
    const core::Work* found = after.instance->find(work);
    if (found == nullptr) return WorkInfo{};
    return work_info(*after.process, {after.instance->key, after.instance->case_no, after.instance->process, false}, *found, language_);
  };
  RequestUse use = request_id.empty() ? RequestUse{} : use_of(instance, what);
  const Order order{instance, std::move(what), std::string(request_id), [&](const Loaded& after) { return answer_bytes(info_of(after)); },
                    std::move(use)};
  SB_TRY(auto applied, apply(order));
  if (applied.known) return read_answer<WorkInfo>(*applied.known);
  if (applied.stale) {
    SB_TRY(const auto loaded, load_existing(instance));
    return info_of(loaded);
  }
  carry_out(std::move(applied.errands));
  return info_of(applied.after);
}

Result<std::optional<WorkInfo>> CaseEngine::work_of_request(std::string_view request_id) {
  if (request_id.empty()) return std::optional<WorkInfo>();
  SB_TRY(const auto answer, store_->answer_of(std::string(request_id)));
  const auto use = answer ? use_in(*answer) : std::nullopt;
  if (!use || use->element.empty()) return std::optional<WorkInfo>();
  SB_TRY(const auto id, parse_part_id(use->of, "work"));
  SB_TRY(const auto loaded, load_existing(id.first));
  WorkInfo work;
  work.id = use->of;
  work.instance = instance_id(id.first);
  work.case_no = loaded.instance->case_no;
  work.process = loaded.instance->process;
  work.element = use->element;
  return std::optional(std::move(work));
}

}  // namespace switchboard::runtime
