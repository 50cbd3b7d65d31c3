#include "verify/token_game.hpp"

#include <algorithm>

namespace switchboard::verify {
namespace {

using model::EventKind;
using model::NodeType;

/// More flows than this from one inclusive choice are taken one by one, in pairs with a neighbour, and all together: 2^n would not end.
constexpr std::size_t most_free_choices = 8;

bool is_join(const ScopeNode& n) {
  return n.node->type == NodeType::parallel_gateway || n.node->type == NodeType::inclusive_gateway || n.node->type == NodeType::complex_gateway;
}

/// Whether a token takes exactly one of the outgoing flows.
bool takes_one(const ScopeNode& n) {
  return n.node->type == NodeType::exclusive_gateway || (n.node->type == NodeType::event_based_gateway && !n.node->parallel);
}

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

bool is_plain_end(const ScopeNode& n) { return n.node->type == NodeType::end_event && !ends_scope(n); }

bool routes(const ScopeNode& n) { return is_join(n) || n.node->type == NodeType::exclusive_gateway; }

bool gathers(const ScopeNode& n) { return is_join(n) && n.in.size() > 1; }

bool is_complex_join(const ScopeNode& n) { return gathers(n) && n.node->type == NodeType::complex_gateway; }

/// Whether the node does something of its own, which a second token would repeat: a task or a wait, and not a gateway, start or end.
bool works(const ScopeNode& n) { return !routes(n) && n.node->type != NodeType::end_event && !is_start(n); }

}  // namespace

std::vector<TokenGame::Step> TokenGame::taking(std::size_t node, const std::vector<std::size_t>& from, const Marking& marking) {
  std::vector<TokenGame::Step> out{{node, none, marking, false, {}, none, none, false, false}};
  for (const std::size_t p : from) {
    if (marking[p] == 0) continue;
    const std::size_t count = out.size();
    for (std::size_t i = 0; i < count; ++i) {
      if (marking[p] == many) {
        out.push_back(out[i]);
        out.back().guessed = true;
      }
      --out[i].after[p];
    }
  }
  return out;
}

TokenGame::TokenGame(const Scope& s) : scope(s), courses(s.flows.size()), incoming_(s.nodes.size()) {
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) choices_.push_back(choices(i));
  looks_around_ = std::any_of(scope.nodes.begin(), scope.nodes.end(),
                              [](const ScopeNode& n) { return n.node->type != NodeType::parallel_gateway && gathers(n); });
  find_idle();
  find_places();
  find_hot_places();
  find_others();
  for (std::size_t i = 0; i < scope.nodes.size(); ++i)
    if (scope.nodes[i].host != none && !ends_host(scope, i)) (meets_nobody(i) ? apart : once).push_back(i);
  find_ways();
  find_complex();
  find_repeated();
}

/// An event that can happen again does so before a complex gateway: that takes one token of each flow, and what is left may be too little to go off
/// once more. A parallel join cannot rely on such an event at all, and an inclusive one goes on with what there is.
void TokenGame::find_repeated() {
  most_often_.assign(once.size(), 1);
  for (std::size_t i = 0; i < once.size() && !complex_.empty(); ++i) {
    const auto& events = scope.nodes[once[i]].node->events;
    const bool again = std::any_of(events.begin(), events.end(), [](const model::EventDefinition& e) {
      return e.kind != EventKind::timer || e.timer.kind == model::TimerDefinition::Kind::every;
    });
    const auto behind = reached_from(scope, once[i]);
    if (again && std::any_of(complex_.begin(), complex_.end(), [&](const Complex& c) { return behind[c.node]; })) most_often_[i] = 2;
  }
}

std::size_t TokenGame::cost_of_state() const {
  std::size_t cost = scope.nodes.size() + scope.flows.size() + 1;
  for (const auto& [join, ways] : ways_) cost += ways.size() * (places.size() / 64 + 1);  // most of a way is known at its first flows
  return cost;
}

/// Whether the nodes behind the boundary event can be reached from it alone (nodes where tokens simply end may be shared) and none of them ends the
/// scope.
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

/// Whether the node takes a token from any flow and always passes it on along the same one: nothing is decided here, and nothing can be cut off.
bool TokenGame::passes(std::size_t node) const {
  const ScopeNode& n = scope.nodes[node];
  if (n.out.size() != 1 || !n.boundary.empty() || idle_[node] || scope.flows[n.out[0]].truth != Truth::always) return false;
  return !gathers(n) && !(looks_around_ && !at_once(n) && leads_to_host(node));
}

/// Whether an activity with boundary events follows, without a branch in between. To an inclusive join a token inside that activity is another thing
/// than one still before it, so the two need places of their own.
bool TokenGame::leads_to_host(std::size_t node) const {
  std::size_t at = node;
  for (std::size_t steps = 0; steps < scope.nodes.size(); ++steps) {
    at = scope.flows[scope.nodes[at].out[0]].to;
    if (!scope.nodes[at].boundary.empty()) return true;
    if (!at_once(scope.nodes[at]) || scope.nodes[at].out.size() != 1) return false;
  }
  return false;
}

void TokenGame::find_idle() {
  idle_.assign(scope.nodes.size(), false);
  std::vector<std::size_t> busy_outs(scope.nodes.size());
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
    busy_outs[i] = scope.nodes[i].out.size();
    if (is_plain_end(scope.nodes[i])) open.push_back(i);
  }
  while (!open.empty()) {
    const std::size_t n = open.back();
    open.pop_back();
    idle_[n] = true;
    for (const std::size_t f : scope.nodes[n].in) {
      const std::size_t before = scope.flows[f].from;
      if (--busy_outs[before] == 0 && routes(scope.nodes[before]) && !gathers(scope.nodes[before])) open.push_back(before);
    }
  }
}

void TokenGame::find_hot_places() {
  enum class Rests : std::uint8_t { unknown, no, yes };
  std::vector<Rests> rests(scope.flows.size(), Rests::unknown);
  std::vector<std::size_t> way;
  for (std::size_t f = 0; f < scope.flows.size(); ++f) {
    std::size_t at = f;
    for (way.clear(); rests[at] == Rests::unknown && courses[at].next != none; at = courses[at].next) way.push_back(at);
    if (rests[at] == Rests::unknown) rests[at] = Rests::no;
    for (; !way.empty(); way.pop_back()) {
      const std::size_t one = way.back();
      const bool here = !at_once(scope.nodes[scope.flows[one].to]);
      rests[one] = here || rests[courses[one].next] == Rests::yes ? Rests::yes : Rests::no;
    }
  }
  first_hot_ = places.size();
  for (std::size_t f = 0; f < scope.flows.size(); ++f) {
    const std::size_t cold = courses[f].place;
    const ScopeNode& taker = scope.nodes[places[cold].taker];
    if (rests[f] == Rests::yes || gathers(taker) || !(at_once(taker) || is_plain_end(taker))) continue;
    if (places[cold].twin == none) {
      places[cold].twin = places.size();
      incoming_[places[cold].taker].push_back(places.size());
      places.push_back({places[cold].flow, places[cold].taker, true, cold});
    }
    courses[f].place = places[cold].twin;
  }
}

/// For every flow to a hot place: the work that is done at once on the way there, and the nodes from which a token elsewhere could still come to that
/// work.
void TokenGame::find_others() {
  work_.resize(scope.flows.size());
  others_.resize(scope.flows.size());
  for (std::size_t f = 0; f < scope.flows.size(); ++f) {
    const TokenGame::Place& place = places[courses[f].place];
    if (!place.hot) continue;
    work_[f] = passed(f);
    work_[f].push_back(place.taker);
    std::erase_if(work_[f], [&](std::size_t n) { return !works(scope.nodes[n]); });
    if (work_[f].empty()) continue;
    std::vector<bool>& seen = others_[f];
    seen.assign(scope.nodes.size(), false);
    std::vector<std::size_t> open = work_[f];
    while (!open.empty()) {
      const std::size_t n = open.back();
      open.pop_back();
      if (n == scope.flows[f].from || seen[n]) continue;
      seen[n] = true;
      for (const std::size_t in : scope.nodes[n].in) open.push_back(scope.flows[in].from);
      if (scope.nodes[n].host != none) open.push_back(scope.nodes[n].host);
    }
  }
}

/// A new place on `flow`.
std::size_t TokenGame::place_at(std::size_t flow) {
  incoming_[scope.flows[flow].to].push_back(places.size());
  places.push_back({flow, scope.flows[flow].to, false, none});
  return places.size() - 1;
}

/// Follows every flow to the place where its token comes to rest. Each flow is walked once: a course that meets an earlier one ends at the same
/// place. Where nodes that all pass tokens on form a ring, the place is at the flow that closes the ring.
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

/// The nodes from which `join` can be reached by its flow `flow`, and not only through the join itself.
std::vector<bool> TokenGame::reaching(std::size_t join, std::size_t flow) const {
  std::vector<bool> seen(scope.nodes.size(), false);
  std::vector<std::size_t> open{scope.flows[flow].from};
  while (!open.empty()) {
    const std::size_t n = open.back();
    open.pop_back();
    if (n == join || seen[n]) continue;
    seen[n] = true;
    for (const std::size_t f : scope.nodes[n].in) open.push_back(scope.flows[f].from);
    if (scope.nodes[n].host != none) open.push_back(scope.nodes[n].host);
  }
  return seen;
}

/// No sequence flow leads from an activity to the events on its boundary: what its token reaches and what each of these events would bring are ways
/// of their own.
void TokenGame::find_ways() {
  for (std::size_t join = 0; join < scope.nodes.size(); ++join) {
    if (scope.nodes[join].node->type == NodeType::parallel_gateway || !gathers(scope.nodes[join])) continue;
    std::vector<std::vector<bool>> along;
    for (const std::size_t place : incoming_[join]) along.push_back(reaching(join, places[place].flow));
    std::map<std::vector<bool>, std::vector<bool>> ways;
    const auto add = [&](std::vector<bool> reached, std::size_t token) {
      if (std::find(reached.begin(), reached.end(), true) != reached.end())
        ways.try_emplace(std::move(reached), scope.nodes.size(), false).first->second[token] = true;
    };
    for (std::size_t n = 0; n < scope.nodes.size(); ++n) {
      std::vector<bool> own;
      for (std::size_t i = 0; i < along.size(); ++i)
        own.push_back(std::any_of(scope.nodes[n].out.begin(), scope.nodes[n].out.end(),
                                  [&](std::size_t f) { return f == places[incoming_[join][i]].flow || along[i][scope.flows[f].to]; }));
      if (n != join) add(std::move(own), n);
      for (const std::size_t b : scope.nodes[n].boundary) {
        std::vector<bool> brought;
        for (const auto& flow : along) brought.push_back(flow[b]);
        add(std::move(brought), n);
      }
    }
    for (auto& [reached, from] : ways) ways_[join].push_back({reached, std::move(from)});
  }
}

/// As the engine does: a token elsewhere holds the join up when it can still bring one to an empty flow and to none that has one (13.4.3).
bool TokenGame::inclusive_ready(std::size_t node, const Marking& marking) const {
  std::vector<bool> full;
  for (const std::size_t p : incoming_[node]) full.push_back(marking[p] != 0);
  return nothing_expected(node, marking, full);
}

bool TokenGame::nothing_expected(std::size_t node, const Marking& marking, const std::vector<bool>& full) const {
  const auto ways = ways_.find(node);
  if (ways == ways_.end()) return true;
  const auto& in = incoming_[node];
  for (const Way& way : ways->second) {
    bool reaches_empty = false;
    bool reaches_full = false;
    for (std::size_t i = 0; i < in.size(); ++i)
      if (way.reached[i]) (full[i] ? reaches_full : reaches_empty) = true;
    if (!reaches_empty || reaches_full) continue;
    for (std::size_t p = 0; p < places.size(); ++p)
      if (marking[p] != 0 && places[p].taker != node && way.from[places[p].taker]) return false;
  }
  return true;
}

bool TokenGame::ready(std::size_t node, const Marking& marking) const {
  const ScopeNode& n = scope.nodes[node];
  const auto has = [&](std::size_t p) { return marking[p] != 0; };
  const auto& in = incoming_[node];
  if (gathers(n) && n.node->type == NodeType::parallel_gateway) return !in.empty() && std::all_of(in.begin(), in.end(), has);
  if (std::none_of(in.begin(), in.end(), has)) return false;
  return inclusive_ready(node, marking);
}

/// Whether a second token waits in front of the node that takes tokens from `place`, so that its work would be done twice.
bool TokenGame::is_met(std::size_t place, const Marking& marking) const {
  const std::size_t taker = places[place].taker;
  if (!works(scope.nodes[taker])) return false;
  return std::any_of(incoming_[taker].begin(), incoming_[taker].end(), [&](std::size_t p) { return p != place && marking[p] != 0; });
}

bool TokenGame::reached_without(std::size_t from, std::size_t to, std::size_t avoided) const {
  std::vector<bool> seen(scope.nodes.size(), false);
  std::vector<std::size_t> open{from};
  while (!open.empty()) {
    const std::size_t n = open.back();
    open.pop_back();
    if (seen[n] || (n == avoided && n != from)) continue;
    if (n == to) return true;
    seen[n] = true;
    for (const std::size_t f : scope.nodes[n].out) open.push_back(scope.flows[f].to);
    open.insert(open.end(), scope.nodes[n].boundary.begin(), scope.nodes[n].boundary.end());
  }
  return false;
}

/// A node whose work is done at once on the way along `flow`, and will be done again by a token that is elsewhere now; none when there is none.
std::size_t TokenGame::done_twice(const Step& step, std::size_t flow, const Marking& before) const {
  if (work_[flow].empty()) return none;
  for (std::size_t p = 0; p < places.size(); ++p) {
    if (step.after[p] == 0 || p == courses[flow].place) continue;
    const std::size_t taker = places[p].taker;
    const bool behind_us = taker == step.node && step.boundary == none && before[p] != 0;
    if (!behind_us && !others_[flow][taker]) continue;
    if (behind_us) return taker;
    for (const std::size_t n : work_[flow])
      if (reached_without(taker, n, scope.flows[flow].from)) return n;
  }
  return none;
}

void TokenGame::put(Step& step, const std::vector<std::size_t>& flows) const {
  const Marking before = step.after;
  step.produced = flows;
  for (const std::size_t f : flows) {
    const Place& place = places[courses[f].place];
    char& tokens = step.after[courses[f].place];
    if (tokens >= 2) step.overflow = true;
    const bool two = tokens != 0 || (place.twin != none && step.after[place.twin] != 0);
    if (two && (!idle_[place.taker] || works(scope.nodes[scope.flows[place.flow].from])))
      step.crowded = place.flow;
    else if (is_met(courses[f].place, step.after))
      step.meets = place.taker;
    if (tokens < many) ++tokens;
  }
  for (const std::size_t f : flows)
    if (step.crowded == none && step.meets == none) step.meets = done_twice(step, f, before);
}

void TokenGame::fire_boundaries(std::size_t node, const Step& taken, const Marking& marking, std::vector<Step>& out) const {
  for (const std::size_t b : scope.nodes[node].boundary) {
    const bool stays = !ends_host(scope, b);
    if (stays && (taken.guessed || std::find(apart.begin(), apart.end(), b) != apart.end())) continue;
    Step base = taken;
    base.boundary = b;
    if (stays) {
      base.after = marking;
      const auto which = static_cast<std::size_t>(std::find(once.begin(), once.end(), b) - once.begin());
      if (marking[places.size() + which] == most_often_[which]) continue;
      ++base.after[places.size() + which];
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
    out.push_back({node, none, Marking(marking.size(), '\0'), true, {}, none, none, false, false});
    return;
  }
  // Tokens on several flows into one node start it several times; which goes first makes no difference but to the trace.
  if (!gathers(n)) {
    for (const std::size_t p : incoming_[node])
      if (marking[p] != 0) fire_from(p, marking, out);
    return;
  }
  for (const Step& taken : taking(node, incoming_[node], marking))
    for (const auto& flows : choices_[node]) {
      out.push_back(taken);
      put(out.back(), flows);
    }
}

void TokenGame::fire_from(std::size_t place, const Marking& marking, std::vector<Step>& out) const {
  const std::size_t node = places[place].taker;
  for (const Step& taken : taking(node, {place}, marking)) {
    for (const auto& flows : choices_[node]) {
      out.push_back(taken);
      put(out.back(), flows);
    }
    fire_boundaries(node, taken, marking, out);
  }
}

std::vector<TokenGame::Step> TokenGame::starts() const {
  std::vector<Step> out;
  const Marking empty(first_flag_ + flag_count(), '\0');
  for (std::size_t i = 0; i < scope.nodes.size(); ++i) {
    if (!is_start(scope.nodes[i])) continue;
    for (const auto& flows : choices_[i]) {
      out.push_back({i, none, empty, false, {}, none, none, false, false});
      put(out.back(), flows);
    }
  }
  for (const std::size_t b : apart)
    for (const auto& flows : choices_[b]) {
      out.push_back({scope.nodes[b].host, b, empty, false, {}, none, none, false, false});
      put(out.back(), flows);
    }
  return out;
}

void TokenGame::steps(const Marking& marking, bool all, std::vector<Step>& out) const {
  out.clear();
  for (std::size_t p = first_hot_; p < places.size() && !all; ++p)
    if (marking[p] != 0) return fire_from(p, marking, out);
  for (const Complex& c : complex_)
    if (surely_fires(c, marking)) return fire_complex(c, marking, out);
  for (const Complex& c : complex_) fire_complex(c, marking, out);
  for (std::size_t node = 0; node < scope.nodes.size(); ++node)
    if (!is_complex_join(scope.nodes[node]) && ready(node, marking)) fire(node, marking, out);
}

std::vector<std::size_t> TokenGame::resting(const Marking& marking) const {
  std::vector<std::size_t> nodes;
  for (std::size_t p = 0; p < places.size(); ++p)
    if (marking[p] != 0 && std::find(nodes.begin(), nodes.end(), places[p].taker) == nodes.end()) nodes.push_back(places[p].taker);
  return nodes;
}

}  // namespace switchboard::verify
