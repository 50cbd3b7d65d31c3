// Loops without a wait.
#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/strong_components.hpp>
#include <set>

#include "feel/free_names.hpp"
#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using Words = std::set<std::string, std::less<>>;

/// Data that the node changes.
void add_changes(const model::Node& n, Words& out) {
  for (const auto* all : {&n.set, &n.out})
    for (const auto& m : *all) out.insert(m.name);
}

/// The loops of the nodes that take no time, each in the order of the file.
std::vector<std::vector<std::size_t>> loops_at_once(const Scope& scope) {
  using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::directedS>;
  Graph g(scope.nodes.size());
  std::vector<bool> to_itself(scope.nodes.size(), false);
  for (const ScopeFlow& f : scope.flows) {
    if (f.truth == Truth::never || !waits_for_nothing(scope.nodes[f.from]) || !waits_for_nothing(scope.nodes[f.to])) continue;
    boost::add_edge(f.from, f.to, g);
    to_itself[f.from] = to_itself[f.from] || f.from == f.to;
  }
  std::vector<std::size_t> component(scope.nodes.size());
  const auto count = boost::strong_components(g, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, g)));
  std::vector<std::vector<std::size_t>> members(count);
  for (std::size_t i = 0; i < component.size(); ++i) members[component[i]].push_back(i);
  std::erase_if(members, [&](const auto& all) { return all.size() == 1 && !to_itself[all[0]]; });
  std::sort(members.begin(), members.end());
  return members;
}

/// What an operator or the process itself may end from outside.
bool is_interrupted(const Scope& scope, const ScopeNode& n) {
  return std::any_of(n.boundary.begin(), n.boundary.end(), [&](std::size_t b) { return scope.nodes[b].node->interrupting; });
}

/// A loop whose `while` is always true, or asks for nothing that changes while it goes round at once.
bool never_leaves(const Scope& scope, const ScopeNode& n) {
  const model::LoopDefinition& loop = n.node->loop;
  if (loop.kind != model::LoopDefinition::Kind::standard || !loop.maximum.empty() || is_interrupted(scope, n)) return false;
  if (truth_of(loop.condition) != Truth::unknown) return truth_of(loop.condition) == Truth::always;
  if (!at_once(n) || loop.condition.text.find("sla") != std::string::npos) return false;
  Words changed;
  add_changes(*n.node, changed);
  changed.insert(std::string(model::names::loop_counter));
  const auto asked = feel::free_names(loop.condition.text);
  return std::none_of(asked.begin(), asked.end(), [&](const std::string& word) { return changed.contains(word); });
}

bool check_repeated(const Scope& scope, Findings& findings) {
  bool fine = true;
  for (const ScopeNode& n : scope.nodes) {
    if (never_leaves(scope, n)) {
      fine = false;
      findings.error(
          "SB0414", n.node->loop.at, n.path,
          "the loop goes on for ever: nothing that `while` asks for changes, there is no `max`, and no event on the boundary interrupts it",
          "give it a `max`, or ask for something that the activity changes");
    }
    const model::Expr& enough = n.node->completion_condition;
    if (n.node->type != model::NodeType::ad_hoc_sub_process || enough.empty() || truth_of(enough) != Truth::never || is_interrupted(scope, n))
      continue;
    fine = false;
    findings.error("SB0414", enough.at, n.path, "its `completionCondition` is never true: the ad-hoc sub-process can never end",
                   "correct the condition, leave it out (it then ends when nothing is left), or interrupt it by an event on its boundary");
  }
  return fine;
}

}  // namespace

bool check_loops(const Scope& scope, Findings& findings) {
  bool fine = check_repeated(scope, findings);
  for (const auto& loop : loops_at_once(scope)) {
    Words changed;
    Words asked;
    std::vector<std::string> paths;
    bool clocks = false;  // a clock may stop on the way round
    for (const std::size_t i : loop) {
      const ScopeNode& n = scope.nodes[i];
      paths.push_back(n.path);
      add_changes(*n.node, changed);
      for (const std::size_t f : n.out) {
        if (scope.flows[f].flow == nullptr) continue;
        const std::string& condition = scope.flows[f].flow->condition.text;
        for (auto& word : feel::free_names(condition)) asked.insert(std::move(word));
        clocks = clocks || condition.find("sla") != std::string::npos;
      }
    }
    if (clocks || std::any_of(asked.begin(), asked.end(), [&](const std::string& word) { return changed.contains(word); })) continue;
    fine = false;
    // The loop closes where a flow leads back in the file.
    const ScopeNode& last = scope.nodes[loop.back()];
    findings.error("SB0414", last.node->next_at, last.path,
                   fmt::format("{} go{} round without waiting, and nothing that the way out asks for changes: a case that comes here never leaves",
                               fmt::join(paths, " > "), paths.size() == 1 ? "es" : ""),
                   "wait in the loop (a task of a person or worker, a message, a timer), or change what its conditions ask for", paths);
  }
  return fine;
}

}  // namespace switchboard::verify
