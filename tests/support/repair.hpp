// A small process that overlays are laid over, and the rules of findings as tests compare them.
#pragma once

#include <string>
#include <vector>

#include "model/diagnostic.hpp"

namespace switchboard::testing {

[[nodiscard]] inline std::vector<std::string> rules(const model::Diagnostics& all) {
  std::vector<std::string> out;
  for (const auto& d : all) out.push_back(d.rule);
  return out;
}

inline constexpr const char* base = R"(switchboard: 1
process: repair
data:
  area: {enum: [urban, rural], default: urban}
  since: {type: date}
nodes:
  reported: {type: startEvent, next: arrive}
  arrive: {type: userTask, next: closed}
  closed: {type: endEvent}
sla:
  arrival: {start: {completed: reported}, stop: {completed: arrive}, within: 45 min, marks: [{at: 80%, feedback: soon}]}
  answer: {start: {completed: reported}, within: 3 bd}
  computed: {start: {completed: reported}, within: 'limits("arrival", area)'}
feedback:
  soon: {channels: [sms], text: soon}
)";

}  // namespace switchboard::testing
