// What an engine writes, written again by SQLite alone: statements are recorded with their values, then bound and run on an empty database of the
// same schema, in the same transactions.
#include "bench/raw_sqlite.hpp"

#include <SQLiteCpp/SQLiteCpp.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>

#include "bench/bench.hpp"
#include "store/store.hpp"

namespace switchboard::bench {
namespace {

std::vector<Recorded>* into = nullptr;

/// One literal of an expanded statement; moves `at` behind it.
Parameter literal(const std::string& text, std::size_t& at) {
  if (text.compare(at, 4, "NULL") == 0) return at += 4, nullptr;
  if (text[at] == '\'') {
    std::string value;
    for (++at; text[at] != '\'' || text[at + 1] == '\''; ++at) {
      if (text[at] == '\'') ++at;
      value += text[at];
    }
    ++at;
    return value;
  }
  if (text[at] == 'x') {
    std::vector<char> bytes;
    for (at += 2; text[at] != '\''; at += 2) bytes.push_back(static_cast<char>(std::stoi(text.substr(at, 2), nullptr, 16)));
    ++at;
    return bytes;
  }
  std::size_t used = 0;
  const std::int64_t n = std::stoll(text.substr(at), &used);
  at += used;
  return n;
}

int record(unsigned /*event*/, void* /*context*/, void* statement, void* /*text*/) {
  if (into == nullptr) return 0;
  auto* s = static_cast<sqlite3_stmt*>(statement);
  if (sqlite3_stmt_readonly(s) != 0 && sqlite3_strnicmp(sqlite3_sql(s), "BEGIN", 5) != 0 && sqlite3_strnicmp(sqlite3_sql(s), "COMMIT", 6) != 0)
    return 0;
  Recorded r{sqlite3_sql(s), {}};
  char* expanded = sqlite3_expanded_sql(s);
  const std::string text = expanded;
  sqlite3_free(expanded);
  std::size_t at = 0;
  for (const char c : r.sql) {
    if (c == '?') {
      r.values.push_back(literal(text, at));
    } else {
      ++at;
    }
  }
  into->push_back(std::move(r));
  return 0;
}

int watch(sqlite3* database, const char** /*error*/, const void* /*api*/) {
  if (sqlite3_db_readonly(database, "main") == 0) sqlite3_trace_v2(database, SQLITE_TRACE_STMT, record, nullptr);
  return SQLITE_OK;
}

void bind(SQLite::Statement& s, const std::vector<Parameter>& values) {
  int position = 0;
  for (const Parameter& p : values) {
    ++position;
    if (std::holds_alternative<std::nullptr_t>(p)) s.bind(position);
    if (const auto* n = std::get_if<std::int64_t>(&p)) s.bind(position, *n);
    if (const auto* t = std::get_if<std::string>(&p)) s.bindNoCopy(position, *t);
    if (const auto* b = std::get_if<std::vector<char>>(&p)) s.bindNoCopy(position, b->data(), static_cast<int>(b->size()));
  }
}

bool starts(const Recorded& r, std::string_view with) { return r.sql.starts_with(with); }

}  // namespace

void watch_sqlite() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)); });  // NOLINT: SQLite's own way
}

void record_into(std::vector<Recorded>* recording) { into = recording; }

Replayed replay(const std::vector<Recorded>& recording, const std::string& path, bool full_sync) {
  {
    store::SqliteOptions options;
    options.path = path;
    must(store::open_sqlite(options));
  }
  SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX);
  db.exec(full_sync ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
  db.exec("PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;");
  std::map<std::string, SQLite::Statement> statements;
  std::vector<SQLite::Statement*> order;
  order.reserve(recording.size());
  for (const Recorded& r : recording) order.push_back(&statements.try_emplace(r.sql, db, r.sql).first->second);
  const auto begin = std::chrono::steady_clock::now();
  for (std::size_t i = 0; i < order.size(); ++i) {
    bind(*order[i], recording[i].values);
    order[i]->exec();
    order[i]->reset();
  }
  Replayed done;
  done.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  done.commands = std::count_if(recording.begin(), recording.end(), [](const Recorded& r) { return starts(r, "INSERT INTO history"); });
  done.transactions = std::count_if(recording.begin(), recording.end(), [](const Recorded& r) { return starts(r, "COMMIT"); });
  return done;
}

}  // namespace switchboard::bench
