#include "cli/definitions.hpp"

#include <deque>
#include <set>
#include <string>

#include "cli/findings.hpp"

namespace switchboard::cli {

testing::DefinitionsPtr definitions_for(Catalogue& all, std::string_view id) {
  auto definitions = std::make_shared<testing::Definitions>();
  std::deque<std::string> wanted{std::string(id)};
  std::set<std::string> seen{std::string(id)};
  while (!wanted.empty()) {
    const std::string name = wanted.front();
    wanted.pop_front();
    const model::Process* process = all.process(name);
    const model::ExecutablePtr executable = all.compiled(name).process;
    if (process == nullptr || executable == nullptr) continue;
    definitions->processes.emplace(name, executable);
    for (const model::Ref& call : calls_of(*process)) {
      if (seen.insert(call.name).second) wanted.push_back(call.name);
    }
  }
  return definitions;
}

}  // namespace switchboard::cli
