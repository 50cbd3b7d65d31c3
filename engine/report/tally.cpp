#include "report/tally.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace switchboard::report {

namespace {

std::uint64_t averages_within(const PromiseFigures& f, bool wanted) {
  const auto fits = [&](const auto& average) { return average.second.rounds > 0 && (average.second.percent() <= 100.0) == wanted; };
  return static_cast<std::uint64_t>(std::count_if(f.averages.begin(), f.averages.end(), fits));
}

void add_lateness(PromiseFigures& f, const ClockInfo& round) {
  const Duration late = std::max(Duration{}, -round.left);
  f.lateness_total += late;
  f.lateness_max = std::max(f.lateness_max, late);
}

void add_finished(PromiseFigures& f, const ClockInfo& round) {
  ++f.finished;
  PromiseFigures::Elapsed& elapsed = f.elapsed[std::string(to_string(round.elapsed_unit))];
  ++elapsed.rounds;
  elapsed.total += round.elapsed_business;
  if (!round.mean) return;
  PromiseFigures::Average& average = f.averages[round.process + "/" + round.clock];
  ++average.rounds;
  average.percent_total += round.percent;
}

}  // namespace

Instant counts_at(const ClockInfo& round) {
  if (!round.ended) return round.due;
  return round.mean ? *round.ended : std::min(round.due, *round.ended);
}

void add(PromiseFigures& f, const ClockInfo& round) {
  ++f.rounds;
  f.changed += round.changes.is_null() ? 0 : 1;
  if (round.state == ClockState::met) {
    add_finished(f, round);
  } else if (round.state == ClockState::cancelled) {
    ++f.cancelled;
  } else {
    ++f.open;
    f.provisional += round.provisional ? 1 : 0;
  }
  if (round.mean) return;
  if (round.breached) {
    ++f.broken;
    add_lateness(f, round);
  } else if (round.state == ClockState::met) {
    ++f.kept;
  }
}

std::optional<double> PromiseFigures::kept_share() const {
  if (kept + broken == 0) return std::nullopt;
  return static_cast<double>(kept) / static_cast<double>(kept + broken);
}

std::optional<double> PromiseFigures::lateness_mean_seconds() const {
  if (broken == 0) return std::nullopt;
  return lateness_total.to_seconds() / static_cast<double>(broken);
}

std::optional<double> PromiseFigures::elapsed_mean(const std::string& unit) const {
  const auto found = elapsed.find(unit);
  if (found == elapsed.end() || found->second.rounds == 0) return std::nullopt;
  return found->second.total / static_cast<double>(found->second.rounds);
}

std::uint64_t PromiseFigures::averages_kept() const { return averages_within(*this, true); }
std::uint64_t PromiseFigures::averages_broken() const { return averages_within(*this, false); }

void Tally::add(const std::vector<std::vector<std::string>>& groups, const ClockInfo& round) {
  for (const std::vector<std::string>& keys : groups) {
    PromiseRow& row = groups_[keys];
    if (row.figures.rounds == 0) {
      row.keys = keys;
      if (std::find(by_.begin(), by_.end(), "clock") != by_.end()) row.name = round.name;
    }
    report::add(row.figures, round);
  }
  report::add(total_, round);
}

PromiseReport Tally::report() && {
  PromiseReport report{std::move(by_), {}, std::move(total_), {}};
  report.rows.reserve(groups_.size());
  for (auto& [keys, row] : groups_) report.rows.push_back(std::move(row));
  return report;
}

}  // namespace switchboard::report
