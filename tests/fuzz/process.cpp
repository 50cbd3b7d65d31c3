// Any text as a process file: loaded, checked, compiled; never a crash, a hang or much memory.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/executable.hpp"
#include "notation/load.hpp"
#include "verify/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto loaded = switchboard::notation::load_process(text, "fuzz.yaml");
  if (!loaded.value) return 0;
  (void)switchboard::verify::check(*loaded.value);
  (void)switchboard::model::compile(*loaded.value, {}, std::string(text));
  return 0;
}
