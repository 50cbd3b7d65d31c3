#include "property/block.hpp"

#include <algorithm>
#include <utility>

namespace switchboard::testing {
namespace {

/// Where a block stands, as far as it limits what it may be.
struct Place {
  int depth = 0;
  bool concurrent = false;  ///< several tokens may pass at once: no counters in data
  bool repeated = false;    ///< in a loop
  bool quiet = false;       ///< the scope ends early: nothing may go on beside the main way, it would be cut off
  bool caught = false;      ///< somebody around catches every escalation
  bool turning = false;     ///< comes again in the same scope: by a loop, or by what happens several times
  bool undoable = true;     ///< what is here has completed, or never will, when something around is undone
};

class Gardener {
 public:
  explicit Gardener(std::uint64_t seed) : chance_(seed) {}

  Block grow_root() {
    Block root = make(BlockKind::sub_process);
    root.parts.push_back(grow_body({.depth = 1}, 2 + chance_.below(3)));
    attach_event_sub_processes(root, {.depth = 1});
    return root;
  }

 private:
  Block make(BlockKind kind) {
    Block b;
    b.kind = kind;
    b.number = ++count_;
    return b;
  }

  Place deeper(Place p) const { return {p.depth + 1, p.concurrent, p.repeated, p.quiet, p.caught, p.turning, p.undoable}; }
  Place inside(Place p, bool ends_early) const {
    return {p.depth + 1, p.concurrent, p.repeated, ends_early, p.caught || ends_early, false, p.undoable};
  }
  Place beside(Place p, int fires) const {
    return {p.depth + 1, p.concurrent || p.repeated || fires > 1, p.repeated, p.quiet, p.caught, p.turning || fires > 1, false};
  }

  /// A body begins with a task, so that what fires around it finds it alive.
  Block grow_body(Place p, std::size_t length) {
    Block body = make(BlockKind::sequence);
    body.parts.push_back(may_be_undone(make(BlockKind::task), p));
    for (std::size_t i = 0; i < length; ++i) body.parts.push_back(grow(deeper(p)));
    if (!p.undoable || !chance_.one_in(3)) return body;
    body.parts.push_back(grow_compensate(body, p));
    if (chance_.one_in(3)) body.parts.push_back(grow(deeper(p)));
    return body;
  }
  /// All, or one of the activities in the main way of the body.
  Block grow_compensate(const Block& body, Place p) {
    Block b = make(BlockKind::compensate);
    b.waits = p.quiet || !chance_.one_in(4);
    for (const Block& part : body.parts)
      if (!part.undo.empty() && chance_.one_in(4)) b.target = id_of(part);
    return b;
  }

  Block may_be_undone(Block b, Place p) {
    if (!p.undoable || !b.undo.empty() || !is_activity(b.kind) || !chance_.one_in(3)) return b;
    b.planned = std::max(b.planned, 1);
    b.times = std::max(b.times, 1);
    if (chance_.one_in(4)) {
      Place place = inside(p, false);
      place.concurrent = place.repeated = true;
      place.undoable = false;
      b.undo.push_back(make(BlockKind::sub_process));
      b.undo.front().parts.push_back(grow_body(place, 1));
    } else {
      b.undo.push_back(activity(chance_.one_in(3) ? BlockKind::service : chance_.one_in(3) ? BlockKind::call : BlockKind::task));
    }
    return b;
  }

  Block grow(Place p) { return may_be_undone(grow_some(p), p); }
  Block grow_some(Place p) {
    if (p.depth > 5 || count_ > 60) return leaf(p);
    switch (chance_.below(15)) {
      case 0: return grow_sequence(p);
      case 1: return grow_branches(BlockKind::exclusive, p);
      case 2: return grow_branches(BlockKind::parallel, p);
      case 3: return grow_branches(BlockKind::inclusive, p);
      case 4: return p.concurrent ? leaf(p) : grow_loop(p);
      case 5:
      case 6: return grow_sub_process(p);
      case 7: return grow_event_gateway(p);
      case 8: return grow_wait(p);
      case 9: return grow_host(p);
      case 10: return grow_failing(p);
      case 11: return grow_host(p);
      case 12: return grow_ad_hoc(p);
      case 13: return p.quiet || complexes_ == 2 ? leaf(p) : grow_complex(p);
      default: return leaf(p);
    }
  }

  /// `whole`: what is inside an instance may be cut off halfway only where nothing of it counts.
  void repeat(Block& b, bool whole) {
    if (!chance_.one_in(4)) return;
    b.repeat = static_cast<Repeat>(1 + chance_.below(3));
    b.planned = static_cast<int>(chance_.below(4));
    if (b.repeat == Repeat::loop) b.planned = std::max(b.planned, 1);
    b.times = b.planned;
    const bool may_be_enough = b.planned > 1 && b.repeat != Repeat::loop && (!whole || b.repeat == Repeat::in_turn);
    if (may_be_enough && chance_.one_in(3)) b.times = 1 + static_cast<int>(chance_.below(static_cast<std::size_t>(b.planned)));
  }

  Block leaf(Place p) {
    switch (chance_.below(7)) {
      case 0: {
        Block b = make(BlockKind::automatic);
        b.open_air = !p.caught;
        return b;
      }
      case 1: return activity(BlockKind::service);
      case 2: return activity(BlockKind::call);
      case 3: return make(BlockKind::link);
      default: return activity(BlockKind::task);
    }
  }

  Block activity(BlockKind kind) {
    Block b = make(kind);
    repeat(b, false);
    return b;
  }

  Block grow_sequence(Place p) {
    Block b = make(BlockKind::sequence);
    const std::size_t n = 2 + chance_.below(3);
    for (std::size_t i = 0; i < n; ++i) b.parts.push_back(grow(deeper(p)));
    return b;
  }

  Block grow_branches(BlockKind kind, Place p) {
    Block b = make(kind);
    const std::size_t n = 2 + chance_.below(2);
    for (std::size_t i = 0; i < n; ++i) b.parts.push_back(grow(deeper(p)));
    for (std::size_t i = 0; i < n; ++i)
      if (kind == BlockKind::parallel || (kind == BlockKind::inclusive && chance_.one_in(2))) b.taken.insert(static_cast<int>(i));
    if (b.taken.empty()) b.taken.insert(static_cast<int>(kind == BlockKind::inclusive ? n - 1 : chance_.below(n)));  // the last one is the default
    return b;
  }

  /// Some go on before the others have come: in a loop, tokens of two turns are in the branches at once. There a split that chooses, or an inclusive
  /// join, would take one for the other, and `check` rightly says so.
  Block grow_complex(Place p) {
    Block b = make(BlockKind::complex);
    ++complexes_;
    const std::size_t n = 2 + chance_.below(2);
    for (std::size_t i = 0; i < n; ++i) b.parts.push_back(p.turning ? leaf(beside(p, 1)) : grow(beside(p, 1)));
    const bool all = p.turning || chance_.one_in(2);
    for (std::size_t i = 0; i < n; ++i)
      if (all || chance_.one_in(2)) b.taken.insert(static_cast<int>(i));
    if (b.taken.empty()) b.taken.insert(static_cast<int>(n - 1));
    if (b.taken.size() == n) b.enough = 1 + static_cast<int>(chance_.below(n));
    if (chance_.one_in(2)) b.late.push_back(p.turning ? leaf(beside(p, 1)) : grow(beside(p, 1)));
    return b;
  }

  Block grow_loop(Place p) {
    Block b = make(BlockKind::loop);
    b.parts.push_back(grow({p.depth + 1, p.concurrent, true, p.quiet, p.caught, true, p.undoable}));
    b.taken.insert(1 + static_cast<int>(chance_.below(3)));
    return b;
  }

  Trigger some_trigger(Place p, bool interrupting) {
    for (;;) {
      const auto t = static_cast<Trigger>(chance_.below(static_cast<std::size_t>(Trigger::all_of) + 1));
      if (t == Trigger::condition && (p.concurrent || p.repeated)) continue;  // its switch would stay on for the next one
      if (t == Trigger::cycle && interrupting) continue;
      return t;
    }
  }

  Attachment grow_attachment(Place p, bool event_sub_process) {
    Attachment a;
    a.number = ++count_;
    a.event_sub_process = event_sub_process;
    a.interrupting = chance_.one_in(2) || (p.quiet && !event_sub_process);
    a.trigger = some_trigger(p, a.interrupting);
    a.fires = static_cast<int>(chance_.below(a.interrupting || a.trigger == Trigger::timer || a.trigger == Trigger::condition ? 2 : 3));
    Place place = a.event_sub_process ? inside(p, false) : p;
    place.undoable = p.undoable && !event_sub_process;
    a.handler.push_back(grow(a.interrupting ? deeper(place) : beside(place, a.fires)));
    return a;
  }

  /// At most one of them interrupts in fact, and then it is the last that fires. An event sub-process that interrupts cuts off the others.
  void attach(Block& b, Place p, std::size_t most, bool event_sub_process) {
    bool interrupted = is_interrupted(b);
    for (std::size_t n = chance_.below(most + 1); n > 0; --n) {
      Attachment a = grow_attachment(p, event_sub_process);
      if (interrupted && (a.interrupting || event_sub_process)) a.fires = 0;
      interrupted = interrupted || (a.interrupting && a.fires > 0);
      b.attachments.push_back(std::move(a));
    }
    if (!event_sub_process || !interrupted) return;
    for (Attachment& a : b.attachments)
      if (a.event_sub_process && !a.interrupting) a.fires = 0;
  }
  void attach_event_sub_processes(Block& b, Place p) { attach(b, p, 2, true); }

  Block grow_host(Place p) {
    Block b = activity(chance_.one_in(3) ? BlockKind::call : BlockKind::task);
    attach(b, p, 2, false);
    if (!b.attachments.empty()) b.planned = std::max(b.planned, 1);  // without instances there is no time for what stands on the boundary
    if (!b.attachments.empty()) b.times = std::max(b.times, 1);
    return b;
  }

  Block grow_sub_process(Place p) {
    Block b = make(BlockKind::sub_process);
    const bool ends_early = chance_.one_in(3);
    b.transaction = chance_.one_in(3);
    if (!ends_early) repeat(b, true);
    b.planned = std::max(b.planned, 1);
    b.times = std::max(b.times, 1);
    const std::size_t how = chance_.below(b.transaction ? 6 : 4);
    Place within = inside(p, ends_early);
    within.undoable = p.undoable && !(ends_early && how == 3);
    within.repeated = within.repeated || b.repeat != Repeat::no;
    within.concurrent = within.concurrent || b.repeat == Repeat::at_once;
    b.parts.push_back(grow_body(within, 1 + chance_.below(2)));
    attach(b, p, 1, false);
    within.quiet = false;
    within.caught = p.caught;
    if (chance_.one_in(2) && !ends_early) attach_event_sub_processes(b, within);
    if (chance_.one_in(3) && !ends_early && !p.quiet) add_report(b, p);
    if (p.undoable && chance_.one_in(4)) add_undoing(b);
    return ends_early ? end_early(std::move(b), p, how) : b;
  }

  /// Complete when nothing is left; or after one of its activities; or when each is done and the last was begun some more times.
  Block grow_ad_hoc(Place p) {
    Block b = make(BlockKind::ad_hoc);
    repeat(b, true);
    b.planned = std::max(b.planned, 1);
    b.times = std::max(b.times, 1);
    b.sequential = chance_.one_in(2);
    b.cancels = chance_.one_in(2);
    const std::size_t n = 1 + chance_.below(3);
    const std::size_t when = chance_.below(3);
    if (when == 1) b.taken.insert(static_cast<int>(chance_.below(n)));
    if (when == 2) b.once_more = static_cast<int>(chance_.below(3));
    Place within = inside(p, when > 0);
    within.repeated = within.repeated || b.repeat != Repeat::no || b.once_more > 0;
    within.concurrent = within.concurrent || b.repeat == Repeat::at_once || b.once_more > 0;
    within.turning = b.once_more > 0;
    b.parts.push_back(make(BlockKind::task));
    while (b.parts.size() < n) {
      const bool left_over = when == 1 && !b.sequential && !b.taken.contains(static_cast<int>(b.parts.size()));
      b.parts.push_back(left_over ? grow_left_over(b.cancels) : may_be_undone(grow_activity(within), within));
    }
    attach(b, p, 1, false);
    return b;
  }
  /// Runs on when enough is done, or is terminated: nobody does it. What would follow it does not begin any more.
  Block grow_left_over(bool blocked) {
    if (blocked) return make(BlockKind::task);
    return activity(chance_.one_in(2) ? BlockKind::task : BlockKind::call);
  }
  /// Takes time.
  Block grow_activity(Place p) {
    if (p.depth < 5 && chance_.one_in(4)) return chance_.one_in(2) ? grow_sub_process(p) : grow_ad_hoc(p);
    Block b = chance_.one_in(4) ? grow_failing(p) : grow_host(p);
    b.planned = std::max(b.planned, 1);
    b.times = std::max(b.times, 1);
    return b;
  }

  /// The body tells that it has come so far; what follows from that goes on beside it.
  void add_report(Block& b, Place p) {
    b.parts.front().parts.push_back(make(BlockKind::raise));
    Attachment a;
    a.number = ++count_;
    a.trigger = Trigger::escalation;
    a.interrupting = false;
    a.event_sub_process = chance_.one_in(2);
    a.fires = 1;
    const Place place = a.event_sub_process ? inside(p, false) : p;
    a.handler.push_back(grow(beside(place, b.repeat == Repeat::no ? 1 : 2)));
    b.attachments.push_back(std::move(a));
  }

  bool is_interrupted(const Block& b) const {
    for (const Attachment& a : b.attachments)
      if (a.interrupting && a.fires > 0) return true;
    return false;
  }

  /// The body ends with an error, an escalation that interrupts, or a terminate event that takes a blocked branch with it.
  Block end_early(Block b, Place p, std::size_t how) {
    if (how == 3) {
      Block end = make(BlockKind::terminate);
      b.parts.front().parts.push_back(std::move(end));
      return b;
    }
    Block end = make(BlockKind::error_end);
    end.options.push_back(how == 0 ? Trigger::escalation : how > 3 ? Trigger::cancel : Trigger::error);
    Attachment a;
    a.number = ++count_;
    a.trigger = end.options.front();
    a.event_sub_process = how == 2;
    a.fires = is_interrupted(b) ? 0 : 1;
    Place place = a.event_sub_process ? inside(p, false) : deeper(p);
    place.undoable = p.undoable && !a.event_sub_process;
    a.handler.push_back(grow(place));
    if (a.event_sub_process && p.undoable && chance_.one_in(2)) a.handler.front() = followed_by_compensate(std::move(a.handler.front()));
    if (how == 4 && !p.concurrent && !p.repeated && !p.turning && chance_.one_in(2)) add_parts(end, inside(p, true));
    if (how == 5) end = around(std::move(end), p);
    b.parts.front().parts.push_back(std::move(end));
    b.attachments.push_back(std::move(a));
    return b;
  }
  /// What is done in a sub-process that still runs when the transaction is cancelled, and what is done meanwhile: it is undone in one order.
  void add_parts(Block& end, Place p) {
    for (int i = 0; i < 2; ++i) {
      Block body = make(BlockKind::sequence);
      for (std::size_t n = 1 + chance_.below(2); n > 0; --n) {
        Block task = make(BlockKind::task);
        if (p.undoable) task.undo.push_back(make(BlockKind::task));
        body.parts.push_back(std::move(task));
        if (chance_.one_in(3)) body.parts.push_back(may_be_undone(around_task(p), p));
      }
      end.parts.push_back(std::move(body));
    }
  }
  /// Now and then it ends by an error: what was done in it is undone when the transaction around it is cancelled, not by what undoes it.
  Block around_task(Place p) {
    Block b = make(BlockKind::sub_process);
    b.parts.push_back(make(BlockKind::sequence));
    b.parts.front().parts.push_back(make(BlockKind::task));
    b.parts.front().parts.front().undo.push_back(make(BlockKind::task));
    return chance_.one_in(2) ? end_early(std::move(b), p, 1) : b;
  }
  /// A transaction may be cancelled from deep inside.
  Block around(Block end, Place p) {
    Block b = make(BlockKind::sub_process);
    b.parts.push_back(make(BlockKind::sequence));
    b.parts.front().parts.push_back(may_be_undone(make(BlockKind::task), p));
    b.parts.front().parts.push_back(std::move(end));
    return b;
  }
  Block followed_by_compensate(Block first) {
    Block b = make(BlockKind::sequence);
    b.parts.push_back(std::move(first));
    b.parts.push_back(make(BlockKind::compensate));
    return b;
  }
  /// An event sub-process that undoes what it stands in.
  void add_undoing(Block& b) {
    Attachment a;
    a.number = ++count_;
    a.trigger = Trigger::compensate;
    a.event_sub_process = true;
    a.handler.push_back(make(BlockKind::task));
    if (chance_.one_in(2)) a.handler.front() = followed_by_compensate(std::move(a.handler.front()));
    b.attachments.push_back(std::move(a));
  }

  /// A task that fails with a BPMN error, caught on its boundary.
  Block grow_failing(Place p) {
    Block b = make(chance_.one_in(3) ? BlockKind::call : BlockKind::service);
    Attachment a;
    a.number = ++count_;
    a.trigger = Trigger::error;
    a.fires = 1;
    a.handler.push_back(grow(deeper(p)));
    b.attachments.push_back(std::move(a));
    return b;
  }

  Block grow_event_gateway(Place p) {
    Block b = make(BlockKind::event_gateway);
    const std::size_t n = 2 + chance_.below(2);
    for (std::size_t i = 0; i < n; ++i) {
      b.parts.push_back(grow(deeper(p)));
      b.options.push_back(some_trigger(p, true));
    }
    b.taken.insert(static_cast<int>(chance_.below(n)));
    return b;
  }

  Block grow_wait(Place p) {
    Block b = make(BlockKind::wait);
    b.options.push_back(some_trigger(p, true));
    return b;
  }

  Chance chance_;
  int count_ = 0;
  int complexes_ = 0;  ///< few: all that follows one runs beside what comes late, and `check` looks at every order
};

}  // namespace

Block grow(std::uint64_t seed) { return Gardener(seed).grow_root(); }

}  // namespace switchboard::testing
