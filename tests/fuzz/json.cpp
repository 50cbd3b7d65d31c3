// Any text as JSON and any bytes as a canonical value: what is accepted prints and reads back as the same.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "switchboard/base/assert.hpp"
#include "switchboard/value/json.hpp"

using namespace switchboard;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto parsed = parse_json(text)) {
    const auto again = parse_json(to_json(parsed.value()));
    SB_ASSERT(again && again.value() == parsed.value());
    (void)from_tagged(parsed.value());
  }
  std::string_view bytes = text;
  if (const auto decoded = decode(bytes)) {
    std::string encoded;
    encode(decoded.value(), encoded);
    SB_ASSERT(encoded == text.substr(0, text.size() - bytes.size()));
  }
  return 0;
}
