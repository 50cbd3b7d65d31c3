// How fast durable commands are: alone and from 64 threads, against SQLite itself writing the very same rows in the same transactions; and whether
// opening and committing stay the same with a million timers waiting. Prints a table; not a test.
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/format.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "files.hpp"
#include "store/store.hpp"

namespace {

using namespace switchboard;  // NOLINT: a program, not a header
using Seconds = std::chrono::duration<double>;

constexpr const char* process_text = R"(
switchboard: 1
process: bench
customer: customer_no
data:
  customer_no: {type: string, default: "1001"}
  amount: {type: number, default: 10}
nodes:
  begin: {type: startEvent, next: first}
  first: {type: userTask, groups: [clerks], next: second}
  second: {type: userTask, groups: [clerks], next: done}
  done: {type: endEvent}
sla:
  promise:
    start: {process: started}
    stop: {completed: second}
    within: 3 d
    marks: [{at: 80%, escalate: soon}, {at: breach, escalate: late}]
)";

double time_of(const auto& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return Seconds(std::chrono::steady_clock::now() - begin).count();
}

template <class T>
T must(Result<T> r) {
  if (r) return std::move(r).value();
  fmt::print(stderr, "{}\n", r.error().text());
  std::exit(1);
}

std::unique_ptr<Engine> open(const std::string& path, bool full_sync) {
  EngineOptions options;
  options.database = path;
  options.full_sync = full_sync;
  return must(Engine::open(options));
}

/// `cases` cases, three commands each: start, complete, complete.
void run_cases(Engine& engine, const std::string& name, int cases) {
  for (int i = 0; i < cases; ++i) {
    StartOptions options;
    options.case_no = fmt::format("{}-{}", name, i);
    options.request_id = "s" + options.case_no;
    const CaseInfo info = must(engine.start("bench", {}, options));
    for (const char* task : {"a", "b"}) {
      Find f;
      f.instance = info.instance;
      const auto work = must(engine.work(f));
      must(engine.complete(work.front().id, Value(Context{{"amount", i}}), "li", task + options.case_no));
    }
  }
}

void run_threads(Engine& engine, int threads, int cases_each) {
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t) all.emplace_back([&, t] { run_cases(engine, fmt::format("T{}", t), cases_each); });
  for (std::thread& t : all) t.join();
}

// The same rows by SQLite alone: statements are recorded with their values, then bound and run again on an empty database of the same schema.

using Parameter = std::variant<std::nullptr_t, std::int64_t, std::string, std::vector<char>>;
struct Recorded {
  std::string sql;
  std::vector<Parameter> values;
};
std::vector<Recorded> recording;
std::atomic<bool> is_recording = false;

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
  if (!is_recording) return 0;
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
  recording.push_back(std::move(r));
  return 0;
}

int watch(sqlite3* database, const char** /*error*/, const void* /*api*/) {
  if (sqlite3_db_readonly(database, "main") == 0) sqlite3_trace_v2(database, SQLITE_TRACE_STMT, record, nullptr);
  return SQLITE_OK;
}

void replay(const std::string& path, bool full_sync) {
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
  for (const Recorded& r : recording) order.push_back(&statements.try_emplace(r.sql, db, r.sql).first->second);
  const int transactions =
      static_cast<int>(std::count_if(recording.begin(), recording.end(), [](const Recorded& r) { return r.sql.starts_with("COMMIT"); }));
  const double seconds = time_of([&] {
    for (std::size_t i = 0; i < order.size(); ++i) {
      SQLite::Statement& s = *order[i];
      int position = 0;
      for (const Parameter& p : recording[i].values) {
        ++position;
        if (std::holds_alternative<std::nullptr_t>(p)) s.bind(position);
        if (const auto* n = std::get_if<std::int64_t>(&p)) s.bind(position, *n);
        if (const auto* t = std::get_if<std::string>(&p)) s.bindNoCopy(position, *t);
        if (const auto* b = std::get_if<std::vector<char>>(&p)) s.bindNoCopy(position, b->data(), static_cast<int>(b->size()));
      }
      s.exec();
      s.reset();
    }
  });
  const int commands =
      static_cast<int>(std::count_if(recording.begin(), recording.end(), [](const Recorded& r) { return r.sql.starts_with("INSERT INTO history"); }));
  fmt::print("  SQLite alone, same rows: {:8.0f} commands/s ({} commands in {} transactions, {} statements)\n", commands / seconds, commands,
             transactions, recording.size());
}

void measure(const char* title, int threads, int cases_each, bool full_sync) {
  const testing::Folder folder;
  const int commands = threads * cases_each * 3;
  {
    const auto engine = open(folder.file("bench.db"), full_sync);
    must(engine->deploy(process_text, "bench.yaml"));
    const double seconds = time_of([&] { run_threads(*engine, threads, cases_each); });
    fmt::print("{}: {:8.0f} commands/s ({} commands)\n", title, commands / seconds, commands);
  }
  recording.clear();
  {
    const auto engine = open(folder.file("recorded.db"), full_sync);
    must(engine->deploy(process_text, "bench.yaml"));
    is_recording = true;
    run_threads(*engine, threads, cases_each);
    is_recording = false;
  }
  replay(folder.file("replayed.db"), full_sync);
}

void measure_many_timers() {
  const testing::Folder folder;
  const std::string path = folder.file("many.db");
  const auto commits = [&](Engine& engine, const char* name) { return time_of([&] { run_cases(engine, name, 300); }) / 900 * 1e6; };
  double empty = 0;
  {
    const auto engine = open(path, false);
    must(engine->deploy(process_text, "bench.yaml"));
    empty = commits(*engine, "before");
    must(engine->start("bench", {}, {}));
  }
  SQLite::Database(path, SQLite::OPEN_READWRITE)
      .exec(
          "BEGIN; WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1000999) "
          "INSERT INTO due SELECT i, 0, 2, 4000000000000000 + i * 7919 % 1000003, 0, 0 FROM n; "
          "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1000999) "
          "INSERT INTO instance SELECT i, 1, 'M-' || i, process, definition, customer, NULL, state, stage, started, last, NULL, 0, snapshot FROM n, "
          "(SELECT * FROM instance WHERE ended IS NULL LIMIT 1); COMMIT");
  std::unique_ptr<Engine> engine;
  const double opening = time_of([&] { engine = open(path, false); });
  const double ticking = time_of([&] { must(engine->tick(100)); });
  fmt::print(
      "a million timers: opened in {:.1f} ms, a tick with nothing due takes {:.1f} ms; a command takes {:.0f} us there, {:.0f} us on an empty "
      "database\n",
      opening * 1e3, ticking * 1e3, commits(*engine, "after"), empty);
}

}  // namespace

int main() {
  sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch));  // NOLINT: SQLite's own way
  measure("alone, full sync", 1, 700, true);
  measure("64 threads, full sync", 64, 150, true);
  measure("alone, without power loss", 1, 1500, false);
  measure("64 threads, without power loss", 64, 150, false);
  measure_many_timers();
  return 0;
}
