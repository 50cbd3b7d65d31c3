// Core scripts: a process, then commands and the events they cause, as text that can be rewritten and read as a diff. See scripts/README.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/core.hpp"

namespace switchboard::testing {

struct ScriptRun {
  std::string actual;                   ///< the whole file as it should be
  std::string trouble;                  ///< a law that was broken, or a mistake in the script
  std::string process;                  ///< the YAML
  std::vector<core::Command> commands;  ///< all that were given, refused ones included
};
[[nodiscard]] ScriptRun run_script(const std::string& text, const std::string& file);

}  // namespace switchboard::testing
