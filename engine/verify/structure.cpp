// What can be seen in the graph of a scope without playing it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>

#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::NodeType;
using Graph = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Colors = std::vector<boost::default_color_type>;

/// Flows and links; a host leads to its boundary events.
Graph graph_of(const Scope& scope) {
  Graph g(scope.nodes.size());
  for (const ScopeFlow& f : scope.flows) boost::add_edge(f.from, f.to, g);
  for (std::size_t i = 0; i < scope.nodes.size(); ++i)
    for (const std::size_t b : scope.nodes[i].boundary) boost::add_edge(i, b, g);
  return g;
}

/// Marks what can be reached from `from` (black) on top of what was marked before.
template <class G>
void visit(const G& g, std::size_t from, Colors& colors) {
  if (colors[from] != boost::white_color) return;
  boost::queue<typename boost::graph_traits<G>::vertex_descriptor> queue;
  const auto map = boost::make_iterator_property_map(colors.begin(), boost::get(boost::vertex_index, g));
  boost::breadth_first_visit(g, from, queue, boost::default_bfs_visitor(), map);
}

bool is_end(const ScopeNode& n) { return n.node->type == NodeType::end_event; }
/// A branch may simply stop (`next: []`); a link throw stops at its catch.
bool stops(const ScopeNode& n) { return n.out.empty() && !model::is_gateway(n.node->type) && n.node->type != NodeType::start_event; }

std::string_view kind_of(const Scope& scope) {
  if (scope.container == nullptr) return "process";
  return scope.is_event_sub_process() ? "event sub-process" : "sub-process";
}

bool check_starts(const Scope& scope, Findings& findings) {
  const auto starts = std::count_if(scope.nodes.begin(), scope.nodes.end(), [](const ScopeNode& n) { return is_start(n); });
  if (starts == 0) {
    findings.error("SB0403", scope.at, scope.path, fmt::format("the {} has no start event", kind_of(scope)), "add a node of type startEvent");
    return false;
  }
  if (starts == 1 || scope.container == nullptr) return true;
  findings.error("SB0403", scope.at, scope.path, fmt::format("the {} has {} start events; it begins with exactly one", kind_of(scope), starts),
                 "keep one");
  return false;
}

bool check_dead_ends(const Scope& scope, const Graph& g, Findings& findings) {
  if (std::none_of(scope.nodes.begin(), scope.nodes.end(), [](const ScopeNode& n) { return is_end(n) || stops(n); })) {
    findings.error("SB0404", scope.at, scope.path, fmt::format("the {} has no end event", kind_of(scope)), "add a node of type endEvent");
    return false;
  }
  Colors colors(scope.nodes.size(), boost::white_color);
  const auto reversed = boost::make_reverse_graph(g);
  for (std::size_t i = 0; i < scope.nodes.size(); ++i)
    if (is_end(scope.nodes[i]) || stops(scope.nodes[i])) visit(reversed, i, colors);
  bool fine = true;
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
    const ScopeNode& n = scope.nodes[i];
    if (colors[i] != boost::white_color || stands_apart(scope, n)) continue;
    fine = false;
    findings.error("SB0402", n.node->at, n.path, "no end can be reached from here: the case would never finish",
                   "lead a flow from this part to an end event");
  }
  return fine;
}

}  // namespace

bool check_reachability(const Scope& scope, Findings& findings) {
  const bool starts = check_starts(scope, findings);
  const Graph g = graph_of(scope);
  bool fine = starts;
  Colors colors(scope.nodes.size(), boost::white_color);
  for (std::size_t i = 0; i < scope.nodes.size(); ++i)
    if (is_start(scope.nodes[i])) visit(g, i, colors);
  for (std::size_t i = 0; starts && i < scope.nodes.size(); ++i) {
    const ScopeNode& n = scope.nodes[i];
    if (colors[i] != boost::white_color || stands_apart(scope, n)) continue;
    fine = false;
    const bool alone = n.in.empty() && n.host == none;
    findings.error("SB0401", n.node->at, n.path,
                   alone ? "no flow leads here: the node is never reached" : "the node is never reached from a start event",
                   "lead a flow to it, or remove it");
  }
  return check_dead_ends(scope, g, findings) && fine;
}

}  // namespace switchboard::verify
