#include "cli/board.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "cli/answers.hpp"
#include "cli/output.hpp"

namespace switchboard::cli {

namespace {

/// The first `wanted` promises that `keep` is for, by due instant; more are looked at until there are as many. `is_more`: there are others.
template <class Keep>
Result<std::vector<ClockInfo>> first_clocks(Engine& engine, Find find, std::size_t wanted, const Keep& keep, bool& is_more,
                                            std::set<std::string>& damaged) {
  constexpr std::size_t most_read = 20'000;
  for (find.limit = wanted * 2;; find.limit *= 4) {
    SB_TRY(std::vector<ClockInfo> found, engine.clocks(find));
    const bool all_read = found.size() < find.limit;
    for (const ClockInfo& c : found)
      if (is_damaged(c)) damaged.insert(c.damaged);
    // The mean of a clock is judged by a report; no case of it breaks.
    std::erase_if(found, [&](const ClockInfo& c) { return c.mean || is_damaged(c) || !keep(c); });
    if (!all_read && found.size() <= wanted && find.limit < most_read) continue;
    is_more = !all_read || found.size() > wanted;
    if (found.size() > wanted) found.resize(wanted);
    return found;
  }
}

Result<void> read_cases(Board& board, Engine& engine, const BoardLimits& limits) {
  SB_TRY(const std::vector<DeploymentInfo> deployments, engine.deployments());
  std::set<std::string> processes;
  for (const DeploymentInfo& d : deployments) {
    if (limits.process.empty()) processes.insert(d.base.empty() ? d.process : d.base);  // overlays count as what they lie over
    if (d.process == limits.process) processes.insert(d.process);
  }
  for (const std::string& id : processes) {
    Find find;
    find.process = id;
    find.open_only = find.roots_only = true;
    find.organisation = limits.organisation;
    find.limit = limits.cases;
    SB_TRY(const std::vector<CaseInfo> open, engine.instances(find));
    if (open.empty()) continue;
    Board::Process process{id, {open.size(), open.size() >= limits.cases}, {}};
    for (const CaseInfo& c : open) {
      for (const std::string& place : c.at) ++process.stages[place];
    }
    board.processes.push_back(std::move(process));
  }
  return success();
}

Result<void> read_clocks(Board& board, Engine& engine, const BoardLimits& limits) {
  Find find;
  find.process = limits.process;
  find.organisation = limits.organisation;
  find.open_only = true;
  find.due_before = board.now - Duration::micros(1);
  const auto breached = [](const ClockInfo& c) { return c.breached; };
  SB_TRY(board.broken, first_clocks(engine, find, limits.broken, breached, board.more_broken, board.damaged));
  find.due_after = find.due_before;
  find.due_before = Instant::max();
  bool is_more = false;
  const auto any = [](const ClockInfo&) { return true; };
  SB_TRY(board.next, first_clocks(engine, find, limits.clocks * 2, any, is_more, board.damaged));  // some of them stand still
  std::stable_sort(board.next.begin(), board.next.end(),
                   [](const ClockInfo& a, const ClockInfo& b) { return std::tuple(a.on_hold, a.due) < std::tuple(b.on_hold, b.due); });
  if (board.next.size() > limits.clocks) board.next.resize(limits.clocks);
  return success();
}

std::vector<std::pair<std::string, bool>> holders_of(const WorkInfo& w) {
  if (!w.assignee.empty()) return {{w.assignee, true}};
  std::vector<std::pair<std::string, bool>> all;
  for (const std::string& group : w.groups) all.emplace_back(group, false);
  if (all.empty()) all.emplace_back(w.topic, false);
  return all;
}

Result<void> read_work(Board& board, Engine& engine, const BoardLimits& limits) {
  Find find;
  find.process = limits.process;
  find.organisation = limits.organisation;
  find.open_only = true;
  find.limit = limits.work;
  SB_TRY(const std::vector<WorkInfo> open, engine.work(find));
  board.work = {open.size(), open.size() >= limits.work};
  std::map<std::pair<std::string, bool>, Board::Holder> by_name;
  for (const WorkInfo& w : open) {
    if (is_damaged(w)) {
      board.damaged.insert(w.damaged);
      continue;
    }
    for (const auto& [name, is_person] : holders_of(w)) {
      Board::Holder& holder = by_name[{name, is_person}];
      if (holder.work == 0 || w.offered < holder.oldest) holder.oldest = w.offered;
      holder.name = name;
      holder.is_person = is_person;
      ++holder.work;
    }
  }
  for (auto& [name, holder] : by_name) board.holders.push_back(std::move(holder));
  std::stable_sort(board.holders.begin(), board.holders.end(), [](const auto& a, const auto& b) { return a.work > b.work; });
  return success();
}

Result<void> read_troubles(Board& board, Engine& engine, const BoardLimits& limits) {
  Find find;
  find.process = limits.process;
  find.organisation = limits.organisation;
  find.limit = limits.incidents;
  SB_TRY(board.incidents, engine.incidents(find));
  board.more_incidents = board.incidents.size() >= limits.incidents;
  for (const IncidentInfo& i : board.incidents)
    if (is_damaged(i)) board.damaged.insert(i.damaged);
  std::erase_if(board.incidents, [](const IncidentInfo& i) { return is_damaged(i); });
  find.open_only = true;
  find.limit = limits.outbox;
  SB_TRY(const std::vector<OutboxInfo> records, engine.outbox(find));
  board.outbox = {records.size(), records.size() >= limits.outbox};
  if (!records.empty()) board.oldest_record = records.front().created;
  Find waiting;
  waiting.organisation = limits.organisation;
  waiting.open_only = true;
  waiting.limit = limits.kept;
  SB_TRY(const std::vector<MessageInfo> kept, engine.messages(waiting));
  board.kept = {kept.size(), kept.size() >= limits.kept};
  return success();
}

Value counted(const Counted& c) { return Context{{"number", number(static_cast<std::uint64_t>(c.number))}, {"or_more", c.is_more}}; }

Value clocks_value(const std::vector<ClockInfo>& clocks, const Session& session) {
  List all;
  for (const ClockInfo& c : clocks) all.push_back(to_value(c, session.zone(c.process)));
  return all;
}

}  // namespace

Result<Board> read_board(const Session& session, Instant now, const BoardLimits& limits) {
  Board board;
  board.now = now;
  board.zone = session.zone(limits.process);
  SB_TRYV(read_cases(board, session.engine(), limits));
  SB_TRYV(read_clocks(board, session.engine(), limits));
  SB_TRYV(read_work(board, session.engine(), limits));
  SB_TRYV(read_troubles(board, session.engine(), limits));
  SB_TRY(board.pending, session.engine().names(NameKind::pending_calendar));
  return board;
}

Value to_value(const Board& board, const Session& session) {
  List processes, holders;
  for (const Board::Process& p : board.processes) {
    List stages;
    for (const auto& [place, cases] : p.stages) stages.emplace_back(Context{{"stage", place}, {"cases", number(static_cast<std::uint64_t>(cases))}});
    processes.emplace_back(Context{{"process", p.id}, {"cases", counted(p.cases)}, {"stages", std::move(stages)}});
  }
  for (const Board::Holder& h : board.holders) {
    holders.emplace_back(Context{{"name", h.name},
                                 {"kind", h.is_person ? "person" : "group"},
                                 {"work", number(static_cast<std::uint64_t>(h.work))},
                                 {"oldest", instant(h.oldest, board.zone)}});
  }
  List incidents;
  for (const IncidentInfo& i : board.incidents) incidents.push_back(to_value(i, session.zone(i.process)));
  return Context{{"now", instant(board.now, board.zone)},
                 {"processes", std::move(processes)},
                 {"next", clocks_value(board.next, session)},
                 {"broken", clocks_value(board.broken, session)},
                 {"more_broken", board.more_broken},
                 {"work", counted(board.work)},
                 {"holders", std::move(holders)},
                 {"incidents", std::move(incidents)},
                 {"more_incidents", board.more_incidents},
                 {"outbox", counted(board.outbox)},
                 {"outbox_oldest", instant(board.oldest_record, board.zone)},
                 {"kept", counted(board.kept)},
                 {"pending_calendars", List(board.pending.begin(), board.pending.end())},
                 {"damaged", List(board.damaged.begin(), board.damaged.end())}};
}

}  // namespace switchboard::cli
