// What a scenario may not say, and runs that cannot end well: each is one clear error, or a result with a warning; never a hang or a silent number.
#include "simulation/play.hpp"

using namespace switchboard;
using play::number;

namespace {

const char* const refused_desk = R"(switchboard: 1
process: desk
lanes: {clerk: {groups: [clerk]}}
data:
  kind: {enum: [plain, special], default: plain}
  again: {type: boolean, default: false}
  name: {type: string}
  amount: {type: number, min: 0, max: 100}
messages:
  called-off: {payload: {}}
nodes:
  arrive: {type: startEvent, next: serve}
  serve: {type: userTask, lane: clerk, form: [kind, again], next: more, boundary: {off: {message: called-off, next: gone}}}
  gone: {type: endEvent}
  more: {type: exclusiveGateway, next: [{if: again, to: serve}, {else: post}]}
  post: {type: serviceTask, job: post, next: leave, boundary: {bad: {error: rejected, next: gone}}}
  leave: {type: endEvent}
errors: {rejected: {name: Rejected}}
)";

// Waits for a message that nobody is made to send.
const char* const mute = R"(switchboard: 1
process: mute
messages: {word: {payload: {}}}
nodes:
  arrive: {type: startEvent, next: hear}
  hear: {type: intermediateCatchEvent, message: word, next: leave}
  leave: {type: endEvent}
)";

const play::Folder& refused_folder() {
  static const play::Folder made("refusals");
  static const bool written = (made.put("desk.yaml", refused_desk), made.put("mute.yaml", mute), true);
  REQUIRE(written);
  return made;
}

struct Row {
  const char* arrivals;
  const char* resources;
  const char* activities;
  const char* more;
  const char* place;  // line:column
  const char* rule;
  const char* says;
};

constexpr const char* ok_arrivals = "desk: {rate: 6 per h}";
constexpr const char* ok_resources = "clerk: 1";
constexpr const char* ok_activities = "serve: {duration: {exponential: 5 min}}";

void check_refused(const Row& row) {
  const std::string text =
      std::string("arrivals: {") + row.arrivals + "}\nresources: {" + row.resources + "}\nactivities: {" + row.activities + "}\n" + row.more;
  CAPTURE(text);
  const auto result = play::run(refused_folder(), text);
  REQUIRE_FALSE(result);
  const std::string all = result.error().text();
  CAPTURE(all);
  CHECK(all.find(row.rule) != std::string::npos);
  CHECK(all.find(row.says) != std::string::npos);
  CHECK(result.error().place.find(std::string("test.scenario.yaml:") + row.place) != std::string::npos);
}

}  // namespace

TEST_CASE("arrivals that cannot be") {
  // The scenario's own lines begin at 4: arrivals, 5: resources, 6: activities, 7: what else there is.
  for (const Row& row : {
           Row{"desk: {rate: -3 per h}", ok_resources, ok_activities, "", "4:25", "SB1005", "above zero"},
           Row{"desk: {rate: 0 per h}", ok_resources, ok_activities, "", "4:25", "SB1005", "leave the entry out"},
           Row{"desk: {rate: nan per h}", ok_resources, ok_activities, "", "4:25", "SB1005", "12 per h"},
           Row{"desk: {rate: .nan}", ok_resources, ok_activities, "", "4:25", "SB0104", "no number"},
           Row{"desk: {rate: 1e400 per h}", ok_resources, ok_activities, "", "4:25", "SB1005", "rate"},
           Row{"desk: {rate: 6}", ok_resources, ok_activities, "", "4:25", "SB1005", "12 per h"},
           Row{"desk: {rate: 6 per fortnight}", ok_resources, ok_activities, "", "4:25", "SB1005", "units s, min, h, d, w"},
           Row{"", ok_resources, ok_activities, "", "1:1", "SB1006", "nothing arrives"},
           Row{"desk: {}", ok_resources, ok_activities, "", "4:12", "SB1006", "rate"},
           Row{"desk: {rate: 6 per h, every: 10 min}", ok_resources, ok_activities, "", "4:12", "SB1006", "either"},
           Row{"desk: {every: 0 s}", ok_resources, ok_activities, "", "4:12", "SB1003", "above zero"},
           Row{"desk: {interarrival: 10 min}", ok_resources, ok_activities, "", "4:19", "SB1001", "every"},
           Row{"desk: {rate: 6 per h, hours: [1, 2]}", ok_resources, ok_activities, "", "4:41", "SB1003", "24"},
           Row{"desk: {rate: 6 per h, pulses: [{after: 1 h, for: 1 h}]}", ok_resources, ok_activities, "", "4:43", "SB1006", "factor"},
           Row{"desk: {rate: 6 per h, pulses: [{at: 2020-01-05T00:00, for: 2 h, factor: 2}]}", ok_resources, ok_activities, "", "4:43", "SB1006",
               "over before the scenario starts"},
           Row{"desk: {rate: 6 per h, calendar: nowhere}", ok_resources, ok_activities, "", "4:12", "SB1011", "nowhere"},
           Row{"desk: {rate: 6 per h, start: departed}", ok_resources, ok_activities, "", "4:41", "SB1012", "arrive"},
           Row{"desk: {rate: 900000 per s}", ok_resources, ok_activities, "until: 30 d\n", "4:12", "SB1021", "lower the rate"},
           Row{"desc: {rate: 6 per h}", ok_resources, ok_activities, "", "4:12", "SB1012", "did you mean `desk`"},
           Row{"desk: {rate: 6 per h, data: {kind: odd}}", ok_resources, ok_activities, "", "4:47", "SB1018", "plain"},
           Row{"desk: {rate: 6 per h, data: {kind: {choose: {plain: 3, specal: 1}}}}", ok_resources, ok_activities, "", "4:47", "SB1018", "specal"},
           Row{"desk: {rate: 6 per h, data: {kind: {choose: {plain: 0.5, special: 0.6}}}}", ok_resources, ok_activities, "", "4:56", "SB1016", "1.1"},
           Row{"desk: {rate: 6 per h, data: {kind: {choose: {plain: 0, special: 0}}}}", ok_resources, ok_activities, "", "4:56", "SB1003",
               "more than zero"},
           Row{"desk: {rate: 6 per h, data: {colour: red}}", ok_resources, ok_activities, "", "4:41", "SB1014", "colour"},
           Row{"desk: {rate: 6 per h, data: {amount: 1000}}", ok_resources, ok_activities, "", "4:49", "SB1018", "amount"},
       })
    check_refused(row);
}

TEST_CASE("resources, activities and messages that cannot be") {
  for (const Row& row : {
           Row{ok_arrivals, "clark: 1", ok_activities, "", "6:14", "SB1015", "rename resource `clark` to `clerk`"},
           Row{ok_arrivals, ok_resources, "serve: {duration: 5 min, resource: clrk}", "", "6:49", "SB1015", "did you mean `clerk`"},
           Row{ok_arrivals, ok_resources, "serve: {duration: 5 min, keep-until: serve}", "", "6:51", "SB1019", "no activity of the same process"},
           Row{ok_arrivals, ok_resources, ok_activities, "defaults: {resource: nix}\n", "7:22", "SB1015", "no resource `nix`"},
           Row{ok_arrivals, "clerk: 0", ok_activities, "", "5:20", "SB1003", "from 1"},
           Row{ok_arrivals, "clerk: -2", ok_activities, "", "5:20", "SB1003", "from 1"},
           Row{ok_arrivals, "clerk: 1.5", ok_activities, "", "5:20", "SB1003", "whole"},
           Row{ok_arrivals, "clerk: 99999999999", ok_activities, "", "5:20", "SB1003", "1000000"},
           Row{ok_arrivals, "clerk: {servers: 2}", ok_activities, "", "5:21", "SB1001", "did you mean `capacity`"},
           Row{ok_arrivals, "clerk: {capacity: 2, queue: lifo}", ok_activities, "", "5:41", "SB1009", "fifo"},
           Row{ok_arrivals, "clerk: {shifts: [{hours: \"9-17\", capacity: 1}]}", ok_activities, "", "5:38", "SB1008", "08:30-17:30"},
           Row{ok_arrivals, "clerk: {shifts: [{hours: \"09:00-17:00\", days: [], capacity: 1}]}", ok_activities, "", "5:13", "SB1008",
               "one day at least"},
           Row{ok_arrivals, ok_resources, "serv: {duration: 5 min}", "", "6:1", "SB1012", "did you mean"},
           Row{ok_arrivals, ok_resources, "post: {duration: 5 min}", "", "6:1", "SB1013", "serve"},
           Row{ok_arrivals, ok_resources, "serve: {duration: -5 min}", "", "6:32", "SB1004", "45 min"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {exponential: 0 min}}", "", "6:46", "SB1003", "above zero"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {exponential: .nan}}", "", "6:46", "SB0104", "no number"},
           Row{ok_arrivals, ok_resources, "serve: {duration: 200000 d}", "", "6:32", "SB1003", "hundred years"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {exponentail: 5 min}}", "", "6:33", "SB1006", "did you mean `exponential`"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {gamma: {mean: 5 min}}}", "", "6:40", "SB1006", "sd"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {gamma: {mean: 5 min, sd: 1 min, cv: 1}}}", "", "6:40", "SB1006", "one of"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {triangular: [9 min, 5 min, 1 min]}}", "", "6:45", "SB1003", "ascend"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {hyperexponential: [[5 min, 0.5], [9 min, 0.2]]}}", "", "6:51", "SB1016", "0.7"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {by: kind, plain: 5 min}}", "", "6:32", "SB1018", "special"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {by: kind, plian: 5 min, else: 1 min}}", "", "6:43", "SB1018", "plain"},
           Row{ok_arrivals, ok_resources, "serve: {duration: {by: kid, else: 5 min}}", "", "6:32", "SB1014", "kind"},
           Row{ok_arrivals, ok_resources, "serve: {duration: 5 min, data: {again: {probability: 1.5}}}", "", "6:67", "SB1003", "0 to 1"},
           Row{ok_arrivals, ok_resources, "serve: {duration: 5 min, data: {agian: true}}", "", "6:46", "SB1014", "again"},
           Row{ok_arrivals, ok_resources, "serve: {duration: 5 min, data: {kind: odd}}", "", "6:52", "SB1018", "plain"},
           Row{ok_arrivals, ok_resources, "serve: {duration: 5 min}, post: {fail: 0.1, error: rejcted}", "", "6:65", "SB1017", "rejected"},
           Row{ok_arrivals, ok_resources, "serve: {duration: 5 min, keep-until: post}", "", "6:51", "SB1019", "same process and resource"},
           Row{ok_arrivals, ok_resources, ok_activities, "messages: {caled-off: {after: 1 min}}\n", "7:12", "SB1017", "called-off"},
           Row{ok_arrivals, ok_resources, ok_activities, "until: 1 h\nwarm-up: 2 h\n", "8:10", "SB1003", "warm-up"},
           Row{ok_arrivals, ok_resources, ok_activities, "cases: 0\n", "7:8", "SB1003", "from 1"},
           Row{ok_arrivals, ok_resources, ok_activities, "seed: -1\n", "7:7", "SB1003", "from 0"},
           Row{ok_arrivals, ok_resources, ok_activities, "until: 3 bd\n", "7:8", "SB1004", "wall-clock"},
           Row{ok_arrivals, ok_resources, ok_activities, "warmup: 3 h\n", "7:1", "SB1001", "warm-up"},
       })
    check_refused(row);
}

TEST_CASE("more work than can be done: a bounded run says so, an endless one is stopped") {
  const std::string rest = "resources: {clerk: 1}\nactivities: {serve: {duration: {exponential: 10 min}}}\n";
  const Value v = play::must(refused_folder(), "cases: 3000\narrivals: {desk: {rate: 12 per h}}\n" + rest);
  CHECK(number(v, {"overall", "cases"}) == 3000);
  CHECK(number(v, {"overall", "resources", "clerk", "load"}) == doctest::Approx(2).epsilon(0.1));
  REQUIRE(play::at(v, {"warnings"}).list()->size() == 1);
  CHECK(play::at(v, {"warnings"}).list()->front().string()->find("overloaded") != std::string::npos);

  const auto stopped =
      play::run(refused_folder(), "until: 30 d\narrivals: {desk: {rate: 1000 per s}}\nresources: {clerk: 1}\nactivities: {serve: {duration: 1 h}}\n");
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().id == "SB1021");
  const auto full = play::run(refused_folder(), "until: 1 h\narrivals: {desk: {rate: 1000 per s}}\n" + rest);
  REQUIRE_FALSE(full);
  CHECK(full.error().id == "SB1022");
  CHECK(full.error().text().find("capacity") != std::string::npos);
}

TEST_CASE("a loop without a way out is stopped") {
  const auto stopped =
      play::run(refused_folder(),
                "cases: 1\narrivals: {desk: {rate: 1 per h}}\nresources: {clerk: 1}\nactivities: {serve: {duration: 1 s, data: {again: true}}}\n");
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().id == "SB1022");
  CHECK(stopped.error().text().find("does not end") != std::string::npos);
}

TEST_CASE("cases that wait for ever are counted and named") {
  for (const char* length : {"cases: 20\n", "until: 40 h\n"}) {
    CAPTURE(length);
    const Value v = play::must(refused_folder(), std::string(length) + "arrivals: {mute: {every: 1 h}}\n");
    CHECK(number(v, {"overall", "stuck"}) >= 20);
    CHECK(play::at(v, {"warnings"}).list()->size() == 2);
    CHECK(play::at(v, {"warnings"}).list()->back().string()->find("word") != std::string::npos);
  }
}

TEST_CASE("a refusal of the engine names case and reason") {
  play::Folder own("refused");
  own.put("strict.yaml",
          "switchboard: 1\nprocess: strict\nlanes: {clerk: {groups: [clerk]}}\ndata: {n: {type: number, max: 10}}\nnodes:\n"
          "  arrive: {type: startEvent, next: serve}\n  serve: {type: userTask, lane: clerk, form: [n], next: leave}\n  leave: {type: endEvent}\n");
  const auto result = play::run(
      own,
      "cases: 50\narrivals: {strict: {rate: 1 per h}}\nresources: {clerk: 1}\nactivities: {serve: {duration: 1 s, data: {n: {integer: [1, 12]}}}}\n");
  REQUIRE_FALSE(result);
  CHECK(result.error().id == "SB1020");
  CHECK(result.error().text().find("strict-") != std::string::npos);
}

TEST_CASE("what `check` refuses is not played") {
  const play::Folder folder("unchecked");
  folder.put("child.yaml",
             "switchboard: 1\nprocess: child\ndata: {subject: {type: string, required: true}}\n"
             "nodes:\n  begin: {type: startEvent, next: done}\n  done: {type: endEvent}\n");
  folder.put("parent.yaml",
             "switchboard: 1\nprocess: parent\nnodes:\n  begin: {type: startEvent, next: ask}\n"
             "  ask: {type: callActivity, process: child, next: done}\n  done: {type: endEvent}\n");
  const auto refused = play::run(folder, "arrivals: {parent: {rate: 6 per h}}\ncases: 3\n");
  REQUIRE_FALSE(refused);
  CHECK(refused.error().id == "SB0461");
  REQUIRE(refused.error().findings.size() == 1);
  CHECK(refused.error().findings.front().element == "ask");
}
