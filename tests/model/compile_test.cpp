#include "compiled.hpp"

using namespace switchboard;
using testing::compiled;
using testing::node_of;
using testing::problems;
using testing::process_of;
using Kind = feel::Type::Kind;

namespace {

model::Process with_data(const std::string& text) {
  auto p = process_of(text);
  p.data = {testing::data("amount", Kind::number), testing::data("area", Kind::string), testing::data("since", Kind::date),
            testing::data("urgent", Kind::boolean)};
  return p;
}

const model::Element& element(const model::ExecutableProcess& p, std::string_view name) {
  const auto i = p.find_element(name);
  REQUIRE_MESSAGE(i, "no element " << std::string(name));
  return p.at(i);
}

std::string paths(const model::ExecutableProcess& p, const std::vector<model::ElementIndex>& all) {
  std::string out;
  for (const auto i : all) out += (out.empty() ? "" : " ") + p.at(i).path;
  return out;
}

std::string flows(const model::ExecutableProcess& p, const std::vector<model::FlowIndex>& all) {
  std::string out;
  for (const auto i : all) out += (out.empty() ? "" : " ") + p.at(i).id;
  return out;
}

}  // namespace

TEST_CASE("elements, paths, scopes, flows") {
  const auto p = compiled(process_of(R"(
    s start > sub
    sub sub > x {
      s start > work
      work user > e
      late on work:timer=2h > e
      e end
      again esub {
        s start:message=m > e
        e end
      }
    }
    x xor > e?1=1 e?1=2 sub!
    e end
  )"));
  CHECK(p->elements[0].path == "test");
  CHECK(p->elements[0].type == model::NodeType::sub_process);
  CHECK_FALSE(p->elements[0].scope);
  CHECK(paths(*p, p->elements[0].children) == "e s sub x");
  const auto& sub = element(*p, "sub");
  CHECK(paths(*p, sub.children) == "sub/again sub/e sub/s sub/work");
  CHECK(paths(*p, sub.start_events) == "sub/s");
  CHECK(paths(*p, sub.event_sub_processes) == "sub/again");
  CHECK(sub.depth == 1);
  const auto& work = element(*p, "work");
  CHECK(work.path == "sub/work");
  CHECK(work.depth == 2);
  CHECK(paths(*p, work.boundary) == "sub/late");
  CHECK(p->at(element(*p, "late").host).path == "sub/work");
  CHECK(p->at(element(*p, "late").scope).path == "sub");
  CHECK(flows(*p, element(*p, "x").outgoing) == "x->e x->e#2 x->sub");
  CHECK(flows(*p, element(*p, "sub").incoming) == "s->sub x->sub");
  CHECK(p->at(element(*p, "x").default_flow).id == "x->sub");
  CHECK(element(*p, "x").has_conditions);
  CHECK(p->at(element(*p, "x").outgoing[0]).condition.constant() == Value(true));
  CHECK(flows(*p, element(*p, "late").outgoing) == "sub/late->sub/e");
  // `s` and `e` stand in several scopes: the path of the outermost is exact
  CHECK(element(*p, "s").path == "s");
  CHECK_FALSE(p->find_element("again/s"));
  CHECK(p->find_element("sub/again/s"));
}

TEST_CASE("two files that differ in order have the same indices and identity") {
  const auto a = compiled(with_data("s start > b a\n b user > e\n late on b:timer > e\n early on b:message=m > e\n a user > e\n e end"));
  const auto b = compiled(with_data("e end\n a user > e\n b user > e\n early on b:message=m > e\n late on b:timer > e\n s start > b a"));
  CHECK(a->hash == b->hash);
  CHECK(a->hash.size() == 64);
  REQUIRE(a->elements.size() == b->elements.size());
  for (std::size_t i = 0; i < a->elements.size(); ++i) CHECK(a->elements[i].path == b->elements[i].path);
  for (std::size_t i = 0; i < a->flows.size(); ++i) CHECK(a->flows[i].id == b->flows[i].id);
}

TEST_CASE("the identity sees what has a meaning") {
  const auto base = with_data("s start > x\n x xor > a?amount>1 b!\n a user > e\n b user > e\n e end");
  const std::string hash = compiled(base)->hash;
  const auto changed = [&](auto change) {
    auto p = base;
    change(p);
    return compiled(p)->hash != hash;
  };
  CHECK_FALSE(changed([](model::Process& p) { p.file = "other.yaml"; }));
  CHECK_FALSE(changed([](model::Process& p) { node_of(p.nodes, "a").at = {77, 7}; }));
  CHECK_FALSE(changed([](model::Process& p) { node_of(p.nodes, "x").next[0].condition.text = " amount>1\n"; }));
  CHECK(changed([](model::Process& p) { p.version = "2"; }));
  CHECK(changed([](model::Process& p) { node_of(p.nodes, "x").next[0].condition.text = "amount>2"; }));
  CHECK(changed([](model::Process& p) { std::swap(node_of(p.nodes, "x").next[0], node_of(p.nodes, "x").next[1]); }));
  CHECK(changed([](model::Process& p) { node_of(p.nodes, "a").name.by_language["en"] = "A"; }));
  CHECK(changed([](model::Process& p) { p.data[0].required = true; }));
  CHECK(changed([](model::Process& p) { node_of(p.nodes, "a").priority.text = "5"; }));
  CHECK(changed([](model::Process& p) { p.calendar.name = "office"; }));
}

TEST_CASE("conditions and expressions are checked where they stand") {
  CHECK(problems(with_data("s start > x\n x xor > a?amonut>1 b!\n a user > e\n b user > e\n e end")).find("SB0201") == std::string::npos);
  auto p = with_data("s start > x\n x xor > a?c b!\n a user > e\n b user > e\n e end");
  node_of(p.nodes, "x").next[0].condition = {"amount > 1 and amonut < 5", {2, 20}};
  const auto all = model::compile(p, testing::library(), "").diagnostics;
  REQUIRE(all.size() == 1);
  INFO(all[0].text());
  CHECK(all[0].at == model::Position{2, 35});
  CHECK(all[0].element == "x");
  CHECK(all[0].rule.starts_with("SB02"));
  CHECK(all[0].hint.find("amount") != std::string::npos);
  // a condition is boolean, a data name keeps its type
  node_of(p.nodes, "x").next[0].condition = {"amount + 1", {2, 20}};
  CHECK(problems(p).find("x: condition:") != std::string::npos);
  node_of(p.nodes, "x").next[0].condition = {"area > 5", {2, 20}};
  CHECK(problems(p).find("x: condition:") != std::string::npos);
}

TEST_CASE("places inside blocks and behind Chinese text") {
  auto p = with_data("s start > a\n a script > e\n e end");
  node_of(p.nodes, "a").set = {{"area", {2, 5}, {"\"客户\" + bogus", {7, 11}}}};
  auto all = model::compile(p, testing::library(), "").diagnostics;
  REQUIRE(all.size() == 1);
  CHECK(all[0].at == model::Position{7, 18});
  node_of(p.nodes, "a").set = {{"area", {2, 5}, {"\"a\" +\nbogus", {7, 11}}}};
  all = model::compile(p, testing::library(), "").diagnostics;
  REQUIRE(all.size() == 1);
  CHECK(all[0].at == model::Position{8, 11});
}

TEST_CASE("assignments fit the data they go to") {
  auto p = with_data("s start > a\n a script > e\n e end");
  node_of(p.nodes, "a").set = {{"amount", {}, {"1 + amount", {}}}, {"area", {}, {"\"urban\"", {}}}, {"since", {}, {"today()", {}}}};
  CHECK(problems(p) == "");
  node_of(p.nodes, "a").set = {{"amount", {}, {"\"two\"", {}}}};
  CHECK(problems(p).find("a: set 'amount':") != std::string::npos);
  node_of(p.nodes, "a").set = {{"amuont", {}, {"1", {}}}};
  CHECK(problems(p) == "SB0185 a: there is no data 'amuont'");
}

TEST_CASE("results shadow data, by slots behind the data") {
  auto p = with_data("s start > a\n a user > e\n e end");
  node_of(p.nodes, "a").out = {{"amount", {}, {"amount + extra", {}}}, {"urgent", {}, {"if area = \"urban\" then true else flag", {}}}};
  const auto c = compiled(p);
  const auto& out = element(*c, "a").out;
  CHECK(out.explicit_out);
  REQUIRE(out.names.size() == 4);
  CHECK(out.names[0].first == "amount");
  CHECK(out.names[0].second == c->find_data("amount"));
  CHECK(out.names[1].first == "extra");
  CHECK_FALSE(out.names[1].second);
  CHECK(out.names[2].first == "area");
  CHECK(out.names[3].first == "flag");
  // amount is data slot 0, area 1 (by name: amount, area, since, urgent -> amount area since urgent)
  std::vector<Value> slots(c->slot_count() + 4);
  slots[c->slot_count()] = Value(40);
  slots[c->slot_count() + 1] = Value(2);
  feel::Frame frame;
  frame.slots = slots;
  REQUIRE(out.assignments.size() == 2);
  CHECK(out.assignments[0].target == c->find_data("amount"));
  CHECK(out.assignments[0].value.evaluate(frame).value == Value(42));
  CHECK_FALSE(element(*c, "e").out.explicit_out);
}

TEST_CASE("a declared payload gives its names and types") {
  auto p = with_data("s start > m\n m catch:message=paid > e\n e end");
  p.messages = {{"paid", {}, {}, "", {"case_no", {}}, {{"sum", Kind::number}}}};
  node_of(p.nodes, "m").out = {{"amount", {}, {"sum", {}}}};
  const auto c = compiled(p);
  CHECK(element(*c, "m").out.names.size() == 1);
  CHECK(element(*c, "m").events[0].key);
  CHECK(c->payloads.size() == 1);
  node_of(p.nodes, "m").out = {{"area", {}, {"sum", {}}}};
  CHECK(problems(p).find("m: out 'area':") != std::string::npos);
  node_of(p.nodes, "m").out = {{"amount", {}, {"total", {}}}};
  CHECK(problems(p).find("m: out 'amount':") != std::string::npos);
}

TEST_CASE("user tasks: groups of the lane, form, due, assignee, priority") {
  auto p = with_data("s start > a\n a user > e\n late on a:timer > e\n e end");
  p.lanes = {{"crew", {}, {}, {"repair", "stand-by"}}};
  auto& a = node_of(p.nodes, "a");
  a.lane.name = "crew";
  a.form = {{"area", {}}, {"amount", {}}};
  a.due = {"2 bd", {}};
  a.assignee = {"area", {}};
  a.priority = {"if urgent then 10 else 1", {}};
  const auto c = compiled(p);
  const auto& e = element(*c, "a");
  CHECK(e.work.groups == std::vector<std::string>{"repair", "stand-by"});
  CHECK(element(*c, "late").lane == "crew");
  CHECK(e.work.form.size() == 2);
  CHECK(e.work.form[0].slot == c->find_data("area"));
  CHECK_FALSE(e.work.form_asks);
  REQUIRE(e.work.due.has_value());
  CHECK(e.work.due->literal.working_days == 2);
  CHECK(e.work.due->calendar->spec().id == "cn");
  CHECK(e.work.assignee);
  CHECK(e.work.priority);
  a.form = {{"aera", {}}};
  CHECK(problems(p) == "SB0185 a: there is no data 'aera'");
  // What a form asks is typed as the data are, and sees the answers before the data.
  a.form = {{"area", {}}, {"amount", {}}};
  a.form[0].required_if = {"amount > 1", {}};
  a.form[1].max = {"amount + 1", {}};
  const auto asking = compiled(p);
  const auto& work = element(*asking, "a").work;
  CHECK(work.form_asks);
  CHECK(work.form[0].required_if.used_slots() == std::vector<std::uint32_t>{asking->slot_count() + 1});
  a.form[1].max = {"area", {}};
  CHECK(problems(p).find("form 'amount', max") != std::string::npos);
  a.form[1].max = {};
  a.form[1].choices = {Value("many")};
  CHECK(problems(p).find("SB0187 a: form, choices") != std::string::npos);
  a.form = {{"area", {}}, {"area", {}}};
  CHECK(problems(p) == "SB0187 a: 'area' stands twice on the form");
  a.form = {{"urgent", {}}};
  a.form[0].max = {"true", {}};
  CHECK(problems(p).find("bounds have no meaning for a boolean") != std::string::npos);
  p.data[0].set_by_process = true;
  a.form = {{p.data[0].name, {}}};
  CHECK(problems(p).find("which only the process sets") != std::string::npos);
  a.has_out = true;
  CHECK(problems(p).find("which only the process sets, and `out` makes nothing of it") != std::string::npos);
  a.has_out = false;
  p.data[0].set_by_process = false;
  a.form.clear();
  a.assignee = {"5", {}};
  CHECK(problems(p).find("a: assignee:") != std::string::npos);
}

TEST_CASE("jobs have standard retries, back-off and lease") {
  auto p = with_data("s start > a\n a service > e\n e end");
  const auto c = compiled(p);
  const auto& w = element(*c, "a").work;
  CHECK(w.topic == "a");
  CHECK(w.retries == 3);
  CHECK(w.backoff.literal.wall == Duration::minutes(1));
  CHECK(w.timeout.literal.wall == Duration::minutes(5));
  node_of(p.nodes, "a").retries = 5000;
  CHECK(problems(p) == "SB0184 a: retries: 5000 is not between 0 and 1000");
}

TEST_CASE("durations: a literal, or FEEL that yields one") {
  auto p = with_data("s start > t\n t catch:timer > e\n e end");
  const auto timer = [&](const std::string& text) {
    node_of(p.nodes, "t").events[0].timer.duration = {text, {3, 9}};
    return problems(p);
  };
  CHECK(timer("45 min") == "");
  CHECK(timer("PT45M") == "");
  CHECK(timer("duration(\"PT1H\")") == "");
  CHECK(timer("if amount > 5 then \"1 bd\" else \"4 bh\"") == "");
  CHECK(timer("\"3 bd\"") == "");
  const auto c = compiled(p);
  CHECK(element(*c, "t").events[0].timer.duration.is_literal());
  CHECK(element(*c, "t").events[0].timer.duration.literal.working_days == 3);
  CHECK(timer("amount + 5") == "SB0183 t: timer: a duration is wanted, this is a number");
  CHECK(timer("45").find("SB0301 t: timer:") == 0);
  CHECK(timer("45 minutes").find("SB0301 t: timer:") == 0);
  CHECK(timer("\"45 minutes\"").find("SB0301 t: timer:") == 0);
  CHECK(timer("limts(area)").find("SB02") == 0);
}

TEST_CASE("calendars: own, the process's, cn, built in") {
  auto p = with_data("s start > t\n t catch:timer=2bd > e\n e end");
  auto& timer = node_of(p.nodes, "t").events[0].timer;
  const auto used = [&] { return element(*compiled(p), "t").events[0].timer.duration.calendar->spec().id; };
  CHECK(used() == "cn");
  p.calendar.name = "office";
  CHECK(used() == "office");
  timer.calendar.name = "24x7@Asia/Shanghai";
  CHECK(used() == "24x7@Asia/Shanghai");
  timer.calendar.name = "ofice";
  const auto all = model::compile(p, testing::library(), "").diagnostics;
  REQUIRE(all.size() == 1);
  CHECK(all[0].rule == "SB0180");
  CHECK(all[0].hint == "did you mean 'office'?");
  // without any calendar, wall time can still be counted
  p.calendar.name.clear();
  timer.calendar.name.clear();
  CHECK(problems(p, {}).find("SB0180 t: timer: `2bd` is counted on a calendar") == 0);
  timer.duration.text = "2 h";
  CHECK(problems(p, {}) == "");
}

TEST_CASE("timers at an instant and cycles") {
  auto p = with_data("s start > t\n t catch:timer > e\n e end");
  auto& timer = node_of(p.nodes, "t").events[0].timer;
  timer.kind = model::TimerDefinition::Kind::at;
  timer.instant = {"instance_started + duration(\"P1D\")", {}};
  CHECK(problems(p) == "");
  timer.instant = {"since", {}};
  CHECK(problems(p) == "");
  timer.instant = {"amount", {}};
  CHECK(problems(p) == "SB0184 t: timer: a date and time is wanted, this is a number");
  timer.kind = model::TimerDefinition::Kind::every;
  timer.times = {"amount", {}};
  CHECK(problems(p) == "");
}

TEST_CASE("events: codes, any, links, conditions") {
  auto p = with_data(R"(
    s start > a
    a sub > out {
      s start > x
      x xor > l1?urgent e2?amount>1 f!
      l1 throw:link=away > 
      l2 catch:link=away > e
      e end
      e2 end:error=lost
      f end:escalation=late
    }
    lost on a:error=lost > e
    other on a:error=any > e
    late on~ a:escalation=late > e
    changed on~ a:condition=amount>100 > e
    out user > e
    e end
  )");
  p.errors = {{"lost", {}, {}, "E-17", {}, {}}};
  const auto c = compiled(p);
  CHECK(element(*c, "e2").events[0].name == "E-17");
  CHECK(element(*c, "lost").events[0].name == "E-17");
  CHECK(element(*c, "other").events[0].name.empty());
  CHECK(element(*c, "late").events[0].name == "late");
  CHECK_FALSE(element(*c, "late").interrupting);
  CHECK(element(*c, "changed").events[0].condition_slots == std::vector<std::uint32_t>{c->find_data("amount").value});
  CHECK(c->at(element(*c, "l1").events[0].target).path == "a/l2");
  node_of(p.nodes, "l2").events[0].name.name = "home";
  CHECK(problems(p).find("SB0185 a/l1: no link 'away' is caught in this scope") == 0);
}

TEST_CASE("inclusive joins know from where a token can still come") {
  const auto c = compiled(with_data(R"(
    s start > o
    o or > a?urgent b?amount>1 f!
    a user > j
    late on a:timer > j
    b user > x
    x xor > b?urgent j!
    f user > e
    j or > e
    e end
  )"));
  const auto& j = element(*c, "j");
  REQUIRE(j.upstream.size() == 6);  // a token's own way, and what a boundary event brings
  const auto from = [&](std::string_view flow, std::string_view element_id, std::size_t way = 0) {
    for (std::size_t i = 0; i < j.incoming.size(); ++i)
      if (c->at(j.incoming[i]).id == flow) return static_cast<bool>(j.upstream[way * j.incoming.size() + i][c->find_element(element_id).value]);
    FAIL("no such flow");
    return false;
  };
  CHECK(from("a->j", "a"));
  CHECK(from("a->j", "o"));
  CHECK_FALSE(from("a->j", "late"));
  CHECK_FALSE(from("late->j", "a"));
  CHECK(from("late->j", "late"));
  CHECK(from("late->j", "a", 1));
  CHECK(from("late->j", "o"));
  CHECK_FALSE(from("late->j", "o", 1));
  CHECK_FALSE(from("late->j", "b", 1));
  CHECK_FALSE(from("a->j", "a", 1));
  CHECK(from("x->j", "b"));
  CHECK_FALSE(from("x->j", "a"));
  CHECK_FALSE(from("x->j", "f"));
  CHECK_FALSE(from("x->j", "j"));
  CHECK_FALSE(from("x->j", "e"));
}

TEST_CASE("what a loader would have refused is refused here, too") {
  CHECK(problems(with_data("s start > nowhere\n e end")) == "SB0185 s: there is no node in the same scope 'nowhere'");
  CHECK(problems(with_data("s start > e\n e end\n e end")).find("SB0186 e: 'e' is there twice") == 0);
  auto p = with_data("s start > e\n e end");
  p.data.push_back(testing::data("case_no", Kind::string));
  CHECK(problems(p) == "SB0187 case_no: 'case_no' is a name of the engine");
}

TEST_CASE("decision tables as functions and as business rule tasks") {
  feel::DecisionTable table;
  table.id = "limits";
  table.parameters = {{"stage", Kind::string}, {"place", Kind::string}};
  table.required_parameters = 1;
  table.inputs = {{"stage", "stage", Kind::string, ""}, {"place", "place", Kind::string, ""}};
  table.outputs = {{"", Kind::string, "", ""}};
  table.hit = feel::HitPolicy::first;
  table.rules = {{{"\"arrival\"", "\"urban\""}, {"\"45 min\""}, ""}, {{"-", "-"}, {"\"4 h\""}, ""}};
  auto made = feel::compile_decision(table);
  REQUIRE(std::holds_alternative<feel::Decision>(made));
  auto lib = testing::library();
  lib.decisions["limits"] = std::get<feel::Decision>(made);

  auto p = with_data("s start > a\n a rule > t\n t catch:timer > e\n e end");
  p.decisions = {{"limits", {}}};
  auto& a = node_of(p.nodes, "a");
  a.decision = {"limits", {}};
  a.in = {{"place", {}, {"area", {}}}, {"stage", {}, {"\"arrival\"", {}}}};
  a.out = {{"area", {}, {"result", {}}}};
  node_of(p.nodes, "t").events[0].timer.duration = {"limits(\"arrival\", area)", {}};
  CHECK(problems(p, lib) == "");
  const auto c = model::compile(p, lib, "").process;
  REQUIRE(c != nullptr);
  const auto& e = element(*c, "a");
  CHECK(e.decision);
  REQUIRE(e.in.size() == 2);
  CHECK(e.in[0].name == "stage");  // in the order of the parameters
  CHECK(e.out.names[0].first == "result");
  CHECK_FALSE(element(*c, "t").events[0].timer.duration.is_literal());
  // a changed table is another definition
  table.rules[0].out[0] = "\"30 min\"";
  auto other = lib;
  other.decisions["limits"] = std::get<feel::Decision>(feel::compile_decision(table));
  CHECK(model::compile(p, other, "").process->hash != c->hash);

  a.out = {{"amount", {}, {"result", {}}}};
  CHECK(problems(p, lib).find("a: out 'amount':") != std::string::npos);
  a.out.clear();
  a.in = {{"palce", {}, {"area", {}}}};
  CHECK(problems(p, lib) == "SB0181 a: decision 'limits' needs 'stage'; SB0185 a: there is no parameter 'palce'");
  CHECK(problems(p, testing::library()).find("SB0181 : there is no decision table 'limits'") != std::string::npos);
}
