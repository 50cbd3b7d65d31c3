#include "testing/world.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "switchboard/base/assert.hpp"

namespace switchboard::testing {

using model::ElementIndex;
using model::EventKind;
using model::ExecutableProcess;

const ExecutableProcess* Definitions::find(std::string_view id) const {
  const auto found = processes.find(id);
  return found == processes.end() ? nullptr : found->second.get();
}

std::string text_of(const core::Due& due, const ExecutableProcess& process, const core::ProcessInstance& of) {
  if (due.kind == core::Due::Kind::mark) {
    const model::ClockSpec& clock = process.clocks[static_cast<std::size_t>(due.key)];
    return fmt::format("clock {}, mark {}", clock.id, due.mark < clock.marks.size() ? clock.marks[due.mark].text : "breach");
  }
  if (due.kind == core::Due::Kind::timer) {
    const core::Timer* timer = of.find(core::TimerKey{due.key});
    return fmt::format("timer {}", timer == nullptr ? "?" : process.at(timer->element).path);
  }
  const core::Work* work = of.find(core::WorkKey{due.key});
  return fmt::format("{} of {}", core::to_string(due.kind), work == nullptr ? "?" : process.at(work->element).path);
}

World::World(DefinitionsPtr definitions, Instant now) : definitions_(std::move(definitions)), now_(now) {
  for (const auto& [id, process] : definitions_->processes) {
    for (const ElementIndex start : driver::timer_starts_of(*process)) {
      const auto timer = core::start_timer(*process, start, now);
      if (timer)
        schedules_.push_back({{process, process->at(start).id}, timer.value()});
      else
        tell_refused(timer.error(), {});
    }
  }
}

std::vector<std::pair<model::Position, Error>> World::fill(const std::vector<model::GivenRow>& rows) {
  std::vector<model::ExecutablePtr> processes;
  for (const auto& [id, process] : definitions_->processes) processes.push_back(process);
  return rows_.fill(rows, processes, now_);
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

/// The definition of message or signal `name`; null when it does not wait for that.
const model::EventSpec* waits_for(const model::Element& start, std::string_view name) {
  for (std::size_t d = 0; d < start.definitions(); ++d) {
    const model::EventSpec& e = start.definition(d);
    if ((e.kind == EventKind::message || e.kind == EventKind::signal) && e.name == name) return &e;
  }
  return nullptr;
}

// Which start event is meant: by id, by the message or signal it waits for, or the only one there is.
Result<ElementIndex> choose_start(const ExecutableProcess& process, std::string_view wanted) {
  const std::vector<ElementIndex>& starts = process.elements.front().entries;
  std::vector<ElementIndex> fitting;
  std::string names;
  for (const ElementIndex s : starts) {
    const model::Element& e = process.at(s);
    names += (names.empty() ? "" : ", ") + e.id;
    const bool plain = e.definitions() == 0;
    if (wanted.empty() ? plain || starts.size() == 1 : e.id == wanted || waits_for(e, wanted) != nullptr) fitting.push_back(s);
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
  command.case_no = std::string(case_no);
  command.data = data.is_null() ? Value(Context{}) : data;
  command.start_event = event.id;
  const model::EventSpec* told = waits_for(event, start);
  if (told == nullptr && event.definitions() > 0) told = &event.definition(0);
  if (told != nullptr && told->kind == EventKind::message) command.message = told->name;
  if (told != nullptr && told->kind == EventKind::signal) command.signal = told->name;
  SB_TRY(const InstanceKey key, create(std::move(command), *definition));
  SB_TRYV(come_to_rest());
  return key;
}

Result<InstanceKey> World::create(core::StartInstance start, const ExecutableProcess& process) {
  start.key = InstanceKey{next_key_++};
  start.case_no = driver::case_number(start.case_no, start.key);
  core::Command command{{}, now_, std::move(start), chain_};
  core::StepResult result = core::step(process, {}, command);
  if (result.rejection) return *result.rejection;
  const core::ProcessInstance& made = result.instance;
  const auto has_its_number = [&made](const core::ProcessInstance& i) {
    return driver::takes_case_number(i) && i.case_no == made.case_no && i.process == made.process;
  };
  if (driver::takes_case_number(made) && std::any_of(instances_.begin(), instances_.end(), has_its_number))
    return driver::number_taken(made.process, made.case_no);
  const InstanceKey key = made.key;
  instances_.push_back(std::move(result.instance));  // keys ascend
  kept_.call_for(nullptr, instances_.back(), now_);
  keep(key, process, instances_.back(), std::move(command), std::move(result.events));
  return key;
}

Result<void> World::run(InstanceKey key, core::Command command) {
  core::ProcessInstance* instance = find_mutable(key);
  SB_ASSERT(instance != nullptr);
  const ExecutableProcess& process = definition_of(*instance);
  const std::optional<core::ProcessInstance> before = kept_.empty() ? std::nullopt : std::optional(*instance);
  core::StepResult result = core::step(process, std::move(*instance), command);
  *instance = std::move(result.instance);
  if (result.rejection) return *result.rejection;
  if (result.stale) return Error{ErrorKind::rejected, "SB0905", "it came too late", {}, {}};
  if (before) kept_.call_for(&*before, *instance, now_);
  keep(key, process, *instance, std::move(command), std::move(result.events));
  return success();
}

void World::keep(InstanceKey key, const ExecutableProcess& process, const core::ProcessInstance& after, core::Command command,
                 std::vector<core::Event> events) {
  std::uint32_t place = 0;
  for (core::Effect& effect : core::effects(process, after, events)) errands_.push_back({key, std::move(effect), after.sequence, place++, chain_});
  for (core::Event& event : events) diary_.push_back({key, std::move(event)});
  issued_.push_back({key, std::move(command)});
}

Result<void> World::submit(InstanceKey instance, decltype(core::Command::what) what, std::string organisation) {
  SB_TRYV(run(instance, {{}, now_, std::move(what), 0, std::move(organisation)}));
  return come_to_rest();
}

std::vector<core::Due> World::all_due() const {
  std::vector<core::Due> all;
  for (const core::ProcessInstance& i : instances_) {
    const std::vector<core::Due> due = core::due_of(definition_of(i), i);
    all.insert(all.end(), due.begin(), due.end());
  }
  std::sort(all.begin(), all.end());
  return all;
}

std::optional<core::Due> World::next_due() const {
  const std::vector<core::Due> all = all_due();
  if (all.empty()) return std::nullopt;
  return all.front();
}

std::vector<World::Schedule>::iterator World::next_start() {
  return std::min_element(schedules_.begin(), schedules_.end(), [](const Schedule& a, const Schedule& b) { return a.timer.due < b.timer.due; });
}

std::optional<Instant> World::next_instant() const {
  const std::optional<core::Due> due = next_due();
  std::optional<Instant> next = due ? std::optional(due->due) : std::nullopt;
  for (const Schedule& s : schedules_) next = next ? std::min(*next, s.timer.due) : s.timer.due;
  if (const driver::KeptMessage* end = kept_.next_end(); end != nullptr) {
    const Instant over = *driver::over_at(end->until);
    next = next ? std::min(*next, over) : over;
  }
  return next;
}

Result<void> World::advance_to(Instant at) {
  SB_TRYV(fire_until(at));
  now_ = std::max(now_, at);
  return success();
}

Result<void> World::advance_up_to(Instant at) {
  SB_TRYV(fire_until(at - Duration::micros(1)));
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
    SB_TRYV(repeat_deferred());
    const std::optional<core::Due> due = next_due();
    const driver::KeptMessage* const end = kept_.next_end();
    const Instant over = end == nullptr ? Instant::max() : *driver::over_at(end->until);
    if (const auto start = next_start();
        start != schedules_.end() && start->timer.due <= at && (!due || start->timer.due <= due->due) && start->timer.due <= over) {
      now_ = std::max(now_, start->timer.due);
      SB_TRYV(fire_start(*start));
      continue;
    }
    if (end != nullptr && over <= at && (!due || over < due->due)) {
      now_ = std::max(now_, over);
      end_time(*end);
      SB_TRYV(settle());  // those behind it are offered
      continue;
    }
    if (!due || due->due > at) return success();
    now_ = std::max(now_, due->due);
    chain_ = core::chain_of(*find(due->instance), *due);
    const Result<void> done = run(due->instance, {{}, now_, core::command_of(*due), chain_});
    chain_ = 0;
    SB_TRYV(settle());
    if (done) continue;
    if (done.error().id != "SB0905") tell_refused(done.error(), due->instance);
    if (next_due() == due) return done.error();  // it would be tried for ever
  }
  return Error{ErrorKind::limit,
               "SB0906",
               fmt::format("more than {} timers and marks fired on the way", most_commands),
               {},
               "is there a timer that repeats for ever?"};
}

}  // namespace switchboard::testing
