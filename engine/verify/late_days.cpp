// Timers that count the working days for which a promise is late: they come out one short, and a clock says the number itself.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>

#include "calendar/duration.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::NodeType;

/// A literal of working days alone, bare or as a FEEL string.
bool is_working_days(const model::DurationExpr& e) {
  std::string_view text = e.text;
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  const auto d = calendar::parse_duration(text);
  if (!d || d.value().working_days == 0) return false;
  calendar::WorkingDuration days;
  days.working_days = d.value().working_days;
  return d.value() == days;
}

/// The escalation that the breach of a promise in working days raises; empty: none.
std::string_view raised_by_breach(const model::ClockDefinition& k) {
  if (!is_working_days(k.within)) return {};
  const auto at_breach = [](const model::ClockMark& m) {
    return !m.escalate.empty() && (m.kind == model::ClockMark::Kind::breach || (m.kind == model::ClockMark::Kind::percent && m.percent >= 100));
  };
  const auto found = std::find_if(k.marks.begin(), k.marks.end(), at_breach);
  return found == k.marks.end() ? std::string_view() : std::string_view(found->escalate.name);
}

bool catches(const ScopeNode& n, std::string_view escalation) {
  if (n.node->type != NodeType::boundary_event && n.node->type != NodeType::start_event) return false;
  return std::any_of(n.node->events.begin(), n.node->events.end(), [&](const model::EventDefinition& e) {
    return e.kind == EventKind::escalation && (e.name.name == escalation || e.name.empty() || e.name.name == "any");
  });
}

const model::TimerDefinition* counts_days(const model::Node& n) {
  for (const auto& e : n.events)
    if (e.kind == EventKind::timer && e.timer.kind != model::TimerDefinition::Kind::at && is_working_days(e.timer.duration)) return &e.timer;
  return nullptr;
}

/// The first timer in working days on the way from `start`, sub-processes looked into.
const model::TimerDefinition* timer_behind(const Scope& scope, std::size_t start) {
  const std::vector<bool> reached = reached_from(scope, start);
  const model::TimerDefinition* found = nullptr;
  for (std::size_t i = 0; i < scope.nodes.size() && found == nullptr; ++i) {
    if (!reached[i]) continue;
    found = counts_days(*scope.nodes[i].node);
    model::for_each_node(scope.nodes[i].node->nodes, [&](const model::Node& inner, const model::Node*) {
      if (found == nullptr) found = counts_days(inner);
    });
  }
  return found;
}

}  // namespace

void check_late_days(const model::Process& process, const std::vector<Scope>& scopes, Findings& findings) {
  for (const model::ClockDefinition& k : process.sla) {
    const std::string_view escalation = raised_by_breach(k);
    if (escalation.empty()) continue;
    for (const Scope& scope : scopes)
      for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
        const auto* timer = catches(scope.nodes[i], escalation) ? timer_behind(scope, i) : nullptr;
        if (timer == nullptr) continue;
        findings.warning("SB0455", timer->duration.at, scope.nodes[i].path,
                         fmt::format("`{}` counted from the breach of '{}', which falls on the midnight behind its last day, leaves out the first "
                                     "working day that is late",
                                     timer->duration.text, k.id),
                         fmt::format("to count late days ask sla(\"{}\").late, for example where the work is completed", k.id));
      }
  }
}

}  // namespace switchboard::verify
