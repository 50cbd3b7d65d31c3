#include "runtime/bell.hpp"

#include <algorithm>
#include <utility>

#include "runtime/committer.hpp"

namespace switchboard::runtime {

namespace {

constexpr auto between_looks_at_store = std::chrono::milliseconds(100);
constexpr auto longest_without_look = std::chrono::seconds(1);

bool can_be_had(const core::ProcessInstance& instance, const core::Work& work) {
  return instance.state == core::InstanceState::active && work.state == core::WorkState::offered && !work.topic.empty();
}

}  // namespace

Bell::Waiter::Waiter(Bell& bell, Watch watch) : bell_(bell), watch_(std::move(watch)) {
  const std::lock_guard lock(bell_.mutex_);
  place_ = bell_.waiters_.insert(bell_.waiters_.end(), this);
  ++bell_.waiting_;
  // Whatever is committed behind this version rings. An error comes again, and is told, in `wait`.
  (void)bell_.look_at_store(true);
}

Bell::Waiter::~Waiter() {
  const std::lock_guard lock(bell_.mutex_);
  bell_.waiters_.erase(place_);
  --bell_.waiting_;
  bell_.left_.notify_all();
}

Result<void> Bell::Waiter::wait(Clock::time_point until) {
  std::unique_lock lock(bell_.mutex_);
  until = std::min(until, Clock::now() + longest_without_look);
  while (!rung_ && !bell_.closed_ && Clock::now() < until) {
    wake_.wait_until(lock, std::min(until, Clock::now() + between_looks_at_store));
    if (rung_) break;
    SB_TRYV(bell_.look_at_store(false));
  }
  rung_ = false;
  return success();
}

Result<void> Bell::look_at_store(bool at_once) {
  const Clock::time_point now = Clock::now();
  if (!at_once && now - looked_ < between_looks_at_store) return success();
  looked_ = now;
  SB_TRY(const std::uint64_t version, store_.data_version());
  if (version == version_) return success();
  version_ = version;
  for (Waiter* waiter : waiters_) ring(*waiter);
  return success();
}

void Bell::ring(const std::vector<Transition*>& batch) {
  if (waiting_ == 0) return;
  const std::lock_guard lock(mutex_);
  for (const Transition* t : batch)
    if (!t->refused) ring_for(*t);
}

void Bell::ring_for(const Transition& t) {
  for (Waiter* waiter : waiters_) {
    const bool its_case = t.after != nullptr && waiter->watch_.instance == t.after->key;
    if (its_case || (waiter->watch_.outbox && (!t.outbox.empty() || !t.verdicts.empty() || !t.effects.empty()))) ring(*waiter);
  }
  if (t.after == nullptr) return;
  const auto ring_if = [&](const core::Work& work, bool could_be_had) {
    if (!could_be_had && can_be_had(*t.after, work)) ring_topic(work.topic);
  };
  if (t.before != nullptr && receives(*t.before) == receives(*t.after))
    return compare(
        t.before->work, t.after->work, [](const core::Work&) {}, [&](const core::Work& work) { ring_if(work, false); },
        [&](const core::Work& was, const core::Work& is) { ring_if(is, can_be_had(*t.before, was)); });
  for (const core::Work& work : t.after->work) {
    const core::Work* before = t.before == nullptr ? nullptr : t.before->find(work.key);
    ring_if(work, before != nullptr && can_be_had(*t.before, *before));
  }
}

void Bell::ring_topic(const std::string& topic) {
  bool is_taken = false;
  for (Waiter* waiter : waiters_) {
    const std::vector<std::string>& topics = waiter->watch_.topics;
    if (std::find(topics.begin(), topics.end(), topic) == topics.end()) continue;
    if (waiter->watch_.takes && (is_taken || waiter->rung_)) continue;
    if (waiter->watch_.takes) is_taken = true;
    ring(*waiter);
  }
}

void Bell::ring(Waiter& waiter) {
  waiter.rung_ = true;
  waiter.wake_.notify_one();
}

void Bell::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (Waiter* waiter : waiters_) waiter->wake_.notify_one();
}

void Bell::drain() {
  close();
  std::unique_lock lock(mutex_);
  left_.wait(lock, [this] { return waiters_.empty(); });
}

}  // namespace switchboard::runtime
