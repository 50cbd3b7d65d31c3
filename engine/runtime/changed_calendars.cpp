// What cases need to follow a calendar that became another: who stands on it, and the definitions as they were before.
#include <algorithm>

#include "runtime/definitions.hpp"

namespace switchboard::runtime {

namespace {

bool has_same_hours(const calendar::CalendarSpec& a, const calendar::CalendarSpec& b) {
  return a.zone == b.zone && a.week == b.week && a.working_day_hours == b.working_day_hours;
}

std::vector<store::CalendarChange> without_progress(std::vector<store::CalendarChange> changes) {
  for (store::CalendarChange& c : changes) c.done = {};
  return changes;
}

}  // namespace

/// Another list of days is a correction: it holds for the whole time of a promise. Other opening hours hold from the day on which they are opened.
std::optional<store::CalendarChange> Definitions::change_of(const store::Resource& now, const store::Resource& before, CalendarChange change) const {
  store::CalendarChange made{now.id, now.added, "", {}};
  if (change == CalendarChange::as_changed) {
    const auto was = calendars_.find(now.id);
    CalendarTexts texts = calendar_texts_;
    Calendars calendars;
    texts.insert_or_assign(now.id, workspace::read_text(now.text, now.file));
    make_calendars(texts, {now.id}, calendars);
    const auto is = calendars.find(now.id);
    const bool is_comparable = was != calendars_.end() && is != calendars.end();
    change = is_comparable && !has_same_hours(was->second->spec(), is->second->spec()) ? CalendarChange::from_now : CalendarChange::recount;
  }
  if (change == CalendarChange::from_now) made.before = before.text;
  return made;
}

std::set<std::string> Definitions::with_extending(std::set<std::string> calendars) const {
  for (bool is_new = true; is_new;) {
    is_new = false;
    for (const auto& [id, text] : calendar_texts_)
      if (text->calendar && calendars.contains(text->calendar->extends)) is_new = calendars.insert(id).second || is_new;
  }
  return calendars;
}

Result<bool> Definitions::stands_on(std::string_view hash, const std::set<std::string>& calendars) {
  const std::unique_lock lock(mutex_);
  auto known = calendars_of_.find(std::string(hash));
  if (known == calendars_of_.end()) {
    SB_TRY(const auto deployment, store_.deployment(hash));
    if (!deployment) return not_deployed("", hash);
    SB_TRY(const auto bundle, bundle_of(*deployment));
    SB_TRY(const auto process, process_of(bundle));
    known = calendars_of_.emplace(std::string(hash), calendars_named(bundle, *process)).first;
  }
  const std::set<std::string> changed = with_extending(calendars);
  return std::any_of(changed.begin(), changed.end(), [&](const std::string& id) { return known->second.contains(id); });
}

Result<model::ExecutablePtr> Definitions::as_before(std::string_view hash, const std::vector<store::CalendarChange>& changes) {
  const std::unique_lock lock(mutex_);
  if (const auto same = without_progress(changes); same != before_changes_) {
    before_changes_ = same;
    before_.clear();
  }
  if (const auto known = before_.find(std::string(hash)); known != before_.end()) return known->second;
  CalendarTexts texts = calendar_texts_;
  std::set<std::string> others;
  for (const store::CalendarChange& c : changes) {
    if (c.before.empty()) continue;
    texts.insert_or_assign(c.calendar, workspace::read_text(c.before, "calendar/" + c.calendar + ".yaml"));
    others.insert(c.calendar);
  }
  // Those that are not concerned stay the same objects.
  Calendars calendars = calendars_;
  make_calendars(texts, with_extending(others), calendars);
  SB_TRY(const auto deployment, store_.deployment(hash));
  if (!deployment) return not_deployed("", hash);
  SB_TRY(auto made, make_again(*deployment, calendars));
  before_.insert_or_assign(std::string(hash), made);
  return made;
}

}  // namespace switchboard::runtime
