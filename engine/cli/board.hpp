// What a supervisor wants to see at a glance. Everything is read through indexes that hold only what is open; what is long over costs nothing.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "cli/options.hpp"
#include "cli/session.hpp"

namespace switchboard::cli {

/// How much is read for one board; what is beyond is not counted, and the board says so ("200+").
struct BoardLimits {
  std::string process;          ///< only this one; empty: all
  std::string organisation;     ///< only what belongs to this unit or one below it; empty: all
  std::size_t clocks = 20;      ///< rows of clocks that break next
  std::size_t broken = 200;     ///< broken promises that are still open
  std::size_t cases = 20'000;   ///< open cases of each process
  std::size_t work = 2'000;     ///< open works
  std::size_t incidents = 100;  ///< cases with open incidents
  std::size_t outbox = 1'000;   ///< records to be told
  std::size_t kept = 1'000;     ///< messages that are kept
};

/// A number that may be a lower bound.
struct Counted {
  std::size_t number = 0;
  bool is_more = false;
};

struct Board {
  struct Process {
    std::string id;
    Counted cases;                              ///< that nobody called
    std::map<std::string, std::size_t> stages;  ///< by place; a case with two tokens stands in two
  };
  struct Holder {
    std::string name;
    bool is_person = false;  ///< else a group, or the topic of a job
    std::size_t work = 0;
    Instant oldest;
  };
  Instant now;
  std::string zone;
  std::vector<Process> processes;  ///< those with open cases
  std::vector<ClockInfo> next;     ///< promises that can still be kept, by due instant
  std::vector<ClockInfo> broken;   ///< broken and still open, longest first
  bool more_broken = false;
  std::vector<Holder> holders;  ///< most work first
  Counted work;
  std::vector<IncidentInfo> incidents;
  bool more_incidents = false;
  Counted outbox;
  std::optional<Instant> oldest_record;  ///< of the outbox
  Counted kept;                          ///< messages for which nobody waits yet
  std::vector<std::string> pending;      ///< calendars that were changed and that open cases have still to follow
  std::set<std::string> damaged;         ///< promises, work and cases that cannot be read: what is wrong with each (SB0603)
};

[[nodiscard]] Result<Board> read_board(const Session& session, Instant now, const BoardLimits& limits);

[[nodiscard]] Value to_value(const Board& board, const Session& session);

/// What the board may fill. `height` 0: no bound.
struct Screen {
  std::size_t width = 100;
  std::size_t height = 0;
};
/// The board as lines, none wider than the screen's width, no more of them than its height; coloured when stdout is a terminal.
[[nodiscard]] std::vector<std::string> lines_of(const Board& board, const Session& session, const Screen& screen, const std::string& language);

}  // namespace switchboard::cli
