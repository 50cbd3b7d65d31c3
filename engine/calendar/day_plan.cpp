#include "calendar/day_plan.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "calendar/civil.hpp"

namespace switchboard::calendar {
namespace {

std::int64_t nominal_open(const DayPlan& plan) {
  std::int64_t minutes = 0;
  for (const Hours& h : plan.openings) minutes += h.to - h.from;
  return minutes * kMinute;
}

std::int64_t real_open(const DayPlan& plan, const ZoneTable::DayFrame& frame) {
  std::int64_t open = 0;
  for (const Hours& h : plan.openings) open += frame.at(h.to) - frame.at(h.from);
  return open;
}

bool nominally_interrupted(const DayPlan& plan) { return plan.openings != std::vector<Hours>{{0, 1440}}; }

using Exceptions = std::map<std::int64_t, DayPlan>;

// The days around one change of the zone's offset. A day that the zone skipped (Apia's 2011-12-30) exists for nobody: it is no working day.
void add_changed_days(Exceptions& exceptions, const std::array<DayPlan, 7>& week, const ZoneTable& zone, std::int64_t before, std::int64_t after) {
  const std::int64_t last = floor_div(std::max(before, after), kDay);
  for (std::int64_t day = floor_div(std::min(before, after) - 1, kDay); day <= last; ++day) {
    const ZoneTable::DayFrame frame = zone.frame(day);
    if (frame.start() == frame.end()) {
      exceptions[day] = {};
      continue;
    }
    const DayPlan& plan = week[static_cast<std::size_t>(weekday_of(day))];
    if (real_open(plan, frame) != nominal_open(plan)) exceptions.emplace(day, plan);
  }
}

}  // namespace

DayTable::DayTable(std::array<DayPlan, 7> week, std::vector<PlannedDay> exceptions, const ZoneTable& zone) : week_(std::move(week)) {
  Exceptions all;
  for (PlannedDay& e : exceptions) {
    if (e.plan != week_[static_cast<std::size_t>(weekday_of(e.day))]) all.emplace(e.day, std::move(e.plan));
  }
  const auto& segments = zone.segments();
  for (std::size_t i = 1; i < segments.size(); ++i) {
    add_changed_days(all, week_, zone, segments[i].begin + segments[i - 1].offset, segments[i].begin + segments[i].offset);
  }
  std::vector<std::int64_t> working;
  std::vector<std::int64_t> open;
  std::vector<std::int64_t> interrupted;
  for (auto& [day, plan] : all) {
    const ZoneTable::DayFrame frame = zone.frame(day);
    days_.push_back(static_cast<std::int32_t>(day));
    working.push_back(plan.working ? 1 : 0);
    open.push_back(real_open(plan, frame));
    interrupted.push_back(open.back() < frame.end() - frame.start() ? 1 : 0);
    plans_.push_back(std::move(plan));
  }
  std::array<std::int64_t, 7> weights{};
  const auto tally = [&](auto weigh, const std::vector<std::int64_t>& listed) {
    std::transform(week_.begin(), week_.end(), weights.begin(), weigh);
    return DayTally(weights, days_, listed);
  };
  working_ = tally([](const DayPlan& p) -> std::int64_t { return p.working ? 1 : 0; }, working);
  open_ = tally(nominal_open, open);
  interrupted_ = tally([](const DayPlan& p) -> std::int64_t { return nominally_interrupted(p) ? 1 : 0; }, interrupted);
}

DayTable::Place DayTable::at(std::int64_t day) const {
  const auto found = std::lower_bound(days_.begin(), days_.end(), day);
  const auto index = static_cast<std::size_t>(found - days_.begin());
  const bool listed = found != days_.end() && *found == day;
  return {day, index, listed, listed ? &plans_[index] : &week_[static_cast<std::size_t>(weekday_of(day))]};
}

}  // namespace switchboard::calendar
