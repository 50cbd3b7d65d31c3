#include "switchboard/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace switchboard {

void defect(const char* what, const char* file, int line) noexcept {
  std::fprintf(stderr, "switchboard: defect: %s (%s:%d)\n", what, file, line);
  std::abort();
}

}  // namespace switchboard
