#include "runtime/observers.hpp"

#include <new>
#include <utility>

#include "runtime/committer.hpp"

namespace switchboard::runtime {

std::uint64_t Observers::add(Observer observer) {
  const std::lock_guard lock(mutex_);
  auto entry = std::make_shared<Entry>();
  entry->id = ++last_id_;
  entry->since = last_number_ + 1;
  entry->call = std::move(observer);
  entries_.push_back(std::move(entry));
  return last_id_;
}

void Observers::remove(std::uint64_t id) {
  std::shared_ptr<Entry> gone;  // what the observer holds goes when the lock is released
  std::unique_lock lock(mutex_);
  std::erase_if(entries_, [&](const std::shared_ptr<Entry>& entry) {
    if (entry->id != id) return false;
    entry->is_removed = true;
    gone = entry;
    return true;
  });
  // It may be running: who removes it may take it for gone. Not from inside an observer: that one runs itself, or no other does.
  if (running_ != id || teller_ == std::this_thread::get_id()) return;
  const std::uint64_t ended = calls_ended_;
  call_ended_.wait(lock, [&] { return calls_ended_ != ended; });
}

bool Observers::remember(const std::vector<Transition*>& batch) {
  const std::lock_guard lock(mutex_);
  if (entries_.empty()) return false;
  for (const Transition* t : batch) {
    if (t->refused || !t->after) continue;
    try {
      auto kept = std::make_shared<Transition>(*t);
      kept->prepared.reset();
      untold_.push_back({++last_number_, std::move(kept)});
    } catch (const std::bad_alloc&) {
      ++threw_;  // they do not hear of this one
    }
  }
  return true;
}

void Observers::tell() {
  std::unique_lock lock(mutex_);
  // One thread tells at a time. An observer that commands the engine comes back here and leaves: the outer call goes on, in order.
  if (telling_) return;
  telling_ = true;
  teller_ = std::this_thread::get_id();
  while (!untold_.empty()) {
    const Untold next = std::move(untold_.front());
    untold_.pop_front();
    const std::vector<std::shared_ptr<Entry>> entries = entries_;
    for (const std::shared_ptr<Entry>& entry : entries)
      if (!entry->is_removed && entry->since <= next.number) call(*entry, *next.transition, lock);
  }
  teller_ = {};
  telling_ = false;
}

void Observers::call(const Entry& entry, const Transition& transition, std::unique_lock<std::mutex>& lock) {
  running_ = entry.id;
  lock.unlock();
  try {
    entry.call(transition);
  } catch (...) {
    // What it was told is durable whatever it makes of it; the next ones must hear of theirs.
    ++threw_;
  }
  lock.lock();
  running_ = 0;
  ++calls_ended_;
  call_ended_.notify_all();
}

}  // namespace switchboard::runtime
