// Resources that stay with their case between two steps, and those that do not.
#include <cmath>

#include "simulation/play.hpp"

using namespace switchboard;
using play::number;

namespace {

// Drive, then repair: two steps of a crew; a desk looks at the order between the repair and the report, which the crew writes.
const char* const visit = R"(switchboard: 1
process: visit
lanes: {crew: {groups: [crew]}, desk: {groups: [desk]}}
nodes:
  arrive: {type: startEvent, next: drive}
  drive: {type: userTask, lane: crew, next: repair, boundary: {called-off: {message: called-off, next: gone}}}
  gone: {type: endEvent}
  repair: {type: userTask, lane: crew, next: look}
  look: {type: userTask, lane: desk, next: report}
  report: {type: userTask, lane: crew, next: leave}
  leave: {type: endEvent}
messages: {called-off: {payload: {}}}
sla:
  whole: {start: {process: started}, stop: {process: ended}, within: 8 h}
)";

const play::Folder& folder() {
  static const play::Folder made("keep");
  static const bool written = (made.put("visit.yaml", visit), true);
  REQUIRE(written);
  return made;
}

const char* const steps =
    "activities: {drive: {duration: {exponential: 3 min}}, repair: {duration: {exponential: 3 min}}, look: {duration: 1 min}, report: {duration: 1 "
    "min}}\n";

}  // namespace

TEST_CASE("released between two steps, another case takes the crew; kept, it goes on at once") {
  const std::string rest = std::string("cases: 20000\nwarm-up: 10 h\nseed: 4\narrivals: {visit: {rate: 6 per h}}\n") + steps;
  const Value released = play::must(folder(), rest + "resources: {desk: 5, crew: 1}\n");
  const Value kept = play::must(folder(), rest + "resources: {desk: 5, crew: {capacity: 1, keep: true}}\n");
  CHECK(number(released, {"overall", "activities", "repair", "mean_wait"}) > 60);
  CHECK(number(kept, {"overall", "activities", "repair", "mean_wait"}) == 0);
  CHECK(number(kept, {"overall", "activities", "report", "mean_wait"}) > 60);  // the desk came between
  CHECK(number(kept, {"overall", "resources", "crew", "utilisation"}) ==
        doctest::Approx(number(released, {"overall", "resources", "crew", "utilisation"})).epsilon(0.01));
  play::check_little(kept);
}

TEST_CASE("drive and repair kept together are one service of an M/E2/1 queue" * doctest::test_suite("closed forms")) {
  // Without report and look: two exponential stages of 3 min, rate 6 per h: rho 0.6, cv^2 1/2.
  const Value v =
      play::must(folder(),
                 "cases: 60000\nwarm-up: 20 h\nreplications: 4\nseed: 5\narrivals: {visit: {rate: 6 per h}}\nresources: {desk: 5, crew: {capacity: "
                 "1, keep: true}}\n"
                 "activities: {drive: {duration: {exponential: 3 min}}, repair: {duration: {exponential: 3 min}}, look: {duration: 1 min}, "
                 "report: {duration: 1 min, resource: desk}}\n");
  CHECK(number(v, {"overall", "activities", "drive", "mean_wait"}) == doctest::Approx(0.6 * 360 * 1.5 / (2 * 0.4)).epsilon(0.04));
}

TEST_CASE("keep-until holds the crew while somebody else works; it is busy then") {
  const std::string rest = "cases: 4000\nseed: 4\narrivals: {visit: {every: 20 min}}\nresources: {desk: 1, crew: 1}\n";
  const Value v =
      play::must(folder(), rest +
                               "activities: {drive: {duration: 3 min, keep-until: report}, repair: {duration: 3 min}, look: {duration: 8 min}, "
                               "report: {duration: 1 min}}\n");
  CHECK(number(v, {"overall", "resources", "crew", "utilisation"}) == doctest::Approx(15.0 / 20).epsilon(0.01));
  for (const char* step : {"drive", "repair", "report"}) CHECK(number(v, {"overall", "activities", step, "mean_wait"}) == 0);
}

TEST_CASE("a kept crew is free again when the case ends early or its work is taken back") {
  for (const char* keep : {"keep: true", "keep-until: report"}) {
    CAPTURE(keep);
    const Value v = play::must(folder(), std::string("cases: 5000\nseed: 4\narrivals: {visit: {rate: 4 per h}}\nresources: {desk: 2, crew: 1}\n") +
                                             "messages: {called-off: {probability: 0.5, after: 1 min}}\nactivities: {drive: {duration: 3 min, " +
                                             keep + "}, repair: {duration: 3 min}, look: {duration: 1 min}, report: {duration: 1 min}}\n");
    CHECK(number(v, {"overall", "cases"}) == 5000);
    CHECK(number(v, {"overall", "stuck"}) == 0);
    CHECK(number(v, {"overall", "resources", "crew", "utilisation"}) < 0.5);
  }
}

TEST_CASE("a resource's keep may be taken back at an activity") {
  const Value v = play::must(
      folder(),
      "cases: 20000\nseed: 4\narrivals: {visit: {rate: 6 per h}}\nresources: {desk: 5, crew: {capacity: 1, keep: true}}\n"
      "activities: {drive: {duration: {exponential: 3 min}, keep: false}, repair: {duration: {exponential: 3 min}}, look: {duration: 1 min}, "
      "report: {duration: 1 min}}\n");
  CHECK(number(v, {"overall", "activities", "repair", "mean_wait"}) > 60);
}
