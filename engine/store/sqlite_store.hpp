// The store in one SQLite file. One writing connection behind a mutex, reading ones as needed; WAL, so that readers never wait for the writer.
#pragma once

#include <atomic>
#include <functional>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "store/projection.hpp"
#include "store/sqlite_connection.hpp"
#include "store/sqlite_rows.hpp"
#include "store/store.hpp"

namespace switchboard::store {

/// What a file looks like from outside: whether anybody has written to it shows.
struct FileState {
  std::uint64_t file = 0;
  std::int64_t size = -1;
  std::int64_t changed_ns = 0;
  bool has_log = false;  ///< a writer has it open, or died
  friend bool operator==(const FileState&, const FileState&) = default;
};
[[nodiscard]] FileState state_of_file(const std::string& path);

class SqliteStore final : public Store {
 public:
  /// Throws SQLite::Exception.
  SqliteStore(SqliteOptions options, std::string name, std::unique_ptr<Connection> writer);

  /// SB0601, SB0602, SB0614: for one who only reads.
  [[nodiscard]] Result<void> require_present_schema();

  Result<Deployment> put_deployment(const Deployment& d) override;
  Result<std::vector<Deployment>> deployments() override;
  Result<std::optional<Deployment>> deployment(std::string_view hash) override;
  Result<void> put_resource(const Resource& r, const CalendarChange* change) override;
  Result<std::vector<CalendarChange>> calendar_changes() override;
  Result<void> note_calendar_change(const CalendarChange& change, std::span<const InstanceKey> passed, std::span<const InstanceKey> settled) override;
  Result<std::vector<InstanceKey>> passed_over(const CalendarChange& change, InstanceKey after, std::size_t limit) override;
  Result<std::vector<Resource>> resources() override;
  Result<std::uint64_t> definitions_generation() override;
  std::unique_ptr<const Preparation> prepare(const Change& change) const override;
  Result<void> commit(std::span<const Change> changes, std::size_t& conflict_index) override;
  Result<InstanceKey> new_instance_key() override;
  Result<std::uint64_t> data_version() override;
  Result<std::optional<StoredInstance>> load(InstanceKey key) override;
  Result<std::optional<std::uint64_t>> version_of(InstanceKey key) override;
  Result<std::optional<std::string>> answer_of(std::string_view request_id) override;
  Result<std::vector<DueRow>> due(Instant until, const std::optional<DueRow>& after, std::size_t limit) override;
  Result<std::optional<Instant>> next_due() override;
  Result<void> reindex(const DueRow& row, const model::ExecutableProcess* process, const core::ProcessInstance* instance,
                       std::uint64_t version) override;
  Result<std::vector<core::WaitingInstance>> waiting(core::SubscriptionKind kind, std::string_view name,
                                                     std::optional<std::string_view> correlation) override;
  Result<std::vector<core::WaitingInstance>> held(core::SubscriptionKind kind, std::string_view name,
                                                  std::optional<std::string_view> correlation) override;
  Result<std::vector<InstanceRow>> instances(const Query& q) override;
  Result<std::vector<CountRow>> count(const Query& q, CountBy by) override;
  Result<std::vector<WorkRow>> work(const Query& q) override;
  Result<std::vector<OpenJob>> open_jobs(std::span<const std::string> topics, Instant at, std::size_t limit) override;
  Result<std::vector<ClockRow>> clocks(const Query& q) override;
  Result<std::vector<ClockRow>> clocks_of_organisations(const Query& q);
  Result<std::vector<HistoryRow>> history(InstanceKey key, std::uint64_t after_sequence, std::size_t limit) override;
  Result<std::vector<OutboxRow>> outbox(const Query& q) override;
  Result<OutboxTurn> outbox_turn(const OutboxAnswer* answer, const OutboxTake* take) override;
  Result<ErrandPage> errands(ErrandKind kind, const std::optional<ErrandKey>& after, std::size_t limit) override;
  Result<std::vector<KeptRow>> kept_called(std::uint64_t after, std::size_t limit) override;
  bool take_kept_called() override { return kept_called_.exchange(false); }
  Result<std::optional<KeptRow>> first_kept(const core::Message& message, bool to_case, Instant at) override;
  Result<std::vector<KeptRow>> kept_due(Instant until, std::size_t limit) override;
  Result<std::optional<Instant>> next_kept_due() override;
  Result<std::vector<KeptRow>> kept(const Query& q) override;
  Result<std::optional<RegisterRow>> register_row(const std::string& of, const std::string& key) override;
  Result<std::vector<RegisterRow>> register_history(const std::string& of, const std::string& key, std::uint64_t after, std::size_t limit) override;
  Result<std::vector<RegisterRow>> register_rows(const std::string& of, const std::string& after, std::size_t limit) override;
  Result<Pruned> prune(Instant before) override;
  Result<InstanceKey> newest() override;
  void rest() override;
  Result<void> backup(const std::string& path) override;
  Result<std::optional<Instant>> pruned_before() override;
  Result<std::optional<Instant>> latest() override;
  Result<void> check(const std::function<const model::ExecutableProcess*(std::string_view)>& definition,
                     const std::function<void(const std::string&)>& found) override;

 private:
  [[nodiscard]] Result<std::vector<core::WaitingInstance>> subscribed(core::SubscriptionKind kind, std::string_view name,
                                                                      std::optional<std::string_view> correlation, bool suspended);
  /// Runs `body(connection)` on a reading connection; what SQLite throws becomes an error.
  template <class Body>
  auto read(Body body) -> std::invoke_result_t<Body, Connection&>;
  /// The same inside one read transaction: all statements see one state.
  template <class Body>
  auto read_at_once(Body body) -> std::invoke_result_t<Body, Connection&>;
  /// Runs `body(connection)` in one writing transaction; rolled back when it refuses or throws.
  template <class Body>
  Result<void> write(Body body);

  // sqlite_check.cpp
  struct Tally;
  using Found = std::function<void(const std::string&)>;
  static void check_medium(Connection& c, const Found& found);
  static void check_texts(Connection& c, const Found& found);
  static void check_errands(Connection& c, const Found& found);
  static void check_orphans(Connection& c, const Found& found);
  static void check_words(Connection& c, const std::function<const model::ExecutableProcess*(std::string_view)>& definition, const Found& found);
  static void check_instance(Connection& c, const Rows& row, const model::ExecutableProcess& process, Tally& tally, const Found& found);
  static void check_columns(const Rows& row, const core::ProcessInstance& i, const Found& found);
  static void check_due(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, Tally& tally, const Found& found);
  static void check_waiting(Connection& c, const core::ProcessInstance& i, Tally& tally, const Found& found);
  static void check_work(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, Tally& tally, const Found& found);
  static void check_clocks(Connection& c, const core::ProcessInstance& i, const Found& found);
  static void check_searched(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, Tally& tally,
                             const Found& found);
  static void check_history(Connection& c, const model::ExecutableProcess& process, const core::ProcessInstance& i, const Found& found);

  /// A reading connection. One who may only read asks without SQLite's locks while no log stands beside the file: the locks need files that he could
  /// not make. `seen` is how the file looked then; what was read counts only if it still looks the same.
  struct Reader {
    std::unique_ptr<Connection> connection;
    std::optional<FileState> seen;
  };
  [[nodiscard]] Reader borrow();
  void give_back(Reader reader);
  [[nodiscard]] Error read_error_of(const SQLite::Exception& failure) const;

  // sqlite_commit.cpp
  std::optional<Error> write_change(const Change& change);
  std::optional<Error> write_rows(const Change& change, const SqliteRows& rows);
  [[nodiscard]] bool write_answer(const Change& change, const SqliteRows& rows);
  std::optional<Error> insert_instance(const Change& change, const SqliteRows& rows);
  [[nodiscard]] bool update_instance(const Change& change, const SqliteRows& rows, std::optional<std::uint64_t> behind);
  [[nodiscard]] std::optional<std::uint64_t> behind_after(const Change& change, const SqliteRows& rows);
  void write_snapshot(const Change& change, const SqliteRows& rows, std::optional<std::uint64_t> behind);
  void write_history(const Change& change, const SqliteRows& rows);
  [[nodiscard]] std::int64_t definition_id(const model::ExecutableProcess& process);
  void write_due(const RowChanges& rows);
  void write_waiting(const Change& change, const SqliteRows& rows);
  void write_work(const Change& change, const SqliteRows& rows);
  void write_clocks(const Change& change, const SqliteRows& rows);
  void write_searched(const Change& change, const RowChanges& rows);
  void roll_back() noexcept;

  // sqlite_outbox.cpp
  void write_outbox(const OutboxLine& line);
  [[nodiscard]] std::optional<Error> write_verdict(const OutboxVerdict& verdict, Instant at);
  static void check_outbox(Connection& c, const Found& found);
  static void check_lanes(Connection& c, const Found& found);

  // sqlite_kept.cpp
  [[nodiscard]] std::optional<Error> write_kept(const Change& change, const SqliteRows& rows);
  [[nodiscard]] std::optional<Error> end_kept(const KeptEnd& end, Instant at);
  void call_for_gone(const Change& change, const SqliteRows& rows);
  void call_for_kept(const Change& change, const SqliteRows& rows);
  void call_for(const core::Subscription& s, const std::string& case_no, Instant at);
  void call_for_next(const std::string& key, const std::string& name, Instant at);
  static void check_kept(Connection& c, const Found& found);

  // sqlite_registers.cpp
  [[nodiscard]] std::optional<Error> write_registers(const Change& change);
  static void check_registers(Connection& c, const Found& found);

  SqliteOptions options_;
  std::string name_;  ///< what SQLite is asked to open
  std::mutex writing_;
  std::unique_ptr<Connection> writer_;
  [[nodiscard]] static std::uint64_t generation_in(Connection& c);
  static void write_calendar_change(Connection& c, CalendarChange change);
  void note_latest(std::span<const Change> changes);
  Instant latest_noted_{std::numeric_limits<std::int64_t>::min()};   ///< what the file says, as far as this handle knows; under writing_
  std::unordered_map<std::string, std::int64_t> definition_ids_;     ///< by hash, of those that are in the file; under writing_
  std::uint64_t writes_ = 0, writes_seen_ = 0, writes_in_file_ = 0;  ///< made; at the last rest; when the log was emptied; under writing_
  std::mutex pool_mutex_;
  std::vector<Reader> pool_;
  std::mutex watching_;
  std::unique_ptr<Connection> watcher_;    ///< under watching_: data_version compares what one connection has seen
  std::atomic<bool> kept_called_ = false;  ///< since take_kept_called
  bool calls_ = false;                     ///< in the transaction that is being written; under writing_
  std::mutex key_mutex_;
  std::uint64_t last_key_ = 0;
  std::atomic<bool> keys_known_ = false;  ///< no other handle has been seen to give keys since the file was asked
};

/// Thrown inside a read when a row is not what was written; becomes SB0603.
struct DamagedRow {
  std::string what;
};
/// Thrown inside a read when a newer version of Switchboard wrote the row; `why` is SB0616.
struct NewerRow {
  Error why;
};
/// What was read; throws NewerRow, or DamagedRow with the text that `what` gives.
template <class T, class What>
[[nodiscard]] T whole(Result<T> read, What what) {
  if (read) return std::move(read).value();
  if (read.error().id == newer_form) throw NewerRow{read.error()};
  throw DamagedRow{what()};
}

/// What was read, or nothing for a row that is not what was written: for lists, in which one row does not take the others with it. Throws NewerRow.
template <class T>
[[nodiscard]] std::optional<T> readable(Result<T> read) {
  if (read) return std::move(read).value();
  if (read.error().id == newer_form) throw NewerRow{read.error()};
  return std::nullopt;
}

/// The state of a case: the snapshot in its row, or the one apart and the events behind it. `row` has the columns snapshot and apart, beginning with
/// `column`. What is read is one state when this is inside a transaction. Throws DamagedRow.
[[nodiscard]] core::ProcessInstance state_of(Connection& c, const Rows& row, int column, InstanceKey key);

template <class Body>
auto SqliteStore::read(Body body) -> std::invoke_result_t<Body, Connection&> {
  constexpr int max_attempts = 20;
  for (int attempt = 1;; ++attempt) {
    std::optional<FileState> seen;
    const auto is_good = [&] { return !seen || attempt == max_attempts || state_of_file(options_.path) == *seen; };
    try {
      Reader reader = borrow();
      seen = reader.seen;
      auto result = body(*reader.connection);
      if (!is_good()) continue;
      give_back(std::move(reader));
      return result;
    } catch (const SQLite::Exception& failure) {
      if (is_good()) return read_error_of(failure);
    } catch (const DamagedRow& row) {
      if (is_good())
        return Error{ErrorKind::storage, "SB0603", "the database is damaged: " + row.what, options_.path,
                     "stop writing to it, keep a copy, restore the last backup"};
    } catch (NewerRow& row) {
      row.why.place = options_.path;
      if (is_good()) return std::move(row.why);
    }
  }
}

template <class Body>
auto SqliteStore::read_at_once(Body body) -> std::invoke_result_t<Body, Connection&> {
  return read([&](Connection& c) {
    c.execute("BEGIN");
    auto result = body(c);
    c.execute("COMMIT");
    return result;
  });
}

template <class Body>
Result<void> SqliteStore::write(Body body) {
  const std::lock_guard lock(writing_);
  try {
    writer_->run("BEGIN IMMEDIATE");
    const std::optional<Error> refused = body(*writer_);
    if (refused) {
      roll_back();
      return *refused;
    }
    writer_->run("COMMIT");
    if (std::exchange(calls_, false)) kept_called_ = true;
    ++writes_;
    return success();
  } catch (const SQLite::Exception& failure) {
    roll_back();
    return error_of(failure, options_.path);
  } catch (const DamagedRow& row) {
    roll_back();
    return Error{ErrorKind::storage, "SB0603", "the database is damaged: " + row.what, options_.path,
                 "stop writing to it, keep a copy, restore the last backup"};
  } catch (NewerRow& row) {
    roll_back();
    row.why.place = options_.path;
    return std::move(row.why);
  } catch (...) {  // no memory
    roll_back();
    throw;
  }
}

}  // namespace switchboard::store
