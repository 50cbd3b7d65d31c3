// What needs no engine: what-if, and the check of files.
#include "switchboard/simulation.hpp"

#include <string>

#include "arguments.hpp"
#include "door.hpp"
#include "switchboard/check.hpp"

using switchboard::Result;
using switchboard::Value;
using namespace switchboard::c;

extern "C" sb_status sb_simulate(const char* scenario, const char* options, sb_progress progress, void* user, char** answer) {
  return guarded(answer, [&]() -> Result<Value> {
    SB_TRY(const auto given, text(scenario, "scenario"));
    SB_TRY(auto how, simulate_options(options));
    if (progress != nullptr) how.simulation.progress = [progress, user](double share) { progress(user, share); };
    SB_TRY(auto result, how.is_text ? switchboard::simulate_text(std::string(given), how.file, how.simulation)
                                    : switchboard::simulate(std::string(given), how.simulation));
    if (!how.summary) return result;
    return Value(switchboard::Context{{"summary", switchboard::simulation_summary(result)}, {"result", result}});
  });
}

extern "C" sb_status sb_check_files(const char* paths, const char* options, char** answer) {
  return guarded(answer, [&]() -> Result<Value> {
    SB_TRY(const auto files, texts(paths, "paths"));
    SB_TRY(const auto processes, check_options(options));
    SB_TRY(const auto found, switchboard::check_files(files, processes));
    return findings_value(found);
  });
}
