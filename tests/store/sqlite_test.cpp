// What only a file can do: be new, old, foreign, damaged, full, shared; and be read with plain SQL.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "store/sqlite_schema.hpp"
#include "support.hpp"

namespace switchboard::testing {

namespace {

store::SqliteOptions at(const std::string& path) {
  store::SqliteOptions options;
  options.path = path;
  options.full_sync = false;
  options.busy_timeout_ms = 2'000;
  return options;
}

std::unique_ptr<store::Store> open(const store::SqliteOptions& options) {
  auto store = store::open_sqlite(options);
  REQUIRE_MESSAGE(store, (store ? std::string() : store.error().text()));
  return std::move(store).value();
}

std::string refusal(const store::SqliteOptions& options) {
  const auto store = store::open_sqlite(options);
  return store ? std::string() : store.error().id;
}

void write_file(const std::string& path, const std::string& bytes) { std::ofstream(path, std::ios::binary) << bytes; }

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a new file belongs to its owner alone and may be opened again") {
  const Folder folder;
  const std::string path = folder.file("a b?#%.db");
  {
    const auto store = open(at(path));
    Stepper cases(*store);
    REQUIRE(cases.start("A"));
    for (const char* suffix : {"", "-wal", "-shm"}) {
      struct stat info {};
      REQUIRE(::stat((path + suffix).c_str(), &info) == 0);
      CHECK((info.st_mode & 0777) == 0600);
    }
  }
  const auto store = open(at(path));
  Stepper cases(*store);
  CHECK(cases.instance({1}).case_no == "A");
  CHECK(cases.start("B").value().value == 2);
  CHECK(cases.check() == std::vector<std::string>{});
}

TEST_CASE("what is not ours is refused and left as it is") {
  const Folder folder;
  auto missing = at(folder.file("none.db"));
  missing.create = false;
  CHECK(refusal(missing) == "SB0604");
  CHECK(refusal(at(folder.file("no/such/folder.db"))) == "SB0604");
  CHECK(refusal(at(folder.file(""))) == "SB0604");

  const std::string text = folder.file("text.db");
  write_file(text, std::string(5000, 'x'));
  CHECK(refusal(at(text)) == "SB0602");
  CHECK(read_file(text) == std::string(5000, 'x'));

  const std::string foreign = folder.file("foreign.db");
  SQLite::Database(foreign, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE).exec("CREATE TABLE album (title TEXT)");
  const std::string before = read_file(foreign);
  CHECK(refusal(at(foreign)) == "SB0602");
  CHECK(read_file(foreign) == before);

  const std::string newer = folder.file("newer.db");
  open(at(newer));
  SQLite::Database(newer, SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 999");
  CHECK(refusal(at(newer)) == "SB0601");
  for (const char* number : {"PRAGMA user_version = -5", "PRAGMA user_version = 0"}) {
    SQLite::Database(newer, SQLite::OPEN_READWRITE).exec(number);
    CHECK(refusal(at(newer)) == "SB0603");
    store::SqliteOptions look = at(newer);
    look.read_only = true;
    CHECK(refusal(look) == "SB0603");
  }
}

TEST_CASE("a file cut off, or with its header damaged, is refused") {
  const Folder folder;
  const std::string path = folder.file("whole.db");
  {
    const auto store = open(at(path));
    Stepper cases(*store);
    for (int i = 0; i < 50; ++i) REQUIRE(cases.start());
  }
  const std::string bytes = read_file(path);
  REQUIRE(bytes.size() > 40'000);
  const std::string cut = folder.file("cut.db");
  for (const std::size_t size : {std::size_t{50}, std::size_t{4096}, bytes.size() / 2, bytes.size() - 1}) {
    write_file(cut, bytes.substr(0, size));
    CHECK(refusal(at(cut)) == "SB0603");
  }
}

TEST_CASE("an older schema is brought forward, its cases with it") {
  const Folder folder;
  const std::string path = folder.file("old.db");
  {
    const auto options = at(path);
    write_file(path, "");
    store::Connection c(options, true, path);
    REQUIRE(store::migrate(c, path, 1));
    CHECK(c.database().execAndGet("PRAGMA user_version").getInt() == 1);
    CHECK(c.database().execAndGet("SELECT count(*) FROM sqlite_master WHERE type = 'view'").getInt() == 0);
  }
  auto reading = at(path);
  reading.read_only = true;
  CHECK(refusal(reading) == "SB0614");
  const auto store = open(at(path));
  Stepper cases(*store);
  REQUIRE(cases.start("A"));
  SQLite::Database db(path);
  CHECK(db.execAndGet("PRAGMA user_version").getInt() == store::newest_schema());
  CHECK(db.execAndGet("SELECT count(*) FROM v_cases").getInt() == 1);
}

TEST_CASE("a reader changes nothing and says so") {
  const Folder folder;
  const std::string path = folder.file("read.db");
  const auto writer = open(at(path));
  Stepper writing(*writer);
  REQUIRE(writing.start("A"));
  auto options = at(path);
  options.read_only = true;
  const auto reader = open(options);
  CHECK(reader->load({1}).value()->instance.case_no == "A");
  store::Change nothing;
  std::size_t ignored = 0;
  const auto refused = reader->commit({&nothing, 1}, ignored);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB0607");
  REQUIRE(writing.start("B"));
  CHECK(reader->instances({}).value().size() == 2);
}

namespace {

/// Whoever runs the tests as root may write everywhere: then as somebody else, for as long as this lives.
class Unprivileged {
 public:
  Unprivileged() { REQUIRE((::geteuid() != 0 || ::seteuid(nobody) == 0)); }
  ~Unprivileged() {
    if (::getuid() == 0) static_cast<void>(::seteuid(0));
  }
  Unprivileged(const Unprivileged&) = delete;
  Unprivileged& operator=(const Unprivileged&) = delete;

 private:
  static constexpr uid_t nobody = 65534;
};

}  // namespace

TEST_CASE("who may only read reads, with a writer at work and without, and leaves nothing behind") {
  const Folder folder;
  const std::string path = folder.file("read.db");
  auto options = at(path);
  options.read_only = true;
  const auto files = [&] {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
  };
  {
    const auto writer = open(at(path));
    REQUIRE(Stepper(*writer).start("A"));
  }
  const auto protect = [&](mode_t file, mode_t all) {
    ::chmod(path.c_str(), file);
    for (const char* suffix : {"-wal", "-shm"}) ::chmod((path + suffix).c_str(), file);
    ::chmod(folder.path().c_str(), all);
  };
  SUBCASE("nobody writes") {
    protect(0444, 0555);
    const Unprivileged somebody;
    const auto reader = open(options);
    CHECK(reader->instances({}).value().size() == 1);
    const auto process = everything_process();
    CHECK(reader->check([&](std::string_view /*hash*/) { return process.get(); }, [](const std::string& line) { FAIL_CHECK(line); }));
    CHECK(files() == std::vector<std::string>{"read.db"});
  }
  SUBCASE("the folder may be written, the file not") {
    protect(0444, 0777);
    const Unprivileged somebody;
    CHECK(open(options)->instances({}).value().size() == 1);
    CHECK(files() == std::vector<std::string>{"read.db"});
  }
  SUBCASE("a writer comes and goes while the reader stays") {
    const auto reader = open(options);
    CHECK(reader->instances({}).value().size() == 1);
    {
      const auto writer = open(at(path));
      REQUIRE(Stepper(*writer).start("B"));
      protect(0644, 0755);
      const Unprivileged somebody;
      CHECK(reader->instances({}).value().size() == 2);  // through the log
      CHECK(open(options)->work({}).value().size() == 4);
    }
    CHECK(reader->instances({}).value().size() == 2);  // through the file again
    for (int i = 0; i < 5; ++i) {
      const auto writer = open(at(path));
      REQUIRE(Stepper(*writer).start());
    }
    CHECK(reader->instances({}).value().size() == 7);  // not what it remembers of the file
  }
  SUBCASE("a log without an index cannot be read, and the refusal says what to do") {
    write_file(path + "-wal", std::string(40, 'x'));
    protect(0444, 0555);
    const Unprivileged somebody;
    const auto refused = store::open_sqlite(options);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().id == "SB0604");
    CHECK(refused.error().message.find("-shm") != std::string::npos);
  }
  protect(0600, 0755);
}

TEST_CASE("two handles on one file give different keys and see each other's versions") {
  const Folder folder;
  const std::string path = folder.file("two.db");
  const auto one = open(at(path));
  const auto two = open(at(path));
  Stepper a(*one);
  Stepper b(*two);
  const auto first = a.start("A");
  REQUIRE(first);
  const auto second = b.start("B");
  REQUIRE(second);
  CHECK(first.value() != second.value());
  // The first handle counts on and meets the second one's key: refused as stale, then it knows better.
  const auto met = a.start("C");
  if (!met) {
    CHECK(met.error().id == store::stale_version);
    REQUIRE(a.start("C"));
  }
  std::vector<std::unique_ptr<Prepared>> old;
  old.push_back(prepare(*a.process, one->load(first.value()).value(), {"", t0, core::CancelInstance{"", ""}}));
  REQUIRE(b.command(first.value(), core::SetData{Value(Context{{"customer_no", "7"}}), "b"}));
  std::size_t at_change = 0;
  CHECK(commit_all(*one, old, at_change).error().id == store::stale_version);
  CHECK(b.check() == std::vector<std::string>{});
}

TEST_CASE("a full disk refuses the command, keeps what was there, and goes on when there is room") {
  const Folder folder;
  const std::string path = folder.file("full.db");
  auto small = at(path);
  small.max_pages = 90;
  int started = 0;
  {
    const auto store = open(small);
    Stepper cases(*store);
    Result<core::InstanceKey> last = cases.start();
    for (; last && started < 1000; ++started) last = cases.start();
    REQUIRE_FALSE(last);
    CHECK(last.error().id == "SB0605");
    CHECK(last.error().kind == ErrorKind::storage);
    CHECK(cases.check() == std::vector<std::string>{});
    CHECK(store->instances({}).value().size() == static_cast<std::size_t>(started));
  }
  const auto store = open(at(path));
  Stepper cases(*store);
  REQUIRE(cases.start());
  CHECK(cases.check() == std::vector<std::string>{});
}

TEST_CASE("a writer that waits too long for another one says so") {
  const Folder folder;
  const std::string path = folder.file("busy.db");
  auto options = at(path);
  options.busy_timeout_ms = 50;
  const auto store = open(options);
  Stepper cases(*store);
  SQLite::Database other(path, SQLite::OPEN_READWRITE);
  other.exec("BEGIN IMMEDIATE");
  const auto refused = cases.start();
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB0606");
  other.exec("COMMIT");
  CHECK(cases.start());
}

TEST_CASE("analysts read the views with plain SQL") {
  const Folder folder;
  const std::string path = folder.file("views.db");
  const auto store = open(at(path));
  Stepper cases(*store);
  const auto key = cases.start("R-1").value();
  REQUIRE(cases.command(key, core::FireMark{{0}, 1, 0, t0 + Duration::hours(12)}, t0 + Duration::hours(13)));
  SQLite::Database db(path);
  const auto text = [&](const char* sql) { return db.execAndGet(sql).getString(); };
  CHECK(text("SELECT instance || ' ' || case_no || ' ' || customer || ' ' || state || ' ' || started FROM v_cases") ==
        "i-1 R-1 1001 active 2023-11-14T22:13:20.000000Z");
  CHECK(text("SELECT clock || ' ' || state || ' ' || due || ' ' || budget FROM v_clocks") == "promise running 2023-11-15T22:13:20.000000Z 24 h");
  CHECK(text("SELECT group_concat(node || ' ' || state) FROM v_work") == "approve offered,bill offered");
  CHECK(text("SELECT group_concat(kind || ' ' || name) FROM v_outbox") == "feedback welcome,feedback half-time");
  CHECK(text("SELECT at || ' ' || about FROM v_history WHERE event = 'clock-marked'") == "2023-11-15T11:13:20.000000Z promise");
  CHECK(text("SELECT group_concat(DISTINCT about) FROM v_history WHERE event = 'work-offered'") == "approve,bill");
  CHECK(text("SELECT group_concat(event || ' ' || about) FROM v_history WHERE event IN ('feedback-given', 'data-changed', 'instance-started')") ==
        "instance-started ,feedback-given welcome,feedback-given half-time");
  CHECK(text("SELECT count(*) FROM v_history") == std::to_string(cases.instance(key).sequence));
  CHECK(text("SELECT group_concat(kind) FROM (SELECT kind FROM v_due ORDER BY due)") == "timer,mark");
  CHECK(text("SELECT process || ' ' || number FROM v_deployments") == "everything 1");
}

TEST_CASE("opening and committing cost the same however many timers wait") {
  const Folder folder;
  const std::string path = folder.file("many.db");
  {
    const auto store = open(at(path));
    Stepper cases(*store);
    REQUIRE(cases.start());
  }
  SQLite::Database(path, SQLite::OPEN_READWRITE)
      .exec(
          "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 300000) "
          "INSERT INTO due SELECT i, 0, 2, 1800000000000000 + i, 0, 0 FROM n");
  const auto begin = std::chrono::steady_clock::now();
  const auto store = open(at(path));
  CHECK(store->next_due().value() == t0 + Duration::hours(1));
  const auto spent = std::chrono::steady_clock::now() - begin;
  CHECK(spent < std::chrono::milliseconds(500));
}

}  // namespace switchboard::testing
