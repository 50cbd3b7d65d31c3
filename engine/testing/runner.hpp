// Runs process tests (docs/language.md, Process tests) in worlds of their own and says what did not hold, and which flows nobody took.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "notation/test_suite.hpp"
#include "testing/world.hpp"

namespace switchboard::testing {

/// What did not hold, with its place in the suite's file. `differences` are lines such as "at: expected [a], is [b]".
struct Failure {
  model::Position at;
  std::string what;
  std::vector<std::string> differences;
};

struct CaseOutcome {
  std::string name;
  model::Position at;
  std::vector<Failure> failures;
  [[nodiscard]] bool passed() const { return failures.empty(); }
};

/// Flows taken, by process.
class Coverage {
 public:
  /// Adds what happened in `world`.
  void add(const World& world);
  /// Ids of the flows of `process` that were never taken, in file order; those of nested bodies with their path in front (`sub/a->b`).
  [[nodiscard]] std::vector<std::string> missing(const model::ExecutableProcess& process) const;
  [[nodiscard]] std::size_t taken(const model::ExecutableProcess& process) const;

 private:
  std::map<std::string, std::set<std::uint32_t>, std::less<>> taken_;
};

/// Runs one case of `suite`; `number` counts from 1 and makes the default case number. A case stops at its first failed step; all differences of one
/// expectation are reported together. `definitions` must hold the suite's process and what it calls.
[[nodiscard]] CaseOutcome run_case(const DefinitionsPtr& definitions, const notation::TestSuite& suite, const notation::TestCase& test,
                                   std::size_t number, Coverage& coverage);

/// What of `expected` does not hold for the case `root`: one line each, empty when all holds.
[[nodiscard]] std::vector<std::string> differences(const World& world, InstanceKey root, const notation::Expectation& expected);

}  // namespace switchboard::testing
