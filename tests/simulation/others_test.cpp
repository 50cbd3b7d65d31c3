// What cases of a simulation do to each other is what they do in the engine: starts by messages, signals and timers, calls that are refused.
#include "simulation/play.hpp"

using namespace switchboard;
using play::number;

namespace {

const char* const asker = R"(switchboard: 1
process: asker
messages: {order: {payload: {}}}
signals: {alarm: {payload: {}}}
nodes:
  arrive: {type: startEvent, next: say}
  say: {type: intermediateThrowEvent, message: order, next: ring}
  ring: {type: intermediateThrowEvent, signal: alarm, next: leave}
  leave: {type: endEvent}
)";
const char* const doer = R"(switchboard: 1
process: doer
messages: {order: {payload: {}}}
nodes:
  arrive: {type: startEvent, message: order, next: serve}
  serve: {type: userTask, groups: [clerk], next: leave}
  leave: {type: endEvent}
)";
const char* const watcher = R"(switchboard: 1
process: watcher
signals: {alarm: {payload: {}}}
nodes:
  arrive: {type: startEvent, signal: alarm, next: look}
  look: {type: userTask, groups: [clerk], next: leave}
  leave: {type: endEvent}
)";
const char* const second_doer = R"(switchboard: 1
process: second-doer
messages: {order: {payload: {}}}
nodes:
  arrive: {type: startEvent, message: order, next: leave}
  leave: {type: endEvent}
)";
const char* const caller = R"(switchboard: 1
process: caller
data: {size: {type: number, default: 12}}
nodes:
  arrive: {type: startEvent, next: ask}
  ask: {type: callActivity, process: helper, in: {size: size}, next: leave}
  leave: {type: endEvent}
)";
const char* const helper = R"(switchboard: 1
process: helper
data: {size: {type: number, required: true, max: 10}}
nodes:
  arrive: {type: startEvent, next: leave}
  leave: {type: endEvent}
)";
const char* const nightly = R"(switchboard: 1
process: nightly
nodes:
  arrive: {type: startEvent, next: leave}
  midnight: {type: startEvent, timer: {every: 24 h}, next: sweep}
  sweep: {type: userTask, groups: [clerk], next: leave}
  leave: {type: endEvent}
)";

}  // namespace

TEST_CASE("a message and a signal that one case throws start cases of other processes") {
  const play::Folder folder("others");
  folder.put("asker.yaml", asker);
  folder.put("doer.yaml", doer);
  folder.put("watcher.yaml", watcher);
  const Value r = play::must(folder,
                             "cases: 20\narrivals: {asker: {every: 1 h}}\nresources: {clerk: 1}\n"
                             "activities: {serve: {duration: 10 min}, look: {duration: 5 min}}\n");
  CHECK(number(r, {"overall", "cases"}) == 60);
  CHECK(number(r, {"overall", "activities", "serve", "count"}) == 20);
  CHECK(number(r, {"overall", "activities", "look", "count"}) == 20);
  CHECK(number(r, {"overall", "resources", "clerk", "mean_wait"}) > 0);
}

TEST_CASE("a process that is started inside is bound like the others: without a duration it is refused") {
  const play::Folder folder("others-unbound");
  folder.put("asker.yaml", asker);
  folder.put("doer.yaml", doer);
  const auto refused = play::run(folder, "cases: 5\narrivals: {asker: {every: 1 h}}\nresources: {clerk: 1}\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB1013");
  CHECK(refused.error().text().find("doer/serve") != std::string::npos);
  const Value r = play::must(folder, "cases: 5\narrivals: {asker: {every: 1 h}}\nresources: {clerk: 1}\ndefaults: {duration: 5 min}\n");
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
  folder.put("second-doer.yaml", second_doer);
  const Value r = play::must(folder, "cases: 5\narrivals: {asker: {every: 1 h}}\nresources: {clerk: 1}\ndefaults: {duration: 5 min}\n");
  CHECK(number(r, {"overall", "cases"}) == 5);
  CHECK(to_json(play::at(r, {"warnings"})).find("SB0549") != std::string::npos);
}

TEST_CASE("a refused call is an incident of its caller, and the run goes on") {
  const play::Folder folder("others-refused");
  folder.put("caller.yaml", caller);
  folder.put("helper.yaml", helper);
  const Value r = play::must(folder, "until: 10 h\narrivals: {caller: {every: 1 h}}\n");
  CHECK(number(r, {"overall", "incidents"}) >= 9);
  CHECK(to_json(play::at(r, {"warnings"})).find("data 'size'") != std::string::npos);
}

TEST_CASE("timer start events start cases") {
  const play::Folder folder("others-timer");
  folder.put("nightly.yaml", nightly);
  const Value r = play::must(folder,
                             "until: 10 d\narrivals: {nightly: {every: 5 h, start: arrive}}\nresources: {clerk: 1}\n"
                             "activities: {sweep: {duration: 10 min}}\n");
  CHECK(number(r, {"overall", "activities", "sweep", "count"}) == 9);
}

TEST_CASE("a called case is cancelled also when its caller ends by giving it up") {
  const play::Folder folder("others-given-up");
  folder.put(
      "hasty.yaml",
      "switchboard: 1\nprocess: hasty\nnodes:\n  arrive: {type: startEvent, next: ask}\n  ask: {type: callActivity, process: slow, next: leave, "
      "boundary: {late: {timer: {after: 10 min}, next: gone}}}\n  gone: {type: endEvent}\n  leave: {type: endEvent}\n");
  folder.put("slow.yaml",
             "switchboard: 1\nprocess: slow\nnodes:\n  arrive: {type: startEvent, next: work}\n  work: {type: userTask, groups: [clerk], next: "
             "leave}\n  leave: {type: endEvent}\n");
  const Value r = play::must(folder, "cases: 5\narrivals: {hasty: {every: 1 h}}\nresources: {clerk: 1}\nactivities: {work: {duration: 30 min}}\n");
  CHECK(number(r, {"overall", "cases"}) == 5);
  CHECK(number(r, {"overall", "activities", "work", "count"}) == 0);
  CHECK(number(r, {"overall", "resources", "clerk", "mean_wait"}) == 0);
}
