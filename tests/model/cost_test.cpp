// What compile costs: deployments and restarts compile every definition.
#include <chrono>
#include <iostream>

#include "compiled.hpp"

using namespace switchboard;

TEST_CASE("a process of 50 nodes") {
  std::string text = "s start > t0\n";
  for (int i = 0; i < 12; ++i)
    text += fmt::format("t{0} user > x{0}\n late{0} on~ t{0}:timer=2h > r{0}\n x{0} xor > s{0}?amount>{0} t{1}!\n s{0} service > t{1}\n r{0} end\n",
                        i, i + 1);
  text += "t12 user > e\n e end\n";
  auto p = testing::process_of(text);
  p.data = {testing::data("amount", feel::Type::Kind::number), testing::data("area", feel::Type::Kind::string)};
  for (int i = 0; i < 4; ++i) {
    model::ClockDefinition k;
    k.id = fmt::format("clock-{}", i);
    k.start = testing::completed(fmt::format("t{}", i));
    k.stop = testing::completed(fmt::format("t{}", i + 4));
    k.within = {"if area = \"urban\" then \"45 min\" else \"2 h\"", {}};
    p.sla.push_back(k);
  }
  const auto lib = testing::library();
  std::size_t nodes = 0;
  model::for_each_node(p.nodes, [&](const model::Node&, const model::Node*) { ++nodes; });
  constexpr int runs = 200;
  const auto from = std::chrono::steady_clock::now();
  for (int i = 0; i < runs; ++i) CHECK(model::compile(p, lib, "").process != nullptr);
  const auto us = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - from).count() / runs;
  std::cout << "model: compile of a process with " << nodes << " nodes, 4 clocks: " << us << " us\n";
}
