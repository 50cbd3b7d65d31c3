// What is measured, and the ways to say one thing: queues of the textbooks in other words, priorities, storms, warm-up, runs that stop in the middle.
#include <cmath>

#include "simulation/play.hpp"

using namespace switchboard;
using play::number;

namespace {

const char* const desk = R"(switchboard: 1
process: desk
lanes: {clerk: {groups: [clerk]}}
data: {class: {enum: [gold, plain], default: plain}}
nodes:
  arrive: {type: startEvent, next: serve}
  serve: {type: userTask, lane: clerk, priority: 'if class = "gold" then 90 else 10', next: which}
  which: {type: exclusiveGateway, next: [{if: class = "gold", to: gold}, {else: plain}]}
  gold: {type: userTask, next: leave}
  plain: {type: userTask, next: leave}
  leave: {type: endEvent}
)";

// Work, then an answer of the customer while the clock stands still, then work.
const char* const talk = R"(switchboard: 1
process: talk
lanes: {clerk: {groups: [clerk]}, customer: {groups: [customer]}}
messages: {answer: {payload: {}}}
nodes:
  arrive: {type: startEvent, next: ask}
  ask: {type: userTask, lane: clerk, next: wait}
  wait: {type: intermediateCatchEvent, lane: customer, message: answer, next: rest}
  rest: {type: intermediateCatchEvent, timer: {after: 2 h}, next: done}
  done: {type: userTask, lane: clerk, next: leave}
  leave: {type: endEvent}
sla:
  ours: {start: {process: started}, stop: {process: ended}, within: 4 h, pause: {in: [customer]}}
  whole: {start: {process: started}, stop: {process: ended}, within: 12 h}
)";

const play::Folder& measured_folder() {
  static const play::Folder made("measure");
  static const bool written = (made.put("desk.yaml", desk), made.put("talk.yaml", talk), true);
  REQUIRE(written);
  return made;
}

constexpr const char* nobody_else = "defaults: {duration: 0 s, resource: none}\n";

}  // namespace

TEST_CASE("one M/M/1 queue in many words gives one result" * doctest::test_suite("closed forms")) {
  const std::string head = "cases: 3000\nseed: 9\n";
  const auto figures = [&](const std::string& text) {
    const Value v = play::must(measured_folder(), head + text + nobody_else);
    return number(v, {"overall", "resources", "clerk", "mean_wait"});
  };
  const double expected =
      figures("arrivals: {desk: {rate: 8 per h}}\nresources: {clerk: 1}\nactivities: {serve: {duration: {exponential: 6 min}}}\n");
  CHECK(expected > 0);
  for (const char* const row : {
           "arrivals: {desk: 8 per h}\nresources: {clerk: {capacity: 1}}\nactivities: {serve: {exponential: 6 min}}\n",
           "arrivals: {desk: {rate: 8/h}}\nresources: {clerk: 1}\nactivities: {serve: {duration: {exponential: {mean: 6 min}}}}\n",
           "arrivals: {desk: {rate: 8 / hour}}\nresources: {clerk: 1}\nactivities: {serve: {duration: {exponential: {rate: 10 per h}}}}\n",
           "arrivals: {desk: {rate: 192 per day}}\nresources: {clerk: 1}\nactivities: {serve: {duration: {distribution: exponential, mean: 360 "
           "s}}}\n",
           "arrivals: {people: {process: desk, rate: 8 per h}}\nresources: {clerk: 1}\nactivities: {desk/serve: {duration: {exponential: PT6M}}}\n",
           "arrivals: {desk: {rate: 8 per h}}\nresources: {hands: 1, clerk: 1}\nactivities: {serve: {duration: {exponential: 0.1 h}, resource: "
           "clerk}}\n",
       }) {
    const std::string text = row;
    CAPTURE(text);
    CHECK(figures(text) == doctest::Approx(expected).epsilon(text.find("people") != std::string::npos ? 0.5 : 1e-6));
  }
  // Gaps drawn one by one: the same queue, another luck.
  CHECK(
      figures("arrivals: {desk: {every: {exponential: 7.5 min}}}\nresources: {clerk: 1}\nactivities: {serve: {duration: {exponential: 6 min}}}\n") ==
      doctest::Approx(1440).epsilon(0.4));
}

TEST_CASE("M/D/2, M/H2/1 and E2/M/1" * doctest::test_suite("closed forms")) {
  const std::string head = "cases: 50000\nreplications: 4\nwarm-up: 50 h\nseed: 21\n";
  // M/D/1: half of the wait of M/M/1. rho 0.8, mean service 6 min: 0.8 * 360 / (2 * 0.2).
  const Value d = play::must(measured_folder(),
                             head + "arrivals: {desk: {rate: 8 per h}}\nresources: {clerk: 1}\nactivities: {serve: {fixed: 6 min}}\n" + nobody_else);
  CHECK(number(d, {"overall", "resources", "clerk", "mean_wait"}) == doctest::Approx(720).epsilon(0.04));
  // Hyperexponential service, mean 5.5 min, second moment 2 * (0.9 * 3^2 + 0.1 * 28^2) min^2: Pollaczek and Khinchine with rho 0.55.
  const Value h = play::must(
      measured_folder(),
      head + "arrivals: {desk: {rate: 6 per h}}\nresources: {clerk: 1}\nactivities: {serve: {hyperexponential: [[3 min, 0.9], [28 min, 0.1]]}}\n" +
          nobody_else);
  const double second = 2 * (0.9 * 9 + 0.1 * 784) * 3600;
  CHECK(number(h, {"overall", "resources", "clerk", "mean_wait"}) == doctest::Approx(6.0 / 3600 * second / (2 * 0.45)).epsilon(0.05));
  // E2/M/1: the root s in (0, 1) of s = (2 lambda / (2 lambda + mu (1 - s)))^2; wait = s / (mu (1 - s)).
  const Value e = play::must(
      measured_folder(),
      head + "arrivals: {desk: {every: {erlang: {stages: 2, mean: 7.5 min}}}}\nresources: {clerk: 1}\nactivities: {serve: {exponential: 6 min}}\n" +
          nobody_else);
  double s = 0.5;
  for (int i = 0; i < 200; ++i) s = std::pow(16.0 / (16.0 + 10.0 * (1 - s)), 2);
  CHECK(number(e, {"overall", "resources", "clerk", "mean_wait"}) == doctest::Approx(s / (10.0 * (1 - s)) * 3600).epsilon(0.04));
}

TEST_CASE("priority without interruption: Cobham's waits" * doctest::test_suite("closed forms")) {
  // lambda 2 and 6 per h, mean service 6 min: rho 0.2 and 0.6; work in service found on arrival: 0.8 * 360 s.
  const Value v =
      play::must(measured_folder(),
                 "cases: 50000\nreplications: 4\nwarm-up: 50 h\nseed: 22\narrivals:\n  gold: {process: desk, rate: 2 per h, data: {class: gold}}\n"
                 "  plain: {process: desk, rate: 6 per h, data: {class: plain}}\nresources: {clerk: {capacity: 1, queue: priority}, behind: 100000}\n"
                 "activities: {serve: {exponential: 6 min}, gold: {duration: 0 s, resource: none}, plain: {duration: 0 s, resource: none}}\n");
  const double found = 0.8 * 360;
  // The mean over both classes; each class by its own: gold 288 / 0.8, plain 288 / (0.8 * 0.2).
  CHECK(number(v, {"overall", "resources", "clerk", "mean_wait"}) == doctest::Approx(0.25 * found / 0.8 + 0.75 * found / (0.8 * 0.2)).epsilon(0.05));
}

TEST_CASE("a storm pulse brings what it says") {
  SimulationOptions o;
  const auto cases = [&](const std::string& pulses) {
    return number(play::must(measured_folder(), "until: 10 d\nreplications: 4\nseed: 3\narrivals: {desk: {rate: 10 per h" + pulses +
                                                    "}}\nresources: {clerk: 50}\nactivities: {serve: 1 min}\n" + nobody_else),
                  {"overall", "cases"}) /
           4;
  };
  CHECK(cases("") == doctest::Approx(2400).epsilon(0.05));
  CHECK(cases(", pulses: [{after: 100 h, for: 20 h, factor: 12}]") == doctest::Approx(2400 + 20 * 10 * 11).epsilon(0.05));
  CHECK(cases(", pulses: [{at: 2026-01-09T04:00, for: 20 h, factor: 12}]") == cases(", pulses: [{after: 100 h, for: 20 h, factor: 12}]"));
  CHECK(cases(", pulses: [{after: 100 h, for: 20 h, factor: 0}]") == doctest::Approx(2400 - 200).epsilon(0.05));
}

TEST_CASE("warm-up: the filling of an empty system does not count") {
  // Every 6 min a case of 10 h, enough people: 100 at work from 10 h on.
  const std::string rest =
      "arrivals: {desk: {every: 6 min}}\nresources: {clerk: 200}\nactivities: {serve: {duration: 10 h}}\n" + std::string(nobody_else);
  CHECK(number(play::must(measured_folder(), "until: 20 h\nwarm-up: 10 h\n" + rest), {"overall", "resources", "clerk", "utilisation"}) ==
        doctest::Approx(0.5).epsilon(0.01));
  CHECK(number(play::must(measured_folder(), "until: 20 h\n" + rest), {"overall", "resources", "clerk", "utilisation"}) ==
        doctest::Approx(0.375).epsilon(0.01));
  const Value counted = play::must(measured_folder(), "until: 20 h\nwarm-up: 5 h\n" + rest);
  CHECK(number(counted, {"overall", "cases"}) == doctest::Approx(50).epsilon(0.05));  // arrived from 5 h on, ended before 20 h
  CHECK(number(counted, {"overall", "open_at_end"}) == doctest::Approx(100).epsilon(0.02));
}

TEST_CASE("where the time of a clock went, pauses left out; promises still open at the end are judged when they can be") {
  const Value v = play::must(measured_folder(),
                             "cases: 500\nseed: 2\narrivals: {talk: {every: 5 h}}\nresources: {clerk: 1}\nactivities: {ask: 30 min, done: 30 "
                             "min}\nmessages: {answer: {after: 5 h}}\n");
  const auto where = [&](const char* clock, const char* place) { return number(v, {"overall", "clocks", clock, "where", place}); };
  CHECK(number(v, {"overall", "clocks", "ours", "mean"}) == doctest::Approx(3 * 3600));
  CHECK(where("ours", "work") == doctest::Approx(3600));
  CHECK(where("ours", "events") == doctest::Approx(7200));
  CHECK(where("ours", "customer") == 0);
  CHECK(number(v, {"overall", "clocks", "whole", "mean"}) == doctest::Approx(8 * 3600));
  CHECK(where("whole", "customer") == doctest::Approx(5 * 3600));
  CHECK(where("whole", "other") == doctest::Approx(0));

  // Nobody answers: after 12 h each `whole` is broken though the case is open; younger ones are undecided. `ours` stands still: undecided.
  const Value open =
      play::must(measured_folder(), "until: 100 h\narrivals: {talk: {every: 1 h}}\nresources: {clerk: 1}\nactivities: {ask: 30 min, done: 30 min}\n");
  CHECK(number(open, {"overall", "clocks", "whole", "kept"}) == 0);
  CHECK(number(open, {"overall", "clocks", "whole", "open_late"}) == doctest::Approx(88).epsilon(0.02));
  CHECK(number(open, {"overall", "clocks", "whole", "undecided"}) == doctest::Approx(12).epsilon(0.1));
  CHECK(number(open, {"overall", "clocks", "ours", "undecided"}) == doctest::Approx(100).epsilon(0.02));
  CHECK(number(open, {"overall", "clocks", "ours", "count"}) == 0);
}

TEST_CASE("after hours: finished by people who stay, or suspended until the morning; busy is never more than there is") {
  const std::string rest =
      "until: 30 d\nseed: 2\narrivals: {desk: {every: 170 min}}\nactivities: {serve: {duration: 2 h}}\n" + std::string(nobody_else);
  const Value stay = play::must(measured_folder(), rest + "resources: {clerk: {shifts: [{hours: \"08:00-17:00\", capacity: 3}]}}\n");
  const Value wait =
      play::must(measured_folder(), rest + "resources: {clerk: {at-close: suspend, shifts: [{hours: \"08:00-17:00\", capacity: 3}]}}\n");
  for (const Value* v : {&stay, &wait}) {
    CHECK(number(*v, {"overall", "resources", "clerk", "utilisation"}) == doctest::Approx(0.627).epsilon(0.08));
    CHECK(number(*v, {"overall", "resources", "clerk", "load"}) == doctest::Approx(0.627).epsilon(0.05));
    CHECK(number(*v, {"overall", "activities", "serve", "mean_service"}) == doctest::Approx(7200));
  }
  CHECK(number(stay, {"overall", "resources", "clerk", "overtime"}) > 0.01);
  CHECK(number(wait, {"overall", "resources", "clerk", "overtime"}) == 0);
}
