#include "findings.hpp"
#include "notation/load.hpp"

using switchboard::model::Process;
using switchboard::testing::finding;
using switchboard::testing::findings;
using switchboard::testing::node_of;
using switchboard::testing::process_of;
namespace model = switchboard::model;

namespace {

Process simple() { return process_of("s start > a\n a user > e\n e end"); }

model::DataItem data(const std::string& name) {
  model::DataItem d;
  d.name = name;
  return d;
}

}  // namespace

TEST_CASE("SB0440 data that nothing mentions") {
  auto p = simple();
  p.data = {data("shown"), data("written"), data("read"), data("told"), data("keyed"), data("idle")};
  node_of(p.nodes, "a").form = {{"shown", {}}};
  node_of(p.nodes, "a").out = {{"written", {}, {"read + 1", {}}}};
  p.feedback = {{"f", {}, 0, {}, switchboard::testing::completed("a"), {}, {{{"en", "idle text with {{told}}"}}}, {}, {}, {}, {}, ""}};
  p.messages = {{"m", {}, {}, "", {"keyed", {}}, {}}};
  CHECK(findings(p, true) == "SB0440 idle; SB0442 m");
}

TEST_CASE("SB0458 data that only the process sets, and never does") {
  auto p = simple();
  p.data = {data("reported_at")};
  p.data[0].set_by_process = true;
  node_of(p.nodes, "a").due = {"reported_at - now()", {}};
  CHECK(findings(p, true) == "SB0458 reported_at");
  CHECK(finding(p, "SB0458").message == "'reported_at' is set by the process alone, is read, and nothing in the process sets it");
  p.data[0].computed = {"now()", {}};
  CHECK(findings(p, true) == "");
  p.data[0].computed = {};
  node_of(p.nodes, "a").out = {{"reported_at", {}, {"now()", {}}}};
  CHECK(findings(p, true) == "");
  node_of(p.nodes, "a").out.clear();
  p.data[0].required = true;  // a process that calls gives it
  CHECK(findings(p, true) == "");
}

TEST_CASE("SB0441 and SB0442 lanes and declarations") {
  auto p = simple();
  p.lanes = {{"crew", {}, {}, {}}, {"customer", {}, {}, {}}, {"nobody", {}, {}, {}}};
  node_of(p.nodes, "a").lane.name = "crew";
  model::ClockDefinition k;
  k.id = "k";
  k.start = switchboard::testing::completed("s");
  k.stop = switchboard::testing::completed("a");
  k.cancel = switchboard::testing::on_message("withdraw");
  k.pause_in = {{"customer", {}}};
  p.sla = {k};
  p.messages = {{"withdraw", {}, {}, "", {}, {}}, {"other", {}, {}, "", {}, {}}};
  p.signals = {{"storm", {}, {}, "", {}, {}}};
  p.errors = {{"lost", {}, {}, "", {}, {}}};
  p.escalations = {{"late", {}, {}, "", {}, {}}};
  CHECK(findings(p, true) == "SB0441 nobody; SB0442 late; SB0442 lost; SB0442 other; SB0442 storm; SB0457 k");
}

TEST_CASE("SB0446 work in the lane of its sub-process is in a lane") {
  auto p = process_of(R"(
    s start > sub
    sub sub > b {
      s start > a
      a user > e
      e end
    }
    b user > e
    e end
  )");
  p.lanes = {{"crew", {}, {}, {}}};
  node_of(p.nodes, "sub").lane.name = "crew";
  CHECK(findings(p) == "SB0446 b");
}

TEST_CASE("SB0443 feedback that is never given") {
  auto p = simple();
  p.feedback = {{"never", {}, 0, {}, {}, {}, {}, {}, {}, {}, {}, ""}};
  CHECK(findings(p) == "SB0443 never");
}

TEST_CASE("SB0444 escalations that nobody catches, SB0445 those that nobody raises") {
  auto p = process_of(R"(
    s start > t
    t throw:escalation=a > e
    e end
    h esub {
      hs start:escalation=b > he
      he end
    }
  )");
  CHECK(findings(p, true) == "SB0444 t; SB0445 hs");
  node_of(p.nodes, "hs").events[0].name.name = "a";
  CHECK(findings(p, true) == "");
  node_of(p.nodes, "hs").events[0].name.name = "any";
  CHECK(findings(p, true) == "");
  model::ClockDefinition k;
  k.id = "k";
  k.start = switchboard::testing::completed("s");
  k.marks.resize(1);
  k.marks[0].escalate.name = "late";
  p.sla = {k};
  CHECK(findings(p, true) == "");
  node_of(p.nodes, "hs").events[0].name.name = "a";
  CHECK(findings(p, true) == "SB0444 k");
  p.escalations = {{"late", {}, {}, "", {}, {}}};
  CHECK(findings(p, true) == "");
}

TEST_CASE("SB0433 a payload has the fields that are declared") {
  auto p = process_of("s start > t\n t throw:signal=news > e\n e end");
  node_of(p.nodes, "t").in = {{"master", {}, {"1", {}}}, {"progres", {}, {"2", {}}}};
  CHECK(findings(p).empty());
  p.signals = {{"news", {}, {}, "", {}, {{"master", {}}, {"progress", {}}}}};
  CHECK(findings(p) == "SB0433! t");
  CHECK(finding(p, "SB0433").hint == "did you mean 'progress'?");
}

TEST_CASE("SB0446 work for nobody") {
  auto p = simple();
  CHECK(findings(p).empty());
  p.lanes = {{"crew", {}, {}, {}}};
  p.sla.resize(1);
  p.sla[0].id = "k";
  p.sla[0].start = switchboard::testing::completed("s");
  p.sla[0].pause_in = {{"crew", {}}};
  CHECK(findings(p) == "SB0446 a");
  node_of(p.nodes, "a").groups = {"crew"};
  CHECK(findings(p).empty());
}

TEST_CASE("SB0447 a channel that is nearly another one, SB0448 a text that is not translated") {
  auto p = simple();
  const auto told = [](const std::string& id, std::vector<std::string> channels, std::map<std::string, std::string> text) {
    model::FeedbackDefinition f;
    f.id = id;
    f.on = switchboard::testing::completed("a");
    f.channels = std::move(channels);
    f.text.by_language = std::move(text);
    return f;
  };
  const std::map<std::string, std::string> both{{"en", "x"}, {"zh", "y"}};
  p.feedback = {told("f", {"sms", "app"}, both), told("g", {"sms"}, both), told("h", {"smss", "letter"}, both)};
  CHECK(findings(p) == "SB0447 h");
  p.feedback = {told("f", {}, both), told("g", {}, both), told("h", {}, {{"en", "x"}})};
  CHECK(findings(p) == "SB0448 h");
  p.feedback = {told("f", {}, both), told("g", {}, {{"en", "x"}}), told("h", {}, {{"", "x"}})};
  CHECK(findings(p).empty());
}

TEST_CASE("SB0434 what is caught goes to data of the same name") {
  auto p = process_of("s start > c\n c catch:message=m > e\n e end");
  CHECK(findings(p).empty());
  p.messages = {{"m", {}, {}, "", {}, {{"reason", {}}, {"area", {}}}}};
  p.data = {data("reason")};
  CHECK(findings(p) == "SB0434! c");
  p.data = {data("reason"), data("area")};
  CHECK(findings(p).find("SB0434") == std::string::npos);
  p.data = {data("reason")};
  node_of(p.nodes, "c").out = {{"reason", {}, {"area", {}}}};
  CHECK(findings(p).empty());
}

TEST_CASE("SB0440 and SB0434 data of a sub-process, each in its own place") {
  auto p = process_of(R"(
    s start > one
    one sub > two {
      s start > a
      a user > got
      got catch:message=m > e
      e end
    }
    two sub > e {
      s start > b
      b user > e
      e end
    }
    e end
  )");
  p.messages = {{"m", {}, {}, "", {}, {{"note", switchboard::feel::Type()}}}};
  node_of(p.nodes, "one").data = {data("x"), data("note"), data("left")};
  node_of(p.nodes, "one").out = {{"x", {}, {"left", {}}}};
  node_of(p.nodes, "two").data = {data("x")};
  node_of(p.nodes, "a").form = {{"x", {}}, {"note", {}}};
  CHECK(findings(p, true) == "SB0440 two/x");  // that the sibling uses an `x` is no use of this one
  node_of(p.nodes, "b").form = {{"x", {}}};
  CHECK(findings(p, true) == "");
  node_of(p.nodes, "one").data[1].name = "other";
  node_of(p.nodes, "a").form = {{"x", {}}, {"other", {}}};
  CHECK(findings(p).find("SB0434") != std::string::npos);
}

TEST_CASE("SB0442 a name that is used beside it is most likely meant: it is not said to be removed") {
  const auto p = switchboard::notation::load_process(
      "switchboard: 1\nprocess: p\nmessages: {paid: {payload: {n: number}}}\ndata: {n: number}\nnodes:\n"
      "  s: {type: startEvent, message: payed, next: e}\n  e: {type: endEvent}\n",
      "p.yaml");
  REQUIRE(p.value);
  CHECK(findings(*p.value) == "SB0442 paid");  // and nothing of `n`, which the message would fill
  const auto found = finding(*p.value, "SB0442");
  CHECK(found.message == "the message 'paid' is declared and never used, and 'payed' is used and not declared");
  CHECK(found.hint == "write 'paid' where 'payed' stands if it means the same; else declare that one and remove this");
}

TEST_CASE("SB0440 of data that a message fills does not lead to SB0434") {
  const auto text = [](const char* rest) { return std::string("switchboard: 1\nprocess: p\nmessages: {paid: {payload: {n: number}}}\n") + rest; };
  const auto p = switchboard::notation::load_process(
      text("data: {n: number}\nnodes:\n  s: {type: startEvent, message: paid, next: e}\n  e: {type: endEvent}\n"), "p.yaml");
  REQUIRE(p.value);
  CHECK(finding(*p.value, "SB0440").hint == "show it in a form; or remove it, and say with `out:` what is taken of 'paid', which fills it");
  // What is advised is sound.
  const auto mended = switchboard::notation::load_process(
      text("nodes:\n  s: {type: startEvent, message: paid, out: {}, next: e}\n  e: {type: endEvent}\n"), "p.yaml");
  REQUIRE(mended.value);
  CHECK(findings(*mended.value) == "");
}
