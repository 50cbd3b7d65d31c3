// Activities that begin with several tokens (BPMN 2.0.2, table 10.3): whether so many can come. The token game does not count that far, so this
// counts what each flow brings in one run of the scope, by itself: at most, and exactly where nothing on the way chooses or is interrupted.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <vector>

#include "verify/soundness.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::NodeType;

/// More than anything counts; also what cannot be known, as in a loop.
constexpr std::uint64_t unlimited = std::numeric_limits<std::uint32_t>::max();

std::uint64_t plus(std::uint64_t a, std::uint64_t b) { return std::min(unlimited, a + b); }
std::uint64_t times(std::uint64_t a, std::uint64_t b) { return a >= unlimited ? (b == 0 ? 0 : unlimited) : std::min(unlimited, a * b); }

struct Count {
  std::uint64_t most = 0;
  bool exact = true;  ///< neither more nor fewer come
};

class Quantities {
 public:
  explicit Quantities(const Scope& scope) : scope_(scope), of_flow_(scope.flows.size()), fires_(scope.nodes.size()) {}

  void run(Findings& findings) {
    for (const std::size_t n : order()) count(n);
    const bool is_cut_off = std::any_of(scope_.nodes.begin(), scope_.nodes.end(), ends_scope);
    for (const ScopeNode& n : scope_.nodes) {
      const auto wanted = static_cast<std::uint64_t>(n.node->start_quantity);
      if (wanted <= 1 || n.in.empty()) continue;
      const Count come = arriving(n);
      if (come.most == 0) continue;  // what is before it never happens either, and is told
      const std::uint64_t left = come.exact && !is_cut_off ? come.most % wanted : 0;
      if (come.most >= wanted && (come.most >= unlimited || left == 0)) continue;
      findings.error("SB0410", n.node->at, n.path,
                     come.most < wanted ? fmt::format("deadlock: this begins with {} tokens, and {} at most can come", wanted, come.most)
                                        : fmt::format("deadlock: this begins with {} tokens, {} come: what is left over ({}) waits here for ever",
                                                      wanted, come.most, left),
                     "let `startQuantity` be a number of tokens that comes, or join the branches with a gateway");
    }
  }

 private:
  static bool ends_scope(const ScopeNode& n) {
    return std::any_of(n.node->events.begin(), n.node->events.end(), [](const model::EventDefinition& e) {
      return e.kind == EventKind::terminate || e.kind == EventKind::error || e.kind == EventKind::cancel || e.kind == EventKind::escalation;
    });
  }

  /// Each node behind all that lead to it. What stands in a loop, or behind one, is left out and counted as unlimited.
  std::vector<std::size_t> order() {
    std::vector<std::size_t> waiting(scope_.nodes.size());
    std::vector<std::size_t> sorted;
    for (std::size_t i = 0; i < scope_.nodes.size(); ++i) {
      const ScopeNode& n = scope_.nodes[i];
      waiting[i] = n.in.size() + (n.host != none ? 1 : 0);
      if (waiting[i] == 0) sorted.push_back(i);
    }
    const auto led = [&](std::size_t node) {
      if (--waiting[node] == 0) sorted.push_back(node);
    };
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      const ScopeNode& n = scope_.nodes[sorted[i]];
      for (const std::size_t f : n.out) led(scope_.flows[f].to);
      for (const std::size_t b : n.boundary) led(b);
    }
    for (std::size_t i = 0; i < scope_.nodes.size(); ++i)
      if (waiting[i] > 0)
        for (const std::size_t f : scope_.nodes[i].out) of_flow_[f] = {unlimited, false};
    return sorted;
  }

  [[nodiscard]] Count arriving(const ScopeNode& n) const {
    Count all;
    for (const std::size_t f : n.in) {
      all.most = plus(all.most, of_flow_[f].most);
      all.exact = all.exact && of_flow_[f].exact;
    }
    return all;
  }

  void count(std::size_t at) {
    const ScopeNode& n = scope_.nodes[at];
    Count fires = arriving(n);
    if (n.host != none) {
      fires = {ends_host(scope_, at) ? fires_[n.host].most : unlimited, false};
    } else if (n.begins) {
      fires = {plus(fires.most, 1), fires.exact && is_only_start(n)};
    } else if (n.node->type == NodeType::parallel_gateway && n.in.size() > 1) {
      for (const std::size_t f : n.in) fires.most = std::min(fires.most, of_flow_[f].most);
    } else if (n.node->type == NodeType::complex_gateway || n.node->type == NodeType::inclusive_gateway) {
      if (n.in.size() == 1)
        fires.exact = fires.exact && n.node->type == NodeType::inclusive_gateway;
      else
        fires = {times(fires.most, 2), false};
    } else if (n.node->start_quantity > 1 && fires.most < unlimited) {
      fires.most /= static_cast<std::uint64_t>(n.node->start_quantity);
    }
    fires_[at] = fires;
    const bool chooses = n.out.size() > 1 && model::is_gateway(n.node->type) && n.node->type != NodeType::parallel_gateway;
    for (const std::size_t f : n.out) {
      const bool always = !chooses && n.boundary.empty() && scope_.flows[f].truth == Truth::always;
      of_flow_[f] = {times(fires.most, static_cast<std::uint64_t>(n.node->completion_quantity)), fires.exact && always};
    }
  }

  [[nodiscard]] bool is_only_start(const ScopeNode& n) const {
    return n.node->type == NodeType::start_event && std::count_if(scope_.nodes.begin(), scope_.nodes.end(), is_start) == 1;
  }

  const Scope& scope_;
  std::vector<Count> of_flow_;
  std::vector<Count> fires_;
};

}  // namespace

bool has_quantities(const Scope& scope) {
  return std::any_of(scope.nodes.begin(), scope.nodes.end(),
                     [](const ScopeNode& n) { return n.node->start_quantity != 1 || n.node->completion_quantity != 1; });
}

void check_quantities(const Scope& scope, Findings& findings) {
  const std::size_t before = findings.errors();
  const bool by_hand = scope.container != nullptr && scope.container->type == NodeType::ad_hoc_sub_process;  // an activity may begin once more
  if (!by_hand) Quantities(scope).run(findings);
  if (findings.errors() > before) return;
  findings.warning("SB0419", scope.at, scope.path,
                   "activities here begin with several tokens or leave several: only whether enough can come was checked, deadlocks may remain",
                   "join and split with gateways instead");
}

}  // namespace switchboard::verify
