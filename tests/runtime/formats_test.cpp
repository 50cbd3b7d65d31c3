// Databases of former releases are opened, brought forward without loss, and their cases go on to their end.
//
// golden/form-1.db.gz was written by the release before form 2 (schema 3): started cases of all shipped processes and an overlay, and cases with
// claimed work, a job under a lease and one in retry, running, paused and ended clocks, timers, subscriptions, an errand of a suspended caller,
// incidents, delivered and waiting outbox records, answers, and a timer start event. golden/form-1.facts is what that release said of it.
// golden/form-3.db.gz was written before form 4: H-1 with a clock that its process holds (days), one that is late (open) and a promise to an instant
// (fixed); H-2, the same, is completed.
// golden/schema-8.db.gz was written before the outbox had lanes: N-1 and N-2 of customer 9001, N-3 of 9002, N-4 of none, each with a feedback
// `welcome`, an escalation `answer-late` and a feedback `late` that waits for 08:00 of the next day; of N-3 the first two are delivered, of N-1 tried
// twice in vain.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "golden/facts.hpp"
#include "support.hpp"

namespace switchboard::testing {

namespace {

constexpr Instant written{t0 + Duration::minutes(3 + 60 * 26)};

template <class T>
T got(Result<T> result) {
  REQUIRE_MESSAGE(result, (result ? std::string() : result.error().text()));
  return std::move(result).value();
}

std::string golden(const std::string& name) { return std::string(SWITCHBOARD_SOURCE_DIR) + "/tests/runtime/golden/" + name; }

std::vector<std::string> lines_of(const std::string& path) {
  std::ifstream in(path);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

class OldDatabase {
 public:
  explicit OldDatabase(const std::string& name = "form-1.db.gz", Instant since = written) : now(since) {
    const std::string unpack = fmt::format("gzip -dc '{}' > '{}'", golden(name), path());
    REQUIRE(std::system(unpack.c_str()) == 0);
  }
  [[nodiscard]] std::string path() const { return folder_.file("old.db"); }
  [[nodiscard]] Result<std::unique_ptr<Engine>> open(bool read_only = false) {
    EngineOptions options;
    options.database = path();
    options.full_sync = false;
    options.read_only = read_only;
    options.clock = [this] { return now; };
    return Engine::open(options);
  }

  Instant now;

 private:
  Folder folder_;
};

void no_violations(Engine& engine) {
  const auto found = got(engine.check());
  CHECK_MESSAGE(found.empty(), fmt::format("{}", fmt::join(found, "\n")));
}

/// Completes every open work of `element` in cases of this number, whatever the case.
int complete(Engine& engine, const std::string& case_no, const std::string& element, const Value& result = {}) {
  Find find;
  find.case_no = case_no;
  int done = 0;
  for (const WorkInfo& w : got(engine.work(find))) {
    if (w.node != element && !w.node.ends_with("/" + element)) continue;
    got(engine.complete(w.work, result, {.by = "wang"}));
    ++done;
  }
  return done;
}

CaseState state_of(Engine& engine, const std::string& case_no) {
  Find find;
  find.case_no = case_no;
  find.roots_only = true;
  return got(engine.instances(find)).front().state;
}

std::string places_of(Engine& engine, const std::string& case_no) {
  Find find;
  find.case_no = case_no;
  find.roots_only = true;
  return fmt::format("{}", fmt::join(got(engine.instances(find)).front().at, ", "));
}

/// What is left of a case of process `golden`.
void finish_golden(Engine& engine, OldDatabase& file, const std::string& case_no, const std::string& customer) {
  complete(engine, case_no, "approve", Value(Context{{"note", "yes"}}));
  complete(engine, case_no, "rate-it", Value(Context{{"rate", 3}}));
  got(engine.message("payment", customer, Value(Context{})));
  for (const char* topic : {"prices", "sms"})
    got(engine.work_off(
        topic, [](const Job&) { return JobResult::ok(); }, 10));
  // Two days, and what a suspended case had left of them when it was resumed.
  file.now = std::max(file.now, t0 + Duration::minutes(60 * 24 * 4));
  got(engine.tick(1000));
  if (state_of(engine, case_no) == CaseState::active) got(engine.signal("all-clear", {}));
}

}  // namespace

TEST_CASE("a database of form 1 is refused to readers until a writer has brought it forward") {
  OldDatabase file;
  CHECK(error_of(file.open(true)) == "SB0614");
  got(file.open());
  CHECK(error_of(file.open(true)).empty());
}

TEST_CASE("a database of form 1 is brought forward without loss") {
  OldDatabase file;
  const auto expected = lines_of(golden("form-1.facts"));
  REQUIRE(expected.size() == 718);
  for (int round = 0; round < 2; ++round) {  // as it is brought forward, and once it is
    const auto engine = got(file.open());
    no_violations(*engine);
    const auto facts = facts_of(*engine, [](auto result) { return got(std::move(result)); });
    REQUIRE(facts.size() == expected.size());
    for (std::size_t i = 0; i < facts.size(); ++i) CHECK(facts[i] == expected[i]);
  }
}

TEST_CASE("a repeated request of form 1 gets the answer that it got then") {
  OldDatabase file;
  const auto engine = got(file.open());
  StartOptions again;
  again.case_no = "G-1";
  const Caller same{.request_id = "start-G-1"};
  CHECK(got(engine->start("golden", Value(Context{}), again, same)).instance == "i-10");
  CHECK(error_of(engine->start("golden", Value(Context{{"amount", 99}}), again, same)) == "SB0546");
  CHECK(got(engine->suspend("i-14", "checking", {.by = "boss", .request_id = "suspend-3"})).state == CaseState::suspended);
}

TEST_CASE("cases of form 1 go on to their end") {
  OldDatabase file;
  const auto engine = got(file.open());
  // The lease of the job that somebody took and died over runs out; what waits for a retry is tried again.
  file.now = written + Duration::minutes(60);
  got(engine->tick(1000));
  // The suspended caller gets the answer that came while it was suspended.
  got(engine->resume("i-14", {.by = "boss"}));
  CHECK(to_json(got(engine->data("i-14"))).find("\"rate\":4") != std::string::npos);
  got(engine->message_to_case("go-on", "G-1", {}));
  Find of_broken;
  of_broken.instance = "i-18";
  got(engine->resolve(got(engine->incidents(of_broken)).front().incident, Value(Context{{"more", 1}}), {.by = "boss"}));
  CHECK(state_of(*engine, "B-1") == CaseState::completed);
  finish_golden(*engine, file, "G-1", "9001");
  finish_golden(*engine, file, "G-3", "9003");
  for (const char* case_no : {"G-1", "G-2", "G-3"})
    CHECK_MESSAGE(state_of(*engine, case_no) == CaseState::completed, fmt::format("{} is at {}", case_no, places_of(*engine, case_no)));
  no_violations(*engine);

  // A shipped process by its own way.
  REQUIRE(complete(*engine, "R-1", "accept-order", Value(Context{{"order_returned", false}})) == 1);
  complete(*engine, "R-1", "arrive");
  complete(*engine, "R-1", "diagnose", Value(Context{{"fault_cause", "fuse"}, {"internal_fault", false}}));
  complete(*engine, "R-1", "estimate", Value(Context{{"estimated_restoration", "2026-03-04T11:00:00"}}));
  complete(*engine, "R-1", "clear-fault", Value(Context{{"handling", "new fuse"}}));
  REQUIRE(complete(*engine, "R-1", "restore") == 1);

  // Everybody else is cancelled; the nightly start goes on.
  Find open;
  open.open_only = true;
  open.roots_only = true;
  for (const CaseInfo& c : got(engine->instances(open))) got(engine->cancel(c.instance, "over", {.by = "boss"}));
  CHECK(got(engine->instances(open)).empty());
  no_violations(*engine);
  file.now = file.now + Duration::minutes(60 * 24);
  got(engine->tick(1000));
  CHECK(got(engine->instances(open)).size() >= 1);
  no_violations(*engine);
}

TEST_CASE("clocks of form 3 are read, and an operator changes them") {
  OldDatabase file("form-3.db.gz", Instant{t0 + Duration::hours(10)});
  const auto engine = got(file.open());
  no_violations(*engine);
  const auto clock = [&](const char* case_no, const char* id) {
    Find find;
    find.case_no = case_no;
    find.clock = id;
    return got(engine->clocks(find)).front();
  };
  const ClockInfo days = clock("H-1", "days");
  CHECK(to_string(days.state) == "paused");
  CHECK(days.changes.is_null());
  CHECK(clock("H-2", "days").changes.is_null());
  const Caller li{.by = "li"};
  got(engine->change_clock(days.instance, "days", ClockChange::extend, "2 bd", "typhoon", li));
  got(engine->change_clock(days.instance, "days", ClockChange::pause, "", "site closed", li));
  got(engine->change_clock(days.instance, "days", ClockChange::resume, "", "site open", li));
  got(engine->change_clock(days.instance, "fixed", ClockChange::extend, "2 h", "typhoon", li));
  CHECK(error_of(engine->change_clock(days.instance, "open", ClockChange::extend, "2 bh", "typhoon", li)) == "SB0513");
  CHECK(error_of(engine->change_clock(days.instance, "days", ClockChange::extend, "2 xx", "typhoon", li)) == "SB0301");
  const ClockInfo now = clock("H-1", "days");
  CHECK(to_string(now.state) == "paused");  // its process holds it
  CHECK(now.due > days.due);
  CHECK(now.original_due == days.original_due);
  CHECK(now.changes.list()->size() == 3);
  CHECK(clock("H-1", "fixed").due == clock("H-1", "fixed").original_due + Duration::hours(2));
  no_violations(*engine);
}

TEST_CASE("what waited to be told before there were lanes is told after, in order") {
  constexpr Instant evening{t0 + Duration::hours(13) + Duration::minutes(25)};  // 22:25 in Shanghai
  OldDatabase file("schema-8.db.gz", evening);
  const auto engine = got(file.open());
  no_violations(*engine);
  std::vector<std::string> lines;
  for (const OutboxInfo& o : got(engine->outbox({}))) {
    lines.push_back(fmt::format("{} {} {} {}", o.case_no, o.name, to_string(o.state), o.attempts));
    CHECK(o.next_try.has_value() == (o.state == OutboxState::waiting));
    CHECK((o.next_try > evening) == (o.name == "late"));
  }
  CHECK(lines == std::vector<std::string>{"N-1 welcome waiting 2", "N-2 welcome waiting 0", "N-3 welcome delivered 1", "N-4 welcome waiting 0",
                                          "N-1 late waiting 0", "N-1 answer-late waiting 2", "N-2 late waiting 0", "N-2 answer-late waiting 0",
                                          "N-3 late waiting 0", "N-3 answer-late delivered 1", "N-4 late waiting 0", "N-4 answer-late waiting 0"});
  std::vector<std::string> told;
  const auto adapter = [&](const OutboxInfo& o) -> std::string {
    if (o.case_no == "N-1" && o.attempts < 4) return "no signal";
    told.push_back(o.case_no + " " + o.name);
    return {};
  };
  CHECK(got(engine->deliver(adapter, 100)) == 2);
  CHECK(told == std::vector<std::string>{"N-4 welcome", "N-4 answer-late"});
  told.clear();
  file.now = evening + Duration::minutes(4);  // two, and as long again, after the third attempt
  CHECK(got(engine->deliver(adapter, 100)) == 4);
  CHECK(told == std::vector<std::string>{"N-1 welcome", "N-2 welcome", "N-1 answer-late", "N-2 answer-late"});
  told.clear();
  file.now = t0 + Duration::hours(23);  // 08:00
  const auto all = [&](const OutboxInfo& o) {
    told.push_back(o.case_no + " " + o.name);
    return std::string();
  };
  CHECK(got(engine->deliver(all, 100)) == 4);
  CHECK(told == std::vector<std::string>{"N-1 late", "N-2 late", "N-3 late", "N-4 late"});
  no_violations(*engine);
}

}  // namespace switchboard::testing
