// Any bytes as the stored form of a case or an event: refused, or read back the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/event.hpp"
#include "core/instance.hpp"
#include "switchboard/base/assert.hpp"

using namespace switchboard;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto instance = core::decode_instance(bytes)) SB_ASSERT(core::decode_instance(core::encode(instance.value())));
  if (const auto event = core::decode_event(bytes)) SB_ASSERT(core::decode_event(core::encode(event.value())));
  return 0;
}
