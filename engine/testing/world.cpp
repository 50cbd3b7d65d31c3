#include "testing/world.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "base/assert.hpp"

namespace switchboard::testing {

using model::ElementIndex;
using model::EventKind;
using model::ExecutableProcess;

const ExecutableProcess* Definitions::find(std::string_view id) const {
  const auto found = processes.find(id);
  return found == processes.end() ? nullptr : found->second.get();
}

std::string Due::what(const ExecutableProcess& process, const core::ProcessInstance& of) const {
  if (kind == Kind::mark) {
    const model::ClockSpec& clock = process.clocks[static_cast<std::size_t>(key)];
    return fmt::format("clock {}, mark {}", clock.id, mark < clock.marks.size() ? clock.marks[mark].text : "breach");
  }
  if (kind == Kind::timer) {
    const core::Timer* timer = of.find(core::TimerKey{key});
    return fmt::format("timer {}", timer == nullptr ? "?" : process.at(timer->element).path);
  }
  const core::Work* work = of.find(core::WorkKey{key});
  return fmt::format("retry of {}", work == nullptr ? "?" : process.at(work->element).path);
}

const core::ProcessInstance* World::find(InstanceKey key) const {
  const auto found =
      std::lower_bound(instances_.begin(), instances_.end(), key, [](const core::ProcessInstance& i, InstanceKey k) { return i.key < k; });
  return found != instances_.end() && found->key == key ? &*found : nullptr;
}

core::ProcessInstance* World::find_mutable(InstanceKey key) { return const_cast<core::ProcessInstance*>(std::as_const(*this).find(key)); }

const ExecutableProcess& World::definition_of(const core::ProcessInstance& instance) const {
  const ExecutableProcess* process = definitions_->find(instance.process);
  SB_ASSERT(process != nullptr);
  return *process;
}

const core::ProcessInstance* World::child(InstanceKey parent, core::CallKey call) const {
  for (const core::ProcessInstance& i : instances_) {
    if (i.parent && i.parent->instance == parent && i.parent->call == call) return &i;
  }
  return nullptr;
}

namespace {

bool waits_for(const model::Element& start, std::string_view name) {
  return std::any_of(start.events.begin(), start.events.end(),
                     [&](const model::EventSpec& e) { return (e.kind == EventKind::message || e.kind == EventKind::signal) && e.name == name; });
}

// Which start event is meant: by id, by the message or signal it waits for, or the only one there is.
Result<ElementIndex> choose_start(const ExecutableProcess& process, std::string_view wanted) {
  const std::vector<ElementIndex>& starts = process.elements.front().start_events;
  std::vector<ElementIndex> fitting;
  std::string names;
  for (const ElementIndex s : starts) {
    const model::Element& e = process.at(s);
    names += (names.empty() ? "" : ", ") + e.id;
    const bool plain = e.events.empty();
    if (wanted.empty() ? plain || starts.size() == 1 : e.id == wanted || waits_for(e, wanted)) fitting.push_back(s);
  }
  if (fitting.size() == 1) return fitting.front();
  return Error{ErrorKind::invalid,
               "SB0903",
               wanted.empty() ? fmt::format("process '{}' has several ways to start", process.id)
                              : fmt::format("process '{}' has no start event '{}' and none that waits for it", process.id, wanted),
               {},
               fmt::format("its start events: {}", names)};
}

}  // namespace

Result<InstanceKey> World::start(std::string_view process, std::string_view case_no, const Value& data, std::string_view start) {
  const ExecutableProcess* definition = definitions_->find(process);
  if (definition == nullptr) return Error{ErrorKind::not_found, "SB0902", fmt::format("there is no process '{}'", process), {}, {}};
  SB_TRY(const ElementIndex chosen, choose_start(*definition, start));
  const model::Element& event = definition->at(chosen);
  core::StartInstance command;
  command.key = InstanceKey{next_key_++};
  command.case_no = std::string(case_no);
  command.data = data.is_null() ? Value(Context{}) : data;
  command.start_event = event.id;
  if (!event.events.empty() && event.events.front().kind == EventKind::message) command.message = event.events.front().name;
  const InstanceKey key = command.key;
  SB_TRYV(create(std::move(command), *definition));
  SB_TRYV(come_to_rest());
  return key;
}

Result<void> World::create(core::StartInstance start, const ExecutableProcess& process) {
  core::Command command;
  command.at = now_;
  const InstanceKey key = start.key;
  command.what = std::move(start);
  core::StepResult result = core::step(process, {}, command);
  if (result.rejection) return *result.rejection;
  issued_.push_back({key, std::move(command)});
  for (const core::Event& event : result.events) diary_.push_back({key, event});
  for (core::Effect& effect : core::effects(process, result.instance, result.events)) errands_.push_back({key, std::move(effect)});
  instances_.push_back(std::move(result.instance));  // keys ascend
  return success();
}

Result<void> World::run(InstanceKey key, core::Command command) {
  core::ProcessInstance* instance = find_mutable(key);
  SB_ASSERT(instance != nullptr);
  const ExecutableProcess& process = definition_of(*instance);
  core::StepResult result = core::step(process, std::move(*instance), command);
  *instance = std::move(result.instance);
  if (result.rejection) return *result.rejection;
  if (result.stale) return Error{ErrorKind::rejected, "SB0905", "it came too late", {}, {}};
  issued_.push_back({key, std::move(command)});
  for (const core::Event& event : result.events) diary_.push_back({key, event});
  for (core::Effect& effect : core::effects(process, *instance, result.events)) errands_.push_back({key, std::move(effect)});
  return success();
}

Result<void> World::submit(InstanceKey instance, decltype(core::Command::what) what) {
  core::Command command;
  command.at = now_;
  command.what = std::move(what);
  SB_TRYV(run(instance, std::move(command)));
  return come_to_rest();
}

Result<void> World::message(std::string_view name, std::string_view correlation, const Value& payload) {
  SB_TRY(const bool heard, deliver({std::string(name), std::string(correlation), payload}));
  if (!heard) {
    return Error{ErrorKind::not_found, "SB0506", fmt::format("nobody waits for message '{}' with key '{}'", name, correlation), {}, {}};
  }
  return come_to_rest();
}

Result<std::size_t> World::signal(std::string_view name, const Value& payload) {
  const std::size_t heard = broadcast(name, payload);
  SB_TRYV(come_to_rest());
  return heard;
}

std::vector<Due> World::all_due() const {
  std::vector<Due> all;
  for (const core::ProcessInstance& i : instances_) {
    if (i.state != core::InstanceState::active) continue;
    for (const core::Effect& effect : core::pending(definition_of(i), i)) {
      if (const auto* timer = std::get_if<core::ArmTimer>(&effect)) all.push_back({timer->due, i.key, Due::Kind::timer, timer->timer.value, 0, 0});
      if (const auto* mark = std::get_if<core::ArmMark>(&effect))
        all.push_back({mark->due, i.key, Due::Kind::mark, mark->clock.value, mark->round, mark->mark});
      if (const auto* retry = std::get_if<core::ArmRetry>(&effect)) all.push_back({retry->due, i.key, Due::Kind::retry, retry->work.value, 0, 0});
    }
  }
  const auto order = [](const Due& d) { return std::tuple(d.at, d.instance, d.kind, d.key, d.round, d.mark); };
  std::sort(all.begin(), all.end(), [&](const Due& a, const Due& b) { return order(a) < order(b); });
  return all;
}

std::optional<Due> World::next_due() const {
  const std::vector<Due> all = all_due();
  if (all.empty()) return std::nullopt;
  return all.front();
}

namespace {

decltype(core::Command::what) command_of(const Due& due) {
  switch (due.kind) {
    case Due::Kind::timer: return core::FireTimer{core::TimerKey{due.key}, due.at};
    case Due::Kind::mark: return core::FireMark{core::ClockIndex{static_cast<std::uint32_t>(due.key)}, due.round, due.mark, due.at};
    case Due::Kind::retry: return core::RetryWork{core::WorkKey{due.key}};
  }
  SB_UNREACHABLE("Due::Kind");
}

}  // namespace

Result<void> World::advance_to(Instant at) {
  SB_TRYV(fire_until(at));
  now_ = std::max(now_, at);
  return success();
}

/// What is due when it is set fires at once, as by the next tick of an engine.
Result<void> World::come_to_rest() {
  SB_TRYV(settle());
  return fire_until(now_);
}

Result<void> World::fire_until(Instant at) {
  for (std::size_t fired = 0; fired < most_commands; ++fired) {
    const std::optional<Due> due = next_due();
    if (!due || due->at > at) return success();
    now_ = std::max(now_, due->at);
    const InstanceKey instance = due->instance;
    core::Command command;
    command.at = now_;
    command.what = command_of(*due);
    Result<void> done = run(instance, std::move(command));
    if (done) {
      SB_TRYV(settle());
    }
    drop(done, instance);
    if (const std::optional<Due> again = next_due();
        !done && again && again->at == due->at && again->key == due->key && again->kind == due->kind && again->instance == instance) {
      return done.error();  // it would be tried for ever
    }
  }
  return Error{ErrorKind::limit,
               "SB0906",
               fmt::format("more than {} timers and marks fired on the way", most_commands),
               {},
               "is there a timer that repeats for ever?"};
}

}  // namespace switchboard::testing
