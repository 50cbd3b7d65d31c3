#include "differential/world_player.hpp"

#include <fmt/format.h>

namespace switchboard::differential {

namespace {

testing::DefinitionsPtr definitions_of(const Stage& stage) {
  auto all = std::make_shared<testing::Definitions>();
  all->processes = stage.processes;
  return all;
}

}  // namespace

WorldPlayer::WorldPlayer(const Stage& stage) : world_(definitions_of(stage), stage.begin) {}

std::string WorldPlayer::act(const Action& action) {
  if (const auto* a = std::get_if<Advance>(&action)) return rule_of(a->stops_short ? world_.advance_up_to(a->to) : world_.advance_to(a->to));
  const std::string outcome = command(action);
  // What has been due at this instant and was let wait for the command fires now, also when that was refused.
  const std::string fired = rule_of(world_.advance_to(world_.now()));
  return fired.empty() ? outcome : fired;
}

std::string WorldPlayer::command(const Action& action) {
  return std::visit(Overload{[&](const Start& a) { return rule_of(world_.start(a.process, a.case_no, a.data, a.start_event)); },
                             [&](const Submit& a) { return rule_of(world_.submit(a.instance, a.what)); },
                             [&](const SendMessage& a) { return rule_of(world_.message(a.name, a.key, a.payload)); },
                             [&](const SendToCase& a) { return rule_of(world_.message_to_case(a.name, a.case_no, a.payload)); },
                             [&](const SendSignal& a) {
                               const auto heard = world_.signal(a.name, a.payload);
                               return heard ? fmt::format("heard by {}", heard.value()) : heard.error().id;
                             },
                             [&](const FetchJobs& a) { return fetch(a); }, [](const Advance& /*a*/) { return std::string(); }},
                    action);
}

std::string WorldPlayer::fetch(const FetchJobs& a) {
  std::vector<const core::ProcessInstance*> cases;
  for (const core::ProcessInstance& i : world_.instances()) cases.push_back(&i);
  std::string given;
  for (const JobToFetch& job : jobs_of(cases, a, world_.now())) {
    const std::uint64_t token = world_.find(job.instance)->find(job.work)->token + 1;  // it may be over by the time that the world is at rest
    const auto claimed = world_.submit(job.instance, claim_of(job, a, world_.now()));
    if (!claimed) return claimed.error().id;
    given += text_of_job(job.instance, job.work, token);
  }
  return given;
}

Histories WorldPlayer::histories() {
  Histories all;
  for (const core::ProcessInstance& i : world_.instances()) all[i.key.value].push_back(head_of(i));
  for (const testing::Entry& entry : world_.diary())
    all[entry.instance.value].push_back(line_of(entry.event, world_.definition_of(*world_.find(entry.instance))));
  return all;
}

}  // namespace switchboard::differential
