// Which tasks a case must have done, from the structure alone. Knows nothing of tokens.
#include <fmt/format.h>

#include "property/block.hpp"

namespace switchboard::testing {
namespace {

bool interrupted(const Block& b, bool event_sub_process) {
  for (const Attachment& a : b.attachments)
    if (a.interrupting && a.fires > 0 && a.event_sub_process == event_sub_process && !is_thrown(a.trigger)) return true;
  return false;
}
bool fails(const Block& b) {
  for (const Attachment& a : b.attachments)
    if (b.kind != BlockKind::sub_process && a.trigger == Trigger::error) return true;
  return false;
}

/// Of one scope: what would be done if an activity in it were undone, by the id of the activity. What completed in a sub-process that was interrupted
/// is undone with a transaction around it, and with whatever else is undone as a whole in that; no throwing event reaches it.
struct Undo {
  std::map<std::string, Tally> completed;
  Tally interrupted;
  bool in_transaction = false;
};

void move(Tally& from, Tally& to) {
  for (const auto& [path, n] : from) to[path] += n;
  from.clear();
}
void undo_completed(Undo& undo, const std::string& target, Tally& tally) {
  for (auto& [id, tasks] : undo.completed)
    if (target.empty() || id == target) move(tasks, tally);
}
void undo_all(Undo& undo, Tally& tally) {
  undo_completed(undo, {}, tally);
  move(undo.interrupted, tally);
}

void count(const Block& b, const std::string& path, int times, Tally& tally, Undo& undo);

/// What stands on the boundary comes before anything inside happens; what interrupts comes before the body ends in an error or escalation.
bool happens(const Block& b, const Attachment& a) {
  if (a.fires == 0 || (a.event_sub_process && interrupted(b, false))) return false;
  const bool from_inside = b.kind == BlockKind::sub_process && is_thrown(a.trigger);
  return !from_inside || (!interrupted(b, false) && !interrupted(b, true));
}

/// Those on the boundary stand around `b`, event sub-processes in it.
void count_handlers(const Block& b, const std::string& path, const std::string& inside, int times, Tally& tally, Undo& around, Undo& within) {
  for (const Attachment& a : b.attachments) {
    if (!happens(b, a)) continue;
    const std::string place = a.event_sub_process ? fmt::format("{}esp{}/", inside, a.number) : path;
    const bool for_each_instance = a.event_sub_process || (b.kind == BlockKind::sub_process && !a.interrupting && a.trigger == Trigger::escalation);
    count(a.handler.front(), place, times * a.fires * (for_each_instance ? b.times : 1), tally, a.event_sub_process ? within : around);
  }
}

/// What has completed can be undone: by its compensation activity, by an event sub-process of its own, or from the inside. A transaction that is
/// cancelled undoes what has completed in it; what ends otherwise cannot be undone any more, unless a transaction around it is cancelled later.
void note_completion(const Block& b, const std::string& path, const std::string& inside, int times, Tally& tally, Undo& around, Undo& within) {
  for (const Attachment& a : b.attachments) {
    if (a.event_sub_process || !is_thrown(a.trigger) || !a.interrupting || !happens(b, a)) continue;
    if (a.trigger == Trigger::cancel) undo_all(within, tally);
    if (around.in_transaction) undo_all(within, around.interrupted);
    return;
  }
  if (interrupted(b, false) || fails(b)) return;
  Tally& mine = around.completed[id_of(b)];
  Undo none;
  if (!b.undo.empty()) return count(b.undo.front(), path, times, mine, none);
  for (const Attachment& a : b.attachments)
    if (a.trigger == Trigger::compensate) return count(a.handler.front(), fmt::format("{}esp{}/", inside, a.number), times * b.times, mine, within);
  undo_all(within, mine);
}

void count(const Block& b, const std::string& path, int times, Tally& tally, Undo& undo) {
  if (times == 0) return;
  const std::string inside = b.kind == BlockKind::sub_process || b.kind == BlockKind::ad_hoc ? fmt::format("{}sub{}/", path, b.number) : path;
  Undo within;
  within.in_transaction = undo.in_transaction || (b.kind == BlockKind::sub_process && b.transaction);
  switch (b.kind) {
    case BlockKind::task:
    case BlockKind::service:
    case BlockKind::call:
      if (!interrupted(b, false) && !fails(b) && b.times > 0) tally[fmt::format("{}t{}", path, b.number)] += times * b.times;
      break;
    case BlockKind::terminate: tally[fmt::format("{}t{}", path, b.number)] += times; break;
    case BlockKind::sequence:
      for (const Block& part : b.parts) count(part, path, times, tally, undo);
      break;
    case BlockKind::exclusive:
    case BlockKind::parallel:
    case BlockKind::inclusive:
    case BlockKind::complex:
    case BlockKind::event_gateway:
      for (const Block& late : b.late) count(late, path, times, tally, undo);
      for (const int i : b.taken) count(b.parts[static_cast<std::size_t>(i)], path, times, tally, undo);
      break;
    case BlockKind::loop: count(b.parts.front(), path, times * *b.taken.begin(), tally, undo); break;
    case BlockKind::sub_process:
      if (!interrupted(b, false) && !interrupted(b, true)) count(b.parts.front(), inside, times * b.times, tally, within);
      break;
    case BlockKind::ad_hoc:
      for (int i = 0; !interrupted(b, false) && i < static_cast<int>(b.parts.size()); ++i) {
        const bool comes = b.taken.empty() || b.taken.contains(i) || (b.sequential ? i < *b.taken.begin() : !b.cancels);
        const bool again = b.once_more > 0 && i + 1 == static_cast<int>(b.parts.size());
        if (comes) count(b.parts[static_cast<std::size_t>(i)], inside, times * b.times * (again ? 1 + b.once_more : 1), tally, within);
      }
      break;
    case BlockKind::compensate: undo_completed(undo, b.target, tally); break;
    case BlockKind::error_end:
      if (!b.parts.empty()) {
        count(b.parts[1], path, times, tally, undo);
        count(b.parts[0], fmt::format("{}sub{}/", path, b.number), times, tally, within);
        undo_all(within, undo.interrupted);
      }
      break;
    case BlockKind::automatic:
    case BlockKind::wait:
    case BlockKind::link:
    case BlockKind::raise: break;
  }
  count_handlers(b, path, inside, times, tally, undo, within);
  if (is_activity(b.kind)) note_completion(b, path, inside, times, tally, undo, within);
}

}  // namespace

/// The root is a sub-process without a path of its own.
Tally expected_tasks(const Generated& g) {
  Tally tally;
  Undo undo;
  if (!interrupted(g.root, true)) count(g.root.parts.front(), "", 1, tally, undo);
  count_handlers(g.root, "", "", 1, tally, undo, undo);
  return tally;
}

}  // namespace switchboard::testing
