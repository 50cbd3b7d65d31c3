// Where truth is kept: snapshots, events, and index rows that are projections of events. The core decides, the store keeps.
// One contract suite (tests/store) runs against every implementation.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "core/core.hpp"

namespace switchboard::store {

using core::InstanceKey;

/// One deployed definition. Immutable once stored; `hash` is its identity.
struct Deployment {
  std::string process;
  std::string hash;
  std::string version;      ///< designer's tag
  std::uint64_t number = 0; ///< 1, 2, 3 ... per process, given by the store
  Instant deployed;
  std::string source;       ///< the file's text
  std::string library;      ///< the calendars and tables it was compiled against, as one JSON text (id -> file text)
};

/// The change of one instance by one command: applied whole or not at all.
struct Change {
  std::uint64_t expected_version = 0;     ///< 0: the instance is new
  const core::ProcessInstance* before = nullptr;  ///< null when new
  const core::ProcessInstance* after = nullptr;
  std::span<const core::Event> events;
  std::span<const core::Effect> effects;
  std::string request_id;                 ///< empty: none
  std::string answer;                     ///< what a repeated call with this request_id is answered
  std::string stage;                      ///< where the case stands, for people: paths of elements with tokens
};

struct StoredInstance {
  core::ProcessInstance instance;
  std::uint64_t version = 0;
};

/// A row of the timer index: what becomes due when.
struct DueRow {
  enum class Kind : std::uint8_t { timer, mark, retry, lease };
  Kind kind = Kind::timer;
  InstanceKey instance;
  std::uint64_t key = 0;    ///< timer, clock index, or work
  std::uint32_t round = 0;  ///< of a mark
  std::uint32_t mark = 0;
  Instant due;
};

struct WorkRow {
  InstanceKey instance;
  std::string case_no, process, element;  ///< element: path
  core::Work work;
};

struct ClockRow {
  InstanceKey instance;
  std::string case_no, process, clock, customer;
  sla::Ledger ledger;
};

struct InstanceRow {
  InstanceKey instance;
  std::string case_no, process, definition, customer, stage;
  core::InstanceState state = core::InstanceState::none;
  Instant started, last, ended;
  InstanceKey parent;
};

/// One thing to be told to somebody: delivered at least once by a channel adapter, under a key that makes repeating harmless.
struct OutboxRow {
  enum class Kind : std::uint8_t { feedback, escalation, message, incident };
  enum class State : std::uint8_t { waiting, delivered, failed };
  std::uint64_t id = 0;      ///< ascending
  std::string key;           ///< idempotency key: "<instance>/<event key>"
  Kind kind = Kind::feedback;
  State state = State::waiting;
  InstanceKey instance;
  std::string case_no, process, name, customer;
  Value body;                ///< channels, texts, payload
  Instant created;
  std::optional<Instant> delivered;
  std::uint32_t attempts = 0;
  std::string error;
};

/// Empty fields do not filter. `after` pages by ascending instance key (or outbox id); results are ordered by it, clocks by due.
struct Query {
  std::string case_no, process, customer, group, assignee, state, clock, topic;
  InstanceKey instance;
  std::optional<Instant> due_before;
  bool open_only = false;
  std::uint64_t after = 0;
  std::size_t limit = 1000;
};

struct HistoryRow {
  InstanceKey instance;
  core::Event event;
};

/// A store. Thread-safe: many readers, one writer at a time; a commit is durable when it returns. Errors SB06xx (ErrorKind::storage, conflict).
class Store {
 public:
  virtual ~Store() = default;

  // Deployments.
  [[nodiscard]] virtual Result<Deployment> put_deployment(Deployment d) = 0;  ///< the stored one when the hash is known already
  [[nodiscard]] virtual Result<std::vector<Deployment>> deployments() = 0;    ///< ascending (process, number)

  // The write path: many changes, ONE transaction. A change whose version is stale or whose request_id is known refuses the whole batch with
  // ErrorKind::conflict naming it (`conflict_index`); nothing is written then.
  [[nodiscard]] virtual Result<void> commit(std::span<const Change> changes, std::size_t& conflict_index) = 0;
  [[nodiscard]] virtual Result<InstanceKey> new_instance_key() = 0;           ///< never given twice; gaps are allowed

  // Reads.
  [[nodiscard]] virtual Result<std::optional<StoredInstance>> load(InstanceKey key) = 0;
  [[nodiscard]] virtual Result<std::optional<std::string>> answer_of(std::string_view request_id) = 0;
  [[nodiscard]] virtual Result<std::vector<DueRow>> due(Instant until, std::size_t limit) = 0;  ///< ascending (due, instance, kind, key)
  [[nodiscard]] virtual Result<std::optional<Instant>> next_due() = 0;
  [[nodiscard]] virtual Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name, std::optional<std::string_view> correlation) = 0;
  [[nodiscard]] virtual Result<std::vector<InstanceRow>> instances(const Query& q) = 0;
  [[nodiscard]] virtual Result<std::vector<WorkRow>> work(const Query& q) = 0;
  [[nodiscard]] virtual Result<std::vector<ClockRow>> clocks(const Query& q) = 0;
  [[nodiscard]] virtual Result<std::vector<HistoryRow>> history(InstanceKey key, std::uint64_t after_sequence, std::size_t limit) = 0;

  // The outbox, and engine-internal effects that are still to be carried out (messages between cases, calls): kept until `outbox_done`.
  [[nodiscard]] virtual Result<std::vector<OutboxRow>> outbox(const Query& q) = 0;
  [[nodiscard]] virtual Result<void> outbox_done(std::uint64_t id, bool delivered, Instant at, std::string_view error) = 0;

  /// Internal effects not yet carried out: publish, signal, call, return, cancel. A driver that finds them after a crash carries them out again; each leads
  /// to commands that are stale when they were done already.
  struct Errand {
    std::uint64_t id = 0;
    InstanceKey instance;
    core::Effect effect;
  };
  [[nodiscard]] virtual Result<std::vector<Errand>> errands(std::size_t limit) = 0;
  [[nodiscard]] virtual Result<void> errand_done(std::uint64_t id) = 0;

  /// Rebuilds every index row from `pending` and compares or repairs; calls `found` for every difference. For `fsck` and tests.
  [[nodiscard]] virtual Result<void> check(const std::function<const model::ExecutableProcess*(std::string_view hash)>& definition, const std::function<void(const std::string&)>& found) = 0;
};

[[nodiscard]] std::unique_ptr<Store> open_memory();

struct SqliteOptions {
  std::string path;
  bool create = true;
  bool read_only = false;
  bool full_sync = true;        ///< synchronous=FULL: survives power loss. false: NORMAL
  std::uint32_t busy_timeout_ms = 10'000;
};
/// Opens, creates or migrates forward. Refuses a newer schema (SB0601), a file that is no such database (SB0602), a damaged one (SB0603). Several handles, also
/// from several operating-system processes, on one file are safe.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite(const SqliteOptions& options);

}  // namespace switchboard::store
