// Random processes: what one order of independent steps finds is what all orders find.
#include <array>
#include <cstdlib>
#include <iostream>
#include <random>
#include <set>

#include "findings.hpp"
#include "verify/soundness.hpp"

namespace verify = switchboard::verify;

namespace {

/// A graph without loops: tasks, splits and joins with flows to later nodes only, boundary events, several kinds of ends.
std::string random_process(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&](std::uint64_t n) { return random() % n; };
  const std::uint64_t count = 4 + below(9);
  const auto later = [&](std::uint64_t i) { return fmt::format("n{}", i + 1 + below(count - i - 1)); };
  std::string text = "s start > n0\n";
  for (std::uint64_t i = 0; i + 1 < count; ++i) {
    const auto kind = below(4);
    if (kind == 0) {
      text += fmt::format("n{} user > {}\n", i, later(i));
      if (below(2) == 0) text += fmt::format("b{0} {2} n{0}:timer > {1}\n", i, later(i), below(2) == 0 ? "on" : "on~");
    } else if (kind == 1) {
      text += fmt::format("n{} xor > {}?c {}!\n", i, later(i), later(i));
    } else {
      text += fmt::format("n{} and > {} {}\n", i, later(i), later(i));
    }
  }
  constexpr std::array<std::string_view, 3> ends{"end", "end:terminate", "end:error=x"};
  return text + fmt::format("n{} {}\n", count - 1, ends[below(8) < 6 ? 0 : 1 + below(2)]);
}

/// Rules that were broken, and what never fires.
std::set<std::string> seen(const switchboard::model::Process& process, verify::Order order) {
  verify::Findings findings(process);
  verify::Effort effort;
  for (const auto& scope : verify::scopes_of(process)) {
    verify::Findings ignored(process);
    if (verify::check_reachability(scope, ignored)) verify::check_soundness(scope, {}, order, effort, findings);
  }
  CHECK(effort.gave_up == 0);
  std::set<std::string> out;
  for (const auto& d : findings.all) out.insert(d.rule == "SB0412" ? d.rule + " " + d.element : d.rule);
  return out;
}

}  // namespace

TEST_CASE("one order of independent steps is enough where there are no loops") {
  const char* wanted = std::getenv("SWITCHBOARD_VERIFY_RUNS");
  const std::uint64_t runs = wanted != nullptr ? std::strtoull(wanted, nullptr, 10) : 2000;
  std::map<std::string, int> rules;
  for (std::uint64_t seed = 1; seed <= runs; ++seed) {
    const std::string text = random_process(seed);
    INFO("seed " << seed << "\n" << text);
    const auto process = switchboard::testing::process_of(text);
    const auto all = seen(process, verify::Order::all);
    CHECK(fmt::format("{}", fmt::join(seen(process, verify::Order::enough), "; ")) == fmt::format("{}", fmt::join(all, "; ")));
    for (const auto& rule : all) ++rules[rule.substr(0, 6)];
    if (all.empty()) ++rules["sound"];
  }
  // The generator must not be of one kind only.
  for (const char* rule : {"SB0410", "SB0411", "sound"}) CHECK(rules[rule] > static_cast<int>(runs / 50));
}
