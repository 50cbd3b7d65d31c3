#include "runtime/callbacks.hpp"

#include <fmt/format.h>

namespace switchboard::runtime {

Error nothing_to_call(const char* what) {
  return {ErrorKind::usage, "SB0555", fmt::format("the {} is an empty function", what), {}, "give one that can be called"};
}

}  // namespace switchboard::runtime
