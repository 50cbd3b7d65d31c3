// Messages that come early, in a test world: as in the engine (tests/runtime/keeping_test.cpp).
#include <doctest/doctest.h>

#include <string>

#include "notation/load.hpp"
#include "support/small_process.hpp"
#include "testing/world.hpp"

namespace switchboard::testing::kept_messages {

namespace {

Instant at(const char* text) { return *parse_instant(text, "UTC"); }

DefinitionsPtr waiter(const std::string& keep) {
  const std::string text = small::process("waiter", "messages: {word: {payload: {}, keep: " + keep + "}}\n",
                                          "  begin: {type: startEvent, next: work}\n  work: {type: userTask, groups: [crew], next: hear}\n"
                                          "  hear: {type: intermediateCatchEvent, message: word, next: done}\n  done: {type: endEvent}\n");
  const auto loaded = notation::load_process(text, "test.yaml");
  REQUIRE(loaded.value.has_value());
  const model::CompileResult made = model::compile(*loaded.value, {}, text);
  for (const auto& d : made.diagnostics) MESSAGE(d.text());
  REQUIRE(made.process != nullptr);
  auto all = std::make_shared<Definitions>();
  all->processes.emplace(made.process->id, made.process);
  return all;
}

void work(World& world, InstanceKey key) { REQUIRE(world.submit(key, core::CompleteWork{world.find(key)->work.front().key, Context{}, ""})); }

}  // namespace

TEST_CASE("a test may send a message before anybody waits for it") {
  World world(waiter("2 h"), at("2026-03-02T09:00"));
  REQUIRE(world.message("word", "A", Context{}));
  CHECK(world.kept().size() == 1);
  REQUIRE(world.next_instant());
  CHECK(*world.next_instant() == at("2026-03-02T11:00") + Duration::micros(1));  // at its last instant it can still be taken
  const auto key = world.start("waiter", "A", Context{}, "");
  REQUIRE(key);
  work(world, key.value());
  CHECK(core::is_finished(world.find(key.value())->state));
  CHECK(world.kept().empty());
  CHECK(world.told().empty());
}

TEST_CASE("its time ends in the world as it does in the engine") {
  World world(waiter("2 h"), at("2026-03-02T09:00"));
  REQUIRE(world.message("word", "A", Context{}));
  REQUIRE(world.advance_to(at("2026-03-02T10:59")));
  CHECK(world.kept().size() == 1);
  REQUIRE(world.advance_to(at("2026-03-02T11:00")));
  CHECK(world.kept().size() == 1);  // its last instant is in time
  REQUIRE(world.advance_to(at("2026-03-02T11:00") + Duration::micros(1)));
  CHECK(world.kept().empty());
  REQUIRE(world.told().size() == 1);
  CHECK(world.told()[0].kind == Told::Kind::incident);
  CHECK(world.told()[0].name == "SB0518");
  World quiet(waiter("{for: 2 h, then: discard}"), at("2026-03-02T09:00"));
  REQUIRE(quiet.message("word", "A", Context{}));
  REQUIRE(quiet.advance_to(at("2026-03-02T12:00")));
  CHECK(quiet.kept().empty());
  CHECK(quiet.told().empty());
}

TEST_CASE("while who waits for it is suspended, the time of a message stands still in a test, too") {
  World world(waiter("2 h"), at("2026-03-02T09:00"));
  const auto key = world.start("waiter", "A", Context{}, "");
  REQUIRE(key);
  work(world, key.value());
  REQUIRE(world.submit(key.value(), core::SuspendInstance{"audit", "boss"}));
  REQUIRE(world.message("word", "A", Context{}));
  CHECK_FALSE(world.next_instant());
  REQUIRE(world.advance_to(at("2026-03-04T09:00")));
  CHECK(world.kept().size() == 1);
  CHECK(world.told().empty());
  REQUIRE(world.submit(key.value(), core::ResumeInstance{}));
  CHECK(core::is_finished(world.find(key.value())->state));
  CHECK(world.kept().empty());
}

}  // namespace switchboard::testing::kept_messages
