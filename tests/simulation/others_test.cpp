// What cases of a simulation do to each other is what they do in the engine: starts by messages, signals and timers, calls that are refused.
#include "simulation/play.hpp"
#include "support/small_process.hpp"

using namespace switchboard;
using play::number;

namespace {

const std::string asker = small::process("asker", small::word + small::bell,
                                         "  arrive: {type: startEvent, next: say}\n  say: {type: intermediateThrowEvent, message: word, next: ring}\n"
                                         "  ring: {type: intermediateThrowEvent, signal: bell, next: leave}\n  leave: {type: endEvent}\n");
const std::string doer = small::waiting("doer", "message: word", small::word, "serve");
const std::string watcher = small::waiting("watcher", "signal: bell", small::bell, "look");
const std::string nightly =
    small::process("nightly", "",
                   "  arrive: {type: startEvent, next: leave}\n  midnight: {type: startEvent, timer: {every: 24 h}, next: sweep}\n"
                   "  sweep: {type: userTask, groups: [crew], next: leave}\n  leave: {type: endEvent}\n");

}  // namespace

TEST_CASE("a message and a signal that one case throws start cases of other processes") {
  const play::Folder folder("others");
  folder.put("asker.yaml", asker);
  folder.put("doer.yaml", doer);
  folder.put("watcher.yaml", watcher);
  const Value r = play::must(folder,
                             "cases: 20\narrivals: {asker: {every: 1 h}}\nresources: {crew: 1}\n"
                             "activities: {serve: {duration: 10 min}, look: {duration: 5 min}}\n");
  CHECK(number(r, {"overall", "cases"}) == 60);
  CHECK(number(r, {"overall", "activities", "serve", "count"}) == 20);
  CHECK(number(r, {"overall", "activities", "look", "count"}) == 20);
  CHECK(number(r, {"overall", "resources", "crew", "mean_wait"}) > 0);
}

TEST_CASE("a process that is started inside is bound like the others: without a duration it is refused") {
  const play::Folder folder("others-unbound");
  folder.put("asker.yaml", asker);
  folder.put("doer.yaml", doer);
  const auto refused = play::run(folder, "cases: 5\narrivals: {asker: {every: 1 h}}\nresources: {crew: 1}\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB1013");
  CHECK(refused.error().text().find("doer/serve") != std::string::npos);
  const Value r = play::must(folder, "cases: 5\narrivals: {asker: {every: 1 h}}\nresources: {crew: 1}\ndefaults: {duration: 5 min}\n");
  CHECK(number(r, {"overall", "activities", "serve", "count"}) == 5);
}

TEST_CASE("work that is for one person alone is done in his name") {
  const play::Folder folder("others-assignee");
  folder.put("p.yaml",
             "switchboard: 1\nprocess: p\ncalendar: 24x7@UTC\ndata: {who: {type: string, default: anna}}\nnodes:\n  s: {type: startEvent, next: u}\n"
             "  u: {type: userTask, groups: [crew], assignee: who, next: e}\n  e: {type: endEvent}\n");
  const auto result = play::run(folder,
                                "cases: 3\nseed: 1\narrivals: {p: {rate: 6 per h}}\nresources: {crew: 1}\n"
                                "activities: {u: {duration: 5 min, resource: crew}}\n");
  CHECK_MESSAGE(result, (result ? std::string() : result.error().text()));
}

TEST_CASE("a message that starts two processes starts none, and the result says so") {
  const play::Folder folder("others-two");
  folder.put("asker.yaml", asker);
  folder.put("doer.yaml", doer);
  folder.put("second-doer.yaml", small::passing("second-doer", "message: word", small::word));
  const Value r = play::must(folder, "cases: 5\narrivals: {asker: {every: 1 h}}\nresources: {crew: 1}\ndefaults: {duration: 5 min}\n");
  CHECK(number(r, {"overall", "cases"}) == 5);
  CHECK(to_json(play::at(r, {"warnings"})).find("SB0549") != std::string::npos);
}

TEST_CASE("a refused call is an incident of its caller, and the run goes on") {
  const play::Folder folder("others-refused");
  folder.put("caller.yaml", small::caller("in: {size: size}, ", "data: {size: {type: number, default: 12}}\n"));
  folder.put("helper.yaml", small::passing("helper", "", "data: {size: {type: number, required: true, max: 10}}\n"));
  const Value r = play::must(folder, "until: 10 h\narrivals: {caller: {every: 1 h}}\n");
  CHECK(number(r, {"overall", "incidents"}) >= 9);
  CHECK(to_json(play::at(r, {"warnings"})).find("data 'size'") != std::string::npos);
}

TEST_CASE("timer start events start cases") {
  const play::Folder folder("others-timer");
  folder.put("nightly.yaml", nightly);
  const Value r = play::must(folder,
                             "until: 10 d\narrivals: {nightly: {every: 5 h, start: arrive}}\nresources: {crew: 1}\n"
                             "activities: {sweep: {duration: 10 min}}\n");
  CHECK(number(r, {"overall", "activities", "sweep", "count"}) == 9);
}

TEST_CASE("a called case is cancelled also when its caller ends by giving it up") {
  const play::Folder folder("others-given-up");
  folder.put("caller.yaml", small::caller("boundary: {late: {timer: {after: 10 min}, next: gone}}, ", "", "  gone: {type: endEvent}\n"));
  folder.put("helper.yaml", small::waiting("helper", ""));
  const Value r = play::must(folder, "cases: 5\narrivals: {caller: {every: 1 h}}\nresources: {crew: 1}\nactivities: {work: {duration: 30 min}}\n");
  CHECK(number(r, {"overall", "cases"}) == 5);
  CHECK(number(r, {"overall", "activities", "work", "count"}) == 0);
  CHECK(number(r, {"overall", "resources", "crew", "mean_wait"}) == 0);
}

// A number belongs to a case only while it is open (docs/decisions/0023). A case that is over at once never is, so nobody's number is in its way; and
// when it ends, the number is still the other one's.
TEST_CASE("a case that is over at once takes no number, and takes nobody's away") {
  const play::Folder folder("others-at-once");
  const std::string sized = "messages: {word: {payload: {size: number}}}\ndata: {size: {type: number, default: 0}}\n";
  const auto says = [](const std::string& id, int size, const std::string& next) {
    return "  " + id + ": {type: intermediateThrowEvent, message: word, in: {size: " + std::to_string(size) + "}, next: " + next + "}\n";
  };
  // Under one number, that of the asker: one that is worked on, one that is over at once, and one that would be worked on beside the first.
  folder.put("asker.yaml", small::process("asker", sized,
                                          "  arrive: {type: startEvent, next: first}\n" + says("first", 2, "second") + says("second", 0, "third") +
                                              says("third", 2, "leave") + "  leave: {type: endEvent}\n"));
  folder.put("doer.yaml", small::process("doer", sized,
                                         "  arrive: {type: startEvent, message: word, next: big}\n"
                                         "  big: {type: exclusiveGateway, next: [{if: size > 1, to: work}, {else: leave}]}\n"
                                         "  work: {type: userTask, groups: [crew], next: leave}\n  leave: {type: endEvent}\n"));
  const Value r = play::must(folder, "cases: 5\narrivals: {asker: {every: 1 h}}\nresources: {crew: 1}\nactivities: {work: {duration: 30 min}}\n");
  CHECK(number(r, {"overall", "cases"}) == 15);
  CHECK(number(r, {"overall", "activities", "work", "count"}) == 5);
  CHECK(play::warnings(r).find("5 time(s) a case or a timer wanted what was refused") != std::string::npos);
  CHECK(play::warnings(r).find("SB0507") != std::string::npos);
}

TEST_CASE("timers that are due when they are set end as an incident: in a loop of one case and in a ring of many") {
  const play::Folder folder("others-at-once");
  folder.put("loop.yaml", small::process("loop", "data: {wait: {type: string, default: 0 s}, stop: {type: boolean, default: false}}\n",
                                         "  s: {type: startEvent, next: g}\n  g: {type: exclusiveGateway, next: t}\n"
                                         "  t: {type: intermediateCatchEvent, timer: {after: wait}, next: h}\n"
                                         "  h: {type: exclusiveGateway, next: [{if: stop, to: e}, {else: g}]}\n  e: {type: endEvent}\n"));
  const Value one = play::must(folder, "cases: 2\narrivals: {loop: {every: 1 h}}\n");
  CHECK(number(one, {"overall", "incidents"}) == 2);
  const play::Folder rings("others-ring-at-once");
  rings.put("ring.yaml", small::process("ring", "data: {wait: {type: string, default: 0 s}}\n",
                                        "  s: {type: startEvent, next: t}\n  again: {type: startEvent, signal: bell, next: t}\n"
                                        "  t: {type: intermediateCatchEvent, timer: {after: wait}, next: e}\n"
                                        "  e: {type: endEvent, signal: bell}\n"));
  const Value many = play::must(rings, "cases: 1\narrivals: {ring: {every: 1 h, start: s}}\n");
  CHECK(number(many, {"overall", "incidents"}) == 1);
  CHECK(number(many, {"overall", "cases"}) == 201);
}

TEST_CASE("a call by what the data say calls the processes that the scenario names") {
  const play::Folder folder("others-by-data");
  folder.put("caller.yaml",
             "switchboard: 1\nprocess: caller\ncalendar: 24x7@UTC\ndata: {kind: string}\nnodes:\n  arrive: {type: startEvent, next: call}\n"
             "  call: {type: callActivity, processBy: '\"do-\" + kind', next: leave}\n  leave: {type: endEvent}\n");
  for (const char* kind : {"repair", "complaint"})
    folder.put(std::string("do-") + kind + ".yaml",
               small::process(
                   std::string("do-") + kind, "",
                   "  arrive: {type: startEvent, next: look}\n  look: {type: userTask, groups: [crew], next: leave}\n  leave: {type: endEvent}\n"));
  const std::string rest =
      "cases: 40\narrivals: {caller: {every: 1 h, data: {kind: {choose: {repair: 0.5, complaint: 0.5}}}}}\nresources: {crew: 5}\n";
  const Value r =
      play::must(folder, rest + "processes: [do-repair, do-complaint]\nactivities: {do-repair/look: 10 min, do-complaint/look: 20 min}\n");
  const double repairs = number(r, {"overall", "activities", "do-repair/look", "count"});
  CHECK(repairs > 0);
  CHECK(repairs + number(r, {"overall", "activities", "do-complaint/look", "count"}) == 40);
  CHECK(number(r, {"overall", "activities", "do-complaint/look", "mean_service"}) == doctest::Approx(1200));
  CHECK(play::warnings(r).find("caller/call") == std::string::npos);
  // A process that is named and not there, or without a duration, is refused; when none is named the result says so.
  const auto unknown = play::run(folder, rest + "processes: [do-repairs]\n");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().text().find("SB1012") != std::string::npos);
  const auto unsaid = play::run(folder, rest + "processes: do-repair\n");
  REQUIRE_FALSE(unsaid);
  CHECK(unsaid.error().id == "SB1013");
  CHECK(play::warnings(play::must(folder, rest)).find("`caller/call` calls what its data say") != std::string::npos);
}
