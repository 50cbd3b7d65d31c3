#include "verify/soundness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>

#include "verify/token_game.hpp"

namespace switchboard::verify {
namespace {

using model::NodeType;

/// At most so many findings of one kind are reported for a scope; more would repeat the same mistake.
constexpr std::size_t most_findings = 5;
/// At most so many places where tokens meet are examined for those findings.
constexpr std::size_t most_looked_at = 50;
/// A longer path is cut in the message; the diagnostic's `related` holds the whole path.
constexpr std::size_t most_shown = 12;

/// How a state was reached first: from which state, by which node.
struct Taken {
  std::size_t from = none;  ///< state; none for the first
  std::size_t node = none;
  std::size_t boundary = none;
  std::span<const std::size_t> produced;
};

struct State {
  Marking marking;
  Taken last;
  bool exact = true;  ///< a case can certainly come here; false when a flow had `many` tokens on the way, so that it is only possible
};

/// A step that put a second token on a flow, or where something is done that is done again.
struct Crowd {
  Taken last;
  std::size_t flow = none;
  std::size_t node = none;
};

/// What is done when a flow would get a third token. `cut`: that step and everything after it is left out. `counted`: the flow has `many` tokens from
/// then on, whose number is not known.
enum class Third : std::uint8_t { cut, counted };

class Explorer {
 public:
  Explorer(const Scope& scope, std::size_t bound, bool reduced, Third third = Third::cut)
      : game(scope), scope_(scope), bound_(bound), reduced_(reduced), third_(third), fired(scope.nodes.size(), false) {
    if (reduced) rank_nodes();
  }

  /// False when the bound was reached.
  bool run() {
    for (auto& step : game.starts()) take(none, step);
    std::vector<TokenGame::Step> steps;
    for (std::size_t i = 0; i < states.size(); ++i) {
      if (states.size() > bound_) return false;
      if (game.finished(states[i].marking)) {
        completing_.push_back(i);
        continue;
      }
      game.steps(states[i].marking, reduced_, steps);
      if (steps.empty()) dead.push_back(i);
      if (reduced_) reduce(steps);
      for (auto& step : steps) take(i, step);
    }
    return true;
  }

  /// The first state from which the scope can never complete although something can always happen; none when there is no such state. With
  /// Third::counted more seems possible than really is, so a state without a way to completion there has none in truth either.
  [[nodiscard]] std::size_t livelock() const {
    std::vector<std::vector<std::uint32_t>> before(states.size());
    for (const auto& [from, to] : edges_) before[to].push_back(from);
    std::vector<bool> fine(states.size(), false);
    std::vector<std::size_t> open = completing_;
    open.insert(open.end(), dead.begin(), dead.end());  // states without any next step are deadlocks, which are reported as such
    while (!open.empty()) {
      const std::size_t s = open.back();
      open.pop_back();
      if (fine[s]) continue;
      fine[s] = true;
      open.insert(open.end(), before[s].begin(), before[s].end());
    }
    for (std::size_t s = 0; s < fine.size(); ++s)
      if (!fine[s] && states[s].exact) return s;
    return none;
  }

  /// Paths of the elements on the way to a state, in the order in which they fire.
  [[nodiscard]] std::vector<std::string> way_to(std::size_t state) const {
    std::vector<std::size_t> chain;
    for (std::size_t s = state; s != none; s = states[s].last.from) chain.push_back(s);
    std::vector<std::string> way;
    for (auto s = chain.rbegin(); s != chain.rend(); ++s) append(states[*s].last, way);
    return way;
  }
  [[nodiscard]] std::vector<std::string> way_over(const Taken& last) const {
    auto way = last.from == none ? std::vector<std::string>{} : way_to(last.from);
    append(last, way);
    return way;
  }

  TokenGame game;
  std::deque<State> states;  ///< breadth first; stable in memory, for `index_` points into it
  std::vector<std::size_t> dead;
  std::vector<Crowd> crowded;  ///< from states in which no flow had two tokens yet
  bool cut_short = false;      ///< some step was not followed because a place would have had three tokens

 private:
  /// Places each node behind those that lead to it, as far as there are no loops.
  void rank_nodes() {
    rank_.assign(scope_.nodes.size(), 0);
    std::vector<std::size_t> order;
    std::vector<bool> seen(scope_.nodes.size(), false);
    for (std::size_t i = 0; i < scope_.nodes.size(); ++i)
      if (is_start(scope_.nodes[i])) visit(i, seen, order);
    for (std::size_t i = 0; i < order.size(); ++i) rank_[order[i]] = order.size() - i;
  }

  void visit(std::size_t from, std::vector<bool>& seen, std::vector<std::size_t>& order) {
    std::vector<std::pair<std::size_t, std::size_t>> stack{{from, 0}};
    seen[from] = true;
    while (!stack.empty()) {
      auto& [node, next] = stack.back();
      const ScopeNode& n = scope_.nodes[node];
      const std::size_t count = n.out.size() + n.boundary.size();
      if (next == count) {
        order.push_back(node);
        stack.pop_back();
        continue;
      }
      const std::size_t to = next < n.out.size() ? scope_.flows[n.out[next]].to : n.boundary[next - n.out.size()];
      ++next;
      if (seen[to]) continue;
      seen[to] = true;
      stack.emplace_back(to, 0);
    }
  }

  /// Keeps only the steps of one node: of those that do not end the scope, the one nearest to the start. No other node can take its tokens away, so
  /// whatever it can do later it can do now, and the other orders show nothing new.
  void reduce(std::vector<TokenGame::Step>& steps) const {
    std::size_t chosen = none;
    for (const auto& s : steps)
      if (!s.ends && (chosen == none || rank_[s.node] < rank_[chosen])) chosen = s.node;
    if (chosen != none) std::erase_if(steps, [&](const TokenGame::Step& s) { return s.node != chosen; });
  }

  void append(const Taken& step, std::vector<std::string>& way) const {
    way.push_back(scope_.nodes[step.boundary == none ? step.node : step.boundary].path);
    for (const std::size_t f : step.produced)
      for (const std::size_t n : game.passed(f)) way.push_back(scope_.nodes[n].path);
  }

  void take(std::size_t from, TokenGame::Step& step) {
    fired[step.boundary == none ? step.node : step.boundary] = true;
    for (const std::size_t f : step.produced)
      for (std::size_t at = f; game.courses[at].next != none && !fired[scope_.flows[at].to]; at = game.courses[at].next)
        fired[scope_.flows[at].to] = true;  // the walk stops at a node that has fired: all behind it on this course have fired too
    const Taken taken{from, step.node, step.boundary, step.produced};
    if (step.ends) return completing_.push_back(from);
    const bool meet = (step.crowded != none || step.meets != none) && !game.happened_again(step.after);
    if (meet && (from == none || states[from].marking.find('\2') == Marking::npos)) crowded.push_back({taken, step.crowded, step.meets});
    if (step.overflow && third_ == Third::cut) {
      cut_short = true;
      if (from != none) completing_.push_back(from);  // what follows was left out, so this state counts as one that can complete: no false alarm
      return;
    }
    const auto known = index_.find(step.after);
    const std::size_t self = known == index_.end() ? states.size() : known->second;
    if (from != none) edges_.emplace_back(static_cast<std::uint32_t>(from), static_cast<std::uint32_t>(self));
    if (known != index_.end()) return;
    states.push_back({std::move(step.after), taken, !step.guessed && (from == none || states[from].exact)});
    index_.emplace(states.back().marking, static_cast<std::uint32_t>(self));
  }

  const Scope& scope_;
  std::size_t bound_;
  bool reduced_;
  Third third_;
  std::unordered_map<std::string_view, std::uint32_t> index_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> edges_;
  std::vector<std::size_t> completing_;
  std::vector<std::size_t> rank_;

 public:
  std::vector<bool> fired;
};

std::string shown(const std::vector<std::string>& way) {
  if (way.size() <= most_shown) return fmt::format("{}", fmt::join(way, " > "));
  const std::vector<std::string> head(way.begin(), way.begin() + 3);
  const std::vector<std::string> tail(way.end() - static_cast<std::ptrdiff_t>(most_shown - 4), way.end());
  return fmt::format("{} > ... > {}", fmt::join(head, " > "), fmt::join(tail, " > "));
}

class Report {
 public:
  Report(const Scope& scope, const Explorer& explorer, Findings& findings) : scope_(scope), explorer_(explorer), findings_(findings) {}

  void run() {
    deadlocks();
    crowds();
    endings();
  }

  void endings() {
    if (!stuck_) livelock();
    if (!stuck_ && !explorer_.cut_short) never_fired();
  }
  [[nodiscard]] bool stuck() const { return stuck_; }

  /// One finding for each node where tokens get stuck first; the shortest way there.
  void deadlocks() {
    std::set<std::size_t> seen;
    for (const std::size_t s : explorer_.dead) {
      const std::size_t node = first_stuck(explorer_.game.resting(explorer_.states[s].marking));
      if (seen.size() == most_findings || !seen.insert(node).second) continue;
      stuck_ = true;
      const auto way = explorer_.way_to(s);
      const auto flows = missing(node, explorer_.states[s].marking);
      std::vector<std::string> names;
      for (const std::size_t f : flows) names.push_back(scope_.flows[f].id);
      const ScopeNode& n = scope_.nodes[node];
      findings_.error("SB0410", n.node->at, n.path,
                      fmt::format("deadlock: a token waits here for ever{}; the way there: {}",
                                  names.empty() ? std::string{} : fmt::format(", nothing comes by {}", fmt::join(names, ", ")), shown(way)),
                      way_out(s, node, flows), way);
    }
  }

  /// One finding for each node where branches meet, without those that only see the two tokens come on from an earlier one.
  void crowds() {
    std::vector<std::pair<std::size_t, const Crowd*>> found;
    for (const Crowd& crowd : explorer_.crowded) {
      const std::size_t node = meeting(crowd);
      if (std::none_of(found.begin(), found.end(), [&](const auto& f) { return f.first == node; })) found.emplace_back(node, &crowd);
      if (found.size() == most_looked_at) break;
    }
    std::size_t told = 0;
    for (std::size_t i = 0; i < found.size() && told < most_findings; ++i) {
      const std::size_t node = found[i].first;
      bool follows = false;
      for (std::size_t k = 0; k < found.size() && !follows; ++k)
        follows = k != i && reach(found[k].first, node) && (k < i || !reach(node, found[k].first));
      if (follows) continue;
      ++told;
      const auto way = explorer_.way_over(found[i].second->last);
      const ScopeNode& n = scope_.nodes[node];
      findings_.soundness("SB0411", n.node->at, n.path,
                          fmt::format("two tokens at once can come through here: what follows is done twice; the way there: {}", shown(way)),
                          "join the branches with a parallelGateway or inclusiveGateway before", way);
    }
  }

 private:
  /// The node to report when tokens wait at several: one to which none of the others leads, so that it waits for none of them.
  std::size_t first_stuck(const std::vector<std::size_t>& nodes) const {
    for (const std::size_t n : nodes)
      if (std::none_of(nodes.begin(), nodes.end(), [&](std::size_t other) { return other != n && reach(other, n) && !reach(n, other); })) return n;
    return nodes.front();
  }

  /// Which flows a join waits for.
  std::vector<std::size_t> missing(std::size_t node, const Marking& marking) const {
    std::vector<std::size_t> flows;
    const auto& places = explorer_.game.places;
    for (std::size_t p = 0; p < places.size(); ++p)
      if (places[p].taker == node && marking[p] == 0) flows.push_back(places[p].flow);
    return flows;
  }

  /// The remedy, with the node on the way that led away from the flows that are missing.
  std::string way_out(std::size_t state, std::size_t node, const std::vector<std::size_t>& flows) const {
    const bool is_complex = scope_.nodes[node].node->type == NodeType::complex_gateway;
    const auto could_lead_on = [&](std::size_t from) {
      return std::any_of(flows.begin(), flows.end(),
                         [&](std::size_t f) { return scope_.flows[f].from == from || reach(from, scope_.flows[f].from); });
    };
    for (std::size_t s = state; s != none; s = explorer_.states[s].last.from) {
      const Taken& step = explorer_.states[s].last;
      const ScopeNode& n = scope_.nodes[step.node];
      if (step.boundary != none && ends_host(scope_, step.boundary) && could_lead_on(step.node))
        return fmt::format("{} leads a token away from its branch: lead it to this join, too, or end the other branches with it",
                           scope_.nodes[step.boundary].path);
      const bool one_of = n.node->type == NodeType::exclusive_gateway || n.node->type == NodeType::event_based_gateway;
      if (step.boundary != none || !one_of) continue;
      const bool left_out = std::any_of(n.out.begin(), n.out.end(), [&](std::size_t f) {
        return std::find(step.produced.begin(), step.produced.end(), f) == step.produced.end() &&
               (std::find(flows.begin(), flows.end(), f) != flows.end() || could_lead_on(scope_.flows[f].to));
      });
      if (!left_out) continue;
      if (is_complex)
        return fmt::format(
            "{} takes one of its flows only, so that `activate` may never hold: let it hold for the tokens of each way, or lead the "
            "ways with fewer tokens past this gateway",
            n.path);
      return fmt::format("{} takes one of its flows only, this {} waits for all: merge with an exclusiveGateway, or split with a parallelGateway",
                         n.path, to_string(scope_.nodes[node].node->type));
    }
    if (is_complex) return "let `activate` hold for the tokens that can come on each way here, or lead the ways with fewer tokens past this gateway";
    return "join the flows with the kind of gateway that split them";
  }

  bool reach(std::size_t from, std::size_t to) const {
    auto& known = reached_[from];
    if (known.empty()) known = reached_from(scope_, from);
    return known[to];
  }

  using Arrival = std::pair<std::size_t, std::size_t>;  ///< flow, node
  /// What a token that is put on `flow` passes, to the node that takes it.
  std::vector<Arrival> arrivals(std::size_t flow) const {
    std::vector<Arrival> out;
    std::size_t last = flow;
    for (; explorer_.game.courses[last].next != none; last = explorer_.game.courses[last].next) out.emplace_back(last, scope_.flows[last].to);
    out.emplace_back(last, explorer_.game.places[explorer_.game.courses[last].place].taker);
    return out;
  }

  /// The first node on the last token's way through which the one before it came, too.
  std::size_t meeting(const Crowd& crowd) const {
    if (crowd.flow == none) return crowd.node;
    const auto& game = explorer_.game;
    const auto leads_there = [&](std::size_t f) { return game.places[game.courses[f].place].flow == crowd.flow; };
    std::size_t second = none;
    std::size_t first = none;
    for (const std::size_t f : crowd.last.produced)
      if (leads_there(f)) (second == none ? second : first) = f;
    for (std::size_t s = crowd.last.from; s != none && first == none; s = explorer_.states[s].last.from)
      for (const std::size_t f : explorer_.states[s].last.produced)
        if (leads_there(f)) first = f;
    if (second == none || first == none) return scope_.flows[crowd.flow].to;
    const auto before = arrivals(first);
    for (const Arrival& a : arrivals(second))
      if (std::any_of(before.begin(), before.end(), [&](const Arrival& b) { return b.second == a.second; })) return a.second;
    return scope_.flows[crowd.flow].to;
  }

  void livelock() {
    const std::size_t s = explorer_.livelock();
    if (s == none) return;
    stuck_ = true;
    const auto way = explorer_.way_to(s);
    const ScopeNode& n = scope_.nodes[explorer_.game.resting(explorer_.states[s].marking).front()];
    findings_.error("SB0413", n.node->at, n.path, fmt::format("from here the case can go on but never finish; the way there: {}", shown(way)),
                    "lead a way out of the loop to an end event", way);
  }

  void never_fired() {
    std::vector<bool> led_to(scope_.nodes.size(), false);  // the others are SB0401
    for (std::size_t s = 0; s < scope_.nodes.size(); ++s) {
      if (!is_start(scope_.nodes[s])) continue;
      const auto behind = reached_from(scope_, s);
      for (std::size_t i = 0; i < behind.size(); ++i)
        if (behind[i]) led_to[i] = true;
    }
    for (std::size_t i = 0; i < scope_.nodes.size(); ++i) {
      const ScopeNode& n = scope_.nodes[i];
      if (explorer_.fired[i] || !led_to[i] || stands_apart(scope_, n)) continue;
      if (n.host != none && scope_.nodes[n.host].node->instantiate) continue;  // SB0426
      findings_.soundness("SB0412", n.node->at, n.path, "this node can never be reached by a token, whatever the data",
                          "look at the conditions and joins before it", {});
    }
  }

  const Scope& scope_;
  const Explorer& explorer_;
  Findings& findings_;
  mutable std::map<std::size_t, std::vector<bool>> reached_;
  bool stuck_ = false;
};

/// Whether the scope has neither loops nor inclusive or complex joins. Then playing independent steps in a single order finds everything that all
/// orders would.
bool one_order_is_enough(const Scope& scope) {
  std::vector<std::size_t> waiting(scope.nodes.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
    const ScopeNode& n = scope.nodes[i];
    if ((n.node->type == NodeType::inclusive_gateway || n.node->type == NodeType::complex_gateway) && n.in.size() > 1) return false;
    waiting[i] = n.in.size() + (n.host != none ? 1 : 0);
    if (waiting[i] == 0) open.push_back(i);
  }
  std::size_t sorted = 0;
  const auto arrive = [&](std::size_t node) {
    if (--waiting[node] == 0) open.push_back(node);
  };
  for (; !open.empty(); ++sorted) {
    const ScopeNode& n = scope.nodes[open.back()];
    open.pop_back();
    for (const std::size_t f : n.out) arrive(scope.flows[f].to);
    for (const std::size_t b : n.boundary) arrive(b);
  }
  return sorted == scope.nodes.size();
}

}  // namespace

/// How many states may be visited. A state costs a byte for each place and a look at every node, so large scopes get fewer states, and the check ends
/// within seconds.
std::size_t states_for(const Scope& scope, const Bounds& bounds) {
  constexpr std::size_t least = 1000;
  const std::size_t cost = TokenGame(scope).cost_of_state();
  return std::min(bounds.states, std::max(least, bounds.work / cost));
}

/// Reports after every order was played. If steps were left out because of a third token on a flow, whether the scope can always complete is judged
/// from a second run with Third::counted, which leaves nothing out.
void report_all(const Scope& scope, const Explorer& full, std::size_t bound, Effort& effort, Findings& findings) {
  Report seen(scope, full, findings);
  seen.run();
  if (!full.cut_short || seen.stuck()) return;
  Explorer counted(scope, bound, false, Third::counted);
  const bool complete = counted.run();
  effort.states += counted.states.size();
  if (complete) return Report(scope, counted, findings).endings();
  findings.advice(
      "SB0419", scope.at, scope.path,
      fmt::format("tokens multiply here (SB0411), in more than {} distributions: nodes that never fire (SB0412) and loops without a way out "
                  "(SB0413) may remain",
                  bound),
      "join the branches, or put parallel parts into sub-processes: each is checked by itself");
}

void check_soundness(const Scope& scope, const Bounds& given, Order order, Effort& effort, Findings& findings) {
  if (has_quantities(scope)) return check_quantities(scope, findings);
  const Bounds bounds{states_for(scope, given), given.work};
  if (order == Order::enough && one_order_is_enough(scope)) {
    Explorer quick(scope, bounds.states, true);
    const bool complete = quick.run();
    effort.states += quick.states.size();
    // If steps were left out because of a third token, it depends on the order which ones: then all orders have to be played.
    if (complete && !quick.cut_short) return Report(scope, quick, findings).run();
  }
  Explorer full(scope, bounds.states, false);
  const bool complete = full.run();
  effort.states += full.states.size();
  if (complete) return report_all(scope, full, bounds.states, effort, findings);
  ++effort.gave_up;
  Explorer reduced(scope, bounds.states, true);
  const bool finished = reduced.run();
  effort.states += reduced.states.size();
  effort.gave_up_wholly += finished ? 0 : 1;
  const bool inclusive = std::any_of(scope.nodes.begin(), scope.nodes.end(),
                                     [](const ScopeNode& n) { return n.node->type == NodeType::inclusive_gateway && n.in.size() > 1; });
  std::string_view seen = "the check looked at these and gave up, deadlocks may remain";
  // In whatever order independent steps are taken, they end in the same deadlocks. An inclusive join is the exception: whether it fires depends on
  // tokens elsewhere.
  if (finished)
    seen = inclusive
               ? "one order of independent steps was checked, so deadlocks at inclusive joins, tokens that meet (SB0411), nodes that never fire "
                 "(SB0412) and loops without a way out (SB0413) may remain"
               : "one order of independent steps was checked; it finds every deadlock, but tokens that meet (SB0411), nodes that never fire "
                 "(SB0412) and loops without a way out (SB0413) may remain";
  findings.advice("SB0419", scope.at, scope.path, fmt::format("more than {} distributions of tokens: {}", bounds.states, seen),
                  "put parallel parts into sub-processes: each is checked by itself");
  // Whatever was found is really there, even when the search was not finished. Tokens that meet are taken from the run with all orders: in a single
  // order a token may overtake another one that in the engine would have gone on at once.
  Report(scope, reduced.dead.empty() ? full : reduced, findings).deadlocks();
  Report(scope, full, findings).crowds();
}

}  // namespace switchboard::verify
