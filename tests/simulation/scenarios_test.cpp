// The shipped scenarios, each with a few cases: nothing is refused, nobody is stuck, every clock is reported, Little's law holds, a seed is a result.
#include "simulation/play.hpp"

using namespace switchboard;
using play::number;

namespace {

std::string shipped(const std::string& name) { return std::string(SWITCHBOARD_SOURCE_DIR) + "/processes/" + name + ".scenario.yaml"; }

Value shipped_result(const std::string& name, const SimulationOptions& options) {
  auto result = simulate(shipped(name), options);
  if (!result) FAIL(result.error().text());
  return result.value();
}

SimulationOptions small(std::uint64_t cases) {
  SimulationOptions o;
  o.processes = std::string(SWITCHBOARD_SOURCE_DIR) + "/processes";
  o.cases = cases;
  o.replications = 2;
  o.warm_up = "1 h";
  return o;
}

void check_figures(const Value& figures) {
  for (const auto& entry : play::at(figures, {"clocks"}).context()->entries()) {
    const std::string& name = entry.first;
    const Value& c = entry.second;
    CAPTURE(name);
    for (const char* key : {"kept", "mean", "p50", "p95", "count"}) CHECK(number(c, key) >= 0);
    CHECK((play::at(c, {"half_width"}).is_null() || number(c, "half_width") >= 0));
    CHECK(number(c, "kept") <= 1);
    CHECK(number(c, "p50") <= number(c, "p95"));
    CHECK(play::at(c, {"where", "work"}).number() != nullptr);
  }
  for (const auto& entry : play::at(figures, {"resources"}).context()->entries()) {
    const std::string& name = entry.first;
    const Value& r = entry.second;
    CAPTURE(name);
    CHECK(number(r, "utilisation") >= 0);
    CHECK(number(r, "utilisation") <= 1);
    for (const char* key : {"mean_wait", "mean_queue"}) CHECK(number(r, key) >= 0);
  }
  for (const auto& entry : play::at(figures, {"activities"}).context()->entries()) {
    const std::string& name = entry.first;
    const Value& a = entry.second;
    CAPTURE(name);
    for (const char* key : {"mean_wait", "mean_service", "count"}) CHECK(number(a, key) >= 0);
  }
  for (const char* key : {"cases", "events", "wall_seconds"}) CHECK(number(figures, key) >= 0);
  CHECK(number(figures, {"cycle_time", "mean"}) >= 0);
  CHECK(number(figures, {"cycle_time", "p95"}) >= 0);
}

}  // namespace

TEST_CASE("every shipped scenario runs to its end, all clocks reported, nobody stuck") {
  struct Row {
    std::string scenario;
    std::uint64_t cases;
    std::initializer_list<const char*> clocks;
  };
  for (const Row& row :
       {Row{"repair",
            500,
            {"arrival", "arrival-mean", "restoration-mean", "restore-limit", "dispatch-limit", "accept-limit", "site-feedback", "return-limit"}},
        Row{"complaint",
            800,
            {"contact", "answer", "service", "channel-close", "dispatch-limit", "major-review", "accept-limit", "unit-contact", "unit-answer"}},
        Row{"callback", 800, {"first-attempt", "callback-due"}},
        Row{"new-connection",
            150,
            {"plan-reply", "design-review", "mid-check", "inspection", "connect", "stage-sum", "whole-resident", "whole-lv", "permit"}},
        Row{"capacity-increase", 150, {"plan-reply", "connect", "stage-sum"}}, Row{"change-of-use", 300, {"change", "refit"}},
        Row{"outage-notice", 150, {"notice", "as-told"}}, Row{"arrears", 400, {"reconnect"}}, Row{"inspection", 150, {"objection", "reconnect"}},
        Row{"centre", 600, {"arrival", "answer", "plan-reply", "change", "callback-due", "repair/dispatch-limit", "complaint/dispatch-limit"}}}) {
    CAPTURE(row.scenario);
    const Value v = shipped_result(row.scenario, small(row.cases));
    MESSAGE(row.scenario << ": " << number(v, {"overall", "cases"}) << " cases, " << number(v, {"overall", "events"}) << " events");
    CHECK(number(v, {"overall", "cases"}) > 0.9 * 2 * static_cast<double>(row.cases) * 0.9);
    for (const char* key : {"incidents", "stuck", "open_at_end"}) CHECK(number(v, {"overall", key}) == 0);
    for (const char* clock : row.clocks) CHECK_MESSAGE(play::at(v, {"overall", "clocks"}).context()->find(clock) != nullptr, clock);
    check_figures(play::at(v, {"overall"}));
    const auto& each = *play::at(v, {"replications"}).list();
    REQUIRE(each.size() == 2);
    for (const Value& one : each) check_figures(one);
    play::check_little(v);
  }
}

TEST_CASE("the shipped scenarios as they stand have nothing to warn of but the storm") {
  for (const char* name : {"new-connection", "capacity-increase", "change-of-use", "outage-notice", "arrears", "inspection"}) {
    CAPTURE(name);
    SimulationOptions o;
    o.processes = std::string(SWITCHBOARD_SOURCE_DIR) + "/processes";
    o.replications = 1;
    const Value v = shipped_result(name, o);
    for (const Value& w : *play::at(v, {"warnings"}).list()) FAIL(*w.string());
  }
}

TEST_CASE("Little's law holds in runs that end in the middle, of every shipped scenario") {
  const std::string source = SWITCHBOARD_SOURCE_DIR;
  for (const char* name : {"processes/repair", "processes/complaint", "processes/callback", "processes/centre", "processes/new-connection",
                           "processes/capacity-increase", "processes/change-of-use", "processes/outage-notice", "processes/arrears",
                           "processes/inspection", "examples/crews/storm", "examples/crews/outage"}) {
    CAPTURE(name);
    SimulationOptions o;
    o.processes = source + "/processes";
    o.until = "40 h";
    o.warm_up = "13 h";
    o.replications = 2;
    auto result = simulate(source + "/" + name + ".scenario.yaml", o);
    if (!result) FAIL(result.error().text());
    play::check_little(result.value());
  }
}

TEST_CASE("a seed is a result, whatever the number of threads") {
  SimulationOptions o = small(300);
  o.seed = 7;
  o.threads = 1;
  const std::string one = play::without_wall(shipped_result("repair", o));
  o.threads = 2;
  CHECK(one == play::without_wall(shipped_result("repair", o)));
}
