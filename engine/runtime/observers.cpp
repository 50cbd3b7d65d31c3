#include "runtime/observers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <new>
#include <utility>

#include "runtime/committer.hpp"
#include "runtime/views.hpp"

namespace switchboard::runtime {

namespace {

/// About so much for texts and lists around what is counted.
constexpr std::size_t around_a_notice = 1'024;
constexpr std::size_t around_an_entry = 256;

std::shared_ptr<const Notice> make_notice(const Transition& t) {
  auto notice = std::make_shared<Notice>();
  notice->info = case_info(*t.process, *t.after);
  notice->bytes = around_a_notice;
  notice->entries.reserve(t.events.size());
  for (const core::Event& event : t.events) {
    notice->entries.push_back(history_info(*t.process, event));
    notice->bytes += around_an_entry + static_cast<std::size_t>(notice->entries.back().details.written_bytes());
  }
  return notice;
}

Error observers_are_behind(bool is_stuck) {
  return {ErrorKind::limit, "SB0557",
          is_stuck ? "the observers have not been told of earlier commands, and the one that is being told does not come back"
                   : "an observer commands the engine more often than it is told",
          "",
          is_stuck ? "look what the observer (listener) waits for; nothing has changed, repeat the command then"
                   : "let the observer give this command at most once for what it hears; nothing has changed"};
}

}  // namespace

std::uint64_t Observers::add(Observer observer) {
  auto entry = std::make_shared<Entry>();
  entry->call = std::move(observer);
  const std::lock_guard lock(mutex_);
  entry->id = ++last_id_;
  entry->since = last_number_ + 1;
  auto entries = std::make_shared<Entries>(*entries_);
  entries->push_back(std::move(entry));
  entries_ = std::move(entries);
  is_observed_ = true;
  return last_id_;
}

void Observers::remove(std::uint64_t id) {
  std::shared_ptr<const Entries> before;  // what the observer holds goes when the lock is released
  Lock lock(mutex_);
  auto entries = std::make_shared<Entries>(*entries_);
  std::erase_if(*entries, [&](const std::shared_ptr<Entry>& entry) {
    if (entry->id == id) entry->is_removed = true;
    return entry->id == id;
  });
  is_observed_ = !entries->empty();
  before = std::exchange(entries_, std::move(entries));
  // It may be running: who removes it may take it for gone. Not from inside an observer: that one runs itself, or no other does.
  if (running_ != id || is_teller()) return;
  const std::uint64_t ended = calls_ended_;
  moved_.wait(lock, [&] { return calls_ended_ != ended; });
}

std::shared_ptr<const Notice> Observers::notice_of(const Transition& t) const {
  if (!is_observed_ || !t.after) return nullptr;
  return make_notice(t);
}

void Observers::remember(const std::vector<Transition*>& batch) {
  if (!is_observed_) return;
  const std::lock_guard lock(mutex_);
  if (entries_->empty()) return;
  for (const Transition* t : batch) {
    if (t->refused || !t->after) continue;
    try {
      keep(t->notice ? t->notice : make_notice(*t));
    } catch (const std::bad_alloc&) {
      ++threw_;  // they do not hear of this one
    }
  }
}

void Observers::keep(std::shared_ptr<const Notice> notice) {
  const std::size_t bytes = notice->bytes;
  kept_.push_back({last_number_ + 1, std::move(notice)});
  ++last_number_;
  kept_bytes_ += bytes;
  kept_count_ = kept_.size();
}

Result<void> Observers::make_room() {
  if (kept_count_ == 0) return success();
  Lock lock(mutex_);
  if (is_teller()) return is_full(share_of_observers) ? Result<void>(observers_are_behind(false)) : success();
  while (is_full(1))
    if (!catch_up(told_ + 1, stall_, lock)) return observers_are_behind(true);
  return success();
}

void Observers::tell() {
  if (kept_count_ == 0) return;
  Lock lock(mutex_);
  // An observer that commands the engine comes here and leaves: the outer call goes on, in order.
  const std::chrono::microseconds most = is_stuck_ ? std::chrono::microseconds(0) : patience;
  if (is_teller() || !catch_up(last_number_, most, lock)) left_ = std::max(left_, last_number_);
}

/// Until `number` is told, by this thread or another. False: no call of an observer ended for `patience`.
bool Observers::catch_up(std::uint64_t number, std::chrono::microseconds patience, Lock& lock) {
  while (told_ < number) {
    if (!telling_) {
      tell_up_to(number, lock);
      continue;
    }
    const std::uint64_t ended = calls_ended_;
    try {
      const auto place = awaited_.insert(number);
      moved_.wait_for(lock, patience, [&] { return told_ >= number || !telling_ || calls_ended_ != ended; });
      awaited_.erase(place);
    } catch (const std::bad_alloc&) {
      return false;
    }
    is_stuck_ = told_ < number && telling_ && calls_ended_ == ended;
    if (is_stuck_) return false;
  }
  return true;
}

/// And what nobody waits for, as long as nobody waits for anything.
void Observers::tell_up_to(std::uint64_t number, Lock& lock) {
  telling_ = true;
  teller_ = std::this_thread::get_id();
  while (!kept_.empty() && (told_ < number || (told_ < left_ && !somebody_waits()))) tell_next(lock);
  teller_ = {};
  telling_ = false;
  moved_.notify_all();
}

void Observers::tell_next(Lock& lock) {
  const Kept next = std::move(kept_.front());
  kept_.pop_front();
  kept_bytes_ -= next.notice->bytes;
  const std::shared_ptr<const Entries> entries = entries_;
  for (const std::shared_ptr<Entry>& entry : *entries)
    if (!entry->is_removed && entry->since <= next.number) call(*entry, *next.notice, lock);
  told_ = next.number;
  kept_count_ = kept_.size();
  moved_.notify_all();
}

void Observers::call(const Entry& entry, const Notice& notice, Lock& lock) {
  running_ = entry.id;
  lock.unlock();
  try {
    entry.call(notice.info, notice.entries);
  } catch (...) {
    // What it was told is durable whatever it makes of it; the next ones must hear of theirs.
    ++threw_;
  }
  lock.lock();
  running_ = 0;
  is_stuck_ = false;
  ++calls_ended_;
  moved_.notify_all();
}

}  // namespace switchboard::runtime
