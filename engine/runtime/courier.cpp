#include "runtime/courier.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/rules.hpp"
#include "runtime/errand_names.hpp"
#include "runtime/failures.hpp"

namespace switchboard::runtime {

namespace {

/// What one command does for others before it answers, and what one tick does for one case and for all.
constexpr std::size_t share_of_command = 1'000;
constexpr std::size_t share_of_case = 1'000;
constexpr std::size_t share_of_tick = 10'000;
constexpr std::size_t errands_page = 256;

Error damaged_errand() {
  return {
      ErrorKind::storage, "SB0603", "the errand is not what was written: it is not carried out", "",
      "look at the case: what it wanted of another one (a call, an answer, a message) has to be done by hand; keep a copy, run `switchboard fsck`"};
}

}  // namespace

bool Courier::Budget::take(core::InstanceKey instance) {
  std::size_t& of_this = had[instance];
  if (all == 0 || of_this >= of_one) {
    put_off.insert(instance);
    return false;
  }
  --all;
  ++of_this;
  return true;
}

bool Courier::carry_out(std::vector<store::Errand> errands) {
  const bool has_errands = !errands.empty();
  std::deque<store::Errand> todo(std::make_move_iterator(errands.begin()), std::make_move_iterator(errands.end()));
  Budget budget{share_of_command, share_of_command};
  // An error leaves the errands in the store: the next tick repeats them, and reports what then still goes wrong.
  static_cast<void>(work_off(todo, budget));
  return has_errands || budget.has_offered;
}

/// First come first served; what an errand leads to comes behind what waits already.
Result<void> Courier::work_off(std::deque<store::Errand>& todo, Budget& budget, std::size_t others) {
  driver::RingWatch watch;
  SB_TRYV(offer_kept(todo, budget, false));
  while (!todo.empty()) {
    const store::Errand errand = std::move(todo.front());
    todo.pop_front();
    if (!budget.take(errand.key.instance)) continue;
    {
      const std::lock_guard lock(mutex_);
      if (!in_flight_.insert(errand.key).second) continue;
    }
    const Result<bool> finished = carry_out_one(errand, watch.goes_too_far(errand.chain, todo.size() + others), todo);
    if (finished && finished.value()) committer_.errand_done(errand.key);
    {
      const std::lock_guard lock(mutex_);
      in_flight_.erase(errand.key);
    }
    if (!finished) return finished.error();
    SB_TRYV(offer_kept(todo, budget, false));
  }
  return success();
}

/// A commit that calls for a message notes it in its own transaction, so a crash loses nothing: the next tick offers it.
Result<void> Courier::offer_kept(std::deque<store::Errand>& next, Budget& budget, bool all) {
  while (offices_.store.take_kept_called() || std::exchange(all, false)) {
    for (std::optional<store::KeptRow> row;;) {  // the oldest first, also of those that an offer calls for
      SB_TRY(row, first_called());
      if (!row) break;
      budget.has_offered = true;
      SB_TRYV(offer_one(*row, next));
    }
  }
  return success();
}

/// The oldest that is to be offered.
Result<std::optional<store::KeptRow>> Courier::first_called() {
  for (std::uint64_t after = 0;;) {
    SB_TRY(auto rows, offices_.store.kept_called(after, errands_page));
    if (rows.empty()) return std::optional<store::KeptRow>();
    after = rows.back().message.id;
    for (store::KeptRow& row : rows)
      if (!committer_.is_noted_offered({row.message.id, row.message.calls})) return std::optional(std::move(row));
  }
}

Result<void> Courier::offer_one(const store::KeptRow& row, std::deque<store::Errand>& next) {
  const driver::KeptMessage& message = row.message;
  SB_TRY(const Instant at, offices_.outbox.now());
  if (!row.damage.empty()) return offices_.keeper.fail(message, damaged_message(row.damage));
  if (message.until < at) {  // the tick ends it
    offices_.keeper.stays(message);
    return success();
  }
  const std::uint32_t chain = driver::chain_of(message, at);
  if (chain >= driver::longest_chain) return offices_.keeper.fail(message, driver::ring_of_kept(message));
  Post post(offices_, chain);
  const auto offered = driver::Courier(post).offer(message);
  next.insert(next.end(), std::make_move_iterator(post.errands.begin()), std::make_move_iterator(post.errands.end()));
  if (offered || is_everybodys(offered.error())) return offered;
  return offices_.keeper.fail(message, offered.error());
}

/// A ring that branches leaves more behind than a tick carries out, however many ticks come: what goes too far of it ends here, all at once.
Result<void> Courier::end_branching_rings() {
  std::size_t waiting = 0;
  std::optional<store::ErrandKey> position;
  const auto each = [&](const auto& what) -> Result<void> {
    position.reset();
    for (bool more = true; more;) {
      SB_TRY(const auto found, offices_.store.errands(store::ErrandKind::waiting, position, errands_page));
      more = found.errands.size() + found.damaged.size() == errands_page;
      position = found.last;
      for (const store::Errand& errand : found.errands) {
        if (errand.chain < driver::branching_chain) continue;
        SB_TRY(more, what(errand));
        if (!more) break;
      }
    }
    return success();
  };
  SB_TRYV(each([&](const store::Errand&) -> Result<bool> { return ++waiting <= driver::most_waiting; }));
  if (waiting <= driver::most_waiting) return success();
  return each([&](const store::Errand& errand) -> Result<bool> {
    if (committer_.is_noted_done(errand.key)) return true;
    std::deque<store::Errand> todo{errand};
    Budget budget{1, 1};
    SB_TRYV(work_off(todo, budget, waiting));
    return true;
  });
}

Result<void> Courier::repeat(Errands& met) {
  SB_TRYV(end_branching_rings());
  Budget budget{share_of_tick, share_of_case};
  std::deque<store::Errand> called;
  SB_TRYV(offer_kept(called, budget, true));
  SB_TRYV(work_off(called, budget));
  std::optional<store::ErrandKey> position;
  while (budget.all > 0) {
    SB_TRY(const auto found, offices_.store.errands(store::ErrandKind::waiting, position, errands_page));
    if (!found.last) break;
    position = found.last;
    for (const store::ErrandKey& key : found.damaged) {
      ++met.damaged;
      core::StandAside command{{0}, std::string(core::rules::errand_failed), damaged_errand().text(), key.sequence, key.index};
      SB_TRYV(set_aside(key, std::move(command)));
    }
    for (const store::Errand& errand : found.errands) {
      if (committer_.is_noted_done(errand.key)) continue;
      std::deque<store::Errand> todo{errand};
      SB_TRYV(work_off(todo, budget));
    }
  }
  if (budget.all == 0 && budget.put_off.empty()) {
    SB_TRY(const auto left, offices_.store.errands(store::ErrandKind::waiting, position, 1));
    if (left.last) ++met.put_off;  // whoever's it is
  }
  met.put_off += budget.put_off.size();
  return success();
}

/// True when there is nothing left to do: done, or it stands aside. False when its time has not come (the receiver is suspended).
Result<bool> Courier::carry_out_one(const store::Errand& errand, bool goes_too_far, std::deque<store::Errand>& next) {
  const store::ErrandKey& key = errand.key;
  if (goes_too_far) {
    SB_TRYV(set_aside(key, driver::stand_aside(errand.effect, key.sequence, key.index, errand.chain)));
    return false;
  }
  Post post(offices_, errand);
  const auto finished = driver::Courier(post).carry_out(key.instance, errand.effect);
  next.insert(next.end(), std::make_move_iterator(post.errands.begin()), std::make_move_iterator(post.errands.end()));
  if (finished || is_everybodys(finished.error())) return finished;
  SB_TRYV(set_aside(key, driver::stand_aside(errand.effect, key.sequence, key.index, finished.error())));
  return false;
}

/// In one transaction: the incident of its case, and that it is not carried out any more. Where there is no case that could have an incident, the
/// outbox says what is wrong.
Result<void> Courier::set_aside(const store::ErrandKey& key, core::StandAside command) {
  const Error why{ErrorKind::rejected, command.rule, command.message, "", ""};
  Order order{key.instance, std::move(command), {}, {}};
  order.errands_aside = {key};
  const auto told = offices_.commands.apply(order);
  if (told || is_everybodys(told.error())) return told ? success() : Result<void>(told.error());
  SB_TRYV(offices_.outbox.report_trouble(key.instance, request_of(key), why));
  return offices_.outbox.set_aside(key);
}

Result<void> Courier::give_up(const store::ErrandKey& key, const std::string& why) {
  std::optional<store::ErrandKey> before;
  if (key.index > 0)
    before = store::ErrandKey{key.instance, key.sequence, key.index - 1};
  else
    before = store::ErrandKey{key.instance, key.sequence - 1, 0xFFFFFFFFu};
  SB_TRY(const auto found, offices_.store.errands(store::ErrandKind::aside, before, 1));
  if (found.errands.empty() || found.errands.front().key != key) return success();
  Post post(offices_, found.errands.front());
  SB_TRYV(driver::Courier(post).give_up(key.instance, found.errands.front().effect, why));
  carry_out(std::move(post.errands));
  return success();
}

}  // namespace switchboard::runtime
