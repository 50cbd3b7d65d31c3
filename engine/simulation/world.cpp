#include "simulation/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <variant>

#include "base/overloaded.hpp"

namespace switchboard::simulation {

namespace {

// A run that passes one of these will not end in a useful way; SB1022 says which, and why.
constexpr std::uint64_t most_open_cases = 200'000;
constexpr std::uint32_t most_commands_of_a_case = 100'000;
constexpr Duration longest_run = Duration::days(365'250);

/// What is known at a glance to be waited for no more costs no step: most timers guard work that is done in time.
bool is_still_there(const core::ProcessInstance& instance, const core::Due& due) {
  if (!core::receives(instance)) return false;
  if (due.kind == core::Due::Kind::mark) return true;
  if (due.kind != core::Due::Kind::timer) return instance.find(core::WorkKey{due.key}) != nullptr;
  const core::Timer* timer = instance.find(core::TimerKey{due.key});
  return timer != nullptr && timer->due == due.due;
}

}  // namespace

World::World(const BoundScenario& scenario, std::uint64_t seed, std::uint32_t replication, Progress progress)
    : scenario_(scenario), seed_(seed), replication_(replication), progress_(std::move(progress)) {
  const Scenario& s = scenario.scenario;
  now_ = scenario.start;
  window_ = now_ + s.warm_up;
  rows_ = scenario.rows;
  arrivals_wanted_ = s.cases.value_or(UINT64_MAX);
  end_ = s.until ? now_ + *s.until : Instant::max();
  pools_.reserve(scenario.pools.size());
  for (const auto& p : scenario.pools) pools_.emplace_back(p, now_, window_);
  arrived_.assign(scenario.arrivals.size(), 0);
  for (const auto& a : scenario.arrivals) arrival_streams_.push_back(Stream{seed_, replication_, hash_of("arrivals"), hash_of(a.model->id)});
  for (const auto& p : scenario.processes) {
    index_subscriptions_ = index_subscriptions_ || p.throws_messages;
    index_cases_ = index_cases_ || p.throws_messages || p.calls;
  }
  started_inside_.assign(scenario.processes.size(), 0);
  result_.clocks.resize(scenario.clock_names.size());
  for (auto& c : result_.clocks) c.where.assign(Place::count(pools_.size()), 0);
  result_.activities.resize(scenario.activity_names.size());
}

Stream World::stream(std::uint64_t purpose, std::uint64_t number, std::uint64_t element, std::uint64_t visit) const {
  return Stream{seed_, replication_, purpose, number, element, visit};
}

/// Opening hours change for ever, and timer start events too: a run does not go on for them alone.
bool World::brings_something(Kind kind) { return kind != Kind::capacity && kind != Kind::start; }

void World::schedule(Future f) {
  f.order = order_++;
  if (brings_something(f.kind)) ++ahead_;
  future_.push(f);
}

ReplicationResult World::run() {
  const auto wall = std::chrono::steady_clock::now();
  for (std::uint32_t p = 0; p < pools_.size(); ++p) {
    const Instant change = pools_[p].next_change(now_);
    if (change < Instant::max()) schedule({change, 0, Kind::capacity, p, 0, {}});
  }
  for (std::uint32_t a = 0; a < arrived_.size(); ++a) schedule_arrival(a, now_);
  arm_starts();
  const Scenario& s = scenario_.scenario;
  bool all_ended = false;
  while (!future_.empty() && (ahead_ > 0 || !s.cases || waits_for_a_shift()) && !result_.error) {
    const Future f = future_.top();
    if (f.at > end_) break;
    future_.pop();
    if (brings_something(f.kind)) {
      --ahead_;
      last_event_ = f.at;
    }
    now_ = f.at;
    if (!deferred_.empty()) repeat_deferred();
    handle(f);
    carry_out_all();
    settle();
    all_ended = s.cases && arrivals_total_ >= arrivals_wanted_ && open_roots_ == 0;
    if (all_ended) break;
    if (now_ - scenario_.start > longest_run) fail("SB1022", "the run has come to a thousand years after its start", "say `until: 30 d`");
    tell_quarter();
    if (progress_) tell_progress();
  }
  if (s.until && !all_ended) now_ = end_;
  finish_measuring();
  examine_open_cases();
  result_.simulated_seconds = (now_ - scenario_.start).to_seconds();
  result_.wall_seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count();
  return std::move(result_);
}

/// Nothing is to come but opening hours, and somebody's work waits for them. The longest holidays are over within a year.
bool World::waits_for_a_shift() const {
  constexpr Duration longest_closing = Duration::days(366);
  return now_ - std::max(last_event_, scenario_.start) < longest_closing &&
         std::any_of(pools_.begin(), pools_.end(), [](const Pool& p) { return p.waiting() > 0; });
}

/// By cases and by time, whichever ends the run sooner.
double World::share_done() const {
  const double of_cases = scenario_.scenario.cases ? static_cast<double>(arrivals_total_) / static_cast<double>(arrivals_wanted_) : 0;
  const double of_time = scenario_.scenario.until ? (now_ - scenario_.start).to_seconds() / std::max(1e-9, (end_ - scenario_.start).to_seconds()) : 0;
  return std::max(of_cases, of_time);
}

void World::tell_progress() {
  const double share = share_done();
  if (share - told_ < 0.01) return;
  told_ = share;
  if (!progress_(share)) fail("SB1023", "the run was ended from outside", "");
}

/// After the run: what is still open, and why.
void World::examine_open_cases() {
  for (const Case& c : cases_) {
    if (!c.live) continue;
    if (cases_[c.root].counted) observe_open_clocks(c);
    if (c.parent != no_case) continue;
    ++result_.open_at_end;
    const bool something_comes =
        !c.items.empty() || !c.instance.work.empty() || !c.instance.timers.empty() || c.messages_due > 0 || !c.instance.calls.empty();
    if (something_comes && ahead_ > 0) continue;
    if (result_.stuck++ == 0) result_.first_stuck = what_it_waits_for(c);
  }
}

std::string World::what_it_waits_for(const Case& c) const {
  const auto& process = *scenario_.processes[c.process].process;
  std::string all;
  for (const auto& s : c.instance.subscriptions)
    if (!core::is_listening(s) && all.find("`" + s.name + "`") == std::string::npos) all += fmt::format("{}`{}`", all.empty() ? "" : ", ", s.name);
  for (const auto& [key, item] : c.items)
    all += fmt::format("{}somebody for `{}`", all.empty() ? "" : ", ", process.elements[items_[item].element].path);
  return fmt::format("{} (process {}) waits for {}", c.instance.case_no, process.id, all.empty() ? "nothing that is known" : all);
}

void World::fail(std::string rule, std::string why, std::string hint) {
  if (!result_.error) result_.error = Error{ErrorKind::rejected, std::move(rule), std::move(why), scenario_.scenario.file, std::move(hint)};
}

void World::handle(const Future& f) {
  const auto current = [&] { return cases_[f.index].live && cases_[f.index].generation == f.generation; };
  switch (f.kind) {
    case Kind::arrival: arrive(f.index); return;
    case Kind::work_done:
      if (items_[f.index].generation == f.generation && items_[f.index].state == ItemState::in_service) finish(f.index);
      return;
    case Kind::start: start_by_timer(f.index); return;
    case Kind::due:
      if (!current() || !is_still_there(cases_[f.index].instance, f.due)) return;
      chain_ = core::chain_of(cases_[f.index].instance, f.due);
      submit(f.index, {{}, now_, core::command_of(f.due), chain_});
      chain_ = 0;
      return;
    case Kind::kept_end: end_keeping(f.index); return;
    case Kind::message: {
      if (!current()) return;
      --cases_[f.index].messages_due;
      const core::Subscription* s = cases_[f.index].instance.find(core::SubscriptionKey{f.due.key});
      if (s == nullptr) return;
      const MessageModel& m = *scenario_.processes[cases_[f.index].process].messages.find(s->name)->second.model;
      Context payload = make_all(m.data, &cases_[f.index], cases_[f.index].number, hash_of(m.name), f.due.key);
      submit(f.index, {{}, now_, core::DeliverMessage{s->key, s->name, Value(std::move(payload))}});
      return;
    }
    case Kind::capacity: {
      Pool& pool = pools_[f.index];
      pool.update_capacity(now_);
      const Instant change = pool.next_change(now_);
      const Instant next = std::max(change, now_ + Duration::micros(1));
      if (change < Instant::max()) schedule({next, 0, Kind::capacity, f.index, 0, {}});
      dispatch(f.index);
      return;
    }
  }
}

// ---- arrivals --------------------------------------------------------------------------------------------------------------------------------

double World::factor(const BoundArrival& a, Instant at) const {
  const ArrivalModel& m = *a.model;
  if (a.calendar && !a.calendar->is_open(at)) return 0;
  double f = 1;
  const bool shaped = std::any_of(m.hours.begin(), m.hours.end(), [](double x) { return x != 1; }) ||
                      std::any_of(m.weekdays.begin(), m.weekdays.end(), [](double x) { return x != 1; });
  if (shaped) {
    const auto local = to_date_time(at, scenario_.zone);
    if (local) {
      const auto days = std::chrono::sys_days(std::chrono::year(local->date.year) / local->date.month / local->date.day);
      f *= m.hours[local->time.hour] * m.weekdays[std::chrono::weekday(days).iso_encoding() - 1];
    }
  }
  for (const auto& p : a.pulses)
    if (at >= p.from && at < p.to) f *= p.factor;
  return f;
}

/// The highest factor from `at` on, and until when it holds: pulses begin and end.
double World::highest_factor(const BoundArrival& a, Instant at, Instant& until) const {
  double f = a.base_factor;
  until = Instant::max();
  for (const auto& p : a.pulses) {
    if (at < p.from) {
      until = std::min(until, p.from);
    } else if (at < p.to) {
      f *= p.factor;
      until = std::min(until, p.to);
    }
  }
  return f;
}

/// A Poisson process with a changing rate by thinning (Lewis and Shedler 1979): candidates at the highest rate, each kept with the share that holds
/// then. It has no memory, so it begins anew where the highest rate changes.
void World::schedule_arrival(std::uint32_t arrival, Instant from) {
  const BoundArrival& a = scenario_.arrivals[arrival];
  if (arrived_[arrival] >= a.model->limit || arrivals_total_ >= arrivals_wanted_) return;
  Stream& random = arrival_streams_[arrival];
  if (a.model->gap) {
    const double gap = std::clamp(a.model->gap->sample(random), 0.0, longest_us);
    schedule({from + Duration::micros(std::llround(gap)), 0, Kind::arrival, arrival, 0, {}});
    return;
  }
  Instant until;
  double highest = highest_factor(a, from, until);
  double at = static_cast<double>(from.us);
  for (int tries = 0; tries < 10'000'000; ++tries) {
    at = highest > 0 ? at - std::log(random.uniform()) / (*a.model->per_us * highest) : 9e18;
    if (at >= static_cast<double>(until.us)) {
      if (until == Instant::max()) return;
      at = static_cast<double>(until.us);
      highest = highest_factor(a, until, until);
      continue;
    }
    const Instant candidate{static_cast<std::int64_t>(at)};
    const double keep = random.uniform() * highest;
    if (candidate > end_ || keep < factor(a, candidate)) {
      schedule({candidate, 0, Kind::arrival, arrival, 0, {}});
      return;
    }
  }
  fail("SB1022", fmt::format("arrivals.{}: the factors let no case arrive in ten million tries", a.model->id),
       "raise the smallest factors above zero");
}

void World::arrive(std::uint32_t arrival) {
  const BoundArrival& a = scenario_.arrivals[arrival];
  if (arrivals_total_ >= arrivals_wanted_) return;
  const std::uint64_t number = ++arrived_[arrival];
  ++arrivals_total_;
  schedule_arrival(arrival, now_);
  const CaseIndex c = open_case(a.process, Stream::mix(hash_of(a.model->id) ^ number), now_ >= window_, no_case);
  const BoundProcess& p = scenario_.processes[a.process];
  core::StartInstance start;
  start.key = core::InstanceKey{next_instance_++};
  start.case_no = fmt::format("{}-{}", a.model->id, number);
  if (index_cases_) cases_by_key_.emplace(start.key.value, c);
  start.start_event = a.model->start_event.empty() ? p.default_start_event : a.model->start_event;
  if (a.model->start_event.empty()) start.message = p.default_start_message;
  start.data = Value(make_all(a.model->data, nullptr, number, hash_of(a.model->id), 0));
  ++result_.started;
  submit(c, {{}, now_, std::move(start)});
  if (scenario_.scenario.cases && arrivals_total_ >= arrivals_wanted_) finish_measuring();
}

World::CaseIndex World::open_case(std::uint32_t process, std::uint64_t number, bool counted, CaseIndex parent) {
  CaseIndex c = static_cast<CaseIndex>(cases_.size());
  if (free_cases_.empty()) {
    cases_.emplace_back();
  } else {
    c = free_cases_.back();
    free_cases_.pop_back();
  }
  Case& k = cases_[c];
  k.instance = core::ProcessInstance{};
  k.process = process;
  k.live = true;
  k.counted = counted;
  k.number = number;
  k.parent = parent;
  k.root = parent == no_case ? c : cases_[parent].root;
  if (parent == no_case && ++open_roots_ > most_open_cases)
    fail("SB1022", fmt::format("{} cases are open at once: more arrive than can be done", most_open_cases),
         "give the resources more capacity, let fewer arrive, or shorten the run");
  k.commands = 0;
  k.messages_due = 0;
  k.held.clear();
  k.standing.clear();
  k.pauses.clear();
  k.visits.assign(scenario_.processes[process].process->elements.size(), 0);
  k.items.clear();
  k.waiting.clear();
  k.spent.clear();
  return c;
}

void World::give_back_case(CaseIndex c) {
  Case& k = cases_[c];
  if (k.parent == no_case) --open_roots_;
  k.live = false;
  ++k.generation;
  free_cases_.push_back(c);
}

void World::close_case(CaseIndex c) {
  release_held(c, true);
  Case& k = cases_[c];
  if (k.parent == no_case && k.counted) {
    ++result_.cases;
    result_.cycle_time.add((now_ - k.instance.started).to_seconds());
  }
  if (index_cases_) {
    cases_by_key_.erase(k.instance.key.value);
    give_back_number(c);
  }
  give_back_case(c);
}

// ---- commands --------------------------------------------------------------------------------------------------------------------------------

void World::submit(CaseIndex c, const core::Command& command) {
  std::optional<Error> why;
  if (step(c, command, &why) != Outcome::refused) return;
  fail("SB1020",
       fmt::format("case {} of process {}: the engine refuses what the scenario does: {}", cases_[c].instance.case_no,
                   scenario_.processes[cases_[c].process].process->id, why->text()),
       "let the activity's `data` give what the process asks for, and its branches what they need");
}

World::Outcome World::step(CaseIndex c, const core::Command& command, std::optional<Error>* why) {
  const auto& process = *scenario_.processes[cases_[c].process].process;
  const std::optional<core::ProcessInstance> before = kept_.empty() ? std::nullopt : std::optional(cases_[c].instance);
  core::StepResult r = core::step(process, std::move(cases_[c].instance), command, std::move(room_));
  cases_[c].instance = std::move(r.instance);
  ++result_.commands;
  if (!r.rejection && std::holds_alternative<core::StartInstance>(command.what)) r.rejection = take_number(c);
  if (r.rejection && !r.stale) {
    *why = std::move(r.rejection);
    return Outcome::refused;
  }
  if (++cases_[c].commands > most_commands_of_a_case)
    fail("SB1022",
         fmt::format("case {} of process {} has taken {} steps and does not end", cases_[c].instance.case_no, process.id, most_commands_of_a_case),
         "give every loop a way out: a probability below 1 in the `data` or `messages` that lead round it");
  if (r.events.empty()) return r.stale ? Outcome::stale : Outcome::done;
  result_.events += r.events.size();
  for (const auto& e : r.events) {
    observe(c, e);
    if (by_hand_) by_hand_(cases_[c].instance.key, e);
  }
  if (before) kept_.call_for(std::holds_alternative<core::StartInstance>(command.what) ? nullptr : &*before, cases_[c].instance, now_);
  act(c, r.events);
  room_ = std::move(r.events);
  if (core::is_finished(cases_[c].instance.state)) close_case(c);
  return Outcome::done;
}

void World::act(CaseIndex c, const std::vector<core::Event>& events) {
  const auto& process = *scenario_.processes[cases_[c].process].process;
  auto effects = core::effects(process, cases_[c].instance, events);
  const std::uint32_t generation = cases_[c].generation;
  std::uint32_t place = 0;
  for (auto& effect : effects) {
    const std::uint32_t this_place = place++;
    if (driver::is_errand(effect)) {
      deliveries_.push_back({std::move(effect), cases_[c].instance.key, cases_[c].instance.sequence, this_place, chain_});
      continue;
    }
    std::visit(Overloaded{[&](const core::OfferWork& e) {
                            if (!by_hand_ && cases_[c].instance.find(e.work.key) != nullptr) offer(c, e.work);
                          },
                          [&](const core::WithdrawWork& e) { withdraw(c, e.work); },
                          [&](const core::Arm& e) {
                            schedule({std::max(e.due.due, now_), 0, Kind::due, c, generation, e.due});
                          },
                          [&](const core::OpenSubscription& e) { subscribe(c, e.subscription); },
                          [&](const core::CloseSubscription& e) { unsubscribe(c, e.subscription); },
                          [&](const core::TellCustomer&) { ++result_.feedback; }, [&](const core::Escalate&) { ++result_.escalations; },
                          [&](const core::ReportIncident& e) {
                            note_incident(fmt::format("{}, {}/{}: {}", cases_[c].instance.case_no, process.id, process.at(e.incident.element).path,
                                                      e.incident.message));
                          },
                          // Errands: delivered above.
                          [&](const core::PublishMessage&) {}, [&](const core::BroadcastSignal&) {}, [&](const core::StartCall&) {},
                          [&](const core::CancelCall&) {}, [&](const core::ReturnToCaller&) {}, [&](const core::EscalateToCaller&) {}},
               effect);
  }
}

}  // namespace switchboard::simulation
