// What strands tokens in random sound processes with complex gateways, ad-hoc sub-processes and loops: `check` must refuse it.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "notation/write_process.hpp"
#include "property/block.hpp"
#include "property/parameters.hpp"
#include "verify/check.hpp"

namespace switchboard::testing {
namespace {

using model::Node;
using model::NodeType;
using Nodes = std::vector<Node>;

/// A scope whose nodes are changed, and one of them.
using Change = std::function<bool(Nodes& scope, std::size_t node)>;
struct Stranding {
  const char* name;
  const char* rule;  ///< that must say so
  Change change;     ///< false: not here
};

std::size_t incoming(const Nodes& scope, const std::string& id) {
  std::size_t count = 0;
  const auto add = [&](const Node& n) {
    count += static_cast<std::size_t>(std::count_if(n.next.begin(), n.next.end(), [&](const model::Flow& f) { return f.to.name == id; }));
  };
  for (const Node& n : scope) {
    add(n);
    for (const Node& b : n.boundary) add(b);
  }
  return count;
}

bool is_interrupted(const Node& n) {
  return std::any_of(n.boundary.begin(), n.boundary.end(), [](const Node& b) { return b.interrupting; });
}

/// The first plain flow of a node that leads to `id` ends by itself instead.
bool leads_away(Nodes& scope, const std::string& id) {
  for (Node& n : scope) {
    if (model::is_gateway(n.type)) continue;
    for (model::Flow& f : n.next) {
      if (f.to.name != id || !f.condition.empty() || f.is_default) continue;
      f.to.name = "stray";
      Node end;
      end.id = "stray";
      end.type = NodeType::end_event;
      scope.push_back(std::move(end));
      return true;
    }
  }
  return false;
}

const std::vector<Stranding>& strandings() {
  static const std::vector<Stranding> all = {
      {"a complex gateway wants more tokens than flows", "SB0410",
       [](Nodes& scope, std::size_t n) {
         if (scope[n].type != NodeType::complex_gateway) return false;
         scope[n].activate.text = fmt::format("activationCount > {}", incoming(scope, scope[n].id));
         return true;
       }},
      {"a complex gateway wants all flows, and one leads elsewhere", "SB0410",
       [](Nodes& scope, std::size_t n) {
         if (scope[n].type != NodeType::complex_gateway) return false;
         const std::string id = scope[n].id;
         const std::size_t flows = incoming(scope, id);
         if (flows < 3 || !leads_away(scope, id)) return false;
         scope[n].activate.text = fmt::format("activationCount = {}", flows);
         return true;
       }},
      {"an ad-hoc sub-process is never complete", "SB0414",
       [](Nodes& scope, std::size_t n) {
         if (scope[n].type != NodeType::ad_hoc_sub_process || is_interrupted(scope[n])) return false;
         scope[n].completion_condition.text = "false";
         return true;
       }},
      {"a loop never ends", "SB0414",
       [](Nodes& scope, std::size_t n) {
         if (scope[n].loop.kind != model::LoopDefinition::Kind::standard || is_interrupted(scope[n])) return false;
         scope[n].loop.condition.text = "true";
         scope[n].loop.maximum = {};
         return true;
       }},
  };
  return all;
}

/// Applies it to the first place that there is, inner scopes first; false when there is none.
bool apply(Nodes& scope, const Stranding& s) {
  for (std::size_t n = 0; n < scope.size(); ++n) {
    if (model::is_container(scope[n].type) && apply(scope[n].nodes, s)) return true;
    if (s.change(scope, n)) return true;
  }
  return false;
}

}  // namespace

TEST_CASE("check refuses what strands tokens at complex gateways, in ad-hoc sub-processes and in loops") {
  const std::uint64_t seeds = number_from("SWITCHBOARD_STRANDINGS", 60);
  std::map<std::string, std::size_t> made;
  int failures = 0;
  for (std::uint64_t seed = 1; seed <= seeds && failures < 3; ++seed) {
    const Generated g = generate(seed);
    for (const Stranding& s : strandings()) {
      model::Process mutant = g.process;
      if (!apply(mutant.nodes, s)) continue;
      ++made[s.name];
      const auto all = verify::check(mutant);
      const bool refused = std::any_of(all.begin(), all.end(), [&](const model::Diagnostic& d) { return d.rule == s.rule; });
      if (refused) continue;
      ++failures;
      FAIL_CHECK("seed " << seed << ", " << std::string(s.name) << ": " << s.rule << " is not said\n" << notation::write_process(mutant));
    }
  }
  for (const Stranding& s : strandings()) CHECK_MESSAGE(made[s.name] > 0, s.name);
}

}  // namespace switchboard::testing
