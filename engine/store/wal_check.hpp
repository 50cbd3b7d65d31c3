// Looks at a write-ahead log as it lies on the disk: SQLite reads it up to the first frame that is not what was written, and drops what is behind
// without a word.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "switchboard/base/error.hpp"

namespace switchboard::store {

/// A log in which transactions stand behind a frame that is not what was written.
struct LogFault {
  std::uint64_t frame = 0;         ///< the first that is not what was written, from 1; 0: the header of the log
  std::uint64_t transactions = 0;  ///< that end behind it
  friend bool operator==(const LogFault&, const LogFault&) = default;
};

/// Whoever opens a database looks first: an index (-shm) that SQLite makes of a damaged log would call the rest of that log unpublished.
struct LogState {
  bool has_rest = false;  ///< frames stand behind the last sound transaction; usual after a crash
  std::optional<LogFault> fault;
};

/// Of the log beside the database `path`; nothing is written, nothing is locked. A log that another process writes meanwhile is read again until it
/// holds still; one that never does is in use, and whoever uses it has looked. Not a fault: no log, frames of an earlier round, and the transaction
/// that was being written when the power went (its frames are not all of this round), and what a killed writer wrote and never published (the -shm
/// tells). Cost: the size of the log is read once.
[[nodiscard]] LogState examine_log(const std::string& path);

/// SB0618: for one who opens the database.
[[nodiscard]] Error log_is_damaged(const std::string& path, const LogFault& fault);

}  // namespace switchboard::store
