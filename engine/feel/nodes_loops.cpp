// for, some, every: walking domains.
#include <functional>

#include "feel/nodes.hpp"

namespace switchboard::feel {
namespace {

using Each = std::function<bool(const Value&)>;

bool walk_numbers(Run& run, std::int64_t from, std::int64_t to, const Each& each) {
  const std::int64_t step = from <= to ? 1 : -1;
  for (std::int64_t i = from;; i += step) {
    if (!run.step() || !each(Value(i))) return !run.stopped();
    if (i == to) return true;
  }
}

bool walk_days(Run& run, std::int64_t from, std::int64_t to, const Each& each) {
  const std::int64_t step = from <= to ? 1 : -1;
  for (std::int64_t i = from;; i += step) {
    const auto d = from_days(i);
    if (!d || !run.step() || !each(Value(*d))) return d.has_value() && !run.stopped();
    if (i == to) return true;
  }
}

/// From `low` to `high` inclusive, in either direction.
bool walk_between(Run& run, const Value& low, const Value& high, const Each& each) {
  if (low.number() != nullptr && high.number() != nullptr) {
    const auto from = low.number()->to_int64();
    const auto to = high.number()->to_int64();
    if (from && to) return walk_numbers(run, *from, *to, each);
  }
  if (low.date() != nullptr && high.date() != nullptr) return walk_days(run, to_days(*low.date()), to_days(*high.date()), each);
  run.fail("only whole numbers and dates can be counted, not {} to {}", to_string(low.type()), to_string(high.type()));
  return false;
}

Value moved(Run& run, const Value& v, int by) {
  if (v.number() != nullptr) return calculate(run, Op::add, v, Value(by));
  return calculate(run, Op::add, v, Value(DaysTimeDuration{std::int64_t{by} * 86'400, 0}));
}

/// A range value runs upwards; open ends are left out.
bool walk_range(Run& run, const Range& r, const Each& each) {
  if (is_equality(r) && r.low_end == Range::End::open) {
    run.fail("what is not one value cannot be iterated");
    return false;
  }
  Value low = r.low;
  Value high = r.high;
  const auto is_day_or_number = [](const Value& v) { return v.number() != nullptr || v.date() != nullptr; };
  if (is_day_or_number(low) && is_day_or_number(high)) {
    if (r.low_end == Range::End::open) low = moved(run, low, 1);
    if (r.high_end == Range::End::open) high = moved(run, high, -1);
    const auto o = order(low, high);
    if (o && *o > 0) {
      const auto ends = order(r.low, r.high);
      if (ends && *ends <= 0) return true;  // nothing between open ends
      run.fail("the range runs downwards");
      return false;
    }
  }
  return walk_between(run, low, high, each);
}

/// Runs `body` for every combination, the last iterator fastest; false when a domain cannot be walked.
bool nest(Run& run, const std::vector<Iterator>& iterators, std::size_t level, const std::function<bool()>& body) {
  if (level == iterators.size()) return body();
  bool inner_ok = true;
  const bool ok = walk(run, iterators[level], [&](const Value& v) {
    if (!run.copies(v)) return inner_ok = false;
    run.local(iterators[level].local) = v;
    inner_ok = nest(run, iterators, level + 1, body);
    return inner_ok;
  });
  return ok && inner_ok;
}

}  // namespace

bool walk(Run& run, const Iterator& iterator, const Each& each) {
  if (iterator.to != nullptr) {
    const Operand low(*iterator.domain, run);
    const Operand high(*iterator.to, run);
    return walk_between(run, *low, *high, each);
  }
  const Value domain = iterator.domain->value(run);
  if (domain.is_null()) {
    run.fail("null cannot be iterated");
    return false;
  }
  if (domain.range() != nullptr) return walk_range(run, *domain.range(), each);
  if (domain.list() == nullptr) return each(domain) || !run.stopped();
  for (const Value& v : *domain.list()) {
    if (!run.step() || !each(v)) return !run.stopped();
  }
  return true;
}

Value ForNode::eval(Run& run) const {
  List out;
  bool full = false;
  std::uint64_t bytes = 0;
  if (partial_) run.local(*partial_) = Value(List{});
  const bool ok = nest(run, iterators_, 0, [&] {
    full = out.size() >= max_list_items;
    if (full) return false;
    Value v = body_->value(run);
    if (run.stopped() || !run.grows(bytes, v)) return false;
    out.push_back(std::move(v));
    // Where the body has kept `partial` it is copied: then its size is charged, so that quadratic work stays within the budget.
    if (!partial_) return true;
    Value& partial = run.local(*partial_);
    if (!partial.append(out.back()) && !run.step(out.size())) return false;
    partial = run.made(std::move(partial));
    return !run.stopped();
  });
  if (full) return run.halt("a list has more than {} items [SB0232]", max_list_items);
  return ok ? run.made(std::move(out)) : Value();
}

Truth QuantifiedNode::test(Run& run) const {
  const Truth decisive = every_ ? Truth::no : Truth::yes;
  bool decided = false;
  bool unknown = false;
  const bool ok = nest(run, iterators_, 0, [&] {
    if (!run.step()) return false;
    const Truth t = condition_->test(run);
    decided = t == decisive;
    unknown = unknown || t == Truth::unknown;
    return !decided;
  });
  if (decided) return decisive;
  if (!ok || unknown) return Truth::unknown;
  return negate(decisive);
}

}  // namespace switchboard::feel
