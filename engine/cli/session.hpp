// One verb's hold on the engine: the database, the zone of printed instants, and the ways in which a case or a work is named on the command line.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cli/options.hpp"
#include "switchboard/engine.hpp"

namespace switchboard::cli {

/// What opening may do to a missing database file.
enum class Missing { create, refuse };
/// What a verb does with the database. One that only looks needs no permission to write, and repeats no errands.
enum class Use { look, change };

class Session {
 public:
  /// SB0706 when the file is missing and may not be created; otherwise the engine's errors.
  [[nodiscard]] static Result<Session> open(const Options& options, Missing missing, Use use = Use::change);

  [[nodiscard]] Engine& engine() const { return *engine_; }
  [[nodiscard]] Instant now() const { return now_; }
  /// Zone in which instants of `process` are printed: that of its calendar. The default zone when there is no such process (or no name).
  [[nodiscard]] const std::string& zone(const std::string& process) const;

 private:
  std::unique_ptr<Engine> engine_;
  Instant now_;
  mutable std::map<std::string, std::string> zones_;  ///< by process, as far as asked
};

/// SB0717 when `process` is not empty and no process of that name is deployed in the database: a mistyped filter finds nothing, silently.
/// SB0724 with the nearest name when no deployed process has such a clock.
[[nodiscard]] Result<void> known_clock(const Session& session, const std::string& clock);
[[nodiscard]] Result<void> known_process(const Session& session, const std::string& process);
/// For a list that came out empty: says on stderr that the case or the clock it was asked for is not there at all, with the nearest name.
/// Says that open cases have still to follow a calendar that was changed: what is listed of them is as it was before.
void note_pending_calendars(const Session& session);
void note_if_unknown(const Session& session, const Find& find);

/// How a verb names a case: an instance id, or the case number of one that was not called by another.
struct CaseRef {
  std::string instance;
  std::string case_no;
};
/// SB0701 unless exactly one of the two is given: to be asked before anything is opened.
[[nodiscard]] Result<void> check_ref(const CaseRef& ref);
/// SB0707 when there is none, SB0708 when several cases have the number.
[[nodiscard]] Result<CaseInfo> find_case(const Session& session, const CaseRef& ref);

/// How a verb names a work: its id, or a case number and a node (`dispatch`, `call-back/dial`).
struct WorkRef {
  std::string word;  ///< work id, or node when `case_no` is given
  std::string case_no;
};
/// SB0709 when there is no such open work, SB0708 when there are several.
[[nodiscard]] Result<WorkInfo> find_work(const Session& session, const WorkRef& ref);
/// The same for a command under a request id, which may be a repetition: then the work is the one it was about, and may be gone by now.
[[nodiscard]] Result<WorkId> find_work_id(const Session& session, const WorkRef& ref, const std::string& request_id);

}  // namespace switchboard::cli
