#include "findings.hpp"

using switchboard::testing::finding;
using switchboard::testing::findings;
using switchboard::testing::node_of;
using switchboard::testing::process_of;

TEST_CASE("SB0414 loops that never wait and never change") {
  CHECK(findings("s start > a\n a task > x\n x xor > a?again e!\n e end") == "SB0414! x");
  const auto d = finding(process_of("s start > a\n a task > x\n x xor > a?again e!\n e end"), "SB0414");
  CHECK(d.related == std::vector<std::string>{"a", "x"});
  // A task of a person, a worker, a message or a timer waits; a sub-process may.
  for (const char* waits : {"user", "service", "catch:timer", "catch:message=m"})
    CHECK(findings(std::string("s start > a\n a ") + waits + " > x\n x xor > a?again e!\n e end").empty());
  // Where nothing else changes what the way out asks for, it never opens.
  auto p = process_of("s start > a\n a script > x\n x xor > a?n<3 e!\n e end");
  CHECK(findings(p) == "SB0414! x");
  node_of(p.nodes, "a").set = {{"n", {}, {"n + 1", {}}}};
  CHECK(findings(p).empty());
  node_of(p.nodes, "a").set = {{"other", {}, {"n + 1", {}}}};
  CHECK(findings(p) == "SB0414! x");
  // A clock may stop on the way round.
  node_of(p.nodes, "x").next[0].condition.text = "sla(\"k\").breached";
  CHECK(findings(p).empty());
}

TEST_CASE("SB0414 a timer of no time is no wait") {
  const auto loop = [](const std::string& after) {
    auto p = process_of("s start > a\n a catch:timer > x\n x xor > a?again e!\n e end");
    node_of(p.nodes, "a").events.front().timer.duration.text = after;
    return findings(p);
  };
  for (const char* none : {"0 s", "0 bd", "duration(\"PT0S\")", "\"0 min\"", "duration(\"P0M\")"}) CHECK_MESSAGE(loop(none) == "SB0414! x", none);
  for (const char* waits : {"1 s", "1 bd", "duration(\"PT1S\")", "\"1 min\""}) CHECK_MESSAGE(loop(waits).empty(), waits);
}
