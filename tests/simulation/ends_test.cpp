// Runs that end with a queue, and queues that grow: no wait is lost, Little's law is an identity, overload is said.
#include <atomic>
#include <cmath>
#include <stdexcept>
#include <vector>

#include "simulation/play.hpp"

using namespace switchboard;
using play::number;

namespace {

const char* const ends_queue = R"(switchboard: 1
process: queue
nodes:
  arrive: {type: startEvent, next: serve}
  serve: {type: userTask, groups: [clerk], next: leave, boundary: {tired: {timer: {after: 20 h}, next: leave}}}
  leave: {type: endEvent}
sla:
  sojourn: {start: {process: started}, stop: {completed: serve}, within: 10 min}
)";

// A crew looks, waits twenty minutes with the case, and looks again.
const char* const ends_stay = R"(switchboard: 1
process: stay
nodes:
  arrive: {type: startEvent, next: first}
  first: {type: userTask, groups: [crew], next: wait}
  wait: {type: intermediateCatchEvent, timer: {after: 20 min}, next: second}
  second: {type: userTask, groups: [crew], next: leave}
  leave: {type: endEvent}
)";

const play::Folder& ends_folder() {
  static const play::Folder made("ends");
  static const bool written = (made.put("queue.yaml", ends_queue), made.put("stay.yaml", ends_stay), true);
  REQUIRE(written);
  return made;
}
Value ends(const std::string& text) { return play::must(ends_folder(), text); }
double of_clerk(const Value& v, const char* figure) { return number(v, {"overall", "resources", "clerk", figure}); }

}  // namespace

TEST_CASE("what waits at the end has waited: a week that ends on a Sunday night") {
  // One each hour, day and night; from Friday 18:00 on nobody works. Everything waits for Monday but the 50 cases that come on weekdays by day.
  const Value v = ends(
      "start: 2026-01-05T00:00\nuntil: 7 d\narrivals: {queue: {every: 1 h}}\nresources: {clerk: {shifts: [{hours: \"08:00-18:00\", days: mon-fri, "
      "capacity: 3}]}}\nactivities: {serve: 6 min}\n");
  play::check_little(v);
  CHECK(of_clerk(v, "arrivals_per_second") == doctest::Approx(168.0 / (7 * 86400)));
  // By hand: `tired` takes work back after 20 h. Nights: 13 or 14 wait until 8. Weekend: from Friday 18:00 each waits 20 h, the last of Sunday less.
  CHECK(of_clerk(v, "mean_wait") > 6 * 3600);
  CHECK(of_clerk(v, "p95_wait") == doctest::Approx(20 * 3600).epsilon(0.005));
}

TEST_CASE("an overloaded queue: all waits inside the window, over all arrivals, to the second") {
  // Every 6 min one, each of 12 min: the n-th waits 6 (n - 1) min. At 10 h, the 100th arrives; 50 have begun.
  const Value v = ends("until: 10 h\narrivals: {queue: {every: 6 min}}\nresources: {clerk: 1}\nactivities: {serve: 12 min}\n");
  play::check_little(v);
  double waited = 0;
  for (int n = 1; n <= 100; ++n) waited += std::min(6.0 * (n - 1), 600.0 - 6 * n);
  CHECK(of_clerk(v, "mean_wait") == doctest::Approx(waited * 60 / 100));
  CHECK(of_clerk(v, "mean_queue") == doctest::Approx(waited / 600));
  CHECK(of_clerk(v, "load") == doctest::Approx(2).epsilon(0.01));
  // With a warm-up: what began to wait before it waits on in the window, and is not an arrival of it.
  play::check_little(ends("until: 10 h\nwarm-up: 5 h\narrivals: {queue: {every: 6 min}}\nresources: {clerk: 1}\nactivities: {serve: 12 min}\n"));
  play::check_little(
      ends("cases: 90\nwarm-up: 5 h\nreplications: 3\narrivals: {queue: {rate: 10 per h}}\nresources: {clerk: 1}\nactivities: "
           "{serve: {exponential: 12 min}}\n"));
}

TEST_CASE("waits without an arrival in the window have no mean") {
  const Value v =
      ends("until: 10 h\nwarm-up: 5 h\narrivals: {queue: {every: 1 min, limit: 200}}\nresources: {clerk: 1}\nactivities: {serve: 10 min}\n");
  CHECK(of_clerk(v, "mean_queue") > 100);
  CHECK(play::at(v, {"overall", "resources", "clerk", "mean_wait"}).is_null());
}

TEST_CASE("who stays with a case is offered for as long as he stays: load and overload tell") {
  const std::string rest = "\nresources: {crew: 1}\nactivities: {first: {duration: 5 min, keep-until: second}, second: 5 min}\n";
  const auto load = [&](const std::string& every) {
    const Value v = ends("cases: 500\narrivals: {stay: {every: " + every + "}}" + rest);
    return std::pair(number(v, {"overall", "resources", "crew", "load"}), play::warnings(v));
  };
  const auto over = load("10 min");
  CHECK(over.first == doctest::Approx(3).epsilon(0.01));
  CHECK(over.second.find("`crew` is overloaded: 3.0") != std::string::npos);
  const auto under = load("40 min");
  CHECK(under.first == doctest::Approx(0.75).epsilon(0.01));
  CHECK(under.second.empty());
  // Ended before anybody has been released: what is known is told.
  const Value begun = ends("until: 24 min\narrivals: {stay: {every: 1 min}}" + rest);
  CHECK(number(begun, {"overall", "resources", "crew", "load"}) > 10);
}

TEST_CASE("a queue that grows to the end is warned of, whatever the load says; one that comes and goes is not") {
  const auto rush = [](const std::string& from) {
    return play::warnings(ends("until: 48 h\narrivals: {queue: {rate: 6 per h, pulses: [{after: " + from +
                               ", for: 14 h, factor: 8}]}}\nresources: {clerk: 4}\nactivities: {serve: {exponential: 6 min}}\n"));
  };
  CHECK(rush("34 h").find("`clerk` grows to the end of the run") != std::string::npos);
  CHECK(rush("10 h").empty());
}

TEST_CASE("an interval that nobody knows is null, not zero") {
  const Value one = ends("cases: 1\narrivals: {queue: {every: 1 h}}\nresources: {clerk: 1}\nactivities: {serve: 5 min}\n");
  CHECK(play::at(one, {"overall", "cycle_time", "half_width"}).is_null());
  CHECK(play::at(one, {"overall", "clocks", "sojourn", "half_width"}).is_null());
  CHECK(play::at(one, {"overall", "clocks", "sojourn", "kept_half_width"}).is_null());
  CHECK(play::at(one, {"overall", "resources", "clerk", "half_width"}).is_null());
  const Value many = ends("cases: 50\narrivals: {queue: {every: 1 h}}\nresources: {clerk: 1}\nactivities: {serve: 5 min}\n");
  CHECK(number(many, {"overall", "cycle_time", "half_width"}) == 0);
}

TEST_CASE("what `progress` throws ends the run and is the error, with any number of threads") {
  const std::string text =
      "cases: 3000\nreplications: 8\narrivals: {queue: {rate: 8 per h}}\nresources: {clerk: 1}\nactivities: {serve: {exponential: 6 min}}\n";
  for (const unsigned threads : {1u, 2u, 4u}) {
    CAPTURE(threads);
    SimulationOptions o;
    o.threads = threads;
    o.progress = [](double) { throw 3; };
    const auto odd = play::run(ends_folder(), text, o);
    REQUIRE_FALSE(odd);
    CHECK(odd.error().id == "SB1023");
    std::atomic<int> told = 0;
    o.progress = [&](double share) {
      ++told;
      if (share > 0.2) throw std::runtime_error("enough");
    };
    const auto stopped = play::run(ends_folder(), text, o);
    REQUIRE_FALSE(stopped);
    CHECK(stopped.error().message == "`progress` threw: enough");
    CHECK(told < 400);
  }
}

TEST_CASE("a mistake in a file beside the scenario is told first, and is the only one") {
  const std::string scenario = "arrivals: {queue: {every: 1 h}}\nresources: {clerk: 1}\nactivities: {serve: 5 min}\n";
  const play::Folder broken("broken");
  std::string text = ends_queue;
  text.replace(text.find("next: serve"), 11, "next: swerve");
  broken.put("queue.yaml", text);
  const auto process = play::run(broken, scenario);
  REQUIRE_FALSE(process);
  CHECK(process.error().place.find("queue.yaml:4:") != std::string::npos);
  CHECK(process.error().message.find("swerve") != std::string::npos);
  CHECK(process.error().text().find("SB1012") == std::string::npos);
  broken.put("queue.yaml", ends_queue);
  broken.put("ours.yaml", "switchboard: 1\ncalendar: ours\nzone: Nowhere/Land\nweek: {mon: [\"08:00-18:00\"]}\n");
  const auto calendar = play::run(broken,
                                  "arrivals: {queue: {every: 1 h}}\nresources: {clerk: {shifts: [{calendar: ours, capacity: 1}]}}\nactivities: "
                                  "{serve: 5 min}\n");
  REQUIRE_FALSE(calendar);
  CHECK(calendar.error().place.find("ours.yaml:") != std::string::npos);
  CHECK(calendar.error().text().find("SB1011") == std::string::npos);
  CHECK(play::run(broken, scenario));  // nobody needs it
}

TEST_CASE("runs of no length, pulses without a beginning, ids that are none, folders that are not there") {
  const std::string rest = "resources: {clerk: 1}\nactivities: {serve: 5 min}\n";
  const auto refused = [&](const std::string& text, const SimulationOptions& o = {}) {
    const auto result = play::run(ends_folder(), text + rest, o);
    return result ? std::string() : result.error().text();
  };
  const std::string zero = refused("until: 0 h\narrivals: {queue: {every: 1 h}}\n");
  CHECK(zero.find(":4:8 [test]: the run must have a length above zero [SB1003]") != std::string::npos);
  SimulationOptions none;
  none.until = "0 h";
  CHECK(refused("arrivals: {queue: {every: 1 h}}\n", none).find("until: `0 h`") != std::string::npos);
  CHECK(refused("arrivals: {queue: {rate: 1 per h, pulses: [{for: 1 h, factor: 2}]}}\n").find("a pulse needs its beginning") != std::string::npos);
  SimulationOptions nowhere;
  nowhere.processes = "/nonexist";
  CHECK(refused("arrivals: {queue: {every: 1 h}}\n", nowhere).find("/nonexist") != std::string::npos);
  const auto id = simulate_text("switchboard: 1\nscenario: No Id!\narrivals: {queue: 1 per h}\n" + rest, ends_folder().file("x.scenario.yaml"), {});
  REQUIRE_FALSE(id);
  CHECK(id.error().id == "SB0110");
}
