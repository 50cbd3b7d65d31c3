#include "simulation/pool.hpp"

#include <algorithm>

namespace switchboard::simulation {

Pool::Pool(const BoundPool& b, Instant start, Instant window) : bound(b), window_(window) {
  for (auto* average : {&working_, &there_, &capacity_average_, &length_average_}) average->start(window.us);
  length_average_.set(0, start.us);
  update_capacity(start);
}

void Pool::update_capacity(Instant at) {
  std::uint32_t n = 0;
  for (const auto& shift : bound.shifts)
    if (!shift.calendar || shift.calendar->is_open(at)) n += shift.capacity;
  capacity_ = n;
  capacity_average_.set(n, at.us);
  account(at);
}

/// Suspended at close, nobody works while it is closed; otherwise what was begun is finished by people who stay.
void Pool::account(Instant at) {
  const std::uint32_t working = bound.suspend_at_close && capacity_ == 0 ? 0 : busy_;
  working_.set(working, at.us);
  there_.set(std::max(capacity_, working), at.us);
}

Instant Pool::next_change(Instant at) const {
  Instant next = Instant::max();
  for (const auto& shift : bound.shifts) {
    if (!shift.calendar) continue;
    next = std::min(next, shift.calendar->is_open(at) ? shift.calendar->next_closing(at).at : shift.calendar->next_opening(at).at);
  }
  return next;
}

void Pool::enqueue(ItemIndex item, std::int64_t rank, Instant at) {
  queue_.push({rank, order_++, item});
  set_length(length_ + 1, at);
}

Duration Pool::closed_since(Instant from, Instant to) const {
  // Open time of the widest shift; with several shifts the pool is open when any is, so this is exact for one shift and an upper bound for more.
  Duration open;
  for (const auto& shift : bound.shifts) {
    if (!shift.calendar) return {};
    open = std::max(open, shift.calendar->elapsed(from, to).working);
  }
  return std::max(Duration{}, (to - from) - open);
}

Instant Pool::end_of(Instant at, Duration length) const {
  if (!bound.suspend_at_close || !bound.shifts[0].calendar) return at + length;
  calendar::WorkingDuration d;
  d.working = length;
  return bound.shifts[0].calendar->deadline(at, d).at;
}

void Pool::set_busy(std::uint32_t n, Instant at) {
  busy_ = n;
  account(at);
}

void Pool::set_length(std::uint32_t n, Instant at) {
  length_ = n;
  Extremes& e = quarters_[quarter_];
  e.least = std::min(e.least, n);
  e.most = std::max(e.most, n);
  length_average_.set(n, at.us);
}

void Pool::begin_quarter(std::size_t quarter) {
  while (quarter_ < quarter) quarters_[++quarter_] = {length_, length_};
}

/// Of all that were seized; while none is over, what those that last have come to.
double Pool::Holding::expected_seconds() const {
  const double mean = ended > 0 ? seconds / static_cast<double>(ended) : unfinished > 0 ? seconds_so_far / static_cast<double>(unfinished) : 0;
  return mean * static_cast<double>(offered);
}

void Pool::close(Instant end) {
  window_seconds = std::max(1e-6, (end - window_).to_seconds());
  const double capacity = capacity_average_.integral_until(end.us);
  const double there = there_.integral_until(end.us);
  const double working = working_.integral_until(end.us);
  utilisation = there > 0 ? working / there : 0;
  overtime = working > 0 ? std::max(0.0, (there - capacity) / working) : 0;
  double offered = offered_seconds_;
  for (const auto& [activity, holding] : holdings_) offered += holding.expected_seconds();
  load = capacity > 0 ? offered * 1e6 / capacity : 0;
  waited_seconds = length_average_.integral_until(end.us) / 1e6;
  early_most = quarters_[1].most;
  late_least = quarter_ == 3 ? quarters_[3].least : 0;
}

}  // namespace switchboard::simulation
