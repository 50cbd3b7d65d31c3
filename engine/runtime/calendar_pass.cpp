#include "runtime/calendar_pass.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "runtime/failures.hpp"

namespace switchboard::runtime {

namespace {

constexpr std::size_t cases_together = 64;    ///< in one transaction
constexpr std::size_t most_looked_at = 4096;  ///< in one tick: most of them perhaps on other calendars

}  // namespace

Result<void> CalendarPass::go_on(std::size_t limit, TickReport& report) {
  SB_TRY(const std::vector<store::CalendarChange> changes, store_.calendar_changes());
  for (const store::CalendarChange& change : changes) {
    if (limit == 0) break;
    SB_TRYV(go_on_with(change, changes, limit, report));
  }
  return success();
}

Result<void> CalendarPass::go_on_with(store::CalendarChange change, const std::vector<store::CalendarChange>& all, std::size_t& left,
                                      TickReport& report) {
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
      const auto stands = definitions_.stands_on(row.definition, {change.calendar});
      if (!stands && is_everybodys(stands.error())) return stands.error();
      // Of a definition that cannot be read, the case itself says why.
      if (!stands || stands.value()) wanted.push_back(row.instance);
    }
    SB_TRYV(derive(wanted, change, all, report));
    left -= std::min(left, wanted.size());
    const bool through = rows.size() < open.limit;
    SB_TRYV(store_.note_calendar_change(change, through));
    if (through) break;
  }
  return success();
}

Result<core::RederiveClocks> CalendarPass::command_for(const std::string& definition, const store::CalendarChange& change,
                                                       const std::vector<store::CalendarChange>& all) {
  core::RederiveClocks command{fmt::format("calendar '{}' was changed", change.calendar)};
  if (!change.before.empty()) {
    SB_TRY(command.before, definitions_.as_before(definition, all));
  }
  return command;
}

Result<void> CalendarPass::derive(const std::vector<core::InstanceKey>& cases, const store::CalendarChange& change,
                                  const std::vector<store::CalendarChange>& all, TickReport& report) {
  SB_TRYV(committer_.make_room());
  SB_TRY(const Instant told, time_.now());
  std::vector<Transition> transitions;
  transitions.reserve(cases.size());
  const auto trouble = [&](core::InstanceKey key, const Error& why) { return outbox_.report_trouble(key, "its calendar", why); };
  for (const core::InstanceKey key : cases) {
    const auto loaded = commands_.load(key, true);
    if (!loaded && is_everybodys(loaded.error())) return loaded.error();
    if (!loaded) {
      if (is_damage(loaded.error())) ++report.damaged;
      SB_TRYV(trouble(key, loaded.error()));
      continue;
    }
    if (!loaded.value() || core::is_finished(loaded.value().instance->state)) continue;
    auto command = command_for(loaded.value().instance->definition, change, all);
    if (!command && is_everybodys(command.error())) return command.error();
    if (!command) {
      SB_TRYV(trouble(key, command.error()));
      continue;
    }
    const Instant at = std::max(told, loaded.value().instance->last);
    core::StepResult result = Commands::step(*loaded.value().process, *loaded.value().instance, {"", at, std::move(command).value()});
    if (result.rejection) {
      SB_TRYV(trouble(key, *result.rejection));
      continue;
    }
    if (!result.events.empty()) transitions.push_back(Commands::transition_of(loaded.value(), std::move(result), at));
  }
  std::vector<Transition*> group;
  for (Transition& t : transitions) group.push_back(&t);
  committer_.commit(group);
  committer_.tell();
  std::vector<store::Errand> errands;
  std::optional<Error> failed;
  for (Transition& t : transitions) {
    Applied done;
    if (!t.refused) {
      done = commands_.applied(t);
    } else if (t.refused->kind == ErrorKind::conflict) {
      // Somebody was faster: once more, as often as it takes.
      SB_TRY(auto command, command_for(t.after->definition, change, all));
      auto again = commands_.apply({t.after->key, std::move(command), "", {}});
      if (!again && is_everybodys(again.error())) failed = again.error();
      if (!again) continue;
      done = std::move(again).value();
    } else if (is_everybodys(*t.refused)) {
      failed = t.refused;
      continue;
    } else {
      SB_TRYV(trouble(t.after->key, *t.refused));
      continue;
    }
    ++report.rederived;
    errands.insert(errands.end(), std::make_move_iterator(done.errands.begin()), std::make_move_iterator(done.errands.end()));
  }
  courier_.carry_out(std::move(errands));
  return failed ? Result<void>(*failed) : success();
}

}  // namespace switchboard::runtime
