// Random sound processes: a block grammar, its translation into a model::Process, and the oracle that says which tasks a case must have done.
//
// Every decision is made when the process is made: which branch, how often a loop turns, which event of a gateway comes, whether and how often an
// event on a boundary or of an event sub-process fires. The driver keeps to these decisions in whatever order chance wants, so the multiset of
// tasks follows from the structure alone.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "model/process.hpp"

namespace switchboard::testing {

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  bool one_in(std::size_t n) { return below(n) == 0; }

 private:
  std::mt19937_64 engine_;
};

enum class BlockKind : std::uint8_t {
  task,
  service,
  call,
  automatic,
  sequence,
  exclusive,
  parallel,
  inclusive,
  complex,  ///< goes on when `enough` of the branches have come; the others come later
  loop,
  sub_process,
  event_gateway,
  wait,
  link,
  error_end,  ///< that cancels a transaction may have two parts: done in a sub-process that still runs then, and beside that
  terminate,
  ad_hoc,      ///< its parts are the activities; `taken`: the one after which it is complete, or none
  compensate,  ///< has undone what has completed in its scope, or `target` alone
  raise,       ///< throws an escalation that somebody around catches and that interrupts nothing
};

enum class Trigger : std::uint8_t { message, signal, timer, cycle, condition, any_of, all_of, error, escalation, cancel, compensate };
/// It comes from inside, not from the driver.
[[nodiscard]] inline bool is_thrown(Trigger t) {
  return t == Trigger::error || t == Trigger::escalation || t == Trigger::cancel || t == Trigger::compensate;
}

[[nodiscard]] inline bool is_activity(BlockKind k) {
  return k == BlockKind::task || k == BlockKind::service || k == BlockKind::call || k == BlockKind::sub_process || k == BlockKind::ad_hoc;
}

struct Block;

/// An event on the boundary of a block, or an event sub-process of it.
struct Attachment {
  Trigger trigger = Trigger::message;
  bool interrupting = true;
  bool event_sub_process = false;
  int fires = 0;               ///< how often, for each activation; an interrupting one at most once
  std::vector<Block> handler;  ///< one
  int number = 0;
};

/// How an activity is repeated: a standard loop, or multi-instance in turn or at once.
enum class Repeat : std::uint8_t { no, loop, in_turn, at_once };

struct Block {
  BlockKind kind = BlockKind::task;
  int number = 0;
  std::vector<Block> parts;
  std::vector<Attachment> attachments;
  std::set<int> taken;           ///< branches of a gateway that are taken; turns of a loop
  std::vector<Trigger> options;  ///< of an event gateway, one for each part; of a wait, the one
  bool transaction = false;      ///< of a sub-process
  int enough = 1;
  std::vector<Block> late;  ///< of a complex gateway, at most one: done beside when the others have come
  std::vector<Block> undo;  ///< of an activity, at most one: the compensation activity
  std::string target;       ///< of compensate: id of an activity; empty: all
  bool waits = true;        ///< of compensate: until all is undone
  bool open_air = false;    ///< nobody around catches every escalation
  Repeat repeat = Repeat::no;
  int planned = 1;  ///< instances that the activity would have, and
  int times = 1;    ///< how many of them complete before the completion condition holds
  // Of an ad-hoc sub-process:
  bool sequential = false;
  bool cancels = true;  ///< what still runs when it is complete
  int once_more = -1;   ///< how often somebody begins its last activity again; -1: it has no condition for that
};

struct Generated {
  model::Process process;
  Block root;
  /// Element path -> how often the driver fires it for each activation.
  std::map<std::string, int> fires;
  std::set<std::string> fails;                  ///< tasks that end with the BPMN error "broken"
  std::set<std::string> blocked;                ///< tasks that nobody does
  std::vector<std::string> paths;               ///< of all elements but boundary events
  std::string start;                            ///< id of the case's start event
  std::string start_message;                    ///< empty: it waits for none
  std::map<std::string, std::string> switches;  ///< conditional event -> boolean data that makes it true
};

/// The tree of decisions, and the process made of it; `seed` of build chooses clocks and the way the case starts.
[[nodiscard]] Block grow(std::uint64_t seed);
[[nodiscard]] Generated build(Block root, std::uint64_t seed);
[[nodiscard]] inline Generated generate(std::uint64_t seed) { return build(grow(seed), seed); }

/// Smaller trees, each with one thing less: what a failing one is shrunk to.
[[nodiscard]] std::vector<Block> smaller(const Block& root);

/// Id of the node that an activity becomes.
[[nodiscard]] inline std::string id_of(const Block& b) {
  return (b.kind == BlockKind::sub_process || b.kind == BlockKind::ad_hoc ? "sub" : "t") + std::to_string(b.number);
}

/// Task path -> how often it must have been completed.
using Tally = std::map<std::string, int>;
[[nodiscard]] Tally expected_tasks(const Generated& g);

}  // namespace switchboard::testing
