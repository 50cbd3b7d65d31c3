#include "feel/conformance.hpp"

#include <fmt/format.h>

#include "feel/boxed.hpp"
#include "switchboard/value/json.hpp"

namespace switchboard::feel {
namespace {

std::string refusal(const std::string& why) { return fmt::format(R"({{"id":null,"value":{{"t":"null"}},"error":{}}})", json_quote(why)); }

}  // namespace

Answer answer(const Context& line) {
  BoxedWorld world(line);
  Answer out;
  out.value = world.answer();
  if (out.value.is_null()) out.error = world.error();
  return out;
}

std::string answer_jsonl(std::string_view line) {
  const auto parsed = parse_json(line);
  if (!parsed) return refusal(parsed.error().text());
  if (parsed.value().context() == nullptr) return refusal("an object {id, expression, inputs} is wanted");
  const Context& object = *parsed.value().context();
  const Answer a = answer(object);
  const Value* id = object.find("id");
  std::string out = fmt::format(R"({{"id":{},"value":{})", id != nullptr ? to_json(*id) : "null", to_tagged_json(a.value));
  if (!a.error.empty()) out += fmt::format(R"(,"error":{})", json_quote(a.error));
  return out + "}";
}

}  // namespace switchboard::feel
