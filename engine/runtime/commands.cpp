#include "runtime/commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <new>
#include <utility>

#include "driver/driver.hpp"
#include "runtime/answers.hpp"
#include "runtime/ids.hpp"
#include "runtime/views.hpp"

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
  if (use.command.empty() || t.before == nullptr) return use;
  const auto id = parse_part_id(use.of, "work");
  const core::Work* work = id ? t.before->find(core::WorkKey{id.value().second}) : nullptr;
  if (work != nullptr) use.element = t.process->at(work->element).path;
  return use;
}

}  // namespace

std::string case_answer(const Loaded& after) { return answer_bytes(case_info(*after.process, *after.instance)); }

Result<Loaded> Commands::load(core::InstanceKey key, bool fresh) {
  if (!fresh) {
    if (Loaded cached = cache_.find(key)) {
      // The definition is asked for again when it may stand on a calendar that has changed meanwhile.
      if (const std::uint64_t now = definitions_.known(); cached.definitions != now) {
        cached.definitions = now;
        SB_TRY(cached.process, definitions_.by_hash(cached.instance->definition));
      }
      return after_calendars(std::move(cached));
    }
  }
  SB_TRYV(definitions_.refresh());
  const std::uint64_t definitions = definitions_.known();
  SB_TRY(auto stored, store_.load(key));
  if (!stored) return Loaded{};
  SB_TRY(auto process, definitions_.by_hash(stored->instance.definition));
  Loaded loaded{std::make_shared<const core::ProcessInstance>(std::move(stored->instance)), stored->version, std::move(process), false, definitions};
  cache_.put(loaded);
  return after_calendars(std::move(loaded));
}

Result<Loaded> Commands::load_newest(core::InstanceKey key) {
  if (const Loaded cached = cache_.find(key)) {
    SB_TRY(const auto version, store_.version_of(key));
    if (version == cached.version) return load(key, false);
  }
  return load(key, true);
}

Result<Loaded> Commands::after_calendars(Loaded loaded) {
  if (!definitions_.has_changed_calendars() || core::is_finished(loaded.instance->state)) return loaded;
  SB_TRY(const std::vector<Following> changes, definitions_.changes_for(*loaded.instance));
  for (const Following& change : changes) {
    const Instant at = std::max(change.at, loaded.instance->last);
    core::StepResult result = step(*change.after, *loaded.instance, {"", at, core::RederiveClocks{change.reason, change.before, change.from_now}});
    if (result.rejection) return *result.rejection;
    if (result.events.empty()) continue;
    if (loaded.stored == nullptr) loaded.stored = loaded.instance;
    loaded.followed.insert(loaded.followed.end(), std::make_move_iterator(result.events.begin()), std::make_move_iterator(result.events.end()));
    loaded.instance = std::make_shared<const core::ProcessInstance>(std::move(result.instance));
  }
  return loaded;
}

Result<Loaded> Commands::load_existing(core::InstanceKey key) {
  SB_TRY(auto loaded, load(key, true));
  if (!loaded) return no_such_instance(key);
  return loaded;
}

/// The clock and the observers are the embedder's and take his locks: the one is asked before the stripe is taken, the others are told after it.
Result<Applied> Commands::apply(const Order& order) {
  SB_TRYV(committer_.make_room());
  SB_TRY(const Instant told, order.at ? Result<Instant>(*order.at) : time_.now());
  auto outcome = apply_at(order, told);
  if (outcome && outcome.value().after) committer_.tell();
  return outcome;
}

/// Whether the request has been answered already is seen by its answer when that is committed; so it is asked only where nothing is.
Result<Applied> Commands::apply_at(const Order& order, Instant told) {
  const std::lock_guard stripe(stripes_[order.instance.value % stripes_.size()]);
  for (int i = 0; i < max_attempts; ++i) {
    auto outcome = attempt(order, told, i > 0);
    if (!outcome || (outcome.value() && outcome.value()->stale)) {
      SB_TRY(auto known, answer_given(order.request_id, order.use));
      if (known) return Applied{{}, std::move(known), false, {}};
    }
    if (!outcome) return outcome.error();
    if (outcome.value()) return std::move(*outcome.value());
    cache_.drop(order.instance);
  }
  return changes_too_often(order.instance);
}

/// Nothing: the instance has moved on, try again with a fresh one.
Result<std::optional<Applied>> Commands::attempt(const Order& order, Instant told, bool fresh) {
  SB_TRY(const auto loaded, load(order.instance, fresh));
  if (!loaded) return no_such_instance(order.instance);
  const Instant at = std::max(told, loaded.instance->last);
  core::StepResult result = step(*loaded.process, *loaded.instance, {order.request_id, at, order.what, order.chain, order.organisation});
  if (result.rejection || result.stale) {
    // Another process may have changed what the cache still shows: no refusal on hearsay.
    if (loaded.cached && !fresh) return std::optional<Applied>();
    if (result.stale) return std::optional(Applied{{}, std::nullopt, true, {}});
    return *result.rejection;
  }
  Transition transition = transition_of(loaded, std::move(result), at);
  return conclude(order, transition);
}

Result<std::optional<Applied>> Commands::conclude(const Order& order, Transition& transition) {
  const Loaded after{transition.after, transition.version + 1, transition.process, true};
  transition.request_id = order.request_id;
  transition.chain = order.chain;
  transition.errands_done = order.errands_done;
  transition.errands_aside = order.errands_aside;
  transition.errands_again = order.errands_again;
  if (order.keeps != nullptr) {
    transition.keeps = {*order.keeps};
    transition.keeps.front().arrived = transition.at;
  }
  if (order.kept != 0) transition.kept_ends = {{order.kept}};
  if (order.writes != nullptr) transition.rows = {*order.writes};
  RequestUse use;
  if (!order.request_id.empty()) {
    use = use_with_element(order, transition);
    transition.answer = with_use(order.answer(after), use);
  }
  Transition* one = &transition;
  committer_.commit({&one, 1});
  if (!transition.refused) {
    Applied done = applied(transition);
    done.use = std::move(use);
    return std::optional(std::move(done));
  }
  if (transition.refused->id == store::stale_version) return std::optional<Applied>();
  if (order.kept != 0 && transition.refused->id == store::kept_no_more) return std::optional(Applied{{}, std::nullopt, true, {}});
  if (transition.refused->id == store::known_request) {
    SB_TRY(auto known, answer_given(order.request_id, order.use));
    if (known) return std::optional(Applied{{}, std::move(known), false, {}});
  }
  return *transition.refused;
}

Result<std::optional<std::string>> Commands::answer_given(const std::string& request_id, const RequestUse& use) {
  if (request_id.empty()) return std::optional<std::string>();
  SB_TRY(auto known, store_.answer_of(request_id));
  if (known) {
    SB_TRYV(same_use(*known, use));
  }
  return known;
}

core::StepResult Commands::step(const model::ExecutableProcess& process, const core::ProcessInstance& instance, const core::Command& command) {
  try {
    return core::step(process, instance, command);
  } catch (const std::bad_alloc&) {
    core::StepResult result;
    result.rejection = Error{ErrorKind::limit, "SB0552", "no memory is left to carry this out", "", "give the program more memory; repeat"};
    return result;
  }
}

Transition Commands::transition_of(const Loaded& before, core::StepResult result, Instant at) {
  Transition t;
  t.process = before.process;
  t.version = before.version;
  t.definitions = before.definitions;
  t.before = before.stored != nullptr ? before.stored : before.instance;
  t.after = std::make_shared<const core::ProcessInstance>(std::move(result.instance));
  t.events = std::move(result.events);
  t.events.insert(t.events.begin(), before.followed.begin(), before.followed.end());
  t.effects = core::effects(*t.process, *t.after, t.events);
  t.stage = stage_of(*t.process, *t.after);
  t.at = at;
  return t;
}

Transition Commands::transition_of_following(const Loaded& loaded) {
  core::StepResult nothing_more;
  nothing_more.instance = *loaded.instance;
  return transition_of(loaded, std::move(nothing_more), loaded.instance->last);
}

Applied Commands::applied(const Transition& t) {
  Applied done{{t.after, t.version + 1, t.process, true, t.definitions},
               std::nullopt,
               false,
               store::errands_of(t.after->key, t.after->sequence, t.effects, t.chain)};
  cache_.put(done.after);
  return done;
}

Result<Applied> Commands::start_instance(const model::ExecutablePtr& process, core::StartInstance command, const std::string& request_id,
                                         const RequestUse& use, std::uint32_t chain, std::uint64_t kept) {
  SB_TRYV(committer_.make_room());
  const std::string given_number = command.case_no;
  for (int i = 0; i < max_attempts; ++i) {
    if (i > 0) {
      SB_TRYV(definitions_.refresh());
    }
    Loaded before;
    before.definitions = definitions_.known();
    SB_TRY(before.process, definitions_.by_hash(process->hash));
    SB_TRY(command.key, store_.new_instance_key());
    command.case_no = driver::case_number(given_number, command.key);
    SB_TRY(const Instant at, time_.now());
    core::StepResult result = step(*before.process, {}, {request_id, at, command, chain});
    if (result.rejection) return *result.rejection;
    Transition transition = transition_of(before, std::move(result), at);
    Order order{command.key, {}, request_id, case_answer, use};
    order.chain = chain;
    order.kept = kept;
    SB_TRY(auto outcome, conclude(order, transition));
    if (!outcome) continue;
    if (outcome->stale) return std::move(*outcome);
    committer_.tell();
    return std::move(*outcome);
  }
  return changes_too_often(command.key);
}

Result<void> Commands::keep_answer(const std::string& request_id, std::string answer, bool replaces) {
  Transition t;
  t.request_id = request_id;
  t.answer = std::move(answer);
  t.replaces_answer = replaces;
  SB_TRY(t.at, time_.now());
  Transition* one = &t;
  committer_.commit({&one, 1});
  // Two callers with one request id: the first answer stands.
  if (t.refused && t.refused->id != store::known_request) return *t.refused;
  return success();
}

}  // namespace switchboard::runtime
