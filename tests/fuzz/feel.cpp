// Any text as an expression over a few names: compiled and evaluated within its bounds.
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "feel/feel.hpp"

using namespace switchboard;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size > 2000) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  feel::StaticScope scope;
  scope.names = {{"a", feel::Type::Kind::any, 0}, {"name with spaces", feel::Type::Kind::any, 1}};
  const std::vector<Value> slots = {Value(7), Value("text")};
  feel::CompileOptions options;
  options.type_check = false;
  const auto compiled = feel::compile(text, scope, options);
  if (const auto* program = std::get_if<feel::Program>(&compiled)) (void)program->evaluate({slots, nullptr, Instant{0}, "Asia/Shanghai"});
  return 0;
}
