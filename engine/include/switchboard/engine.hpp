// The embedder's door: deploy processes, run cases, look at them. Everything here is thread-safe unless it says otherwise; nothing throws,
// also when a callback (clock, observer, job handler, adapter) does.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "switchboard/base/error.hpp"
#include "switchboard/base/text.hpp"
#include "switchboard/base/time.hpp"
#include "switchboard/records.hpp"
#include "switchboard/value/json.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard {

/// A clock the engine asks for the time, from any thread that uses it. Default: the system's. Tests give one they move themselves. What it throws
/// ends the call with an error (SB0553): no command is carried out at an unknown time, and nothing is lost.
using Clock = std::function<Instant()>;

/// What a worker answers.
struct JobResult {
  Value result;  ///< context, taken by the task's `out`
  bool failed = false;
  std::string error;                      ///< BPMN error code, when failed
  std::string message;                    ///< why
  std::optional<std::int32_t> retries{};  ///< as in Failure
  std::optional<Instant> retry_at{};
  static JobResult ok(Value result = {}) { return {std::move(result), false, {}, {}, {}, {}}; }
  static JobResult fail(std::string message) { return {{}, true, {}, std::move(message), {}, {}}; }
  static JobResult bpmn_error(std::string code, std::string message) { return {{}, true, std::move(code), std::move(message), {}, {}}; }
};
using JobHandler = std::function<JobResult(const Job&)>;

/// Hears of one durable command: the case after it, and its new history entries.
using Observer = std::function<void(const CaseInfo&, const std::vector<HistoryInfo>&)>;

/// As long as this lives, its observer is told. It may outlive the engine. Movable; moving and ending are not thread-safe, as with any object.
class Observation {
 public:
  Observation() = default;
  explicit Observation(std::function<void()> end) : end_(std::move(end)) {}
  Observation(Observation&& other) noexcept : end_(std::exchange(other.end_, nullptr)) {}
  Observation& operator=(Observation&& other) noexcept {
    if (this != &other) {
      end();
      end_ = std::exchange(other.end_, nullptr);
    }
    return *this;
  }
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;
  ~Observation() { end(); }
  /// When this returns, the observer is not running any more and never will be called again; only called from inside an observer it returns at once.
  /// So do not end an observation while holding a lock that its observer takes.
  void end() {
    if (const auto ending = std::exchange(end_, nullptr)) ending();
  }

 private:
  std::function<void()> end_;
};

struct EngineOptions {
  std::string database{};   ///< path of a SQLite file; empty: in memory
  std::string processes{};  ///< folder to find processes, calendars and tables in, which must be there; empty: none (deploy gives text)
  Clock clock{};            ///< empty: the system clock
  std::string language{};   ///< of names shown, "zh" or "en"; empty: what the designer gave without a language, else English
  bool create = true;       ///< create the file when it is missing
  bool full_sync = true;    ///< survive power loss, not only a crash of the program
  bool read_only = false;
  Duration busy_timeout = Duration::seconds(10);  ///< how long a command waits for another process that writes to the same file (SB0606 after that)
  /// Take what the clock says also when that is more than 366 days after the latest instant recorded in the database (else SB0559).
  bool force_clock = false;
  /// Open also when the log beside the database is damaged (else SB0618), without the transactions behind the damage. Copy the files first.
  bool accept_loss = false;
};

/// Version of the SQLite that is linked, "3.40.1".
[[nodiscard]] std::string sqlite_version();

/// The text of a process or overlay. `file` names it in messages.
struct ProcessText {
  std::string yaml, file;
};

class Engine {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Engine>> open(const EngineOptions& options);
  virtual ~Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  /// Compiles and stores one process. Refused when `check` finds an error: with the first finding; the others follow its hint, each on a line of its
  /// own. `file` names it in messages. What it refers to (calendars, tables, called processes) is what somebody gave by `deploy` and `add_resource`,
  /// else what the processes folder has, if there is one, else what is deployed already. SB0570 when its version tag belongs to other content.
  [[nodiscard]] virtual Result<DeploymentInfo> deploy(std::string_view yaml, std::string_view file) = 0;
  /// The same for several that belong together, which may call each other in a ring. All of them or, with the first error, none. Answers in the order
  /// of `texts`; each process once.
  [[nodiscard]] virtual Result<std::vector<DeploymentInfo>> deploy_together(const std::vector<ProcessText>& texts) = 0;
  /// A calendar or a decision table, from text; replaces the one of the same id, and no folder takes its place. A calendar holds at once for all that
  /// name it; a table for deployments from now on: `resources` says who still has the older one. Open cases on a calendar that was another before are
  /// derived again by `tick`, piece by piece; `change`: how.
  [[nodiscard]] virtual Result<void> add_resource(std::string_view yaml, std::string_view file,
                                                  CalendarChange change = CalendarChange::as_changed) = 0;
  /// Deploys process `id` of the processes folder, and those it calls that nobody gave by hand. What they refer to is found as by `deploy`.
  [[nodiscard]] virtual Result<DeploymentInfo> deploy_process(std::string_view id) = 0;
  [[nodiscard]] virtual Result<std::vector<DeploymentInfo>> deployments() = 0;
  /// Calendars and decision tables, by kind and id, and which of the latest deployments use them.
  [[nodiscard]] virtual Result<std::vector<ResourceInfo>> resources() = 0;
  /// Every clock, message or signal that a deployed process knows, in any of its versions; or every calendar that was changed and that open cases
  /// have still to follow (what is told of them is as it was before). Ascending.
  [[nodiscard]] virtual Result<std::vector<std::string>> names(NameKind kind) = 0;

  // Commands. Answered only when they are durable; an error means nothing changed.
  // A command on work whose caller shows a token is refused (SB0511) when the claim of that number is over: the work failed, was given back, or
  // somebody else has it since. Without a token, work that nobody has is anybody's who is in one of its groups or names none, and what is held
  // belongs to its holder's name; anybody else is refused (SB0505).
  [[nodiscard]] virtual Result<CaseInfo> start(std::string_view process, const Value& data, const StartOptions& options = {},
                                               const Caller& caller = {}) = 0;
  [[nodiscard]] virtual Result<CaseInfo> complete(const WorkId& work, const Value& result, const Caller& caller = {}) = 0;
  /// `caller.by` must be given. Refused (SB0505) while somebody else has it; also while a lease runs, whoever has it: `extend` is for that.
  [[nodiscard]] virtual Result<WorkInfo> claim(const WorkId& work, const Caller& caller) = 0;
  /// The claim of `caller.token` lasts until `lease` from now, by the engine's clock, which may be earlier than before. Also when its lease has run
  /// out, as long as nobody else has the job. The token stays.
  [[nodiscard]] virtual Result<WorkInfo> extend(const WorkId& work, Duration lease, const Caller& caller = {}) = 0;
  /// Gives it back: it is offered again at once, with as many retries. `caller.by` must be given, or the token of the claim (SB0510). Somebody else
  /// than its holder takes it away, and gives a `caller.reason` (else SB0505).
  [[nodiscard]] virtual Result<WorkInfo> release(const WorkId& work, const Caller& caller = {}) = 0;
  /// A supervisor (`caller.by`) gives the work of a person to `person`, for `reason`: both are asked for (SB0510) and stand in the history. `person`
  /// has it then as if he had claimed it; whoever had it has it no more (SB0511 for his token). SB0509: it is a job for programs.
  [[nodiscard]] virtual Result<WorkInfo> assign(const WorkId& work, std::string_view person, std::string_view reason, const Caller& caller) = 0;
  [[nodiscard]] virtual Result<CaseInfo> fail(const WorkId& work, const Failure& failure, const Caller& caller = {}) = 0;
  /// Correlates; `correlation` is usually the case number. May start a case (message start event): its case number is then `correlation`.
  /// Where nobody waits and a latest definition says `keep` of the message, it is kept: `kept_until` of the answer says until when, and everything
  /// else of it is empty (but when a case that listens heard it). Who begins to wait for it in that time gets it, the oldest first, in a transaction
  /// of its own that follows at once; SB0517 when 1,000 of that name and key are kept. Otherwise not_found (SB0506) when nobody waits for it.
  [[nodiscard]] virtual Result<CaseInfo> message(std::string_view name, std::string_view correlation, const Value& payload,
                                                 const Caller& caller = {}) = 0;
  /// The same for a case by its number, whatever key the message has there. Where no case of that number waits, the number is taken as the key.
  [[nodiscard]] virtual Result<CaseInfo> message_to_case(std::string_view name, std::string_view case_no, const Value& payload,
                                                         const Caller& caller = {}) = 0;
  /// How many cases got it (waiting ones and newly started ones).
  [[nodiscard]] virtual Result<std::size_t> signal(std::string_view name, const Value& payload, const Caller& caller = {}) = 0;
  [[nodiscard]] virtual Result<CaseInfo> cancel(const InstanceId& instance, std::string_view reason, const Caller& caller = {}) = 0;
  [[nodiscard]] virtual Result<CaseInfo> suspend(const InstanceId& instance, std::string_view reason, const Caller& caller = {}) = 0;
  [[nodiscard]] virtual Result<CaseInfo> resume(const InstanceId& instance, const Caller& caller = {}) = 0;
  /// Suspends a case with the open cases that it called, those that these called, and so on, from the outermost inwards; answered with all of them,
  /// as they stand then. Each is a command of its own: when one cannot be suspended the others are all the same, and the error names both. Repeated,
  /// it does what is left. One that is suspended already stays as it is.
  [[nodiscard]] virtual Result<std::vector<CaseInfo>> suspend_with_called(const InstanceId& instance, std::string_view reason,
                                                                          const Caller& caller = {}) = 0;
  /// The same for resuming: every suspended one of them goes on, whoever suspended it.
  [[nodiscard]] virtual Result<std::vector<CaseInfo>> resume_with_called(const InstanceId& instance, const Caller& caller = {}) = 0;
  /// `caller.by` and `caller.reason` must be given when `data` names what only the process sets (SB0533).
  [[nodiscard]] virtual Result<CaseInfo> set_data(const InstanceId& instance, const Value& data, const Caller& caller = {}) = 0;
  /// Of a case that has ended: what was recorded is corrected, under a name (`caller.by`) and for a `caller.reason` (else SB0510). Each value stands
  /// in the history with the one before; nothing in the case or in others follows from it. SB0502: it is open (`set_data` then).
  [[nodiscard]] virtual Result<CaseInfo> correct(const InstanceId& instance, const Value& data, const Caller& caller) = 0;
  /// Takes a case that has ended up again: a new case of the same process begins with its data, but for those that only the process sets, and with
  /// `data` in their place; its number is the same unless `options` gives another. CaseInfo::reopens of the new one names the old one, and its
  /// history who (`caller.by`) wanted it and why (`caller.reason`, else SB0510). SB0502: the case is open, or another one called it.
  [[nodiscard]] virtual Result<CaseInfo> reopen(const InstanceId& instance, const Value& data, const StartOptions& options, const Caller& caller) = 0;
  /// Of a message that was kept until its time was over, or that nobody could take ("m-5"): it is kept once more. SB0519: it is none.
  /// Of a record that could not be told ("o-5"): it is tried again, at once, with as many attempts; `data` must be null. Answered with its case, as
  /// it is; without one when it is about none. SB0563: it has not failed.
  [[nodiscard]] virtual Result<CaseInfo> resolve(std::string_view incident, const Value& data, const Caller& caller = {}) = 0;
  /// Gives up what the case of `incident` wants of others and what stands aside as that incident (a message, a signal, a call, the answer to a
  /// caller): it is not done again. A caller that waits for it hears that its call failed, for `reason`. SB0510: the incident is about the case
  /// itself. Of a message that is kept or was ("m-5"): nobody gets it, who says so stands with it (SB0519: it is not kept any more).
  /// Of a record that could not be told ("o-5"): it never will be; who says so, and why, stands with it.
  [[nodiscard]] virtual Result<CaseInfo> drop(std::string_view incident, std::string_view reason, const Caller& caller = {}) = 0;
  /// An operator changes the open round of clock `clock` (its id) of `instance`, for a reason, under a name (`caller.by`): both are asked for
  /// (SB0510) and stay visible with the clock (ClockInfo::changes) and in the history. `extend`: its budget is longer by `amount` ("2 bd", in its own
  /// unit; of a promise to an instant in any); at its due instant it is still in time, later it is refused. `annul`: the round ends, is neither kept
  /// nor broken from now on, and no mark fires any more. `pause`: it stands still until `resume`, whatever the process says; it goes on when both let
  /// it. SB0513: the clock has ended, is late, is not held, or cannot be held. `amount` is empty but for an extension.
  [[nodiscard]] virtual Result<CaseInfo> change_clock(const InstanceId& instance, std::string_view clock, ClockChange change, std::string_view amount,
                                                      std::string_view reason, const Caller& caller) = 0;
  /// Somebody begins `activity` (its id or path, in a repeated one with numbers: `review[2]/look`) of an ad-hoc sub-process of `instance` that is
  /// open, once more: an activity that no flow leads to.
  /// In a sequential one only while nothing else runs in it. SB0504: no such sub-process is open; SB0516: it cannot begin now, or in several places.
  [[nodiscard]] virtual Result<CaseInfo> begin_activity(const InstanceId& instance, std::string_view activity, const Caller& caller = {}) = 0;
  /// Calendars changed: derives the open due instants of `instance` again, with the reason in its history.
  [[nodiscard]] virtual Result<CaseInfo> rederive(const InstanceId& instance, std::string_view reason, const Caller& caller = {}) = 0;

  /// Fires everything due at the clock's present instant, in order of due, at most `limit` things, and at most 1,000 of one case or one timer start
  /// event (a quarter of `limit` if that is less, until the others have had theirs): what is due again and again holds nobody up.
  [[nodiscard]] virtual Result<TickReport> tick(std::size_t limit) = 0;
  /// Jobs for a worker, at most `most`, claimed for it in one transaction: those of higher priority first, then those offered earlier, across topics;
  /// also those whose lease has run out. Of a suspended case none. None at all, after `wait`, when there are none. A worker that waits wakes when
  /// this engine commits a job for it; those that another engine commits are noticed within a tenth of a second, leases that run out within one.
  /// SB0556 for a request that makes no sense.
  [[nodiscard]] virtual Result<std::vector<Job>> fetch(const Fetch& request) = 0;
  /// Fetches jobs of `topic` one by one and runs them with `handler`, each once, at most `limit`, as long as there are any; returns how many. The
  /// worker's name is made of host, process, engine and thread, so no two have the same. Exceptions from a handler count as a failure of its job. A
  /// job whose lease ran out and that somebody else has by then is lost to this worker: the answer is dropped. A job during which the clock fails is
  /// offered again, and the call ends with the clock's error.
  [[nodiscard]] virtual Result<std::size_t> work_off(std::string_view topic, const JobHandler& handler, std::size_t limit) = 0;
  /// Hands the waiting outbox records that `d` finds to `adapter`, one at a time, at most `d.limit`; returns how many were delivered. `adapter`
  /// returns an empty text when it did, else why not; whatever it throws counts as not delivered. Records of one kind for one customer go out in
  /// order: one that waits for its next try holds back those behind it, and nobody else. After `d.attempts` in vain a record has failed: those behind
  /// it go on, and an incident "o-5" stands, which `resolve` has tried again and `drop` gives up. Several may deliver at once, from threads and
  /// processes: each has what it tells under a lease, so one that hangs holds nothing else. Each is noted as soon as it is delivered; after a crash
  /// in between it is delivered again when the lease has run out, under the same key. SB0556 for a request that makes no sense.
  [[nodiscard]] virtual Result<std::size_t> deliver(const Delivery& d, const std::function<std::string(const OutboxInfo&)>& adapter) = 0;
  [[nodiscard]] Result<std::size_t> deliver(const Find& f, const std::function<std::string(const OutboxInfo&)>& adapter) {
    Delivery d;
    static_cast<Find&>(d) = f;
    return deliver(d, adapter);
  }
  [[nodiscard]] Result<std::size_t> deliver(const std::function<std::string(const OutboxInfo&)>& adapter, std::size_t limit) {
    Delivery all;
    all.limit = limit;
    return deliver(all, adapter);
  }
  /// `observer` is called after every durable command from now on, in commit order, one call at a time for all observers, on the threads of callers
  /// while these hold nothing of the engine: it may command the engine, fetch, observe. A caller is answered when what was committed before his
  /// answer is told, so a slow observer slows all alike; when no call of one ends for 200 ms, callers are answered before. At most 256 commands (16
  /// MB) wait to be told; then a command waits for `busy_timeout`, and is refused (SB0557). As long as the observation lives. What it throws is
  /// counted by the next tick and has no other effect. An empty observer: nothing.
  [[nodiscard]] virtual Observation observe(Observer observer) = 0;
  /// Whether something of `interest` is there, at the latest at `until`, which is an instant of the system's clock whatever clock the engine has.
  /// What wakes it, and how soon, is as for `fetch`. False: it is not, or nobody may wait any more.
  [[nodiscard]] virtual Result<bool> wait(const Interest& interest, Instant until) = 0;
  /// Wakes all who wait in `fetch` or `wait`; from now on these look once and do not wait. Destroying the engine does it, too.
  virtual void stop_waiting() = 0;

  // Queries: always what is on disk.
  /// IANA zone of the default calendar of the latest deployment of `process`: in which its people read times.
  [[nodiscard]] virtual Result<std::string> zone(std::string_view process) = 0;
  [[nodiscard]] virtual Result<CaseInfo> instance(const InstanceId& id) = 0;
  [[nodiscard]] virtual Result<Value> data(const InstanceId& id) = 0;
  [[nodiscard]] virtual Result<std::vector<CaseInfo>> instances(const Find& f) = 0;
  /// How many instances `f` finds, by ascending key; `by` is "state", "process", "node", or empty: all in one. `f.after`, `f.limit` do not count. Its
  /// time grows with what is found. SB0556 when `by` is something else, or `f` looks for nothing.
  [[nodiscard]] virtual Result<std::vector<CountInfo>> count(const Find& f, std::string_view by) = 0;
  [[nodiscard]] virtual Result<std::vector<WorkInfo>> work(const Find& f) = 0;
  /// The form of an open work, with what it asks computed over the data as they are now. SB0504 when there is no such work.
  [[nodiscard]] virtual Result<std::vector<FieldInfo>> form(const WorkId& work) = 0;
  /// The work that a command under `request_id` was about, open or not: work, instance, case_no, process and node. Nothing: no such command is
  /// known.
  [[nodiscard]] virtual Result<std::optional<WorkInfo>> work_of_request(std::string_view request_id) = 0;
  [[nodiscard]] virtual Result<std::vector<ClockInfo>> clocks(const Find& f) = 0;
  [[nodiscard]] virtual Result<std::vector<OutboxInfo>> outbox(const Find& f) = 0;
  /// Messages that are kept for one who does not wait yet, and those that wait for an operator or were dropped by one, in the order in which they
  /// came. Of `f` count `case_no` (the key), `instance` (who threw it), `state`, `open_only` (those that still wait), `after` (their number),
  /// `limit`.
  [[nodiscard]] virtual Result<std::vector<MessageInfo>> messages(const Find& f) = 0;
  [[nodiscard]] virtual Result<std::vector<IncidentInfo>> incidents(const Find& f) = 0;
  [[nodiscard]] virtual Result<std::vector<HistoryInfo>> history(const InstanceId& id, std::uint64_t after, std::size_t limit) = 0;
  /// Checks the invariants of the whole store; every violation is one line. Empty: all hold.
  [[nodiscard]] virtual Result<std::vector<std::string>> check() = 0;
  /// Forgets, of cases that ended before `before`: answers kept for repeated requests, and outbox records delivered or dropped, both from before
  /// `before`. A request repeated after that is a new one. Cases, their histories and clocks stay. SB0551 when `before` lies in the future.
  [[nodiscard]] virtual Result<PruneReport> prune(Instant before) = 0;
  /// Writes everything that is committed now, as one state, to a new file `path`, durably, while others go on. SB0617: the file is there already, or
  /// this engine is in memory.
  [[nodiscard]] virtual Result<void> backup(const std::string& path) = 0;

 protected:
  Engine() = default;
};

}  // namespace switchboard
