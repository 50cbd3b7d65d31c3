// Closed forms of queueing theory against the simulator, on a process that is a plain queue. Tolerances are stated beside each check.
#include <cmath>

#include "simulation/play.hpp"

using namespace switchboard;
using play::number;
using play::without_wall;

namespace {

const char* const queue_process = R"(switchboard: 1
process: queue
nodes:
  arrive: {type: startEvent, next: serve}
  serve: {type: userTask, groups: [clerk], next: leave}
  leave: {type: endEvent}
sla:
  promise: {start: {process: started}, stop: {completed: serve}, within: 30 min}
)";

const play::Folder& queue_folder() {
  static const play::Folder made("queue");
  static const bool written = (made.put("queue.yaml", queue_process), true);
  REQUIRE(written);
  return made;
}
Value queue(const std::string& rest, const SimulationOptions& options = {}) { return play::must(queue_folder(), rest, options); }

double erlang_c(double lambda, double mu, int c) {
  const double a = lambda / mu;
  double sum = 0;
  double term = 1;
  for (int k = 0; k < c; ++k) {
    sum += term;
    term *= a / (k + 1);
  }
  const double last = term * c / (c - a);
  return last / (sum + last);
}

}  // namespace

TEST_CASE("M/M/1: waiting time, queue, utilisation, Little's law" * doctest::test_suite("closed forms")) {
  // rho 0.8: Wq = rho / (mu - lambda) = 1440 s, Lq = 3.2, 95 % of the time in system: -ln(0.05) / (mu - lambda).
  const Value v = queue(
      "cases: 80000\nwarm-up: 50 h\nreplications: 4\nseed: 11\narrivals: {queue: {rate: 8 per h}}\nresources: {clerk: 1}\nactivities: {serve: "
      "{duration: {exponential: 6 min}}}\n");
  CHECK(number(v, {"overall", "resources", "clerk", "mean_wait"}) == doctest::Approx(1440).epsilon(0.04));
  CHECK(number(v, {"overall", "resources", "clerk", "mean_queue"}) == doctest::Approx(3.2).epsilon(0.04));
  CHECK(number(v, {"overall", "resources", "clerk", "utilisation"}) == doctest::Approx(0.8).epsilon(0.01));
  CHECK(number(v, {"overall", "cycle_time", "mean"}) == doctest::Approx(1800).epsilon(0.04));
  CHECK(number(v, {"overall", "cycle_time", "p95"}) == doctest::Approx(1800 * -std::log(0.05)).epsilon(0.05));
  // 30 minutes are one mean time in system: P(T <= 30 min) = 1 - 1/e.
  CHECK(number(v, {"overall", "clocks", "promise", "kept"}) == doctest::Approx(1 - std::exp(-1.0)).epsilon(0.02));
  play::check_little(v);
}

TEST_CASE("M/M/3: Erlang C" * doctest::test_suite("closed forms")) {
  const Value v = queue(
      "cases: 80000\nwarm-up: 20 h\nreplications: 4\nseed: 12\narrivals: {queue: {rate: 24 per h}}\nresources: {clerk: 3}\nactivities: {serve: "
      "{duration: {exponential: 6 min}}}\n");
  const double wq = erlang_c(24, 10, 3) / (30.0 - 24.0) * 3600;
  CHECK(number(v, {"overall", "resources", "clerk", "mean_wait"}) == doctest::Approx(wq).epsilon(0.04));
  play::check_little(v);
}

TEST_CASE("M/G/1: Pollaczek and Khinchine for several service times" * doctest::test_suite("closed forms")) {
  struct Row {
    const char* duration;
    double cv2;  // squared coefficient of variation
  };
  for (const Row& row : {Row{"6 min", 0.0}, Row{"{gamma: {mean: 6 min, sd: 3 min}}", 0.25}, Row{"{lognormal: {mean: 6 min, sd: 6 min}}", 1.0},
                         Row{"{uniform: [2 min, 10 min]}", 16.0 / 3.0 / 36.0}, Row{"{erlang: {stages: 4, mean: 6 min}}", 0.25},
                         Row{"{triangular: [2 min, 6 min, 10 min]}", 16.0 / 6.0 / 36.0}}) {
    CAPTURE(row.duration);
    const Value v = queue(std::string("cases: 50000\nwarm-up: 50 h\nreplications: 4\nseed: 13\narrivals: {queue: {rate: 7 per h}}\nresources: "
                                      "{clerk: 1}\nactivities: {serve: {duration: ") +
                          row.duration + "}}\n");
    const double rho = 0.7;
    const double wq = rho * 360 * (1 + row.cv2) / (2 * (1 - rho));
    CHECK(number(v, {"overall", "resources", "clerk", "mean_wait"}) == doctest::Approx(wq).epsilon(0.04));
    play::check_little(v);
  }
}

TEST_CASE("D/D/1 waits for nobody") {
  const Value v = queue("cases: 1000\narrivals: {queue: {every: 10 min}}\nresources: {clerk: 1}\nactivities: {serve: {duration: 6 min}}\n");
  CHECK(number(v, {"overall", "resources", "clerk", "mean_wait"}) == 0);
  CHECK(number(v, {"overall", "cycle_time", "mean"}) == doctest::Approx(360));
  CHECK(number(v, {"overall", "cases"}) == 1000);
}

TEST_CASE("the interval covers the truth about as often as it says" * doctest::test_suite("closed forms")) {
  int covered = 0;
  for (int seed = 1; seed <= 40; ++seed) {
    const Value v = queue("cases: 1500\nwarm-up: 10 h\nreplications: 10\nseed: " + std::to_string(seed) +
                          "\narrivals: {queue: {rate: 5 per h}}\nresources: {clerk: 1}\nactivities: {serve: {duration: {exponential: 6 min}}}\n");
    const double wq = 360;  // rho 0.5
    const double mean = number(v, {"overall", "resources", "clerk", "mean_wait"});
    if (std::abs(mean - wq) <= number(v, {"overall", "resources", "clerk", "half_width"})) ++covered;
  }
  CHECK(covered >= 33);  // 38 expected; below 33 has a chance of less than 1 in 200
}

TEST_CASE("the same seed gives the same result, with one thread or two") {
  const std::string text =
      "cases: 2000\nreplications: 4\nseed: 5\narrivals: {queue: {rate: 24 per h}}\nresources: {clerk: 3}\nactivities: {serve: {duration: {lognormal: "
      "{mean: 6 min, sd: 4 min}}}}\n";
  SimulationOptions one;
  one.threads = 1;
  SimulationOptions two;
  two.threads = 2;
  const std::string first = without_wall(queue(text, one));
  CHECK(first == without_wall(queue(text, one)));
  CHECK(first == without_wall(queue(text, two)));
  SimulationOptions other;
  other.seed = 6;
  CHECK(first != without_wall(queue(text, other)));
}

TEST_CASE("common random numbers: one clerk more changes who waits, not who comes or how long they take") {
  const auto text = [](int clerks) {
    return "cases: 5000\nseed: 3\narrivals: {queue: {rate: 24 per h}}\nresources: {clerk: " + std::to_string(clerks) +
           "}\nactivities: {serve: {duration: {exponential: 6 min}}}\n";
  };
  const Value three = queue(text(3));
  const Value four = queue(text(4));
  CHECK(number(three, {"overall", "activities", "serve", "mean_service"}) == number(four, {"overall", "activities", "serve", "mean_service"}));
  CHECK(number(three, {"overall", "activities", "serve", "mean_wait"}) > number(four, {"overall", "activities", "serve", "mean_wait"}));
}

TEST_CASE("shifts: nobody works at night, and the night is not anybody's wait for a clerk") {
  const Value v = queue(
      "until: 60 d\narrivals: {queue: {rate: 4 per h}}\nresources: {clerk: {shifts: [{hours: \"08:00-18:00\", capacity: 2}]}}\nactivities: {serve: "
      "{duration: {exponential: 10 min}}}\n");
  CHECK(number(v, {"overall", "resources", "clerk", "utilisation"}) ==
        doctest::Approx(4.0 * 24 / 6 / 20).epsilon(0.1));  // 16 h of work a day on 20 h of people
  CHECK(number(v, {"overall", "clocks", "promise", "where", "closed hours of clerk"}) > 3600);
}

TEST_CASE("a run of a number of cases ends with the last of them, also when that waits for a shift") {
  const Value v = queue(
      "cases: 400\nseed: 5\narrivals: {queue: {rate: 4 per h}}\nresources: {clerk: {shifts: [{hours: \"08:00-09:00\", days: [mon], capacity: 2}]}}\n"
      "activities: {serve: {duration: {exponential: 6 min}}}\n");
  CHECK(number(v, {"overall", "cases"}) == 400);
  CHECK(number(v, {"overall", "open_at_end"}) == 0);
}

TEST_CASE("one run has an interval by batch means, or none") {
  const Value v = queue(
      "cases: 20000\nseed: 5\narrivals: {queue: {rate: 8 per h}}\nresources: {clerk: 1}\nactivities: {serve: {duration: {exponential: 6 min}}}\n");
  const double kept = number(v, {"overall", "clocks", "promise", "kept"});
  // Cases of one queue are not independent: the interval is several times that of as many independent ones.
  CHECK(number(v, {"overall", "clocks", "promise", "kept_half_width"}) > 2.5 * 1.96 * std::sqrt(kept * (1 - kept) / 20000));
  CHECK(play::at(v, {"overall", "resources", "clerk", "utilisation_half_width"}).is_null());
}
