// Organisations through the door: who belongs where, who reaches what, moving, another tree.
#include <doctest/doctest.h>

#include <algorithm>

#include "runtime/support.hpp"

using namespace switchboard;
using namespace switchboard::testing;

namespace {

constexpr const char* company = R"(switchboard: 1
organisations: company
units:
  zj: {name: {en: Zhejiang, zh: 浙江省}, level: province, calendar: cn}
  hz: {parent: zj}
  hz-1: {parent: hz}
  hz-2: {parent: hz}
  nb: {parent: zj}
)";

constexpr const char* area = R"(switchboard: 1
process: area
organisation: area
data: {area: string, crew: string, note: string}
nodes:
  begin: {type: startEvent, next: dispatch}
  dispatch: {type: userTask, groups: [office], form: [crew], next: [go, sub]}
  go: {type: userTask, groups: [field, extra], organisation: crew, form: [note], next: done}
  sub: {type: callActivity, process: within, next: done}
  done: {type: endEvent}
sla:
  fix: {start: {process: started}, stop: {completed: go}, within: PT2H}
)";

constexpr const char* within = R"(switchboard: 1
process: within
nodes:
  begin: {type: startEvent, next: look}
  look: {type: userTask, groups: [field], next: done}
  done: {type: endEvent}
)";

void set_up(World& w) {
  REQUIRE(w.engine().add_resource(company, "company.yaml"));
  REQUIRE(w.engine().deploy_together({{within, "within.yaml"}, {area, "area.yaml"}}));
}

Value in(const char* unit) { return context({{"area", unit == nullptr ? Value() : Value(unit)}}); }

std::string cases_of(Engine& e, const std::string& unit, bool open = false) {
  const auto found = e.instances({.open_only = open, .roots_only = true, .organisation = unit});
  if (!found) return found.error().id;
  std::string all;
  for (const CaseInfo& c : found.value()) all += (all.empty() ? "" : " ") + c.case_no;
  return all;
}

std::string work_of(Engine& e, const std::string& unit, const std::string& group = {}) {
  const auto found = e.work({.group = group, .organisation = unit});
  if (!found) return found.error().id;
  std::string all;
  for (const WorkInfo& work : found.value()) all += (all.empty() ? "" : " ") + work.case_no + "/" + work.node;
  return all;
}

template <class Test>
void on_both(Test test) {
  for (const bool on_file : {false, true}) {
    CAPTURE(on_file);
    World w(on_file);
    set_up(w);
    test(w);
    CHECK(w.violations().empty());
  }
}

}  // namespace

TEST_CASE("cases belong to a unit, and lists find those of its subtree") {
  on_both([](World& w) {
    w.start("area", "A", in("hz-1"));
    w.start("area", "B", in("hz-2"));
    w.start("area", "C", in("nb"));
    w.start("area", "D", in(nullptr));
    Engine& e = w.engine();
    CHECK(error_of(e.start("area", in("hz-9"))) == "SB0535");
    CHECK(error_of(e.start("area", in(""))) == "SB0535");
    CHECK(cases_of(e, "hz-1") == "A");
    CHECK(cases_of(e, "hz") == "A B");
    CHECK(cases_of(e, "nb") == "C");
    CHECK(cases_of(e, "zj") == "A B C D");
    CHECK(cases_of(e, "") == "A B C D");
    CHECK(cases_of(e, "hz", true) == "A B");
    CHECK(cases_of(e, "hz-9") == "SB0535");
    CHECK(w.find("A").organisation == "hz-1");
    CHECK(w.find("D").organisation.empty());
    const auto page = e.instances({.roots_only = true, .after = 1, .limit = 1, .organisation = "hz"}).value();
    REQUIRE(page.size() == 1);
    CHECK(page.front().case_no == "B");
    CHECK(e.clocks({.organisation = "hz"}).value().size() == 2);
    CHECK(e.clocks({.clock = "fix", .open_only = true, .organisation = "hz-2"}).value().size() == 1);
    CHECK(e.clocks({.due_before = Instant::max(), .open_only = true, .organisation = "nb"}).value().front().organisation == "nb");
    CHECK(e.clocks({.case_no = "A", .organisation = "nb"}).value().empty());
    CHECK(e.messages({.organisation = "hz"}).value().empty());
    w.reopen();
    CHECK(cases_of(w.engine(), "hz") == "A B");
  });
}

TEST_CASE("work is offered to a unit of its own, a called case belongs to the unit of its caller") {
  on_both([](World& w) {
    w.start("area", "A", in("hz-1"));
    w.start("area", "B", in("nb"));
    w.complete("A", "dispatch", context({{"crew", "hz-2"}}));
    Engine& e = w.engine();
    CHECK(work_of(e, "hz-1") == "A/look");
    CHECK(work_of(e, "hz-2") == "A/go");
    CHECK(work_of(e, "hz") == "A/go A/look");
    CHECK(work_of(e, "hz", "field") == "A/go A/look");
    CHECK(work_of(e, "hz", "extra") == "A/go");
    CHECK(work_of(e, "hz", "office").empty());
    CHECK(work_of(e, "nb", "office") == "B/dispatch");
    CHECK(e.work({.topic = "none", .organisation = "hz"}).value().empty());
    CHECK(e.work({.case_no = "A", .organisation = "hz-2"}).value().front().organisation == "hz-2");
    CHECK(w.find("A", "within").organisation == "hz-1");

    // A unit that is none: an incident, of the case's unit.
    w.complete("B", "dispatch", context({{"crew", "nowhere"}}));
    REQUIRE(e.incidents({.organisation = "nb"}).value().size() == 1);
    const IncidentInfo incident = e.incidents({.organisation = "zj"}).value().front();
    CHECK(incident.rule == "SB0520");
    CHECK(incident.organisation == "nb");
    CHECK(e.incidents({.organisation = "hz"}).value().empty());
    CHECK(error_of(e.resolve(incident.incident, context({{"crew", "nb"}}), {.by = "boss", .organisation = "hz"})) == "SB0536");
    CHECK(error_of(e.resolve(incident.incident, context({{"crew", "nb"}}), {.by = "boss", .organisation = "nb"})).empty());
    CHECK(work_of(e, "nb", "extra") == "B/go");
  });
}

TEST_CASE("a caller reaches his subtree and nothing else") {
  on_both([](World& w) {
    const CaseInfo c = w.start("area", "A", in("hz-1"));
    Engine& e = w.engine();
    const WorkId work = w.work("A", "dispatch");
    const Caller other{.by = "li", .organisation = "hz-2", .reason = "r"};
    CHECK(error_of(e.claim(work, other)) == "SB0536");
    CHECK(error_of(e.complete(work, context({{"crew", "hz-1"}}), other)) == "SB0536");
    CHECK(error_of(e.fail(work, {.message = "no"}, other)) == "SB0536");
    CHECK(error_of(e.assign(work, "wang", "r", other)) == "SB0536");
    CHECK(error_of(e.cancel(c.instance, "r", other)) == "SB0536");
    CHECK(error_of(e.suspend(c.instance, "r", other)) == "SB0536");
    CHECK(error_of(e.suspend_with_called(c.instance, "r", other)) == "SB0536");
    CHECK(error_of(e.set_data(c.instance, context({{"note", "x"}}), other)) == "SB0536");
    CHECK(error_of(e.change_clock(c.instance, "fix", ClockChange::annul, "", "r", other)) == "SB0536");
    CHECK(error_of(e.move(c.instance, "hz-2", "r", other)) == "SB0536");
    CHECK(error_of(e.move_work(work, "hz-2", "r", other)) == "SB0536");
    CHECK(error_of(e.claim(work, {.by = "li", .organisation = "nowhere"})) == "SB0535");
    CHECK(error_of(e.claim(work, {.by = "li", .organisation = "hz-1"})).empty());
    CHECK(error_of(e.release(work, other)) == "SB0536");
    CHECK(error_of(e.release(work, {.by = "boss", .organisation = "hz", .reason = "r"})).empty());
    // Cases begin everywhere.
    CHECK(error_of(e.start("area", in("nb"), {}, other)).empty());
  });
}

TEST_CASE("moving a case and a work: who, why, what goes along; repeated it is harmless") {
  on_both([](World& w) {
    const CaseInfo c = w.start("area", "A", in("hz-1"));
    Engine& e = w.engine();
    const WorkId dispatch = w.work("A", "dispatch");
    REQUIRE(e.claim(dispatch, {.by = "li"}));
    CHECK(error_of(e.move(c.instance, "nb", "", {.by = "boss"})) == "SB0510");
    CHECK(error_of(e.move(c.instance, "nb", "r", {})) == "SB0510");
    CHECK(error_of(e.move(c.instance, "nowhere", "r", {.by = "boss"})) == "SB0535");
    CHECK(error_of(e.move(c.instance, "hz-1", "r", {.by = "boss"})) == "SB0510");
    const auto moved = e.move(c.instance, "nb", "wrong area", {.by = "boss", .request_id = "m1"});
    REQUIRE(moved);
    CHECK(moved.value().organisation == "nb");
    CHECK(e.move(c.instance, "nb", "wrong area", {.by = "boss", .request_id = "m1"}).value().organisation == "nb");
    CHECK(error_of(e.move(c.instance, "hz", "wrong area", {.by = "boss", .request_id = "m1"})) == "SB0546");
    CHECK(cases_of(e, "hz").empty());
    CHECK(work_of(e, "nb") == "A/dispatch");
    CHECK(e.work({.case_no = "A"}).value().front().assignee.empty());
    const auto history = e.history(c.instance, 0, 1000).value();
    CHECK(std::count_if(history.begin(), history.end(), [](const HistoryInfo& h) { return h.event == "organisation-changed"; }) == 1);

    REQUIRE(e.suspend(c.instance, "r", {.by = "boss"}));
    REQUIRE(e.move_work(dispatch, "hz-2", "they know it", {.by = "boss"}));
    CHECK(work_of(e, "hz-2") == "A/dispatch");
    CHECK(work_of(e, "nb").empty());
    REQUIRE(e.resume(c.instance, {.by = "boss"}));
    REQUIRE(e.move(c.instance, "hz-1", "back", {.by = "boss"}));
    CHECK(work_of(e, "hz-2") == "A/dispatch");  // it was handed to that unit
    w.reopen();
    CHECK(work_of(w.engine(), "hz-2") == "A/dispatch");
    CHECK(cases_of(w.engine(), "hz-1") == "A");
    REQUIRE(w.engine().cancel(c.instance, "r", {.by = "boss"}));
    CHECK(error_of(w.engine().move(c.instance, "nb", "r", {.by = "boss"})) == "SB0502");
    CHECK(cases_of(w.engine(), "hz") == "A");
  });
}

TEST_CASE("another tree holds at once, and cases keep their units") {
  on_both([](World& w) {
    w.start("area", "A", in("hz-1"));
    w.start("area", "B", in("nb"));
    Engine& e = w.engine();
    CHECK(error_of(e.add_resource("switchboard: 1\norganisations: other\nunits: {a: {}}\n", "other.yaml")) == "SB0571");
    CHECK(error_of(e.add_resource("switchboard: 1\norganisations: company\nunits: {}\n", "company.yaml")) == "SB0155");
    CHECK(cases_of(e, "hz") == "A");
    // hz-1 goes to nb, and hz is no more.
    REQUIRE(e.add_resource("switchboard: 1\norganisations: company\nunits: {zj: {}, nb: {parent: zj}, hz-1: {parent: nb}}\n", "company.yaml"));
    CHECK(cases_of(e, "nb") == "A B");
    CHECK(cases_of(e, "hz") == "SB0535");
    CHECK(error_of(e.claim(w.work("A", "dispatch"), {.by = "li", .organisation = "nb"})).empty());
    CHECK(error_of(e.start("area", in("hz"))) == "SB0535");
    // The unit of A is taken away: the root reaches it.
    REQUIRE(e.add_resource("switchboard: 1\norganisations: company\nunits: {zj: {}, nb: {parent: zj}}\n", "company.yaml"));
    CHECK(cases_of(e, "nb") == "B");
    CHECK(cases_of(e, "zj") == "A B");
    CHECK(error_of(e.release(w.work("A", "dispatch"), {.by = "li", .organisation = "nb"})) == "SB0536");
    CHECK(error_of(e.release(w.work("A", "dispatch"), {.by = "li", .organisation = "zj"})).empty());
    const auto units = e.organisations().value();
    REQUIRE(units.size() == 2);
    CHECK(units[0].organisation == "zj");
    CHECK(units[1].path == std::vector<std::string>{"zj", "nb"});
    if (!w.on_file()) return;
    // Another program with the same file sees what was changed meanwhile.
    const auto another = w.another();
    REQUIRE(e.add_resource(company, "company.yaml"));
    CHECK(cases_of(*another, "hz") == "A");
    CHECK(error_of(another->claim(w.work("A", "dispatch"), {.by = "li", .organisation = "hz"})).empty());
  });
}

TEST_CASE("without a tree nothing belongs anywhere, and who names a unit is told") {
  for (const bool on_file : {false, true}) {
    World w(on_file);
    REQUIRE(w.engine().deploy(within, "within.yaml"));
    w.start("within", "A");
    CHECK(w.engine().organisations().value().empty());
    CHECK(cases_of(w.engine(), "hz") == "SB0535");
    CHECK(error_of(w.engine().claim(w.work("A", "look"), {.by = "li", .organisation = "hz"})) == "SB0535");
    CHECK(error_of(w.engine().deploy(area, "area.yaml")) == "SB0474");
    CHECK(w.violations().empty());
  }
}

TEST_CASE("cases of an overlay are found with those of the process that lies below it") {
  on_both([](World& w) {
    Engine& e = w.engine();
    REQUIRE(e.deploy("switchboard: 1\noverlay: area-hz\nof: area\nsla: {fix: {within: PT1H}}\n", "area-hz.yaml"));
    w.start("area", "A", in("hz-1"));
    w.start("area-hz", "B", in("hz-2"));
    w.start("area", "C", in("nb"));
    CHECK(e.instances({.process = "area"}).value().size() == 3);
    CHECK(e.instances({.process = "area-hz"}).value().size() == 1);
    CHECK(e.work({.process = "area", .organisation = "hz"}).value().size() == 2);
    CHECK(e.clocks({.process = "area", .open_only = true}).value().size() == 3);
    CHECK(e.outbox({.process = "area"}).value().empty());
    const auto deployments = e.deployments().value();
    CHECK(std::any_of(deployments.begin(), deployments.end(), [](const DeploymentInfo& d) { return d.process == "area-hz" && d.base == "area"; }));
  });
}
