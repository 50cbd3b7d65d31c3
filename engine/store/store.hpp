// Where truth is kept: snapshots, events, and index rows that are projections of them. The core decides, the store keeps.
// One contract suite (tests/store) runs against every implementation. Errors SB06xx, docs/operations.md.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "core/core.hpp"
#include "driver/kept.hpp"
#include "driver/registers.hpp"
#include "store/search.hpp"
#include "switchboard/base/error.hpp"

namespace switchboard::store {

using core::InstanceKey;

/// One deployed definition. Immutable once stored; `hash` is its identity.
struct Deployment {
  std::string process;
  std::string hash;
  std::string version;       ///< designer's tag
  std::uint64_t number = 0;  ///< 1, 2, 3 ... per process, given by the store
  Instant deployed;
  std::string source;   ///< the file's text
  std::string library;  ///< what else it was made from (decision tables, the process under an overlay), as one JSON text
};

/// A calendar, a decision table or a register as text. Calendars live: the newest text holds for all definitions that name it. Tables and registers
/// are fixed with a deployment; for those who ask for rows from outside the newest register holds.
struct Resource {
  std::string kind;  ///< "calendar", "decision", "register" or "organisations"
  std::string id;
  std::string file;  ///< for messages
  std::string text;
  Instant added;
  bool by_hand = false;  ///< somebody gave this very text; not: it was found in a folder with a process that was deployed
  friend bool operator==(const Resource&, const Resource&) = default;
};

/// A calendar that became another while cases were open: they follow it one after the other, by ascending key, and each before its next command.
struct CalendarChange {
  std::string calendar;
  Instant at;             ///< when it was changed; no open case had an instant behind this then
  std::string before;     ///< its text until then
  bool from_now = false;  ///< what was used up until then stays as it was counted; not: all is counted again
  InstanceKey done;       ///< the cases up to this one have followed
  bool through = false;   ///< all have been looked at; left are those that were passed over because they could not follow
  friend bool operator==(const CalendarChange&, const CalendarChange&) = default;
};

/// One thing to be told to somebody: delivered at least once by a channel adapter, under a key that makes repeating harmless.
struct OutboxRow {
  enum class Kind : std::uint8_t { feedback, escalation, message, incident };
  enum class State : std::uint8_t { waiting, delivered, failed, dropped };
  std::uint64_t id = 0;  ///< ascending, given by the store
  std::string key;       ///< idempotency key: "i-17/feedback-9"; a second row of the same key is not written
  Kind kind = Kind::feedback;
  State state = State::waiting;
  InstanceKey instance;
  std::string case_no, process, name, customer;
  Value body;  ///< channels, texts, payload
  Instant created;
  std::optional<Instant> delivered;
  std::uint32_t attempts = 0;  ///< begun, since it was written or an operator had it tried again
  std::string error;
  std::optional<Instant> next_try = {};     ///< of one that waits: not before this; given by the store
  std::optional<Instant> lease_until = {};  ///< somebody is telling it, until then at most
  std::uint64_t token = 0;                  ///< number of the lease, one more with each
  std::optional<Instant> given_up = {};     ///< when it failed for good, or was dropped
  std::string damage = {};                  ///< the row is not what was written: besides its numbers nothing is known
  std::uint64_t behind = 0;                 ///< of one that waits, as listed: the record of its lane that goes out before it
  Value receipts = {};                      ///< list of contexts: `kind`, `at`, `note`, `by`; null: none
};

/// What an adapter heard of a record that it had told. Each kind once: the first stands.
struct Receipt {
  std::string kind;  ///< a word of ReceiptKind
  Instant at;
  std::string note{}, by{};
};
/// SB0564 (conflict): nobody has tried to tell it.
[[nodiscard]] Error never_told(std::uint64_t record);
/// `receipts` with one more, unless there is one of its kind.
[[nodiscard]] Value with_receipt(const Value& receipts, const Receipt& receipt);

/// Records of one lane go out in order, one at a time: by the instant from which they may go out, then by id. Lanes do not wait for each other
/// (decision 0066).
struct OutboxPlace {
  std::string lane;
  Instant since;
};
[[nodiscard]] OutboxPlace place_of(const OutboxRow& row);

/// What became of an attempt. Refused, as late, when the lease of that number is over.
struct OutboxAnswer {
  enum class Outcome : std::uint8_t { delivered, again, failed };
  std::uint64_t id = 0, token = 0;
  Outcome outcome = Outcome::delivered;
  Instant at;
  Instant next_try;  ///< when it is to be tried again
  std::string error;
};
struct OutboxTurn {
  std::optional<OutboxRow> row;  ///< what was taken
  bool late = false;             ///< the answer was not noted: somebody else has, or had, the record by now
};
/// What an operator says of a record that has failed: it is tried again, or given up.
struct OutboxVerdict {
  std::uint64_t id = 0;
  bool drop = false;
  std::string by_whom_and_why;       ///< of one that is dropped, beside its last error
  std::optional<Receipt> receipt{};  ///< instead: noted of a record that was tried, whatever its state (SB0564)
};

/// A message that is kept for one who does not wait yet (decision 0076), or that was and waits for an operator.
struct KeptRow {
  enum class State : std::uint8_t { waiting, incident, dropped };
  driver::KeptMessage message;
  State state = State::waiting;
  std::string request_id;            ///< of whoever sent it
  std::string rule, error;           ///< of an incident: why; of one that was dropped: who and why as well
  std::optional<Instant> decided{};  ///< when it became what it is now; nothing while it waits
  std::string damage{};              ///< the row is not what was written: besides its numbers nothing is known
};
/// What becomes of a message that is kept. `taken`, `over` and `retimed` (it waits on, until another instant) are refused with SB0519 (conflict)
/// unless it waits, and so is what an operator decides (`again`: of an incident; `dropped`: of one that waits, too) when it is not there to be
/// decided.
struct KeptEnd {
  enum class Outcome : std::uint8_t { taken, over, incident, again, dropped, retimed };
  std::uint64_t id = 0;
  Outcome outcome = Outcome::taken;
  std::string rule{}, error{};  ///< incident; dropped: who and why
  Instant until{};              ///< again, retimed
};
/// Nobody took it, as far as it had been called for then (driver::KeptMessage::calls).
struct KeptOffer {
  std::uint64_t id = 0, calls = 0;
};

/// One version of a row of a register: the last one is the row as it is.
struct RegisterRow {
  std::string of, key;
  std::uint64_t version = 0;  ///< 1, 2, 3 ... per key
  Value value;
  Instant at;              ///< when it became so
  InstanceKey instance{};  ///< the case that made it; none: it came from outside
  std::string by;          ///< who gave it, from outside
  std::string damage{};    ///< the row is not what was written: besides register, key and version nothing is known
};

/// Names an engine-internal effect: the change that caused it (its last event's sequence) and its place in that change.
struct ErrandKey {
  InstanceKey instance;
  std::uint64_t sequence = 0;
  std::uint32_t index = 0;
  friend constexpr auto operator<=>(const ErrandKey&, const ErrandKey&) = default;
};

/// An internal effect not yet carried out: publish, signal, call, cancel, return. A driver that finds one after a crash carries it out again; each
/// leads to commands that are known or stale when that was done already.
struct Errand {
  ErrandKey key;
  core::Effect effect;
  std::uint32_t chain = 0;  ///< how many errands led to the one before and so to this one, without anything outside: 0 after a command or a timer
};
/// Which errands are asked for: those to be carried out, or those that stand aside.
enum class ErrandKind : std::uint8_t { waiting, aside };
/// Some of them, ascending. A row that is not what was written (its check sum is wrong) cannot be carried out; it is named and stays where it is, so
/// that it blocks nobody else.
struct ErrandPage {
  std::vector<Errand> errands;
  std::vector<ErrandKey> damaged;
  std::optional<ErrandKey> last;  ///< of the rows looked at, damaged ones included; ask for those behind it. Nothing: there were none
};
/// The errands among the effects of a change that ended at `sequence`, in order. Stores and drivers derive the same keys.
[[nodiscard]] std::vector<Errand> errands_of(InstanceKey instance, std::uint64_t sequence, std::span<const core::Effect> effects,
                                             std::uint32_t chain);

/// What a store has made ready of a change before it is committed; only that store knows what is in it.
struct Preparation {
  Preparation() = default;
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;
  virtual ~Preparation() = default;
};

/// The change of one instance by one command: applied whole or not at all. Without `after` it only keeps what stands below `request_id`.
/// Everything is borrowed for the call.
struct Change {
  const model::ExecutableProcess* process = nullptr;  ///< the definition `after` runs
  std::uint64_t expected_version = 0;                 ///< 0: the instance is new; afterwards its version is one more
  std::uint64_t definitions = 0;                      ///< definitions_generation() that `process` was made at; 0: whatever it is now
  const core::ProcessInstance* before = nullptr;      ///< null when new
  const core::ProcessInstance* after = nullptr;
  std::span<const core::Event> events;
  std::span<const core::Effect> effects;
  std::string stage;             ///< where the case stands, for people: paths of elements with tokens
  std::string request_id;        ///< empty: none
  std::string answer;            ///< bytes that a repeated call with this request_id is answered with
  bool replaces_answer = false;  ///< without `after`: the request is known, this is its answer from now on
  std::span<const ErrandKey> errands_done;
  std::span<const ErrandKey> errands_aside;    ///< are not carried out until they are named in errands_again
  std::span<const ErrandKey> errands_again;    ///< are carried out again, as the first of their chain
  std::uint32_t chain = 0;                     ///< of the errands among `effects`
  std::span<const OutboxRow> outbox;           ///< beside those that follow from `effects`
  std::span<const OutboxVerdict> verdicts;     ///< SB0563 (conflict) for a record that has not failed, SB0613 for none
  std::span<const driver::KeptMessage> keeps;  ///< under `request_id`; SB0517 (conflict) when there are driver::most_kept of that name and key
  std::span<const KeptEnd> kept_ends;
  std::span<const KeptOffer> kept_offered;
  std::span<const driver::RowWrite> rows;  ///< of registers; SB0582 (conflict) when one has another version than it expects
  Instant at;                              ///< of the command
  const Preparation* prepared = nullptr;   ///< what `prepare` of this very store gave for this very change; null: commit does it
};

struct StoredInstance {
  core::ProcessInstance instance;
  std::uint64_t version = 0;
};

/// A row of the timer index: what becomes due when (core::due_of). Only active instances have any.
using DueRow = core::Due;

struct WorkRow {
  InstanceKey instance;
  std::string case_no, process, definition, element;  ///< element: path
  bool suspended = false;
  core::Work work;
  std::string organisation = {};     ///< unit of the company that it is offered to (core::organisation_of)
  std::string damage = {};           ///< the row is not what was written: of the work its key alone is known
  std::string customer = {};         ///< of its case
  Instant promise = Instant::max();  ///< promise_of its case
};

/// Where a work stands in the order in which promises break: the earliest promise of its case, then the more urgent, then the older.
struct WorkPlace {
  Instant promise;
  std::int32_t priority = 0;
  Instant offered;
  InstanceKey instance;
  core::WorkKey work;
  friend bool operator==(const WorkPlace&, const WorkPlace&) = default;
};
[[nodiscard]] inline bool comes_before(const WorkPlace& a, const WorkPlace& b) {
  return std::tuple(a.promise, -static_cast<std::int64_t>(a.priority), a.offered, a.instance, a.work) <
         std::tuple(b.promise, -static_cast<std::int64_t>(b.priority), b.offered, b.instance, b.work);
}
[[nodiscard]] inline WorkPlace place_of(const WorkRow& row) { return {row.promise, row.work.priority, row.work.offered, row.instance, row.work.key}; }

/// A job that a worker can have.
struct OpenJob {
  InstanceKey instance;
  core::WorkKey work;
  friend constexpr auto operator<=>(const OpenJob&, const OpenJob&) = default;
};

/// One round of one clock.
struct ClockRow {
  InstanceKey instance;
  std::string case_no, process, definition, clock, customer;
  sla::Ledger ledger;
  std::vector<std::string> holders;  ///< who has the case's open work now (holders_of)
  std::string damage = {};           ///< the row is not what was written: nothing of the ledger is known
  std::string organisation = {};     ///< unit of the company that the case belongs to
};

struct InstanceRow {
  InstanceKey instance;
  std::string case_no, process, definition, customer, stage;
  core::InstanceState state = core::InstanceState::none;
  Instant started, last, ended;
  InstanceKey parent;
  std::string organisation = {};  ///< unit of the company that it belongs to; empty: the whole
  InstanceKey reopens{};
};

/// Empty fields do not filter. Of instances `state` may name several, with commas between them. `after` pages by ascending instance key (work,
/// instances, clocks: whole instances) or outbox id; results are ordered by it, clocks with `due_before` by due, work with `by_promise` by WorkPlace.
/// `state` is the word of the row's state; a work row of a suspended instance is `suspended`. `open_only`: instances not finished, clocks running or
/// paused, outbox rows that wait. `due_before`, of outbox rows: those that can be had at that instant; of clocks: nobody knows when one is due that
/// is on hold and not broken, so it comes last, and only with `Instant::max()`.
struct Query {
  std::string case_no, process, customer, group, assignee, state, clock, topic, kind;
  InstanceKey instance;
  InstanceKey parent{};  ///< instances that this one called
  std::optional<Instant> due_before;
  std::optional<Instant> due_after;  ///< clocks due behind this instant
  bool open_only = false;
  bool roots_only = false;              ///< instances that were not called by another; with `open_only` an index holds just these
  std::vector<std::string> overlays{};  ///< processes that count as `process`
  std::vector<std::string>
      organisations{};             ///< units: cases that belong to one of these (work: that is offered to one); of outbox records, by their case
  std::vector<SearchTerm> search;  ///< instances: all of these hold
  std::string node;                ///< instances: open ones that stand there; a path or the end of one
  std::optional<Instant> started_from, started_before, ended_from, ended_before;  ///< instances; `from` is in, `before` is not
  bool by_promise = false;                                                        ///< work: ordered by WorkPlace; `limit` is exact then
  std::optional<WorkPlace> behind;                                                ///< with `by_promise`: only what comes after this
  bool with_incidents = false;  ///< instances: only those with an open incident; outbox: only failed ones, by instance, which `after` means then
  std::uint64_t after = 0;
  std::size_t limit = 1000;
};

/// What instances are counted by. `node`: those that stand in two places count in both, and what is over counts under "".
enum class CountBy : std::uint8_t { all, state, process, node };
struct CountRow {
  std::string key;  ///< state, process or node; empty when all are counted
  std::uint64_t number = 0;
};

/// Which record a deliverer may have, and how long.
struct OutboxTake {
  Query find;  ///< which; among these, too, the order of a lane is kept
  Instant now;
  Instant lease_until;
  std::uint32_t attempts = 10;  ///< of whom a lease ran out after so many has failed
};

struct HistoryRow {
  InstanceKey instance;
  core::Event event;
  std::string definition;  ///< hash of the definition that it was written under
};

/// What `prune` took away.
struct Pruned {
  std::size_t requests = 0;
  std::size_t outbox = 0;  ///< with the messages that were dropped
};

// What `commit` refuses (ErrorKind::conflict).
inline constexpr std::string_view stale_version =
    "SB0611";  ///< the instance, or a definition or calendar, was changed by somebody else since it was loaded
inline constexpr std::string_view known_request = "SB0612";                ///< the request_id has an answer already
inline constexpr std::string_view case_taken = driver::case_number_taken;  ///< an open case (not a called one) of this process has this number
inline constexpr std::string_view kept_no_more = driver::kept_gone;        ///< the message is not kept any more (KeptEnd)

/// What a read refuses (ErrorKind::storage) when the row was written by a newer version of Switchboard. Not damage: nothing is wrong with the file.
inline constexpr std::string_view newer_form = "SB0616";

/// A store. Thread-safe: many readers, one writer at a time; a commit is durable when it returns. Errors: ErrorKind::storage and conflict.
class Store {
 public:
  virtual ~Store() = default;

  // Deployments.
  /// A hash that is known already stays the one it is; when another one has been deployed since, it becomes the latest again under a new number.
  [[nodiscard]] virtual Result<Deployment> put_deployment(const Deployment& d) = 0;
  [[nodiscard]] virtual Result<std::vector<Deployment>> deployments() = 0;  ///< ascending (process, number), without `source` and `library`
  [[nodiscard]] virtual Result<std::optional<Deployment>> deployment(std::string_view hash) = 0;
  /// Replaces the one of the same kind and id. With `change` the open cases are to follow, from the first one on; both or neither is stored. Its
  /// `at` is moved to the latest instant of an open case, if that lies behind it.
  [[nodiscard]] virtual Result<void> put_resource(const Resource& r, const CalendarChange* change = nullptr) = 0;
  /// Those that some case has still to follow, by instant and calendar.
  [[nodiscard]] virtual Result<std::vector<CalendarChange>> calendar_changes() = 0;
  /// Notes how far it is, which cases could not follow (`passed`), and which of those have followed since (`settled`). A change that is through and
  /// has passed nobody over is over.
  [[nodiscard]] virtual Result<void> note_calendar_change(const CalendarChange& change, std::span<const InstanceKey> passed,
                                                          std::span<const InstanceKey> settled) = 0;
  /// Cases that were passed over by a change, ascending, behind `after`.
  [[nodiscard]] virtual Result<std::vector<InstanceKey>> passed_over(const CalendarChange& change, InstanceKey after, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<Resource>> resources() = 0;  ///< ascending (kind, id)
  /// Cheap: another number after every change of deployments or resources, also by another process of the operating system.
  [[nodiscard]] virtual Result<std::uint64_t> definitions_generation() = 0;

  // The write path: many changes, ONE transaction. A change whose version is stale, whose request_id is known or whose case number is taken refuses
  // the whole batch with ErrorKind::conflict and its position in `conflict_index`; nothing is written then. After any other error nothing is written
  // either.
  /// Encodes what a commit of `change` will write, so that this is done by many at once and not by the one who commits. May be null. Holds what the
  /// change borrows.
  [[nodiscard]] virtual std::unique_ptr<const Preparation> prepare(const Change& /*change*/) const { return nullptr; }
  [[nodiscard]] virtual Result<void> commit(std::span<const Change> changes, std::size_t& conflict_index) = 0;
  /// A key no stored instance has, a new one with every call of this handle. When another handle commits it first, commit refuses with
  /// `stale_version`.
  [[nodiscard]] virtual Result<InstanceKey> new_instance_key() = 0;

  // Reads.
  /// Cheap: another number after another process of the operating system has committed; after commits of this one perhaps.
  [[nodiscard]] virtual Result<std::uint64_t> data_version() = 0;
  [[nodiscard]] virtual Result<std::optional<StoredInstance>> load(InstanceKey key) = 0;
  /// The version that `load` would give, without reading the snapshot; nothing when there is no such case.
  [[nodiscard]] virtual Result<std::optional<std::uint64_t>> version_of(InstanceKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<std::string>> answer_of(std::string_view request_id) = 0;
  /// Rows due at `until` or before, ascending, those behind `after` only.
  [[nodiscard]] virtual Result<std::vector<DueRow>> due(Instant until, const std::optional<DueRow>& after, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::optional<Instant>> next_due() = 0;
  /// Writes the due rows of `instance` (null: it is gone) again after `row` of it proved stale; does nothing when its version is no longer `version`.
  [[nodiscard]] virtual Result<void> reindex(const DueRow& row, const model::ExecutableProcess* process, const core::ProcessInstance* instance,
                                             std::uint64_t version) = 0;
  /// Open subscriptions of active instances. Message subscriptions are filed by (name, correlation), so that asking with both is cheap.
  [[nodiscard]] virtual Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name,
                                                                           std::optional<std::string_view> correlation) = 0;
  /// The same of suspended instances.
  [[nodiscard]] virtual Result<std::vector<core::WaitingInstance>> held(core::SubscriptionKind kind, std::string_view name,
                                                                        std::optional<std::string_view> correlation) = 0;
  [[nodiscard]] virtual Result<std::vector<InstanceRow>> instances(const Query& q) = 0;
  /// How many instances `q` finds (its `after` and `limit` do not count), by ascending key. Reads an index row, or a row, for each.
  [[nodiscard]] virtual Result<std::vector<CountRow>> count(const Query& q, CountBy by) = 0;
  [[nodiscard]] virtual Result<std::vector<WorkRow>> work(const Query& q) = 0;
  /// Jobs of `topics` that a worker can have at `at`: offered, or under a lease that has run out; of active cases. Those of higher priority first,
  /// then those offered earlier; at most `limit`.
  [[nodiscard]] virtual Result<std::vector<OpenJob>> open_jobs(std::span<const std::string> topics, Instant at, std::size_t limit) = 0;
  [[nodiscard]] virtual Result<std::vector<ClockRow>> clocks(const Query& q) = 0;
  [[nodiscard]] virtual Result<std::vector<HistoryRow>> history(InstanceKey key, std::uint64_t after_sequence, std::size_t limit) = 0;

  [[nodiscard]] virtual Result<std::vector<OutboxRow>> outbox(const Query& q) = 0;
  /// In one transaction: notes what became of an attempt, and gives the next record that may be tried, under a lease. Either may be null. What is
  /// taken costs the same however many records wait, unless `find` names some of them. A record that cannot be read fails at once.
  [[nodiscard]] virtual Result<OutboxTurn> outbox_turn(const OutboxAnswer* answer, const OutboxTake* take) = 0;
  /// At most `limit` rows of this kind behind `after`; a row stays until Change::errands_done names it.
  [[nodiscard]] virtual Result<ErrandPage> errands(ErrandKind kind, const std::optional<ErrandKey>& after, std::size_t limit) = 0;

  // Messages that are kept. A commit that opens a subscription, resumes a case or ends one calls for those that this may be for.
  /// Those that were called for and have not been offered since, in the order in which they came.
  [[nodiscard]] virtual Result<std::vector<KeptRow>> kept_called(std::uint64_t after, std::size_t limit) = 0;
  /// Whether a commit of this handle has called for any since this was asked last.
  [[nodiscard]] virtual bool take_kept_called() = 0;
  /// The oldest of this very name and key that waits and whose time is not over at `at`.
  [[nodiscard]] virtual Result<std::optional<KeptRow>> first_kept(const core::Message& message, bool to_case, Instant at) = 0;
  /// Those whose time is over at `until`: at its last instant a message can still be taken.
  [[nodiscard]] virtual Result<std::vector<KeptRow>> kept_due(Instant until, std::size_t limit) = 0;
  /// When the first of them is over (driver::over_at).
  [[nodiscard]] virtual Result<std::optional<Instant>> next_kept_due() = 0;
  /// In the order in which they came. Of `q` count `case_no` (the key), `instance` (who threw it), `state`, `open_only` (those that wait),
  /// `with_incidents`, `after` (their number) and `limit`.
  [[nodiscard]] virtual Result<std::vector<KeptRow>> kept(const Query& q) = 0;

  // Rows of registers.
  /// As it is now. Costs the same however many rows and versions there are.
  [[nodiscard]] virtual Result<std::optional<RegisterRow>> register_row(const std::string& of, const std::string& key) = 0;
  /// All versions of one row behind version `after`, ascending.
  [[nodiscard]] virtual Result<std::vector<RegisterRow>> register_history(const std::string& of, const std::string& key, std::uint64_t after,
                                                                          std::size_t limit) = 0;
  /// The rows of a register as they are now, by key, behind key `after`.
  [[nodiscard]] virtual Result<std::vector<RegisterRow>> register_rows(const std::string& of, const std::string& after, std::size_t limit) = 0;

  /// Forgets what only a latecomer could ask for: answers given before `before` and outbox records delivered before it, both only of cases that ended
  /// before it and have no errand left (answers that belong to no case: by their age). Cases, histories and clocks stay, and the answers whose id
  /// begins with "schedule:", which say what timer start events have done.
  [[nodiscard]] virtual Result<Pruned> prune(Instant before) = 0;
  /// The newest case that is stored; 0: there is none. For one who reads them all while others start more.
  [[nodiscard]] virtual Result<InstanceKey> newest() = 0;
  /// Nothing was to be done just now. Called every few seconds by one who has nothing to do, it keeps the log short: what stands in the database
  /// itself cannot be lost with the log.
  virtual void rest() {}
  /// Writes all that is stored now, as one state, to a new file `path` (mode 0600), durably; others write meanwhile. SB0617: `path` is there already,
  /// or there is nothing to copy (a store in memory).
  [[nodiscard]] virtual Result<void> backup(const std::string& path) = 0;
  /// The latest `before` that something was pruned with: what ended earlier may lack answers and delivered records.
  [[nodiscard]] virtual Result<std::optional<Instant>> pruned_before() = 0;
  /// The latest instant of anything committed or deployed, or up to an hour before it; nothing in an empty store. Costs the same however many cases
  /// there are.
  [[nodiscard]] virtual Result<std::optional<Instant>> latest() = 0;

  /// Compares every index row with what follows from the snapshots, and checks the medium itself; calls `found` for every difference. Reads
  /// everything.
  [[nodiscard]] virtual Result<void> check(const std::function<const model::ExecutableProcess*(std::string_view hash)>& definition,
                                           const std::function<void(const std::string&)>& found) = 0;
};

[[nodiscard]] std::unique_ptr<Store> open_memory();
/// Of the SQLite that is linked: "3.40.1".
[[nodiscard]] std::string sqlite_version();

struct SqliteOptions {
  std::string path;
  bool create = true;
  bool read_only = false;
  bool full_sync = true;  ///< synchronous=FULL: survives power loss. false: NORMAL
  std::uint32_t busy_timeout_ms = 10'000;
  bool accept_loss = false;     ///< open also when the log is damaged (SB0618), without the transactions behind the damage
  std::uint32_t max_pages = 0;  ///< refuse to grow beyond so many pages; 0: no bound
  int max_row_bytes = 0;        ///< refuse rows and texts longer than this (SB0609); 0: SQLite's own bound
};
/// Opens, creates (mode 0600) or migrates forward. Refuses a newer schema (SB0601), a file that is no such database (SB0602), a damaged one (SB0603),
/// one whose log is damaged (SB0618; not for one who only reads: he sees what stands before the damage, and check() says so). Several handles, also
/// from several operating-system processes, on one file are safe. Opening costs the same however much the file holds.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace switchboard::store
