// What the environment may ask of a property test.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace switchboard::testing {

inline std::uint64_t number_from(const char* variable, std::uint64_t otherwise) {
  const char* text = std::getenv(variable);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

}  // namespace switchboard::testing
