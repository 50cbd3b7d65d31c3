// Sizes, texts and clocks that are out of bounds: one case, one command or one program is refused, and nobody else notices.
#include <doctest/doctest.h>

#include <string>

#include "runtime/instance_cache.hpp"
#include "support.hpp"
#include "switchboard/value/value.hpp"

namespace switchboard::testing {

namespace {

constexpr std::size_t mega = 1u << 20;

std::string text_of(std::size_t bytes) { return std::string(bytes, 'x'); }

/// 30 levels of a list that has the one below twice: small in memory, 2^30 texts when it is written.
Value doubled() {
  Value v("twice");
  for (int i = 0; i < 30; ++i) v = Value(List{v, v});
  return v;
}

constexpr const char* grower = R"(
switchboard: 1
process: grower
data: {a: string, b: string, c: string, d: string, e: string, l: list<string>}
nodes:
  begin: {type: startEvent, next: hold}
  hold: {type: userTask, groups: [crew], next: done}
  done: {type: endEvent}
)";

/// A text doubled until it has 4 MB, and then a list of it, `k` times.
constexpr const char* poison = R"(
switchboard: 1
process: poison
data: {a: {type: string, default: "0123456789abcdef"}, i: {type: number, default: 0}, k: {type: number, default: 1000}, l: list<string>}
nodes:
  s: {type: startEvent, next: m}
  m: {type: exclusiveGateway, next: x}
  x: {type: scriptTask, set: {a: a + a, i: i + 1}, next: g}
  g: {type: exclusiveGateway, next: [{if: i < 18, to: m}, {else: w}]}
  w: {type: intermediateCatchEvent, timer: {after: 1 min}, next: y}
  y: {type: scriptTask, set: {l: 'for j in 1..k return a'}, next: u}
  u: {type: userTask, next: e}
  e: {type: endEvent}
)";

constexpr const char* sound = R"(
switchboard: 1
process: sound
nodes:
  s: {type: startEvent, next: w}
  w: {type: intermediateCatchEvent, timer: {after: 2 min}, next: u}
  u: {type: userTask, next: e}
  e: {type: endEvent}
)";

}  // namespace

TEST_CASE("what a script makes too large is an incident of its case, and the timers of others fire") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(poison, "poison.yaml"));
    must(w.engine().deploy(sound, "sound.yaml"));
    w.start("poison", "BIG");
    for (const char* number : {"OK1", "OK2", "OK3"}) w.start("sound", number);
    w.advance(Duration::minutes(5));
    for (const char* number : {"OK1", "OK2", "OK3"}) CHECK(w.at(number) == "u");
    // 1,000 texts of 4 MB are not made: the token rests at `y`, its data as they were.
    CHECK(w.at("BIG") == "y");
    CHECK(w.data("BIG", "l").is_null());
    const auto open = must(w.engine().incidents({}));
    REQUIRE(open.size() == 1);
    CHECK(open[0].rule == "SB0520");
    CHECK(open[0].message.find("SB0232") != std::string::npos);
    // Four of them fit into 16 MB only without the rest: three do.
    must(w.engine().resolve(open[0].incident, context({{"k", 3}})));
    CHECK(w.at("BIG") == "u");
    CHECK(w.data("BIG", "l").list()->size() == 3);
  });
}

TEST_CASE("values of more than 16 MB are refused at every command that takes one") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(grower, "grower.yaml"));
    w.deploy({"receiver"});
    const Value large = context({{"a", text_of(40 * mega)}});
    const Value shared = context({{"a", doubled()}});
    w.start("grower", "G");
    w.start("receiver", "R-1");
    const WorkId work = w.work("G", "hold");
    for (const Value& v : {large, shared}) {
      for (const char* id : {"", "again"}) {
        const Caller me{.request_id = id};
        CHECK(error_of(w.engine().start("grower", v, {}, me)) == "SB0512");
        CHECK(error_of(w.engine().complete(work, v, me)) == "SB0512");
        CHECK(error_of(w.engine().set_data(w.find("G").instance, v, me)) == "SB0512");
        CHECK(error_of(w.engine().message("ping", "R-1", v, me)) == "SB0512");
        CHECK(error_of(w.engine().message_to_case("ping", "R-1", v, me)) == "SB0512");
        CHECK(error_of(w.engine().signal("alarm", v, me)) == "SB0512");
      }
    }
    CHECK(must(w.engine().instances({})).size() == 2);
    CHECK(w.at("G") == "hold");
    // What fits is taken: 15 MB.
    must(w.engine().set_data(w.find("G").instance, context({{"a", text_of(15 * mega)}})));
    CHECK(w.data("G", "a").string()->size() == 15 * mega);
  });
}

TEST_CASE("a case that grows by small steps meets its bound, and can be made smaller, held and ended") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(grower, "grower.yaml"));
    w.start("grower", "G");
    const InstanceId id = w.find("G").instance;
    for (const char* name : {"a", "b", "c", "d"}) must(w.engine().set_data(id, context({{name, text_of(15 * mega)}})));
    // 60 MB and 15 MB are more than 64 MB: refused, and the case is as it was.
    const auto refused = w.engine().set_data(id, context({{"e", text_of(15 * mega)}}));
    CHECK(error_of(refused) == "SB0512");
    CHECK(w.data("G", "e").is_null());
    must(w.engine().suspend(id, "too large"));
    must(w.engine().resume(id));
    must(w.engine().set_data(id, context({{"a", "small"}})));
    must(w.engine().set_data(id, context({{"e", text_of(15 * mega)}})));
    must(w.engine().cancel(id, "no more"));
    CHECK(w.at("G") == "cancelled");
  });
}

TEST_CASE("a loop that writes much in one step is parked before the events of the step are larger than 64 MB and one value") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(R"(
switchboard: 1
process: churn
data: {a: string, b: {type: string, default: ""}, i: {type: number, default: 0}}
nodes:
  s: {type: startEvent, next: m}
  m: {type: exclusiveGateway, next: x}
  x: {type: scriptTask, set: {i: i + 1, b: a + string(i)}, next: g}
  g: {type: exclusiveGateway, next: [{if: i < 1000, to: m}, {else: e}]}
  e: {type: endEvent}
)",
                           "churn.yaml"));
    w.start("churn", "C", context({{"a", text_of(10 * mega)}}));
    // The start has 10 MB and each round 10 MB more: the sixth goes beyond 64 MB, and the token rests before the next.
    const auto open = must(w.engine().incidents({}));
    REQUIRE(open.size() == 1);
    CHECK(open[0].rule == "SB0525");
    CHECK(w.data("C", "i") == Value(6));
    must(w.engine().cancel(w.find("C").instance, "enough"));
    CHECK(w.at("C") == "cancelled");
  });
}

TEST_CASE("texts obey one rule at the door, and what is refused changes nothing") {
  on_both_stores([](World& w) {
    must(w.engine().deploy(grower, "grower.yaml"));
    w.start("grower", "G");
    const InstanceId id = w.find("G").instance;
    const WorkId work = w.work("G", "hold");
    Engine& e = w.engine();
    const std::vector<std::string> wrong{"bad\xff", "a\nb", std::string("zero\0byte", 9), "\x1b[2J", "\xc2\x85", text_of(201)};
    for (const std::string& text : wrong) {
      CHECK(error_of(e.start("grower", {}, {.case_no = text})) == "SB0560");
      CHECK(error_of(e.start("grower", {}, {}, {.request_id = text})) == "SB0560");
      CHECK(error_of(e.claim(work, {.by = text})) == "SB0560");
      CHECK(error_of(e.complete(work, {}, {.by = "li", .groups = {{text}}})) == "SB0560");
      CHECK(error_of(e.message("ping", text, {})) == "SB0560");
      CHECK(error_of(e.message_to_case("ping", text, {})) == "SB0560");
      CHECK(error_of(e.signal(text, {})) == "SB0560");
      CHECK(error_of(e.fail(work, {"no", text})) == "SB0560");
      CHECK(error_of(e.fetch({.worker = text, .topics = {"t"}})) == "SB0560");
    }
    CHECK(error_of(e.cancel(id, "bad\xff")) == "SB0560");
    CHECK(error_of(e.cancel(id, text_of(4'001))) == "SB0560");
    CHECK(error_of(e.suspend(id, "\x1b[2J")) == "SB0560");
    CHECK(error_of(e.set_data(id, context({{"a", "bad\xff"}}))) == "SB0501");
    CHECK(must(e.instances({})).size() == 1);
    // The longest that fit, in any script; prose may have lines.
    const std::string longest = text_of(200);
    CHECK(must(e.start("grower", {}, {.case_no = longest})).case_no == longest);
    CHECK(must(e.start("grower", {}, {.case_no = "工单 7/1"})).case_no == "工单 7/1");
    must(e.cancel(id, "one line\nand\tanother"));
  });
}

TEST_CASE("a clock that jumps by more than a year is refused unless it is forced") {
  Folder folder;
  Instant now = t0;
  EngineOptions options;
  options.database = folder.file("jump.db");
  options.clock = [&now] { return now; };
  const auto year = Duration::days(366);
  {
    auto engine = must(Engine::open(options));
    must(engine->deploy(sound, "sound.yaml"));
    must(engine->start("sound", {}, {.case_no = "S"}));
    now = t0 + year + Duration::hours(2);
    const auto jumped = engine->tick(10);
    CHECK(error_of(jumped) == "SB0559");
    CHECK(jumped.error().message.find("2026-03-02") != std::string::npos);
    CHECK(error_of(engine->start("sound", {}, {.case_no = "T"})) == "SB0559");
    // Questions may be asked about any instant.
    CHECK(must(engine->instances({})).size() == 1);
    // Up to the span it is time that has passed.
    now = t0 + year - Duration::hours(1);
    CHECK(must(engine->tick(10)).timers == 1);
  }
  // What was committed counts, also for who opens later: a year after the first instant is no jump any more.
  now = t0 + year + Duration::hours(2);
  CHECK(error_of(must(Engine::open(options))->start("sound", {}, {.case_no = "T"})) == "");
  now = now + year + year;
  CHECK(error_of(must(Engine::open(options))->tick(10)) == "SB0559");
  options.force_clock = true;
  CHECK(error_of(must(Engine::open(options))->tick(10)) == "");
  options.force_clock = false;
  CHECK(error_of(must(Engine::open(options))->tick(10)) == "");
}

TEST_CASE("the cache holds so many bytes, and always the one that came last") {
  runtime::InstanceCache cache(4096, 64 * mega);
  for (std::uint64_t i = 1; i <= 600; ++i) {
    auto instance = std::make_shared<core::ProcessInstance>();
    instance->key = {i};
    instance->data = {Value(text_of(mega))};
    cache.put({instance, 1, nullptr, false});
    CHECK(cache.bytes() <= 64 * mega);
    CHECK(cache.find({i}));
  }
  CHECK(cache.bytes() > 32 * mega);
  auto huge = std::make_shared<core::ProcessInstance>();
  huge->key = {1'000};
  huge->data = {Value(text_of(60 * mega))};
  cache.put({huge, 1, nullptr, false});
  CHECK(cache.find({1'000}));
  CHECK_FALSE(cache.find({600}));
  cache.drop({1'000});
  CHECK(cache.bytes() == 0);
}

}  // namespace switchboard::testing
