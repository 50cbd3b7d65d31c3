#include "property/game.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <vector>

namespace switchboard::testing {
namespace {

using model::NodeType;

constexpr std::size_t most_markings = 10'000;
constexpr char most_tokens = 3;  ///< on one flow: more says nothing new, it is crowded

struct Edge {
  std::size_t from = 0, to = 0;
  bool conditional = false;
  bool otherwise = false;
};

struct Net {
  std::vector<const model::Node*> nodes;
  std::vector<std::vector<std::size_t>> in, out;   ///< edges by node
  std::vector<std::vector<std::size_t>> boundary;  ///< nodes of interrupting boundary events by host
  std::vector<Edge> edges;
  bool malformed = false;
};

using Marking = std::string;

class Game {
 public:
  explicit Game(const model::Process& p) { build(p); }

  Judgement run() {
    Judgement j;
    if (net_.malformed) {
      j.malformed = true;
      return j;
    }
    reached_.assign(net_.nodes.size(), false);
    explore(j);
    if (j.gave_up) return j;
    j.incomplete = incomplete_;
    j.crowded = crowded_;
    j.busy = goes_round_without_waiting();
    for (std::size_t n = 0; n < net_.nodes.size(); ++n)
      if (!reached_[n]) j.dead.insert(net_.nodes[n]->id);
    return j;
  }

 private:
  void build(const model::Process& p) {
    std::map<std::string, std::size_t> index;
    const auto add = [&](const model::Node& n) {
      index.emplace(n.id, net_.nodes.size());
      net_.nodes.push_back(&n);
    };
    for (const model::Node& n : p.nodes) {
      add(n);
      for (const model::Node& b : n.boundary) add(b);
    }
    net_.in.resize(net_.nodes.size());
    net_.out.resize(net_.nodes.size());
    net_.boundary.resize(net_.nodes.size());
    for (const model::Node& n : p.nodes)
      for (const model::Node& b : n.boundary) net_.boundary[index.at(n.id)].push_back(index.at(b.id));
    std::size_t starts = 0;
    for (std::size_t n = 0; n < net_.nodes.size(); ++n) {
      const model::Node& node = *net_.nodes[n];
      starts += node.type == NodeType::start_event ? 1 : 0;
      // An activity may end its branch by itself (docs/language.md, `next: []`).
      const bool must_go_on = node.type == NodeType::start_event || node.type == NodeType::boundary_event || model::is_gateway(node.type);
      if (node.type == NodeType::end_event ? !node.next.empty() : must_go_on && node.next.empty()) net_.malformed = true;
      for (const model::Flow& f : node.next) {
        const auto to = index.find(f.to.name);
        if (to == index.end() || net_.nodes[to->second]->type == NodeType::start_event || net_.nodes[to->second]->type == NodeType::boundary_event) {
          net_.malformed = true;
          continue;
        }
        net_.out[n].push_back(net_.edges.size());
        net_.in[to->second].push_back(net_.edges.size());
        net_.edges.push_back({n, to->second, !f.condition.empty(), f.is_default});
      }
    }
    if (starts != 1) net_.malformed = true;
  }

  /// All the sets of flows that a node may put tokens on when it completes.
  std::vector<std::vector<std::size_t>> outputs(std::size_t n) {
    const NodeType type = net_.nodes[n]->type;
    std::vector<std::size_t> conditional, always;
    std::size_t otherwise = net_.edges.size();
    for (const std::size_t e : net_.out[n]) {
      if (net_.edges[e].otherwise)
        otherwise = e;
      else
        (net_.edges[e].conditional ? conditional : always).push_back(e);
    }
    const bool has_else = otherwise < net_.edges.size();
    std::vector<std::vector<std::size_t>> all;
    if (type == NodeType::parallel_gateway) return {net_.out[n]};
    if (type == NodeType::exclusive_gateway) {
      for (const std::size_t e : conditional) all.push_back({e});
      if (!always.empty())
        all.push_back({always.front()});
      else if (has_else)
        all.push_back({otherwise});
      else
        incomplete_ = true;
      return all;
    }
    for (std::size_t bits = 0; bits < (std::size_t{1} << conditional.size()); ++bits) {
      std::vector<std::size_t> some = always;
      for (std::size_t i = 0; i < conditional.size(); ++i)
        if ((bits >> i & 1) != 0) some.push_back(conditional[i]);
      if (bits == 0 && has_else) some.push_back(otherwise);
      if (some.empty() && !net_.out[n].empty()) {
        incomplete_ = true;
        continue;
      }
      all.push_back(std::move(some));
    }
    return all;
  }

  /// 13.4.3: no token can still come to an empty flow of the join without passing it, except those that can also come to a flow that has one.
  bool inclusive_may_fire(std::size_t join, const Marking& m) {
    for (std::size_t e = 0; e < m.size(); ++e) {
      if (m[e] == 0 || net_.edges[e].to == join) continue;
      for (const std::size_t begin : beginnings(net_.edges[e].to)) {
        bool to_empty = false, to_full = false;
        for (const std::size_t in : net_.in[join])
          if (leads_to(begin, in, join)) (m[in] != 0 ? to_full : to_empty) = true;
        if (to_empty && !to_full) return false;
      }
    }
    return true;
  }

  /// Whether a token in `node` may come onto edge `wanted` without passing `join`.
  bool leads_to(std::size_t node, std::size_t wanted, std::size_t join) {
    const auto [place, is_new] = leads_.try_emplace({node, wanted, join}, false);
    if (is_new) place->second = finds_a_way(node, wanted, join);
    return place->second;
  }

  /// The token itself and the boundary events that may happen where it is: no sequence flow leads to these, so each has a path of its own.
  std::vector<std::size_t> beginnings(std::size_t node) {
    auto all = net_.boundary[node];
    all.push_back(node);
    return all;
  }

  bool finds_a_way(std::size_t node, std::size_t wanted, std::size_t join) {
    std::set<std::size_t> seen;
    std::vector<std::size_t> open;
    if (node == join) return false;
    for (const std::size_t e : net_.out[node]) {
      if (e == wanted) return true;
      open.push_back(net_.edges[e].to);
    }
    while (!open.empty()) {
      const std::size_t n = open.back();
      open.pop_back();
      if (n == join || !seen.insert(n).second) continue;
      for (const std::size_t e : net_.out[n]) {
        if (e == wanted) return true;
        open.push_back(net_.edges[e].to);
      }
      for (const std::size_t b : net_.boundary[n]) open.push_back(b);
    }
    return false;
  }

  /// Whether gateways alone make a circle.
  bool goes_round_without_waiting() {
    for (std::size_t first = 0; first < net_.nodes.size(); ++first) {
      std::set<std::size_t> seen;
      std::vector<std::size_t> open{first};
      while (!open.empty()) {
        const std::size_t n = open.back();
        open.pop_back();
        if (!model::is_gateway(net_.nodes[n]->type) || !reached_[n]) continue;
        for (const std::size_t e : net_.out[n]) {
          if (net_.edges[e].to == first) return true;
          if (seen.insert(net_.edges[e].to).second) open.push_back(net_.edges[e].to);
        }
      }
    }
    return false;
  }

  bool joins(std::size_t n) const {
    const NodeType type = net_.nodes[n]->type;
    return net_.in[n].size() > 1 && (type == NodeType::parallel_gateway || type == NodeType::inclusive_gateway);
  }

  /// Neither choosing nor ending takes time: it is done before anything else happens, and nothing is done twice there.
  bool is_at_once(std::size_t n) const { return net_.nodes[n]->type == NodeType::end_event || (model::is_gateway(net_.nodes[n]->type) && !joins(n)); }

  bool is_crowded(std::size_t n, const Marking& m) const {
    if (is_at_once(n)) return false;
    int tokens = 0;
    for (const std::size_t e : net_.in[n]) {
      if (joins(n) && m[e] > 1) return true;
      tokens += m[e];
    }
    return !joins(n) && tokens > 1;
  }

  void put(Marking m, const std::vector<std::size_t>& edges, std::vector<Marking>& out) {
    for (const std::size_t e : edges) {
      if (m[e] == most_tokens) return;  // cut: it is crowded already, which is what will be said
      ++m[e];
      if (is_crowded(net_.edges[e].to, m)) crowded_ = true;
    }
    out.push_back(std::move(m));
  }

  void fire(std::size_t n, const Marking& taken, std::vector<Marking>& out) {
    reached_[n] = true;
    for (const auto& edges : outputs(n)) put(taken, edges, out);
    for (const std::size_t b : net_.boundary[n]) {
      reached_[b] = true;
      for (const auto& edges : outputs(b)) put(taken, edges, out);
    }
  }

  std::vector<Marking> successors(const Marking& m) {
    std::vector<Marking> out;
    for (std::size_t e = 0; e < m.size(); ++e) {
      if (m[e] == 0 || !is_at_once(net_.edges[e].to)) continue;
      Marking taken = m;
      --taken[e];
      fire(net_.edges[e].to, taken, out);
      return out;
    }
    for (std::size_t n = 0; n < net_.nodes.size(); ++n) {
      const NodeType type = net_.nodes[n]->type;
      std::vector<std::size_t> full;
      for (const std::size_t e : net_.in[n])
        if (m[e] > 0) full.push_back(e);
      if (full.empty()) continue;
      if (!joins(n)) {
        for (const std::size_t e : full) {
          Marking taken = m;
          --taken[e];
          fire(n, taken, out);
        }
        continue;
      }
      if (type == NodeType::parallel_gateway ? full.size() < net_.in[n].size() : !inclusive_may_fire(n, m)) continue;
      Marking taken = m;
      for (const std::size_t e : full) --taken[e];
      fire(n, taken, out);
    }
    return out;
  }

  void explore(Judgement& j) {
    std::map<Marking, std::size_t> index;
    std::vector<Marking> all;
    std::vector<std::vector<std::size_t>> before;
    std::vector<std::size_t> ends;
    const auto find = [&](const Marking& m) {
      const auto [place, is_new] = index.emplace(m, all.size());
      if (is_new) {
        all.push_back(m);
        before.emplace_back();
      }
      return place->second;
    };
    std::vector<Marking> first;
    for (std::size_t n = 0; n < net_.nodes.size(); ++n)
      if (net_.nodes[n]->type == NodeType::start_event) fire(n, Marking(net_.edges.size(), '\0'), first);
    for (const Marking& m : first) find(m);
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all.size() > most_markings) {
        j.gave_up = true;
        return;
      }
      const Marking here = all[i];
      if (here.find_first_not_of('\0') == Marking::npos) {
        ends.push_back(i);
        continue;
      }
      const bool was_crowded = crowded_;
      const auto next = successors(here);
      if (next.empty()) {
        if (!was_crowded && crowded_) continue;  // all that could follow was cut
        j.deadlock = true;
        ends.push_back(i);  // counted as what it is, not as endless too
      }
      for (const Marking& m : next) before[find(m)].push_back(i);
    }
    j.markings = all.size();
    std::vector<bool> fine(all.size(), false);
    while (!ends.empty()) {
      const std::size_t i = ends.back();
      ends.pop_back();
      if (fine[i]) continue;
      fine[i] = true;
      ends.insert(ends.end(), before[i].begin(), before[i].end());
    }
    // What lies behind a cut is not known.
    j.endless = !crowded_ && std::find(fine.begin(), fine.end(), false) != fine.end();
  }

  Net net_;
  std::vector<bool> reached_;
  bool crowded_ = false;
  bool incomplete_ = false;
  std::map<std::array<std::size_t, 3>, bool> leads_;
};

}  // namespace

std::string Judgement::text() const {
  std::string all;
  const auto say = [&](bool is, const char* what) {
    if (is) all += all.empty() ? what : std::string(", ") + what;
  };
  say(malformed, "malformed");
  say(deadlock, "deadlock");
  say(endless, "endless");
  say(crowded, "two tokens at once");
  say(busy, "a loop without waiting");
  say(incomplete, "perhaps no flow");
  for (const std::string& n : dead) all += (all.empty() ? "never reached: " : ", never reached: ") + n;
  return all.empty() ? "sound" : all;
}

Judgement judge(const model::Process& process) { return Game(process).run(); }

}  // namespace switchboard::testing
