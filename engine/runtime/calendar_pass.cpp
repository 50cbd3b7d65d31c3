#include "runtime/calendar_pass.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/failures.hpp"

namespace switchboard::runtime {

namespace {

constexpr std::size_t cases_together = 64;    ///< in one transaction
constexpr std::size_t most_looked_at = 4096;  ///< in one tick: most of them perhaps on other calendars

}  // namespace

Result<bool> CalendarPass::go_on(std::size_t limit, TickReport& report) {
  SB_TRY(const std::vector<store::CalendarChange> changes, store_.calendar_changes());
  for (const store::CalendarChange& change : changes) {
    if (change.through) {
      SB_TRYV(try_again(change, report));
    } else {
      SB_TRYV(go_on_with(change, limit, report));
    }
  }
  if (changes.empty()) return true;
  SB_TRYV(definitions_.look_for_changes());
  SB_TRY(const std::vector<store::CalendarChange> left, store_.calendar_changes());
  return std::all_of(left.begin(), left.end(), [](const store::CalendarChange& change) { return change.through; });
}

Result<void> CalendarPass::go_on_with(store::CalendarChange change, std::size_t& left, TickReport& report) {
  store::Query open;
  open.open_only = true;
  open.limit = cases_together;
  for (std::size_t seen = 0; seen < most_looked_at && left > 0; seen += open.limit) {
    open.after = change.done.value;
    open.limit = std::min(cases_together, left);
    SB_TRY(const std::vector<store::InstanceRow> rows, store_.instances(open));
    std::vector<core::InstanceKey> wanted;
    for (const store::InstanceRow& row : rows) {
      change.done = row.instance;
      if (row.last > change.at) continue;
      const auto stands = definitions_.stands_on(row.definition, change.calendar);
      if (!stands && is_everybodys(stands.error())) return stands.error();
      // Of a definition that cannot be read, the case itself says why.
      if (!stands || stands.value()) wanted.push_back(row.instance);
    }
    SB_TRY(const std::vector<core::InstanceKey> passed, write(wanted, report));
    left -= std::min(left, wanted.size());
    change.through = rows.size() < open.limit;
    SB_TRYV(store_.note_calendar_change(change, passed, {}));
    if (change.through) break;
  }
  return success();
}

/// Those that were passed over, some with each tick, until they can be read again, have ended or are gone.
Result<void> CalendarPass::try_again(const store::CalendarChange& change, TickReport& report) {
  const core::InstanceKey after{again_after_.load()};
  SB_TRY(const std::vector<core::InstanceKey> wanted, store_.passed_over(change, after, cases_together));
  again_after_ = wanted.size() < cases_together ? 0 : wanted.back().value;
  SB_TRY(const std::vector<core::InstanceKey> passed, write(wanted, report));
  std::vector<core::InstanceKey> settled;
  std::set_difference(wanted.begin(), wanted.end(), passed.begin(), passed.end(), std::back_inserter(settled));
  if (settled.empty() && !wanted.empty()) return success();
  return store_.note_calendar_change(change, {}, settled);
}

/// Nothing when nothing moves.
Result<std::optional<Transition>> CalendarPass::following(core::InstanceKey instance, TickReport& report, std::set<core::InstanceKey>& passed) {
  const auto loaded = commands_.load(instance, true);
  if (!loaded) {
    if (is_everybodys(loaded.error())) return loaded.error();
    if (is_damage(loaded.error())) ++report.damaged;
    SB_TRYV(outbox_.report_trouble(instance, "its calendar", loaded.error()));
    passed.insert(instance);
    return std::optional<Transition>();
  }
  if (!loaded.value() || loaded.value().followed.empty()) return std::optional<Transition>();
  return std::optional(Commands::transition_of_following(loaded.value()));
}

/// Lets `cases` follow; gives back, ascending, those that cannot.
Result<std::vector<core::InstanceKey>> CalendarPass::write(const std::vector<core::InstanceKey>& cases, TickReport& report) {
  constexpr int most_rounds = 10;  // somebody who is faster lets the case follow himself
  std::vector<core::InstanceKey> wanted = cases;
  std::vector<store::Errand> errands;
  std::optional<Error> failed;
  std::vector<std::pair<core::InstanceKey, Error>> trouble;
  std::set<core::InstanceKey> passed;
  for (int round = 0; round < most_rounds && !wanted.empty() && !failed; ++round) {
    SB_TRYV(committer_.make_room());
    std::vector<Transition> transitions;
    for (const core::InstanceKey instance : wanted) {
      SB_TRY(auto made, following(instance, report, passed));
      if (made) transitions.push_back(std::move(*made));
    }
    wanted.clear();
    std::vector<Transition*> group;
    for (Transition& t : transitions) group.push_back(&t);
    committer_.commit(group);
    committer_.tell();
    for (Transition& t : transitions) {
      if (!t.refused) {
        ++report.rederived;
        Applied done = commands_.applied(t);
        errands.insert(errands.end(), std::make_move_iterator(done.errands.begin()), std::make_move_iterator(done.errands.end()));
        continue;
      }
      commands_.forget(t.after->key);
      if (t.refused->kind == ErrorKind::conflict)
        wanted.push_back(t.after->key);
      else if (is_everybodys(*t.refused))
        failed = t.refused;
      else
        trouble.emplace_back(t.after->key, *t.refused);
    }
  }
  courier_.carry_out(std::move(errands));
  for (const auto& [instance, why] : trouble) {
    SB_TRYV(outbox_.report_trouble(instance, "its calendar", why));
    passed.insert(instance);
  }
  if (failed) return *failed;
  passed.insert(wanted.begin(), wanted.end());  // others were faster again and again: they let them follow
  return std::vector<core::InstanceKey>(passed.begin(), passed.end());
}

}  // namespace switchboard::runtime
