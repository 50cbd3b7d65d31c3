// Any text as a duration: what is accepted prints and reads back as the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "calendar/duration.hpp"
#include "switchboard/base/assert.hpp"

using namespace switchboard;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = calendar::parse_duration({reinterpret_cast<const char*>(data), size});
  if (!parsed) return 0;
  const auto again = calendar::parse_duration(calendar::to_string(parsed.value()));
  SB_ASSERT(again && again.value() == parsed.value());
  return 0;
}
