// Flipped bits and cut files: found, or without any effect; never gone on with wrongly. SWITCHBOARD_FLIPS says how many flips (default 300).
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <random>
#include <thread>

#include "files.hpp"
#include "load.hpp"
#include "switchboard/answers.hpp"

namespace switchboard::testing {

namespace {

Instant fixed_now{1'772'413'200'000'000};

Result<std::unique_ptr<Engine>> open_at(const std::string& path, bool read_only) {
  EngineOptions options;
  options.database = path;
  options.full_sync = false;
  options.read_only = read_only;
  options.clock = [] { return fixed_now; };
  return Engine::open(options);
}

/// A database with open and ended cases, marks, outbox records, answers and called cases, all in the main file.
std::string sample(const std::string& path) {
  auto engine = open_at(path, false);
  REQUIRE(engine);
  REQUIRE(deploy_load(*engine.value()));
  for (int i = 0; i < 8; ++i) {
    StartOptions options;
    options.case_no = fmt::format("C-{}", i);
    REQUIRE(engine.value()->start("load", {}, options, {.request_id = fmt::format("start-{}", i)}));
    if (i % 2 == 0) REQUIRE(engine.value()->message("paid", options.case_no, Value(Context{{"text", "x"}})));
  }
  fixed_now = fixed_now + Duration::millis(100);
  REQUIRE(engine.value()->tick(100));
  REQUIRE(engine.value()->work_off(
      "work", [](const Job&) { return JobResult::ok({}); }, 3));
  engine = Error{};
  return read_file(path);
}

enum class Verdict { refused, reported, harmless, missed };

/// What becomes of one damaged file.
Verdict judge(const std::string& path, const std::string& expected, std::string& what) {
  auto engine = open_at(path, false);
  if (!engine) return Verdict::refused;
  std::string error;
  const std::string seen = tour(*engine.value(), error);
  if (!error.empty()) return Verdict::refused;
  const auto found = engine.value()->check();
  if (!found || !found.value().empty()) return Verdict::reported;
  if (seen == expected) return Verdict::harmless;
  what = seen;
  return Verdict::missed;
}

}  // namespace

TEST_CASE("a flipped bit is found or without effect") {
  const int flips = parameter("SWITCHBOARD_FLIPS", 300);
  const Folder folder;
  const std::string bytes = sample(folder.file("whole.db"));
  REQUIRE(bytes.size() > 100'000);
  std::string expected;
  {
    const auto engine = open_at(folder.file("whole.db"), false);
    std::string error;
    expected = tour(*engine.value(), error);
    REQUIRE(error.empty());
    REQUIRE(engine.value()->check().value().empty());
  }
  std::mt19937 random(static_cast<unsigned>(parameter("SWITCHBOARD_SEED", 1)));
  std::array<int, 4> counts{};
  for (int i = 0; i < flips; ++i) {
    std::string damaged = bytes;
    const std::size_t at = random() % damaged.size();
    const unsigned bit = random() % 8;
    damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1u << bit));
    const std::string path = folder.file(fmt::format("flip-{}.db", i));
    write_file(path, damaged);
    std::string what;
    const Verdict verdict = judge(path, expected, what);
    ++counts[static_cast<std::size_t>(verdict)];
    CHECK_MESSAGE(verdict != Verdict::missed, "bit " << bit << " of byte " << at << " changed what is seen, and nothing was found:\n" << what);
    std::filesystem::remove(path);
  }
  fmt::print("{} flips: {} refused when read, {} reported by check, {} without effect\n", flips, counts[0], counts[1], counts[2]);
}

TEST_CASE("a file cut anywhere is refused or reported") {
  const Folder folder;
  const std::string bytes = sample(folder.file("whole.db"));
  std::mt19937 random(7);
  for (int i = 0; i < 40; ++i) {
    const std::string path = folder.file(fmt::format("cut-{}.db", i));
    write_file(path, bytes.substr(0, 1 + random() % (bytes.size() - 1)));
    std::string ignored;
    const Verdict verdict = judge(path, "", ignored);
    CHECK(verdict == Verdict::refused);
    std::filesystem::remove(path);
  }
}

namespace {

/// A database whose last transactions stand in its log alone, as a killed program leaves it: the file, and its log.
std::pair<std::string, std::string> sample_with_log(const std::string& path) {
  sample(path);
  auto engine = open_at(path, false);
  REQUIRE(engine);
  for (int i = 0; i < 20; ++i) {
    StartOptions options;
    options.case_no = fmt::format("L-{}", i);
    REQUIRE(engine.value()->start("load", {}, options));
  }
  return {read_file(path), read_file(path + "-wal")};
}

}  // namespace

TEST_CASE("a flipped bit in the log drops nothing without a word") {
  const int flips = parameter("SWITCHBOARD_FLIPS", 300) / 2;
  const Folder folder;
  const auto [file, log] = sample_with_log(folder.file("whole.db"));
  REQUIRE(log.size() > 50'000);
  std::mt19937 random(static_cast<unsigned>(parameter("SWITCHBOARD_SEED", 1)));
  int refused = 0, whole = 0, last = 0;
  // Each bit of the header, then anywhere.
  constexpr int header_bits = 256;
  for (int i = 0; i < header_bits + flips; ++i) {
    std::string damaged = log;
    const std::size_t at = i < header_bits ? static_cast<std::size_t>(i) / 8 : random() % damaged.size();
    const unsigned bit = i < header_bits ? static_cast<unsigned>(i) % 8 : static_cast<unsigned>(random() % 8);
    damaged[at] = static_cast<char>(static_cast<unsigned char>(damaged[at]) ^ (1U << bit));
    const std::string path = folder.file(fmt::format("log-{}.db", i));
    write_file(path, file);
    write_file(path + "-wal", damaged);
    CAPTURE(at);
    const auto engine = open_at(path, false);
    if (!engine) {
      CHECK((engine.error().id == "SB0618" || engine.error().id == "SB0603"));
      ++refused;
      // Nobody reads it for what was last written; fsck says it, and one who accepts the loss goes on with what stands before it.
      CHECK_FALSE(open_at(path, true));
      if (i < header_bits && i % 16 != 0) continue;  // what follows is the same for each bit of the header
      EngineOptions options;
      options.database = path;
      options.accept_loss = true;
      options.clock = [] { return fixed_now; };
      options.read_only = true;
      if (const auto reader = Engine::open(options); reader) CHECK_FALSE(reader.value()->check().value().empty());
      options.read_only = false;
      auto again = Engine::open(options);
      if (engine.error().id == "SB0618") {
        REQUIRE_MESSAGE(again, (again ? std::string() : again.error().text()));
        CHECK(again.value()->check().value().empty());
        again = Error{};
        CHECK(open_at(path, false));  // it is told once
      }
      continue;
    }
    Find all;
    all.limit = 1000;
    const auto cases = engine.value()->instances(all);
    REQUIRE(cases);
    // Only what the very last transaction wrote may be gone: nobody can tell its damage from a write that the power cut short.
    if (cases.value().size() == 56)
      ++whole;
    else
      ++last;
    CHECK(cases.value().size() >= 54);
  }
  CHECK(refused > 0);
  fmt::print("{} flips in a log: {} refused, {} without effect, {} in the last transaction\n", flips, refused, whole, last);
}

TEST_CASE("a log that a killed program leaves, whole or torn at its end, is no damage") {
  const Folder folder;
  const auto [file, log] = sample_with_log(folder.file("whole.db"));
  std::mt19937 random(3);
  for (int i = 0; i < 30; ++i) {
    const std::string path = folder.file(fmt::format("torn-{}.db", i));
    write_file(path, file);
    std::string torn = log.substr(0, log.size() - random() % 20'000);
    if (i % 2 == 0) torn.resize(log.size(), '\0');  // the rest was given room, but not written
    write_file(path + "-wal", torn);
    const auto engine = open_at(path, false);
    REQUIRE_MESSAGE(engine, (engine ? std::string() : engine.error().text()));
    CHECK(engine.value()->check().value().empty());
    REQUIRE(engine.value()->start("load", {}));
  }
}

TEST_CASE("what a killed writer wrote and never published is no damage") {
  const Folder folder;
  const std::string old_path = folder.file("old.db"), new_path = folder.file("new.db"), path = folder.file("both.db");
  sample(old_path);
  auto engine = open_at(old_path, false);
  REQUIRE(engine);
  REQUIRE(engine.value()->start("load", {}));
  const std::string file = read_file(old_path), log = read_file(old_path + "-wal");
  // The transaction that is killed: longer than the one that is written over it.
  const std::string long_one = "switchboard: 1\nprocess: long\ndocumentation: " + std::string(400'000, 'x') +
                               "\ncalendar: 24x7@UTC\nnodes:\n  begin: {type: startEvent, next: done}\n  done: {type: endEvent}\n";
  REQUIRE(engine.value()->deploy(long_one, "long.yaml"));
  const std::string old_log = read_file(old_path + "-wal");
  write_file(new_path, file);
  write_file(new_path + "-wal", log);
  auto other = open_at(new_path, false);
  REQUIRE(other);
  const std::string index_before = read_file(new_path + "-shm");
  StartOptions options;
  options.case_no = "after-the-kill";
  REQUIRE(other.value()->start("load", {}, options));
  std::string both = read_file(new_path + "-wal");
  const std::string index = read_file(new_path + "-shm");
  REQUIRE(both.compare(0, log.size(), log) == 0);
  REQUIRE(old_log.size() > both.size() + 20'000);
  both += old_log.substr(both.size());
  write_file(path, file);
  write_file(path + "-wal", both);
  // Without the index nobody can tell this from damage.
  CHECK(open_at(path, false).error().id == "SB0618");
  write_file(path + "-shm", index);
  const auto opened = open_at(path, false);
  REQUIRE_MESSAGE(opened, (opened ? std::string() : opened.error().text()));
  CHECK(opened.value()->check().value().empty());
  Find found;
  found.case_no = options.case_no;
  CHECK(!opened.value()->instances(found).value().empty());
  CHECK(read_file(path + "-wal").size() < both.size());
  // An index whose own bytes are not whole excuses nothing, nor does one that is older than the last transactions.
  const std::string unsound = folder.file("unsound.db"), older = folder.file("older.db");
  std::string changed = index;
  changed[20] = static_cast<char>(changed[20] ^ 0x40);
  for (const auto& [to, shm] : {std::pair{unsound, changed}, std::pair{older, index_before}}) {
    write_file(to, file);
    write_file(to + "-wal", both);
    write_file(to + "-shm", shm);
    CHECK(open_at(to, false).error().id == "SB0618");
  }
}

TEST_CASE("a damaged definition concerns its own cases alone, and the same content deployed again mends it") {
  const Folder folder;
  const std::string path = folder.file("definition.db");
  sample(path);
  constexpr std::string_view other =
      "switchboard: 1\nprocess: other\ncalendar: 24x7@UTC\nnodes:\n  begin: {type: startEvent, message: hello, next: look}\n  look: {type: userTask, "
      "next: done}\n"
      "  done: {type: endEvent}\n";
  std::size_t work = 0;
  {
    const auto engine = open_at(path, false);
    REQUIRE(engine);
    REQUIRE(engine.value()->deploy(other, "other.yaml"));
    work = engine.value()->work({}).value().size();
  }
  {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    REQUIRE(database.exec("UPDATE deployment SET source = source || 'x' WHERE process = 'load'") == 1);
  }
  const auto opened = open_at(path, false);
  REQUIRE(opened);
  Engine& engine = *opened.value();
  REQUIRE(engine.message("hello", "M-1", {}));
  const auto list = engine.work({}).value();
  CHECK(list.size() == work + 1);
  CHECK(std::count_if(list.begin(), list.end(), [](const WorkInfo& w) { return w.damaged.empty(); }) == 1);
  CHECK(engine.clocks({}));
  CHECK(engine.resources());
  CHECK(engine.signal("nobody", {}));
  CHECK(engine.tick(10));
  CHECK_FALSE(engine.check().value().empty());
  REQUIRE(deploy_load(engine));
  CHECK(engine.check().value().empty());
  for (const WorkInfo& w : engine.work({}).value()) CHECK(w.damaged.empty());
}

TEST_CASE("one damaged row of work or of a clock is named, and the others are answered") {
  const Folder folder;
  const std::string path = folder.file("rows.db");
  sample(path);
  std::size_t work = 0, clocks = 0;
  {
    const auto engine = open_at(path, true);
    work = engine.value()->work({}).value().size();
    clocks = engine.value()->clocks({}).value().size();
  }
  {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    REQUIRE(database.exec("UPDATE work SET item = x'00' WHERE (instance, key) = (SELECT instance, key FROM work LIMIT 1)") == 1);
    REQUIRE(database.exec("UPDATE clock SET seal = seal + 1 WHERE (instance, clock, round) = (SELECT instance, clock, round FROM clock LIMIT 1)") ==
            1);
  }
  const auto engine = open_at(path, false);
  REQUIRE(engine);
  const auto all = engine.value()->work({});
  REQUIRE(all);
  CHECK(all.value().size() == work);
  CHECK(std::count_if(all.value().begin(), all.value().end(), [](const WorkInfo& w) { return !w.damaged.empty(); }) == 1);
  const auto rounds = engine.value()->clocks({});
  REQUIRE(rounds);
  CHECK(rounds.value().size() == clocks);
  CHECK(std::count_if(rounds.value().begin(), rounds.value().end(), [](const ClockInfo& c) { return !c.damaged.empty(); }) == 1);
  // What could not be read is null at the doors, and an answer that was handed out is read back.
  for (const ClockInfo& c : rounds.value()) {
    if (c.damaged.empty()) continue;
    const Value written = to_value(c, "UTC");
    CHECK(*written.context()->find("case")->string() == c.case_no);
    CHECK(written.context()->find("due")->is_null());
    CHECK(written.context()->find("state")->is_null());
    const auto read = from_value<ClockInfo>(written);
    REQUIRE(read);
    CHECK(read.value().damaged == c.damaged);
  }
  CHECK(engine.value()->check().value().size() >= 2);
  CHECK(engine.value()->tick(100));
}

TEST_CASE("a damaged case keeps its jobs, and those of the others go out") {
  const Folder folder;
  const std::string path = folder.file("jobs.db");
  sample(path);
  {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    REQUIRE(database.exec("UPDATE instance SET snapshot = x'00' WHERE id = (SELECT min(instance) FROM work WHERE topic = 'work')") == 1);
  }
  const auto engine = open_at(path, false);
  REQUIRE(engine);
  Find open;
  open.topic = "work";
  const std::size_t jobs = engine.value()->work(open).value().size();
  REQUIRE(jobs > 1);
  Fetch fetch;
  fetch.worker = "w";
  fetch.topics = {"work"};
  fetch.most = 100;
  const auto had = engine.value()->fetch(fetch);
  REQUIRE_MESSAGE(had, (had ? std::string() : had.error().text()));
  CHECK(had.value().size() == jobs - 1);
}

TEST_CASE("a history that is shorter than its case is no answer") {
  const Folder folder;
  const std::string path = folder.file("short.db");
  sample(path);
  {
    SQLite::Database database(path, SQLite::OPEN_READWRITE);
    REQUIRE(database.exec("DELETE FROM history WHERE instance = 1 AND first = (SELECT max(first) FROM history WHERE instance = 1)") == 1);
    REQUIRE(database.exec("DELETE FROM history WHERE instance = 3 AND first = 1") == 1);
  }
  const auto engine = open_at(path, true);
  for (const char* id : {"i-1", "i-3"}) {
    const auto history = engine.value()->history(id, 0, 1000);
    REQUIRE_FALSE(history);
    CHECK(history.error().id == "SB0603");
  }
  CHECK(engine.value()->history("i-2", 0, 1000));
}

TEST_CASE("check beside writers finds nothing on a sound file") {
  const Folder folder;
  const std::string path = folder.file("busy.db");
  sample(path);
  std::atomic<bool> done = false;
  std::thread writer([&] {
    const auto engine = open_at(path, false);
    for (int i = 0; !done; ++i) {
      StartOptions options;
      options.case_no = fmt::format("W-{}", i);
      static_cast<void>(engine.value()->start("load", {}, options));
      static_cast<void>(engine.value()->message("paid", options.case_no, Value(Context{{"text", "x"}})));
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  });
  {
    const auto engine = open_at(path, true);
    REQUIRE(engine);
    for (int i = 0; i < 5; ++i) {
      const auto found = engine.value()->check();
      CHECK_MESSAGE((found && found.value().empty()), (found ? fmt::format("{}", fmt::join(found.value(), "\n")) : found.error().text()));
    }
  }
  done = true;
  writer.join();
}

TEST_CASE("a read-only file can be looked at, and refuses commands with a reason") {
  if (::geteuid() == 0) MESSAGE("running as root: file permissions do not hold, only the engine's own refusal is tested");
  const Folder folder;
  const std::string path = folder.file("whole.db");
  sample(path);
  ::chmod(path.c_str(), 0400);
  auto engine = open_at(path, true);
  REQUIRE_MESSAGE(engine, (engine ? std::string() : engine.error().text()));
  CHECK(engine.value()->instances({}).value().size() == 16);
  const auto refused = engine.value()->start("load", {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB0607");
  if (::geteuid() != 0) CHECK_FALSE(open_at(path, false));
}

TEST_CASE("a disk that fills up refuses commands until there is room again") {
  const Folder folder;
  const std::string path = folder.file("full.db");
  sample(path);
  auto engine = open_at(path, false);
  REQUIRE(engine);
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit small = before;
  small.rlim_cur = std::filesystem::file_size(path);
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &small) == 0);
  Error last;
  int started = 0;
  for (; started < 3000; ++started) {
    const auto result = engine.value()->start("load", {});
    if (result) continue;
    last = result.error();
    break;
  }
  const auto still = engine.value()->start("load", {});
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &before) == 0);
  CHECK(last.kind == ErrorKind::storage);
  CHECK_MESSAGE((last.id == "SB0605" || last.id == "SB0608"), last.text());
  CHECK_FALSE(still);
  CHECK(engine.value()->start("load", {}));
  CHECK(engine.value()->check().value().empty());
  const auto count = engine.value()->instances([] {
    Find f;
    f.process = "load";
    f.limit = 10'000;
    return f;
  }());
  CHECK(count.value().size() == 8 + static_cast<std::size_t>(started) + 1);
}

}  // namespace switchboard::testing
