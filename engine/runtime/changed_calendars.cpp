// What cases need to follow a calendar that became another: who stands on it, and the definitions as they were before.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/definitions.hpp"

namespace switchboard::runtime {

namespace {

bool has_same_hours(const calendar::CalendarSpec& a, const calendar::CalendarSpec& b) {
  return a.zone == b.zone && a.week == b.week && a.working_day_hours == b.working_day_hours;
}

}  // namespace

/// Another list of days is a correction: it holds for the whole time of a promise. Other opening hours hold from the day on which they are opened.
std::optional<store::CalendarChange> Definitions::change_of(const store::Resource& now, const store::Resource& before, CalendarChange change) const {
  store::CalendarChange made{now.id, now.added, before.text, false, {}, false};
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
  made.from_now = change == CalendarChange::from_now;
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

Result<bool> Definitions::stands_on(std::string_view hash, const std::string& calendar) {
  const std::unique_lock lock(mutex_);
  return stands_on_locked(hash, calendar);
}

Result<bool> Definitions::stands_on_locked(std::string_view hash, const std::string& calendar) {
  auto known = calendars_of_.find(std::string(hash));
  if (known == calendars_of_.end()) {
    SB_TRY(const auto deployment, store_.deployment(hash));
    if (!deployment) return not_deployed("", hash);
    SB_TRY(const auto bundle, bundle_of(*deployment));
    SB_TRY(const auto process, process_of(bundle));
    known = calendars_of_.emplace(std::string(hash), calendars_named(bundle, *process)).first;
  }
  const std::set<std::string> changed = with_extending({calendar});
  return std::any_of(changed.begin(), changed.end(), [&](const std::string& id) { return known->second.contains(id); });
}

Result<void> Definitions::look_for_changes() {
  const std::unique_lock lock(mutex_);
  return look_for_changes_locked();
}

Result<void> Definitions::look_for_changes_locked() {
  SB_TRY(changes_, store_.calendar_changes());
  has_changed_calendars_ = !changes_.empty();
  return success();
}

/// A case whose last instant lies behind a change has followed it: every commit since then came after.
Result<std::vector<Following>> Definitions::changes_for(const core::ProcessInstance& instance) {
  const std::unique_lock lock(mutex_);
  SB_TRYV(look_for_changes_locked());
  const std::vector<store::CalendarChange> changes = changes_;  // making a definition again may look once more
  const std::span all(changes);
  std::vector<Following> wanted;
  for (std::size_t i = 0; i < changes.size(); ++i) {
    const store::CalendarChange& change = changes[i];
    if (instance.last > change.at) continue;
    SB_TRY(const bool stands, stands_on_locked(instance.definition, change.calendar));
    if (!stands) continue;
    Following one{change.at, change.from_now, fmt::format("calendar '{}' was changed", change.calendar), nullptr, nullptr};
    SB_TRY(one.before, without_locked(instance.definition, all.subspan(i)));
    SB_TRY(one.after, without_locked(instance.definition, all.subspan(i + 1)));
    wanted.push_back(std::move(one));
  }
  return wanted;
}

/// The definition on the calendars as they were before these changes.
Result<model::ExecutablePtr> Definitions::without_locked(std::string_view hash, std::span<const store::CalendarChange> undone) {
  if (undone.empty()) return by_hash_locked(hash);
  std::pair<std::string, std::vector<std::pair<Instant, std::string>>> key(std::string(hash), {});
  for (const store::CalendarChange& c : undone) key.second.emplace_back(c.at, c.calendar);
  if (const auto known = before_.find(key); known != before_.end()) return known->second;
  CalendarTexts texts = calendar_texts_;
  std::set<std::string> others;
  for (const store::CalendarChange& c : undone)  // of several changes of one calendar the first knows what was before all of them
    if (others.insert(c.calendar).second) texts.insert_or_assign(c.calendar, workspace::read_text(c.before, "calendar/" + c.calendar + ".yaml"));
  Calendars calendars = calendars_;
  make_calendars(texts, with_extending(others), calendars);
  SB_TRY(const auto deployment, store_.deployment(hash));
  if (!deployment) return not_deployed("", hash);
  SB_TRY(auto made, make_again(*deployment, calendars));
  before_.insert_or_assign(std::move(key), made);
  return made;
}

}  // namespace switchboard::runtime
