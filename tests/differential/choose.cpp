// What may be done next in a world of cases, by chance.
#include <fmt/format.h>

#include <algorithm>

#include "core/waits.hpp"
#include "differential/groups.hpp"

namespace switchboard::differential {

namespace {

Value some_payload(Chance& chance) {
  switch (chance.below(8)) {
    case 0: return Value("just text");
    case 1: return Context{{"n", Value("seven")}};
    case 2: return Context{};
    case 3: return Context{{"n", Value(7)}, {"name", Value("y")}};
    default: return Context{{"n", Value(static_cast<std::int64_t>(chance.below(5)))}};
  }
}

std::string some_number(Chance& chance) {
  switch (chance.below(6)) {
    case 0: return "k";
    case 1: return "i-1";
    case 2: return "";
    default: return fmt::format("C-{}", chance.below(4));
  }
}

/// A message or signal that some process knows.
std::string some_name(const Stage& stage, model::EventKind kind, Chance& chance) {
  std::vector<std::string> names;
  for (const auto& [id, process] : stage.processes)
    for (const model::Element& e : process->elements)
      for (const model::EventSpec& s : e.events)
        if (s.kind == kind) names.push_back(s.name);
  return names.empty() ? "nothing" : names[chance.below(names.size())];
}

Duration some_minutes(Chance& chance) { return Duration::minutes(static_cast<std::int64_t>(10 * (1 + chance.below(6)))); }

/// The number of its claim, now and then that of another one or none.
std::uint64_t some_token(const core::Work& work, Chance& chance) {
  switch (chance.below(6)) {
    case 0: return 0;
    case 1: return work.token + 1;
    default: return work.token;
  }
}

/// As the worker or person who has it, mostly.
std::string somebody(const core::Work& work, Chance& chance) {
  if (chance.one_in(5)) return "w2";
  return chance.one_in(5) ? std::string() : work.assignee;
}

/// A worker or person has to do with it.
decltype(core::Command::what) on_work(const core::Work& work, Instant now, Chance& chance) {
  const bool is_job = work.kind != core::WorkKind::user;
  const std::string by = somebody(work, chance);
  const std::uint64_t token = is_job ? some_token(work, chance) : 0;
  if (is_job && chance.one_in(3)) {
    core::FailWork fail{work.key, "line dead", chance.one_in(3) ? "bad" : "", {}, by, token};
    if (chance.one_in(4)) fail.retries = static_cast<std::int32_t>(chance.below(3));
    if (chance.one_in(4)) fail.retry_at = now + some_minutes(chance);
    return fail;
  }
  switch (chance.below(12)) {
    case 0: return core::ClaimWork{work.key, chance.one_in(2) ? "w1" : "w2", std::nullopt, std::nullopt, 0};
    case 1: return core::ReleaseWork{work.key, by, token, {}};
    case 4: return core::AssignWork{work.key, chance.one_in(2) ? "w1" : "w2", "boss", "the other is ill"};
    case 2:
    case 3:
      if (token != 0) return core::ClaimWork{work.key, by, std::nullopt, now + some_minutes(chance), token};
      break;
    default: break;
  }
  const bool is_wrong = chance.one_in(10);
  return core::CompleteWork{work.key, Context{{"n", is_wrong ? Value("seven") : Value(static_cast<std::int64_t>(chance.below(5)))}}, by, token};
}

std::optional<Action> on_some_case(const testing::World& world, Chance& chance) {
  std::vector<const core::ProcessInstance*> open, busy;
  for (const core::ProcessInstance& i : world.instances()) {
    if (core::is_finished(i.state)) continue;
    open.push_back(&i);
    if (!i.work.empty()) busy.push_back(&i);
  }
  if (open.empty()) return std::nullopt;
  const auto& some = busy.empty() || chance.one_in(4) ? open : busy;
  const core::ProcessInstance& i = *some[chance.below(some.size())];
  if (i.state == core::InstanceState::suspended && chance.one_in(2)) return Submit{i.key, core::ResumeInstance{"boss"}};
  if (chance.one_in(10)) return Submit{i.key, core::SuspendInstance{"audit", "boss"}};
  if (chance.one_in(20)) return Submit{i.key, core::CancelInstance{"given up", "boss"}};
  if (!i.incidents.empty() && chance.one_in(2)) return Submit{i.key, core::ResolveIncident{i.incidents.front().key, Context{}, 1, "boss"}};
  if (!i.ad_hocs.empty() && chance.one_in(4)) {
    constexpr const char* names[] = {"look", "note"};
    return Submit{i.key, core::BeginActivity{names[chance.below(2)], "boss"}};
  }
  if (chance.one_in(20)) {
    constexpr const char* units[] = {"zj", "hz", "hz-1", "nb", "nowhere"};
    const auto n = chance.below(5);
    const auto unit = units[i.sequence % 5];
    if (n == 3) return Submit{i.key, core::MoveToOrganisation{unit, "boss", "new borders"}};
    if (n == 4 && !i.work.empty()) return Submit{i.key, core::MoveToOrganisation{unit, "boss", "new borders", i.work[0].key}};
    return Submit{i.key, core::SetData{Context{{"n", Value(static_cast<std::int64_t>(n))}}, "boss"}};
  }
  if (i.work.empty()) return std::nullopt;
  const core::Work& work = i.work[chance.below(i.work.size())];
  if (!work.topic.empty() && chance.one_in(3)) {
    // Several at once only where nothing waits to fire at this instant: the test world lets that fire between two claims, an engine makes them as
    // one.
    const bool all_fired = world.next_instant().value_or(Instant::max()) > world.now();
    return FetchJobs{chance.one_in(2) ? "w1" : "w2", work.topic, all_fired ? 1 + chance.below(2) : 1, some_minutes(chance)};
  }
  return Submit{i.key, on_work(work, world.now(), chance)};
}

/// To one of the next instants at which something is due, or as near to it as an instant can be: a microsecond before, a microsecond after, or there
/// without letting it fire, so that the next action comes first.
std::optional<Action> beside_what_is_due(const testing::World& world, Chance& chance) {
  constexpr std::size_t nearest = 4;
  std::vector<Instant> instants;
  for (const core::Due& due : world.all_due())
    if (due.due > world.now() && instants.size() < nearest) instants.push_back(due.due);
  if (const auto next = world.next_instant(); next && *next > world.now()) instants.push_back(*next);
  if (instants.empty()) return std::nullopt;
  const Instant due = instants[chance.below(instants.size())];
  switch (chance.below(6)) {
    case 0: return Advance{due - Duration::micros(1)};
    case 1: return Advance{due + Duration::micros(1)};
    case 2: return Advance{due};
    default: return Advance{due, true};
  }
}

Action any_action(const Stage& stage, const testing::World& world, Chance& chance) {
  switch (chance.below(14)) {
    case 0:
    case 1: {
      auto process = stage.processes.begin();
      std::advance(process, static_cast<std::ptrdiff_t>(chance.below(stage.processes.size())));
      const auto& starts = process->second->elements.front().start_events;
      const model::Element& start = process->second->at(starts[chance.below(starts.size())]);
      const Value own = process->second->find_data("name") ? Value(Context{{"name", Value("z")}}) : Value(Context{});
      const Value data = start.events.empty() ? own : some_payload(chance);
      return Start{process->first, some_number(chance), start.id, data};
    }
    case 2: return SendMessage{some_name(stage, model::EventKind::message, chance), some_number(chance), some_payload(chance)};
    case 3: return SendToCase{some_name(stage, model::EventKind::message, chance), some_number(chance), some_payload(chance)};
    case 4: return SendSignal{some_name(stage, model::EventKind::signal, chance), some_payload(chance)};
    case 5: return Advance{world.now() + Duration::minutes(static_cast<std::int64_t>(5 * chance.below(12)))};
    case 6:
    case 7:
    case 8:
      if (const auto action = beside_what_is_due(world, chance)) return *action;
      return Advance{world.now() + Duration::minutes(10)};
    default:
      if (const auto action = on_some_case(world, chance)) return *action;
      return Advance{world.next_instant().value_or(world.now())};
  }
}

}  // namespace

/// Where time has come beside a due instant, somebody does something there, mostly.
Action choose(const Stage& stage, const testing::World& world, bool is_beside, Chance& chance) {
  Action action = any_action(stage, world, chance);
  for (int tries = 0; is_beside && std::holds_alternative<Advance>(action) && tries < 2; ++tries) action = any_action(stage, world, chance);
  return action;
}

}  // namespace switchboard::differential
