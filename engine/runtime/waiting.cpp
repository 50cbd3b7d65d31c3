#include "runtime/waiting.hpp"

#include <algorithm>
#include <chrono>

#include "runtime/ids.hpp"

namespace switchboard::runtime {

namespace {

/// People and their clocks name an instant; what waits counts from now, so that setting the system's clock moves nothing.
Bell::Clock::time_point steady(Instant until) {
  const auto now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  const std::chrono::microseconds left(std::max<std::int64_t>(0, until.us - std::min(until.us, Instant::from(now).us)));
  return Bell::Clock::now() + std::min<std::chrono::microseconds>(left, Bell::longest_wait);
}

}  // namespace

Result<bool> Waiting::wait(const Interest& interest, Instant until) {
  if (interest.topics.empty() && interest.instance.empty() && !interest.outbox)
    return Error{ErrorKind::usage, "SB0556", "nothing is named to wait for", "", "name topics, a case or the outbox"};
  core::InstanceKey instance;
  if (!interest.instance.empty()) {
    SB_TRY(instance, parse_instance_id(interest.instance));
  }
  const Bell::Clock::time_point end = steady(until);
  Bell::Waiter waiter(bell_, {interest.topics, instance, interest.outbox, false});
  for (;;) {
    SB_TRY(const bool there, is_there(interest, instance));
    if (there) return true;
    if (bell_.is_closed() || Bell::Clock::now() >= end) return false;
    SB_TRYV(waiter.wait(end));
  }
}

Result<bool> Waiting::is_there(const Interest& interest, core::InstanceKey instance) {
  if (!interest.topics.empty()) {
    SB_TRY(const Instant at, time_.told());
    SB_TRY(const auto jobs, store_.open_jobs(interest.topics, at, 1));
    if (!jobs.empty()) return true;
  }
  if (instance) {
    SB_TRY(const auto loaded, commands_.load_existing(instance));
    if (loaded.instance->sequence > interest.after) return true;
  }
  if (!interest.outbox) return false;
  store::Query waiting;
  SB_TRY(waiting.due_before, time_.told());
  waiting.open_only = true;
  waiting.after = interest.outbox_after;
  waiting.limit = 1;
  SB_TRY(const auto records, store_.outbox(waiting));
  return !records.empty();
}

}  // namespace switchboard::runtime
