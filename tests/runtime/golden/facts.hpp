// What must survive an upgrade of a database, as lines of text: cases with their data, clocks, work, history, outbox, incidents.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <vector>

#include "switchboard/engine.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::testing {

/// `must` takes a Result and gives its value.
template <class Must>
std::vector<std::string> facts_of(Engine& engine, Must must) {
  std::vector<std::string> lines;
  const Find all;
  for (const CaseInfo& c : must(engine.instances(all))) {
    lines.push_back(fmt::format("case {} {} {} {} '{}' {} at {} started {} last {} ended {} parent '{}'", c.instance, c.case_no, c.process,
                                c.definition, c.customer, to_string(c.state), fmt::join(c.at, ","), to_string(c.started), to_string(c.last),
                                c.ended ? to_string(*c.ended) : std::string("-"), c.parent));
    lines.push_back(fmt::format("data {} {}", c.instance, to_json(must(engine.data(c.instance)))));
    for (const HistoryInfo& h : must(engine.history(c.instance, 0, 100'000)))
      lines.push_back(fmt::format("event {} {} {} {}", c.instance, h.sequence, to_string(h.at), h.event));
  }
  for (const WorkInfo& w : must(engine.work(all)))
    lines.push_back(fmt::format("work {} {} {} {} '{}' '{}' [{}] {} {} {} due {} offered {}", w.instance, w.node, to_string(w.kind),
                                to_string(w.state), w.topic, w.assignee, fmt::join(w.groups, ","), to_json(w.inputs), w.priority, w.retries,
                                w.due ? to_string(*w.due) : std::string("-"), to_string(w.offered)));
  for (const ClockInfo& c : must(engine.clocks(all)))
    lines.push_back(fmt::format("clock {} {} {} round {} breached {} budget {} started {} due {} was {} paused {} held by {}", c.instance, c.clock,
                                to_string(c.state), c.round, c.breached, c.budget, to_string(c.started), to_string(c.due), to_string(c.original_due),
                                c.paused.us, fmt::join(c.holders, ",")));
  for (const OutboxInfo& o : must(engine.outbox(all)))
    lines.push_back(fmt::format("outbox {} {} {} {} {} {} attempts {} '{}'", o.id, to_string(o.kind), o.name, to_string(o.state), o.instance,
                                to_string(o.created), o.attempts, o.error));
  for (const IncidentInfo& i : must(engine.incidents(all)))
    lines.push_back(fmt::format("incident {} {} {} {}", i.instance, i.node, i.rule, i.message));
  for (const DeploymentInfo& d : must(engine.deployments()))
    lines.push_back(fmt::format("deployment {} {} {} {}", d.process, d.number, d.version, d.definition));
  return lines;
}

}  // namespace switchboard::testing
