#include "findings.hpp"

using switchboard::model::ClockDefinition;
using switchboard::model::ClockMark;
using switchboard::model::Process;
using switchboard::testing::completed;
using switchboard::testing::finding;
using switchboard::testing::findings;
using switchboard::testing::node_of;
using switchboard::testing::process_of;
namespace model = switchboard::model;

namespace {

ClockDefinition clock(const std::string& id, const std::string& from, const std::string& to, const std::string& within) {
  ClockDefinition k;
  k.id = id;
  k.start = completed(from);
  if (!to.empty()) k.stop = completed(to);
  k.within = {within, {}};
  return k;
}

Process stages() {
  return process_of(R"(
    s start > a
    a user > x
    x xor > b?c d!
    b user > y
    d user > y
    y xor > f
    f user > e
    e end
  )");
}

}  // namespace

TEST_CASE("SB0450 and SB0451 marks that never fire") {
  auto p = stages();
  p.sla = {clock("mean", "s", "f", "45 min"), clock("short", "s", "f", "2 bd"), clock("free", "s", "f", "limits(\"x\")")};
  p.sla[0].mean = true;
  p.sla[0].marks.resize(2);
  p.sla[0].marks[1].kind = ClockMark::Kind::percent;
  p.sla[0].marks[1].percent = 80;
  for (std::size_t i : {1U, 2U}) {
    p.sla[i].marks.resize(3);
    const char* left[] = {"3 bd", "2 bd", "4 h"};
    for (std::size_t m = 0; m < 3; ++m) {
      p.sla[i].marks[m].kind = ClockMark::Kind::left;
      p.sla[i].marks[m].left = left[m];
      p.sla[i].marks[m].text = std::string(left[m]) + " left";
    }
  }
  CHECK(findings(p) == "SB0450 mean; SB0451 short");
  CHECK(finding(p, "SB0451").message == "`3 bd left`: the whole clock runs for 2 bd, so this mark never fires");
}

TEST_CASE("SB0452 and SB0453 clocks that never start, or never stop") {
  auto p = stages();
  p.sla = {clock("idle", "s", "f", "1 h"), clock("backwards", "f", "a", "1 h"), clock("aside", "b", "d", "1 h"), clock("fine", "a", "f", "1 h")};
  p.sla[0].start = {};
  CHECK(findings(p) == "SB0452 idle; SB0453 aside; SB0453 backwards");
  // a message may come from anywhere
  p.sla = {clock("m", "f", "a", "1 h")};
  p.sla[0].stop = switchboard::testing::on_message("done");
  CHECK(findings(p) == "");
}

TEST_CASE("SB0453 sees loops, scopes, boundary events and event sub-processes") {
  auto p = process_of(R"(
    s start > m
    m xor > sub
    sub sub > x {
      s start > work
      work user > e
      late on~ work:timer > chase
      chase user > e
      e end
    }
    x xor > m?again e!
    e end
    h esub {
      hs start:message=m > told
      told user > he
      he end
    }
  )");
  p.sla = {clock("loop", "x", "work", "1 h"), clock("out", "work", "sub", "1 h"), clock("chased", "s", "chase", "1 h"),
           clock("told", "s", "told", "1 h")};
  for (auto& k : p.sla) k.says_once = true;  // the loop itself is another matter: SB0456
  CHECK(findings(p) == "");
  p.sla = {clock("never", "told", "work", "1 h")};
  CHECK(findings(p) == "SB0453 never");
}

TEST_CASE("SB0456 where a clock stops is reached again without it") {
  auto p = process_of(R"(
    s start > report
    report user > arrive
    arrive user > ask
    ask user > x
    x xor > reopen?again e!
    reopen user > arrive
    e end
  )");
  p.sla = {clock("arrival", "report", "arrive", "45 min")};
  const auto found = finding(p, "SB0456");
  CHECK(found.severity == model::Severity::warning);
  CHECK(found.message == "the clock has stopped at 'arrive', and that is reached again without it: arrive > ask > x > reopen > arrive");
  CHECK(found.hint == "write `restart: each`, and let it start on that way; or `restart: once` when the second time is not promised");
  CHECK(found.related == std::vector<std::string>{"arrive", "ask", "x", "reopen", "arrive"});
  // `restart: each` alone helps nobody: nothing on the way starts it
  p.sla[0].restart_each = true;
  CHECK(findings(p) == "SB0456 arrival");
  CHECK(finding(p, "SB0456").hint == "let it start on that way, too; or write `restart: once` when the second time is not promised");
  p.sla[0].start.any.push_back(completed("reopen").any.front());
  CHECK(findings(p) == "");
  // a start on the way counts for nothing when the clock runs once
  p.sla[0].restart_each = false;
  CHECK(findings(p) == "SB0456 arrival");
  p.sla[0].says_once = true;
  CHECK(findings(p) == "");
  // what a message or a condition starts may begin anywhere
  p.sla[0] = clock("m", "report", "arrive", "45 min");
  p.sla[0].restart_each = true;
  p.sla[0].start = switchboard::testing::on_message("again");
  CHECK(findings(p) == "");
  // a reset begins it anew
  p.sla[0] = clock("r", "report", "arrive", "45 min");
  p.sla[0].reset = completed("reopen");
  CHECK(findings(p) == "");
}

TEST_CASE("SB0456 one stop may lead to another: that alone is no second time") {
  auto p = process_of(R"(
    s start > dispatch
    dispatch user > x
    x xor > join?joined arrive!
    join user > y
    y xor > dispatch?separated e!
    arrive user > e
    e end
  )");
  p.sla = {clock("arrival", "s", "arrive", "45 min")};
  CHECK(findings(p) == "");
  p.sla[0].stop.any.push_back(completed("e").any.front());
  CHECK(findings(p) == "");
  p.sla[0].stop.any.push_back(completed("join").any.front());
  CHECK(finding(p, "SB0456").message == "the clock has stopped at 'join', and that is reached again without it: join > y > dispatch > x > join");
}

TEST_CASE("SB0457 a promise that a click keeps") {
  auto p = stages();
  p.sla = {clock("k", "s", "f", "1 h")};
  CHECK(findings(p, true).find("SB0457 k") != std::string::npos);
  CHECK(finding(p, "SB0457").message == "whoever completes 'f' stops this promise, and nothing must be given there");
  p.data.emplace_back().name = "arrived";
  node_of(p.nodes, "f").form = {{"arrived", {}}};
  CHECK(finding(p, "SB0457").rule == "SB0457");
  node_of(p.nodes, "f").form[0].required = true;
  CHECK(finding(p, "SB0457").rule.empty());
  node_of(p.nodes, "f").form[0].required = false;
  node_of(p.nodes, "f").form[0].required_if = {"false", {}};
  CHECK(finding(p, "SB0457").rule == "SB0457");
  p.sla[0].internal = true;
  CHECK(finding(p, "SB0457").rule.empty());
}

TEST_CASE("SB0455 late working days counted by a timer") {
  auto p = process_of(R"(
    s start > a
    a user > e
    e end
    b user > e
  )");
  const auto set = [&p](const std::string& within, const std::string& every) {
    p.sla = {clock("q", "s", "a", within)};
    ClockMark breach;
    breach.escalate = {"late", {}};
    p.sla[0].marks = {breach};
    model::Node caught;
    caught.id = "caught";
    caught.type = model::NodeType::boundary_event;
    caught.events.emplace_back().kind = model::EventKind::escalation;
    caught.events.back().name = {"late", {}};
    caught.interrupting = false;
    caught.next.push_back({{"b", {}}, {}, false, {}});
    model::Node pay = caught;
    pay.id = "pay";
    pay.events[0].kind = model::EventKind::timer;
    pay.events[0].timer.kind = model::TimerDefinition::Kind::every;
    pay.events[0].timer.duration = {every, {}};
    node_of(p.nodes, "a").boundary = {caught};
    node_of(p.nodes, "b").boundary = {pay};
    node_of(p.nodes, "b").boundary[0].next[0].to.name = "e";
  };
  set("3 bd", "1 bd");
  CHECK(finding(p, "SB0455").message ==
        "`1 bd` counted from the breach of 'q', which falls on the midnight behind its last day, leaves out the first working day that is late");
  CHECK(finding(p, "SB0455").hint == "to count late days ask sla(\"q\").late, for example where the work is completed");
  // hours, and promises in real time, are not counted by days
  set("3 bd", "4 h");
  CHECK(findings(p).find("SB0455") == std::string::npos);
  set("45 min", "1 bd");
  CHECK(findings(p).find("SB0455") == std::string::npos);
}

TEST_CASE("SB0454 stages that together exceed the total") {
  auto p = stages();
  p.sla = {clock("total", "s", "", "10 bd"), clock("first", "s", "a", "3 bd"), clock("second", "a", "b", "4 bd"), clock("other", "a", "d", "5 bd"),
           clock("hours", "s", "f", "500 h")};
  node_of(p.nodes, "f").due = {"2 bd", {}};
  CHECK(findings(p) == "");
  node_of(p.nodes, "f").due = {"3 bd", {}};
  CHECK(findings(p) == "SB0454 total");
  CHECK(finding(p, "SB0454").message == "the stages may take 11 bd together (first + other + f), this clock allows 10 bd");
  p.sla[0].within.text = "\"11 bd\"";
  CHECK(findings(p) == "");
  // of two clocks over the same stretch, each is a promise of its own
  p.sla.push_back(clock("strict", "s", "", "9 bd"));
  CHECK(findings(p) == "SB0454 strict");
}
