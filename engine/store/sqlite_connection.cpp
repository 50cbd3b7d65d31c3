#include "store/sqlite_connection.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <thread>

namespace switchboard::store {

namespace {

Error storage(const char* id, const std::string& path, std::string message, std::string hint) {
  return {ErrorKind::storage, id, std::move(message), path, std::move(hint)};
}

}  // namespace

Error error_of(const SQLite::Exception& failure, const std::string& path) {
  const char* said = failure.what();
  switch (failure.getErrorCode() & 0xff) {
    case SQLITE_NOTADB: return storage("SB0602", path, "this file is not a Switchboard database", "give another path");
    case SQLITE_CORRUPT:
      return storage("SB0603", path, fmt::format("the database is damaged: {}", said), "stop writing to it, keep a copy, restore the last backup");
    case SQLITE_CANTOPEN:
      return storage("SB0604", path, "the database cannot be opened",
                     "see whether the folder exists and both file and folder may be read and written");
    case SQLITE_FULL: return storage("SB0605", path, "the disk is full: nothing of this command was kept", "make room, then repeat the command");
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return storage("SB0606", path, "the database is held by another process for too long",
                     "repeat the command; look for a process that keeps a transaction open");
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_AUTH: return storage("SB0607", path, "the database may not be written", "see the permissions of the file and its folder");
    case SQLITE_IOERR:
      return storage("SB0608", path, fmt::format("reading or writing the database failed: {} ({})", said, failure.getExtendedErrorCode()),
                     "see the disk and its free space, then repeat the command");
    default:
      return storage("SB0609", path, fmt::format("the database failed: {} ({})", said, failure.getExtendedErrorCode()),
                     "repeat the command; report it if it stays");
  }
}

/// SQLite's own way of waiting sleeps up to a tenth of a second between two looks, while a process that writes again and again leaves gaps of less
/// than one thousandth: it starved the others. Looking often is fair to all.
int Connection::wait_for_others(void* self, int looks) {
  constexpr std::chrono::microseconds first{200}, longest{2000};
  Connection& c = *static_cast<Connection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (looks == 0) c.waits_since_ = now;
  if (now - c.waits_since_ >= c.longest_wait_) return 0;
  std::this_thread::sleep_for(std::min(longest, first * (1 + looks / 8)));
  return 1;
}

Connection::Connection(const SqliteOptions& options, bool writes, const std::string& name)
    : database_(name, (options.read_only ? SQLite::OPEN_READONLY : SQLite::OPEN_READWRITE) | SQLite::OPEN_NOMUTEX | SQLite::OPEN_URI, 0),
      longest_wait_(options.busy_timeout_ms) {
  sqlite3_busy_handler(database_.getHandle(), wait_for_others, this);
  execute("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = OFF;");
  if (!writes) {
    execute("PRAGMA query_only = ON; PRAGMA cache_size = -2048;");
    return;
  }
  // A checkpoint costs two syncs: less often than SQLite's default, and the log is cut back to a bounded size after each.
  execute("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;");
  execute(options.full_sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  if (options.max_pages > 0) execute(fmt::format("PRAGMA max_page_count = {}", options.max_pages));
  if (options.max_row_bytes > 0) sqlite3_limit(database_.getHandle(), SQLITE_LIMIT_LENGTH, options.max_row_bytes);
}

SQLite::Statement& Connection::prepared(const char* sql) {
  std::unique_ptr<SQLite::Statement>& statement = statements_[sql];
  if (statement == nullptr) statement = std::make_unique<SQLite::Statement>(database_, sql);
  return *statement;
}

Rows Connection::query_text(const std::string& sql, const std::vector<Bound>& values) {
  constexpr std::size_t most_kept = 64;
  if (texts_.size() > most_kept) texts_.clear();
  std::unique_ptr<SQLite::Statement>& statement = texts_[sql];
  if (statement == nullptr) statement = std::make_unique<SQLite::Statement>(database_, sql);
  int position = 0;
  for (const Bound& value : values) std::visit([&](const auto& v) { bind(*statement, ++position, v); }, value);
  return Rows(*statement);
}

void Connection::empty_log() noexcept {
  sqlite3* const handle = database_.getHandle();
  sqlite3_busy_handler(handle, nullptr, nullptr);
  sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr);
  sqlite3_busy_handler(handle, wait_for_others, this);
}

void Connection::roll_back() noexcept {
  // Straight to SQLite: this runs while a failure is being handled, and several failures have rolled back already.
  if (sqlite3_get_autocommit(database_.getHandle()) == 0) sqlite3_exec(database_.getHandle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

}  // namespace switchboard::store
