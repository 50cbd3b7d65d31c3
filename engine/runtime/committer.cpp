#include "runtime/committer.hpp"

#include <algorithm>
#include <new>
#include <utility>

#include "store/damage.hpp"

namespace switchboard::runtime {

namespace {

constexpr std::chrono::microseconds max_patience{500};

store::Change change_of(const Transition& t) {
  store::Change change;
  change.process = t.process.get();
  change.expected_version = t.version;
  change.definitions = t.definitions;
  change.before = t.before.get();
  change.after = t.after.get();
  change.events = t.events;
  change.effects = t.effects;
  change.stage = t.stage;
  change.request_id = t.request_id;
  change.answer = t.answer;
  change.replaces_answer = t.replaces_answer;
  change.outbox = t.outbox;
  change.verdicts = t.verdicts;
  change.chain = t.chain;
  change.errands_done = t.errands_done;
  change.errands_aside = t.errands_aside;
  change.errands_again = t.errands_again;
  change.keeps = t.keeps;
  change.kept_ends = t.kept_ends;
  change.rows = t.rows;
  change.at = t.at;
  change.prepared = t.prepared.get();
  return change;
}

}  // namespace

void Committer::commit(std::span<Transition* const> group) {
  if (group.empty()) return;
  prepare(group);
  const auto ticket = std::make_shared<Ticket>();
  ticket->group = group;
  std::unique_lock lock(mutex_);
  queue_.push_back(ticket);
  if (gathering_ && queue_.size() >= expected_) arrived_.notify_one();
  try {
    for (;;) {
      if (!leading_) {
        lead(lock);
        if (is_done(*ticket)) return;
      }
      lock.unlock();
      if (wait(*ticket)) return;
      lock.lock();
    }
  } catch (...) {
    // No memory to begin with: nothing was written, and nobody may look for this ticket any more.
    if (!lock.owns_lock()) lock.lock();
    std::erase(queue_, ticket);
    if (!queue_.empty()) call(*queue_.front(), false);
    throw;
  }
}

/// Wakes the ticket's owner: it is answered, or it is its turn to lead.
void Committer::call(Ticket& ticket, bool done) {
  {
    const std::lock_guard lock(ticket.mutex);
    ticket.called = true;
    ticket.done = ticket.done || done;
  }
  ticket.ready.notify_one();
}

/// Whether it is answered.
bool Committer::wait(Ticket& ticket) {
  std::unique_lock lock(ticket.mutex);
  ticket.ready.wait(lock, [&] { return ticket.called; });
  ticket.called = false;
  return ticket.done;
}

bool Committer::is_done(Ticket& ticket) {
  const std::lock_guard lock(ticket.mutex);
  return ticket.done;
}

/// Without memory for it nothing is prepared: the commit meets the same and refuses.
void Committer::prepare(std::span<Transition* const> group) {
  try {
    for (Transition* const t : group) {
      t->prepared = store_.prepare(change_of(*t));
      t->notice = observers_.notice_of(*t);
    }
  } catch (const std::bad_alloc&) {
    for (Transition* const t : group) {
      t->prepared.reset();
      t->notice.reset();
    }
  }
}

/// Those who were answered together come back together, one a little before the others: whoever leads waits for as many as last time, but not longer
/// than pays. One caller alone never waits.
void Committer::gather(std::unique_lock<std::mutex>& lock) {
  if (queue_.size() >= expected_) return;
  leading_ = gathering_ = true;
  arrived_.wait_for(lock, patience_, [this] { return queue_.size() >= expected_; });
  leading_ = gathering_ = false;
}

void Committer::lead(std::unique_lock<std::mutex>& lock) {
  gather(lock);
  std::vector<std::shared_ptr<Ticket>> tickets;
  std::vector<Transition*> batch;
  std::size_t size = 0;
  for (const std::shared_ptr<Ticket>& ticket : queue_) {
    if (size > 0 && size + ticket->group.size() > max_batch) break;
    size += ticket->group.size();
    tickets.emplace_back();
  }
  batch.reserve(size);
  const Noted noted = noted_now();
  // From here to the end of the lead nothing throws: the others wait for it.
  leading_ = true;
  for (std::shared_ptr<Ticket>& ticket : tickets) {
    ticket = std::move(queue_.front());
    queue_.pop_front();
    batch.insert(batch.end(), ticket->group.begin(), ticket->group.end());
  }
  expected_ = tickets.size();
  lock.unlock();
  const auto begin = std::chrono::steady_clock::now();
  write(batch, noted);
  const std::chrono::nanoseconds spent = std::chrono::steady_clock::now() - begin;
  observers_.remember(batch);
  bell_.ring(batch);
  lock.lock();
  leading_ = false;
  patience_ = std::min<std::chrono::nanoseconds>(spent / 2, max_patience);
  const std::shared_ptr<Ticket> next = queue_.empty() ? nullptr : queue_.front();
  lock.unlock();
  // Whoever leads next first: the others are answered while he writes.
  if (next != nullptr) call(*next, false);
  for (const std::shared_ptr<Ticket>& ticket : tickets) call(*ticket, true);
  lock.lock();
}

void Committer::write(std::vector<Transition*> batch, const Noted& noted) {
  while (!batch.empty() || !noted.empty()) {
    std::size_t at = 0;
    const Result<void> written = write_once(batch, noted, at);
    if (written) return settle(noted);
    if (written.error().kind == ErrorKind::conflict && at < batch.size()) {
      batch[at]->refused = written.error();
      batch.erase(batch.begin() + static_cast<std::ptrdiff_t>(at));
      if (written.error().id == store::known_request) refuse_known(batch, at);
      continue;
    }
    // Another process holds the file: each would wait as long again, for the same.
    if (written.error().id == "SB0606") {
      for (Transition* const t : batch) t->refused = written.error();
      return;
    }
    // One member may be the reason (too large for the disk or the memory that is left): each is tried alone, so that it does not harm the others.
    if (batch.size() > 1) return write_each(batch);
    if (!batch.empty()) batch.front()->refused = written.error();
    return;
  }
}

/// Where one request is repeated, others often are (a client that comes back after a failure): they leave the batch together, so that those who stay
/// are not written again for each of them. When the store cannot say, the next attempt finds out.
void Committer::refuse_known(std::vector<Transition*>& batch, std::size_t from) {
  const auto begin = batch.begin() + static_cast<std::ptrdiff_t>(from);
  const auto end = std::remove_if(begin, batch.end(), [this](Transition* t) {
    if (t->request_id.empty() || t->replaces_answer) return false;
    const auto known = store_.answer_of(t->request_id);
    if (!known || !known.value()) return false;
    t->refused = store::request_known(change_of(*t));
    return true;
  });
  batch.erase(end, batch.end());
}

/// One transaction: all of it or nothing, also when memory runs out on the way.
Result<void> Committer::write_once(std::span<Transition* const> batch, const Noted& noted, std::size_t& at) {
  try {
    std::vector<store::Change> changes;
    changes.reserve(batch.size() + 1);
    for (const Transition* t : batch) changes.push_back(change_of(*t));
    if (!noted.empty()) put(noted, changes.emplace_back());
    return store_.commit(changes, at);
  } catch (const std::bad_alloc&) {
    at = batch.size();
    return Error{ErrorKind::limit, "SB0552", "no memory is left to write this", "", "give the program more memory, or hand in less at once; repeat"};
  }
}

void Committer::write_each(const std::vector<Transition*>& batch) {
  for (Transition* const t : batch) {
    std::size_t at = 0;
    if (const Result<void> written = write_once({&t, 1}, {}, at); !written) t->refused = written.error();
  }
}

void Committer::settle(const Noted& noted) {
  const std::lock_guard lock(mutex_);
  for (const store::ErrandKey& key : noted.done) noted_.erase(key);
  for (const store::KeptOffer& offer : noted.offered)
    if (const auto found = offered_.find(offer.id); found != offered_.end() && found->second <= offer.calls) offered_.erase(found);
}

/// Under mutex_.
Committer::Noted Committer::noted_now() const {
  Noted noted{{noted_.begin(), noted_.end()}, {}};
  for (const auto& [id, calls] : offered_) noted.offered.push_back({id, calls});
  return noted;
}

void Committer::put(const Noted& noted, store::Change& change) {
  change.errands_done = noted.done;
  change.kept_offered = noted.offered;
}

void Committer::errand_done(const store::ErrandKey& key) {
  const std::lock_guard lock(mutex_);
  noted_.insert(key);
}

bool Committer::is_noted_done(const store::ErrandKey& key) {
  const std::lock_guard lock(mutex_);
  return noted_.contains(key);
}

void Committer::kept_offered(const store::KeptOffer& offer) {
  const std::lock_guard lock(mutex_);
  std::uint64_t& calls = offered_[offer.id];
  calls = std::max(calls, offer.calls);
}

bool Committer::is_noted_offered(const store::KeptOffer& offer) {
  const std::lock_guard lock(mutex_);
  const auto found = offered_.find(offer.id);
  return found != offered_.end() && found->second >= offer.calls;
}

Result<void> Committer::flush() {
  Noted noted;
  {
    const std::lock_guard lock(mutex_);
    noted = noted_now();
  }
  if (noted.empty()) return success();
  store::Change change;
  put(noted, change);
  std::size_t at = 0;
  SB_TRYV(store_.commit({&change, 1}, at));
  settle(noted);
  return success();
}

}  // namespace switchboard::runtime
