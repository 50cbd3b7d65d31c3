// Kept and broken promises: how the rounds of clocks ended, counted by process, stage, company, period or any case data. docs/cli.md, `report`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "switchboard/base/error.hpp"
#include "switchboard/base/time.hpp"
#include "switchboard/engine.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::report {

/// Of one group. Every round is finished (met), open (running or paused) or cancelled. A round with a limit is broken as soon as its due instant has
/// passed, whatever becomes of it later; it is kept when it was met before. The others (open in time, cancelled in time) are neither. A round of a
/// clock that promises an average is neither too: the average of the group is what is kept or broken.
struct PromiseFigures {
  std::uint64_t rounds = 0, finished = 0, open = 0, cancelled = 0;
  std::uint64_t kept = 0, broken = 0;
  std::uint64_t changed = 0;              ///< that an operator extended, made void or held
  std::uint64_t provisional = 0;          ///< open, with a due instant beyond the published years of its calendar
  Duration lateness_total, lateness_max;  ///< real time behind the due instant, of the broken ones; of open ones up to now
  /// Business time used, of the finished rounds, in the clock's own unit: "bd", "bh" or "h" (ClockInfo::elapsed_unit).
  struct Elapsed {
    std::uint64_t rounds = 0;
    double total = 0;
  };
  std::map<std::string, Elapsed> elapsed;
  /// Promises of an average, by "process/clock": finished rounds and the sum of their percentages of the average promised.
  struct Average {
    std::uint64_t rounds = 0;
    double percent_total = 0;
    [[nodiscard]] double percent() const { return rounds == 0 ? 0 : percent_total / static_cast<double>(rounds); }
  };
  std::map<std::string, Average> averages;

  [[nodiscard]] std::optional<double> kept_share() const;             ///< kept / (kept + broken); none when nothing is decided
  [[nodiscard]] std::optional<double> lateness_mean_seconds() const;  ///< none when nothing is broken
  [[nodiscard]] std::optional<double> elapsed_mean(const std::string& unit) const;
  [[nodiscard]] std::uint64_t averages_kept() const;  ///< clocks whose mean is at most 100 %
  [[nodiscard]] std::uint64_t averages_broken() const;
};

struct PromiseRow {
  std::vector<std::string> keys;  ///< as in `by`; "" where there is nothing (no lane, no such data)
  std::string name;               ///< of the clock, when `by` names clocks
  PromiseFigures figures;
};

struct PromiseReport {
  std::vector<std::string> by;
  std::vector<PromiseRow> rows;  ///< ascending by keys
  PromiseFigures total;
  std::vector<std::string> damaged;  ///< rounds that are left out, because their rows are not what was written (SB0603)
};

/// Reads every round of every clock of the database once, page by page; memory does not grow with them, only with the groups. Pages are read one
/// after the other: what happens in between may be in it or not. Errors: SB0720 (usage) for an unknown key, audience or an empty period; SB0721 when
/// `data.NAME` is declared by no process that has clocks; those of the engine.
[[nodiscard]] Result<PromiseReport> promises(Engine& engine, const PromiseQuery& query);

/// {by, rows: [{KEY..., name, rounds, finished, open, cancelled, kept, broken, kept_share, ...}], total: {...}, damaged: [...]}; shares from 0 to 1,
/// times in seconds.
[[nodiscard]] Value to_value(const PromiseReport& report);
/// RFC 4180 with a line of titles; the columns of to_value, no line of totals.
[[nodiscard]] std::string to_csv(const PromiseReport& report);

}  // namespace switchboard::report
