#include "runtime/workers.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <exception>
#include <map>
#include <utility>

#include "base/plain_text.hpp"
#include "runtime/callbacks.hpp"
#include "runtime/failures.hpp"
#include "runtime/ids.hpp"
#include "runtime/views.hpp"

namespace switchboard::runtime {

namespace {

constexpr Duration default_lease = Duration::minutes(5);
/// Jobs that others take first, time and again, are looked for again at most so often in one call.
constexpr int max_rounds = 100;
constexpr std::size_t most_jobs = 10'000;

/// Until when the worker has the job: the task's `timeout`.
Instant lease_end(const model::ExecutableProcess& process, const core::ProcessInstance& instance, const core::Work& work, Instant at) {
  const model::DurationSpec& spec = process.at(work.element).work.timeout;
  calendar::WorkingDuration timeout = spec.literal;
  if (!spec.is_literal()) {
    const Value value = core::evaluate(process, instance, spec.expression, at, work.element_key).value;
    if (const std::string* text = value.string()) {
      if (const auto parsed = calendar::parse_duration(*text)) timeout = parsed.value();
    } else if (const DaysTimeDuration* d = value.days_time_duration()) {
      timeout.wall = Duration::seconds(d->seconds);
    }
  }
  if (timeout.is_zero()) return at + default_lease;
  if (timeout.is_pure_wall()) return at + timeout.wall;
  const calendar::CalendarPtr& calendar = spec.calendar != nullptr ? spec.calendar : process.calendar;
  return calendar != nullptr ? calendar->deadline(at, timeout).at : at + default_lease;
}

JobResult run(const JobHandler& handler, const Job& job) {
  try {
    return handler(job);
  } catch (const std::exception& e) {
    return JobResult::fail(std::string("the handler threw: ") + e.what());
  } catch (...) {
    return JobResult::fail("the handler threw something that is no std::exception");
  }
}

Error asks_for_nothing(std::string message, std::string hint) { return {ErrorKind::usage, "SB0556", std::move(message), "", std::move(hint)}; }

Result<void> check(const Fetch& f) {
  if (f.worker.empty()) return asks_for_nothing("a worker without a name cannot have jobs", "give a name that no other worker has");
  SB_TRYV(check_text("the name of the worker", f.worker, TextKind::name));
  for (const std::string& topic : f.topics) {
    SB_TRYV(check_text("a topic", topic, TextKind::name));
  }
  if (f.topics.empty()) return asks_for_nothing("no topic is named to fetch jobs of", "name at least one");
  if (std::any_of(f.topics.begin(), f.topics.end(), [](const std::string& topic) { return topic.empty(); }))
    return asks_for_nothing("a topic is empty", "name the topic of a service task");
  if (f.most == 0) return asks_for_nothing("at most 0 jobs are none", "ask for at least one");
  if (f.most > most_jobs) return asks_for_nothing(fmt::format("{} jobs are more than one fetch takes", f.most), fmt::format("at most {}", most_jobs));
  if (f.lease && *f.lease <= Duration{}) return asks_for_nothing("the lease is not above zero", "say how long a job may take at most");
  if (f.wait < Duration{}) return asks_for_nothing("the time to wait is below zero", "0 does not wait");
  return success();
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "host";
  return name.data();
}

std::uint64_t next_handle() {
  static std::atomic<std::uint64_t> last = 0;
  return ++last;
}

std::uint64_t number_of_thread() {
  static std::atomic<std::uint64_t> last = 0;
  thread_local const std::uint64_t mine = ++last;
  return mine;
}

}  // namespace

Workers::Workers(store::Store& store, Commands& commands, Requests& requests, Courier& courier, Committer& committer, Bell& bell,
                 const TimeSource& time, std::string language)
    : store_(store),
      commands_(commands),
      requests_(requests),
      courier_(courier),
      committer_(committer),
      bell_(bell),
      time_(time),
      language_(std::move(language)),
      name_(fmt::format("{}/{}/{}", host_name(), ::getpid(), next_handle())) {}

Result<std::vector<Job>> Workers::fetch(const Fetch& f) {
  SB_TRYV(check(f));
  SB_TRY(auto jobs, take(f, {}));
  if (!jobs.empty() || f.wait == Duration{}) return jobs;
  const auto end = Bell::Clock::now() + std::min<std::chrono::microseconds>(std::chrono::microseconds(f.wait.us), Bell::longest_wait);
  Bell::Waiter waiter(bell_, {f.topics, {}, false, true});
  for (;;) {
    // Also at the end: who was woken for a job must not leave it lying.
    SB_TRY(jobs, take(f, {}));
    if (!jobs.empty() || bell_.is_closed() || Bell::Clock::now() >= end) return jobs;
    SB_TRYV(waiter.wait(end));
  }
}

Result<std::size_t> Workers::work_off(std::string_view topic, const JobHandler& handler, std::size_t limit) {
  if (!handler) return nothing_to_call("handler");
  Fetch one;
  one.worker = fmt::format("{}/{}", name_, number_of_thread());
  one.topics = {std::string(topic)};
  SB_TRYV(check(one));
  std::set<store::OpenJob> passed;  // what failed here is not tried again in this call
  std::size_t ran = 0;
  for (; ran < limit; ++ran) {
    SB_TRY(const auto jobs, take(one, passed));
    if (jobs.empty()) break;
    const JobResult result = run(handler, jobs.front());
    SB_TRY(const bool is_done, finish(jobs.front(), result, one.worker));
    if (!is_done) {
      SB_TRY(const auto id, parse_part_id(jobs.front().work, "work"));
      passed.insert({id.first, core::WorkKey{id.second}});
    }
  }
  return ran;
}

/// Jobs of which no other thread of this engine is making a claim, claimed in one transaction. Nothing: there are none that can be had.
Result<std::vector<Job>> Workers::take(const Fetch& f, std::set<store::OpenJob> passed) {
  SB_TRYV(committer_.make_room());
  std::vector<Job> jobs;
  for (int round = 0; jobs.empty() && round < max_rounds; ++round) {
    SB_TRY(const Instant told, time_.now());
    SB_TRY(const std::vector<store::OpenJob> picked, reserve(f, told, passed));
    if (picked.empty()) break;
    auto claimed = claim(f, told, picked, passed);
    give_up(picked);
    committer_.tell();
    SB_TRY(jobs, std::move(claimed));
  }
  return jobs;
}

Result<std::vector<store::OpenJob>> Workers::reserve(const Fetch& f, Instant at, const std::set<store::OpenJob>& passed) {
  const std::lock_guard lock(mutex_);
  SB_TRY(const auto open, store_.open_jobs(f.topics, at, f.most + passed.size() + reserved_.size()));
  std::vector<store::OpenJob> picked;
  for (const store::OpenJob& job : open) {
    if (picked.size() >= f.most) break;
    if (passed.contains(job) || !reserved_.insert(job).second) continue;
    picked.push_back(job);
  }
  return picked;
}

void Workers::give_up(const std::vector<store::OpenJob>& picked) {
  const std::lock_guard lock(mutex_);
  for (const store::OpenJob& job : picked) reserved_.erase(job);
}

/// Those of `picked` that could be had, in their order; those that the case refuses go to `passed`. A case that somebody else changed meanwhile is in
/// neither.
Result<std::vector<Job>> Workers::claim(const Fetch& f, Instant told, const std::vector<store::OpenJob>& picked, std::set<store::OpenJob>& passed) {
  std::map<core::InstanceKey, Claims> by_case;
  for (const store::OpenJob& job : picked) by_case[job.instance].wanted.push_back(job.work);
  std::vector<Transition*> group;
  for (auto& [instance, claims] : by_case) {
    const Result<void> stepped = step(f, told, instance, claims);
    if (!stepped && is_everybodys(stepped.error())) return stepped.error();
    // A case that cannot be read keeps its jobs; those of the others go out. Its own commands say what is wrong, and so does fsck.
    if (!stepped) claims.refused = claims.wanted;
    for (const core::WorkKey work : claims.refused) passed.insert({instance, work});
    if (claims.transition) group.push_back(&*claims.transition);
  }
  committer_.commit(group);
  std::optional<Error> failed;
  for (auto& [instance, claims] : by_case) {
    if (!claims.transition) continue;
    if (const std::optional<Error>& refused = claims.transition->refused) {
      commands_.forget(instance);
      if (refused->kind != ErrorKind::conflict) failed = refused;
      continue;
    }
    courier_.carry_out(commands_.applied(*claims.transition).errands);
  }
  std::vector<Job> jobs;
  for (const store::OpenJob& job : picked)
    if (auto had = job_of(by_case[job.instance], job.work)) jobs.push_back(std::move(*had));
  if (jobs.empty() && failed) return *failed;
  return jobs;
}

/// One step for each claim, one transition for all of them.
Result<void> Workers::step(const Fetch& f, Instant told, core::InstanceKey instance, Claims& claims) {
  for (const bool fresh : {false, true}) {
    claims.refused.clear();
    SB_TRY(const auto loaded, commands_.load(instance, fresh));
    if (!loaded) {
      claims.refused = claims.wanted;
      return success();
    }
    const Instant at = std::max(told, loaded.instance->last);
    core::StepResult all;
    all.instance = *loaded.instance;
    for (const core::WorkKey key : claims.wanted) {
      const core::Work* work = all.instance.find(key);
      const Instant until = work == nullptr ? at : f.lease ? at + *f.lease : lease_end(*loaded.process, all.instance, *work, at);
      core::StepResult one = Commands::step(*loaded.process, all.instance, {"", at, core::ClaimWork{key, f.worker, std::nullopt, until, 0}});
      if (one.rejection || one.stale) {
        claims.refused.push_back(key);
        continue;
      }
      all.instance = std::move(one.instance);
      all.events.insert(all.events.end(), std::make_move_iterator(one.events.begin()), std::make_move_iterator(one.events.end()));
    }
    // Another process may have changed what the cache still shows: no refusal on hearsay.
    if (!claims.refused.empty() && loaded.cached && !fresh) continue;
    if (!all.events.empty()) claims.transition = Commands::transition_of(loaded, std::move(all), at);
    return success();
  }
  return success();
}

std::optional<Job> Workers::job_of(const Claims& claims, core::WorkKey key) const {
  if (!claims.transition || claims.transition->refused) return std::nullopt;
  if (std::find(claims.refused.begin(), claims.refused.end(), key) != claims.refused.end()) return std::nullopt;
  const core::ProcessInstance& instance = *claims.transition->after;
  const model::ExecutableProcess& process = *claims.transition->process;
  const core::Work& work = *instance.find(key);
  Job job;
  static_cast<WorkInfo&>(job) = work_info(process, {instance.key, instance.case_no, instance.process, false, core::organisation_of(instance, work)},
                                          work, language_, &instance);
  job.attempt = static_cast<std::uint32_t>(std::max(1, process.at(work.element).work.retries - work.retries + 1));
  return job;
}

/// Whether the job has been done. What is refused because the lease ran out or the case moved on is somebody else's job by now.
Result<bool> Workers::finish(const Job& job, const JobResult& result, const std::string& worker) {
  const Caller me{.by = worker, .token = job.token};
  Result<CaseInfo> finished = CaseInfo{};
  bool is_done = !result.failed;
  if (result.failed) {
    finished = requests_.fail(
        job.work, {made_plain(result.message, TextKind::prose), made_plain(result.error, TextKind::name), result.retries, result.retry_at}, me);
  } else {
    finished = requests_.complete(job.work, result.result, me);
    // A result that the task cannot take is a failure of the job: it must not stay claimed.
    if (!finished &&
        (finished.error().kind == ErrorKind::invalid || finished.error().kind == ErrorKind::rejected || finished.error().kind == ErrorKind::limit)) {
      is_done = false;
      finished = requests_.fail(job.work, {made_plain(finished.error().text(), TextKind::prose)}, me);
    }
  }
  if (!finished && finished.error().id == "SB0553") give_back(job, worker);
  if (!finished && finished.error().kind == ErrorKind::storage) return finished.error();
  return is_done && finished;
}

/// Nobody can say when the job was done, so it is not: it is offered again, as when its lease ends, at the last instant that was told.
void Workers::give_back(const Job& job, const std::string& worker) {
  const auto id = parse_part_id(job.work, "work");
  if (!id) return;
  Order order{id.value().first, core::ReleaseWork{{id.value().second}, worker, job.token, {}}, {}, {}};
  order.at = time_.last_told();
  // What does not work now is done when the lease ends.
  auto released = commands_.apply(order);
  if (released) courier_.carry_out(std::move(released.value().errands));
}

}  // namespace switchboard::runtime
