// Processes against contracts with other systems.
#include <fmt/format.h>

#include <algorithm>

#include "findings.hpp"
#include "loaded.hpp"
#include "notation/load.hpp"

using namespace switchboard;

namespace {

constexpr std::string_view dispatch = R"(switchboard: 1
contract: dispatch
messages:
  arrived: {direction: in, payload: {at: date-time, crew: string}, required: [at]}
  wanted: {direction: out, payload: {area: string}, required: [area]}
)";

std::vector<std::string> held(const std::string& declared, const std::string& send, const std::string& wait) {
  const auto contract = notation::load_contract(dispatch, "dispatch.yaml");
  REQUIRE(contract.value);
  const model::Contract* all[] = {&*contract.value};
  const auto process =
      load(fmt::format("switchboard: 1\nprocess: fix\ndata: {{area: string}}\nmessages: {{arrived: {}}}\nnodes:\n  s: {{type: startEvent, next: "
                       "send}}\n  send: {{type: "
                       "sendTask, {}, next: wait}}\n  wait: {{type: receiveTask, {}, next: e}}\n  e: {{type: endEvent}}\n",
                       declared, send, wait));
  std::vector<std::string> found;
  for (const auto& d : verify::check_contracts(process, all)) {
    CHECK(d.rule == "SB0480");
    CHECK(d.severity == model::Severity::error);
    CHECK(d.at.line != 0);
    CHECK_FALSE(d.hint.empty());
    found.push_back(d.message);
  }
  return found;
}

}  // namespace

TEST_CASE("SB0480: what a process declares, sends and awaits is as the contract says") {
  const std::string as_agreed = "{payload: {at: date-time, crew: string}}";
  const std::string send = "message: wanted, in: {area: area}";
  CHECK(held(as_agreed, send, "message: arrived").empty());
  CHECK(held("{}", send, "message: arrived").empty());  // it takes what comes
  CHECK(held("{payload: {at: date-time}}", send, "message: arrived").size() == 1);
  CHECK(held("{payload: {at: date-time, crew: number}}", send, "message: arrived").size() == 1);
  CHECK(held("{payload: {at: any, crew: string}}", send, "message: arrived").empty());
  CHECK(held("{payload: {at: date-time, crew: string, who: string}}", send, "message: arrived").size() == 1);
  CHECK(held(as_agreed, "message: wanted", "message: arrived").size() == 1);
  CHECK(held(as_agreed, "message: wanted, in: {area: area, region: area}", "message: arrived").size() == 1);
  CHECK(held(as_agreed, "message: arrived", "message: arrived").size() == 1);
  CHECK(held(as_agreed, send, "message: wanted").size() == 1);
  CHECK(held(as_agreed, "message: else", "message: other").empty());
}
