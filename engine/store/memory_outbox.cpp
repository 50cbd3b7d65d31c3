#include "store/memory_outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "store/damage.hpp"
#include "store/projection.hpp"

namespace switchboard::store {

namespace {

bool fits_columns(const Query& q, const OutboxRow& row) {
  return (!q.instance || row.instance == q.instance) && (q.case_no.empty() || row.case_no == q.case_no) && asks_for_process(q, row.process) &&
         (q.customer.empty() || row.customer == q.customer) && (q.state.empty() || word_of(row.state) == q.state) &&
         (q.kind.empty() || word_of(row.kind) == q.kind);
}

bool waits(const OutboxRow& row) { return row.state == OutboxRow::State::waiting; }

}  // namespace

bool MemoryOutbox::fits(const Query& q, const OutboxRow& row) const { return fits_columns(q, row) && of_units_(q, row); }

void MemoryOutbox::add(const OutboxRow& row) {
  if (!keys_.insert(row.key).second) return;
  OutboxRow stored = row;
  stored.id = ++last_;
  stored.next_try = place_of(row).since;
  wait(rows_.emplace(stored.id, std::move(stored)).first->second);
}

std::vector<OutboxRow> MemoryOutbox::find(const Query& q) const {
  std::vector<OutboxRow> found;
  if (q.with_incidents) {
    for (const auto& [id, row] : rows_)
      if (row.state == OutboxRow::State::failed && fits(q, row) && (q.after == 0 || row.instance.value > q.after)) found.push_back(row);
    std::stable_sort(found.begin(), found.end(), [](const OutboxRow& a, const OutboxRow& b) { return a.instance < b.instance; });
    std::size_t n = std::min(q.limit, found.size());
    while (n > 0 && n < found.size() && (!found[n - 1].instance || found[n].instance == found[n - 1].instance)) ++n;
    found.resize(n);
    return found;
  }
  for (auto it = rows_.upper_bound(q.after); it != rows_.end() && found.size() < q.limit; ++it) {
    const OutboxRow& row = it->second;
    if (!fits(q, row) || (q.open_only && !waits(row))) continue;
    if (q.due_before) {
      const auto lane = lanes_.find(place_of(row).lane);
      if (lane == lanes_.end() || lane->second.record != row.id || lane->second.at > *q.due_before) continue;
    }
    found.push_back(row);
    if (const auto lane = waits(row) ? lanes_.find(place_of(row).lane) : lanes_.end(); lane != lanes_.end()) {
      const std::uint64_t first = lane->second.taken != 0 ? lane->second.taken : lane->second.record;
      found.back().behind = first == row.id ? 0 : first;
    }
  }
  return found;
}

OutboxTurn MemoryOutbox::turn(const OutboxAnswer* answer, const OutboxTake* take) {
  OutboxTurn turn;
  if (answer != nullptr) turn.late = !is_noted(*answer);
  if (take != nullptr) turn.row = take_one(*take);
  return turn;
}

/// Files a record that waits; whoever has one of its lane keeps it.
void MemoryOutbox::wait(const OutboxRow& row) {
  const OutboxPlace place = place_of(row);
  Lane& lane = lanes_[place.lane];
  lane.waiting.emplace(place.since, row.id);
  settle(place.lane, lane.taken);
}

/// It waits no longer, and nobody has it.
void MemoryOutbox::leave(const OutboxRow& row) {
  const OutboxPlace place = place_of(row);
  lanes_[place.lane].waiting.erase({place.since, row.id});
  settle(place.lane, 0);
}

/// Which record of a lane is the first, and from when it may be taken, anew.
void MemoryOutbox::settle(const std::string& name, std::uint64_t taken) {
  Lane& lane = lanes_[name];
  ready_.erase({lane.at, lane.record, name});
  if (lane.waiting.empty()) {
    lanes_.erase(name);
    return;
  }
  lane.taken = taken;
  lane.record = lane.waiting.begin()->second;
  lane.at = taken != 0 ? *rows_.at(taken).lease_until : *rows_.at(lane.record).next_try;
  ready_.emplace(lane.at, lane.record, name);
}

void MemoryOutbox::give_up(OutboxRow& row, Instant at, std::string why) {
  row.state = OutboxRow::State::failed;
  row.given_up = at;
  row.error = std::move(why);
  row.next_try.reset();
  row.lease_until.reset();
  ++row.token;
  leave(row);
}

void MemoryOutbox::expire(const std::string& lane, const OutboxTake& take) {
  OutboxRow& row = rows_.at(lanes_.at(lane).taken);
  if (row.attempts >= take.attempts) return give_up(row, take.now, std::string(never_answered));
  row.error = never_answered;
  row.lease_until.reset();
  ++row.token;
  settle(lane, 0);
}

bool MemoryOutbox::is_noted(const OutboxAnswer& answer) {
  const auto found = rows_.find(answer.id);
  if (found == rows_.end() || !waits(found->second) || found->second.token != answer.token || !found->second.lease_until) return false;
  OutboxRow& row = found->second;
  switch (answer.outcome) {
    case OutboxAnswer::Outcome::delivered:
      row.state = OutboxRow::State::delivered;
      row.delivered = answer.at;
      row.error.clear();
      row.next_try.reset();
      row.lease_until.reset();
      leave(row);
      break;
    case OutboxAnswer::Outcome::again:
      row.error = answer.error;
      row.next_try = answer.next_try;
      row.lease_until.reset();
      settle(place_of(row).lane, 0);
      break;
    case OutboxAnswer::Outcome::failed: give_up(row, answer.at, answer.error); break;
  }
  return true;
}

/// 0: there is none.
std::uint64_t MemoryOutbox::candidate(const OutboxTake& take) const {
  if (names_records(take.find)) return candidate_among(take);
  return ready_.empty() || std::get<0>(*ready_.begin()) > take.now ? 0 : std::get<1>(*ready_.begin());
}

/// Of those that are named: the first that nobody of them stands before in its lane, and whose lane nobody has.
std::uint64_t MemoryOutbox::candidate_among(const OutboxTake& take) const {
  for (auto it = rows_.upper_bound(take.find.after); it != rows_.end(); ++it) {
    const OutboxRow& row = it->second;
    if (!waits(row) || *row.next_try > take.now || !fits(take.find, row)) continue;
    const OutboxPlace place = place_of(row);
    const Lane& lane = lanes_.at(place.lane);
    if (lane.taken != 0 && lane.at > take.now) continue;
    const auto end = lane.waiting.find({place.since, row.id});
    if (std::none_of(lane.waiting.begin(), end, [&](const auto& one) { return fits(take.find, rows_.at(one.second)); })) return row.id;
  }
  return 0;
}

std::optional<OutboxRow> MemoryOutbox::take_one(const OutboxTake& take) {
  while (const std::uint64_t id = candidate(take)) {
    OutboxRow& row = rows_.at(id);
    const std::string lane = place_of(row).lane;
    if (lanes_.at(lane).taken != 0) {
      expire(lane, take);
      continue;
    }
    ++row.attempts;
    ++row.token;
    row.lease_until = take.lease_until;
    settle(lane, id);
    return row;
  }
  return std::nullopt;
}

std::optional<Error> MemoryOutbox::refusal(const OutboxVerdict& verdict) const {
  const auto found = rows_.find(verdict.id);
  if (found == rows_.end()) return no_such_outbox(verdict.id);
  if (verdict.receipt) return found->second.attempts == 0 && waits(found->second) ? std::optional(never_told(verdict.id)) : std::nullopt;
  if (found->second.state != OutboxRow::State::failed) return has_not_failed(verdict.id);
  return std::nullopt;
}

void MemoryOutbox::decide(const OutboxVerdict& verdict, Instant at) {
  OutboxRow& row = rows_.at(verdict.id);
  if (verdict.receipt) {
    row.receipts = with_receipt(row.receipts, *verdict.receipt);
    return;
  }
  if (row.state != OutboxRow::State::failed) return;  // two verdicts in one transaction: the first stands
  if (verdict.drop) {
    row.state = OutboxRow::State::dropped;
    row.given_up = at;
    row.error = error_of_dropped(row.error, verdict.by_whom_and_why);
    return;
  }
  row.state = OutboxRow::State::waiting;
  row.attempts = 0;
  row.given_up.reset();
  row.next_try = at;
  wait(row);
}

std::size_t MemoryOutbox::prune(Instant before, const std::function<bool(InstanceKey)>& over) {
  std::size_t forgotten = 0;
  for (auto it = rows_.begin(); it != rows_.end();) {
    const OutboxRow& row = it->second;
    const bool is_over = row.state == OutboxRow::State::delivered || row.state == OutboxRow::State::dropped;
    const bool gone = is_over && row.delivered.value_or(row.given_up.value_or(before)) < before && over(row.instance);
    if (gone) keys_.erase(row.key);
    it = gone ? rows_.erase(it) : std::next(it);
    forgotten += gone ? 1 : 0;
  }
  return forgotten;
}

void MemoryOutbox::check(const std::function<void(const std::string&)>& found) const {
  std::size_t waiting = 0;
  for (const auto& [name, lane] : lanes_) {
    waiting += lane.waiting.size();
    if (lane.waiting.empty() || lane.waiting.begin()->second != lane.record || !ready_.contains({lane.at, lane.record, name}))
      found(fmt::format("the lane '{}' of the outbox is not as it should be", name));
  }
  const auto expected = std::count_if(rows_.begin(), rows_.end(), [](const auto& one) { return waits(one.second); });
  if (waiting != static_cast<std::size_t>(expected) || ready_.size() != lanes_.size())
    found(fmt::format("{} records of the outbox wait, {} stand in {} lanes", expected, waiting, ready_.size()));
}

}  // namespace switchboard::store
