// Where the test material of others lies. It is never part of the project: a checkout without it reports those tests as skipped.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace switchboard::testing {

/// The folder `name` of the shared data (environment SWITCHBOARD_SHARED_DATA, else ../shared/data beside the checkout), or nothing, with the
/// skip and its reason printed.
inline std::optional<std::filesystem::path> shared_data(const std::string& name) {
  const char* configured = std::getenv("SWITCHBOARD_SHARED_DATA");
  const std::filesystem::path root = configured != nullptr ? configured : std::string(SWITCHBOARD_SOURCE_DIR) + "/../shared/data";
  std::error_code ignored;
  if (std::filesystem::is_directory(root / name, ignored)) return root / name;
  std::cout << "SKIPPED: no shared data folder '" << name << "' beside this checkout (set SWITCHBOARD_SHARED_DATA)\n";
  return std::nullopt;
}

}  // namespace switchboard::testing
