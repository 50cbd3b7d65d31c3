// Findings as a test shows them.
#pragma once

#include <string>

#include "model/diagnostic.hpp"

namespace switchboard {

[[nodiscard]] inline std::string said(const model::Diagnostics& all) {
  std::string out;
  for (const auto& d : all) out += d.text() + "\n";
  return out;
}

}  // namespace switchboard
