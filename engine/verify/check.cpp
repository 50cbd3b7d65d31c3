#include "verify/check.hpp"

#include <algorithm>
#include <iterator>

#include "verify/scope.hpp"
#include "verify/soundness.hpp"

namespace switchboard::verify {
namespace {

/// The token game is defined for these alone; the engine refuses the others (SB0190).
bool playable(const Scope& scope) {
  return std::none_of(scope.nodes.begin(), scope.nodes.end(), [](const ScopeNode& n) { return n.node->type == model::NodeType::complex_gateway; });
}

}  // namespace

model::Diagnostics check(const model::Process& process) {
  Effort effort;
  return check(process, Bounds{}, effort);
}

model::Diagnostics check(const model::Process& process, const Bounds& bounds, Effort& effort) {
  Findings findings(process);
  const auto scopes = scopes_of(process);
  for (const Scope& scope : scopes) {
    ++effort.scopes;
    const bool reachable = check_reachability(scope, findings);
    const bool shaped = check_shapes(scope, findings);
    const bool goes_on = !reachable || !shaped || check_loops(scope, findings);
    if (reachable && shaped && goes_on && playable(scope)) check_soundness(scope, bounds, Order::enough, effort, findings);
  }
  check_literals(process, findings);
  // What a broken part would have used is no news.
  if (findings.errors() == 0) check_usage(process, scopes, findings);
  check_promises(process, scopes, findings);
  model::sort_and_unique(findings.all);
  return std::move(findings.all);
}

model::Diagnostics merge_findings(model::Diagnostics said, model::Diagnostics more) {
  const auto is_said = [&](const model::Diagnostic& d) {
    return std::any_of(said.begin(), said.end(), [&](const model::Diagnostic& s) {
      if (s.severity != model::Severity::error || d.severity != model::Severity::error || s.file != d.file) return false;
      return s.at == d.at || (d.rule == "SB0187" && s.element == "data." + d.element);
    });
  };
  std::erase_if(more, is_said);
  // What a part with errors would have used is no news.
  const auto about_use = [](const model::Diagnostic& d) { return d.rule >= "SB0440" && d.rule <= "SB0445"; };
  if (model::has_errors(said)) std::erase_if(more, about_use);
  if (model::has_errors(more)) std::erase_if(said, about_use);
  said.insert(said.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  model::sort_and_unique(said);
  return said;
}

}  // namespace switchboard::verify
