#include "runtime/case_engine.hpp"

namespace switchboard::runtime {

Result<std::vector<std::string>> CaseEngine::check() {
  std::vector<std::string> found;
  SB_TRYV(committer_.flush());
  SB_TRYV(store_->check(
      [&](std::string_view hash) -> const model::ExecutableProcess* {
        const auto process = definitions_.by_hash(hash);
        return process ? process.value().get() : nullptr;
      },
      [&](const std::string& line) { found.push_back(line); }));
  return found;
}

}  // namespace switchboard::runtime
