// The contract of store.hpp, held by every store.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>
#include <set>
#include <thread>

#include "support.hpp"

namespace switchboard::testing {

namespace {

/// Runs `test` on a fresh store of every kind. `again` opens the same store once more (for memory: it is the same one).
void on_every_store(const std::function<void(store::Store&)>& test) {
  SUBCASE("memory") { test(*store::open_memory()); }
  SUBCASE("SQLite") {
    const Folder folder;
    store::SqliteOptions options;
    options.path = folder.file("contract.db");
    options.full_sync = false;
    auto store = store::open_sqlite(options);
    REQUIRE_MESSAGE(store, (store ? std::string() : store.error().text()));
    test(*store.value());
  }
}

template <class T>
T must(Result<T> r) {
  REQUIRE_MESSAGE(r, (r ? std::string() : r.error().text()));
  return std::move(r).value();
}
void must(Result<void> r) { REQUIRE_MESSAGE(r, (r ? std::string() : r.error().text())); }

std::size_t outbox_count(store::Store& s, const std::string& kind) {
  store::Query q;
  q.kind = kind;
  return must(s.outbox(q)).size();
}

}  // namespace

TEST_CASE("a case that was committed is loaded as it was, with its history and all its rows") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto key = must(cases.start("R-1"));
    const auto loaded = must(s.load(key));
    REQUIRE(loaded);
    CHECK(loaded->version == 1);
    CHECK(loaded->instance.case_no == "R-1");
    CHECK(loaded->instance.customer == "1001");

    core::ProcessInstance replayed;
    const auto history = must(s.history(key, 0, 1000));
    for (const store::HistoryRow& row : history) core::evolve(replayed, row.event);
    CHECK(replayed == loaded->instance);
    for (const store::HistoryRow& row : history) CHECK(row.definition == cases.process->hash);
    CHECK(must(s.history(key, 3, 2)).front().event.sequence == 4);
    CHECK(must(s.history(key, 3, 2)).size() == 2);
    CHECK(must(s.history(key, history.size(), 10)).empty());

    store::Query of_case;
    of_case.case_no = "R-1";
    CHECK(must(s.work(of_case)).size() == 2);
    CHECK(must(s.clocks(of_case)).size() == 1);
    CHECK(must(s.clocks(of_case)).front().holders == std::vector<std::string>{"billing", "chiefs", "clerks"});
    for (const store::WorkRow& row : must(s.work(of_case))) CHECK(row.work == *loaded->instance.find(row.work.key));
    CHECK(must(s.instances(of_case)).front().stage == "somewhere");
    CHECK(must(s.waiting(core::SubscriptionKind::message, "paid", "R-1")).size() == 1);
    CHECK(must(s.waiting(core::SubscriptionKind::message, "paid", "R-2")).empty());
    CHECK(must(s.waiting(core::SubscriptionKind::signal, "go", std::nullopt)).size() == 1);
    CHECK(outbox_count(s, "feedback") == 1);
    const auto errands = must(s.errands(store::ErrandKind::waiting, std::nullopt, 10)).errands;
    REQUIRE(errands.size() == 1);
    CHECK(std::holds_alternative<core::StartCall>(errands[0].effect));
    CHECK(cases.check() == std::vector<std::string>{});
    CHECK_FALSE(must(s.load({4711})));
  });
}

TEST_CASE("due rows come in order and go with what they were for") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto a = must(cases.start());
    const auto b = must(cases.start());
    const auto all = must(s.due(t0 + Duration::days(2), std::nullopt, 100));
    REQUIRE(all.size() == 4);
    CHECK(std::is_sorted(all.begin(), all.end()));
    CHECK(all[0].instance == a);
    CHECK(all[1].instance == b);
    CHECK(all[0].kind == store::DueRow::Kind::timer);
    CHECK(all[2].kind == store::DueRow::Kind::mark);
    CHECK(must(s.due(t0 + Duration::minutes(30), std::nullopt, 100)).empty());
    CHECK(must(s.due(t0 + Duration::days(2), std::nullopt, 3)).size() == 3);
    CHECK(must(s.due(t0 + Duration::days(2), all[1], 100)).front() == all[2]);
    CHECK(must(s.next_due()) == t0 + Duration::hours(1));

    must(cases.command(a, core::FireTimer{{all[0].key}, all[0].due}, all[0].due));
    CHECK(must(s.due(t0 + Duration::days(2), std::nullopt, 100)).size() == 3);
    must(cases.command(a, core::FireMark{{0}, 1, 0, t0 + Duration::hours(12)}, t0 + Duration::hours(12)));
    const auto later = must(s.due(t0 + Duration::days(2), std::nullopt, 100));
    REQUIRE(later.size() == 3);
    CHECK(later.back().instance == a);
    CHECK(later.back().mark == 1);
    CHECK(outbox_count(s, "feedback") == 3);
    // Exactly due is in time: the breach comes with the first instant after it.
    must(cases.command(a, core::FireMark{{0}, 1, 1, t0 + Duration::hours(24)}, t0 + Duration::hours(24) + Duration::micros(1)));
    CHECK(outbox_count(s, "escalation") == 1);
    store::Query breached;
    breached.instance = a;
    CHECK(must(s.clocks(breached)).front().ledger.breached);
    CHECK(cases.check() == std::vector<std::string>{});
  });
}

TEST_CASE("a stale version, a known request and a taken number refuse the whole batch") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto a = must(cases.start("A", "first"));
    const auto b = must(cases.start("B"));
    CHECK(must(s.answer_of("first")) == "answer to first");
    CHECK_FALSE(must(s.answer_of("second")));

    const auto batch = [&](std::uint64_t version_of_b, const std::string& request) {
      std::vector<std::unique_ptr<Prepared>> all;
      auto loaded_a = must(s.load(a));
      auto loaded_b = must(s.load(b));
      all.push_back(prepare(*cases.process, loaded_a, {"", t0, core::ClaimWork{cases.work_of(a, "bill"), "w", {}, t0 + minute}}));
      all.push_back(prepare(*cases.process, loaded_b, {request, t0, core::ClaimWork{cases.work_of(b, "bill"), "w", {}, t0 + minute}}));
      all.back()->change.expected_version = version_of_b;
      std::size_t at = 77;
      const auto result = commit_all(s, all, at);
      return std::pair(result ? std::string() : result.error().id, at);
    };
    CHECK(batch(7, "") == std::pair(std::string(store::stale_version), std::size_t{1}));
    CHECK(batch(1, "first") == std::pair(std::string(store::known_request), std::size_t{1}));
    CHECK(must(s.load(a))->version == 1);
    CHECK(must(s.due(t0 + minute, std::nullopt, 10)).empty());

    const auto taken = cases.start("A");
    REQUIRE_FALSE(taken);
    CHECK(taken.error().id == store::case_taken);
    CHECK(taken.error().kind == ErrorKind::conflict);

    CHECK(batch(1, "third").first.empty());
    CHECK(must(s.load(a))->version == 2);
    CHECK(must(s.due(t0 + minute, std::nullopt, 10)).size() == 2);  // the leases
    must(cases.command(a, core::CancelInstance{"over", "me"}));
    CHECK(cases.start("A").has_value());
    CHECK(cases.check() == std::vector<std::string>{});
  });
}

TEST_CASE("an ended case leaves no row that waits, but its clocks and its history") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto key = must(cases.start("A"));
    must(cases.command(key, core::CancelInstance{"over", "me"}, t0 + minute));
    CHECK(must(s.due(Instant::max(), std::nullopt, 10)).empty());
    CHECK(must(s.work({})).empty());
    CHECK(must(s.waiting(core::SubscriptionKind::message, "paid", "A")).empty());
    const auto clocks = must(s.clocks({}));
    REQUIRE(clocks.size() == 1);
    CHECK(clocks[0].ledger.state == sla::ClockState::cancelled);
    store::Query open;
    open.open_only = true;
    CHECK(must(s.instances(open)).empty());
    CHECK(must(s.clocks(open)).empty());
    CHECK(must(s.instances({})).front().ended == t0 + minute);
    CHECK(cases.check() == std::vector<std::string>{});
  });
}

TEST_CASE("a suspended case is not reached by time or messages; resumed it is") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto key = must(cases.start("A"));
    must(cases.command(key, core::SuspendInstance{"strike", "me"}));
    CHECK(must(s.due(Instant::max(), std::nullopt, 10)).empty());
    CHECK(must(s.waiting(core::SubscriptionKind::message, "paid", "A")).empty());
    store::Query q;
    q.state = "suspended";
    CHECK(must(s.work(q)).size() == 2);
    CHECK(must(s.instances(q)).size() == 1);
    CHECK(cases.check() == std::vector<std::string>{});
    must(cases.command(key, core::ResumeInstance{"me"}, t0 + minute));
    CHECK(must(s.due(Instant::max(), std::nullopt, 10)).size() == 2);
    CHECK(must(s.waiting(core::SubscriptionKind::message, "paid", "A")).size() == 1);
    CHECK(must(s.work(q)).empty());
    CHECK(cases.check() == std::vector<std::string>{});
  });
}

TEST_CASE("work is found by group, person, topic, state, case and customer") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto a = must(cases.start("A"));
    must(cases.start("B"));
    const auto count = [&](auto set) {
      store::Query q;
      set(q);
      return must(s.work(q)).size();
    };
    CHECK(count([](store::Query&) {}) == 4);
    CHECK(count([](store::Query& q) { q.group = "clerks"; }) == 2);
    CHECK(count([](store::Query& q) { q.group = "chiefs", q.case_no = "A"; }) == 1);
    CHECK(count([](store::Query& q) { q.group = "nobody"; }) == 0);
    CHECK(count([](store::Query& q) { q.topic = "billing"; }) == 2);
    CHECK(count([](store::Query& q) { q.topic = "billing", q.state = "offered"; }) == 2);
    CHECK(count([&](store::Query& q) { q.topic = "billing", q.after = a.value; }) == 1);
    CHECK(count([](store::Query& q) { q.customer = "1001"; }) == 4);
    CHECK(count([](store::Query& q) { q.customer = "1002"; }) == 0);
    CHECK(count([](store::Query& q) { q.process = "everything", q.limit = 1; }) == 2);  // a page ends with a whole case
    CHECK(count([&](store::Query& q) { q.instance = a; }) == 2);
    must(cases.command(a, core::ClaimWork{cases.work_of(a, "approve"), "wang", std::vector<std::string>{"clerks"}, std::nullopt, 0}));
    must(cases.command(a, core::ClaimWork{cases.work_of(a, "bill"), "robot", {}, t0 + minute, 0}));
    CHECK(count([](store::Query& q) { q.assignee = "wang"; }) == 1);
    CHECK(count([](store::Query& q) { q.topic = "billing", q.state = "offered"; }) == 1);
    CHECK(count([](store::Query& q) { q.state = "claimed"; }) == 2);
    CHECK(must(s.due(t0 + minute, std::nullopt, 10)).front().kind == store::DueRow::Kind::lease);
    must(cases.command(a, core::FailWork{cases.work_of(a, "bill"), "no line", "", {}, "robot"}));
    CHECK(must(s.due(t0 + minute, std::nullopt, 10)).front().kind == store::DueRow::Kind::retry);
    must(cases.command(a, core::CompleteWork{cases.work_of(a, "approve"), {}, "wang"}));
    CHECK(count([](store::Query& q) { q.group = "clerks"; }) == 1);
    CHECK(cases.check() == std::vector<std::string>{});
  });
}

TEST_CASE("a change that was prepared is the same as one that was not") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto key = must(cases.start("A"));
    const auto commit = [&](core::Command command) {
      const auto change = prepare(*cases.process, must(s.load(key)), command);
      const auto prepared = s.prepare(change->change);
      change->change.prepared = prepared.get();
      std::size_t at = 0;
      return s.commit({&change->change, 1}, at);
    };
    must(commit({"r-1", t0, core::ClaimWork{cases.work_of(key, "approve"), "wang", std::vector<std::string>{"clerks"}, std::nullopt, 0}}));
    CHECK(commit({"r-1", t0, core::SetData{Value(Context{{"customer_no", "7"}}), "b"}}).error().id == store::known_request);
    must(commit({"r-2", t0, core::CompleteWork{cases.work_of(key, "approve"), {}, "wang"}}));
    CHECK(must(s.load(key))->version == 3);
    CHECK(must(s.answer_of("r-2")) == "answer to r-2");
    CHECK(cases.check() == std::vector<std::string>{});
  });
}

TEST_CASE("a history knows the definition that each of its entries was written under") {
  on_every_store([](store::Store& s) {
    Stepper first(s);
    const auto key = must(first.start("A"));
    const std::uint64_t events = first.instance(key).sequence;
    // Another definition takes the case over; no command does that yet, so it is only said of the change.
    const Stepper second(s, everything_process("2"));
    REQUIRE(second.process->hash != first.process->hash);
    const auto change = prepare(*first.process, must(s.load(key)), {"", t0, core::SetData{Value(Context{{"customer_no", "7"}}), "b"}});
    change->change.process = second.process.get();
    std::size_t at = 0;
    must(s.commit({&change->change, 1}, at));
    const auto history = must(s.history(key, 0, 1000));
    REQUIRE(history.size() > events);
    for (const store::HistoryRow& row : history) CHECK(row.definition == (row.event.sequence <= events ? first : second).process->hash);
  });
}

TEST_CASE("the outbox keeps each record once, and pages") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    must(cases.start());
    must(cases.start());
    store::OutboxRow extra = must(s.outbox({})).front();
    extra.key = "i-1/message-1";
    extra.kind = store::OutboxRow::Kind::message;
    store::Change beside;
    beside.outbox = {&extra, 1};
    std::size_t at = 0;
    must(s.commit({&beside, 1}, at));
    must(s.commit({&beside, 1}, at));
    const auto rows = must(s.outbox({}));
    REQUIRE(rows.size() == 3);
    CHECK(rows[0].id < rows[1].id);
    CHECK(rows[0].body == extra.body);
    CHECK(rows[0].customer == "1001");
    store::Query rest;
    rest.after = rows[0].id;
    CHECK(must(s.outbox(rest)).size() == 2);
    // Attempts, lanes and leases: outbox_test.cpp.
    store::OutboxTake take;
    take.now = t0;
    take.lease_until = t0 + minute;
    const auto taken = must(s.outbox_turn(nullptr, &take)).row;
    REQUIRE(taken);
    const store::OutboxAnswer told{taken->id, taken->token, store::OutboxAnswer::Outcome::delivered, t0 + minute, {}, {}};
    CHECK_FALSE(must(s.outbox_turn(&told, nullptr)).late);
    store::Query open;
    open.open_only = true;
    CHECK(must(s.outbox(open)).size() == 2);
    CHECK(must(s.outbox({})).front().attempts == 1);
    CHECK(must(s.outbox({})).front().delivered == t0 + minute);
    const store::OutboxAnswer unknown{99, 1, store::OutboxAnswer::Outcome::delivered, t0, {}, {}};
    CHECK(must(s.outbox_turn(&unknown, nullptr)).late);
  });
}

TEST_CASE("errands stay until they are done; answers may be replaced by who gave them") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto a = must(cases.start("A", "ask"));
    must(cases.start());
    const auto errands = must(s.errands(store::ErrandKind::waiting, std::nullopt, 10)).errands;
    REQUIRE(errands.size() == 2);
    CHECK(errands[0].key.instance == a);
    CHECK(must(s.errands(store::ErrandKind::waiting, errands[0].key, 10)).errands.size() == 1);
    store::Change done;
    done.errands_done = {&errands[0].key, 1};
    done.request_id = "ask";
    done.answer = "better";
    std::size_t at = 0;
    CHECK(s.commit({&done, 1}, at).error().id == store::known_request);
    done.replaces_answer = true;
    must(s.commit({&done, 1}, at));
    CHECK(must(s.answer_of("ask")) == "better");
    CHECK(must(s.errands(store::ErrandKind::waiting, std::nullopt, 10)).errands.size() == 1);
  });
}

TEST_CASE("deployments are numbered per process, known by their hash, and counted") {
  on_every_store([](store::Store& s) {
    const auto before = must(s.definitions_generation());
    const auto put = [&](const std::string& process, const std::string& hash) {
      store::Deployment d;
      d.process = process;
      d.hash = hash;
      d.source = "text " + hash;
      d.library = "{}";
      d.deployed = t0;
      return must(s.put_deployment(d)).number;
    };
    CHECK(put("b", "h1") == 1);
    CHECK(put("b", "h2") == 2);
    CHECK(put("a", "h3") == 1);
    CHECK(put("b", "h2") == 2);
    CHECK(must(s.definitions_generation()) == before + 3);
    CHECK(put("b", "h1") == 3);  // the older one is to be the latest again
    CHECK(must(s.definitions_generation()) == before + 4);
    const auto all = must(s.deployments());
    REQUIRE(all.size() == 3);
    CHECK(all[0].process == "a");
    CHECK(all[2].hash == "h1");
    CHECK(all[2].source.empty());
    CHECK(must(s.deployment("h2"))->source == "text h2");
    CHECK_FALSE(must(s.deployment("h9")));
    must(s.put_resource({"calendar", "cn", "cn.yaml", "old", t0}));
    must(s.put_resource({"calendar", "cn", "cn.yaml", "new", t0}));
    CHECK(must(s.resources()) == std::vector<store::Resource>{{"calendar", "cn", "cn.yaml", "new", t0}});
    CHECK(must(s.definitions_generation()) == before + 6);
  });
}

TEST_CASE("cases that a changed calendar passed over are kept with it until each is settled") {
  on_every_store([](store::Store& s) {
    using Keys = std::vector<store::InstanceKey>;
    store::CalendarChange change{"cn", t0, "old", false, {}, false};
    must(s.put_resource({"calendar", "cn", "cn.yaml", "new", t0}, &change));
    change = must(s.calendar_changes()).front();
    CHECK_FALSE(change.through);
    change.done = {7};
    must(s.note_calendar_change(change, Keys{{3}, {5}}, {}));
    change.through = true;
    must(s.note_calendar_change(change, Keys{{9}}, {}));
    CHECK(must(s.calendar_changes()) == std::vector{change});
    CHECK(must(s.passed_over(change, {}, 10)) == Keys{{3}, {5}, {9}});
    CHECK(must(s.passed_over(change, {3}, 1)) == Keys{{5}});
    must(s.note_calendar_change(change, {}, Keys{{3}, {9}}));
    CHECK(must(s.passed_over(change, {}, 10)) == Keys{{5}});
    CHECK(must(s.calendar_changes()).size() == 1);
    must(s.note_calendar_change(change, {}, Keys{{5}}));
    CHECK(must(s.calendar_changes()).empty());
    CHECK(must(s.passed_over(change, {}, 10)).empty());
  });
}

TEST_CASE("a due row that proved stale is put right, unless the case has moved on") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto key = must(cases.start());
    const auto rows = must(s.due(Instant::max(), std::nullopt, 10));
    const core::ProcessInstance present = cases.instance(key);
    must(s.reindex(rows[0], cases.process.get(), &present, 1));
    CHECK(must(s.due(Instant::max(), std::nullopt, 10)) == rows);
    must(s.reindex(rows[0], nullptr, nullptr, 2));
    CHECK(must(s.due(Instant::max(), std::nullopt, 10)) == rows);
    must(s.reindex(rows[0], nullptr, nullptr, 1));
    CHECK(must(s.due(Instant::max(), std::nullopt, 10)).empty());
    CHECK_FALSE(cases.check().empty());
    must(s.reindex(rows[0], cases.process.get(), &present, 1));
    CHECK(must(s.due(Instant::max(), std::nullopt, 10)) == rows);
    CHECK(cases.check() == std::vector<std::string>{});
  });
}

TEST_CASE("many readers beside one writer see whole commits only") {
  on_every_store([](store::Store& s) {
    Stepper cases(s);
    const auto key = must(cases.start());
    std::atomic<bool> over = false;
    std::atomic<int> bad = 0;
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
      readers.emplace_back([&] {
        while (!over) {
          const auto loaded = s.load(key);
          const auto work = s.work({});
          if (!loaded || !loaded.value() || !work || work.value().empty()) ++bad;
        }
      });
    }
    for (int i = 0; i < 100; ++i) {
      must(cases.command(key, core::ClaimWork{cases.work_of(key, "bill"), "w", {}, t0 + minute}));
      must(cases.command(key, core::ReleaseWork{cases.work_of(key, "bill"), "w"}));
    }
    over = true;
    for (std::thread& t : readers) t.join();
    CHECK(bad == 0);
    CHECK(must(s.load(key))->version == 201);
    CHECK(cases.check() == std::vector<std::string>{});
  });
}

}  // namespace switchboard::testing
