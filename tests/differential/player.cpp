// What all players say in the same words.
#include "differential/player.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace switchboard::differential {

namespace {

std::string text_of(const Submit& a) {
  const auto claim = [](const core::ClaimWork& c) {
    return fmt::format("claim work {} by '{}' under token {}{}", c.work.value, c.by, c.token,
                       c.lease_until ? " until " + to_string(*c.lease_until) : std::string());
  };
  const std::string what = std::visit(
      Overload{[](const core::CompleteWork& c) {
                 return fmt::format("complete work {} by '{}' under token {} {}", c.work.value, c.by, c.token, to_feel(c.result));
               },
               [&](const core::ClaimWork& c) { return claim(c); },
               [](const core::ReleaseWork& c) { return fmt::format("release work {} by '{}' under token {}", c.work.value, c.by, c.token); },
               [](const core::AssignWork& c) { return fmt::format("assign work {} to '{}'", c.work.value, c.to); },
               [](const core::FailWork& c) {
                 return fmt::format("fail work {} by '{}' under token {}, error '{}'{}", c.work.value, c.by, c.token, c.error,
                                    c.retry_at ? ", again at " + to_string(*c.retry_at) : std::string());
               },
               [](const core::MoveToOrganisation& c) { return fmt::format("move {} to '{}'", c.work.value, c.to); },
               [](const core::SuspendInstance& /*c*/) { return std::string("suspend"); },
               [](const core::ResumeInstance& /*c*/) { return std::string("resume"); },
               [](const core::CancelInstance& /*c*/) { return std::string("cancel"); },
               [](const core::ResolveIncident& c) { return fmt::format("resolve incident {} {}", c.incident.value, to_feel(c.data)); },
               [](const core::CorrectData& c) { return fmt::format("correct {}", to_feel(c.data)); },
               [](const core::SetData& c) { return fmt::format("set {}", to_feel(c.data)); },
               [](const auto& /*c*/) { return std::string("another command"); }},
      a.what);
  return fmt::format("i-{}: {}", a.instance.value, what);
}

}  // namespace

std::string text_of(const Action& action) {
  return std::visit(
      Overload{[](const Start& a) { return fmt::format("start {} as '{}' by '{}' {}", a.process, a.case_no, a.start_event, to_feel(a.data)); },
               [](const Submit& a) { return text_of(a); },
               [](const SendMessage& a) { return fmt::format("message {} with key '{}' {}", a.name, a.key, to_feel(a.payload)); },
               [](const SendToCase& a) { return fmt::format("message {} to case '{}' {}", a.name, a.case_no, to_feel(a.payload)); },
               [](const SendSignal& a) { return fmt::format("signal {} {}", a.name, to_feel(a.payload)); },
               [](const FetchJobs& a) {
                 return fmt::format("fetch {} jobs of '{}' for '{}' until {} s later", a.most, a.topic, a.worker, a.lease.to_seconds());
               },
               [](const Advance& a) { return fmt::format("advance {}to {}", a.stops_short ? "up " : "", to_string(a.to)); }},
      action);
}

std::string head_of(const core::ProcessInstance& instance) {
  return fmt::format("i-{} '{}' of {}", instance.key.value, instance.case_no, instance.process);
}

/// With the names of contexts in order of the alphabet: so they come back from a file, which keeps values in their canonical form.
std::string line_of(const core::Event& event, const model::ExecutableProcess& process) {
  std::string bytes;
  encode(core::describe(event, &process), bytes);
  std::string_view rest = bytes;
  const auto canonical = decode(rest);
  return fmt::format("{} {} {} {}", event.sequence, to_string(event.at), core::name_of(event.body),
                     canonical ? to_feel(canonical.value()) : canonical.error().text());
}

std::vector<JobToFetch> jobs_of(const std::vector<const core::ProcessInstance*>& cases, const FetchJobs& fetch, Instant now) {
  struct Found {
    const core::Work* work;
    InstanceKey instance;
  };
  std::vector<Found> found;
  for (const core::ProcessInstance* i : cases) {
    if (i->state != core::InstanceState::active) continue;
    for (const core::Work& w : i->work) {
      const bool has_lapsed = w.state == core::WorkState::claimed && w.lease_until && *w.lease_until <= now;
      if (w.topic == fetch.topic && (w.state == core::WorkState::offered || has_lapsed)) found.push_back({&w, i->key});
    }
  }
  std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::tuple(-std::int64_t{a.work->priority}, a.work->offered, a.instance, a.work->key) <
           std::tuple(-std::int64_t{b.work->priority}, b.work->offered, b.instance, b.work->key);
  });
  std::vector<JobToFetch> jobs;
  for (std::size_t i = 0; i < std::min(found.size(), fetch.most); ++i) jobs.push_back({found[i].instance, found[i].work->key});
  return jobs;
}

std::string text_of_job(InstanceKey instance, core::WorkKey work, std::uint64_t token) {
  return fmt::format("i-{}.{} under token {};", instance.value, work.value, token);
}

}  // namespace switchboard::differential
