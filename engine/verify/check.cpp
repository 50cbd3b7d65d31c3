#include "verify/check.hpp"

#include <algorithm>

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
    if (reachable && shaped && playable(scope)) check_soundness(scope, bounds, Order::enough, effort, findings);
  }
  check_usage(process, scopes, findings);
  check_promises(process, scopes, findings);
  model::sort_and_unique(findings.all);
  return std::move(findings.all);
}

}  // namespace switchboard::verify
