// Kept and broken promises: how the rounds of clocks ended, counted by process, stage, company, period or any case data. docs/cli.md, `report`.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/time.hpp"
#include "switchboard/engine.hpp"
#include "value/value.hpp"

namespace switchboard::report {

/// What to count and how to group it. Empty fields do not filter.
///
/// Keys of `by`: `process`, `clock`, `audience` (customer or internal), `customer`; `stage` and `lane`: where the promise is to be kept (ClockInfo);
/// `broke-at`: where the case stood when the promise broke (nothing for one that did not break; reads the history of every case with a broken one);
/// `data.NAME`: an item of the case data, of the case itself or else of the one that called it; `company`: the same as `data.company`; `day`, `week`
/// (ISO 8601), `month`, `quarter`, `year`: of the instant at which the promise counts, in the zone of the process's calendar.
///
/// A promise counts at the earlier of its due instant and its end: when it was kept or broken, and while that is open, when it will be at the latest.
/// So the figures of a period that is over no longer change. A promise of an average counts at its end.
struct PromiseQuery {
  std::vector<std::string> by{};
  std::string process{}, clock{}, audience{};  ///< audience: "customer" or "internal"
  std::optional<Instant> from{}, until{};      ///< counts at `from` or later, before `until`
  std::size_t page = 1000;                     ///< rounds read at a time: what bounds the memory, beside the groups
};

/// Of one group. Every round is finished (met), open (running or paused) or cancelled. A round with a limit is broken as soon as its due instant has
/// passed, whatever becomes of it later; it is kept when it was met before. The others (open in time, cancelled in time) are neither. A round of a
/// clock that promises an average is neither too: the average of the group is what is kept or broken.
struct PromiseFigures {
  std::uint64_t rounds = 0, finished = 0, open = 0, cancelled = 0;
  std::uint64_t kept = 0, broken = 0;
  std::uint64_t provisional = 0;          ///< open, with a due instant beyond the published years of its calendar
  Duration lateness_total, lateness_max;  ///< real time behind the due instant, of the broken ones; of open ones up to now
  /// Business time used, of the finished rounds, in the clock's own unit: "bd", "bh" or "h" (elapsed_business).
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
};

/// Reads every round of every clock of the database once, page by page; memory does not grow with them, only with the groups. Pages are read one
/// after the other: what happens in between may be in it or not. Errors: SB0720 (usage) for an unknown key, audience or an empty period; SB0721 when
/// `data.NAME` is declared by no process that has clocks; those of the engine.
[[nodiscard]] Result<PromiseReport> promises(Engine& engine, const PromiseQuery& query);

/// {by, rows: [{KEY..., name, rounds, finished, open, cancelled, kept, broken, kept_share, ...}], total: {...}}; shares from 0 to 1, times in
/// seconds.
[[nodiscard]] Value to_value(const PromiseReport& report);
/// RFC 4180 with a line of titles; the columns of to_value, no line of totals.
[[nodiscard]] std::string to_csv(const PromiseReport& report);

}  // namespace switchboard::report
