#include "verify/token_game.hpp"

#include <algorithm>

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::NodeType;

/// More flows than this from one inclusive choice are taken one by one, in pairs with a neighbour, and all together: 2^n would not end.
constexpr std::size_t most_free_choices = 8;

bool is_join(const ScopeNode& n) { return n.node->type == NodeType::parallel_gateway || n.node->type == NodeType::inclusive_gateway; }

/// What a node takes is exactly one of its flows.
bool takes_one(const ScopeNode& n) { return n.node->type == NodeType::exclusive_gateway || n.node->type == NodeType::event_based_gateway; }

/// All non-empty subsets of `free`, each with `always` in front.
void add_subsets(const std::vector<std::size_t>& always, const std::vector<std::size_t>& free, std::vector<std::vector<std::size_t>>& out) {
  const auto with = [&](const std::vector<std::size_t>& some) {
    out.push_back(always);
    out.back().insert(out.back().end(), some.begin(), some.end());
  };
  if (free.size() > most_free_choices) {
    for (std::size_t i = 0; i < free.size(); ++i) {
      with({free[i]});
      with({free[i], free[(i + 1) % free.size()]});
    }
    return with(free);
  }
  for (std::size_t bits = 1; bits < (std::size_t{1} << free.size()); ++bits) {
    std::vector<std::size_t> some;
    for (std::size_t i = 0; i < free.size(); ++i)
      if ((bits >> i & 1U) != 0) some.push_back(free[i]);
    with(some);
  }
}

/// What ends a scope at once, whatever else runs in it.
bool ends_scope(const ScopeNode& n) {
  return n.node->type == NodeType::end_event &&
         (n.event() == EventKind::terminate || n.event() == EventKind::error || n.event() == EventKind::cancel);
}

}  // namespace

TokenGame::TokenGame(const Scope& s) : scope(s), courses(s.flows.size()), incoming_(s.nodes.size()) {
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) choices_.push_back(choices(i));
  find_places();
  for (std::size_t i = 0; i < scope.nodes.size(); ++i)
    if (scope.nodes[i].host != none && !scope.nodes[i].node->interrupting) (meets_nobody(i) ? apart : once).push_back(i);
  find_upstream();
}

/// What comes behind the boundary event is reached from it alone, but for nodes where tokens simply end, and ends no scope.
bool TokenGame::meets_nobody(std::size_t boundary) const {
  const auto behind = reached_from(scope, boundary);
  for (std::size_t i = 0; i < behind.size(); ++i) {
    if (!behind[i] || i == boundary) continue;
    const ScopeNode& n = scope.nodes[i];
    if (ends_scope(n) || (n.host != none && !behind[n.host])) return false;
    const bool shared = std::any_of(n.in.begin(), n.in.end(), [&](std::size_t f) { return !behind[scope.flows[f].from]; });
    if (shared && !n.out.empty()) return false;
  }
  return true;
}

/// Takes a token from any flow and passes it on along one and the same: nothing can be decided or cut off here.
bool TokenGame::passes(std::size_t node) const {
  const ScopeNode& n = scope.nodes[node];
  if (n.out.size() != 1 || !n.boundary.empty() || scope.flows[n.out[0]].truth != Truth::always) return false;
  return !is_join(n) || n.in.size() == 1;
}

/// A new place on `flow`.
std::size_t TokenGame::place_at(std::size_t flow) {
  incoming_[scope.flows[flow].to].push_back(places.size());
  places.push_back({flow, scope.flows[flow].to});
  return places.size() - 1;
}

/// Every flow is walked over once: a course that meets an earlier one ends where that ends. A ring of nodes that all pass has its place where the
/// first course closes it.
void TokenGame::find_places() {
  std::vector<bool> walked(scope.flows.size(), false);
  std::vector<std::size_t> way;
  for (std::size_t f = 0; f < scope.flows.size(); ++f) {
    way.clear();
    std::size_t at = f;
    while (!walked[at]) {
      walked[at] = true;
      way.push_back(at);
      if (!passes(scope.flows[at].to)) break;
      const std::size_t next = scope.nodes[scope.flows[at].to].out[0];
      if (walked[next] && courses[next].place == none) break;
      courses[at].next = next;
      at = next;
    }
    if (way.empty()) continue;
    const std::size_t place = courses[at].place == none ? place_at(at) : courses[at].place;
    for (const std::size_t one : way) courses[one].place = place;
  }
}

std::vector<std::size_t> TokenGame::passed(std::size_t flow) const {
  std::vector<std::size_t> nodes;
  for (std::size_t f = flow; courses[f].next != none; f = courses[f].next) nodes.push_back(scope.flows[f].to);
  return nodes;
}

/// Which flows can be taken together when the node completes. A constant condition is no choice.
std::vector<std::vector<std::size_t>> TokenGame::choices(std::size_t node) const {
  const ScopeNode& n = scope.nodes[node];
  std::vector<std::vector<std::size_t>> out;
  std::vector<std::size_t> always;
  std::vector<std::size_t> free;
  std::size_t otherwise = none;
  for (const std::size_t f : n.out) {
    const ScopeFlow& flow = scope.flows[f];
    if (flow.flow != nullptr && flow.flow->is_default)
      otherwise = f;
    else if (flow.truth != Truth::never)
      (flow.truth == Truth::always ? always : free).push_back(f);
  }
  if (takes_one(n)) {
    for (const std::size_t f : n.out) {
      const ScopeFlow& flow = scope.flows[f];
      if (flow.truth == Truth::never || f == otherwise) continue;
      out.push_back({f});
      // On an exclusive gateway nothing is looked at after a flow that is surely open; the events behind an event gateway have no order.
      if (flow.truth == Truth::always && n.node->type == NodeType::exclusive_gateway) return out;
    }
    if (otherwise != none) out.push_back({otherwise});
    return out;
  }
  add_subsets(always, free, out);
  // No condition true: the default beside what is unconditional. A condition that is constantly true (but written) leaves the default no chance.
  const bool surely = std::any_of(always.begin(), always.end(),
                                  [&](std::size_t f) { return scope.flows[f].flow != nullptr && !scope.flows[f].flow->condition.empty(); });
  std::vector<std::size_t> rest = always;
  if (otherwise != none && !surely) rest.push_back(otherwise);
  if (!rest.empty() || n.out.empty()) out.push_back(rest);
  return out;
}

void TokenGame::find_upstream() {
  for (std::size_t join = 0; join < scope.nodes.size(); ++join) {
    if (scope.nodes[join].node->type != NodeType::inclusive_gateway || incoming_[join].size() < 2) continue;
    for (const std::size_t place : incoming_[join]) {
      std::vector<bool> seen(scope.nodes.size(), false);
      std::vector<std::size_t> open{scope.flows[places[place].flow].from};
      while (!open.empty()) {
        const std::size_t n = open.back();
        open.pop_back();
        if (n == join || seen[n]) continue;
        seen[n] = true;
        for (const std::size_t f : scope.nodes[n].in) open.push_back(scope.flows[f].from);
        if (scope.nodes[n].host != none) open.push_back(scope.nodes[n].host);
      }
      upstream_[join].push_back(std::move(seen));
    }
  }
}

/// As the engine does: a token elsewhere holds the join up when it can still bring one to an empty flow and to none that has one (13.4.3).
bool TokenGame::inclusive_ready(std::size_t node, const Marking& marking) const {
  const auto table = upstream_.find(node);
  if (table == upstream_.end()) return true;
  const auto& in = incoming_[node];
  for (std::size_t p = 0; p < places.size(); ++p) {
    if (marking[p] == 0 || places[p].taker == node) continue;
    bool reaches_empty = false;
    bool reaches_full = false;
    for (std::size_t i = 0; i < in.size(); ++i)
      if (table->second[i][places[p].taker]) (marking[in[i]] != 0 ? reaches_full : reaches_empty) = true;
    if (reaches_empty && !reaches_full) return false;
  }
  return true;
}

bool TokenGame::ready(std::size_t node, const Marking& marking) const {
  const ScopeNode& n = scope.nodes[node];
  const auto has = [&](std::size_t p) { return marking[p] != 0; };
  const auto& in = incoming_[node];
  if (n.node->type == NodeType::parallel_gateway) return !in.empty() && std::all_of(in.begin(), in.end(), has);
  if (std::none_of(in.begin(), in.end(), has)) return false;
  return n.node->type != NodeType::inclusive_gateway || inclusive_ready(node, marking);
}

void TokenGame::put(Step& step, const std::vector<std::size_t>& flows) const {
  step.produced = flows;
  for (const std::size_t f : flows) {
    char& tokens = step.after[courses[f].place];
    if (tokens == 2) step.overflow = true;
    if (tokens != 0) step.crowded = places[courses[f].place].flow;
    if (tokens < 2) ++tokens;
  }
}

void TokenGame::fire_boundaries(std::size_t node, const Marking& taken, const Marking& marking, std::vector<Step>& out) const {
  for (const std::size_t b : scope.nodes[node].boundary) {
    const bool stays = !scope.nodes[b].node->interrupting;
    if (stays && std::find(apart.begin(), apart.end(), b) != apart.end()) continue;
    Step base{node, b, stays ? marking : taken, false, {}, none, false};
    if (stays) {
      const auto bit = places.size() + static_cast<std::size_t>(std::find(once.begin(), once.end(), b) - once.begin());
      if (marking[bit] != 0) continue;
      base.after[bit] = 1;
    }
    for (const auto& flows : choices_[b]) {
      out.push_back(base);
      put(out.back(), flows);
    }
  }
}

void TokenGame::fire(std::size_t node, const Marking& marking, std::vector<Step>& out) const {
  const ScopeNode& n = scope.nodes[node];
  if (ends_scope(n)) {
    Step step{node, none, Marking(marking.size(), '\0'), true, {}, none, false};
    out.push_back(std::move(step));
    return;
  }
  const auto complete = [&](const Marking& taken) {
    for (const auto& flows : choices_[node]) {
      out.push_back({node, none, taken, false, {}, none, false});
      put(out.back(), flows);
    }
  };
  Marking taken = marking;
  if (is_join(n)) {
    for (const std::size_t p : incoming_[node])
      if (taken[p] != 0) --taken[p];
    return complete(taken);
  }
  // Tokens on several flows into one node start it several times; which goes first makes no difference but to the trace.
  for (const std::size_t p : incoming_[node]) {
    if (marking[p] == 0) continue;
    taken = marking;
    --taken[p];
    complete(taken);
    fire_boundaries(node, taken, marking, out);
  }
}

std::vector<TokenGame::Step> TokenGame::starts() const {
  std::vector<Step> out;
  const Marking empty(places.size() + once.size(), '\0');
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
    if (!is_start(scope.nodes[i])) continue;
    for (const auto& flows : choices_[i]) {
      out.push_back({i, none, empty, false, {}, none, false});
      put(out.back(), flows);
    }
  }
  for (const std::size_t b : apart)
    for (const auto& flows : choices_[b]) {
      out.push_back({scope.nodes[b].host, b, empty, false, {}, none, false});
      put(out.back(), flows);
    }
  return out;
}

void TokenGame::steps(const Marking& marking, std::vector<Step>& out) const {
  out.clear();
  for (std::size_t node = 0; node < scope.nodes.size(); ++node)
    if (ready(node, marking)) fire(node, marking, out);
}

std::vector<std::size_t> TokenGame::resting(const Marking& marking) const {
  std::vector<std::size_t> nodes;
  for (std::size_t p = 0; p < places.size(); ++p)
    if (marking[p] != 0 && std::find(nodes.begin(), nodes.end(), places[p].taker) == nodes.end()) nodes.push_back(places[p].taker);
  return nodes;
}

}  // namespace switchboard::verify
