#include "compiled.hpp"

using namespace switchboard;
using testing::compiled;
using testing::completed;
using testing::problems;
using testing::process_of;
using Kind = feel::Type::Kind;

namespace {

model::Process repair() {
  auto p = process_of(R"(
    s start > arrive
    arrive user > fix
    withdrawn on arrive:message=withdraw > e
    fix user > docs
    docs receive > e
    e end
  )");
  p.data = {testing::data("area", Kind::string), testing::data("on_hold", Kind::boolean)};
  p.lanes = {{"crew", {}, {}, {}}, {"customer", {}, {}, {}}};
  testing::node_of(p.nodes, "arrive").lane.name = "crew";
  testing::node_of(p.nodes, "docs").lane.name = "customer";
  return p;
}

model::ClockDefinition clock(const std::string& id, const std::string& within) {
  model::ClockDefinition k;
  k.id = id;
  k.within = {within, {}};
  k.start = completed("s");
  k.stop = completed("fix");
  return k;
}

std::string actions(const model::ExecutableProcess& p, const model::Reactions& r) {
  constexpr std::array<std::string_view, 6> words{"start", "stop", "cancel", "reset", "pause", "resume"};
  std::string out;
  for (const auto& c : r.clocks)
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", words[static_cast<std::size_t>(c.action)], p.clocks[c.clock.value].id);
  for (const auto f : r.feedback) out += fmt::format("{}tell {}", out.empty() ? "" : ", ", p.feedback[f.value].id);
  return out;
}

const model::Element& at(const model::ExecutableProcess& p, std::string_view id) { return p.at(p.find_element(id)); }

}  // namespace

TEST_CASE("triggers are filed under what causes them, stop before start, cancel before pause") {
  auto p = repair();
  p.sla = {clock("first", "1 h"), clock("second", "2 h")};
  p.sla[1].start = completed("fix");
  p.sla[1].stop = {};
  p.sla[1].pause_on = testing::on_message("hold");
  p.sla[1].resume_on = testing::on_message("go-on");
  p.sla[0].cancel = testing::on_message("hold");
  p.sla[0].start.any.push_back({model::Trigger::Kind::entered, {"fix", {}}, {}});
  const auto c = compiled(p);
  CHECK(actions(*c, at(*c, "s").completed) == "start first");
  CHECK(actions(*c, at(*c, "fix").completed) == "stop first, start second");
  CHECK(actions(*c, at(*c, "fix").entered) == "start first");
  REQUIRE(c->message_reactions("hold") != nullptr);
  CHECK(actions(*c, *c->message_reactions("hold")) == "cancel first, pause second");
  CHECK(actions(*c, *c->message_reactions("go-on")) == "resume second");
  CHECK(c->message_reactions("nothing") == nullptr);
  CHECK_FALSE(c->clocks[0].stop_at_process_end);
  CHECK(c->clocks[1].stop_at_process_end);
}

TEST_CASE("start with the case, stop with its end, conditions") {
  auto p = repair();
  p.sla = {clock("total", "5 bd")};
  p.sla[0].start = {{{model::Trigger::Kind::process_started, {}, {}}}, {}};
  p.sla[0].stop = {{{model::Trigger::Kind::process_ended, {}, {}}, {model::Trigger::Kind::condition, {}, {"area = \"remote\"", {}}}}, {}};
  p.sla[0].pause_if = {"on_hold", {}};
  p.feedback = {{"thanks", {}, 0, {}, {{{model::Trigger::Kind::process_ended, {}, {}}}, {}}, {"sms"}, {}, {}, {}, {}, {}, ""}};
  const auto c = compiled(p);
  CHECK(actions(*c, c->on_process_start) == "start total");
  CHECK(actions(*c, c->on_process_end) == "tell thanks");
  CHECK(c->clocks[0].stop_at_process_end);
  CHECK(c->clocks[0].pause_if);
  REQUIRE(c->condition_triggers.size() == 1);
  CHECK(c->condition_triggers[0].clock.action == model::ClockAction::stop);
  CHECK_FALSE(c->condition_triggers[0].feedback);
}

TEST_CASE("pauses in nodes and in lanes") {
  auto p = repair();
  p.sla = {clock("a", "1 h"), clock("b", "1 h")};
  p.sla[0].pause_in = {{"customer", {}}, {"fix", {}}};
  p.sla[1].pause_in = {{"crew", {}}};
  const auto c = compiled(p);
  CHECK(at(*c, "docs").pauses == std::vector<model::ClockIndex>{{0}});
  CHECK(at(*c, "fix").pauses == std::vector<model::ClockIndex>{{0}});
  CHECK(at(*c, "arrive").pauses == std::vector<model::ClockIndex>{{1}});
  // a boundary event stands in its host's lane, but no token rests on it
  CHECK(at(*c, "withdrawn").pauses.empty());
  p.sla[1].pause_in = {{"cerw", {}}};
  CHECK(problems(p) == "SB0185 b: there is no node 'cerw'");
}

TEST_CASE("budgets, marks and their targets") {
  auto p = repair();
  p.escalations = {{"late", {}, {}, "L1", {}, {}}};
  p.feedback = {{"soon",
                 {},
                 0,
                 {},
                 {},
                 {"sms"},
                 {{{"zh", "抢修人员将在{{sla(\"arrival\").due}}前到达"}, {"en", "Case {{case_no}}"}}},
                 {},
                 {},
                 {"area", {}},
                 {},
                 ""}};
  p.sla = {clock("arrival", "if area = \"urban\" then \"45 min\" else \"4 h\"")};
  p.sla[0].marks = {{model::ClockMark::Kind::percent, {}, 80, "", {}, {"soon", {}}, false, "80%"},
                    {model::ClockMark::Kind::left, {}, 0, "10 min", {}, {}, true, "10 min left"},
                    {model::ClockMark::Kind::breach, {}, 0, "", {"late", {}}, {}, false, "breach"}};
  const auto c = compiled(p);
  const auto& k = c->clocks[0];
  CHECK_FALSE(k.within.is_literal());
  REQUIRE(k.marks.size() == 3);
  CHECK(k.marks[0].feedback == c->find_feedback("soon"));
  CHECK(k.marks[1].left.wall == Duration::minutes(10));
  CHECK(k.marks[1].skip_late);
  CHECK(k.marks[2].escalation == "L1");
  CHECK(c->feedback[0].texts.size() == 2);
  p.feedback[0].text.by_language["en"] = "Case {{case_nr}}";
  CHECK(problems(p).find("soon: text:") != std::string::npos);
}

TEST_CASE("sla() names a clock of this process and knows its fields") {
  auto p = repair();
  p.sla = {clock("arrival", "1 h")};
  p.feedback = {
      {"late", {}, 0, {}, {{{model::Trigger::Kind::condition, {}, {"sla(\"arrival\").breached", {}}}}, {}}, {"sms"}, {}, {}, {}, {}, {}, ""}};
  CHECK(problems(p) == "");
  p.feedback[0].on.any[0].condition.text = "sla(\"arival\").breached";
  auto all = model::compile(p, testing::library(), "").diagnostics;
  REQUIRE(all.size() == 1);
  CHECK(all[0].rule == "SB0182");
  CHECK(all[0].hint == "did you mean 'arrival'?");
  p.feedback[0].on.any[0].condition.text = "sla(\"arrival\").percent";
  CHECK(problems(p).find("late: condition:") != std::string::npos);
}

TEST_CASE("triggers on nodes that are not there or not clear") {
  auto p = repair();
  p.sla = {clock("a", "1 h")};
  p.sla[0].stop = completed("fxi");
  CHECK(problems(p) == "SB0185 a: there is no node 'fxi'");
  p.sla[0].stop = completed("fix");
  p.sla[0].marks.resize(32);
  CHECK(problems(p).find("SB0184 a: a clock has at most 31 marks") == 0);
}
