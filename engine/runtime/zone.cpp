#include "runtime/case_engine.hpp"

namespace switchboard::runtime {

Result<std::string> CaseEngine::zone(std::string_view process) {
  SB_TRY(const auto latest, definitions_.by_version(process, ""));
  return latest->calendar->spec().zone;
}

}  // namespace switchboard::runtime
