// One connection to a SQLite file: prepared statements kept, errors as values. Not thread-safe; one thread at a time.
#pragma once

#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "store/store.hpp"
#include "switchboard/base/assert.hpp"
#include "switchboard/base/error.hpp"
#include "switchboard/base/time.hpp"

namespace switchboard::store {

/// Bytes for a BLOB column.
struct Blob {
  std::string_view bytes;
};

/// A value of a statement put together at run time.
using Bound = std::variant<std::int64_t, std::string>;

/// The refusal that a failure of SQLite becomes: SB0602 .. SB0609, with the remedy.
[[nodiscard]] Error error_of(const SQLite::Exception& failure, const std::string& path);

/// A statement with its values bound, being stepped; gives the statement back when it ends.
class Rows {
 public:
  explicit Rows(SQLite::Statement& statement) : statement_(&statement) {}
  Rows(Rows&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Rows& operator=(Rows&&) = delete;
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;
  ~Rows() {
    if (statement_ != nullptr) statement_->tryReset();
  }
  [[nodiscard]] bool next() { return statement_->executeStep(); }
  [[nodiscard]] bool is_null(int column) const { return statement_->getColumn(column).isNull(); }
  [[nodiscard]] std::int64_t whole(int column) const { return statement_->getColumn(column).getInt64(); }
  [[nodiscard]] std::uint64_t number(int column) const { return static_cast<std::uint64_t>(whole(column)); }
  [[nodiscard]] Instant instant(int column) const { return {whole(column)}; }
  [[nodiscard]] std::optional<Instant> maybe_instant(int column) const { return is_null(column) ? std::nullopt : std::optional(instant(column)); }
  [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }
  /// Valid until the next step.
  [[nodiscard]] std::string_view bytes(int column) const {
    const SQLite::Column c = statement_->getColumn(column);
    const void* data = c.getBlob();
    return {static_cast<const char*>(data), static_cast<std::size_t>(data == nullptr ? 0 : c.getBytes())};
  }

 private:
  SQLite::Statement* statement_;
};

class Connection {
 public:
  /// Throws SQLite::Exception.
  Connection(const SqliteOptions& options, bool writes, const std::string& name);

  /// Statements are kept by the address of their text: give literals. Text and bytes are borrowed until the Rows are gone: give them names.
  template <class... Args>
  [[nodiscard]] Rows query(const char* sql, const Args&... args) {
    SQLite::Statement& s = prepared(sql);
    bind_all(s, args...);
    return Rows(s);
  }
  /// Runs to the end; returns how many rows it changed.
  template <class... Args>
  int run(const char* sql, const Args&... args) {
    SQLite::Statement& s = prepared(sql);
    bind_all(s, args...);
    const Rows rows(s);
    return s.exec();
  }
  /// For statements put together at run time; kept by their text.
  [[nodiscard]] Rows query_text(const std::string& sql, const std::vector<Bound>& values);
  void execute(const char* sql) { database_.exec(sql); }
  void execute(const std::string& sql) { database_.exec(sql.c_str()); }
  [[nodiscard]] SQLite::Database& database() { return database_; }
  /// Brings the log into the database and cuts it to nothing, unless others are reading or writing: then not now.
  void empty_log() noexcept;
  /// Gives up what is open, without a word: after a failure.
  void roll_back() noexcept;

 private:
  static int wait_for_others(void* self, int looks);
  SQLite::Statement& prepared(const char* sql);
  template <class... Args>
  static void bind_all(SQLite::Statement& s, const Args&... args) {
    // SQLite would take what is missing for NULL.
    SB_ASSERT(s.getBindParameterCount() == static_cast<int>(sizeof...(args)));
    [[maybe_unused]] int position = 0;
    (bind(s, ++position, args), ...);
  }
  static void bind(SQLite::Statement& s, int i, std::int64_t n) { s.bind(i, n); }
  static void bind(SQLite::Statement& s, int i, std::uint64_t n) { s.bind(i, static_cast<std::int64_t>(n)); }
  static void bind(SQLite::Statement& s, int i, std::uint32_t n) { s.bind(i, static_cast<std::int64_t>(n)); }
  static void bind(SQLite::Statement& s, int i, std::int32_t n) { s.bind(i, n); }
  static void bind(SQLite::Statement& s, int i, bool b) { s.bind(i, b ? 1 : 0); }
  static void bind(SQLite::Statement& s, int i, Instant t) { s.bind(i, t.us); }
  static void bind(SQLite::Statement& s, int i, const std::string& text) { s.bindNoCopy(i, text); }
  static void bind(SQLite::Statement& s, int i, const char* text) { s.bindNoCopy(i, text); }
  static void bind(SQLite::Statement& s, int i, Blob b) { s.bindNoCopy(i, b.bytes.empty() ? "" : b.bytes.data(), static_cast<int>(b.bytes.size())); }
  static void bind(SQLite::Statement& s, int i, std::nullptr_t) { s.bind(i); }
  template <class T>
  static void bind(SQLite::Statement& s, int i, const std::optional<T>& o) {
    if (o) {
      bind(s, i, *o);
    } else {
      s.bind(i);
    }
  }
  template <class Tag>
  static void bind(SQLite::Statement& s, int i, Key<Tag> key) {
    bind(s, i, key.value);
  }

  SQLite::Database database_;
  std::chrono::milliseconds longest_wait_;
  std::chrono::steady_clock::time_point waits_since_;
  std::unordered_map<const char*, std::unique_ptr<SQLite::Statement>> statements_;
  std::unordered_map<std::string, std::unique_ptr<SQLite::Statement>> texts_;
};

}  // namespace switchboard::store
