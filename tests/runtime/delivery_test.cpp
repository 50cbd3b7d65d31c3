// Who gets a message or a signal when several could, when one is suspended, when many come at once, and when somebody refuses.
#include <fmt/format.h>

#include <thread>

#include "support.hpp"

namespace switchboard::testing {

namespace {

constexpr std::string_view waiter = R"(
switchboard: 1
process: waiter
data: {n: {type: number, max: 5}}
messages: {word: {key: '"same"', payload: {n: any}}}
signals: {storm: {payload: {n: any}}}
nodes:
  s: {type: startEvent, next: before}
  before: {type: userTask, next: fork}
  fork: {type: parallelGateway, next: [w, a]}
  w: {type: intermediateCatchEvent, message: word, out: {n: n}, next: took}
  took: {type: userTask, next: e}
  a: {type: intermediateCatchEvent, signal: storm, out: {n: n}, next: wet}
  wet: {type: userTask, next: e}
  e: {type: endEvent}
)";

constexpr std::string_view thrower = R"(
switchboard: 1
process: thrower
data: {n: {type: number, default: 1}}
messages: {word: {key: '"same"', payload: {n: any}}}
nodes:
  s: {type: startEvent, next: t}
  t: {type: intermediateThrowEvent, message: word, in: {n: n}, next: u}
  u: {type: userTask, next: e}
  e: {type: endEvent}
)";

constexpr std::string_view shouter = R"(
switchboard: 1
process: shouter
data: {n: {type: number, default: 1}}
signals: {storm: {payload: {n: any}}}
nodes:
  s: {type: startEvent, next: t}
  t: {type: intermediateThrowEvent, signal: storm, in: {n: n}, next: u}
  u: {type: userTask, next: e}
  e: {type: endEvent}
)";

/// Requires what the signal does not bring.
constexpr std::string_view demanding = R"(
switchboard: 1
process: demanding
data: {must: {type: string, required: true}}
nodes:
  s: {type: startEvent, signal: storm, out: {}, next: u}
  u: {type: userTask, next: e}
  e: {type: endEvent}
)";

/// Starts by the message, then takes more of it.
constexpr std::string_view counter = R"(
switchboard: 1
process: counter
data: {n: {type: number, default: 0}}
nodes:
  s: {type: startEvent, message: tap, next: w}
  w: {type: intermediateCatchEvent, message: tap, next: add}
  add: {type: scriptTask, set: {n: n + 1}, next: enough}
  enough: {type: exclusiveGateway, next: [{if: n > 1000, to: e}, {else: w}]}
  e: {type: endEvent}
)";

void deploy(World& w, std::initializer_list<std::string_view> texts) {
  for (const std::string_view text : texts) must(w.engine().deploy(text, "p.yaml"));
}

std::vector<std::string> incidents(World& w) {
  std::vector<std::string> texts;
  for (const OutboxInfo& o : must(w.engine().outbox({})))
    if (o.kind == OutboxKind::incident) texts.push_back(fmt::format("{}: {}", o.case_no, to_json(o.body)));
  return texts;
}

bool has(const std::vector<std::string>& texts, std::string_view a, std::string_view b) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](const std::string& t) { return t.find(a) != std::string::npos && t.find(b) != std::string::npos; });
}

}  // namespace

TEST_CASE("a message that several wait for goes to the one who waits longest, not to the smallest key inside") {
  on_both_stores([](World& w) {
    deploy(w, {waiter});
    // The first case comes to its wait last: started first, and with more keys used up, it is no nearer to the message.
    w.start("waiter", "FIRST");
    w.start("waiter", "SECOND");
    w.start("waiter", "THIRD");
    for (const char* number : {"SECOND", "THIRD", "FIRST"}) {
      w.now = w.now + Duration::minutes(1);
      if (std::string_view(number) == "SECOND") {  // uses keys up before it waits
        const WorkId work = w.work(number, "before");
        must(w.engine().claim(work, {.by = "me"}));
        must(w.engine().release(work, {.by = "me"}));
      }
      w.complete(number, "before");
    }
    w.reopen();
    for (const char* number : {"SECOND", "THIRD", "FIRST"}) CHECK(must(w.engine().message("word", "same", {})).case_no == number);
    CHECK(error_of(w.engine().message("word", "same", {})) == "SB0506");
  });
}

TEST_CASE("a message thrown to a suspended case is kept for it; it is not for anybody outside") {
  on_both_stores([](World& w) {
    deploy(w, {waiter, thrower});
    const CaseInfo info = w.start("waiter", "W");
    w.complete("W", "before");
    must(w.engine().suspend(info.instance, "strike", {.by = "me"}));
    w.start("thrower", "T");
    CHECK(w.told("message").empty());
    const auto refused = w.engine().message("word", "same", {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().id == "SB0506");
    CHECK(refused.error().message.find("suspended") != std::string::npos);
    w.advance(Duration::minutes(1));
    w.reopen();
    CHECK(w.told("message").empty());
    must(w.engine().resume(info.instance, {.by = "me"}));
    CHECK(w.at("W") == "a, took");
    CHECK(w.data("W", "n") == Value(1));
    w.advance(Duration::minutes(1));
    CHECK(w.told("message").empty());
  });
}

TEST_CASE("a message that its receiver refuses is told as an incident, not sent to anybody outside") {
  on_both_stores([](World& w) {
    deploy(w, {waiter, thrower});
    w.start("waiter", "W");
    w.complete("W", "before");
    w.start("thrower", "T", Context{{"n", 9}});  // n is at most 5
    CHECK(w.told("message").empty());
    CHECK(has(incidents(w), "T: ", "message 'word' with key 'same' was refused"));
    CHECK(w.at("W") == "a, w");
    CHECK(w.at("T") == "u");
  });
}

TEST_CASE("messages that come at once with a new key: one starts the case, the others are delivered to it") {
  World w(true);
  deploy(w, {counter});
  constexpr int many = 8;
  for (int round = 0; round < 10; ++round) {
    const std::string key = fmt::format("K-{}", round);
    std::vector<std::string> errors(many);
    std::vector<std::thread> threads;
    for (int i = 0; i < many; ++i) {
      std::string& error = errors[static_cast<std::size_t>(i)];
      threads.emplace_back([&w, &key, &error] { error = error_of(w.engine().message("tap", key, {})); });
    }
    for (std::thread& t : threads) t.join();
    CHECK(errors == std::vector<std::string>(many));
    CHECK(w.data(key, "n") == Value(many - 1));
  }
  CHECK(w.violations() == "");
}

TEST_CASE("a signal: those that moved are counted, those that refused are told, suspended ones among them; an error means that nothing changed") {
  on_both_stores([](World& w) {
    deploy(w, {waiter, demanding});
    const auto alone = w.engine().signal("storm", {});
    REQUIRE_FALSE(alone);
    CHECK(alone.error().message.find("'must'") != std::string::npos);
    CHECK(incidents(w).empty());
    for (const char* number : {"OPEN", "HELD"}) {
      w.start("waiter", number);
      w.complete(number, "before");
    }
    must(w.engine().suspend(w.find("HELD").instance, "strike", {.by = "me"}));
    CHECK(must(w.engine().signal("storm", Context{{"n", 1}})) == 1);
    CHECK(w.at("OPEN") == "w, wet");
    CHECK(has(incidents(w), "HELD: ", "suspended"));
    CHECK(has(incidents(w), "demanding", "'must'"));
    // A second time is another time: it is told again.
    const std::size_t before = incidents(w).size();
    w.now = w.now + Duration::minutes(1);
    CHECK(must(w.engine().signal("storm", Context{{"n", 1}})) == 0);
    CHECK(incidents(w).size() == before + 2);
  });
}

TEST_CASE("a thrown signal that a start event refuses, a receiver refuses and a suspended case misses is told three times; its thrower goes on") {
  on_both_stores([](World& w) {
    deploy(w, {waiter, shouter, demanding});
    for (const char* number : {"FITS-NOT", "HELD"}) {
      w.start("waiter", number);
      w.complete(number, "before");
    }
    must(w.engine().suspend(w.find("HELD").instance, "strike", {.by = "me"}));
    w.start("shouter", "S", Context{{"n", 9}});
    CHECK(w.at("S") == "u");
    CHECK(w.at("FITS-NOT") == "a, w");
    CHECK(has(incidents(w), "FITS-NOT: ", "SB0501"));
    CHECK(has(incidents(w), "HELD: ", "suspended"));
    CHECK(has(incidents(w), "demanding", "'must'"));
    CHECK(incidents(w).size() == 3);
    w.advance(Duration::minutes(1));
    CHECK(incidents(w).size() == 3);
  });
}

TEST_CASE("a thrown message that starts a case which cannot start is an incident, and nothing goes outside") {
  on_both_stores([](World& w) {
    deploy(w, {thrower,
               "switchboard: 1\nprocess: begun\nnodes:\n  s: {type: startEvent, message: word, out: {}, next: u}\n  u: {type: userTask, next: e}\n"
               "  e: {type: endEvent}\n"});
    w.start("thrower", "T-1");
    w.start("thrower", "T-2");  // the same key: the case of the first is open
    CHECK(w.told("message").empty());
    CHECK(has(incidents(w), "T-2: ", "SB0507"));
    CHECK(incidents(w).size() == 1);
  });
}

TEST_CASE("ticks side by side count a timer start once") {
  World w(true);
  deploy(w, {"switchboard: 1\nprocess: clockwork\nnodes:\n  s: {type: startEvent, timer: {every: 1 min}, next: e}\n  e: {type: endEvent}\n"});
  std::size_t counted = 0;
  for (int round = 0; round < 20; ++round) {
    w.now = w.now + Duration::minutes(1);
    const auto other = w.another();
    std::vector<std::size_t> fired(4);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < fired.size(); ++i) {
      std::size_t& mine = fired[i];
      Engine& engine = i % 2 == 0 ? w.engine() : *other;
      threads.emplace_back([&engine, &mine] {
        if (const auto report = engine.tick(100)) mine = report.value().timers;
      });
    }
    for (std::thread& t : threads) t.join();
    for (const std::size_t n : fired) counted += n;
  }
  Find f;
  f.process = "clockwork";
  CHECK(must(w.engine().instances(f)).size() == 20);
  CHECK(counted == 20);
}

}  // namespace switchboard::testing
