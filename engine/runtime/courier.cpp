#include "runtime/courier.hpp"

#include <iterator>
#include <utility>

#include "runtime/errand_names.hpp"

namespace switchboard::runtime {

namespace {

/// One command may set off a chain of others (calls that call, messages that answer messages). What lies beyond is done by the next tick.
constexpr std::size_t max_chain = 10'000;
constexpr std::size_t errands_page = 256;

Error damaged_errand() {
  return {
      ErrorKind::storage, "SB0603", "the errand is not what was written: it is not carried out", "",
      "look at the case: what it wanted of another one (a call, an answer, a message) has to be done by hand; keep a copy, run `switchboard fsck`"};
}

}  // namespace

void Courier::carry_out(std::vector<store::Errand> errands) {
  std::deque<store::Errand> todo(std::make_move_iterator(errands.begin()), std::make_move_iterator(errands.end()));
  for (std::size_t done = 0; !todo.empty() && done < max_chain; ++done) {
    const store::Errand errand = std::move(todo.front());
    todo.pop_front();
    {
      const std::lock_guard lock(mutex_);
      in_flight_.insert(errand.key);
    }
    // An error leaves the errand in the store: the next tick repeats it, and reports what then still goes wrong.
    const Result<bool> finished = carry_out_one(errand, todo);
    if (finished && finished.value()) committer_.errand_done(errand.key);
    const std::lock_guard lock(mutex_);
    in_flight_.erase(errand.key);
  }
}

Result<void> Courier::repeat(std::size_t& damaged) {
  std::optional<store::ErrandKey> position;
  for (;;) {
    SB_TRY(const auto found, offices_.store.errands(position, errands_page));
    if (!found.last) return success();
    position = found.last;
    for (const store::ErrandKey& key : found.damaged) {
      ++damaged;
      SB_TRYV(offices_.outbox.report_trouble(key.instance, request_of(key), damaged_errand()));
    }
    for (const store::Errand& errand : found.errands) {
      if (committer_.is_noted_done(errand.key)) continue;
      {
        const std::lock_guard lock(mutex_);
        if (in_flight_.contains(errand.key)) continue;
      }
      std::deque<store::Errand> next;
      const Result<bool> finished = carry_out_one(errand, next);
      if (!finished) {
        if (!is_damage(finished.error())) return finished.error();
        ++damaged;
        SB_TRYV(offices_.outbox.report_trouble(errand.key.instance, request_of(errand.key), finished.error()));
      } else if (finished.value()) {
        committer_.errand_done(errand.key);
      }
      carry_out({std::make_move_iterator(next.begin()), std::make_move_iterator(next.end())});
    }
  }
}

/// True when there is nothing left to do; false when its time has not come (the receiver is suspended).
Result<bool> Courier::carry_out_one(const store::Errand& errand, std::deque<store::Errand>& next) {
  Post post(offices_, errand.key);
  const auto finished = driver::Courier(post).carry_out(errand.key.instance, errand.effect);
  next.insert(next.end(), std::make_move_iterator(post.errands.begin()), std::make_move_iterator(post.errands.end()));
  return finished;
}

}  // namespace switchboard::runtime
