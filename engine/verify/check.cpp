#include "verify/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>

#include "verify/scope.hpp"
#include "verify/soundness.hpp"
#include "verify/starts.hpp"

namespace switchboard::verify {
namespace {

bool calls_itself(const model::Process& process, const ScopeNode& n) {
  return n.node->type == model::NodeType::call_activity && n.node->process.name == process.id && !n.node->loop;
}

/// A case that calls its own process on every way to an end calls for ever (SB0464). Events on the boundary of the call may lead out.
void check_recursion(const model::Process& process, const Scope& scope, Findings& findings) {
  std::vector<bool> seen(scope.nodes.size(), false);
  std::vector<std::size_t> open;
  std::vector<std::size_t> calls;
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
    const ScopeNode& n = scope.nodes[i];
    if (n.node->type == model::NodeType::event_sub_process) return;  // may end the case
    if (is_start(n)) open.push_back(i);
  }
  while (!open.empty()) {
    const std::size_t i = open.back();
    open.pop_back();
    if (seen[i]) continue;
    seen[i] = true;
    const ScopeNode& n = scope.nodes[i];
    open.insert(open.end(), n.boundary.begin(), n.boundary.end());
    if (calls_itself(process, n)) {
      calls.push_back(i);
      continue;
    }
    if (n.out.empty()) return;  // an end
    for (const std::size_t f : n.out)
      if (scope.flows[f].truth != Truth::never) open.push_back(scope.flows[f].to);
  }
  if (calls.empty()) return;
  const ScopeNode& n = scope.nodes[*std::min_element(calls.begin(), calls.end())];
  findings.error("SB0464", n.node->process.at, n.path, fmt::format("every way to an end calls '{}' again: no case of it can ever finish", process.id),
                 "lead a way to an end event past the call");
}

void check_graph(const model::Process& process, const std::vector<Scope>& scopes, const Bounds& bounds, Effort& effort, Findings& findings) {
  for (const Scope& scope : scopes) {
    ++effort.scopes;
    bool only_lost = false;
    const bool reachable = check_reachability(scope, findings, &only_lost) || only_lost;
    const bool shaped = check_shapes(scope, findings);
    const bool goes_on = !reachable || !shaped || check_loops(scope, findings);
    if (scope.container == nullptr && reachable && shaped) check_recursion(process, scope, findings);
    if (reachable && shaped && goes_on) check_soundness(scope, bounds, Order::enough, effort, findings);
  }
}

}  // namespace

model::Diagnostics check_graph(const model::Process& process) {
  Effort effort;
  Findings findings(process);
  check_graph(process, scopes_of(process), Bounds{}, effort, findings);
  model::sort_and_unique(findings.all);
  return std::move(findings.all);
}

model::Diagnostics check(const model::Process& process) {
  Effort effort;
  return check(process, Bounds{}, effort);
}

model::Diagnostics check(const model::Process& process, const Bounds& bounds, Effort& effort) {
  Findings findings(process);
  const auto scopes = scopes_of(process);
  check_graph(process, scopes, bounds, effort, findings);
  check_literals(process, findings);
  check_holes(process, findings);
  check_payloads(process, findings);
  check_starts_of_cases(process, findings);
  check_compensation(process, findings);
  // While there are errors, a part that cannot be read may be what uses the data: nothing is said of unused names.
  if (findings.errors() == 0) check_usage(process, scopes, findings);
  check_promises(process, scopes, findings);
  check_late_days(process, scopes, findings);
  model::sort_and_unique(findings.all);
  return std::move(findings.all);
}

namespace {

/// An unknown name that may be used in many places. A node that a flow leads to is not one of these: each flow is a mistake of its own.
bool is_unknown_name(const model::Diagnostic& d) {
  constexpr std::array<std::string_view, 10> rules{"SB0121", "SB0122", "SB0123", "SB0124", "SB0125",
                                                   "SB0180", "SB0181", "SB0182", "SB0202", "SB0203"};
  return d.subject.is_missing && std::find(rules.begin(), rules.end(), d.rule) != rules.end();
}

/// One unknown name is one mistake, however often it is used: the first use says where the others are. So is one place that aliases repeat.
void gather_repeats(model::Diagnostics& all) {
  constexpr std::size_t most_lines = 8;
  std::map<std::tuple<std::string, std::string, model::Subject>, std::size_t> first;
  std::map<std::size_t, std::vector<std::uint32_t>> lines;
  std::set<std::tuple<std::string, std::string, model::Position, std::string>> places;
  model::Diagnostics kept;
  for (model::Diagnostic& d : all) {
    if (!places.emplace(d.file, d.rule, d.at, d.message).second) continue;
    const auto [found, fresh] = is_unknown_name(d) ? first.emplace(std::tuple(d.file, d.rule, d.subject), kept.size()) : std::pair(first.end(), true);
    if (fresh)
      kept.push_back(std::move(d));
    else
      lines[found->second].push_back(d.at.line);
  }
  for (auto& [at, others] : lines) {
    const std::size_t count = others.size();
    others.erase(std::unique(others.begin(), others.end()), others.end());
    const bool all_shown = others.size() <= most_lines;
    if (!all_shown) others.resize(most_lines);
    kept[at].message += fmt::format(" (and {} more time{}: line{} {}{})", count, count == 1 ? "" : "s", others.size() == 1 ? "" : "s",
                                    fmt::join(others, ", "), all_shown ? "" : ", ...");
  }
  all = std::move(kept);
}

}  // namespace

model::Diagnostics merge_findings(model::Diagnostics said, model::Diagnostics more) {
  const auto is_said = [&](const model::Diagnostic& d) {
    return std::any_of(said.begin(), said.end(), [&](const model::Diagnostic& s) {
      if (s.severity != model::Severity::error || d.severity != model::Severity::error || s.file != d.file) return false;
      if (d.at.line == 0) return true;  // of something that was left out
      return s.at == d.at || (d.rule == "SB0187" && s.element == "data." + d.element);
    });
  };
  std::erase_if(more, is_said);
  // A part with errors may be what uses the name: then it is not reported as unused.
  const auto about_use = [](const model::Diagnostic& d) { return d.rule >= "SB0440" && d.rule <= "SB0448"; };
  if (model::has_errors(said)) std::erase_if(more, about_use);
  if (model::has_errors(more)) std::erase_if(said, about_use);
  // Where flows are wrong, a way on which a promise is lost may be none.
  if (model::has_errors(said) || model::has_errors(more)) std::erase_if(more, [](const model::Diagnostic& d) { return d.rule == "SB0456"; });
  said.insert(said.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  model::sort_and_unique(said);
  gather_repeats(said);
  return said;
}

}  // namespace switchboard::verify
