// Definitions: from text, from a folder, again from the database alone; calendars that change under running cases.
#include <fmt/format.h>

#include "support.hpp"

namespace switchboard::testing {

namespace {

constexpr std::string_view limits_table = R"(
switchboard: 1
decision: limits
parameters: {area: string}
hit: first
outputs:
  - {name: within, type: string}
rules:
  - {when: ['"urban"'], then: ['"45 min"']}
  - {when: ['-'], then: ['"2 h"']}
)";

constexpr std::string_view limited = R"(
switchboard: 1
process: limited
calendar: office
data:
  area: {type: string, default: urban}
decisions: [limits]
nodes:
  begin: {type: startEvent, next: work}
  work: {type: userTask, next: done}
  done: {type: endEvent}
sla:
  arrival: {start: {process: started}, stop: {completed: work}, within: limits(area)}
  reply: {start: {process: started}, stop: {completed: work}, within: 1 bd}
)";

std::string office(std::string_view open, std::string_view closed) {
  return fmt::format("switchboard: 1\ncalendar: office\nname: Office\nzone: Asia/Shanghai\nweek:\n  {}: 09:00-17:00\n  {}: closed\n", open, closed);
}

std::unique_ptr<Engine> open(const std::string& database, const std::string& processes) {
  EngineOptions options;
  options.database = database;
  options.processes = processes;
  options.clock = [] { return t0; };
  options.full_sync = false;
  return must(Engine::open(options));
}

}  // namespace

TEST_CASE("a folder gives a process with its tables, calendars and what it calls, and is not needed afterwards") {
  const Folder folder;
  const std::string database = folder.file("d.db");
  {
    const Folder processes;
    processes.write("limited.yaml", limited);
    processes.write("tables/limits.yaml", limits_table);
    processes.write("calendars/office.yaml", office("mon-fri", "sat-sun"));
    processes.write("parent.yaml", process_text("parent"));
    processes.write("child.yaml", process_text("child"));
    processes.write("recursive.yaml", process_text("recursive"));
    const auto engine = open(database, processes.path());
    CHECK(must(engine->deploy_process("limited")).number == 1);
    CHECK(must(engine->deploy_process("parent")).process == "parent");
    CHECK(must(engine->deploy_process("recursive")).process == "recursive");
    const auto near = engine->deploy_process("limitde");
    REQUIRE_FALSE(near);
    CHECK(near.error().hint == "did you mean 'limited'?");
    CHECK(must(engine->deployments()).size() == 4);
    StartOptions options;
    options.case_no = "L-1";
    must(engine->start("limited", {}, options));
  }
  const auto engine = open(database, "");
  CHECK(error_of(engine->deploy_process("limited")) == "SB0545");
  StartOptions options;
  options.case_no = "L-2";
  must(engine->start("limited", Value(Context{{"area", "rural"}}), options));
  Find arrivals;
  arrivals.clock = "arrival";
  const auto clocks = must(engine->clocks(arrivals));
  REQUIRE(clocks.size() == 2);
  CHECK(clocks[0].due == t0 + Duration::minutes(45));
  CHECK(clocks[1].due == t0 + Duration::hours(2));
  CHECK(must(engine->start("parent", {})).at == std::vector<std::string>{"ask"});
  CHECK(must(engine->check()).empty());
}

TEST_CASE("a called process that is nowhere is named with its caller") {
  const Folder folder;
  folder.write("parent.yaml", process_text("parent"));
  const auto engine = open("", folder.path());
  const auto refused = engine->deploy_process("parent");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().message.find("'child'") != std::string::npos);
  CHECK(refused.error().message.find("called by 'parent'") != std::string::npos);
  CHECK(must(engine->deployments()).empty());
  must(engine->deploy(process_text("child"), "child.yaml"));
  CHECK(engine->deploy_process("parent"));
}

namespace {

/// Calls `child`, which needs `subject`, and does not give it.
std::string forgetful() {
  std::string text(process_text("parent"));
  const std::string given = "    in: {subject: question}\n";
  text.erase(text.find(given), given.size());
  return text;
}

}  // namespace

TEST_CASE("a call that does not fit the called process is refused, wherever that is: in the folder, deployed, or deployed before the folder came") {
  const Folder folder;
  folder.write("parent.yaml", forgetful());
  folder.write("child.yaml", process_text("child"));
  const auto with_folder = open("", folder.path());
  const auto refused = with_folder->deploy_process("parent");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB0461");
  REQUIRE(refused.error().findings.size() == 1);
  CHECK(refused.error().findings.front().element == "ask");
  CHECK(refused.error().place.find("parent.yaml:") != std::string::npos);
  CHECK(error_of(with_folder->deploy(forgetful(), "parent.yaml")) == "SB0461");
  CHECK(must(with_folder->deployments()).empty());

  const auto without = open("", "");
  must(without->deploy(process_text("child"), "child.yaml"));
  CHECK(error_of(without->deploy(forgetful(), "parent.yaml")) == "SB0461");
  CHECK(must(without->deploy(process_text("parent"), "parent.yaml")).number == 1);
  std::string no_start(process_text("child"));
  no_start.replace(no_start.find("type: startEvent"), 16, "type: startEvent, message: knock");
  must(without->deploy(no_start, "child.yaml"));
  CHECK(error_of(without->deploy(process_text("parent"), "parent.yaml")) == "SB0463");
}

TEST_CASE("processes that call each other are deployed together, all or none") {
  const auto calls = [](const std::string& id, const std::string& other) {
    return fmt::format(
        "switchboard: 1\nprocess: {}\ndata: {{again: {{type: boolean, default: false}}}}\nnodes:\n"
        "  s: {{type: startEvent, next: g}}\n  g: {{type: exclusiveGateway, next: [{{if: again, to: c}}, {{else: e}}]}}\n"
        "  c: {{type: callActivity, process: {}, next: e}}\n  e: {{type: endEvent}}\n",
        id, other);
  };
  const Folder folder;
  folder.write("child.yaml", process_text("child"));
  for (const bool with_folder : {true, false}) {
    const auto engine = open("", with_folder ? folder.path() : "");
    CHECK(error_of(engine->deploy(calls("a", "b"), "a.yaml")) == (with_folder ? "SB0541" : ""));
    const auto broken = engine->deploy_together({{calls("a", "b"), "a.yaml"}, {"switchboard: 1\nprocess: b\nnodes: {}\n", "b.yaml"}});
    CHECK(error_of(broken) != "");
    CHECK(must(engine->deployments()).size() == (with_folder ? 0 : 1));
    // Two texts without a name are two.
    const auto both =
        must(engine->deploy_together({{calls("a", "b"), ""}, {calls("b", "a"), ""}, {std::string(process_text("child")), "child.yaml"}}));
    REQUIRE(both.size() == 3);
    CHECK(both[0].process == "a");
    CHECK(both[1].process == "b");
    CHECK(both[2].process == "child");
    CHECK(must(engine->start("a", Value(Context{{"again", true}}), {})).state == CaseState::completed);
    CHECK(engine->deploy(calls("a", "b"), "a.yaml"));  // the other one is there
    CHECK(must(engine->deploy_together({})).empty());
  }
}

namespace {

constexpr std::string_view supply = R"(
switchboard: 1
collaboration: supply
participants:
  applicant:
    process: supply-applicant
    calendar: 24x7@UTC
    data: {offer: {type: number}}
    messages: {offered: {payload: {price: number}}}
    nodes:
      wanted: {type: startEvent, next: apply}
      apply: {type: sendTask, message: application, next: wait}
      wait: {type: receiveTask, message: offered, out: {offer: price}, next: done}
      done: {type: endEvent}
    sla:
      answer: {start: {entered: apply}, stop: {completed: wait}, within: 3 d}
  centre:
    process: supply-centre
    calendar: 24x7@UTC
    data: {price: {type: number}}
    nodes:
      received: {type: startEvent, message: application, next: price}
      price: {type: userTask, form: [price], next: reply}
      reply: {type: endEvent, message: offered, in: {price: price}}
messageFlows:
  - {from: applicant/apply, to: centre/received}
  - {from: centre/reply, to: applicant/wait}
)";

}  // namespace

TEST_CASE("participants of a collaboration are deployed together, and their cases are linked by their number") {
  on_both_stores([](World& w) {
    // Whichever is deployed, all are; one text gives all of them.
    CHECK(must(w.engine().deploy(supply, "supply.yaml")).process == "supply-applicant");
    const auto again = must(w.engine().deploy_together({{std::string(supply), "supply.yaml"}}));
    REQUIRE(again.size() == 2);
    CHECK(again[1].process == "supply-centre");
    CHECK(again[1].number == 1);
    w.start("supply-applicant", "S-1");
    w.start("supply-applicant", "S-2");
    w.reopen();  // made again from the database alone
    CHECK(w.at("S-1", "supply-applicant") == "wait");
    CHECK(w.at("S-2", "supply-centre") == "price");
    must(w.engine().complete(w.work("S-2", "price"), context({{"price", Decimal(7)}})));
    CHECK(w.at("S-2", "supply-applicant") == "completed");
    CHECK(w.at("S-1", "supply-applicant") == "wait");
    Find of;
    of.case_no = "S-2";
    CHECK(must(w.engine().instances(of)).size() == 2);
    CHECK(w.told("message").empty());
  });
}

TEST_CASE("an overlay lies over a participant, from texts and again from the database") {
  constexpr std::string_view faster = "switchboard: 1\noverlay: supply-fast\nof: supply-applicant\nsla:\n  answer: {within: 1 d}\n";
  on_both_stores([&](World& w) {
    must(w.engine().deploy(supply, "supply.yaml"));
    must(w.engine().deploy(faster, "fast.yaml"));
    w.reopen();
    w.start("supply-fast", "S-1");
    CHECK(clock_of(w.engine(), "S-1", "answer").due == t0 + Duration::hours(24));
    CHECK(w.at("S-1", "supply-centre") == "price");
  });
}

TEST_CASE("a folder gives participants by id; one with a mistake in another pool is refused whole") {
  const Folder folder;
  folder.write("supply.yaml", supply);
  const auto engine = open("", folder.path());
  CHECK(must(engine->deploy_process("supply-centre")).process == "supply-centre");
  CHECK(must(engine->deployments()).size() == 2);
  std::string broken(supply);
  broken.replace(broken.find("next: wait}"), 11, "next: wiat}");
  CHECK(error_of(engine->deploy(broken, "supply.yaml")) == "SB0120");
  CHECK(must(engine->deployments()).size() == 2);
  CHECK(error_of(engine->deploy("switchboard: 1\ncollaboration: c\nparticipants: {a: {name: A}}\n", "c.yaml")) == "SB0108");
}

TEST_CASE("without a folder a process may be deployed before the one that it calls") {
  const auto engine = open("", "");
  CHECK(engine->deploy(forgetful(), "parent.yaml"));
  CHECK(engine->deploy(process_text("child"), "child.yaml"));
  CHECK(error_of(engine->deploy(forgetful(), "parent.yaml")) == "SB0461");
}

TEST_CASE("one changed table is another definition; running cases keep theirs, and an older one can be made the latest again") {
  const Folder folder;
  auto engine = open(folder.file("d.db"), "");
  CHECK(error_of(engine->deploy(limited, "limited.yaml")) != "");
  must(engine->add_resource(office("mon-fri", "sat-sun"), "office.yaml"));
  must(engine->add_resource(limits_table, "limits.yaml"));
  const auto first = must(engine->deploy(limited, "limited.yaml"));
  CHECK(must(engine->deploy(limited, "limited.yaml")).number == 1);
  must(engine->start("limited", {}));
  std::string faster(limits_table);
  faster.replace(faster.find("45 min"), 6, "30 min");
  must(engine->add_resource(faster, "limits.yaml"));
  const auto second = must(engine->deploy(limited, "limited.yaml"));
  CHECK(second.number == 2);
  CHECK(second.definition != first.definition);
  engine.reset();
  engine = open(folder.file("d.db"), "");
  must(engine->start("limited", {}));
  StartOptions pinned;
  pinned.version = first.definition;
  must(engine->start("limited", {}, pinned));
  Find arrivals;
  arrivals.clock = "arrival";
  std::vector<Duration> limits;
  for (const ClockInfo& c : must(engine->clocks(arrivals))) limits.push_back(c.due - t0);
  CHECK(limits == std::vector{Duration::minutes(45), Duration::minutes(30), Duration::minutes(45)});
  must(engine->add_resource(limits_table, "limits.yaml"));
  CHECK(must(engine->deploy(limited, "limited.yaml")).number == 3);
  CHECK(must(engine->start("limited", {})).definition == first.definition);
  CHECK(must(engine->check()).empty());
}

TEST_CASE("a changed calendar moves nothing before a tick or a command, and then visibly") {
  const Folder folder;
  auto engine = open(folder.file("d.db"), "");
  must(engine->add_resource(office("mon-fri", "sat-sun"), "office.yaml"));
  must(engine->add_resource(limits_table, "limits.yaml"));
  must(engine->deploy(limited, "limited.yaml"));
  const CaseInfo info = must(engine->start("limited", {}));
  const auto due = [&] {
    Find reply;
    reply.clock = "reply";
    return must(engine->clocks(reply)).front().due;
  };
  const Instant before = due();  // 2026-03-02 is a Monday: the end of Tuesday
  must(engine->add_resource(office("thu-sun", "mon-wed"), "office.yaml"));
  CHECK(due() == before);
  engine.reset();
  engine = open(folder.file("d.db"), "");
  CHECK(due() == before);
  CHECK(must(engine->check()).empty());
  must(engine->rederive(info.instance, "Tuesdays are off now"));
  CHECK(due() == before + Duration::days(2));
  CHECK(must(engine->check()).empty());
  bool said = false;
  for (const HistoryInfo& h : must(engine->history(info.instance, 0, 1000))) said = said || h.event == "clock-moved";
  CHECK(said);
}

TEST_CASE("deriving again reaches promises to an instant, timers that repeat, and durations from data") {
  const Folder folder;
  const auto engine = open(folder.file("d.db"), "");
  must(engine->add_resource(office("mon-fri", "sat-sun"), "office.yaml"));
  must(engine->deploy(R"(
switchboard: 1
process: waits
calendar: office
data: {at: {type: date-time, default: 2026-03-13T17:00:00}, long: {type: string, default: 3 bd}}
nodes:
  begin: {type: startEvent, next: wait}
  wait:
    type: userTask
    next: e
    boundary:
      again: {timer: {every: 2 bd}, interrupting: false, next: told}
      later: {timer: {after: long}, interrupting: false, next: told}
      fixed: {timer: {after: 1 bd}, interrupting: false, next: told}
  told: {type: endEvent}
  e: {type: endEvent}
sla:
  visit: {start: {process: started}, by: at, before: 3 bd}
)",
                      "waits.yaml"));
  const CaseInfo info = must(engine->start("waits", {}));
  const auto moves = [&] {
    std::vector<std::string> all;
    for (const HistoryInfo& h : must(engine->history(info.instance, 0, 1000)))
      if (h.event == "timer-moved" || h.event == "clock-moved")
        all.push_back(fmt::format("{} {}", h.event, *h.details.context()->find("due")->string()));
    return all;
  };
  must(engine->rederive(info.instance, "nothing changed"));
  CHECK(moves().empty());
  must(engine->add_resource(office("mon-tue", "wed-sun"), "office.yaml"));
  must(engine->rederive(info.instance, "open on Mondays and Tuesdays alone"));
  const auto found = moves();
  CHECK(fmt::format("{}", fmt::join(found, "\n")) ==
        "clock-moved 2026-03-03T00:00:00+08:00\n"
        "timer-moved 2026-03-10T00:00:00+08:00\n"
        "timer-moved 2026-03-11T00:00:00+08:00");
  CHECK(must(engine->check()).empty());
  must(engine->rederive(info.instance, "once more"));
  CHECK(moves() == found);
}

TEST_CASE("a start event that would never happen is refused") {
  const auto engine = open("", "");
  const auto refused = engine->deploy(R"(
switchboard: 1
process: nightly
nodes:
  begin: {type: startEvent, condition: 1 > 0, next: done}
  done: {type: endEvent}
)",
                                      "nightly.yaml");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB0550");
}

}  // namespace switchboard::testing
