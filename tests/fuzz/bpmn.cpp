// Any text as a BPMN file: read, checked, compiled; never a crash, a hang or much memory.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "exchange/read.hpp"
#include "exchange/scripts.hpp"
#include "model/executable.hpp"
#include "verify/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto read = switchboard::exchange::read_bpmn(text, "fuzz.bpmn");
  for (switchboard::model::Process& process : read.processes) {
    switchboard::exchange::scripts_as_jobs(process);
    (void)switchboard::verify::check(process);
    (void)switchboard::model::compile(process, {}, std::string(text));
  }
  return 0;
}
