// The simulator's world as a player: nobody arrives and nobody works, everything else (its future events, its files of subscriptions, its deliveries)
// is what a simulation runs on.
#include <fmt/format.h>

#include "core/rules.hpp"
#include "differential/player.hpp"
#include "simulation/world.hpp"

namespace switchboard::simulation {

class ByHand final : public differential::Player {
 public:
  ByHand(BoundScenario scenario, const differential::Stage& stage) : stage_(stage), scenario_(std::move(scenario)), world_(scenario_, 1, 0, {}) {
    world_.by_hand_ = [this](core::InstanceKey key, const core::Event& event) { witness(key, event); };
    world_.index_cases_ = world_.index_subscriptions_ = true;
    world_.arm_starts();
  }

  std::string act(const differential::Action& action) override {
    std::string outcome;
    if (const auto* a = std::get_if<differential::Advance>(&action)) {
      advance(*a);
    } else {
      outcome = command(action);
      world_.carry_out_all();
      advance({world_.now_});
    }
    if (world_.result_.error) return "the run ended: " + world_.result_.error->text();
    return outcome;
  }

  differential::Histories histories() override { return histories_; }

 private:
  using Taken = driver::Taken;

  std::string command(const differential::Action& action) {
    if (const auto* a = std::get_if<differential::Start>(&action)) return start(*a);
    if (const auto* a = std::get_if<differential::Submit>(&action)) return submit(*a);
    if (const auto* a = std::get_if<differential::FetchJobs>(&action)) return fetch(*a);
    if (const auto* a = std::get_if<differential::SendMessage>(&action))
      return sent([&](driver::Courier& courier) { return courier.message({a->name, a->key, a->payload}); });
    if (const auto* a = std::get_if<differential::SendToCase>(&action))
      return sent([&](driver::Courier& courier) { return courier.message_to_case(a->name, a->case_no, a->payload); });
    const auto& signal = std::get<differential::SendSignal>(action);
    return with_courier([&](driver::Courier& courier) {
      const auto heard = courier.signal(signal.name, signal.payload);
      if (!heard) return heard.error().id;
      return fmt::format("heard by {}", heard.value().count);
    });
  }

  template <class F>
  std::string with_courier(const F& what) {
    std::string outcome;
    world_.with_courier([&](driver::Courier& courier) { outcome = what(courier); });
    return outcome;
  }
  template <class F>
  std::string sent(const F& send) {
    return with_courier([&](driver::Courier& courier) -> std::string {
      const Result<Taken> taken = send(courier);
      if (!taken) return taken.error().id;
      return taken.value() == Taken::by_nobody || taken.value() == Taken::by_suspended ? "SB0506" : "";
    });
  }

  std::string start(const differential::Start& a) {
    core::StartInstance command;
    command.case_no = a.case_no;
    command.data = a.data;
    command.start_event = a.start_event;
    const auto& process = *stage_.processes.find(a.process)->second;
    for (const model::ElementIndex s : process.elements.front().start_events)
      for (const model::EventSpec& e : process.at(s).events)
        if (process.at(s).id == a.start_event && e.kind == model::EventKind::message) command.message = e.name;
    return differential::rule_of(world_.start_inside(std::move(command), scenario_.find_process(a.process)));
  }

  std::string submit(const differential::Submit& a) {
    const auto c = world_.find_case(a.instance);
    if (c == World::no_case) return std::string(core::rules::wrong_state);  // ended
    std::optional<Error> why;
    const auto outcome = world_.step(c, {{}, world_.now_, a.what}, &why);
    return outcome == World::Outcome::refused ? why->id : std::string();
  }

  std::string fetch(const differential::FetchJobs& a) {
    std::vector<const core::ProcessInstance*> cases;
    for (const World::Case& c : world_.cases_)
      if (c.live) cases.push_back(&c.instance);
    std::string given;
    for (const differential::JobToFetch& job : differential::jobs_of(cases, a, world_.now_)) {
      const std::string refused = submit({job.instance, differential::claim_of(job, a, world_.now_)});
      if (!refused.empty()) return refused;
      given += differential::text_of_job(job.instance, job.work, world_.cases_[world_.find_case(job.instance)].instance.find(job.work)->token);
    }
    return given;
  }

  /// As World::run does, up to an instant.
  void advance(const differential::Advance& a) {
    const auto goes = [&](Instant due) { return a.stops_short ? due < a.to : due <= a.to; };
    for (int i = 0; i < 1'000'000 && !world_.result_.error; ++i) {
      if (!world_.deferred_.empty()) world_.repeat_deferred();
      if (world_.future_.empty() || !goes(world_.future_.top().at)) break;
      const World::Future f = world_.future_.top();
      world_.future_.pop();
      world_.now_ = std::max(world_.now_, f.at);
      world_.handle(f);
      world_.carry_out_all();
    }
    world_.now_ = std::max(world_.now_, a.to);
  }

  void witness(core::InstanceKey key, const core::Event& event) {
    auto& lines = histories_[key.value];
    const core::ProcessInstance& i = world_.cases_[world_.find_case(key)].instance;
    if (lines.empty()) lines.push_back(differential::head_of(i));
    lines.push_back(differential::line_of(event, *stage_.processes.find(i.process)->second));
  }

  const differential::Stage& stage_;
  BoundScenario scenario_;
  World world_;
  differential::Histories histories_;
};

}  // namespace switchboard::simulation

namespace switchboard::differential {

/// Every process is in the scenario, so that whatever starts one finds it.
std::unique_ptr<Player> play_in_simulator(const Stage& stage, std::string& trouble) {
  simulation::Scenario scenario;
  scenario.id = "by hand";
  scenario.start = to_string(stage.begin, "UTC").substr(0, 19);
  simulation::BoundScenario bound;
  bound.scenario = scenario;
  bound.zone = stage.zone;
  bound.start = stage.begin;
  for (const auto& [id, process] : stage.processes) {
    simulation::BoundProcess p;
    p.process = process;
    p.activities.resize(process->elements.size());
    p.throws_messages = p.calls = true;
    p.first_statistic = static_cast<std::uint32_t>(bound.activity_names.size());
    for (const auto& e : process->elements) bound.activity_names.push_back(id + "/" + e.path);
    for (const auto& c : process->clocks) {
      p.clock_statistic.push_back(static_cast<std::uint32_t>(bound.clock_names.size()));
      bound.clock_names.push_back(id + "/" + c.id);
    }
    bound.processes.push_back(std::move(p));
  }
  trouble.clear();
  return std::make_unique<simulation::ByHand>(std::move(bound), stage);
}

}  // namespace switchboard::differential
