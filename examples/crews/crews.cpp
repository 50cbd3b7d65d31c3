// How many crews keep the 45 minutes in 95 of 100 cases? The scenario is played with one crew more until they do, each time on the same luck.
#include <switchboard/simulation.hpp>

#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

using namespace switchboard;

namespace {

// [crews]
/// The share of calls at which a crew arrives in time.
Result<double> kept_with(int crews, std::string scenario, const std::string& file, const SimulationOptions& options) {
  const std::string capacity = "capacity: 4";
  scenario.replace(scenario.find(capacity), capacity.size(), "capacity: " + std::to_string(crews));
  SB_TRY(const Value result, simulate_text(scenario, file, options));
  const Context* arrival = result.context()->find("overall")->context()->find("clocks")->context()->find("arrival")->context();
  return arrival->find("kept")->number()->to_double();
}

int smallest_number_of_crews(const std::string& scenario, const std::string& file, const SimulationOptions& options) {
  for (int crews = 3; crews <= 20; ++crews) {
    const auto kept = kept_with(crews, scenario, file, options);
    if (!kept) {
      std::cerr << kept.error().text() << '\n';
      return -1;
    }
    std::cout << crews << " crews keep " << 100 * kept.value() << " %\n";
    if (kept.value() >= 0.95) return crews;
  }
  return -1;
}
// [crews]

}  // namespace

int main(int argc, char** argv) {
  const std::string file = argc > 1 ? argv[1] : "crews/outage.scenario.yaml";
  SimulationOptions options;
  options.processes = argc > 2 ? argv[2] : "../processes";  // for the calendar; the process lies beside the scenario
  std::ifstream in(file);
  const std::string scenario(std::istreambuf_iterator<char>(in), {});
  const int crews = smallest_number_of_crews(scenario, file, options);
  if (crews < 0) return 1;
  std::cout << "answer: " << crews << '\n';
  return 0;
}
