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

void count(const Block& b, const std::string& path, int times, Tally& tally);

/// What stands on the boundary comes before anything inside happens; what interrupts comes before the body ends in an error or escalation.
bool happens(const Block& b, const Attachment& a) {
  if (a.fires == 0 || (a.event_sub_process && interrupted(b, false))) return false;
  const bool from_inside = b.kind == BlockKind::sub_process && is_thrown(a.trigger);
  return !from_inside || (!interrupted(b, false) && !interrupted(b, true));
}

void count_handlers(const Block& b, const std::string& path, const std::string& inside, int times, Tally& tally) {
  for (const Attachment& a : b.attachments) {
    if (!happens(b, a)) continue;
    const std::string place = a.event_sub_process ? fmt::format("{}esp{}/", inside, a.number) : path;
    const bool for_each_instance = a.event_sub_process || (b.kind == BlockKind::sub_process && !a.interrupting && a.trigger == Trigger::escalation);
    count(a.handler.front(), place, times * a.fires * (for_each_instance ? b.times : 1), tally);
  }
}

void count(const Block& b, const std::string& path, int times, Tally& tally) {
  if (times == 0) return;
  const std::string inside = b.kind == BlockKind::sub_process || b.kind == BlockKind::ad_hoc ? fmt::format("{}sub{}/", path, b.number) : path;
  count_handlers(b, path, inside, times, tally);
  switch (b.kind) {
    case BlockKind::task:
    case BlockKind::service:
    case BlockKind::call:
      if (!interrupted(b, false) && !fails(b) && b.times > 0) tally[fmt::format("{}t{}", path, b.number)] += times * b.times;
      break;
    case BlockKind::terminate: tally[fmt::format("{}t{}", path, b.number)] += times; break;
    case BlockKind::sequence:
      for (const Block& part : b.parts) count(part, path, times, tally);
      break;
    case BlockKind::exclusive:
    case BlockKind::parallel:
    case BlockKind::inclusive:
    case BlockKind::complex:
    case BlockKind::event_gateway:
      for (const Block& late : b.late) count(late, path, times, tally);
      for (const int i : b.taken) count(b.parts[static_cast<std::size_t>(i)], path, times, tally);
      break;
    case BlockKind::loop: count(b.parts.front(), path, times * *b.taken.begin(), tally); break;
    case BlockKind::sub_process:
      if (!interrupted(b, false) && !interrupted(b, true)) count(b.parts.front(), inside, times * b.times, tally);
      break;
    case BlockKind::ad_hoc:
      for (int i = 0; !interrupted(b, false) && i < static_cast<int>(b.parts.size()); ++i) {
        const bool comes = b.taken.empty() || b.taken.contains(i) || (b.sequential ? i < *b.taken.begin() : !b.cancels);
        const bool again = b.once_more > 0 && i + 1 == static_cast<int>(b.parts.size());
        if (comes) count(b.parts[static_cast<std::size_t>(i)], inside, times * b.times * (again ? 1 + b.once_more : 1), tally);
      }
      break;
    case BlockKind::automatic:
    case BlockKind::wait:
    case BlockKind::link:
    case BlockKind::raise:
    case BlockKind::error_end: break;
  }
}

}  // namespace

/// The root is a sub-process without a path of its own.
Tally expected_tasks(const Generated& g) {
  Tally tally;
  count_handlers(g.root, "", "", 1, tally);
  if (!interrupted(g.root, true)) count(g.root.parts.front(), "", 1, tally);
  return tally;
}

}  // namespace switchboard::testing
