// Messages that are kept (decision 0076), the same in memory and in a file.
#include <SQLiteCpp/SQLiteCpp.h>
#include <doctest/doctest.h>

#include <functional>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "support.hpp"
#include "support/folder.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::testing::kept_messages {

namespace {

using Outcome = store::KeptEnd::Outcome;
using State = store::KeptRow::State;

void on_each_store(const std::function<void(store::Store&)>& test) {
  SUBCASE("memory") { test(*store::open_memory()); }
  SUBCASE("SQLite") {
    const Folder folder;
    store::SqliteOptions options;
    options.path = folder.file("kept.db");
    options.full_sync = false;
    const auto store = store::open_sqlite(options);
    REQUIRE(store);
    test(*store.value());
  }
}

/// The message that the case of everything_process waits for, whose key is the number of the case.
driver::KeptMessage early(const std::string& key, Duration time = Duration::hours(1)) {
  driver::KeptMessage m;
  m.message = {"paid", key, Value(Context{{"n", 1}})};
  m.arrived = t0;
  m.until = t0 + time;
  return m;
}

std::string keep(store::Store& s, const driver::KeptMessage& m, const std::string& request = {}) {
  store::Change beside;
  beside.keeps = {&m, 1};
  beside.request_id = request;
  beside.at = t0;
  std::size_t at = 0;
  const auto done = s.commit({&beside, 1}, at);
  return done ? std::string() : done.error().id;
}

std::string end(store::Store& s, const store::KeptEnd& one) {
  store::Change beside;
  beside.kept_ends = {&one, 1};
  beside.at = t0;
  std::size_t at = 0;
  const auto done = s.commit({&beside, 1}, at);
  return done ? std::string() : done.error().id;
}

void note_offered(store::Store& s, std::uint64_t id, std::uint64_t calls) {
  const store::KeptOffer offer{id, calls};
  store::Change beside;
  beside.kept_offered = {&offer, 1};
  beside.at = t0;
  std::size_t at = 0;
  REQUIRE(s.commit({&beside, 1}, at));
}

std::vector<std::uint64_t> ids(const Result<std::vector<store::KeptRow>>& rows) {
  REQUIRE(rows);
  std::vector<std::uint64_t> all;
  for (const store::KeptRow& row : rows.value()) all.push_back(row.message.id);
  return all;
}

using Ids = std::vector<std::uint64_t>;

store::Query only(const std::function<void(store::Query&)>& say) {
  store::Query q;
  say(q);
  return q;
}

}  // namespace

TEST_CASE("what is kept is called for when it comes, and again whenever a subscription that it may be for opens") {
  on_each_store([](store::Store& s) {
    CHECK_FALSE(s.take_kept_called());
    CHECK(keep(s, early("C-1")).empty());
    CHECK(keep(s, early("C-2")).empty());
    CHECK(s.take_kept_called());
    CHECK_FALSE(s.take_kept_called());
    CHECK(ids(s.kept_called(0, 10)) == Ids{1, 2});
    CHECK(ids(s.kept_called(1, 10)) == Ids{2});
    note_offered(s, 1, 1);
    note_offered(s, 2, 1);
    CHECK(ids(s.kept_called(0, 10)).empty());
    Stepper stepper(s);
    REQUIRE(stepper.start("C-2"));
    CHECK(s.take_kept_called());
    CHECK(ids(s.kept_called(0, 10)) == Ids{2});
    note_offered(s, 2, 1);  // that was the call before
    CHECK(ids(s.kept_called(0, 10)) == Ids{2});
    note_offered(s, 2, 2);
    CHECK(ids(s.kept_called(0, 10)).empty());
  });
}

TEST_CASE("a case that is resumed calls again; one that is suspended calls for nothing") {
  on_each_store([](store::Store& s) {
    Stepper stepper(s);
    const auto key = stepper.start("C-1");
    REQUIRE(key);
    REQUIRE(stepper.command(key.value(), core::SuspendInstance{"audit", "boss"}));
    CHECK(keep(s, early("C-1")).empty());
    note_offered(s, 1, 1);
    CHECK(ids(s.kept_called(0, 10)).empty());
    REQUIRE(stepper.command(key.value(), core::ResumeInstance{"boss"}));
    CHECK(ids(s.kept_called(0, 10)) == Ids{1});
  });
}

TEST_CASE("the end of a case calls for what may begin the next one of its number") {
  on_each_store([](store::Store& s) {
    Stepper stepper(s);
    const auto key = stepper.start("C-1");
    REQUIRE(key);
    driver::KeptMessage starts = early("C-1");
    starts.message.name = "order";
    starts.may_start = true;
    CHECK(keep(s, starts).empty());
    driver::KeptMessage waits = early("C-1");
    waits.message.name = "order";
    CHECK(keep(s, waits).empty());
    note_offered(s, 1, 1);
    note_offered(s, 2, 1);
    REQUIRE(stepper.command(key.value(), core::CancelInstance{"no", "boss"}));
    CHECK(ids(s.kept_called(0, 10)) == Ids{1});
  });
}

TEST_CASE("of many with one key the oldest alone is called for, and the next when that is gone") {
  on_each_store([](store::Store& s) {
    for (std::uint64_t i = 1; i <= 3; ++i) {
      CHECK(keep(s, early("C-1")).empty());
      note_offered(s, i, 1);
    }
    Stepper stepper(s);
    REQUIRE(stepper.start("C-1"));
    CHECK(ids(s.kept_called(0, 10)) == Ids{1});
    CHECK(end(s, {1}).empty());
    CHECK(ids(s.kept_called(0, 10)) == Ids{2});
  });
}

TEST_CASE("each ends once: taken, over, an incident that is kept again or dropped") {
  on_each_store([](store::Store& s) {
    for (int i = 0; i < 4; ++i) CHECK(keep(s, early("C-1", Duration::hours(4 - i)), "r-" + std::to_string(i)).empty());
    CHECK(keep(s, early("C-1"), "r-0") == "SB0612");
    const auto first = s.first_kept({"paid", "C-1", {}}, false, t0);
    REQUIRE(first);
    REQUIRE(first.value());
    CHECK(first.value()->message.id == 1);
    CHECK(first.value()->request_id == "r-0");
    CHECK(to_json(first.value()->message.message.payload) == R"({"n":1})");
    CHECK_FALSE(s.first_kept({"paid", "C-1", {}}, true, t0).value());
    CHECK_FALSE(s.first_kept({"paid", "C-1", {}}, false, t0 + Duration::days(1)).value());
    const Duration moment = Duration::micros(1);  // at its last instant it is not over
    CHECK(s.next_kept_due().value() == t0 + Duration::hours(1) + moment);
    CHECK(ids(s.kept_due(t0 + Duration::hours(2) + moment, 10)) == Ids{4, 3});
    CHECK(ids(s.kept_due(t0 + Duration::hours(2), 10)) == Ids{4});
    CHECK(end(s, {1}).empty());
    CHECK(end(s, {1}) == "SB0519");
    CHECK(end(s, {2, Outcome::over, {}, {}, {}}).empty());
    CHECK(end(s, {3, Outcome::again, {}, {}, t0}) == "SB0519");
    CHECK(end(s, {3, Outcome::incident, "SB0518", "nobody came", {}}).empty());
    CHECK(end(s, {3, Outcome::over, {}, {}, {}}) == "SB0519");
    CHECK(ids(s.kept(only([](store::Query& q) { q.with_incidents = true; }))) == Ids{3});
    CHECK(end(s, {3, Outcome::again, {}, {}, t0 + Duration::days(2)}).empty());
    CHECK(ids(s.kept_called(0, 10)) == Ids{3, 4});  // 4 has not been offered since it came
    CHECK(end(s, {4, Outcome::dropped, {}, "dropped by boss", {}}).empty());
    CHECK(end(s, {4, Outcome::dropped, {}, {}, {}}) == "SB0519");
    CHECK(ids(s.kept(only([](store::Query& q) { q.open_only = true; }))) == Ids{3});
    CHECK(ids(s.kept(only([](store::Query& q) { q.state = "dropped"; }))) == Ids{4});
    CHECK(s.next_kept_due().value() == t0 + Duration::days(2) + moment);
    CHECK(end(s, {3, Outcome::retimed, {}, {}, driver::no_end}).empty());
    CHECK_FALSE(s.next_kept_due().value());
    CHECK(ids(s.kept_due(t0 + Duration::days(10'000), 10)).empty());
    std::vector<std::string> lines;
    REQUIRE(s.check([](std::string_view) { return nullptr; }, [&](const std::string& line) { lines.push_back(line); }));
    CHECK(lines.empty());
    REQUIRE(s.prune(t0 + Duration::micros(1)));
    CHECK(ids(s.kept({})) == Ids{3});
    CHECK(s.answer_of("r-2").value().has_value());  // of the one that is still kept
    CHECK_FALSE(s.answer_of("r-0").value().has_value());
  });
}

TEST_CASE("what two changes of one transaction end is ended by the first alone") {
  on_each_store([](store::Store& s) {
    CHECK(keep(s, early("C-1")).empty());
    const store::KeptEnd one{1};
    std::vector<store::Change> both(2);
    for (store::Change& c : both) {
      c.kept_ends = {&one, 1};
      c.at = t0;
    }
    std::size_t at = 9;
    const auto done = s.commit(both, at);
    REQUIRE_FALSE(done);
    CHECK(done.error().id == "SB0519");
    CHECK(at == 1);
    CHECK(ids(s.kept({})) == Ids{1});
  });
}

TEST_CASE("a row that is not what was written is named, and takes no other with it") {
  const Folder folder;
  store::SqliteOptions options;
  options.path = folder.file("kept.db");
  {
    const auto store = store::open_sqlite(options);
    REQUIRE(store);
    for (int i = 0; i < 2; ++i) CHECK(keep(*store.value(), early("C-1")).empty());
  }
  SQLite::Database(options.path, SQLite::OPEN_READWRITE).exec("UPDATE kept_message SET until = until + 1 WHERE id = 1");
  const auto store = store::open_sqlite(options);
  REQUIRE(store);
  const auto rows = store.value()->kept({});
  REQUIRE(rows);
  REQUIRE(rows.value().size() == 2);
  CHECK_FALSE(rows.value()[0].damage.empty());
  CHECK(rows.value()[1].damage.empty());
  std::vector<std::string> lines;
  REQUIRE(store.value()->check([](std::string_view) { return nullptr; }, [&](const std::string& line) { lines.push_back(line); }));
  CHECK(lines.size() == 1);
}

}  // namespace switchboard::testing::kept_messages
