// The models of the BPMN suites at hand: which are accepted and which refused. They may be missing.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "models.hpp"
#include "notation/said.hpp"
#include "support/shared_data.hpp"
#include "switchboard/base/finding.hpp"

using namespace switchboard;
using namespace switchboard::testing;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> models_under(const fs::path& folder, const std::string& without) {
  std::vector<fs::path> out;
  for (const fs::directory_entry& e : fs::recursive_directory_iterator(folder))
    if (e.path().extension() == ".bpmn" && (without.empty() || e.path().string().find(without) == std::string::npos)) out.push_back(e.path());
  return out;
}

bool is_refused(const fs::path& path) { return has_errors(exchange::read_bpmn(text_of_file(path), path.string()).diagnostics); }

}  // namespace

TEST_CASE("models that the standard forbids are refused") {
  const auto folder = shared_data("betsy");
  if (!folder) return;
  for (const fs::path& path : models_under(*folder / "bpmn" / "bpmn_constraints", {})) CHECK_MESSAGE(is_refused(path), path.string());
}

TEST_CASE("models that run are accepted, but for two that fail on purpose") {
  const auto folder = shared_data("betsy");
  if (!folder) return;
  std::size_t refused = 0;
  for (const fs::path& path : models_under(*folder / "bpmn", "bpmn_constraints"))
    if (is_refused(path)) ++refused;
  CHECK(refused <= 2);  // a quantity of 0 and a maximum of -1
}

TEST_CASE("the reference models of the interchange group are accepted") {
  const auto folder = shared_data("miwg");
  if (!folder) return;
  for (const fs::path& path : models_under(*folder, {})) {
    const exchange::ReadModel read = exchange::read_bpmn(text_of_file(path), path.string());
    INFO(said(read.diagnostics));
    CHECK_MESSAGE(!has_errors(read.diagnostics), path.string());
    CHECK(!read.processes.empty());
  }
}
