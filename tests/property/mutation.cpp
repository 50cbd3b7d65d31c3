// Small sound processes and their single mutations: `check` must refuse exactly those that a naive token game finds unsound, and what it accepts must
// run in the core without ever getting stuck. SWITCHBOARD_MUTATIONS=n processes, SWITCHBOARD_MUTATION_SEED=n for one.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>

#include "core/core.hpp"
#include "notation/write_process.hpp"
#include "property/block.hpp"
#include "property/game.hpp"
#include "property/parameters.hpp"
#include "verify/check.hpp"

namespace switchboard::testing {
namespace {

using model::Node;
using model::NodeType;
using model::Process;

constexpr std::uint64_t usual_processes = 1000;

Node node(std::string id, NodeType type) {
  Node n;
  n.id = std::move(id);
  n.type = type;
  return n;
}

/// Grows a flat sound process from blocks, from the back.
class Grower {
 public:
  explicit Grower(std::uint64_t seed) : chance_(seed) {}

  Process run() {
    p_.id = "small";
    p_.file = "small.yaml";
    p_.calendar = {"24x7@UTC", {}};
    p_.strict = true;
    p_.nodes.push_back(node("end", NodeType::end_event));
    std::string first = "end";
    for (std::size_t n = 1 + chance_.below(3); n > 0; --n) first = block(first, 2);
    Node start = node("start", NodeType::start_event);
    go(start, first);
    p_.nodes.insert(p_.nodes.begin(), std::move(start));
    return std::move(p_);
  }

 private:
  static void go(Node& n, const std::string& to) { n.next.push_back({{to, {}}, {}, false, {}}); }
  void go_if(Node& n, const std::string& to) { n.next.push_back({{to, {}}, {condition(), {}}, false, {}}); }
  static void go_else(Node& n, const std::string& to) { n.next.push_back({{to, {}}, {}, true, {}}); }
  std::string name(const char* what) { return fmt::format("{}{}", what, ++count_); }
  std::string condition() {
    model::DataItem d;
    d.name = name("c");
    d.type = feel::Type::Kind::boolean;
    d.type_text = "boolean";
    d.default_value = Value(false);
    p_.data.push_back(d);
    return d.name;
  }
  std::string add(Node n) {
    const std::string id = n.id;
    p_.nodes.push_back(std::move(n));
    return id;
  }

  std::string task(const std::string& next) {
    Node n = node(name("t"), NodeType::user_task);
    go(n, next);
    return add(std::move(n));
  }

  std::string block(const std::string& next, int depth) {
    switch (depth == 0 ? 0 : chance_.below(7)) {
      case 1: return branches(NodeType::exclusive_gateway, next, depth);
      case 2: return branches(NodeType::parallel_gateway, next, depth);
      case 3: return branches(NodeType::inclusive_gateway, next, depth);
      case 4: return loop(next, depth);
      case 5: return hosting(next, depth);
      default: return task(next);
    }
  }

  std::string branches(NodeType type, const std::string& next, int depth) {
    Node join = node(name("j"), type);
    go(join, next);
    const std::string joined = add(std::move(join));
    Node split = node(name("g"), type);
    const std::size_t n = 2 + chance_.below(2);
    for (std::size_t i = 0; i < n; ++i) {
      const std::string to = block(joined, depth - 1);
      if (type == NodeType::parallel_gateway)
        go(split, to);
      else if (i + 1 == n)
        go_else(split, to);
      else
        go_if(split, to);
    }
    return add(std::move(split));
  }

  std::string loop(const std::string& next, int depth) {
    Node merge = node(name("m"), NodeType::exclusive_gateway);
    const std::string head = merge.id;
    Node test = node(name("x"), NodeType::exclusive_gateway);
    go_if(test, head);
    go_else(test, next);
    go(merge, block(add(std::move(test)), depth - 1));
    return add(std::move(merge));
  }

  std::string hosting(const std::string& next, int depth) {
    Node merge = node(name("m"), NodeType::exclusive_gateway);
    go(merge, next);
    const std::string merged = add(std::move(merge));
    Node n = node(name("t"), NodeType::user_task);
    go(n, merged);
    Node late = node(name("b"), NodeType::boundary_event);
    model::EventDefinition e;
    e.kind = model::EventKind::timer;
    e.timer.duration = {"1 h", {}};
    late.events.push_back(std::move(e));
    go(late, block(merged, depth - 1));
    n.boundary.push_back(std::move(late));
    return add(std::move(n));
  }

  Chance chance_;
  Process p_;
  int count_ = 0;
};

/// Makes every condition of a process free: named data of its own.
void free_conditions(Process& p) {
  int count = 0;
  p.data.clear();
  const auto each = [&](Node& n) {
    for (model::Flow& f : n.next) {
      if (f.condition.empty()) continue;
      model::DataItem d;
      d.name = fmt::format("c{}", ++count);
      d.type = feel::Type::Kind::boolean;
      d.type_text = "boolean";
      d.default_value = Value(false);
      f.condition.text = d.name;
      p.data.push_back(std::move(d));
    }
  };
  for (Node& n : p.nodes) {
    each(n);
    for (Node& b : n.boundary) each(b);
  }
}

/// A gateway becomes one of another type; its flows get what that type needs.
void turn_into(Node& n, NodeType type) {
  n.type = type;
  for (std::size_t i = 0; i < n.next.size(); ++i) {
    const bool chooses = type != NodeType::parallel_gateway && n.next.size() > 1;
    const bool last = i + 1 == n.next.size();
    n.next[i].is_default = chooses && last;
    n.next[i].condition.text = chooses && !last ? "c" : "";
  }
}

struct Mutation {
  const char* name;
  std::function<bool(Process&, Chance&)> apply;  ///< false: there is nothing to mutate
};

/// Any node, boundary events included, that `fits`.
Node* some_node(Process& p, Chance& chance, const std::function<bool(const Node&)>& fits) {
  std::vector<Node*> all;
  for (Node& n : p.nodes) {
    if (fits(n)) all.push_back(&n);
    for (Node& b : n.boundary)
      if (fits(b)) all.push_back(&b);
  }
  return all.empty() ? nullptr : all[chance.below(all.size())];
}

std::string some_target(const Process& p, Chance& chance) {
  for (;;) {
    const Node& n = p.nodes[chance.below(p.nodes.size())];
    if (n.type != NodeType::start_event) return n.id;
  }
}

bool has_flows(const Node& n) { return !n.next.empty(); }
bool splits(const Node& n) { return n.next.size() > 1; }
bool turn_gateway(Process& p, Chance& chance, NodeType from, NodeType to) {
  Node* n = some_node(p, chance, [&](const Node& one) { return one.type == from; });
  if (n != nullptr) turn_into(*n, to);
  return n != nullptr;
}

const std::vector<Mutation>& mutations() {
  static const std::vector<Mutation> all = {
      {"drop a flow",
       [](Process& p, Chance& c) {
         Node* n = some_node(p, c, has_flows);
         n->next.erase(n->next.begin() + static_cast<std::ptrdiff_t>(c.below(n->next.size())));
         if (n->next.size() == 1 && model::is_gateway(n->type)) turn_into(*n, n->type);
         return true;
       }},
      {"redirect a flow",
       [](Process& p, Chance& c) {
         Node* n = some_node(p, c, has_flows);
         n->next[c.below(n->next.size())].to.name = some_target(p, c);
         return true;
       }},
      {"parallel becomes exclusive",
       [](Process& p, Chance& c) { return turn_gateway(p, c, NodeType::parallel_gateway, NodeType::exclusive_gateway); }},
      {"exclusive becomes parallel",
       [](Process& p, Chance& c) { return turn_gateway(p, c, NodeType::exclusive_gateway, NodeType::parallel_gateway); }},
      {"inclusive becomes parallel",
       [](Process& p, Chance& c) { return turn_gateway(p, c, NodeType::inclusive_gateway, NodeType::parallel_gateway); }},
      {"inclusive becomes exclusive",
       [](Process& p, Chance& c) { return turn_gateway(p, c, NodeType::inclusive_gateway, NodeType::exclusive_gateway); }},
      {"exclusive becomes inclusive",
       [](Process& p, Chance& c) { return turn_gateway(p, c, NodeType::exclusive_gateway, NodeType::inclusive_gateway); }},
      {"parallel becomes inclusive",
       [](Process& p, Chance& c) { return turn_gateway(p, c, NodeType::parallel_gateway, NodeType::inclusive_gateway); }},
      {"remove an end",
       [](Process& p, Chance&) {
         std::erase_if(p.nodes, [](const Node& n) { return n.type == NodeType::end_event; });
         for (Node& n : p.nodes) std::erase_if(n.next, [](const model::Flow& f) { return f.to.name == "end"; });
         return true;
       }},
      {"split a task's flow",
       [](Process& p, Chance& c) {
         Node* n = some_node(p, c, [](const Node& one) { return one.type == NodeType::user_task; });
         if (n != nullptr) n->next.push_back({{some_target(p, c), {}}, {}, false, {}});
         return n != nullptr;
       }},
      {"one more branch",
       [](Process& p, Chance& c) {
         Node* n = some_node(p, c, [](const Node& one) { return model::is_gateway(one.type) && splits(one); });
         if (n == nullptr) return false;
         n->next.push_back({{some_target(p, c), {}}, {}, false, {}});
         turn_into(*n, n->type);
         return true;
       }},
      {"duplicate a branch",
       [](Process& p, Chance& c) {
         Node* n = some_node(p, c, [](const Node& one) { return model::is_gateway(one.type) && splits(one); });
         if (n == nullptr) return false;
         n->next.push_back(n->next[c.below(n->next.size())]);
         turn_into(*n, n->type);
         return true;
       }},
      {"exchange two targets",
       [](Process& p, Chance& c) {
         Node* a = some_node(p, c, has_flows);
         Node* b = some_node(p, c, has_flows);
         std::swap(a->next.front().to.name, b->next.back().to.name);
         return a != b;
       }},
      {"skip a node",
       [](Process& p, Chance& c) {
         Node* n = some_node(
             p, c, [](const Node& one) { return one.next.size() == 1 && one.type != NodeType::start_event && one.type != NodeType::boundary_event; });
         if (n == nullptr) return false;
         Node* before = some_node(p, c, [&](const Node& one) {
           return std::any_of(one.next.begin(), one.next.end(), [&](const model::Flow& f) { return f.to.name == n->id; });
         });
         if (before == nullptr) return false;
         for (model::Flow& f : before->next)
           if (f.to.name == n->id) f.to.name = n->next.front().to.name;
         return true;
       }},
      {"drop a default",
       [](Process& p, Chance& c) {
         Node* n = some_node(
             p, c, [](const Node& one) { return std::any_of(one.next.begin(), one.next.end(), [](const auto& f) { return f.is_default; }); });
         if (n == nullptr) return false;
         for (model::Flow& f : n->next)
           if (f.is_default) {
             f.is_default = false;
             f.condition.text = "c";
           }
         return true;
       }},
  };
  return all;
}

struct Findings {
  bool errors = false;
  bool may_find_no_flow = false;  ///< SB0407
  std::string text;
};

Findings check(const Process& p) {
  Findings out;
  for (const auto& d : verify::check(p)) {
    out.errors = out.errors || d.severity == model::Severity::error;
    out.may_find_no_flow = out.may_find_no_flow || d.rule == "SB0407";
    if (d.severity != model::Severity::advice) out.text += d.text() + "\n";
  }
  return out;
}

/// Runs a process that was accepted, chance deciding every condition; empty when nothing got stuck.
std::string run_in_core(const Process& p, std::uint64_t seed) {
  const auto compiled = model::compile(p, {}, {});
  if (compiled.process == nullptr) return "check accepts it, compile does not";
  Chance chance(seed);
  Instant now{1'772'000'000'000'000};
  const auto data = [&] {
    Context c;
    for (const auto& d : p.data) c.append_new(d.name, chance.one_in(2));
    return Value(std::move(c));
  };
  auto result = core::step(*compiled.process, {}, {"", now, core::StartInstance{{1}, "C", data(), {}, {}, {}, 0}});
  for (int steps = 0; steps < 300; ++steps) {
    if (result.rejection) return "refused: " + result.rejection->text();
    const core::ProcessInstance& i = result.instance;
    if (core::is_finished(i.state)) return {};
    for (const core::Incident& n : i.incidents) {
      if (n.rule == "SB0525") return {};  // an endless loop without a task: chance was against it
      return "incident: " + n.message;
    }
    decltype(core::Command::what) what;
    if (!i.timers.empty() && chance.one_in(3)) {
      const core::Timer& t = i.timers[chance.below(i.timers.size())];
      now = std::max(now, t.due);
      what = core::FireTimer{t.key, t.due};
    } else if (!i.work.empty()) {
      what = core::CompleteWork{i.work[chance.below(i.work.size())].key, data(), {}};
    } else {
      return "open, but nobody has anything to do";
    }
    core::ProcessInstance before = std::move(result.instance);
    result = core::step(*compiled.process, std::move(before), {"", now, std::move(what)});
  }
  return {};  // a long walk through a loop
}

struct Count {
  std::size_t made = 0, unsound = 0, refused = 0, incomplete = 0, gave_up = 0;
};

/// Empty when the judges agree.
std::string disagreement(const Process& p, std::uint64_t seed, Count& count) {
  const Judgement truth = judge(p);
  count.gave_up += truth.gave_up ? 1 : 0;
  if (truth.gave_up) return {};
  const Findings found = check(p);
  ++count.made;
  count.unsound += truth.sound() ? 0 : 1;
  count.refused += found.errors ? 1 : 0;
  count.incomplete += truth.sound() && truth.incomplete ? 1 : 0;
  if (truth.sound() == found.errors)
    return fmt::format("the token game says: {}\ncheck says: {}", truth.text(), found.errors ? found.text : "nothing");
  if (!truth.sound()) return {};
  if (truth.incomplete != found.may_find_no_flow)
    return fmt::format("a choice may find no flow: {}, SB0407: {}", truth.incomplete, found.may_find_no_flow);
  if (truth.incomplete) return {};
  for (std::uint64_t i = 0; i < 3; ++i)
    if (const std::string stuck = run_in_core(p, seed * 7 + i); !stuck.empty()) return "accepted, but in the core: " + stuck;
  return {};
}

}  // namespace

TEST_CASE("check refuses what a naive token game finds unsound, and nothing else") {
  const std::uint64_t one = number_from("SWITCHBOARD_MUTATION_SEED", 0);
  const std::uint64_t processes = one != 0 ? one : number_from("SWITCHBOARD_MUTATIONS", usual_processes);
  const auto begin = std::chrono::steady_clock::now();
  std::map<std::string, Count> counts;
  int failures = 0;
  const auto look = [&](const char* name, const Process& p, std::uint64_t seed) {
    const std::string wrong = disagreement(p, seed, counts[name]);
    if (wrong.empty()) return;
    ++failures;
    FAIL_CHECK("SWITCHBOARD_MUTATION_SEED=" << seed << ", " << std::string(name) << ":\n" << wrong << "\n" << notation::write_process(p));
  };
  for (std::uint64_t seed = one != 0 ? one : 1; seed <= processes && failures < 5; ++seed) {
    const Process sound = Grower(seed).run();
    look("(none)", sound, seed);
    Chance chance(seed);
    for (const Mutation& m : mutations()) {
      Process mutant = sound;
      if (!m.apply(mutant, chance)) continue;
      free_conditions(mutant);
      look(m.name, mutant, seed);
    }
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  fmt::print("mutations (seeds up to {}, {:.1f} s):\n", processes, took.count());
  for (const auto& [name, n] : counts)
    fmt::print("  {:<28} {:>6} made, {:>6} unsound, {:>6} refused, {:>5} only incomplete, {:>3} too large for the naive game\n", name, n.made,
               n.unsound, n.refused, n.incomplete, n.gave_up);
  if (one != 0 || processes < 500) return;
  CHECK(counts["(none)"].unsound == 0);
  for (const Mutation& m : mutations()) {
    INFO(std::string(m.name));
    CHECK(counts[m.name].made > 50);
    const bool always_harmless = std::string(m.name) == "drop a default" || std::string(m.name) == "parallel becomes inclusive" ||
                                 std::string(m.name) == "inclusive becomes exclusive";
    if (!always_harmless) CHECK(counts[m.name].unsound > 0);
  }
}

}  // namespace switchboard::testing
