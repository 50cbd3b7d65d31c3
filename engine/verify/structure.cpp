// What can be seen in the graph of a scope without playing it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/reverse_graph.hpp>
#include <boost/graph/strong_components.hpp>
#include <map>

#include "verify/scope.hpp"

namespace switchboard::verify {
namespace {

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

bool is_ad_hoc(const Scope& scope) { return scope.container != nullptr && scope.container->type == NodeType::ad_hoc_sub_process; }

std::string_view kind_of(const Scope& scope) {
  if (scope.container == nullptr) return "process";
  if (is_ad_hoc(scope)) return "ad-hoc sub-process";
  return scope.is_event_sub_process() ? "event sub-process" : "sub-process";
}

bool check_starts(const Scope& scope, Findings& findings) {
  if (is_ad_hoc(scope)) return true;  // SB0417 says what is missing
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

/// Nodes that share one mistake: a group of nodes that lead to each other, with those behind (or before) it.
struct Group {
  std::vector<std::size_t> core;  ///< file order
  std::vector<std::size_t> others;
};

/// `bad` nodes in groups: each core has nothing bad leading to it (`forward`) or from it (not `forward`), and its others follow from it.
std::vector<Group> groups_of(const Scope& scope, const Graph& g, const std::vector<bool>& bad, bool forward) {
  std::vector<std::size_t> component(scope.nodes.size());
  const auto count = boost::strong_components(g, boost::make_iterator_property_map(component.begin(), boost::get(boost::vertex_index, g)));
  std::vector<bool> follows(count, false);
  const auto each_edge = [&](const auto& f) {
    for (auto [e, end] = boost::edges(g); e != end; ++e) {
      const std::size_t from = forward ? boost::source(*e, g) : boost::target(*e, g);
      const std::size_t to = forward ? boost::target(*e, g) : boost::source(*e, g);
      if (bad[from] && bad[to]) f(from, to);
    }
  };
  each_edge([&](std::size_t from, std::size_t to) {
    if (component[from] != component[to]) follows[component[to]] = true;
  });
  std::map<std::size_t, Group> cores;
  for (std::size_t i = 0; i < scope.nodes.size(); ++i)
    if (bad[i] && !follows[component[i]]) cores[component[i]].core.push_back(i);
  std::vector<Group> out;
  for (auto& [c, group] : cores) {
    Colors colors(scope.nodes.size(), boost::white_color);
    if (forward)
      visit(g, group.core.front(), colors);
    else
      visit(boost::make_reverse_graph(g), group.core.front(), colors);
    for (std::size_t i = 0; i < scope.nodes.size(); ++i)
      if (bad[i] && colors[i] != boost::white_color && component[i] != c) group.others.push_back(i);
    out.push_back(std::move(group));
  }
  return out;
}

std::vector<std::string> paths_of(const Scope& scope, const std::vector<std::size_t>& nodes) {
  std::vector<std::string> paths;
  for (const std::size_t n : nodes) paths.push_back(scope.nodes[n].path);
  return paths;
}

/// ", nor is `b`", ", nor are the 5 nodes behind it (b, c, d, ...)"
std::string and_behind(const Scope& scope, const std::vector<std::size_t>& others) {
  constexpr std::size_t most = 4;
  if (others.empty()) return {};
  auto paths = paths_of(scope, others);
  if (paths.size() == 1) return fmt::format(", nor is {}", paths[0]);
  const std::size_t all = paths.size();
  if (all > most) paths.resize(most);
  return fmt::format(", nor are the {} nodes behind it ({}{})", all, fmt::join(paths, ", "), all > most ? ", ..." : "");
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
  std::vector<bool> bad(scope.nodes.size());
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) bad[i] = colors[i] == boost::white_color && !stands_apart(scope, scope.nodes[i]);
  const auto groups = groups_of(scope, g, bad, false);
  for (const Group& group : groups) {
    const ScopeNode& n = scope.nodes[group.core.back()];  // the flow that closes a loop usually leads back in the file
    if (n.out.empty() && n.boundary.empty()) continue;    // a gateway or start event that leads nowhere: SB0405
    const bool loop =
        group.core.size() > 1 || std::any_of(n.out.begin(), n.out.end(), [&](std::size_t f) { return scope.flows[f].to == group.core.back(); });
    findings.error("SB0402", n.node->at, n.path,
                   loop ? fmt::format("no end can be reached from here, {} goes round for ever: the case would never finish",
                                      fmt::join(paths_of(scope, group.core), " > "))
                        : "no end can be reached from here: the case would never finish",
                   "lead a flow from this part to an end event", paths_of(scope, group.others));
  }
  return groups.empty();
}

}  // namespace

bool check_reachability(const Scope& scope, Findings& findings, bool* only_lost) {
  const bool starts = check_starts(scope, findings);
  const Graph g = graph_of(scope);
  bool fine = starts;
  Colors colors(scope.nodes.size(), boost::white_color);
  for (std::size_t i = 0; i < scope.nodes.size(); ++i)
    if (is_start(scope.nodes[i])) visit(g, i, colors);
  std::vector<bool> bad(scope.nodes.size());
  for (std::size_t i = 0; starts && i < scope.nodes.size(); ++i) bad[i] = colors[i] == boost::white_color && !stands_apart(scope, scope.nodes[i]);
  for (const Group& group : groups_of(scope, g, bad, true)) {
    fine = false;
    const ScopeNode& n = scope.nodes[group.core.front()];
    const bool alone = n.in.empty() && n.host == none;
    findings.error(
        "SB0401", n.node->at, n.path,
        (alone ? "no flow leads here: the node is never reached" : "the node is never reached from a start event") + and_behind(scope, group.others),
        "lead a flow to it, or remove it", paths_of(scope, group.others));
  }
  const bool ends = check_dead_ends(scope, g, findings);
  if (only_lost != nullptr)
    *only_lost =
        starts && ends && std::none_of(scope.flows.begin(), scope.flows.end(), [&](const ScopeFlow& f) { return bad[f.from] && !bad[f.to]; });
  return ends && fine;
}

}  // namespace switchboard::verify
