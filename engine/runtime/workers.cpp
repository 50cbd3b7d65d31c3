#include "runtime/workers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <set>
#include <utility>

#include "runtime/callbacks.hpp"
#include "runtime/ids.hpp"

namespace switchboard::runtime {

namespace {

constexpr Duration default_lease = Duration::minutes(5);
constexpr std::size_t jobs_page = 64;
constexpr std::string_view worker = "worker";

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

}  // namespace

Result<std::size_t> Workers::work_off(std::string_view topic, const JobHandler& handler, std::size_t limit) {
  if (!handler) return nothing_to_call("handler");
  std::size_t ran = 0;
  store::Query open;
  open.topic = topic;
  open.state = core::to_string(core::WorkState::offered);
  open.limit = jobs_page;
  std::set<std::pair<core::InstanceKey, core::WorkKey>> passed;  // by others, or refused: not again in this call
  while (ran < limit) {
    SB_TRY(const auto rows, store_.work(open));
    bool moved = false;
    for (const store::WorkRow& row : rows) {
      if (ran >= limit) break;
      if (!passed.insert({row.instance, row.work.key}).second) continue;
      moved = true;
      SB_TRY(const auto job, claim_job(row));
      if (!job) continue;
      ++ran;
      SB_TRYV(finish_job(*job, run(handler, *job)));
    }
    if (moved) {
      open.after = 0;
      continue;
    }
    // A full page of jobs that cannot be had: look behind them.
    if (rows.size() < jobs_page) break;
    open.after = rows.back().instance.value;
  }
  return ran;
}

/// Nothing: somebody else was faster, or the case does not allow it now.
Result<std::optional<Job>> Workers::claim_job(const store::WorkRow& row) {
  SB_TRY(const auto loaded, commands_.load(row.instance, false));
  const core::Work* work = loaded ? loaded.instance->find(row.work.key) : nullptr;
  if (work == nullptr) return std::optional<Job>();
  SB_TRY(const Instant told, time_.now());
  const Instant at = std::max(told, loaded.instance->last);
  core::ClaimWork command{row.work.key, std::string(worker), {}, lease_end(*loaded.process, *loaded.instance, *work, at)};
  auto info = requests_.submit_work(row.instance, row.work.key, std::move(command), "");
  if (!info) {
    if (info.error().kind == ErrorKind::storage) return info.error();
    return std::optional<Job>();
  }
  if (info.value().work.empty()) return std::optional<Job>();
  const std::int32_t allowed = loaded.process->at(work->element).work.retries;
  return std::optional(Job{std::move(info.value()), static_cast<std::uint32_t>(std::max(1, allowed - work->retries + 1))});
}

Result<void> Workers::finish_job(const Job& job, const JobResult& result) {
  const Caller me{.by = std::string(worker)};
  Result<CaseInfo> finished = CaseInfo{};
  if (result.failed) {
    finished = requests_.fail(job.work, {result.message, result.error}, me);
  } else {
    finished = requests_.complete(job.work, result.result, me);
    // A result that the task cannot take is a failure of the job: it must not stay claimed.
    if (!finished && (finished.error().kind == ErrorKind::invalid || finished.error().kind == ErrorKind::rejected))
      finished = requests_.fail(job.work, {finished.error().text(), {}}, me);
  }
  if (!finished && finished.error().id == "SB0553") give_back(job);
  // Refused when the lease ran out or the case moved on: somebody else's job by now.
  if (!finished && finished.error().kind == ErrorKind::storage) return finished.error();
  return success();
}

/// Nobody can say when the job was done, so it is not: it is offered again, as when its lease ends, at the last instant that was told.
void Workers::give_back(const Job& job) {
  const auto id = parse_part_id(job.work, "work");
  if (!id) return;
  Order order{id.value().first, core::ReleaseWork{{id.value().second}, {}}, {}, {}};
  order.at = time_.last_told();
  // What does not work now is done when the lease ends.
  auto released = commands_.apply(order);
  if (released) courier_.carry_out(std::move(released.value().errands));
}

}  // namespace switchboard::runtime
